/** Levels of analysis on studies of a few rows: rows, keys, lags over gaps, views of other levels, what is missing and what is 0. */
import { describe, expect, test } from "vitest";
import { lmm } from "../../../src/inference/lmm.js";
import { derive } from "../../../src/mist/derive/derive.js";
import { cells, type PartialRows, pick, studyOf } from "./small-study.js";

const teacherYear = (teacher_id: string, cycle: number, school_id = "S1", focal = true) => ({
  teacher_id,
  cycle,
  school_id,
  focal,
  grade_main: 6,
});

const frame = {
  schools: [
    { school_id: "S1", district_id: "D1" },
    { school_id: "S2", district_id: "D1" },
    { school_id: "S3", district_id: "D2" },
  ],
  teachers: [
    { teacher_id: "T1", district_id: "D1", first_cycle: 1, last_cycle: 4, exp_at_entry: 3, race_eth: "black" },
    { teacher_id: "T2", district_id: "D1", first_cycle: 1, last_cycle: 2 },
  ],
} satisfies PartialRows;

/** Potential, implementation, discussion of record; a lesson a row. */
function taught(...lessons: [teacher: string, cycle: number, scores: [number, number, number]][]): PartialRows {
  const level = (score: number) => String(score) as "0" | "1" | "2" | "3" | "4";
  return {
    lessons: lessons.map(([teacher_id, cycle, [, , discussion]], k) => ({
      lesson_id: `V${k}`,
      section_id: `G${teacher_id}${cycle}`,
      teacher_id,
      cycle,
      day: 1 + (k % 2),
      has_discussion: discussion > 0,
    })),
    iqa_ratings: lessons.flatMap(([, , [p, i, d]], k) => [
      {
        lesson_id: `V${k}`,
        rater_id: "R2",
        rating_order: 2,
        potential: "4" as const,
        implementation: "4" as const,
        discussion: "4" as const,
      },
      { lesson_id: `V${k}`, rater_id: "R1", rating_order: 1, potential: level(p), implementation: level(i), discussion: level(d) },
    ]),
  };
}

const instruction = {
  ...frame,
  teacher_years: [
    teacherYear("T1", 4),
    teacherYear("T1", 1),
    teacherYear("T1", 2),
    teacherYear("T2", 1),
    teacherYear("T2", 2, "S2", false),
  ],
  ...taught(["T1", 1, [3, 3, 0]], ["T1", 1, [2, 2, 2]], ["T1", 2, [4, 3, 2]], ["T1", 4, [4, 4, 4]], ["T2", 1, [3, 2, 1]]),
};

describe("lessons and ratings", () => {
  test("a lesson has its scores of record and what follows from them", () => {
    const { lessons } = derive(studyOf(instruction), { levels: ["lessons"] }).tables;
    expect(
      pick(lessons, [
        "lesson_id",
        "potential",
        "high_potential",
        "maintained",
        "maintained_all",
        "demand_drop",
        "discussion_quality",
        "discussion_given",
        "lesson_composite",
        "school_id",
      ]),
    ).toEqual([
      ["V0", "3", 1, 1, 1, 0, "0", null, 2, "S1"],
      ["V1", "2", 0, null, 0, 0, "2", "2", 2, "S1"],
      ["V2", "4", 1, 1, 1, 1, "2", "2", 3, "S1"],
      ["V3", "4", 1, 1, 1, 0, "4", "4", 4, "S1"],
      ["V4", "3", 1, 0, 0, 1, "1", "1", 2, "S1"],
    ]);
    expect(lessons.column("discussion_quality")).toMatchObject({ ordered: true, levels: ["0", "1", "2", "3", "4"] });
  });

  test("options change them; a mean of raters may lie between levels", () => {
    const { lessons } = derive(studyOf(instruction), {
      levels: ["lessons"],
      scoreOfRecord: "mean",
      highPotential: 4,
      maintained: "no_drop",
    }).tables;
    expect(pick(lessons, ["potential", "high_potential", "maintained"])).toEqual([
      ["3.5", 0, null],
      ["3", 0, null],
      ["4", 1, 0],
      ["4", 1, 1],
      ["3.5", 0, null],
    ]);
    expect(lessons.column("potential")).toMatchObject({ levels: ["0", "1", "2", "3", "3.5", "4"] });
  });

  test("all ratings stand in the long table, each with its teacher", () => {
    const { ratings } = derive(studyOf(instruction), { levels: ["ratings"] }).tables;
    expect(ratings.rowCount).toBe(5 * 2 * 3);
    expect(pick(ratings, ["lesson_id", "rater_id", "rating_order", "rubric", "score", "points", "teacher_id"]).slice(3, 5)).toEqual([
      ["V0", "R1", 1, "potential", "3", 3, "T1"],
      ["V0", "R1", 1, "implementation", "3", 3, "T1"],
    ]);
  });
});

describe("teacher-years", () => {
  const { teacher_years } = derive(studyOf(instruction), { levels: ["teacher_years"] }).tables;

  test("time, shares, composites, base and lag with a gap", () => {
    expect(
      pick(teacher_years, [
        "teacher_id",
        "cycle",
        "yr",
        "exp",
        "n_lessons",
        "maint_share",
        "iqa_composite",
        "iqa_composite0",
        "lag_iqa_composite",
        "growth",
      ]),
    ).toEqual([
      ["T1", 4, 3, 6, 1, 1, 4, 2, null, 2],
      ["T1", 1, 0, 3, 2, 0.5, 2, 2, null, 2],
      ["T1", 2, 1, 4, 1, 1, 3, 2, 2, 2],
      ["T2", 1, 0, null, 1, 0, 2, 2, null, null],
      ["T2", 2, null, null, null, null, null, 2, 2, null],
    ]);
  });

  test("who left the school is not retained, and nothing is known where there is no next roster", () => {
    expect(pick(teacher_years, ["teacher_id", "cycle", "retained"])).toEqual([
      ["T1", 4, null],
      ["T1", 1, 1],
      ["T1", 2, null],
      ["T2", 1, 0],
      ["T2", 2, null],
    ]);
    const district = derive(studyOf(instruction), { levels: ["teacher_years"], retained: "district" }).tables.teacher_years;
    expect(cells(district, "retained")).toEqual([null, 1, null, 1, null]);
  });

  test("columns of the school-year stand beside them", () => {
    expect(pick(teacher_years, ["cycle", "stability", "iqa_mean"])).toEqual([
      [4, null, 4],
      [1, 0.5, 2],
      [2, null, 3],
      [1, 0.5, 2],
      [2, null, null],
    ]);
  });

  test("slopes by empirical Bayes are fixed plus random slope of the growth model", () => {
    const many = Array.from({ length: 12 }, (_, t) =>
      [1, 2, 3, 4].map((cycle): [string, number, [number, number, number]] => [
        `T${t}`,
        cycle,
        [(t + cycle * (t % 3)) % 5, (t * 7 + cycle) % 5, (t + cycle * cycle) % 5],
      ]),
    ).flat();
    const study = studyOf({ teacher_years: many.map(([teacher, cycle]) => teacherYear(teacher, cycle)), ...taught(...many) });
    const table = derive(study, { levels: ["teacher_years"], growth: "empirical_bayes_slope" }).tables.teacher_years;
    const fit = lmm("iqa_composite ~ yr + (1 + yr | teacher_id)", table);
    const slopes = cells(table, "growth").filter((_, i) => i % 4 === 0) as number[];
    // BLUPs of a balanced design sum to 0, so that the mean slope is the fixed one.
    expect(slopes.reduce((a, b) => a + b, 0) / 12).toBeCloseTo(fit.fixed[1]!.estimate, 8);
    expect(new Set(cells(table, "growth")).size).toBe(12);
  });
});

describe("interviews, vision, MKT and expertise", () => {
  const study = studyOf({
    ...frame,
    teacher_years: [teacherYear("T1", 1), teacherYear("T1", 2), teacherYear("T2", 1), teacherYear("T2", 2)],
    interviews: [
      { interview_id: "I1", person_id: "T1", cycle: 1, role: "teacher", month: 2 },
      { interview_id: "I2", person_id: "T1", cycle: 2, role: "teacher", month: 10 },
      { interview_id: "I3", person_id: "T1", cycle: 2, role: "teacher", month: 2 },
      { interview_id: "I4", person_id: "T2", cycle: 1, role: "teacher", month: 2 },
    ],
    vsmc_codes: [
      { interview_id: "I1", coder_id: "R2", coding_order: 2, explanation: "productive", adjustment: "productive" },
      { interview_id: "I1", coder_id: "R1", coding_order: 1, explanation: "mixed", adjustment: null },
      { interview_id: "I2", coder_id: "R1", coding_order: 1, explanation: "unproductive", adjustment: "mixed" },
      { interview_id: "I3", coder_id: "R1", coding_order: 1, explanation: "productive", adjustment: "mixed" },
      { interview_id: "I4", coder_id: "R1", coding_order: 1, explanation: "unproductive", adjustment: "productive" },
    ],
    vhqmi_codes: [
      { interview_id: "I1", coder_id: "R1", coding_order: 1, role_of_teacher: "2", discourse: "3", tasks: null },
      { interview_id: "I3", coder_id: "R1", coding_order: 1, role_of_teacher: "3", discourse: "3", tasks: "3" },
      { interview_id: "I4", coder_id: "R1", coding_order: 1, role_of_teacher: "1", discourse: null, tasks: null },
    ],
    mkt_scores: [
      { person_id: "T1", cycle: 1, mkt_z: 1 },
      { person_id: "T1", cycle: 2, mkt_z: 2 },
      { person_id: "T2", cycle: 2, mkt_z: -1 },
    ],
  });

  test("codes of record count, of two interviews the later in the school year", () => {
    const { teacher_years } = derive(study, { levels: ["teacher_years"] }).tables;
    expect(pick(teacher_years, ["interview_id", "expl", "adj", "expl_score", "persp_index", "productive", "productive0"])).toEqual([
      ["I1", "mixed", null, 0, null, null, null],
      ["I3", "productive", "mixed", 1, 0.5, 1, null],
      ["I4", "unproductive", "productive", -1, 0, 1, 1],
      [null, null, null, null, null, null, 1],
    ]);
    expect(teacher_years.column("expl")).toMatchObject({ levels: ["mixed", "unproductive", "productive"], ordered: false });
    expect(teacher_years.column("explanation")).toMatchObject({ levels: ["unproductive", "mixed", "productive"], ordered: true });
    const other = derive(study, { levels: ["teacher_years"], perspectiveReference: "unproductive", productive0: "previous_cycle" }).tables
      .teacher_years;
    expect(other.column("expl")).toMatchObject({ levels: ["unproductive", "mixed", "productive"] });
    expect(cells(other, "productive0")).toEqual([null, null, null, 1]);
  });

  test("vision, MKT, their base and lag", () => {
    const { teacher_years } = derive(study, { levels: ["teacher_years"] }).tables;
    expect(pick(teacher_years, ["vision", "vision_high", "vision0", "lag_vision", "mkt", "mkt0", "lag_mkt", "both0"])).toEqual([
      [2.5, 0, 2.5, null, 1, 1, null, 0],
      [3, 1, 2.5, 2.5, 2, 1, 1, 0],
      [null, null, null, null, null, -1, null, null],
      [null, null, null, null, -1, -1, null, null],
    ]);
  });

  test("expertise: standards from first values, or those given", () => {
    const given = { iqa: { mean: 2, sd: 1 }, vision: { mean: 2, sd: 0.5 }, mkt: { mean: 0, sd: 1 } };
    const { teacher_years } = derive(study, { levels: ["teacher_years"], expertiseStandards: given }).tables;
    // T1: vision (2.5 - 2) / .5 = 1 and MKT 1; then 2 and 2. T2 has one part only.
    expect(pick(teacher_years, ["expertise", "lag_expertise"])).toEqual([
      [1, null],
      [2, 1],
      [null, null],
      [null, null],
    ]);
    const own = derive(study, { levels: ["teacher_years"], expertise: "mkt" }).tables.teacher_years;
    // first values 1 and -1: mean 0, sd sqrt 2
    expect(pick(own, ["expertise"]).flat()).toEqual(
      [Math.SQRT1_2, Math.SQRT2, null, -Math.SQRT1_2].map((z) => (z === null ? z : Number(z.toFixed(10)))),
    );
  });

  test("leaders' vision is their vision level where they are not coded", () => {
    const people = derive(
      studyOf({
        network_roster: [{ person_id: "L1", cycle: 1, school_id: "S1", role: "administrator", responded: true }],
        leader_years: [
          { leader_id: "L1", cycle: 1, level: "school", role: "principal", school_id: "S1", vision_level: 2.5 },
          { leader_id: "L2", cycle: 1, level: "district", role: "c_and_i", vision_level: 3 },
        ],
      }),
      { levels: ["person_years"] },
    ).tables.person_years;
    expect(pick(people, ["person_id", "role", "school_id", "vision", "vision_high", "expertise"])).toEqual([
      ["L1", "administrator", "S1", 2.5, 0, null],
      ["L2", "district", null, 3, 1, null],
    ]);
  });
});

describe("composition", () => {
  const races = { p_latinx: 0.2, p_white: 0.1, p_asian: 0.1 };
  const study = studyOf({
    teacher_years: [teacherYear("T1", 1), teacherYear("T2", 1), teacherYear("T3", 1, "S2")],
    school_years: [{ school_id: "S1", cycle: 1, p_black: 0.6, p_latinx: 0.4, p_white: 0, p_asian: 0, p_other: 0, p_el: 0.9, p_frl: 1 }],
    sections: [
      {
        section_id: "G1",
        teacher_id: "T1",
        school_id: "S1",
        cycle: 1,
        n_students: 10,
        ...races,
        p_black: 0.5,
        p_other: 0.1,
        p_el: 0.3,
        filmed: false,
      },
      {
        section_id: "G2",
        teacher_id: "T1",
        school_id: "S1",
        cycle: 1,
        n_students: 30,
        ...races,
        p_black: 0.1,
        p_other: 0.5,
        p_el: 0.1,
        filmed: true,
      },
    ],
  });

  test("sections weighted by students, else the school, else missing; deviations and means by school", () => {
    const { teacher_years } = derive(study, { levels: ["teacher_years"] }).tables;
    expect(
      pick(teacher_years, ["p_black", "p_el", "comp_source", "dominant_group", "diversity", "p_black_w", "p_black_b", "filmed_section_id"]),
    ).toEqual([
      // 1 - (.04 + .04 + .01 + .01 + .16) = .74
      [0.2, 0.15, "sections", "other", 0.74, -0.2, 0.4, "G2"],
      [0.6, 0.9, "school", "black", 0.48, 0.2, 0.4, null],
      [null, null, null, null, null, null, null, null],
    ]);
    const filmed = derive(study, { levels: ["teacher_years"], composition: "filmed" }).tables.teacher_years;
    expect(pick(filmed, ["p_black"]).flat()).toEqual([0.1, 0.6, null]);
  });
});

describe("networks", () => {
  const roster = (person_id: string, cycle: number, responded = true, role: "teacher" | "coach" = "teacher", school_id = "S1") => ({
    person_id,
    cycle,
    school_id,
    role,
    responded,
  });
  const edge = (ego_id: string, alter_id: string, cycle: number, depth: "low" | "high" | null = "high") => ({
    ego_id,
    alter_id,
    cycle,
    depth,
    frequency: "weekly" as const,
    alter_role: "teacher" as const,
    same_school: true,
  });
  const tables = {
    ...frame,
    teacher_years: [1, 2].flatMap((cycle) =>
      ["T1", "T2", "T3"].map((teacher) => ({ ...teacherYear(teacher, cycle), grade_main: teacher === "T3" ? 7 : 6 })),
    ),
    network_roster: [
      roster("T1", 1),
      roster("T2", 1),
      roster("T3", 1, false),
      roster("C1", 1, true, "coach"),
      roster("T1", 2),
      roster("T2", 2, false),
      roster("T3", 2),
      roster("T9", 2, true, "teacher", "S2"),
    ],
    network_edges: [edge("T1", "T2", 1), edge("T1", "C1", 1, "low"), edge("C1", "T1", 1), edge("T1", "T2", 2), edge("T1", "T9", 2, null)],
    mkt_scores: [
      { person_id: "T2", cycle: 1, mkt_z: 1 },
      { person_id: "T1", cycle: 1, mkt_z: 0 },
      { person_id: "C1", cycle: 1, mkt_z: 2 },
    ],
  } satisfies PartialRows;
  const standards = { iqa: { mean: 0, sd: 1 }, vision: { mean: 0, sd: 1 }, mkt: { mean: 0, sd: 1 } };
  const { tables: made } = derive(studyOf(tables), {
    levels: ["person_years", "dyad_years", "teacher_years"],
    expertise: "mkt",
    expertiseStandards: standards,
  });

  test("degrees count answers only; who did not answer has no out-degree", () => {
    expect(
      pick(made.person_years, [
        "person_id",
        "cycle",
        "in_degree",
        "out_degree",
        "n_risk",
        "n_nominators",
        "reciprocity",
        "persist",
        "deep_share",
        "isolate",
      ]),
    ).toEqual(
      expect.arrayContaining([
        ["T1", 1, 1, 2, 3, 2, 0.5, null, 0.5, 0],
        ["T2", 1, 1, 0, 3, 2, null, null, null, 1],
        ["T3", 1, 0, null, 3, 3, null, null, null, null],
        ["C1", 1, 1, 1, 3, 2, 1, null, 1, 0],
        // T2 did not answer: whether the tie is returned is unknown. Of two ties one could last and did; the coach has left.
        ["T1", 2, 0, 1, 2, 1, null, 1, 1, 0],
        ["T2", 2, 1, null, 2, 2, null, null, null, null],
        ["T9", 2, null, 0, 0, 0, null, null, null, 1],
      ]),
    );
  });

  test("exposure is to the expertise of the cycle before", () => {
    expect(
      pick(made.teacher_years, ["teacher_id", "cycle", "n_alters", "exposure_mean", "exposure_max", "exposure_gap", "isolate"]),
    ).toEqual(
      expect.arrayContaining([
        ["T1", 1, 2, null, null, null, 0],
        ["T1", 2, 2, 1, 1, 1, 0],
        ["T2", 2, null, null, null, null, null],
        ["T3", 2, 0, null, null, null, 1],
      ]),
    );
    const before = derive(studyOf(tables), {
      levels: ["teacher_years"],
      expertise: "mkt",
      expertiseStandards: standards,
      exposureAlters: "previous_cycle",
      exposureOfIsolates: "zero",
    }).tables.teacher_years;
    // At cycle 1 T1 named T2 (1) and the coach (2).
    expect(pick(before, ["teacher_id", "cycle", "n_alters", "exposure_mean"])).toEqual(
      expect.arrayContaining([
        ["T1", 2, 2, 1.5],
        ["T2", 2, 0, 0],
        ["T3", 2, null, null],
      ]),
    );
  });

  test("dyads: everyone on one school's roster, ties of those who answered, lags and leads", () => {
    const rows = pick(made.dyad_years, [
      "ego_id",
      "alter_id",
      "cycle",
      "tie",
      "lag_tie",
      "tie_next",
      "depth",
      "depth_high",
      "lag_expertise_alter",
      "same_grade",
      "n_risk",
    ]);
    expect(rows).toHaveLength(4 * 3 + 3 * 2);
    expect(rows).toEqual(
      expect.arrayContaining([
        ["T1", "T2", 1, 1, null, 1, "high", 1, null, 1, 3],
        ["T1", "T3", 1, 0, null, 0, null, null, null, 0, 3],
        ["T1", "C1", 1, 1, null, null, "low", 0, null, 0, 3],
        ["T3", "T1", 1, null, null, 0, null, null, null, 0, 3],
        ["T2", "T1", 1, 0, null, null, null, null, null, 1, 3],
        ["T1", "T2", 2, 1, 1, null, "high", 1, 1, 1, 2],
        ["T3", "T2", 2, 0, null, null, null, null, 1, 0, 2],
      ]),
    );
    const district = derive(
      studyOf({ ...tables, teachers: ["T1", "T2", "T3", "T9"].map((teacher_id) => ({ teacher_id, district_id: "D1" })) }),
      { levels: ["dyad_years"], dyadRiskSet: "district" },
    ).tables.dyad_years;
    expect(pick(district, ["ego_id", "alter_id", "cycle", "tie"])).toContainEqual(["T1", "T9", 2, 1]);
  });

  test("the columns of the model of selection are there", () => {
    expect(made.dyad_years.columnNames).toEqual(
      expect.arrayContaining(["alter_role", "same_group", "mtg_quality", "mtg_hours", "lag_expertise_ego", "school_id"]),
    );
  });
});

describe("meetings and coaching", () => {
  const links = (g: boolean | null, t: boolean | null, i: boolean | null) => ({ links_goals: g, links_thinking: t, links_instruction: i });
  const tables = {
    ...frame,
    teacher_years: [teacherYear("T1", 1), teacherYear("T2", 1), teacherYear("T3", 1, "S2"), teacherYear("T4", 1, "S3")],
    network_roster: ["T1", "T2", "C1"].map((person_id) => ({
      person_id,
      cycle: 1,
      school_id: "S1",
      role: person_id === "C1" ? ("coach" as const) : ("teacher" as const),
      responded: true,
    })),
    network_edges: [{ ego_id: "T1", alter_id: "T2", cycle: 1 }],
    collab_meetings: [
      { meeting_id: "M1", school_id: "S1", cycle: 1, minutes: 60, ...links(true, true, true), is_sharing_only: false },
      { meeting_id: "M2", school_id: "S1", cycle: 1, minutes: 30, ...links(false, false, false), is_sharing_only: true },
      { meeting_id: "M3", school_id: "S1", cycle: 1, minutes: 90, ...links(null, true, true), is_sharing_only: false },
    ],
    collab_attendance: [
      { meeting_id: "M1", person_id: "T1" },
      { meeting_id: "M2", person_id: "T1" },
      { meeting_id: "M1", person_id: "C1" },
    ],
    coach_assignments: [
      { coach_id: "C1", school_id: "S1", cycle: 1, share: 0.5 },
      { coach_id: "C2", school_id: "S3", cycle: 1, share: 1 },
    ],
    coaching_events: [
      {
        event_id: "E1",
        coach_id: "C1",
        cycle: 1,
        mode: "one_on_one",
        activity: "co_teaching",
        teacher_id: "T1",
        school_id: "S1",
        hours: 2,
      },
      {
        event_id: "E2",
        coach_id: "C1",
        cycle: 1,
        mode: "one_on_one",
        activity: "coaching_cycle",
        teacher_id: "T1",
        school_id: "S1",
        hours: 3,
        pre_conference: true,
        classroom_work: true,
        debrief: false,
      },
      {
        event_id: "E3",
        coach_id: "C1",
        cycle: 1,
        mode: "one_on_one",
        activity: "observe_feedback",
        teacher_id: "T1",
        school_id: "S1",
        hours: 1,
      },
      { event_id: "E4", coach_id: "C1", cycle: 1, mode: "group", activity: "video", school_id: "S1", hours: 6 },
    ],
    pd_sessions: [
      { pd_id: "P1", district_id: "D1", cycle: 1, pedagogy: "investigation" },
      { pd_id: "P2", district_id: "D1", cycle: 1, pedagogy: null },
    ],
    pd_attendance: [
      { pd_id: "P1", person_id: "T1", hours: 3 },
      { pd_id: "P1", person_id: "T2", hours: 2 },
      { pd_id: "P2", person_id: "T2", hours: 4 },
    ],
  } satisfies PartialRows;
  const study = studyOf(tables);

  test("quality of meetings, with the number of those present", () => {
    const { meetings } = derive(study, { levels: ["meetings"] }).tables;
    expect(pick(meetings, ["meeting_id", "quality", "quality_score", "hours", "n_present"])).toEqual([
      ["M1", "connected", 4, 1, 2],
      ["M2", "sharing", 1, 0.5, 1],
      ["M3", null, null, 1.5, null],
    ]);
  });

  test("hours are 0 where meetings are on record and none was attended, missing where none is on record", () => {
    const { teacher_years } = derive(study, { levels: ["teacher_years"] }).tables;
    expect(pick(teacher_years, ["teacher_id", "mtg_quality", "mtg_hours"])).toEqual([
      ["T1", 3, 1.5],
      ["T2", null, 0],
      ["T3", null, null],
      ["T4", null, null],
    ]);
    const school = derive(study, { levels: ["teacher_years"], meetingsOfTeacher: "school_mean" }).tables.teacher_years;
    expect(cells(school, "mtg_quality")).toEqual([3, 3, null, null]);
  });

  test("doses: hours by activity, 0 where coaching is on record or there is no coach, else missing", () => {
    const { teacher_years } = derive(study, { levels: ["teacher_years"] }).tables;
    expect(pick(teacher_years, ["teacher_id", "dose_hl", "dose_obs", "dose_model", "dose_group", "coach_id"])).toEqual([
      // group: 6 hours x 2 of 3 meetings
      ["T1", 5, 1, 0, 4, "C1"],
      ["T2", 0, 0, 0, 0, "C1"],
      // S2 has no coach; S3 has one who logged nothing
      ["T3", 0, 0, 0, 0, null],
      ["T4", null, null, null, null, "C2"],
    ]);
    const complete = derive(study, { levels: ["teacher_years"], coachingCycles: "complete" }).tables.teacher_years;
    expect(cells(complete, "dose_hl")).toEqual([2, 0, 0, null]);
  });

  test("hours of professional development, by pedagogy where it is known", () => {
    const { teacher_years } = derive(study, { levels: ["teacher_years"] }).tables;
    expect(pick(teacher_years, ["pd_hours", "pd_hours_investigation", "pd_hours_both"])).toEqual([
      [3, 3, 0],
      [6, null, null],
      [0, 0, 0],
      [null, null, null],
    ]);
  });

  test("dyads: a shared meeting makes a group, a coach at it is present", () => {
    const dyads = derive(study, { levels: ["dyad_years"], dyadMeetings: "shared" }).tables.dyad_years;
    expect(pick(dyads, ["ego_id", "alter_id", "same_group", "coach_present", "mtg_quality", "mtg_hours"])).toEqual(
      expect.arrayContaining([
        ["T1", "T2", 0, 0, null, 0],
        ["T1", "C1", 1, 1, 4, 1],
      ]),
    );
  });

  test("coach-school-years: hours of the year, of the school by share, and as logged", () => {
    const more = studyOf({
      ...tables,
      coach_assignments: [
        { coach_id: "C1", school_id: "S1", cycle: 1, share: 0.25 },
        { coach_id: "C1", school_id: "S2", cycle: 1, share: 0.75 },
      ],
      coach_years: [{ coach_id: "C1", cycle: 1, fte: 1, h_one_on_one: 100, h_groups: 60, instructional_practice: "3" }],
    });
    const columns = ["school_id", "hours_with_teachers", "hours_logged", "fte"];
    expect(pick(derive(more, { levels: ["coach_school_years"] }).tables.coach_school_years, columns)).toEqual([
      ["S1", 160, 12, 1],
      ["S2", 160, null, 1],
    ]);
    expect(
      pick(derive(more, { levels: ["coach_school_years"], coachHours: "by_share" }).tables.coach_school_years, columns.slice(0, 2)),
    ).toEqual([
      ["S1", 40],
      ["S2", 120],
    ]);
  });
});

describe("students", () => {
  const link = (
    student_id: string,
    section_id: string,
    teacher_id: string,
    weight: number,
    link_role: "main" | "double_dose" | "moved_in" | "moved_out" = "main",
  ) => ({ student_id, cycle: 1, section_id, teacher_id, weight, link_role });
  const tables = {
    ...frame,
    teacher_years: [teacherYear("T1", 1), teacherYear("T2", 1, "S2")],
    students: [{ student_id: "U1", race_eth: "latinx" }],
    student_years: ["U1", "U2", "U3", "U4"].map((student_id, k) => ({
      student_id,
      cycle: 1,
      grade: 6,
      school_id: "S1",
      math_z: k,
      math_prior_z: k === 1 ? null : 0.5 * k,
      proficient: k > 1,
    })),
    sections: [
      { section_id: "G1", teacher_id: "T1", cycle: 1, prior_mean: 0.25 },
      { section_id: "G2", teacher_id: "T2", cycle: 1, prior_mean: -0.25 },
      { section_id: "G3", teacher_id: "T1", cycle: 1, prior_mean: 0.75 },
    ],
    student_teacher_links: [
      link("U1", "G1", "T1", 1),
      link("U2", "G1", "T1", 0.5, "moved_out"),
      link("U2", "G2", "T2", 0.5, "moved_in"),
      link("U3", "G3", "T1", 0.3, "double_dose"),
      link("U3", "G1", "T1", 0.7),
    ],
    lessons: [{ lesson_id: "V1", section_id: "G1", teacher_id: "T1", cycle: 1, day: 1, has_discussion: false }],
    iqa_ratings: [{ lesson_id: "V1", rater_id: "R1", rating_order: 1, potential: "4", implementation: "3" }],
  } satisfies PartialRows;

  test("wide columns for multiple membership; the main link's section and teacher", () => {
    const { student_years } = derive(studyOf(tables), { levels: ["student_years"] }).tables;
    expect(
      pick(student_years, [
        "student_id",
        "section_id",
        "teacher_id",
        "n_teachers",
        "t1",
        "w1",
        "t2",
        "w2",
        "prior_mean",
        "maint_share",
        "race_eth",
        "achievement",
      ]),
    ).toEqual([
      ["U1", "G1", "T1", 1, "T1", 1, null, 0, 0.25, 1, "latinx", 0],
      ["U2", "G2", "T2", 2, "T2", 0.5, "T1", 0.5, -0.25, null, null, 1],
      ["U3", "G1", "T1", 1, "T1", 1, null, 0, 0.25, 1, null, 2],
      ["U4", null, null, null, null, null, null, 0, null, null, null, 3],
    ]);
    const gain = derive(studyOf(tables), { levels: ["student_years"], achievement: "gain" }).tables.student_years;
    expect(cells(gain, "achievement")).toEqual([0, null, 1, 1.5]);
  });

  test("a third teacher has columns too, and mm() takes them", () => {
    const students = Array.from({ length: 60 }, (_, k) => `U${k}`);
    const study = studyOf({
      teacher_years: Array.from({ length: 8 }, (_, t) => teacherYear(`T${t}`, 1)),
      student_years: students.map((student_id, k) => ({
        student_id,
        cycle: 1,
        grade: 6,
        school_id: "S1",
        math_z: ((k * 37) % 19) / 7 + (k % 8),
      })),
      student_teacher_links: students.flatMap((student, k) => [
        ...(k % 10 === 0 ? [link(student, `G${(k + 2) % 8}`, `T${(k + 2) % 8}`, 0.2)] : []),
        ...(k % 3 === 0
          ? [link(student, `G${k % 8}`, `T${k % 8}`, 0.6), link(student, `G${(k + 1) % 8}`, `T${(k + 1) % 8}`, k % 10 === 0 ? 0.2 : 0.4)]
          : [link(student, `G${k % 8}`, `T${k % 8}`, k % 10 === 0 ? 0.8 : 1)]),
      ]),
    });
    const { student_years } = derive(study, { levels: ["student_years"] }).tables;
    expect(student_years.columnNames).toEqual(expect.arrayContaining(["t3", "w3"]));
    for (const row of student_years.toRows() as unknown as Record<string, number>[]) expect(row.w1! + row.w2! + row.w3!).toBeCloseTo(1, 12);
    const fit = lmm("math_z ~ 1 + (1 | mm(t1, t2, weights = w1 + w2))", student_years);
    expect(fit.randomTerms[0]!.levels).toHaveLength(8);
    expect(fit.nobs).toBe(60);
  });
});

describe("schools and districts", () => {
  const tables = {
    ...frame,
    school_years: [
      { school_id: "S1", cycle: 1, tracking: "tracked", principal_id: "L1", improvement_plan_quality: "3" },
      { school_id: "S1", cycle: 2, tracking: "detracked" },
    ],
    leaders: [
      { leader_id: "L1", district_id: "D1" },
      { leader_id: "L2", district_id: "D1" },
      { leader_id: "L3", district_id: "D1" },
    ],
    leader_years: [
      {
        leader_id: "L1",
        cycle: 1,
        level: "school",
        role: "principal",
        school_id: "S1",
        vision_level: 3,
        understands_demand_of_change: "2",
      },
      { leader_id: "L1", cycle: 2, level: "school", role: "principal", school_id: "S1" },
      { leader_id: "L2", cycle: 1, level: "district", role: "c_and_i", orientation: "improvement" },
      { leader_id: "L3", cycle: 1, level: "district", role: "leadership_unit", orientation: "mixed" },
    ],
    principal_practices: [
      { leader_id: "L1", cycle: 1, coach_meetings_month: 2, observes_with_coach: true, diverts_coach: true, plc_attendance: 0.5 },
      { leader_id: "L1", cycle: 2, coach_meetings_month: 1, observes_with_coach: null, diverts_coach: false },
    ],
    teacher_years: [teacherYear("T1", 1), teacherYear("T2", 1), teacherYear("T1", 2), teacherYear("T2", 2)],
    ...taught(["T1", 1, [3, 3, 3]], ["T2", 1, [3, 1, 2]], ["T1", 2, [4, 4, 4]], ["T2", 2, [4, 4, 1]]),
    sections: [
      { section_id: "GT11", teacher_id: "T1", school_id: "S1", cycle: 1, prior_mean: 1, filmed: true },
      { section_id: "GT21", teacher_id: "T2", school_id: "S1", cycle: 1, prior_mean: -1, filmed: true },
    ],
    coaches: [
      { coach_id: "C1", district_id: "D1" },
      { coach_id: "C2", district_id: "D1" },
    ],
    coach_years: [
      { coach_id: "C1", cycle: 1, fte: 0.5, instructional_practice: "4" },
      { coach_id: "C2", cycle: 1, fte: 1, instructional_practice: "2" },
    ],
    coach_assignments: [
      { coach_id: "C1", school_id: "S1", cycle: 1, share: 0.25 },
      { coach_id: "C2", school_id: "S1", cycle: 1, share: 0.75 },
    ],
    group_memberships: [
      { person_id: "T1", group_id: "K1", cycle: 1 },
      { person_id: "T1", group_id: "K2", cycle: 1 },
      { person_id: "T2", group_id: "K1", cycle: 1 },
      { person_id: "L2", group_id: "K2", cycle: 1 },
    ],
    groups: [
      { group_id: "K1", group_type: "math_team" },
      { group_id: "K2", group_type: "partnership" },
    ],
  } satisfies PartialRows;
  const standards = { iqa: { mean: 2, sd: 1 }, vision: { mean: 2, sd: 1 }, mkt: { mean: 0, sd: 1 } };
  const { tables: made } = derive(studyOf(tables), {
    levels: ["school_years", "district_years", "unit_pairs", "leader_years", "person_years"],
    expertise: "iqa",
    expertiseStandards: standards,
  });

  test("principal, coaches, growth, gaps and brokers of a school-year", () => {
    expect(
      pick(made.school_years, [
        "cycle",
        "principal_id",
        "tracked",
        "plan_quality",
        "coach_collaboration",
        "plc_attendance",
        "coach_id",
        "coach_expertise",
        "n_coaches",
      ]),
    ).toEqual([
      // .25 x 2 + .75 x 0
      [1, "L1", 0, 3, 2, 0.5, "C2", 0.5, 2],
      [2, "L1", 2, null, null, null, null, null, null],
    ]);
    // T1 3 -> 4, T2 2 -> 3: mean change 1, no spread
    expect(pick(made.school_years, ["cycle", "growth", "growth_se", "growth_n", "opportunity_gap", "n_brokers", "shared_vision"])).toEqual([
      [1, null, null, 0, 1, 1, null],
      [2, 1, 0, 2, null, null, null],
    ]);
  });

  test("brokers and their scores", () => {
    expect(pick(made.person_years, ["person_id", "cycle", "n_groups", "broker", "broker_score"])).toEqual(
      expect.arrayContaining([
        ["T1", 1, 2, 1, 1],
        ["T2", 1, 1, 0, 0],
        ["C1", 1, 0, 0, null],
        ["T1", 2, null, null, null],
      ]),
    );
  });

  test("orientations of units, matched by pair and for curriculum and leadership", () => {
    expect(pick(made.unit_pairs, ["district_id", "cycle", "unit_a", "unit_b", "orientation_match"])).toEqual([
      ["D1", 1, "c_and_i", "leadership_unit", 0.5],
    ]);
    expect(pick(made.district_years, ["district_id", "cycle", "orientation_c_and_i", "orientation_match", "growth"])).toEqual([
      ["D1", 1, 2, 0.5, null],
      ["D1", 2, null, null, 1],
    ]);
    expect(pick(made.leader_years, ["leader_id", "cycle", "unit", "coach_collaboration"])).toEqual([
      ["L1", 1, null, 2],
      ["L1", 2, null, null],
      ["L2", 1, "c_and_i", null],
      ["L3", 1, "leadership_unit", null],
    ]);
  });

  test("shared vision of teachers, coaches and leaders, by each rule", () => {
    const coded = (visions: readonly number[]): PartialRows => ({
      ...frame,
      teacher_years: visions.map((_, k) => teacherYear(`T${k}`, 1)),
      leader_years: [{ leader_id: "L1", cycle: 1, level: "school", role: "principal", school_id: "S1", vision_level: 2 }],
      interviews: visions.map((_, k) => ({ interview_id: `I${k}`, person_id: `T${k}`, cycle: 1, month: 2 })),
      vhqmi_codes: visions.map((v, k) => {
        const code = String(v) as "1" | "2" | "3";
        return { interview_id: `I${k}`, coder_id: "R1", coding_order: 1, role_of_teacher: code, discourse: code, tasks: code };
      }),
      school_years: [{ school_id: "S1", cycle: 1 }],
      teacher_surveys: [{ teacher_id: "T0", cycle: 1, shared_vision_school: 4 }],
    });
    const shared = (sharedVision: "variance" | "r_wg" | "icc" | "survey") =>
      pick(derive(studyOf(coded([2, 3])), { levels: ["school_years"], sharedVision }).tables.school_years, ["shared_vision"])[0]![0];
    // visions 2, 3 and the principal's 2: variance 1/3
    expect(shared("variance")).toBe(0.75);
    // three items with variance 1/2 each: v = 1/4, 3 x 3/4 / (3 x 3/4 + 1/4) = .9
    expect(shared("r_wg")).toBe(0.9);
    expect(shared("survey")).toBe(4);
    // One school alone has no ICC.
    expect(shared("icc")).toBeNull();
  });

  test("gap classes from plan, enactment and growth", () => {
    const study = studyOf({
      ...tables,
      support_plans: [{ district_id: "D1", cycle: 2, element: "coaching", planned_dose: 10, planned_function: "co_teach" }],
      support_enactments: [
        { school_id: "S1", cycle: 2, element: "coaching", enacted_dose: 5, enacted_function: "co_teach" },
        { school_id: "S1", cycle: 2, element: "assessment", enacted_dose: 5 },
        { school_id: "S3", cycle: 2, element: "coaching", enacted_dose: 5, enacted_function: "co_teach" },
      ],
    });
    const columns = ["school_id", "element", "planned_dose", "other_function", "enacted", "gap_class", "growth_lower"];
    expect(pick(derive(study, { levels: ["support_elements"] }).tables.support_elements, columns)).toEqual([
      ["S1", "coaching", 10, 0, 1, "enacted_gain", 1],
      ["S1", "assessment", null, null, null, null, 1],
      ["S3", "coaching", null, null, null, null, null],
    ]);
    const strict = derive(study, { levels: ["support_elements"], enactedShare: 0.75 }).tables.support_elements;
    expect(cells(strict, "gap_class")[0]).toBe("not_enacted");
  });
});

describe("recommendations, task sorts, practical measures, the organisation, RMT", () => {
  test("what became of recommendations; discrimination with the person's role", () => {
    const { tables } = derive(
      studyOf({
        recommendations: [
          { rec_id: "X1", district_id: "D1", cycle: 1, uptake: "partial", implementation: "partial" },
          { rec_id: "X2", district_id: "D1", cycle: 1, uptake: "not" },
        ],
        leader_task_sorts: [
          { person_id: "C1", occasion: "pre", n_tasks: 8, n_high: 4, hits: 2, false_alarms: 2 },
          { person_id: "L1", occasion: "post", n_tasks: 8, n_high: 4, hits: 4, false_alarms: 0 },
        ],
        coach_years: [{ coach_id: "C1", cycle: 3 }],
        leader_years: [{ leader_id: "L1", cycle: 3, level: "school", role: "principal" }],
      }),
      { levels: ["recommendations", "task_sorts"] },
    );
    expect(pick(tables.recommendations, ["taken_up", "success"])).toEqual([
      [1, 0],
      [0, null],
    ]);
    // z(.9) = 1.2815515655
    expect(pick(tables.task_sorts, ["person_id", "role", "discrimination"])).toEqual([
      ["C1", "coach", 0],
      ["L1", "principal", 2.5631031311],
    ]);
  });

  test("responses, class-occasions and their chart", () => {
    const study = studyOf({
      pm_items: [{ item_id: "i1", measure: "small_group", options: "yes|no", favourable: "no" }],
      pm_administrations: [3, 1, 2].map((occasion) => ({
        admin_id: `A${occasion}`,
        section_id: "G1",
        teacher_id: "T1",
        cycle: 1,
        measure: "small_group" as const,
        occasion,
        change_event: occasion === 2,
      })),
      pm_responses: [
        { admin_id: "A1", respondent: 1, item_id: "i1", response: "no" },
        { admin_id: "A1", respondent: 2, item_id: "i1", response: "yes" },
        { admin_id: "A1", respondent: 3, item_id: "i1", response: null },
        { admin_id: "A2", respondent: 1, item_id: "i1", response: "no" },
      ],
    });
    const { responses, class_occasions } = derive(study, { levels: ["responses", "class_occasions"] }).tables;
    expect(pick(responses, ["admin_id", "section_id", "occasion", "favourable", "post_change"])).toEqual([
      ["A1", "G1", 1, 1, 0],
      ["A1", "G1", 1, 0, 0],
      ["A1", "G1", 1, null, 0],
      ["A2", "G1", 2, 1, 1],
    ]);
    expect(
      pick(class_occasions, ["admin_id", "n_answers", "favourable_share", "post_change", "baseline_median", "shift", "trend"]),
    ).toEqual([
      ["A3", 0, null, 1, null, null, null],
      ["A1", 2, 0.5, 0, null, null, 0],
      ["A2", 1, 1, 1, null, null, 0],
    ]);
  });

  test("boundary objects, role pairs", () => {
    const { object_years, role_pairs } = derive(
      studyOf({
        boundary_objects: ["K1", "K2", "K3"].map((group_id, k) => ({
          object_id: "O1",
          group_id,
          cycle: 1,
          object_type: "standards" as const,
          meaning: k < 2 ? ("pacing" as const) : ("monitoring" as const),
          negotiated: k === 0,
        })),
        boundary_encounters: [
          { encounter_id: "N1", cycle: 1, group_a: "K1", group_b: "K2", n_per_year: 4, depth: "high" },
          { encounter_id: "N2", cycle: 1, group_a: "K1", group_b: "K3", n_per_year: 9, depth: "low" },
          { encounter_id: "N3", cycle: 1, group_a: "K1", group_b: "K9", n_per_year: 5, depth: "high" },
        ],
        role_relations: [
          {
            district_id: "D1",
            school_id: "S1",
            cycle: 1,
            from_role: "principal",
            to_role: "teacher",
            relation: "accountability",
            strength: "3",
          },
          {
            district_id: "D1",
            school_id: "S1",
            cycle: 1,
            from_role: "principal",
            to_role: "teacher",
            relation: "assistance",
            strength: "1",
          },
          {
            district_id: "D1",
            school_id: null,
            cycle: 1,
            from_role: "c_and_i",
            to_role: "principal",
            relation: "assistance",
            strength: "2",
          },
        ],
      }),
      { levels: ["object_years", "role_pairs"] },
    ).tables;
    expect(pick(object_years, ["object_id", "n_groups", "negotiated", "encounters_deep", "bo_compatible"])).toEqual([
      ["O1", 3, 0.3333333333, 4, 0.3333333333],
    ]);
    expect(pick(role_pairs, ["school_id", "role_pair", "mutual", "imbalance"])).toEqual([
      ["S1", "principal - teacher", 1, 2],
      [null, "c_and_i - principal", null, null],
    ]);
  });

  test("RMT composites and those of the year before", () => {
    const year = (rmt_person_id: string, rmt_year: number, v: "1" | "3", missing: boolean) => ({
      rmt_person_id,
      rmt_year,
      leadership_stage: "implementer" as const,
      vis_environment: v,
      vis_task: v,
      vis_teacher_role: missing ? null : v,
    });
    const { rmt_years } = derive(studyOf({ rmt_years: [year("H1", 2, "3", false), year("H1", 1, "1", false), year("H2", 1, "1", true)] }), {
      levels: ["rmt_years"],
    }).tables;
    expect(pick(rmt_years, ["vis_mean", "lag_vis_mean", "imp_mean", "stage_score"])).toEqual([
      [3, 1, null, 1],
      [1, null, null, 1],
      [null, null, null, 1],
    ]);
  });
});
