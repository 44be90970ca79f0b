/**
 * Person-years: one row a teacher, coach or leader and cycle, of whatever table names them.
 *
 * Keys: person_id, cycle; interview_id leads to the codes. The role is that of the network roster: a leader of a school is an
 * administrator, one of the central office belongs to the district.
 */
import type { Table } from "../../../data/table.js";
import { type LevelRow, levelTable, plainFactor } from "../level-table.js";
import { lagged } from "../measures/occasions.js";
import { keyOf, rowsAt, type Sources, takenIds } from "../sources.js";
import { coachValues } from "../values/coach-values.js";
import { groupValues } from "../values/group-values.js";
import { networkValues } from "../values/network-values.js";
import { type PersonValues, personValues } from "../values/person-values.js";
import { schoolValues } from "../values/school-values.js";

export const personYearColumns = {
  person_id: { type: "id" },
  cycle: { type: "number" },
  role: { type: "category" },
  school_id: { type: "id" },
  district_id: { type: "id" },
  district: { type: "id" },
  interview_id: { type: "id", from: "interviews.interview_id" },
  leader_role: { type: "category", from: "leader_years.role" },
  orientation: { type: "ordered", from: "leader_years.orientation" },
  explanation_score: { type: "number", measure: "V9", needs: ["interviews", "vsmc_codes"] },
  adjustment_score: { type: "number", measure: "V9", needs: ["interviews", "vsmc_codes"] },
  vision: { type: "number", measure: "V12" },
  vision_high: { type: "flag", measure: "V13" },
  mkt: { type: "number", measure: "V14", needs: ["mkt_scores"] },
  practice: { type: "number", measure: "V18" },
  expertise: { type: "number", measure: "V18" },
  lag_expertise: { type: "number", measure: "V18" },
  coach_accomplished: { type: "flag", measure: "V25", needs: ["coach_years"] },
  coach_facets: { type: "number", measure: "V25", needs: ["coach_years"] },
  n_alters: { type: "number", measure: "V19", needs: ["network_roster", "network_edges"] },
  isolate: { type: "flag", measure: "V19", needs: ["network_roster", "network_edges"] },
  in_degree: { type: "number", measure: "V23", needs: ["network_roster", "network_edges"] },
  out_degree: { type: "number", measure: "V23", needs: ["network_roster", "network_edges"] },
  in_degree_share: { type: "number", measure: "V23", needs: ["network_roster", "network_edges"] },
  out_degree_share: { type: "number", measure: "V23", needs: ["network_roster", "network_edges"] },
  lag_in_degree: { type: "number", measure: "V23", needs: ["network_roster", "network_edges"] },
  reciprocity: { type: "number", measure: "V23", needs: ["network_roster", "network_edges"] },
  persist: { type: "number", measure: "V23", needs: ["network_roster", "network_edges"] },
  deep_share: { type: "number", measure: "V23", needs: ["network_roster", "network_edges"] },
  n_risk: { type: "number", measure: "V23", needs: ["network_roster"] },
  n_nominators: { type: "number", measure: "V23", needs: ["network_roster", "network_edges"] },
  n_groups: { type: "number", measure: "V34", needs: ["group_memberships"] },
  broker: { type: "flag", measure: "V34", needs: ["groups", "group_memberships"] },
  broker_score: { type: "number", measure: "V34", needs: ["group_memberships"] },
  collab_minutes_week: { type: "number", needs: ["school_years"] },
  main_coach_id: { type: "id", needs: ["coach_assignments"] },
} as const;

export type PersonYearRow = LevelRow<typeof personYearColumns>;

const ROLES: readonly string[] = ["teacher", "coach", "administrator", "district"];

/** Place in ROLES of each person-year. */
export function rolesOf(people: PersonValues, sources: Sources): Int32Array {
  const roster = sources.factor("network_roster", "role");
  const places = roster.levels.map((level) => ROLES.indexOf(level));
  const levels = sources.factor("leader_years", "level");
  const atSchool = levels.levels.indexOf("school");
  return Int32Array.from(people.ids, (_, i) => {
    const row = people.rosterRow[i]!;
    if (row >= 0 && roster.codes[row]! >= 0) return places[roster.codes[row]!]!;
    if (people.teacherRow[i]! >= 0) return 0;
    if (people.coachRow[i]! >= 0) return 1;
    if (people.leaderRow[i]! < 0) return -1;
    return levels.codes[people.leaderRow[i]!] === atSchool ? 2 : 3;
  });
}

export function personYears(sources: Sources): Table<PersonYearRow> {
  const people = personValues(sources);
  const networks = networkValues(sources);
  const groups = groupValues(sources);
  const coaches = coachValues(sources);
  const school = schoolValues(sources);
  const schoolYear = rowsAt(
    Float64Array.from(people.schools, (code, i) => keyOf(code, people.cycles[i]!)),
    school.index,
  );
  const minutes = sources.numbers("school_years", "collab_minutes_week");
  const rows = { leader_years: people.leaderRow, interviews: people.interviewRow };
  return levelTable(personYearColumns, sources, rows, {
    person_id: people.ids,
    cycle: people.cycles,
    school_id: people.schools,
    district_id: people.districts,
    district: people.districts,
    role: plainFactor("role", rolesOf(people, sources), ROLES),
    explanation_score: people.explanation,
    adjustment_score: people.adjustment,
    vision: people.vision,
    vision_high: people.visionHigh,
    mkt: people.mkt,
    practice: people.practice,
    expertise: people.expertise,
    lag_expertise: people.lagExpertise,
    coach_accomplished: coaches.accomplished,
    coach_facets: coaches.facets,
    n_alters: networks.nAlters,
    isolate: networks.isolate,
    in_degree: networks.inDegree,
    out_degree: networks.outDegree,
    in_degree_share: networks.inDegreeShare,
    out_degree_share: networks.outDegreeShare,
    lag_in_degree: lagged(networks.inDegree, people.occasions),
    reciprocity: networks.reciprocity,
    persist: networks.persist,
    deep_share: networks.deepShare,
    n_risk: networks.nRisk,
    n_nominators: networks.nNominators,
    n_groups: groups.nGroups,
    broker: groups.broker,
    broker_score: groups.score,
    collab_minutes_week: Float64Array.from(schoolYear, (row) => minutes[school.row[row] ?? -1] ?? Number.NaN),
    main_coach_id: takenIds(school.coaches, schoolYear),
  });
}
