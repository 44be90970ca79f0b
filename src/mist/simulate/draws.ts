/**
 * Small pieces of the data-generating model: the logistic function, ordered outcomes, rounding, dates. Nothing here but +, -, *, /,
 * square roots and the portable exponential and logarithm, so that the numbers are the same on every machine.
 */
import type { RandomStream } from "../../data/random.js";
import { portableExp, portableLog } from "../../data/random-math.js";

/** 1 / (1 + e^-x). */
export function logistic(x: number): number {
  return 1 / (1 + portableExp(-x));
}

/** log(p / (1 - p)). */
export function logit(p: number): number {
  return portableLog(p / (1 - p));
}

/** A standard logistic variate. One draw. */
export function logisticNoise(stream: RandomStream): number {
  return logit(stream.uniformOpen());
}

/**
 * An ordered outcome 0, 1, ..., thresholds.length with P(Y > k) = logistic(eta - thresholds[k]). One draw.
 *
 * @param thresholds increasing
 */
export function ordered(stream: RandomStream, eta: number, thresholds: readonly number[]): number {
  const u = stream.uniform();
  let level = 0;
  while (level < thresholds.length && u < logistic(eta - thresholds[level]!)) level++;
  return level;
}

/** The probabilities of the levels that `ordered` draws from. */
export function orderedProbabilities(eta: number, thresholds: readonly number[]): number[] {
  const above = thresholds.map((threshold) => logistic(eta - threshold));
  return [...above, 0].map((p, k) => (k === 0 ? 1 : above[k - 1]!) - p);
}

/** The number rounded half up to so many decimals; never -0. */
export function rounded(value: number, decimals = 6): number {
  const unit = POWERS[decimals]!;
  return Math.round(value * unit) / unit + 0;
}

const POWERS: readonly number[] = [1, 10, 100, 1000, 10000, 100000, 1000000];

/** The number, or the bound that it is beyond. */
export function clipped(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** A survey answer: 1 to 5 in hundredths. */
export function surveyAnswer(value: number): number {
  return rounded(clipped(value, 1, 5), 2);
}

/** The mean; null where there is nothing. */
export function meanOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * The lower-triangular L by columns with L L' = covariance (Cholesky); a pivot that is not positive gives a column of zeros.
 *
 * @param covariance d x d, by columns
 */
export function choleskyFactor(covariance: readonly number[]): number[] {
  const d = Math.round(Math.sqrt(covariance.length));
  const factor = new Array<number>(d * d).fill(0);
  for (let j = 0; j < d; j++) {
    let pivot = covariance[j * d + j]!;
    for (let k = 0; k < j; k++) pivot -= factor[k * d + j]! * factor[k * d + j]!;
    if (!(pivot > 1e-12)) continue;
    const root = Math.sqrt(pivot);
    factor[j * d + j] = root;
    for (let i = j + 1; i < d; i++) {
      let sum = covariance[j * d + i]!;
      for (let k = 0; k < j; k++) sum -= factor[k * d + i]! * factor[k * d + j]!;
      factor[j * d + i] = sum / root;
    }
  }
  return factor;
}

/**
 * Shares that sum to 1 when written in six decimals: the first ones are rounded down, the last is 1 minus the others.
 *
 * @param weights not negative, with a positive sum
 */
export function sharesOf(weights: readonly number[]): number[] {
  let total = 0;
  for (const weight of weights) total += weight;
  const millionths = weights.map((weight) => Math.floor((weight / total) * 1e6));
  let others = 0;
  for (let k = 0; k < millionths.length - 1; k++) others += millionths[k]!;
  millionths[millionths.length - 1] = 1e6 - others;
  return millionths.map((share) => share / 1e6);
}

/** An ISO date. Days beyond the month's end are taken back to day 28. */
export function isoDate(year: number, month: number, day: number): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${year}-${two(month)}-${two(Math.min(day, 28))}`;
}
