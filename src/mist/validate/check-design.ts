/**
 * Numbers that the study's design fixes.
 *
 * More than the design's are problems: 30 focal teachers a district and cycle, one filmed section a teacher-year. What real data may
 * miss is a remark: fewer focal teachers, one lesson of two, a lesson without a score of record, other totals of recommendations and
 * of the RMT network than published (or whole multiples of them).
 */
import type { Column } from "../../data/column.js";
import { cellOf } from "../../data/column-values.js";
import { keyGroups, matchRows } from "../../data/row-keys.js";
import { validateMessages } from "../../messages.js";
import { design } from "../codebook/facts.js";
import { type CheckedStudy, type CheckedTable, cellText, columnsNamed, rowProblems } from "./checked-study.js";
import { type FoundRows, type Problem, rowsWhere, type Told, wholeProblem } from "./problem.js";

/** More than the design has, and, as remarks, fewer or others. */
export function checkDesign({ tables }: CheckedStudy): Problem[] {
  return [
    ...checkFocal(tables.get("teacher_years"), tables.get("teachers")),
    ...checkFilmedSections(tables.get("sections")),
    ...checkLessons(tables.get("lessons"), tables.get("iqa_ratings")),
    ...checkRecommendations(tables.get("recommendations")),
    ...checkRmt(tables.get("rmt_years"), tables.get("rmt_schools")),
  ];
}

/** Focal teachers by district and cycle. */
function checkFocal(years: CheckedTable | undefined, teachers: CheckedTable | undefined): Problem[] {
  const own = columnsNamed(years, ["teacher_id", "cycle", "focal"]);
  const home = columnsNamed(teachers, ["teacher_id", "district_id"]);
  if (years === undefined || own === null || home === null) return [];
  const [id, cycle, focal] = [own[0]!, own[1]!, own[2]!];
  const district = home[1]!;
  const teacher = matchRows([id], [home[0]!]);
  const values = Array.from(teacher, (row) => (row < 0 ? null : cellText(district, row) || null));
  const { codes, firstRows } = keyGroups([{ kind: "text", name: "district_id", values }, cycle]);
  const counts = new Int32Array(firstRows.length);
  codes.forEach((group, row) => {
    if (group >= 0 && cellOf(focal, row) === true) counts[group]!++;
  });
  const groups = (test: (count: number) => boolean): FoundRows => {
    const found = rowsWhere(counts.length, (group) => test(counts[group]!));
    return { count: found.count, rows: found.rows.map((group) => firstRows[group]!) };
  };
  const value = (row: number): string => validateMessages.focalCount(values[row]!, cellText(cycle, row), counts[codes[row]!]!);
  const { focalTeachers } = design;
  return [
    ...rowProblems(years, {
      kind: "count",
      columns: ["focal"],
      found: groups((n) => n > focalTeachers),
      valueIn: value,
      told: validateMessages.manyFocal(focalTeachers),
      keyed: false,
    }),
    ...rowProblems(years, {
      severity: "remark",
      kind: "design",
      columns: ["focal"],
      found: groups((n) => n < focalTeachers),
      valueIn: value,
      told: validateMessages.fewFocal(focalTeachers),
      keyed: false,
    }),
  ];
}

function checkFilmedSections(sections: CheckedTable | undefined): Problem[] {
  const keys = columnsNamed(sections, ["teacher_id", "cycle"]);
  const filmed = columnsNamed(sections, ["filmed"])?.[0];
  if (sections === undefined || keys === null || filmed === undefined) return [];
  const first = new Map<number, number>();
  const { codes } = keyGroups(keys);
  const found = rowsWhere(sections.rowCount, (row) => {
    if (cellOf(filmed, row) !== true || codes[row]! < 0) return false;
    if (first.has(codes[row]!)) return true;
    first.set(codes[row]!, row);
    return false;
  });
  const value = (row: number): string =>
    validateMessages.alsoInRow(keys.map((key) => cellText(key, row)).join(", "), first.get(codes[row]!)! + 1);
  return rowProblems(sections, { kind: "count", columns: ["filmed"], found, valueIn: value, told: validateMessages.manyFilmedSections() });
}

function checkLessons(lessons: CheckedTable | undefined, ratings: CheckedTable | undefined): Problem[] {
  const keys = columnsNamed(lessons, ["teacher_id", "cycle"]);
  if (lessons === undefined || keys === null) return [];
  const { codes, firstRows } = keyGroups(keys);
  const counts = new Int32Array(firstRows.length);
  for (const group of codes) if (group >= 0) counts[group]!++;
  const single = rowsWhere(lessons.rowCount, (row) => codes[row]! >= 0 && counts[codes[row]!]! < design.lessons);
  const problems = rowProblems(lessons, {
    severity: "remark",
    kind: "design",
    columns: [],
    found: single,
    told: validateMessages.singleLesson(),
  });
  const id = columnsNamed(lessons, ["lesson_id"]);
  const rated = columnsNamed(ratings, ["lesson_id", "rating_order"]);
  if (ratings === undefined || id === null || rated === null) return problems;
  const lessonOf = matchRows([rated[0]!], id);
  const hasRecord = new Uint8Array(lessons.rowCount);
  lessonOf.forEach((lesson, row) => {
    if (lesson >= 0 && cellOf(rated[1]!, row) === 1) hasRecord[lesson] = 1;
  });
  const without = rowsWhere(lessons.rowCount, (row) => hasRecord[row] === 0);
  return [
    ...problems,
    ...rowProblems(lessons, { severity: "remark", kind: "design", columns: [], found: without, told: validateMessages.noScoreOfRecord() }),
  ];
}

function checkRecommendations(table: CheckedTable | undefined): Problem[] {
  const columns = columnsNamed(table, ["uptake", "implementation"]);
  if (table === undefined || columns === null) return [];
  const { total, complete, partial, not, successful, partlySuccessful, unsuccessful } = design.recommendations;
  const wanted = [total, complete, partial, not, successful, partlySuccessful, unsuccessful];
  const count = (column: Column, value: string): number => rowsWhere(table.rowCount, (row) => cellOf(column, row) === value).count;
  const [uptake, implementation] = [columns[0]!, columns[1]!];
  const found = [
    table.rowCount,
    ...["complete", "partial", "not"].map((value) => count(uptake, value)),
    ...["successful", "partial", "unsuccessful"].map((value) => count(implementation, value)),
  ];
  return otherCounts(table, found, wanted, validateMessages.recommendationCounts(found, wanted));
}

function checkRmt(years: CheckedTable | undefined, schools: CheckedTable | undefined): Problem[] {
  const problems: Problem[] = [];
  const disadvantaged = columnsNamed(schools, ["disadvantaged"])?.[0];
  if (schools !== undefined && disadvantaged !== undefined) {
    const found = [schools.rowCount, rowsWhere(schools.rowCount, (row) => cellOf(disadvantaged, row) === true).count];
    const wanted = [design.rmtSchools, design.rmtDisadvantagedSchools];
    problems.push(...otherCounts(schools, found, wanted, validateMessages.rmtSchoolCounts(found, wanted)));
  }
  const columns = columnsNamed(years, ["rmt_year", "leadership_stage"]);
  if (years !== undefined && columns !== null) {
    const [year, stage] = [columns[0]!, columns[1]!];
    const { people, networkLeaders, apprenticeLeaders } = design.rmtThirdYear;
    const inThird = (value: string | null): number =>
      rowsWhere(years.rowCount, (row) => cellOf(year, row) === 3 && (value === null || cellOf(stage, row) === value)).count;
    const found = [inThird(null), inThird("network_leader"), inThird("apprentice_leader")];
    const wanted = [people, networkLeaders, apprenticeLeaders];
    problems.push(...otherCounts(years, found, wanted, validateMessages.rmtCounts(found, wanted)));
  }
  return problems;
}

/** A remark where the counts are not the design's, nor one whole multiple of them. */
function otherCounts(table: CheckedTable, found: readonly number[], wanted: readonly number[], words: Told): Problem[] {
  const times = found[0]! / wanted[0]!;
  if (Number.isInteger(times) && times > 0 && found.every((count, k) => count === times * wanted[k]!)) return [];
  return [wholeProblem("remark", "design", table.name, [], words)];
}
