/**
 * The product of factors: every combination of levels that occurs is a level, ordered by the first factor's levels, then
 * the second's, and so on. Codes are integers throughout; no strings are made for the n rows.
 *
 * Pairs (a, b) are ranked by counting: in a table of all pairs where that is small, else by two stable counting sorts (first by b, then by a), which
 * take time n + (levels of a) + (levels of b) however many pairs there are.
 */
import type { FactorValue } from "./values.js";

/** `codes[i]` is row i's combination (-1: missing); combination k is level `parts[j][k]` of factor j. */
export interface ProductCodes {
  readonly codes: Int32Array;
  readonly parts: readonly Int32Array[];
}

/**
 * a = x x y and b = p q p give the codes 0 1 2 and the parts 0 0 1 and 0 1 0.
 *
 * @param factors at least one, all of n rows
 */
export function productCodes(factors: readonly FactorValue[]): ProductCodes {
  const first = factors[0]!;
  let codes = first.codes;
  let parts: Int32Array[] = [Int32Array.from(first.levels, (_, code) => code)];
  for (const factor of factors.slice(1)) {
    const pair = pairCodes(codes, parts[0]!.length, factor.codes, factor.levels.length);
    parts = [...parts.map((part) => pair.a.map((code) => part[code]!)), pair.b];
    codes = pair.codes;
  }
  return { codes, parts };
}

interface PairCodes {
  readonly codes: Int32Array;
  /** For each pair its code in the first and in the second factor. */
  readonly a: Int32Array;
  readonly b: Int32Array;
}

function pairCodes(a: Int32Array, countA: number, b: Int32Array, countB: number): PairCodes {
  return countA * countB <= 8 * a.length + 4096 ? pairsByTable(a, countA, b, countB) : pairsBySorting(a, countA, b, countB);
}

function pairsByTable(a: Int32Array, countA: number, b: Int32Array, countB: number): PairCodes {
  const n = a.length;
  const rank = new Int32Array(countA * countB);
  for (let i = 0; i < n; i++) if (a[i]! >= 0 && b[i]! >= 0) rank[a[i]! * countB + b[i]!] = 1;
  const keys: number[] = [];
  for (let key = 0; key < rank.length; key++) if (rank[key] === 1) rank[key] = keys.push(key) - 1;
  const codes = new Int32Array(n);
  for (let i = 0; i < n; i++) codes[i] = a[i]! >= 0 && b[i]! >= 0 ? rank[a[i]! * countB + b[i]!]! : -1;
  return { codes, a: Int32Array.from(keys, (key) => Math.floor(key / countB)), b: Int32Array.from(keys, (key) => key % countB) };
}

function pairsBySorting(a: Int32Array, countA: number, b: Int32Array, countB: number): PairCodes {
  const n = a.length;
  const present = new Int32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) if (a[i]! >= 0 && b[i]! >= 0) present[count++] = i;
  const order = countingSort(countingSort(present.subarray(0, count), b, countB), a, countA);
  const codes = new Int32Array(n).fill(-1);
  const inA: number[] = [];
  const inB: number[] = [];
  for (let k = 0; k < count; k++) {
    const i = order[k]!;
    const last = inA.length - 1;
    if (last < 0 || inA[last] !== a[i] || inB[last] !== b[i]) {
      inA.push(a[i]!);
      inB.push(b[i]!);
    }
    codes[i] = inA.length - 1;
  }
  return { codes, a: Int32Array.from(inA), b: Int32Array.from(inB) };
}

/** `rows` ordered by `codes[row]`, rows of one code in the order they had. */
function countingSort(rows: Int32Array, codes: Int32Array, count: number): Int32Array {
  const start = new Int32Array(count + 1);
  for (let k = 0; k < rows.length; k++) start[codes[rows[k]!]! + 1]!++;
  for (let code = 0; code < count; code++) start[code + 1]! += start[code]!;
  const sorted = new Int32Array(rows.length);
  for (let k = 0; k < rows.length; k++) sorted[start[codes[rows[k]!]!]!++] = rows[k]!;
  return sorted;
}
