/**
 * Students of the focal teachers' sections: who they are, where they sit, and what they score.
 *
 *   Every seat of every section is filled in every cycle: by students who were in the school a grade below, then by new ones.
 *   place   : within school and grade by  s z(prior) + sqrt(1 - s^2) noise,  s by tracking
 *   lagged  : math = b0 + b_prior prior + sum_links w (b_ctx prior_mean + b_maint share + b_pm share (prior - prior_mean) + teacher + section)
 *           + b_el el + b_frl frl + school + residual
 *   growth  : the student's own intercept and a slope over grades in place of b_prior prior
 */
import type { RandomStream } from "../../data/random.js";
import type { Level } from "../codebook/category-sets.js";
import { rounded } from "./draws.js";
import { unitId } from "./ids.js";
import { levels } from "./levels.js";
import type { Setting } from "./setting.js";
import type { District, School, Section } from "./state.js";

interface Student {
  readonly id: string;
  readonly intercept: number;
  readonly frl: boolean;
  readonly sped: boolean;
  el: boolean;
  grade: number;
  math: number;
  read: number;
}

interface Link {
  readonly section: Section;
  readonly weight: number;
  readonly role: Level<"link_role">;
}

interface Seated {
  readonly student: Student;
  readonly isNew: boolean;
  readonly links: Link[];
}

const GRADES: readonly number[] = [6, 7, 8];
/** Share of students who are still in the school after a year. */
const STAYS = 0.92;
/** Probability that an English learner is no longer counted as one after a year. */
const RECLASSIFIED = 0.1;

/** Students, their years and links; the sections' own prior scores are filled in when missingness is known. */
export function makeStudents(setting: Setting, district: District): void {
  if (!setting.options.student.include) return;
  let count = 0;
  let before: Map<School, Student[]> = new Map();
  for (const cycle of district.cycles) {
    const sections = district.years[cycle - 1]!.flatMap((year) => year.sections);
    const present: Map<School, Student[]> = new Map();
    for (const school of district.schools) {
      const shares = district.rows.school_years.find((row) => row.school_id === school.id && row.cycle === cycle)!;
      const there: Student[] = [];
      // Grouped before anyone moves up.
      const lastYear = new Map(GRADES.map((grade) => [grade, (before.get(school) ?? []).filter((student) => student.grade === grade)]));
      for (const grade of GRADES) {
        const own = sections.filter(({ row }) => row.school_id === school.id && row.grade === grade).sort(byCourse);
        if (own.length === 0) continue;
        const seats = own.length * setting.options.student.perSection;
        const returning = stayers(setting, lastYear.get(grade - 1) ?? [], cycle, grade, seats);
        const seated = returning.map((student): Seated => ({ student, isNew: false, links: [] }));
        while (seated.length < seats) {
          const student = enrol(setting, district, shares.p_el, shares.p_frl, shares.p_sped, grade, ++count);
          seated.push({ student, isNew: true, links: [] });
        }
        place(setting, school, cycle, own, seated);
        for (const seat of seated) if (seat.isNew) pushStudent(setting, district, seat, cycle);
        score(setting, district, school, cycle, own, seated);
        there.push(...seated.map(({ student }) => student));
      }
      present.set(school, there);
    }
    before = present;
  }
}

const courseOrder: readonly Level<"course">[] = ["advanced", "mainstream", "double_dose"];

function byCourse(a: Section, b: Section): number {
  return courseOrder.indexOf(a.row.course) - courseOrder.indexOf(b.row.course) || (a.id < b.id ? -1 : 1);
}

/** Those of the grade below who are still there, as many as there are seats. */
function stayers(setting: Setting, students: readonly Student[], cycle: number, grade: number, seats: number): Student[] {
  const found: Student[] = [];
  for (const student of students) {
    if (found.length === seats) break;
    const stream = setting.stream("student_years.stay", student.id, cycle);
    if (!stream.bernoulli(STAYS)) continue;
    if (stream.bernoulli(RECLASSIFIED)) student.el = false;
    student.grade = grade;
    found.push(student);
  }
  return found;
}

/** A new student; the prior score is that of the year before, in the district or elsewhere. */
function enrol(setting: Setting, district: District, pEl: number, pFrl: number, pSped: number, grade: number, number: number): Student {
  const { p, options } = setting;
  const id = unitId("U", district.number, number, 5);
  const stream = setting.stream("students", id);
  const el = stream.bernoulli(pEl);
  const frl = stream.bernoulli(pFrl);
  const sped = stream.bernoulli(pSped);
  const own = stream.normal();
  const occasion = stream.normal();
  const reading = stream.normal();
  const expected = p.prior_el * ((el ? 1 : 0) - 0.2) + p.prior_frl * ((frl ? 1 : 0) - 0.65);
  const intercept = Math.sqrt(p.var_growth_student) * own;
  const math =
    options.student.model === "lagged"
      ? expected + p.sd_prior * own
      : intercept + p.growth_grade * (grade - 7) + expected + Math.sqrt(p.var_student_residual) * occasion;
  const read = p.rho_read * math + Math.sqrt(1 - p.rho_read * p.rho_read) * reading;
  return { id, intercept, frl, sped, el, grade, math: rounded(math), read: rounded(read) };
}

/** The row of a new student. Race and ethnicity follow the shares of the first section. */
function pushStudent(setting: Setting, { rows }: District, { student, links }: Seated, cycle: number): void {
  const { row } = links[0]!.section;
  const stream = setting.stream("students.background", student.id);
  const gender = levels("gender")[stream.categorical([0.488, 0.507, 0.005])]!;
  const race = levels("race_ethnicity")[stream.categorical([row.p_black!, row.p_latinx!, row.p_white!, row.p_asian!, row.p_other!])]!;
  const spanish = race === "latinx" ? 0.85 : 0.05;
  const language = stream.categorical(student.el ? [0, spanish, 1 - spanish] : [0.9, 0.1 * spanish, 0.1 * (1 - spanish)]);
  rows.students.push({
    student_id: student.id,
    gender,
    race_eth: race,
    home_language: levels("home_language")[language]!,
    entry_cycle: cycle,
    entry_grade: student.grade,
  });
}

const sortingOf = { tracked: "sorting_tracked", partly: "sorting_partly", detracked: "sorting_detracked" } as const;

/** Puts the students of one grade into its sections, and some of them into a second one. */
function place(setting: Setting, school: School, cycle: number, sections: readonly Section[], seated: Seated[]): void {
  const { p, options } = setting;
  const sorting = p[sortingOf[school.tracking]];
  const noise = Math.sqrt(1 - sorting * sorting);
  const keyed = seated.map((seat) => {
    const stream = setting.stream("student_teacher_links", seat.student.id, cycle);
    return { seat, stream, key: sorting * seat.student.math + noise * stream.normal() };
  });
  keyed.sort((a, b) => b.key - a.key || (a.seat.student.id < b.seat.student.id ? -1 : 1));
  for (const [k, { seat, stream }] of keyed.entries()) {
    const section = sections[Math.floor(k / options.student.perSection)]!;
    seat.links.push(...linksOf(setting, sections, section, stream));
  }
}

function linksOf(setting: Setting, sections: readonly Section[], section: Section, stream: RandomStream): Link[] {
  const two = stream.bernoulli(setting.p.multi_teacher);
  const doubleDose = stream.bernoulli(0.5);
  const others = sections.filter(({ row }) => row.teacher_id !== section.row.teacher_id);
  if (!two || others.length === 0) return [{ section, weight: 1, role: "main" }];
  const second = others[stream.integer(others.length)]!;
  return doubleDose
    ? [
        { section, weight: 0.7, role: "main" },
        { section: second, weight: 0.3, role: "double_dose" },
      ]
    : [
        { section, weight: 0.5, role: "moved_out" },
        { section: second, weight: 0.5, role: "moved_in" },
      ];
}

/** This cycle's scores, and the rows of student-years and links. */
function score(
  setting: Setting,
  { rows }: District,
  school: School,
  cycle: number,
  sections: readonly Section[],
  seated: readonly Seated[],
): void {
  const { p, options } = setting;
  const sums = new Map(sections.map((section) => [section, { sum: 0, count: 0 }]));
  for (const { student, links } of seated) {
    for (const { section } of links) {
      const own = sums.get(section)!;
      own.sum += student.math;
      own.count++;
    }
  }
  for (const { student, links } of seated) {
    const stream = setting.stream("student_years.score", student.id, cycle);
    const residual = Math.sqrt(p.var_student_residual) * stream.normal();
    const reading = stream.normal();
    const prior = student.math;
    let classroom = 0;
    for (const { section, weight } of links) {
      const { sum, count } = sums.get(section)!;
      const { teacherYear } = section;
      const mean = sum / count;
      const share = teacherYear.maintainedShare;
      const teacher = teacherYear.teacher.traits.achievement + yearEffect(setting, teacherYear.teacher.id, cycle);
      classroom += weight * (p.beta_ctx * mean + p.beta_maint * share + p.beta_pm * share * (prior - mean) + teacher + section.achievement);
    }
    const base = options.student.model === "lagged" ? p.beta_prior * prior : student.intercept + p.growth_grade * (student.grade - 6);
    const math = rounded(
      p.student_intercept +
        base +
        classroom +
        (student.el ? p.beta_el : 0) +
        (student.frl ? p.beta_frl : 0) +
        school.achievement +
        residual,
    );
    const read = rounded(p.rho_read * math + Math.sqrt(1 - p.rho_read * p.rho_read) * reading);
    rows.student_years.push({
      student_id: student.id,
      cycle,
      grade: student.grade,
      school_id: school.id,
      el: student.el,
      frl: student.frl,
      sped: student.sped,
      math_z: math,
      read_z: read,
      math_prior_z: prior,
      read_prior_z: student.read,
      proficient: math >= p.z_proficient,
    });
    for (const { section, weight, role } of links) {
      const { teacher_id, section_id } = section.row;
      rows.student_teacher_links.push({ student_id: student.id, cycle, section_id, teacher_id, weight, link_role: role });
    }
    student.math = math;
    student.read = read;
  }
}

function yearEffect({ p, stream }: Setting, teacher: string, cycle: number): number {
  if (p.var_student_teacher_year === 0) return 0;
  return Math.sqrt(p.var_student_teacher_year) * stream("teacher_years.achievement", teacher, cycle).normal();
}

/** Mean and standard deviation of the prior scores of the students linked to each section, as far as they are known. */
export function fillPriors({ rows }: District): void {
  const known = new Map<string, number>();
  for (const row of rows.student_years) if (row.math_prior_z !== null) known.set(`${row.student_id} ${row.cycle}`, row.math_prior_z);
  const bySection = new Map<string, number[]>();
  for (const link of rows.student_teacher_links) {
    const prior = known.get(`${link.student_id} ${link.cycle}`);
    if (prior === undefined) continue;
    const list = bySection.get(link.section_id);
    if (list === undefined) bySection.set(link.section_id, [prior]);
    else list.push(prior);
  }
  for (const section of rows.sections) {
    const priors = bySection.get(section.section_id) ?? [];
    let sum = 0;
    for (const prior of priors) sum += prior;
    const mean = sum / priors.length;
    let squares = 0;
    for (const prior of priors) squares += (prior - mean) * (prior - mean);
    section.prior_mean = priors.length === 0 ? null : rounded(mean);
    section.prior_sd = priors.length < 2 ? null : rounded(Math.sqrt(squares / (priors.length - 1)));
  }
}
