/**
 * The table: columns of equal length with distinct names, immutable. What a verb (select, filter, derive, ...) returns
 * is a new table that shares the columns it did not change.
 */
import { DataError, dataMessages } from "../messages.js";
import type { Column } from "./column.js";
import { type Cell, cellOf, columnLength } from "./column-values.js";
import {
  type ArqueroTable,
  type ArrowTable,
  columnsOfArquero,
  columnsOfArrow,
  columnsOfDanfo,
  type DanfoFrame,
  isArquero,
  isArrow,
  isDanfo,
} from "./foreign-table.js";
import { type ColumnValues, inferColumn } from "./infer-column.js";
import { previewOf } from "./preview.js";

/** Columns by name: arrays, typed arrays, or columns already made (their name is replaced by the key). */
export type ColumnRecord = Readonly<Record<string, ColumnValues | Column>>;

/** The row type that a record of columns has. */
export type RowOf<C> = {
  -readonly [K in keyof C]: C[K] extends { readonly kind: infer Kind } ? CellOfKind<Kind> : C[K] extends ArrayLike<infer E> ? E : unknown;
};

type CellOfKind<Kind> = Kind extends "number" ? number | null : Kind extends "boolean" ? boolean | null : string | null;

/** Options of `Table.from`. */
export interface TableOptions {
  /** Columns whose strings stay free text instead of becoming factors; default none. */
  readonly text?: readonly string[];
}

/** The part of arquero that `toArquero` uses. */
export interface ArqueroModule<T> {
  table(columns: Record<string, ArrayLike<unknown>>, names?: string[]): T;
}

/**
 * An immutable table of typed columns. `Row` is the type of a row, known to the compiler only: formulas are checked
 * against its keys.
 *
 * @example Table.from([{ school: "a", score: 1.5 }, { school: "b", score: null }]).columnNames // => ["school", "score"]
 */
export class Table<Row extends object = Record<string, unknown>> {
  /** Carries the row type; never set. */
  declare readonly rowType?: Row;
  readonly rowCount: number;
  readonly columns: readonly Column[];
  readonly columnNames: readonly string[];
  readonly #byName: ReadonlyMap<string, Column>;

  private constructor(columns: readonly Column[]) {
    this.#byName = checkedByName(columns);
    this.columns = Object.freeze([...columns]);
    this.columnNames = Object.freeze(columns.map(({ name }) => name));
    this.rowCount = columns.length === 0 ? 0 : columnLength(columns[0]!);
  }

  /**
   * A table from columns that are already typed.
   *
   * @throws DataError for empty or repeated names, unequal lengths, and codes outside a factor's levels
   */
  static ofColumns<Row extends object = Record<string, unknown>>(columns: readonly Column[]): Table<Row> {
    return new Table<Row>(columns);
  }

  /**
   * A table from rows (an array of objects), from columns (an object of arrays or typed arrays), or from an arquero,
   * danfojs or Arrow table. Numbers become numeric columns, booleans boolean ones, strings factors with levels in
   * code-point order, Dates text. null, undefined, NaN and absent keys are missing. Float64Arrays are shared, not copied.
   *
   * @throws DataError for columns of mixed type (column and row), repeated or empty names, and unequal lengths
   * @example Table.from({ x: [1, 2], g: ["b", "a"] }).column("g").levels // => ["a", "b"]
   */
  static from<Row extends object>(source: readonly Row[], options?: TableOptions): Table<Row>;
  static from<Row extends object>(source: Table<Row>, options?: TableOptions): Table<Row>;
  static from<Row extends object = Record<string, unknown>>(
    source: ArqueroTable | ArrowTable | DanfoFrame,
    options?: TableOptions,
  ): Table<Row>;
  static from<C extends ColumnRecord>(source: C, options?: TableOptions): Table<RowOf<C>>;
  static from(source: object, options: TableOptions = {}): Table<object> {
    const asText = new Set(options.text ?? []);
    if (source instanceof Table) return source;
    if (source === null || typeof source !== "object") throw new DataError(dataMessages.notATable(whatIs(source)));
    const columns = columnsFrom(source, asText);
    for (const name of asText) {
      if (!columns.some((column) => column.name === name)) {
        throw new DataError(
          dataMessages.noColumn(
            name,
            columns.map((column) => column.name),
          ),
          { column: name },
        );
      }
    }
    return new Table(columns);
  }

  /** Whether there is a column of this name. */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /**
   * The column of this name.
   *
   * @throws DataError where there is none, with the nearest name
   */
  column(name: string): Column {
    const column = this.#byName.get(name);
    if (column === undefined) throw new DataError(dataMessages.noColumn(name, this.columnNames), { column: name });
    return column;
  }

  /**
   * The rows as plain objects; missing cells are null.
   *
   * @example Table.from({ x: [1, NaN] }).toRows() // => [{ x: 1 }, { x: null }]
   */
  toRows(): Row[] {
    return Array.from({ length: this.rowCount }, (_, i) => {
      const row: Record<string, Cell> = {};
      for (const column of this.columns) setOwn(row, column.name, cellOf(column, i));
      return row as Row;
    });
  }

  /** The columns as plain arrays in one object; missing cells are null. */
  toColumns(): { [K in keyof Row & string]: Cell[] } {
    const record: Record<string, Cell[]> = {};
    for (const column of this.columns) setOwn(record, column.name, cellsOf(column));
    return record as { [K in keyof Row & string]: Cell[] };
  }

  /**
   * An arquero table; numeric columns are shared, not copied, and keep NaN for missing.
   *
   * @param aq the arquero module: `import * as aq from "arquero"`
   */
  toArquero<T>(aq: ArqueroModule<T>): T {
    const record: Record<string, ArrayLike<unknown>> = {};
    for (const column of this.columns) setOwn(record, column.name, column.kind === "number" ? column.values : cellsOf(column));
    return aq.table(record, [...this.columnNames]);
  }

  /** The rows as plain objects, so that `JSON.stringify` gives what `Table.from` reads. */
  toJSON(): Row[] {
    return this.toRows();
  }

  /** The size, each column's kind, and the first rows. */
  toString(): string {
    return previewOf(this.columns, this.rowCount);
  }

  static {
    // Node's console, and so a notebook, shows the preview. (isolatedDeclarations allows no computed member name.)
    Object.defineProperty(Table.prototype, Symbol.for("nodejs.util.inspect.custom"), {
      value(this: Table<object>): string {
        return this.toString();
      },
    });
  }
}

/** Sets an own property whatever its name: assigning to `__proto__` would set the prototype. */
function setOwn<V>(target: Record<string, V>, name: string, value: V): void {
  if (name === "__proto__") Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
  else target[name] = value;
}

function cellsOf(column: Column): Cell[] {
  return Array.from({ length: columnLength(column) }, (_, i) => cellOf(column, i));
}

function columnsFrom(source: object, asText: ReadonlySet<string>): Column[] {
  if (Array.isArray(source)) return columnsOfRows(source, asText);
  if (isArquero(source)) return columnsOfArquero(source, asText);
  if (isArrow(source)) return columnsOfArrow(source, asText);
  if (isDanfo(source)) return columnsOfDanfo(source, asText);
  if (ArrayBuffer.isView(source)) throw new DataError(dataMessages.notATable("A typed array"));
  return Object.entries(source).map(([name, values]) => {
    if (isColumn(values)) return { ...values, name };
    if (!isArrayLike(values)) throw new DataError(dataMessages.notATable(`An object whose "${name}" is no array`), { column: name });
    return inferColumn(name, values, asText.has(name));
  });
}

/** Own enumerable keys only, in the order in which they first occur; `__proto__` is a name like any other. */
function columnsOfRows(rows: readonly unknown[], asText: ReadonlySet<string>): Column[] {
  const cells = new Map<string, unknown[]>();
  rows.forEach((row, i) => {
    if (row === null || typeof row !== "object" || Array.isArray(row)) {
      throw new DataError(dataMessages.rowNotAnObject(i + 1, whatIs(row).toLowerCase()), { rows: [i + 1] });
    }
    for (const key of Object.keys(row)) {
      let values = cells.get(key);
      if (values === undefined) {
        values = new Array<unknown>(rows.length).fill(null);
        cells.set(key, values);
      }
      values[i] = (row as Record<string, unknown>)[key];
    }
  });
  return Array.from(cells, ([name, values]) => inferColumn(name, values, asText.has(name)));
}

function isColumn(value: unknown): value is Column {
  if (typeof value !== "object" || value === null) return false;
  const { kind } = value as { kind?: unknown };
  return kind === "number" || kind === "factor" || kind === "boolean" || kind === "text";
}

function isArrayLike(value: unknown): value is ColumnValues {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function whatIs(value: unknown): string {
  if (value === null) return "Null";
  if (Array.isArray(value)) return "An array";
  return typeof value === "undefined" ? "Undefined" : `A ${typeof value}`;
}

function checkedByName(columns: readonly Column[]): Map<string, Column> {
  const byName = new Map<string, Column>();
  columns.forEach((column, k) => {
    const { name } = column;
    if (name === "") throw new DataError(dataMessages.emptyColumnName(k + 1));
    if (byName.has(name)) {
      const positions = columns.flatMap((other, j) => (other.name === name ? [j + 1] : []));
      throw new DataError(dataMessages.duplicateColumn(name, positions), { column: name });
    }
    const first = columns[0]!;
    if (columnLength(column) !== columnLength(first)) {
      throw new DataError(dataMessages.unequalLengths(first.name, columnLength(first), name, columnLength(column)), { column: name });
    }
    if (column.kind === "factor") checkCodes(name, column.codes, column.levels.length);
    byName.set(name, column);
  });
  return byName;
}

function checkCodes(name: string, codes: Int32Array, levels: number): void {
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code < -1 || code >= levels) throw new DataError(dataMessages.badCode(name, i + 1, code, levels), { column: name, rows: [i + 1] });
  }
}
