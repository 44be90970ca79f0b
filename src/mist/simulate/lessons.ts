/**
 * Lessons and their ratings, in the order in which a lesson runs.
 *
 *   potential  : ordered, eta = lambda q^P + .15 mkt + .20 (vision - 2) + district
 *   maintained : where potential >= 3, logit P = alpha + q^M + views + knowledge + vision + district
 *   discussion : ordered, eta = q^D + launch + views + knowledge + vision + district;  0: none took place
 *
 * Implementation never exceeds potential. The score of record is without rater noise unless raters drift; a second rating is the
 * record with a step.
 */
import type { RandomStream } from "../../data/random.js";
import type { Level } from "../codebook/category-sets.js";
import type { StudyRows } from "../codebook/codebook.js";
import { clipped, logistic, ordered, rounded } from "./draws.js";
import { driversOf } from "./knowledge.js";
import { levels } from "./levels.js";
import { drawReaders, stepOf } from "./raters.js";
import type { Setting } from "./setting.js";
import type { District, RaterState, TeacherYear } from "./state.js";

/** Scores of one lesson as they are recorded. */
interface LessonScores {
  readonly potential: number;
  readonly implementation: number;
  readonly discussion: number;
  readonly context: boolean;
  readonly math: boolean;
  readonly kept: boolean | null;
}

const DAYS: readonly number[] = [1, 2];

/** Both lessons of a teacher-year; fills the share of lessons with maintained demand and returns the IQA composite (V8). */
export function makeLessons(setting: Setting, district: District, year: TeacherYear): number {
  let composite = 0;
  let maintained = 0;
  for (const day of DAYS) {
    const stream = setting.stream("lessons", year.teacher.id, year.cycle, day);
    const scores = drawLesson(setting, district, year, stream);
    composite += (scores.potential + scores.implementation + scores.discussion) / 3 / DAYS.length;
    if (scores.potential >= 3 && scores.implementation >= 3) maintained += 1 / DAYS.length;
    if (year.focal) pushLesson(setting, district, year, day, scores);
  }
  year.maintainedShare = maintained;
  return composite;
}

function drawLesson(setting: Setting, { delta }: District, year: TeacherYear, stream: RandomStream): LessonScores {
  const { p, thresholds } = setting;
  const drivers = driversOf(setting, year);
  const [qP, qM, qD] = year.practice;
  const etaP = p.lambda_P * qP + p.beta_pot_mkt * drivers.mkt + p.beta_pot_vis * drivers.vision + delta;
  if (year.focal) setting.observe("potential", etaP);
  const potential = ordered(stream, etaP, thresholds.potential);
  const views = drivers.views([p.beta_expl_unprod, p.beta_expl_prod], [p.beta_adj_unprod, p.beta_adj_prod]);
  const etaM = p.alpha_M + qM + views + p.beta_mkt * drivers.mkt + p.beta_vis * drivers.vision + delta;
  const isMaintained = stream.bernoulli(logistic(etaM));
  const u = stream.uniform();
  const implementation =
    potential < 3
      ? Math.min(potential, u < p.p_impl_low ? 2 : 1)
      : isMaintained
        ? potential === 4 && u < p.p_impl4
          ? 4
          : 3
        : u < p.p_impl2
          ? 2
          : 1;
  const pLaunch = logistic(p.alpha_launch + p.kappa_set * qD);
  const context = stream.bernoulli(pLaunch);
  const math = stream.bernoulli(pLaunch);
  const keeps = stream.bernoulli(logistic(p.alpha_kept + p.kappa_set * qD));
  const kept = potential >= 3 ? keeps : null;
  const etaD =
    qD +
    (context ? p.beta_context : 0) +
    (math ? p.beta_math : 0) +
    (kept === true ? p.beta_demand_kept : 0) +
    drivers.views([p.beta_disc_expl_unprod, p.beta_disc_expl_prod], [p.beta_disc_adj_unprod, p.beta_disc_adj_prod]) +
    p.beta_disc_mkt * drivers.mkt +
    p.beta_disc_vis * drivers.vision +
    delta;
  if (year.focal) setting.observe("discussion", etaD);
  const discussion = ordered(stream, etaD, thresholds.discussion);
  return { potential, implementation, discussion, context, math, kept };
}

function pushLesson(setting: Setting, district: District, year: TeacherYear, day: number, scores: LessonScores): void {
  const { p } = setting;
  const section = year.sections.find(({ row }) => row.filmed)!;
  const id = `V${section.id.slice(1)}-${day}`;
  const stream = setting.stream("lessons.facts", id);
  const minutes = 45 + 5 * stream.integer(10);
  const present = stream.binomial(section.row.n_students, 0.93);
  district.rows.lessons.push({
    lesson_id: id,
    section_id: section.id,
    teacher_id: year.teacher.id,
    cycle: year.cycle,
    day,
    minutes,
    has_discussion: scores.discussion > 0,
    setup_context_language: scores.context,
    setup_math_language: scores.math,
    setup_demand_kept: scores.kept,
    n_students_present: present,
  });
  const twice = setting.stream("iqa_ratings.double", id).bernoulli(p.double_rating);
  const [first, second] = drawReaders(setting, district, "iqa_ratings.raters", id, year.cycle);
  const record = drifted(setting, scores, first, id, year.cycle);
  const recordRow = ratingRow(setting, id, first, 1, record);
  district.rows.iqa_ratings.push(recordRow);
  if (twice) district.rows.iqa_ratings.push(ratingRow(setting, id, second, 2, reread(setting, record, first, second, id), recordRow));
}

type Rated = Pick<LessonScores, "potential" | "implementation" | "discussion">;

/** The record where raters drift: too low by one level with a probability that grows with the years since certification. */
function drifted(setting: Setting, scores: Rated, rater: RaterState, lesson: string, cycle: number): Rated {
  const stream = setting.stream("iqa_ratings.drift", lesson);
  const probability = Math.min(0.5, setting.p.rater_drift * (cycle - rater.row.first_cycle));
  const [implementation, discussion] = [stream.bernoulli(probability), stream.bernoulli(probability)];
  return {
    potential: scores.potential,
    implementation: Math.max(Math.min(1, scores.implementation), scores.implementation - (implementation ? 1 : 0)),
    discussion: Math.max(Math.min(1, scores.discussion), scores.discussion - (discussion ? 1 : 0)),
  };
}

/** A second rating: each score a step from the record; implementation not above potential, a discussion at least 1 where one took place. */
function reread(setting: Setting, record: Rated, first: RaterState, second: RaterState, lesson: string): Rated {
  const stream = setting.stream("iqa_ratings.second", lesson);
  const step = (score: number): number => clipped(score + stepOf(setting, stream, first, second), 0, 4);
  const potential = step(record.potential);
  const implementation = Math.min(potential, step(record.implementation));
  const discussion = step(record.discussion);
  return { potential, implementation, discussion: record.discussion === 0 ? 0 : Math.max(1, discussion) };
}

type RatingRow = StudyRows["iqa_ratings"];

function rubric(score: number): Level<"rubric"> {
  return levels("rubric")[clipped(score, 0, 4)]!;
}

/** The rubrics beside the three main ones lie near the discussion, students' below teachers'. */
function ratingRow(setting: Setting, lesson: string, rater: RaterState, order: 1 | 2, rated: Rated, record?: RatingRow): RatingRow {
  const stream = setting.stream("iqa_ratings.details", lesson, order);
  const steps = (weights: readonly [number, number, number]): number => stream.categorical(weights) - 1;
  const near = (detail: Level<"rubric"> | null | undefined, base: number, weights: readonly [number, number, number]): Level<"rubric"> => {
    const step = steps(record === undefined ? weights : SECOND_STEPS);
    return rubric((detail === null || detail === undefined ? base : Number(detail)) + step);
  };
  const took = rated.discussion > 0;
  const questioning = near(record?.questioning, rated.implementation, [0.3, 0.5, 0.2]);
  const teacherLinking = near(record?.teacher_linking, rated.discussion, [0.35, 0.5, 0.15]);
  const studentLinking = near(record?.student_linking, rated.discussion, [0.55, 0.4, 0.05]);
  const teacherPress = near(record?.teacher_press, rated.discussion, [0.3, 0.5, 0.2]);
  const studentPress = near(record?.student_press, rated.discussion, [0.5, 0.4, 0.1]);
  const spoke = rounded(logistic(-1.1 + 0.35 * rated.discussion + 0.6 * stream.normal()), 2);
  return {
    lesson_id: lesson,
    rater_id: rater.id,
    rating_order: order,
    potential: rubric(rated.potential),
    implementation: rubric(rated.implementation),
    discussion: rubric(rated.discussion),
    questioning,
    teacher_linking: took ? teacherLinking : null,
    student_linking: took ? studentLinking : null,
    teacher_press: took ? teacherPress : null,
    student_press: took ? studentPress : null,
    participation: took ? spoke : null,
  };
}

const SECOND_STEPS = [0.11, 0.78, 0.11] as const;
