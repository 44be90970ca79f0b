/**
 * V38, signals on a run chart and a p-chart (Perla, Provost & Murray 2011; Montgomery 2013, ch. 7):
 *
 *   baseline = median of the first 8 points;   shift = 6 or more successive points on one side of it (points on it are passed over)
 *   trend = 5 or more successive points strictly rising or falling;   limits p +- 3 sqrt(p (1 - p) / n),  p the share over the baseline
 *
 * Small-sample limits are quantiles of the binomial distribution at the same tail areas, 0.00135.
 */
import { quantileSorted } from "../../../data/quantile.js";
import { normalCdf } from "../../../models/special/normal.js";

export interface RunChartRules {
  /** Points that make the baseline. */
  readonly baseline: 8 | 5 | 12;
  /** Successive points on one side that make a shift. */
  readonly shift: 6 | 8;
  readonly limits: "normal" | "binomial";
}

/** Points that make a trend. */
const TREND = 5;
/** Width of the limits in standard deviations. */
const WIDTH = 3;

export interface RunChart {
  /** Median of the baseline; NaN where there are fewer points than it needs. */
  readonly median: number;
  /** Share over the baseline's answers. */
  readonly centre: number;
  /** 1 for points within a shift, a trend, or beyond the limits; else 0. Missing without a baseline (a trend needs none). */
  readonly shift: Float64Array;
  readonly trend: Float64Array;
  readonly beyond: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * @param shares one a point, in time, none missing; @param sizes the answers behind each
 * @example runChart([0.2, 0.3, 0.4, 0.5, 0.6], [10, 10, 10, 10, 10], { baseline: 5, shift: 6, limits: "normal" }).trend // => Float64Array [1, 1, 1, 1, 1]
 */
export function runChart(shares: readonly number[], sizes: readonly number[], rules: RunChartRules): RunChart {
  const n = shares.length;
  const first = shares.slice(0, rules.baseline);
  const enough = first.length === rules.baseline;
  const median = enough ? quantileSorted(Float64Array.from(first).sort(), 0.5) : Number.NaN;
  const answers = sizes.slice(0, rules.baseline).reduce((a, b) => a + b, 0);
  const centre = enough ? first.reduce((sum, share, k) => sum + share * sizes[k]!, 0) / answers : Number.NaN;
  const limits = sizes.map((size) => (rules.limits === "normal" ? normalLimits(centre, size) : binomialLimits(centre, size)));
  const lower = Float64Array.from(limits, ([low]) => low);
  const upper = Float64Array.from(limits, ([, high]) => high);
  const beyond = Float64Array.from({ length: n }, (_, k) =>
    enough ? (shares[k]! < lower[k]! || shares[k]! > upper[k]! ? 1 : 0) : Number.NaN,
  );
  return {
    median,
    centre,
    shift: enough ? shifts(shares, median, rules.shift) : new Float64Array(n).fill(Number.NaN),
    trend: trends(shares),
    beyond,
    lower,
    upper,
  };
}

/** Marks the points of runs of `length` or more on one side of the median; points on the median belong to no run and end none. */
function shifts(shares: readonly number[], median: number, length: number): Float64Array {
  const marks = new Float64Array(shares.length);
  let run: number[] = [];
  let side = 0;
  shares.forEach((share, k) => {
    const here = Math.sign(share - median);
    if (here === 0) return;
    run = here === side ? [...run, k] : [k];
    side = here;
    if (run.length >= length) for (const point of run) marks[point] = 1;
  });
  return marks;
}

/** Marks the points of strictly monotone runs of TREND or more; where the line turns, one point belongs to two runs. */
function trends(shares: readonly number[]): Float64Array {
  const marks = new Float64Array(shares.length);
  let start = 0;
  let direction = 0;
  for (let k = 1; k <= shares.length; k++) {
    const step = k < shares.length ? Math.sign(shares[k]! - shares[k - 1]!) : 0;
    if (k < shares.length && step === direction) continue;
    if (direction !== 0 && k - start >= TREND) marks.fill(1, start, k);
    start = step === 0 ? k : k - 1;
    direction = step;
  }
  return marks;
}

function normalLimits(centre: number, size: number): readonly [number, number] {
  const reach = WIDTH * Math.sqrt((centre * (1 - centre)) / size);
  return [Math.max(0, centre - reach), Math.min(1, centre + reach)];
}

/** The shares below and above which less than the normal limits' tail area lies. */
function binomialLimits(centre: number, size: number): readonly [number, number] {
  if (Number.isNaN(centre) || size === 0) return [Number.NaN, Number.NaN];
  const tail = normalCdf(-WIDTH);
  const masses = binomialMasses(centre, size);
  let low = 0;
  for (let below = masses[0]!; low < size && below < tail; low++) below += masses[low + 1]!;
  let high = size;
  for (let above = masses[size]!; high > 0 && above < tail; high--) above += masses[high - 1]!;
  return [low / size, high / size];
}

function binomialMasses(p: number, n: number): Float64Array {
  const masses = new Float64Array(n + 1);
  if (p <= 0 || p >= 1) {
    masses[p <= 0 ? 0 : n] = 1;
    return masses;
  }
  let log = n * Math.log1p(-p);
  for (let k = 0; k <= n; k++) {
    masses[k] = Math.exp(log);
    log += Math.log((n - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return masses;
}
