/**
 * The (central) F distribution, R's pf and qf:
 *
 *   P(F <= f) = I_x(df1 / 2, df2 / 2),    x / (1 - x) = f df1 / df2        (DLMF 8.17; `betaTails`)
 *
 * With df2 infinite, df1 F is chi-square with df1 degrees of freedom; with df1 infinite, df2 / F is chi-square with df2. Both
 * infinite: a point mass at 1, half of which counts with either tail, as in R.
 */

import { normalQuantile } from "../../models/special/normal.js";
import { chiSquareTails } from "./chi-square.js";
import { solveTail } from "./root.js";
import { betaTails } from "./special/incomplete-beta.js";
import { INVALID, LEFT_END, RIGHT_END, type Tail, type Tails } from "./special/tails.js";

/** Degrees of freedom beyond this count as infinite: no double can tell the difference, but their ratios would overflow. */
const HUGE = 1e100;

/**
 * P(F <= f).
 * @param f the statistic; below 0 the result is 0
 * @param df1 numerator degrees of freedom, greater than 0, need not be whole, may be Infinity; else NaN
 * @param df2 denominator degrees of freedom, likewise
 * @example fCdf(4, 3, 20) // => 0.9779230003376376
 */
export function fCdf(f: number, df1: number, df2: number): number {
  return fTails(f, df1, df2).lower;
}

/**
 * P(F > f), to full relative accuracy however small: the p value of an F statistic.
 * @param f the statistic; below 0 the result is 1
 * @param df1 numerator degrees of freedom, greater than 0, need not be whole, may be Infinity; else NaN
 * @param df2 denominator degrees of freedom, likewise
 * @example fUpper(4, 3, 20) // => 0.022076999662362432
 */
export function fUpper(f: number, df1: number, df2: number): number {
  return fTails(f, df1, df2).upper;
}

/**
 * The f with P(F <= f) = p, or with P(F > f) = p for the upper tail.
 * @param p in [0, 1]; outside of it the result is NaN
 * @param df1 numerator degrees of freedom, greater than 0, need not be whole, may be Infinity; else NaN
 * @param df2 denominator degrees of freedom, likewise
 * @param tail the tail that p counts
 * @example fQuantile(0.95, 3, 20) // => 3.09839121214078
 */
export function fQuantile(p: number, df1: number, df2: number, tail: Tail = "lower"): number {
  if (!(p >= 0 && p <= 1 && df1 > 0 && df2 > 0)) return Number.NaN;
  if (df1 === Number.POSITIVE_INFINITY && df2 === Number.POSITIVE_INFINITY) return 1;
  if (p === 0) return tail === "lower" ? 0 : Number.POSITIVE_INFINITY;
  if (p === 1) return tail === "lower" ? Number.POSITIVE_INFINITY : 0;
  const flipped = p > 0.5;
  const solved: Tail = flipped === (tail === "lower") ? "upper" : "lower";
  const start = Math.exp(normalQuantile(p, tail) * Math.min(1, Math.sqrt(2 / df1 + 2 / df2))); // log F is roughly normal
  return solveTail((f) => fTails(f, df1, df2), solved, flipped ? 1 - p : p, start);
}

/** Both tails and f times the density. */
function fTails(f: number, df1: number, df2: number): Tails {
  if (!(df1 > 0 && df2 > 0) || Number.isNaN(f)) return INVALID;
  if (df2 > HUGE) {
    if (df1 > HUGE) return f < 1 ? LEFT_END : f > 1 ? RIGHT_END : { lower: 0.5, upper: 0.5, slope: Number.POSITIVE_INFINITY };
    return chiSquareTails(df1 * f, df1);
  }
  if (f <= 0) return LEFT_END;
  if (df1 > HUGE) {
    const { lower, upper, slope } = chiSquareTails(df2 / f, df2);
    return { lower: upper, upper: lower, slope };
  }
  return betaTails(df1 / 2, df2 / 2, f);
}
