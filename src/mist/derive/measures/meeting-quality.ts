/**
 * V21-V22, the quality of collaborative meetings, from k, the number of strands that the meeting linked (goals for students'
 * learning, students' thinking, instruction):
 *
 *   4 for k = 3,  3 for k = 2,  2 for k = 1,  else 1 where materials or tips were exchanged only,  else 0
 *
 * A teacher-year's mtg_quality is the mean over the meetings attended, weighted by their minutes; mtg_hours is the time attended.
 */
import { greatest, meanPresent, total, weightedMean } from "./arithmetic.js";

export type MeetingQuality = "strands" | "raw_count" | "expert_for_highest";
export type MeetingsOfTeacher = "attended" | "school_mean" | "maximum" | "share_high";

/** A meeting of high quality links two strands. */
const HIGH_QUALITY = 3;
/** The grade of expert facilitation that counts as expert. */
const EXPERT = 2;

/** V21's levels by their number. */
export const meetingLevels: readonly string[] = ["logistics", "sharing", "one_strand", "two_strands", "connected"];

/**
 * V21.
 *
 * @param links three flags 1, 0 or NaN; @param sharingOnly flag; @param expertFacilitation 0-2
 * @returns NaN where a link is unknown, and where no link is true and sharing is unknown; "expert_for_highest" gives 3 in place of 4 without an expert
 * @example [meetingQuality([1, 1, 1], 0), meetingQuality([0, 0, 0], 1), meetingQuality([1, 1, 1], 0, "expert_for_highest", 1)] // => [4, 1, 3]
 */
export function meetingQuality(
  links: readonly [number, number, number],
  sharingOnly: number,
  how: MeetingQuality = "strands",
  expertFacilitation: number = Number.NaN,
): number {
  const strands = total(links);
  if (how === "raw_count" || Number.isNaN(strands)) return strands;
  if (strands === 0) return sharingOnly;
  if (strands < 3 || how === "strands") return strands + 1;
  return Number.isNaN(expertFacilitation) ? Number.NaN : expertFacilitation >= EXPERT ? 4 : 3;
}

/**
 * V22. @param qualities V21 of the meetings, @param minutes their length
 *
 * @param how "school_mean" is asked with all the school's meetings, the others with those attended
 * @example teacherMeetingQuality([4, 1], [60, 30]) // => 3
 */
export function teacherMeetingQuality(
  qualities: ArrayLike<number>,
  minutes: ArrayLike<number>,
  how: MeetingsOfTeacher = "attended",
): number {
  if (how === "maximum") return greatest(qualities);
  if (how === "share_high") return meanPresent(Array.from(qualities, (q) => (Number.isNaN(q) ? Number.NaN : q >= HIGH_QUALITY ? 1 : 0)));
  return weightedMean(qualities, minutes);
}
