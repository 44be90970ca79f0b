/**
 * Lambda C Lambda', C the inverse of the random part of the system, on the pattern of the Gram blocks and in their layout: what
 * the rows need of the random effects' conditional covariance (to the scale of the model).
 */
import type { Factor } from "./factor.js";
import { inversePanels } from "./inverse-panels.js";

export interface PatternCovariance {
  /** Lambda C Lambda': own blocks whole, then one block a neighbour, as in the Gram panels; the rows of X and y are left alone. */
  readonly blocks: Float64Array;
  /** By group: sum over levels of the diagonal blocks of C itself, S x S column-major. */
  readonly sums: readonly Float64Array[];
}

/** @param into an array of the length of the Gram panels, overwritten where there are blocks */
export function patternCovariance(factor: Factor, lambda: readonly Float64Array[], into: Float64Array): PatternCovariance {
  const { structure } = factor;
  const { groups, nodeCount, sparseCount, nodeGroup, position, rootSize, lStart, lLd } = structure;
  const { aStart, aLd, aNeighbourStart, aNeighbour, aRow, aTarget } = structure;
  const { root, panels } = inversePanels(factor, 0, 0);
  const origin = position[sparseCount]!;
  const sums = groups.map(({ size }) => new Float64Array(size * size));
  const largest = groups.reduce((most, { size }) => Math.max(most, size), 0);
  const half = new Float64Array(largest * largest);
  for (let t = 0; t < nodeCount; t++) {
    const k = nodeGroup[t]!;
    const size = groups[k]!.size;
    const inRoot = t >= sparseCount;
    const source = inRoot ? root : panels;
    const ld = inRoot ? rootSize : lLd[t]!;
    const start = inRoot ? (position[t]! - origin) * rootSize : lStart[t]!;
    const ownAt = start + (inRoot ? position[t]! - origin : 0);
    const sum = sums[k]!;
    for (let c = 0; c < size; c++) for (let r = 0; r < size; r++) sum[c * size + r] = sum[c * size + r]! + source[ownAt + c * ld + r]!;
    congruent(source, ownAt, ld, lambda[k]!, size, lambda[k]!, size, into, aStart[t]!, aLd[t]!, half);
    for (let x = aNeighbourStart[t]!; x < aNeighbourStart[t + 1]!; x++) {
      const other = nodeGroup[aNeighbour[x]!]!;
      const rows = groups[other]!.size;
      congruent(source, start + aTarget[x]!, ld, lambda[other]!, rows, lambda[k]!, size, into, aStart[t]! + aRow[x]!, aLd[t]!, half);
    }
  }
  return { blocks: into, sums };
}

/** into := left M right' for the rows x columns block M of `from`; left and right lower triangular. */
function congruent(
  from: Float64Array,
  at: number,
  ld: number,
  left: Float64Array,
  rows: number,
  right: Float64Array,
  columns: number,
  into: Float64Array,
  to: number,
  toLd: number,
  half: Float64Array,
): void {
  if (rows === 1 && columns === 1) {
    into[to] = left[0]! * right[0]! * from[at]!;
    return;
  }
  // half = M right'
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let i = 0; i <= c; i++) sum += from[at + i * ld + r]! * right[i * columns + c]!;
      half[c * rows + r] = sum;
    }
  }
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let i = 0; i <= r; i++) sum += left[i * rows + r]! * half[c * rows + i]!;
      into[to + c * toLd + r] = sum;
    }
  }
}
