/**
 * Leader-years: one row a row of the table leader_years, with a principal's practices.
 *
 * Keys: leader_id, cycle. `unit` is the leader's post where it belongs to the central office, missing for leaders of schools.
 */
import type { Table } from "../../../data/table.js";
import { schoolRoles } from "../../codebook/facts.js";
import { type LevelRow, levelTable, plainFactor } from "../level-table.js";
import { indexOf, rowsAt, type Sources, taken, takenIds } from "../sources.js";
import { personValues } from "../values/person-values.js";
import { collaborations } from "../values/school-values.js";

export const leaderYearColumns = {
  leader_id: { type: "id", from: "leader_years.leader_id" },
  cycle: { type: "number", from: "leader_years.cycle" },
  level: { type: "category", from: "leader_years.level" },
  role: { type: "category", from: "leader_years.role" },
  unit: { type: "category" },
  school_id: { type: "id", from: "leader_years.school_id" },
  district_id: { type: "id", needs: ["leaders"] },
  district: { type: "id", needs: ["leaders"] },
  orientation: { type: "ordered", from: "leader_years.orientation" },
  orientation_score: { type: "number" },
  learning_perspective: { type: "ordered", from: "leader_years.learning_perspective" },
  understands_demand_of_change: { type: "ordered", from: "leader_years.understands_demand_of_change" },
  vision_level: { type: "number", from: "leader_years.vision_level" },
  vision: { type: "number", measure: "V12" },
  in_partnership_core: { type: "flag", from: "leader_years.in_partnership_core" },
  obs_hours_day: { type: "number", from: "principal_practices.obs_hours_day" },
  feedback_share: { type: "number", from: "principal_practices.feedback_share" },
  feedback_specificity: { type: "ordered", from: "principal_practices.feedback_specificity" },
  plc_attendance: { type: "number", from: "principal_practices.plc_attendance" },
  takes_over_plc: { type: "flag", from: "principal_practices.takes_over_plc" },
  protects_time: { type: "flag", from: "principal_practices.protects_time" },
  diverts_coach: { type: "flag", from: "principal_practices.diverts_coach" },
  coach_collaboration: { type: "number", measure: "V26", needs: ["principal_practices"] },
} as const;

export type LeaderYearRow = LevelRow<typeof leaderYearColumns>;

export function leaderYears(sources: Sources): Table<LeaderYearRow> {
  const people = personValues(sources);
  const keys = sources.keys("leader_years", "leader_id", "cycle");
  const person = rowsAt(keys, people.index);
  const practiceRow = rowsAt(keys, indexOf(sources.keys("principal_practices", "leader_id", "cycle")));
  const { codes, levels } = sources.factor("leader_years", "role");
  const inSchool: readonly string[] = schoolRoles;
  const district = takenIds(people.districts, person);
  return levelTable(
    leaderYearColumns,
    sources,
    { leader_years: null, principal_practices: practiceRow },
    {
      district_id: district,
      district,
      unit: plainFactor(
        "unit",
        codes.map((code) => (code < 0 || inSchool.includes(levels[code]!) ? -1 : code)),
        levels,
      ),
      orientation_score: sources.numbers("leader_years", "orientation"),
      vision: taken(people.vision, person),
      coach_collaboration: taken(collaborations(sources), practiceRow),
    },
  );
}
