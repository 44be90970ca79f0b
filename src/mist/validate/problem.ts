/**
 * What a check finds: problems, which have to be put right, and remarks, which are worth a look. One record stands for all cells
 * of one column (or all rows of one rule) that are wrong in one way.
 *
 * Of a row only its key and the offending value are told, never its other cells: rows may be students.
 */

/** problem: the data contradict the codebook; remark: possible, and worth knowing. */
export type Severity = "problem" | "remark";

/**
 * What is wrong, for programs.
 *
 *   file          the file cannot be read                        table, column  unknown, absent or misspelt
 *   delimiter     cells are separated otherwise than by commas   missing_code   NA, NaN, -9 ... instead of an empty cell
 *   type          no number, whole number, truth value, date     category       none of the categories
 *   identifier    without the letter of its kind                 text           too long, or of another form
 *   range         outside what is possible                       plausible      outside what is likely
 *   empty         an empty cell where a value must be            not_empty      a value where the cell must be empty
 *   primary_key, unique_key   a row repeated                     reference      an identifier that no row of another table has
 *   sum, order, value, rule   rules across columns or rows       agreement      two tables tell of one thing differently
 *   participation flags and records differ                       count          more than there can be
 *   design        another number than the design's
 */
export type ProblemKind =
  | "file"
  | "delimiter"
  | "table"
  | "column"
  | "missing_code"
  | "type"
  | "category"
  | "identifier"
  | "text"
  | "range"
  | "plausible"
  | "empty"
  | "not_empty"
  | "primary_key"
  | "unique_key"
  | "reference"
  | "sum"
  | "order"
  | "value"
  | "rule"
  | "agreement"
  | "participation"
  | "count"
  | "design";

/** One place where it is so. */
export interface ProblemExample {
  /** The data row, counted from 1 without the header. */
  readonly row: number;
  /** The row's primary key: "teacher_id T12, cycle 3". Empty where the table lacks its key. */
  readonly key: string;
  /** The offending value as text; empty for an empty cell. */
  readonly value: string;
}

export interface Problem {
  readonly severity: Severity;
  readonly kind: ProblemKind;
  /** The table; for what concerns no one table, the empty string. */
  readonly table: string;
  /** The columns concerned, in the order of the rule or key; none for a table as a whole. */
  readonly columns: readonly string[];
  /** How many rows (for sums and counts over several rows: groups) are concerned; 1 for a table or a column as a whole. */
  readonly count: number;
  /** The first few. */
  readonly examples: readonly ProblemExample[];
  /** What is wrong, in a sentence that names neither the table nor the rows. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** What a check found; a plain record, and so JSON. `toString` gives it as text. */
export interface StudyReport {
  /** Whether nothing has to be put right; there may be remarks. */
  readonly valid: boolean;
  /** The tables that were checked, in the codebook's order. */
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** What has to be put right, by table in the codebook's order. */
  readonly problems: readonly Problem[];
  /** What is worth a look. */
  readonly remarks: readonly Problem[];
  toString(): string;
}

/** A sentence and its remedy, as messages.ts words them. */
export interface Told {
  readonly message: string;
  readonly remedy: string;
}

/** A problem of a table or column as a whole. */
export function wholeProblem(severity: Severity, kind: ProblemKind, table: string, columns: readonly string[], told: Told): Problem {
  return { severity, kind, table, columns, count: 1, examples: [], ...told };
}

/** How many examples a problem shows. */
const EXAMPLES = 5;

/** Rows (0-based) that were found, of which the first few are kept. */
export interface FoundRows {
  readonly count: number;
  readonly rows: readonly number[];
}

/**
 * The rows for which a test holds.
 *
 * @param n how many rows there are
 * @example rowsWhere(10, (row) => row > 3) // => { count: 6, rows: [4, 5, 6, 7, 8] }
 */
export function rowsWhere(n: number, holds: (row: number) => boolean): FoundRows {
  const rows: number[] = [];
  let count = 0;
  for (let row = 0; row < n; row++) if (holds(row) && ++count <= EXAMPLES) rows.push(row);
  return { count, rows };
}
