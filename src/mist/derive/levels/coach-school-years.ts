/**
 * Coach-school-years: one row a row of the table coach_assignments, with the coach's hours, how far the coach is accomplished, and the
 * columns of the school-year beside them.
 *
 * hours_with_teachers is the coach-year's total, the same in every school served; with the option coachHours "by_share" it is the
 * school's part of it, in proportion to the shares. hours_logged sums the school's events in the log of coaching. Keys: coach_id, school_id, cycle.
 */
import type { Table } from "../../../data/table.js";
import { beside, type LevelRow, levelTable } from "../level-table.js";
import { keyOf, rowsAt, rowsOf, type Sources, taken } from "../sources.js";
import { coachValues } from "../values/coach-values.js";
import { personValues } from "../values/person-values.js";
import { schoolValues } from "../values/school-values.js";
import { type SchoolYearRow, schoolYears } from "./school-years.js";

export const coachSchoolYearColumns = {
  coach_id: { type: "id", from: "coach_assignments.coach_id" },
  school_id: { type: "id", from: "coach_assignments.school_id" },
  cycle: { type: "number", from: "coach_assignments.cycle" },
  share: { type: "number", from: "coach_assignments.share" },
  fte: { type: "number", from: "coach_years.fte" },
  hours_with_teachers: { type: "number", measure: "V43", needs: ["coach_years"] },
  hours_logged: { type: "number", measure: "V24", needs: ["coaching_events"] },
  h_one_on_one: { type: "number", from: "coach_years.h_one_on_one" },
  h_groups: { type: "number", from: "coach_years.h_groups" },
  h_pd_lead: { type: "number", from: "coach_years.h_pd_lead" },
  h_tutoring: { type: "number", from: "coach_years.h_tutoring" },
  h_data: { type: "number", from: "coach_years.h_data" },
  h_materials: { type: "number", from: "coach_years.h_materials" },
  h_admin: { type: "number", from: "coach_years.h_admin" },
  trust_mean: { type: "number", from: "coach_years.trust_mean" },
  listens_mean: { type: "number", from: "coach_years.listens_mean" },
  negotiates_goals: { type: "number", from: "coach_years.negotiates_goals" },
  facilitation: { type: "ordered", from: "coach_years.facilitation" },
  instructional_practice: { type: "ordered", from: "coach_years.instructional_practice" },
  seen_as_evaluative: { type: "number", from: "coach_years.seen_as_evaluative" },
  coach_vision: { type: "number", measure: "V12" },
  coach_mkt: { type: "number", measure: "V14", needs: ["mkt_scores"] },
  expertise: { type: "number", measure: "V18" },
  accomplished: { type: "flag", measure: "V25", needs: ["coach_years"] },
  facets: { type: "number", measure: "V25", needs: ["coach_years"] },
} as const;

type CoachSchoolYearOwnRow = LevelRow<typeof coachSchoolYearColumns>;

export type CoachSchoolYearRow = CoachSchoolYearOwnRow & Omit<SchoolYearRow, keyof CoachSchoolYearOwnRow>;

export function coachSchoolYears(sources: Sources): Table<CoachSchoolYearRow> {
  const people = personValues(sources);
  const coaches = coachValues(sources);
  const cycles = sources.numbers("coach_assignments", "cycle");
  const shares = sources.numbers("coach_assignments", "share");
  const keys = sources.keys("coach_assignments", "coach_id", "cycle");
  const person = rowsAt(keys, people.index);
  const coachRow = Int32Array.from(person, (i) => (i < 0 ? -1 : people.coachRow[i]!));
  const ofYear = rowsOf(keys);
  const total = keys.map((key) => (ofYear.get(key) ?? []).reduce((sum, row) => sum + shares[row]!, 0));
  const one = taken(sources.numbers("coach_years", "h_one_on_one"), coachRow);
  const groups = taken(sources.numbers("coach_years", "h_groups"), coachRow);
  const byShare = sources.choices.coachHours === "by_share";
  const schoolKeys = Float64Array.from(sources.ids("coach_assignments", "school_id"), (school, i) => keyOf(school, cycles[i]!));
  const own = levelTable(
    coachSchoolYearColumns,
    sources,
    { coach_assignments: null, coach_years: coachRow },
    {
      hours_with_teachers: one.map((hours, i) => (hours + groups[i]!) * (byShare ? shares[i]! / total[i]! : 1)),
      hours_logged: loggedHours(sources, schoolKeys),
      coach_vision: taken(people.vision, person),
      coach_mkt: taken(people.mkt, person),
      expertise: taken(people.expertise, person),
      accomplished: taken(coaches.accomplished, person),
      facets: taken(coaches.facets, person),
    },
  );
  return beside(own, schoolYears(sources), rowsAt(schoolKeys, schoolValues(sources).index));
}

/** Hours of each coach's events in the school; missing where the school has none on record that cycle. */
function loggedHours(sources: Sources, schoolKeys: Float64Array): Float64Array {
  const events = rowsOf(sources.keys("coaching_events", "school_id", "cycle"));
  const coaches = sources.ids("coaching_events", "coach_id");
  const hours = sources.numbers("coaching_events", "hours");
  const own = sources.ids("coach_assignments", "coach_id");
  return schoolKeys.map((key, i) => {
    const rows = events.get(key);
    return rows === undefined ? Number.NaN : rows.reduce((sum, row) => sum + (coaches[row] === own[i] ? hours[row]! : 0), 0);
  });
}
