/**
 * Observed responses among simulated ones: scaled residuals and the tests that are made from them (Dunn & Smyth 1996, "Randomized quantile
 * residuals", Journal of Computational and Graphical Statistics 5; the definitions of DHARMa, Hartig).
 *
 *   r_i          = ( #{y*_i < y_i} + U_i #{y*_i = y_i} ) / R          U uniform: ties are broken at random, as whole numbers need it
 *   uniformity   Kolmogorov's D of the r_i
 *   dispersion   var(y - predicted) over its mean in the simulated data sets
 *   zeros        number of zeros over its mean in the simulated data sets
 *   outliers     rows above or below all R simulated values
 *
 * Kolmogorov's p value takes rows as independent, which rows of one unit are not. The calibrated p values do not: the observed data set and
 * the R simulated ones are exchangeable if the model is right, so each takes the part of the observed one in turn (Barnard 1963),
 *
 *   p = (1 + #{T_r >= T}) / (R + 1)
 *
 * for D and, to both sides, for the number of outliers.
 */
import type { RandomStream } from "../data/random.js";
import { binomialTest } from "./distributions/binomial-test.js";
import { uniformityTest } from "./distributions/kolmogorov.js";

export interface UniformityTest {
  /** D. */
  readonly statistic: number;
  /** Kolmogorov's, for independent rows. */
  readonly pValue: number;
  /** From the simulated data sets; null where they are too many numbers to keep (`MOST_NUMBERS`). */
  readonly calibrated: number | null;
}

export interface RatioTest {
  readonly observed: number;
  /** Mean of the simulated data sets. */
  readonly expected: number;
  /** observed / expected. */
  readonly ratio: number;
  /** To both sides: twice the smaller share of simulated data sets at least as far out. */
  readonly pValue: number;
}

export interface OutlierTest {
  readonly observed: number;
  readonly expected: number;
  /** Exact binomial with probability 2 / (R + 1), which continuous responses have. */
  readonly pValue: number;
  /** From the simulated data sets; null where they are too many numbers to keep. */
  readonly calibrated: number | null;
}

export interface SimulatedTests {
  /** n: r_i. */
  readonly residuals: Float64Array;
  /** n: 1 where a row is above all simulated values, -1 where below, else 0. */
  readonly outside: Int8Array;
  readonly uniformity: UniformityTest;
  readonly dispersion: RatioTest | null;
  readonly zeros: RatioTest | null;
  readonly outliers: OutlierTest;
}

/** What is tested beside uniformity and outliers. */
export interface SimulatedTestOptions {
  /** n: what the model predicts for the rows; null for no test of dispersion. */
  readonly predicted: Float64Array | null;
  readonly zeros: boolean;
  /** For ties. */
  readonly random: RandomStream;
}

/** Simulated numbers that are kept for calibrated p values: 160 MB. */
export const MOST_NUMBERS = 2e7;

/**
 * @param observed n values
 * @param draw the r-th simulated response, n values
 * @param count R
 */
export function simulatedTests(
  observed: Float64Array,
  draw: (r: number) => Float64Array,
  count: number,
  { predicted, zeros, random }: SimulatedTestOptions,
): SimulatedTests {
  const n = observed.length;
  const kept = n * count <= MOST_NUMBERS ? new Float64Array(n * count) : null;
  const below = new Int32Array(n);
  const equal = new Int32Array(n);
  const spreads = new Float64Array(count);
  const zeroCounts = new Float64Array(count);
  for (let r = 0; r < count; r++) {
    const y = draw(r);
    for (let i = 0; i < n; i++) {
      const value = y[i]!;
      if (value < observed[i]!) below[i] = below[i]! + 1;
      else if (value === observed[i]) equal[i] = equal[i]! + 1;
      if (kept !== null) kept[i * count + r] = value;
    }
    if (predicted !== null) spreads[r] = spread(y, predicted);
    if (zeros) zeroCounts[r] = zerosIn(y);
  }
  const residuals = Float64Array.from(below, (own, i) => (own + (equal[i]! > 0 ? random.uniform() * equal[i]! : 0)) / count);
  const outside = Int8Array.from(below, (own, i) => (own === count ? 1 : own + equal[i]! === 0 ? -1 : 0));
  const outliers = outside.reduce((sum, side) => sum + Math.abs(side), 0);
  const calibration = kept === null ? null : calibrated(observed, kept, count, random);
  return {
    residuals,
    outside,
    uniformity: { ...uniformityTest(residuals), calibrated: calibration?.uniformity ?? null },
    dispersion: predicted === null ? null : ratioTest(spread(observed, predicted), spreads),
    zeros: zeros ? ratioTest(zerosIn(observed), zeroCounts) : null,
    outliers: {
      observed: outliers,
      expected: calibration?.expectedOutliers ?? (2 * n) / (count + 1),
      pValue: binomialTest(outliers, n, 2 / (count + 1)),
      calibrated: calibration?.outliers ?? null,
    },
  };
}

/** Of the observed data set, 0, and each simulated one among the others: D of the ranks, and the rows outside. */
function calibrated(
  observed: Float64Array,
  kept: Float64Array,
  count: number,
  random: RandomStream,
): { readonly uniformity: number; readonly outliers: number; readonly expectedOutliers: number } {
  const n = observed.length;
  const sets = count + 1;
  // By data set: how many rows have each rank, 0 ... R, among the others.
  const ranks = new Int32Array(sets * sets);
  const outside = new Float64Array(sets);
  const values = new Float64Array(sets);
  const sorted = new Float64Array(sets);
  for (let i = 0; i < n; i++) {
    values[0] = observed[i]!;
    for (let r = 0; r < count; r++) values[r + 1] = kept[i * count + r]!;
    sorted.set(values);
    sorted.sort();
    for (let k = 0; k < sets; k++) {
      const first = place(sorted, values[k]!, false);
      const ties = place(sorted, values[k]!, true) - first;
      const rank = ties === 1 ? first : first + random.integer(ties);
      ranks[k * sets + rank] = ranks[k * sets + rank]! + 1;
      if (ties === 1 && (first === 0 || first === count)) outside[k] = outside[k]! + 1;
    }
  }
  const distances = Float64Array.from({ length: sets }, (_, k) => {
    let sum = 0;
    let largest = 0;
    for (let rank = 0; rank < sets; rank++) {
      sum += ranks[k * sets + rank]!;
      largest = Math.max(largest, Math.abs(sum / n - (rank + 1) / sets));
    }
    return largest;
  });
  const atLeast = (all: Float64Array, sign: number): number => all.filter((value) => sign * value >= sign * all[0]!).length / sets;
  const simulated = outside.subarray(1);
  return {
    uniformity: atLeast(distances, 1),
    outliers: Math.min(1, 2 * Math.min(atLeast(outside, 1), atLeast(outside, -1))),
    expectedOutliers: simulated.reduce((sum, value) => sum + value, 0) / count,
  };
}

/** How many of the sorted values are less than this one, or at most this one. */
function place(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function spread(y: Float64Array, predicted: Float64Array): number {
  const n = y.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (y[i]! - predicted[i]!) / n;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (y[i]! - predicted[i]! - mean) ** 2;
  return sum / (n - 1);
}

function zerosIn(y: Float64Array): number {
  let count = 0;
  for (const value of y) if (value === 0) count++;
  return count;
}

function ratioTest(observed: number, simulated: Float64Array): RatioTest {
  const count = simulated.length;
  const expected = simulated.reduce((sum, value) => sum + value, 0) / count;
  const atMost = simulated.filter((value) => value <= observed).length / count;
  const atLeast = simulated.filter((value) => value >= observed).length / count;
  return { observed, expected, ratio: observed / expected, pValue: Math.min(1, 2 * Math.min(atMost, atLeast)) };
}
