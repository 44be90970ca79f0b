/**
 * School-years: one row a school and cycle of the tables school_years and teacher_years.
 *
 * Keys: school_id, cycle; principal_id and coach_id (the coach with the greatest share) lead to the sources. `growth` is the mean
 * change of the school's teachers since the cycle before, whatever the option for teachers says: it has to vary by year.
 */

import type { Table } from "../../../data/table.js";
import { type LevelRow, levelTable } from "../level-table.js";
import { type Sources, taken } from "../sources.js";
import { schoolDistricts } from "../values/person-values.js";
import { schoolValues } from "../values/school-values.js";

export const schoolYearColumns = {
  school_id: { type: "id" },
  cycle: { type: "number" },
  district_id: { type: "id", needs: ["schools"] },
  district: { type: "id", needs: ["schools"] },
  principal_id: { type: "id" },
  coach_id: { type: "id", needs: ["coach_assignments"] },
  enrolment: { type: "number", from: "school_years.enrolment" },
  n_math_teachers: { type: "number", from: "school_years.n_math_teachers" },
  p_black: { type: "number", from: "school_years.p_black" },
  p_latinx: { type: "number", from: "school_years.p_latinx" },
  p_white: { type: "number", from: "school_years.p_white" },
  p_asian: { type: "number", from: "school_years.p_asian" },
  p_other: { type: "number", from: "school_years.p_other" },
  p_el: { type: "number", from: "school_years.p_el" },
  p_frl: { type: "number", from: "school_years.p_frl" },
  p_sped: { type: "number", from: "school_years.p_sped" },
  tracking: { type: "ordered", from: "school_years.tracking" },
  tracked: { type: "number", measure: "V40", needs: ["school_years"] },
  collab_minutes_week: { type: "number", from: "school_years.collab_minutes_week" },
  improvement_plan_quality: { type: "ordered", from: "school_years.improvement_plan_quality" },
  plan_quality: { type: "number", needs: ["school_years"] },
  obs_hours_day: { type: "number", from: "principal_practices.obs_hours_day" },
  feedback_share: { type: "number", from: "principal_practices.feedback_share" },
  feedback_specificity: { type: "ordered", from: "principal_practices.feedback_specificity" },
  plc_attendance: { type: "number", from: "principal_practices.plc_attendance" },
  takes_over_plc: { type: "flag", from: "principal_practices.takes_over_plc" },
  protects_time: { type: "flag", from: "principal_practices.protects_time" },
  coach_meetings_month: { type: "number", from: "principal_practices.coach_meetings_month" },
  observes_with_coach: { type: "flag", from: "principal_practices.observes_with_coach" },
  diverts_coach: { type: "flag", from: "principal_practices.diverts_coach" },
  delegates_to_experts: { type: "flag", from: "principal_practices.delegates_to_experts" },
  coach_collaboration: { type: "number", measure: "V26", needs: ["principal_practices"] },
  orientation: { type: "ordered", from: "leader_years.orientation" },
  orientation_score: { type: "number", needs: ["leader_years"] },
  learning_perspective: { type: "ordered", from: "leader_years.learning_perspective" },
  understands_demand_of_change: { type: "ordered", from: "leader_years.understands_demand_of_change" },
  vision_level: { type: "number", from: "leader_years.vision_level" },
  n_coaches: { type: "number", measure: "V43", needs: ["coach_assignments"] },
  coach_share: { type: "number", measure: "V43", needs: ["coach_assignments"] },
  coach_expertise: { type: "number", measure: "V43", needs: ["coach_assignments", "coach_years"] },
  coach_accomplished: { type: "flag", measure: "V25", needs: ["coach_assignments", "coach_years"] },
  coach_facets: { type: "number", measure: "V25", needs: ["coach_assignments", "coach_years"] },
  vision_mean: { type: "number", measure: "V12", needs: ["teacher_years", "interviews", "vhqmi_codes"] },
  mkt_mean: { type: "number", measure: "V14", needs: ["teacher_years", "mkt_scores"] },
  iqa_mean: { type: "number", measure: "V8", needs: ["teacher_years", "lessons", "iqa_ratings"] },
  productive_share: { type: "number", measure: "V9", needs: ["teacher_years", "interviews", "vsmc_codes"] },
  view_tracking_mean: { type: "number", needs: ["teacher_years", "teacher_surveys"] },
  shared_vision: { type: "number", measure: "V29" },
  stability: { type: "number", measure: "V30", needs: ["teacher_years"] },
  growth: { type: "number", measure: "V31", needs: ["teacher_years", "lessons", "iqa_ratings"] },
  growth_se: { type: "number", measure: "V31", needs: ["teacher_years", "lessons", "iqa_ratings"] },
  growth_n: { type: "number", measure: "V31", needs: ["teacher_years", "lessons", "iqa_ratings"] },
  opportunity_gap: { type: "number", measure: "V40", needs: ["sections", "lessons", "iqa_ratings"] },
  n_brokers: { type: "number", measure: "V43", needs: ["groups", "group_memberships"] },
} as const;

export type SchoolYearRow = LevelRow<typeof schoolYearColumns>;

export function schoolYears(sources: Sources): Table<SchoolYearRow> {
  return sources.once("school_years", () => {
    const values = schoolValues(sources);
    const districts = schoolDistricts(sources);
    const { row, practiceRow, leaderRow } = values;
    const district = values.ids.map((school) => districts.get(school) ?? -1);
    const rows = { school_years: row, principal_practices: practiceRow, leader_years: leaderRow };
    return levelTable(schoolYearColumns, sources, rows, {
      school_id: values.ids,
      cycle: values.cycles,
      district_id: district,
      district,
      principal_id: values.principals,
      coach_id: values.coaches,
      tracked: taken(sources.numbers("school_years", "tracking"), row),
      plan_quality: taken(sources.numbers("school_years", "improvement_plan_quality"), row),
      coach_collaboration: values.coachCollaboration,
      orientation_score: taken(sources.numbers("leader_years", "orientation"), leaderRow),
      n_coaches: values.nCoaches,
      coach_share: values.coachShare,
      coach_expertise: values.coachExpertise,
      coach_accomplished: values.coachAccomplished,
      coach_facets: values.coachFacets,
      vision_mean: values.visionMean,
      mkt_mean: values.mktMean,
      iqa_mean: values.iqaMean,
      productive_share: values.productiveShare,
      view_tracking_mean: values.viewTrackingMean,
      shared_vision: values.sharedVision,
      stability: values.stability,
      growth: values.growth,
      growth_se: values.growthSe,
      growth_n: values.growthN,
      opportunity_gap: values.opportunityGap,
      n_brokers: values.nBrokers,
    });
  });
}
