/** What derive() says and refuses; the statement of the rules; rows traced back to their sources; a simulated study. */
import { describe, expect, expectTypeOf, test } from "vitest";
import { countMissing } from "../../../src/data/column-values.js";
import type { Table } from "../../../src/data/table.js";
import { DataError, deriveMessages } from "../../../src/messages.js";
import { columnsOf } from "../../../src/mist/codebook/codebook.js";
import type { Study } from "../../../src/mist/codebook/study.js";
import { derive } from "../../../src/mist/derive/derive.js";
import { partsOf } from "../../../src/mist/derive/level-table.js";
import { levelNames, levels } from "../../../src/mist/derive/levels.js";
import { chosen, defaultChoices, type MeasureOptionName, measureChoices } from "../../../src/mist/derive/options.js";
import { measureOf, measures } from "../../../src/mist/derive/records.js";
import { ruleOf } from "../../../src/mist/derive/rules.js";
import { simulate } from "../../../src/mist/simulate/simulate.js";
import { studyOf } from "./small-study.js";

const simulated = simulate({ preset: "tiny" }).tables as Study;

describe("what is asked for", () => {
  test("tables have the type of their level", () => {
    const { tables } = derive(studyOf({ collab_meetings: [] }), { levels: ["meetings"] });
    expectTypeOf(tables.meetings).toExtend<Table<{ quality_score: number | null }>>();
    expectTypeOf(derive({}).tables.lessons).toExtend<Table<object> | undefined>();
    expect(Object.keys(tables)).toEqual(["meetings"]);
    expect(tables.meetings.rowCount).toBe(0);
    expect(Object.keys(derive({}).tables)).toEqual([]);
  });

  test("a level, an option or a choice that there is not", () => {
    const levelNamesList = [...levelNames];
    expect(() => derive({}, { levels: ["lesson" as "lessons"] })).toThrow(
      new DataError(deriveMessages.unknownLevel("lesson", levelNamesList)),
    );
    expect(deriveMessages.unknownLevel("lesson", levelNamesList)).toContain('Did you mean "lessons"?');
    expect(() => chosen({ visionHihg: 3 } as object)).toThrow(
      'There is no option "visionHihg" of the derived measures. Did you mean "visionHigh"?',
    );
    expect(() => chosen({ vision: "minimun" } as object)).toThrow(
      'Option "vision" cannot be "minimun". Did you mean "minimum"? It may be mean, minimum, graded_response, role_of_teacher, discourse or tasks.',
    );
    expect(chosen({ vision: undefined }).vision).toBe("mean");
    expect(() => chosen({ __proto__: null, toString: 1 } as object)).toThrow('There is no option "toString"');
  });

  test("a level without its tables", () => {
    expect(() => derive({}, { levels: ["dyad_years"] })).toThrow(
      'The level "dyad_years" needs the tables network_roster and network_edges, which the study does not have. Add the files, or leave the level out.',
    );
    expect(() => derive({}, { levels: ["lessons"] })).toThrow("Add the file lessons.csv");
    expect(() => derive({}, { levels: ["person_years"] })).toThrow(
      'The level "person_years" needs one of the tables teacher_years, coach_years, leader_years and network_roster, and the study has none of them.',
    );
  });

  test("columns whose tables are absent are missing throughout, and a note says so", () => {
    const { tables, notes } = derive(studyOf({ teacher_years: [{ teacher_id: "T1", cycle: 1, school_id: "S1", focal: true }] }), {
      levels: ["teacher_years"],
    });
    const table = tables.teacher_years;
    expect(notes.map(({ code }) => code)).toEqual(Array(notes.length).fill("table-absent"));
    expect(notes.map(({ message }) => message)).toContain(
      "The study has no table mkt_scores, so that in teacher_years the columns mkt, mkt0, lag_mkt and mkt_mean are missing throughout. Add the table, or leave them out of the model.",
    );
    const present = table.columns.filter((column) => countMissing(column) === 0).map(({ name }) => name);
    expect(present).toEqual(["teacher_id", "cycle", "school_id", "focal", "yr", "growth_n"]);
    expect(table.columnNames).toEqual(derive(simulated, { levels: ["teacher_years"] }).tables.teacher_years.columnNames);
  });
});

describe("the statement of the rules", () => {
  test("every measure has a record, words for each choice, and a sentence with the choice made", () => {
    expect(measures.map(({ id }) => id)).toEqual(Array.from({ length: 43 }, (_, k) => `V${k + 1}`));
    for (const [name, { measure, choices }] of Object.entries(measureChoices) as [
      MeasureOptionName,
      (typeof measureChoices)[MeasureOptionName],
    ][]) {
      const sentences = choices.map((choice) => ruleOf(measure, { ...defaultChoices, [name]: choice }).sentence);
      expect(new Set(sentences).size, name).toBe(choices.length);
    }
    for (const { id } of measures) {
      const { sentence } = ruleOf(id, defaultChoices);
      expect(sentence, id).toMatch(/^\S.*[^.;:,]\.$/);
      expect(sentence, id).not.toMatch(/ {2}|;;| ;|undefined/);
    }
  });

  test("columns name measures whose record names them", () => {
    for (const level of levelNames) {
      for (const [column, { measure }] of Object.entries(levels[level].columns)) {
        if (measure === undefined || measure === "V43" || measure === "V24" || measure === "V42") continue;
        const base = column.replace(/^lag_(?=in_degree)/, "").replace(/_score$|^coach_(?=vision|mkt)/, "");
        const named = [
          ...measureOf(measure).names,
          "expl_productive",
          "adj_productive",
          "expl_unproductive",
          "adj_unproductive",
          "role_of_teacher",
          "discourse",
          "tasks",
          "practice",
          "growth_lower",
          "growth_upper",
        ];
        expect(
          named.some((name) => name === column || name === base || name.replace(/_score$/, "") === base),
          `${level}.${column}`,
        ).toBe(true);
      }
    }
  });

  test("holds the rules used and no others, says what was chosen, and prints as text and Markdown", () => {
    const { rules } = derive(studyOf({ collab_meetings: [] }), { levels: ["meetings"], meetingQuality: "raw_count" });
    expect(rules.list.map(({ id }) => id)).toEqual(["V21"]);
    expect(String(rules)).toBe(
      [
        "1 measure; missing inputs give a missing measure.",
        "V21 quality [meeting; ordered (level 0-4)]",
        "    The quality of a meeting, from the number of links to goals, students' thinking and instruction, is the number of links. Source: after the project's documents; details are a decision of this package.",
        "    meetingQuality = raw_count, instead of strands or expert_for_highest",
      ].join("\n"),
    );
    expect(rules.markdown().split("\n").slice(0, 7)).toEqual([
      "# Rules of the derived measures",
      "",
      "1 measure; missing inputs give a missing measure.",
      "",
      "| No. | Columns | Level | Kind | Rule | Options | Source |",
      "|---|---|---|---|---|---|---|",
      "| V21 | `quality` | meeting | ordered (level 0-4) | The quality of a meeting, from the number of links to goals, students' thinking and instruction, is the number of links. | meetingQuality = raw_count, instead of strands or expert_for_highest | after the project's documents; details are a decision of this package |",
    ]);
    expect(derive(simulated).rules.list.map(({ id }) => id)).toEqual(measures.map(({ id }) => id));
  });

  test("what a measure is made of is stated with it", () => {
    const { rules } = derive(studyOf({ school_years: [] }), { levels: ["school_years"] });
    expect(rules.list.map(({ id }) => id)).toEqual(expect.arrayContaining(["V1", "V18", "V25", "V29"]));
  });
});

describe("declarations", () => {
  test("name columns of the codebook, tables that are read, and keys that are columns", () => {
    for (const level of levelNames) {
      const { columns, key, beside } = levels[level];
      for (const [name, { from }] of Object.entries(columns)) {
        if (from === undefined) continue;
        const { table, column } = partsOf(from);
        expect(
          columnsOf(table).map(([one]) => one),
          `${level}.${name}`,
        ).toContain(column);
      }
      for (const column of key) expect(Object.keys(columns), level).toContain(column);
      for (const other of beside) expect(levelNames).toContain(other);
    }
  });
});

describe("a simulated study", () => {
  const { tables, notes } = derive(simulated);

  test("has every level, each with distinct keys and columns of the declared kinds", () => {
    expect(Object.keys(tables)).toEqual([...levelNames]);
    expect(notes).toEqual([]);
    const kinds = { id: "factor", category: "factor", ordered: "factor", number: "number", flag: "number" } as const;
    for (const level of levelNames) {
      const table: Table<object> = tables[level]!;
      expect(table.rowCount, level).toBeGreaterThan(0);
      const keys = table.toRows().map((row) => JSON.stringify(levels[level].key.map((name) => (row as Record<string, unknown>)[name])));
      expect(new Set(keys).size, level).toBe(keys.length);
      for (const [name, { type, from }] of Object.entries(levels[level].columns))
        expect(table.column(name).kind, `${level}.${name}`).toBe(type === "flag" && from !== undefined ? "boolean" : kinds[type]);
    }
  });

  test("leaves no column empty but those that anonymous answers leave", () => {
    const empty = levelNames.flatMap((level) => {
      const table: Table<object> = tables[level]!;
      return table.columns.filter((column) => countMissing(column) === table.rowCount).map(({ name }) => `${level}.${name}`);
    });
    expect(empty).toEqual(["responses.student_id"]);
  });

  test("a row's keys lead to the rows that made it", () => {
    const row = tables
      .teacher_years!.toRows()
      .find(
        ({ maint_share, mtg_quality, vision, exposure_mean }) =>
          maint_share !== null && mtg_quality !== null && vision !== null && exposure_mean !== null,
      )!;
    const { teacher_id, cycle, interview_id } = row;
    const own = simulated.lessons!.toRows().filter((lesson) => lesson.teacher_id === teacher_id && lesson.cycle === cycle);
    const ratings = simulated.iqa_ratings!.toRows().filter(({ rating_order }) => rating_order === 1);
    const kept = own
      .map(({ lesson_id }) => ratings.find((rating) => rating.lesson_id === lesson_id)!)
      .map(({ potential, implementation }) => (Number(potential) >= 3 && Number(implementation) >= 3 ? 1 : 0));
    expect(row.maint_share).toBe(kept.reduce<number>((a, b) => a + b, 0) / kept.length);

    const code = simulated.vhqmi_codes!.toRows().find((codes) => codes.interview_id === interview_id && codes.coding_order === 1)!;
    const dimensions = [code.role_of_teacher, code.discourse, code.tasks].filter((level) => level !== null).map(Number);
    expect(row.vision).toBeCloseTo(dimensions.reduce((a, b) => a + b, 0) / dimensions.length, 12);

    const attended = simulated
      .collab_attendance!.toRows()
      .filter(({ person_id }) => person_id === teacher_id)
      .map(({ meeting_id }) => meeting_id);
    const meetings = tables
      .meetings!.toRows()
      .filter((meeting) => meeting.cycle === cycle && attended.includes(meeting.meeting_id!) && meeting.quality_score !== null);
    const minutes = meetings.reduce((sum, meeting) => sum + meeting.minutes!, 0);
    expect(row.mtg_quality).toBeCloseTo(
      meetings.reduce((sum, meeting) => sum + meeting.quality_score! * meeting.minutes!, 0) / minutes,
      10,
    );

    const named = simulated
      .network_edges!.toRows()
      .filter((edge) => edge.ego_id === teacher_id && edge.cycle === cycle)
      .map(({ alter_id }) => alter_id);
    const known = tables
      .person_years!.toRows()
      .filter((person) => person.cycle === cycle! - 1 && named.includes(person.person_id!) && person.expertise !== null);
    expect(row.n_alters).toBe(named.length);
    expect(row.exposure_mean).toBeCloseTo(known.reduce((sum, person) => sum + person.expertise!, 0) / known.length, 10);
  });

  test("what the codebook stores as derived is what the rules give", () => {
    const years = simulated.teacher_years!.toRows().map(({ yr }) => yr);
    expect(tables.teacher_years!.toRows().map(({ yr }) => yr)).toEqual(years);
    expect(tables.meetings!.toRows().map(({ quality }) => quality)).toEqual(
      simulated.collab_meetings!.toRows().map(({ quality }) => quality),
    );
    const collaboration = new Map(
      simulated.principal_practices!.toRows().map((row) => [`${row.leader_id} ${row.cycle}`, row.coach_collaboration]),
    );
    for (const row of tables.leader_years!.toRows()) {
      const stored = collaboration.get(`${row.leader_id} ${row.cycle}`) ?? null;
      if (stored !== null) expect(row.coach_collaboration).toBe(Number(stored));
    }
  });

  test("weights of teachers sum to 1, dyads are those of the rosters", () => {
    for (const { w1, w2 } of tables.student_years!.toRows()) expect(w1! + w2!).toBeCloseTo(1, 6);
    const sizes = new Map<string, number>();
    for (const { school_id, cycle } of simulated.network_roster!.toRows()) {
      if (school_id !== null) sizes.set(`${school_id} ${cycle}`, (sizes.get(`${school_id} ${cycle}`) ?? 0) + 1);
    }
    expect(tables.dyad_years!.rowCount).toBe([...sizes.values()].reduce((sum, size) => sum + size * (size - 1), 0));
  });

  test("every choice of every option can be derived and makes another table", () => {
    const plain = (table: Table<object>): string =>
      JSON.stringify([table.columns.map((column) => (column.kind === "factor" ? column.levels : null)), table.toColumns()]);
    const alike: string[] = [];
    for (const [name, { choices, measure }] of Object.entries(measureChoices) as [
      MeasureOptionName,
      (typeof measureChoices)[MeasureOptionName],
    ][]) {
      const affected =
        AFFECTED[name] ?? levelNames.find((level) => Object.values(levels[level].columns).some((column) => column.measure === measure))!;
      const seen = new Set(choices.map((choice) => plain(derive(simulated, { levels: [affected], [name]: choice }).tables[affected]!)));
      if (seen.size < choices.length) alike.push(name);
    }
    expect(alike.filter((name) => !MAY_AGREE.includes(name))).toEqual([]);
  });
});

/** Two cuts may part the same few visions and the same few coaches alike. */
const MAY_AGREE: readonly string[] = ["visionHigh", "coachAccomplished"];

/** Levels on which an option shows, where the first with its measure is not it. */
const AFFECTED: { readonly [K in MeasureOptionName]?: (typeof levelNames)[number] } = {
  coachHours: "coach_school_years",
  lessonComposition: "lessons",
  composition: "teacher_years",
  opportunityGap: "school_years",
  highPotential: "lessons",
};
