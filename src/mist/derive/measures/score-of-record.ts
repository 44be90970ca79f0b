/**
 * V1, the score of record of one lesson and rubric: the rating with rating_order 1.
 *
 * A second rating serves to know how far raters agree, not to correct the first. Alternatives: the mean of the ratings, or the
 * score on which all who rated the lesson agree. To keep every rating and model the raters, take the level "ratings".
 */
import { meanPresent } from "./arithmetic.js";

export type ScoreOfRecord = "first" | "mean" | "consensus";

/**
 * @param scores the lesson's ratings on one rubric, NaN where not rated
 * @param orders their rating_order
 * @returns "first": NaN where no rating has order 1; "consensus": NaN where raters differ
 * @example scoreOfRecord([2, 3], [2, 1]) // => 3
 */
export function scoreOfRecord(scores: ArrayLike<number>, orders: ArrayLike<number>, how: ScoreOfRecord = "first"): number {
  if (how === "mean") return meanPresent(scores);
  let score = Number.NaN;
  for (let k = 0; k < scores.length; k++) {
    if (how === "first") {
      if (orders[k] === 1) return scores[k]!;
    } else if (!Number.isNaN(scores[k]!)) {
      if (!Number.isNaN(score) && score !== scores[k]) return Number.NaN;
      score = scores[k]!;
    }
  }
  return score;
}
