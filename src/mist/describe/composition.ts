/**
 * Composition: the shares of a column's categories, by cycle, by district, or by both.
 *
 *   share of category c in group g = rows of g in c / rows of g with a value
 *
 * Of ratings and codes only those of record count. With the rule of small cells (small-cells.ts) groups that rest on too few units
 * are left out.
 */
import type { Column } from "../../data/column.js";
import { asFactor, factorProduct } from "../../data/factor.js";
import { DataError, studyViewMessages } from "../../messages.js";
import { columnsOf, declarationOf, type TableName } from "../codebook/codebook.js";
import { type Study, studyTable } from "../codebook/study.js";
import { inheritedColumn } from "./inherited.js";
import { type SmallCells, smallCells, toldShares, withComplements } from "./small-cells.js";

/** What composition can be broken down by. */
export type Breakdown = "cycle" | "district" | "school";

export interface CompositionOptions {
  /** Default `["cycle"]`; an empty list gives one group. */
  readonly by?: readonly Breakdown[];
  /** true: leave out what rests on fewer than 5 teachers, 10 students or 3 schools; or limits of your own. Default false. */
  readonly suppress?: boolean | Partial<SmallCells>;
}

export interface CategoryShare {
  readonly category: string;
  /** Rows; null where small cells are guarded. */
  readonly count: number | null;
  /** 0 to 1 (whole percents where small cells are guarded); null where left out, and where the group has no value. */
  readonly share: number | null;
  /** Whether the share is only a bound. */
  readonly bound: "at most" | "at least" | null;
}

export interface CompositionGroup {
  /** One value a breakdown, in its order. */
  readonly group: readonly string[];
  /** Rows with a value; null where left out. */
  readonly n: number | null;
  /** Rows without one; null where small cells are guarded. */
  readonly missing: number | null;
  /** Whether the group rests on too few units, or would give away one that does. */
  readonly suppressed: boolean;
  readonly shares: readonly CategoryShare[];
}

export interface Composition {
  readonly table: TableName;
  readonly column: string;
  readonly label: string;
  readonly by: readonly Breakdown[];
  readonly groups: readonly CompositionGroup[];
}

/** Whether this is the name of a breakdown. */
export function isBreakdown(name: string): name is Breakdown {
  return Object.hasOwn(BREAKDOWN_COLUMNS, name);
}

const BREAKDOWN_COLUMNS: Readonly<Record<Breakdown, string>> = { cycle: "cycle", district: "district_id", school: "school_id" };

/** Columns that tell a record from a second, independent reading. */
const READING_ORDERS: readonly string[] = ["rating_order", "coding_order"];

/** Whom a table's rows are about, by the columns that name them. */
const UNIT_COLUMNS: readonly { readonly unit: keyof SmallCells; readonly columns: readonly string[] }[] = [
  { unit: "students", columns: ["student_id"] },
  { unit: "teachers", columns: ["teacher_id", "person_id", "coach_id", "leader_id", "ego_id"] },
  { unit: "schools", columns: ["school_id"] },
];

/**
 * @throws DataError where the study lacks the table or the column, the column has no categories, or a breakdown does not apply
 * @example composition(studyFrom({ students: [{ student_id: "U1", gender: "f", race_eth: null, home_language: null, entry_cycle: 1, entry_grade: 6 }] }), "students", "gender", { by: [] }).groups[0].shares[0] // => { category: "f", count: 1, share: 1, bound: null }
 */
export function composition(study: Study, table: TableName, column: string, options: CompositionOptions = {}): Composition {
  const { by = ["cycle"], suppress = false } = options;
  const source = studyTable(study, table);
  const values = source.column(column);
  if (values.kind !== "factor" && values.kind !== "boolean") throw new DataError(studyViewMessages.noCategories(table, column), { column });
  const factor = asFactor(values);
  const groupings = by.map((breakdown) => {
    const found = inheritedColumn(study, table, BREAKDOWN_COLUMNS[breakdown]);
    if (found === null) throw new DataError(studyViewMessages.noBreakdown(table, breakdown), { column });
    return asFactor(found);
  });
  const all = new Int32Array(source.rowCount);
  const product = groupings.length === 0 ? { codes: all, levels: [""], parts: [] } : factorProduct(groupings);
  const codes = product.codes.map((code, row) => (isRecord(source.columns, row) ? code : -1));
  const units = UNIT_COLUMNS.flatMap(({ unit, columns }) => {
    const found = columns.map((name) => inheritedColumn(study, table, name)).find((candidate) => candidate !== null);
    return found === undefined || found === null ? [] : [{ unit, codes: asFactor(found).codes }];
  });
  // What is about no person and no school, as a recommendation, identifies nobody.
  const limits = suppress === false || units.length === 0 ? null : { ...smallCells, ...(suppress === true ? {} : suppress) };
  const groups = product.levels.map((_, group) => {
    const rows = rowsOf(codes, group);
    const known = rows.filter((row) => factor.codes[row]! >= 0);
    return { names: product.parts.map((part, k) => groupings[k]!.levels[part[group]!]!), rows, known };
  });
  const small = groups.map(({ known }) => limits !== null && units.some(({ unit, codes: ids }) => distinct(ids, known) < limits[unit]));
  const sizes = groups.map(({ known }) => known.length);
  const margins = by.map((_, k) => groups.map(({ names }) => names[k]!));
  const left = limits === null ? small : withComplements(sizes, small, margins);
  const categories = factor.levels.map((level) => (values.kind === "boolean" ? level.toLowerCase() : level));
  return {
    table,
    column,
    label: values.label ?? columnsOf(table).find(([name]) => name === column)?.[1].label ?? column.replaceAll("_", " "),
    by,
    groups: groups.map(({ names, rows, known }, k): CompositionGroup => {
      const counts = categories.map((_, code) => known.filter((row) => factor.codes[row] === code));
      const shares = left[k]
        ? categories.map((category) => ({ category, count: null, share: null, bound: null }))
        : limits === null
          ? counts.map((of, code) => exactShare(categories[code]!, of.length, known.length))
          : guardedShares(categories, counts, units[0]!.codes);
      const n = left[k] ? null : known.length;
      return { group: names, n, missing: limits === null ? rows.length - known.length : null, suppressed: left[k]!, shares };
    }),
  };
}

function exactShare(category: string, count: number, n: number): CategoryShare {
  return { category, count, share: n === 0 ? null : count / n, bound: null };
}

/** @param rows the rows of each category, @param base whom each row is about */
function guardedShares(categories: readonly string[], rows: readonly (readonly number[])[], base: Int32Array): CategoryShare[] {
  const told = toldShares(
    rows.map((of) => of.length),
    rows.map((of) => distinct(base, of)),
    rows.map((_, code) =>
      distinct(
        base,
        rows.flatMap((other, k) => (k === code ? [] : other)),
      ),
    ),
  );
  return told.map(({ percent, bound }, code) => {
    const share = percent === null ? null : percent / 100;
    return { category: categories[code]!, count: null, share, bound };
  });
}

function isRecord(columns: readonly Column[], row: number): boolean {
  const order = columns.find(({ name }) => READING_ORDERS.includes(name));
  return order === undefined || order.kind !== "number" || order.values[row] === 1;
}

function rowsOf(codes: Int32Array, group: number): readonly number[] {
  const rows: number[] = [];
  codes.forEach((code, row) => {
    if (code === group) rows.push(row);
  });
  return rows;
}

/** How many different codes the rows have; a missing one counts for none. */
function distinct(codes: Int32Array, rows: readonly number[]): number {
  const seen = new Set<number>();
  for (const row of rows) if (codes[row]! >= 0) seen.add(codes[row]!);
  return seen.size;
}

/** The columns whose composition a description of a study shows, by table. */
const SHOWN: readonly { readonly table: TableName; readonly columns: readonly string[] }[] = [
  { table: "school_years", columns: ["tracking"] },
  { table: "teacher_years", columns: ["entry_status", "exit_after"] },
  { table: "leader_years", columns: ["orientation"] },
  { table: "lessons", columns: ["has_discussion"] },
  { table: "iqa_ratings", columns: ["potential", "implementation", "discussion"] },
  { table: "vsmc_codes", columns: ["explanation", "adjustment"] },
  { table: "collab_meetings", columns: ["quality"] },
  { table: "coaching_events", columns: ["activity"] },
  { table: "network_edges", columns: ["depth"] },
  { table: "student_years", columns: ["el", "frl"] },
  { table: "recommendations", columns: ["uptake", "implementation"] },
];

/**
 * The compositions that a description of a study shows: of its tables' main categories, where the breakdown applies.
 */
export function mainCompositions(study: Study, options: CompositionOptions = {}): readonly Composition[] {
  return SHOWN.flatMap(({ table, columns }) =>
    columns.flatMap((column) => {
      const { by = ["cycle"] } = options;
      const has = study[table]?.columnNames.includes(column) === true && declarationOf(table).columns[column] !== undefined;
      const applies = by.every((breakdown) => inheritedColumn(study, table, BREAKDOWN_COLUMNS[breakdown]) !== null);
      return has && applies ? [composition(study, table, column, options)] : [];
    }),
  );
}
