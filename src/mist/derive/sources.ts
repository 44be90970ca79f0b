/**
 * The study's columns as the measures read them: numbers with NaN for missing (an ordered category is its score, a truth value 1 or
 * 0), identifiers as codes of one space for the whole study, so that a teacher's code is the same in every table.
 *
 * A table that is absent reads as one without rows; `has` tells the difference, where 0 and unknown differ.
 */
import type { FactorColumn } from "../../data/column.js";
import { asFactor, sortedLevels } from "../../data/factor.js";
import type { Table } from "../../data/table.js";
import { scoreValues } from "../codebook/category-sets.js";
import { type ColumnName, columnOf, type TableName } from "../codebook/codebook.js";
import type { Study } from "../codebook/study.js";
import type { ExpertiseStandards } from "./measures/expertise.js";
import type { MeasureChoices } from "./options.js";

export interface Sources {
  readonly study: Study;
  readonly choices: MeasureChoices;
  readonly expertiseStandards: ExpertiseStandards | undefined;
  has(table: TableName): boolean;
  rowCount(table: TableName): number;
  numbers<N extends TableName>(table: N, column: ColumnName<N>): Float64Array;
  /** Codes in the study's one space of identifiers; -1 where missing. */
  ids<N extends TableName>(table: N, column: ColumnName<N>): Int32Array;
  /** A column of categories as it stands, or of identifiers. */
  factor<N extends TableName>(table: N, column: ColumnName<N>): FactorColumn;
  texts<N extends TableName>(table: N, column: ColumnName<N>): readonly (string | null)[];
  /** One key a row from identifiers and cycles; -1 where a part is missing. */
  keys<N extends TableName>(table: N, id: ColumnName<N>, cycle: ColumnName<N>): Float64Array;
  /** The name behind a code of `ids`. */
  nameOf(code: number): string;
  /** Computes once and remembers. */
  once<T>(name: string, work: () => T): T;
}

/** More cycles than any study has. */
const CYCLES = 1024;

/**
 * A key from an identifier's code and a cycle; -1 where one is missing.
 *
 * @example [keyOf(2, 3), keyOf(-1, 3)] // => [2051, -1]
 */
export function keyOf(id: number, cycle: number): number {
  return id < 0 || !Number.isInteger(cycle) || cycle < 0 || cycle >= CYCLES ? -1 : id * CYCLES + cycle;
}

/** Reads a study. */
export function sourcesOf(study: Study, choices: MeasureChoices, expertiseStandards?: ExpertiseStandards): Sources {
  const codes = new Map<string, number>();
  const names: string[] = [];
  const known = new Map<string, unknown>();
  const once = <T>(name: string, work: () => T): T => {
    if (!known.has(name)) known.set(name, work());
    return known.get(name) as T;
  };
  const tableOf = (name: TableName): Table<object> | undefined => study[name];
  const codeOf = (name: string): number => {
    let code = codes.get(name);
    if (code === undefined) {
      code = names.push(name) - 1;
      codes.set(name, code);
    }
    return code;
  };
  const factor = (table: TableName, column: string): FactorColumn => {
    const source = tableOf(table);
    return source === undefined
      ? { kind: "factor", name: column, codes: new Int32Array(0), levels: [], ordered: false }
      : asFactor(source.column(column));
  };
  const ids = (table: TableName, column: string): Int32Array =>
    once(`ids ${table}.${column}`, () => {
      const { codes: own, levels } = factor(table, column);
      const shared = Int32Array.from(levels, codeOf);
      return own.map((code) => (code < 0 ? -1 : shared[code]!));
    });
  const numbers = <N extends TableName>(table: N, column: ColumnName<N>): Float64Array =>
    once(`numbers ${table}.${column}`, () => {
      const cells = tableOf(table)?.column(column);
      if (cells === undefined) return new Float64Array(0);
      switch (cells.kind) {
        case "number":
          return cells.values;
        case "boolean":
          return Float64Array.from(cells.values, (value) => (value < 0 ? Number.NaN : value));
        case "factor": {
          const declaration = columnOf(table, column);
          return declaration.type === "ordered"
            ? scoreValues(cells, declaration.categories)
            : new Float64Array(cells.codes.length).fill(Number.NaN);
        }
        case "text":
          return new Float64Array(cells.values.length).fill(Number.NaN);
      }
    });
  return {
    study,
    choices,
    expertiseStandards,
    has: (table) => tableOf(table) !== undefined,
    rowCount: (table) => tableOf(table)?.rowCount ?? 0,
    numbers,
    ids,
    factor,
    texts: (table, column) => {
      const cells = tableOf(table)?.column(column);
      if (cells === undefined) return [];
      if (cells.kind === "text") return cells.values;
      const { codes: own, levels } = asFactor(cells);
      return Array.from(own, (code) => (code < 0 ? null : levels[code]!));
    },
    keys: (table, id, cycle) => {
      const [own, cycles] = [ids(table, id), numbers(table, cycle)];
      return Float64Array.from(own, (code, i) => keyOf(code, cycles[i]!));
    },
    nameOf: (code) => names[code]!,
    once,
  };
}

/** Codes of `Sources.ids` as a factor with its levels in code-point order. */
export function idFactor(name: string, codes: Int32Array, nameOf: (code: number) => string): FactorColumn {
  const newCode = new Map<number, number>();
  const own = codes.map((code) => {
    if (code < 0) return -1;
    let known = newCode.get(code);
    if (known === undefined) {
      known = newCode.size;
      newCode.set(code, known);
    }
    return known;
  });
  return { kind: "factor", name, ordered: false, ...sortedLevels(Array.from(newCode.keys(), nameOf), own) };
}

/** The first row of each key; rows without a key (-1) have none. */
export function indexOf(keys: ArrayLike<number>): ReadonlyMap<number, number> {
  const rows = new Map<number, number>();
  for (let i = 0; i < keys.length; i++) if (keys[i]! >= 0 && !rows.has(keys[i]!)) rows.set(keys[i]!, i);
  return rows;
}

/** All rows of each key, in their order. */
export function rowsOf(keys: ArrayLike<number>): ReadonlyMap<number, readonly number[]> {
  const rows = new Map<number, number[]>();
  for (let i = 0; i < keys.length; i++) {
    if (!(keys[i]! >= 0)) continue;
    const known = rows.get(keys[i]!);
    if (known === undefined) rows.set(keys[i]!, [i]);
    else known.push(i);
  }
  return rows;
}

/** The row of each key in `index`; -1 where there is none. */
export function rowsAt(keys: ArrayLike<number>, index: ReadonlyMap<number, number>): Int32Array {
  return Int32Array.from(keys, (key) => index.get(key) ?? -1);
}

/** values[rows[k]], NaN where the row is -1. */
export function taken(values: Float64Array, rows: ArrayLike<number>): Float64Array {
  return Float64Array.from(rows, (row) => (row < 0 ? Number.NaN : values[row]!));
}

/** codes[rows[k]], -1 where the row is -1. */
export function takenIds(codes: Int32Array, rows: ArrayLike<number>): Int32Array {
  return Int32Array.from(rows, (row) => (row < 0 ? -1 : codes[row]!));
}

/** The factor over other rows, all its levels kept. */
export function takenFactor(factor: FactorColumn, rows: ArrayLike<number>): FactorColumn {
  return { ...factor, codes: takenIds(factor.codes, rows) };
}
