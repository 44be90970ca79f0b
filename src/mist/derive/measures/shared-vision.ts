/**
 * V29, how far a unit (a school, a district) shares a vision of instruction:
 *
 *   1 - var(vision) / (4/3), not below 0;  4/3 is the variance of a uniform distribution on 0 to 4
 *   r_wg(j) = J (1 - v) / (J (1 - v) + v),  v = mean item variance / 2, the variance of a discrete uniform on five levels (James, Demaree & Wolf 1984)
 *   icc: reliability of the unit's mean, n ICC(1) / (1 + (n - 1) ICC(1)), ICC(1) from the one-way analysis of variance of all units in the cycle
 *
 * or the mean of the survey item on a shared vision. Agreement is not level: a school may share a poor vision.
 */
import { meanPresent, variancePresent } from "./arithmetic.js";

export type SharedVision = "variance" | "r_wg" | "icc" | "survey";

/** Variance of a uniform distribution on 0 to 4. */
const UNIFORM = 4 / 3;
/** Variance of a discrete uniform distribution on five levels, (5^2 - 1) / 12. */
const DISCRETE_UNIFORM = 2;

/** @param visions at least two present @example sharedVision([2, 2, 3, 3]) // => 0.75 */
export function sharedVision(visions: ArrayLike<number>): number {
  const share = 1 - variancePresent(visions) / UNIFORM;
  return Number.isNaN(share) ? Number.NaN : Math.max(0, share);
}

/**
 * r_wg(j). @param items J arrays with each person's score
 *
 * @returns 0 where the variance is that of chance or more; NaN where an item has fewer than two answers
 * @example withinGroupAgreement([[2, 3], [2, 2]]) // => 0.93333333
 */
export function withinGroupAgreement(items: readonly ArrayLike<number>[]): number {
  const variance = meanPresent(items.map(variancePresent), items.length) / DISCRETE_UNIFORM;
  if (Number.isNaN(variance)) return Number.NaN;
  if (variance >= 1) return 0;
  return (items.length * (1 - variance)) / (items.length * (1 - variance) + variance);
}

/**
 * ICC(1) of a one-way analysis of variance with units of unequal size, not below 0.
 *
 * @param units the values of each unit, none missing
 * @example oneWayIcc([[1, 1], [3, 3]]) // => 1
 */
export function oneWayIcc(units: readonly (readonly number[])[]): number {
  const filled = units.filter((unit) => unit.length > 0);
  const n = filled.reduce((sum, unit) => sum + unit.length, 0);
  const k = filled.length;
  if (k < 2 || n <= k) return Number.NaN;
  const grand = filled.reduce((sum, unit) => sum + unit.reduce((a, b) => a + b, 0), 0) / n;
  const [between, within] = filled.reduce(
    ([b, w], unit) => {
      const mean = meanPresent(unit);
      return [b + unit.length * (mean - grand) ** 2, w + unit.reduce((sum, x) => sum + (x - mean) ** 2, 0)];
    },
    [0, 0],
  );
  const size = (n - filled.reduce((sum, unit) => sum + unit.length ** 2, 0) / n) / (k - 1);
  const [msb, msw] = [between! / (k - 1), within! / (n - k)];
  const share = (msb - msw) / (msb + (size - 1) * msw);
  return Number.isNaN(share) ? Number.NaN : Math.max(0, share);
}

/** Reliability of a mean of n. @example meanReliability(0.5, 3) // => 0.75 */
export function meanReliability(icc: number, n: number): number {
  return n === 0 ? Number.NaN : (n * icc) / (1 + (n - 1) * icc);
}
