/**
 * A column from plain values: which kind it is, decided over the whole column.
 *
 *   numbers -> number;  booleans -> boolean;  strings -> factor, or text where asked for;  Dates -> text (ISO 8601)
 *
 * null, undefined and NaN are missing and belong to every kind; a column of nothing else is numeric. Infinite numbers are numbers.
 */
import { DataError, dataMessages } from "../messages.js";
import type { Column } from "./column.js";
import { makeFactor } from "./factor.js";

/** What columns may be made from. */
export type ColumnValues = ArrayLike<unknown>;

type Family = "numbers" | "strings" | "booleans" | "dates" | "big whole numbers";

/**
 * @param asText keep strings as free text instead of making a factor; default false
 * @throws DataError for a column of mixed types (column and row) and for values that are no cells
 * @example inferColumn("x", [1, null, 3]) // => { kind: "number", name: "x", values: Float64Array [1, NaN, 3] }
 */
export function inferColumn(name: string, values: ColumnValues, asText = false): Column {
  if (values instanceof Float64Array) return { kind: "number", name, values };
  if (ArrayBuffer.isView(values) && !isBigIntArray(values)) {
    return { kind: "number", name, values: Float64Array.from(values as ArrayLike<unknown> as ArrayLike<number>) };
  }
  switch (familyOf(name, values)) {
    case null:
    case "numbers":
      return { kind: "number", name, values: numbers(values) };
    case "big whole numbers":
      return bigIntegers(name, values, asText);
    case "booleans":
      return { kind: "boolean", name, values: Int8Array.from(values, (value) => (value === true ? 1 : value === false ? 0 : -1)) };
    case "dates":
      return { kind: "text", name, values: Array.from(values, (value) => (value instanceof Date ? isoDate(value) : null)) };
    case "strings":
      if (asText) return { kind: "text", name, values: Array.from(values, (value) => (typeof value === "string" ? value : null)) };
      return makeFactor(
        name,
        Array.from(values, (value) => (typeof value === "string" ? value : null)),
      );
  }
}

/** "2024-05-01" for midnight in Greenwich, else the full time stamp; null for an invalid date. */
export function isoDate(date: Date): string | null {
  if (Number.isNaN(date.getTime())) return null;
  const stamp = date.toISOString();
  return stamp.endsWith("T00:00:00.000Z") ? stamp.slice(0, -14) : stamp;
}

function isBigIntArray(values: object): boolean {
  return values instanceof BigInt64Array || values instanceof BigUint64Array;
}

/** The type that all cells share; null where all are missing. */
function familyOf(name: string, values: ColumnValues): Family | null {
  let family: Family | null = null;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isMissingValue(value)) continue;
    const own = familyOfValue(name, value, i);
    if (family === null) family = own;
    else if (family !== own) {
      if (isNumeric(family) && isNumeric(own)) family = "numbers";
      else throw new DataError(dataMessages.mixedColumn(name, family, own, shown(value), i + 1), { column: name, rows: [i + 1] });
    }
  }
  return family;
}

function isNumeric(family: Family): boolean {
  return family === "numbers" || family === "big whole numbers";
}

function isMissingValue(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));
}

function familyOfValue(name: string, value: unknown, row: number): Family {
  switch (typeof value) {
    case "number":
      return "numbers";
    case "bigint":
      return "big whole numbers";
    case "string":
      return "strings";
    case "boolean":
      return "booleans";
    default:
      if (value instanceof Date) return "dates";
      throw new DataError(dataMessages.unusableValue(name, kindOf(value), row + 1), { column: name, rows: [row + 1] });
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : value instanceof Date ? "a date" : String(value);
}

function numbers(values: ColumnValues): Float64Array {
  return Float64Array.from(values, (value) => (value === null || value === undefined ? Number.NaN : Number(value)));
}

/** Whole numbers that a double holds are numbers; beyond 2^53 they can only be identifiers, and become a factor. */
function bigIntegers(name: string, values: ColumnValues, asText: boolean): Column {
  const safe = (value: unknown): boolean => typeof value !== "bigint" || Number.isSafeInteger(Number(value));
  if (Array.prototype.every.call(values, safe)) return { kind: "number", name, values: numbers(values) };
  return inferColumn(
    name,
    Array.from(values, (value) => (value === null || value === undefined ? null : String(value))),
    asText,
  );
}
