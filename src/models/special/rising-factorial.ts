/**
 * The rising factorial a (a + 1) ... (a + y - 1) = Gamma(a + y) / Gamma(a) beside a^y, on the scale of A = log a:
 *
 *   E_y(A) = log Gamma(a + y) - log Gamma(a) - y A = sum_{k=1}^{y-1} log(1 + k / a)
 *
 * with its derivatives in A. It is what negative binomial and beta-binomial counts have beyond Poisson and binomial ones:
 * E -> 0 for a -> infinity, where the difference of two log gamma functions would lose every digit. For a -> 0 the derivatives tend
 * to 1 - y, 0, 0, also where a underflows.
 *
 *   y <= 32         the sum itself (one logarithm of a product)
 *   a >= 30         with u = y / a, l(u) = log(1 + u) - u and s of Stirling's formula
 *                   E = a ((1 + u) l(u) + u^2) - log(1 + u) / 2 + s(a + y) - s(a)
 *   otherwise       the first K = ceil(30 - a) factors and the rest at a + K
 */
import { stirlingOnLogScale } from "./log-gamma.js";
import { log1pMinus } from "./stirling.js";

const DIRECT = 32;
const LARGE = 30;
const atSum = new Float64Array(4);
const atStart = new Float64Array(4);

/**
 * @param logA log a, any finite number
 * @param y a whole number, at least 0
 * @param order how many derivatives, at most 3
 * @param out takes E, dE/dA, d2E/dA2, d3E/dA3
 */
export function risingFactorial(logA: number, y: number, order: number, out: Float64Array): void {
  if (y <= 1) {
    out[0] = 0;
    out[1] = 0;
    out[2] = 0;
    out[3] = 0;
    return;
  }
  // Above 1e299 nothing of E is left; where a underflows to 0 the sums below are the limit.
  const a = Math.exp(Math.min(690, logA));
  if (a >= LARGE) large(a, y, order, out);
  else if (y <= DIRECT) direct(logA, a, y, order, out);
  else {
    const factors = Math.ceil(LARGE - a);
    direct(logA, a, factors, order, out);
    joined(logA, a, factors, y - factors, order, out);
  }
}

function direct(logA: number, a: number, y: number, order: number, out: Float64Array): void {
  const small = a < 1;
  let product = 1;
  for (let k = 1; k < y; k++) product *= small ? a + k : 1 + k / a;
  out[0] = small ? Math.log(product) - (y - 1) * logA : Math.log(product);
  if (order < 1) return;
  let first = 0;
  let second = 0;
  let third = 0;
  for (let k = 1; k < y; k++) {
    const inverse = 1 / (a + k);
    const share = k * inverse;
    const change = share * a * inverse;
    first -= share;
    second += change;
    third += change * (2 * share - 1);
  }
  out[1] = first;
  out[2] = second;
  out[3] = third;
}

function large(a: number, y: number, order: number, out: Float64Array): void {
  const u = y / a;
  const l = a * log1pMinus(u);
  const square = y * u;
  const inverse = 1 / (1 + u);
  stirlingOnLogScale(Math.log(a), order, atStart);
  stirlingOnLogScale(Math.log(a + y), order, atSum);
  compose(atSum, inverse, order);
  out[0] = (1 + u) * l + square - 0.5 * Math.log1p(u) + atSum[0]! - atStart[0]!;
  if (order < 1) return;
  out[1] = l + 0.5 * u * inverse + atSum[1]! - atStart[1]!;
  if (order < 2) return;
  out[2] = l + square * inverse - 0.5 * u * inverse * inverse + atSum[2]! - atStart[2]!;
  if (order < 3) return;
  out[3] = l + square * inverse * (2 - (u + 2) * inverse) + 0.5 * u * (1 - u) * inverse * inverse * inverse + atSum[3]! - atStart[3]!;
}

/** Adds log((a + K) / a) y' + E_{y'}(log(a + K)) to the first K factors in `out`. */
function joined(logA: number, a: number, factors: number, rest: number, order: number, out: Float64Array): void {
  const share = a / (a + factors);
  const e0 = out[0]!;
  const e1 = out[1]!;
  const e2 = out[2]!;
  const e3 = out[3]!;
  large(a + factors, rest, order, out);
  compose(out, share, order);
  const change = share * (1 - share);
  out[0] = out[0]! + e0 + rest * (Math.log(a + factors) - logA);
  out[1] = out[1]! + e1 + rest * (share - 1);
  out[2] = out[2]! + e2 + rest * change;
  out[3] = out[3]! + e3 + rest * change * (1 - 2 * share);
}

/** Derivatives in log a of a function of log(a + c) given by its own derivatives; `share` is a / (a + c). */
function compose(f: Float64Array, share: number, order: number): void {
  if (order < 1) return;
  const change = share * (1 - share);
  const f1 = f[1]!;
  const f2 = f[2]!;
  f[1] = f1 * share;
  if (order < 2) return;
  f[2] = f2 * share * share + f1 * change;
  if (order < 3) return;
  f[3] = f[3]! * share * share * share + 3 * f2 * share * change + f1 * change * (1 - 2 * share);
}

/**
 * E_y(A) for one A and many whole y, as the rows of a model with one dispersion ask for it: the sums are kept until A changes. The same A
 * and y give the same numbers whatever was asked before.
 */
export interface RisingTable {
  /** E, dE/dA and d2E/dA2 (not the third) into `out`. */
  at(logA: number, y: number, order: number, out: Float64Array): void;
}

/** Above this the sums are not kept: one by one they would cost more than Stirling's formula where A changes from row to row. */
const KEPT = 128;

export function risingTable(): RisingTable {
  const sums = new Float64Array(KEPT + 1);
  const first = new Float64Array(KEPT + 1);
  const second = new Float64Array(KEPT + 1);
  let known = 1;
  let last = Number.NaN;
  let a = 0;
  return {
    at(logA: number, y: number, order: number, out: Float64Array): void {
      if (y > KEPT || logA < -300 || logA > 300) {
        risingFactorial(logA, y, Math.min(order, 2), out);
        return;
      }
      if (logA !== last) {
        last = logA;
        a = Math.exp(logA);
        known = 1;
      }
      for (; known < y; known++) {
        const inverse = 1 / (a + known);
        sums[known + 1] = sums[known]! + Math.log1p(known / a);
        first[known + 1] = first[known]! - known * inverse;
        second[known + 1] = second[known]! + known * a * inverse * inverse;
      }
      out[0] = sums[y]!;
      out[1] = first[y]!;
      out[2] = second[y]!;
    },
  };
}
