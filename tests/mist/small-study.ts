/**
 * A study of a few rows a table that breaks no rule: two districts, three schools, four focal teachers and one other, two cycles.
 * Tests change a cell of it and look at what is said. Rows are plain objects, as texts stand in a file or as values.
 */
import type { Column } from "../../src/data/column.js";
import { Table } from "../../src/data/table.js";
import { columnsOf, isTableName, type StudyRows, type TableName } from "../../src/mist/codebook/codebook.js";

type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;

function rows<N extends TableName>(table: N, given: readonly Partial<StudyRows[N]>[]): Row[] {
  return given.map((row) => {
    const full: Row = {};
    for (const [name] of columnsOf(table)) full[name] = null;
    return Object.assign(full, row);
  });
}

const cycles = [1, 2];
const teachers = ["T1", "T2", "T3", "T4", "T5"];
const schoolOf = (teacher: string): string => ({ T1: "S1", T2: "S1", T3: "S2", T4: "S3", T5: "S2" })[teacher]!;
const districtOf = (school: string): string => (school === "S3" ? "D2" : "D1");
const focal = teachers.slice(0, 4);
const focalYears = focal.flatMap((teacher) => cycles.map((cycle) => ({ teacher, cycle })));
const lessons = focalYears.flatMap(({ teacher, cycle }) => [1, 2].map((day) => ({ id: `V${teacher}${cycle}${day}`, teacher, cycle, day })));
const shares = { p_black: 0.3, p_latinx: 0.3, p_white: 0.2, p_asian: 0.1, p_other: 0.1 };
const students = ["U1", "U2", "U3"];

/** Fresh rows by table: change them at will. */
export function smallStudy(): Map<string, Row[]> {
  const high = (day: number): boolean => day === 1;
  return new Map<string, Row[]>([
    [
      "districts",
      rows(
        "districts",
        ["D1", "D2"].map((district_id) => ({
          district_id,
          in_phase1: true,
          in_phase2: false,
          students_served: 90_000,
          curriculum: "inquiry_oriented",
          framework: "elaborated",
          coach_design: "mixed",
          formative_assessment: false,
          leader_pd_experiment: false,
        })),
      ),
    ],
    [
      "cycles",
      rows(
        "cycles",
        cycles.map((cycle) => ({
          cycle,
          academic_year: cycle === 1 ? "2007-08" : "2008-09",
          phase: 1,
          october_start: `${2006 + cycle}-10-01`,
          field_start: `${2007 + cycle}-01-10`,
          field_end: `${2007 + cycle}-03-20`,
          feedback_date: `${2007 + cycle}-05-15`,
        })),
      ),
    ],
    [
      "schools",
      rows(
        "schools",
        ["S1", "S2", "S3"].map((school_id) => ({ school_id, district_id: districtOf(school_id), grade_low: 6, grade_high: 8 })),
      ),
    ],
    [
      "school_years",
      rows(
        "school_years",
        ["S1", "S2", "S3"].flatMap((school_id) =>
          cycles.map((cycle) => ({
            school_id,
            cycle,
            enrolment: 600,
            n_math_teachers: 10,
            ...shares,
            p_el: 0.2,
            p_frl: 0.7,
            p_sped: 0.1,
            tracking: "partly" as const,
            collab_minutes_week: 45,
            principal_id: `L${school_id.slice(1)}`,
          })),
        ),
      ),
    ],
    [
      "teachers",
      rows(
        "teachers",
        teachers.map((teacher_id) => ({
          teacher_id,
          district_id: districtOf(schoolOf(teacher_id)),
          first_cycle: 1,
          last_cycle: 2,
          exp_at_entry: 5,
          race_eth: "black",
          cert_math: true,
        })),
      ),
    ],
    [
      "teacher_years",
      rows(
        "teacher_years",
        teachers.flatMap((teacher_id) =>
          cycles.map((cycle) => {
            const is = focal.includes(teacher_id);
            return {
              teacher_id,
              cycle,
              school_id: schoolOf(teacher_id),
              focal: is,
              entry_status: is ? ("initial" as const) : ("roster_only" as const),
              exit_after: "none" as const,
              grade_main: 7,
              n_sections: 4,
              interviewed: is,
              surveyed: is,
              filmed: is,
              mkt_tested: is,
              yr: is ? cycle - 1 : null,
            };
          }),
        ),
      ),
    ],
    [
      "leaders",
      rows(
        "leaders",
        ["L1", "L2", "L3", "L4"].map((leader_id) => ({ leader_id, district_id: leader_id === "L3" ? "D2" : "D1" })),
      ),
    ],
    [
      "leader_years",
      rows(
        "leader_years",
        ["L1", "L2", "L3", "L4"].flatMap((leader_id) =>
          cycles.map((cycle) => {
            const district = leader_id === "L4";
            return {
              leader_id,
              cycle,
              level: district ? ("district" as const) : ("school" as const),
              role: district ? ("cao" as const) : ("principal" as const),
              school_id: district ? null : `S${leader_id.slice(1)}`,
              in_partnership_core: district ? true : null,
            };
          }),
        ),
      ),
    ],
    ["coaches", rows("coaches", [{ coach_id: "C1", district_id: "D1" }])],
    [
      "coach_years",
      rows(
        "coach_years",
        cycles.map((cycle) => ({ coach_id: "C1", cycle, fte: 1, h_one_on_one: 100 })),
      ),
    ],
    [
      "coach_assignments",
      rows(
        "coach_assignments",
        cycles.flatMap((cycle) => ["S1", "S2"].map((school_id) => ({ coach_id: "C1", school_id, cycle, share: 0.5 }))),
      ),
    ],
    [
      "raters",
      rows(
        "raters",
        ["R1", "R2"].map((rater_id) => ({ rater_id, certified: true, first_cycle: 1, last_cycle: 8 })),
      ),
    ],
    [
      "sections",
      rows(
        "sections",
        focalYears.map(({ teacher, cycle }) => ({
          section_id: `G${teacher}${cycle}`,
          teacher_id: teacher,
          school_id: schoolOf(teacher),
          cycle,
          grade: 7,
          course: "mainstream",
          n_students: 24,
          ...shares,
          ...(teacher === "T1" && cycle === 2 ? { prior_mean: 0.1, prior_sd: 0.5 } : {}),
          filmed: true,
        })),
      ),
    ],
    [
      "lessons",
      rows(
        "lessons",
        lessons.map(({ id, teacher, cycle, day }) => ({
          lesson_id: id,
          section_id: `G${teacher}${cycle}`,
          teacher_id: teacher,
          cycle,
          day,
          minutes: 55,
          has_discussion: high(day),
          setup_context_language: true,
          setup_demand_kept: high(day) ? true : null,
        })),
      ),
    ],
    [
      "iqa_ratings",
      rows(
        "iqa_ratings",
        lessons.map(({ id, day }) => ({
          lesson_id: id,
          rater_id: "R1",
          rating_order: 1,
          potential: high(day) ? "3" : "2",
          implementation: "2",
          discussion: high(day) ? "2" : "0",
          questioning: "1",
          ...(high(day) ? { teacher_linking: "2", student_linking: "1", teacher_press: "2", student_press: "1", participation: 0.4 } : {}),
        })),
      ),
    ],
    [
      "mkt_scores",
      rows(
        "mkt_scores",
        focalYears.map(({ teacher, cycle }) => ({ person_id: teacher, cycle, form: "A", mkt_z: 0.3, mkt_se: 0.3 })),
      ),
    ],
    [
      "interviews",
      rows(
        "interviews",
        focalYears.map(({ teacher, cycle }) => ({
          interview_id: `I${teacher}${cycle}`,
          person_id: teacher,
          cycle,
          role: "teacher",
          month: 2,
          minutes: 48,
        })),
      ),
    ],
    [
      "vsmc_codes",
      rows(
        "vsmc_codes",
        focalYears.map(({ teacher, cycle }) => ({
          interview_id: `I${teacher}${cycle}`,
          coder_id: "R2",
          coding_order: 1,
          explanation: teacher === "T1" ? "productive" : "mixed",
          adjustment: "unproductive",
          n_excerpts: 3,
        })),
      ),
    ],
    [
      "teacher_surveys",
      rows(
        "teacher_surveys",
        focalYears.map(({ teacher, cycle }) => ({ teacher_id: teacher, cycle, press_coach: 3.5 })),
      ),
    ],
    [
      "network_roster",
      rows("network_roster", [
        ...teachers.flatMap((person_id) =>
          cycles.map((cycle) => ({ person_id, cycle, school_id: schoolOf(person_id), role: "teacher" as const, responded: true })),
        ),
        ...cycles.map((cycle) => ({ person_id: "L4", cycle, school_id: null, role: "district" as const, responded: true })),
      ]),
    ],
    [
      "network_edges",
      rows("network_edges", [
        { ego_id: "T1", alter_id: "T2", cycle: 1, frequency: "weekly", depth: "high", alter_role: "teacher", same_school: true },
        { ego_id: "T2", alter_id: "L4", cycle: 2, alter_role: "district", same_school: false },
      ]),
    ],
    [
      "students",
      rows(
        "students",
        students.map((student_id) => ({
          student_id,
          gender: "f",
          race_eth: "latinx",
          home_language: "spanish",
          entry_cycle: 1,
          entry_grade: 6,
        })),
      ),
    ],
    [
      "student_years",
      rows(
        "student_years",
        students.flatMap((student_id) =>
          cycles.map((cycle) => ({
            student_id,
            cycle,
            grade: 5 + cycle,
            school_id: "S1",
            el: false,
            frl: true,
            sped: false,
            math_z: 0.2,
            read_z: -0.1,
            math_prior_z: cycle === 1 ? null : 0.1,
            proficient: true,
          })),
        ),
      ),
    ],
    [
      "student_teacher_links",
      rows(
        "student_teacher_links",
        students.flatMap((student_id) =>
          cycles.map((cycle) => ({
            student_id,
            cycle,
            section_id: `GT1${cycle}`,
            teacher_id: "T1",
            weight: 1,
            link_role: "main" as const,
          })),
        ),
      ),
    ],
    [
      "recommendations",
      rows("recommendations", [
        {
          rec_id: "X1",
          district_id: "D1",
          cycle: 1,
          element: "coaching",
          uptake: "not",
          aligned_priorities: true,
          builds_on_initiative: false,
          authorised_by_partner: false,
        },
        {
          rec_id: "X2",
          district_id: "D1",
          cycle: 1,
          element: "collaboration",
          uptake: "complete",
          implementation: "partial",
          aligned_priorities: true,
          builds_on_initiative: true,
          authorised_by_partner: true,
          senior_leader_active: true,
          implementer_expertise: false,
          implementing_unit: "schools",
        },
      ]),
    ],
    [
      "rmt_schools",
      rows(
        "rmt_schools",
        ["A", "__proto__"].map((rmt_school) => ({ rmt_school, disadvantaged: true, university_assisted: false })),
      ),
    ],
    ["rmt_people", rows("rmt_people", [{ rmt_person_id: "Hé", rmt_school: "__proto__", role: "teacher", joined_year: 1 }])],
  ]);
}

/** A table whose cells are texts, as they stand in a file. */
export function rawTable(name: string, source: readonly Row[]): Table {
  const names = source.length === 0 && isTableName(name) ? columnsOf(name).map(([column]) => column) : Object.keys(source[0]!);
  return Table.ofColumns(
    names.map(
      (column): Column => ({
        kind: "text",
        name: column,
        values: source.map((row) => (row[column] === null ? null : String(row[column]))),
      }),
    ),
  );
}

/** The whole study as texts. */
export function rawTables(study: ReadonlyMap<string, readonly Row[]>): Map<string, Table> {
  return new Map(Array.from(study, ([name, source]) => [name, rawTable(name, source)]));
}

/** A table as CSV. */
export function csvOf(source: readonly Row[]): string {
  const names = Object.keys(source[0]!);
  const cell = (value: Cell): string =>
    value === null ? "" : /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return `${[names.map(cell), ...source.map((row) => names.map((name) => cell(row[name]!)))].map((cells) => cells.join(",")).join("\n")}\n`;
}
