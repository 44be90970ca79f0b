/**
 * V42, dyad-years: one row an ordered pair (ego, alter) and cycle, both on the roster of one school (or district) in that cycle.
 *
 *   tie = 1 where ego named alter, 0 where ego answered and did not, missing where ego did not answer
 *   lag_tie, tie_next = the same pair's tie in the cycle before and after, missing where one of the two was not on the roster then
 *
 * Keys: ego_id, alter_id, cycle. Only a tie has a depth and a frequency.
 */
import type { Table } from "../../../data/table.js";
import { type LevelRow, levelTable, plainFactor } from "../level-table.js";
import { meanPresent, weightedMean } from "../measures/arithmetic.js";
import { keyOf, rowsOf, type Sources, takenIds } from "../sources.js";
import { coachValues } from "../values/coach-values.js";
import { groupValues } from "../values/group-values.js";
import { meetingQualities, meetingValues } from "../values/meeting-values.js";
import { network } from "../values/network-values.js";
import { personValues } from "../values/person-values.js";
import { rolesOf } from "./person-years.js";

export const dyadYearColumns = {
  ego_id: { type: "id" },
  alter_id: { type: "id" },
  cycle: { type: "number" },
  school_id: { type: "id" },
  district_id: { type: "id" },
  district: { type: "id" },
  ego_role: { type: "category" },
  alter_role: { type: "category" },
  tie: { type: "flag", measure: "V42", needs: ["network_edges"] },
  lag_tie: { type: "flag", measure: "V42", needs: ["network_edges"] },
  tie_next: { type: "flag", measure: "V42", needs: ["network_edges"] },
  depth: { type: "ordered", from: "network_edges.depth" },
  depth_high: { type: "flag", measure: "V42", needs: ["network_edges"] },
  frequency: { type: "ordered", from: "network_edges.frequency" },
  lag_expertise_ego: { type: "number", measure: "V42" },
  lag_expertise_alter: { type: "number", measure: "V42" },
  same_grade: { type: "flag", measure: "V42", needs: ["teacher_years"] },
  same_group: { type: "flag", measure: "V42" },
  coach_present: { type: "flag", measure: "V42", needs: ["collab_meetings", "collab_attendance"] },
  mtg_quality: { type: "number", measure: "V42", needs: ["collab_meetings", "collab_attendance"] },
  mtg_hours: { type: "number", measure: "V42", needs: ["collab_meetings", "collab_attendance"] },
  lag_pd_depth_coach: { type: "number", measure: "V42", needs: ["coach_assignments", "pd_sessions", "pd_attendance"] },
  n_risk: { type: "number", measure: "V42" },
} as const;

export type DyadYearRow = LevelRow<typeof dyadYearColumns>;

const ROLES: readonly string[] = ["teacher", "coach", "administrator", "district"];
const COACH = 1;

export function dyadYears(sources: Sources): Table<DyadYearRow> {
  const people = personValues(sources);
  const ties = network(sources, sources.choices.dyadRiskSet);
  const egos: number[] = [];
  const alters: number[] = [];
  for (const members of ties.sets.values()) {
    for (const ego of members) {
      for (const alter of members) {
        if (ego === alter) continue;
        egos.push(ego);
        alters.push(alter);
      }
    }
  }
  const n = egos.length;
  const each = (value: (ego: number, alter: number, k: number) => number): Float64Array =>
    Float64Array.from({ length: n }, (_, k) => value(egos[k]!, alters[k]!, k));
  const at = (shift: number): Float64Array =>
    each((ego, alter) => ties.tie(people.ids[ego]!, people.ids[alter]!, people.cycles[ego]! + shift));
  const roles = rolesOf(people, sources);
  const role = (name: string, rows: readonly number[]) => plainFactor(name, takenIds(roles, rows), ROLES);
  const edge = Int32Array.from(egos, (ego, k) => ties.edge(people.ids[ego]!, people.ids[alters[k]!]!, people.cycles[ego]!));
  const grades = sources.numbers("teacher_years", "grade_main");
  const gradeOf = (i: number): number => grades[people.teacherRow[i]!] ?? Number.NaN;
  const depth = sources.numbers("network_edges", "depth");
  const meetings = dyadMeetings(sources, egos, alters);
  const pdDepth = coachPdDepth(sources);
  const tie = at(0);
  return levelTable(
    dyadYearColumns,
    sources,
    { network_edges: edge },
    {
      ego_id: takenIds(people.ids, egos),
      alter_id: takenIds(people.ids, alters),
      cycle: each((ego) => people.cycles[ego]!),
      school_id: takenIds(people.schools, egos),
      district_id: takenIds(people.districts, egos),
      district: takenIds(people.districts, egos),
      ego_role: role("ego_role", egos),
      alter_role: role("alter_role", alters),
      tie,
      lag_tie: at(-1),
      tie_next: at(1),
      depth_high: each((_, __, k) => (tie[k] === 1 ? depth[edge[k]!]! : Number.NaN)),
      lag_expertise_ego: each((ego) => people.lagExpertise[ego]!),
      lag_expertise_alter: each((_, alter) => people.lagExpertise[alter]!),
      same_grade: each((ego, alter) => {
        if (roles[ego] !== 0 || roles[alter] !== 0) return 0;
        const difference = gradeOf(ego) - gradeOf(alter);
        return Number.isNaN(difference) ? Number.NaN : difference === 0 ? 1 : 0;
      }),
      same_group: meetings.sameGroup,
      coach_present: meetings.coachPresent,
      mtg_quality: meetings.quality,
      mtg_hours: meetings.hours,
      lag_pd_depth_coach: each((ego) => pdDepth(people.schools[ego]!, people.cycles[ego]!)),
      n_risk: each((ego) => (ties.sets.get(ties.setOf[ego]!)?.length ?? 1) - 1),
    },
  );
}

interface DyadMeetings {
  readonly sameGroup: Float64Array;
  readonly coachPresent: Float64Array;
  readonly quality: Float64Array;
  readonly hours: Float64Array;
}

/** What ego and alter attended together; ego's own meetings unless the option asks for those of both. */
function dyadMeetings(sources: Sources, egos: readonly number[], alters: readonly number[]): DyadMeetings {
  const people = personValues(sources);
  const values = meetingValues(sources);
  const qualities = meetingQualities(sources);
  const minutes = sources.numbers("collab_meetings", "minutes");
  const { groupsOf, nGroups } = groupValues(sources);
  const roles = rolesOf(people, sources);
  const coaches = new Set(Array.from(people.ids).filter((_, i) => roles[i] === COACH || people.coachRow[i]! >= 0));
  const withCoach = new Map(Array.from(values.personsAt, ([meeting, persons]) => [meeting, persons.some((person) => coaches.has(person))]));
  const meetingSets = Array.from(people.keys, (key) => new Set(values.meetingsOf.get(key) ?? []));
  const groupSets = Array.from(people.keys, (key) => new Set(groupsOf.get(key) ?? []));
  const n = egos.length;
  const empty = (): Float64Array => new Float64Array(n).fill(Number.NaN);
  const [sameGroup, coachPresent, quality, hours] = [empty(), empty(), empty(), empty()];
  for (let k = 0; k < n; k++) {
    const [ego, alter] = [egos[k]!, alters[k]!];
    const shared = [...meetingSets[ego]!].filter((meeting) => meetingSets[alter]!.has(meeting));
    const group = [...groupSets[ego]!].some((one) => groupSets[alter]!.has(one));
    const meetingsKnown = !Number.isNaN(values.hours[ego]!);
    const groupsKnown = !Number.isNaN(nGroups[ego]!);
    if (shared.length > 0 || group) sameGroup[k] = 1;
    else if (meetingsKnown || groupsKnown) sameGroup[k] = 0;
    if (meetingsKnown) coachPresent[k] = shared.some((meeting) => withCoach.get(meeting) === true) ? 1 : 0;
    if (sources.choices.dyadMeetings === "ego") {
      quality[k] = values.quality[ego]!;
      hours[k] = values.hours[ego]!;
    } else {
      quality[k] = weightedMean(
        shared.map((meeting) => qualities[meeting]!),
        shared.map((meeting) => minutes[meeting]!),
      );
      if (meetingsKnown) hours[k] = shared.reduce((sum, meeting) => sum + minutes[meeting]! / 60, 0);
    }
  }
  return { sameGroup, coachPresent, quality, hours };
}

/** Mean interaction depth of the PD sessions that the school's coaches of this cycle attended in the cycle before. */
function coachPdDepth(sources: Sources): (school: number, cycle: number) => number {
  const { servingOf } = coachValues(sources);
  const depth = sources.numbers("pd_sessions", "interaction_depth");
  const cycles = sources.numbers("pd_sessions", "cycle");
  const session = new Map(Array.from(sources.ids("pd_sessions", "pd_id"), (code, row) => [code, row]));
  const sessions = Int32Array.from(sources.ids("pd_attendance", "pd_id"), (code) => session.get(code) ?? -1);
  const persons = sources.ids("pd_attendance", "person_id");
  const attended = rowsOf(Float64Array.from(persons, (person, k) => (sessions[k]! < 0 ? -1 : keyOf(person, cycles[sessions[k]!]!))));
  const known = new Map<number, number>();
  return (school, cycle) => {
    const key = keyOf(school, cycle);
    let mean = known.get(key);
    if (mean === undefined) {
      const coaches = servingOf.get(key) ?? [];
      mean = meanPresent(
        coaches.map(({ coach }) => meanPresent((attended.get(keyOf(coach, cycle - 1)) ?? []).map((row) => depth[sessions[row]!]!))),
      );
      known.set(key, mean);
    }
    return mean;
  };
}
