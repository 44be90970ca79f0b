/**
 * One row of a table as an object for predicates and formulas of the user: one object for all rows, whose properties read the
 * row that it stands on.
 */
import { cellOf } from "./column-values.js";
import type { Table } from "./table.js";

/** A view on the table's rows. It is reused: what must outlast a call has to be copied out of it. */
export interface RowReader<Row extends object> {
  readonly row: Row;
  /** Puts the view on row `index` (0-based). */
  moveTo(index: number): void;
}

/** Cells are plain values; missing ones are null. */
export function rowReader<Row extends object>(table: Table<Row>): RowReader<Row> {
  let at = 0;
  const row = {};
  for (const column of table.columns) Object.defineProperty(row, column.name, { get: () => cellOf(column, at), enumerable: true });
  return {
    row: row as Row,
    moveTo(index: number): void {
      at = index;
    },
  };
}
