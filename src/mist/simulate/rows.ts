/**
 * Rows of one district by table, while they are made and as they are handed out.
 */
import { type StudyRows, type TableName, tableNames } from "../codebook/codebook.js";

/** The rows of every table; a table may have none. */
export type StudyRowsByTable = { readonly [N in TableName]: StudyRows[N][] };

export function emptyRows(): StudyRowsByTable {
  return Object.fromEntries(tableNames.map((name) => [name, []])) as unknown as StudyRowsByTable;
}

/** Keeps the rows that `keep` wants, in their order, in the same array. */
export function keepRows<R>(rows: R[], keep: (row: R) => boolean): void {
  let kept = 0;
  for (const row of rows) if (keep(row)) rows[kept++] = row;
  rows.length = kept;
}
