/**
 * A table described column by column: how many values there are, how many are missing, and how they are distributed.
 *
 * Standard deviations divide by n - 1; quantiles are type 7 (R's default). Missing values are skipped.
 */
import { sampleStandardDeviation } from "simple-statistics";
import { counted, dataMessages } from "../messages.js";
import { meanOf } from "./centre.js";
import type { Column, FactorColumn, NearlyNumeric, NumberColumn } from "./column.js";
import { columnLength, countMissing } from "./column-values.js";
import { asFactor } from "./factor.js";
import { quantileSorted } from "./quantile.js";
import type { Table } from "./table.js";

interface Described {
  readonly name: string;
  readonly label: string | null;
  /** Rows with a value. */
  readonly n: number;
  readonly missing: number;
}

/** A numeric column; every number is null where there are no values, `sd` also where there is one. */
export interface NumberDescription extends Described {
  readonly kind: "number";
  readonly mean: number | null;
  readonly sd: number | null;
  readonly min: number | null;
  readonly q25: number | null;
  readonly median: number | null;
  readonly q75: number | null;
  readonly max: number | null;
}

/** A factor, boolean or text column; levels in the factor's order, those that do not occur with count 0. */
export interface CategoryDescription extends Described {
  readonly kind: "factor" | "boolean" | "text";
  readonly ordered: boolean;
  readonly levels: readonly {
    readonly level: string;
    readonly label: string | null;
    readonly count: number;
    readonly share: number | null;
  }[];
  /** Only where the column was read as text because of a few cells that are no numbers. */
  readonly nearlyNumeric?: NearlyNumeric;
}

export type ColumnDescription = NumberDescription | CategoryDescription;

/**
 * One record a column, in the table's order.
 *
 * @param columns which; default all
 * @throws DataError for a name that the table does not have
 * @example describe(Table.from({ x: [1, 2, 3, 4, null] }))[0].median // => 2.5
 */
export function describe<Row extends object>(table: Table<Row>, columns?: readonly (keyof Row & string)[]): readonly ColumnDescription[] {
  const chosen = columns === undefined ? table.columns : columns.map((name) => table.column(name));
  return chosen.map((column) => (column.kind === "number" ? describeNumbers(column) : describeCategories(column)));
}

function described(column: Column): Described {
  const missing = countMissing(column);
  return { name: column.name, label: column.label ?? null, n: columnLength(column) - missing, missing };
}

function describeNumbers(column: NumberColumn): NumberDescription {
  const sorted = column.values.filter((value) => !Number.isNaN(value)).sort();
  const n = sorted.length;
  const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const list = sorted as ArrayLike<number> as number[]; // simple-statistics only indexes
  return {
    ...described(column),
    kind: "number",
    mean: n === 0 ? null : known(meanOf(sorted)),
    sd: n < 2 ? null : known(sampleStandardDeviation(list)),
    min: n === 0 ? null : sorted[0]!,
    q25: known(quantileSorted(sorted, 0.25)),
    median: known(quantileSorted(sorted, 0.5)),
    q75: known(quantileSorted(sorted, 0.75)),
    max: n === 0 ? null : sorted[n - 1]!,
  };
}

function describeCategories(column: Exclude<Column, NumberColumn>): CategoryDescription {
  const factor: FactorColumn = asFactor(column);
  const counts = new Int32Array(factor.levels.length);
  for (const code of factor.codes) if (code >= 0) counts[code]!++;
  const base = described(column);
  const labels = factor.levelLabels;
  return {
    ...base,
    kind: column.kind,
    ordered: factor.ordered,
    levels: factor.levels.map((level, code) => ({
      level,
      label: labels?.[code] ?? null,
      count: counts[code]!,
      share: base.n === 0 ? null : counts[code]! / base.n,
    })),
    ...(factor.nearlyNumeric === undefined ? {} : { nearlyNumeric: factor.nearlyNumeric }),
  };
}

const LEVELS_SHOWN = 6;

/**
 * The description as text: numeric columns in one table, then categories with their levels, then which of these were read as
 * text because of a few cells.
 *
 * @example descriptionText(describe(Table.from({ g: ["a", "b", "a"] }))) // => "column  n  missing  levels\ng       3        0  2: a 2, b 1"
 */
export function descriptionText(descriptions: readonly ColumnDescription[]): string {
  const numbers = descriptions.filter((d) => d.kind === "number");
  const categories = descriptions.filter((d) => d.kind !== "number");
  const blocks: string[] = [];
  if (numbers.length > 0) {
    const head = ["column", "n", "missing", "mean", "sd", "min", "25%", "median", "75%", "max"];
    const rows = numbers.map((d) => [
      d.name,
      String(d.n),
      String(d.missing),
      ...[d.mean, d.sd].map(shortNumber),
      ...[d.min, d.q25, d.median, d.q75, d.max].map(orderStatistic),
    ]);
    blocks.push(aligned([head, ...rows], head.length));
  }
  if (categories.length > 0) {
    const rows = categories.map((d) => [d.name, String(d.n), String(d.missing), levelsText(d)]);
    blocks.push(aligned([["column", "n", "missing", "levels"], ...rows], 3));
  }
  const nearly = categories.flatMap(({ name, nearlyNumeric: cells }) =>
    cells === undefined ? [] : [dataMessages.readAsText(name, cells.count, cells.total, cells.value, cells.row)],
  );
  if (nearly.length > 0) blocks.push(nearly.join("\n"));
  return blocks.join("\n\n");
}

function levelsText({ levels }: CategoryDescription): string {
  const shown = levels.slice(0, LEVELS_SHOWN).map(({ level, count }) => `${level} ${count}`);
  const more = levels.length - shown.length;
  return `${levels.length}: ${shown.join(", ")}${more > 0 ? `, ... ${counted(more, "more level")}` : ""}`;
}

/** Five significant digits. */
function shortNumber(value: number | null): string {
  return value === null ? "NA" : String(Number(value.toPrecision(5)));
}

/** A value of the data, or between two: whole numbers (identifiers, years) in full. */
function orderStatistic(value: number | null): string {
  return Number.isSafeInteger(value) ? String(value) : shortNumber(value);
}

/** The first column to the left, those up to `rightTo` to the right, the rest to the left. */
function aligned(rows: readonly (readonly string[])[], rightTo: number): string {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, k) => (k > 0 && k < rightTo ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!))).join("  ");
  return rows.map((row) => line(row).trimEnd()).join("\n");
}
