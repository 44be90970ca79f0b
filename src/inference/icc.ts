/**
 * Intraclass correlation: the share of the variance that lies between the units of one grouping factor.
 *
 *   ICC_g = tau_g / (tau_1 + ... + tau_K + sigma^2)
 *
 * tau_k is the variance that random term k gives to a row on average, tr(Z_k Sigma_k Z_k') / n, so that terms with
 * slopes count at the data's own predictor values (Johnson 2014). With precision weights sigma^2 is the residual
 * variance of a row of weight 1.
 *
 * In generalized and cumulative models sigma^2 is the distribution's own variance on the latent scale (latent-variance.ts; Nakagawa,
 * Johnson & Schielzeth 2017). The shares are adjusted for the fixed effects: what predictors explain is in neither variance.
 */
import { latentResidualVariance } from "./latent-variance.js";
import { meanTermVariances } from "./mean-term-variance.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

export { meanTermVariances } from "./mean-term-variance.js";

/** One row a grouping factor; `share` lies in [0, 1] and the shares sum to at most 1. */
export interface IccRow {
  readonly group: string;
  readonly variance: number;
  readonly share: number;
}

/**
 * @param fit any mixed model; of a model with zeros of their own there is none
 * @throws FitError where no one residual variance stands beside the random effects: zero inflation, hurdles, truncation, formulas of
 *   dispersion or scale, unordered and adjacent categories, beta-binomial counts, and links without a latent variance
 * @example icc(lmm("mAch ~ 1 + (1 | school)", hsb)) // => [{ group: "school", variance: 8.614, share: 0.18 }]
 */
export function icc(fit: MixedFit): readonly IccRow[] {
  const terms = meanTermVariances(fit);
  const residual = isGeneralized(fit) ? latentResidualVariance(fit) : fit.sigma * fit.sigma;
  const total = terms.reduce((sum, variance) => sum + variance, residual);
  const groups = [...new Set(fit.randomTerms.map((term) => term.group))];
  return groups.map((group) => {
    const variance = terms.reduce((sum, value, k) => (fit.randomTerms[k]!.group === group ? sum + value : sum), 0);
    return { group, variance, share: variance / total };
  });
}

/**
 * The share of the variance that lies between units of any level: what the rows of one unit of the finest combination have in common.
 *
 * @throws FitError as `icc`
 * @example adjustedIcc(lmm("mAch ~ 1 + (1 | school)", hsb)) // => 0.18035
 */
export function adjustedIcc(fit: MixedFit): number {
  return icc(fit).reduce((sum, { share }) => sum + share, 0);
}
