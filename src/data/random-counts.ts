/**
 * Poisson and binomial variates for means of any size. Small means (below 10) by inversion: the one uniform U is reduced by p_0, p_1, ...
 * until it is used up. Larger ones by transformed rejection: with U in (-1/2, 1/2), V in (0, 1) and s = 1/2 - |U|,
 *
 *   k = floor((2 a / s + b) U + c),  accepted at once if s >= 0.07 and V <= v_r,  else if V alpha / (a / s^2 + b) <= p_k / c'
 *
 * with constants a, b, c, c', alpha and v_r of the mean and the variance.
 *
 * Poisson: algorithm PTRS of Hoermann (1993a, "The transformed rejection method for generating Poisson random variables", Insurance:
 * Mathematics and Economics 12). Binomial: algorithm BTRS of Hoermann (1993b, "The generation of binomial random variates", Journal of
 * Statistical Computation and Simulation 46). The probabilities are in the form of Loader (2000, "Fast and accurate computation of binomial
 * probabilities"), which subtracts no large numbers, so that means of 1e12 are as exact as means of 12:
 *
 *   Poisson: log p_k = -delta(k) - D(k, mean) - log(2 pi k) / 2,   D(k, m) = k log(k / m) + m - k
 *   delta(k) = log k! - log(sqrt(2 pi k) (k / e)^k) = 1 / (12 k) - 1 / (360 k^3) + ...
 */
import { portableExp, portableLog, portableLog1p, portableLog1pMinus } from "./random-math.js";

/** What a count is made of. */
export interface UniformSource {
  uniform(): number;
}

const SMALL_MEAN = 10;
/** Inversion ends here: P(K > 110) is below 1e-70 for means up to 10, so only what rounding leaves of a U next to 1 gets so far. */
const LAST_INVERTED = 110;
const TWO_PI = 6.283185307179586;
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** delta(0) ... delta(15); that of 0 is never used. */
const DELTA: readonly number[] = [
  0, 0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119, 0.01387612882307075,
  0.01189670994589177, 0.010411265261972096, 0.009255462182712733, 0.00833056343336287, 0.007573675487951841, 0.00694284010720953,
  0.006408994188004207, 0.0059513701127588475, 0.005554733551962801,
];

/** @param mean finite, at least 0 */
export function drawPoisson(source: UniformSource, mean: number): number {
  if (mean === 0) return 0;
  return mean < SMALL_MEAN ? invertPoisson(source, mean) : rejectPoisson(source, mean);
}

/**
 * @param size a whole number, at least 0
 * @param probability in [0, 1]
 */
export function drawBinomial(source: UniformSource, size: number, probability: number): number {
  if (probability > 0.5) return size - drawBinomial(source, size, 1 - probability);
  if (size === 0 || probability === 0) return 0;
  return size * probability < SMALL_MEAN ? invertBinomial(source, size, probability) : rejectBinomial(source, size, probability);
}

function invertPoisson(source: UniformSource, mean: number): number {
  const none = portableExp(-mean);
  for (;;) {
    let left = source.uniform();
    let mass = none;
    for (let k = 0; k <= LAST_INVERTED; k++) {
      if (left < mass) return k;
      left -= mass;
      mass *= mean / (k + 1);
    }
  }
}

function invertBinomial(source: UniformSource, size: number, p: number): number {
  const none = portableExp(size * portableLog1p(-p));
  const odds = p / (1 - p);
  const last = Math.min(size, LAST_INVERTED);
  for (;;) {
    let left = source.uniform();
    let mass = none;
    for (let k = 0; k <= last; k++) {
      if (left < mass) return k;
      left -= mass;
      mass *= ((size - k) / (k + 1)) * odds;
    }
  }
}

function rejectPoisson(source: UniformSource, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const quick = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = source.uniform() - 0.5;
    const v = source.uniform();
    const s = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / s + b) * u + mean + 0.43);
    if (s >= 0.07 && v <= quick) return k;
    if (k < 0 || (s < 0.013 && v > s)) continue;
    if (portableLog((v * inverseAlpha) / (a / (s * s) + b)) <= logPoisson(k, mean)) return k;
  }
}

function rejectBinomial(source: UniformSource, size: number, p: number): number {
  const q = 1 - p;
  const spread = Math.sqrt(size * p * q);
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = size * p + 0.5;
  const alpha = (2.83 + 5.1 / b) * spread;
  const quick = 0.92 - 4.2 / b;
  const atMode = logBinomial(Math.floor((size + 1) * p), size, p, q);
  for (;;) {
    const u = source.uniform() - 0.5;
    const v = source.uniform();
    const s = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / s + b) * u + centre);
    if (s >= 0.07 && v <= quick) return k;
    if (k < 0 || k > size) continue;
    if (portableLog((v * alpha) / (a / (s * s) + b)) <= logBinomial(k, size, p, q) - atMode) return k;
  }
}

function logPoisson(k: number, mean: number): number {
  if (k === 0) return -mean;
  return -delta(k) - deviance(k, mean) - HALF_LOG_TWO_PI - 0.5 * portableLog(k);
}

function logBinomial(k: number, size: number, p: number, q: number): number {
  if (k === 0) return size * portableLog1p(-p);
  if (k === size) return size * portableLog(p);
  const rest = size - k;
  const saddle = delta(size) - delta(k) - delta(rest) - deviance(k, size * p) - deviance(rest, size * q);
  return saddle - 0.5 * portableLog(TWO_PI * k * (rest / size));
}

/** D(k, m) = k log(k / m) + m - k = -k (log(1 + x) - x) with x = (m - k) / k. */
function deviance(k: number, m: number): number {
  return -k * portableLog1pMinus((m - k) / k);
}

/** delta(k), from the series for k above 15, where the first term left out is 1e-16. */
function delta(k: number): number {
  if (k < DELTA.length) return DELTA[k]!;
  const z = 1 / (k * k);
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - z / 1188) * z) * z) * z) / k;
}
