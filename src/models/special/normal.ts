/**
 * The standard normal distribution: tails, their logarithms, and quantiles.
 *
 *   Phi(z) = integral_-inf^z phi(t) dt,    1 - Phi(z) = phi(z) M(z),    phi(z) = exp(-z^2 / 2) / sqrt(2 pi)
 *
 * M is the Mills ratio, by the rational approximations of Cody (1969, "Rational Chebyshev approximations for the error function",
 * Mathematics of Computation 23); quantiles by Wichura (1988, algorithm AS 241, Applied Statistics 37), relative error about 1e-16.
 */

/** Which tail a probability is counted in: "lower" is P(Z <= z), "upper" is P(Z > z). */
type Tail = "lower" | "upper";

const SQRT_2PI = 2.5066282746310002;
const HALF_LOG_2PI = 0.9189385332046728;
/** Below this |z| the probability between 0 and z is computed, above it the tail. */
const CENTRE = 0.67448975;
const FAR = 5.656854249492381;

/**
 * P(Z <= z).
 * @example normalCdf(1.959963984540054) // => 0.975
 */
export function normalCdf(z: number): number {
  return normalUpper(-z);
}

/**
 * P(Z > z), to full relative accuracy however small.
 * @example normalUpper(10) // => 7.619853024160527e-24
 */
export function normalUpper(z: number): number {
  if (Math.abs(z) <= CENTRE) return 0.5 - centralHalf(z);
  if (z < 0) return 1 - normalUpper(-z);
  return z > 40 ? 0 : (halfSquareExp(z) / SQRT_2PI) * millsRatio(z);
}

/**
 * log P(Z <= z), also where the probability itself underflows.
 * @example normalLogCdf(-40) // => -804.6084420137538
 */
export function normalLogCdf(z: number): number {
  return normalLogUpper(-z);
}

/**
 * log P(Z > z), also where the probability itself underflows.
 * @example normalLogUpper(40) // => -804.6084420137538
 */
export function normalLogUpper(z: number): number {
  if (z < CENTRE) return Math.log1p(-normalUpper(-z));
  if (z === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  return -0.5 * z * z - HALF_LOG_2PI + Math.log(millsRatio(z));
}

/**
 * The z with P(Z <= z) = p, or with P(Z > z) = p for the upper tail.
 * @param p in [0, 1]; outside of it the result is NaN
 * @param tail the tail that p counts: "upper" keeps the accuracy of a p near 0 that belongs to the right
 * @example normalQuantile(0.975) // => 1.9599639845400536
 */
export function normalQuantile(p: number, tail: Tail = "lower"): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  const sign = tail === "lower" ? 1 : -1;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (sign * q * polynomial(QUANTILE_A, r)) / polynomial(QUANTILE_B, r);
  }
  const smaller = q < 0 ? p : 1 - p;
  if (smaller === 0) return sign * Math.sign(q) * Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-Math.log(smaller));
  const z =
    r <= 5
      ? polynomial(QUANTILE_C, r - 1.6) / polynomial(QUANTILE_D, r - 1.6)
      : polynomial(QUANTILE_E, r - 5) / polynomial(QUANTILE_F, r - 5);
  return sign * Math.sign(q) * z;
}

/** P(0 < Z <= z), |z| <= 0.67448975. */
function centralHalf(z: number): number {
  const square = z * z;
  return (z * polynomial(CENTRE_P, square)) / polynomial(CENTRE_Q, square);
}

/**
 * Mills' ratio (1 - Phi(z)) / phi(z).
 * @param z at least 0.67448975
 * @example millsRatio(1) // => 0.655679542418798
 */
export function millsRatio(z: number): number {
  if (z <= FAR) return (SQRT_2PI * polynomial(MIDDLE_P, z)) / polynomial(MIDDLE_Q, z);
  const inverseSquare = 1 / (z * z);
  return (1 - (SQRT_2PI * inverseSquare * polynomial(FAR_P, inverseSquare)) / polynomial(FAR_Q, inverseSquare)) / z;
}

/** exp(-z^2 / 2) with the square split, so that its rounding does not reach the exponent (Cody 1969). */
function halfSquareExp(z: number): number {
  const rounded = Math.trunc(z * 16) / 16;
  return Math.exp(-0.5 * rounded * rounded) * Math.exp(-0.5 * (z - rounded) * (z + rounded));
}

/** coefficients[0] + coefficients[1] t + ... */
function polynomial(coefficients: readonly number[], t: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * t + coefficients[k]!;
  return sum;
}

/** Cody 1969, constant term first, as arranged for the normal distribution (table II of the paper for erf and erfc). */
const CENTRE_P: readonly number[] = [18154.98125334356, 1067.6894854603709, 161.02823106855587, 2.2352520354606837, 0.06568233791820745];
const CENTRE_Q: readonly number[] = [45507.78933502673, 10260.932208618979, 976.0985517377767, 47.202581904688245, 1.0];
const MIDDLE_P: readonly number[] = [
  9842.714838383978, 11602.65143764735, 6848.190450536283, 2494.5375852903726, 597.2702763948002, 93.50665613217785, 8.883149794388377,
  0.39894151208813466, 1.0765576773720192e-8,
];
const MIDDLE_Q: readonly number[] = [
  19685.429676859992, 38912.00328609327, 34900.95272114598, 18615.571640885097, 6485.558298266761, 1519.3775994075547, 235.387901782625,
  22.266688044328117, 1.0,
];
const FAR_P: readonly number[] = [
  2.9112874951168793e-5, 0.0014216191932278934, 0.022235277870649807, 0.12740116116024736, 0.215898534057957, 0.023073441764940174,
];
const FAR_Q: readonly number[] = [
  7.297515550839662e-5, 0.0037823963320275824, 0.06598813786892856, 0.4682382124808651, 1.284260096144911, 1.0,
];
/** Wichura 1988, PPND16, constant term first. */
const QUANTILE_A: readonly number[] = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087, 33430.57558358813,
  2509.0809287301227,
];
const QUANTILE_B: readonly number[] = [
  1.0, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
];
const QUANTILE_C: readonly number[] = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const QUANTILE_D: readonly number[] = [
  1.0, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345,
  1.0507500716444169e-9,
];
const QUANTILE_E: readonly number[] = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784,
  2.7115555687434876e-5, 2.0103343992922881e-7,
];
const QUANTILE_F: readonly number[] = [
  1.0, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5, 1.421511758316446e-7,
  2.0442631033899397e-15,
];
