/** Studies of a few rows: cells that a test does not name are null. */

import { Table } from "../../../src/data/table.js";
import { columnsOf, type StudyRows, type TableName } from "../../../src/mist/codebook/codebook.js";
import { conformTable, type Study } from "../../../src/mist/codebook/study.js";

export type PartialRows = { readonly [N in TableName]?: readonly Partial<StudyRows[N]>[] };

/** A study from rows with the cells that matter. */
export function studyOf(tables: PartialRows): Study {
  const made: Partial<Record<TableName, unknown>> = {};
  for (const [name, rows] of Object.entries(tables) as [TableName, readonly object[]][]) {
    const full = columnsOf(name).map(([column]) => [column, rows.map((row) => (row as Record<string, unknown>)[column] ?? null)] as const);
    made[name] = conformTable(name, Table.from(Object.fromEntries(full)));
  }
  return made as Study;
}

/** One column's cells of the row that a test asks for. */
export function cells(table: Table<object>, column: string): unknown[] {
  return table.toRows().map((row) => (row as Record<string, unknown>)[column]);
}

/** The rows with some columns only, numbers rounded to 10 decimals. */
export function pick(table: Table<object>, columns: readonly string[]): unknown[][] {
  return table.toRows().map((row) =>
    columns.map((column) => {
      const cell = (row as Record<string, unknown>)[column];
      return typeof cell === "number" ? Number(cell.toFixed(10)) : cell;
    }),
  );
}
