/**
 * V27, how far two units of the central office are oriented alike: 1 - |a - b| / 2 with orientation 0 (managing), 1 (mixed),
 * 2 (improving). A unit's orientation is the mean over its leaders.
 */

export type OrientationMatch = "distance" | "same_category";

/** The largest distance there is. */
const WIDEST = 2;

/**
 * @returns "same_category": 1 where both round to the same category, else 0
 * @example [orientationMatch(2, 1), orientationMatch(2, 1, "same_category")] // => [0.5, 0]
 */
export function orientationMatch(a: number, b: number, how: OrientationMatch = "distance"): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  return how === "distance" ? 1 - Math.abs(a - b) / WIDEST : Math.round(a) === Math.round(b) ? 1 : 0;
}
