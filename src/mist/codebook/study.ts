/**
 * A study: typed tables by name, as the codebook declares them. Not every table need be there.
 *
 *   identifiers -> factors;  categories -> factors with the codebook's levels, order and labels;  truth values -> booleans;
 *   numbers -> numbers;  text and dates -> text
 *
 * Columns stand in the codebook's order; columns that it does not know follow as they are.
 */
import type { Column, FactorColumn } from "../../data/column.js";
import { cellOf, columnLength, countMissing } from "../../data/column-values.js";
import { asFactor, reorderLevels } from "../../data/factor.js";
import { inferColumn } from "../../data/infer-column.js";
import { Table } from "../../data/table.js";
import { DataError, mistMessages } from "../../messages.js";
import { type CategorySetName, categoriesOf, categorySets } from "./category-sets.js";
import { columnsOf, isTableName, type StudyRows, type TableName, tableNames } from "./codebook.js";
import type { ColumnDeclaration } from "./declaration.js";

/** Typed tables by name; a table that was not collected is absent. */
export type Study = { readonly [N in TableName]?: Table<StudyRows[N]> };

/** A study that surely has the tables `N`. */
export type StudyWith<N extends TableName> = Study & { readonly [K in N]: Table<StudyRows[K]> };

/** Tables as they come: read from files or made in memory, or rows. */
export type StudySource = { readonly [N in TableName]?: Table<StudyRows[N]> | Table | readonly StudyRows[N][] };

/**
 * A study from tables by name (a record, or the Map that reading a data package gives), each conformed to the codebook.
 *
 * @throws DataError for the first table the codebook does not know, column that is absent or of another kind, and value that is
 *   no category; to be told of all problems at once, validate the tables instead
 * @example studyFrom({ pd_attendance: [{ pd_id: "P1", person_id: "T1", hours: 3 }] }).pd_attendance.columnNames // => ["pd_id", "person_id", "hours"]
 */
export function studyFrom<S extends StudySource>(tables: S): StudyWith<keyof S & TableName>;
export function studyFrom(tables: ReadonlyMap<string, Table>): Study;
export function studyFrom(tables: ReadonlyMap<string, Table> | StudySource): Study {
  const entries: [string, Table | readonly object[] | undefined][] = tables instanceof Map ? [...tables] : Object.entries(tables);
  const given = new Map(entries);
  for (const name of given.keys()) {
    if (!isTableName(name)) throw new DataError(mistMessages.unknownTable(name, tableNames));
  }
  const study: Study = {};
  for (const name of tableNames) {
    const table = given.get(name);
    if (table !== undefined) Object.assign(study, { [name]: conformTable(name, table) });
  }
  return Object.freeze(study);
}

/**
 * A table with the columns, kinds, levels and labels that the codebook gives it.
 *
 * @param table a table, or rows
 * @throws DataError for a column that is absent or of another kind, and for a value that is no category; the message names the table
 * @example conformTable("pd_attendance", Table.from({ hours: [3], person_id: ["T1"], pd_id: ["P1"] })).columnNames // => ["pd_id", "person_id", "hours"]
 */
export function conformTable<N extends TableName>(name: N, table: Table<object> | readonly object[]): Table<StudyRows[N]> {
  const declared = columnsOf(name);
  const columns = declared.map(([column, declaration]) => conformIn(name, sourceColumn(name, table, column), declaration));
  const known = new Set(declared.map(([column]) => column));
  const others = table instanceof Table ? table.columns.filter((column) => !known.has(column.name)) : [];
  return Table.ofColumns<StudyRows[N]>([...columns, ...others]);
}

/**
 * A table of the study.
 *
 * @throws DataError where the study does not have it
 */
export function studyTable<N extends TableName>(study: Study, name: N): Table<StudyRows[N]> {
  const table: Study[N] = study[name];
  if (table === undefined) throw new DataError(mistMessages.tableAbsent(name, Object.keys(study)));
  return table;
}

function sourceColumn(name: TableName, table: Table<object> | readonly object[], column: string): Column {
  if (table instanceof Table) {
    if (!table.has(column)) throw new DataError(mistMessages.columnAbsent(name, column, table.columnNames), { column });
    return table.column(column);
  }
  const cells = table.map((row, k) => {
    if (!Object.hasOwn(row, column)) throw new DataError(mistMessages.cellAbsent(name, column, k + 1), { column, rows: [k + 1] });
    return (row as Readonly<Record<string, unknown>>)[column];
  });
  return inTable(name, () => inferColumn(column, cells));
}

function conformIn(table: TableName, column: Column, declaration: ColumnDeclaration): Column {
  const conformed = inTable(table, () => conformColumn(column, declaration));
  if (conformed === null) {
    throw new DataError(mistMessages.columnKind(table, column.name, declaration.type, column.kind), { column: column.name });
  }
  return conformed;
}

/**
 * A column as its declaration has it; null where its kind is another.
 *
 * @throws DataError for a value that is no category
 * @example conformColumn(inferColumn("day", [1, 2]), columnOf("lessons", "day")).kind // => "number"
 */
export function conformColumn(column: Column, declaration: ColumnDeclaration): Column | null {
  const { name } = column;
  const label = declaration.label === undefined ? {} : { label: declaration.label };
  const n = columnLength(column);
  const empty = countMissing(column) === n;
  switch (declaration.type) {
    case "id":
      if (column.kind === "boolean" && !empty) return null;
      return plainFactor(name, empty ? allMissing(name, n) : asFactor(column), label);
    case "nominal":
    case "ordered":
      if (column.kind === "boolean" && !empty) return null;
      return categoryFactor(name, empty ? allMissing(name, n) : asFactor(column), declaration.categories, label);
    case "boolean":
      if (column.kind === "boolean") return { kind: "boolean", name, ...label, values: column.values };
      return empty ? { kind: "boolean", name, ...label, values: new Int8Array(n).fill(-1) } : null;
    case "integer":
    case "number":
      if (column.kind === "number") return { kind: "number", name, ...label, values: column.values };
      return empty ? { kind: "number", name, ...label, values: new Float64Array(n).fill(Number.NaN) } : null;
    case "text":
    case "date":
      if (column.kind === "number" && declaration.type === "date" && !empty) return null;
      return { kind: "text", name, ...label, values: Array.from({ length: n }, (_, row) => asText(column, row)) };
  }
}

function asText(column: Column, row: number): string | null {
  const cell = cellOf(column, row);
  return cell === null ? null : String(cell);
}

function allMissing(name: string, n: number): FactorColumn {
  return { kind: "factor", name, codes: new Int32Array(n).fill(-1), levels: [], ordered: false };
}

function plainFactor(name: string, { codes, levels }: FactorColumn, label: { readonly label?: string }): FactorColumn {
  return { kind: "factor", name, ...label, codes, levels, ordered: false };
}

function categoryFactor(name: string, factor: FactorColumn, set: CategorySetName, label: { readonly label?: string }): FactorColumn {
  const categories = categoriesOf(set);
  const levels = categories.map(({ value }) => value);
  const { codes } = reorderLevels({ ...plainFactor(name, factor, {}) }, levels);
  const levelLabels = categories.map((category) => category.label);
  return { kind: "factor", name, ...label, codes, levels, levelLabels, ordered: categorySets[set].ordered };
}

/** Puts the table's name in front of what is wrong in it. */
function inTable<T>(table: TableName, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(mistMessages.inTable(table, error.message), { column: error.column ?? undefined, rows: error.rows });
  }
}
