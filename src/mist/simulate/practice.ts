/**
 * Levels of practice of each teacher-year and the supports that move them.
 *
 *   q^r_jt = growth_jt + support_jt + u^r_school + u^r_teacher + u1_teacher yr + w^r_jt     r: potential, maintaining, discussion
 *   growth  = yr (g_yr + g_vis vis0 + g_prod prod0 + g_both vis0 prod0 + g_mkt mkt0)
 *   support = g_net z(exposure) + g_deep z(exposure) (deep share - .4) + g_mtg (meeting quality - 2) + g_hl z(dose) + g_obs z(observing)
 *           + g_hlx z(dose) z(coach) + g_hlc z(dose) (collaboration - 1.5) + g_plc (principal's attendance - .4)
 *
 * What is not known (no colleague named, no meeting attended) adds nothing.
 */
import { meanOf } from "./draws.js";
import { practiceEffects, practiceFactor } from "./frame.js";
import type { Setting } from "./setting.js";
import { type District, principalOf, type TeacherYear } from "./state.js";

/** Fills support and levels of practice. Ties, meetings and doses must be there. */
export function fillPractice(
  setting: Setting,
  district: District,
  years: readonly TeacherYear[],
  expertiseBefore: ReadonlyMap<string, number>,
  supportBefore: ReadonlyMap<string, number>,
): void {
  const { p } = setting;
  const factor = practiceFactor(setting, p.var_w);
  for (const year of years) {
    const { teacher, school, cycle, yr } = year;
    const carried = p.support_carryover * (supportBefore.get(teacher.id) ?? 0);
    year.support = supportOf(setting, district, year, expertiseBefore) + carried;
    const w = practiceEffects(factor, setting.stream("teacher_years.practice", teacher.id, cycle));
    const common = growthOf(setting, year) + year.support + teacher.traits.slope * yr;
    const level = (r: 0 | 1 | 2): number => common + school.practice[r] + teacher.traits.practice[r] + w[r];
    year.practice = [level(0), level(1), level(2)];
  }
}

function growthOf({ p }: Setting, { teacher: { start }, yr }: TeacherYear): number {
  if (start === null) return 0;
  const productive = start.productive ? 1 : 0;
  return (
    yr *
    (p.gamma_yr +
      p.gamma_vis * start.vision +
      p.gamma_prod * productive +
      p.gamma_both * start.vision * productive +
      p.gamma_mkt * start.mkt)
  );
}

function supportOf({ p }: Setting, district: District, year: TeacherYear, expertiseBefore: ReadonlyMap<string, number>): number {
  const known = year.ties.flatMap(({ alter }) => expertiseBefore.get(alter) ?? []);
  const exposure = meanOf(known);
  year.exposure = exposure;
  const zExposure = exposure === null ? 0 : (exposure - p.z_exposure_mean) / p.z_exposure_sd;
  const deepShare = year.ties.length === 0 ? 0.4 : year.ties.filter(({ deep }) => deep).length / year.ties.length;
  const zDose = (year.doseHighLeverage - p.z_hl_mean) / p.z_hl_sd;
  const zObserve = (year.doseObserve - p.z_obs_mean) / p.z_obs_sd;
  const practices = principalOf(district, year.cycle, year.school).practices!;
  return (
    p.gamma_net * zExposure +
    p.gamma_deep * zExposure * (deepShare - 0.4) +
    p.gamma_mtg * ((year.meetingQuality ?? 2) - 2) +
    p.gamma_hl * zDose +
    p.gamma_obs * zObserve +
    p.gamma_hlx * zDose * (year.coachExpertise ?? 0) +
    p.gamma_hlc * zDose * (Number(practices.coach_collaboration) - 1.5) +
    p.gamma_plc * (practices.plc_attendance! - 0.4)
  );
}
