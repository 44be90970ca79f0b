/**
 * V9-V11, how a teacher explains students' difficulty and adjusts instruction to it (codes of record of the interview), scored
 *
 *   unproductive -1,  mixed 0,  productive 1
 *
 * persp_index is their mean; productive0 asks whether one of them was productive in the first observed year.
 * Which level a factor `expl` or `adj` is compared with is a matter of coding: mixed by default.
 */
import { allTrue, anyTrue, atLeast, equals, meanPresent } from "./arithmetic.js";
import { gradedResponse } from "./graded-response.js";

export type PerspectiveReference = "mixed" | "unproductive";
export type PerspIndex = "mean" | "count_productive" | "latent";
export type Productive0 = "either" | "both" | "index" | "previous_cycle";

/**
 * V9: the levels in the order of the factor, the reference first.
 *
 * @example perspectiveLevels("unproductive") // => ["unproductive", "mixed", "productive"]
 */
export function perspectiveLevels(reference: PerspectiveReference = "mixed"): readonly string[] {
  const levels = ["unproductive", "mixed", "productive"];
  return [reference, ...levels.filter((level) => level !== reference)];
}

/**
 * V10 for all persons at once: the latent score needs them all.
 *
 * @param explanation scores -1, 0, 1; NaN missing
 * @returns NaN unless both codes are present. "latent" is the score of a graded-response model with one slope for both.
 * @example perspIndex(Float64Array.of(1, -1), Float64Array.of(0, NaN)) // => Float64Array [0.5, NaN]
 */
export function perspIndex(explanation: Float64Array, adjustment: Float64Array, how: PerspIndex = "mean"): Float64Array {
  if (how === "latent") return gradedResponse([explanation, adjustment], { equalSlopes: true, least: 2 }).scores;
  return explanation.map((score, i) =>
    how === "mean" ? meanPresent([score, adjustment[i]!], 2) : equals(score, 1) + equals(adjustment[i]!, 1),
  );
}

/**
 * V11 of one year's codes.
 *
 * @example [productive(1, NaN), productive(0, NaN), productive(1, 0, "both"), productive(1, 0, "index")] // => [1, NaN, 0, 1]
 */
export function productive(explanation: number, adjustment: number, how: Productive0 = "either"): number {
  const signs = [equals(explanation, 1), equals(adjustment, 1)];
  if (how === "both") return allTrue(signs);
  if (how === "index") return atLeast(meanPresent([explanation, adjustment], 2), Number.MIN_VALUE);
  return anyTrue(signs);
}
