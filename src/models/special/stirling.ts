/**
 * What Stirling's formula leaves out, and log(1 + u) - u without cancellation: the two pieces from which densities with
 * large parameters are built without subtracting large numbers (Loader 2000, "Fast and accurate computation of binomial
 * probabilities").
 *
 *   log Gamma(a) = (a - 1/2) log a - a + log(2 pi) / 2 + s(a)
 *   s(a) = 1 / (12 a) - 1 / (360 a^3) + 1 / (1260 a^5) - ...        (DLMF 5.11.1)
 *   s(a) = s(a + 1) + (a + 1/2) log(1 + 1/a) - 1                    (from Gamma(a + 1) = a Gamma(a))
 */

/** B_2k / (2k (2k - 1)), k = 1..8: at a = 10 the first term left out is 2e-18. */
const SERIES: readonly number[] = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

/**
 * The correction s(a) to Stirling's formula, absolute error about 1e-15.
 * @param a greater than 0
 * @example stirlingCorrection(10) // => 0.008330563433362869
 */
export function stirlingCorrection(a: number): number {
  let shifted = 0;
  for (; a < 10; a++) shifted += (a + 0.5) * Math.log1p(1 / a) - 1;
  const inverseSquare = 1 / (a * a);
  let sum = 0;
  for (let k = SERIES.length - 1; k >= 0; k--) sum = sum * inverseSquare + SERIES[k]!;
  return shifted + sum / a;
}

/**
 * log(1 + u) - u, to full relative accuracy near zero: with r = u / (2 + u),
 * log(1 + u) = 2 (r + r^3 / 3 + r^5 / 5 + ...) and 2 r - u = -r u.
 * @param u greater than -1
 * @example log1pMinus(1e-9) // => -4.999999996666666e-19
 */
export function log1pMinus(u: number): number {
  if (u < -0.3 || u > 0.3) return Math.log1p(u) - u;
  const r = u / (2 + u);
  const square = r * r;
  let sum = 0;
  for (let k = 27; k >= 3; k -= 2) sum = sum * square + 1 / k;
  return r * (2 * square * sum - u);
}
