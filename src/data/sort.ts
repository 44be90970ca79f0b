/**
 * The rows of a table in another order: numbers by size, factors by their levels, FALSE before TRUE, text by code point. Rows
 * that tie keep their order; missing cells come last, also in descending order.
 */

import { compareCodePoints } from "./code-points.js";
import type { Column } from "./column.js";
import { isMissing, takeRows } from "./column-values.js";
import { Table } from "./table.js";

/** A column to sort by; a bare name means ascending. */
export type SortKey<Row extends object> = (keyof Row & string) | { readonly column: keyof Row & string; readonly descending?: boolean };

/**
 * @param by the most important key first
 * @throws DataError for a name that the table does not have
 * @example sort(Table.from({ x: [2, null, 1] }), ["x"]).toRows() // => [{ x: 1 }, { x: 2 }, { x: null }]
 */
export function sort<Row extends object>(table: Table<Row>, by: readonly SortKey<Row>[]): Table<Row> {
  const comparers = by.map((key) => {
    const { column, descending = false } = typeof key === "string" ? { column: key } : key;
    return comparer(table.column(column), descending ? -1 : 1);
  });
  const order = Int32Array.from({ length: table.rowCount }, (_, i) => i).sort((a, b) => {
    for (const compare of comparers) {
      const difference = compare(a, b);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  return Table.ofColumns<Row>(table.columns.map((column) => takeRows(column, order)));
}

function comparer(column: Column, sign: 1 | -1): (a: number, b: number) => number {
  const order = present(column);
  return (a, b) => {
    const aMissing = isMissing(column, a);
    const bMissing = isMissing(column, b);
    return aMissing || bMissing ? Number(aMissing) - Number(bMissing) : sign * order(a, b);
  };
}

function present(column: Column): (a: number, b: number) => number {
  switch (column.kind) {
    case "number":
    case "boolean":
      // Not a difference: Infinity - Infinity is NaN.
      return (a, b) => Number(column.values[a]! > column.values[b]!) - Number(column.values[a]! < column.values[b]!);
    case "factor":
      return (a, b) => column.codes[a]! - column.codes[b]!;
    case "text":
      return (a, b) => compareCodePoints(column.values[a]!, column.values[b]!);
  }
}
