/**
 * A study from a folder of CSV files (also .csv.gz), with or without a datapackage.json. The codebook says what the columns are; a
 * schema beside the files is not asked.
 *
 *   strict   readStudy        a typed study; the first thing that does not fit is thrown
 *   checked  readStudyTables  tables for `checkStudy`: cells of known columns as they stand (numbers where all cells of a numeric
 *                             column are), and what could not be read as problems beside those that the check finds
 *
 * Only an empty cell is missing: NA, NaN and -9 stay what they are, so that a check can tell of them.
 */
import { basename, dirname, join } from "node:path";
import type { Column } from "../data/column.js";
import { sortedLevels } from "../data/factor.js";
import { Table } from "../data/table.js";
import { DataError, validateMessages } from "../messages.js";
import { columnsOf, declarationOf, isTableName } from "../mist/codebook/codebook.js";
import type { ColumnDeclaration } from "../mist/codebook/declaration.js";
import { type Study, studyFrom } from "../mist/codebook/study.js";
import { type CheckOptions, checkStudy, conformStudy } from "../mist/validate/check-study.js";
import { type Problem, type StudyReport, wholeProblem } from "../mist/validate/problem.js";
import { gridOf, type ParseOptions } from "./csv.js";
import { cellRules, inferCells, MISSING_MARKS, numbersOf, withoutMissing } from "./csv-column.js";
import { dictionaryOf } from "./csv-dictionary.js";
import { type CellGrid, cellStart } from "./csv-scan.js";
import { packageResources } from "./data-package.js";
import { isDirectory, namesIn, readBytes } from "./files.js";
import { inFile } from "./read-table.js";

/** How the files are read where they do not say it themselves. */
export type StudyReading = Pick<ParseOptions, "encoding">;

/** Tables as they stand in the files, and what could not be read. */
export interface StudyTables {
  /** By name; the values of known columns are text, or numbers in numeric columns. */
  readonly tables: ReadonlyMap<string, Table>;
  /** Files that cannot be read (problems), and remarks on how they are written. */
  readonly reading: readonly Problem[];
}

interface TableFile {
  readonly name: string;
  readonly file: string;
  readonly reading: StudyReading & Pick<ParseOptions, "delimiter">;
}

/**
 * Reads a study, strictly.
 *
 * @param path a folder, or its datapackage.json
 * @throws DataError for the first file that cannot be read, table or column that is absent or unknown, and cell that does not fit its
 *   column; to be told of all at once, use `readStudyTables` and `checkStudy`
 * @example const { lessons } = await readStudy("synthetic-data")
 */
export async function readStudy(path: string, options: StudyReading = {}): Promise<Study> {
  const { tables, reading } = await readStudyTables(path, options);
  const unread = reading.find(({ severity }) => severity === "problem");
  if (unread !== undefined) throw new DataError(unread.message);
  const known = new Map([...tables].filter(([name]) => isTableName(name)));
  const { study, misfits } = conformStudy(tables);
  const [misfit] = misfits;
  if (misfit !== undefined) throw asError(misfit);
  return studyFrom(withOtherColumns(study, known));
}

/**
 * Reads a study's tables for a check.
 *
 * @param path a folder, or its datapackage.json
 * @throws DataError only where there is no such folder, or its datapackage.json cannot be understood
 * @example const { tables, reading } = await readStudyTables("synthetic-data")
 */
export async function readStudyTables(path: string, options: StudyReading = {}): Promise<StudyTables> {
  const { files, problems } = await filesOf(path, options);
  const tables = new Map<string, Table>();
  const reading = [...problems];
  for (const { name, file, reading: how } of files) {
    try {
      const { table, delimiter } = rawTable(name, file, await readBytes(file), how);
      tables.set(name, table);
      if (delimiter !== "," && table.columns.length > 1 && how.delimiter === undefined) {
        reading.push(wholeProblem("remark", "delimiter", name, [], validateMessages.otherDelimiter(delimiter)));
      }
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      reading.push(wholeProblem("problem", "file", name, [], validateMessages.cannotCheckFile(error.message)));
    }
  }
  return { tables, reading };
}

/**
 * Reads and checks a folder.
 *
 * @param path a folder, or its datapackage.json
 * @throws DataError only where there is no such folder, or its datapackage.json cannot be understood
 * @example (await checkStudyFolder("synthetic-data")).valid
 */
export async function checkStudyFolder(path: string, options: StudyReading & CheckOptions = {}): Promise<StudyReport> {
  const { tables, reading } = await readStudyTables(path, options);
  return checkStudy(tables, { ...options, reading: [...(options.reading ?? []), ...reading] });
}

const CSV = /\.csv(\.gz)?$/i;

/** The tables' files: those that datapackage.json names, else every CSV file, named after its table. */
async function filesOf(
  path: string,
  options: StudyReading,
): Promise<{ readonly files: readonly TableFile[]; readonly problems: Problem[] }> {
  const folder = (await isDirectory(path)) ? path : dirname(path);
  const names = folder === path ? await namesIn(path) : null;
  const csv = (names ?? []).filter((name) => CSV.test(name));
  if (names === null || names.includes("datapackage.json")) {
    const files = (await packageResources(path)).filter(({ file }) => CSV.test(file));
    const named = new Set(files.map(({ file }) => file));
    const others = csv.filter((name) => !named.has(join(folder, name)));
    return {
      files: files.map(({ name, file, reading }) => ({ name, file, reading: { ...options, ...reading } })),
      problems: others.map((name) => wholeProblem("remark", "file", tableOf(name), [], validateMessages.notInPackage(name))),
    };
  }
  const byTable = new Map<string, string>();
  const problems: Problem[] = [];
  for (const name of csv) {
    const first = byTable.get(tableOf(name));
    if (first === undefined) byTable.set(tableOf(name), name);
    else problems.push(wholeProblem("problem", "table", tableOf(name), [], validateMessages.twoFiles(first, name)));
  }
  return { files: Array.from(byTable, ([name, file]) => ({ name, file: join(folder, file), reading: options })), problems };
}

function tableOf(file: string): string {
  return basename(file).replace(CSV, "");
}

function rawTable(
  name: string,
  file: string,
  bytes: Uint8Array,
  how: TableFile["reading"],
): { readonly table: Table; readonly delimiter: string } {
  return inFile(basename(file), () => {
    const { grid, delimiter, decimals } = gridOf(bytes, how);
    const declared = isTableName(name) ? declarationOf(name).columns : {};
    const columns = grid.names.map((column, k) => {
      const declaration = Object.hasOwn(declared, column) ? declared[column] : undefined;
      return declaration === undefined
        ? inferCells(grid, k, cellRules(MISSING_MARKS, decimals), false)
        : rawColumn(grid, k, declaration, decimals);
    });
    return { table: Table.ofColumns(columns), delimiter };
  });
}

/** Cells as they stand; numbers where the column is to hold numbers and all its cells are. */
function rawColumn(grid: CellGrid, k: number, declaration: ColumnDeclaration, decimals: readonly ("." | ",")[]): Column {
  const name = grid.names[k]!;
  const rules = cellRules([""], decimals, true);
  const isNumeric = declaration.type === "integer" || declaration.type === "number";
  if (isNumeric) {
    for (const decimal of decimals) {
      const values = numbersOf(grid, k, rules, decimal);
      if (values instanceof Float64Array && missingAreEmpty(grid, k, values)) return { kind: "number", name, values };
    }
  }
  const { texts, codes } = withoutMissing(dictionaryOf(grid, k), rules);
  // One cell that is no number does not make the others wrong in a file with decimal commas.
  const commas = isNumeric && decimals.includes(",") && !texts.some((text) => text.includes("."));
  const levels = commas ? texts.map((text) => (DECIMAL_COMMA.test(text) ? text.replace(",", ".") : text)) : texts;
  return { kind: "factor", name, ordered: false, ...sortedLevels(levels, codes) };
}

const DECIMAL_COMMA = /^[+-]?\d*,\d+([eE][+-]?\d+)?$/;

/** Whether no NaN was read from the letters NaN. */
function missingAreEmpty(grid: CellGrid, k: number, values: Float64Array): boolean {
  return values.every((value, row) => {
    if (!Number.isNaN(value)) return true;
    const start = cellStart(grid, row, k);
    return !grid.bytes.subarray(start, grid.ends[row * grid.names.length + k]!).includes(LETTER_N);
  });
}

const LETTER_N = "N".charCodeAt(0);

/** A study's typed columns with the columns that the codebook does not know behind them. */
function withOtherColumns(study: Study, tables: ReadonlyMap<string, Table>): ReadonlyMap<string, Table> {
  const typed = new Map<string, Table>();
  for (const [name, table] of tables) {
    if (!isTableName(name)) continue;
    const declared = new Set(columnsOf(name).map(([column]) => column));
    const known: readonly Column[] = study[name]?.columns ?? [];
    typed.set(name, Table.ofColumns([...known, ...table.columns.filter((column) => !declared.has(column.name))]));
  }
  return typed;
}

function asError({ table, columns, examples, message, remedy }: Problem): DataError {
  const rows = examples.map(({ row }) => row);
  return new DataError(validateMessages.asError(table, columns, rows, message, remedy), { column: columns[0], rows });
}
