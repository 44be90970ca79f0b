/**
 * Some rows of a table. Factors keep all their levels; `dropUnusedLevels` drops those that are gone.
 */
import { DataError, dataMessages } from "../messages.js";
import { takeRows } from "./column-values.js";
import { rowReader } from "./row-reader.js";
import { Table } from "./table.js";

/**
 * @param rows a predicate of a row (missing cells are null; the row object is reused, so do not keep it) and its 0-based
 *   index, or the indices themselves, in any order, repeated or not
 * @throws DataError for an index outside the table
 * @example filter(Table.from({ x: [1, 2, 3] }), (row) => row.x > 1).rowCount // => 2
 */
export function filter<Row extends object>(
  table: Table<Row>,
  rows: ((row: Row, index: number) => unknown) | ArrayLike<number>,
): Table<Row> {
  const kept = typeof rows === "function" ? rowsWhere(table, rows) : checkedRows(table, rows);
  return Table.ofColumns<Row>(table.columns.map((column) => takeRows(column, kept)));
}

function rowsWhere<Row extends object>(table: Table<Row>, holds: (row: Row, index: number) => unknown): Int32Array {
  const kept = new Int32Array(table.rowCount);
  const reader = rowReader(table);
  let count = 0;
  for (let i = 0; i < table.rowCount; i++) {
    reader.moveTo(i);
    if (holds(reader.row, i)) kept[count++] = i;
  }
  return kept.subarray(0, count);
}

function checkedRows(table: Table<object>, rows: ArrayLike<number>): ArrayLike<number> {
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!;
    if (!Number.isInteger(row) || row < 0 || row >= table.rowCount) throw new DataError(dataMessages.noSuchRow(row, table.rowCount));
  }
  return rows;
}
