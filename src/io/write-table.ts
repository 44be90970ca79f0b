/**
 * Tables to files.
 */
import type { Table } from "../data/table.js";
import { type FormatOptions, formatTable, schemaOf } from "./csv-write.js";
import { writeTextFile } from "./files.js";

/** How a table is written to a file. */
export interface WriteOptions extends FormatOptions {
  /** Where to write the table's schema besides; default nowhere. */
  readonly schema?: string;
}

/**
 * Writes a table as CSV, under a temporary name until it is whole; a name that ends in `.gz` is compressed.
 *
 * @throws DataError where the file cannot be written
 * @example await writeTable("scores.csv", table, { schema: "scores.schema.json" })
 */
export async function writeTable(path: string, table: Table<object>, options: WriteOptions = {}): Promise<void> {
  await writeTextFile(path, formatTable(table, options));
  if (options.schema !== undefined) await writeTextFile(options.schema, `${JSON.stringify(schemaOf(table), null, 2)}\n`);
}
