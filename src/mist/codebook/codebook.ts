/**
 * The codebook: every table of the study by name, in the order in which a reader meets them, and the row types that follow.
 *
 * @see declaration.ts for what a declaration says
 */
import type { ColumnDeclaration, RowOf, TableDeclaration } from "./declaration.js";
import { frame } from "./tables/frame.js";
import { instruction } from "./tables/instruction.js";
import { interviews } from "./tables/interviews.js";
import { leaders } from "./tables/leaders.js";
import { networks } from "./tables/networks.js";
import { organisation } from "./tables/organisation.js";
import { people } from "./tables/people.js";
import { practicalMeasures } from "./tables/practical-measures.js";
import { professionalLearning } from "./tables/professional-learning.js";
import { recommendations } from "./tables/recommendations.js";
import { rmt } from "./tables/rmt.js";
import { students } from "./tables/students.js";
import { truth } from "./tables/truth.js";

/** The declarations with their literal types, by table name. */
export type Codebook = typeof frame &
  typeof people &
  typeof leaders &
  typeof instruction &
  typeof interviews &
  typeof professionalLearning &
  typeof networks &
  typeof organisation &
  typeof students &
  typeof recommendations &
  typeof practicalMeasures &
  typeof rmt &
  typeof truth;

export type TableName = keyof Codebook;

/** The row type of every table: `StudyRows["lessons"]`. */
export type StudyRows = { [N in TableName]: RowOf<Codebook[N]> };

/** The names of a table's columns. */
export type ColumnName<N extends TableName> = keyof StudyRows[N] & string;

/** Tables that belong together, as the printed codebook shows them. */
export interface TableGroup {
  readonly label: string;
  readonly tables: Readonly<Record<string, TableDeclaration>>;
}

export const tableGroups: readonly TableGroup[] = [
  { label: "Districts, schools and cycles", tables: frame },
  { label: "Teachers and coaches", tables: people },
  { label: "Leaders", tables: leaders },
  { label: "Classes, lessons and ratings", tables: instruction },
  { label: "Interviews and surveys", tables: interviews },
  { label: "Professional learning", tables: professionalLearning },
  { label: "Advice networks", tables: networks },
  { label: "The designed and the lived organisation", tables: organisation },
  { label: "Students", tables: students },
  { label: "Recommendations and plans", tables: recommendations },
  { label: "Practical measures", tables: practicalMeasures },
  { label: "RMT network", tables: rmt },
  { label: "Simulated truth", tables: truth },
];

/** The declarations by table name, each with its literal type: `codebook.lessons.columns.day.range`. */
export const codebook: Codebook = {
  ...frame,
  ...people,
  ...leaders,
  ...instruction,
  ...interviews,
  ...professionalLearning,
  ...networks,
  ...organisation,
  ...students,
  ...recommendations,
  ...practicalMeasures,
  ...rmt,
  ...truth,
};

/** The tables' names in the codebook's order. */
export const tableNames: readonly TableName[] = Object.keys(codebook).filter(isTableName);

/** Whether the study has a table of this name. */
export function isTableName(name: string): name is TableName {
  return Object.hasOwn(codebook, name);
}

/**
 * A table's declaration in general terms, for code that goes over tables whatever they are.
 *
 * @example declarationOf("lessons").primaryKey // => ["lesson_id"]
 */
export function declarationOf(table: TableName): TableDeclaration {
  return codebook[table];
}

/**
 * A table's columns in the order of the file.
 *
 * @example columnsOf("pd_attendance").map(([name]) => name) // => ["pd_id", "person_id", "hours"]
 */
export function columnsOf(table: TableName): readonly (readonly [name: string, declaration: ColumnDeclaration])[] {
  return Object.entries(declarationOf(table).columns);
}

/**
 * One column's declaration in general terms.
 *
 * @example columnOf("lessons", "minutes").type // => "number"
 */
export function columnOf<N extends TableName>(table: N, column: ColumnName<N>): ColumnDeclaration {
  return declarationOf(table).columns[column]!;
}
