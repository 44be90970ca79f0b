/**
 * Tables and schemas from files.
 */
import type { Table } from "../data/table.js";
import { DataError, ioMessages } from "../messages.js";
import { type ParseOptions, parseTable } from "./csv.js";
import { readBytes, readJson } from "./files.js";
import { normalizeSchema, type TableSchema } from "./schema.js";

/** How a file is read: as text is parsed, with the schema also as the path of a JSON file. */
export interface ReadOptions extends Omit<ParseOptions, "schema"> {
  /** A Frictionless Table Schema, or the path of one. */
  readonly schema?: TableSchema | string;
}

/**
 * Reads a CSV file, also one compressed with gzip. The row type is the caller's word: `readTable<Lesson>(...)` makes the
 * compiler check formulas against the keys of `Lesson`.
 *
 * @throws DataError where there is no such file, and for what `parseTable` refuses; the message begins with the path
 * @example (await readTable("data/hsb82.csv", { schema: "data/hsb82.schema.json" })).rowCount // => 7185
 */
export async function readTable<Row extends object = Record<string, unknown>>(
  path: string,
  options: ReadOptions = {},
): Promise<Table<Row>> {
  const bytes = await readBytes(path);
  const schema = typeof options.schema === "string" ? await readSchema(options.schema) : options.schema;
  return inFile(path, () => parseTable<Row>(bytes, { ...options, schema }));
}

/**
 * Reads a Table Schema from a JSON file and checks it.
 *
 * @throws DataError where it cannot be read, is not JSON, or is not a Table Schema
 */
export async function readSchema(path: string): Promise<TableSchema> {
  const schema = await readJson(path);
  inFile(path, () => normalizeSchema(schema));
  return schema as TableSchema;
}

/** Runs `read` and puts the path in front of what it complains about. */
export function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(ioMessages.inFile(path, error.message), { column: error.column ?? undefined, rows: error.rows });
  }
}
