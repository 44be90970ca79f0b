/**
 * Missingness, applied last and to finished rows, so that it never changes a cell that stays. Every deleted cell, and every deleted row,
 * stands in `missing_log`.
 *
 *   filmed, interviewed, surveyed, tested : units at random;  mnar: logit P(refuses to be filmed) = r0 + r1 q^M
 *   survey items  : logit P = logit(miss_item) + miss_item_exp (experience - 8)
 *   participation : mar: after each cycle a focal teacher ends it for good with logit P = a0 + a1 (experience - 8) + a2 (trust - 3.3)
 *   students      : prior scores of new ones without a record; mathematics scores
 *
 * What follows from a deleted cell follows it: the prior score of the year after, proficiency. Who takes no part has no row in the
 * tables of what was observed, and the flags of the teacher-year and the section say so.
 */
import type { Level } from "../codebook/category-sets.js";
import type { StudyRows, TableName } from "../codebook/codebook.js";
import { LIST_SEPARATOR } from "../codebook/facts.js";
import { logistic, logit } from "./draws.js";
import { keepRows } from "./rows.js";
import type { Setting } from "./setting.js";
import type { District, TeacherYear } from "./state.js";

type Mechanism = Level<"missing_mechanism">;

/** Deletes rows and cells of one district. */
export function applyMissingness(setting: Setting, district: District): void {
  if (setting.options.missing === "none") return;
  deleteParticipation(setting, district);
  deleteSurveyItems(setting, district);
  deleteCodes(setting, district);
  deleteScores(setting, district);
}

function log(district: District, table: TableName, key: readonly (string | number)[], column: string, mechanism: Mechanism): void {
  district.rows.missing_log.push({ table, key: key.join(LIST_SEPARATOR), column, mechanism });
}

/** Which parts of the data collection a focal teacher-year takes no part in, and why. */
interface Refusals {
  readonly film: Mechanism | null;
  readonly interview: Mechanism | null;
  readonly survey: Mechanism | null;
  readonly test: Mechanism | null;
}

function refusalsOf(setting: Setting, year: TeacherYear, ended: boolean): Refusals {
  const { p, options } = setting;
  const stream = setting.stream("missing.participation", year.teacher.id, year.cycle);
  const draws = [stream.uniform(), stream.uniform(), stream.uniform(), stream.uniform()] as const;
  if (ended) return { film: "attrition", interview: "attrition", survey: "attrition", test: "attrition" };
  const mnar = options.missing === "mnar";
  const pFilm = mnar ? logistic(p.refusal_0 + p.refusal_q * year.practice[1]) : p.miss_filmed;
  const at = (u: number, probability: number, mechanism: Mechanism): Mechanism | null => (u < probability ? mechanism : null);
  return {
    film: at(draws[0], pFilm, mnar ? "mnar" : "mcar"),
    interview: at(draws[1], p.miss_interview, "mcar"),
    survey: at(draws[2], p.miss_survey, "mcar"),
    test: at(draws[3], p.miss_mkt, "mcar"),
  };
}

/** Whether a focal teacher ends participation after this cycle (mar). */
function endsAfter(setting: Setting, surveys: ReadonlyMap<string, number>, year: TeacherYear): boolean {
  if (setting.options.missing !== "mar") return false;
  const { p } = setting;
  const trust = surveys.get(`${year.teacher.id} ${year.cycle}`) ?? 3.3;
  const eta = p.attrition_0 + p.attrition_exp * (year.teacher.exp - 8) + p.attrition_trust * (trust - 3.3);
  return setting.stream("missing.attrition", year.teacher.id, year.cycle).bernoulli(logistic(eta));
}

function deleteParticipation(setting: Setting, district: District): void {
  const { rows } = district;
  const trust = new Map(rows.teacher_surveys.map((row) => [`${row.teacher_id} ${row.cycle}`, row.trust_coach ?? 3.3]));
  const refusals = new Map<string, Refusals>();
  const ended = new Set<string>();
  for (const year of district.years.flat()) {
    if (!year.focal) continue;
    refusals.set(`${year.teacher.id} ${year.cycle}`, refusalsOf(setting, year, ended.has(year.teacher.id)));
    if (endsAfter(setting, trust, year)) ended.add(year.teacher.id);
  }
  for (const row of rows.teacher_years) {
    const own = refusals.get(`${row.teacher_id} ${row.cycle}`);
    if (own === undefined) continue;
    row.filmed = own.film === null;
    row.interviewed = own.interview === null;
    row.surveyed = own.survey === null;
    row.mkt_tested = own.test === null;
  }
  for (const section of rows.sections) {
    if (refusals.get(`${section.teacher_id} ${section.cycle}`)?.film !== null) section.filmed = false;
  }
  const of = (person: string, cycle: number): Refusals | undefined => refusals.get(`${person} ${cycle}`);
  deleteFilms(district, of);
  deleteInterviews(district, of);
  deleteRows(
    district,
    "teacher_surveys",
    rows.teacher_surveys,
    (row) => [row.teacher_id, row.cycle],
    (row) => of(row.teacher_id, row.cycle)?.survey,
  );
  deleteRows(
    district,
    "mkt_scores",
    rows.mkt_scores,
    (row) => [row.person_id, row.cycle],
    (row) => of(row.person_id, row.cycle)?.test,
  );
}

type Lookup = (person: string, cycle: number) => Refusals | undefined;

function deleteRows<N extends TableName>(
  district: District,
  table: N,
  rows: StudyRows[N][],
  key: (row: StudyRows[N]) => readonly (string | number)[],
  why: (row: StudyRows[N]) => Mechanism | null | undefined,
): void {
  keepRows(rows, (row) => {
    const mechanism = why(row) ?? null;
    if (mechanism !== null) log(district, table, key(row), "*", mechanism);
    return mechanism === null;
  });
}

function deleteFilms(district: District, of: Lookup): void {
  const { rows } = district;
  const gone = new Map<string, Mechanism>();
  const why = (row: StudyRows["lessons"]): Mechanism | null | undefined => of(row.teacher_id, row.cycle)?.film;
  for (const row of rows.lessons) {
    const mechanism = why(row);
    if (mechanism !== null && mechanism !== undefined) gone.set(row.lesson_id, mechanism);
  }
  deleteRows(district, "lessons", rows.lessons, (row) => [row.lesson_id], why);
  deleteRows(
    district,
    "iqa_ratings",
    rows.iqa_ratings,
    (row) => [row.lesson_id, row.rater_id],
    (row) => gone.get(row.lesson_id),
  );
}

function deleteInterviews(district: District, of: Lookup): void {
  const { rows } = district;
  const gone = new Map<string, Mechanism>();
  const why = (row: StudyRows["interviews"]): Mechanism | null | undefined => of(row.person_id, row.cycle)?.interview;
  for (const row of rows.interviews) {
    const mechanism = why(row);
    if (mechanism !== null && mechanism !== undefined) gone.set(row.interview_id, mechanism);
  }
  deleteRows(district, "interviews", rows.interviews, (row) => [row.interview_id], why);
  deleteRows(
    district,
    "vhqmi_codes",
    rows.vhqmi_codes,
    (row) => [row.interview_id, row.coder_id],
    (row) => gone.get(row.interview_id),
  );
  deleteRows(
    district,
    "vsmc_codes",
    rows.vsmc_codes,
    (row) => [row.interview_id, row.coder_id],
    (row) => gone.get(row.interview_id),
  );
}

const surveyItems = [
  "press_leader",
  "press_coach",
  "assist_leader",
  "assist_coach",
  "trust_coach",
  "coach_evaluative",
  "collab_value",
  "collab_hours_month",
  "shared_vision_school",
  "framework_use",
  "view_tracking",
] as const;

function deleteSurveyItems(setting: Setting, district: District): void {
  const { p } = setting;
  if (p.miss_item === 0) return;
  const experience = new Map(district.teachers.map(({ id, exp }) => [id, exp]));
  for (const row of district.rows.teacher_surveys) {
    const stream = setting.stream("missing.items", row.teacher_id, row.cycle);
    const probability = logistic(logit(p.miss_item) + p.miss_item_exp * ((experience.get(row.teacher_id) ?? 8) - 8));
    for (const item of surveyItems) {
      if (!stream.bernoulli(probability)) continue;
      row[item] = null;
      log(district, "teacher_surveys", [row.teacher_id, row.cycle], item, "mar");
    }
  }
}

const visionItems = ["role_of_teacher", "discourse", "tasks"] as const;
const viewItems = ["explanation", "adjustment"] as const;

/** Dimensions that were not talked about and questions that were not answered: both coders find nothing to code. */
function deleteCodes(setting: Setting, district: District): void {
  const { p } = setting;
  const absent = (interview: string, items: readonly string[]): Set<string> => {
    const stream = setting.stream("missing.codes", interview, items.length);
    return new Set(items.filter(() => stream.bernoulli(p.miss_code)));
  };
  for (const row of district.rows.vhqmi_codes) {
    const gone = absent(row.interview_id, visionItems);
    for (const item of visionItems) {
      if (!gone.has(item)) continue;
      row[item] = null;
      log(district, "vhqmi_codes", [row.interview_id, row.coder_id], item, "mcar");
    }
  }
  for (const row of district.rows.vsmc_codes) {
    const gone = absent(row.interview_id, viewItems);
    for (const item of viewItems) {
      if (!gone.has(item)) continue;
      row[item] = null;
      log(district, "vsmc_codes", [row.interview_id, row.coder_id], item, "mcar");
    }
  }
}

function deleteScores(setting: Setting, district: District): void {
  const { p } = setting;
  const lost = new Set<string>();
  const first = new Map(district.rows.students.map((row) => [row.student_id, row.entry_cycle]));
  for (const row of district.rows.student_years) {
    const key = [row.student_id, row.cycle] as const;
    const stream = setting.stream("missing.scores", ...key);
    const [noRecord, noScore] = [stream.bernoulli(p.miss_prior), stream.bernoulli(p.miss_math)];
    if (first.get(row.student_id) === row.cycle && noRecord) {
      row.math_prior_z = null;
      row.read_prior_z = null;
      log(district, "student_years", key, "math_prior_z", "design");
      log(district, "student_years", key, "read_prior_z", "design");
    }
    if (lost.has(row.student_id)) {
      row.math_prior_z = null;
      lost.delete(row.student_id);
      log(district, "student_years", key, "math_prior_z", "mcar");
    }
    if (!noScore) continue;
    row.math_z = null;
    row.proficient = null;
    lost.add(row.student_id);
    log(district, "student_years", key, "math_z", "mcar");
    log(district, "student_years", key, "proficient", "mcar");
  }
}
