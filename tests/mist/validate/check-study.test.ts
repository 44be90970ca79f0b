/** Damaged copies of a small study: each damage gives the one message that a data manager needs. */
import { describe, expect, test } from "vitest";
import { checkStudy, conformStudy } from "../../../src/mist/validate/check-study.js";
import type { Problem } from "../../../src/mist/validate/problem.js";
import { type Row, rawTable, rawTables, smallStudy } from "../small-study.js";

/** What is found after a change of the rows, besides what is remarked of the sound study. */
function found(change: (study: Map<string, Row[]>) => void): Problem[] {
  const study = smallStudy();
  change(study);
  const sound = new Set(checkStudy(rawTables(smallStudy())).remarks.map((remark) => JSON.stringify(remark)));
  const { problems, remarks } = checkStudy(rawTables(study));
  return [...problems, ...remarks].filter((problem) => !sound.has(JSON.stringify(problem)));
}

/** One problem in brief. */
function brief({ severity, kind, table, columns, count, examples, message, remedy }: Problem): string {
  const places = examples.map(({ row, key, value }) => `row ${row} [${key}] ${value}`.trimEnd());
  return [`${severity} ${kind} ${table}.${columns.join("+")} x${count}`, ...places, message, remedy].join("\n");
}

const damaged = (table: string, row: number, cells: Row) => (study: Map<string, Row[]>) => {
  Object.assign(study.get(table)![row]!, cells);
};

test("a sound study has no problems, whether read as text or typed", () => {
  const tables = rawTables(smallStudy());
  const report = checkStudy(tables);
  expect(report.problems).toEqual([]);
  expect(report.valid).toBe(true);
  expect(report.tables).toHaveLength(27);
  expect(checkStudy(conformStudy(tables).study)).toEqual(report);
});

describe("damaged copies", () => {
  test("a key repeated", () => {
    const problems = found((study) => study.get("teacher_years")!.push({ ...study.get("teacher_years")![1]! }));
    expect(problems.filter(({ severity }) => severity === "problem").map(brief)).toEqual([
      "problem primary_key teacher_years.teacher_id+cycle x1\nrow 11 [] T1, 2 (first in row 2)\n" +
        "The row is repeated: its primary key stands in an earlier row.\nRemove the copy, or correct the identifier of one of the rows.",
    ]);
  });

  test("an orphan teacher: every table that names the teacher is told, the teacher's own rows are not", () => {
    const problems = found((study) => study.set("teachers", study.get("teachers")!.slice(0, 4)));
    expect(problems.map(brief)).toEqual([
      "problem reference teacher_years.teacher_id x2\nrow 9 [teacher_id T5, cycle 1] T5\nrow 10 [teacher_id T5, cycle 2] T5\n" +
        "No row of teachers has this identifier.\nAdd the missing row, or correct the identifier here.",
      "problem reference network_roster.person_id x2\nrow 9 [person_id T5, cycle 1] T5\nrow 10 [person_id T5, cycle 2] T5\n" +
        "No row of teachers, coaches or leaders has this identifier.\nAdd the missing row to one of them, or correct the identifier here.",
    ]);
  });

  const lesson = "lesson_id VT112, rater_id R1";
  const cases: readonly [what: string, table: string, row: number, cells: Row, told: readonly string[]][] = [
    [
      "a category misspelt",
      "vsmc_codes",
      1,
      { explanation: "prodctive" },
      [
        "problem category vsmc_codes.explanation x1\nrow 2 [interview_id IT12, coder_id R2] prodctive\n" +
          'Not among the categories: "prodctive". Did you mean "productive"?\nUse unproductive, mixed or productive, written exactly so.',
      ],
    ],
    ["a category in other letters", "vsmc_codes", 1, { explanation: "Un-Productive" }, ['Did you mean "unproductive"?']],
    [
      "shares that sum to 1.2",
      "school_years",
      2,
      { p_black: 0.5 },
      [
        "problem sum school_years.p_black+p_latinx+p_white+p_asian+p_other x1\nrow 3 [school_id S2, cycle 1] sum 1.2\n" +
          "The cells of a row do not sum to 1.\nCorrect the 5 shares of these rows, or leave all of them empty where the column allows it.",
      ],
    ],
    [
      "weights of a student that do not sum to 1",
      "student_teacher_links",
      2,
      { weight: 0.2 },
      ["x1\nrow 3 [] student_id U2, cycle 1: sum 0.2 instead of 1\nOver the rows of one student_id and cycle the cells do not sum to 1."],
    ],
    [
      "a coach's shares",
      "coach_assignments",
      2,
      { share: 0.2 },
      ["sum 0.7 instead of 1\nOver the rows of one coach_id and cycle the cells do not sum to fte in coach_years."],
    ],
    [
      "a rating of 5",
      "iqa_ratings",
      2,
      { questioning: 5 },
      [
        "problem category iqa_ratings.questioning x1\nrow 3 [lesson_id VT121, rater_id R1] 5\n" +
          'Not among the categories: "5".\nUse 0, 1, 2, 3 or 4, written exactly so.',
      ],
    ],
    [
      "a discussion score without a discussion",
      "iqa_ratings",
      1,
      { discussion: 3 },
      [
        `problem value iqa_ratings.discussion x1\nrow 2 [${lesson}] 3\nThe cell must be 0 where the lesson had no concluding whole-class discussion, ` +
          "but holds another value.\nSet it to 0, or correct what says otherwise.",
      ],
    ],
    [
      "a discussion of 0 that took place",
      "iqa_ratings",
      0,
      { discussion: 0 },
      ["The cell is 0, which means that the lesson had no concluding whole-class discussion; but that is not so."],
    ],
    [
      "a score that must not be there",
      "iqa_ratings",
      1,
      { teacher_linking: 3 },
      [
        `problem not_empty iqa_ratings.teacher_linking x1\nrow 2 [${lesson}] 3\nThe cell holds a value, but must be empty where the lesson had no`,
      ],
    ],
    [
      "a score that must be there",
      "iqa_ratings",
      0,
      { teacher_linking: null },
      [
        "problem empty iqa_ratings.teacher_linking x1\nrow 1 [lesson_id VT111, rater_id R1]\nThe cell is empty, but must hold a value, since it is empty if and only if",
      ],
    ],
    [
      "a condition through another table",
      "lessons",
      1,
      { setup_demand_kept: true },
      ["must be empty where the score of record for the task's potential is below 3."],
    ],
    [
      "NaN",
      "student_years",
      1,
      { math_z: "NaN" },
      [
        "problem missing_code student_years.math_z x1\nrow 2 [student_id U1, cycle 2] NaN\n" +
          'A code stands where a value is missing: "NaN".\nLeave the cells empty: in this study an empty cell, and nothing else, means missing.',
      ],
    ],
    [
      "-9 in a score",
      "student_years",
      1,
      { math_z: -9 },
      ["problem missing_code student_years.math_z x1\nrow 2 [student_id U1, cycle 2] -9\n"],
    ],
    ["-99 beyond a plausible range", "mkt_scores", 1, { mkt_z: -99 }, ["problem missing_code mkt_scores.mkt_z x1"]],
    ["999 beyond a range", "lessons", 1, { minutes: 999 }, ["problem missing_code lessons.minutes x1"]],
    ["-9 in a category", "iqa_ratings", 1, { questioning: -9 }, ["problem missing_code iqa_ratings.questioning x1"]],
    [
      "NA where no cell may be empty",
      "student_years",
      1,
      { grade: "NA" },
      ["Fill in the values. An empty cell, and nothing else, would mean missing, but this column may not be empty."],
    ],
    ["half a grade", "student_years", 1, { grade: 7.5 }, ['The cell is not a whole number: "7.5".']],
    [
      "a decimal comma",
      "student_years",
      1,
      { math_z: "0,5" },
      ['The cell is not a number: "0,5".\nWrite a decimal point instead of the comma.'],
    ],
    ["a word for a number", "student_years", 1, { math_z: "high" }, ["Write the number in digits with a decimal point"]],
    ["no mathematics score, but proficient", "student_years", 1, { math_z: null }, ["problem not_empty student_years.proficient x1"]],
    [
      "an unlikely score",
      "mkt_scores",
      1,
      { mkt_z: 4.2 },
      [
        "remark plausible mkt_scores.mkt_z x1\nrow 2 [person_id T1, cycle 2] 4.2\nPossible, but unlikely: values are mostly between -3.5 and 3.5.",
      ],
    ],
    [
      "a bound that is not reached",
      "mkt_scores",
      1,
      { mkt_se: 0 },
      ["problem range mkt_scores.mkt_se x1\nrow 2 [person_id T1, cycle 2] 0\nOut of range: values must be above 0."],
    ],
    ["a share in percent", "school_years", 1, { p_frl: 70 }, ["Correct the values; shares lie between 0 and 1, so 35 % is 0.35."]],
    ["a date in another form", "cycles", 1, { field_end: "20.3.2009" }, ["Write year-month-day, as in 2010-01-31."]],
    ["a day that does not exist", "cycles", 1, { field_end: "2009-02-30" }, ['The cell is not a date: "2009-02-30".']],
    [
      "a school year in another form",
      "cycles",
      1,
      { academic_year: "2008/09" },
      ['form that it should have: "2008/09".\nWrite it as the codebook says: The school year, as in 2007-08.'],
    ],
    ["yes for true", "teachers", 1, { cert_math: "yes" }, ['The cell is neither true nor false: "yes".\nWrite true or false.']],
    [
      "cycles exchanged",
      "raters",
      1,
      { first_cycle: 8, last_cycle: 1 },
      ["row 2 [rater_id R2] first_cycle 8, last_cycle 1\nfirst_cycle is above last_cycle."],
    ],
    [
      "an identifier of another kind",
      "schools",
      2,
      { district_id: "S2" },
      ['Not an identifier of this kind (district): "S2".\nSuch an identifier begins with D'],
    ],
    [
      "no focal flag",
      "teacher_years",
      8,
      { focal: null },
      ["problem empty teacher_years.focal x1\nrow 9 [teacher_id T5, cycle 1]\nThe cell is empty, but the column may have no empty cell."],
    ],
    [
      "a tie to oneself",
      "network_edges",
      1,
      { alter_id: "T2" },
      ["In every row this must hold, and here it does not: a person does not name himself or herself."],
    ],
    [
      "a tie outside the roster",
      "network_edges",
      1,
      { alter_id: "T77" },
      [
        "problem reference network_edges.alter_id+cycle x1\nrow 2 [ego_id T2, alter_id T77, cycle 2] T77, 2\nNo row of network_roster has this combination.",
      ],
    ],
    [
      "a school for district staff",
      "network_roster",
      10,
      { school_id: "S1" },
      ["must be empty where the person is on the district's staff."],
    ],
    [
      "an unique key repeated",
      "lessons",
      1,
      { day: 1 },
      [
        "problem unique_key lessons.teacher_id+cycle+day x1\nrow 2 [lesson_id VT112] T1, 1, 1 (first in row 1)\nTwo rows have the same teacher_id, cycle and day.",
      ],
    ],
    [
      "a year wrongly counted",
      "teacher_years",
      1,
      { yr: 4 },
      ["row 2 [teacher_id T1, cycle 2] 4 instead of 1\nThe cell does not count the years since the teacher's first focal cycle."],
    ],
    [
      "lessons of a teacher who was not filmed",
      "teacher_years",
      1,
      { filmed: false },
      ["problem participation lessons.teacher_id+cycle x2"],
    ],
    [
      "a survey that is not there",
      "teacher_years",
      8,
      { focal: true, yr: 0, surveyed: true },
      ["surveyed is true, but table teacher_surveys has no row of this teacher and cycle."],
    ],
    [
      "surveyed without being focal",
      "teacher_years",
      8,
      { surveyed: true },
      ["The teacher-year is surveyed, but not focal; only focal teachers take part."],
    ],
    [
      "a year before the first cycle",
      "teachers",
      4,
      { first_cycle: 2 },
      ["problem agreement teacher_years.cycle x1\nrow 9 [teacher_id T5, cycle 1] 1\n"],
    ],
    [
      "another teacher than the section's",
      "student_teacher_links",
      0,
      { teacher_id: "T2" },
      ["row 1 [student_id U1, cycle 1, section_id GT11] T2 instead of T1\nThe teacher_id is not that of the section"],
    ],
  ];
  test.each(cases)("%s", (_, table, row, cells, told) => {
    const texts = found(damaged(table, row, cells)).map(brief);
    const about = texts.filter((text) => !text.startsWith("remark design"));
    expect(about).toHaveLength(told.length);
    told.forEach((text, k) => {
      expect(about[k]).toContain(text);
    });
  });
});

describe("tables and columns", () => {
  test("a table is misspelt, unknown, absent", () => {
    const misspelt = found((study) => study.set("leader_year", study.get("leader_years")!).delete("leader_years"));
    expect(misspelt.map(({ severity, kind, table }) => `${severity} ${kind} ${table}`)).toContain("problem table leader_year");
    expect(misspelt.find(({ table }) => table === "leader_year")?.message).toContain('Did you mean "leader_years"?');
    const unknown = found((study) => study.set("my_notes", [{ a: 1 }]));
    expect(unknown.map(brief)).toEqual([
      "remark table my_notes. x1\nThe codebook has no table of this name.\nIt was not checked. Keep it if it is meant as an addition of your own.",
    ]);
    const absent = found((study) => study.delete("sections"));
    expect(absent.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      expect.stringMatching(/^remark: 22 tables .* sections,/),
    ]);
    expect(checkStudy(new Map()).problems[0]!.message).toBe("None of the study's tables is here.");
  });

  test("a column is misspelt, absent, unknown", () => {
    const problems = found((study) => {
      study.set(
        "raters",
        study.get("raters")!.map(({ certified, last_cycle: _, ...row }) => ({ ...row, certifed: certified!, note: "x" })),
      );
    });
    expect(problems.map(({ severity, columns, message }) => `${severity} ${columns.join()}: ${message}`)).toEqual([
      'problem certified: The column is missing. Is "certifed" meant?',
      "problem last_cycle: The column is missing.",
      "remark note: The codebook does not know this column.",
    ]);
  });

  test("a file with another delimiter, and one of another kind", () => {
    const caret = found((study) => study.set("raters", [{ "rater_id^certified^first_cycle": "R1^true^1" }]));
    expect(caret.filter(({ table }) => table === "raters").map(brief)).toEqual([
      'problem delimiter raters. x1\nThe whole header was read as one column: cells seem to be separated by the character "^".\nSave the file with commas between cells.',
    ]);
    const other = found((study) => study.set("raters", [{ x: 1, y: 2 }]));
    expect(other.find(({ table }) => table === "raters")?.message).toBe(
      "The file has none of the table's columns; its header has x and y.",
    );
  });
});

describe("keys", () => {
  test("identifiers may be any text: __proto__, other scripts, names of methods", () => {
    expect(
      found((study) => study.get("rmt_people")!.push({ rmt_person_id: "H数学", rmt_school: "A", role: "teacher", joined_year: 2 })),
    ).toEqual([]);
    expect(found(damaged("rmt_people", 0, { rmt_school: "constructor" })).map(({ kind }) => kind)).toEqual(["reference"]);
    const twice = found((study) => study.get("rmt_schools")!.push({ ...study.get("rmt_schools")![1]! }));
    expect(twice.flatMap(({ kind, examples }) => (kind === "primary_key" ? [examples[0]!.value] : []))).toEqual([
      "__proto__ (first in row 2)",
    ]);
  });

  test("of an identifier that differs in capitals or zeros the other spelling is named", () => {
    const [problem] = found(damaged("rmt_people", 0, { rmt_school: "a" }));
    expect(problem!.message).toBe('No row of rmt_schools has this identifier. Did you mean "A"?');
    expect(found(damaged("lessons", 0, { section_id: "GT0011" }))[0]!.message).toContain('Did you mean "GT11"?');
  });

  test("a part of a primary key that may be empty counts as a value", () => {
    const relation = {
      district_id: "D1",
      school_id: null,
      cycle: 1,
      from_role: "cao",
      to_role: "c_and_i",
      relation: "assistance",
    } as const;
    const rest = { focus: null, strength: null };
    const problems = found((study) =>
      study.set("role_relations", [
        { ...relation, ...rest },
        { ...relation, relation: "accountability", ...rest },
        { ...relation, ...rest },
      ]),
    );
    expect(problems.filter(({ kind }) => kind === "primary_key").map(({ examples }) => examples)).toEqual([
      [{ row: 3, key: "", value: "D1, , 1, cao, c_and_i, assistance (first in row 1)" }],
    ]);
  });
});

describe("counts of the design", () => {
  test("more than 30 focal teachers are a problem, fewer a remark", () => {
    const crowded = found((study) => {
      for (let k = 10; k < 38; k++) {
        study.get("teachers")!.push({ ...study.get("teachers")![0]!, teacher_id: `T${k}` });
        study.get("teacher_years")!.push({
          ...study.get("teacher_years")![0]!,
          teacher_id: `T${k}`,
          filmed: false,
          interviewed: false,
          surveyed: false,
          mkt_tested: false,
        });
      }
    });
    expect(crowded.filter(({ severity }) => severity === "problem").map(brief)).toEqual([
      "problem count teacher_years.focal x1\nrow 1 [] district_id D1, cycle 1: 31 focal teachers\n" +
        "More than 30 focal teachers in a district and cycle.\nSet focal to false for those who were not sampled.",
    ]);
  });

  test("a second filmed section, a single lesson, a lesson without a score of record", () => {
    const filmed = found((study) => study.get("sections")!.push({ ...study.get("sections")![0]!, section_id: "Gx" }));
    expect(filmed.map(brief)).toEqual([
      "problem count sections.filmed x1\nrow 9 [section_id Gx] T1, 1 (first in row 1)\nMore than one section of a teacher and cycle is marked as filmed.\n" +
        "Set filmed to false for all but the one that was filmed.",
    ]);
    const single = found((study) => {
      study.get("lessons")!.pop();
      study.get("iqa_ratings")!.pop();
      study.get("iqa_ratings")!.shift();
    });
    expect(single.map(({ severity, message, examples }) => [severity, examples[0]!.key, message.slice(0, 16)])).toEqual([
      ["remark", "lesson_id VT421", "Only one lesson "],
      ["remark", "lesson_id VT111", "The lesson has n"],
    ]);
  });
});

describe("the report", () => {
  test("tells all problems at once, by table in the codebook's order, without other cells of a student", () => {
    const study = smallStudy();
    damaged("student_years", 1, { math_z: "secret", school_id: "S9" })(study);
    damaged("teachers", 0, { race_eth: "blak" })(study);
    damaged("teachers", 1, { race_eth: "blak" })(study);
    damaged("teachers", 2, { race_eth: "whit" })(study);
    const report = checkStudy(rawTables(study));
    expect(report.problems.map(({ table, columns, kind, count }) => [table, columns.join(), kind, count])).toEqual([
      ["teachers", "race_eth", "category", 3],
      ["student_years", "math_z", "type", 1],
      ["student_years", "school_id,cycle", "reference", 1],
    ]);
    const text = String(report);
    expect(text.split("\n").slice(0, 12)).toEqual([
      "27 tables with 155 rows checked: 3 problems, 4 remarks.",
      "",
      "PROBLEMS (to be put right; rows are data rows, counted from 1 without the header)",
      "",
      "teachers",
      '  race_eth: Not among the categories: "blak" (2 times) and "whit". Did you mean "black" and "white"?',
      "    row 1: teacher_id T1 -> blak",
      "    row 2: teacher_id T2 -> blak",
      "    row 3: teacher_id T3 -> whit",
      "    Use black, latinx, white, asian or other, written exactly so.",
      "",
      "student_years",
    ]);
    expect(text).toContain("    row 2: student_id U1, cycle 2 -> S9, 2\n");
    expect(JSON.parse(JSON.stringify(report))).toEqual({ ...report });
  });

  test("shows the first five rows and says how many more there are", () => {
    const study = smallStudy();
    for (const row of study.get("iqa_ratings")!) row.implementation = "7";
    const [problem] = checkStudy(rawTables(study)).problems;
    expect(problem).toMatchObject({ count: 16, kind: "category" });
    expect(problem!.examples.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5]);
    expect(String(checkStudy(rawTables(study)))).toContain("\n    and 11 more\n");
  });

  test("a text about a person is not repeated, nor do control characters reach the terminal", () => {
    const node = { plan_id: "Y1", node: "vision", goal: `Anna ${"x".repeat(300)}` };
    const problems = checkStudy(new Map([["improvement_plan_nodes", rawTable("improvement_plan_nodes", [node])]]));
    expect(problems.problems.flatMap(({ kind, examples }) => (kind === "text" ? [examples[0]!.value] : []))).toEqual([
      "a text of 305 characters",
    ]);
    expect(String(problems)).not.toContain("Anna");
    const odd = smallStudy();
    damaged("teachers", 0, { race_eth: "a\u001b[31m\nb" })(odd);
    expect(String(checkStudy(rawTables(odd)))).not.toContain("\u001b");
  });
});
