/**
 * Which tables and columns are there: absent and unknown ones, and names that are most likely slips of the finger.
 */
import type { Table } from "../../data/table.js";
import { nearest, validateMessages } from "../../messages.js";
import { columnsOf, declarationOf, isTableName, type TableName, tableNames } from "../codebook/codebook.js";
import { type Problem, wholeProblem } from "./problem.js";

/**
 * @param tables by name, as they came
 * @param unreadable tables of which there is a file that could not be read: they are not called absent
 */
export function checkTables(tables: ReadonlyMap<string, Table<object>>, unreadable: ReadonlySet<string>): Problem[] {
  const absent = tableNames.filter((name) => !tables.has(name) && !unreadable.has(name) && declarationOf(name).kind !== "truth");
  const problems: Problem[] = [];
  for (const [name, table] of tables) {
    if (isTableName(name)) problems.push(...checkNames(name, table));
    else {
      const near = nearest(name, absent);
      problems.push(wholeProblem(near === null ? "remark" : "problem", "table", name, [], validateMessages.unknownTable(near)));
    }
  }
  const known = [...tables.keys(), ...unreadable].some(isTableName);
  if (!known) problems.push(wholeProblem("problem", "table", "", [], validateMessages.noTables(tableNames.length)));
  else if (absent.length > 0) problems.push(wholeProblem("remark", "table", "", [], validateMessages.absentTables(absent)));
  return problems;
}

/** Columns that are missing or unknown. Of a file that has none of its columns only this is told. */
function checkNames(name: TableName, table: Table<object>): Problem[] {
  const declared = columnsOf(name).map(([column]) => column);
  const absent = declared.filter((column) => !table.has(column));
  const unknown = table.columnNames.filter((column) => !declared.includes(column));
  if (absent.length === declared.length) {
    const delimiter = table.columnNames.length === 1 ? delimiterIn(table.columnNames[0]!, declared) : null;
    const told = delimiter === null ? validateMessages.noColumns(table.columnNames, declared) : validateMessages.wrongDelimiter(delimiter);
    return [wholeProblem("problem", delimiter === null ? "column" : "delimiter", name, [], told)];
  }
  const meant = new Map(absent.map((column) => [column, nearest(column, unknown)]));
  const misspelt = new Set(meant.values());
  return [
    ...absent.map((column) => wholeProblem("problem", "column", name, [column], validateMessages.absentColumn(meant.get(column) ?? null))),
    ...unknown
      .filter((column) => !misspelt.has(column))
      .map((column) => wholeProblem("remark", "column", name, [column], validateMessages.unknownColumn())),
  ];
}

/** What stands between two column names in a header that was taken for one name. */
function delimiterIn(header: string, columns: readonly string[]): string | null {
  for (const column of columns) {
    if (!header.startsWith(column)) continue;
    const found = /^[^\w]/.exec(header.slice(column.length));
    if (found !== null && header.split(found[0]).filter((part) => columns.includes(part.trim())).length > 1) return found[0];
  }
  return null;
}
