/**
 * Recommendations: one row a row of the table, and whether it was taken up and carried out (V39). Key: rec_id. district_cycle is
 * the meeting in May in which it was made.
 */
import type { Table } from "../../../data/table.js";
import { type LevelRow, levelTable } from "../level-table.js";
import { success, takenUp } from "../measures/recommendation.js";
import type { Sources } from "../sources.js";

export const recommendationColumns = {
  rec_id: { type: "id", from: "recommendations.rec_id" },
  district_id: { type: "id", from: "recommendations.district_id" },
  district: { type: "id" },
  cycle: { type: "number", from: "recommendations.cycle" },
  element: { type: "category", from: "recommendations.element" },
  uptake: { type: "ordered", from: "recommendations.uptake" },
  implementation: { type: "ordered", from: "recommendations.implementation" },
  taken_up: { type: "flag", measure: "V39" },
  success: { type: "flag", measure: "V39" },
  aligned_priorities: { type: "flag", from: "recommendations.aligned_priorities" },
  builds_on_initiative: { type: "flag", from: "recommendations.builds_on_initiative" },
  authorised_by_partner: { type: "flag", from: "recommendations.authorised_by_partner" },
  senior_leader_active: { type: "flag", from: "recommendations.senior_leader_active" },
  implementer_expertise: { type: "flag", from: "recommendations.implementer_expertise" },
  implementing_unit: { type: "category", from: "recommendations.implementing_unit" },
} as const;

export type RecommendationRow = LevelRow<typeof recommendationColumns>;

export function recommendationRows(sources: Sources): Table<RecommendationRow> {
  return levelTable(
    recommendationColumns,
    sources,
    { recommendations: null },
    {
      district: sources.ids("recommendations", "district_id"),
      taken_up: sources.numbers("recommendations", "uptake").map((level) => takenUp(level, sources.choices.takenUp)),
      success: sources.numbers("recommendations", "implementation").map((level) => success(level, sources.choices.success)),
    },
  );
}
