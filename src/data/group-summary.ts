/**
 * One row a group: the groups are the combinations of the grouping columns' values that occur, in the order of their levels
 * (numbers by size); rows with a missing grouping value belong to no group.
 *
 * Missing values are skipped; a statistic of no values is missing, `sd` and `variance` (over n - 1) also of one value.
 */
import { sampleStandardDeviation, sampleVariance, sum } from "simple-statistics";
import { DataError, dataMessages } from "../messages.js";
import { meanOf } from "./centre.js";
import type { Column } from "./column.js";
import { takeRows } from "./column-values.js";
import { asFactor, factorProduct } from "./factor.js";
import { quantileSorted } from "./quantile.js";
import { Table } from "./table.js";

/** `n` counts values that are not missing. */
export type Statistic = "n" | "missing" | "sum" | "mean" | "sd" | "variance" | "min" | "median" | "max";

/** "rows" counts the group's rows; [column, statistic] summarizes a numeric or boolean column (TRUE counts as 1). */
export type Summary<Row extends object> = "rows" | readonly [keyof Row & string, Statistic];

/** The statistics over a group's values in increasing order (n > 0). */
const STATISTICS: { readonly [S in Exclude<Statistic, "n" | "missing">]: (sorted: number[]) => number } = {
  // The ends decide an infinite sum; compensation would make it NaN.
  sum: (sorted) => {
    const ends = sorted[0]! + sorted[sorted.length - 1]!;
    return Number.isFinite(ends) ? sum(sorted) : ends;
  },
  mean: (sorted) => meanOf(sorted),
  sd: (sorted) => (sorted.length < 2 ? Number.NaN : sampleStandardDeviation(sorted)),
  variance: (sorted) => (sorted.length < 2 ? Number.NaN : sampleVariance(sorted)),
  min: (sorted) => sorted[0]!,
  median: (sorted) => quantileSorted(sorted, 0.5),
  max: (sorted) => sorted[sorted.length - 1]!,
};
const NAMES: readonly string[] = ["n", "missing", ...Object.keys(STATISTICS)];

/**
 * @param by the grouping columns
 * @param summaries the new columns by name
 * @throws DataError for unknown columns and statistics, and for columns that are not numeric
 * @example groupSummary(Table.from({ g: ["b", "a", "b"], x: [1, 2, 3] }), ["g"], { n: "rows", mean: ["x", "mean"] }).toRows() // => [{ g: "a", n: 1, mean: 2 }, { g: "b", n: 2, mean: 2 }]
 */
export function groupSummary<Row extends object, K extends keyof Row & string, S extends Readonly<Record<string, Summary<Row>>>>(
  table: Table<Row>,
  by: readonly K[],
  summaries: S,
): Table<Pick<Row, K> & { [N in keyof S]: number }> {
  const keys = by.map((name) => table.column(name));
  const groups =
    keys.length === 0
      ? { codes: new Int32Array(table.rowCount), count: 1 }
      : (({ codes, levels }) => ({ codes, count: levels.length }))(factorProduct(keys.map(asFactor)));
  const { starts, order } = rowsByGroup(groups.codes, groups.count);
  const firstRows = Array.from({ length: groups.count }, (_, group) => order[starts[group]!]!);
  const made = Object.entries(summaries as Record<string, Summary<Row>>).map(([name, summary]): Column => {
    if (summary === "rows") {
      return {
        kind: "number",
        name,
        values: Float64Array.from({ length: groups.count }, (_, group) => starts[group + 1]! - starts[group]!),
      };
    }
    return { kind: "number", name, values: summarized(numeric(table.column(summary[0])), summary[1], starts, order) };
  });
  return Table.ofColumns([...keys.map((column) => takeRows(column, firstRows)), ...made]);
}

function summarized(values: ArrayLike<number>, statistic: Statistic, starts: Int32Array, order: Int32Array): Float64Array {
  if (!NAMES.includes(statistic)) throw new DataError(dataMessages.noSummary(statistic, NAMES));
  const scratch = new Float64Array(order.length);
  return Float64Array.from({ length: starts.length - 1 }, (_, group) => {
    let n = 0;
    for (let k = starts[group]!; k < starts[group + 1]!; k++) {
      const value = values[order[k]!]!;
      if (!Number.isNaN(value)) scratch[n++] = value;
    }
    if (statistic === "n") return n;
    if (statistic === "missing") return starts[group + 1]! - starts[group]! - n;
    if (n === 0) return Number.NaN;
    return STATISTICS[statistic](scratch.subarray(0, n).sort() as ArrayLike<number> as number[]);
  });
}

function numeric(column: Column): ArrayLike<number> {
  if (column.kind === "number") return column.values;
  if (column.kind === "boolean") return Float64Array.from(column.values, (value) => (value < 0 ? Number.NaN : value));
  throw new DataError(dataMessages.wrongKind(column.name, column.kind, "a numeric or boolean column"), { column: column.name });
}

/** The rows in the order of their groups: order[starts[group] .. starts[group + 1]]. */
function rowsByGroup(codes: Int32Array, count: number): { readonly starts: Int32Array; readonly order: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (const code of codes) if (code >= 0) starts[code + 1]!++;
  for (let group = 0; group < count; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice();
  const order = new Int32Array(starts[count]!);
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) order[next[codes[i]!]!++] = i;
  return { starts, order };
}
