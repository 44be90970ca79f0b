/**
 * Student's t distribution with df degrees of freedom, R's pt and qt:
 *
 *   P(|T| <= t) = I_x(1/2, df / 2),    x / (1 - x) = t^2 / df        (DLMF 8.17; `betaTails`)
 *
 * since T^2 is F with 1 and df degrees of freedom. df = Infinity is the standard normal distribution.
 */
import { normalCdf, normalQuantile, normalUpper } from "../../models/special/normal.js";
import { solveTail } from "./root.js";
import { betaTails } from "./special/incomplete-beta.js";
import { INVALID, type Tail, type Tails } from "./special/tails.js";

/**
 * P(T <= t).
 * @param df degrees of freedom, greater than 0, need not be whole, may be Infinity; else NaN
 * @example studentTCdf(2, 10) // => 0.9633059826146297
 */
export function studentTCdf(t: number, df: number): number {
  return studentTUpper(-t, df);
}

/**
 * P(T > t), to full relative accuracy however small.
 * @param df degrees of freedom, greater than 0, need not be whole, may be Infinity; else NaN
 * @example studentTUpper(2, 10) // => 0.03669401738537018
 */
export function studentTUpper(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return normalUpper(t);
  const { lower, upper } = absoluteTails(Math.abs(t), df);
  return t < 0 ? 0.5 + lower / 2 : upper / 2;
}

/**
 * P(|T| > |t|), to full relative accuracy however small: the two-sided p value of a t statistic.
 * @param df degrees of freedom, greater than 0, need not be whole, may be Infinity; else NaN
 * @example studentTTwoSided(-2, 10) // => 0.07338803477074037
 */
export function studentTTwoSided(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return 2 * normalCdf(-Math.abs(t));
  return absoluteTails(Math.abs(t), df).upper;
}

/**
 * The t with P(T <= t) = p, or with P(T > t) = p for the upper tail.
 * @param p in [0, 1]; outside of it the result is NaN
 * @param df degrees of freedom, greater than 0, need not be whole, may be Infinity; else NaN
 * @param tail the tail that p counts
 * @example studentTQuantile(0.975, 10) // => 2.228138851986275
 */
export function studentTQuantile(p: number, df: number, tail: Tail = "lower"): number {
  if (!(p >= 0 && p <= 1 && df > 0)) return Number.NaN;
  if (df === Number.POSITIVE_INFINITY) return normalQuantile(p, tail);
  if (p === 0.5) return 0;
  const sign = p > 0.5 === (tail === "lower") ? 1 : -1;
  const outside = p > 0.5 ? 1 - p : p;
  if (outside === 0) return sign * Number.POSITIVE_INFINITY;
  const tails = (t: number): Tails => absoluteTails(t, df);
  const start = Math.abs(normalQuantile(p));
  return sign * (outside < 0.25 ? solveTail(tails, "upper", 2 * outside, start) : solveTail(tails, "lower", 2 * Math.abs(p - 0.5), start));
}

/** Both tails of |T| and t times its density, t >= 0. */
function absoluteTails(t: number, df: number): Tails {
  if (!(df > 0)) return INVALID;
  const { lower, upper, slope } = betaTails(0.5, df / 2, t * t, 2 * Math.log(t));
  return { lower, upper, slope: 2 * slope };
}
