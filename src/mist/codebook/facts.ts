/**
 * Facts of the study that its tables share: the cycles with their school years and phases, the round of one year, the grades,
 * the design's counts, and which posts belong to a school.
 */
import type { Level } from "./category-sets.js";
import { ranges } from "./ranges.js";

/** One annual cycle. */
export interface CycleFacts {
  readonly cycle: number;
  /** As in "2007-08". */
  readonly academicYear: string;
  readonly phase: number;
  /** The calendar year of the October round. */
  readonly autumn: number;
  /** The calendar year of field work and feedback. */
  readonly spring: number;
}

/** The autumn of cycle 1. */
const FIRST_AUTUMN = 2007;
/** Phase 2 begins with this cycle. */
const SECOND_PHASE = 5;

/** The cycles 1 to 8. */
export const cycles: readonly CycleFacts[] = Array.from({ length: ranges.cycle.maximum }, (_, k) => {
  const cycle = ranges.cycle.minimum + k;
  const autumn = FIRST_AUTUMN + k;
  return {
    cycle,
    academicYear: `${autumn}-${String((autumn + 1) % 100).padStart(2, "0")}`,
    phase: cycle < SECOND_PHASE ? 1 : 2,
    autumn,
    spring: autumn + 1,
  };
});

/**
 * The facts of one cycle.
 *
 * @param cycle 1 to 8
 * @throws RangeError for any other number
 * @example cycleFacts(3).academicYear // => "2009-10"
 */
export function cycleFacts(cycle: number): CycleFacts {
  const facts = cycles[cycle - ranges.cycle.minimum];
  if (facts === undefined) throw new RangeError(`cycle ${cycle}`);
  return facts;
}

/** The grades of the study. */
export const grades: readonly number[] = [6, 7, 8];

/** The months of one round: strategies are documented, followed in the field, and findings discussed with the district. */
export const annualRound = { october: 10, fieldStart: 1, fieldEnd: 3, feedback: 5 } as const;

/** The months in which coaches work, in the order of the school year. */
export const schoolYearMonths: readonly number[] = [8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6];

/** What the design fixes; counts of real data may fall short where people did not take part. */
export const design = {
  /** Focal teachers in each district and cycle. */
  focalTeachers: 30,
  /** Lessons of each filmed teacher-year, on consecutive school days. */
  lessons: 2,
  /** Network year 3 of RMT. */
  rmtThirdYear: { people: 112, networkLeaders: 4, apprenticeLeaders: 7 },
  rmtSchools: 14,
  rmtDisadvantagedSchools: 13,
  /** Recommendations, and what became of them. */
  recommendations: { total: 162, complete: 73, partial: 36, not: 53, successful: 19, partlySuccessful: 29, unsuccessful: 61 },
} as const;

/** Posts within a school; all other posts belong to the district's central office. */
export const schoolRoles: readonly Level<"staff_role">[] = ["teacher", "coach", "principal", "assistant_principal"];

/** Groups of the central office and the partnership; a network may lie in a school or span several. */
export const districtGroups: readonly Level<"group_type">[] = [
  "c_and_i",
  "leadership_unit",
  "ell_unit",
  "sped_unit",
  "rea_unit",
  "partnership",
];

/** A support counts as enacted from this share of the planned dose on. */
export const ENACTED_SHARE = 0.5;

/** What parts of a compound key, codes of an answer, and options are joined by within one cell. */
export const LIST_SEPARATOR = "|";
