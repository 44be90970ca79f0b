/**
 * The type of a column, decided on all its cells:
 *
 *   every cell a number                    -> number    ("007" is an identifier, not a number; quotes make no difference)
 *   every cell TRUE or FALSE in some case  -> boolean
 *   else                                   -> factor with levels in code-point order, or text where asked for
 *
 * Missing marks do not count; a column of nothing else is numeric.
 */
import type { Column } from "../data/column.js";
import { sortedLevels } from "../data/factor.js";
import { type CellDictionary, dictionaryOf } from "./csv-dictionary.js";
import { parseNumber } from "./csv-number.js";
import { type CellGrid, closingQuote, fieldText } from "./csv-scan.js";
import { nearlyNumeric } from "./nearly-numeric.js";

/** What R, SPSS, SAS, Python, databases and spreadsheets write where a value is missing. */
export const MISSING_MARKS: readonly string[] = ["", "NA", "NaN", ".", "#NULL!", "N/A", "#N/A", "n/a", "NULL", "null", "nan"];

/** How cells are read. */
export interface CellRules {
  readonly missing: ReadonlySet<string>;
  /** Missing marks that are numbers, compared by value: -99 is also -99.0. */
  readonly missingNumbers: ReadonlySet<number>;
  readonly decimals: readonly ("." | ",")[];
  /** Whether "007" is a number. */
  readonly leadingZeros: boolean;
}

/** The rules that some missing marks make. */
export function cellRules(missing: Iterable<string>, decimals: readonly ("." | ",")[], leadingZeros = false): CellRules {
  const marks = new Set(missing);
  const numeric = [...marks].filter((mark) => mark.trim() !== "").map(Number);
  return { missing: marks, missingNumbers: new Set(numeric.filter((value) => !Number.isNaN(value))), decimals, leadingZeros };
}

/** @param asText keep strings as free text */
export function inferCells(grid: CellGrid, column: number, rules: CellRules, asText: boolean): Column {
  const name = grid.names[column]!;
  if (!asText) {
    for (const decimal of rules.decimals) {
      const values = numbersOf(grid, column, rules, decimal);
      if (values instanceof Float64Array) return { kind: "number", name, values };
    }
  }
  const dictionary = withoutMissing(dictionaryOf(grid, column), rules);
  if (asText) return textColumn(name, dictionary);
  if (dictionary.texts.every((text) => /^(true|false|True|False|TRUE|FALSE)$/.test(text))) {
    const truth = dictionary.texts.map((text) => (text.toLowerCase() === "true" ? 1 : 0));
    return { kind: "boolean", name, values: Int8Array.from(dictionary.codes, (code) => (code < 0 ? -1 : truth[code]!)) };
  }
  const nearly = nearlyNumeric(dictionary, rules.decimals, rules.missingNumbers);
  const factor = { kind: "factor" as const, name, ordered: false, ...sortedLevels(dictionary.texts, dictionary.codes) };
  return nearly === null ? factor : { ...factor, nearlyNumeric: nearly };
}

/** Row i's text, or null. */
export function textColumn(name: string, { codes, texts }: CellDictionary): Column {
  return { kind: "text", name, values: Array.from(codes, (code) => (code < 0 ? null : texts[code]!)) };
}

/** All cells as numbers, NaN where missing; or the first row (0-based) that holds something else. */
export function numbersOf(grid: CellGrid, column: number, rules: CellRules, decimal: "." | ","): Float64Array | { readonly row: number } {
  const { bytes, ends, rowCount } = grid;
  const columns = grid.names.length;
  const mark = decimal.charCodeAt(0);
  const values = new Float64Array(rowCount);
  const checkValues = rules.missingNumbers.size > 0;
  for (let row = 0; row < rowCount; row++) {
    const start = column === 0 ? grid.rowStarts[row]! : ends[row * columns + column - 1]! + 1;
    const end = ends[row * columns + column]!;
    const quoted = bytes[start] === 34 && start < end;
    const value = quoted
      ? parseNumber(bytes, start + 1, closingQuote(bytes, end), mark, rules.leadingZeros)
      : parseNumber(bytes, start, end, mark, rules.leadingZeros);
    if (Number.isNaN(value)) {
      const text = fieldText(bytes, start, end);
      if (!isMissingText(text, rules) && text.trim() !== "NaN") return { row };
      values[row] = Number.NaN;
    } else values[row] = checkValues && rules.missingNumbers.has(value) ? Number.NaN : value;
  }
  return values;
}

/** The dictionary without missing marks: their rows get code -1. */
export function withoutMissing(dictionary: CellDictionary, rules: CellRules): CellDictionary {
  const { texts, codes } = dictionary;
  const newCode = new Int32Array(texts.length);
  const kept: string[] = [];
  texts.forEach((text, code) => {
    newCode[code] = isMissingText(text, rules) ? -1 : kept.push(text) - 1;
  });
  if (kept.length === texts.length) return dictionary;
  return { texts: kept, codes: codes.map((code) => newCode[code]!) };
}

function isMissingText(text: string, rules: CellRules): boolean {
  return rules.missing.has(text) || rules.missing.has(text.trim());
}
