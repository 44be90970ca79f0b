/** Studies that several tests look at, made once; and rows of a table with their types. */
import { createHash } from "node:crypto";
import { formatTable } from "../../../src/io/csv-write.js";
import { type StudyRows, type TableName, tableNames } from "../../../src/mist/codebook/codebook.js";
import { tablesOf } from "../../../src/mist/simulate/collect.js";
import type { SimulateOptions } from "../../../src/mist/simulate/options.js";
import type { StudyRowsByTable } from "../../../src/mist/simulate/rows.js";
import { simulateDistricts } from "../../../src/mist/simulate/simulate.js";

const kept = new Map<string, StudyRowsByTable>();

/** All rows of a study, districts one after the other. */
export function rowsOf(options: SimulateOptions = {}): StudyRowsByTable {
  const name = JSON.stringify(options);
  let all = kept.get(name);
  if (all === undefined) {
    all = Object.fromEntries(tableNames.map((table) => [table, []])) as unknown as StudyRowsByTable;
    for (const { rows } of simulateDistricts(options)) {
      for (const table of tableNames) for (const row of rows[table]) (all[table] as object[]).push(row);
    }
    kept.set(name, all);
  }
  return all;
}

const tabulated = new WeakMap<StudyRowsByTable, ReturnType<typeof tablesOf>>();

function tabulate(rows: StudyRowsByTable): ReturnType<typeof tablesOf> {
  let tables = tabulated.get(rows);
  if (tables === undefined) {
    tables = tablesOf(rows);
    tabulated.set(rows, tables);
  }
  return tables;
}

/** CSV of one table, header included. */
export function csvOf(rows: StudyRowsByTable, table: TableName): string {
  return formatTable(tabulate(rows)[table]);
}

/** SHA-256 of every table's CSV. */
export function hashesOf(rows: StudyRowsByTable): Record<string, string> {
  const tables = tabulate(rows);
  return Object.fromEntries(tableNames.map((table) => [table, createHash("sha256").update(formatTable(tables[table])).digest("hex")]));
}

/** The share of the items for which something holds. */
export function shareOf<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length / items.length;
}

/** Counts by value. */
export function countsOf<T>(items: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** Mean and standard deviation. */
export function momentsOf(values: readonly number[]): { readonly mean: number; readonly sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

/** Teachers' codes of record. */
export function teacherViews(rows: StudyRowsByTable): StudyRows["vsmc_codes"][] {
  const role = new Map(rows.interviews.map((row) => [row.interview_id, row.role]));
  return rows.vsmc_codes.filter((row) => row.coding_order === 1 && role.get(row.interview_id) === "teacher");
}

/** Scores of record. */
export function records(rows: StudyRowsByTable): StudyRows["iqa_ratings"][] {
  return rows.iqa_ratings.filter((row) => row.rating_order === 1);
}
