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
 * Johnson & Schielzeth 2017); effects of single rows, (1 | row), are part of it: they make the distribution wider, not units alike. The
 * shares are adjusted for the fixed effects: what predictors explain is in neither variance. For those of responses themselves, on the
 * scale on which they are observed, see observed-icc.ts.
 */
import { FitError, robustMessages } from "../messages.js";
import type { IccRow } from "./icc-row.js";
import { type LatentOptions, latentResidualVariance } from "./latent-variance.js";
import { meanTermVariances } from "./mean-term-variance.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { observedIcc } from "./observed-icc.js";
import { fixedVariance } from "./r2-fixed-variance.js";
import { rowLevelTerms } from "./row-level-terms.js";

export type { IccRow } from "./icc-row.js";
export { meanTermVariances } from "./mean-term-variance.js";

/** Options of `icc`. */
export interface IccOptions extends LatentOptions {
  /** "latent" (default): of the linear predictor. "observation": of the responses themselves, for generalized models. */
  readonly scale?: "latent" | "observation" | undefined;
}

/**
 * R's `performance::icc(by_group = TRUE)`.
 *
 * @param fit any mixed model; of a model with zeros of their own there is none
 * @throws FitError where no one residual variance stands beside the random effects: zero inflation, hurdles, truncation, formulas of
 *   dispersion or scale, unordered and adjacent categories, beta-binomial counts, and links without a latent variance
 * @example icc(lmm("mAch ~ 1 + (1 | school)", hsb)) // => [{ group: "school", variance: 8.614, share: 0.18 }]
 */
export function icc(fit: MixedFit, { scale = "latent", ...latent }: IccOptions = {}): readonly IccRow[] {
  if (scale === "observation" && isGeneralized(fit)) return observedIcc(fit);
  if (scale !== "latent" && scale !== "observation") throw new FitError(robustMessages.unknownScale(String(scale)));
  const { groups, total } = varianceParts(fit, latent);
  return groups.map(({ group, variance }) => ({ group, variance, share: variance / total }));
}

/**
 * The share of the variance that lies between units of any level: what the rows of one unit of the finest combination have in common.
 * R's `performance::icc`, adjusted.
 *
 * @throws FitError as `icc`
 * @example adjustedIcc(lmm("mAch ~ 1 + (1 | school)", hsb)) // => 0.18035
 */
export function adjustedIcc(fit: MixedFit, options: IccOptions = {}): number {
  return icc(fit, options).reduce((sum, { share }) => sum + share, 0);
}

/**
 * The share of the whole variance, what the fixed effects explain included, that lies between units of any level. R's `performance::icc`,
 * unadjusted (called conditional before).
 *
 * @throws FitError as `icc`
 * @example unadjustedIcc(lmm("mAch ~ meanses + (1 | school)", hsb)) // => 0.0553505
 */
export function unadjustedIcc(fit: MixedFit, options: LatentOptions = {}): number {
  const { groups, total } = varianceParts(fit, options);
  return groups.reduce((sum, { variance }) => sum + variance, 0) / (total + fixedVariance(fit));
}

/** Variances between units by factor, those of single rows left out, and the whole variance beside the fixed effects. */
function varianceParts(
  fit: MixedFit,
  options: LatentOptions,
): { readonly groups: readonly Omit<IccRow, "share">[]; readonly total: number } {
  const terms = meanTermVariances(fit);
  const residual = isGeneralized(fit) ? latentResidualVariance(fit, options) : fit.sigma * fit.sigma;
  const total = terms.reduce((sum, variance) => sum + variance, residual);
  const single = rowLevelTerms(fit);
  const groups = [...new Set(fit.randomTerms.filter((_, k) => !single[k]).map((term) => term.group))];
  return {
    total,
    groups: groups.map((group) => ({
      group,
      variance: terms.reduce((sum, value, k) => (fit.randomTerms[k]!.group === group ? sum + value : sum), 0),
    })),
  };
}
