/**
 * A column as the codebook declares it, whatever its cells: those that fit are read, those that do not are set aside as faults and
 * are missing in the result. Each distinct text is judged once.
 *
 *   identifier  a text that begins with the letter of its kind       truth value  true, True, TRUE, 1, false, False, FALSE, 0
 *   category    a value of the set ("01" is "1" in a set of digits)  date         2010-01-31
 *   number      digits with a point; a whole one where declared so
 *
 * An empty cell is missing, nothing else is: NA, NaN and their like are faults, and so are numbers such as -9 and -99 where the
 * declared range (or, for standardised scores, common sense) leaves them no other meaning.
 */
import type { Column, FactorColumn } from "../../data/column.js";
import { columnLength } from "../../data/column-values.js";
import { asFactor } from "../../data/factor.js";
import { categoriesOf, hasNumericValues } from "../codebook/category-sets.js";
import type { ColumnDeclaration, NumberColumn } from "../codebook/declaration.js";
import { type Range, rangeOf } from "../codebook/ranges.js";
import { entities } from "../codebook/sources.js";
import { conformColumn } from "../codebook/study.js";

export type FaultKind = "missing_code" | "type" | "category" | "identifier" | "text";

/** Cells of one column that do not fit in one way. */
export interface Fault {
  readonly kind: FaultKind;
  readonly count: number;
  /** The first few rows, 0-based. */
  readonly rows: readonly number[];
  /** Their cells as text. */
  readonly values: readonly string[];
  /** Distinct values in order of first occurrence, with how often they occur. */
  readonly distinct: ReadonlyMap<string, number>;
}

export interface ConformedColumn {
  /** The column as declared; cells that do not fit are missing. */
  readonly column: Column;
  readonly faults: readonly Fault[];
  /** 1 where a cell does not fit; null where all do. */
  readonly faulty: Uint8Array | null;
}

const EXAMPLES = 5;
const MISSING_MARKS: ReadonlySet<string> = new Set(["NA", "N/A", "#N/A", "n/a", "na", "NaN", "nan", "NULL", "null", "#NULL!", "."]);
const MISSING_NUMBERS: ReadonlySet<number> = new Set([-9, -99, -999, -9999, -8, -88, -888, 99, 999, 9999]);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const TRUE: ReadonlySet<string> = new Set(["true", "True", "TRUE", "1"]);
const FALSE: ReadonlySet<string> = new Set(["false", "False", "FALSE", "0"]);

/**
 * @param column a column of any kind, read as text or made in memory
 * @example conformCells({ kind: "text", name: "day", values: ["1", "x"] }, columnOf("lessons", "day")).faults[0].values // => ["x"]
 */
export function conformCells(column: Column, declaration: ColumnDeclaration): ConformedColumn {
  if (isNumeric(declaration) && column.kind === "number") {
    const values = column.values.slice();
    const faults = faultsOf(values.length, (row) => (Number.isNaN(values[row]) ? null : numberFault(values[row]!, declaration)));
    const texts = (row: number): string => String(column.values[row]);
    return conformed({ ...column, values: blanked(values, faults, Number.NaN) }, declaration, faults, texts);
  }
  if (declaration.type === "boolean" && column.kind === "boolean") return conformed(column, declaration, null, String);
  const { name, levels, codes } = asFactor(column);
  const readings = levels.map((level) => readingOf(level, declaration));
  const kindOf = readings.map((reading) => (typeof reading === "object" ? reading.fault : null));
  const faults = faultsOf(codes.length, (row) => (codes[row]! < 0 ? null : kindOf[codes[row]!]!));
  const texts = (row: number): string => levels[codes[row]!]!;
  const repaired = repairedColumn(name, codes, readings, declaration);
  return conformed(repaired, declaration, faults, texts);
}

/** What a text means in the column: the text as it should stand, a number, a truth value; or why it means nothing. */
type Reading = string | number | boolean | { readonly fault: FaultKind };

function readingOf(text: string, declaration: ColumnDeclaration): Reading {
  const bare = text.trim();
  if (MISSING_MARKS.has(bare)) return { fault: "missing_code" };
  switch (declaration.type) {
    case "id": {
      const prefixes: readonly string[] = entities[declaration.entity].prefixes;
      return prefixes.some((prefix) => text.startsWith(prefix) && text.length > prefix.length) ? text : { fault: "identifier" };
    }
    case "nominal":
    case "ordered":
      return categoryReading(bare, declaration.categories);
    case "boolean":
      return TRUE.has(bare) ? true : FALSE.has(bare) ? false : { fault: MISSING_NUMBERS.has(Number(bare)) ? "missing_code" : "type" };
    case "integer":
    case "number": {
      if (!NUMBER.test(bare)) return { fault: "type" };
      const fault = numberFault(Number(bare), declaration);
      return fault === null ? Number(bare) : { fault };
    }
    case "date":
      return isDate(bare) ? bare : { fault: "type" };
    case "text": {
      const tooLong = declaration.maxLength !== undefined && [...text].length > declaration.maxLength;
      const other = declaration.pattern !== undefined && !new RegExp(declaration.pattern, "u").test(text);
      return tooLong || other ? { fault: "text" } : text;
    }
  }
}

function categoryReading(text: string, set: Parameters<typeof categoriesOf>[0]): Reading {
  const values = categoriesOf(set).map(({ value }) => value);
  if (values.includes(text)) return text;
  const same = hasNumericValues(set) && NUMBER.test(text) ? values.find((value) => Number(value) === Number(text)) : undefined;
  return same ?? { fault: MISSING_NUMBERS.has(Number(text)) ? "missing_code" : "category" };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function numberFault(value: number, declaration: NumberColumn): FaultKind | null {
  if (MISSING_NUMBERS.has(value) && isCode(value, declaration)) return "missing_code";
  if (!Number.isFinite(value)) return "type";
  return declaration.type === "integer" && !Number.isInteger(value) ? "type" : null;
}

/** Whether a number that often stands for missing can mean nothing else here. */
function isCode(value: number, { range, plausible, unit }: NumberColumn): boolean {
  const bounds = range ?? plausible;
  return bounds === undefined
    ? unit === "z"
    : !within(value, rangeOf(bounds)) || (plausible !== undefined && !within(value, rangeOf(plausible)));
}

/**
 * Whether a number lies within bounds; an absent bound is no bound.
 *
 * @example within(0, { exclusiveMinimum: 0 }) // => false
 */
export function within(value: number, { minimum, maximum, exclusiveMinimum }: Range): boolean {
  return (
    (minimum === undefined || value >= minimum) &&
    (maximum === undefined || value <= maximum) &&
    (exclusiveMinimum === undefined || value > exclusiveMinimum)
  );
}

function isNumeric(declaration: ColumnDeclaration): declaration is NumberColumn {
  return declaration.type === "integer" || declaration.type === "number";
}

/** The column of those texts that mean something. */
function repairedColumn(name: string, codes: Int32Array, readings: readonly Reading[], declaration: ColumnDeclaration): Column {
  if (isNumeric(declaration)) {
    const numbers = readings.map((reading) => (typeof reading === "number" ? reading : Number.NaN));
    return { kind: "number", name, values: Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : numbers[code]!)) };
  }
  if (declaration.type === "boolean") {
    const truth = readings.map((reading) => (reading === true ? 1 : reading === false ? 0 : -1));
    return { kind: "boolean", name, values: Int8Array.from(codes, (code) => (code < 0 ? -1 : truth[code]!)) };
  }
  const levels: string[] = [];
  const newCode = readings.map((reading) => (typeof reading === "string" ? levels.push(reading) - 1 : -1));
  const factor: FactorColumn = {
    kind: "factor",
    name,
    levels,
    ordered: false,
    codes: codes.map((code) => (code < 0 ? -1 : newCode[code]!)),
  };
  return factor;
}

interface FoundFaults {
  readonly kinds: readonly FaultKind[];
  /** One a row: 0 for none, k + 1 for kinds[k]. */
  readonly codes: Uint8Array;
}

/** null where every row is fine. */
function faultsOf(n: number, kindOf: (row: number) => FaultKind | null): FoundFaults | null {
  const kinds: FaultKind[] = [];
  let codes: Uint8Array | null = null;
  for (let row = 0; row < n; row++) {
    const kind = kindOf(row);
    if (kind === null) continue;
    codes ??= new Uint8Array(n);
    let k = kinds.indexOf(kind);
    if (k < 0) k = kinds.push(kind) - 1;
    codes[row] = k + 1;
  }
  return codes === null ? null : { kinds, codes };
}

function blanked(values: Float64Array, faults: FoundFaults | null, missing: number): Float64Array {
  faults?.codes.forEach((code, row) => {
    if (code > 0) values[row] = missing;
  });
  return values;
}

function conformed(
  column: Column,
  declaration: ColumnDeclaration,
  found: FoundFaults | null,
  textOf: (row: number) => string,
): ConformedColumn {
  const result = conformColumn(column, declaration) ?? column;
  if (found === null) return { column: result, faults: [], faulty: null };
  const faults = found.kinds.map((kind, k): Fault => {
    const rows: number[] = [];
    const distinct = new Map<string, number>();
    let count = 0;
    for (let row = 0; row < columnLength(column); row++) {
      if (found.codes[row] !== k + 1) continue;
      if (++count <= EXAMPLES) rows.push(row);
      distinct.set(textOf(row), (distinct.get(textOf(row)) ?? 0) + 1);
    }
    return { kind, count, rows, values: rows.map(textOf), distinct };
  });
  return { column: result, faults, faulty: found.codes.map((code) => (code > 0 ? 1 : 0)) };
}
