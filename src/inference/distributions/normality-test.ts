/**
 * Tests of whether numbers come from a normal distribution with any mean and variance.
 *
 *   3 to 5000 numbers   Shapiro & Wilk (1965) with the coefficients and the p value of Royston (1995, Applied Statistics 44, AS R94), as R's
 *                       shapiro.test:  W = (sum a_i x_(i))^2 / sum (x_i - mean)^2
 *   more                Anderson & Darling (1954) with estimated mean and variance and the p value of Stephens (1986, in D'Agostino &
 *                       Stephens, "Goodness-of-fit techniques", table 4.9):  A^2 (1 + 0.75/n + 2.25/n^2)
 */
import { normalLogCdf, normalLogUpper, normalQuantile, normalUpper } from "../../models/special/normal.js";

/** A test of normality. */
export interface NormalityTest {
  readonly method: "shapiro-wilk" | "anderson-darling";
  readonly statistic: number;
  readonly pValue: number;
}

const MOST_SHAPIRO = 5000;

/**
 * @param values in any order; NaN are left out
 * @returns null for fewer than three numbers or where all are alike
 * @example normalityTest([1.2, 0.3, -0.8, 2.2, 0.1]) // => { method: "shapiro-wilk", statistic: 0.97796, pValue: 0.92342 }
 */
export function normalityTest(values: ArrayLike<number>): NormalityTest | null {
  const sorted = Float64Array.from(values)
    .filter((x) => !Number.isNaN(x))
    .sort();
  const n = sorted.length;
  if (n < 3 || !(sorted[n - 1]! - sorted[0]! > 1e-19)) return null;
  return n <= MOST_SHAPIRO ? shapiroWilk(sorted) : andersonDarling(sorted);
}

function shapiroWilk(x: Float64Array): NormalityTest {
  const n = x.length;
  const a = shapiroWeights(n);
  const range = x[n - 1]! - x[0]!;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += x[i]! / range / n;
  let along = 0;
  let squares = 0;
  let weights = 0;
  for (let i = 0; i < n; i++) {
    const j = n - 1 - i;
    const weight = i === j ? 0 : i < j ? -a[i]! : a[j]!;
    const deviation = x[i]! / range - mean;
    along += weight * deviation;
    squares += deviation * deviation;
    weights += weight * weight;
  }
  // 1 - W without cancellation where W is nearly one.
  const whole = Math.sqrt(weights * squares);
  const rest = Math.max(0, ((whole - along) * (whole + along)) / (weights * squares));
  return { method: "shapiro-wilk", statistic: 1 - rest, pValue: shapiroUpper(n, rest) };
}

function shapiroWeights(n: number): Float64Array {
  const half = Math.floor(n / 2);
  if (n === 3) return Float64Array.of(Math.SQRT1_2);
  const m = Float64Array.from({ length: half }, (_, i) => normalQuantile((i + 1 - 0.375) / (n + 0.25)));
  const squares = 2 * m.reduce((sum, value) => sum + value * value, 0);
  const size = Math.sqrt(squares);
  const u = 1 / Math.sqrt(n);
  const first = polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], u) - m[0]! / size;
  if (n <= 5) {
    const scale = Math.sqrt((squares - 2 * m[0]! ** 2) / (1 - 2 * first ** 2));
    return m.map((value, i) => (i === 0 ? first : -value / scale));
  }
  const second = polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], u) - m[1]! / size;
  const scale = Math.sqrt((squares - 2 * m[0]! ** 2 - 2 * m[1]! ** 2) / (1 - 2 * first ** 2 - 2 * second ** 2));
  return m.map((value, i) => (i === 0 ? first : i === 1 ? second : -value / scale));
}

function shapiroUpper(n: number, rest: number): number {
  if (n === 3) return Math.max(0, (6 / Math.PI) * (Math.asin(Math.sqrt(1 - rest)) - Math.asin(Math.sqrt(0.75))));
  const y = Math.log(rest);
  if (n <= 11) {
    const limit = polynomial([-2.273, 0.459], n);
    if (y >= limit) return 1e-99;
    const mean = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n);
    return normalUpper((-Math.log(limit - y) - mean) / Math.exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n)));
  }
  const logN = Math.log(n);
  const mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], logN);
  return normalUpper((y - mean) / Math.exp(polynomial([-0.4803, -0.082676, 0.0030302], logN)));
}

function andersonDarling(x: Float64Array): NormalityTest {
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  const sd = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += (2 * i + 1) * (normalLogCdf((x[i]! - mean) / sd) + normalLogUpper((x[n - 1 - i]! - mean) / sd));
  }
  const statistic = -n - sum / n;
  return { method: "anderson-darling", statistic, pValue: andersonUpper(statistic * (1 + 0.75 / n + 2.25 / (n * n))) };
}

function andersonUpper(a: number): number {
  if (a < 0.2) return 1 - Math.exp(polynomial([-13.436, 101.14, -223.73], a));
  if (a < 0.34) return 1 - Math.exp(polynomial([-8.318, 42.796, -59.938], a));
  if (a < 0.6) return Math.exp(polynomial([0.9177, -4.279, -1.38], a));
  return a < 10 ? Math.exp(polynomial([1.2937, -5.709, 0.0186], a)) : 3.7e-24;
}

/** c_0 + c_1 x + c_2 x^2 + ... */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, c) => sum * x + c, 0);
}
