/**
 * What the coefficients become without all rows of a unit, the variance parameters held: the step of row-deletion.ts for many rows.
 *
 *   psi-hat - psi-hat(U) = psi part of (A - J)^-1 s,    J = sum V_i W_i V_i',   s = sum V_i g_i   over the unit's rows
 *
 * (Christensen, Pearson & Johnson 1992; Demidenko & Stukel 2005.) J is zero but in the columns of the unit's own levels and of psi, so
 * that (A - J)^-1 = L (I - L'J L)^-1 L' there, with L L' the block of A^-1 (inverse-reader.ts). A unit that touches too many columns is
 * taken out of the blocks, which are factored once more.
 */
import { allocateFactor, factorize } from "../models/blocks/factor.js";
import { applyLambda, forwardSolveSystem } from "../models/blocks/solve.js";
import { fixedInformation, fixedScores, pairOf } from "../models/laplace/row-model.js";
import { fillGram, type Strand, scoresOf } from "../models/laplace/strands.js";
import { cholesky } from "../models/linalg/cholesky.js";
import { type InverseReader, inverseReader } from "./inverse-reader.js";
import type { SolvableSystem } from "./leverage.js";
import { UNDETERMINED } from "./row-deletion.js";
import { symmetricInverse } from "./small-matrix.js";

/** Columns that a unit may touch before the blocks are factored anew for it: the work grows with the cube. */
const LARGEST_UNIT = 400;

/**
 * psi-hat less psi-hat without each unit, unit j at [j * psiCount]; NaN where the other rows do not determine psi.
 *
 * @param units the rows of each unit
 * @param largest columns that a unit may touch before the blocks are factored anew for it
 */
export function unitDeletions(system: SolvableSystem, units: readonly Int32Array[], largest: number = LARGEST_UNIT): Float64Array {
  const { psiCount, structure, factor } = system;
  const { position } = structure;
  const out = new Float64Array(units.length * psiCount);
  const places = new Int32Array(structure.q).fill(-1);
  const reader = inverseReader(factor);
  const later: number[] = [];
  units.forEach((rows, j) => {
    const nodes = nodesOf(system, rows);
    const columns = nodes.flatMap((t) => Array.from({ length: position[t + 1]! - position[t]! }, (_, c) => position[t]! + c));
    if (columns.length + psiCount > largest) later.push(j);
    else out.set(blockDeletion(system, reader, { rows, nodes, columns }, places), j * psiCount);
  });
  if (later.length > 0) {
    const without = factoredDeletion(system);
    for (const j of later) out.set(without(units[j]!), j * psiCount);
  }
  return out;
}

/** The levels that the rows belong to, ascending. */
function nodesOf({ strands }: SolvableSystem, rows: Int32Array): number[] {
  const seen = new Set<number>();
  for (const { node } of strands.strands) for (const i of rows) if (node[i]! >= 0) seen.add(node[i]!);
  return Array.from(seen).sort((a, b) => a - b);
}

interface Unit {
  readonly rows: Int32Array;
  readonly nodes: readonly number[];
  /** Components of the nodes in vectors of length q. */
  readonly columns: readonly number[];
}

/** @param places q, -1 everywhere before and after */
function blockDeletion(system: SolvableSystem, reader: InverseReader, unit: Unit, places: Int32Array): Float64Array {
  const { psiCount } = system;
  const { columns } = unit;
  const m = columns.length + psiCount;
  columns.forEach((c, k) => {
    places[c] = k;
  });
  const l = inverseBlock(system, reader, unit, m);
  const { j, s } = unitEquations(system, unit, places, m);
  for (const c of columns) places[c] = -1;
  const failed = new Float64Array(psiCount).fill(Number.NaN);
  if (cholesky(l, 0, m, m) >= 0) return failed;

  // I - L'J L and L's.
  const jl = new Float64Array(m * m);
  for (let c = 0; c < m; c++) {
    for (let k = c; k < m; k++) {
      const factor = l[c * m + k]!;
      if (factor !== 0) for (let r = 0; r < m; r++) jl[c * m + r] = jl[c * m + r]! + j[k * m + r]! * factor;
    }
  }
  const left = new Float64Array(m * m);
  const y = new Float64Array(m);
  for (let c = 0; c < m; c++) {
    for (let r = c; r < m; r++) {
      let sum = r === c ? 1 : 0;
      for (let k = r; k < m; k++) sum -= l[r * m + k]! * jl[c * m + k]!;
      left[c * m + r] = sum;
    }
    for (let k = c; k < m; k++) y[c] = y[c]! + l[c * m + k]! * s[k]!;
  }
  if (cholesky(left, 0, m, m) >= 0) return failed;
  for (let c = 0; c < m; c++) if (!(left[c * m + c]! ** 2 > UNDETERMINED)) return failed;
  for (let c = 0; c < m; c++) {
    y[c] = y[c]! / left[c * m + c]!;
    for (let r = c + 1; r < m; r++) y[r] = y[r]! - left[c * m + r]! * y[c]!;
  }
  for (let c = m - 1; c >= 0; c--) {
    for (let r = c + 1; r < m; r++) y[c] = y[c]! - left[c * m + r]! * y[r]!;
    y[c] = y[c]! / left[c * m + c]!;
  }
  return Float64Array.from({ length: psiCount }, (_, a) => {
    const row = columns.length + a;
    let sum = 0;
    for (let c = 0; c <= row; c++) sum += l[c * m + row]! * y[c]!;
    return sum;
  });
}

/** The block of A^-1 on the unit's columns and psi, m x m. */
function inverseBlock(system: SolvableSystem, reader: InverseReader, { nodes, columns }: Unit, m: number): Float64Array {
  const { psiCount, inverse, solved } = system;
  const out = new Float64Array(m * m);
  reader.read(nodes, out, m);
  const k = columns.length;
  columns.forEach((own, c) => {
    for (let a = 0; a < psiCount; a++) {
      let sum = 0;
      for (let b = 0; b < psiCount; b++) sum -= solved[own * psiCount + b]! * inverse[a * psiCount + b]!;
      out[c * m + k + a] = sum;
      out[(k + a) * m + c] = sum;
    }
    // C + S T^-1 S', row c from the border.
    columns.forEach((other, r) => {
      let sum = 0;
      for (let a = 0; a < psiCount; a++) sum -= out[c * m + k + a]! * solved[other * psiCount + a]!;
      out[c * m + r] = out[c * m + r]! + sum;
    });
  });
  for (let c = 0; c < psiCount; c++) for (let r = 0; r < psiCount; r++) out[(k + c) * m + k + r] = inverse[c * psiCount + r]!;
  return out;
}

/** J and s over the unit's rows. */
function unitEquations(
  system: SolvableSystem,
  { rows, columns }: Unit,
  places: Int32Array,
  m: number,
): { readonly j: Float64Array; readonly s: Float64Array } {
  const { predictors, first, second, strands } = system;
  const j = new Float64Array(m * m);
  const s = new Float64Array(m);
  const v = predictors.map(() => ({ values: new Float64Array(m), used: [] as number[] }));
  const add = (own: (typeof v)[number], at: number, value: number): void => {
    if (own.values[at] === 0 && value !== 0) own.used.push(at);
    own.values[at] = own.values[at]! + value;
  };
  for (const i of rows) {
    for (const own of v) {
      for (const at of own.used) own.values[at] = 0;
      own.used.length = 0;
    }
    for (const strand of strands.strands) {
      const at = strand.position[i]!;
      if (at >= 0) addSpherical(system.lambda[strand.group]!, strand, i, (r, value) => add(v[strand.predictor]!, places[at + r]!, value));
    }
    predictors.forEach((design, a) => {
      design.columns.forEach((column, k) => {
        add(v[a]!, columns.length + design.parameter[k]!, column[i]!);
      });
    });
    v.forEach((left, a) => {
      for (const r of left.used) s[r] = s[r]! + left.values[r]! * first[a]![i]!;
      v.forEach((right, b) => {
        const w = -second[pairOf(a, b)]![i]!;
        if (w === 0) return;
        for (const c of right.used) {
          const weighted = w * right.values[c]!;
          for (const r of left.used) j[c * m + r] = j[c * m + r]! + left.values[r]! * weighted;
        }
      });
    });
  }
  return { j, s };
}

/** Lambda'z of one strand in one row, component by component. */
function addSpherical(lambda: Float64Array, { size, columns }: Strand, i: number, add: (r: number, value: number) => void): void {
  for (let c = 0; c < size; c++) {
    let sum = 0;
    for (let r = c; r < size; r++) {
      const z = columns[r]!;
      sum += lambda[c * size + r]! * (typeof z === "number" ? z : z[i]!);
    }
    add(c, sum);
  }
}

/** The step with blocks that are filled and factored without the unit's rows; room is made once. */
function factoredDeletion(system: SolvableSystem): (rows: Int32Array) => Float64Array {
  const { n, structure, strands, lambda, psiCount, random, first, second, factor } = system;
  const { q, p, b } = structure;
  const fixed = new Float64Array(b * b);
  for (let c = 0; c < b; c++) fixed[c * b + c] = 1;
  const gram = { random: new Float64Array(structure.aLength), fixed };
  const own = allocateFactor(structure, factor.dense.kind);
  return (rows) => {
    const kept = second.map((values) => Float64Array.from(values));
    const taken = first.map(() => new Float64Array(n));
    for (const i of rows) {
      for (const values of kept) values[i] = 0;
      for (let a = 0; a < first.length; a++) taken[a]![i] = first[a]![i]!;
    }
    fillGram(structure, strands, kept, n, gram);
    const failed = new Float64Array(psiCount).fill(Number.NaN);
    if (!factorize(own, gram, lambda)) return failed;
    // L^-1 Lambda'Z' of (W B, g), the unit's scores last.
    const count = psiCount + 1;
    const crossed = new Float64Array(q * count);
    for (let j = 0; j < count; j++) {
      const products = j === psiCount ? taken : weightedDesign(system, kept, j);
      const scores = scoresOf(
        strands,
        products.map((values, a) => (random.includes(a) ? values : null)),
        n,
        q,
      );
      for (let i = 0; i < q; i++) crossed[i * count + j] = scores[i]!;
    }
    const solved = new Float64Array((q + p) * count);
    applyLambda(structure, lambda, true, crossed, count, solved);
    forwardSolveSystem(own, solved, count);
    const t = fixedInformation(system, kept);
    const right = fixedScores(system, taken);
    for (let i = 0; i < q; i++) {
      for (let j = 0; j < psiCount; j++) {
        const x = solved[i * count + j]!;
        if (x === 0) continue;
        for (let k = 0; k < psiCount; k++) t[j * psiCount + k] = t[j * psiCount + k]! - x * solved[i * count + k]!;
        right[j] = right[j]! - x * solved[i * count + psiCount]!;
      }
    }
    const inverse = symmetricInverse(t, psiCount);
    if (inverse === null) return failed;
    return Float64Array.from({ length: psiCount }, (_, a) => {
      let sum = 0;
      for (let k = 0; k < psiCount; k++) sum += inverse[k * psiCount + a]! * right[k]!;
      return sum;
    });
  };
}

/** By predictor: column j of W B. */
function weightedDesign({ n, predictors, random }: SolvableSystem, second: readonly Float64Array[], j: number): Float64Array[] {
  const out = predictors.map(() => new Float64Array(n));
  predictors.forEach(({ columns, parameter }, c) => {
    columns.forEach((column, k) => {
      if (parameter[k] !== j) return;
      for (const a of random) {
        const w = second[pairOf(a, c)]!;
        const own = out[a]!;
        for (let i = 0; i < n; i++) own[i] = own[i]! - w[i]! * column[i]!;
      }
    });
  });
  return out;
}
