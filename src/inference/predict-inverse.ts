/**
 * Quadratic forms w'H^-1 w for vectors w that are zero but for a few units.
 *
 *   H = L L',   w'H^-1 w = |L_11^-1 w_1|^2 + r' C r,   r = w_2 - L_21 L_11^-1 w_1,   C = (L_22 L_22')^-1
 *
 * The nodes eliminated last (2) have their part C of the inverse stored; a solution with those before (1) touches only the nodes of w and
 * what each is eliminated into. Where few nodes have later neighbours of their own, all of these are stored, so that a row costs as much
 * as it has neighbours, squared; C grows from the root's inverse node by node (Takahashi, Fagan & Chen 1973, without regard to a pattern):
 *
 *   V = L_Rt L_tt^-1,   C_.t = -C_.R V,   C_tt = (L_tt L_tt')^-1 + V' C_RR V
 */
import type { Factor } from "../models/blocks/factor.js";
import { invertLower } from "../models/linalg/symmetric.js";

/** Where a row's units stand among the q spherical effects. */
export interface SparseRow {
  /** Components, without repetition. */
  readonly positions: readonly number[];
  /** Elimination indices of their nodes. */
  readonly nodes: ReadonlySet<number>;
}

/** Components of the stored part: 3000 squared are 72 MB. */
const MOST_STORED = 3000;

/** The panels of the factor are read whenever a form is asked for: it must not be factored anew before. */
export function randomInverse(factor: Factor): (w: Float64Array, row: SparseRow) => number {
  const { structure, panels } = factor;
  const { groups, sparseCount, leafCount, nodeGroup, position, q, lStart, lLd, lNeighbourStart, lNeighbour, lRootStart, lRoot } = structure;
  const from = q - position[leafCount]! <= Math.max(MOST_STORED, structure.rootSize) ? leafCount : sparseCount;
  const origin = position[from]!;
  const root = position[sparseCount]!;
  const stored = storedInverse(factor, from);
  const order = q - origin;
  const x = new Float64Array(q);
  return (w, { positions, nodes }) => {
    for (const at of positions) x[at] = w[at]!;
    const path = new Set<number>();
    const last = new Set<number>();
    const addLast = (node: number): void => {
      for (let c = position[node]!; c < position[node + 1]!; c++) last.add(c);
    };
    for (const start of nodes) {
      if (start >= from) addLast(start);
      // A node's first later neighbour has all of its other later neighbours among its own.
      for (let t = start; t < from && !path.has(t); ) {
        path.add(t);
        for (let y = lRootStart[t]!; y < lRootStart[t + 1]!; y++) last.add(root + lRoot[y]!);
        for (let y = lNeighbourStart[t]!; y < lNeighbourStart[t + 1]!; y++) if (lNeighbour[y]! >= from) addLast(lNeighbour[y]!);
        if (lNeighbourStart[t] === lNeighbourStart[t + 1]) break;
        t = lNeighbour[lNeighbourStart[t]!]!;
      }
    }
    let total = 0;
    const ascending = path.size > 1 ? [...path].sort((a, b) => a - b) : path;
    for (const t of ascending) {
      const { size } = groups[nodeGroup[t]!]!;
      const at = position[t]!;
      for (let s = 0; s < size; s++) {
        const column = lStart[t]! + s * lLd[t]!;
        const value = x[at + s]! / panels[column + s]!;
        x[at + s] = 0;
        if (value === 0) continue;
        total += value * value;
        for (let r = s + 1; r < size; r++) x[at + r] = x[at + r]! - panels[column + r]! * value;
        let below = size;
        for (let y = lNeighbourStart[t]!; y < lNeighbourStart[t + 1]!; y++) {
          const other = lNeighbour[y]!;
          for (let c = position[other]!; c < position[other + 1]!; c++, below++) x[c] = x[c]! - panels[column + below]! * value;
        }
        for (let y = lRootStart[t]!; y < lRootStart[t + 1]!; y++, below++) {
          x[root + lRoot[y]!] = x[root + lRoot[y]!]! - panels[column + below]! * value;
        }
      }
    }
    const list = [...last];
    for (const b of list) {
      const xb = x[b]!;
      if (xb === 0) continue;
      const column = (b - origin) * order - origin;
      for (const a of list) total += x[a]! * stored[column + a]! * xb;
    }
    for (const b of list) x[b] = 0;
    return total;
  };
}

/** The inverse's block of the nodes from one on; full, column-major. */
function storedInverse({ structure, panels, dense }: Factor, from: number): Float64Array {
  const { groups, sparseCount, nodeGroup, position, q, rootSize, lStart, lLd, lNeighbourStart, lNeighbour, lRootStart, lRoot } = structure;
  const origin = position[from]!;
  const order = q - origin;
  const root = position[sparseCount]! - origin;
  const c = new Float64Array(order * order);
  if (rootSize > 0) {
    const inverse = dense.inverse(rootSize);
    for (let j = 0; j < rootSize; j++) c.set(inverse.subarray(j * rootSize, (j + 1) * rootSize), (root + j) * order + root);
  }
  for (let t = sparseCount - 1; t >= from; t--) {
    const { size } = groups[nodeGroup[t]!]!;
    const ld = lLd[t]!;
    const at = position[t]! - origin;
    const rows: number[] = [];
    for (let y = lNeighbourStart[t]!; y < lNeighbourStart[t + 1]!; y++) {
      for (let r = position[lNeighbour[y]!]!; r < position[lNeighbour[y]! + 1]!; r++) rows.push(r - origin);
    }
    for (let y = lRootStart[t]!; y < lRootStart[t + 1]!; y++) rows.push(root + lRoot[y]!);
    const below = rows.length;
    // V = L_Rt L_tt^-1
    const v = new Float64Array(below * size);
    for (let s = size - 1; s >= 0; s--) {
      const column = lStart[t]! + s * ld;
      for (let r = 0; r < below; r++) {
        let sum = panels[column + size + r]!;
        for (let o = s + 1; o < size; o++) sum -= panels[column + o]! * v[o * below + r]!;
        v[s * below + r] = sum / panels[column + s]!;
      }
    }
    for (let s = 0; s < size; s++) {
      const into = (at + s) * order;
      for (let r = 0; r < below; r++) {
        const by = v[s * below + r]!;
        if (by === 0) continue;
        const column = rows[r]! * order;
        for (let j = at + size; j < order; j++) c[into + j] = c[into + j]! - by * c[column + j]!;
      }
    }
    const l = new Float64Array(size * size);
    for (let b = 0; b < size; b++) for (let a = b; a < size; a++) l[b * size + a] = panels[lStart[t]! + b * ld + a]!;
    const inverse = invertLower(l, size);
    for (let b = 0; b < size; b++) {
      for (let a = 0; a < size; a++) {
        let sum = 0;
        for (let k = Math.max(a, b); k < size; k++) sum += inverse[a * size + k]! * inverse[b * size + k]!;
        for (let r = 0; r < below; r++) sum -= v[a * below + r]! * c[(at + b) * order + rows[r]!]!;
        c[(at + b) * order + at + a] = sum;
      }
      for (let j = at + size; j < order; j++) c[j * order + at + b] = c[(at + b) * order + j]!;
    }
  }
  return c;
}
