/**
 * A generalized or cumulative model estimated again from another response over the same rows: designs stay, and the search begins at the
 * parameters of the fit. Where the response leaves categories without a row the model has fewer thresholds, and the search begins afresh.
 */
import { cumulativeLink } from "./category-probabilities.js";
import { fitCumulativeMixed } from "./cumulative-mixed.js";
import type { ModelFrame } from "./frame/frame.js";
import type { GeneralizedMixedFit } from "./generalized-fit.js";
import { fitGeneralizedMixed, type GeneralizedMixedOptions } from "./generalized-mixed.js";
import type { StartPoint } from "./laplace/estimate.js";
import { fitMultinomialMixed } from "./multinomial-mixed.js";

/**
 * @param frame the fit's frame, with the random terms that the formula has
 * @param values n responses as the frame has them
 * @throws FitError for a response outside the family's range
 */
export function refitGeneralizedMixed(fit: GeneralizedMixedFit, frame: ModelFrame, values: Float64Array): GeneralizedMixedFit {
  const { engine, link, agq } = fit;
  const own: ModelFrame = { ...frame, response: { ...frame.response, values } };
  const startPoint = startOf(fit);
  if (engine.categories !== null) {
    const family = fit.family === "adjacent" ? "adjacent" : "cumulative";
    return fitCumulativeMixed(own, {
      family,
      link: cumulativeLink(link),
      threshold: engine.categories.thresholds.structure,
      agq,
      startPoint,
    });
  }
  if (engine.family === null) return fitMultinomialMixed(own, { agq });
  const zeros = zerosOf(fit);
  return fitGeneralizedMixed(own, { family: engine.family, link, agq, startPoint, ...(zeros === null ? {} : { zeros }) });
}

/** A factor at the boundary would keep the search there: variances begin where they usually do. */
export function startOf({ engine, singular, randomTerms, zeroInflation }: GeneralizedMixedFit): StartPoint {
  const psi = engine.point.slice(engine.problem.parameters.length);
  if (singular) return { lambda: null, psi };
  const lambda: Float64Array[] = [];
  for (const term of [...randomTerms, ...(zeroInflation?.randomTerms ?? [])]) lambda[term.index] = term.lambda;
  return { lambda, psi };
}

/** How the model treats zeros. */
export function zerosOf({ hurdle, zeroInflation, family }: GeneralizedMixedFit): NonNullable<GeneralizedMixedOptions["zeros"]> | null {
  if (zeroInflation !== null) return hurdle ? "hurdle" : "inflated";
  return family.startsWith("truncated_") ? "truncated" : null;
}
