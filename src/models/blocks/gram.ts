/**
 * The Gram blocks A = [Z X y]' W [Z X y], computed once from the rows; an evaluation of the criterion never touches them.
 *
 * Sums go column by column over the rows, so that each column is read in order.
 */
import { crossProducts, crossRow, weightedColumns } from "../linalg/cross-products.js";
import type { Structure } from "./structure.js";

export interface Gram {
  /** Panels of the structure: own block (full S x S), neighbour blocks, b rows of X and y. */
  readonly random: Float64Array;
  /** b x b column-major, both triangles: cross-products of X and y. */
  readonly fixed: Float64Array;
}

/**
 * @param columns b columns of n values: X, then y
 * @param weights prior weights, null for none
 */
export function buildGram(structure: Structure, columns: readonly Float64Array[], weights: Float64Array | null): Gram {
  const { groups, aStart, aLd, nodeOf } = structure;
  const n = columns[0]!.length;
  const random = new Float64Array(structure.aLength);
  const weighted = weightedColumns(columns, weights);
  groups.forEach((group, k) => {
    const size = group.size;
    const start = Int32Array.from(nodeOf[k]!, (t) => aStart[t]!);
    const ld = Int32Array.from(nodeOf[k]!, (t) => aLd[t]!);
    for (const membership of memberships(group.levelOf, group.membership)) {
      const { levelOf, share } = membership;
      for (let s = 0; s < size; s++) {
        const z = times(group.columns[s]!, share, n);
        // own block
        for (let r = 0; r <= s; r++) {
          const other = times(times(times(group.columns[r]!, share, n), z, n), weights ?? 1, n);
          addByLevel(random, start, ld, s, r, levelOf, other, n);
        }
      }
    }
    // own block: the other triangle
    for (let level = 0; level < group.levelCount; level++) {
      const at = start[level]!;
      for (let s = 0; s < size; s++) for (let r = 0; r < s; r++) random[at + r * ld[level]! + s] = random[at + s * ld[level]! + r]!;
    }
  });
  addFixedRows(structure, random, weighted, 0);
  addNeighbourBlocks(structure, random, weights, n);
  const b = columns.length;
  const p = b - 1;
  const fixed = new Float64Array(b * b);
  const ofX = crossProducts(columns.slice(0, p), weighted.slice(0, p), n);
  for (let j = 0; j < p; j++) fixed.set(ofX.subarray(j * p, (j + 1) * p), j * b);
  setResponseRow(fixed, columns, weighted[p]!);
  return { random, fixed };
}

/** [X y]'W y as last row and column of the b x b cross-products. */
function setResponseRow(fixed: Float64Array, columns: readonly Float64Array[], weighted: Float64Array): void {
  const b = columns.length;
  crossRow(columns, weighted).forEach((value, k) => {
    fixed[(b - 1) * b + k] = value;
    fixed[k * b + b - 1] = value;
  });
}

/**
 * Puts another response in the place of the one that the blocks were built from: only the rows of y are made anew, with the
 * numbers, bit for bit, that `buildGram` would give.
 *
 * @param columns b columns of n values: X as before, then the new y
 */
export function replaceResponse(structure: Structure, gram: Gram, columns: readonly Float64Array[], weights: Float64Array | null): void {
  const { b, nodeCount, nodeGroup, groups, aStart, aLd } = structure;
  const { random, fixed } = gram;
  const y = columns[b - 1]!;
  const weighted = Array<Float64Array>(b).fill(weightedColumns([y], weights)[0]!);
  for (let t = 0; t < nodeCount; t++) {
    const ld = aLd[t]!;
    for (let s = 0; s < groups[nodeGroup[t]!]!.size; s++) random[aStart[t]! + (s + 1) * ld - 1] = 0;
  }
  addFixedRows(structure, random, weighted, b - 1);
  setResponseRow(fixed, columns, weighted[b - 1]!);
}

/** X'WZ and y'WZ: the rows at the end of each panel, from column `first` of [X y] on. */
function addFixedRows(structure: Structure, random: Float64Array, weighted: readonly Float64Array[], first: number): void {
  const { groups, b, aStart, aLd, nodeOf } = structure;
  const n = weighted[first]!.length;
  groups.forEach((group, k) => {
    const start = Int32Array.from(nodeOf[k]!, (t) => aStart[t]!);
    const ld = Int32Array.from(nodeOf[k]!, (t) => aLd[t]!);
    for (const { levelOf, share } of memberships(group.levelOf, group.membership)) {
      for (let s = 0; s < group.size; s++) {
        const z = times(group.columns[s]!, share, n);
        for (let j = first; j < b; j++) addBottom(random, start, ld, s, b - j, levelOf, weighted[j]!, z, n);
      }
    }
  });
}

interface Membership {
  readonly levelOf: Int32Array;
  /** n factors on the random columns; 1 for an ordinary factor. */
  readonly share: Float64Array | number;
}

/** An ordinary factor is one membership with weight one. */
function memberships(
  levelOf: Int32Array,
  membership: { readonly count: number; readonly levelOf: Int32Array; readonly weights: Float64Array } | null,
): Membership[] {
  if (membership === null) return [{ levelOf, share: 1 }];
  const n = membership.levelOf.length / membership.count;
  return Array.from({ length: membership.count }, (_, j) => ({
    levelOf: membership.levelOf.subarray(j * n, (j + 1) * n),
    share: membership.weights.subarray(j * n, (j + 1) * n),
  }));
}

function times(a: Float64Array | number, b: Float64Array | number, n: number): Float64Array | number {
  if (typeof a === "number" && typeof b === "number") return a * b;
  if (a === 1) return b;
  if (b === 1) return a;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = (typeof a === "number" ? a : a[i]!) * (typeof b === "number" ? b : b[i]!);
  return out;
}

/** A[level][row, column] += value. */
function addByLevel(
  into: Float64Array,
  start: Int32Array,
  ld: Int32Array,
  column: number,
  row: number,
  levelOf: Int32Array,
  value: Float64Array | number,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    const level = levelOf[i]!;
    if (level < 0) continue;
    const at = start[level]! + column * ld[level]! + row;
    into[at] = into[at]! + (typeof value === "number" ? value : value[i]!);
  }
}

/** A[level][ld - fromEnd, column] += x z: the rows of X and y stand at the end of a panel. */
function addBottom(
  into: Float64Array,
  start: Int32Array,
  ld: Int32Array,
  column: number,
  fromEnd: number,
  levelOf: Int32Array,
  x: Float64Array,
  z: Float64Array | number,
  n: number,
): void {
  const where = new Int32Array(start.length);
  for (let level = 0; level < start.length; level++) where[level] = start[level]! + (column + 1) * ld[level]! - fromEnd;
  if (typeof z === "number") {
    for (let i = 0; i < n; i++) {
      const level = levelOf[i]!;
      if (level >= 0) into[where[level]!] = into[where[level]!]! + z * x[i]!;
    }
  } else {
    for (let i = 0; i < n; i++) {
      const level = levelOf[i]!;
      if (level >= 0) into[where[level]!] = into[where[level]!]! + z[i]! * x[i]!;
    }
  }
}

/** Blocks between different nodes of one row: two factors, or two members of one multiple-membership factor. */
function addNeighbourBlocks(structure: Structure, random: Float64Array, weights: Float64Array | null, n: number): void {
  const { groups } = structure;
  for (let k = 0; k < groups.length; k++) {
    const first = memberships(groups[k]!.levelOf, groups[k]!.membership);
    for (let l = k; l < groups.length; l++) {
      const second = l === k ? first : memberships(groups[l]!.levelOf, groups[l]!.membership);
      for (let x = 0; x < first.length; x++) {
        for (let y = l === k ? x + 1 : 0; y < second.length; y++) addPairBlocks(structure, random, weights, n, k, first[x]!, l, second[y]!);
      }
    }
  }
}

function addPairBlocks(
  structure: Structure,
  random: Float64Array,
  weights: Float64Array | null,
  n: number,
  k: number,
  first: Membership,
  l: number,
  second: Membership,
): void {
  const { groups, nodeOf, aStart, aLd } = structure;
  const a = groups[k]!;
  const c = groups[l]!;
  // Most rows repeat the pair of nodes of the row before.
  let lastA = -1;
  let lastC = -1;
  let at = 0;
  let ld = 0;
  let aFirst = true;
  for (let i = 0; i < n; i++) {
    const levelA = first.levelOf[i]!;
    const levelC = second.levelOf[i]!;
    if (levelA < 0 || levelC < 0) continue;
    if (levelA !== lastA || levelC !== lastC) {
      lastA = levelA;
      lastC = levelC;
      const ta = nodeOf[k]![levelA]!;
      const tc = nodeOf[l]![levelC]!;
      aFirst = ta < tc;
      const early = Math.min(ta, tc);
      ld = aLd[early]!;
      at = aStart[early]! + blockRow(structure, early, Math.max(ta, tc));
    }
    const w = (weights === null ? 1 : weights[i]!) * shareAt(first.share, i) * shareAt(second.share, i);
    if (w === 0) continue;
    for (let s = 0; s < a.size; s++) {
      const zs = w * valueAt(a.columns[s]!, i);
      for (let r = 0; r < c.size; r++) {
        const value = zs * valueAt(c.columns[r]!, i);
        if (aFirst) random[at + s * ld + r] = random[at + s * ld + r]! + value;
        else random[at + r * ld + s] = random[at + r * ld + s]! + value;
      }
    }
  }
}

/** Row of the later node's block in the earlier node's panel. */
function blockRow({ aNeighbourStart, aNeighbour, aRow }: Structure, early: number, late: number): number {
  let lo = aNeighbourStart[early]!;
  let hi = aNeighbourStart[early + 1]!;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (aNeighbour[middle]! < late) lo = middle + 1;
    else hi = middle;
  }
  return aRow[lo]!;
}

function shareAt(share: Float64Array | number, i: number): number {
  return typeof share === "number" ? share : share[i]!;
}

function valueAt(column: Float64Array | number, i: number): number {
  return typeof column === "number" ? column : column[i]!;
}
