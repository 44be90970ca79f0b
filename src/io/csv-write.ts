/**
 * A table as CSV text (RFC 4180, LF line ends), such that reading it gives the table back: numbers in the fewest digits that
 * identify them, missing cells empty.
 *
 * Spreadsheets run a cell that begins with = + - @, tab or CR as a formula; such text gets a leading apostrophe unless
 * `escapeFormulas` is false (CWE-1236). Numbers are not text: -1 stays -1.
 */
import type { Column } from "../data/column.js";
import { cellOf } from "../data/column-values.js";
import type { Table } from "../data/table.js";
import { DataError, ioMessages } from "../messages.js";
import type { SchemaField, TableSchema } from "./schema.js";

/** How a table is written. */
export interface FormatOptions {
  /** Default ",". */
  readonly delimiter?: string;
  /** Default ".". */
  readonly decimal?: "." | ",";
  /** What stands for a missing cell; default "" (empty). */
  readonly missing?: string;
  /** Whether text that a spreadsheet would run as a formula gets a leading apostrophe; default true. */
  readonly escapeFormulas?: boolean;
}

/**
 * The table as CSV text.
 *
 * @throws DataError for a delimiter or decimal mark that cannot be used
 * @example formatTable(Table.from({ x: [1.5, null], g: ["a,b", "=1+1"] })) // => "x,g\n1.5,\"a,b\"\n,'=1+1\n"
 */
export function formatTable(table: Table<object>, options: FormatOptions = {}): string {
  const { delimiter = ",", decimal = ".", missing = "", escapeFormulas = true } = options;
  if (delimiter.length !== 1 || delimiter.charCodeAt(0) > 127 || /["\r\n]/.test(delimiter))
    throw new DataError(ioMessages.badDelimiter(delimiter));
  if ((decimal !== "." && decimal !== ",") || decimal === delimiter) throw new DataError(ioMessages.badDecimal(decimal, delimiter));
  const text = (value: string): string => quoted(escapeFormulas && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value, delimiter);
  // In a file of one column an empty line would be no cell.
  const none = missing === "" && table.columns.length === 1 ? '""' : quoted(missing, delimiter);
  const writers = table.columns.map((column) => cellWriter(column, text, none, decimal));
  const lines = [table.columnNames.map(text).join(delimiter)];
  for (let i = 0; i < table.rowCount; i++) {
    let line = writers.length === 0 ? "" : writers[0]!(i);
    for (let k = 1; k < writers.length; k++) line += delimiter + writers[k]!(i);
    lines.push(line);
  }
  return `${lines.join("\n")}\n`;
}

/**
 * The Table Schema of a table: types, categories in the order of the levels, labels. With it a written file is read back with
 * the same kinds and the same order of levels.
 *
 * @example schemaOf(Table.from({ g: ["b", "a"] })).fields[0].categories // => ["a", "b"]
 */
export function schemaOf(table: Table<object>): TableSchema {
  return { fields: table.columns.map(fieldOf), missingValues: [""] };
}

function fieldOf(column: Column): SchemaField {
  const title = column.label === undefined ? {} : { title: column.label };
  switch (column.kind) {
    case "number":
      return { name: column.name, type: "number", ...title };
    case "boolean":
      return { name: column.name, type: "boolean", ...title };
    case "text":
      return { name: column.name, type: "string", ...title };
    case "factor": {
      const labels = column.levelLabels;
      const categories = labels === undefined ? column.levels : column.levels.map((value, code) => ({ value, label: labels[code]! }));
      return { name: column.name, type: "string", ...title, categories, ...(column.ordered ? { categoriesOrdered: true } : {}) };
    }
  }
}

function cellWriter(column: Column, text: (value: string) => string, none: string, decimal: string): (row: number) => string {
  switch (column.kind) {
    case "number":
      return (row) => {
        const value = column.values[row]!;
        return Number.isNaN(value) ? none : numberText(value, decimal);
      };
    case "factor": {
      const levels = column.levels.map(text); // quoted once a level, not once a row
      return (row) => (column.codes[row]! < 0 ? none : levels[column.codes[row]!]!);
    }
    case "boolean":
      return (row) => (column.values[row]! < 0 ? none : column.values[row] === 1 ? "TRUE" : "FALSE");
    case "text":
      return (row) => {
        const value = cellOf(column, row);
        return value === null ? none : text(String(value));
      };
  }
}

/** As R spells it: Inf, -Inf; -0 keeps its sign. */
function numberText(value: number, decimal: string): string {
  if (value === Number.POSITIVE_INFINITY) return "Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  const digits = Object.is(value, -0) ? "-0" : String(value);
  return decimal === "." ? digits : digits.replace(".", decimal);
}

function quoted(value: string, delimiter: string): string {
  if (!value.includes('"') && !value.includes(delimiter) && !/[\r\n]|^\s|\s$|^\ufeff/.test(value)) return value;
  return `"${value.replaceAll('"', '""')}"`;
}
