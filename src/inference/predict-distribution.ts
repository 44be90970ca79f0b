/**
 * The distribution of one new response, and the limits between which it will lie.
 *
 *   P(Y <= y) = integral F(y; eta) dN(eta; eta_hat, s^2)
 *
 * s^2 is what is not known of the row's linear predictor: the estimates' error, and the effects of units that are not known. F is the
 * family's distribution function (Johnson, Kemp & Kotz 2005; for the inverse Gaussian Shuster 1968); zeros of a model's own and truncation
 * are put on top of it:
 *
 *   zero inflation  p + (1 - p) F(y),    hurdle  p + (1 - p) (F(y) - F(0)) / (1 - F(0)),    y >= 0
 *
 * Limits of counts are the smallest ones with at least the wanted probability at or below them.
 */
import { FitError, predictionMessages } from "../messages.js";
import { logistic } from "../models/families/links.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { logFactorial } from "../models/special/log-gamma.js";
import { normalCdf, normalLogUpper } from "../models/special/normal.js";
import { risingFactorial } from "../models/special/rising-factorial.js";
import { betaTails } from "./distributions/special/incomplete-beta.js";
import { gammaTails } from "./distributions/special/incomplete-gamma.js";
import { studentTCdf } from "./distributions/student-t.js";

/** P(Y <= y) given a row's predictors; of binomial families y counts successes among `size`. */
type DistributionFunction = (y: number, at: ArrayLike<number>, size: number) => number;

type Support = "line" | "positive" | "unit" | "counts" | "successes";

/** Both limits of a new response in a row: `at` its predictors, s the standard deviation of the first. */
export type PredictiveLimits = (
  at: Float64Array,
  s: number,
  size: number,
  coverage: number,
) => { readonly lower: number; readonly upper: number };

/** @throws FitError for models of categories */
export function predictiveLimits(fit: GeneralizedMixedFit): PredictiveLimits {
  const { family } = fit.engine;
  if (family === null) throw new FitError(predictionMessages.noPredictionInterval);
  const { support, distribution } = baseDistribution(fit);
  const whole = support === "counts" ? withZeros(fit, distribution) : distribution;
  const moved = new Float64Array(16);
  return (at, s, size, coverage) => {
    if (at.some(Number.isNaN) || Number.isNaN(s)) return { lower: Number.NaN, upper: Number.NaN };
    moved.set(at);
    const mixed = (y: number): number => {
      if (s === 0) return whole(y, at, size);
      let sum = 0;
      for (let k = 0; k < NODES.length; k++) {
        moved[0] = at[0]! + s * NODES[k]!;
        sum += WEIGHTS[k]! * whole(y, moved, size);
      }
      return sum;
    };
    const tail = (1 - coverage) / 2;
    const scale = support === "successes" ? size : 1;
    const start = startOf(fit, support, at, size);
    return { lower: quantile(mixed, tail, support, size, start) / scale, upper: quantile(mixed, 1 - tail, support, size, start) / scale };
  };
}

/** The trapezoidal rule for the standard normal distribution. */
const NODES: Float64Array = Float64Array.from({ length: 41 }, (_, k) => (k - 20) * 0.35);
const WEIGHTS: Float64Array = (() => {
  const density = NODES.map((z) => Math.exp(-0.5 * z * z));
  const total = density.reduce((sum, x) => sum + x, 0);
  return density.map((x) => x / total);
})();

function baseDistribution(fit: GeneralizedMixedFit): { readonly support: Support; readonly distribution: DistributionFunction } {
  const { link } = fit;
  const family = fit.engine.family!;
  const mean = (at: ArrayLike<number>): number => family.mean(link, at[0]!);
  switch (family.name) {
    case "gaussian":
      return { support: "line", distribution: (y, at) => normalCdf((y - mean(at)) / Math.exp(at[1]!)) };
    case "student_t":
      return { support: "line", distribution: (y, at) => studentTCdf((y - mean(at)) / Math.exp(at[1]!), Math.exp(at[2]!)) };
    case "gamma":
      return {
        support: "positive",
        distribution(y, at) {
          const shape = Math.exp(at[1]!);
          return gammaTails(shape, (shape * y) / mean(at)).lower;
        },
      };
    case "inverse_gaussian":
      return {
        support: "positive",
        distribution(y, at) {
          const lambda = Math.exp(-2 * at[1]!);
          const mu = mean(at);
          const root = Math.sqrt(lambda / y);
          return normalCdf(root * (y / mu - 1)) + Math.exp((2 * lambda) / mu + normalLogUpper(root * (y / mu + 1)));
        },
      };
    case "beta":
      return {
        support: "unit",
        distribution(y, at) {
          const mu = mean(at);
          const phi = Math.exp(at[1]!);
          return betaTails(mu * phi, (1 - mu) * phi, ((y / (1 - y)) * (1 - mu)) / mu).lower;
        },
      };
    case "poisson":
      return { support: "counts", distribution: (y, at) => (y < 0 ? 0 : gammaTails(y + 1, mean(at)).upper) };
    case "nbinom1":
      return { support: "counts", distribution: (y, at) => negativeBinomial(y, mean(at), mean(at) * Math.exp(-at[1]!)) };
    case "nbinom2":
      return { support: "counts", distribution: (y, at) => negativeBinomial(y, mean(at), Math.exp(at[1]!)) };
    case "binomial":
      return {
        support: "successes",
        distribution(y, at, size) {
          if (y < 0) return 0;
          if (y >= size) return 1;
          const mu = mean(at);
          return betaTails(y + 1, size - y, ((mu / (1 - mu)) * (size - y)) / (y + 1)).upper;
        },
      };
    case "betabinomial":
      return { support: "successes", distribution: (y, at, size) => betaBinomial(y, mean(at), Math.exp(at[1]!), size) };
    default:
      throw new FitError(predictionMessages.noPredictionInterval);
  }
}

/** Counts of mean mu and size r: I_{r / (r + mu)}(r, y + 1). */
function negativeBinomial(y: number, mu: number, r: number): number {
  return y < 0 ? 0 : betaTails(r, y + 1, (y + 1) / mu).lower;
}

/** Sum of the probabilities C(n, k) B(k + a, n - k + b) / B(a, b), a = mu phi, b = (1 - mu) phi, each from logarithms. */
function betaBinomial(y: number, mu: number, phi: number, size: number): number {
  if (y < 0) return 0;
  if (y >= size) return 1;
  /** log of a (a + 1) ... (a + k - 1). */
  const rising = (logA: number, k: number): number => {
    risingFactorial(logA, k, 0, RISING);
    return RISING[0]! + k * logA;
  };
  const logA = Math.log(mu * phi);
  const logB = Math.log((1 - mu) * phi);
  const constant = logFactorial(size) - rising(Math.log(phi), size);
  let sum = 0;
  for (let k = 0; k <= y; k++) {
    sum += Math.exp(constant - logFactorial(k) - logFactorial(size - k) + rising(logA, k) + rising(logB, size - k));
  }
  return Math.min(1, sum);
}

const RISING: Float64Array = new Float64Array(8);

function withZeros(fit: GeneralizedMixedFit, counts: DistributionFunction): DistributionFunction {
  const truncated = fit.family.startsWith("truncated_");
  const { zeroInflation } = fit;
  if (!truncated && zeroInflation === null) return counts;
  const last = fit.engine.problem.model.predictors.length - 1;
  return (y, at, size) => {
    if (y < 0) return 0;
    const zero = truncated ? counts(0, at, size) : 0;
    const positive = truncated ? (counts(y, at, size) - zero) / (1 - zero) : counts(y, at, size);
    if (zeroInflation === null) return positive;
    return logistic(at[last]!) + logistic(-at[last]!) * positive;
  };
}

/** Where to begin to look, on the scale of `fromLine`. */
function startOf(fit: GeneralizedMixedFit, support: Support, at: Float64Array, size: number): number {
  const mean = fit.engine.family!.mean(fit.link, at[0]!);
  if (support === "line") return mean;
  if (support === "positive") return Math.log(mean);
  if (support === "unit") return Math.log(mean) - Math.log1p(-mean);
  return Math.max(1, Math.ceil(mean * (support === "successes" ? size : 1)));
}

function quantile(cdf: (y: number) => number, p: number, support: Support, size: number, start: number): number {
  if (support === "counts" || support === "successes")
    return countQuantile(cdf, p, support === "successes" ? size : Number.MAX_SAFE_INTEGER, start);
  const fromLine = support === "line" ? (t: number): number => t : support === "positive" ? Math.exp : logistic;
  const excess = (t: number): number => cdf(fromLine(t)) - p;
  let width = support === "line" ? Math.max(1e-6, 0.1 * Math.abs(start)) : 0.5;
  let low = start;
  let high = start;
  let atLow = excess(low);
  let atHigh = atLow;
  for (let k = 0; k < 200 && atLow > 0; k++, width *= 2) {
    high = low;
    atHigh = atLow;
    low -= width;
    atLow = excess(low);
  }
  for (let k = 0; k < 200 && atHigh < 0; k++, width *= 2) {
    low = high;
    atLow = atHigh;
    high += width;
    atHigh = excess(high);
  }
  // False position with halving (Illinois), which keeps the bracket.
  let side = 0;
  for (let k = 0; k < 100 && high - low > 1e-11 * (1 + Math.abs(low)); k++) {
    const t = (low * atHigh - high * atLow) / (atHigh - atLow);
    if (!(t > low && t < high)) break;
    const value = excess(t);
    if (value === 0) return fromLine(t);
    if (value < 0) {
      low = t;
      atLow = value;
      if (side === -1) atHigh /= 2;
      side = -1;
    } else {
      high = t;
      atHigh = value;
      if (side === 1) atLow /= 2;
      side = 1;
    }
    if (Math.abs(value) < 1e-12) return fromLine(t);
  }
  return fromLine((low + high) / 2);
}

/** The smallest count with at least probability p at or below it. */
function countQuantile(cdf: (y: number) => number, p: number, most: number, start: number): number {
  let high = Math.min(most, start);
  let low = -1;
  while (cdf(high) < p && high < most) {
    low = high;
    high = Math.min(most, 2 * high);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (cdf(middle) >= p) high = middle;
    else low = middle;
  }
  return high;
}
