/**
 * The record of every derived measure: which columns it is, at which level, of what kind and unit, and whose decision the rule is.
 * The rule's words stand in messages.ts, put together with the choices made in rules.ts.
 */
import type { SourceTag } from "../codebook/sources.js";

export interface Measure {
  readonly id: MeasureId;
  /** The columns that hold it, at whatever level. */
  readonly names: readonly string[];
  /** What one value belongs to. */
  readonly level: string;
  readonly type: "number" | "yes_no" | "category" | "ordered";
  readonly unit?: string;
  /** "brief" and "ours" mark a rule that no source states. */
  readonly source: readonly SourceTag[];
}

type Entry = Omit<Measure, "id">;

const RUBRIC = "rubric level 0-4";

const entries = {
  V1: {
    names: [
      "potential",
      "implementation",
      "discussion",
      "questioning",
      "teacher_linking",
      "student_linking",
      "teacher_press",
      "student_press",
      "participation",
    ],
    level: "lesson",
    type: "ordered",
    unit: RUBRIC,
    source: ["ours"],
  },
  V2: { names: ["high_potential", "high_share"], level: "lesson", type: "yes_no", source: ["brief"] },
  V3: { names: ["maintained"], level: "lesson", type: "yes_no", source: ["brief"] },
  V4: { names: ["maintained_all"], level: "lesson", type: "yes_no", source: ["ours"] },
  V5: { names: ["maint_share"], level: "teacher-year", type: "number", unit: "share 0-1", source: ["ours"] },
  V6: { names: ["demand_drop"], level: "lesson", type: "number", unit: "rubric levels", source: ["ours"] },
  V7: {
    names: ["discussion_quality", "discussion_given", "discussion_mean"],
    level: "lesson",
    type: "ordered",
    unit: RUBRIC,
    source: ["ours"],
  },
  V8: {
    names: ["lesson_composite", "iqa_composite", "iqa_mean"],
    level: "lesson, teacher-year",
    type: "number",
    unit: RUBRIC,
    source: ["ours"],
  },
  V9: {
    names: ["expl", "adj", "explanation", "adjustment", "expl_score", "adj_score", "productive_share"],
    level: "teacher-year",
    type: "category",
    source: ["000", "ours"],
  },
  V10: { names: ["persp_index"], level: "teacher-year", type: "number", unit: "-1 to 1", source: ["ours"] },
  V11: { names: ["productive0", "productive", "both0"], level: "teacher", type: "yes_no", source: ["ours"] },
  V12: { names: ["vision", "vision_mean"], level: "person-year", type: "number", unit: "level 0-4", source: ["ours"] },
  V13: { names: ["vision_high"], level: "person-year", type: "yes_no", source: ["ours"] },
  V14: {
    names: ["mkt", "mkt_mean"],
    level: "person-year",
    type: "number",
    unit: "norm scale, mean 0 and sd 1 in the norm group",
    source: ["ours"],
  },
  V15: {
    names: ["mkt0", "vision0", "vision_high0", "iqa_composite0", "lag_mkt", "lag_vision", "lag_iqa_composite"],
    level: "teacher-year",
    type: "number",
    source: ["ours"],
  },
  V16: { names: ["yr"], level: "teacher-year", type: "number", unit: "years", source: ["ours"] },
  V17: {
    names: ["p_black", "p_latinx", "p_white", "p_asian", "p_other", "p_el", "p_frl", "comp_source", "diversity", "dominant_group"],
    level: "teacher-year",
    type: "number",
    unit: "share 0-1",
    source: ["ours"],
  },
  V18: { names: ["expertise", "lag_expertise"], level: "person-year", type: "number", unit: "standard deviations", source: ["ours"] },
  V19: {
    names: ["exposure_mean", "exposure_max", "exposure_deep", "exposure_sum", "any_expert", "n_alters", "isolate"],
    level: "person-year",
    type: "number",
    unit: "standard deviations of expertise",
    source: ["brief"],
  },
  V20: { names: ["exposure_gap"], level: "person-year", type: "number", unit: "standard deviations of expertise", source: ["ours"] },
  V21: { names: ["quality"], level: "meeting", type: "ordered", unit: "level 0-4", source: ["ours", "001"] },
  V22: { names: ["mtg_quality", "mtg_hours"], level: "teacher-year", type: "number", unit: "level 0-4; hours", source: ["ours"] },
  V23: {
    names: [
      "in_degree",
      "out_degree",
      "in_degree_share",
      "out_degree_share",
      "reciprocity",
      "persist",
      "deep_share",
      "n_risk",
      "n_nominators",
    ],
    level: "person-year",
    type: "number",
    unit: "ties; shares 0-1",
    source: ["ours"],
  },
  V24: {
    names: ["dose_hl", "dose_obs", "dose_model", "dose_group", "dose_co_teaching", "dose_coaching_cycle", "pd_hours", "hours_logged"],
    level: "teacher-year",
    type: "number",
    unit: "hours per year",
    source: ["002", "ours"],
  },
  V25: {
    names: ["coach_accomplished", "coach_facets", "accomplished", "facets"],
    level: "coach-year, school-year",
    type: "yes_no",
    source: ["ours", "000"],
  },
  V26: { names: ["coach_collaboration"], level: "principal-year", type: "number", unit: "signs 0-3", source: ["ours", "002"] },
  V27: { names: ["orientation_match"], level: "unit pair and year", type: "number", unit: "0-1", source: ["ours"] },
  V28: { names: ["discrimination"], level: "leader and occasion", type: "number", unit: "d'", source: ["ours"] },
  V29: { names: ["shared_vision"], level: "school-year, district-year", type: "number", unit: "0-1", source: ["ours"] },
  V30: { names: ["retained", "stability"], level: "teacher-year, school-year", type: "yes_no", source: ["ours"] },
  V31: { names: ["growth", "growth_se", "growth_n"], level: "teacher, school-year", type: "number", unit: RUBRIC, source: ["ours"] },
  V32: { names: ["achievement"], level: "student-year", type: "number", unit: "z", source: ["ours"] },
  V33: { names: ["gap_class", "enacted", "other_function"], level: "school, cycle and element", type: "category", source: ["003", "ours"] },
  V34: { names: ["broker", "broker_score", "n_groups"], level: "person-year", type: "yes_no", source: ["003", "ours"] },
  V35: { names: ["bo_compatible"], level: "object-year", type: "number", unit: "share 0-1", source: ["ours"] },
  V36: { names: ["mutual", "imbalance"], level: "role pair and year", type: "number", unit: "strength", source: ["ours", "003"] },
  V37: { names: ["favourable", "pm_score", "favourable_share"], level: "response, class-occasion", type: "yes_no", source: ["ours"] },
  V38: {
    names: ["baseline_median", "shift", "trend", "beyond_limits", "centre", "lower_limit", "upper_limit"],
    level: "class-occasion",
    type: "yes_no",
    source: ["ours"],
  },
  V39: { names: ["taken_up", "success"], level: "recommendation", type: "yes_no", source: ["000"] },
  V40: { names: ["tracked", "opportunity_gap"], level: "school-year", type: "number", unit: "0-2; difference of shares", source: ["ours"] },
  V41: {
    names: ["vis_mean", "imp_mean", "lag_vis_mean", "lag_imp_mean"],
    level: "RMT person-year",
    type: "number",
    unit: "level 0-3",
    source: ["ours"],
  },
  V42: {
    names: [
      "tie",
      "lag_tie",
      "tie_next",
      "depth_high",
      "lag_expertise_ego",
      "lag_expertise_alter",
      "same_grade",
      "same_group",
      "coach_present",
      "lag_pd_depth_coach",
    ],
    level: "dyad-year",
    type: "yes_no",
    source: ["ours"],
  },
  V43: {
    names: ["practice", "exp", "press", "assist", "coach_expertise", "hours_with_teachers", "n_brokers", "encounters_deep", "post_change"],
    level: "as the column's table",
    type: "number",
    source: ["ours"],
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type MeasureId =
  | `V${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `V${1 | 2 | 3}${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `V4${0 | 1 | 2 | 3}`;

/** All measures, V1 to V43. */
export const measures: readonly Measure[] = Object.entries<Entry>(entries).map(([id, entry]) => ({ id: id as MeasureId, ...entry }));

/**
 * One measure's record.
 *
 * @example measureOf("V5").names // => ["maint_share"]
 */
export function measureOf(id: MeasureId): Measure {
  return { id, ...entries[id] };
}
