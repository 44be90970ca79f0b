/**
 * A model row by row: P linear predictors, each of fixed columns and, for some, of random effects,
 *
 *   x_c = offset_c + B_c psi + Z_c b,   c = 0 ... P-1
 *
 * and the rows' log-likelihood given them. All fixed-type parameters (coefficients, thresholds, log-dispersions) stand in one vector
 * psi; a parameter may act on several predictors (a threshold is the upper one of one category and the lower one of the next).
 */
import type { RandomGroup } from "../blocks/random-groups.js";
import { type DerivativeOrder, derivativeLength, firstAt, type RowLikelihood, secondAt, thirdAt } from "../families/row-likelihood.js";
import { crossProducts, weightedColumns } from "../linalg/cross-products.js";

export interface PredictorDesign {
  /** Columns of n values. */
  readonly columns: readonly Float64Array[];
  /** Which element of psi multiplies each column. */
  readonly parameter: Int32Array;
  readonly offset: Float64Array | null;
}

export interface RowModel {
  readonly n: number;
  readonly likelihood: RowLikelihood;
  /** P designs. */
  readonly predictors: readonly PredictorDesign[];
  /** Length of psi. */
  readonly psiCount: number;
  readonly groups: readonly RandomGroup[];
  /** By group: the predictor that its effects belong to. */
  readonly groupPredictor: Int32Array;
  /** Predictors that carry random effects, ascending; [0] where there are none at all. */
  readonly random: readonly number[];
}

/** Derivatives of every row, one array of n values for each. */
export interface RowDerivatives {
  /** n log-likelihoods. */
  readonly value: Float64Array;
  /** By predictor. */
  readonly first: readonly Float64Array[];
  /** By pair a <= b, at [pairOf(a, b)]. */
  readonly second: readonly Float64Array[];
  /** By triple a <= b <= c, at [tripleOf(a, b, c)]; null where not wanted. */
  readonly third: readonly (Float64Array | null)[];
  /** One row's numbers. */
  readonly row: Float64Array;
  readonly at: Float64Array;
}

export const pairOf = (a: number, b: number): number => (a <= b ? (b * (b + 1)) / 2 + a : (a * (a + 1)) / 2 + b);

export function tripleOf(a: number, b: number, c: number): number {
  const low = Math.min(a, b, c);
  const high = Math.max(a, b, c);
  const middle = a + b + c - low - high;
  return (high * (high + 1) * (high + 2)) / 6 + (middle * (middle + 1)) / 2 + low;
}

export function allocateDerivatives({ n, likelihood, random }: RowModel): RowDerivatives {
  const p = likelihood.predictors.length;
  const arrays = (count: number): Float64Array[] => Array.from({ length: count }, () => new Float64Array(n));
  const third: (Float64Array | null)[] = Array((p * (p + 1) * (p + 2)) / 6).fill(null);
  for (const a of random) {
    for (const b of random) for (let c = 0; c < p; c++) third[tripleOf(a, b, c)] ??= new Float64Array(n);
  }
  return {
    value: new Float64Array(n),
    first: arrays(p),
    second: arrays((p * (p + 1)) / 2),
    third,
    row: new Float64Array(derivativeLength(p)),
    at: new Float64Array(p),
  };
}

/**
 * Fills the derivatives up to `order` at the predictors' values.
 *
 * @returns the log-likelihood, the sum of the rows; -Infinity outside the domain
 */
export function rowDerivatives(
  { n, likelihood }: RowModel,
  values: readonly Float64Array[],
  order: DerivativeOrder,
  into: RowDerivatives,
): number {
  const { row, at, value, first, second, third } = into;
  const p = values.length;
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < p; c++) at[c] = values[c]![i]!;
    likelihood.row(i, at, order, row);
    const own = row[0]!;
    if (!(own > Number.NEGATIVE_INFINITY)) return Number.NEGATIVE_INFINITY;
    value[i] = own;
    total += own;
    if (order === 0) continue;
    for (let a = 0; a < p; a++) first[a]![i] = row[firstAt(a)]!;
    if (order === 1) continue;
    for (let b = 0; b < p; b++) for (let a = 0; a <= b; a++) second[pairOf(a, b)]![i] = row[secondAt(p, a, b)]!;
    if (order === 2) continue;
    for (let c = 0; c < p; c++) {
      for (let b = 0; b <= c; b++) {
        for (let a = 0; a <= b; a++) {
          const target = third[tripleOf(a, b, c)];
          if (target) target[i] = row[thirdAt(p, a, b, c)]!;
        }
      }
    }
  }
  return Number.isFinite(total) ? total : Number.NEGATIVE_INFINITY;
}

/** into := offset + B psi, predictor by predictor. */
export function fixedPredictors({ n, predictors }: RowModel, psi: Float64Array, into: readonly Float64Array[]): void {
  predictors.forEach(({ columns, parameter, offset }, c) => {
    const x = into[c]!;
    if (offset === null) x.fill(0);
    else x.set(offset);
    columns.forEach((column, j) => {
      const b = psi[parameter[j]!]!;
      if (b !== 0) for (let i = 0; i < n; i++) x[i] = x[i]! + b * column[i]!;
    });
  });
}

/** sum_c B_c' v_c, one number for each element of psi. */
export function fixedScores(
  { n, predictors, psiCount }: Pick<RowModel, "n" | "predictors" | "psiCount">,
  v: readonly Float64Array[],
): Float64Array {
  const out = new Float64Array(psiCount);
  predictors.forEach(({ columns, parameter }, c) => {
    const own = v[c]!;
    columns.forEach((column, j) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += column[i]! * own[i]!;
      const at = parameter[j]!;
      out[at] = out[at]! + sum;
    });
  });
  return out;
}

/** -sum_cd B_c' L_cd B_d, the negative second derivative of the log-likelihood in psi at fixed effects; psiCount squared. */
export function fixedInformation(
  { n, predictors, psiCount }: Pick<RowModel, "n" | "predictors" | "psiCount">,
  second: readonly Float64Array[],
): Float64Array {
  const out = new Float64Array(psiCount * psiCount);
  const weighted = new Float64Array(n);
  predictors.forEach((left, c) => {
    const many = left.columns.length >= MANY_COLUMNS;
    if (many) addCrossProducts(left, second[pairOf(c, c)]!, n, psiCount, out);
    left.columns.forEach((column, j) => {
      const row = left.parameter[j]!;
      predictors.forEach((right, d) => {
        if (d < c || (many && d === c)) return;
        const w = second[pairOf(c, d)]!;
        for (let i = 0; i < n; i++) weighted[i] = w[i]! * column[i]!;
        right.columns.forEach((other, k) => {
          if (d === c && k < j) return;
          let sum = 0;
          for (let i = 0; i < n; i++) sum += weighted[i]! * other[i]!;
          const at = right.parameter[k]!;
          out[at * psiCount + row] = out[at * psiCount + row]! - sum;
          // The pair (c, j), (d, k) once from each side.
          if (d !== c || k !== j) out[row * psiCount + at] = out[row * psiCount + at]! - sum;
        });
      });
    });
  });
  return out;
}

/** From this many columns on the packed kernels pay. */
const MANY_COLUMNS = 12;

/** -B_c' L_cc B_c by the packed kernels. */
function addCrossProducts(
  { columns, parameter }: PredictorDesign,
  second: Float64Array,
  n: number,
  psiCount: number,
  out: Float64Array,
): void {
  const products = crossProducts(columns, weightedColumns(columns, second), n);
  const p = columns.length;
  for (let j = 0; j < p; j++) {
    for (let i = 0; i < p; i++) {
      const at = parameter[j]! * psiCount + parameter[i]!;
      out[at] = out[at]! - products[j * p + i]!;
    }
  }
}
