/**
 * The table of coefficients: t tests of linear models, z tests of generalized and cumulative ones, with intervals.
 *
 *   t = beta_j / se_j,   p = 2 P(T_df > |t|),   interval = beta_j -/+ q se_j
 */
import type { FixedEffect, LinearMixedFit } from "../models/fit.js";
import type { DfMethod } from "./df-method.js";
import { checkLevel, type FixedTests, fixedTests, refuseDegreesOfFreedom, twoSidedP, upperQuantile } from "./fixed-tests.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type FitPart, partOf } from "./parts.js";
import { robustTests } from "./robust-tests.js";
import type { RobustOptions } from "./robust-types.js";
import { zTests } from "./z-tests.js";

export type { DfMethod } from "./df-method.js";

export interface Coefficient {
  readonly term: string;
  readonly estimate: number;
  /** Kenward & Roger's adjusted one with `df: "kenward-roger"`. */
  readonly stdError: number;
  readonly statistic: number;
  /** null with `df: "none"` and for z tests. */
  readonly df: number | null;
  readonly pValue: number;
  readonly lower: number;
  readonly upper: number;
}

export interface CoefficientOptions {
  /** Default "satterthwaite"; for generalized and cumulative models only "none", their default. */
  readonly df?: DfMethod;
  /** Coverage of the intervals, default 0.95. */
  readonly level?: number;
  /** Whose coefficients, default "mean": a generalized model may have others besides. */
  readonly part?: FitPart;
  /**
   * Cluster-robust standard errors in the place of the model's own (robust.ts), with degrees of freedom of their own: linear models
   * Satterthwaite's, or "none". Default the model's errors.
   */
  readonly robust?: RobustOptions;
}

/**
 * As R's `summary` of an lmerTest fit with its `ddf`, and more ways to count degrees of freedom.
 *
 * @throws FitError for a level outside (0, 1), for a part that the model does not have, for degrees of freedom where tests are z tests,
 *   for Kenward-Roger after maximum likelihood and for between-within with crossed factors
 * @example coefficients(lmm("y ~ x + (1 | g)", table), { df: "residual" })[1].df // n - 2
 * @example coefficients(lmm("mAch ~ 1 + (1 | school)", hsb), { robust: { type: "CR2" } }).map((row) => [row.stdError, row.df]) // => [[0.24438830, 158.827]]
 */
export function coefficients(fit: MixedFit, options: CoefficientOptions = {}): readonly Coefficient[] {
  const { level = 0.95, part = "mean" } = options;
  const { fixed } = partOf(fit, part);
  if (options.robust !== undefined) return testRows(fixed, robustTests(fit, options.robust, options.df, part), level, true);
  if (isGeneralized(fit)) {
    refuseDegreesOfFreedom(options.df);
    return zTests(fixed, level);
  }
  return tTests(fit, options.df ?? "satterthwaite", level);
}

function tTests(fit: LinearMixedFit, method: DfMethod, level: number): readonly Coefficient[] {
  checkLevel(level);
  if (fit.fixed.length === 0) return [];
  return testRows(fit.fixed, fixedTests(fit, method), level, method === "kenward-roger");
}

/** @param ownErrors the tests have variances of their own, which are not those of the fit */
function testRows(fixed: readonly FixedEffect[], tests: FixedTests, level: number, ownErrors: boolean): readonly Coefficient[] {
  checkLevel(level);
  return fixed.map((effect, j) => {
    const { term, estimate } = effect;
    const { variance, df } = tests.contrast(Float64Array.from(fixed, (_, k) => Number(k === j)));
    // Without a standard error of the model's a coefficient has no finite estimate, and robust ones mean nothing either.
    const stdError = ownErrors && !Number.isNaN(effect.stdError) ? Math.sqrt(variance) : effect.stdError;
    const statistic = estimate / stdError;
    const quantile = upperQuantile((1 - level) / 2, df);
    return {
      term,
      estimate,
      stdError,
      statistic,
      df,
      pValue: twoSidedP(statistic, df),
      lower: estimate - quantile * stdError,
      upper: estimate + quantile * stdError,
    };
  });
}
