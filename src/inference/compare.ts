/**
 * Fits side by side: log-likelihood, AIC, BIC, and for models one within the next the likelihood-ratio test.
 *
 *   chi^2 = criterion(smaller) - criterion(larger),   criterion = -2 log-likelihood
 *
 * Likelihoods can be compared where both are probabilities or both densities of the same values; a test needs one family and link, and
 * one approximation of the integral.
 *
 * REML criteria are those of the data freed from the fixed effects; with different fixed effects these are different data,
 * so that their criteria cannot be compared (Pinheiro & Bates 2000, section 2.2.5).
 */
import { FitError, inferenceMessages, type ModelPart, type Note } from "../messages.js";
import type { RandomTermFit } from "../models/fit.js";
import { fingerprint, sameColumns } from "./fingerprint.js";
import { type ReferenceDistribution, referenceDistribution, referenceP } from "./likelihood-ratio.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { furtherCoefficients, type ModelShape } from "./nesting.js";
import type { SavedFit, SavedRandomTerm } from "./saved-fit.js";
import { comparisonText } from "./summary/comparison-text.js";

/** A fit in memory or read back from a file. */
export type AnyFit = MixedFit | SavedFit;

/** One model; the test compares it with the model in the row above. */
export interface ComparisonRow {
  readonly model: string;
  readonly formula: string;
  /** What the formula does not say and the models do not share: `family poisson, zi ~ mined`; null where they share everything. */
  readonly differs: string | null;
  readonly npar: number;
  readonly logLik: number;
  readonly aic: number;
  readonly bic: number;
  /** -2 log-likelihood, or the REML criterion. */
  readonly deviance: number;
  /** null in the first row and where the model above does not lie within this one. */
  readonly chiSquare: number | null;
  /** Difference in the number of parameters. */
  readonly df: number | null;
  readonly pValue: number | null;
  /** What the statistic was compared with, in words. */
  readonly reference: string | null;
}

/** The comparison; `String(comparison)` is a table to read. */
export interface Comparison {
  readonly method: "REML" | "ML";
  readonly nobs: number;
  readonly response: string;
  readonly rows: readonly ComparisonRow[];
  readonly notes: readonly Note[];
  toString(): string;
}

/** A log-likelihood this much lower in the larger of two nested models shows that it is not at its optimum. */
const WORSE = 1e-3;

/**
 * Compares fits of one response on the same rows. Models are ordered by their number of parameters.
 *
 * @param models fits, or one object of named fits: `compare({ null: m0, ses: m1 })`
 * @throws FitError for fewer than two fits, other responses, rows or weights, REML beside ML, and REML fits with different fixed effects
 * @example compare(lmm("mAch ~ 1 + (1 | school)", hsb, { method: "ml" }), lmm("mAch ~ ses + (1 | school)", hsb, { method: "ml" })).rows[1].df // => 1
 */
export function compare(...models: [Readonly<Record<string, AnyFit>>] | AnyFit[]): Comparison {
  const named = namedFits(models);
  if (named.length < 2) throw new FitError(inferenceMessages.compareNeedsTwo(named.length));
  const all = named.map(([name, fit]) => comparable(name, fit));
  const first = all[0]!;
  for (const other of all.slice(1)) checkComparable(first, other);
  const sorted = [...all].sort((a, b) => a.npar - b.npar);
  const notes: Note[] = [];
  const differing = differences(sorted);
  const rows = sorted.map((model, k) => comparisonRow(model, differing[k]!, k === 0 ? null : sorted[k - 1]!, notes));
  if (new Set(sorted.map(({ agq }) => agq)).size > 1) {
    notes.push({ code: "quadrature-differs", message: inferenceMessages.otherQuadrature(sorted.map(({ name }) => name)) });
  } else if (first.agq === 0) notes.push({ code: "fast", message: inferenceMessages.fastCompared });
  for (const { name, converged } of sorted) {
    if (!converged) notes.push({ code: "not-converged", message: inferenceMessages.comparedNotConverged(name) });
  }
  const record = { method: first.method, nobs: first.nobs, response: first.response, rows, notes };
  const text = (): string => comparisonText(record);
  return Object.defineProperties(record, {
    toString: { value: text },
    [Symbol.for("nodejs.util.inspect.custom")]: { value: text },
  }) as Comparison;
}

interface Comparable extends ModelShape {
  readonly name: string;
  readonly model: "lmm" | "glmm" | "clmm";
  readonly family: string;
  readonly link: string;
  /** 1 for linear models, whose likelihood is exact. */
  readonly agq: number;
  readonly formula: string;
  readonly method: "REML" | "ML";
  readonly nobs: number;
  readonly logLik: number;
  readonly criterion: number;
  readonly aic: number;
  readonly bic: number;
  readonly converged: boolean;
  readonly singular: boolean;
  readonly response: string;
  /** Family, link, further parts and approximation by name, in words. */
  readonly particulars: readonly (readonly [string, string])[];
}

function namedFits(models: readonly unknown[]): readonly (readonly [string, AnyFit])[] {
  const isFit = (value: unknown): value is AnyFit => typeof value === "object" && value !== null && "randomTerms" in value;
  const list: readonly (readonly [string, unknown])[] =
    models.length === 1 && !isFit(models[0]) && typeof models[0] === "object" && models[0] !== null
      ? Object.entries(models[0])
      : models.map((model, k) => [`Model ${k + 1}`, model] as const);
  return list.map(([name, fit]) => {
    if (!isFit(fit)) throw new FitError(inferenceMessages.notAFit(name));
    return [name, fit];
  });
}

function comparable(name: string, fit: AnyFit): Comparable {
  const saved = "fingerprint" in fit;
  const thresholds = saved ? (fit.generalized?.thresholdStructure ?? null) : thresholdStructure(fit);
  const zeros = fit.model === "lmm" || fit.zeroInflation == null ? "" : fit.hurdle ? " hurdle" : " zero-inflated";
  return {
    name,
    model: fit.model,
    family: fit.family,
    link: fit.link,
    distribution: `${fit.family} ${fit.link}${zeros}`,
    agq: fit.model === "lmm" ? 1 : (fit.agq ?? 1),
    formula: fit.formula,
    method: fit.method,
    nobs: fit.nobs,
    npar: fit.npar,
    logLik: fit.logLik ?? Number.NaN,
    criterion: fit.criterion ?? Number.NaN,
    aic: fit.aic ?? Number.NaN,
    bic: fit.bic ?? Number.NaN,
    converged: fit.converged,
    singular: fit.singular,
    response: saved ? fit.response : fit.frame.response.name,
    fixedTerms: fit.fixed.map(({ term }) => term),
    random: [...fit.randomTerms, ...zeroTerms(fit).map((term) => ({ ...term, group: `${term.group} (zi)` }))],
    thresholds,
    particulars: particularsOf(fit, thresholds),
    data: saved ? fit.fingerprint : fingerprint(fit),
  };
}

/** Random terms of the zero probability. */
function zeroTerms(fit: AnyFit): readonly (SavedRandomTerm | RandomTermFit)[] {
  if ("fingerprint" in fit) return fit.generalized?.zeroTerms ?? [];
  return isGeneralized(fit) ? (fit.zeroInflation?.randomTerms ?? []) : [];
}

function thresholdStructure(fit: MixedFit): ModelShape["thresholds"] {
  return isGeneralized(fit) ? (fit.engine.categories?.thresholds.structure ?? null) : null;
}

/** Families whose likelihood is a probability of the data; that of others is a density. */
const PROBABILITIES: readonly string[] = ["binomial", "betabinomial", "poisson", "nbinom1", "nbinom2", "multinomial"];

function isProbability({ family, model }: Comparable): boolean {
  return model === "clmm" || PROBABILITIES.includes(family.replace(/^truncated_/, ""));
}

function checkComparable(a: Comparable, b: Comparable): void {
  if (a.response !== b.response) throw new FitError(inferenceMessages.otherResponse(a.name, a.response, b.name, b.response));
  if (a.nobs !== b.nobs) throw new FitError(inferenceMessages.otherRowCount(a.name, a.nobs, b.name, b.nobs));
  if (a.data.response !== b.data.response) throw new FitError(inferenceMessages.otherRows(a.name, b.name, a.response));
  const linear = Number(a.model === "lmm") + Number(b.model === "lmm");
  // Linear models take weights as precisions, the others as numbers of rows.
  if (a.data.weights !== b.data.weights || (linear === 1 && a.data.weights !== null))
    throw new FitError(inferenceMessages.otherWeights(a.name, b.name));
  if (linear === 1 && a.method !== b.method) {
    const [reml, other] = a.method === "REML" ? [a, b] : [b, a];
    throw new FitError(inferenceMessages.remlBesideLikelihood(reml.name, other.name));
  }
  if (isProbability(a) !== isProbability(b)) {
    throw new FitError(inferenceMessages.otherKind(a.name, a.family, b.name, b.family));
  }
  if (a.method !== b.method) throw new FitError(inferenceMessages.otherMethod(a.name, a.method, b.name, b.method));
  if (a.method === "REML" && !sameFixed(a, b)) throw new FitError(inferenceMessages.remlFixedEffects(a.name, b.name));
}

/** The same columns in the same coding: only then are REML criteria on one scale. */
function sameFixed(a: Comparable, b: Comparable): boolean {
  return (
    a.data.offset === b.data.offset &&
    a.fixedTerms.length === b.fixedTerms.length &&
    a.fixedTerms.every((term, k) => term === b.fixedTerms[k]) &&
    sameColumns(a.data, b.data)
  );
}

/** Model by model what is not the same in all, besides the formulas; null where everything is. */
function differences(models: readonly Comparable[]): readonly (string | null)[] {
  const names = models[0]!.particulars.map(([name]) => name);
  const differing = names.filter((_, k) => new Set(models.map(({ particulars }) => particulars[k]![1])).size > 1);
  if (differing.length === 0) return models.map(() => null);
  return models.map(({ particulars }) => particulars.flatMap(([name, value]) => (differing.includes(name) ? [value] : [])).join(", "));
}

/** What a model is besides its formula, in words, in the same order for every model. */
function particularsOf(fit: AnyFit, thresholds: string | null): readonly (readonly [string, string])[] {
  const agq = fit.model === "lmm" ? null : (fit.agq ?? 1);
  const approximation = agq === null ? "exact" : agq === 1 ? "Laplace" : agq === 0 ? "fast" : `${agq} points`;
  const part = (name: ModelPart): readonly [string, string] => {
    const formula = partFormula(fit, name);
    return [name, formula === null ? `no ${name}` : `${name === "zi" && "hurdle" in fit && fit.hurdle ? "hurdle" : name} ${formula}`];
  };
  return [
    ["family", `family ${fit.family}`],
    ["link", `${fit.link} link`],
    part("zi"),
    part("dispersion"),
    part("nominal"),
    part("scale"),
    ["thresholds", thresholds === null ? "no thresholds" : `${thresholds} thresholds`],
    ["agq", approximation],
  ];
}

/** The one-sided formula of a further part; null without. */
function partFormula(fit: AnyFit, name: ModelPart): string | null {
  if (!("fingerprint" in fit)) return fit.frame.further.find(({ part }) => part === name)?.formula.text ?? null;
  return fit.generalized?.recipes.find(({ part }) => part === name)?.recipe.formula.text ?? null;
}

function comparisonRow(model: Comparable, differs: string | null, above: Comparable | null, notes: Note[]): ComparisonRow {
  const { name, formula, npar, logLik, aic, bic, criterion } = model;
  const own = { model: name, formula, differs, npar, logLik, aic, bic, deviance: criterion };
  const none = { ...own, chiSquare: null, df: null, pValue: null, reference: null };
  if (above === null) return none;
  const df = npar - above.npar;
  if (above.agq !== model.agq) return none;
  const fixedDf = df > 0 ? furtherCoefficients(above, model) : null;
  const reference = fixedDf === null ? null : referenceDistribution(above.random, model.random, fixedDf, df);
  if (reference === null) {
    const message =
      above.distribution === model.distribution
        ? inferenceMessages.notNested(above.name, name)
        : inferenceMessages.otherDistribution(above.name, above.distribution, name, model.distribution);
    notes.push({ code: "not-nested", message });
    return none;
  }
  const difference = above.criterion - criterion;
  if (difference < -WORSE)
    notes.push({ code: "larger-model-worse", message: inferenceMessages.largerWorse(above.name, name, -difference) });
  const chiSquare = Math.max(0, difference);
  if (reference.kind === "conservative") notes.push({ code: "conservative-test", message: inferenceMessages.conservative(name) });
  if (reference.kind === "mixture" && above.singular) {
    notes.push({ code: "mixture-at-boundary", message: inferenceMessages.mixtureAtBoundary(above.name) });
  }
  return { ...own, chiSquare, df, pValue: referenceP(chiSquare, reference), reference: referenceWords(reference) };
}

/** The reference distribution in words. */
export function referenceWords({ kind, parts }: ReferenceDistribution): string {
  const dfs = parts.map(({ df }) => df);
  if (kind === "mixture")
    return inferenceMessages.mixture(
      parts.map(({ weight }) => weight),
      dfs,
    );
  return kind === "chi-square" ? inferenceMessages.plainChiSquare(dfs[0]!) : inferenceMessages.conservativeChiSquare(dfs[0]!);
}
