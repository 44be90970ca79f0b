/**
 * Whether the effects of a model of ordered categories are the same at every threshold (proportional odds, parallel lines).
 *
 *   chi^2 = -2 (log L_parallel - log L_term),     d.f. = coefficients of the term x (threshold parameters - 1)
 *
 * log L_term is the model in which one term's coefficients may differ from threshold to threshold (partial proportional odds, Peterson &
 * Harrell 1990): ordinal's nominal_test, here with the random effects kept. The effects at each threshold stand beside the test, so that
 * one sees whether a departure matters: with many rows a small one is significant (Harrell 2015, section 13.3.3).
 */
import { diagnosticMessages, FitError } from "../messages.js";
import { cumulativeLink } from "../models/category-probabilities.js";
import { fitCumulativeMixed } from "../models/cumulative-mixed.js";
import type { DesignMatrix } from "../models/frame/design.js";
import type { FurtherFrame, ModelFrame } from "../models/frame/frame.js";
import type { CategoryDesign } from "../models/generalized-engine.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { chiSquareUpper } from "./distributions/chi-square.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { partOf } from "./parts.js";

/** The test of one term. */
export interface ProportionalOddsTest {
  readonly term: string;
  /** NaN where the freer model could not be estimated. */
  readonly statistic: number;
  readonly df: number;
  readonly pValue: number;
  /** The term's coefficients threshold by threshold, empty where the freer model could not be estimated. */
  readonly effects: readonly ThresholdEffect[];
  /** Of the freer model; without it the statistic is too small. */
  readonly converged: boolean;
}

/** One coefficient at one threshold, signed as in the model: positive values move the response upwards. */
export interface ThresholdEffect {
  /** The column: `sexF`. */
  readonly column: string;
  /** `2|3`. */
  readonly threshold: string;
  readonly estimate: number;
  /** NaN where none is known. */
  readonly stdError: number;
  /** What the parallel model says for all thresholds. */
  readonly common: number;
}

/**
 * One fit a term; terms that are already free at every threshold are not tested.
 *
 * @param fit a cumulative or adjacent-category model
 * @returns one record a term, in the formula's order. R: `nominal_test` of ordinal (clm)
 * @throws FitError for other models, for two categories, and for thresholds symmetric about zero, which cannot shift
 * @example proportionalOdds(clmm("rating ~ temp + contact + (1 | judge)", wine)).map(({ term, df, pValue }) => [term, df, pValue]) // => [["temp", 3, 0.504], ["contact", 3, 0.919]]
 */
export function proportionalOdds(fit: MixedFit): readonly ProportionalOddsTest[] {
  const design = isGeneralized(fit) ? fit.engine.categories : null;
  if (!isGeneralized(fit) || design === null) throw new FitError(diagnosticMessages.orderedOnly);
  if (design.thresholds.thresholds.length < 2) throw new FitError(diagnosticMessages.twoCategories);
  if (design.thresholds.structure === "symmetric2") throw new FitError(diagnosticMessages.thresholdsFixed);
  const { fixed } = fit.frame;
  const estimated = new Set(fit.fixed.map(({ term }) => term));
  const free = new Set(fit.frame.further.find(({ part }) => part === "nominal")?.fixed.terms.map(({ label }) => label) ?? []);
  return fixed.terms.flatMap(({ label }, t) => {
    const columns = fixed.names.flatMap((name, j) => (fixed.termOf[j] === t && estimated.has(name) ? [j] : []));
    return columns.length === 0 || free.has(label) ? [] : [testOf(fit, design, label, columns)];
  });
}

function testOf(fit: GeneralizedMixedFit, design: CategoryDesign, term: string, columns: readonly number[]): ProportionalOddsTest {
  const { thresholds } = design;
  const df = columns.length * (thresholds.parameters.length - 1);
  const failed = { term, statistic: Number.NaN, df, pValue: Number.NaN, effects: [], converged: false };
  let freer: GeneralizedMixedFit;
  try {
    freer = fitCumulativeMixed(withNominal(fit.frame, columns), {
      family: fit.family === "adjacent" ? "adjacent" : "cumulative",
      link: cumulativeLink(fit.link),
      threshold: thresholds.structure,
      agq: fit.agq,
    });
  } catch (error) {
    // Thresholds that cross, or categories that a column separates: there is no such model, which is an answer and no fault of the user's.
    if (error instanceof FitError) return failed;
    throw error;
  }
  const statistic = Math.max(0, fit.criterion - freer.criterion);
  return {
    term,
    statistic,
    df,
    pValue: chiSquareUpper(statistic, df),
    effects: effectsOf(fit, freer, columns),
    converged: freer.converged,
  };
}

/** The frame with some columns moved from the fixed effects to the nominal ones. */
function withNominal(frame: ModelFrame, columns: readonly number[]): ModelFrame {
  const moved = new Set(columns);
  const rest = frame.fixed.names.map((_, j) => j).filter((j) => !moved.has(j));
  const nominal = frame.further.find(({ part }) => part === "nominal");
  const own = withIntercept(chosen(frame.fixed, columns));
  const further: FurtherFrame =
    nominal === undefined
      ? {
          part: "nominal",
          formula: frame.formula,
          fixed: own,
          random: [],
          offset: null,
          predictors: frame.predictors,
          recipe: frame.recipe,
        }
      : { ...nominal, fixed: joined(nominal.fixed, chosen(frame.fixed, columns)) };
  return {
    ...frame,
    fixed: chosen(frame.fixed, rest),
    further: [...frame.further.filter(({ part }) => part !== "nominal"), further],
  };
}

function chosen(design: DesignMatrix, columns: readonly number[]): DesignMatrix {
  const n = design.rowCount;
  const values = new Float64Array(columns.length * n);
  columns.forEach((j, k) => {
    values.set(design.values.subarray(j * n, (j + 1) * n), k * n);
  });
  return {
    ...design,
    names: columns.map((j) => design.names[j]!),
    values,
    termOf: Int32Array.from(columns, (j) => design.termOf[j]!),
    intercept: columns.some((j) => design.termOf[j] === -1),
  };
}

function withIntercept(design: DesignMatrix): DesignMatrix {
  const n = design.rowCount;
  const one = { ...design, names: ["(Intercept)"], values: new Float64Array(n).fill(1), termOf: Int32Array.of(-1), intercept: true };
  return joined(one, design);
}

/** Columns of `right` behind those of `left`, its terms counted on. */
function joined(left: DesignMatrix, right: DesignMatrix): DesignMatrix {
  const values = new Float64Array(left.values.length + right.values.length);
  values.set(left.values);
  values.set(right.values, left.values.length);
  const after = left.terms.length;
  return {
    ...left,
    names: [...left.names, ...right.names],
    values,
    termOf: Int32Array.of(...left.termOf, ...right.termOf.map((t) => t + after)),
    terms: [...left.terms, ...right.terms],
  };
}

/** Nominal coefficients add to the thresholds: an effect is minus that. Structured thresholds are linear in their parameters. */
function effectsOf(fit: GeneralizedMixedFit, freer: GeneralizedMixedFit, columns: readonly number[]): ThresholdEffect[] {
  const { thresholds, jacobian, parameters } = fit.engine.categories!.thresholds;
  const { names, covariance } = covarianceOfThresholds(freer);
  return columns.flatMap((j) => {
    const column = fit.frame.fixed.names[j]!;
    const common = fit.fixed.find(({ term }) => term === column)!.estimate;
    const places = parameters.map((parameter) => names.indexOf(`${parameter}.${column}`));
    if (places.includes(-1)) return [];
    return thresholds.map((threshold, at): ThresholdEffect => {
      const row = parameters.map((_, k) => jacobian[k * thresholds.length + at]!);
      const estimate = row.reduce((sum, weight, k) => sum - weight * freer.thresholds![places[k]!]!.estimate, 0);
      let variance = 0;
      row.forEach((a, r) => {
        row.forEach((b, c) => {
          variance += a * b * covariance[places[c]! * names.length + places[r]!]!;
        });
      });
      return { column, threshold, estimate, stdError: Math.sqrt(variance), common };
    });
  });
}

function covarianceOfThresholds(fit: GeneralizedMixedFit): { readonly names: readonly string[]; readonly covariance: Float64Array } {
  const { fixed, vcov } = partOf(fit, "thresholds");
  return { names: fixed.map(({ term }) => term), covariance: vcov };
}
