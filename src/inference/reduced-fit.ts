/**
 * The same model over the same rows with fewer fixed or random terms.
 */
import { cumulativeLink } from "../models/category-probabilities.js";
import { fitCumulativeMixed } from "../models/cumulative-mixed.js";
import type { DesignMatrix } from "../models/frame/design.js";
import { designMatrix } from "../models/frame/design-matrix.js";
import type { ModelFrame, RandomFrame } from "../models/frame/frame.js";
import { fitGeneralizedMixed } from "../models/generalized-mixed.js";
import { zerosOf } from "../models/generalized-refit.js";
import { fitLinearMixed } from "../models/linear-mixed.js";
import { fitMultinomialMixed } from "../models/multinomial-mixed.js";
import { formulaRandom } from "./equations.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/** The frame as the formula has it, to make smaller ones from. */
export function ownFrame(fit: MixedFit): ModelFrame {
  return isGeneralized(fit) ? { ...fit.frame, random: formulaRandom(fit) } : fit.frame;
}

/** Fits the model to another frame: same family, link, quadrature, zeros and thresholds. */
export function fitTo(fit: MixedFit, frame: ModelFrame, method: "REML" | "ML" = fit.method): MixedFit {
  if (!isGeneralized(fit)) return fitLinearMixed(frame, { method });
  const { engine, family, link, agq } = fit;
  if (engine.categories !== null) {
    return fitCumulativeMixed(frame, {
      family: family === "adjacent" ? "adjacent" : "cumulative",
      link: cumulativeLink(link),
      threshold: engine.categories.thresholds.structure,
      agq,
    });
  }
  if (engine.family === null) return fitMultinomialMixed(frame, { agq });
  const zeros = zerosOf(fit);
  return fitGeneralizedMixed(frame, { family: engine.family, link, agq, ...(zeros === null ? {} : { zeros }) });
}

/** @param kept which of the fixed terms */
export function withFixedTerms(frame: ModelFrame, kept: (term: number) => boolean): ModelFrame {
  const { formula, predictors } = frame;
  const fixed = { ...formula.fixed, terms: formula.fixed.terms.filter((_, t) => kept(t)) };
  return { ...frame, formula: { ...formula, fixed }, fixed: designMatrix(fixed, predictors, frame.rows.length) };
}

/**
 * @param kept which effects of which random term: -1 is the intercept; a random term without effects is left out
 */
export function withRandomEffects(frame: ModelFrame, kept: (term: number, effect: number) => boolean): ModelFrame {
  const { formula } = frame;
  const terms = frame.random.flatMap((random, k) => {
    const effects = withTerms(random.effects, (t) => kept(k, t));
    if (effects.names.length === 0) return [];
    const written = formula.random[k]!;
    const own = {
      ...written,
      effects: { ...written.effects, intercept: effects.intercept, terms: written.effects.terms.filter((_, t) => kept(k, t)) },
    };
    return [{ random: { ...random, effects }, own }];
  });
  return { ...frame, random: terms.map(({ random }): RandomFrame => random), formula: { ...formula, random: terms.map(({ own }) => own) } };
}

/** The columns of some of the terms. */
function withTerms(design: DesignMatrix, kept: (term: number) => boolean): DesignMatrix {
  const { rowCount: n, termOf } = design;
  const columns = Array.from(termOf.keys()).filter((j) => kept(termOf[j]!));
  const terms = design.terms.map((_, t) => t).filter(kept);
  const values = new Float64Array(n * columns.length);
  columns.forEach((column, j) => {
    values.set(design.values.subarray(column * n, (column + 1) * n), j * n);
  });
  return {
    rowCount: n,
    names: columns.map((column) => design.names[column]!),
    values,
    termOf: Int32Array.from(columns, (column) => terms.indexOf(termOf[column]!)),
    terms: terms.map((t) => design.terms[t]!),
    intercept: design.intercept && kept(-1),
  };
}

/** Random effects that touch no row: the likelihood of the model without any, from functions that need some. */
export function withoutRandomEffects(frame: ModelFrame): ModelFrame {
  const [first] = frame.random;
  const [written] = frame.formula.random;
  const n = frame.rows.length;
  const effects: DesignMatrix = {
    ...first!.effects,
    names: ["0"],
    values: new Float64Array(n),
    termOf: Int32Array.of(0),
    intercept: false,
  };
  return { ...frame, random: [{ ...first!, covariance: "diagonal", effects }], formula: { ...frame.formula, random: [written!] } };
}
