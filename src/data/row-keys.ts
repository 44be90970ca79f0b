/**
 * Rows by their keys. A key is one or several columns; two rows have the same key where their cells agree as text in every column,
 * so that 3 in a numeric column is "3" in a factor. Keys are numbers throughout: each column's cells are coded once, and the code of
 * the first k columns is combined with that of the next, so that no string is built for a row and "a" | "b|c" differs from "a|b" | "c".
 */
import type { Column } from "./column.js";
import { columnLength } from "./column-values.js";

/** A row whose key has a missing part. */
export const NO_KEY = -1;
/** A row whose key no row of the other table has. */
export const NO_MATCH = -2;

interface Coded {
  /** Code -1 is missing. */
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

/** The distinct values in order of first occurrence (a factor's levels as they are), and each row's. */
function coded(column: Column): Coded {
  switch (column.kind) {
    case "factor":
      return { codes: column.codes, levels: column.levels };
    case "boolean":
      return { codes: Int32Array.from(column.values), levels: ["false", "true"] };
    case "number": {
      const codeOf = new Map<number, number>();
      const codes = Int32Array.from(column.values, (value) => (Number.isNaN(value) ? -1 : codeIn(codeOf, value)));
      return { codes, levels: Array.from(codeOf.keys(), String) };
    }
    case "text": {
      const codeOf = new Map<string, number>();
      const codes = Int32Array.from(column.values, (value) => (value === null ? -1 : codeIn(codeOf, value)));
      return { codes, levels: [...codeOf.keys()] };
    }
  }
}

function codeIn<K>(codeOf: Map<K, number>, key: K): number {
  let code = codeOf.get(key);
  if (code === undefined) {
    code = codeOf.size;
    codeOf.set(key, code);
  }
  return code;
}

/** Pairs of codes and a code for each pair, in the order in which they were added: open addressing with linear probing. */
interface PairCodes {
  readonly slots: Int32Array;
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
  count: number;
}

/** @param most how many pairs there will be at most */
function pairCodes(most: number): PairCodes {
  let size = 16;
  while (size < 2 * most) size *= 2;
  return { slots: new Int32Array(size), firsts: new Int32Array(most), seconds: new Int32Array(most), count: 0 };
}

/** The slot that holds the pair, or the empty one where it belongs. */
function slotOf({ slots, firsts, seconds }: PairCodes, first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  const mask = slots.length - 1;
  let slot = (hash ^ (hash >>> 13)) & mask;
  for (let code = slots[slot]! - 1; code >= 0; code = slots[slot]! - 1) {
    if (firsts[code] === first && seconds[code] === second) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

function added(pairs: PairCodes, first: number, second: number): number {
  const slot = slotOf(pairs, first, second);
  if (pairs.slots[slot] === 0) {
    pairs.firsts[pairs.count] = first;
    pairs.seconds[pairs.count] = second;
    pairs.slots[slot] = ++pairs.count;
  }
  return pairs.slots[slot]! - 1;
}

/** Rows that share a key. */
export interface KeyGroups {
  /** One a row: its group, in order of first occurrence; -1 where a part of the key is missing. */
  readonly codes: Int32Array;
  /** One a group: the first row that has the key. */
  readonly firstRows: Int32Array;
}

/**
 * Groups rows by a key.
 *
 * @param columns the key, at least one column
 * @param missingCounts one a column: whether a missing cell is a value of its own; default false throughout
 * @example keyGroups([{ kind: "text", name: "id", values: ["b", null, "b"] }]).codes // => Int32Array [0, -1, 0]
 */
export function keyGroups(columns: readonly Column[], missingCounts: readonly boolean[] = []): KeyGroups {
  const n = columns.length === 0 ? 0 : columnLength(columns[0]!);
  const groups = new Int32Array(n);
  const firstRows: number[] = [];
  columns.forEach((column, k) => {
    const { codes, levels } = coded(column);
    const ofMissing = missingCounts[k] === true ? levels.length : -1;
    const pairs = pairCodes(n);
    firstRows.length = 0;
    for (let row = 0; row < n; row++) {
      const part = codes[row]! < 0 ? ofMissing : codes[row]!;
      if (groups[row]! < 0 || part < 0) groups[row] = -1;
      else {
        groups[row] = added(pairs, groups[row]!, part);
        if (pairs.count > firstRows.length) firstRows.push(row);
      }
    }
  });
  return { codes: groups, firstRows: Int32Array.from(firstRows) };
}

/**
 * For each row the row of another table that has the same key; of several the first.
 *
 * @param own the key's columns, @param other the other table's, as many
 * @returns 0-based rows; NO_KEY where a part of the key is missing, NO_MATCH where no row has it
 * @example matchRows([{ kind: "text", name: "id", values: ["b", null, "c"] }], [{ kind: "text", name: "key", values: ["a", "b"] }]) // => Int32Array [1, -1, -2]
 */
export function matchRows(own: readonly Column[], other: readonly Column[]): Int32Array {
  const n = own.length === 0 ? 0 : columnLength(own[0]!);
  const m = other.length === 0 ? 0 : columnLength(other[0]!);
  const matched = new Int32Array(n);
  const groups = new Int32Array(m);
  own.forEach((column, k) => {
    const mine = coded(column);
    const theirs = coded(other[k]!);
    const pairs = pairCodes(m);
    for (let row = 0; row < m; row++) {
      const part = theirs.codes[row]!;
      groups[row] = groups[row]! < 0 || part < 0 ? -1 : added(pairs, groups[row]!, part);
    }
    const position = new Map(theirs.levels.map((level, code) => [level, code]));
    const translated = Int32Array.from(mine.levels, (level) => position.get(level) ?? -1);
    for (let row = 0; row < n; row++) {
      const code = mine.codes[row]!;
      if (code < 0 || matched[row] === NO_KEY) matched[row] = NO_KEY;
      else if (translated[code]! < 0 || matched[row] === NO_MATCH) matched[row] = NO_MATCH;
      else {
        const found = pairs.slots[slotOf(pairs, matched[row]!, translated[code]!)]! - 1;
        matched[row] = found < 0 ? NO_MATCH : found;
      }
    }
  });
  const firstRow = new Int32Array(m).fill(-1);
  for (let row = m - 1; row >= 0; row--) if (groups[row]! >= 0) firstRow[groups[row]!] = row;
  return matched.map((group) => (group < 0 ? group : firstRow[group]!));
}
