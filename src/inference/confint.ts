/**
 * Wald confidence intervals of the fixed effects: estimate -/+ t(1 - alpha/2, df) standard errors.
 */
import type { LinearMixedFit } from "../models/fit.js";
import type { DfMethod } from "./coefficients.js";
import { coefficients } from "./coefficients.js";

/** One interval. */
export interface Interval {
  readonly term: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** The coverage asked for, in (0, 1). */
  readonly level: number;
}

/** Options of `confint`. */
export interface ConfintOptions {
  /** Coverage, default 0.95. */
  readonly level?: number;
  /** Degrees of freedom of the t quantile, default "satterthwaite"; "none" takes the normal quantile, as lme4's Wald intervals do. */
  readonly df?: DfMethod;
}

/**
 * @throws FitError for a level outside (0, 1)
 * @example confint(lmm("mAch ~ 1 + (1 | school)", hsb), { df: "none" }) // => [{ term: "(Intercept)", estimate: 12.63697, lower: 12.15797, upper: 13.11598, level: 0.95 }]
 */
export function confint(fit: LinearMixedFit, { level = 0.95, df = "satterthwaite" }: ConfintOptions = {}): readonly Interval[] {
  return coefficients(fit, { df, level }).map(({ term, estimate, lower, upper }) => ({ term, estimate, lower, upper, level }));
}
