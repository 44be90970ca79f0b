/**
 * Wald confidence intervals: of coefficients, estimate -/+ q standard errors; of what is not nearly normal on its own scale by the delta
 * method on one on which it is, and back:
 *
 *   standard deviations and dispersions   exp(log(sd) -/+ z se(log sd))
 *   correlations                          tanh(atanh(r) -/+ z se(atanh r))
 *
 * (Fisher 1921 for the correlation; Pinheiro & Bates 2000, section 2.4.3.) They are poor for a variance near zero: a likelihood-ratio
 * test, compare(without, with), is better there.
 */
import { FitError, inferenceMessages } from "../messages.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { normalQuantile } from "../models/special/normal.js";
import type { DfMethod } from "./coefficients.js";
import { coefficients } from "./coefficients.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type FitPart, partsOf } from "./parts.js";
import { type RandomEstimate, randomEstimates } from "./random-estimates.js";

/** One interval. */
export interface Interval {
  /** A coefficient's term; `sd__(Intercept)`, `cor__(Intercept).Days` for random effects; `sigma` for a dispersion without a formula. */
  readonly term: string;
  readonly estimate: number;
  /** NaN where there is no standard error: at the boundary, where only a test can tell. */
  readonly lower: number;
  readonly upper: number;
  /** The coverage asked for, in (0, 1). */
  readonly level: number;
  /** Absent for coefficients of the mean. */
  readonly part?: Exclude<FitPart, "mean"> | "random";
  /** The grouping factor of a standard deviation or correlation. */
  readonly group?: string;
  /** Ends that are the ends of the parameter's range (0, -1, 1), not values at which the level is reached; absent for none. */
  readonly bounds?: readonly ("lower" | "upper")[];
}

/** Options of `confint`. */
export interface ConfintOptions {
  /** Coverage, default 0.95. */
  readonly level?: number;
  /**
   * Degrees of freedom of the t quantile, default "satterthwaite"; "none" takes the normal quantile, as lme4's Wald intervals do, and is
   * all that generalized models have.
   */
  readonly df?: DfMethod;
  /** Of what, default "mean", the fixed effects; "random" standard deviations and correlations, "all" everything the model has. */
  readonly part?: FitPart | "random" | "all";
}

/**
 * @throws FitError for a level outside (0, 1), a part that the model does not have, and standard deviations of a linear model
 * @example confint(lmm("mAch ~ 1 + (1 | school)", hsb), { df: "none" }) // => [{ term: "(Intercept)", estimate: 12.63697, lower: 12.15797, upper: 13.11598, level: 0.95 }]
 */
export function confint(fit: MixedFit, options: ConfintOptions = {}): readonly Interval[] {
  const { level = 0.95, df, part = "mean" } = options;
  if (part === "random") return randomIntervals(fit, level);
  if (part === "all") {
    const parts = partsOf(fit).flatMap((own) => confint(fit, { ...options, part: own }));
    const sigma = isGeneralized(fit) && fit.dispersionModel === null ? dispersionInterval(fit, level) : [];
    return [...parts, ...sigma, ...(isGeneralized(fit) ? randomIntervals(fit, level) : [])];
  }
  if (part === "dispersion" && isGeneralized(fit) && fit.dispersionModel === null && fit.dispersion !== null) {
    return dispersionInterval(fit, level);
  }
  const tests = coefficients(fit, { level, part, ...(df === undefined ? {} : { df }) });
  return tests.map(({ term, estimate, lower, upper }) => ({
    term,
    estimate,
    lower,
    upper,
    level,
    ...(part === "mean" ? {} : { part }),
  }));
}

function quantileOf(level: number): number {
  if (!(level > 0 && level < 1)) throw new FitError(inferenceMessages.badLevel(level));
  return normalQuantile((1 - level) / 2, "upper");
}

function randomIntervals(fit: MixedFit, level: number): Interval[] {
  if (!isGeneralized(fit)) throw new FitError(inferenceMessages.linearVarianceIntervals);
  const q = quantileOf(level);
  return [...randomEstimates(fit, "mean"), ...randomEstimates(fit, "zi")].map((row) => ({
    term: row.term,
    estimate: row.estimate ?? Number.NaN,
    ...randomLimits(row, q),
    level,
    part: row.part === "zi" ? ("zi" as const) : ("random" as const),
    group: row.group,
  }));
}

/** Limits on the scale of a standard deviation or correlation; NaN without a standard error. */
export function randomLimits({ kind, estimate, stdError }: RandomEstimate, q: number): { readonly lower: number; readonly upper: number } {
  if (estimate === null || stdError === null) return { lower: Number.NaN, upper: Number.NaN };
  if (kind === "sd") return { lower: estimate * Math.exp(-q * stdError), upper: estimate * Math.exp(q * stdError) };
  const z = Math.atanh(estimate);
  return { lower: Math.tanh(z - q * stdError), upper: Math.tanh(z + q * stdError) };
}

/** The dispersion is a monotone function of its predictor, the same in every row. */
function dispersionInterval({ engine, dispersion }: GeneralizedMixedFit, level: number): Interval[] {
  const { family, problem, point, jointCovariance } = engine;
  const q = quantileOf(level);
  const place = family === null ? -1 : family.further.indexOf("dispersion");
  if (dispersion === null || place < 0 || family?.dispersion == null) return [];
  const at = problem.parameters.length + problem.model.predictors[1 + place]!.parameter[0]!;
  const stdError = jointCovariance === null ? Number.NaN : Math.sqrt(jointCovariance[at * point.length + at]!);
  const ends = [-q, q].map((by) => family.dispersion!(point[at]! + by * stdError)).sort((a, b) => a - b);
  return [{ term: "sigma", estimate: dispersion, lower: ends[0]!, upper: ends[1]!, level, part: "dispersion" }];
}
