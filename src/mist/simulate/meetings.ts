/**
 * Collaborative meetings of a school's mathematics teachers.
 *
 *   logit P(link) = intercept of the link + school + [expert facilitator];   quality from the links (V21)
 *   a teacher's meeting quality = minutes-weighted mean over the meetings attended (V22)
 */

import { isoDate, logistic, rounded } from "./draws.js";
import { yearOf } from "./frame.js";
import { cycleUnitId } from "./ids.js";
import { levels } from "./levels.js";
import type { Setting } from "./setting.js";
import { coachesOf, type District, principalOf, type School, type TeacherYear } from "./state.js";

/** The months in which meetings are looked at, October to March. */
const MONTHS: readonly number[] = [10, 11, 12, 1, 2, 3];
const LEAST_MEETINGS = 6;

/** Meetings of one school in one cycle; fills the teachers' meeting quality and hours. */
export function makeMeetings(setting: Setting, district: District, school: School, cycle: number, teachers: readonly TeacherYear[]): void {
  const { p } = setting;
  const plan = setting.stream("collab_meetings.count", school.id, cycle);
  const count = LEAST_MEETINGS + plan.integer(5);
  const principal = principalOf(district, cycle, school);
  const [coach] = coachesOf(district, cycle, school);
  const attended = new Map<TeacherYear, { minutes: number; quality: number }>(teachers.map((year) => [year, { minutes: 0, quality: 0 }]));
  for (let k = 0; k < count; k++) {
    const id = cycleUnitId("M", district.number, cycle, school.index * 20 + k + 1, 3);
    const stream = setting.stream("collab_meetings", id);
    const minutes = 30 + 15 * stream.integer(5);
    const led = stream.categorical([0.15, 0.45, 0.4]);
    const byCoach = led === 2 && coach !== undefined;
    const expert = byCoach && coach.year.expertise > 0.2;
    const base = school.meetings + (expert ? p.link_expert : 0);
    const goals = stream.bernoulli(logistic(p.link_goals + base));
    const thinking = stream.bernoulli(logistic(p.link_thinking + base));
    const instruction = stream.bernoulli(logistic(p.link_instruction + base));
    const sharing = stream.bernoulli(p.p_sharing);
    const strands = (goals ? 1 : 0) + (thinking ? 1 : 0) + (instruction ? 1 : 0);
    const sharingOnly = strands === 0 && sharing;
    const quality = strands > 0 ? strands + 1 : sharingOnly ? 1 : 0;
    const activity = stream.categorical(strands === 0 ? ROUTINE : INQUIRY);
    const leaderPresent = stream.bernoulli(principal.practices!.plc_attendance!);
    const takesOver = stream.bernoulli(0.6);
    const teacherLeads = stream.integer(teachers.length);
    const month = MONTHS[Math.floor((k * MONTHS.length) / count)]!;
    district.rows.collab_meetings.push({
      meeting_id: id,
      school_id: school.id,
      cycle,
      date: isoDate(yearOf(cycle, month), month, 1 + stream.integer(27)),
      minutes,
      links_goals: goals,
      links_thinking: thinking,
      links_instruction: instruction,
      quality: levels("meeting_quality")[quality]!,
      is_sharing_only: sharingOnly,
      facilitator_id: led === 0 ? null : byCoach ? coach.year.coach.id : teachers[teacherLeads]!.teacher.id,
      expert_facilitation: led === 0 ? "0" : expert ? "2" : "1",
      activity: levels("meeting_activity")[activity]!,
      leader_present: leaderPresent,
      leader_takes_over: leaderPresent && takesOver && principal.practices!.takes_over_plc === true,
    });
    for (const year of teachers) {
      const came = setting.stream("collab_attendance", id, year.teacher.id).bernoulli(p.p_attend);
      if (!came && !(led === 1 && !byCoach && teachers[teacherLeads] === year)) continue;
      const sums = attended.get(year)!;
      sums.minutes += minutes;
      sums.quality += minutes * quality;
      district.rows.collab_attendance.push({ meeting_id: id, person_id: year.teacher.id });
    }
    if (byCoach) district.rows.collab_attendance.push({ meeting_id: id, person_id: coach.year.coach.id });
    if (leaderPresent) district.rows.collab_attendance.push({ meeting_id: id, person_id: principal.leader.id });
  }
  for (const [year, { minutes, quality }] of attended) {
    year.meetingQuality = minutes === 0 ? null : quality / minutes;
    year.meetingHours = rounded(minutes / 60);
  }
}

/** Weights of the activities in the codebook's order, for meetings without and with links. */
const ROUTINE: readonly number[] = [0.05, 0.05, 0.02, 0.01, 0.02, 0.05, 0.35, 0.3, 0.15];
const INQUIRY: readonly number[] = [0.15, 0.25, 0.1, 0.06, 0.08, 0.1, 0.18, 0.06, 0.02];
