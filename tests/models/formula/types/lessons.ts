import type { CheckedFormula } from "../../../../src/models/formula/typed.js";

/** As little of a table and of a model as shows how a formula is checked. */
export interface Table<Row extends object = Record<string, unknown>> {
  readonly rows: readonly Row[];
}
export declare function lmm<const Text extends string, Row extends object>(
  formula: CheckedFormula<Text, Row>,
  table: Table<Row>,
  options?: { readonly method?: "REML" | "ML" },
): Text;
/** A model with formulas in its options. */
export declare function glmm<
  const Text extends string,
  Row extends object,
  const Zi extends string = string,
  const Dispersion extends string = string,
>(
  formula: CheckedFormula<Text, Row>,
  table: Table<Row>,
  options?: {
    readonly family?: "poisson" | "nbinom2";
    readonly zi?: CheckedFormula<Zi, Row>;
    readonly dispersion?: CheckedFormula<Dispersion, Row>;
  },
): Text;

export interface Lesson {
  score: number;
  mkt: number;
  vision: number;
  "my var": number;
  naïve_2: number;
  ".x": number;
  w1: number;
  w2: number;
  t1: string;
  t2: string;
  school: string;
  teacher: string;
}
export declare const lessons: Table<Lesson>;
export declare const unknownRows: Table;
export declare const text: string;
