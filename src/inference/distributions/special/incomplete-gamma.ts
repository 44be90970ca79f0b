/**
 * The regularised incomplete gamma functions, both tails to full relative accuracy:
 *
 *   P(a, x) = 1 / Gamma(a)  integral_0^x t^(a-1) e^-t dt,    Q(a, x) = 1 - P(a, x)
 *   D = x^a e^-x / Gamma(a) = sqrt(a / (2 pi)) exp(a (log(1 + u) - u) - s(a)),    u = x / a - 1
 *   P = D / a (1 + x / (a+1) + x^2 / ((a+1)(a+2)) + ...)                        x < a + 1       (DLMF 8.11.4)
 *   Q = D / (x+1-a - 1 (1-a) / (x+3-a - 2 (2-a) / (x+5-a - ...)))               x >= a + 1      (DLMF 8.9.2, even part)
 *
 * and for a >= 200 the integral itself (`logConcaveTail`). s(a) is `stirlingCorrection`.
 */

import { log1pMinus, stirlingCorrection } from "../../../models/special/stirling.js";
import { logConcaveTail } from "./log-concave-tail.js";
import { fromLower, fromUpper, INVALID, LEFT_END, RIGHT_END, type Tails } from "./tails.js";

/** From this shape on the integral is cheaper and more accurate than some 100 terms of a series. */
const LARGE = 200;
const MAX_TERMS = 100_000;

/**
 * @param a shape, greater than 0
 * @param x where; below 0 counts as 0
 * @returns P, Q and D; NaN for an invalid shape
 * @example gammaTails(1, 2).upper // => 0.13533528323661273
 */
export function gammaTails(a: number, x: number): Tails {
  if (!(a > 0) || a === Number.POSITIVE_INFINITY || Number.isNaN(x)) return INVALID;
  if (x <= 0) return LEFT_END;
  if (x === Number.POSITIVE_INFINITY) return RIGHT_END;
  const u = (x - a) / a;
  if (u === Number.POSITIVE_INFINITY) return RIGHT_END;
  const scale = Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingCorrection(a));
  const slope = scale * Math.exp(a * (u < -0.5 ? logQuotient(x, a) - u : log1pMinus(u)));
  if (a >= LARGE) {
    const sign = u > 0 ? 1 : -1;
    const density = {
      log: (at: number): number => a * log1pMinus(at) - Math.log1p(at),
      derivative: (at: number): number => -(a * at + 1) / (1 + at),
      curvature: (a - 1) / ((1 + u) * (1 + u)),
    };
    const outside = slope === 0 ? 0 : scale * logConcaveTail(density, u, sign, sign > 0 ? Number.POSITIVE_INFINITY : 1 + u);
    return sign > 0 ? fromUpper(outside, slope) : fromLower(outside, slope);
  }
  return x < a + 1 ? fromLower((slope / a) * series(a, x), slope) : fromUpper(slope / fraction(a, x), slope);
}

/** log(x / a), also where the quotient underflows. */
function logQuotient(x: number, a: number): number {
  const quotient = x / a;
  return quotient > 1e-290 ? Math.log(quotient) : Math.log(x) - Math.log(a);
}

function series(a: number, x: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; n < MAX_TERMS && term > 1e-18 * sum; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** x+1-a - 1 (1-a) / (x+3-a - ...) by the modified Lentz method (Press et al. 2007, section 5.2). */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let value = b;
  let c = b;
  let d = 0;
  for (let n = 1; n < MAX_TERMS; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return value;
}
