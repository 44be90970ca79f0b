/**
 * Coaching and professional development that teachers received (V24), one value a row of teacher_years.
 */

import { allTrue } from "../measures/arithmetic.js";
import { coachingDose, groupDose } from "../measures/coaching-dose.js";
import { indexOf, keyOf, rowsOf, type Sources } from "../sources.js";
import { coachValues } from "./coach-values.js";
import { meetingValues } from "./meeting-values.js";
import { personValues, schoolDistricts } from "./person-values.js";

export interface CoachingValues {
  readonly coTeaching: Float64Array;
  readonly coachingCycles: Float64Array;
  readonly observation: Float64Array;
  readonly modelling: Float64Array;
  readonly group: Float64Array;
  readonly pdHours: Float64Array;
  readonly pdInvestigation: Float64Array;
  readonly pdEnactment: Float64Array;
  readonly pdBoth: Float64Array;
}

export function coachingValues(sources: Sources): CoachingValues {
  return sources.once("coaching values", () => {
    const keys = sources.keys("teacher_years", "teacher_id", "cycle");
    const schools = sources.ids("teacher_years", "school_id");
    const cycles = sources.numbers("teacher_years", "cycle");
    const schoolKeys = Float64Array.from(schools, (school, i) => keyOf(school, cycles[i]!));
    const dose = doseReader(sources, keys, schoolKeys);
    return {
      coTeaching: dose("co_teaching"),
      coachingCycles: dose("coaching_cycle"),
      observation: dose("observe_feedback"),
      modelling: dose("modelling"),
      group: groupDoses(sources, keys, schoolKeys),
      ...pdValues(sources, keys, schools, cycles),
    };
  });
}

/** Whether coaching in a school and cycle is on record, so that no entry means none. */
function logged(sources: Sources): (schoolKey: number, cycle: number) => boolean {
  const events = rowsOf(sources.keys("coaching_events", "school_id", "cycle"));
  const serving = coachValues(sources).servingOf;
  const assigned = new Set(sources.numbers("coach_assignments", "cycle"));
  return (key, cycle) => sources.has("coaching_events") && (events.has(key) || (assigned.has(cycle) && !serving.has(key)));
}

function doseReader(sources: Sources, keys: Float64Array, schoolKeys: Float64Array): (activity: string) => Float64Array {
  const events = rowsOf(sources.keys("coaching_events", "teacher_id", "cycle"));
  const { codes, levels } = sources.factor("coaching_events", "activity");
  const hours = sources.numbers("coaching_events", "hours");
  const cycles = sources.numbers("teacher_years", "cycle");
  const parts = [
    sources.numbers("coaching_events", "pre_conference"),
    sources.numbers("coaching_events", "classroom_work"),
    sources.numbers("coaching_events", "debrief"),
  ];
  const onRecord = logged(sources);
  return (activity) => {
    const wanted = levels.indexOf(activity);
    const how = activity === "coaching_cycle" ? sources.choices.coachingCycles : "all";
    return keys.map((key, i) => {
      const rows = (events.get(key) ?? []).filter((row) => codes[row] === wanted);
      return coachingDose(
        rows.map((row) => hours[row]!),
        rows.map((row) => allTrue(parts.map((part) => part[row]!))),
        events.has(key) || onRecord(schoolKeys[i]!, cycles[i]!),
        how,
      );
    });
  };
}

function groupDoses(sources: Sources, keys: Float64Array, schoolKeys: Float64Array): Float64Array {
  const people = personValues(sources);
  const { attended } = meetingValues(sources);
  const { codes, levels } = sources.factor("coaching_events", "mode");
  const group = levels.indexOf("group");
  const hours = sources.numbers("coaching_events", "hours");
  const cycles = sources.numbers("teacher_years", "cycle");
  const events = rowsOf(sources.keys("coaching_events", "school_id", "cycle"));
  const onRecord = logged(sources);
  return keys.map((key, i) => {
    if (!onRecord(schoolKeys[i]!, cycles[i]!)) return Number.NaN;
    const held = (events.get(schoolKeys[i]!) ?? []).reduce((sum, row) => sum + (codes[row] === group ? hours[row]! : 0), 0);
    return groupDose(held, attended[people.index.get(key) ?? -1] ?? Number.NaN);
  });
}

type PdValues = Pick<CoachingValues, "pdHours" | "pdInvestigation" | "pdEnactment" | "pdBoth">;

/** Hours of professional development; 0 where the district's sessions of that cycle are on record and the teacher came to none. */
function pdValues(sources: Sources, keys: Float64Array, schools: Int32Array, cycles: Float64Array): PdValues {
  const session = indexOf(sources.ids("pd_sessions", "pd_id"));
  const sessions = Int32Array.from(sources.ids("pd_attendance", "pd_id"), (code) => session.get(code) ?? -1);
  const sessionCycles = sources.numbers("pd_sessions", "cycle");
  const persons = sources.ids("pd_attendance", "person_id");
  const attended = rowsOf(Float64Array.from(persons, (person, k) => (sessions[k]! < 0 ? -1 : keyOf(person, sessionCycles[sessions[k]!]!))));
  const held = rowsOf(sources.keys("pd_sessions", "district_id", "cycle"));
  const hours = sources.numbers("pd_attendance", "hours");
  const { codes, levels } = sources.factor("pd_sessions", "pedagogy");
  const districts = schoolDistricts(sources);
  const onRecord = keys.map((key, i) =>
    sources.has("pd_attendance") && (attended.has(key) || held.has(keyOf(districts.get(schools[i]!) ?? -1, cycles[i]!))) ? 1 : 0,
  );
  const sum = (pedagogy: string | null): Float64Array => {
    const wanted = pedagogy === null ? -1 : levels.indexOf(pedagogy);
    return keys.map((key, i) => {
      if (onRecord[i] === 0) return Number.NaN;
      return (attended.get(key) ?? []).reduce((total, row) => {
        const code = codes[sessions[row]!]!;
        if (pedagogy !== null && code < 0) return Number.NaN;
        return total + (pedagogy === null || code === wanted ? hours[row]! : 0);
      }, 0);
    });
  };
  return { pdHours: sum(null), pdInvestigation: sum("investigation"), pdEnactment: sum("enactment"), pdBoth: sum("both") };
}
