/**
 * The logarithm of the gamma function on the scale of log a, as the likelihoods of dispersions and of means near zero need it.
 *
 *   log Gamma(a) = (a - 1/2) log a - a + log(2 pi) / 2 + s(a)
 *
 * s and its derivatives in A = log a: for large a they tend to zero, so that what is large in a log-likelihood can be taken together
 * before anything is rounded, and for a -> 0 they tend to -A / 2 - log(2 pi) / 2, -1/2, 0, 0, also where a itself underflows.
 *
 *   a >= 10      Stirling's series (DLMF 5.11.1), term by term
 *   1 <= a < 10  s(a) = s(a + n) + sum_{k < n} t(a + k),  t(x) = (x + 1/2) log(1 + 1/x) - 1  (from Gamma(a + 1) = a Gamma(a)),
 *                t'' = 1 / (2 (x^2 + x)^2): nothing cancels in the second and third derivatives
 *   a < 1        log Gamma(a) = log Gamma(1 + a) - A
 */

/** B_2k / (2k (2k - 1)), k = 1..11: at a = 10 the first term left out of the third derivative is 2e-17. */
const SERIES: readonly number[] = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
  -174611 / 125400,
  77683 / 5796,
];
const LAST = 10;
const HALF_LOG_2PI = 0.9189385332046728;
/** Below this no part of a stands beside 1. */
const VANISHING = -600;

/** s(a), a s'(a), a^2 s''(a), a^3 s'''(a) for a >= 1, up to `order`. */
function powers(a: number, order: number, out: Float64Array): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let x = a;
  for (; x < 10; x++) {
    const product = x * x + x;
    const log = Math.log1p(1 / x);
    s0 += (x + 0.5) * log - 1;
    s1 += log - (x + 0.5) / product;
    s2 += 0.5 / (product * product);
    s3 -= (2 * x + 1) / (product * product * product);
  }
  if (x > a) {
    s1 *= a;
    s2 *= a * a;
    s3 *= a * a * a;
  }
  const inverseSquare = 1 / (x * x);
  const ratio = a / x;
  let sum = 0;
  for (let k = LAST; k >= 0; k--) sum = sum * inverseSquare + SERIES[k]!;
  out[0] = s0 + sum / x;
  if (order < 1) return;
  sum = 0;
  for (let k = LAST; k >= 0; k--) sum = sum * inverseSquare - (2 * k + 1) * SERIES[k]!;
  out[1] = s1 + (ratio * sum) / x;
  if (order < 2) return;
  sum = 0;
  for (let k = LAST; k >= 0; k--) sum = sum * inverseSquare + (2 * k + 1) * (2 * k + 2) * SERIES[k]!;
  out[2] = s2 + (ratio * ratio * sum) / x;
  if (order < 3) return;
  sum = 0;
  for (let k = LAST; k >= 0; k--) sum = sum * inverseSquare - (2 * k + 1) * (2 * k + 2) * (2 * k + 3) * SERIES[k]!;
  out[3] = s3 + (ratio * ratio * ratio * sum) / x;
}

/**
 * s(a) and its first derivatives in log a.
 * @param logA log a, any finite number
 * @param order how many derivatives, at most 3
 * @param out takes s, ds/dA, d2s/dA2, d3s/dA3
 */
export function stirlingOnLogScale(logA: number, order: number, out: Float64Array): void {
  if (logA < VANISHING) {
    out[0] = -0.5 * logA - HALF_LOG_2PI;
    out[1] = -0.5;
    out[2] = 0;
    out[3] = 0;
    return;
  }
  // Beyond 1e299 the series is far below the smallest number that counts.
  const a = Math.exp(Math.min(logA, 690));
  if (a >= 1) {
    powers(a, order, out);
    const p1 = out[1]!;
    const p2 = out[2]!;
    out[2] = p1 + p2;
    out[3] = p1 + 3 * p2 + out[3]!;
    return;
  }
  const x = 1 + a;
  powers(x, order, out);
  const log = Math.log1p(a);
  const p1 = out[1]!;
  const p2 = out[2]!;
  const p3 = out[3]!;
  const ratio = a / x;
  // a psi(1 + a), a^2 psi'(1 + a), a^3 psi''(1 + a)
  const g1 = a * log - ratio / 2 + ratio * p1;
  const g2 = a * ratio + (ratio * ratio) / 2 + ratio * ratio * p2;
  const g3 = -a * ratio * ratio - ratio * ratio * ratio + ratio * ratio * ratio * p3;
  out[0] = (x - 0.5) * log - 1 + out[0]! - logA * (0.5 + a);
  out[1] = g1 - 0.5 - a * logA;
  out[2] = g1 + g2 - a * logA - a;
  out[3] = g1 + 3 * g2 + g3 - a * logA - 2 * a;
}

/** log n! for n up to 170, made at first use: n! itself is a double up to there. */
let table: Float64Array | null = null;

/**
 * log n!, exactly 0 for 0 and 1.
 * @param n a whole number, at least 0
 * @example logFactorial(5) // => 4.787491742782046
 */
export function logFactorial(n: number): number {
  if (table === null) {
    table = new Float64Array(171);
    let factorial = 1;
    for (let k = 1; k <= 170; k++) {
      factorial *= k;
      table[k] = Math.log(factorial);
    }
  }
  if (n <= 170) return table[n]!;
  // Far beyond 170 the series is its first two terms.
  const x = n + 1;
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_2PI + (1 / 12 - 1 / (360 * x * x)) / x;
}
