import { describe, expect, expectTypeOf, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import { mistMessages } from "../../../src/messages.js";
import type { StudyRows } from "../../../src/mist/codebook/codebook.js";
import { conformTable, type Study, studyFrom, studyTable } from "../../../src/mist/codebook/study.js";

const edges: StudyRows["network_edges"][] = [
  { ego_id: "T2", alter_id: "T1", cycle: 1, frequency: "weekly", depth: "high", alter_role: "teacher", same_school: true },
  { ego_id: "T1", alter_id: "C1", cycle: 1, frequency: null, depth: "low", alter_role: "coach", same_school: false },
];

describe("a study", () => {
  test("has the tables it was given, with the codebook's kinds, levels and labels", () => {
    const study = studyFrom({ network_edges: edges });
    expectTypeOf(study.network_edges).toEqualTypeOf<Table<StudyRows["network_edges"]>>();
    expectTypeOf<Study["lessons"]>().toEqualTypeOf<Table<StudyRows["lessons"]> | undefined>();
    expect(Object.keys(study)).toEqual(["network_edges"]);
    expect(Object.isFrozen(study)).toBe(true);
    const table = study.network_edges;
    expect(table.columns.map(({ kind }) => kind)).toEqual(["factor", "factor", "number", "factor", "factor", "factor", "boolean"]);
    expect(table.column("ego_id")).toMatchObject({ ordered: false, levels: ["T1", "T2"] });
    expect(table.column("frequency")).toMatchObject({
      ordered: true,
      levels: ["few_times_year", "monthly", "few_times_month", "weekly", "daily"],
      levelLabels: ["A few times a year", "Monthly", "A few times a month", "Weekly", "Daily"],
    });
    expect(table.column("alter_role")).toMatchObject({ ordered: false, levels: ["teacher", "coach", "administrator", "district"] });
    expect(table.toRows()).toEqual(edges);
  });

  test("takes tables in any column order, keeps columns it does not know, and takes a Map", () => {
    const table = Table.from({ note: ["x"], hours: [3], person_id: ["T1"], pd_id: ["P1"] });
    const study = studyFrom(new Map([["pd_attendance", table]]));
    expect(study.pd_attendance!.columnNames).toEqual(["pd_id", "person_id", "hours", "note"]);
  });

  test("labels columns, turns digits into categories, and dates into text", () => {
    const years = conformTable(
      "rmt_years",
      Table.from({
        rmt_person_id: ["H1"],
        rmt_year: [1],
        model: ["experience"],
        leadership_stage: ["participant"],
        vis_environment: [2],
        vis_task: [null],
        vis_teacher_role: [null],
        vis_student_experience: [null],
        vis_equity: [null],
        imp_adapting: [null],
        imp_sensemaking: [null],
        imp_productive_struggle: [null],
        imp_discussion: [null],
        pd_hours: [null],
        lesson_design_cycles: [null],
        sessions_led: [null],
      }),
    );
    expect(years.column("vis_environment")).toMatchObject({ kind: "factor", label: "Vision: environment", levels: ["0", "1", "2", "3"] });
    expect(years.toRows()[0]).toMatchObject({ vis_environment: "2", vis_task: null, pd_hours: null });
    const cycles = conformTable("cycles", [
      {
        cycle: 1,
        academic_year: "2007-08",
        phase: 1,
        october_start: "2007-10-01",
        field_start: "2008-01-07",
        field_end: "2008-03-28",
        feedback_date: "2008-05-15",
      },
    ]);
    expect(cycles.column("october_start")).toEqual({ kind: "text", name: "october_start", values: ["2007-10-01"] });
  });

  test("gives empty tables and columns without values the right kinds", () => {
    const empty = conformTable("network_edges", []);
    expect(empty.rowCount).toBe(0);
    expect(empty.columns.map(({ kind }) => kind)).toEqual(["factor", "factor", "number", "factor", "factor", "factor", "boolean"]);
    const none = conformTable(
      "network_edges",
      edges.map((edge) => ({ ...edge, frequency: null, same_school: null })),
    );
    expect(none.column("frequency")).toMatchObject({ kind: "factor", ordered: true });
    expect(none.column("same_school")).toEqual({ kind: "boolean", name: "same_school", values: Int8Array.of(-1, -1) });
  });

  test("names the table, the column and the remedy where a table does not fit", () => {
    const table = (columns: Record<string, unknown[]>): Table => Table.from(columns);
    const wrong = new Map([["lesons", table({ x: [1] })]]);
    expect(() => studyFrom(wrong)).toThrow('no table "lesons". Did you mean "lessons"?');
    expect(() => conformTable("pd_attendance", table({ pd_id: ["P1"], person: ["T1"], hours: [1] }))).toThrow(
      mistMessages.columnAbsent("pd_attendance", "person_id", ["pd_id", "person", "hours"]),
    );
    expect(() => conformTable("pd_attendance", table({ pd_id: ["P1"], person_id: ["T1"], hours: ["two"] }))).toThrow(
      'Column "hours" of table pd_attendance should hold numbers, but holds text.',
    );
    expect(() => conformTable("pd_attendance", table({ pd_id: [true], person_id: ["T1"], hours: [1] }))).toThrow(
      "should hold identifiers, but holds true and false",
    );
    expect(() => conformTable("network_edges", [{ ...edges[0]!, depth: "hgih" }])).toThrow(/^Table network_edges: .*depth.*hgih/);
    expect(() => conformTable("pd_attendance", [{ pd_id: "P1", person_id: "T1" }])).toThrow(
      mistMessages.cellAbsent("pd_attendance", "hours", 1),
    );
    expect(() => studyTable(studyFrom({ network_edges: edges }), "lessons")).toThrow(
      'no table "lessons" here; it has network_edges. Add the file lessons.csv',
    );
    expect(studyTable(studyFrom({ network_edges: edges }), "network_edges").rowCount).toBe(2);
  });
});
