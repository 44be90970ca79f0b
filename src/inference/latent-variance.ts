/**
 * The variance of a generalized or cumulative model's own distribution on the scale of its linear predictor: what stands beside the
 * random effects where a linear model has sigma^2 (Nakagawa, Johnson & Schielzeth 2017, "The coefficient of determination R2 and
 * intra-class correlation coefficient from generalized linear mixed-effects models revisited and expanded", tables 1 and 2).
 *
 *   binomial, cumulative   the latent variable's: pi^2 / 3 (logit), 1 (probit), pi^2 / 6 (cloglog, loglog)
 *   log link               log(1 + V(m) / m^2), the lognormal approximation: log(1 + 1 / m) for Poisson counts, log(1 + 1/m + 1/theta) for
 *                          nbinom2, log(1 + 1/shape) for gamma
 *   other links            V(m) g'(m)^2, the delta method: 1/4 for Poisson counts with the square root, sigma^2 for the identity
 *
 * V is the variance of an observation with mean m. m is the mean of a row over the random effects, averaged over the rows: with a log
 * link exp(eta_fixed + var / 2), var the variance of the row's random effects; the paper's value in a model without predictors.
 */
import { FitError, inferenceMessages } from "../messages.js";
import type { Family } from "../models/families/family.js";
import { linkFunction } from "../models/families/links.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { rowPredictors } from "../models/generalized-predictors.js";
import { latentDeviation } from "../models/latent-deviation.js";
import { rowVariances } from "./mean-term-variance.js";

/** @throws FitError where the rows have no one such variance */
export function latentResidualVariance(fit: GeneralizedMixedFit): number {
  const { engine, link, family: name } = fit;
  const obstacle = otherVariation(fit);
  if (obstacle !== null) throw new FitError(inferenceMessages.iccOfParts(obstacle));
  if (name === "betabinomial") throw new FitError(inferenceMessages.iccTrials(name));
  if (fit.model === "clmm" || name === "binomial") {
    const deviation = link === "log" ? null : latentDeviation(link);
    if (deviation !== null) return deviation * deviation;
    if (link === "cauchit") throw new FitError(inferenceMessages.noLatentVariance(link));
  }
  return observationVariance(fit, engine.family!);
}

/** What the model has beside a mean and one dispersion, in words; null for nothing. */
function otherVariation(fit: GeneralizedMixedFit): string | null {
  if (fit.zeroInflation !== null || fit.family.startsWith("truncated_")) return inferenceMessages.zerosOfTheirOwn;
  if (fit.dispersionModel !== null) return inferenceMessages.formulaOfDispersion;
  if (fit.scaleModel !== null) return inferenceMessages.formulaOfScale;
  if (fit.family === "multinomial" || fit.family === "adjacent") return inferenceMessages.noLatentScale;
  return null;
}

function observationVariance(fit: GeneralizedMixedFit, family: Family): number {
  const { link, engine } = fit;
  const { fixed } = rowPredictors(engine);
  const mean = marginalMean(fit, fixed[0]!, family);
  const further = family.further.map((_, k) => fixed[1 + k]![0]!);
  const variance = family.variance(mean, further, 1);
  if (link === "log") return Math.log1p(variance / (mean * mean));
  const { predictor, derivatives } = linkFunction(link);
  const out = new Float64Array(4);
  derivatives(predictor(mean), out);
  return variance / (out[1]! * out[1]!);
}

/** Mean over rows and random effects; for links other than the log and the identity the mean at random effects of zero. */
function marginalMean(fit: GeneralizedMixedFit, eta: Float64Array, family: Family): number {
  const terms = fit.link === "log" ? rowVariances(fit) : [];
  let sum = 0;
  for (let i = 0; i < eta.length; i++) {
    const variance = terms.reduce((total, values) => total + values[i]!, 0);
    sum += family.mean(fit.link, eta[i]! + variance / 2);
  }
  return sum / eta.length;
}
