/**
 * Directions in which a likelihood rises for ever (Albert & Anderson 1984; Konis 2007). Every row asks of a direction d that some
 * linear forms of it do not fall, or do not move,
 *
 *   C = { d : g'd >= 0 for every g in G,  e'd = 0 for every e in E }
 *
 * and there is a finite maximum only if no d in C has g'd > 0 anywhere. Moreau's decomposition finds such a direction or shows that there
 * is none: the projection of the sum of all g on C,
 *
 *   d = c + sum lambda_g g,  lambda >= 0 minimising |d|,   c = sum g   (in the complement of E)
 *
 * lies in C with c'd = |d|^2, so that some g'd > 0 if d is not zero; and d = 0 makes sum (1 + lambda) g = 0 with positive weights, which
 * no separating direction allows (Stiemke's lemma). lambda is found by active sets (Lawson & Hanson 1974, chapter 23). What is
 * reported has been checked on every row.
 */
import type { PredictorDesign } from "./laplace/row-model.js";
import { norm, remainder, takeOut, type WeightedRow, withRow } from "./separation-active-set.js";

/** One linear form of the predictors a row, x_a or x_a - x_b, and how the row's log-likelihood goes with it. */
export interface RowForm {
  /** Predictors and their signs, the same one several times where it counts more; of a screened block the first occurs in no other form. */
  readonly terms: readonly { readonly predictor: number; readonly sign: 1 | -1 }[];
  /** n: RISES or FALLS along the form, BOUND where it falls on both sides, FREE where it does not matter. */
  readonly rise: Int8Array;
}

export const RISES = 1;
export const FALLS = -1;
export const BOUND = 0;
export const FREE = 2;

/** The rows' forms as functions of psi. */
export interface DirectionProblem {
  readonly n: number;
  readonly psiCount: number;
  /** Without offsets; predictors in no form without columns. */
  readonly predictors: readonly PredictorDesign[];
  readonly forms: readonly RowForm[];
}

export interface SeparatingDirection {
  /** psiCount; elements that play no part are zero. */
  readonly direction: Float64Array;
  /** n: 1 where the row's log-likelihood rises along the direction. */
  readonly rising: Uint8Array;
  /** Whether every form of every row rises. */
  readonly complete: boolean;
}

/** Of a unit g with a unit d: products this near to zero are rounding. */
const ROUNDING = 1e-9;
/** Of a unit g with a unit d: what is taken for positive. */
const POSITIVE = 1e-7;
/** Of the largest element of a direction, in units of its column: smaller ones are rounding. */
const NO_PART = 1e-9;

export function directionProblem(
  { n, psiCount, predictors }: Pick<DirectionProblem, "n" | "psiCount" | "predictors">,
  forms: readonly RowForm[],
): DirectionProblem {
  const used = new Set(forms.flatMap(({ terms }) => terms.map(({ predictor }) => predictor)));
  const none: PredictorDesign = { columns: [], parameter: new Int32Array(0), offset: null };
  return { n, psiCount, predictors: predictors.map((own, c) => (used.has(c) ? { ...own, offset: null } : none)), forms };
}

/** A direction as general as there is (everything rises that can rise together), or null where there is none. */
export function separatingDirection(problem: DirectionProblem): SeparatingDirection | null {
  const rows = preparedRows(problem);
  const { psiCount } = problem;
  const total = new Float64Array(psiCount);
  // What does not rise along the directions found so far is projected again: each time at least one more form rises.
  let left = rows.values.map((own, k) => own.map((_, i) => (isOneSided(problem.forms[k]!.rise[i]!) ? 1 : 0)));
  let found = false;
  for (let round = 0; round < psiCount; round++) {
    const direction = projection(rows, sumOf(rows, left));
    if (direction === null) break;
    found = true;
    for (let j = 0; j < psiCount; j++) total[j] = total[j]! + direction[j]!;
    formsAlong(rows, total);
    left = rows.values.map((own, k) => own.map((x, i) => (isOneSided(problem.forms[k]!.rise[i]!) && x <= POSITIVE ? 1 : 0)));
    if (left.every((own) => own.every((x) => x === 0))) break;
  }
  return found ? certified(rows, total) : null;
}

const isOneSided = (rise: number): boolean => rise === RISES || rise === FALLS;

/** Rows of unit length in units of the columns, and room for their products with a direction. */
interface PreparedRows {
  readonly problem: DirectionProblem;
  /** psiCount: 1 / largest absolute value of the parameter's columns. */
  readonly unit: Float64Array;
  /** By form, n: 1 / length, with the sign of the rise; 0 for rows without length or of no matter. */
  readonly toUnit: readonly Float64Array[];
  /** Orthonormal rows that span E. */
  readonly bound: readonly Float64Array[];
  /** By predictor, n. */
  readonly predictors: readonly Float64Array[];
  /** By form, n: g'd (or e'd) for unit g and unit d, as `formsAlong` left them. */
  readonly values: readonly Float64Array[];
}

function preparedRows(problem: DirectionProblem): PreparedRows {
  const { n, psiCount, predictors, forms } = problem;
  const largest = new Float64Array(psiCount);
  for (const { columns, parameter } of predictors) {
    columns.forEach((column, j) => {
      let most = largest[parameter[j]!]!;
      for (let i = 0; i < n; i++) most = Math.max(most, Math.abs(column[i]!));
      largest[parameter[j]!] = most;
    });
  }
  const unit = largest.map((most) => (most > 0 ? 1 / most : 0));
  const toUnit = forms.map(({ terms, rise }) => {
    const squares = new Float64Array(n);
    for (const { predictor } of terms) {
      const { columns, parameter } = predictors[predictor]!;
      columns.forEach((column, j) => {
        const scale = unit[parameter[j]!]!;
        for (let i = 0; i < n; i++) squares[i] = squares[i]! + (column[i]! * scale) ** 2;
      });
    }
    return squares.map((square, i) => {
      const own = rise[i]!;
      if (own === FREE || square === 0) return 0;
      return (own === FALLS ? -1 : 1) / Math.sqrt(square);
    });
  });
  const room = { predictors: predictors.map(() => new Float64Array(n)), values: forms.map(() => new Float64Array(n)) };
  const rows: PreparedRows = { problem, unit, toUnit, bound: [], ...room };
  return { ...rows, bound: boundSpace(rows) };
}

/** Row i of form k, of unit length, pointing where the log-likelihood rises. */
function rowOf({ problem, unit, toUnit }: PreparedRows, k: number, i: number): Float64Array {
  const out = new Float64Array(problem.psiCount);
  const scale = toUnit[k]![i]!;
  for (const { predictor, sign } of problem.forms[k]!.terms) {
    const { columns, parameter } = problem.predictors[predictor]!;
    columns.forEach((column, j) => {
      const at = parameter[j]!;
      out[at] = out[at]! + sign * scale * unit[at]! * column[i]!;
    });
  }
  return out;
}

/** Gram-Schmidt, repeated, over the rows of E; ends as soon as nothing is left that could move. */
function boundSpace(rows: PreparedRows): Float64Array[] {
  const { forms, n, psiCount } = rows.problem;
  const basis: Float64Array[] = [];
  forms.forEach(({ rise }, k) => {
    for (let i = 0; i < n && basis.length < psiCount; i++) {
      if (rise[i] !== BOUND || rows.toUnit[k]![i] === 0) continue;
      const rest = rowOf(rows, k, i);
      takeOut(basis, rest);
      takeOut(basis, rest);
      const length = norm(rest);
      if (length > 1e-8) basis.push(rest.map((x) => x / length));
    }
  });
  return basis;
}

/** Sum of the unit rows with these weights. */
function sumOf({ problem, unit, toUnit }: PreparedRows, weights: readonly Float64Array[]): Float64Array {
  const { n, psiCount, predictors, forms } = problem;
  const out = new Float64Array(psiCount);
  forms.forEach(({ terms }, k) => {
    for (const { predictor, sign } of terms) {
      const { columns, parameter } = predictors[predictor]!;
      columns.forEach((column, j) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += weights[k]![i]! * toUnit[k]![i]! * column[i]!;
        const at = parameter[j]!;
        out[at] = out[at]! + sign * unit[at]! * sum;
      });
    }
  });
  return out;
}

/** Fills `values` with every unit row's product with d. */
function formsAlong({ problem, unit, toUnit, predictors: x, values }: PreparedRows, d: Float64Array): void {
  const { n, predictors, forms } = problem;
  const length = norm(d);
  predictors.forEach(({ columns, parameter }, c) => {
    const own = x[c]!.fill(0);
    columns.forEach((column, j) => {
      const by = (d[parameter[j]!]! * unit[parameter[j]!]!) / length;
      if (by !== 0) for (let i = 0; i < n; i++) own[i] = own[i]! + by * column[i]!;
    });
  });
  forms.forEach(({ terms }, k) => {
    const out = values[k]!.fill(0);
    for (const { predictor, sign } of terms) for (let i = 0; i < n; i++) out[i] = out[i]! + sign * x[predictor]![i]!;
    for (let i = 0; i < n; i++) out[i] = out[i]! * toUnit[k]![i]!;
  });
}

/** The projection of c on C; null where it is zero, and where rounding does not let it be found. */
function projection(rows: PreparedRows, c: Float64Array): Float64Array | null {
  const { forms, n, psiCount } = rows.problem;
  takeOut(rows.bound, c);
  takeOut(rows.bound, c);
  let active: WeightedRow[] = [];
  let d = c;
  let length = norm(d);
  const nothing = 1e-12 * (length + 1);
  for (let iteration = 0; iteration < 30 * (psiCount + 10); iteration++) {
    if (!(length > nothing)) return null;
    formsAlong(rows, d);
    let least = -ROUNDING;
    let form = -1;
    let row = -1;
    forms.forEach(({ rise }, k) => {
      const values = rows.values[k]!;
      for (let i = 0; i < n; i++) {
        if (values[i]! < least && isOneSided(rise[i]!)) {
          least = values[i]!;
          form = k;
          row = i;
        }
      }
    });
    if (form < 0) return d;
    const entering = rowOf(rows, form, row);
    takeOut(rows.bound, entering);
    active = withRow(c, active, entering);
    d = remainder(c, active);
    takeOut(rows.bound, d);
    const shorter = norm(d);
    if (!(shorter < length)) return null;
    length = shorter;
  }
  return null;
}

/** The direction with what the rows say of it; null unless every row allows it and some row rises. */
function certified(rows: PreparedRows, total: Float64Array): SeparatingDirection | null {
  const { problem, unit, values } = rows;
  const { n, forms } = problem;
  const most = total.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  const d = total.map((x) => (Math.abs(x) > NO_PART * most ? x : 0));
  formsAlong(rows, d);
  const rising = new Uint8Array(n);
  let complete = true;
  for (let k = 0; k < forms.length; k++) {
    for (let i = 0; i < n; i++) {
      const rise = forms[k]!.rise[i]!;
      if (rise === FREE) continue;
      const value = values[k]![i]!;
      if (value < -10 * ROUNDING || (rise === BOUND && value > 10 * ROUNDING)) return null;
      if (isOneSided(rise) && value > POSITIVE) rising[i] = 1;
      else complete = false;
    }
  }
  if (!rising.includes(1)) return null;
  return { direction: d.map((x, j) => x * unit[j]!), rising, complete };
}
