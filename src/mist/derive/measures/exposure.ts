/**
 * V19-V20, exposure to the expertise of those whom a person turns to for advice (Frank, Zhao & Borman 2004):
 *
 *   exposure_mean = mean of expertise at t - 1 over the alters named at t whose expertise is known;   max, sum, and mean over deep ties likewise
 *   exposure_gap  = exposure_mean - own expertise at t - 1
 *
 * Missing where none is known. Who named nobody is an isolate: exposure is missing, or 0 where asked for, beside the indicator.
 */
import { anyTrue, atLeast, greatest, meanPresent, weightedMean } from "./arithmetic.js";

export type ExposureWeights = "equal" | "frequency";
export type ExposureOfIsolates = "missing" | "zero";
export type ExposureAlters = "current" | "previous_cycle";
export type ExposureGap = "mean" | "max" | "share_above";

/** One alter whom the person named. */
export interface Alter {
  /** V18 at t - 1; NaN where not known. */
  readonly expertise: number;
  /** 1 for a deep tie, 0 for another, NaN where not known. */
  readonly deep: number;
  /** 1 to 5; NaN where not known. */
  readonly frequency: number;
}

export interface Exposure {
  readonly mean: number;
  readonly max: number;
  readonly deep: number;
  readonly sum: number;
  /** Whether one of them is accomplished: expertise of at least ACCOMPLISHED. */
  readonly anyExpert: number;
}

/** Expertise from which a person counts as accomplished. */
export const ACCOMPLISHED = 0.5;

/**
 * V19.
 *
 * @returns NaN where no alter's expertise is known; for someone without alters as `isolates` says
 * @example exposure([{ expertise: 1, deep: 1, frequency: 5 }, { expertise: 0, deep: 0, frequency: 1 }]).mean // => 0.5
 */
export function exposure(alters: readonly Alter[], weights: ExposureWeights = "equal", isolates: ExposureOfIsolates = "missing"): Exposure {
  if (alters.length === 0 && isolates === "zero") return { mean: 0, max: 0, deep: 0, sum: 0, anyExpert: 0 };
  const mean = (some: readonly Alter[]): number =>
    weightedMean(
      some.map((alter) => alter.expertise),
      some.map((alter) => (weights === "equal" ? 1 : alter.frequency)),
    );
  const all = alters.map((alter) => alter.expertise);
  const known = all.filter((value) => !Number.isNaN(value));
  return {
    mean: mean(alters),
    max: greatest(all),
    deep: mean(alters.filter(({ deep }) => deep === 1)),
    sum: known.length === 0 ? Number.NaN : known.reduce((a, b) => a + b, 0),
    anyExpert: anyTrue(all.map((value) => atLeast(value, ACCOMPLISHED))),
  };
}

/**
 * V20.
 *
 * @param own the person's expertise at t - 1
 * @example [exposureGap([1, 0], 0.5, 0), exposureGap([1, 0], 0.5, 0.5, "share_above")] // => [0.5, 0.5]
 */
export function exposureGap(alters: readonly number[], mean: number, own: number, how: ExposureGap = "mean"): number {
  if (how === "max") return greatest(alters) - own;
  if (how === "mean" || Number.isNaN(own)) return mean - own;
  return meanPresent(alters.map((value) => (Number.isNaN(value) ? Number.NaN : value > own ? 1 : 0)));
}
