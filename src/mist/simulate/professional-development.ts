/**
 * Sessions of professional development and who attends: eight for teachers, four for coaches and two for leaders in each district and
 * cycle, and the three half days of the leadership experiment.
 */
import { cycleFacts } from "../codebook/facts.js";
import { isoDate, logistic, ordered, rounded } from "./draws.js";
import { yearOf } from "./frame.js";
import { cycleUnitId } from "./ids.js";
import { experimentGroup } from "./leaders.js";
import { levels } from "./levels.js";
import type { Setting } from "./setting.js";
import type { District } from "./state.js";

interface Series {
  readonly audience: "teachers" | "coaches" | "leaders";
  readonly count: number;
  /** Probability that one of the audience attends. */
  readonly attendance: number;
}

const SERIES: readonly Series[] = [
  { audience: "teachers", count: 8, attendance: 0.45 },
  { audience: "coaches", count: 4, attendance: 0.9 },
  { audience: "leaders", count: 2, attendance: 0.6 },
];

export function pushProfessionalDevelopment(setting: Setting, district: District): void {
  for (const cycle of district.cycles) {
    let number = 0;
    const year = setting.stream("pd_sessions.year", district.id, cycle);
    const sustained = year.bernoulli(0.6);
    const quality = 0.5 * year.normal();
    for (const { audience, count, attendance } of SERIES) {
      const people = audienceOf(district, cycle, audience);
      for (let k = 0; k < count; k++) {
        const id = pushSession(setting, district, cycle, ++number, audience, sustained, quality);
        for (const person of people) {
          const stream = setting.stream("pd_attendance", id.session, person);
          if (!stream.bernoulli(attendance)) continue;
          const whole = stream.bernoulli(0.9);
          district.rows.pd_attendance.push({ pd_id: id.session, person_id: person, hours: whole ? id.hours : rounded(id.hours / 2, 2) });
        }
      }
    }
    if (cycle === 3) pushExperiment(district, cycle, number);
  }
}

function audienceOf(district: District, cycle: number, audience: Series["audience"]): string[] {
  if (audience === "teachers") return district.years[cycle - 1]!.map(({ teacher }) => teacher.id);
  if (audience === "coaches") return district.coachYears[cycle - 1]!.map(({ coach }) => coach.id);
  return district.leaderYears[cycle - 1]!.flatMap(({ leader, school }) => (school === null ? [] : [leader.id]));
}

const MONTHS: readonly number[] = [8, 9, 10, 11, 12, 1, 2, 3, 4, 5];

function pushSession(
  setting: Setting,
  district: District,
  cycle: number,
  number: number,
  audience: Series["audience"],
  sustained: boolean,
  quality: number,
): { readonly session: string; readonly hours: number } {
  const session = cycleUnitId("P", district.number, cycle, number, 2);
  const stream = setting.stream("pd_sessions", session);
  const month = MONTHS[stream.integer(MONTHS.length)]!;
  const hours = 2 + 0.5 * stream.integer(9);
  const pedagogy = levels("pedagogy")[stream.categorical([0.35, 0.2, 0.2, 0.25])]!;
  const focal = levels("focal_practice")[stream.categorical([0.15, 0.2, 0.2, 0.2, 0.15, 0.1])]!;
  const own = stream.bernoulli(logistic(0.2 + quality));
  const depth = ordered(stream, quality, [-1, 0.8, 2.4]);
  const byCoach = stream.bernoulli(audience === "teachers" ? 0.4 : 0.1);
  district.rows.pd_sessions.push({
    pd_id: session,
    district_id: district.id,
    cycle,
    date: isoDate(yearOf(cycle, month), month, 1 + stream.integer(27)),
    hours,
    audience,
    pedagogy,
    focal_practice: focal,
    uses_own_materials: own,
    sustained_series: sustained,
    interaction_depth: levels("interaction_depth")[depth]!,
    led_by_coach: byCoach,
  });
  return { session, hours };
}

/** Three half days from August to October. */
function pushExperiment(district: District, cycle: number, before: number): void {
  const people = experimentGroup(district);
  if (people.length === 0) return;
  for (const [k, month] of [8, 9, 10].entries()) {
    const session = cycleUnitId("P", district.number, cycle, before + k + 1, 2);
    district.rows.pd_sessions.push({
      pd_id: session,
      district_id: district.id,
      cycle,
      date: isoDate(cycleFacts(cycle).autumn, month, 20),
      hours: 3.5,
      audience: "coaches_and_leaders",
      pedagogy: "both",
      focal_practice: "task_selection",
      uses_own_materials: true,
      sustained_series: true,
      interaction_depth: "2",
      led_by_coach: false,
    });
    for (const person_id of people) district.rows.pd_attendance.push({ pd_id: session, person_id, hours: 3.5 });
  }
}
