/**
 * Knowledge for teaching, visions of instruction and views of students, of teachers and coaches.
 *
 *   mkt_jt     = m_j + trend yr + e
 *   dimension  : ordered with eta = loading v_jt,  v_jt = v_j + trend yr;   vision = mean of three dimensions (V12)
 *   perspective: ordered with eta = b_blk (p_black - .4) + b_ltx (p_latinx - .3) + b_el (p_el - .2) + b_ev (vision - 2) + a_j
 */
import { clipped, meanOf, ordered, orderedProbabilities, rounded } from "./draws.js";
import type { Setting } from "./setting.js";
import type { TeacherYear } from "./state.js";

/** A knowledge score of one person in one cycle: the same wherever it is asked for. */
export function drawKnowledge(setting: Setting, person: string, cycle: number, level: number): number {
  const { p } = setting;
  return rounded(clipped(level + p.sd_mkt_occasion * setting.stream("mkt_scores", person, cycle).normal(), -3.5, 3.5));
}

export interface VisionCodes {
  readonly dimensions: readonly [roleOfTeacher: number, discourse: number, tasks: number];
  readonly mean: number;
}

/** The vision codes of record of one person in one cycle. */
export function drawVision(setting: Setting, person: string, cycle: number, latent: number): VisionCodes {
  const stream = setting.stream("vhqmi_codes", person, cycle);
  const eta = setting.p.vision_loading * latent;
  const draw = (): number => ordered(stream, eta, setting.thresholds.vision);
  const dimensions = [draw(), draw(), draw()] as const;
  return { dimensions, mean: (dimensions[0] + dimensions[1] + dimensions[2]) / 3 };
}

/** A code of record: 0 unproductive, 1 mixed, 2 productive. */
export function drawPerspective(
  setting: Setting,
  question: "explanation" | "adjustment",
  person: string,
  cycle: number,
  eta: number,
): number {
  return ordered(setting.stream(`vsmc_codes.${question}`, person, cycle), eta, setting.thresholds[question]);
}

/** Expertise (V18) with the declared constants in place of the sample's means and standard deviations. */
export function expertiseOf({ p }: Setting, practice: number | null, vision: number, mkt: number): number {
  const parts = [(vision - p.z_vision_mean) / p.z_vision_sd, (mkt - p.z_mkt_mean) / p.z_mkt_sd];
  if (practice !== null) parts.push((practice - p.z_practice_mean) / p.z_practice_sd);
  return meanOf(parts)!;
}

/** Knowledge, vision and views of one teacher in one cycle; at the first focal cycle they are also the teacher's start. */
export function fillKnowledge(setting: Setting, year: TeacherYear): void {
  const { p } = setting;
  const { teacher, cycle, yr, composition } = year;
  year.mktLatent = teacher.traits.mkt + p.mkt_trend * yr;
  year.mkt = drawKnowledge(setting, teacher.id, cycle, year.mktLatent);
  year.visionLatent = teacher.traits.vision + p.vision_trend * yr;
  const vision = drawVision(setting, teacher.id, cycle, year.visionLatent);
  year.visionDimensions = vision.dimensions;
  year.vision = vision.mean;
  const seen =
    p.b_blk * (composition.black - 0.4) +
    p.b_ltx * (composition.latinx - 0.3) +
    p.b_el * (composition.el - 0.2) +
    p.b_ev * (year.vision - 2);
  year.explanationEta = seen + teacher.traits.explanation;
  year.adjustmentEta = seen + teacher.traits.adjustment;
  if (year.focal) {
    setting.observe("vision", p.vision_loading * year.visionLatent);
    setting.observe("explanation", year.explanationEta);
    setting.observe("adjustment", year.adjustmentEta);
  }
  year.explanation = drawPerspective(setting, "explanation", teacher.id, cycle, year.explanationEta);
  year.adjustment = drawPerspective(setting, "adjustment", teacher.id, cycle, year.adjustmentEta);
  if (year.focal && teacher.start === null) {
    const latent = setting.options.measurement === "latent";
    teacher.start = {
      vision: (latent ? expectedVision(setting, year.visionLatent) : year.vision) - 2,
      mkt: latent ? year.mktLatent : year.mkt,
      productive: year.explanation === 2 || year.adjustment === 2,
    };
  }
}

/** The mean that a vision dimension has, given the latent vision. */
export function expectedVision(setting: Setting, latent: number): number {
  const probabilities = orderedProbabilities(setting.p.vision_loading * latent, setting.thresholds.vision);
  return probabilities.reduce((sum, probability, level) => sum + probability * level, 0);
}

/** What drives an outcome: the recorded scores, or with measurement "latent" what they are expected to be given the traits. */
export interface Drivers {
  readonly mkt: number;
  /** Vision less 2. */
  readonly vision: number;
  /** The contribution of the two codes, given the slopes of unproductive and productive. */
  readonly views: (
    explanation: readonly [unproductive: number, productive: number],
    adjustment: readonly [unproductive: number, productive: number],
  ) => number;
}

export function driversOf(setting: Setting, year: TeacherYear): Drivers {
  if (setting.options.measurement === "observed") {
    const slope = (code: number, slopes: readonly [number, number]): number => (code === 0 ? slopes[0] : code === 2 ? slopes[1] : 0);
    return {
      mkt: year.mkt,
      vision: year.vision - 2,
      views: (explanation, adjustment) => slope(year.explanation, explanation) + slope(year.adjustment, adjustment),
    };
  }
  const explanation = orderedProbabilities(year.explanationEta, setting.thresholds.explanation);
  const adjustment = orderedProbabilities(year.adjustmentEta, setting.thresholds.adjustment);
  const mean = (probabilities: readonly number[], slopes: readonly [number, number]): number =>
    probabilities[0]! * slopes[0] + probabilities[2]! * slopes[1];
  return {
    mkt: year.mktLatent,
    vision: expectedVision(setting, year.visionLatent) - 2,
    views: (first, second) => mean(explanation, first) + mean(adjustment, second),
  };
}
