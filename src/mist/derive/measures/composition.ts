/**
 * V17, the composition of the classes that a teacher has in a cycle: the mean of the sections' shares, each section counting by its
 * number of students; where no section's shares are known, the school's shares of that cycle.
 *
 *   diversity = 1 - sum p_g^2 (Simpson 1949; Blau 1977);   dominant group = the group with the greatest share, none at a tie
 */
import { weightedMean } from "./arithmetic.js";

export type Composition = "sections" | "filmed";
export type CompositionSource = "sections" | "school";

/**
 * One share.
 *
 * @param shares the sections' shares, @param sizes their students, @param school the school's share
 * @returns the school's share where no section's is known
 * @example [compositionShare([0.2, 0.5], [10, 20], 0.9), compositionShare([NaN], [20], 0.9)] // => [0.4, 0.9]
 */
export function compositionShare(shares: ArrayLike<number>, sizes: ArrayLike<number>, school: number): number {
  const own = weightedMean(shares, sizes);
  return Number.isNaN(own) ? school : own;
}

/** @param shares the groups' shares, which sum to 1 @example diversity([0.5, 0.5]) // => 0.5 */
export function diversity(shares: readonly number[]): number {
  return shares.reduce((rest, share) => rest - share * share, 1);
}

/** The group with the greatest share; -1 at a tie and where a share is missing. @example dominantGroup([0.2, 0.8]) // => 1 */
export function dominantGroup(shares: readonly number[]): number {
  if (shares.some(Number.isNaN)) return -1;
  const most = Math.max(...shares);
  return shares.filter((share) => share === most).length > 1 ? -1 : shares.indexOf(most);
}
