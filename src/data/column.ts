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

/** A factor: `levels[codes[i]]` is row i's level, code -1 is missing. The first level is the reference level. */
export interface FactorColumn extends Named {
  readonly kind: "factor";
  readonly codes: Int32Array;
  readonly levels: readonly string[];
  /** What a person reads for each level, where it differs from the level (value labels). */
  readonly levelLabels?: readonly string[];
  /** True for an ordered factor: as a predictor it is coded by orthogonal polynomials. */
  readonly ordered: boolean;
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
