/**
 * The table of coefficients: t tests of linear models, z tests of generalized and cumulative ones, with intervals.
 *
 *   t = beta_j / se_j,   p = 2 P(T_df > |t|),   interval = beta_j -/+ q se_j
 */
import { FitError, inferenceMessages } from "../messages.js";
import type { LinearMixedFit } from "../models/fit.js";
import { normalQuantile, normalUpper } from "../models/special/normal.js";
import { studentTQuantile, studentTTwoSided } from "./distributions/student-t.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type FitPart, partOf } from "./parts.js";
import { contrastDf, satterthwaiteModel } from "./satterthwaite.js";
import { zTests } from "./z-tests.js";

/** satterthwaite: Giesbrecht & Burns (1985); residual: n - p; none: normal distribution. */
export type DfMethod = "satterthwaite" | "residual" | "none";

export interface Coefficient {
  readonly term: string;
  readonly estimate: number;
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
}

/**
 * @throws FitError for a level outside (0, 1), for a part that the model does not have, and for degrees of freedom where tests are z tests
 * @example coefficients(lmm("y ~ x + (1 | g)", table), { df: "residual" })[1].df // n - 2
 */
export function coefficients(fit: MixedFit, options: CoefficientOptions = {}): readonly Coefficient[] {
  const { level = 0.95, part = "mean" } = options;
  const { fixed } = partOf(fit, part);
  if (isGeneralized(fit)) {
    refuseDegreesOfFreedom(options.df);
    return zTests(fixed, level);
  }
  return tTests(fit, options.df ?? "satterthwaite", level);
}

/** @throws FitError for a method of degrees of freedom, which only linear models have */
export function refuseDegreesOfFreedom(df: DfMethod | undefined): void {
  if (df !== undefined && df !== "none") throw new FitError(inferenceMessages.zTestsOnly(df));
}

function tTests(fit: LinearMixedFit, method: DfMethod, level: number): readonly Coefficient[] {
  if (!(level > 0 && level < 1)) throw new FitError(inferenceMessages.badLevel(level));
  const p = fit.fixed.length;
  return fit.fixed.map((effect, j) => {
    const df = dfOf(fit, method, j);
    const { estimate, stdError, statistic } = effect;
    const known = df !== null && df > 0;
    const pValue = known ? studentTTwoSided(statistic, df) : 2 * normalUpper(Math.abs(statistic));
    const upperTail = (1 - level) / 2;
    const quantile = known ? studentTQuantile(upperTail, df, "upper") : normalQuantile(upperTail, "upper");
    return {
      term: effect.term,
      estimate,
      stdError,
      statistic,
      df,
      pValue,
      lower: estimate - quantile * stdError,
      upper: estimate + quantile * stdError,
    };
  });

  function dfOf(of: LinearMixedFit, by: DfMethod, j: number): number | null {
    switch (by) {
      case "none":
        return null;
      case "residual":
        return of.nobs - p;
      case "satterthwaite": {
        const contrast = new Float64Array(p);
        contrast[j] = 1;
        return contrastDf(satterthwaiteModel(of), contrast).df;
      }
    }
  }
}
