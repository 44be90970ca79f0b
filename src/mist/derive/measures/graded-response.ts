/**
 * Scores by the graded-response model (Samejima 1969), fitted by EM over a grid (Bock & Aitkin 1981):
 *
 *   P(Y_ij >= k | theta_i) = logit^-1(a_j theta_i - b_jk),   theta_i ~ N(0, 1),   score_i = E(theta_i | y_i)
 *
 * Categories that do not occur are passed over, items with one category left out. With `equalSlopes` all items have one a, so that
 * two items suffice (with slopes of their own two items leave a free). The M step is one step of Fisher scoring, halved until it raises the expected log-likelihood.
 */
import { Matrix, solve } from "ml-matrix";
import { meanPresent } from "./arithmetic.js";

export interface GradedResponseOptions {
  /** One slope for all items; default false. */
  readonly equalSlopes?: boolean;
  /** Rows with fewer items answered get no score; default 1. */
  readonly least?: number;
}

export interface GradedResponse {
  /** n expected values of theta; NaN where too few items were answered, and throughout where fewer than two items vary. */
  readonly scores: Float64Array;
  /** One an item; NaN for items left out. */
  readonly slopes: Float64Array;
}

const GRID = 61;
const REACH = 6;
const MOST_STEPS = 2000;
const TOLERANCE = 1e-7;

interface Item {
  /** Category of each pattern, -1 where not answered. */
  readonly codes: Int32Array;
  readonly categories: number;
  slope: number;
  thresholds: Float64Array;
}

/**
 * @param items n whole numbers each, NaN where not answered
 * @example gradedResponse([Float64Array.of(0, 1, 0, 1), Float64Array.of(0, 0, 0, 0)]).scores // => Float64Array [NaN, NaN, NaN, NaN]
 */
export function gradedResponse(items: readonly Float64Array[], options: GradedResponseOptions = {}): GradedResponse {
  const { equalSlopes = false, least = 1 } = options;
  const n = items[0]!.length;
  const { patternOf, counts, first } = patterns(items);
  const starts = items.map((item) => startOf(item, first));
  const used = starts.filter((item) => item !== null);
  const slopes = new Float64Array(items.length).fill(Number.NaN);
  if (used.length < 2) return { scores: new Float64Array(n).fill(Number.NaN), slopes };
  const theta = Float64Array.from({ length: GRID }, (_, q) => -REACH + (2 * REACH * q) / (GRID - 1));
  const prior = theta.map((t) => Math.exp(-0.5 * t * t));
  let posterior = expectation(used, theta, prior, first.length);
  for (let step = 0; step < MOST_STEPS; step++) {
    const change = maximization(used, posterior, counts, theta, equalSlopes);
    posterior = expectation(used, theta, prior, first.length);
    if (change < TOLERANCE) break;
  }
  const sign = Math.sign(used.reduce((sum, { slope }) => sum + slope, 0)) || 1;
  const means = posterior.map((weights) => sign * weights.reduce((sum, w, q) => sum + w * theta[q]!, 0));
  const answered = (i: number): number => items.reduce((count, item) => count + (Number.isNaN(item[i]!) ? 0 : 1), 0);
  starts.forEach((item, j) => {
    if (item !== null) slopes[j] = sign * item.slope;
  });
  return {
    scores: Float64Array.from({ length: n }, (_, i) => (answered(i) < Math.max(1, least) ? Number.NaN : means[patternOf[i]!]!)),
    slopes,
  };
}

/** Rows with the same answers, once. */
function patterns(items: readonly Float64Array[]): {
  readonly patternOf: Int32Array;
  readonly counts: Float64Array;
  readonly first: readonly number[];
} {
  const n = items[0]!.length;
  const patternOf = new Int32Array(n);
  const known = new Map<string, number>();
  const first: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < n; i++) {
    const key = items.map((item) => item[i]).join(",");
    let pattern = known.get(key);
    if (pattern === undefined) {
      pattern = first.push(i) - 1;
      known.set(key, pattern);
      counts.push(0);
    }
    patternOf[i] = pattern;
    // Rows without any answer tell nothing.
    if (items.some((item) => !Number.isNaN(item[i]!))) counts[pattern]!++;
  }
  return { patternOf, counts: Float64Array.from(counts), first };
}

/** The item at slope 1 with thresholds at the marginal logits; null where it has one category. */
function startOf(values: Float64Array, first: readonly number[]): Item | null {
  const present = values.filter((value) => !Number.isNaN(value));
  const levels = Float64Array.from(new Set(present)).sort();
  if (levels.length < 2) return null;
  const codes = Int32Array.from(first, (i) => levels.indexOf(values[i]!));
  const thresholds = Float64Array.from({ length: levels.length - 1 }, (_, k) => {
    const above = meanPresent(present.map((value) => (value > levels[k]! ? 1 : 0)));
    return -1.2 * Math.log(above / (1 - above));
  });
  return { codes, categories: levels.length, slope: 1, thresholds };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** P(Y >= k), k = 0 ... categories, at one theta. */
function upper({ categories }: Item, slope: number, thresholds: Float64Array, theta: number): Float64Array {
  const values = new Float64Array(categories + 1);
  values[0] = 1;
  for (let k = 1; k < categories; k++) values[k] = logistic(slope * theta - thresholds[k - 1]!);
  return values;
}

const SMALLEST = 1e-300;

/** The posterior of theta on the grid, one a pattern. */
function expectation(items: readonly Item[], theta: Float64Array, prior: Float64Array, count: number): Float64Array[] {
  const tables = items.map((item) => Array.from(theta, (t) => upper(item, item.slope, item.thresholds, t)));
  return Array.from({ length: count }, (_, pattern) => {
    const weights = prior.slice();
    items.forEach(({ codes }, j) => {
      const code = codes[pattern]!;
      if (code < 0) return;
      for (let q = 0; q < GRID; q++) weights[q]! *= Math.max(SMALLEST, tables[j]![q]![code]! - tables[j]![q]![code + 1]!);
    });
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((w) => w / sum);
  });
}

/** One scoring step for all items. @returns the greatest change of a parameter */
function maximization(
  items: readonly Item[],
  posterior: readonly Float64Array[],
  counts: Float64Array,
  theta: Float64Array,
  equalSlopes: boolean,
): number {
  const expected = items.map((item) => expectedCounts(item, posterior, counts));
  const slopeAt = (j: number): number => (equalSlopes ? 0 : j);
  const slopeCount = equalSlopes ? 1 : items.length;
  const offsets: number[] = [];
  let size = slopeCount;
  for (const item of items) {
    offsets.push(size);
    size += item.thresholds.length;
  }
  const score = new Float64Array(size);
  const information = Matrix.zeros(size, size);
  items.forEach((item, j) => {
    accumulate(item, expected[j]!, theta, slopeAt(j), offsets[j]!, score, information);
  });
  const step = solve(information, Matrix.columnVector(Array.from(score))).to1DArray();
  const before = items.map(({ slope, thresholds }) => ({ slope, thresholds }));
  const value = (): number => items.reduce((sum, item, j) => sum + expectedLogLikelihood(item, expected[j]!, theta), 0);
  const start = value();
  for (let length = 1; length > 1e-8; length /= 2) {
    items.forEach((item, j) => {
      item.slope = before[j]!.slope + length * step[slopeAt(j)]!;
      item.thresholds = before[j]!.thresholds.map((b, k) => b + length * step[offsets[j]! + k]!);
    });
    const ordered = items.every(({ thresholds }) => thresholds.every((b, k) => k === 0 || b > thresholds[k - 1]!));
    if (ordered && value() >= start) return length * Math.max(...step.map(Math.abs));
  }
  items.forEach((item, j) => {
    Object.assign(item, before[j]!);
  });
  return 0;
}

/** Expected answers by grid point and category. */
function expectedCounts(item: Item, posterior: readonly Float64Array[], counts: Float64Array): Float64Array[] {
  const table = Array.from({ length: GRID }, () => new Float64Array(item.categories));
  posterior.forEach((weights, pattern) => {
    const code = item.codes[pattern]!;
    if (code < 0) return;
    for (let q = 0; q < GRID; q++) table[q]![code]! += counts[pattern]! * weights[q]!;
  });
  return table;
}

function expectedLogLikelihood(item: Item, expected: readonly Float64Array[], theta: Float64Array): number {
  let sum = 0;
  for (let q = 0; q < GRID; q++) {
    const above = upper(item, item.slope, item.thresholds, theta[q]!);
    for (let k = 0; k < item.categories; k++) sum += expected[q]![k]! * Math.log(Math.max(SMALLEST, above[k]! - above[k + 1]!));
  }
  return sum;
}

/** Adds the item's score and Fisher information. */
function accumulate(
  item: Item,
  expected: readonly Float64Array[],
  theta: Float64Array,
  slopeAt: number,
  offset: number,
  score: Float64Array,
  information: Matrix,
): void {
  const { categories } = item;
  const places = [slopeAt, ...Array.from({ length: categories - 1 }, (_, k) => offset + k)];
  for (let q = 0; q < GRID; q++) {
    const above = upper(item, item.slope, item.thresholds, theta[q]!);
    const density = above.map((p) => p * (1 - p));
    const answers = expected[q]!.reduce((a, b) => a + b, 0);
    for (let k = 0; k < categories; k++) {
      const probability = Math.max(SMALLEST, above[k]! - above[k + 1]!);
      const slopes = new Float64Array(categories);
      slopes[0] = theta[q]! * (density[k]! - density[k + 1]!);
      if (k > 0) slopes[k] = -density[k]!;
      if (k + 1 < categories) slopes[k + 1]! += density[k + 1]!;
      for (let a = 0; a < categories; a++) {
        if (slopes[a] === 0) continue;
        score[places[a]!]! += (expected[q]![k]! / probability) * slopes[a]!;
        for (let b = 0; b < categories; b++) {
          const [row, column] = [places[a]!, places[b]!];
          information.set(row, column, information.get(row, column) + (answers * slopes[a]! * slopes[b]!) / probability);
        }
      }
    }
  }
}
