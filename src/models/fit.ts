/**
 * The fit: an immutable record of what was estimated. What is concluded from it is a function of it
 * (`summary(fit)`, `conditionalModes(fit)`, `compare(a, b)`), not a method.
 */
import type { Note } from "../messages.js";
import type { LinearEngine } from "./engine.js";
import type { ModelFrame } from "./frame/frame.js";

/** A fixed effect: estimate, standard error and their ratio. Degrees of freedom and p values are drawn by the inference room. */
export interface FixedEffect {
  /** R's name: `(Intercept)`, `sexF`, `a:b`. */
  readonly term: string;
  readonly estimate: number;
  readonly stdError: number;
  readonly statistic: number;
}

/** A random effect's variance. */
export interface VarianceComponent {
  readonly group: string;
  readonly term: string;
  readonly variance: number;
  readonly sd: number;
}

/** The covariance of two random effects of one unit; both null where a standard deviation is zero. */
export interface CovarianceComponent {
  readonly group: string;
  readonly term: string;
  readonly term2: string;
  readonly covariance: number | null;
  readonly correlation: number | null;
}

export type RandomComponent = VarianceComponent | CovarianceComponent;

/** One random term as estimated. */
export interface RandomTermFit {
  /** Which of the formula's random terms. */
  readonly index: number;
  readonly group: string;
  readonly covariance: "unstructured" | "diagonal";
  /** S names. */
  readonly effects: readonly string[];
  readonly levels: readonly string[];
  /** S x S column-major: lower-triangular relative covariance factor; the effects' covariance is sigma^2 lambda lambda'. */
  readonly lambda: Float64Array;
  /** S x S column-major: the effects' covariance matrix. */
  readonly sigma: Float64Array;
  /** S x levels column-major: conditional modes (best linear unbiased predictions), row s of level l at [l * S + s]. */
  readonly modes: Float64Array;
}

export interface LinearMixedFit {
  readonly model: "lmm";
  readonly formula: string;
  readonly family: "gaussian";
  readonly link: "identity";
  readonly method: "REML" | "ML";
  /** Rows used. */
  readonly nobs: number;
  /** Rows of the table not used. */
  readonly droppedRows: number;
  readonly groups: readonly { readonly name: string; readonly levels: number }[];
  readonly fixed: readonly FixedEffect[];
  /** p x p column-major covariance matrix of the fixed effects' estimates. */
  readonly vcov: Float64Array;
  /** Columns the formula asks for that are linear combinations of earlier ones. */
  readonly droppedColumns: readonly string[];
  readonly random: readonly RandomComponent[];
  readonly randomTerms: readonly RandomTermFit[];
  readonly sigma: number;
  readonly logLik: number;
  /** -2 log-likelihood (ML) or the REML criterion, all constants included. */
  readonly criterion: number;
  readonly aic: number;
  readonly bic: number;
  /** Fixed effects + variance parameters + residual variance. */
  readonly npar: number;
  readonly converged: boolean;
  readonly singular: boolean;
  /** sqrt(g' H^-1 g): below 1e-4 means converged. */
  readonly gradientNorm: number;
  /** Factorisations of the system matrix during the search. */
  readonly evaluations: number;
  readonly notes: readonly Note[];
  readonly timing: { readonly fitMs: number };
  /** The model frame the fit was made from. Not enumerable: it is not part of the result's JSON. */
  readonly frame: ModelFrame;
  /** What conclusions are drawn from without fitting again. Not enumerable. */
  readonly engine: LinearEngine;
}
