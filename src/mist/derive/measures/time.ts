/**
 * V16, time: years since the teacher's first focal cycle; or cycle - 1; or years since the phase began.
 */
import { cycles } from "../../codebook/facts.js";

export type Time = "first_focal" | "cycle" | "phase";

const phaseStarts: ReadonlyMap<number, number> = new Map([...cycles].reverse().map(({ phase, cycle }) => [phase, cycle]));
const phaseOf: ReadonlyMap<number, number> = new Map(cycles.map(({ cycle, phase }) => [cycle, phase]));

/**
 * @param firstFocal the teacher's first focal cycle, NaN where never focal
 * @returns NaN for a cycle that the study does not have
 * @example [yearsInStudy(6, 4), yearsInStudy(6, 4, "cycle"), yearsInStudy(6, 4, "phase")] // => [2, 5, 1]
 */
export function yearsInStudy(cycle: number, firstFocal: number, how: Time = "first_focal"): number {
  if (how === "first_focal") return cycle - firstFocal;
  return how === "cycle" ? cycle - 1 : cycle - (phaseStarts.get(phaseOf.get(cycle) ?? Number.NaN) ?? Number.NaN);
}
