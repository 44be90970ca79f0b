/**
 * Interviews with their codes, knowledge tests, and the teacher survey. Teachers, coaches and school leaders are interviewed in January
 * to March, district leaders in October: 30 and 20 in each district and cycle.
 */
import type { RandomStream } from "../../data/random.js";
import type { Level } from "../codebook/category-sets.js";
import { annualRound } from "../codebook/facts.js";
import { coachPerspectives } from "./coaches.js";
import { clipped, rounded, surveyAnswer } from "./draws.js";
import { cycleUnitId } from "./ids.js";
import { drawKnowledge, drawVision } from "./knowledge.js";
import { levels } from "./levels.js";
import { drawReaders, stepOf } from "./raters.js";
import type { Setting } from "./setting.js";
import { coachesOf, type District, principalOf, type RaterState, type TeacherYear } from "./state.js";

type Triplet = readonly [number, number, number];

/** Interviews, codes, knowledge scores and surveys of one cycle. */
export function pushInterviews(setting: Setting, district: District, cycle: number): void {
  let number = 0;
  const interview = (person: string, role: Level<"interview_role">): string => {
    const id = cycleUnitId("I", district.number, cycle, ++number, 3);
    const stream = setting.stream("interviews", person, cycle);
    const field = annualRound.fieldStart + stream.integer(annualRound.fieldEnd - annualRound.fieldStart + 1);
    const minutes = rounded(clipped(50 + 12 * stream.normal(), 20, 110), 0);
    const month = role === "district_leader" ? annualRound.october : field;
    district.rows.interviews.push({ interview_id: id, person_id: person, cycle, role, month, minutes });
    return id;
  };
  for (const year of district.years[cycle - 1]!) {
    if (!year.focal) continue;
    const id = interview(year.teacher.id, "teacher");
    pushCodes(setting, district, id, cycle, year.visionDimensions, [year.explanation, year.adjustment]);
    pushKnowledge(setting, district, year.teacher.id, cycle, year.mkt);
    pushSurvey(setting, district, year);
  }
  for (const year of district.coachYears[cycle - 1]!) {
    const { coach } = year;
    const id = interview(coach.id, "coach");
    pushCodes(
      setting,
      district,
      id,
      cycle,
      drawVision(setting, coach.id, cycle, coach.vision).dimensions,
      coachPerspectives(setting, year),
    );
    pushKnowledge(setting, district, coach.id, cycle, drawKnowledge(setting, coach.id, cycle, coach.mkt));
  }
  for (const { leader, school } of district.leaderYears[cycle - 1]!) {
    interview(leader.id, school === null ? "district_leader" : "school_leader");
  }
}

/** Codes of record and, for some interviews, those of a second coder. */
function pushCodes(
  setting: Setting,
  district: District,
  interview: string,
  cycle: number,
  dimensions: Triplet,
  views: readonly [number, number],
): void {
  const [first, second] = drawReaders(setting, district, "interviews.coders", interview, cycle);
  const twice = setting.stream("interviews.double", interview).bernoulli(setting.p.double_coding);
  const excerpts = setting.stream("vsmc_codes.excerpts", interview);
  pushReading(district, interview, first, 1, dimensions, views, excerpts);
  if (!twice) return;
  const stream = setting.stream("interviews.second", interview);
  const again = (score: number, highest: number): number => clipped(score + stepOf(setting, stream, first, second), 0, highest);
  pushReading(
    district,
    interview,
    second,
    2,
    [again(dimensions[0], 4), again(dimensions[1], 4), again(dimensions[2], 4)],
    [again(views[0], 2), again(views[1], 2)],
    excerpts,
  );
}

function pushReading(
  { rows }: District,
  interview_id: string,
  { id: coder_id }: RaterState,
  coding_order: 1 | 2,
  dimensions: Triplet,
  views: readonly [number, number],
  excerpts: RandomStream,
): void {
  const [role_of_teacher, discourse, tasks] = [
    levels("rubric")[dimensions[0]]!,
    levels("rubric")[dimensions[1]]!,
    levels("rubric")[dimensions[2]]!,
  ];
  rows.vhqmi_codes.push({ interview_id, coder_id, coding_order, role_of_teacher, discourse, tasks });
  rows.vsmc_codes.push({
    interview_id,
    coder_id,
    coding_order,
    explanation: levels("perspective")[views[0]]!,
    adjustment: levels("perspective")[views[1]]!,
    n_excerpts: 1 + excerpts.poisson(2.5),
  });
}

function pushKnowledge(setting: Setting, { rows }: District, person_id: string, cycle: number, mkt_z: number): void {
  const stream = setting.stream("mkt_scores.form", person_id, cycle);
  const form = levels("mkt_form")[stream.integer(3)]!;
  const mkt_se = rounded(setting.p.mkt_se * (0.85 + 0.3 * stream.uniform()), 3);
  rows.mkt_scores.push({ person_id, cycle, form, mkt_z, mkt_se });
}

const frameworkUse: Readonly<Record<Level<"framework">, number>> = { none: 1.6, pacing_only: 2.2, elaborated: 3.4 };

function pushSurvey(setting: Setting, district: District, year: TeacherYear): void {
  const { p } = setting;
  const { teacher, cycle, school } = year;
  const stream = setting.stream("teacher_surveys", teacher.id, cycle);
  const answer = (mean: number, sd: number): number => surveyAnswer(mean + sd * stream.normal());
  const principal = principalOf(district, cycle, school);
  const z = principal.leader.instruction;
  const [served] = coachesOf(district, cycle, school);
  const skill = served?.year.coach.skill ?? 0;
  const collaboration = Number(principal.practices!.coach_collaboration) - 1.5;
  const trust = p.coach_trust_coll * collaboration + (served?.year.coach.trust ?? 0) + teacher.traits.trust;
  const openness = year.explanation - 1;
  const detracked = levels("tracking").indexOf(school.tracking) - 1;
  district.rows.teacher_surveys.push({
    teacher_id: teacher.id,
    cycle,
    press_leader: answer(2.9 + 0.4 * z, 0.7),
    press_coach: answer(2.8 + 0.25 * skill, 0.7),
    assist_leader: answer(2.7 + 0.35 * z, 0.7),
    assist_coach: answer(3.1 + 0.3 * skill + 0.3 * trust, 0.6),
    trust_coach: answer(3.3 + trust, 0.45),
    coach_evaluative: answer(2.5 - 0.35 * trust, 0.6),
    collab_value: answer(3.2 + 0.3 * ((year.meetingQuality ?? 2) - 2), 0.7),
    collab_hours_month: rounded(clipped(1 + 0.4 * year.meetingHours * (0.5 + stream.uniform()), 0, 40), 1),
    shared_vision_school: answer(3 + 0.3 * z + 0.2 * school.meetings, 0.6),
    framework_use: answer(frameworkUse[district.design.framework], 0.7),
    view_tracking: answer(3 + 0.5 * openness + 0.3 * detracked, 0.8),
  });
}
