/**
 * A table from CSV text as people really have it: comma, semicolon with decimal comma, tab or bar; quoted as RFC 4180 says;
 * LF, CRLF or CR; UTF-8 or marked UTF-16; R's, SPSS's and SAS's missing marks. Runs in a browser.
 */
import type { Column } from "../data/column.js";
import { Table } from "../data/table.js";
import { DataError, dataMessages, ioMessages } from "../messages.js";
import { utf8Bytes } from "./csv-bytes.js";
import { cellRules, inferCells, MISSING_MARKS } from "./csv-column.js";
import { declaredDelimiter, sniffDelimiter } from "./csv-delimiter.js";
import { type CellGrid, scanCells } from "./csv-scan.js";
import { normalizeSchema, type TableSchema } from "./schema.js";
import { checkTable } from "./schema-check.js";
import { fieldColumn, matchFields } from "./schema-column.js";

/** How CSV text is read. */
export interface ParseOptions {
  /** One character; default: found out from the first 50 records (comma, semicolon, tab or bar). */
  readonly delimiter?: string;
  /** The decimal mark; default ".", or per column "," in files delimited by semicolons, tabs or bars. */
  readonly decimal?: "." | ",";
  /** Missing marks besides empty, NA, N/A, n/a, #N/A, NaN, nan, NULL, null, #NULL! and "."; numbers are compared by value ("-99" is also -99.0). */
  readonly missing?: readonly string[];
  /** Columns that stay free text instead of becoming factors; default none. */
  readonly text?: readonly string[];
  /** A Frictionless Table Schema: types, categories (levels in order), missing marks, constraints. */
  readonly schema?: TableSchema;
  /** A WHATWG encoding label such as "windows-1252"; default UTF-8, or UTF-16 by its byte order mark. */
  readonly encoding?: string;
}

/**
 * Reads CSV text or bytes.
 *
 * Without a schema a column is numeric when every cell is a number ("007" is not: leading zeros mark an identifier),
 * boolean when every cell is TRUE or FALSE, else a factor with levels in code-point order. Quotes make no difference but that
 * they keep the spaces around text. A factor most of whose cells are numbers says so in `nearlyNumeric`.
 *
 * @throws DataError with the line for what is not a table, with column and rows for what does not fit the schema
 * @example parseTable("x;g\n1,5;b\n2;a\n").toRows() // => [{ x: 1.5, g: "b" }, { x: 2, g: "a" }]
 */
export function parseTable<Row extends object = Record<string, unknown>>(
  source: string | Uint8Array,
  options: ParseOptions = {},
): Table<Row> {
  const grid = gridOf(source, options);
  const asText = new Set(options.text ?? []);
  for (const name of asText) {
    if (!grid.grid.names.includes(name)) throw new DataError(dataMessages.noColumn(name, grid.grid.names), { column: name });
  }
  const marks = options.missing ?? [];
  const rules = cellRules([...MISSING_MARKS, ...marks], grid.decimals);
  const schema = options.schema === undefined ? null : normalizeSchema(options.schema);
  const fields = schema === null ? null : matchFields(schema, grid.grid.names);
  const columns = grid.grid.names.map((name, k): Column => {
    const field = fields?.get(name);
    if (field === undefined) return inferCells(grid.grid, k, rules, asText.has(name));
    return fieldColumn(grid.grid, k, field, { asText: asText.has(name), decimals: grid.decimals, extraMissing: marks });
  });
  const table = Table.ofColumns<Row>(columns);
  if (schema !== null) checkTable(table, schema);
  return table;
}

/**
 * Where the cells of CSV text are, and which decimal marks its numbers may have.
 *
 * @throws DataError with the line for what is not a table
 */
export function gridOf(
  source: string | Uint8Array,
  options: Pick<ParseOptions, "delimiter" | "decimal" | "encoding">,
): { readonly grid: CellGrid; readonly delimiter: string; readonly decimals: readonly ("." | ",")[] } {
  const bytes = utf8Bytes(source, options.encoding);
  const declared = options.delimiter === undefined ? declaredDelimiter(bytes) : null;
  const from = declared?.from ?? 0;
  const delimiter = options.delimiter ?? declared?.delimiter ?? sniffDelimiter(bytes, from);
  if (delimiter.length !== 1 || delimiter.charCodeAt(0) > 127 || /["\r\n]/.test(delimiter)) {
    throw new DataError(ioMessages.badDelimiter(delimiter));
  }
  const { decimal } = options;
  if (decimal !== undefined && ((decimal !== "." && decimal !== ",") || decimal === delimiter)) {
    throw new DataError(ioMessages.badDecimal(decimal, delimiter));
  }
  const decimals = decimal !== undefined ? [decimal] : delimiter === "," ? (["."] as const) : ([".", ","] as const);
  return { grid: scanCells(bytes, delimiter.charCodeAt(0), from), delimiter, decimals };
}
