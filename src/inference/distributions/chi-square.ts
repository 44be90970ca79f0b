/**
 * The (central) chi-square distribution with df degrees of freedom, R's pchisq and qchisq:
 *
 *   P(X <= x) = P(df / 2, x / 2),    P(X > x) = Q(df / 2, x / 2)        (DLMF 8.2.4; `gammaTails`)
 *
 * df = 0 is the point mass at zero that enters likelihood-ratio tests on the boundary (Self & Liang 1987). As in R, the point itself
 * counts with the upper tail, so that a statistic of 0 has the p value 1. df = Infinity is the point mass at infinity.
 */
import { normalQuantile } from "../../models/special/normal.js";
import { solveTail } from "./root.js";
import { gammaTails } from "./special/incomplete-gamma.js";
import { INVALID, LEFT_END, RIGHT_END, type Tail, type Tails } from "./special/tails.js";

/**
 * P(X <= x).
 * @param x the statistic; below 0 the result is 0
 * @param df degrees of freedom, at least 0, need not be whole; else NaN
 * @example chiSquareCdf(4, 1) // => 0.9544997361036416
 */
export function chiSquareCdf(x: number, df: number): number {
  return chiSquareTails(x, df).lower;
}

/**
 * P(X > x), to full relative accuracy however small: the p value of a chi-square statistic.
 * @param x the statistic; below 0 the result is 1
 * @param df degrees of freedom, at least 0, need not be whole; else NaN
 * @example chiSquareUpper(4, 1) // => 0.045500263896358396
 */
export function chiSquareUpper(x: number, df: number): number {
  return chiSquareTails(x, df).upper;
}

/**
 * The x with P(X <= x) = p, or with P(X > x) = p for the upper tail.
 * @param p in [0, 1]; outside of it the result is NaN
 * @param df degrees of freedom, at least 0, need not be whole; else NaN
 * @param tail the tail that p counts
 * @example chiSquareQuantile(0.95, 1) // => 3.841458820694129
 */
export function chiSquareQuantile(p: number, df: number, tail: Tail = "lower"): number {
  if (!(p >= 0 && p <= 1 && df >= 0)) return Number.NaN;
  if (df === 0 || df === Number.POSITIVE_INFINITY) return df;
  if (p === 0) return tail === "lower" ? 0 : Number.POSITIVE_INFINITY;
  if (p === 1) return tail === "lower" ? Number.POSITIVE_INFINITY : 0;
  const flipped = p > 0.5;
  const solved: Tail = flipped === (tail === "lower") ? "upper" : "lower";
  const variance = 2 / (9 * df);
  const cubeRoot = 1 - variance + normalQuantile(p, tail) * Math.sqrt(variance); // Wilson & Hilferty 1931
  const start = cubeRoot > 0.3 ? df * cubeRoot ** 3 : df;
  return solveTail((x) => chiSquareTails(x, df), solved, flipped ? 1 - p : p, start);
}

/** Both tails and x times the density. */
export function chiSquareTails(x: number, df: number): Tails {
  if (df === 0) return Number.isNaN(x) ? INVALID : x <= 0 ? LEFT_END : RIGHT_END;
  if (df === Number.POSITIVE_INFINITY) return Number.isNaN(x) ? INVALID : x < df ? LEFT_END : RIGHT_END;
  return gammaTails(df / 2, x / 2);
}
