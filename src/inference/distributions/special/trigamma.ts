/**
 * The trigamma function, the second derivative of log Gamma: the variance of the logarithm of a gamma variable of shape x.
 *
 *   psi_1(x) = psi_1(x + 1) + 1 / x^2,   psi_1(x) ~ 1/x + 1/(2 x^2) + sum_k B_2k / x^(2k + 1)
 *
 * (Abramowitz & Stegun 1972, 6.4.6 and 6.4.12; relative error below 1e-15 from x = 15 on with seven terms.)
 */

/** B_2, B_4, ..., B_14. */
const BERNOULLI: readonly number[] = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6];

const ASYMPTOTIC = 15;

/**
 * R's `trigamma`.
 *
 * @param x positive
 * @returns NaN for what is not positive
 * @example trigamma(1) // => 1.6449340668482264
 */
export function trigamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let sum = 0;
  let at = x;
  for (; at < ASYMPTOTIC; at++) sum += 1 / (at * at);
  const square = 1 / (at * at);
  let power = square / at;
  let tail = 0;
  for (const b of BERNOULLI) {
    tail += b * power;
    power *= square;
  }
  return sum + 1 / at + square / 2 + tail;
}
