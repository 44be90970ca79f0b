/**
 * The distribution of the studentized range of r independent normal means, Q = (max - min) / S with S^2 ~ chi^2_df / df, R's ptukey and
 * qtukey:
 *
 *   P(Q <= q) = integral_0^inf f(s) W(q s) ds,   W(w) = r integral phi(z) [Phi(z) - Phi(z - w)]^(r-1) dz
 *   1 - W(w)  = r integral phi(z) Phi(z)^(r-1) { 1 - [1 - Phi(z - w) / Phi(z)]^(r-1) } dz
 *
 * (Hartley 1942; Tukey's test of all pairs of means, Kramer 1956). Nothing is subtracted in the second form, so that small tails keep their
 * digits, where Copenhaver & Holland's (1988) algorithm loses them. Both integrands are analytic and vanish fast at both ends (the
 * outer one in x = log s): sums over an even grid then converge faster than any power of its step (Trefethen & Weideman 2014).
 */
import { normalQuantile, normalUpper } from "../../models/special/normal.js";
import { solveTail } from "./root.js";
import { INVALID, LEFT_END, RIGHT_END, type Tail, type Tails } from "./special/tails.js";

/**
 * P(Q <= q).
 *
 * @param q at least 0; below the result is 0
 * @param means r, a whole number of 2 or more; else NaN
 * @param df degrees of freedom, greater than 0, need not be whole, may be Infinity; else NaN
 * @example studentizedRangeCdf(3.5, 3, 20) // => 0.94410815
 */
export function studentizedRangeCdf(q: number, means: number, df: number): number {
  return studentizedRangeTails(q, means, df).lower;
}

/**
 * P(Q > q), to nearly full relative accuracy however small: the p value of Tukey's test with q = sqrt(2) |t|.
 *
 * @param means r, a whole number of 2 or more; else NaN
 * @param df degrees of freedom, greater than 0, need not be whole, may be Infinity; else NaN
 * @example studentizedRangeUpper(3.5, 3, 20) // => 0.0558918491
 */
export function studentizedRangeUpper(q: number, means: number, df: number): number {
  return studentizedRangeTails(q, means, df).upper;
}

/**
 * The q with P(Q <= q) = p, or with P(Q > q) = p for the upper tail.
 *
 * @param p in [0, 1]; outside of it the result is NaN
 * @param tail the tail that p counts
 * @example studentizedRangeQuantile(0.95, 3, 20) // => 3.57793473
 */
export function studentizedRangeQuantile(p: number, means: number, df: number, tail: Tail = "lower"): number {
  if (!(p >= 0 && p <= 1) || !valid(means, df)) return Number.NaN;
  if (p === 0) return tail === "lower" ? 0 : Number.POSITIVE_INFINITY;
  if (p === 1) return tail === "lower" ? Number.POSITIVE_INFINITY : 0;
  const flipped = p > 0.5;
  const solved: Tail = flipped === (tail === "lower") ? "upper" : "lower";
  const target = flipped ? 1 - p : p;
  // All pairs as if they were independent normal.
  const pairs = (means * (means - 1)) / 2;
  const start = solved === "upper" ? Math.SQRT2 * normalQuantile(target / (2 * pairs), "upper") : 1;
  return solveTail((q) => studentizedRangeTails(q, means, df), solved, target, start);
}

/** Both tails and q times the density. */
export function studentizedRangeTails(q: number, means: number, df: number): Tails {
  if (!valid(means, df) || Number.isNaN(q)) return INVALID;
  if (q <= 0) return LEFT_END;
  if (q === Number.POSITIVE_INFINITY) return RIGHT_END;
  if (df === Number.POSITIVE_INFINITY) return rangeTails(q, means);
  return mixed(q, means, df);
}

function valid(means: number, df: number): boolean {
  return Number.isInteger(means) && means >= 2 && df > 0;
}

/** Of the largest term: what lies below it no longer counts. */
const NEGLIGIBLE = 1e-19;

/** Beyond this a range of normal deviates has no probability in double precision. */
const FARTHEST = 55;

/** Sums over x = log s, from the largest term outwards. */
function mixed(q: number, means: number, df: number): Tails {
  const step = Math.min(1 / 8, 0.5 / Math.sqrt(2 * df));
  // log of s f(s) without its constant: highest, and zero, at s = 1
  const logWeight = (x: number): number => -0.5 * df * (Math.expm1(2 * x) - 2 * x);
  const sum = { lower: 0, upper: 0, slope: 0, weight: 0 };
  const add = (x: number): boolean => {
    const weight = Math.exp(logWeight(x));
    if (weight === 0) return false;
    const w = q * Math.exp(x);
    const tails = rangeTails(w, means);
    const lower = weight * tails.lower;
    const upper = weight * tails.upper;
    sum.lower += lower;
    sum.upper += upper;
    sum.slope += weight * tails.slope;
    sum.weight += weight;
    // Far to the right of its mean the range's upper tail is zero in double precision; it is not yet to the left of there.
    if (x < 0 && w > FARTHEST) return true;
    return lower > NEGLIGIBLE * sum.lower || upper > NEGLIGIBLE * sum.upper || weight > NEGLIGIBLE * sum.weight;
  };
  add(0);
  for (let k = 1; add(k * step); k++);
  for (let k = -1; add(k * step); k--);
  return { lower: sum.lower / sum.weight, upper: sum.upper / sum.weight, slope: sum.slope / sum.weight };
}

/** Normal distributions have nothing beyond this. */
const REACH = 9;
const SQRT_2PI = 2.5066282746310002;

interface GridPoint {
  readonly z: number;
  readonly phi: number;
  /** Phi(z) and 1 - Phi(z). */
  readonly below: number;
  readonly above: number;
}

/** The grid over z for the number of means that was asked for last. */
let latest: { readonly means: number; readonly step: number; readonly points: readonly GridPoint[] } | null = null;

function gridFor(means: number): { readonly step: number; readonly points: readonly GridPoint[] } {
  if (latest?.means === means) return latest;
  // The narrowest factor is like phi(z)^r.
  const step = Math.min(1 / 5, 0.7 / Math.sqrt(means));
  const points = Array.from({ length: Math.ceil((FARTHEST / 2 + 3 * REACH) / step) }, (_, k): GridPoint => {
    const z = k * step - REACH;
    return { z, phi: Math.exp(-0.5 * z * z) / SQRT_2PI, below: normalUpper(-z), above: normalUpper(z) };
  });
  latest = { means, step, points };
  return latest;
}

/** The range of normal deviates: both tails and w times the density. */
function rangeTails(w: number, means: number): Tails {
  if (w > FARTHEST) return RIGHT_END;
  const { step, points } = gridFor(means);
  const power = means - 1;
  let lower = 0;
  let upper = 0;
  let density = 0;
  // The terms of all three integrals are largest between w / 2 and the place of the largest deviate.
  const last = 0.5 * w + REACH + Math.sqrt(2 * Math.log(means));
  for (const { z, phi, below, above } of points) {
    if (z > last) break;
    const outside = normalUpper(w - z);
    const inside = w < 2 * z ? (z < w ? 1 - outside : normalUpper(z - w)) - above : below - outside;
    lower += phi * inside ** power;
    upper += phi * below ** power * -Math.expm1(power * Math.log1p(-Math.min(1, outside / below)));
    density += phi * Math.exp(-0.5 * (z - w) * (z - w)) * inside ** (power - 1);
  }
  const scale = step * means;
  return { lower: Math.min(1, scale * lower), upper: Math.min(1, scale * upper), slope: (w * scale * power * density) / SQRT_2PI };
}
