/**
 * The conditions of the codebook in words: when a cell is null by structure, and what every row of a table keeps. The same
 * conditions as predicates stand in conditions.ts; the compiler sees to it that none is missing there.
 */

export interface ConditionWords {
  /** The table whose rows the condition is about. */
  readonly table: string;
  /** Completes "null if and only if ..." or "in every row ...". */
  readonly words: string;
}

export const conditionWords = {
  not_focal: { table: "teacher_years", words: "the teacher is not among the focal teachers that cycle" },
  district_leader: { table: "leader_years", words: "the leader works for the district, not for one school" },
  school_leader: { table: "leader_years", words: "the leader works in a school" },
  no_prior_scores: { table: "sections", words: "no student linked to the section has a mathematics score from the year before" },
  fewer_than_two_prior_scores: {
    table: "sections",
    words: "fewer than two students linked to the section have a mathematics score from the year before",
  },
  low_potential: { table: "lessons", words: "the score of record for the task's potential is below 3" },
  no_discussion: { table: "iqa_ratings", words: "the lesson had no concluding whole-class discussion" },
  link_unknown: { table: "collab_meetings", words: "one of the three link flags is not known" },
  group_mode: { table: "coaching_events", words: "the coach worked with a group" },
  not_coaching_cycle: { table: "coaching_events", words: "the activity is not a coaching cycle" },
  district_staff: { table: "network_roster", words: "the person is on the district's staff" },
  district_group: { table: "groups", words: "the group belongs to the district's central office or to the partnership" },
  district_relation: { table: "role_relations", words: "both roles belong to the district's central office" },
  no_gap: {
    table: "support_enactments",
    words: "the support was enacted as planned: at least half of the planned dose, in the planned function",
  },
  no_previous_record: { table: "student_years", words: "the district has no test record of the student from the year before" },
  no_mathematics_score: { table: "student_years", words: "the student has no mathematics score" },
  not_taken_up: { table: "recommendations", words: "the recommendation was not taken up" },
  anonymous_administration: { table: "pm_responses", words: "the administration was anonymous: none of its answers names a student" },
  before_second_year: { table: "rmt_years", words: "it is the person's network year 1, before practice is looked at" },
  activity_fits_mode: { table: "coaching_events", words: "the activity is one of the kind that the mode allows" },
  within_school_year: { table: "coaching_events", words: "the month lies between August and June" },
  practices_of_school_leaders: { table: "principal_practices", words: "the leader is a principal or assistant principal that cycle" },
  leads_sessions_when_ready: { table: "rmt_years", words: "sessions are led only by apprentice leaders and network leaders" },
  hits_within_high_tasks: {
    table: "leader_task_sorts",
    words: "hits do not exceed the high-demand tasks, nor false alarms the other tasks",
  },
  placed_in_own_district: { table: "teacher_years", words: "the school lies in the teacher's district" },
  partners_differ: { table: "network_edges", words: "a person does not name himself or herself" },
  groups_differ: { table: "boundary_encounters", words: "the two groups differ" },
} as const;

export type ConditionName = keyof typeof conditionWords;
