/**
 * Student-years: one row a row of the table student_years, with the teachers that the student had as wide columns for multiple
 * membership, and the columns of the main link's section, teacher-year and school-year beside them.
 *
 *   (1 | mm(t1, t2, weights = w1 + w2)):  t1 is the teacher with the greatest weight; weights sum to 1; without a second teacher t2 is missing and w2 is 0
 *
 * Keys: student_id, cycle; section_id and teacher_id are those of the link with the greatest weight (of equal weights: main, moved in,
 * moved out, double dose, then the section's identifier). Links to one teacher through two sections count together. school_id is the
 * student's. A student without links has no teacher.
 */
import type { Column } from "../../../data/column.js";
import { Table } from "../../../data/table.js";
import { beside, type LevelRow, levelTable } from "../level-table.js";
import { achievement } from "../measures/achievement.js";
import { idFactor, indexOf, keyOf, rowsAt, rowsOf, type Sources, takenIds } from "../sources.js";
import { schoolDistricts } from "../values/person-values.js";
import { type TeacherYearRow, teacherYears } from "./teacher-years.js";

export const studentYearColumns = {
  student_id: { type: "id", from: "student_years.student_id" },
  cycle: { type: "number", from: "student_years.cycle" },
  grade: { type: "number", from: "student_years.grade" },
  school_id: { type: "id", from: "student_years.school_id" },
  district_id: { type: "id", needs: ["schools"] },
  district: { type: "id", needs: ["schools"] },
  section_id: { type: "id", needs: ["student_teacher_links"] },
  teacher_id: { type: "id", needs: ["student_teacher_links"] },
  n_teachers: { type: "number", needs: ["student_teacher_links"] },
  t1: { type: "id", needs: ["student_teacher_links"] },
  w1: { type: "number", needs: ["student_teacher_links"] },
  t2: { type: "id", needs: ["student_teacher_links"] },
  w2: { type: "number", needs: ["student_teacher_links"] },
  gender: { type: "category", from: "students.gender" },
  race_eth: { type: "category", from: "students.race_eth" },
  home_language: { type: "category", from: "students.home_language" },
  el: { type: "flag", from: "student_years.el" },
  frl: { type: "flag", from: "student_years.frl" },
  sped: { type: "flag", from: "student_years.sped" },
  math_z: { type: "number", from: "student_years.math_z" },
  read_z: { type: "number", from: "student_years.read_z" },
  math_prior_z: { type: "number", from: "student_years.math_prior_z" },
  read_prior_z: { type: "number", from: "student_years.read_prior_z" },
  proficient: { type: "flag", from: "student_years.proficient" },
  achievement: { type: "number", measure: "V32" },
  course: { type: "category", from: "sections.course" },
  n_students: { type: "number", from: "sections.n_students" },
  prior_mean: { type: "number", from: "sections.prior_mean" },
  prior_sd: { type: "number", from: "sections.prior_sd" },
} as const;

type StudentYearOwnRow = LevelRow<typeof studentYearColumns>;

/** Wide columns beyond the second (t3, w3, ...) are there where a student had more teachers. */
export type StudentYearRow = StudentYearOwnRow & Omit<TeacherYearRow, keyof StudentYearOwnRow>;

const LEAST_MEMBERS = 2;
/** Which of two links with equal weights is the main one. */
const ROLE_ORDER: readonly string[] = ["main", "moved_in", "moved_out", "double_dose"];

interface Links {
  /** Row of the main link, -1 where none. */
  readonly main: Int32Array;
  /** Teacher and weight of the m-th member. */
  readonly teachers: readonly Int32Array[];
  readonly weights: readonly Float64Array[];
  readonly counts: Float64Array;
}

export function studentYears(sources: Sources): Table<StudentYearRow> {
  const n = sources.rowCount("student_years");
  const cycles = sources.numbers("student_years", "cycle");
  const schools = sources.ids("student_years", "school_id");
  const links = linksOf(sources, n);
  const sectionOf = takenIds(sources.ids("student_teacher_links", "section_id"), links.main);
  const teacherOf = takenIds(sources.ids("student_teacher_links", "teacher_id"), links.main);
  const sectionRow = rowsAt(sectionOf, indexOf(sources.ids("sections", "section_id")));
  const teacherYear = rowsAt(
    Float64Array.from(teacherOf, (teacher, i) => keyOf(teacher, cycles[i]!)),
    indexOf(sources.keys("teacher_years", "teacher_id", "cycle")),
  );
  const studentRow = rowsAt(sources.ids("student_years", "student_id"), indexOf(sources.ids("students", "student_id")));
  const districts = schoolDistricts(sources);
  const district = schools.map((school) => districts.get(school) ?? -1);
  const math = sources.numbers("student_years", "math_z");
  const prior = sources.numbers("student_years", "math_prior_z");
  const proficient = sources.numbers("student_years", "proficient");
  const rows = { student_years: null, students: studentRow, sections: sectionRow };
  const own = levelTable(studentYearColumns, sources, rows, {
    district_id: district,
    district,
    section_id: sectionOf,
    teacher_id: teacherOf,
    n_teachers: links.counts,
    t1: links.teachers[0]!,
    w1: links.weights[0]!,
    t2: links.teachers[1]!,
    w2: links.weights[1]!,
    achievement: math.map((score, i) => achievement(score, prior[i]!, proficient[i]!, sources.choices.achievement)),
  });
  const more = links.teachers
    .slice(LEAST_MEMBERS)
    .flatMap((codes, k): Column[] => [
      idFactor(`t${k + LEAST_MEMBERS + 1}`, codes, sources.nameOf),
      { kind: "number", name: `w${k + LEAST_MEMBERS + 1}`, values: links.weights[k + LEAST_MEMBERS]! },
    ]);
  const wide = more.length === 0 ? own : Table.ofColumns<StudentYearOwnRow>([...own.columns, ...more]);
  return beside(wide, teacherYears(sources), teacherYear);
}

function linksOf(sources: Sources, n: number): Links {
  const students = sources.keys("student_years", "student_id", "cycle");
  const byStudent = rowsOf(sources.keys("student_teacher_links", "student_id", "cycle"));
  const teachers = sources.ids("student_teacher_links", "teacher_id");
  const sections = sources.factor("student_teacher_links", "section_id");
  const weights = sources.numbers("student_teacher_links", "weight");
  const roles = sources.factor("student_teacher_links", "link_role");
  const rank = roles.levels.map((level) => ROLE_ORDER.indexOf(level));
  const order = (a: number, b: number): number =>
    weights[b]! - weights[a]! ||
    (rank[roles.codes[a]!] ?? ROLE_ORDER.length) - (rank[roles.codes[b]!] ?? ROLE_ORDER.length) ||
    (sections.levels[sections.codes[a]!]! < sections.levels[sections.codes[b]!]! ? -1 : 1);
  const main = new Int32Array(n).fill(-1);
  const counts = new Float64Array(n).fill(Number.NaN);
  const wide: { codes: Int32Array; shares: Float64Array }[] = [];
  const member = (m: number): { codes: Int32Array; shares: Float64Array } => {
    while (wide.length <= m) wide.push({ codes: new Int32Array(n).fill(-1), shares: new Float64Array(n) });
    return wide[m]!;
  };
  member(LEAST_MEMBERS - 1);
  for (let i = 0; i < n; i++) {
    const rows = byStudent.get(students[i]!);
    if (rows === undefined) {
      member(0).shares[i] = Number.NaN;
      continue;
    }
    const ordered = rows.length === 1 ? rows : [...rows].sort(order);
    main[i] = ordered[0]!;
    const sums = new Map<number, number>();
    for (const row of ordered) sums.set(teachers[row]!, (sums.get(teachers[row]!) ?? 0) + weights[row]!);
    const members = [...sums].sort((a, b) => b[1] - a[1]);
    counts[i] = members.length;
    members.forEach(([teacher, weight], m) => {
      const { codes, shares } = member(m);
      codes[i] = teacher;
      shares[i] = weight;
    });
  }
  return { main, counts, teachers: wide.map(({ codes }) => codes), weights: wide.map(({ shares }) => shares) };
}
