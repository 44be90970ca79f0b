import { describe, expect, test } from "vitest";
import type { StudyRows, TableName } from "../../../src/mist/codebook/codebook.js";
import { columnsOf, isTableName } from "../../../src/mist/codebook/codebook.js";
import { type ConditionName, conditionWords } from "../../../src/mist/codebook/condition-words.js";
import { conditions, structuralNulls, type Verdict } from "../../../src/mist/codebook/conditions.js";
import { type StudySource, studyFrom } from "../../../src/mist/codebook/study.js";

/** Rows of which only some cells matter; the others are missing. */
function rows<N extends TableName>(table: N, ...given: readonly Partial<StudyRows[N]>[]): StudyRows[N][] {
  const blank = Object.fromEntries(columnsOf(table).map(([name]) => [name, null]));
  return given.map((row) => ({ ...blank, ...row }) as StudyRows[N]);
}

/** What the condition says of the rows of its table, in order. */
function verdicts(condition: ConditionName, tables: StudySource): Verdict[] {
  const { table } = conditionWords[condition];
  if (!isTableName(table)) throw new Error(table);
  const study = studyFrom(tables);
  const verdict = conditions[condition](study)!;
  return Array.from({ length: study[table]!.rowCount }, (_, row) => verdict(row));
}

describe("conditions on the own row", () => {
  test("not_focal", () => {
    expect(verdicts("not_focal", { teacher_years: rows("teacher_years", { focal: false }, { focal: true }, {}) })).toEqual([
      true,
      false,
      null,
    ]);
  });

  test("district_leader and school_leader are opposites", () => {
    const leader_years = rows("leader_years", { level: "district" }, { level: "school" });
    expect(verdicts("district_leader", { leader_years })).toEqual([true, false]);
    expect(verdicts("school_leader", { leader_years })).toEqual([false, true]);
  });

  test("link_unknown: one unknown flag is enough", () => {
    const known = { links_goals: false, links_thinking: true, links_instruction: true };
    const collab_meetings = rows("collab_meetings", known, { ...known, links_thinking: null }, {});
    expect(verdicts("link_unknown", { collab_meetings })).toEqual([false, true, true]);
  });

  test("group_mode, not_coaching_cycle, activity_fits_mode, within_school_year", () => {
    const coaching_events = rows(
      "coaching_events",
      { mode: "group", activity: "doing_math", month: 8 },
      { mode: "one_on_one", activity: "coaching_cycle", month: 6 },
      { mode: "one_on_one", activity: "video", month: 7 },
      { mode: "group", activity: "modelling", month: 1 },
    );
    expect(verdicts("group_mode", { coaching_events })).toEqual([true, false, false, true]);
    expect(verdicts("not_coaching_cycle", { coaching_events })).toEqual([true, false, true, true]);
    expect(verdicts("activity_fits_mode", { coaching_events })).toEqual([true, true, false, false]);
    expect(verdicts("within_school_year", { coaching_events })).toEqual([true, true, false, true]);
  });

  test("district_staff, not_taken_up, no_mathematics_score, before_second_year", () => {
    expect(verdicts("district_staff", { network_roster: rows("network_roster", { role: "district" }, { role: "coach" }) })).toEqual([
      true,
      false,
    ]);
    const recommendations = rows("recommendations", { uptake: "not" }, { uptake: "partial" }, { uptake: "complete" });
    expect(verdicts("not_taken_up", { recommendations })).toEqual([true, false, false]);
    expect(verdicts("no_mathematics_score", { student_years: rows("student_years", {}, { math_z: 0 }) })).toEqual([true, false]);
    expect(verdicts("before_second_year", { rmt_years: rows("rmt_years", { rmt_year: 1 }, { rmt_year: 2 }) })).toEqual([true, false]);
  });

  test("district_group: a network may lie in a school or not", () => {
    const groups = rows("groups", { group_type: "c_and_i" }, { group_type: "math_team" }, { group_type: "network" });
    expect(verdicts("district_group", { groups })).toEqual([true, false, null]);
  });

  test("district_relation: between a school's role and the central office either may be", () => {
    const role_relations = rows(
      "role_relations",
      { from_role: "cao", to_role: "math_specialist" },
      { from_role: "principal", to_role: "teacher" },
      { from_role: "cao", to_role: "principal" },
    );
    expect(verdicts("district_relation", { role_relations })).toEqual([true, false, null]);
  });

  test("leads_sessions_when_ready", () => {
    const rmt_years = rows(
      "rmt_years",
      { sessions_led: 2, leadership_stage: "apprentice_leader" },
      { sessions_led: 1, leadership_stage: "implementer" },
      { sessions_led: 0, leadership_stage: "participant" },
      { leadership_stage: "participant" },
    );
    expect(verdicts("leads_sessions_when_ready", { rmt_years })).toEqual([true, false, true, null]);
  });

  test("hits_within_high_tasks", () => {
    const base = { n_tasks: 10, n_high: 4 };
    const leader_task_sorts = rows(
      "leader_task_sorts",
      { ...base, hits: 4, false_alarms: 6 },
      { ...base, hits: 5, false_alarms: 0 },
      { ...base, hits: 1, false_alarms: 7 },
      { ...base, hits: 1 },
      { ...base, hits: 9 },
    );
    expect(verdicts("hits_within_high_tasks", { leader_task_sorts })).toEqual([true, false, false, null, false]);
  });

  test("partners_differ and groups_differ", () => {
    const network_edges = rows("network_edges", { ego_id: "T1", alter_id: "T2" }, { ego_id: "T1", alter_id: "T1" });
    expect(verdicts("partners_differ", { network_edges })).toEqual([true, false]);
    const boundary_encounters = rows("boundary_encounters", { group_a: "K1", group_b: "K2" }, { group_a: "K1", group_b: "K1" });
    expect(verdicts("groups_differ", { boundary_encounters })).toEqual([true, false]);
  });
});

describe("conditions that look into other tables", () => {
  test("low_potential reads the score of record, not the second rating", () => {
    const lessons = rows("lessons", { lesson_id: "V1" }, { lesson_id: "V2" }, { lesson_id: "V3" }, { lesson_id: "V4" });
    const iqa_ratings = rows(
      "iqa_ratings",
      { lesson_id: "V1", rating_order: 2, potential: "4" },
      { lesson_id: "V1", rating_order: 1, potential: "2" },
      { lesson_id: "V2", rating_order: 1, potential: "3" },
      { lesson_id: "V3", rating_order: 1, potential: null },
    );
    expect(verdicts("low_potential", { lessons, iqa_ratings })).toEqual([true, false, null, null]);
    expect(conditions.low_potential(studyFrom({ lessons }))).toBeNull();
  });

  test("no_discussion follows the lesson", () => {
    const lessons = rows("lessons", { lesson_id: "V1", has_discussion: false }, { lesson_id: "V2", has_discussion: true });
    const iqa_ratings = rows("iqa_ratings", { lesson_id: "V2" }, { lesson_id: "V1" }, { lesson_id: "V9" });
    expect(verdicts("no_discussion", { lessons, iqa_ratings })).toEqual([false, true, null]);
  });

  test("prior scores of a section: one gives a mean, two a standard deviation", () => {
    const sections = rows("sections", { section_id: "G0" }, { section_id: "G1" }, { section_id: "G2" });
    const links: readonly (readonly [string, string])[] = [
      ["U1", "G0"],
      ["U2", "G1"],
      ["U1", "G1"],
      ["U2", "G2"],
      ["U3", "G2"],
    ];
    const student_teacher_links = rows(
      "student_teacher_links",
      ...links.map(([student_id, section_id]) => ({ student_id, section_id, cycle: 1 })),
    );
    const student_years = rows(
      "student_years",
      { student_id: "U1", cycle: 1 },
      { student_id: "U2", cycle: 1, math_prior_z: 0 },
      { student_id: "U3", cycle: 1, math_prior_z: 1 },
      { student_id: "U1", cycle: 2, math_prior_z: 1 },
    );
    const tables = { sections, student_teacher_links, student_years };
    expect(verdicts("no_prior_scores", tables)).toEqual([true, false, false]);
    expect(verdicts("fewer_than_two_prior_scores", tables)).toEqual([true, true, false]);
  });

  test("no_gap: half of the dose in the planned function", () => {
    const key = { cycle: 2, element: "coaching" } as const;
    const schools = rows("schools", { school_id: "S1", district_id: "D1" }, { school_id: "S2", district_id: "D2" });
    const support_plans = rows("support_plans", { district_id: "D1", ...key, planned_dose: 10, planned_function: "co_teach" });
    const enacted = (school_id: string, enacted_dose: number | null, enacted_function: "co_teach" | "tutoring" | null) => ({
      school_id,
      ...key,
      enacted_dose,
      enacted_function,
    });
    const support_enactments = rows(
      "support_enactments",
      enacted("S1", 5, "co_teach"),
      enacted("S1", 4.9, "co_teach"),
      enacted("S1", 12, "tutoring"),
      enacted("S1", null, "co_teach"),
      enacted("S1", null, "tutoring"),
      enacted("S2", 5, "co_teach"),
    );
    expect(verdicts("no_gap", { schools, support_plans, support_enactments })).toEqual([true, false, false, null, false, null]);
  });

  test("practices_of_school_leaders and placed_in_own_district", () => {
    const leader_years = rows("leader_years", { leader_id: "L1", cycle: 1, role: "principal" }, { leader_id: "L2", cycle: 1, role: "cao" });
    const principal_practices = rows(
      "principal_practices",
      { leader_id: "L1", cycle: 1 },
      { leader_id: "L2", cycle: 1 },
      { leader_id: "L1", cycle: 2 },
    );
    expect(verdicts("practices_of_school_leaders", { leader_years, principal_practices })).toEqual([true, false, null]);
    const teachers = rows("teachers", { teacher_id: "T1", district_id: "D1" });
    const schools = rows("schools", { school_id: "S1", district_id: "D1" }, { school_id: "S2", district_id: "D2" });
    const teacher_years = rows(
      "teacher_years",
      { teacher_id: "T1", school_id: "S1" },
      { teacher_id: "T1", school_id: "S2" },
      { teacher_id: "T9", school_id: "S1" },
    );
    expect(verdicts("placed_in_own_district", { teachers, schools, teacher_years })).toEqual([true, false, null]);
  });

  test("anonymous_administration: all answers name their student, or none does", () => {
    const pm_responses = rows("pm_responses", { admin_id: "A1", student_id: "U1" }, { admin_id: "A1" }, { admin_id: "A2" });
    expect(verdicts("anonymous_administration", { pm_responses })).toEqual([false, false, true]);
  });
});

describe("structural nulls", () => {
  test("are demanded and forbidden row by row", () => {
    const study = studyFrom({ coaching_events: rows("coaching_events", { mode: "group" }, { mode: "one_on_one" }) });
    const demanded = structuralNulls(study, "coaching_events", "teacher_id")!;
    expect([demanded(0), demanded(1)]).toEqual([true, false]);
  });

  test("with an item's rule beside them forbid nothing", () => {
    const study = studyFrom({ student_years: rows("student_years", { math_prior_z: 1 }, {}) });
    const demanded = structuralNulls(study, "student_years", "math_prior_z")!;
    expect([demanded(0), demanded(1)]).toEqual([null, null]);
  });

  test("are unknown where tables are absent, and none where the rule is another", () => {
    const study = studyFrom({ iqa_ratings: rows("iqa_ratings", {}) });
    expect(structuralNulls(study, "iqa_ratings", "teacher_press")).toBeNull();
    expect(structuralNulls(study, "iqa_ratings", "questioning")).toBeNull();
    expect(structuralNulls(study, "iqa_ratings", "lesson_id")).toBeNull();
  });
});
