/**
 * The parts of a model that have coefficients of their own: the mean, and what generalized and cumulative models have besides.
 *
 * Thresholds and effects of a cumulative model are estimated together; their joint covariance is T V T' with T the matrix that makes
 * coefficients as shown from working ones.
 */
import { FitError, inferenceMessages } from "../messages.js";
import type { FixedEffect } from "../models/fit.js";
import type { GeneralizedEngine } from "../models/generalized-engine.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/** `zi`: the zero probability (logit scale); `dispersion` and `scale`: formulas on the log scale. */
export type FitPart = "mean" | "thresholds" | "zi" | "dispersion" | "scale";

export const FIT_PARTS: readonly FitPart[] = ["mean", "thresholds", "zi", "dispersion", "scale"];

/** Coefficients with their covariance matrix. */
export interface PartCoefficients {
  readonly fixed: readonly FixedEffect[];
  /** Column-major. */
  readonly vcov: Float64Array;
}

/** @throws FitError for a part that the model does not have */
export function partOf(fit: MixedFit, part: FitPart): PartCoefficients {
  if (!FIT_PARTS.includes(part)) throw new FitError(inferenceMessages.unknownPart(String(part), FIT_PARTS));
  const found = existingPart(fit, part);
  if (found === null) throw new FitError(inferenceMessages.noSuchPart(part, partsOf(fit)));
  return found;
}

/** The parts that the fit has, in the order in which they are told. */
export function partsOf(fit: MixedFit): readonly FitPart[] {
  return FIT_PARTS.filter((part) => existingPart(fit, part) !== null);
}

function existingPart(fit: MixedFit, part: FitPart): PartCoefficients | null {
  if (part === "mean") return fit;
  if (!isGeneralized(fit)) return null;
  switch (part) {
    case "thresholds":
      return fit.thresholds === null ? null : { fixed: fit.thresholds, vcov: thresholdCovariance(fit, fit.thresholds.length) };
    case "zi":
      return fit.zeroInflation;
    case "dispersion":
      return fit.dispersionModel;
    case "scale":
      return fit.scaleModel;
  }
}

/** Thresholds come first among all coefficients. */
function thresholdCovariance({ engine }: GeneralizedMixedFit, count: number): Float64Array {
  const { values, terms } = jointCovariance(engine);
  const out = new Float64Array(count * count);
  for (let c = 0; c < count; c++) out.set(values.subarray(c * terms.length, c * terms.length + count), c * count);
  return out;
}

/** Covariance of all coefficients of all parts, in the order of the engine's names; column-major, NaN where none is known. */
export function jointCovariance({ names, transform, jointCovariance: joint, problem }: GeneralizedEngine): {
  readonly terms: readonly string[];
  readonly values: Float64Array;
} {
  const count = names.length;
  const { psiCount } = problem.model;
  const values = new Float64Array(count * count).fill(Number.NaN);
  if (joint === null) return { terms: names, values };
  const first = problem.parameters.length;
  const size = first + psiCount;
  const half = new Float64Array(psiCount);
  for (let c = 0; c < count; c++) {
    for (let a = 0; a < psiCount; a++) {
      let sum = 0;
      for (let b = 0; b < psiCount; b++) sum += joint[(first + b) * size + first + a]! * transform[c * psiCount + b]!;
      half[a] = sum;
    }
    for (let r = 0; r < count; r++) {
      let sum = 0;
      for (let a = 0; a < psiCount; a++) sum += transform[r * psiCount + a]! * half[a]!;
      values[c * count + r] = sum;
    }
  }
  return { terms: names, values };
}
