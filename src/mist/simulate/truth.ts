/**
 * What only the simulation knows: true effects by unit, true practice by teacher-year, and truth.json with every parameter and the
 * coefficients that analyses should find.
 *
 * An analysis stands in `implied` with values where its model is the generating one under preset `recovery`, with signs elsewhere.
 */

import { simulateMessages } from "../../messages.js";
import type { Level } from "../codebook/category-sets.js";
import { LIST_SEPARATOR } from "../codebook/facts.js";
import type { ImpliedCoefficients, TruthFile } from "../codebook/truth-file.js";
import { rounded } from "./draws.js";
import type { NormalOptions } from "./options.js";
import { parameterNames, parameters } from "./parameters.js";
import type { District, Triple } from "./state.js";

/** The version of the generator: another one may give other bytes for the same seed. */
export const GENERATOR_VERSION = "1";

/** True effects of one district's units. */
export function pushTruth(district: District): void {
  const { rows } = district;
  const add = (level: Level<"effect_level">, id: string, effect: string, value: number): void => {
    rows.truth_effects.push({ level, id, effect, value: rounded(value) });
  };
  const practice = (level: Level<"effect_level">, id: string, [potential, maintaining, discussion]: Triple): void => {
    add(level, id, "u_P", potential);
    add(level, id, "u_M", maintaining);
    add(level, id, "u_D", discussion);
  };
  add("district", district.id, "delta", district.delta);
  if (district.position === 0) for (const { id, severity } of district.raters) add("rater", id, "severity", severity);
  for (const school of district.schools) {
    practice("school", school.id, school.practice);
    add("school", school.id, "network", school.network);
    add("school", school.id, "meetings", school.meetings);
    add("school", school.id, "achievement", school.achievement);
  }
  for (const { id, traits } of district.teachers) {
    practice("teacher", id, traits.practice);
    for (const effect of ["mkt", "vision", "explanation", "adjustment", "slope", "sender", "receiver", "achievement"] as const) {
      add("teacher", id, effect, traits[effect]);
    }
  }
  const coaches = new Set(district.coachYears.flat().map(({ coach }) => coach));
  for (const coach of coaches)
    for (const effect of ["skill", "receiver", "hours", "trust"] as const) add("coach", coach.id, effect, coach[effect]);
  const leaders = new Set(district.leaderYears.flat().map(({ leader }) => leader));
  for (const leader of leaders) for (const effect of ["instruction", "receiver"] as const) add("leader", leader.id, effect, leader[effect]);
  for (const year of district.years.flat()) {
    if (!year.focal) continue;
    const { teacher, cycle } = year;
    const [potential, maintaining, discussion] = year.practice;
    const id = [teacher.id, cycle].join(LIST_SEPARATOR);
    add("teacher_year", id, "support", year.support);
    if (year.exposure !== null) add("teacher_year", id, "exposure_mean", year.exposure);
    rows.truth_teacher_years.push({
      teacher_id: teacher.id,
      cycle,
      q_P: rounded(potential),
      q_M: rounded(maintaining),
      q_D: rounded(discussion),
      slope: rounded(teacher.traits.slope),
    });
    for (const section of year.sections) add("section", section.id, "achievement", section.achievement);
  }
}

/** truth.json. */
export function truthFile(options: NormalOptions, counts: Readonly<Record<string, number>>): TruthFile {
  const { seed, scale, preset, values } = options;
  return {
    version: GENERATOR_VERSION,
    seed,
    scale,
    preset,
    parameters: parameterNames.map((name) => ({
      name,
      value: values[name],
      basis: values[name] === parameters[name].value ? parameters[name].basis : "assumption",
    })),
    implied: impliedCoefficients(options),
    counts,
    notes: [...simulateMessages.truthNotes],
  };
}

/** The coefficients that analyses should find, by the number of the analysis. */
export function impliedCoefficients({ values: p }: NormalOptions): Record<string, ImpliedCoefficients> {
  const sign = (terms: Readonly<Record<string, number>>): ImpliedCoefficients => ({
    kind: "sign",
    terms: Object.fromEntries(
      Object.entries(terms).map(([term, value]): [string, 1 | 0 | -1] => [term, value > 0 ? 1 : value < 0 ? -1 : 0]),
    ),
  });
  const values = (terms: Readonly<Record<string, number>>): ImpliedCoefficients => ({ kind: "values", terms });
  const views = (eu: number, ep: number, au: number, ap: number): Record<string, number> => ({
    explunproductive: eu,
    explproductive: ep,
    adjunproductive: au,
    adjproductive: ap,
  });
  return {
    A3: values({
      p_black_w: p.b_blk,
      p_black_b: p.b_blk,
      p_latinx_w: p.b_ltx,
      p_latinx_b: p.b_ltx,
      p_el_w: p.b_el,
      p_el_b: p.b_el,
      vision: p.b_ev,
      mkt: 0,
    }),
    A4: values({
      ...views(p.beta_expl_unprod, p.beta_expl_prod, p.beta_adj_unprod, p.beta_adj_prod),
      mkt: p.beta_mkt,
      vision: p.beta_vis,
    }),
    A5: sign({
      ...views(p.beta_disc_expl_unprod, p.beta_disc_expl_prod, p.beta_disc_adj_unprod, p.beta_disc_adj_prod),
      mkt: p.beta_disc_mkt,
      vision: p.beta_disc_vis,
    }),
    A9: sign({
      setup_context_languageTRUE: p.beta_context,
      setup_math_languageTRUE: p.beta_math,
      setup_demand_keptTRUE: p.beta_demand_kept,
    }),
    A10: sign({ "yr:vision0": p.gamma_vis, "yr:mkt0": p.gamma_mkt }),
    A11: sign({ "yr:vision0:productive0": p.gamma_both }),
    // Signs only: the formula leaves out first cycles and newcomers, with whom the tie of the year before is tied to the effects of ego and alter.
    A16: sign({
      alter_rolecoach: p.kappa_coach,
      lag_expertise_alter: p.kappa_exp,
      same_grade: p.kappa_grade,
      mtg_quality: p.kappa_mtg,
      lag_tie: p.kappa_prev,
    }),
    A17: sign({ depthhigh: 0, mtg_quality: p.kappa_mtg }),
    A18: sign({ mtg_quality: p.kappa_mtg, mtg_hours: p.kappa_hours }),
    A19: sign({ exposure_mean: p.gamma_net }),
    A22: sign({ "hours: coach_collaboration": p.coach_time_coll, "trust: coach_collaboration": p.coach_trust_coll }),
    A26: sign({ "discrimination: occasionpost": p.leader_pd_discrimination, "features: occasionpost": p.leader_pd_features }),
    A30: values({
      "cwc(math_prior_z, section_id)": p.beta_prior,
      prior_mean: p.beta_prior + p.beta_ctx,
      elTRUE: p.beta_el,
      frlTRUE: p.beta_frl,
      maint_share: p.beta_maint,
    }),
    A35: values({
      aligned_prioritiesTRUE: p.up_aligned,
      builds_on_initiativeTRUE: p.up_builds,
      authorised_by_partnerTRUE: p.up_authorised,
    }),
    A36: values({ senior_leader_activeTRUE: p.impl_senior, implementer_expertiseTRUE: p.impl_expertise }),
    A39: values({ occasion: p.pm_slope, post_change: p.pm_step }),
    A48: sign({ rmt_year: p.rmt_slope }),
  };
}
