/**
 * A model matrix with its names: R's `model.matrix`.
 */

/** n x p, column-major. */
export interface DesignMatrix {
  readonly rowCount: number;
  /** R's column names: `(Intercept)`, `sexF`, `poly(x, 2)1`, `a2:b3`. */
  readonly names: readonly string[];
  readonly values: Float64Array;
  /** For each column the index of its term in `terms`; -1 for the intercept. */
  readonly termOf: Int32Array;
  readonly terms: readonly DesignTerm[];
  readonly intercept: boolean;
}

/** What a conclusion about a whole term must know (type III hypotheses need the factors' levels). */
export interface DesignTerm {
  readonly label: string;
  /** The term's variables in order. */
  readonly variables: readonly DesignVariable[];
  /** For each variable whether it is coded by contrasts (true) or by all its levels (false); true for numeric ones. */
  readonly contrastCoded: readonly boolean[];
}

export interface DesignVariable {
  readonly text: string;
  readonly kind: "numeric" | "factor";
  /** Columns a numeric variable gives (1, or more for a basis); for a factor its number of levels. */
  readonly width: number;
  /** A factor's levels; empty for numeric variables. */
  readonly levels: readonly string[];
  /** A factor's contrast matrix, levels x (levels - 1), column-major, and its name; null for numeric variables. */
  readonly contrasts: { readonly name: string; readonly columnNames: readonly string[]; readonly values: Float64Array } | null;
}
