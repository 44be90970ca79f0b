/**
 * Some columns of a table, in the order asked for, renamed where asked for. Columns are shared, not copied.
 */
import type { Column } from "./column.js";
import { Table } from "./table.js";

/**
 * @param columns the names
 * @throws DataError for a name that the table does not have
 * @example select(Table.from({ a: [1], b: [2] }), ["b"]).columnNames // => ["b"]
 */
export function select<Row extends object, K extends keyof Row & string>(table: Table<Row>, columns: readonly K[]): Table<Pick<Row, K>> {
  return Table.ofColumns<Pick<Row, K>>(columns.map((name) => table.column(name)));
}

/**
 * The same columns under other names.
 *
 * @param names new name by old name
 * @throws DataError for a name that the table does not have, and for names given twice
 * @example rename(Table.from({ a: [1], b: [2] }), { a: "x" }).columnNames // => ["x", "b"]
 */
export function rename<Row extends object, const N extends { readonly [K in keyof Row & string]?: string }>(
  table: Table<Row>,
  names: N,
): Table<Renamed<Row, N>> {
  const newName = new Map(Object.entries(names as Record<string, string>));
  for (const name of newName.keys()) table.column(name);
  return Table.ofColumns<Renamed<Row, N>>(
    table.columns.map((column): Column => ({ ...column, name: newName.get(column.name) ?? column.name })),
  );
}

/** The row type after renaming. */
export type Renamed<Row, N> = { [K in keyof Row as K extends keyof N ? (N[K] extends string ? N[K] : K) : K]: Row[K] };
