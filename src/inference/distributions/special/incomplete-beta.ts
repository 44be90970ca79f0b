/**
 * The regularised incomplete beta function, both tails to full relative accuracy:
 *
 *   I_x(a, b) = 1 / B(a, b)  integral_0^x t^(a-1) (1-t)^(b-1) dt,    1 - I_x(a, b) = I_y(b, a),    y = 1 - x
 *
 * The point is given by f, its odds relative to those of the mean: x / y = f a / b. With x near 1 or near a / (a + b) a double x
 * no longer says where it stands; f does, and it is what F and Student t statistics are. With u = x (a+b)/a - 1 and
 * v = y (a+b)/b - 1, for which a u + b v = 0,
 *
 *   D = x^a y^b / B(a, b) = sqrt(a b / (2 pi (a+b))) exp(a (log(1+u) - u) + b (log(1+v) - v) + s(a+b) - s(a) - s(b))
 *   I_x = D / a (1 + (a+b) x / (a+1) + (a+b)(a+b+1) x^2 / ((a+1)(a+2)) + ...)         (DLMF 8.17.8)
 *   I_x = D / (beta_0 + alpha_1 / (beta_1 + alpha_2 / (beta_2 + ...)))                (DiDonato & Morris 1992, equation 9)
 *
 * and for a, b >= 200 the integral itself (`logConcaveTail`). Both terms of the exponent are negative: nothing cancels.
 */

import { log1pMinus, stirlingCorrection } from "../../../models/special/stirling.js";
import { logConcaveTail } from "./log-concave-tail.js";
import { fromLower, fromUpper, INVALID, LEFT_END, RIGHT_END, type Tails } from "./tails.js";

/** From this value of both parameters on the integral is cheaper and more accurate than the fraction. */
const LARGE = 200;
const MAX_TERMS = 100_000;

/**
 * @param a greater than 0, finite
 * @param b greater than 0, finite
 * @param f odds x / (1 - x) divided by a / b, at least 0
 * @param logF log f, for an f that over- or underflows
 * @returns `lower` = I_x(a, b), `upper` = I_y(b, a), `slope` = D = d lower / d log f; NaN for invalid parameters
 * @example betaTails(2, 2, 1).lower // => 0.5
 */
export function betaTails(a: number, b: number, f: number, logF: number = Math.log(f)): Tails {
  if (!(a > 0 && b > 0) || Math.max(a, b) === Number.POSITIVE_INFINITY || Number.isNaN(logF)) return INVALID;
  if (logF === Number.NEGATIVE_INFINITY) return LEFT_END;
  if (logF === Number.POSITIVE_INFINITY) return RIGHT_END;

  const odds = a / b;
  const above = f > 1;
  const scale = above ? 1 / (odds + 1 / f) : 1 / (1 + odds * f);
  const x = above ? odds * scale : odds * f * scale;
  const y = above ? scale / f : scale;
  const u = (f === Number.POSITIVE_INFINITY ? 1 : above ? (f - 1) / f : f - 1) * scale;
  const v = -odds * u;
  const logX = u < -0.5 ? logProduct(f, (1 + odds) * scale, logF) - u : log1pMinus(u);
  const logY = v < -0.5 ? logProduct(1 / f, (1 + odds) * scale, -logF) - v : log1pMinus(v);
  const constant =
    Math.sqrt(a / (2 * Math.PI * (1 + odds))) * Math.exp(stirlingCorrection(a + b) - stirlingCorrection(b) - stirlingCorrection(a));
  const slope = constant * Math.exp(a * logX + b * logY);

  if (a >= LARGE && b >= LARGE) {
    const sign = u > 0 ? 1 : -1;
    const density = {
      log: (at: number): number => a * log1pMinus(at) + b * log1pMinus(-odds * at) - Math.log1p(at) - Math.log1p(-odds * at),
      derivative: (at: number): number => (a - 1) / (1 + at) - (a - odds) / (1 - odds * at),
      curvature: (a - 1) / ((1 + u) * (1 + u)) + (odds * (a - odds)) / ((1 + v) * (1 + v)),
    };
    const outside = slope === 0 ? 0 : constant * (1 + odds) * logConcaveTail(density, u, sign, sign > 0 ? (1 + v) / odds : 1 + u);
    return sign > 0 ? fromUpper(outside, slope) : fromLower(outside, slope);
  }
  if (x <= 0.5)
    return a * u <= 1 ? fromLower((slope / a) * series(a, b, x), slope) : fromUpper(slope / fraction(b, a, y, x, -b * v), slope);
  return b * v <= 1 ? fromUpper((slope / b) * series(b, a, y), slope) : fromLower(slope / fraction(a, b, x, y, -a * u), slope);
}

/** log(f g), also where the product or f over- or underflows. */
function logProduct(f: number, g: number, logF: number): number {
  const product = f * g;
  return product > 1e-290 ? Math.log(product) : logF + Math.log(g);
}

function series(a: number, b: number, x: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 0; n < MAX_TERMS && term > 1e-18 * sum; n++) {
    term *= ((a + b + n) * x) / (a + 1 + n);
    sum += term;
  }
  return sum;
}

/**
 * beta_0 + alpha_1 / (beta_1 + ...) by the modified Lentz method, for lambda = a - (a+b) x >= 1:
 *
 *   alpha_m = (a+m-1)(a+b+m-1) m (b-m) x^2 / (a+2m-1)^2
 *   beta_m  = m + m (b-m) x / (a+2m-1) + (a+m)(lambda + 1 + m (1+y)) / (a+2m+1)
 */
function fraction(a: number, b: number, x: number, y: number, lambda: number): number {
  let value = (a * (lambda + 1)) / (a + 1);
  let c = value;
  let d = 0;
  for (let m = 1; m < MAX_TERMS; m++) {
    const middle = a + 2 * m - 1;
    const w = (m * (b - m) * x) / middle;
    const alpha = (((a + m - 1) * x) / middle) * (a + b + m - 1) * w;
    const beta = m + w + ((a + m) / (a + 2 * m + 1)) * (lambda + 1 + m * (1 + y));
    d = 1 / (beta + alpha * d);
    c = beta + alpha / c;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return value;
}
