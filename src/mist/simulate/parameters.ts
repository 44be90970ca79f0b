/**
 * The parameters of the generator: every number of the data-generating model has a name, a default, and a basis. "published" and
 * "derived" come from the study's sources, "public" from public data that are not the study's, and most are assumptions.
 */
import type { Basis } from "../codebook/truth-file.js";
import { frameParameters } from "./parameters/frame.js";
import { instructionParameters } from "./parameters/instruction.js";
import { knowledgeParameters } from "./parameters/knowledge.js";
import { studentParameters } from "./parameters/students.js";
import { supportParameters } from "./parameters/supports.js";

type Declared = typeof frameParameters &
  typeof knowledgeParameters &
  typeof instructionParameters &
  typeof supportParameters &
  typeof studentParameters;

/** The name of a parameter, as `overrides` and `--set` take it. */
export type ParameterName = keyof Declared;

export interface ParameterDeclaration {
  readonly value: number;
  readonly basis: Basis;
  readonly meaning: string;
}

/** A value for every parameter. */
export type ParameterValues = Readonly<Record<ParameterName, number>>;

/** The declarations of preset `mist` by name. */
export const parameters: Readonly<Record<ParameterName, ParameterDeclaration>> = {
  ...frameParameters,
  ...knowledgeParameters,
  ...instructionParameters,
  ...supportParameters,
  ...studentParameters,
};

/** The names in the order of the files above. */
export const parameterNames: readonly ParameterName[] = Object.keys(parameters).filter(isParameterName);

export function isParameterName(name: string): name is ParameterName {
  return Object.hasOwn(parameters, name);
}

/** Thresholds of one ordered outcome, from low to high. */
export const thresholdNames = {
  vision: ["theta_V1", "theta_V2", "theta_V3", "theta_V4"],
  explanation: ["theta_expl1", "theta_expl2"],
  adjustment: ["theta_adj1", "theta_adj2"],
  potential: ["theta_P1", "theta_P2", "theta_P3", "theta_P4"],
  discussion: ["theta_D1", "theta_D2", "theta_D3", "theta_D4"],
  uptake: ["theta_uptake1", "theta_uptake2"],
  implementation: ["theta_impl1", "theta_impl2"],
  rmt_stage: ["theta_rmt1", "theta_rmt2", "theta_rmt3"],
} as const;

/** An outcome with thresholds. */
export type ThresholdOutcome = keyof typeof thresholdNames;

/** The thresholds of an outcome, from the values. */
export function thresholdsOf(values: ParameterValues, outcome: ThresholdOutcome): readonly number[] {
  return thresholdNames[outcome].map((name) => values[name]);
}

/** Slopes: what preset `null` sets to 0, so that nothing depends on anything. */
export const slopeNames: readonly ParameterName[] = [
  "mkt_trend",
  "vision_trend",
  "b_blk",
  "b_ltx",
  "b_el",
  "b_ev",
  "beta_pot_mkt",
  "beta_pot_vis",
  "beta_expl_unprod",
  "beta_expl_prod",
  "beta_adj_unprod",
  "beta_adj_prod",
  "beta_mkt",
  "beta_vis",
  "beta_disc_expl_unprod",
  "beta_disc_expl_prod",
  "beta_disc_adj_unprod",
  "beta_disc_adj_prod",
  "beta_disc_mkt",
  "beta_disc_vis",
  "beta_context",
  "beta_math",
  "beta_demand_kept",
  "kappa_set",
  "delta_1",
  "delta_2",
  "delta_3",
  "delta_4",
  "gamma_yr",
  "gamma_vis",
  "gamma_prod",
  "gamma_both",
  "gamma_mkt",
  "gamma_net",
  "gamma_deep",
  "gamma_mtg",
  "gamma_hl",
  "gamma_obs",
  "gamma_hlx",
  "gamma_hlc",
  "gamma_plc",
  "link_expert",
  "coach_diverted",
  "coach_time_coll",
  "coach_trust_coll",
  "coach_need",
  "kappa_coach",
  "kappa_admin",
  "kappa_district",
  "kappa_exp",
  "kappa_grade",
  "kappa_mtg",
  "kappa_hours",
  "kappa_prev",
  "depth_exp",
  "depth_mtg",
  "leader_pd_discrimination",
  "leader_pd_features",
  "beta_prior",
  "beta_ctx",
  "beta_maint",
  "beta_pm",
  "beta_el",
  "beta_frl",
  "student_intercept",
  "growth_grade",
  "pm_slope",
  "pm_step",
  "up_aligned",
  "up_builds",
  "up_authorised",
  "impl_senior",
  "impl_expertise",
  "rmt_slope",
];

/** Variances, SDs and precisions: never negative (precisions positive). */
export const scaleNames: readonly ParameterName[] = parameterNames.filter((name) =>
  /^(var|sd|mix)_|_precision$|^pm_var_|_se$|_sd$/.test(name),
);

/** Probabilities and shares: between 0 and 1. */
export const probabilityNames: readonly ParameterName[] = parameterNames.filter(
  (name) =>
    /^(p_|share_(?!precision)|sorting_|miss_(?!item_exp))|turnover$/.test(name) ||
    ["withdraw", "mobility", "grade_change", "multi_teacher", "double_rating", "double_coding", "rater_drift"].includes(name),
);

/** Correlations: between -1 and 1. */
export const correlationNames: readonly ParameterName[] = parameterNames.filter((name) => name.startsWith("rho_"));
