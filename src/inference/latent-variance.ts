/**
 * The variance of a generalized or cumulative model's own distribution on the scale of its linear predictor: what stands beside the
 * random effects where a linear model has sigma^2 (Nakagawa, Johnson & Schielzeth 2017, "The coefficient of determination R2 and
 * intra-class correlation coefficient from generalized linear mixed-effects models revisited and expanded", tables 1 and 2).
 *
 *   latent      binomial and cumulative models, the latent variable's: pi^2 / 3 (logit), 1 (probit), pi^2 / 6 (cloglog, loglog)
 *   lognormal   log link: log(1 + V(m) / m^2), hence log(1 + 1 / m) for Poisson counts, log(1 + 1/m + 1/theta) for nbinom2,
 *               log(1 + 1/shape) for gamma
 *   trigamma    log link: psi_1(m^2 / V(m)), the variance of the logarithm of a gamma variable with that mean and variance
 *   delta       any link: V(m) g'(m)^2, hence 1/m for Poisson counts, 1/4 with the square root, 1/(m (1 - m)) for the logit (the
 *               observation-level variance), sigma^2 for the identity
 *
 * V is the variance of an observation with mean m. m is the mean of a row over the random effects, averaged over the rows: with a log
 * link exp(eta_fixed + var / 2), var the variance of the row's random effects; the paper's value in a model without predictors.
 */
import { FitError, inferenceMessages, robustMessages } from "../messages.js";
import type { Family } from "../models/families/family.js";
import { linkFunction } from "../models/families/links.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { rowPredictors } from "../models/generalized-predictors.js";
import { latentDeviation } from "../models/latent-deviation.js";
import { trigamma } from "./distributions/special/trigamma.js";
import { rowVariances } from "./mean-term-variance.js";
import { meanOver } from "./normal-mean.js";

export type LatentApproximation = "latent" | "lognormal" | "trigamma" | "delta";

export const LATENT_APPROXIMATIONS: readonly LatentApproximation[] = ["latent", "lognormal", "trigamma", "delta"];

/** How the variance of the distribution is found. */
export interface LatentOptions {
  /** Default "latent" for binomial and cumulative models, "lognormal" for other families with a log link, "delta" elsewhere. */
  readonly approximation?: LatentApproximation | undefined;
  /**
   * m, where the approximation depends on it. Default the model's own. performance::r2 (0.10) takes exp(b), b the intercept of the model
   * without predictors; the paper exp(b + tau / 2).
   */
  readonly mean?: number | undefined;
}

/** @throws FitError where the rows have no one such variance, and for an approximation that the model does not have */
export function latentResidualVariance(fit: GeneralizedMixedFit, { approximation, mean }: LatentOptions = {}): number {
  const { engine, link, family: name } = fit;
  const obstacle = otherVariation(fit);
  if (obstacle !== null) throw new FitError(inferenceMessages.iccOfParts(obstacle));
  if (name === "betabinomial") throw new FitError(inferenceMessages.iccTrials(name));
  const categories = fit.model === "clmm" || name === "binomial";
  if (categories && (approximation ?? "latent") === "latent") {
    const deviation = link === "log" ? null : latentDeviation(link);
    if (deviation !== null) return deviation * deviation;
    if (link === "cauchit") throw new FitError(inferenceMessages.noLatentVariance(link));
  }
  const chosen = approximation ?? (link === "log" ? "lognormal" : "delta");
  if (!allowed(fit, chosen)) throw new FitError(robustMessages.otherApproximation(String(chosen), allowedFor(fit)));
  if (mean !== undefined && !(mean > 0 && (name !== "binomial" || mean < 1))) throw new FitError(robustMessages.badMean(mean, name));
  return observationVariance(fit, engine.family!, chosen, mean);
}

function allowedFor(fit: GeneralizedMixedFit): readonly LatentApproximation[] {
  return LATENT_APPROXIMATIONS.filter((own) => allowed(fit, own));
}

function allowed({ model, family, link }: GeneralizedMixedFit, approximation: LatentApproximation): boolean {
  switch (approximation) {
    case "latent":
      return (model === "clmm" || family === "binomial") && link !== "log" && latentDeviation(link) !== null;
    case "lognormal":
    case "trigamma":
      return model === "glmm" && link === "log";
    case "delta":
      return model === "glmm";
    default:
      return false;
  }
}

/** What the model has beside a mean and one dispersion, in words; null for nothing. */
function otherVariation(fit: GeneralizedMixedFit): string | null {
  if (fit.zeroInflation !== null || fit.family.startsWith("truncated_")) return inferenceMessages.zerosOfTheirOwn;
  if (fit.dispersionModel !== null) return inferenceMessages.formulaOfDispersion;
  if (fit.scaleModel !== null) return inferenceMessages.formulaOfScale;
  if (fit.family === "multinomial" || fit.family === "adjacent") return inferenceMessages.noLatentScale;
  return null;
}

function observationVariance(fit: GeneralizedMixedFit, family: Family, approximation: LatentApproximation, given?: number): number {
  const { link, engine } = fit;
  const { fixed } = rowPredictors(engine);
  const mean = given ?? marginalMean(fit, fixed[0]!, family);
  const further = family.further.map((_, k) => fixed[1 + k]![0]!);
  const variance = family.variance(mean, further, 1);
  if (approximation === "lognormal") return Math.log1p(variance / (mean * mean));
  if (approximation === "trigamma") return trigamma((mean * mean) / variance);
  const { predictor, derivatives } = linkFunction(link);
  const out = new Float64Array(4);
  derivatives(predictor(mean), out);
  return variance / (out[1]! * out[1]!);
}

/** Mean over rows and random effects; for links other than the log, the identity and those of proportions the mean at random effects of zero. */
function marginalMean(fit: GeneralizedMixedFit, eta: Float64Array, family: Family): number {
  const { link } = fit;
  const integrated = link === "log" || fit.family === "binomial" || fit.family === "beta";
  const terms = integrated ? rowVariances(fit) : [];
  let sum = 0;
  for (let i = 0; i < eta.length; i++) {
    const variance = terms.reduce((total, values) => total + values[i]!, 0);
    if (link === "log" || variance === 0) sum += family.mean(link, eta[i]! + variance / 2);
    else sum += meanOver(eta[i]!, variance, (x) => family.mean(link, x));
  }
  return sum / eta.length;
}
