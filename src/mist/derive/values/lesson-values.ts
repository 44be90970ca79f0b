/**
 * Every lesson's scores of record and what follows from them (V1-V8), one value a row of the table lessons.
 */

import { meanPresent } from "../measures/arithmetic.js";
import { demandDrop, type HighPotential, highPotential, maintained, maintainedAll } from "../measures/cognitive-demand.js";
import { discussionQuality } from "../measures/discussion-quality.js";
import { iqaComposite } from "../measures/iqa-composite.js";
import { scoreOfRecord } from "../measures/score-of-record.js";
import { indexOf, rowsOf, type Sources } from "../sources.js";

/** The rubrics of a rating that are levels, in the order of the table. */
export const rubrics: readonly [
  "potential",
  "implementation",
  "discussion",
  "questioning",
  "teacher_linking",
  "student_linking",
  "teacher_press",
  "student_press",
] = ["potential", "implementation", "discussion", "questioning", "teacher_linking", "student_linking", "teacher_press", "student_press"];

export type Rubric = (typeof rubrics)[number];

export interface LessonValues {
  /** Key of teacher and cycle, one a lesson. */
  readonly keys: Float64Array;
  readonly scores: { readonly [R in Rubric]: Float64Array };
  readonly participation: Float64Array;
  readonly highPotential: Float64Array;
  readonly maintained: Float64Array;
  readonly maintainedAll: Float64Array;
  readonly demandDrop: Float64Array;
  readonly discussionQuality: Float64Array;
  readonly composite: Float64Array;
}

export function lessonValues(sources: Sources): LessonValues {
  return sources.once("lesson values", () => {
    const { choices } = sources;
    const keys = sources.keys("lessons", "teacher_id", "cycle");
    const score = recordReader(sources);
    const scores = {
      potential: score("potential"),
      implementation: score("implementation"),
      discussion: score("discussion"),
      questioning: score("questioning"),
      teacher_linking: score("teacher_linking"),
      student_linking: score("student_linking"),
      teacher_press: score("teacher_press"),
      student_press: score("student_press"),
    };
    const { potential, implementation, discussion } = scores;
    const high = highPotentials(keys, potential, choices.highPotential);
    const kept = high.map((flag, i) => maintained(flag, potential[i]!, implementation[i]!, choices.maintained));
    const linking = [scores.teacher_linking, scores.student_linking, scores.teacher_press, scores.student_press];
    return {
      keys,
      scores,
      participation: score("participation"),
      highPotential: high,
      maintained: kept,
      maintainedAll: high.map((flag, i) => maintainedAll(flag, kept[i]!, choices.maintainedAll)),
      demandDrop: high.map((flag, i) => demandDrop(flag, potential[i]!, implementation[i]!, choices.demandDrop)),
      discussionQuality: discussion.map((level, i) =>
        discussionQuality(
          level,
          choices.discussionQuality,
          linking.map((column) => column[i]!),
        ),
      ),
      composite: iqaComposite([potential, implementation, discussion], choices.iqaComposite),
    };
  });
}

function recordReader(sources: Sources): (rubric: Rubric | "participation") => Float64Array {
  const lessons = sources.ids("lessons", "lesson_id");
  const ratings = rowsOf(sources.ids("iqa_ratings", "lesson_id"));
  const orders = sources.numbers("iqa_ratings", "rating_order");
  return (rubric) => {
    const given = sources.numbers("iqa_ratings", rubric);
    return Float64Array.from(lessons, (lesson) => {
      const rows = ratings.get(lesson) ?? [];
      return scoreOfRecord(
        rows.map((row) => given[row]!),
        rows.map((row) => orders[row]!),
        sources.choices.scoreOfRecord,
      );
    });
  };
}

function highPotentials(keys: Float64Array, potential: Float64Array, how: HighPotential): Float64Array {
  if (how !== "teacher_year_mean") return potential.map((score) => highPotential(score, how));
  const byYear = rowsOf(keys);
  const means = new Map(Array.from(byYear, ([key, rows]) => [key, meanPresent(rows.map((row) => potential[row]!))]));
  return potential.map((score, i) => highPotential(score, how, means.get(keys[i]!) ?? Number.NaN));
}

/** The row of the section that a lesson was filmed in; -1 where unknown. */
export function sectionRows(sources: Sources): Int32Array {
  const index = indexOf(sources.ids("sections", "section_id"));
  return Int32Array.from(sources.ids("lessons", "section_id"), (code) => index.get(code) ?? -1);
}
