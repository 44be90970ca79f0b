/**
 * Coaches: posts over the cycles, expertise, relations with teachers, and the schools that they serve.
 */

import { clipped, ordered, rounded, surveyAnswer } from "./draws.js";
import { unitId } from "./ids.js";
import { drawKnowledge, drawPerspective, drawVision, expertiseOf } from "./knowledge.js";
import { levels } from "./levels.js";
import type { Setting } from "./setting.js";
import { type Coach, type CoachYear, type District, principalOf } from "./state.js";

/** Fills `district.coachYears` and pushes the rows of coaches, their years (hours of work follow later) and assignments. */
export function makeCoaches(setting: Setting, district: District): void {
  const { p } = setting;
  const { coaches, coachFte } = district.design;
  let count = 0;
  const appoint = (): Coach => {
    const id = unitId("C", district.number, ++count, 2);
    const stream = setting.stream("coaches.traits", id);
    district.rows.coaches.push({ coach_id: id, district_id: district.id });
    const skill = stream.normal();
    return {
      id,
      skill,
      mkt: 0.4 + 0.3 * skill + 0.8 * stream.normal(),
      vision: 0.7 + 0.4 * skill + 0.8 * stream.normal(),
      explanation: p.sd_a * stream.normal(),
      adjustment: p.sd_a * stream.normal(),
      hours: p.sd_coach_hours * stream.normal(),
      trust: 0.3 * stream.normal(),
      receiver: p.sd_receiver * stream.normal(),
    };
  };
  let holders = coaches.map(appoint);
  for (const cycle of district.cycles) {
    if (cycle > 1) {
      holders = holders.map((coach) =>
        setting.stream("coach_years.exit", coach.id, cycle - 1).bernoulli(p.coach_turnover) ? appoint() : coach,
      );
    }
    const years = holders.map((coach, k) =>
      coachYear(
        setting,
        district,
        coach,
        cycle,
        coaches[k]!.map((index) => district.schools[index]!),
        coachFte[k]!,
      ),
    );
    district.coachYears.push(years);
    for (const year of years) {
      district.rows.coach_years.push(year.row);
      pushAssignments(district, year);
    }
  }
}

function pushAssignments(district: District, { coach, cycle, schools, fte }: CoachYear): void {
  let before = 0;
  for (const [k, school] of schools.entries()) {
    const share = k === schools.length - 1 ? rounded(fte - before) : rounded(fte / schools.length);
    before += share;
    district.rows.coach_assignments.push({ coach_id: coach.id, school_id: school.id, cycle, share });
  }
}

function coachYear(
  setting: Setting,
  district: District,
  coach: Coach,
  cycle: number,
  schools: CoachYear["schools"],
  fte: number,
): CoachYear {
  const { p } = setting;
  const stream = setting.stream("coach_years", coach.id, cycle);
  const practice = ordered(stream, 0.4 + 1.2 * coach.skill, [-3.5, -1.9, -0.2, 1.7]);
  const facilitation = ordered(stream, 0.2 + 0.9 * coach.skill, [-1.8, 0, 1.7]);
  const collaboration =
    schools.reduce((sum, school) => sum + Number(principalOf(district, cycle, school).practices!.coach_collaboration), 0) / schools.length;
  const trust = 3.3 + p.coach_trust_coll * (collaboration - 1.5) + coach.trust;
  const trustMean = surveyAnswer(trust + 0.15 * stream.normal());
  const listens = surveyAnswer(3.4 + 0.7 * coach.trust + 0.25 * stream.normal());
  const negotiates = surveyAnswer(3.1 + 0.5 * coach.trust + 0.2 * coach.skill + 0.3 * stream.normal());
  const evaluative = surveyAnswer(2.5 - 0.3 * coach.trust + 0.4 * stream.normal());
  const other = (mean: number): number => rounded(clipped(mean * fte * (0.5 + stream.uniform()), 0, 2000), 1);
  const row: CoachYear["row"] = {
    coach_id: coach.id,
    cycle,
    fte,
    instructional_practice: levels("rubric")[practice]!,
    trust_mean: trustMean,
    listens_mean: listens,
    negotiates_goals: negotiates,
    facilitation: levels("facilitation")[facilitation]!,
    seen_as_evaluative: evaluative,
    h_one_on_one: 0,
    h_groups: 0,
    h_pd_lead: other(60),
    h_tutoring: other(120),
    h_data: other(110),
    h_materials: other(130),
    h_admin: other(160),
  };
  const knowledge = drawKnowledge(setting, coach.id, cycle, coach.mkt);
  const vision = drawVision(setting, coach.id, cycle, coach.vision);
  return { coach, cycle, schools, fte, row, expertise: expertiseOf(setting, practice, vision.mean, knowledge) };
}

/** The codes of a coach's views of students; nobody's class stands behind them. */
export function coachPerspectives(setting: Setting, { coach, cycle }: CoachYear): readonly [explanation: number, adjustment: number] {
  const vision = drawVision(setting, coach.id, cycle, coach.vision).mean;
  const eta = setting.p.b_ev * (vision - 2) + 0.5;
  return [
    drawPerspective(setting, "explanation", coach.id, cycle, eta + coach.explanation),
    drawPerspective(setting, "adjustment", coach.id, cycle, eta + coach.adjustment),
  ];
}
