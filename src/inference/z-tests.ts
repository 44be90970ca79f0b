/**
 * Wald tests and intervals of coefficients whose errors are normal in large samples.
 *
 *   z = beta_j / se_j,   p = 2 P(Z > |z|),   interval = beta_j -/+ q se_j
 */
import { FitError, inferenceMessages } from "../messages.js";
import type { FixedEffect } from "../models/fit.js";
import { normalQuantile, normalUpper } from "../models/special/normal.js";

/** A coefficient with its z test and interval. */
export interface ZTest {
  readonly term: string;
  readonly estimate: number;
  readonly stdError: number;
  readonly statistic: number;
  readonly df: null;
  readonly pValue: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * @param level coverage of the intervals, default 0.95
 * @throws FitError for a level outside (0, 1)
 */
export function zTests(effects: readonly FixedEffect[], level: number = 0.95): readonly ZTest[] {
  if (!(level > 0 && level < 1)) throw new FitError(inferenceMessages.badLevel(level));
  const quantile = normalQuantile((1 - level) / 2, "upper");
  return effects.map(({ term, estimate, stdError, statistic }) => ({
    term,
    estimate,
    stdError,
    statistic,
    df: null,
    pValue: 2 * normalUpper(Math.abs(statistic)),
    lower: estimate - quantile * stdError,
    upper: estimate + quantile * stdError,
  }));
}
