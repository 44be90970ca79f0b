/**
 * V12-V13, the vision of high-quality mathematics instruction (VHQMI; Munter 2014): the mean of role of the teacher, discourse
 * and tasks, each 0-4, of which at least two were talked about; high from 3 on.
 */
import { quantileSorted } from "../../../data/quantile.js";
import { atLeast, meanPresent, smallest } from "./arithmetic.js";
import { gradedResponse } from "./graded-response.js";

export type Vision = "mean" | "minimum" | "graded_response" | "role_of_teacher" | "discourse" | "tasks";
export type VisionHigh = 3 | 2.5 | "top_tercile";

/** So many of the three dimensions are needed. */
const LEAST_DIMENSIONS = 2;

/**
 * V12 for all persons at once: the graded-response score needs them all.
 *
 * @param dimensions role_of_teacher, discourse, tasks; n scores each
 * @example vision([Float64Array.of(2, 1), Float64Array.of(3, NaN), Float64Array.of(NaN, NaN)]) // => Float64Array [2.5, NaN]
 */
export function vision(dimensions: readonly [Float64Array, Float64Array, Float64Array], how: Vision = "mean"): Float64Array {
  const [role, discourse, tasks] = dimensions;
  switch (how) {
    case "mean":
      return role.map((score, i) => meanPresent([score, discourse[i]!, tasks[i]!], LEAST_DIMENSIONS));
    case "minimum":
      return role.map((score, i) => {
        const scores = [score, discourse[i]!, tasks[i]!];
        return Number.isNaN(meanPresent(scores, LEAST_DIMENSIONS)) ? Number.NaN : smallest(scores);
      });
    case "graded_response":
      return gradedResponse(dimensions, { least: LEAST_DIMENSIONS }).scores;
    case "role_of_teacher":
      return role;
    case "discourse":
      return discourse;
    case "tasks":
      return tasks;
  }
}

/**
 * V13's cut: a number, or what the top third of all observed visions reaches.
 *
 * @example visionCut(Float64Array.of(0, 1, 2, 3, NaN), "top_tercile") // => 2
 */
export function visionCut(visions: Float64Array, how: VisionHigh = 3): number {
  return how === "top_tercile" ? quantileSorted(visions.filter((value) => !Number.isNaN(value)).sort(), 2 / 3) : how;
}

/** V13. @example [visionHigh(3), visionHigh(2.9)] // => [1, 0] */
export function visionHigh(value: number, cut = 3): number {
  return atLeast(value, cut);
}
