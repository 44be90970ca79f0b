/**
 * Confidence limits of means and probabilities on a scale on which they have no bounds, and back:
 *
 *   probabilities  logit^-1(logit(p) -/+ q se / (p (1 - p))),   positive means  m exp(-/+ q se / m),   others  m -/+ q se
 */

import { FitError, predictionMessages } from "../messages.js";
import { logistic } from "../models/families/links.js";
import { observations } from "../models/generalized-fitted.js";
import { quantileFor } from "./grid-estimates.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { predictiveLimits } from "./predict-distribution.js";

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

/** What limits depend on. */
export interface LimitsTask {
  readonly type: "response" | "link" | "probabilities";
  readonly interval: "confidence" | "prediction" | "none";
  readonly conf: number;
  readonly trials?: number | ArrayLike<number>;
  /** Not the fit's own rows. */
  readonly fresh: boolean;
}

/** What is known of a row's prediction. */
export interface RowResult {
  readonly value: number;
  readonly stdError: number;
  /** Standard deviation of the first predictor. */
  readonly linkError: number;
  readonly df: number | null;
}

export type RowLimits = (row: number, at: Float64Array, result: RowResult) => { readonly lower: number; readonly upper: number };

/** The limits that are asked for, row by row. @throws FitError where the model has none */
export function limitsFor(fit: MixedFit, task: LimitsTask, rowCount: number): RowLimits {
  const { interval, conf, type } = task;
  if (interval === "none") return () => ({ lower: Number.NaN, upper: Number.NaN });
  const around = (value: number, half: number): { lower: number; upper: number } => ({ lower: value - half, upper: value + half });
  if (interval === "prediction") {
    if (!isGeneralized(fit)) {
      const quantile = quantileFor(conf, null);
      const weights = task.fresh ? null : fit.frame.weights;
      return (row, _, { value, linkError }) =>
        around(value, quantile * Math.sqrt(linkError * linkError + (fit.sigma * fit.sigma) / (weights === null ? 1 : weights[row]!)));
    }
    const limits = predictiveLimits(fit);
    const sizes = trialsOf(fit, task, rowCount);
    return (row, at, { linkError }) => limits(at, linkError, sizes(row), conf);
  }
  if (!isGeneralized(fit) || type === "link") {
    return (_, __, { value, stdError, df }) => around(value, quantileFor(conf, df) * stdError);
  }
  const quantile = quantileFor(conf, null);
  // Of one predictor: the ends of its own interval, through the link.
  const simple = type === "response" && fit.engine.family !== null && fit.zeroInflation === null && !fit.family.startsWith("truncated_");
  if (simple) {
    const { mean } = fit.engine.family!;
    return (_, at, { linkError }) => {
      const ends = [-1, 1].map((sign) => mean(fit.link, at[0]! + sign * quantile * linkError)).sort((a, b) => a - b);
      return { lower: ends[0]!, upper: ends[1]! };
    };
  }
  if (type === "response" && fit.engine.family === null) return (_, __, { value, stdError }) => around(value, quantile * stdError);
  const limits = responseLimits(fit);
  return (_, __, { value, stdError }) => limits(value, stdError, quantile);
}

function trialsOf(fit: MixedFit, { trials, fresh }: LimitsTask, rowCount: number): (row: number) => number {
  if (typeof trials === "number") return () => trials;
  if (trials !== undefined) {
    if (trials.length !== rowCount) throw new FitError(predictionMessages.trialsLength(trials.length, rowCount));
    return (row) => trials[row]!;
  }
  if (fresh || !isGeneralized(fit) || fit.engine.family === null) return () => 1;
  const { sizes } = observations(fit.engine, fit.engine.family);
  return (row) => (sizes === null ? 1 : sizes[row]!);
}
