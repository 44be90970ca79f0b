/**
 * A column of a file as its schema's field describes it: type, levels in the order of the categories, label.
 */
import type { Column } from "../data/column.js";
import { sortedLevels } from "../data/factor.js";
import { DataError, dataMessages, ioMessages } from "../messages.js";
import { type CellRules, cellRules, inferCells, numbersOf, textColumn, withoutMissing } from "./csv-column.js";
import { type CellDictionary, dictionaryOf } from "./csv-dictionary.js";
import { type CellGrid, cellStart, fieldText } from "./csv-scan.js";
import type { NormalField, NormalSchema } from "./schema.js";

/** What the reader's options add to a field. */
export interface FieldOptions {
  /** Keep strings as free text. */
  readonly asText: boolean;
  /** The file's decimal marks, for fields that do not say. */
  readonly decimals: readonly ("." | ",")[];
  /** Missing marks besides the schema's. */
  readonly extraMissing: readonly string[];
}

/**
 * The fields by name, checked against the names in the file's header as `fieldsMatch` asks.
 *
 * @throws DataError for fields or columns that are missing or in another order
 */
export function matchFields(schema: NormalSchema, names: readonly string[]): ReadonlyMap<string, NormalField> {
  const fields = new Map(schema.fields.map((field) => [field.name, field]));
  const rule = schema.fieldsMatch;
  const absent = schema.fields.filter(({ name }) => !names.includes(name));
  const extra = names.filter((name) => !fields.has(name));
  if (absent.length > 0 && rule !== "superset" && rule !== "partial") {
    throw new DataError(ioMessages.fieldAbsent(absent[0]!.name, names), { column: absent[0]!.name });
  }
  if (rule === "partial" && absent.length === fields.size)
    throw new DataError(ioMessages.fieldsDiffer(rule, "the file has none of its fields"));
  if (extra.length > 0 && (rule === "exact" || rule === "equal" || rule === "superset")) {
    throw new DataError(ioMessages.fieldsDiffer(rule, `the file has a column "${extra[0]}" that is no field`), { column: extra[0]! });
  }
  if (rule === "exact") {
    const k = names.findIndex((name, j) => schema.fields[j]!.name !== name);
    if (k >= 0) {
      const what = `column ${k + 1} of the file is "${names[k]}", not "${schema.fields[k]!.name}"`;
      throw new DataError(ioMessages.fieldsDiffer(rule, what), { column: names[k]! });
    }
  }
  return fields;
}

/**
 * @param column 0-based position in the file
 * @throws DataError for cells that are not of the field's type or not among its categories
 */
export function fieldColumn(grid: CellGrid, column: number, field: NormalField, options: FieldOptions): Column {
  const rules = cellRules([...field.missing, ...options.extraMissing], decimalsOf(field, options), true);
  const labelled = { name: field.name, ...(field.label === null ? {} : { label: field.label }) };
  if (field.levels !== null) return { ...categoryColumn(grid, column, field, rules, options), ...labelled };
  switch (field.type) {
    case "any":
      return { ...inferCells(grid, column, { ...rules, leadingZeros: false }, options.asText), ...labelled };
    case "number":
    case "integer":
    case "year":
      return { kind: "number", ...labelled, values: numberCells(grid, column, field, rules) };
    case "boolean":
      return { kind: "boolean", ...labelled, values: booleanCells(grid, column, field, rules) };
    case "string": {
      const dictionary = withoutMissing(dictionaryOf(grid, column), rules);
      if (options.asText) return { ...textColumn(field.name, dictionary), ...labelled };
      return { kind: "factor", ...labelled, ordered: false, ...sortedLevels(dictionary.texts, dictionary.codes) };
    }
    case "date":
    case "datetime":
    case "time":
    case "yearmonth":
    case "duration":
      return { ...textColumn(field.name, withoutMissing(dictionaryOf(grid, column), rules)), ...labelled };
  }
}

function decimalsOf(field: NormalField, options: FieldOptions): readonly ("." | ",")[] {
  if (field.decimalChar === "." || field.decimalChar === ",") return [field.decimalChar];
  return options.decimals;
}

function categoryColumn(grid: CellGrid, column: number, field: NormalField, rules: CellRules, options: FieldOptions): Column {
  const levels = field.levels!;
  const dictionary = withoutMissing(dictionaryOf(grid, column), rules);
  const position = new Map(levels.map((level, code) => [level, code]));
  // An integer's categories may be written 1 in the schema and 01 or 1.0 in the file.
  const numeric = field.type === "integer" || field.type === "number";
  const byValue = numeric ? new Map(levels.map((level, code) => [Number(level), code])) : null;
  const newCode = Int32Array.from(dictionary.texts, (text) => position.get(text) ?? byValue?.get(Number(text)) ?? -1);
  const unknown = dictionary.texts.filter((_, code) => newCode[code]! < 0);
  if (unknown.length > 0) {
    const { rows, total } = rowsWhere(dictionary.codes, (code) => code >= 0 && newCode[code]! < 0);
    throw new DataError(dataMessages.notALevel(field.name, unknown, levels, rows, total), { column: field.name, rows });
  }
  const codes = dictionary.codes.map((code) => (code < 0 ? -1 : newCode[code]!));
  if (options.asText) return textColumn(field.name, { codes, texts: levels });
  const labels = field.levelLabels === null ? {} : { levelLabels: field.levelLabels };
  return { kind: "factor", name: field.name, codes, levels, ordered: field.ordered, ...labels };
}

function numberCells(grid: CellGrid, column: number, field: NormalField, rules: CellRules): Float64Array {
  const plain = field.groupChar === null && (field.decimalChar === null || field.decimalChar === "." || field.decimalChar === ",");
  let values: Float64Array | null = null;
  let failedRow = 0;
  if (plain) {
    for (const decimal of rules.decimals) {
      const result = numbersOf(grid, column, rules, decimal);
      if (result instanceof Float64Array) {
        values = result;
        break;
      }
      failedRow = Math.max(failedRow, result.row);
    }
    if (values === null) throw notOfType(grid, column, field, failedRow);
  } else {
    const dictionary = withoutMissing(dictionaryOf(grid, column), rules);
    const numbers = dictionary.texts.map((text) => groupedNumber(text, field));
    values = Float64Array.from(dictionary.codes, (code) => (code < 0 ? Number.NaN : numbers[code]!));
    const row = dictionary.codes.findIndex((code) => code >= 0 && Number.isNaN(numbers[code]));
    if (row >= 0) throw notOfType(grid, column, field, row);
  }
  if (field.type !== "number") {
    const row = values.findIndex((value) => !Number.isNaN(value) && !Number.isInteger(value));
    if (row >= 0) throw notOfType(grid, column, field, row);
  }
  return values;
}

/** "1.234.567,89" with groupChar "." and decimalChar ",". */
function groupedNumber(text: string, field: NormalField): number {
  const mark = field.decimalChar ?? ".";
  const [whole, fraction, ...rest] = text.trim().split(mark);
  const ungrouped = field.groupChar === null ? whole! : whole!.replaceAll(field.groupChar, "");
  const plain = fraction === undefined ? ungrouped : `${ungrouped}.${fraction}`;
  if (rest.length > 0 || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(plain)) return Number.NaN;
  return Number(plain);
}

function booleanCells(grid: CellGrid, column: number, field: NormalField, rules: CellRules): Int8Array {
  const dictionary: CellDictionary = withoutMissing(dictionaryOf(grid, column), rules);
  const truth = dictionary.texts.map((text) => (field.trueValues.includes(text) ? 1 : field.falseValues.includes(text) ? 0 : -1));
  const row = dictionary.codes.findIndex((code) => code >= 0 && truth[code]! < 0);
  if (row >= 0) throw notOfType(grid, column, field, row);
  return Int8Array.from(dictionary.codes, (code) => (code < 0 ? -1 : truth[code]!));
}

function notOfType(grid: CellGrid, column: number, field: NormalField, row: number): DataError {
  const text = fieldText(grid.bytes, cellStart(grid, row, column), grid.ends[row * grid.names.length + column]!);
  return new DataError(ioMessages.notOfType(field.name, field.type, text.slice(0, 60), row + 1), { column: field.name, rows: [row + 1] });
}

/** The first five rows (from 1) whose code is of interest, and how many there are. */
function rowsWhere(codes: Int32Array, wanted: (code: number) => boolean): { readonly rows: number[]; readonly total: number } {
  const rows: number[] = [];
  let total = 0;
  codes.forEach((code, i) => {
    if (wanted(code) && ++total <= 5) rows.push(i + 1);
  });
  return { rows, total };
}
