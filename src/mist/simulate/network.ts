/**
 * Advice networks. A teacher may name colleagues, coaches and administrators of the school, coaches who serve the school from
 * elsewhere, and the district's mathematics specialists.
 *
 *   logit P(tie) = kappa_0 (kappa_1 in the first cycle) + role of the other one + kappa_exp expertise of the other one a year ago
 *                + kappa_grade [same grade] + kappa_mtg (meeting quality - 2) + kappa_hours hours in meetings + kappa_prev [tie a year ago]
 *                + who asks + who is asked + school
 *   logit P(deep) = depth_0 + depth_exp expertise of the other one a year ago + depth_mtg (meeting quality - 2)
 */
import type { Level } from "../codebook/category-sets.js";
import { logistic, ordered } from "./draws.js";
import { levels } from "./levels.js";
import type { Setting } from "./setting.js";
import { coachesOf, type District, type School, type TeacherYear } from "./state.js";

interface Alter {
  readonly id: string;
  readonly role: Level<"roster_role">;
  readonly receiver: number;
  readonly grade: number | null;
  readonly sameSchool: boolean;
  readonly intercept: number;
}

/** The roster and the ties of one cycle; fills the teachers' ties. */
export function makeNetwork(
  setting: Setting,
  district: District,
  cycle: number,
  teachersOf: (school: School) => readonly TeacherYear[],
  expertiseBefore: ReadonlyMap<string, number>,
  tiesBefore: ReadonlySet<string>,
): Set<string> {
  pushRoster(district, cycle);
  const ties = new Set<string>();
  for (const school of district.schools) {
    const teachers = teachersOf(school);
    const others = othersOf(setting, district, cycle, school);
    const colleagues = teachers.map(
      ({ teacher, grade }): Alter => ({
        id: teacher.id,
        role: "teacher",
        receiver: teacher.traits.receiver,
        grade,
        sameSchool: true,
        intercept: 0,
      }),
    );
    for (const ego of teachers) {
      for (const alter of [...colleagues, ...others]) {
        if (alter.id === ego.teacher.id) continue;
        const name = `${ego.teacher.id} ${alter.id}`;
        const expertise = expertiseBefore.get(alter.id) ?? 0;
        if (drawTie(setting, school, ego, alter, expertise, tiesBefore.has(name), district)) ties.add(name);
      }
    }
  }
  return ties;
}

function drawTie(
  setting: Setting,
  school: School,
  ego: TeacherYear,
  alter: Alter,
  expertise: number,
  before: boolean,
  district: District,
): boolean {
  const { p } = setting;
  const stream = setting.stream("network_edges", ego.teacher.id, alter.id, ego.cycle);
  const quality = (ego.meetingQuality ?? 2) - 2;
  const eta =
    (ego.cycle === 1 ? p.kappa_1 : p.kappa_0) +
    alter.intercept +
    p.kappa_exp * expertise +
    (alter.grade === ego.grade ? p.kappa_grade : 0) +
    p.kappa_mtg * quality +
    p.kappa_hours * ego.meetingHours +
    (before ? p.kappa_prev : 0) +
    ego.teacher.traits.sender +
    alter.receiver +
    school.network;
  if (!stream.bernoulli(logistic(eta))) return false;
  const deep = stream.bernoulli(logistic(p.depth_0 + p.depth_exp * expertise + p.depth_mtg * quality));
  const frequency = ordered(stream, (deep ? 0.4 : 0) + (before ? 0.5 : 0) + (alter.role === "teacher" ? 0.5 : 0), [-1.2, -0.1, 0.9, 2.2]);
  ego.ties.push({ alter: alter.id, deep });
  district.rows.network_edges.push({
    ego_id: ego.teacher.id,
    alter_id: alter.id,
    cycle: ego.cycle,
    frequency: levels("tie_frequency")[frequency]!,
    depth: deep ? "high" : "low",
    alter_role: alter.role,
    same_school: alter.sameSchool,
  });
  return true;
}

/** Whom the teachers of a school may name besides each other. */
function othersOf(setting: Setting, district: District, cycle: number, school: School): Alter[] {
  const { p } = setting;
  const coaches = coachesOf(district, cycle, school).map(
    ({ year: { coach, schools } }): Alter => ({
      id: coach.id,
      role: "coach",
      receiver: coach.receiver,
      grade: null,
      sameSchool: schools[0] === school,
      intercept: p.kappa_coach,
    }),
  );
  const leaders = district.leaderYears[cycle - 1]!.flatMap((year): Alter[] => {
    const { id, receiver } = year.leader;
    if (year.school === school) {
      return [{ id, role: "administrator", receiver, grade: null, sameSchool: true, intercept: p.kappa_admin }];
    }
    if (year.role !== "math_specialist") return [];
    return [{ id, role: "district", receiver, grade: null, sameSchool: false, intercept: p.kappa_district }];
  });
  return [...coaches, ...leaders];
}

/** Teachers are asked; coaches, administrators and the district's staff enter as those who may be named. */
function pushRoster(district: District, cycle: number): void {
  const { network_roster: roster } = district.rows;
  for (const { teacher, school } of district.years[cycle - 1]!) {
    roster.push({ person_id: teacher.id, cycle, school_id: school.id, role: "teacher", responded: true });
  }
  for (const { coach, schools } of district.coachYears[cycle - 1]!) {
    roster.push({ person_id: coach.id, cycle, school_id: schools[0]!.id, role: "coach", responded: false });
  }
  for (const { leader, school } of district.leaderYears[cycle - 1]!) {
    const role = school === null ? "district" : "administrator";
    roster.push({ person_id: leader.id, cycle, school_id: school?.id ?? null, role, responded: false });
  }
}
