/**
 * Meetings: one row a row of the table collab_meetings, with quality (V21) from the links on record. Key: meeting_id.
 */
import type { Table } from "../../../data/table.js";
import { type LevelRow, levelTable, orderedFactor } from "../level-table.js";
import { meetingLevels } from "../measures/meeting-quality.js";
import { rowsOf, type Sources } from "../sources.js";
import { meetingQualities } from "../values/meeting-values.js";

export const meetingColumns = {
  meeting_id: { type: "id", from: "collab_meetings.meeting_id" },
  school_id: { type: "id", from: "collab_meetings.school_id" },
  cycle: { type: "number", from: "collab_meetings.cycle" },
  minutes: { type: "number", from: "collab_meetings.minutes" },
  hours: { type: "number" },
  quality: { type: "ordered", measure: "V21" },
  quality_score: { type: "number", measure: "V21" },
  n_present: { type: "number", needs: ["collab_attendance"] },
  links_goals: { type: "flag", from: "collab_meetings.links_goals" },
  links_thinking: { type: "flag", from: "collab_meetings.links_thinking" },
  links_instruction: { type: "flag", from: "collab_meetings.links_instruction" },
  is_sharing_only: { type: "flag", from: "collab_meetings.is_sharing_only" },
  facilitator_id: { type: "id", from: "collab_meetings.facilitator_id" },
  expert_facilitation: { type: "ordered", from: "collab_meetings.expert_facilitation" },
  activity: { type: "category", from: "collab_meetings.activity" },
  leader_present: { type: "flag", from: "collab_meetings.leader_present" },
  leader_takes_over: { type: "flag", from: "collab_meetings.leader_takes_over" },
} as const;

export type MeetingRow = LevelRow<typeof meetingColumns>;

const COUNTS: readonly string[] = ["0", "1", "2", "3"];

export function meetings(sources: Sources): Table<MeetingRow> {
  const scores = meetingQualities(sources);
  const present = rowsOf(sources.ids("collab_attendance", "meeting_id"));
  const levels = sources.choices.meetingQuality === "raw_count" ? COUNTS : meetingLevels;
  return levelTable(
    meetingColumns,
    sources,
    { collab_meetings: null },
    {
      quality: orderedFactor("quality", scores, levels),
      quality_score: scores,
      hours: sources.numbers("collab_meetings", "minutes").map((minutes) => minutes / 60),
      n_present: Float64Array.from(sources.ids("collab_meetings", "meeting_id"), (meeting) => present.get(meeting)?.length ?? Number.NaN),
    },
  );
}
