/**
 * Confidence intervals from bootstrap replicates t* of an estimate t, with t*(a) their quantile:
 *
 *   percentile   t*(alpha),   t*(1 - alpha)
 *   basic        2 t - t*(1 - alpha),   2 t - t*(alpha)
 *   BCa          t*(Phi(z0 + (z0 + z_alpha) / (1 - a (z0 + z_alpha)))),   z0 = Phi^-1(share of t* below t)
 *
 * (Davison & Hinkley 1997, sections 5.2-5.3; Efron 1987 for BCa), the acceleration a = sum d^3 / (6 (sum d^2)^(3/2)) from the jackknife of
 * units, d_j = mean(t_(.)) - t_(-j). Quantiles are interpolated on the normal scale, as R's `boot.ci` does.
 */
import { FitError, intervalMessages } from "../messages.js";
import { normalCdf, normalQuantile } from "../models/special/normal.js";
import type { BootstrapRecord, BootstrapReplicate } from "./bootstrap-record.js";
import type { Interval } from "./interval.js";

export type BootstrapInterval = "percentile" | "basic" | "bca";

/** Options of `bootstrapIntervals`. */
export interface BootstrapIntervalOptions {
  /** Coverage, default 0.95. */
  readonly level?: number;
  /** Default "percentile". */
  readonly kind?: BootstrapInterval;
}

/**
 * One interval for each of the record's terms, from the replicates that are done and have a value. Limits outside the range of a standard
 * deviation or a correlation are taken to its end, which `bounds` tells.
 *
 * @returns NaN where fewer than two replicates have a value, and of BCa intervals where units do not differ
 * @throws FitError for a level outside (0, 1), for BCa without a jackknife, and where no replicate is done
 * @example
 * const record = await bootstrap(fit, { type: "parametric", replicates: 19, seed: 1 });
 * bootstrapIntervals(record, { level: 0.9 }).length === record.terms.length // => true
 */
export function bootstrapIntervals(record: BootstrapRecord, options: BootstrapIntervalOptions = {}): readonly Interval[] {
  const { level = 0.95, kind = "percentile" } = options;
  if (!(level > 0 && level < 1)) throw new FitError(intervalMessages.badLevel(level));
  const kinds: readonly BootstrapInterval[] = ["percentile", "basic", "bca"];
  if (!kinds.includes(kind)) throw new FitError(intervalMessages.unknownChoice("kind", String(kind), kinds));
  if (!record.done.some(({ values }) => values !== null)) throw new FitError(intervalMessages.noReplicates);
  if (kind === "bca" && record.jackknife.length < record.leftOut) throw new FitError(intervalMessages.jackknifeUnfinished);
  if (kind === "bca" && record.leftOut === 0) throw new FitError(intervalMessages.bcaNeedsJackknife);
  const alpha = (1 - level) / 2;
  return record.terms.map((named, k): Interval => {
    const estimate = record.estimate[k] ?? Number.NaN;
    const sorted = columnOf(record.done, k).sort((a, b) => a - b);
    const [lower, upper] = limits(record, k, kind, alpha, estimate, sorted);
    const range = named.part === undefined ? null : rangeOf(named.term);
    const [first, last] = range === null ? [lower, upper] : [Math.max(lower, range[0]), Math.min(upper, range[1])];
    const bounds =
      range === null ? [] : [...(first === range[0] ? ["lower" as const] : []), ...(last === range[1] ? ["upper" as const] : [])];
    const { term, part, group } = named;
    return {
      term,
      estimate,
      lower: first,
      upper: last,
      level,
      ...(part === undefined ? {} : { part }),
      ...(group === undefined ? {} : { group }),
      ...(bounds.length === 0 ? {} : { bounds }),
    };
  });
}

function limits(
  record: BootstrapRecord,
  k: number,
  kind: BootstrapInterval,
  alpha: number,
  estimate: number,
  sorted: readonly number[],
): readonly [number, number] {
  if (sorted.length < 2) return [Number.NaN, Number.NaN];
  switch (kind) {
    case "percentile":
      return [normalInterpolated(sorted, alpha), normalInterpolated(sorted, 1 - alpha)];
    case "basic":
      return [2 * estimate - normalInterpolated(sorted, 1 - alpha), 2 * estimate - normalInterpolated(sorted, alpha)];
    case "bca": {
      // Replicates equal to the estimate (at the boundary) count half.
      const below = sorted.filter((t) => t < estimate).length + sorted.filter((t) => t === estimate).length / 2;
      const z0 = normalQuantile(below / sorted.length);
      const a = acceleration(columnOf(record.jackknife, k));
      const end = (z: number): number => normalInterpolated(sorted, normalCdf(z0 + (z0 + z) / (1 - a * (z0 + z))));
      return [end(normalQuantile(alpha)), end(normalQuantile(1 - alpha))];
    }
  }
}

function columnOf(replicates: readonly BootstrapReplicate[], k: number): number[] {
  return replicates.flatMap(({ values }) => (values === null || values[k] === null ? [] : [values[k]!]));
}

/** a = sum d^3 / (6 (sum d^2)^(3/2)). */
function acceleration(leftOut: readonly number[]): number {
  const mean = leftOut.reduce((sum, t) => sum + t, 0) / leftOut.length;
  let squares = 0;
  let cubes = 0;
  for (const t of leftOut) {
    squares += (mean - t) ** 2;
    cubes += (mean - t) ** 3;
  }
  return cubes / (6 * squares ** 1.5);
}

/** The quantile between two of R + 1 order statistics, by their normal scores; the outermost beyond them. */
export function normalInterpolated(sorted: readonly number[], probability: number): number {
  const count = sorted.length;
  const rank = (count + 1) * probability;
  const k = Math.floor(rank);
  if (Number.isNaN(rank)) return Number.NaN;
  if (k <= 0) return sorted[0]!;
  if (k >= count) return sorted[count - 1]!;
  if (rank === k) return sorted[k - 1]!;
  const score = (p: number): number => normalQuantile(p);
  const low = score(k / (count + 1));
  const share = (score(probability) - low) / (score((k + 1) / (count + 1)) - low);
  return sorted[k - 1]! + share * (sorted[k]! - sorted[k - 1]!);
}

/** Of standard deviations and correlations by their names; null for what may be any number. */
function rangeOf(term: string): readonly [number, number] | null {
  if (term.startsWith("sd__") || term === "sigma" || term === "shape") return [0, Number.POSITIVE_INFINITY];
  return term.startsWith("cor__") ? [-1, 1] : null;
}
