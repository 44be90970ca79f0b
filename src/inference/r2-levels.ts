/**
 * What predictors explain at each level: the proportional reduction of every variance component against a model without them.
 *
 *   reduction = (tau_null - tau) / tau_null
 *
 * (Raudenbush & Bryk 2002, eq. 4.20 and 4.27.) A reduction may be negative: a predictor that varies within units only makes the variance
 * between them look larger (Snijders & Bosker 2012, section 7.1). The last row is Snijders & Bosker's R squared of level 1, the reduction
 * of the sum of all components in a row of average predictor values.
 */
import { FitError, inferenceMessages, robustMessages } from "../messages.js";
import type { LinearMixedFit } from "../models/fit.js";
import { linearOnly } from "./linear-only.js";
import { meanTermVariances } from "./mean-term-variance.js";
import type { MixedFit } from "./mixed-fit.js";

/** One variance component in both models. */
export interface VarianceReduction {
  /** The grouping factor; `Residual` for sigma^2, `Total` for the sum. */
  readonly group: string;
  /** The random effect; null for the residual and the total. */
  readonly term: string | null;
  /** Its variance without the predictors. */
  readonly null: number;
  /** Its variance with them. */
  readonly variance: number;
  /** At most 1; NaN where the null model's variance is zero. */
  readonly reduction: number;
}

/**
 * R: `misty::multilevel.r2` (RB and SB).
 *
 * @param fit a linear model with predictors
 * @param nullFit the model without them, for the same rows by the same method
 * @returns the components that both models have, then `Residual` and `Total`
 * @throws FitError for generalized models, for other rows, responses or methods, and for models without a component in common
 * @example varianceReduction(lmm("mAch ~ meanses + (1 | school)", hsb), lmm("mAch ~ 1 + (1 | school)", hsb))[0].reduction // => 0.69365
 */
export function varianceReduction(fit: MixedFit, nullFit: MixedFit): readonly VarianceReduction[] {
  linearOnly(fit, "The reduction of variances", robustMessages.reductionInstead);
  linearOnly(nullFit, "The reduction of variances", robustMessages.reductionInstead);
  checkSame(fit, nullFit);
  const before = componentsOf(nullFit);
  const rows = componentsOf(fit).flatMap(({ group, term, variance }) => {
    const other = before.find((component) => component.group === group && component.term === term);
    return other === undefined ? [] : [rowOf(group, term, other.variance, variance)];
  });
  if (rows.length === 0) throw new FitError(robustMessages.nothingToReduce);
  return [...rows, rowOf("Residual", null, nullFit.sigma ** 2, fit.sigma ** 2), rowOf("Total", null, totalOf(nullFit), totalOf(fit))];
}

function rowOf(group: string, term: string | null, before: number, variance: number): VarianceReduction {
  return { group, term, null: before, variance, reduction: before > 0 ? (before - variance) / before : Number.NaN };
}

function componentsOf({ randomTerms }: LinearMixedFit): { readonly group: string; readonly term: string; readonly variance: number }[] {
  return randomTerms.flatMap(({ group, effects, sigma }) =>
    effects.map((term, s) => ({ group, term, variance: sigma[s * effects.length + s]! })),
  );
}

function totalOf(fit: LinearMixedFit): number {
  return meanTermVariances(fit).reduce((sum, variance) => sum + variance, fit.sigma ** 2);
}

function checkSame(fit: LinearMixedFit, nullFit: LinearMixedFit): void {
  const [a, b] = [fit.frame, nullFit.frame];
  const names = ["the first model", "the null model"] as const;
  if (a.response.name !== b.response.name) {
    throw new FitError(inferenceMessages.otherResponse(names[0], a.response.name, names[1], b.response.name));
  }
  if (fit.nobs !== nullFit.nobs) throw new FitError(inferenceMessages.otherRowCount(names[0], fit.nobs, names[1], nullFit.nobs));
  if (a.response.values.some((y, i) => y !== b.response.values[i])) {
    throw new FitError(inferenceMessages.otherRows(names[0], names[1], a.response.name));
  }
  if (fit.method !== nullFit.method) throw new FitError(inferenceMessages.otherMethod(names[0], fit.method, names[1], nullFit.method));
}
