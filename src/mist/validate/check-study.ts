/**
 * All that is wrong with a study's tables, real or simulated, in one report: what the codebook declares (columns, types, categories,
 * ranges, null rules in both directions, keys, references, rules) and what holds between tables. Column by column; no row is built.
 */
import type { Table } from "../../data/table.js";
import { isTableName, tableNames } from "../codebook/codebook.js";
import type { Study } from "../codebook/study.js";
import { checkBetween } from "./check-between.js";
import { checkCells, misfitCells } from "./check-cells.js";
import { checkDesign } from "./check-design.js";
import { checkKeys } from "./check-keys.js";
import { checkRules } from "./check-rules.js";
import { checkTables } from "./check-tables.js";
import { type CheckedStudy, checkedStudy } from "./checked-study.js";
import type { Problem, StudyReport } from "./problem.js";
import { reportText } from "./report-text.js";

export interface CheckOptions {
  /** What was found when the files were read; it stands in the report beside the rest, and its tables are not called absent. */
  readonly reading?: readonly Problem[];
}

/**
 * Checks tables against the codebook. Nothing is thrown: every problem stands in the report, once for each table, column and kind,
 * with its number of rows, the first of them, and what to do.
 *
 * @param study tables by name: with all columns as text, as `readStudyTables` reads them, or typed, as a simulation makes them
 * @example checkStudy(new Map([["pd_attendance", Table.from({ pd_id: ["P1"], person_id: ["T1"], hours: [-2] })]])).problems[0].kind // => "range"
 */
export function checkStudy(study: Study | ReadonlyMap<string, Table<object>>, options: CheckOptions = {}): StudyReport {
  const { reading = [] } = options;
  const tables = tablesOf(study);
  const unreadable = new Set(reading.filter(({ kind }) => kind === "file").map(({ table }) => table));
  const checked = checkedStudy(tables);
  const found = [...reading, ...checkTables(tables, unreadable), ...checkChecked(checked)].sort(byTable);
  const problems = found.filter(({ severity }) => severity === "problem");
  const remarks = found.filter(({ severity }) => severity === "remark");
  const report = {
    valid: problems.length === 0,
    tables: Array.from(checked.tables.values(), ({ name, rowCount }) => ({ name, rows: rowCount })),
    problems,
    remarks,
  };
  return withText(report);
}

/** Tables as a study, and what of them does not fit. */
export interface ConformedStudy {
  /** Typed tables; cells that do not fit are missing, and columns that are not there are absent. */
  readonly study: Study;
  /** Absent or misspelt names, and cells that do not fit their columns. Keys, ranges and rules are not looked at. */
  readonly misfits: readonly Problem[];
}

/**
 * The tables as a study, whatever their cells, for views of data that are not yet in order.
 *
 * @example conformStudy(new Map([["pd_attendance", Table.from({ hours: ["2", "two"] })]])).study.pd_attendance.toRows() // => [{ hours: 2 }, { hours: null }]
 */
export function conformStudy(tables: ReadonlyMap<string, Table<object>>): ConformedStudy {
  const checked = checkedStudy(tables);
  const misfits = [...checkTables(tables, new Set()), ...[...checked.tables.values()].flatMap(misfitCells)];
  return { study: Object.freeze(checked.study), misfits: misfits.filter(({ severity }) => severity === "problem").sort(byTable) };
}

function tablesOf(study: Study | ReadonlyMap<string, Table<object>>): ReadonlyMap<string, Table<object>> {
  if (study instanceof Map) return study;
  const entries: [string, Table<object> | undefined][] = Object.entries(study);
  return new Map(entries.flatMap(([name, table]) => (table === undefined ? [] : [[name, table] as const])));
}

function checkChecked(checked: CheckedStudy): Problem[] {
  const ofTables = [...checked.tables.values()].flatMap((table) => [
    ...checkCells(checked, table),
    ...checkKeys(checked, table),
    ...checkRules(checked, table),
  ]);
  return [...ofTables, ...checkBetween(checked), ...checkDesign(checked)];
}

/** What concerns no one table first, then by table in the codebook's order, unknown tables last. */
function byTable(a: Problem, b: Problem): number {
  return place(a) - place(b);
}

function place({ table }: Problem): number {
  if (table === "") return -1;
  return isTableName(table) ? tableNames.indexOf(table) : tableNames.length;
}

function withText(report: Omit<StudyReport, "toString">): StudyReport {
  Object.defineProperty(report, "toString", { value: () => reportText(report), enumerable: false });
  return report;
}
