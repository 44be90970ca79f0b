/**
 * V2-V6, the demand of a lesson's task and whether teaching keeps it (Stein, Grover & Henningsen 1996; Boston 2012):
 *
 *   high_potential   potential >= 3
 *   maintained       implementation >= 3, asked of lessons of high potential only
 *   maintained_all   potential >= 3 and implementation >= 3, asked of every lesson
 *   demand_drop      potential - implementation
 *   maint_share      the teacher-year's share of lessons with maintained_all
 *
 * `maintained` conditions on the choice of a demanding task, `maintained_all` counts that choice in.
 */
import { allTrue, anyTrue, atLeast, meanPresent } from "./arithmetic.js";

export type HighPotential = 3 | 4 | "teacher_year_mean";
export type Maintained = "at_least_3" | "no_drop";
export type MaintainedAll = "zero" | "conditional";
export type MaintShare = "mean" | "conditional" | "any" | "both" | "empirical_bayes";
export type DemandDrop = "all" | "high_potential";

/** From this level on instruction is demanding. */
const DEMANDING = 3;
/** The cut for a mean over lessons. */
const DEMANDING_ON_AVERAGE = 2.5;

/**
 * V2. @param teacherYearMean mean potential of the teacher-year's lessons, asked for by "teacher_year_mean" only
 *
 * @example [highPotential(3), highPotential(2), highPotential(3, 4)] // => [1, 0, 0]
 */
export function highPotential(potential: number, how: HighPotential = 3, teacherYearMean: number = Number.NaN): number {
  return how === "teacher_year_mean" ? atLeast(teacherYearMean, DEMANDING_ON_AVERAGE) : atLeast(potential, how);
}

/**
 * V3. @param high V2 of the lesson
 *
 * @returns NaN also where the lesson's potential is not high
 * @example [maintained(1, 4, 3), maintained(1, 4, 3, "no_drop"), maintained(0, 2, 2)] // => [1, 0, NaN]
 */
export function maintained(high: number, potential: number, implementation: number, how: Maintained = "at_least_3"): number {
  if (high !== 1 || Number.isNaN(implementation)) return Number.NaN;
  return how === "at_least_3" ? atLeast(implementation, DEMANDING) : atLeast(implementation - potential, 0);
}

/**
 * V4: false where one of the two is low, even if the other is missing. @param high V2 @param kept V3
 *
 * @example [maintainedAll(1, 1), maintainedAll(0, NaN), maintainedAll(0, NaN, "conditional")] // => [1, 0, NaN]
 */
export function maintainedAll(high: number, kept: number, how: MaintainedAll = "zero"): number {
  if (how === "conditional") return kept;
  return high === 0 ? 0 : Number.isNaN(high) ? Number.NaN : kept;
}

/**
 * V5, but for "empirical_bayes".
 *
 * @param values V4 of the lessons present; V3 for "conditional"
 * @returns "both": NaN where fewer than two lessons are known and none is 0
 * @example [maintShare([1, 0]), maintShare([1, 0], "any"), maintShare([1, NaN], "both")] // => [0.5, 1, NaN]
 */
export function maintShare(values: ArrayLike<number>, how: Exclude<MaintShare, "empirical_bayes"> = "mean"): number {
  switch (how) {
    case "mean":
    case "conditional":
      return meanPresent(values);
    case "any":
      return anyTrue(values);
    case "both":
      return values.length < 2 && values[0] !== 0 ? Number.NaN : allTrue(values);
  }
}

/**
 * V6.
 *
 * @example [demandDrop(1, 4, 2), demandDrop(0, 2, 1, "high_potential")] // => [2, NaN]
 */
export function demandDrop(high: number, potential: number, implementation: number, how: DemandDrop = "all"): number {
  return how === "high_potential" && high !== 1 ? Number.NaN : potential - implementation;
}

/**
 * V5 by empirical Bayes: each unit's share is drawn to the mean mu as far as it is unreliable (beta-binomial, moments;
 * Kleinman 1973, J. Amer. Statist. Assoc. 68, 46-54):
 *
 *   p~_i = mu + w_i (p_i - mu),   w_i = n_i rho / (1 + (n_i - 1) rho)
 *   rho = (S - mu (1 - mu)(k - 1)) / (mu (1 - mu)(N - sum n_i^2 / N - (k - 1))),   S = sum n_i (p_i - mu)^2, cut to [0, 1]
 *
 * @param shares p_i, NaN where unknown
 * @param sizes n_i, lessons known
 * @example shrunkenShares(Float64Array.of(1, 0, 1, 0), Float64Array.of(2, 2, 2, 2)) // => Float64Array [1, 0, 1, 0]
 */
export function shrunkenShares(shares: Float64Array, sizes: Float64Array): Float64Array {
  let [units, lessons, squares, successes] = [0, 0, 0, 0];
  shares.forEach((share, i) => {
    if (Number.isNaN(share)) return;
    units++;
    lessons += sizes[i]!;
    squares += sizes[i]! ** 2;
    successes += share * sizes[i]!;
  });
  const mean = successes / lessons;
  const spread = mean * (1 - mean);
  let between = 0;
  shares.forEach((share, i) => {
    if (!Number.isNaN(share)) between += sizes[i]! * (share - mean) ** 2;
  });
  const room = spread * (lessons - squares / lessons - (units - 1));
  const rho = room > 0 ? Math.min(1, Math.max(0, (between - spread * (units - 1)) / room)) : 0;
  return shares.map((share, i) => {
    const n = sizes[i]!;
    return mean + ((n * rho) / (1 + (n - 1) * rho)) * (share - mean);
  });
}
