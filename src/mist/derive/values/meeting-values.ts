/**
 * Collaborative meetings: their quality (V21), and what each person-year attended (V22). Where the person's school has no meeting
 * on record that cycle nothing is known; where it has, who attended none has 0 hours and no quality.
 */
import { meetingQuality, teacherMeetingQuality } from "../measures/meeting-quality.js";
import { indexOf, keyOf, rowsOf, type Sources } from "../sources.js";
import { personValues } from "./person-values.js";

/** V21, one value a row of collab_meetings. */
export function meetingQualities(sources: Sources): Float64Array {
  return sources.once("meeting qualities", () => {
    const goals = sources.numbers("collab_meetings", "links_goals");
    const thinking = sources.numbers("collab_meetings", "links_thinking");
    const instruction = sources.numbers("collab_meetings", "links_instruction");
    const sharing = sources.numbers("collab_meetings", "is_sharing_only");
    const experts = sources.numbers("collab_meetings", "expert_facilitation");
    return goals.map((link, i) =>
      meetingQuality([link, thinking[i]!, instruction[i]!], sharing[i]!, sources.choices.meetingQuality, experts[i]!),
    );
  });
}

export interface MeetingValues {
  readonly quality: Float64Array;
  readonly hours: Float64Array;
  /** Share of the school's meetings that the person attended. */
  readonly attended: Float64Array;
  /** Rows of collab_meetings that a person attended in a cycle, by the key of both. */
  readonly meetingsOf: ReadonlyMap<number, readonly number[]>;
  /** Persons at each meeting, by its row. */
  readonly personsAt: ReadonlyMap<number, readonly number[]>;
}

/** One value a person-year. */
export function meetingValues(sources: Sources): MeetingValues {
  return sources.once("meeting values", () => {
    const people = personValues(sources);
    const qualities = meetingQualities(sources);
    const minutes = sources.numbers("collab_meetings", "minutes");
    const cycles = sources.numbers("collab_meetings", "cycle");
    const row = indexOf(sources.ids("collab_meetings", "meeting_id"));
    const persons = sources.ids("collab_attendance", "person_id");
    const meetings = Int32Array.from(sources.ids("collab_attendance", "meeting_id"), (meeting) => row.get(meeting) ?? -1);
    const attendances = rowsOf(Float64Array.from(persons, (person, k) => (meetings[k]! < 0 ? -1 : keyOf(person, cycles[meetings[k]!]!))));
    const meetingsOf = new Map(Array.from(attendances, ([key, rows]) => [key, rows.map((k) => meetings[k]!)]));
    const personsAt = new Map(Array.from(rowsOf(meetings), ([meeting, rows]) => [meeting, rows.map((k) => persons[k]!)]));
    const held = rowsOf(sources.keys("collab_meetings", "school_id", "cycle"));
    const quality = new Float64Array(people.count).fill(Number.NaN);
    const hours = quality.slice();
    const attended = quality.slice();
    if (!sources.has("collab_attendance")) return { quality, hours, attended, meetingsOf, personsAt };
    const how = sources.choices.meetingsOfTeacher;
    people.keys.forEach((key, i) => {
      const own = held.get(keyOf(people.schools[i]!, people.cycles[i]!)) ?? [];
      const been = meetingsOf.get(key) ?? [];
      const asked = how === "school_mean" ? own : been;
      quality[i] = teacherMeetingQuality(
        asked.map((k) => qualities[k]!),
        asked.map((k) => minutes[k]!),
        how,
      );
      if (own.length === 0 && been.length === 0) return;
      hours[i] = been.reduce((sum, k) => sum + minutes[k]! / 60, 0);
      const there = new Set(been);
      attended[i] = own.length === 0 ? Number.NaN : own.filter((k) => there.has(k)).length / own.length;
    });
    return { quality, hours, attended, meetingsOf, personsAt };
  });
}
