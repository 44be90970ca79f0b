/**
 * Confidence limits of means and probabilities on a scale on which they have no bounds, and back:
 *
 *   probabilities  logit^-1(logit(p) -/+ q se / (p (1 - p))),   positive means  m exp(-/+ q se / m),   others  m -/+ q se
 */
import { logistic } from "../models/families/links.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/** Limits of a value with a standard error, q standard errors to either side on their scale. */
export type Limits = (value: number, stdError: number, quantile: number) => { readonly lower: number; readonly upper: number };

const PROBABILITIES: ReadonlySet<string> = new Set(["binomial", "betabinomial", "beta"]);
const UNBOUNDED: ReadonlySet<string> = new Set(["gaussian", "student_t"]);

const plainLimits: Limits = (value, stdError, quantile) => ({ lower: value - quantile * stdError, upper: value + quantile * stdError });

/** For the mean of the response, or the probabilities of its categories. */
export function responseLimits(fit: MixedFit): Limits {
  if (!isGeneralized(fit) || UNBOUNDED.has(fit.family)) return plainLimits;
  if (fit.engine.family !== null && !PROBABILITIES.has(fit.family)) {
    return (value, stdError, quantile) => {
      if (!(value > 0)) return plainLimits(value, stdError, quantile);
      const factor = Math.exp((quantile * stdError) / value);
      return { lower: value / factor, upper: value * factor };
    };
  }
  return (value, stdError, quantile) => {
    if (!(value > 0 && value < 1)) return { lower: value, upper: value };
    const half = (quantile * stdError) / (value * (1 - value));
    const centre = Math.log(value) - Math.log1p(-value);
    return { lower: logistic(centre - half), upper: logistic(centre + half) };
  };
}
