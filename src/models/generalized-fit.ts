/**
 * The fit of a generalized or cumulative mixed model: an immutable record of what was estimated, in the words of the linear fit
 * (fit.ts) and with what these models have besides.
 */
import type { Note } from "../messages.js";
import type { LinkName } from "./families/family.js";
import type { FixedEffect, RandomComponent, RandomTermFit } from "./fit.js";
import type { ModelFrame } from "./frame/frame.js";
import type { GeneralizedEngine } from "./generalized-engine.js";

/** A part of the model with a linear predictor of its own: the zero probability (logit scale), the dispersion (log scale), the latent scale (log). */
export interface PartFit {
  readonly fixed: readonly FixedEffect[];
  /** Covariance matrix of these coefficients, column-major. */
  readonly vcov: Float64Array;
  readonly droppedColumns: readonly string[];
  readonly random: readonly RandomComponent[];
  /** Aligned with `random`. */
  readonly randomErrors: readonly RandomError[];
  readonly randomTerms: readonly RandomTermFit[];
}

/** Standard errors on the scales on which estimates are nearly normal. */
export interface RandomError {
  /** Of log(sd) for a variance, of atanh(correlation) for a covariance, of the logarithm of a dispersion or shape; null at the boundary. */
  readonly stdError: number | null;
}

export interface GeneralizedMixedFit {
  /** `clmm` for cumulative and other models of ordered or unordered categories. */
  readonly model: "glmm" | "clmm";
  readonly formula: string;
  /** `binomial`, `nbinom2`, `cumulative`, ...; with `zeroInflation` or `hurdle` beside it. */
  readonly family: string;
  readonly link: LinkName;
  readonly method: "ML";
  /** Quadrature points in each dimension: 1 is the Laplace approximation, 0 the fast one with the coefficients profiled in the inner loop. */
  readonly agq: number;
  readonly nobs: number;
  readonly droppedRows: number;
  readonly groups: readonly { readonly name: string; readonly levels: number }[];
  readonly fixed: readonly FixedEffect[];
  /** p x p column-major covariance matrix of `fixed`. */
  readonly vcov: Float64Array;
  readonly droppedColumns: readonly string[];
  /** Thresholds of an ordinal model, `1|2` ...: P(Y <= j) = F(threshold_j - eta); with nominal effects their coefficients too. Null otherwise. */
  readonly thresholds: readonly FixedEffect[] | null;
  readonly random: readonly RandomComponent[];
  /** Aligned with `random`. */
  readonly randomErrors: readonly RandomError[];
  readonly randomTerms: readonly RandomTermFit[];
  /** glmmTMB's sigma(): one number where the dispersion has no predictors; null for families without one or with a formula for it. */
  readonly dispersion: number | null;
  /** Of log(dispersion); null where there is no `dispersion`. */
  readonly dispersionError: RandomError | null;
  /** Degrees of freedom of the t family; null elsewhere. */
  readonly shape: number | null;
  /** Of log(shape); null where there is no `shape`. */
  readonly shapeError: RandomError | null;
  /** Coefficients of the dispersion's formula (log scale); null without one. */
  readonly dispersionModel: PartFit | null;
  /** Coefficients of the zero probability (logit scale); null without one. */
  readonly zeroInflation: PartFit | null;
  /** Whether `zeroInflation` is of a hurdle: zeros come from it alone, counts are truncated. */
  readonly hurdle: boolean;
  /** Coefficients of the log scale of a cumulative model; null without. */
  readonly scaleModel: PartFit | null;
  readonly logLik: number;
  /** -2 log-likelihood, all constants included. */
  readonly criterion: number;
  readonly aic: number;
  readonly bic: number;
  readonly npar: number;
  readonly converged: boolean;
  readonly singular: boolean;
  readonly gradientNorm: number;
  readonly evaluations: number;
  readonly notes: readonly Note[];
  readonly timing: { readonly fitMs: number };
  /** Not enumerable. */
  readonly frame: ModelFrame;
  /** Not enumerable. */
  readonly engine: GeneralizedEngine;
}
