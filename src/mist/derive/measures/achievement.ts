/**
 * V32, students' achievement: the mathematics score, to be read beside the prior score in a model. A gain score is offered and not
 * the default: it presumes that the prior score's slope is 1. Or whether the state's standard was met.
 */

export type Achievement = "given_prior" | "gain" | "proficiency";

/** @param proficient 1, 0 or NaN @example [achievement(0.5, 0.2, 1), achievement(0.5, 0.2, 1, "gain")] // => [0.5, 0.3] */
export function achievement(score: number, prior: number, proficient: number, how: Achievement = "given_prior"): number {
  if (how === "gain") return score - prior;
  return how === "proficiency" ? proficient : score;
}
