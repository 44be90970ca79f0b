/**
 * Fits that outlive the session: JSON that keeps what was estimated, what is needed to predict for new data (the recipe of
 * the model frame, coefficients and their covariance, covariance factors, conditional modes) and what is needed to tell
 * whether two fits may be compared. The data themselves are not kept.
 */
import { FitError, inferenceMessages, type ModelPart } from "../messages.js";
import type { ThresholdStructure } from "../models/families/thresholds.js";
import type { RandomTermFit } from "../models/fit.js";
import type { FrameRecipe } from "../models/frame/recipe.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { type Fingerprint, fingerprint } from "./fingerprint.js";
import { type FitJson, finite, type JsonOptions, SCHEMA_VERSION, toJson } from "./json.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { jointCovariance } from "./parts.js";

/** What a saved fit says about itself. */
const KIND = "mist-models fit";

/** A random term as saved; matrices are column-major. */
export interface SavedRandomTerm {
  readonly group: string;
  readonly covariance: "unstructured" | "diagonal";
  readonly effects: readonly string[];
  readonly levels: readonly string[];
  /** S x S, lower triangular, relative to sigma. */
  readonly lambda: readonly number[];
  /** S x S. */
  readonly sigma: readonly number[];
  /** S x levels. */
  readonly modes: readonly number[];
}

/** The further parts of a generalized or cumulative fit. */
export interface SavedGeneralized {
  /** Names of all coefficients of all parts, and their joint covariance matrix, column-major; null where it is not known. */
  readonly coefficients: readonly string[];
  readonly covariance: readonly (number | null)[];
  /** Random terms of the zero probability. */
  readonly zeroTerms: readonly SavedRandomTerm[];
  /** Names of an ordered or binary response's categories; null for numbers. */
  readonly categories: readonly string[] | null;
  /** How thresholds depend on parameters; null without thresholds. */
  readonly thresholdStructure: ThresholdStructure | null;
  /** By further part, where it has a formula: what is remembered for new data. */
  readonly recipes: readonly { readonly part: ModelPart; readonly recipe: FrameRecipe }[];
}

/** A fit read back from a file: everything that `toJson` gives, and what later work needs. */
export interface SavedFit extends FitJson {
  readonly kind: typeof KIND;
  readonly response: string;
  /** Residual standard deviation of a linear model; null for others (`dispersion`). */
  readonly sigma: number | null;
  /** p x p column-major; null where there are no standard errors. */
  readonly vcov: readonly (number | null)[];
  readonly randomTerms: readonly SavedRandomTerm[];
  readonly recipe: FrameRecipe;
  /** What generalized and cumulative models have besides; null for linear ones. */
  readonly generalized: SavedGeneralized | null;
  readonly fingerprint: Fingerprint;
}

/** The fit as a plain record that JSON can hold. */
export function savedFit(fit: MixedFit, options: JsonOptions = {}): SavedFit {
  return {
    kind: KIND,
    ...toJson(fit, options),
    response: fit.frame.response.name,
    sigma: isGeneralized(fit) ? null : fit.sigma,
    vcov: Array.from(fit.vcov, finite),
    randomTerms: fit.randomTerms.map(savedTerm),
    recipe: fit.frame.recipe,
    generalized: isGeneralized(fit) ? generalizedParts(fit) : null,
    fingerprint: fingerprint(fit),
  };
}

function savedTerm({ group, covariance, effects, levels, lambda, sigma, modes }: RandomTermFit): SavedRandomTerm {
  return {
    group,
    covariance,
    effects: [...effects],
    levels: [...levels],
    lambda: Array.from(lambda),
    sigma: Array.from(sigma),
    modes: Array.from(modes),
  };
}

function generalizedParts({ engine, frame, zeroInflation }: GeneralizedMixedFit): SavedGeneralized {
  const { terms, values } = jointCovariance(engine);
  const { categories } = engine;
  return {
    coefficients: [...terms],
    covariance: Array.from(values, finite),
    zeroTerms: (zeroInflation?.randomTerms ?? []).map(savedTerm),
    categories: categories?.levels ?? frame.response.levels,
    thresholdStructure: categories?.thresholds.structure ?? null,
    recipes: frame.further.map(({ part, recipe }) => ({ part, recipe })),
  };
}

/**
 * The text of a saved fit; `loadFit` reads it. Nothing is written to disk: this library part runs in browsers too.
 *
 * @example loadFit(saveFit(lmm("mAch ~ 1 + (1 | school)", hsb))).nobs // => 7185
 */
export function saveFit(fit: MixedFit, options: JsonOptions = {}): string {
  return `${JSON.stringify(savedFit(fit, options))}\n`;
}

/**
 * A saved fit, to be compared with others (R: `readRDS`).
 *
 * @param text what `saveFit` returned or `mist fit --save` wrote
 * @param source where the text came from, for messages, default "The text"
 * @throws FitError where the text is not a saved fit, or one of another version of the format
 * @example loadFit(saveFit(lmm("mAch ~ cses + (1 | school)", hsb))).npar // => 4
 */
export function loadFit(text: string, source = "The text"): SavedFit {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw new FitError(inferenceMessages.notJson(source));
  }
  if (!isRecord(value)) throw new FitError(inferenceMessages.notASavedFit(source));
  if (value.kind !== KIND) {
    const isResult = typeof value.model === "string" && Array.isArray(value.fixed);
    throw new FitError(isResult ? inferenceMessages.resultNotSavedFit(source) : inferenceMessages.notASavedFit(source));
  }
  if (value.schemaVersion !== SCHEMA_VERSION)
    throw new FitError(inferenceMessages.otherSchema(source, value.schemaVersion, SCHEMA_VERSION));
  const missing = Object.entries(PARTS).find(([name, holds]) => !holds(value[name]))?.[0];
  if (missing !== undefined) throw new FitError(inferenceMessages.damagedFit(source, missing));
  return withoutEngine(value, source) as unknown as SavedFit;
}

/** What needs the rows or the engine is asked of a saved fit: say so, rather than fail somewhere inside. */
function withoutEngine(saved: Record<string, unknown>, source: string): Record<string, unknown> {
  const refuse = (): never => {
    throw new FitError(inferenceMessages.savedFitOnly(source, String(saved.model)));
  };
  for (const part of ["engine", "frame"]) Object.defineProperty(saved, part, { get: refuse, enumerable: false });
  return saved;
}

const isNumber = (part: unknown): boolean => typeof part === "number";
const isText = (part: unknown): boolean => typeof part === "string";
const isRecord = (part: unknown): part is Record<string, unknown> => typeof part === "object" && part !== null && !Array.isArray(part);
const isNumbers = (part: unknown): boolean => Array.isArray(part) && part.every(isNumber);

/** The parts that conclusions are drawn from, and what each must be. */
const PARTS: Readonly<Record<string, (part: unknown) => boolean>> = {
  model: isText,
  formula: isText,
  method: (part) => part === "REML" || part === "ML",
  nobs: isNumber,
  npar: isNumber,
  logLik: isNumber,
  criterion: isNumber,
  aic: isNumber,
  bic: isNumber,
  sigma: (part) => part === null || isNumber(part),
  response: isText,
  vcov: (part) => Array.isArray(part) && part.every((entry) => entry === null || isNumber(entry)),
  fixed: (part) => Array.isArray(part) && part.every((row) => isRecord(row) && isText(row.term)),
  randomTerms: (part) =>
    Array.isArray(part) &&
    part.every(
      (term) => isRecord(term) && isText(term.group) && Array.isArray(term.effects) && isNumbers(term.sigma) && isNumbers(term.lambda),
    ),
  recipe: isRecord,
  // Absent from linear fits of earlier versions of the package.
  generalized: (part) => part == null || (isRecord(part) && Array.isArray(part.coefficients) && Array.isArray(part.zeroTerms)),
  fingerprint: (part) => isRecord(part) && isText(part.response) && Array.isArray(part.projections) && part.projections.every(isNumbers),
};
