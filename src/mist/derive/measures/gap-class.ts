/**
 * V33, what became of a planned support in a school and cycle (Cobb & Smith: a support may fail because it was not enacted, or
 * though it was):
 *
 *   not_enacted      enacted dose below half of the planned one, or another function than planned
 *   enacted_no_gain  enacted, and the interval of the school's growth holds 0 or lies below
 *   enacted_gain     enacted, and the interval lies above 0
 */
import { studentTQuantile } from "../../../inference/distributions/student-t.js";
import { ENACTED_SHARE } from "../../codebook/facts.js";
import { anyTrue, atLeast, not } from "./arithmetic.js";

export type EnactedShare = 0.5 | 0.75;
export type EnactedQuality = "any" | "at_least_2";

export const gapClasses: readonly ["not_enacted", "enacted_no_gain", "enacted_gain"] = ["not_enacted", "enacted_no_gain", "enacted_gain"];

/** Quality from which "at_least_2" takes a support as enacted. */
const SOUND_QUALITY = 2;

export interface PlannedAndEnacted {
  readonly plannedDose: number;
  readonly enactedDose: number;
  /** 1 where both functions are known and differ, 0 where they agree, NaN where one is unknown. */
  readonly otherFunction: number;
  /** 0-3. */
  readonly quality: number;
}

/**
 * Whether the support was enacted: 1, 0, or NaN.
 *
 * @example [enacted({ plannedDose: 4, enactedDose: 2, otherFunction: 0, quality: 1 }), enacted({ plannedDose: 4, enactedDose: 1, otherFunction: NaN, quality: 1 })] // => [1, 0]
 */
export function enacted(support: PlannedAndEnacted, share: EnactedShare = ENACTED_SHARE, quality: EnactedQuality = "any"): number {
  const failures = [not(atLeast(support.enactedDose - share * support.plannedDose, 0)), support.otherFunction];
  if (quality === "at_least_2") failures.push(not(atLeast(support.quality, SOUND_QUALITY)));
  return not(anyTrue(failures));
}

/**
 * V33 as an index into `gapClasses`; -1 where unknown.
 *
 * @param growth interval of the school's growth
 * @example [gapClass(0, { lower: NaN }), gapClass(1, { lower: 0.1 }), gapClass(1, { lower: -0.1 }), gapClass(1, { lower: NaN })] // => [0, 2, 1, -1]
 */
export function gapClass(isEnacted: number, growth: { readonly lower: number }): number {
  if (isEnacted === 0) return 0;
  if (Number.isNaN(isEnacted) || Number.isNaN(growth.lower)) return -1;
  return growth.lower > 0 ? 2 : 1;
}

/**
 * The 95 % interval of a mean by Student's t; NaN below two values.
 *
 * @example meanInterval(1, 0.5, 10).lower // => -0.1311
 */
export function meanInterval(mean: number, standardError: number, n: number): { readonly lower: number; readonly upper: number } {
  if (!(n >= 2) || Number.isNaN(mean + standardError)) return { lower: Number.NaN, upper: Number.NaN };
  const reach = studentTQuantile(0.975, n - 1) * standardError;
  return { lower: mean - reach, upper: mean + reach };
}
