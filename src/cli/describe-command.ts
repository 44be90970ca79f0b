/**
 * `mist describe`: what is in a table, or in each table of a directory; of a directory with the study's tables also who was observed
 * when, how much there is, and composition.
 */
import { join } from "node:path";
import { describe, descriptionText } from "../data/describe.js";
import { Table } from "../data/table.js";
import { SCHEMA_VERSION } from "../inference/json.js";
import { packageResources, readDataPackage } from "../io/data-package.js";
import { isDirectory, namesIn } from "../io/files.js";
import { readStudyTables } from "../io/read-study.js";
import { readTable } from "../io/read-table.js";
import { cliMessages, counted, studyViewMessages } from "../messages.js";
import { declarationOf, isTableName } from "../mist/codebook/codebook.js";
import type { Study } from "../mist/codebook/study.js";
import { type Breakdown, isBreakdown } from "../mist/describe/composition.js";
import { describeStudy, studyViewText } from "../mist/describe/study-view.js";
import { conformStudy } from "../mist/validate/check-study.js";
import type { Command } from "./command.js";
import { DATA_OPTIONS, readingOf, required } from "./model-options.js";
import { type GivenOptions, readOptions } from "./options.js";
import { UsageError } from "./usage-error.js";

export const describeCommand: Command = {
  read: (argv) =>
    readOptions(argv, {
      command: "mist describe",
      options: { ...DATA_OPTIONS, by: "value", suppress: "flag", json: "flag" },
      positionals: true,
    }),
  async run(given) {
    const path = pathOf(given);
    const by = breakdownsOf(given.value("by"));
    const found = await studyIn(path, given);
    const tables = found?.tables ?? (await readTables(path, given));
    const described = [...tables].map(([name, table]) => ({ name, rows: table.rowCount, columns: describe(table) }));
    const view = found === null ? null : describeStudy(found.study, { by, suppress: given.flag("suppress") });
    if (given.flag("json")) {
      return JSON.stringify({ schemaVersion: SCHEMA_VERSION, tables: described, ...(view === null ? {} : { study: view }) }, null, 2);
    }
    if (view !== null) {
      const unread = found === null || found.problems === 0 ? [] : [studyViewMessages.unread(path, found.problems)];
      return [studyViewText(view), ...unread].join("\n\n");
    }
    return described.map(({ name, rows, columns }) => `${name}: ${counted(rows, "row")}\n\n${descriptionText(columns)}`).join("\n\n");
  },
};

/** The file or directory: of --data, or the one word given. */
function pathOf(given: GivenOptions): string {
  const [path, ...others] = given.positionals;
  if (path === undefined) return required(given, "data");
  if (others.length > 0 || given.value("data") !== null) throw new UsageError(cliMessages.onePath(given.command));
  return path;
}

function breakdownsOf(list: string | null): readonly Breakdown[] {
  if (list === null) return ["cycle"];
  const names = list.split(",").map((name) => name.trim());
  const known = names.filter(isBreakdown);
  if (known.length < names.length || new Set(names).size < names.length) throw new UsageError(studyViewMessages.badBreakdown(list));
  return known;
}

interface FoundStudy {
  readonly study: Study;
  readonly tables: ReadonlyMap<string, Table>;
  /** How many problems keep files, columns or cells from being read. */
  readonly problems: number;
}

/** The study in a directory; null where there is none: no table of the codebook with its key. */
async function studyIn(path: string, given: GivenOptions): Promise<FoundStudy | null> {
  if (!(await isDirectory(path)) || given.value("schema") !== null || given.value("missing") !== null) return null;
  const names = await namesIn(path);
  const files = names.includes("datapackage.json") ? (await packageResources(path)).map(({ name }) => name) : names.map(withoutEnding);
  if (!files.some(isTableName)) return null;
  const encoding = given.value("encoding");
  const { tables, reading } = await readStudyTables(path, encoding === null ? {} : { encoding });
  const { study, misfits } = conformStudy(tables);
  const typed = new Map<string, Table>(tables);
  for (const [name, table] of Object.entries(study)) typed.set(name, Table.ofColumns(table.columns));
  const keyed = [...typed].some(([name, table]) => isTableName(name) && declarationOf(name).primaryKey.every((key) => table.has(key)));
  return keyed
    ? { study, tables: typed, problems: misfits.length + reading.filter(({ severity }) => severity === "problem").length }
    : null;
}

function withoutEnding(file: string): string {
  return file.replace(/\.csv(\.gz)?$/i, "");
}

async function readTables(path: string, given: GivenOptions): Promise<ReadonlyMap<string, Table>> {
  const schema = given.value("schema");
  const reading = readingOf(given);
  if (!(await isDirectory(path))) return new Map([[path, await readTable(path, { ...reading, ...(schema === null ? {} : { schema }) })]]);
  if (schema !== null) throw new UsageError(cliMessages.schemaForDirectory);
  const names = await namesIn(path);
  if (names.includes("datapackage.json")) return readDataPackage(path, reading);
  const files = names.filter((name) => /\.csv(\.gz)?$/i.test(name));
  if (files.length === 0) throw new UsageError(cliMessages.noTables(path));
  const tables = new Map<string, Table>();
  for (const file of files) {
    const beside = file.replace(/\.csv(\.gz)?$/i, ".schema.json");
    tables.set(file, await readTable(join(path, file), { ...reading, ...(names.includes(beside) ? { schema: join(path, beside) } : {}) }));
  }
  return tables;
}
