/**
 * A column that a table has itself or through its foreign keys: the district of a lesson stands with the lesson's teacher, the cycle
 * of a rating with its lesson. Of several ways the shortest counts.
 */
import type { Column } from "../../data/column.js";
import { cellOf, takeRows } from "../../data/column-values.js";
import { matchRows } from "../../data/row-keys.js";
import type { Table } from "../../data/table.js";
import { declarationOf, isTableName, type TableName } from "../codebook/codebook.js";
import type { ForeignKey } from "../codebook/declaration.js";
import type { Study } from "../codebook/study.js";

/** How many tables away a column is looked for. */
const FARTHEST = 3;

/**
 * One cell a row of the table, missing where a key leads nowhere.
 *
 * @returns null where no foreign key leads to such a column
 * @example inheritedColumn(studyFrom({}), "lessons", "district_id") // => null
 */
export function inheritedColumn(study: Study, table: TableName, column: string): Column | null {
  for (let steps = 0; steps <= FARTHEST; steps++) {
    const found = within(study, table, column, steps);
    if (found !== null) return found;
  }
  return null;
}

function within(study: Study, name: TableName, column: string, steps: number): Column | null {
  const table = tableOf(study, name);
  if (table === null) return null;
  if (table.has(column)) return table.column(column);
  if (steps === 0) return null;
  for (const key of declarationOf(name).foreignKeys ?? []) {
    const found = through(study, table, key, column, steps - 1);
    if (found !== null) return found;
  }
  return null;
}

/** A key into one of several tables gives each row the cell of the table that has it. */
function through(study: Study, table: Table<object>, { columns, references }: ForeignKey, column: string, steps: number): Column | null {
  if (!columns.every((name) => table.has(name))) return null;
  const own = columns.map((name) => table.column(name));
  const found = references.flatMap((reference): Column[] => {
    const target = isTableName(reference.table) ? tableOf(study, reference.table) : null;
    if (target === null || !isTableName(reference.table) || !reference.columns.every((name) => target.has(name))) return [];
    const theirs = within(study, reference.table, column, steps);
    const rows = (): Int32Array =>
      matchRows(
        own,
        reference.columns.map((name) => target.column(name)),
      );
    return theirs === null ? [] : [takeRows(theirs, rows())];
  });
  if (found.length <= 1) return found[0] ?? null;
  const values = Array.from({ length: table.rowCount }, (_, row) => {
    const cell = found.map((candidate) => cellOf(candidate, row)).find((value) => value !== null);
    return cell === undefined ? null : String(cell);
  });
  return { kind: "text", name: column, values };
}

function tableOf(study: Study, name: TableName): Table<object> | null {
  const table: Study[TableName] = study[name];
  return table ?? null;
}
