/**
 * Solutions with the factor, and products with the Gram blocks. Vectors have length q + p in elimination order, fixed columns
 * last; several at once are stored row by row (component i of vector v at [i * count + v]).
 */
import { backwardSolve, forwardSolve } from "../linalg/cholesky.js";
import { invertLower } from "../linalg/symmetric.js";
import type { Factor } from "./factor.js";
import type { Gram } from "./gram.js";
import type { Structure } from "./structure.js";

/** The spherical effects u and the fixed effects beta: L' [u; beta] = last row of L. */
export function solveEffects({ structure, panels, root }: Factor): Float64Array {
  const { groups, sparseCount, nodeGroup, position, q, p, b, rootSize } = structure;
  const { lStart, lLd, lNeighbourStart, lNeighbour, lRootStart, lRoot } = structure;
  const x = new Float64Array(q + p);
  const origin = position[sparseCount]!;
  const rootLd = rootSize + b;
  const m = rootSize + p;
  for (let j = 0; j < m; j++) x[origin + j] = root[j * rootLd + m]!;
  backwardSolve(root, 0, rootLd, m, x, origin, 1);
  for (let t = sparseCount - 1; t >= 0; t--) {
    const size = groups[nodeGroup[t]!]!.size;
    const ld = lLd[t]!;
    for (let s = size - 1; s >= 0; s--) {
      const column = lStart[t]! + s * ld;
      let sum = panels[column + ld - 1]!;
      for (let r = s + 1; r < size; r++) sum -= panels[column + r]! * x[position[t]! + r]!;
      let row = size;
      for (let y = lNeighbourStart[t]!; y < lNeighbourStart[t + 1]!; y++) {
        const other = lNeighbour[y]!;
        for (let c = position[other]!; c < position[other + 1]!; c++, row++) sum -= panels[column + row]! * x[c]!;
      }
      for (let y = lRootStart[t]!; y < lRootStart[t + 1]!; y++, row++) sum -= panels[column + row]! * x[origin + lRoot[y]!]!;
      for (let j = 0; j < p; j++, row++) sum -= panels[column + row]! * x[q + j]!;
      x[position[t]! + s] = sum / panels[column + s]!;
    }
  }
  return x;
}

/** x := L^-1 x for the (random, fixed) part of L; `count` vectors of length q + p. */
export function forwardSolveSystem({ structure, panels, root }: Factor, x: Float64Array, count: number): void {
  const { groups, sparseCount, nodeGroup, position, q, p, b, rootSize } = structure;
  const { lStart, lLd, lNeighbourStart, lNeighbour, lRootStart, lRoot } = structure;
  const origin = position[sparseCount]!;
  for (let t = 0; t < sparseCount; t++) {
    const size = groups[nodeGroup[t]!]!.size;
    const ld = lLd[t]!;
    for (let s = 0; s < size; s++) {
      const column = lStart[t]! + s * ld;
      const at = (position[t]! + s) * count;
      const scale = 1 / panels[column + s]!;
      for (let v = 0; v < count; v++) x[at + v] = x[at + v]! * scale;
      for (let r = s + 1; r < size; r++) subtractRow(x, (position[t]! + r) * count, at, panels[column + r]!, count);
      let row = size;
      for (let y = lNeighbourStart[t]!; y < lNeighbourStart[t + 1]!; y++) {
        const other = lNeighbour[y]!;
        for (let c = position[other]!; c < position[other + 1]!; c++, row++) subtractRow(x, c * count, at, panels[column + row]!, count);
      }
      for (let y = lRootStart[t]!; y < lRootStart[t + 1]!; y++, row++) {
        subtractRow(x, (origin + lRoot[y]!) * count, at, panels[column + row]!, count);
      }
      for (let j = 0; j < p; j++, row++) subtractRow(x, (q + j) * count, at, panels[column + row]!, count);
    }
  }
  forwardSolve(root, 0, rootSize + b, rootSize + p, x, origin * count, count);
}

function subtractRow(x: Float64Array, to: number, from: number, factor: number, count: number): void {
  if (factor === 0) return;
  for (let v = 0; v < count; v++) x[to + v] = x[to + v]! - factor * x[from + v]!;
}

/**
 * into := [Z'Z; X'Z] c for `count` vectors c of length q, with the unscaled Gram blocks.
 *
 * @param into (q + p) x count, overwritten
 */
export function multiplyGram(structure: Structure, gram: Gram, c: Float64Array, count: number, into: Float64Array): void {
  const { groups, nodeCount, nodeGroup, position, q, p, b } = structure;
  const { aStart, aLd, aNeighbourStart, aNeighbour, aRow } = structure;
  const a = gram.random;
  into.fill(0);
  for (let t = 0; t < nodeCount; t++) {
    const size = groups[nodeGroup[t]!]!.size;
    const ld = aLd[t]!;
    for (let s = 0; s < size; s++) {
      const column = aStart[t]! + s * ld;
      const at = (position[t]! + s) * count;
      let any = false;
      for (let v = 0; v < count; v++) if (c[at + v] !== 0) any = true;
      if (any) for (let r = 0; r < size; r++) addRow(into, (position[t]! + r) * count, c, at, a[column + r]!, count);
      for (let x = aNeighbourStart[t]!; x < aNeighbourStart[t + 1]!; x++) {
        const other = aNeighbour[x]!;
        let row = column + aRow[x]!;
        for (let o = position[other]!; o < position[other + 1]!; o++, row++) {
          const value = a[row]!;
          if (any) addRow(into, o * count, c, at, value, count);
          addRow(into, at, c, o * count, value, count);
        }
      }
      if (any) for (let j = 0; j < p; j++) addRow(into, (q + j) * count, c, at, a[column + ld - b + j]!, count);
    }
  }
}

function addRow(x: Float64Array, to: number, from: Float64Array, at: number, factor: number, count: number): void {
  if (factor === 0) return;
  for (let v = 0; v < count; v++) x[to + v] = x[to + v]! + factor * from[at + v]!;
}

/** Lambda v (or Lambda' v) for `count` vectors: each level's S components times its group's S x S factor. */
export function applyLambda(
  structure: Structure,
  lambda: readonly Float64Array[],
  transposed: boolean,
  v: Float64Array,
  count: number,
  into: Float64Array,
): void {
  const { groups, nodeCount, nodeGroup, position } = structure;
  for (let t = 0; t < nodeCount; t++) {
    const k = nodeGroup[t]!;
    const size = groups[k]!.size;
    const lam = lambda[k]!;
    const at = position[t]! * count;
    for (let i = 0; i < size; i++) {
      for (let w = 0; w < count; w++) {
        let sum = 0;
        for (let r = 0; r < size; r++) sum += (transposed ? lam[i * size + r]! : lam[r * size + i]!) * v[at + r * count + w]!;
        into[at + i * count + w] = sum;
      }
    }
  }
}

/** e = Z'(y - X beta - Z Lambda u), q components, and Lambda u itself. */
export function randomScores(
  factor: Factor,
  gram: Gram,
  lambda: readonly Float64Array[],
  effects: Float64Array,
): { readonly scores: Float64Array; readonly modes: Float64Array } {
  const { structure } = factor;
  const { groups, nodeCount, nodeGroup, position, q, p, b, aStart, aLd } = structure;
  const modes = new Float64Array(q);
  applyLambda(structure, lambda, false, effects, 1, modes);
  const product = new Float64Array(q + p);
  multiplyGram(structure, gram, modes, 1, product);
  const scores = new Float64Array(q);
  for (let t = 0; t < nodeCount; t++) {
    const size = groups[nodeGroup[t]!]!.size;
    const ld = aLd[t]!;
    for (let s = 0; s < size; s++) {
      const bottom = aStart[t]! + (s + 1) * ld - b;
      let sum = gram.random[bottom + p]! - product[position[t]! + s]!;
      for (let j = 0; j < p; j++) sum -= gram.random[bottom + j]! * effects[q + j]!;
      scores[position[t]! + s] = sum;
    }
  }
  return { scores, modes };
}

/**
 * L_ZZ^-1 Lambda'Z'X, which stands in the factor as its rows of X, and Z'X itself; both q x p, row by row.
 */
export function fixedRowsOf(
  { structure, panels, root }: Factor,
  gram: Gram,
): { readonly solved: Float64Array; readonly cross: Float64Array } {
  const { groups, nodeCount, sparseCount, nodeGroup, position, q, p, b, rootSize, aStart, aLd, lStart, lLd } = structure;
  const solved = new Float64Array(q * p);
  const cross = new Float64Array(q * p);
  const origin = position[sparseCount]!;
  for (let t = 0; t < nodeCount; t++) {
    const size = groups[nodeGroup[t]!]!.size;
    for (let s = 0; s < size; s++) {
      const at = (position[t]! + s) * p;
      const own = aStart[t]! + (s + 1) * aLd[t]! - b;
      const from = t < sparseCount ? lStart[t]! + (s + 1) * lLd[t]! - b : (position[t]! + s - origin) * (rootSize + b) + rootSize;
      const source = t < sparseCount ? panels : root;
      for (let j = 0; j < p; j++) {
        cross[at + j] = gram.random[own + j]!;
        solved[at + j] = source[from + j]!;
      }
    }
  }
  return { solved, cross };
}

/** x := L_ZZ^-T x for `count` vectors of length q. */
export function backwardSolveRandom({ structure, panels, root }: Factor, x: Float64Array, count: number): void {
  const { groups, sparseCount, nodeGroup, position, b, rootSize } = structure;
  const { lStart, lLd, lNeighbourStart, lNeighbour, lRootStart, lRoot } = structure;
  const origin = position[sparseCount]!;
  backwardSolve(root, 0, rootSize + b, rootSize, x, origin * count, count);
  for (let t = sparseCount - 1; t >= 0; t--) {
    const size = groups[nodeGroup[t]!]!.size;
    const ld = lLd[t]!;
    for (let s = size - 1; s >= 0; s--) {
      const column = lStart[t]! + s * ld;
      const at = (position[t]! + s) * count;
      for (let r = s + 1; r < size; r++) subtractRow(x, at, (position[t]! + r) * count, panels[column + r]!, count);
      let row = size;
      for (let y = lNeighbourStart[t]!; y < lNeighbourStart[t + 1]!; y++) {
        const other = lNeighbour[y]!;
        for (let c = position[other]!; c < position[other + 1]!; c++, row++) subtractRow(x, at, c * count, panels[column + row]!, count);
      }
      for (let y = lRootStart[t]!; y < lRootStart[t + 1]!; y++, row++) {
        subtractRow(x, at, (origin + lRoot[y]!) * count, panels[column + row]!, count);
      }
      const scale = 1 / panels[column + s]!;
      for (let v = 0; v < count; v++) x[at + v] = x[at + v]! * scale;
    }
  }
}

/** L_XX^-1, p x p column-major lower triangular: (X'V0^-1 X)^-1 is its transpose times itself. */
export function inverseOfFixed({ structure: { p, rootSize, b }, root }: Factor): Float64Array {
  const l = new Float64Array(p * p);
  for (let c = 0; c < p; c++) for (let r = c; r < p; r++) l[c * p + r] = root[(rootSize + c) * (rootSize + b) + rootSize + r]!;
  return invertLower(l, p);
}
