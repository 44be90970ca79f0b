/**
 * V35, whether groups mean the same by an object that they share (Star & Griesemer 1989; Cobb & Smith): the share of pairs of groups
 * with the same meaning code.
 */

export type BoCompatible = "pairs" | "weighted" | "improvement";

/** The meanings that serve improvement. */
export const improvementMeanings: readonly string[] = ["inquiry_into_thinking", "instructional_improvement"];

/**
 * @param meanings one a group, null where not coded; pairs with a null are not counted
 * @param sizes the groups' members; a pair weighs their product ("weighted")
 * @returns NaN without a pair; "improvement": the share of pairs that agree on a meaning that serves improvement
 * @example [boCompatible(["pacing", "pacing", "monitoring"]), boCompatible(["pacing", "pacing"], [1, 1], "improvement")] // => [0.33333333, 0]
 */
export function boCompatible(meanings: readonly (string | null)[], sizes: readonly number[] = [], how: BoCompatible = "pairs"): number {
  let agreeing = 0;
  let all = 0;
  for (let a = 0; a < meanings.length; a++) {
    for (let b = 0; b < a; b++) {
      const [x, y] = [meanings[a], meanings[b]];
      if (x === null || y === null || x === undefined) continue;
      const weight = how === "weighted" ? sizes[a]! * sizes[b]! : 1;
      if (Number.isNaN(weight)) continue;
      all += weight;
      if (x === y && (how !== "improvement" || improvementMeanings.includes(x))) agreeing += weight;
    }
  }
  return all > 0 ? agreeing / all : Number.NaN;
}
