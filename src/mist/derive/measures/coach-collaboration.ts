/**
 * V26, how far principal and coach work together: one point each for meetings twice a month or more, for observing lessons
 * together, and for not giving the coach duties away from teachers (Cobb & Jackson). 0 to 3.
 */
import { atLeast, not, total } from "./arithmetic.js";

export type CoachCollaboration = "three_signs" | "meetings";

/** Meetings a month. */
const REGULAR_MEETINGS = 2;

/**
 * @returns 0-3, NaN where a sign is unknown; "meetings": 1 where they meet regularly, else 0
 * @example [coachCollaboration(2, 1, 0), coachCollaboration(2, 0, 1, "meetings")] // => [3, 1]
 */
export function coachCollaboration(
  meetingsMonth: number,
  observesWithCoach: number,
  divertsCoach: number,
  how: CoachCollaboration = "three_signs",
): number {
  const meets = atLeast(meetingsMonth, REGULAR_MEETINGS);
  return how === "meetings" ? meets : total([meets, observesWithCoach, not(divertsCoach)]);
}
