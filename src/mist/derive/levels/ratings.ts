/**
 * Ratings: one row a lesson, rater and rubric, all ratings kept; rows without a score are left out. What lies on several rubrics of one
 * lesson, or on several raters of one lesson, is seen here: profiles over rubrics, generalizability, agreement.
 *
 * Keys: lesson_id, rater_id, rubric; rating_order 1 is the record. The columns of the lesson's teacher-year stand beside them.
 */
import type { Table } from "../../../data/table.js";
import { beside, type LevelRow, levelTable, orderedFactor, plainFactor } from "../level-table.js";
import { indexOf, rowsAt, type Sources, taken, takenIds } from "../sources.js";
import { rubrics } from "../values/lesson-values.js";
import { RUBRIC_LEVELS } from "./lessons.js";
import { type TeacherYearRow, teacherYears } from "./teacher-years.js";

export const ratingColumns = {
  lesson_id: { type: "id", from: "iqa_ratings.lesson_id" },
  rater_id: { type: "id", from: "iqa_ratings.rater_id" },
  rating_order: { type: "number", from: "iqa_ratings.rating_order" },
  rubric: { type: "category" },
  score: { type: "ordered" },
  points: { type: "number" },
  section_id: { type: "id", from: "lessons.section_id" },
  teacher_id: { type: "id", from: "lessons.teacher_id" },
  cycle: { type: "number", from: "lessons.cycle" },
  day: { type: "number", from: "lessons.day" },
  school_id: { type: "id", needs: ["teacher_years"] },
} as const;

type RatingOwnRow = LevelRow<typeof ratingColumns>;

export type RatingRow = RatingOwnRow & Omit<TeacherYearRow, keyof RatingOwnRow>;

export function ratings(sources: Sources): Table<RatingRow> {
  const rating: number[] = [];
  const rubric: number[] = [];
  const scores: number[] = [];
  const columns = rubrics.map((name) => sources.numbers("iqa_ratings", name));
  for (let row = 0; row < sources.rowCount("iqa_ratings"); row++) {
    columns.forEach((column, k) => {
      if (Number.isNaN(column[row]!)) return;
      rating.push(row);
      rubric.push(k);
      scores.push(column[row]!);
    });
  }
  const lessonRow = rowsAt(takenIds(sources.ids("iqa_ratings", "lesson_id"), rating), indexOf(sources.ids("lessons", "lesson_id")));
  const keys = taken(sources.keys("lessons", "teacher_id", "cycle"), lessonRow);
  const teacherYear = rowsAt(keys, indexOf(sources.keys("teacher_years", "teacher_id", "cycle")));
  const own = levelTable(
    ratingColumns,
    sources,
    { iqa_ratings: rating, lessons: lessonRow },
    {
      rubric: plainFactor("rubric", Int32Array.from(rubric), rubrics),
      score: orderedFactor("score", Float64Array.from(scores), RUBRIC_LEVELS),
      points: Float64Array.from(scores),
      school_id: takenIds(sources.ids("teacher_years", "school_id"), teacherYear),
    },
  );
  return beside(own, teacherYears(sources), teacherYear);
}
