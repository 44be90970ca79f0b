/**
 * V18, expertise of a teacher or coach in a cycle:
 *
 *   mean of z(iqa_composite), z(vision), z(mkt), at least two present,   z(x) = (x - m) / s
 *
 * m and s are mean and standard deviation over all persons of each person's first observed value. A coach's rubric of instructional
 * practice stands for the composite of lessons. Alternatives: one of the outcomes alone, instruction or knowledge.
 */
import { meanPresent, variancePresent } from "./arithmetic.js";

export type Expertise = "composite" | "iqa" | "mkt";

/** Mean and standard deviation that z uses. */
export interface Standard {
  readonly mean: number;
  readonly sd: number;
}

export interface ExpertiseStandards {
  readonly iqa: Standard;
  readonly vision: Standard;
  readonly mkt: Standard;
}

/** Two of the three must be present. */
const LEAST_PARTS = 2;

/** The standard of a variable, from each person's first value. @example standardOf([1, 3, NaN]).mean // => 2 */
export function standardOf(firstValues: ArrayLike<number>): Standard {
  return { mean: meanPresent(firstValues), sd: Math.sqrt(variancePresent(firstValues)) };
}

/** (x - mean) / sd; NaN where the standard does not vary. @example standardized(3, { mean: 1, sd: 2 }) // => 1 */
export function standardized(x: number, { mean, sd }: Standard): number {
  return sd > 0 ? (x - mean) / sd : Number.NaN;
}

/**
 * @example expertise(3, NaN, 1, { iqa: { mean: 2, sd: 1 }, vision: { mean: 2, sd: 1 }, mkt: { mean: 0, sd: 2 } }) // => 0.75
 */
export function expertise(iqa: number, vision: number, mkt: number, standards: ExpertiseStandards, how: Expertise = "composite"): number {
  const [practice, knowledge] = [standardized(iqa, standards.iqa), standardized(mkt, standards.mkt)];
  if (how === "iqa") return practice;
  if (how === "mkt") return knowledge;
  return meanPresent([practice, standardized(vision, standards.vision), knowledge], LEAST_PARTS);
}
