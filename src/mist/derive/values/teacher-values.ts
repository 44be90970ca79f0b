/**
 * What a teacher-year has of its own besides the person's codes and scores: time, shares of lessons, growth, retention, survey
 * scales (V5, V16, V30, V31, V43). One value a row of teacher_years.
 */
import { Table } from "../../../data/table.js";
import { fixef, ranef } from "../../../inference/extract.js";
import { lmm } from "../../../inference/lmm.js";
import { DataError, FitError } from "../../../messages.js";
import { meanPresent, smallest } from "../measures/arithmetic.js";
import { maintShare, shrunkenShares } from "../measures/cognitive-demand.js";
import { growth } from "../measures/growth.js";
import { type Occasions, occasions } from "../measures/occasions.js";
import { retained } from "../measures/retention.js";
import { yearsInStudy } from "../measures/time.js";
import { idFactor, indexOf, keyOf, rowsAt, rowsOf, type Sources, taken } from "../sources.js";
import { lessonValues } from "./lesson-values.js";
import { personValues, schoolDistricts } from "./person-values.js";

export interface TeacherValues {
  readonly keys: Float64Array;
  readonly occasions: Occasions;
  /** Person-year of the row. */
  readonly person: Int32Array;
  readonly years: Float64Array;
  readonly experience: Float64Array;
  readonly lessons: Float64Array;
  readonly highShare: Float64Array;
  readonly maintShare: Float64Array;
  readonly discussionMean: Float64Array;
  readonly composite: Float64Array;
  readonly growth: Float64Array;
  /** Change since the cycle before, whatever the option for `growth` says. */
  readonly yearlyChange: Float64Array;
  readonly retained: Float64Array;
  readonly press: Float64Array;
  readonly assist: Float64Array;
  /** Row of teacher_surveys, -1 where none. */
  readonly surveyRow: Int32Array;
  /** Row of teachers. */
  readonly teacherRow: Int32Array;
}

export function teacherValues(sources: Sources): TeacherValues {
  return sources.once("teacher values", () => {
    const keys = sources.keys("teacher_years", "teacher_id", "cycle");
    const teachers = sources.ids("teacher_years", "teacher_id");
    const cycles = sources.numbers("teacher_years", "cycle");
    const time = occasions(teachers, cycles);
    const people = personValues(sources);
    const person = rowsAt(keys, people.index);
    const teacherRow = rowsAt(teachers, indexOf(sources.ids("teachers", "teacher_id")));
    const entry = taken(sources.numbers("teachers", "exp_at_entry"), teacherRow);
    const first = taken(sources.numbers("teachers", "first_cycle"), teacherRow);
    const surveyRow = rowsAt(keys, indexOf(sources.keys("teacher_surveys", "teacher_id", "cycle")));
    const item = (name: "press_leader" | "press_coach" | "assist_leader" | "assist_coach"): Float64Array =>
      taken(sources.numbers("teacher_surveys", name), surveyRow);
    const both = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => meanPresent([x, b[i]!], 2));
    const composite = taken(people.practice, person);
    return {
      keys,
      occasions: time,
      person,
      years: years(sources, time, cycles),
      experience: entry.map((value, i) => value + cycles[i]! - first[i]!),
      ...lessonShares(sources, keys),
      composite,
      growth: growthOf(sources, composite, time, cycles),
      yearlyChange: growth(composite, time, "yearly_difference"),
      retained: retentions(sources, time, cycles),
      press: both(item("press_leader"), item("press_coach")),
      assist: both(item("assist_leader"), item("assist_coach")),
      surveyRow,
      teacherRow,
    };
  });
}

function years(sources: Sources, time: Occasions, cycles: Float64Array): Float64Array {
  const focal = sources.numbers("teacher_years", "focal");
  const first = time.rowsOf.map((rows) => smallest(rows.map((row) => (focal[row] === 1 ? cycles[row]! : Number.NaN))));
  return cycles.map((cycle, i) =>
    focal[i] === 1 ? yearsInStudy(cycle, first[time.unitOf[i]!] ?? Number.NaN, sources.choices.time) : Number.NaN,
  );
}

function lessonShares(
  sources: Sources,
  keys: Float64Array,
): Pick<TeacherValues, "lessons" | "highShare" | "maintShare" | "discussionMean"> {
  const lessons = lessonValues(sources);
  const byYear = rowsOf(lessons.keys);
  const how = sources.choices.maintShare;
  const asked = how === "conditional" ? lessons.maintained : lessons.maintainedAll;
  const rowsAtKey = Array.from(keys, (key) => byYear.get(key) ?? []);
  const values = (column: Float64Array, rows: readonly number[]): number[] => rows.map((row) => column[row]!);
  const share = Float64Array.from(rowsAtKey, (rows) => maintShare(values(asked, rows), how === "empirical_bayes" ? "mean" : how));
  const known = Float64Array.from(rowsAtKey, (rows) => values(asked, rows).filter((value) => !Number.isNaN(value)).length);
  return {
    lessons: Float64Array.from(rowsAtKey, (rows) => (rows.length === 0 ? Number.NaN : rows.length)),
    highShare: Float64Array.from(rowsAtKey, (rows) => meanPresent(values(lessons.highPotential, rows))),
    maintShare: how === "empirical_bayes" ? shrunkenShares(share, known) : share,
    discussionMean: Float64Array.from(rowsAtKey, (rows) => meanPresent(values(lessons.discussionQuality, rows))),
  };
}

function growthOf(sources: Sources, composite: Float64Array, time: Occasions, cycles: Float64Array): Float64Array {
  const how = sources.choices.growth;
  if (how !== "empirical_bayes_slope") return growth(composite, time, how);
  const teachers = sources.ids("teacher_years", "teacher_id");
  return slopes(composite, years(sources, time, cycles), teachers, sources.nameOf);
}

/**
 * Each teacher's slope, fixed plus random effect, from iqa_composite ~ yr + (1 + yr | teacher_id); NaN for teachers without an
 * observation, and throughout where the data do not carry the model.
 */
function slopes(composite: Float64Array, yr: Float64Array, teachers: Int32Array, nameOf: (code: number) => string): Float64Array {
  const table = Table.from({ iqa_composite: composite, yr, teacher_id: idFactor("teacher_id", teachers, nameOf) });
  try {
    const fit = lmm("iqa_composite ~ yr + (1 + yr | teacher_id)", table);
    const common = fixef(fit).yr ?? Number.NaN;
    const own = new Map((ranef(fit).teacher_id ?? []).map((unit) => [unit.level, unit.effects.yr]));
    return Float64Array.from(teachers, (teacher) => common + (own.get(nameOf(teacher)) ?? Number.NaN));
  } catch (error) {
    if (error instanceof DataError || error instanceof FitError) return new Float64Array(composite.length).fill(Number.NaN);
    throw error;
  }
}

function retentions(sources: Sources, time: Occasions, cycles: Float64Array): Float64Array {
  const schools = sources.ids("teacher_years", "school_id");
  const districts = schoolDistricts(sources);
  const unit = sources.choices.retained === "school" ? schools : schools.map((school) => districts.get(school) ?? -1);
  const observed = new Set(Array.from(unit, (code, i) => keyOf(code, cycles[i]!)));
  return cycles.map((cycle, i) => {
    const after = time.after[i]!;
    return retained(unit[i]!, after < 0 ? -1 : unit[after]!, observed.has(keyOf(unit[i]!, cycle + 1)));
  });
}
