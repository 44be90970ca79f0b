/**
 * Fits that outlive the session: JSON that keeps what was estimated, what is needed to predict for new data (the recipe of
 * the model frame, coefficients and their covariance, covariance factors, conditional modes) and what is needed to tell
 * whether two fits may be compared. The data themselves are not kept.
 */
import { FitError, inferenceMessages } from "../messages.js";
import type { LinearMixedFit } from "../models/fit.js";
import type { FrameRecipe } from "../models/frame/recipe.js";
import { type Fingerprint, fingerprint } from "./fingerprint.js";
import { type FitJson, type JsonOptions, SCHEMA_VERSION, toJson } from "./json.js";

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

/** A fit read back from a file: everything that `toJson` gives, and what later work needs. */
export interface SavedFit extends FitJson {
  readonly kind: typeof KIND;
  readonly response: string;
  readonly sigma: number;
  readonly vcov: readonly number[];
  readonly randomTerms: readonly SavedRandomTerm[];
  readonly recipe: FrameRecipe;
  readonly fingerprint: Fingerprint;
}

/** The fit as a plain record that JSON can hold. */
export function savedFit(fit: LinearMixedFit, options: JsonOptions = {}): SavedFit {
  return {
    kind: KIND,
    ...toJson(fit, options),
    response: fit.frame.response.name,
    sigma: fit.sigma,
    vcov: Array.from(fit.vcov),
    randomTerms: fit.randomTerms.map(({ group, covariance, effects, levels, lambda, sigma, modes }) => ({
      group,
      covariance,
      effects: [...effects],
      levels: [...levels],
      lambda: Array.from(lambda),
      sigma: Array.from(sigma),
      modes: Array.from(modes),
    })),
    recipe: fit.frame.recipe,
    fingerprint: fingerprint(fit),
  };
}

/**
 * The text of a saved fit; `loadFit` reads it. Nothing is written to disk: this library part runs in browsers too.
 *
 * @example loadFit(saveFit(lmm("mAch ~ 1 + (1 | school)", hsb))).nobs // => 7185
 */
export function saveFit(fit: LinearMixedFit, options: JsonOptions = {}): string {
  return `${JSON.stringify(savedFit(fit, options))}\n`;
}

/**
 * @param text what `saveFit` returned or `mist fit --save` wrote
 * @param source where the text came from, for messages, default "The text"
 * @throws FitError where the text is not a saved fit, or one of another version of the format
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
    throw new FitError(inferenceMessages.savedFitOnly(source));
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
  sigma: isNumber,
  response: isText,
  vcov: isNumbers,
  fixed: (part) => Array.isArray(part) && part.every((row) => isRecord(row) && isText(row.term)),
  randomTerms: (part) =>
    Array.isArray(part) &&
    part.every(
      (term) => isRecord(term) && isText(term.group) && Array.isArray(term.effects) && isNumbers(term.sigma) && isNumbers(term.lambda),
    ),
  recipe: isRecord,
  fingerprint: (part) => isRecord(part) && isText(part.response) && Array.isArray(part.projections) && part.projections.every(isNumbers),
};
