/**
 * Logarithm and exponential that are the same to the last bit on every machine. ECMAScript leaves the last digits of Math.log and Math.exp
 * to the engine; addition, multiplication, division and square root of doubles it does not (IEEE 754), and these functions use nothing else.
 *
 *   x = 2^k m, sqrt(1/2) <= m < sqrt(2):   log x = k log 2 + log m,   log m = 2 (s + s^3/3 + s^5/5 + ...),   s = (m - 1) / (m + 1)
 *   x = k log 2 + r, |r| <= log(2) / 2:    exp x = 2^k (1 + r + r^2/2! + ... + r^13/13!)
 *
 * log 2 is kept in two parts, the first with trailing zeros so that k times it is exact (Cody & Waite 1980, "Software manual for the
 * elementary functions"). Both series end where the rest is below 2^-57; errors stay below one unit in the last place.
 */

const LOG_2_HIGH = 0.6931471803691238;
const LOG_2_LOW = 1.9082149292705877e-10;
const TWO_54 = 18014398509481984;
/** Above this exp(x) is infinite; below the other it is 0 for certain. */
const EXP_OVERFLOW = 709.782712893384;
const EXP_UNDERFLOW = -746;

/** 2/3, 2/5, ..., 2/21. */
const ATANH: readonly number[] = [2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11, 2 / 13, 2 / 15, 2 / 17, 2 / 19, 2 / 21];

/** 1/2!, 1/3!, ..., 1/13!. */
const EXPONENTIAL: readonly number[] = [2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600, 6227020800].map(
  (f) => 1 / f,
);

const double = new Float64Array(1);
const doubleWords = new Uint32Array(double.buffer);
/** Where the sign and exponent of a double stand: 1 but on big-endian machines. */
const HIGH: number = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * Natural logarithm, error below one unit in the last place; as Math.log for 0, negative numbers and infinity.
 * @example portableLog(10) // => 2.302585092994046
 */
export function portableLog(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let exponent = 0;
  double[0] = x;
  let high = doubleWords[HIGH]!;
  if (high < 0x00100000) {
    double[0] = x * TWO_54;
    high = doubleWords[HIGH]!;
    exponent = -54;
  }
  exponent += (high >>> 20) - 1023;
  doubleWords[HIGH] = (high & 0x000fffff) | 0x3ff00000;
  let mantissa = double[0];
  if (mantissa >= Math.SQRT2) {
    mantissa *= 0.5;
    exponent++;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  let sum = 0;
  for (let k = ATANH.length - 1; k >= 0; k--) sum = sum * z + ATANH[k]!;
  // log(1 + f) = f - (f^2/2 - s (f^2/2 + R)) with R = 2 s^2/3 + ...: the largest term, f, is exact.
  const half = 0.5 * f * f;
  return exponent * LOG_2_HIGH - (half - (s * (half + sum * z) + exponent * LOG_2_LOW) - f);
}

/**
 * e^x, error below one unit in the last place; 0 below -745.13 and infinite above 709.78.
 * @example portableExp(1) // => 2.718281828459045
 */
export function portableExp(x: number): number {
  if (!(x >= EXP_UNDERFLOW)) return x < EXP_UNDERFLOW ? 0 : Number.NaN;
  if (x > EXP_OVERFLOW) return Number.POSITIVE_INFINITY;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const leading = x - k * LOG_2_HIGH;
  const trailing = k * LOG_2_LOW;
  const r = leading - trailing;
  const lost = leading - r - trailing;
  let sum = 0;
  for (let j = EXPONENTIAL.length - 1; j >= 0; j--) sum = sum * r + EXPONENTIAL[j]!;
  const small = lost + r * r * sum;
  const rise = r + small;
  const whole = 1 + rise;
  // What the two sums have rounded off is put back before the last rounding.
  const value = whole + (1 - whole + rise + (r - rise + small));
  // Two factors where 2^k itself is not a normal number; only the second product is rounded.
  if (k > 1023) return value * 2 * powerOfTwo(k - 1);
  if (k < -1021) return (value * powerOfTwo(k + 54)) / TWO_54;
  return value * powerOfTwo(k);
}

/**
 * log(1 + x) to full relative accuracy near 0 (Kahan's correction for the rounding of 1 + x).
 * @param x finite, at least -1
 * @example portableLog1p(1e-20) // => 1e-20
 */
export function portableLog1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  return u === 0 ? Number.NEGATIVE_INFINITY : (portableLog(u) * x) / (u - 1);
}

/**
 * log(1 + x) - x to full relative accuracy near 0: with r = x / (2 + x), log(1 + x) = 2 (r + r^3/3 + r^5/5 + ...) and 2 r - x = -r x.
 * @param x finite, at least -1
 * @example portableLog1pMinus(1e-9) // => -4.999999996666666e-19
 */
export function portableLog1pMinus(x: number): number {
  if (x < -0.25 || x > 0.25) return portableLog1p(x) - x;
  const r = x / (2 + x);
  const z = r * r;
  let sum = 0;
  for (let k = ATANH.length - 1; k >= 0; k--) sum = sum * z + ATANH[k]!;
  return r * (z * sum - x);
}

/** 2^k for k from -1022 to 1023. */
function powerOfTwo(k: number): number {
  doubleWords[1 - HIGH] = 0;
  doubleWords[HIGH] = (k + 1023) << 20;
  return double[0]!;
}
