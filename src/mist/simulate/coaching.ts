/**
 * Coaching events: what coaches do with single teachers and with groups in each school that they serve.
 *
 *   log hours = log(base x share) + diverted + time (collaboration - 1.5) + coach + noise
 *   mix of activities ~ Dirichlet, observing with feedback the largest on average
 *   a teacher's share of the hours ~ exp(-need x expertise of the year before)
 */

import { portableExp } from "../../data/random-math.js";
import type { Level } from "../codebook/category-sets.js";
import { schoolYearMonths } from "../codebook/facts.js";
import { clipped, logistic, rounded } from "./draws.js";
import { cycleUnitId } from "./ids.js";
import { levels } from "./levels.js";
import type { Setting } from "./setting.js";
import { type CoachYear, type District, principalOf, type School, type TeacherYear } from "./state.js";

/** Events of all coaches in one cycle; fills the teachers' doses and the coaches' hours. */
export function makeCoaching(
  setting: Setting,
  district: District,
  cycle: number,
  teachersOf: (school: School) => readonly TeacherYear[],
  expertiseBefore: ReadonlyMap<string, number>,
): void {
  let number = 0;
  for (const year of district.coachYears[cycle - 1]!) {
    let alone = 0;
    let groups = 0;
    for (const school of year.schools) {
      const teachers = teachersOf(school);
      for (const teacher of teachers) teacher.coachExpertise = year.expertise;
      const stream = setting.stream("coaching_events.hours", year.coach.id, school.id, cycle);
      const [hours, groupHours] = hoursOf(setting, district, year, school, stream);
      const mix = levels("one_on_one_activity").map((activity) => stream.gamma(setting.p[mixNames[activity]]));
      const needs = teachers.map(({ teacher }) => portableExp(-setting.p.coach_need * (expertiseBefore.get(teacher.id) ?? 0)));
      for (let spent = 0; spent < hours; ) {
        const event = aloneEvent(setting, year, school, cycle, ++number, district, teachers[stream.categorical(needs)]!, mix);
        spent += event;
        alone += event;
      }
      for (let spent = 0; spent < groupHours; ) {
        const event = groupEvent(setting, year, school, cycle, ++number, district);
        spent += event;
        groups += event;
      }
    }
    year.row.h_one_on_one = rounded(alone, 2);
    year.row.h_groups = rounded(groups, 2);
  }
}

const mixNames = {
  modelling: "mix_modelling",
  co_teaching: "mix_co_teaching",
  observe_feedback: "mix_observe",
  coaching_cycle: "mix_cycle",
} as const satisfies Readonly<Record<Level<"one_on_one_activity">, string>>;

function hoursOf(
  { p }: Setting,
  district: District,
  { coach, cycle, fte, schools }: CoachYear,
  school: School,
  stream: ReturnType<Setting["stream"]>,
): readonly [alone: number, groups: number] {
  const practices = principalOf(district, cycle, school).practices!;
  const collaboration = Number(practices.coach_collaboration);
  const log =
    (practices.diverts_coach === true ? p.coach_diverted : 0) +
    p.coach_time_coll * (collaboration - 1.5) +
    coach.hours +
    0.25 * stream.normal();
  const scale = (fte / schools.length / 0.5) * portableExp(log);
  return [p.coach_base_hours * scale, p.coach_group_hours * scale];
}

function aloneEvent(
  setting: Setting,
  { coach }: CoachYear,
  school: School,
  cycle: number,
  number: number,
  district: District,
  teacher: TeacherYear,
  mix: readonly number[],
): number {
  const id = cycleUnitId("E", district.number, cycle, number, 4);
  const stream = setting.stream("coaching_events", id);
  const activity = levels("one_on_one_activity")[stream.categorical(mix)]!;
  const cycleHours = activity === "coaching_cycle" ? 1.5 : 0;
  const hours = clipped(0.5 + cycleHours + 0.25 * stream.poisson(3), 0.25, 8);
  const [pre, work, debrief] = [stream.bernoulli(0.8), stream.bernoulli(0.95), stream.bernoulli(0.75)];
  const full = activity === "coaching_cycle";
  pushEvent(district, coach.skill, stream, {
    event_id: id,
    coach_id: coach.id,
    cycle,
    month: schoolYearMonths[stream.integer(schoolYearMonths.length)]!,
    mode: "one_on_one",
    activity,
    teacher_id: teacher.teacher.id,
    school_id: school.id,
    hours,
    pre_conference: full ? pre : null,
    classroom_work: full ? work : null,
    debrief: full ? debrief : null,
  });
  if (activity === "co_teaching" || activity === "coaching_cycle") teacher.doseHighLeverage += hours;
  if (activity === "observe_feedback") teacher.doseObserve += hours;
  return hours;
}

function groupEvent(setting: Setting, { coach }: CoachYear, school: School, cycle: number, number: number, district: District): number {
  const id = cycleUnitId("E", district.number, cycle, number, 4);
  const stream = setting.stream("coaching_events", id);
  const hours = clipped(0.75 + 0.25 * stream.poisson(3), 0.25, 8);
  pushEvent(district, coach.skill, stream, {
    event_id: id,
    coach_id: coach.id,
    cycle,
    month: schoolYearMonths[stream.integer(schoolYearMonths.length)]!,
    mode: "group",
    activity: levels("group_activity")[stream.categorical([0.35, 0.35, 0.15, 0.15])]!,
    teacher_id: null,
    school_id: school.id,
    hours,
    pre_conference: null,
    classroom_work: null,
    debrief: null,
  });
  return hours;
}

type EventRow = District["rows"]["coaching_events"][number];

function pushEvent(
  district: District,
  skill: number,
  stream: ReturnType<Setting["stream"]>,
  event: Omit<EventRow, "focal_practice" | "foregrounds_thinking" | "investigates" | "enacts">,
): void {
  district.rows.coaching_events.push({
    ...event,
    focal_practice: levels("focal_practice")[stream.categorical([0.15, 0.25, 0.15, 0.2, 0.15, 0.1])]!,
    foregrounds_thinking: stream.bernoulli(logistic(-0.3 + 0.6 * skill)),
    investigates: stream.bernoulli(0.5),
    enacts: stream.bernoulli(event.activity === "co_teaching" || event.activity === "coaching_cycle" ? 0.8 : 0.35),
  });
}
