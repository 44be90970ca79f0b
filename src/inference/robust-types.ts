/**
 * The kinds of cluster-robust covariance and how they are asked for; what they are stands in robust.ts.
 */
import type { Column } from "../data/column.js";
import { FitError, robustMessages } from "../messages.js";

export type RobustType = "CR0" | "CR1" | "CR1p" | "CR1S" | "CR2";

/** All of them. */
export const ROBUST_TYPES: readonly RobustType[] = ["CR0", "CR1", "CR1p", "CR1S", "CR2"];

/** How the errors are made robust. */
export interface RobustOptions {
  /** Default "CR2"; for generalized and cumulative models "CR1". In any case of letters. */
  readonly type?: RobustType | (string & {});
  /**
   * What is taken as independent: a factor of the model by its name, or a column of the table that the model was fitted to,
   * `table.column("district")`. Default the model's top level. All random effects must lie within its units.
   */
  readonly cluster?: string | Column;
}

/** What robust errors are called in a report. */
export interface RobustName {
  readonly type: RobustType;
  /** The factor whose units are taken as independent. */
  readonly cluster: string;
  /** How many there are. */
  readonly clusters: number;
}

/** Robust covariance of the fixed effects. */
export interface RobustCovariance extends RobustName {
  readonly terms: readonly string[];
  /** p x p column-major. */
  readonly vcov: Float64Array;
  /** p, in the order of `terms`; NaN for a coefficient of which a single cluster tells: there is no second one to see its error by. */
  readonly stdErrors: Float64Array;
  /** p: Satterthwaite's degrees of freedom; null for generalized and cumulative models. */
  readonly df: Float64Array | null;
}

/**
 * The type of this name, in any case of letters.
 *
 * @throws FitError for another name
 * @example robustTypeNamed("cr2") // => "CR2"
 */
export function robustTypeNamed(name: string): RobustType {
  const type = ROBUST_TYPES.find((known) => known.toLowerCase() === String(name).toLowerCase());
  if (type === undefined) throw new FitError(robustMessages.unknownType(String(name), ROBUST_TYPES));
  return type;
}

/** The type asked for, or the model's default. */
export function robustTypeOf(model: "lmm" | "glmm" | "clmm", type: string | undefined): RobustType {
  return type === undefined ? (model === "lmm" ? "CR2" : "CR1") : robustTypeNamed(type);
}
