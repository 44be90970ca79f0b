/**
 * Kolmogorov's test of whether numbers are uniform on [0, 1]: D = sup |F_n(x) - x|.
 *
 *   n < 100   exact: P(D < d) from the power of a banded matrix (Marsaglia, Tsang & Wang 2003, Journal of Statistical Software 8(18))
 *   else      P(sqrt(n) D > t) -> 2 sum_k (-1)^(k-1) exp(-2 k^2 t^2), small t by the theta function's other series (Feller 1948)
 *
 * as R's ks.test has it for samples without ties.
 */

/** D and its p value. */
export interface KolmogorovTest {
  readonly statistic: number;
  readonly pValue: number;
}

/** Below this many numbers the p value is exact. */
const EXACT_BELOW = 100;

/**
 * @param values numbers in [0, 1], in any order; NaN are left out
 * @returns NaN where there are no values
 * @example uniformityTest([0.1, 0.4, 0.7]) // => { statistic: 0.3, pValue: 0.88622 }
 */
export function uniformityTest(values: ArrayLike<number>): KolmogorovTest {
  const sorted = Float64Array.from(values)
    .filter((x) => !Number.isNaN(x))
    .sort();
  const statistic = kolmogorovStatistic(sorted);
  const n = sorted.length;
  if (n === 0) return { statistic, pValue: Number.NaN };
  return { statistic, pValue: n < EXACT_BELOW ? exactUpper(n, statistic) : limitingUpper(Math.sqrt(n) * statistic) };
}

/** D of sorted numbers. */
export function kolmogorovStatistic(sorted: Float64Array): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, (i + 1) / n - sorted[i]!, sorted[i]! - i / n);
  return largest;
}

/** P(D >= d) for n numbers. */
function exactUpper(n: number, d: number): number {
  if (d >= 1) return 0;
  const k = Math.floor(n * d) + 1;
  const m = 2 * k - 1;
  const h = k - n * d;
  const step = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) step[i * m + j] = i - j + 1 < 0 ? 0 : 1;
  for (let i = 0; i < m; i++) {
    step[i * m]! -= h ** (i + 1);
    step[(m - 1) * m + i]! -= h ** (m - i);
  }
  step[(m - 1) * m]! += 2 * h - 1 > 0 ? (2 * h - 1) ** m : 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) for (let g = 1; g <= i - j + 1; g++) step[i * m + j]! /= g;
  }
  const power = matrixPower({ values: step, exponent: 0 }, m, n);
  let value = power.values[(k - 1) * m + k - 1]!;
  let exponent = power.exponent;
  for (let i = 1; i <= n; i++) {
    value = (value * i) / n;
    if (value < 1e-140) {
      value *= 1e140;
      exponent -= 140;
    }
  }
  return Math.min(1, Math.max(0, 1 - value * 10 ** exponent));
}

/** A matrix times a power of ten. */
interface ScaledMatrix {
  readonly values: Float64Array;
  readonly exponent: number;
}

function matrixPower(a: ScaledMatrix, m: number, n: number): ScaledMatrix {
  if (n === 1) return a;
  const half = matrixPower(a, m, Math.floor(n / 2));
  const square = scaledDown(product(half, half, m), m);
  return n % 2 === 0 ? square : product(a, square, m);
}

function product(a: ScaledMatrix, b: ScaledMatrix, m: number): ScaledMatrix {
  const values = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < m; k++) {
      const factor = a.values[i * m + k]!;
      if (factor !== 0) for (let j = 0; j < m; j++) values[i * m + j]! += factor * b.values[k * m + j]!;
    }
  }
  return { values, exponent: a.exponent + b.exponent };
}

function scaledDown({ values, exponent }: ScaledMatrix, m: number): ScaledMatrix {
  const middle = Math.floor(m / 2);
  if (!(values[middle * m + middle]! > 1e140)) return { values, exponent };
  return { values: values.map((value) => value * 1e-140), exponent: exponent + 140 };
}

/** P(K > t) of Kolmogorov's distribution. */
function limitingUpper(t: number): number {
  if (!(t > 0)) return 1;
  if (t < 1) {
    const z = -(Math.PI * Math.PI) / (8 * t * t);
    let lower = 0;
    for (let k = 1; k < 20; k += 2) lower += Math.exp(k * k * z - Math.log(t));
    return Math.max(0, 1 - Math.sqrt(2 * Math.PI) * lower);
  }
  let upper = 0;
  for (let k = 1; k < 20; k++) upper += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * t * t);
  return Math.min(1, Math.max(0, upper));
}
