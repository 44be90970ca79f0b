/**
 * How a level of analysis is declared, and its table made: every column with its kind, the measure it is, and the tables it needs.
 *
 *   id -> factor of identifiers;  category, ordered -> factor;  number -> numbers;  flag -> truth values where it stands in a table of
 *   the study, the numbers 1 and 0 where a measure made it, so that a model's term has the measure's name
 *
 * A column whose tables the study lacks is there and missing throughout, and a note says so.
 */
import type { Column, FactorColumn } from "../../data/column.js";
import { takeRows } from "../../data/column-values.js";
import { Table } from "../../data/table.js";
import { isTableName, type TableName } from "../codebook/codebook.js";
import type { MeasureId } from "./records.js";
import { idFactor, type Sources } from "./sources.js";

export interface LevelColumn {
  readonly type: "id" | "category" | "ordered" | "number" | "flag";
  /** The measure whose rule made it; absent for identifiers and for what stands in a table of the study as it is. */
  readonly measure?: MeasureId;
  /** "table.column": the column of a table of the study that stands here as it is. */
  readonly from?: `${TableName}.${string}`;
  /** Tables besides the level's own without which it is missing throughout. */
  readonly needs?: readonly TableName[];
}

export type LevelColumns = Readonly<Record<string, LevelColumn>>;

/** The row type that declared columns have. */
export type LevelRow<D extends LevelColumns> = {
  -readonly [K in keyof D]: D[K]["type"] extends "number"
    ? number | null
    : D[K]["type"] extends "flag"
      ? D[K] extends { readonly from: string }
        ? boolean | null
        : number | null
      : string | null;
};

/** The values that declared columns are made from; those with `from` are read. */
export type LevelValues<D extends LevelColumns> = {
  readonly [K in keyof D as D[K] extends { readonly from: string } ? never : K]: D[K]["type"] extends "number" | "flag"
    ? Float64Array
    : D[K]["type"] extends "id"
      ? Int32Array
      : FactorColumn;
};

/** For each table read from, its row for each row of the level (-1 where none); null where the rows are the same. */
export type LevelSources = { readonly [N in TableName]?: ArrayLike<number> | null };

/** The table of declared columns, in the order of the declaration. */
export function levelTable<D extends LevelColumns>(
  columns: D,
  sources: Sources,
  rows: LevelSources,
  values: LevelValues<D>,
): Table<LevelRow<D>> {
  const made: Readonly<Record<string, Float64Array | Int32Array | FactorColumn>> = values;
  return Table.ofColumns(
    Object.entries(columns).map(([name, { type, from }]) =>
      from === undefined ? columnFrom(name, made[name]!, sources) : columnRead(name, from, type, sources, rows),
    ),
  );
}

/** The table and the column that "table.column" names. */
export function partsOf(from: string): { readonly table: TableName; readonly column: string } {
  const [table, column] = from.split(".");
  if (table === undefined || column === undefined || !isTableName(table)) throw new RangeError(from);
  return { table, column };
}

function columnRead(name: string, from: string, type: LevelColumn["type"], sources: Sources, rows: LevelSources): Column {
  const { table, column } = partsOf(from);
  const given = rows[table];
  const source: Table<object> | undefined = sources.study[table];
  if (given === undefined) throw new RangeError(from);
  if (source === undefined) return missing(name, type, given?.length ?? 0);
  const read = source.column(column);
  return { ...(given === null ? read : takeRows(read, given)), name };
}

function missing(name: string, type: LevelColumn["type"], n: number): Column {
  switch (type) {
    case "number":
      return { kind: "number", name, values: new Float64Array(n).fill(Number.NaN) };
    case "flag":
      return { kind: "boolean", name, values: new Int8Array(n).fill(-1) };
    default:
      return { kind: "factor", name, codes: new Int32Array(n).fill(-1), levels: [], ordered: type === "ordered" };
  }
}

function columnFrom(name: string, values: Float64Array | Int32Array | FactorColumn, sources: Sources): Column {
  if (values instanceof Float64Array) return { kind: "number", name, values };
  return values instanceof Int32Array ? idFactor(name, values, sources.nameOf) : { ...values, name };
}

/**
 * A table with another's columns beside its own, row by row; of two columns with one name its own stays.
 *
 * @param rows the other table's row for each row, -1 where there is none
 */
export function beside<A extends object, B extends object>(
  own: Table<A>,
  other: Table<B>,
  rows: ArrayLike<number>,
): Table<A & Omit<B, keyof A>> {
  const added = other.columns.filter(({ name }) => !own.has(name)).map((column) => takeRows(column, rows));
  return Table.ofColumns<A & Omit<B, keyof A>>([...own.columns, ...added]);
}

/** An ordered factor from scores; levels other than the given scores are those that occur. */
export function orderedFactor(name: string, scores: Float64Array, levels: readonly string[], lowest = 0): FactorColumn {
  const known = new Set(levels.map((_, k) => lowest + k));
  const others = new Set(Array.from(scores).filter((score) => !Number.isNaN(score) && !known.has(score)));
  const all = [...known, ...others].sort((a, b) => a - b);
  const codeOf = new Map(all.map((score, code) => [score, code]));
  const texts = all.map((score) => (known.has(score) ? levels[score - lowest]! : String(score)));
  return { kind: "factor", name, ordered: true, levels: texts, codes: Int32Array.from(scores, (score) => codeOf.get(score) ?? -1) };
}

/** A factor without order from positions in `levels`; -1 is missing. */
export function plainFactor(name: string, codes: Int32Array, levels: readonly string[]): FactorColumn {
  return { kind: "factor", name, ordered: false, levels, codes };
}
