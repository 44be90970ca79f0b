/**
 * Who is on which school's roster in which cycle, and who is focal.
 *
 * After each cycle a teacher leaves the school with probability `turnover`; a leaver reappears in another school of the district with
 * probability `mobility`; a focal teacher who stays leaves the study with probability `withdraw`. Places are filled by those who
 * moved, then by new teachers; focal places from the same school's roster, or else from the district's, so that the number of focal
 * teachers of a district never changes.
 */

import { clipped } from "./draws.js";
import { practiceEffects, practiceFactor } from "./frame.js";
import { unitId } from "./ids.js";
import { levels } from "./levels.js";
import type { Setting } from "./setting.js";
import type { District, School, Teacher, TeacherTraits, TeacherYear } from "./state.js";

/** Fills `district.teachers` and `district.years` and pushes the rows of teachers. */
export function makeRosters(setting: Setting, district: District): void {
  const rosters = district.schools.map((school) =>
    Array.from({ length: district.design.rosterSizes[school.index]! }, () => hire(setting, district, 1, false)),
  );
  let focal = firstFocal(setting, district, rosters);
  for (const cycle of district.cycles) {
    const before = cycle === 1 ? new Set<Teacher>() : focal;
    if (cycle > 1) {
      moveOn(setting, district, cycle, rosters);
      focal = refill(setting, district, cycle, rosters, before);
    }
    const years = district.schools.flatMap((school) => {
      const roster = rosters[school.index]!;
      const grades = gradesOf(setting, district, school, cycle, roster, focal);
      return roster.map((teacher) => teacherYear(teacher, school, cycle, grades.get(teacher)!, focal.has(teacher), before));
    });
    district.years.push(years);
    leave(setting, district, years, focal);
  }
}

/** A new teacher. Those hired after the first cycle have taught for fewer years. */
function hire(setting: Setting, district: District, cycle: number, recent: boolean): Teacher {
  const id = unitId("T", district.number, district.teachers.length + 1, 3);
  const stream = setting.stream("teachers.person", id);
  const race = levels("race_ethnicity")[stream.categorical([0.25, 0.12, 0.55, 0.04, 0.04])]!;
  const certified = stream.bernoulli(0.62);
  const exp = Math.floor(clipped(stream.gamma(1.3) * (recent ? 4 : 7.5), 0, 40));
  const teacher: Teacher = {
    id,
    exp,
    race,
    certified,
    firstCycle: cycle,
    lastCycle: cycle,
    firstFocal: null,
    withdrawn: false,
    traits: traitsOf(setting, id),
    start: null,
  };
  district.teachers.push(teacher);
  return teacher;
}

function traitsOf(setting: Setting, id: string): TeacherTraits {
  const { p } = setting;
  const stream = setting.stream("teachers.traits", id);
  const m = stream.normal();
  const vision = p.rho_mkt_vision * m + Math.sqrt(1 - p.rho_mkt_vision * p.rho_mkt_vision) * stream.normal();
  const a = stream.normal();
  const other = p.rho_EA * a + Math.sqrt(1 - p.rho_EA * p.rho_EA) * stream.normal();
  return {
    mkt: p.mkt_mean + p.sd_mkt * m,
    vision,
    explanation: p.sd_a * a,
    adjustment: p.sd_a * other,
    slope: p.sd_slope * stream.normal(),
    sender: p.sd_sender * stream.normal(),
    receiver: p.sd_receiver * stream.normal(),
    trust: 0.4 * stream.normal(),
    achievement: Math.sqrt(p.var_student_teacher) * stream.normal(),
    practice: practiceEffects(practiceFactor(setting, p.var_u_teacher), setting.stream("teachers.practice", id)),
  };
}

function firstFocal(setting: Setting, district: District, rosters: readonly Teacher[][]): Set<Teacher> {
  return new Set(
    district.schools.flatMap((school) => {
      const stream = setting.stream("rosters.focal", school.id, 1);
      return stream.sample(rosters[school.index]!, district.design.focalSizes[school.index]!);
    }),
  );
}

/** Fills the places of those who left at the end of the cycle before. */
function moveOn(setting: Setting, district: District, cycle: number, rosters: Teacher[][]): void {
  const last = district.years[cycle - 2]!;
  const stream = setting.stream("rosters.movers", district.id, cycle);
  const movers = stream.shuffle(last.filter((year) => year.exit === "left_school" && movesOn(setting, year)));
  const leavers = new Set(last.filter((year) => year.exit === "left_school").map(({ teacher }) => teacher));
  for (const school of district.schools) {
    const roster = rosters[school.index]!;
    for (let place = 0; place < roster.length; place++) {
      if (!leavers.has(roster[place]!)) continue;
      const k = movers.findIndex((year) => year.school !== school);
      roster[place] = k < 0 ? hire(setting, district, cycle, true) : movers.splice(k, 1)[0]!.teacher;
    }
  }
}

/** Whether one who leaves the school looks for a place in another one of the district. */
function movesOn(setting: Setting, { teacher, cycle }: TeacherYear): boolean {
  const stream = setting.stream("rosters.mobility", teacher.id, cycle);
  return stream.bernoulli(setting.p.mobility);
}

/** The focal teachers who are still there, and others in the places of those who are not. */
function refill(
  setting: Setting,
  district: District,
  cycle: number,
  rosters: readonly Teacher[][],
  before: ReadonlySet<Teacher>,
): Set<Teacher> {
  const last = district.years[cycle - 2]!.filter((year) => year.focal);
  const stays = (year: TeacherYear): boolean => year.exit === "none" && before.has(year.teacher);
  const focal = new Set(last.filter(stays).map(({ teacher }) => teacher));
  const vacancies = last.filter((year) => !stays(year)).map(({ school }) => school);
  const free = (roster: readonly Teacher[]): Teacher[] => roster.filter((teacher) => !focal.has(teacher) && !teacher.withdrawn);
  for (const [k, school] of vacancies.entries()) {
    const stream = setting.stream("rosters.vacancy", district.id, cycle, k + 1);
    const [same, any] = [free(rosters[school.index]!), free(rosters.flat())];
    const candidates = same.length > 0 ? same : any.length > 0 ? any : rosters.flat().filter((teacher) => !focal.has(teacher));
    focal.add(stream.sample(candidates, 1)[0]!);
  }
  return focal;
}

/**
 * Main grades: a teacher keeps the grade of the year before but for `grade_change`; who needs one takes the grade that the fewest focal
 * teachers of the school have, so that students can stay in the sample as they move up.
 */
function gradesOf(
  setting: Setting,
  district: District,
  school: School,
  cycle: number,
  roster: readonly Teacher[],
  focal: ReadonlySet<Teacher>,
): Map<Teacher, number> {
  const before = new Map<Teacher, number>();
  if (cycle > 1) for (const year of district.years[cycle - 2]!) if (year.school === school) before.set(year.teacher, year.grade);
  const grades = new Map<Teacher, number>();
  const counts = [0, 0, 0];
  const take = (teacher: Teacher, grade: number): void => {
    grades.set(teacher, grade);
    if (focal.has(teacher)) counts[grade - 6]!++;
  };
  const open: Teacher[] = [];
  for (const teacher of roster) {
    const last = before.get(teacher);
    const changes = setting.stream("teacher_years.grade", teacher.id, cycle).bernoulli(setting.p.grade_change);
    if (last === undefined || changes) open.push(teacher);
    else take(teacher, last);
  }
  for (const teacher of open) {
    const least = Math.min(...counts);
    const free = [0, 1, 2].filter((k) => !focal.has(teacher) || counts[k] === least);
    take(teacher, 6 + free[setting.stream("teacher_years.new_grade", teacher.id, cycle).integer(free.length)]!);
  }
  return grades;
}

function teacherYear(
  teacher: Teacher,
  school: School,
  cycle: number,
  grade: number,
  focal: boolean,
  before: ReadonlySet<Teacher>,
): TeacherYear {
  teacher.lastCycle = cycle;
  if (focal && teacher.firstFocal === null) teacher.firstFocal = cycle;
  return {
    teacher,
    cycle,
    school,
    focal,
    entry: !focal ? "roster_only" : cycle === 1 ? "initial" : before.has(teacher) ? "continuing" : "replacement",
    exit: "none",
    grade,
    yr: teacher.firstFocal === null ? 0 : cycle - teacher.firstFocal,
    sections: [],
    composition: { black: 0, latinx: 0, el: 0 },
    mkt: 0,
    mktLatent: 0,
    visionLatent: 0,
    visionDimensions: [0, 0, 0],
    vision: 0,
    explanation: 1,
    adjustment: 1,
    explanationEta: 0,
    adjustmentEta: 0,
    meetingQuality: null,
    meetingHours: 0,
    doseHighLeverage: 0,
    doseObserve: 0,
    coachExpertise: null,
    ties: [],
    exposure: null,
    practice: [0, 0, 0],
    support: 0,
    maintainedShare: 0,
    expertise: 0,
  };
}

/** Who leaves after the cycle. */
function leave(setting: Setting, district: District, years: readonly TeacherYear[], focal: ReadonlySet<Teacher>): void {
  const { turnover, withdraw } = setting.p;
  const ends = years[0]?.cycle === district.design.lastCycle;
  for (const year of years) {
    const stream = setting.stream("teacher_years.exit", year.teacher.id, year.cycle);
    const leaves = stream.bernoulli(turnover);
    const withdraws = stream.bernoulli(withdraw);
    if (ends) year.exit = "end_of_phase";
    else if (leaves) year.exit = "left_school";
    else if (focal.has(year.teacher) && withdraws) {
      year.exit = "left_study";
      year.teacher.withdrawn = true;
    }
  }
}

/** Rows of teachers and teacher-years; participation is complete until missingness is applied. */
export function pushTeachers(setting: Setting, district: District): void {
  for (const teacher of district.teachers) {
    district.rows.teachers.push({
      teacher_id: teacher.id,
      district_id: district.id,
      first_cycle: teacher.firstCycle,
      last_cycle: teacher.lastCycle,
      exp_at_entry: teacher.exp,
      race_eth: teacher.race,
      cert_math: teacher.certified,
    });
  }
  for (const year of district.years.flat()) {
    const { teacher, cycle, focal } = year;
    const stream = setting.stream("teacher_years.sections", teacher.id, cycle);
    district.rows.teacher_years.push({
      teacher_id: teacher.id,
      cycle,
      school_id: year.school.id,
      focal,
      entry_status: year.entry,
      exit_after: year.exit,
      grade_main: year.grade,
      n_sections: focal ? setting.options.student.sectionsPerTeacher : 3 + stream.integer(4),
      interviewed: focal,
      surveyed: focal,
      filmed: focal,
      mkt_tested: focal,
      yr: focal ? year.yr : null,
    });
  }
}
