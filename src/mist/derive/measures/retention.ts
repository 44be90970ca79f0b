/**
 * V30, whether a teacher is on the roster of the same school in the next cycle; a school's stability is the share retained.
 */

export type Retained = "school" | "district";

/**
 * @param unit the teacher's school (or district), @param nextUnit that of the next cycle, -1 where not on any roster
 * @param observed whether the school (district) has a roster in the next cycle; if not, nothing can be told
 * @example [retained(3, 3, true), retained(3, -1, true), retained(3, -1, false)] // => [1, 0, NaN]
 */
export function retained(unit: number, nextUnit: number, observed: boolean): number {
  if (!observed || unit < 0) return Number.NaN;
  return nextUnit === unit ? 1 : 0;
}
