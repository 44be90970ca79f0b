/** The structure of a simulated study: published counts, who is there when, and no problem in the eyes of the validator. */
import { describe, expect, test } from "vitest";
import { design } from "../../../src/mist/codebook/facts.js";
import { simulate } from "../../../src/mist/simulate/simulate.js";
import { checkStudy } from "../../../src/mist/validate/check-study.js";
import { countsOf, records, rowsOf } from "./studies.js";

const rows = rowsOf();

describe("the default study", () => {
  test("has no problem in the eyes of the validator", () => {
    const { tables } = simulate();
    const report = checkStudy(new Map(Object.entries(tables)));
    expect(report.problems).toEqual([]);
    expect(report.remarks).toEqual([]);
  }, 60_000);

  test.each(["mar", "mnar", "none"] as const)("missingness %s leaves no problem either", (missing) => {
    const { tables } = simulate({ preset: "tiny", missing });
    expect(checkStudy(new Map(Object.entries(tables).filter(([, table]) => table.rowCount > 0))).problems).toEqual([]);
  });

  test.each(["recovery", "null", "hard"] as const)(
    "preset %s leaves no problem",
    (preset) => {
      const { tables } = simulate({ preset, student: { perSection: 8 } });
      expect(checkStudy(new Map(Object.entries(tables).filter(([, table]) => table.rowCount > 0))).problems).toEqual([]);
    },
    60_000,
  );

  test("has four districts in phase 1 and two in phase 2, 30 schools, 360,000 and 180,000 students served", () => {
    const served = (phase: "in_phase1" | "in_phase2"): number =>
      rows.districts.filter((row) => row[phase]).reduce((sum, row) => sum + row.students_served, 0);
    expect(rows.districts.map((row) => [row.in_phase1, row.in_phase2])).toEqual([
      [true, true],
      [true, true],
      [true, false],
      [true, false],
    ]);
    expect([...countsOf(rows.schools.map((row) => row.district_id)).values()]).toEqual([8, 7, 7, 8]);
    expect([served("in_phase1"), served("in_phase2")]).toEqual([360_000, 180_000]);
    expect(rows.districts.filter((row) => row.leader_pd_experiment)).toHaveLength(1);
    expect(rows.districts.filter((row) => row.formative_assessment)).toHaveLength(1);
    expect(rows.districts.filter((row) => row.framework === "elaborated")).toHaveLength(2);
  });

  test("has exactly 30 focal teachers and 75 on the rosters of every district and cycle", () => {
    const home = new Map(rows.teachers.map((row) => [row.teacher_id, row.district_id]));
    const focal = countsOf(rows.teacher_years.filter((row) => row.focal).map((row) => `${home.get(row.teacher_id)} ${row.cycle}`));
    const all = countsOf(rows.teacher_years.map((row) => `${home.get(row.teacher_id)} ${row.cycle}`));
    expect(focal.size).toBe(4 * 4 + 2 * 4);
    expect(new Set(focal.values())).toEqual(new Set([design.focalTeachers]));
    expect(new Set(all.values())).toEqual(new Set([75]));
  });

  test("has more than 200 focal teachers in phase 1", () => {
    const focal = rows.teacher_years.filter((row) => row.focal && row.cycle <= 4);
    expect(new Set(focal.map((row) => row.teacher_id)).size).toBeGreaterThan(200);
  });

  test("has teachers who change schools within the district", () => {
    const schools = new Map<string, Set<string>>();
    for (const row of rows.teacher_years) {
      const own = schools.get(row.teacher_id) ?? new Set();
      schools.set(row.teacher_id, own.add(row.school_id));
    }
    expect([...schools.values()].filter((own) => own.size > 1).length).toBeGreaterThan(20);
  });

  test("interviews 200 people in a cycle of phase 1 and 100 in one of phase 2", () => {
    const complete = rowsOf({ missing: "none", student: { include: false } });
    expect([...countsOf(complete.interviews.map((row) => row.cycle)).values()]).toEqual([200, 200, 200, 200, 100, 100, 100, 100]);
    const october = complete.interviews.filter((row) => row.month === 10);
    expect(new Set(october.map((row) => row.role))).toEqual(new Set(["district_leader"]));
  });

  test("films two lessons on days 1 and 2 of one section of each filmed teacher-year", () => {
    const filmed = rows.teacher_years.filter((row) => row.filmed).map((row) => `${row.teacher_id} ${row.cycle}`);
    const days = new Map<string, number[]>();
    const sections = new Map<string, Set<string>>();
    for (const row of rows.lessons) {
      const unit = `${row.teacher_id} ${row.cycle}`;
      days.set(unit, [...(days.get(unit) ?? []), row.day]);
      sections.set(unit, (sections.get(unit) ?? new Set()).add(row.section_id));
    }
    expect([...days.keys()].sort()).toEqual(filmed.sort());
    expect([...days.values()].every((own) => own.join() === "1,2")).toBe(true);
    expect([...sections.values()].every((own) => own.size === 1)).toBe(true);
    expect(rows.sections.filter((row) => row.filmed)).toHaveLength(filmed.length);
  });

  test("has 8,640 student-years in a cycle of phase 1 and 51,840 in all, in grades that rise by one a year", () => {
    const cycles = countsOf(rows.student_years.map((row) => row.cycle));
    expect([cycles.get(1), cycles.get(4), cycles.get(5), rows.student_years.length]).toEqual([8640, 8640, 4320, 51_840]);
    const before = new Map<string, number>();
    let returns = 0;
    for (const row of rows.student_years) {
      const grade = before.get(`${row.student_id} ${row.cycle - 1}`);
      if (grade !== undefined) {
        returns++;
        expect(row.grade).toBe(grade + 1);
      }
      before.set(`${row.student_id} ${row.cycle}`, row.grade);
    }
    expect(returns).toBeGreaterThan(15_000);
    expect(before.size).toBe(51_840);
  });

  test("links a tenth of the students, or nearly, to two teachers", () => {
    const links = countsOf(rows.student_teacher_links.map((row) => `${row.student_id} ${row.cycle}`));
    const two = [...links.values()].filter((count) => count === 2).length / links.size;
    expect(two).toBeGreaterThan(0.03);
    expect(two).toBeLessThan(0.11);
    const teachers = new Map<string, Set<string>>();
    for (const row of rows.student_teacher_links) {
      const unit = `${row.student_id} ${row.cycle}`;
      teachers.set(unit, (teachers.get(unit) ?? new Set()).add(row.teacher_id));
    }
    expect([...links].every(([unit, count]) => teachers.get(unit)!.size === count)).toBe(true);
  });

  test("never has implementation above potential, and demand declines from task to implementation to discussion", () => {
    expect(rows.iqa_ratings.filter((row) => Number(row.implementation) > Number(row.potential))).toEqual([]);
    const high = (column: "potential" | "implementation" | "discussion"): number =>
      records(rows).filter((row) => Number(row[column]) >= 3).length;
    expect(high("potential")).toBeGreaterThan(high("implementation"));
    expect(high("implementation")).toBeGreaterThan(high("discussion"));
  });

  test("has no tie outside the roster of the cycle, and none to oneself", () => {
    const roster = new Set(rows.network_roster.map((row) => `${row.person_id} ${row.cycle}`));
    const outside = rows.network_edges.filter(
      (row) => !roster.has(`${row.ego_id} ${row.cycle}`) || !roster.has(`${row.alter_id} ${row.cycle}`) || row.ego_id === row.alter_id,
    );
    expect(outside).toEqual([]);
  });

  test("has 80 people in the leadership experiment, before and after", () => {
    const people = countsOf(rows.leader_task_sorts.map((row) => row.person_id));
    expect(people.size).toBe(80);
    expect(new Set(people.values())).toEqual(new Set([2]));
    const sessions = rows.pd_sessions.filter((row) => row.audience === "coaches_and_leaders");
    expect(sessions.map((row) => row.date.slice(0, 7))).toEqual(["2009-08", "2009-09", "2009-10"]);
  });

  test("has the RMT network's published counts", () => {
    const third = rows.rmt_years.filter((row) => row.rmt_year === 3);
    const stages = countsOf(third.map((row) => row.leadership_stage));
    expect([rows.rmt_schools.length, rows.rmt_schools.filter((row) => row.disadvantaged).length]).toEqual([14, 13]);
    expect([third.length, stages.get("network_leader"), stages.get("apprentice_leader")]).toEqual([112, 4, 7]);
  });
});

describe("recommendations", () => {
  test.each([1, 2])("have the published counts times %i", (scale) => {
    const { recommendations } = rowsOf({ scale, missing: "none", student: { include: false } });
    const uptake = countsOf(recommendations.map((row) => row.uptake));
    const implementation = countsOf(recommendations.map((row) => row.implementation));
    const of = [uptake.get("complete"), uptake.get("partial"), uptake.get("not")].map((count) => count! / scale);
    const then = [implementation.get("successful"), implementation.get("partial"), implementation.get("unsuccessful")];
    expect(recommendations).toHaveLength(162 * scale);
    expect(of).toEqual([73, 36, 53]);
    expect(then.map((count) => count! / scale)).toEqual([19, 29, 61]);
  });

  test("are 13 of 19 and 32 of 48 the mathematics department's where they succeed", () => {
    const department = rows.recommendations.filter((row) => row.implementing_unit === "math_department");
    expect(department.filter((row) => row.implementation === "successful")).toHaveLength(13);
    expect(department.filter((row) => row.implementation !== "unsuccessful")).toHaveLength(32);
  });

  test("are 8 or 9 in each of twenty Mays that have an October after them", () => {
    const mays = countsOf(rows.recommendations.map((row) => `${row.district_id} ${row.cycle}`));
    expect([...mays.values()].sort()).toEqual([...new Array(18).fill(8), 9, 9]);
    const last = new Map(rows.districts.map((row) => [row.district_id, row.in_phase2 ? 8 : 4]));
    expect(rows.recommendations.every((row) => row.cycle < last.get(row.district_id)!)).toBe(true);
  });

  test("are drawn with the same shares, not the same counts, where they need not be exact", () => {
    const { recommendations } = rowsOf({ preset: "recovery", scale: 6, student: { include: false } });
    const uptake = countsOf(recommendations.map((row) => row.uptake));
    const n = recommendations.length;
    // Three standard errors of a share at 972 recommendations are below .05.
    expect(Math.abs(uptake.get("complete")! / n - 73 / 162)).toBeLessThan(0.05);
    expect(Math.abs(uptake.get("not")! / n - 53 / 162)).toBeLessThan(0.05);
    expect(uptake.get("complete")).not.toBe(73 * 6);
  });
});
