/**
 * Lessons: one row a lesson, with the columns of its teacher-year and school-year beside them. Shares (p_black, ...) are those of the
 * lesson's section unless the option lessonComposition says otherwise; then they are the teacher-year's.
 *
 * Keys: lesson_id; section_id, teacher_id with cycle, and school_id lead to the sources.
 */
import type { Table } from "../../../data/table.js";
import { beside, type LevelRow, levelTable, orderedFactor } from "../level-table.js";
import { indexOf, rowsAt, type Sources, taken, takenIds } from "../sources.js";
import { compositionValues, type Share } from "../values/composition-values.js";
import { lessonValues, sectionRows } from "../values/lesson-values.js";
import { type TeacherYearRow, teacherYears } from "./teacher-years.js";

export const lessonColumns = {
  lesson_id: { type: "id", from: "lessons.lesson_id" },
  section_id: { type: "id", from: "lessons.section_id" },
  teacher_id: { type: "id", from: "lessons.teacher_id" },
  cycle: { type: "number", from: "lessons.cycle" },
  day: { type: "number", from: "lessons.day" },
  school_id: { type: "id", needs: ["teacher_years"] },
  minutes: { type: "number", from: "lessons.minutes" },
  has_discussion: { type: "flag", from: "lessons.has_discussion" },
  setup_context_language: { type: "flag", from: "lessons.setup_context_language" },
  setup_math_language: { type: "flag", from: "lessons.setup_math_language" },
  setup_demand_kept: { type: "flag", from: "lessons.setup_demand_kept" },
  n_students_present: { type: "number", from: "lessons.n_students_present" },
  potential: { type: "ordered", measure: "V1", needs: ["iqa_ratings"] },
  implementation: { type: "ordered", measure: "V1", needs: ["iqa_ratings"] },
  discussion: { type: "ordered", measure: "V1", needs: ["iqa_ratings"] },
  questioning: { type: "ordered", measure: "V1", needs: ["iqa_ratings"] },
  teacher_linking: { type: "ordered", measure: "V1", needs: ["iqa_ratings"] },
  student_linking: { type: "ordered", measure: "V1", needs: ["iqa_ratings"] },
  teacher_press: { type: "ordered", measure: "V1", needs: ["iqa_ratings"] },
  student_press: { type: "ordered", measure: "V1", needs: ["iqa_ratings"] },
  participation: { type: "number", measure: "V1", needs: ["iqa_ratings"] },
  potential_score: { type: "number", measure: "V1", needs: ["iqa_ratings"] },
  implementation_score: { type: "number", measure: "V1", needs: ["iqa_ratings"] },
  discussion_score: { type: "number", measure: "V1", needs: ["iqa_ratings"] },
  high_potential: { type: "flag", measure: "V2", needs: ["iqa_ratings"] },
  maintained: { type: "flag", measure: "V3", needs: ["iqa_ratings"] },
  maintained_all: { type: "flag", measure: "V4", needs: ["iqa_ratings"] },
  demand_drop: { type: "number", measure: "V6", needs: ["iqa_ratings"] },
  discussion_quality: { type: "ordered", measure: "V7", needs: ["iqa_ratings"] },
  discussion_quality_score: { type: "number", measure: "V7", needs: ["iqa_ratings"] },
  discussion_given: { type: "ordered", measure: "V7", needs: ["iqa_ratings"] },
  lesson_composite: { type: "number", measure: "V8", needs: ["iqa_ratings"] },
  section_grade: { type: "number", from: "sections.grade" },
  course: { type: "category", from: "sections.course" },
  n_students: { type: "number", from: "sections.n_students" },
  prior_mean: { type: "number", from: "sections.prior_mean" },
  prior_sd: { type: "number", from: "sections.prior_sd" },
  p_black: { type: "number", measure: "V17", needs: ["sections"] },
  p_latinx: { type: "number", measure: "V17", needs: ["sections"] },
  p_white: { type: "number", measure: "V17", needs: ["sections"] },
  p_asian: { type: "number", measure: "V17", needs: ["sections"] },
  p_other: { type: "number", measure: "V17", needs: ["sections"] },
  p_el: { type: "number", measure: "V17", needs: ["sections"] },
  p_frl: { type: "number", measure: "V17", needs: ["sections"] },
} as const;

type LessonOwnRow = LevelRow<typeof lessonColumns>;

export type LessonRow = LessonOwnRow & Omit<TeacherYearRow, keyof LessonOwnRow>;

/** The levels of a rubric. */
export const RUBRIC_LEVELS: readonly string[] = ["0", "1", "2", "3", "4"];

export function lessons(sources: Sources): Table<LessonRow> {
  const values = lessonValues(sources);
  const section = sectionRows(sources);
  const teacherYear = rowsAt(values.keys, indexOf(sources.keys("teacher_years", "teacher_id", "cycle")));
  const composition = compositionValues(sources);
  const share = (name: Share): Float64Array =>
    sources.choices.lessonComposition === "section"
      ? taken(sources.numbers("sections", name), section)
      : taken(composition.shares[name], teacherYear);
  const rubric = (name: string, scores: Float64Array) => orderedFactor(name, scores, RUBRIC_LEVELS);
  const { scores, discussionQuality } = values;
  const own = levelTable(
    lessonColumns,
    sources,
    { lessons: null, sections: section },
    {
      school_id: takenIds(sources.ids("teacher_years", "school_id"), teacherYear),
      potential: rubric("potential", scores.potential),
      implementation: rubric("implementation", scores.implementation),
      discussion: rubric("discussion", scores.discussion),
      questioning: rubric("questioning", scores.questioning),
      teacher_linking: rubric("teacher_linking", scores.teacher_linking),
      student_linking: rubric("student_linking", scores.student_linking),
      teacher_press: rubric("teacher_press", scores.teacher_press),
      student_press: rubric("student_press", scores.student_press),
      participation: values.participation,
      potential_score: scores.potential,
      implementation_score: scores.implementation,
      discussion_score: scores.discussion,
      high_potential: values.highPotential,
      maintained: values.maintained,
      maintained_all: values.maintainedAll,
      demand_drop: values.demandDrop,
      discussion_quality: rubric("discussion_quality", discussionQuality),
      discussion_quality_score: discussionQuality,
      discussion_given: rubric(
        "discussion_given",
        scores.discussion.map((score) => (score === 0 ? Number.NaN : score)),
      ),
      lesson_composite: values.composite,
      p_black: share("p_black"),
      p_latinx: share("p_latinx"),
      p_white: share("p_white"),
      p_asian: share("p_asian"),
      p_other: share("p_other"),
      p_el: share("p_el"),
      p_frl: share("p_frl"),
    },
  );
  return beside(own, teacherYears(sources), teacherYear);
}
