/**
 * What an expression in a formula gives when it is evaluated on a table: n numbers, an n x k matrix of numbers, a
 * factor, or n truth values. Missing values have one form a kind: NaN, code -1, -1.
 *
 * Arrays may be those of the table's columns themselves; nobody writes into them.
 */
import type { ContrastName } from "./contrasts.js";

/** n numbers; NaN is missing. */
export interface NumericValue {
  readonly kind: "numeric";
  readonly values: Float64Array;
}

/** n x width numbers, column-major, from `poly`, `ns`, `bs` or `cbind`. */
export interface MatrixValue {
  readonly kind: "matrix";
  readonly width: number;
  /** What R puts behind the variable's text to name the columns: `1`, `2`, ... */
  readonly columnNames: readonly string[];
  readonly values: Float64Array;
  /** The function that made it: `cbind` as a response means successes and failures. */
  readonly source: "poly" | "ns" | "bs" | "cbind";
}

/** A factor: `levels[codes[i]]`, code -1 is missing. */
export interface FactorValue {
  readonly kind: "factor";
  readonly codes: Int32Array;
  readonly levels: readonly string[];
  readonly ordered: boolean;
  /** What the levels were before: it decides the order of a union of levels. */
  readonly source: "factor" | "text" | "number";
  /** The order of the levels was stated: by an ordered column, or by `levels`, `labels` or `ref` in the formula. Absent: it was not. */
  readonly stated?: boolean;
  /** Set by `C(x, sum)`; null: the default. */
  readonly contrasts: ContrastName | null;
}

/** n truth values: 1, 0, -1 missing. As a predictor a factor with the levels FALSE and TRUE. */
export interface LogicalValue {
  readonly kind: "logical";
  readonly values: Int8Array;
}

/** A number that stands in the formula; as a variable it is n times that number. */
export interface ConstantValue {
  readonly kind: "constant";
  readonly value: number;
}

/** A quoted string that stands in the formula, to compare with. */
export interface StringValue {
  readonly kind: "string";
  readonly value: string;
}

/** A value that has one entry a row. */
export type ColumnValue = NumericValue | MatrixValue | FactorValue | LogicalValue;
export type Value = ColumnValue | ConstantValue | StringValue;

/**
 * Calls `visit` for each of the rows that are missing in `value`.
 *
 * @param rowCount n
 */
export function eachMissing(value: ColumnValue, rowCount: number, visit: (row: number) => void): void {
  switch (value.kind) {
    case "numeric": {
      const { values } = value;
      for (let i = 0; i < rowCount; i++) if (Number.isNaN(values[i])) visit(i);
      return;
    }
    case "matrix": {
      const { values, width } = value;
      for (let i = 0; i < rowCount; i++) {
        for (let j = 0; j < width; j++) {
          if (Number.isNaN(values[j * rowCount + i])) {
            visit(i);
            break;
          }
        }
      }
      return;
    }
    case "factor": {
      const { codes } = value;
      for (let i = 0; i < rowCount; i++) if (codes[i]! < 0) visit(i);
      return;
    }
    case "logical": {
      const { values } = value;
      for (let i = 0; i < rowCount; i++) if (values[i]! < 0) visit(i);
      return;
    }
  }
}

/**
 * The value over some rows only; the same value where all rows are taken.
 *
 * @param rows 0-based, increasing
 * @param rowCount rows of `value`
 */
export function takeValueRows(value: ColumnValue, rows: Int32Array, rowCount: number): ColumnValue {
  if (rows.length === rowCount) return value;
  const n = rows.length;
  switch (value.kind) {
    case "numeric":
      return { kind: "numeric", values: takeNumbers(value.values, rows) };
    case "matrix": {
      const values = new Float64Array(n * value.width);
      for (let j = 0; j < value.width; j++) {
        for (let i = 0; i < n; i++) values[j * n + i] = value.values[j * rowCount + rows[i]!]!;
      }
      return { ...value, values };
    }
    case "factor": {
      const codes = new Int32Array(n);
      for (let i = 0; i < n; i++) codes[i] = value.codes[rows[i]!]!;
      return { ...value, codes };
    }
    case "logical": {
      const values = new Int8Array(n);
      for (let i = 0; i < n; i++) values[i] = value.values[rows[i]!]!;
      return { kind: "logical", values };
    }
  }
}

/** The numbers of some rows, copied. */
export function takeNumbers(values: Float64Array, rows: Int32Array): Float64Array {
  const taken = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]!]!;
  return taken;
}

/** TRUE as 1, FALSE as 0, missing as NaN. */
export function logicalToNumbers(values: Int8Array): Float64Array {
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) numbers[i] = values[i]! < 0 ? Number.NaN : values[i]!;
  return numbers;
}
