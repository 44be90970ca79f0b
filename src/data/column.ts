/**
 * Typed columns. A column is immutable by agreement: nobody writes into its arrays after it is made.
 *
 * Missing values have one form a kind: NaN in numbers, code -1 in factors, -1 in booleans, null in text.
 */

interface Named {
  readonly name: string;
  /** What a person reads on an axis or in a table; the name where there is none. */
  readonly label?: string;
}

/** Numbers; NaN is missing. */
export interface NumberColumn extends Named {
  readonly kind: "number";
  readonly values: Float64Array;
}

/**
 * Cells of a file that kept a column of numbers from being numeric. Counts and rows are those of the file that was read, also
 * after rows were taken or put in another order.
 */
export interface NearlyNumeric {
  /** The text of the first cell that is no number. */
  readonly value: string;
  /** Its row, counted from 1 without the header. */
  readonly row: number;
  /** How many cells are no numbers. */
  readonly count: number;
  /** How many cells are not missing; at least 80 % of them are numbers. */
  readonly total: number;
}

/** A factor: `levels[codes[i]]` is row i's level, code -1 is missing. The first level is the reference level. */
export interface FactorColumn extends Named {
  readonly kind: "factor";
  readonly codes: Int32Array;
  readonly levels: readonly string[];
  /** What a person reads for each level, where it differs from the level (value labels). */
  readonly levelLabels?: readonly string[];
  /** True for an ordered factor: as a predictor it is coded by orthogonal polynomials. */
  readonly ordered: boolean;
  /**
   * Set by the reader of CSV where nearly all cells are numbers and no schema says what the column is: it is a factor because of
   * a few cells, most likely by mistake.
   */
  readonly nearlyNumeric?: NearlyNumeric;
}

/** 1 true, 0 false, -1 missing. */
export interface BooleanColumn extends Named {
  readonly kind: "boolean";
  readonly values: Int8Array;
}

/** Free text; null is missing. In a model it is taken as a factor with levels in code-point order. */
export interface TextColumn extends Named {
  readonly kind: "text";
  readonly values: readonly (string | null)[];
}

export type Column = NumberColumn | FactorColumn | BooleanColumn | TextColumn;
export type ColumnKind = Column["kind"];
