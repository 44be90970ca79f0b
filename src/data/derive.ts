/**
 * New columns from a table's rows, or in place of columns of the same name.
 */
import type { Column } from "./column.js";
import { type ColumnValues, inferColumn } from "./infer-column.js";
import { rowReader } from "./row-reader.js";
import { Table } from "./table.js";

/** A function of a row (missing cells are null; the row object is reused), values one a row, or a column already made. */
export type Derivation<Row extends object> = ((row: Row, index: number) => unknown) | ColumnValues | Column;

/** The row type with the derived columns. */
export type Derived<Row extends object, D> = Omit<Row, keyof D> & { [K in keyof D]: DerivedCell<D[K]> };

type DerivedCell<V> = V extends (...args: never[]) => infer R
  ? R
  : V extends { readonly kind: "number" }
    ? number | null
    : V extends { readonly kind: "boolean" }
      ? boolean | null
      : V extends { readonly kind: "factor" | "text" }
        ? string | null
        : V extends ArrayLike<infer E>
          ? E
          : unknown;

/**
 * Functions see the table as it was: one derivation does not see another.
 *
 * @throws DataError for values of mixed type (column and row) and for a wrong number of values
 * @example derive(Table.from({ x: [1, 2] }), { twice: (row) => 2 * row.x }).toRows() // => [{ x: 1, twice: 2 }, { x: 2, twice: 4 }]
 */
export function derive<Row extends object, D extends Readonly<Record<string, Derivation<Row>>>>(
  table: Table<Row>,
  derivations: D,
): Table<Derived<Row, D>> {
  const reader = rowReader(table);
  const made = new Map<string, Column>();
  for (const [name, derivation] of Object.entries(derivations) as [string, Derivation<Row>][]) {
    if (typeof derivation === "function") {
      const values = Array.from({ length: table.rowCount }, (_, i) => {
        reader.moveTo(i);
        return derivation(reader.row, i);
      });
      made.set(name, inferColumn(name, values));
    } else made.set(name, "kind" in derivation ? { ...derivation, name } : inferColumn(name, derivation));
  }
  const replaced = table.columns.map((column) => made.get(column.name) ?? column);
  const added = [...made.values()].filter(({ name }) => !table.has(name));
  return Table.ofColumns<Derived<Row, D>>([...replaced, ...added]);
}
