/**
 * Wald tests and intervals of coefficients whose errors are normal in large samples.
 *
 *   z = beta_j / se_j,   p = 2 P(Z > |z|),   interval = beta_j -/+ q se_j
 */
import type { FixedEffect } from "../models/fit.js";
import { normalQuantile, normalUpper } from "../models/special/normal.js";
import type { Coefficient } from "./coefficients.js";

/** @param level coverage of the intervals, default 0.95 */
export function zTests(effects: readonly FixedEffect[], level: number = 0.95): readonly Coefficient[] {
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
