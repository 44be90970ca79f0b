/**
 * R squared of mixed models: what the fixed effects explain (marginal), and what fixed and random effects explain together (conditional).
 *
 *   marginal    = var_f / (var_f + var_r + var_e)
 *   conditional = (var_f + var_r) / (var_f + var_r + var_e)
 *
 * var_f is the variance of X beta, var_r the mean variance that the random terms give to a row, tr(Z Sigma Z') / n, which is right for
 * slopes (Nakagawa & Schielzeth 2013; Johnson 2014). var_e is sigma^2 in linear models and the distribution's own variance on the scale of the
 * linear predictor in others (latent-variance.ts; Nakagawa, Johnson & Schielzeth 2017), together with that of effects of single rows.
 */
import { FitError, robustMessages } from "../messages.js";
import { type LatentOptions, latentResidualVariance } from "./latent-variance.js";
import { meanTermVariances } from "./mean-term-variance.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { fixedVariance } from "./r2-fixed-variance.js";
import { rowLevelTerms } from "./row-level-terms.js";

/** Shares in [0, 1], and the variances that they are made of, on the scale of the linear predictor. */
export interface R2 {
  readonly marginal: number;
  readonly conditional: number;
  readonly variances: {
    readonly fixed: number;
    /** Of units: effects of single rows left out. */
    readonly random: number;
    /** Of effects of single rows, `(1 | row)`, in generalized models. */
    readonly rows: number;
    /** sigma^2, or the distribution's own. */
    readonly residual: number;
  };
}

/**
 * R's `performance::r2` of a mixed model (Nakagawa's), `MuMIn::r.squaredGLMM`.
 *
 * @param options for generalized models: which approximation of the distribution's variance, and at which mean
 * @throws FitError where no one residual variance stands beside the effects: zeros of their own, formulas of dispersion or scale, nominal
 *   effects, unordered and adjacent categories, beta-binomial counts, links without a latent variance
 * @example r2(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)).marginal // => 0.278652
 * @example r2(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)).conditional // => 0.79922
 */
export function r2(fit: MixedFit, options: LatentOptions = {}): R2 {
  if (fit.frame.further.some(({ part }) => part === "nominal")) throw new FitError(robustMessages.r2Nominal);
  const residual = isGeneralized(fit) ? latentResidualVariance(fit, options) : fit.sigma * fit.sigma;
  const single = rowLevelTerms(fit);
  let random = 0;
  let rows = 0;
  meanTermVariances(fit).forEach((variance, k) => {
    if (single[k]) rows += variance;
    else random += variance;
  });
  const fixed = fixedVariance(fit);
  const total = fixed + random + rows + residual;
  return { marginal: fixed / total, conditional: (fixed + random) / total, variances: { fixed, random, rows, residual } };
}
