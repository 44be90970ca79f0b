/**
 * `truth.json`: what a simulated study was made from.
 */

/** Where a number comes from: a source, arithmetic on one, public data that are not the study's, or nothing but an assumption. */
export type Basis = "published" | "derived" | "public" | "assumption";

export interface TruthParameter {
  readonly name: string;
  readonly value: number | readonly number[];
  readonly basis: Basis;
}

/** The coefficients that an analysis should find, by term; or, where its model is not the generating one, only their signs. */
export type ImpliedCoefficients =
  | { readonly kind: "values"; readonly terms: Readonly<Record<string, number>> }
  | { readonly kind: "sign"; readonly terms: Readonly<Record<string, 1 | 0 | -1>> };

export interface TruthFile {
  readonly version: string;
  readonly seed: number;
  readonly scale: number;
  readonly preset: string;
  readonly parameters: readonly TruthParameter[];
  /** By the number of the analysis: "A4". */
  readonly implied: Readonly<Record<string, ImpliedCoefficients>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}
