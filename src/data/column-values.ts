/**
 * What holds for a column of any kind: how long it is, whether a cell is missing, the cell as a plain value, some of its rows.
 *
 * One policy for missing values: NaN in numbers, code -1 in factors, -1 in booleans, null in text; as a plain value null.
 */
import type { Column } from "./column.js";

/** A cell as a plain value. */
export type Cell = number | string | boolean | null;

/** The number of rows. */
export function columnLength(column: Column): number {
  return column.kind === "factor" ? column.codes.length : column.values.length;
}

/** Whether row `row` (0-based) is missing. */
export function isMissing(column: Column, row: number): boolean {
  switch (column.kind) {
    case "number":
      return Number.isNaN(column.values[row]);
    case "factor":
      return column.codes[row]! < 0;
    case "boolean":
      return column.values[row]! < 0;
    case "text":
      return column.values[row] === null;
  }
}

/**
 * Row `row` (0-based) as a plain value; null where it is missing.
 *
 * @example cellOf({ kind: "boolean", name: "b", values: Int8Array.of(1, -1) }, 0) // => true
 */
export function cellOf(column: Column, row: number): Cell {
  if (isMissing(column, row)) return null;
  switch (column.kind) {
    case "number":
      return column.values[row]!;
    case "factor":
      return column.levels[column.codes[row]!]!;
    case "boolean":
      return column.values[row] === 1;
    case "text":
      return column.values[row]!;
  }
}

/** How many rows are missing. */
export function countMissing(column: Column): number {
  let count = 0;
  const n = columnLength(column);
  for (let i = 0; i < n; i++) if (isMissing(column, i)) count++;
  return count;
}

/**
 * The column over other rows: `result[k] = column[rows[k]]`, missing where `rows[k]` is -1. A factor keeps all its levels.
 *
 * @param rows 0-based row indices, in any order, repeated or not
 * @example takeRows({ kind: "text", name: "t", values: ["a", "b"] }, [1, -1]) // => { kind: "text", name: "t", values: ["b", null] }
 */
export function takeRows(column: Column, rows: ArrayLike<number>): Column {
  const n = rows.length;
  switch (column.kind) {
    case "number": {
      const values = new Float64Array(n);
      for (let k = 0; k < n; k++) values[k] = rows[k]! < 0 ? Number.NaN : column.values[rows[k]!]!;
      return { ...column, values };
    }
    case "factor": {
      const codes = new Int32Array(n);
      for (let k = 0; k < n; k++) codes[k] = rows[k]! < 0 ? -1 : column.codes[rows[k]!]!;
      return { ...column, codes };
    }
    case "boolean": {
      const values = new Int8Array(n);
      for (let k = 0; k < n; k++) values[k] = rows[k]! < 0 ? -1 : column.values[rows[k]!]!;
      return { ...column, values };
    }
    case "text":
      return { ...column, values: Array.from(rows, (row) => (row < 0 ? null : column.values[row]!)) };
  }
}
