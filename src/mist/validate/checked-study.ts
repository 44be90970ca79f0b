/**
 * Tables made ready for checking: every known column as the codebook declares it, with the cells that do not fit set aside. The
 * checks of nulls, keys, references and rules work on these, so that a misspelt cell is told once and breaks nothing else.
 */
import type { Column } from "../../data/column.js";
import { cellOf, isMissing } from "../../data/column-values.js";
import { Table } from "../../data/table.js";
import { columnsOf, declarationOf, isTableName, type TableName, tableNames } from "../codebook/codebook.js";
import type { ColumnDeclaration, TableDeclaration } from "../codebook/declaration.js";
import type { Study } from "../codebook/study.js";
import { conformCells, type Fault } from "./conform-cells.js";
import type { FoundRows, Problem, ProblemExample, ProblemKind, Severity, Told } from "./problem.js";

export interface CheckedColumn {
  readonly name: string;
  readonly declaration: ColumnDeclaration;
  readonly column: Column;
  readonly faults: readonly Fault[];
  /** 1 where a cell did not fit: it is missing in `column`, but was not empty. */
  readonly faulty: Uint8Array | null;
}

export interface CheckedTable {
  readonly name: TableName;
  readonly declaration: TableDeclaration;
  readonly rowCount: number;
  /** The declared columns that are there, in the codebook's order. */
  readonly columns: ReadonlyMap<string, CheckedColumn>;
}

export interface CheckedStudy {
  /** In the codebook's order. */
  readonly tables: ReadonlyMap<TableName, CheckedTable>;
  /** The same as a study; cells that do not fit are missing. Tables may lack columns. */
  readonly study: Study;
}

/** Tables whose names the codebook does not know are left out. */
export function checkedStudy(tables: ReadonlyMap<string, Table<object>>): CheckedStudy {
  const checked = new Map<TableName, CheckedTable>();
  const study: Study = {};
  for (const name of tableNames) {
    const table = tables.get(name);
    if (table === undefined) continue;
    const made = checkedTable(name, table);
    checked.set(name, made);
    Object.assign(study, { [name]: Table.ofColumns(Array.from(made.columns.values(), ({ column }) => column)) });
  }
  return { tables: checked, study };
}

function checkedTable(name: TableName, table: Table<object>): CheckedTable {
  const columns = new Map<string, CheckedColumn>();
  for (const [column, declaration] of columnsOf(name)) {
    if (table.has(column)) columns.set(column, { name: column, declaration, ...conformCells(table.column(column), declaration) });
  }
  return { name, declaration: declarationOf(name), rowCount: table.rowCount, columns };
}

/** The columns of these names; null where one is not there. */
export function columnsNamed(table: CheckedTable | undefined, names: readonly string[]): readonly Column[] | null {
  const found = names.flatMap((name) => table?.columns.get(name)?.column ?? []);
  return found.length === names.length ? found : null;
}

/** The table of this name, whatever the name is. */
export function tableNamed({ tables }: CheckedStudy, name: string): CheckedTable | undefined {
  return isTableName(name) ? tables.get(name) : undefined;
}

/** Whether the cell was left empty (and not set aside because it does not fit). */
export function isEmpty({ column, faulty }: CheckedColumn, row: number): boolean {
  return isMissing(column, row) && faulty?.[row] !== 1;
}

/** The row's primary key in words, as far as it is known: "teacher_id T12, cycle 3". */
function keyOf({ declaration, columns }: CheckedTable, row: number): string {
  return declaration.primaryKey
    .flatMap((name) => {
      const column = columns.get(name)?.column;
      const cell = column === undefined ? null : cellOf(column, row);
      return cell === null ? [] : [`${name} ${String(cell)}`];
    })
    .join(", ");
}

function examplesOf(table: CheckedTable, { rows }: FoundRows, valueIn: (row: number) => string): ProblemExample[] {
  return rows.map((row) => ({ row: row + 1, key: keyOf(table, row), value: valueIn(row) }));
}

/** What is wrong with rows that were found; nothing where none was. */
export interface RowProblem {
  /** Default "problem". */
  readonly severity?: Severity;
  readonly kind: ProblemKind;
  readonly columns: readonly string[];
  readonly found: FoundRows;
  /** The offending value of a row; default none. */
  readonly valueIn?: (row: number) => string;
  readonly told: Told;
  /** Whether the rows' own keys are told; false where the value names several rows. Default true. */
  readonly keyed?: boolean;
}

/** One problem with its examples, or none. */
export function rowProblems(
  table: CheckedTable,
  { severity = "problem", kind, columns, found, valueIn = () => "", told, keyed = true }: RowProblem,
): Problem[] {
  if (found.count === 0) return [];
  const examples = examplesOf(table, found, valueIn).map((example) => (keyed ? example : { ...example, key: "" }));
  return [{ severity, kind, table: table.name, columns, count: found.count, examples, ...told }];
}

/** A cell as text; empty where missing. */
export function cellText(column: Column, row: number): string {
  const cell = cellOf(column, row);
  if (typeof cell === "number") return String(Number(cell.toPrecision(12)));
  return cell === null ? "" : String(cell);
}
