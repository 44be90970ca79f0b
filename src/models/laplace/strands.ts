/**
 * The rows' side of the random effects. A *strand* is one way from rows to nodes: a grouping factor's levels, or one member of a
 * multiple-membership factor. With them the blocks of
 *
 *   sum_ab Z_a' W_ab Z_b
 *
 * are filled again and again with new weights, without looking anything up: where a row's block stands is remembered.
 */
import type { Gram } from "../blocks/gram.js";
import type { Structure } from "../blocks/structure.js";
import type { RandomColumn } from "../blocks/whitening.js";
import { pairOf } from "./row-model.js";

export interface Strand {
  readonly group: number;
  readonly predictor: number;
  readonly size: number;
  /** n: elimination index of the row's node; -1 for none. */
  readonly node: Int32Array;
  /** n: first component of the node in vectors of length q; -1 for none. */
  readonly position: Int32Array;
  /** S columns of n values or constants, the share of a membership multiplied in. */
  readonly columns: readonly RandomColumn[];
}

/** Two strands (or one with itself) and where the rows' common blocks begin. */
export interface StrandPair {
  readonly first: Strand;
  readonly second: Strand;
  /** n: start of the block in the Gram panels; -1 where the row has none. */
  readonly at: Int32Array;
  /** n: leading dimension there; null where both strands are scalar. */
  readonly ld: Int32Array | null;
  /** n: 1 where the first strand's node is the earlier one (its columns are the block's columns); null for a strand with itself. */
  readonly firstEarlier: Uint8Array | null;
}

export interface Strands {
  readonly strands: readonly Strand[];
  readonly pairs: readonly StrandPair[];
}

export function strandsOf(structure: Structure, groupPredictor: Int32Array, n: number): Strands {
  const { groups, nodeOf, position } = structure;
  const strands: Strand[] = [];
  groups.forEach((group, k) => {
    const count = group.membership?.count ?? 1;
    for (let m = 0; m < count; m++) {
      const levelOf = group.membership === null ? group.levelOf : group.membership.levelOf.subarray(m * n, (m + 1) * n);
      const share = group.membership === null ? null : group.membership.weights.subarray(m * n, (m + 1) * n);
      const node = new Int32Array(n);
      const start = new Int32Array(n);
      for (let i = 0; i < n; i++) {
        const level = levelOf[i]!;
        node[i] = level < 0 ? -1 : nodeOf[k]![level]!;
        start[i] = level < 0 ? -1 : position[node[i]!]!;
      }
      const columns =
        share === null
          ? group.columns
          : group.columns.map((column) => share.map((part, i) => part * (typeof column === "number" ? column : column[i]!)));
      strands.push({ group: k, predictor: groupPredictor[k]!, size: group.size, node, position: start, columns });
    }
  });
  const pairs = strands.flatMap((first, x) => strands.slice(x).map((second) => pairOfStrands(structure, first, second, n)));
  return { strands, pairs };
}

function pairOfStrands(structure: Structure, first: Strand, second: Strand, n: number): StrandPair {
  const { aStart, aLd, aNeighbourStart, aNeighbour, aRow } = structure;
  const at = new Int32Array(n).fill(-1);
  const scalar = first.size === 1 && second.size === 1;
  const ld = scalar ? null : new Int32Array(n);
  const same = first === second;
  const firstEarlier = same ? null : new Uint8Array(n);
  // Most rows repeat the pair of nodes of the row before.
  let lastA = -1;
  let lastB = -1;
  let start = -1;
  for (let i = 0; i < n; i++) {
    const a = first.node[i]!;
    const b = second.node[i]!;
    if (a < 0 || b < 0) continue;
    const early = Math.min(a, b);
    const late = Math.max(a, b);
    if (a !== lastA || b !== lastB) {
      lastA = a;
      lastB = b;
      start = aStart[early]!;
      if (early !== late) {
        let lo = aNeighbourStart[early]!;
        let hi = aNeighbourStart[early + 1]!;
        while (lo < hi) {
          const middle = (lo + hi) >> 1;
          if (aNeighbour[middle]! < late) lo = middle + 1;
          else hi = middle;
        }
        start += aRow[lo]!;
      }
    }
    at[i] = start;
    if (ld !== null) ld[i] = aLd[early]!;
    if (firstEarlier !== null && a < b) firstEarlier[i] = 1;
  }
  return { first, second, at, ld, firstEarlier };
}

/** Z'WZ into the Gram blocks; `second` holds second derivatives of the log-likelihood, so that W = -second. */
export function fillGram(structure: Structure, { pairs }: Strands, second: readonly Float64Array[], n: number, gram: Gram): void {
  const a = gram.random;
  a.fill(0);
  for (const { first, second: other, at, ld, firstEarlier } of pairs) {
    const w = second[pairOf(first.predictor, other.predictor)]!;
    if (ld === null) {
      const x = first.columns[0]!;
      const y = other.columns[0]!;
      // The same node twice in one row (two members of one membership): both halves of the square.
      const own = firstEarlier === null;
      for (let i = 0; i < n; i++) {
        const to = at[i]!;
        if (to < 0) continue;
        const value = w[i]! * (typeof x === "number" ? x : x[i]!) * (typeof y === "number" ? y : y[i]!);
        a[to] = a[to]! - (own || first.node[i] !== other.node[i] ? value : 2 * value);
      }
      continue;
    }
    const rows = other.size;
    const columns = first.size;
    for (let i = 0; i < n; i++) {
      const to = at[i]!;
      if (to < 0) continue;
      const step = ld[i]!;
      const wi = -w[i]!;
      const own = firstEarlier === null;
      const doubled = !own && first.node[i] === other.node[i];
      const forward = own || firstEarlier[i] === 1;
      for (let s = 0; s < columns; s++) {
        const x = first.columns[s]!;
        const zs = wi * (typeof x === "number" ? x : x[i]!);
        for (let r = own ? s : 0; r < rows; r++) {
          const y = other.columns[r]!;
          const value = zs * (typeof y === "number" ? y : y[i]!);
          if (doubled) {
            a[to + s * step + r] = a[to + s * step + r]! + value;
            a[to + r * step + s] = a[to + r * step + s]! + value;
            continue;
          }
          const place = forward ? to + s * step + r : to + r * step + s;
          a[place] = a[place]! + value;
        }
      }
    }
  }
  mirrorOwnBlocks(structure, a);
}

/** Own blocks were summed in one triangle (row >= column). */
function mirrorOwnBlocks({ groups, nodeCount, nodeGroup, aStart, aLd }: Structure, a: Float64Array): void {
  for (let t = 0; t < nodeCount; t++) {
    const size = groups[nodeGroup[t]!]!.size;
    const start = aStart[t]!;
    const ld = aLd[t]!;
    for (let c = 0; c < size; c++) for (let r = c + 1; r < size; r++) a[start + r * ld + c] = a[start + c * ld + r]!;
  }
}

/** sum_c Z_c' v_c, q components. */
export function scoresOf({ strands }: Strands, v: readonly (Float64Array | null)[], n: number, q: number): Float64Array {
  const out = new Float64Array(q);
  for (const { predictor, position, columns } of strands) {
    const own = v[predictor];
    if (!own) continue;
    columns.forEach((column, s) => {
      for (let i = 0; i < n; i++) {
        const at = position[i]!;
        if (at >= 0) out[at + s] = out[at + s]! + own[i]! * (typeof column === "number" ? column : column[i]!);
      }
    });
  }
  return out;
}

/** into_c += Z_c b for the predictors that carry random effects. */
export function addRandom({ strands }: Strands, b: Float64Array, n: number, into: readonly Float64Array[]): void {
  for (const { predictor, position, columns } of strands) {
    const x = into[predictor]!;
    columns.forEach((column, s) => {
      for (let i = 0; i < n; i++) {
        const at = position[i]!;
        if (at >= 0) x[i] = x[i]! + b[at + s]! * (typeof column === "number" ? column : column[i]!);
      }
    });
  }
}

/**
 * Row by row h_ab = z_a C z_b' summed over strands: for predictors a <= b the leverages of the pair.
 *
 * @param c blocks of a symmetric matrix in the layout of the Gram panels, own blocks whole
 * @param into by pair of predictors (`pairOf`), n values each; only pairs with random effects are written
 */
export function leverages({ pairs }: Strands, c: Float64Array, n: number, into: readonly (Float64Array | null)[]): void {
  for (const array of into) array?.fill(0);
  for (const { first, second, at, ld, firstEarlier } of pairs) {
    const h = into[pairOf(first.predictor, second.predictor)]!;
    // Two strands of one predictor meet twice in z C z', those of two predictors once in h_ab.
    const own = firstEarlier === null;
    const times = own || first.predictor !== second.predictor ? 1 : 2;
    if (ld === null) {
      const x = first.columns[0]!;
      const y = second.columns[0]!;
      for (let i = 0; i < n; i++) {
        const from = at[i]!;
        if (from < 0) continue;
        h[i] = h[i]! + times * c[from]! * (typeof x === "number" ? x : x[i]!) * (typeof y === "number" ? y : y[i]!);
      }
      continue;
    }
    for (let i = 0; i < n; i++) {
      const from = at[i]!;
      if (from < 0) continue;
      const step = ld[i]!;
      const forward = own || firstEarlier[i] === 1 || first.node[i] === second.node[i];
      let sum = 0;
      for (let s = 0; s < first.size; s++) {
        const x = first.columns[s]!;
        const zs = typeof x === "number" ? x : x[i]!;
        for (let r = 0; r < second.size; r++) {
          const y = second.columns[r]!;
          sum += zs * (typeof y === "number" ? y : y[i]!) * c[forward ? from + s * step + r : from + r * step + s]!;
        }
      }
      h[i] = h[i]! + times * sum;
    }
  }
}
