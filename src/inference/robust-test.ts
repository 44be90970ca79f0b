/**
 * Robust F test of several hypotheses at once: HTZ for linear models (robust-hotelling.ts), Wald's chi-square for others.
 *
 * R: clubSandwich's Wald_test(test = "HTZ").
 */
import { FitError, robustMessages } from "../messages.js";
import { jointP } from "./fixed-tests.js";
import type { MixedFit } from "./mixed-fit.js";
import { robustName, robustTests } from "./robust-tests.js";
import type { RobustName, RobustOptions } from "./robust-types.js";
import { typeThreeHypotheses } from "./type-three.js";

/**
 * What is tested to be zero: a term of the formula (`"sector"`, its type III contrasts), coefficients together (`["meanses", "cses"]`), or
 * combinations of coefficients (`[{ sexF: 1, sexM: -1 }]`).
 */
export type RobustHypothesis = string | readonly string[] | readonly Readonly<Record<string, number>>[];

/** A robust test of q hypotheses at once. */
export interface RobustTest extends RobustName {
  /** What `statistic` is: F for linear models, Wald's chi-square for generalized and cumulative ones. */
  readonly test: "F" | "chi-square";
  /** q, hypotheses that follow from others not counted. */
  readonly numDF: number;
  /** null for chi-square. */
  readonly denDF: number | null;
  readonly statistic: number;
  readonly pValue: number;
}

/**
 * R: clubSandwich's `Wald_test(test = "HTZ")`.
 *
 * @throws FitError as `robustCovariance`; for terms and coefficients that the model does not have; for more hypotheses than the clusters
 *   can tell of
 * @example robustTest(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy), ["Days"]).statistic // => 45.853
 */
export function robustTest(fit: MixedFit, hypothesis: RobustHypothesis, options: RobustOptions = {}): RobustTest {
  const rows = hypothesisRows(fit, hypothesis);
  const deviations = rows.map((row) => row.reduce((sum, weight, j) => sum + weight * fit.fixed[j]!.estimate, 0));
  const result = robustTests(fit, options).joint(rows, deviations);
  const { numDF, denDF, statistic } = result;
  const name = robustName(fit, options);
  if (Number.isNaN(statistic)) throw new FitError(robustMessages.tooManyHypotheses(name.cluster, name.clusters, numDF));
  return {
    ...name,
    test: denDF === null ? "chi-square" : "F",
    numDF,
    denDF,
    statistic: denDF === null ? numDF * statistic : statistic,
    pValue: jointP(result),
  };
}

/** Rows of p numbers, one a hypothesis. */
function hypothesisRows(fit: MixedFit, hypothesis: RobustHypothesis): readonly Float64Array[] {
  const terms = fit.fixed.map(({ term }) => term);
  if (typeof hypothesis === "string") {
    const tests = typeThreeHypotheses(fit);
    const found = tests.find(({ term }) => term === hypothesis);
    if (found !== undefined && found.rows.length > 0) return found.rows;
    const labels = tests.map(({ term }) => term);
    if (!terms.includes(hypothesis)) throw new FitError(robustMessages.unknownTerm(hypothesis, labels));
    return hypothesisRows(fit, [hypothesis]);
  }
  if (hypothesis.length === 0) throw new FitError(robustMessages.noHypothesis);
  return hypothesis.map((one) => {
    const row = new Float64Array(terms.length);
    for (const [term, weight] of typeof one === "string" ? ([[one, 1]] as const) : Object.entries(one)) {
      const j = terms.indexOf(term);
      if (j < 0) throw new FitError(robustMessages.unknownCoefficient(term, terms));
      row[j] = weight;
    }
    if (!row.some((weight) => weight !== 0) || !row.every(Number.isFinite)) throw new FitError(robustMessages.noHypothesis);
    return row;
  });
}
