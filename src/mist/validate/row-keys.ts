/**
 * Rows by their keys. A key is one or several columns; two rows have the same key where their cells agree as text in every column,
 * so that 3 in a numeric column is "3" in a factor. Keys are numbers throughout: each column's cells are coded once, and the code of
 * the first k columns is combined with that of the next, so that no string is built for a row and "a" | "b|c" differs from "a|b" | "c".
 */
import type { Column } from "../../data/column.js";
import { columnLength } from "../../data/column-values.js";

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
  let groups: Int32Array = new Int32Array(n);
  let firstRows: number[] = [];
  columns.forEach((column, k) => {
    const { codes, levels } = coded(column);
    const ofMissing = missingCounts[k] === true ? levels.length : -1;
    const size = levels.length + 1;
    const codeOf = new Map<number, number>();
    const next = new Int32Array(n).fill(-1);
    firstRows = [];
    for (let row = 0; row < n; row++) {
      const part = codes[row]! < 0 ? ofMissing : codes[row]!;
      if (groups[row]! < 0 || part < 0) continue;
      const group = codeIn(codeOf, groups[row]! * size + part);
      if (group === firstRows.length) firstRows.push(row);
      next[row] = group;
    }
    groups = next;
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
  let matched: Int32Array = new Int32Array(n);
  let groups: Int32Array = new Int32Array(m);
  own.forEach((column, k) => {
    const mine = coded(column);
    const theirs = coded(other[k]!);
    const size = theirs.levels.length;
    const codeOf = new Map<number, number>();
    groups = groups.map((group, row) => {
      const part = theirs.codes[row]!;
      return group < 0 || part < 0 ? -1 : codeIn(codeOf, group * size + part);
    });
    const position = new Map(theirs.levels.map((level, code) => [level, code]));
    const translated = Int32Array.from(mine.levels, (level) => position.get(level) ?? -1);
    matched = matched.map((before, row) => {
      const code = mine.codes[row]!;
      if (code < 0 || before === NO_KEY) return NO_KEY;
      const part = translated[code]!;
      if (part < 0 || before === NO_MATCH) return NO_MATCH;
      return codeOf.get(before * size + part) ?? NO_MATCH;
    });
  });
  const firstRow = new Map<number, number>();
  groups.forEach((group, row) => {
    if (group >= 0 && !firstRow.has(group)) firstRow.set(group, row);
  });
  return matched.map((group) => (group < 0 ? group : firstRow.get(group)!));
}
