/**
 * `mist describe`: what is in a table, or in each table of a directory.
 */
import { join } from "node:path";
import { describe, descriptionText } from "../data/describe.js";
import type { Table } from "../data/table.js";
import { SCHEMA_VERSION } from "../inference/json.js";
import { readDataPackage } from "../io/data-package.js";
import { isDirectory, namesIn } from "../io/files.js";
import { readTable } from "../io/read-table.js";
import { cliMessages, counted } from "../messages.js";
import type { Command } from "./command.js";
import { DATA_OPTIONS, readingOf, required } from "./model-options.js";
import { type GivenOptions, readOptions } from "./options.js";
import { UsageError } from "./usage-error.js";

export const describeCommand: Command = {
  read: (argv) => readOptions(argv, { command: "mist describe", options: { ...DATA_OPTIONS, json: "flag" } }),
  async run(given) {
    const tables = await readTables(given);
    const described = [...tables].map(([name, table]) => ({ name, rows: table.rowCount, columns: describe(table) }));
    if (given.flag("json")) return JSON.stringify({ schemaVersion: SCHEMA_VERSION, tables: described }, null, 2);
    return described.map(({ name, rows, columns }) => `${name}: ${counted(rows, "row")}\n\n${descriptionText(columns)}`).join("\n\n");
  },
};

async function readTables(given: GivenOptions): Promise<ReadonlyMap<string, Table>> {
  const path = required(given, "data");
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
