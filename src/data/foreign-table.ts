/**
 * Tables of other libraries, recognised by their shape alone, so that none of them is imported:
 * arquero (`columnNames()`, `numRows()`, `array(name)`), danfojs (`columns`, `column(name).values`) and
 * Apache Arrow (`schema.fields`, `getChildAt(k)`).
 */
import type { Column } from "./column.js";
import { type ColumnValues, inferColumn } from "./infer-column.js";

/** An arquero table. */
export interface ArqueroTable {
  columnNames(): string[];
  numRows(): number;
  array(name: string): ColumnValues;
}

/** A danfojs (or danfojs-node) data frame. */
export interface DanfoFrame {
  readonly columns: readonly string[];
  column(name: string): { readonly values: unknown };
}

/** An Apache Arrow table. */
export interface ArrowTable {
  readonly schema: { readonly fields: readonly { readonly name: string; readonly type?: unknown }[] };
  readonly numRows: number;
  getChildAt(index: number): unknown;
}

interface ArrowVector {
  readonly length: number;
  readonly nullCount: number;
  readonly type?: { readonly typeId?: number };
  get(index: number): unknown;
  toArray(): ColumnValues;
  memoize?(): ArrowVector;
}

/** Arrow's type ids for calendar dates and time stamps; `get` gives both as milliseconds since 1970. */
const ARROW_DATE = 8;
const ARROW_TIMESTAMP = 10;

export function isArquero(source: object): source is ArqueroTable {
  return hasMethod(source, "columnNames") && hasMethod(source, "numRows") && hasMethod(source, "array");
}

export function isDanfo(source: object): source is DanfoFrame {
  return hasMethod(source, "column") && Array.isArray((source as DanfoFrame).columns);
}

export function isArrow(source: object): source is ArrowTable {
  return hasMethod(source, "getChildAt") && Array.isArray((source as ArrowTable).schema?.fields);
}

/** @param asText the columns whose strings stay free text */
export function columnsOfArquero(source: ArqueroTable, asText: ReadonlySet<string>): Column[] {
  return source.columnNames().map((name) => inferColumn(name, source.array(name), asText.has(name)));
}

/** @param asText the columns whose strings stay free text */
export function columnsOfDanfo(source: DanfoFrame, asText: ReadonlySet<string>): Column[] {
  return source.columns.map((name) => inferColumn(name, source.column(name).values as ColumnValues, asText.has(name)));
}

/** @param asText the columns whose strings stay free text */
export function columnsOfArrow(source: ArrowTable, asText: ReadonlySet<string>): Column[] {
  return source.schema.fields.map(({ name }, k) => inferColumn(name, arrowValues(source.getChildAt(k) as ArrowVector), asText.has(name)));
}

function arrowValues(vector: ArrowVector): ColumnValues {
  const typeId = vector.type?.typeId;
  const isDate = typeId === ARROW_DATE || typeId === ARROW_TIMESTAMP;
  // Without nulls the buffer itself serves; with nulls it holds arbitrary numbers where the bitmap says "none".
  if (vector.nullCount === 0 && !isDate) {
    const values = vector.toArray();
    if (ArrayBuffer.isView(values)) return values;
  }
  const decoded = vector.memoize?.() ?? vector; // a dictionary's strings are decoded once, not once a row
  return Array.from({ length: vector.length }, (_, i) => {
    const value = decoded.get(i);
    return isDate && value !== null ? new Date(Number(value)) : value;
  });
}

function hasMethod(source: object, name: string): boolean {
  return typeof (source as Record<string, unknown>)[name] === "function";
}
