/**
 * Districts, cycles, schools and school-years.
 *
 *   shares by race and ethnicity of a school ~ Dirichlet(precision x means): each share is a beta variate
 *   share of a service of a school           ~ Beta(precision x mean, precision x (1 - mean))
 */

import { annualRound, cycleFacts, cycles } from "../codebook/facts.js";
import type { DistrictDesign } from "./design.js";
import { choleskyFactor, clipped, isoDate, ordered, rounded, sharesOf } from "./draws.js";
import { unitId } from "./ids.js";
import { levels } from "./levels.js";
import type { StudyRowsByTable } from "./rows.js";
import type { Setting } from "./setting.js";
import { coachesOf, type District, principalOf, type School, type Triple } from "./state.js";

/** Covariance of a triple of practice effects with this variance, by columns. */
export function practiceFactor(setting: Setting, variance: number): number[] {
  const { rho_PM: pm, rho_MD: md } = setting.p;
  const correlations = [1, pm, pm * md, pm, 1, md, pm * md, md, 1];
  return choleskyFactor(correlations.map((r) => r * variance));
}

/** A triple of correlated normal effects. */
export function practiceEffects(factor: readonly number[], stream: ReturnType<Setting["stream"]>): Triple {
  const drawn = stream.multivariateNormal(factor);
  return [drawn[0]!, drawn[1]!, drawn[2]!];
}

export function pushDistrict(rows: StudyRowsByTable, id: string, design: DistrictDesign): void {
  rows.districts.push({
    district_id: id,
    in_phase1: true,
    in_phase2: design.lastCycle > 4,
    students_served: design.studentsServed,
    curriculum: "inquiry_oriented",
    framework: design.framework,
    coach_design: design.coachDesign,
    formative_assessment: design.formativeAssessment,
    leader_pd_experiment: design.leaderExperiment,
  });
}

/** The cycles of the project, the same in every study. */
export function pushCycles(rows: StudyRowsByTable): void {
  for (const { cycle, academicYear, phase, autumn, spring } of cycles) {
    rows.cycles.push({
      cycle,
      academic_year: academicYear,
      phase,
      october_start: isoDate(autumn, annualRound.october, 1),
      field_start: isoDate(spring, annualRound.fieldStart, 15),
      field_end: isoDate(spring, annualRound.fieldEnd, 28),
      feedback_date: isoDate(spring, annualRound.feedback, 15),
    });
  }
}

export function makeSchools(setting: Setting, district: number, design: DistrictDesign): School[] {
  const { p } = setting;
  const factor = practiceFactor(setting, p.var_u_school);
  return design.rosterSizes.map((_, index) => {
    const id = unitId("S", district, index + 1, 2);
    const traits = setting.stream("schools.traits", id);
    return {
      id,
      index,
      practice: practiceEffects(factor, setting.stream("schools.practice", id)),
      network: p.sd_network_school * traits.normal(),
      meetings: p.sd_meeting_school * traits.normal(),
      achievement: Math.sqrt(p.var_student_school) * traits.normal(),
      tracking: levels("tracking")[traits.categorical([0.45, 0.35, 0.2])]!,
    };
  });
}

export function pushSchools(rows: StudyRowsByTable, districtId: string, schools: readonly School[]): void {
  for (const { id } of schools) rows.schools.push({ school_id: id, district_id: districtId, grade_low: 6, grade_high: 8 });
}

interface SchoolShares {
  readonly races: readonly number[];
  readonly el: number;
  readonly frl: number;
  readonly sped: number;
  readonly enrolment: number;
}

function longRunShares(setting: Setting, school: School): SchoolShares {
  const { p } = setting;
  const stream = setting.stream("schools.composition", school.id);
  const means = [p.share_black, p.share_latinx, p.share_white, p.share_asian, p.share_other];
  const races = sharesOf(means.map((mean) => stream.gamma(Math.max(mean, 1e-3) * p.share_precision)));
  const service = (mean: number): number =>
    clipped(stream.beta(Math.max(mean, 1e-3) * p.service_precision, Math.max(1 - mean, 1e-3) * p.service_precision), 0.005, 0.995);
  const el = service(p.share_el);
  const frl = service(p.share_frl);
  const sped = service(p.share_sped);
  return { races, el, frl, sped, enrolment: 500 + stream.integer(600) };
}

/** School-years; needs the leaders and coaches of every cycle. */
export function pushSchoolYears(setting: Setting, district: District): void {
  const { p } = setting;
  for (const school of district.schools) {
    const shares = longRunShares(setting, school);
    for (const cycle of district.cycles) {
      const stream = setting.stream("school_years", school.id, cycle);
      const near = (share: number): number => clipped(share + p.sd_year_share * stream.normal(), 0.002, 0.998);
      const [black, latinx, white, asian, other] = sharesOf(shares.races.map(near));
      const el = near(shares.el);
      const frl = near(shares.frl);
      const sped = near(shares.sped);
      const enrolment = Math.round(shares.enrolment * (0.95 + 0.1 * stream.uniform()));
      const principal = principalOf(district, cycle, school);
      const coaches = coachesOf(district, cycle, school);
      const coachExpertise = coaches.length === 0 ? 0 : coaches.reduce((sum, { year }) => sum + year.expertise, 0) / coaches.length;
      const collaboration = Number(principal.practices?.coach_collaboration ?? 0);
      const minutes = 30 + 15 * stream.integer(5) + (principal.practices?.protects_time === true ? 30 : 0);
      const planEta = 0.6 * principal.leader.instruction + 0.3 * (collaboration - 1.5) + 0.5 * coachExpertise;
      district.rows.school_years.push({
        school_id: school.id,
        cycle,
        enrolment,
        n_math_teachers: district.design.rosterSizes[school.index]!,
        p_black: black!,
        p_latinx: latinx!,
        p_white: white!,
        p_asian: asian!,
        p_other: other!,
        p_el: rounded(el),
        p_frl: rounded(frl),
        p_sped: rounded(sped),
        tracking: school.tracking,
        collab_minutes_week: minutes,
        principal_id: principal.leader.id,
        improvement_plan_quality: levels("plan_quality")[ordered(stream, planEta, [-2.2, -0.2, 1.5])]!,
      });
    }
  }
}

/** Academic year of a cycle: "autumn" for August to December, "spring" for the months after. */
export function yearOf(cycle: number, month: number): number {
  const { autumn, spring } = cycleFacts(cycle);
  return month >= 8 ? autumn : spring;
}
