/**
 * V24, hours of coaching that a teacher received in a cycle, by activity:
 *
 *   dose_hl = co-teaching + coaching cycles (conjectured to be of high leverage, Cobb & Jackson);  dose_obs = observation and feedback
 *   dose_model = modelling;   dose_group = the school's group hours x the share of the school's meetings that the teacher attended
 *
 * Attendance of a coach's group work is not on record, hence the share of meetings. The log of coaching tells of a teacher without
 * entries that there were none, provided that coaching in the school was logged at all that cycle or the school had no coach.
 */

export type CoachingCycles = "all" | "complete";

/**
 * Hours of one activity.
 *
 * @param hours hours of the teacher's events with this activity
 * @param complete for "complete": 1 where a coaching cycle had all of conference, classroom work and debrief, 0 or NaN where not
 * @param logged whether absence of events means none
 * @example [coachingDose([1, 2], [1, 0], true), coachingDose([1, 2], [1, 0], true, "complete"), coachingDose([], [], false)] // => [3, 1, NaN]
 */
export function coachingDose(hours: readonly number[], complete: readonly number[], logged: boolean, how: CoachingCycles = "all"): number {
  if (!logged && hours.length === 0) return Number.NaN;
  return hours.reduce((sum, h, k) => sum + (how === "all" || complete[k] === 1 ? h : 0), 0);
}

/** @param attended share of the school's meetings attended @example groupDose(10, 0.5) // => 5 */
export function groupDose(groupHours: number, attended: number): number {
  return groupHours === 0 ? 0 : groupHours * attended;
}
