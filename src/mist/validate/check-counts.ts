/**
 * What holds between tables and over rows in every study, real or simulated, besides the rules that tables declare:
 *
 *   - what a lesson, a link or an administration says of teacher and cycle is what its section says
 *   - a teacher's years lie between first and last cycle; yr counts from the first focal cycle
 *   - who is not focal takes no part; who is said to have taken part has a record, and only they have
 *   - at most 30 focal teachers a district and cycle, at most one filmed section a teacher-year
 *
 * Numbers that the design names and real data may miss are remarks: fewer focal teachers, one lesson of two, a lesson without a
 * score of record, other totals of recommendations and of the RMT network than published (or whole multiples of them).
 */
import type { Column } from "../../data/column.js";
import { cellOf, isMissing } from "../../data/column-values.js";
import { keyGroups, matchRows } from "../../data/row-keys.js";
import { validateMessages } from "../../messages.js";
import type { TableName } from "../codebook/codebook.js";
import { design } from "../codebook/facts.js";
import { type CheckedStudy, type CheckedTable, cellText, columnsNamed, examplesOf } from "./checked-study.js";
import { type FoundRows, type Problem, type ProblemKind, rowsWhere, type Severity, type Told } from "./problem.js";

/** What is wrong or remarkable between tables. */
export function checkCounts(checked: CheckedStudy): Problem[] {
  return [...checkAgreement(checked), ...checkYears(checked), ...checkParticipation(checked), ...checkDesign(checked)];
}

/** Tables whose rows name a section and repeat its teacher and cycle. */
const WITH_SECTIONS: readonly TableName[] = ["lessons", "student_teacher_links", "pm_administrations"];

function checkAgreement({ tables }: CheckedStudy): Problem[] {
  const sections = tables.get("sections");
  return WITH_SECTIONS.flatMap((name) => {
    const table = tables.get(name);
    const [own, other] = [columnsNamed(table, ["section_id"]), columnsNamed(sections, ["section_id"])];
    if (table === undefined || own === null || other === null) return [];
    const rows = matchRows(own, other);
    return ["teacher_id", "cycle"].flatMap((column) => {
      const [mine, theirs] = [columnsNamed(table, [column])?.[0], columnsNamed(sections, [column])?.[0]];
      if (mine === undefined || theirs === undefined) return [];
      const differs = (row: number): boolean => {
        const match = rows[row]!;
        return (
          match >= 0 && !isMissing(mine, row) && !isMissing(theirs, match) && String(cellOf(mine, row)) !== String(cellOf(theirs, match))
        );
      };
      const value = (row: number): string => validateMessages.insteadOf(cellText(mine, row), cellText(theirs, rows[row]!));
      return told(
        "problem",
        "agreement",
        table,
        [column],
        rowsWhere(table.rowCount, differs),
        value,
        validateMessages.sectionDiffers(column),
      );
    });
  });
}

function checkYears({ tables }: CheckedStudy): Problem[] {
  const years = tables.get("teacher_years");
  const keys = columnsNamed(years, ["teacher_id"]);
  const cycle = columnsNamed(years, ["cycle"])?.[0];
  if (years === undefined || keys === null || cycle?.kind !== "number") return [];
  const teachers = tables.get("teachers");
  const span = columnsNamed(teachers, ["teacher_id", "first_cycle", "last_cycle"]);
  const problems: Problem[] = [];
  if (span !== null) {
    const [id, first, last] = span as [Column, Column, Column];
    const rows = matchRows(keys, [id]);
    const beyond = (row: number): boolean => {
      const match = rows[row]!;
      if (match < 0 || first.kind !== "number" || last.kind !== "number") return false;
      return cycle.values[row]! < first.values[match]! || cycle.values[row]! > last.values[match]!;
    };
    const value = (row: number): string => cellText(cycle, row);
    problems.push(
      ...told("problem", "agreement", years, ["cycle"], rowsWhere(years.rowCount, beyond), value, validateMessages.outsideRoster()),
    );
  }
  const [focal, yr] = [columnsNamed(years, ["focal"])?.[0], columnsNamed(years, ["yr"])?.[0]];
  if (focal?.kind === "boolean" && yr?.kind === "number") {
    const { codes, firstRows } = keyGroups(keys);
    const start = new Float64Array(firstRows.length).fill(Number.POSITIVE_INFINITY);
    codes.forEach((group, row) => {
      if (group >= 0 && focal.values[row] === 1) start[group] = Math.min(start[group]!, cycle.values[row]!);
    });
    const wanted = (row: number): number => cycle.values[row]! - start[codes[row]!]!;
    const wrong = rowsWhere(
      years.rowCount,
      (row) => focal.values[row] === 1 && codes[row]! >= 0 && !Number.isNaN(yr.values[row]) && Math.abs(yr.values[row]! - wanted(row)) > 0,
    );
    const value = (row: number): string => validateMessages.insteadOf(cellText(yr, row), String(wanted(row)));
    problems.push(...told("problem", "agreement", years, ["yr"], wrong, value, validateMessages.wrongYear()));
  }
  return problems;
}

interface Participation {
  readonly flag: string;
  readonly table: TableName;
  readonly person: string;
  /** Rows of the table that count: those with this value. */
  readonly where?: { readonly column: string; readonly value: string };
}

const PARTICIPATION: readonly Participation[] = [
  { flag: "filmed", table: "lessons", person: "teacher_id" },
  { flag: "surveyed", table: "teacher_surveys", person: "teacher_id" },
  { flag: "interviewed", table: "interviews", person: "person_id", where: { column: "role", value: "teacher" } },
  { flag: "mkt_tested", table: "mkt_scores", person: "person_id" },
];

function checkParticipation({ tables }: CheckedStudy): Problem[] {
  const years = tables.get("teacher_years");
  const focal = columnsNamed(years, ["focal"])?.[0];
  const keys = columnsNamed(years, ["teacher_id", "cycle"]);
  if (years === undefined || keys === null) return [];
  return PARTICIPATION.flatMap(({ flag, table: name, person, where }) => {
    const taken = columnsNamed(years, [flag])?.[0];
    if (taken?.kind !== "boolean") return [];
    const yes = (row: number): string => cellText(taken, row);
    const notFocal = rowsWhere(years.rowCount, (row) => taken.values[row] === 1 && focal?.kind === "boolean" && focal.values[row] === 0);
    const problems = told("problem", "participation", years, [flag], notFocal, yes, validateMessages.notFocalTakesPart(flag));
    const table = tables.get(name);
    const records = columnsNamed(table, [person, "cycle"]);
    const filter = where === undefined ? null : columnsNamed(table, [where.column])?.[0];
    if (table === undefined || records === null || filter === undefined) return problems;
    const counts = (row: number): boolean => filter === null || cellText(filter, row) === where?.value;
    const yearOf = matchRows(records, keys);
    const { codes, firstRows } = keyGroups(keys);
    const recorded = new Uint8Array(firstRows.length);
    for (let row = 0; row < table.rowCount; row++) if (yearOf[row]! >= 0 && counts(row)) recorded[codes[yearOf[row]!]!] = 1;
    const takesPart = (row: number): boolean =>
      taken.values[row] === 1 && codes[row]! >= 0 && focal !== undefined && cellOf(focal, row) === true;
    const without = rowsWhere(years.rowCount, (row) => takesPart(row) && recorded[codes[row]!] === 0);
    const unflagged = rowsWhere(table.rowCount, (row) => yearOf[row]! >= 0 && counts(row) && taken.values[yearOf[row]!] === 0);
    return [
      ...problems,
      ...told("problem", "participation", years, [flag], without, yes, validateMessages.noRecord(flag, name)),
      ...told("problem", "participation", table, [person, "cycle"], unflagged, () => "", validateMessages.recordAgainstFlag(flag)),
    ];
  });
}

function checkDesign({ tables }: CheckedStudy): Problem[] {
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
  const [id, cycle, focal] = own as [Column, Column, Column];
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
    ...told(
      "problem",
      "count",
      years,
      ["focal"],
      groups((n) => n > focalTeachers),
      value,
      validateMessages.manyFocal(focalTeachers),
    ),
    ...told(
      "remark",
      "design",
      years,
      ["focal"],
      groups((n) => n < focalTeachers),
      value,
      validateMessages.fewFocal(focalTeachers),
    ),
  ].map((problem) => ({ ...problem, examples: problem.examples.map((example) => ({ ...example, key: "" })) }));
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
  return told("problem", "count", sections, ["filmed"], found, value, validateMessages.manyFilmedSections());
}

function checkLessons(lessons: CheckedTable | undefined, ratings: CheckedTable | undefined): Problem[] {
  const keys = columnsNamed(lessons, ["teacher_id", "cycle"]);
  if (lessons === undefined || keys === null) return [];
  const { codes, firstRows } = keyGroups(keys);
  const counts = new Int32Array(firstRows.length);
  for (const group of codes) if (group >= 0) counts[group]!++;
  const single = rowsWhere(lessons.rowCount, (row) => codes[row]! >= 0 && counts[codes[row]!]! < design.lessons);
  const problems = told("remark", "design", lessons, [], single, () => "", validateMessages.singleLesson());
  const id = columnsNamed(lessons, ["lesson_id"]);
  const rated = columnsNamed(ratings, ["lesson_id", "rating_order"]);
  if (ratings === undefined || id === null || rated === null) return problems;
  const lessonOf = matchRows([rated[0]!], id);
  const hasRecord = new Uint8Array(lessons.rowCount);
  lessonOf.forEach((lesson, row) => {
    if (lesson >= 0 && cellOf(rated[1]!, row) === 1) hasRecord[lesson] = 1;
  });
  const without = rowsWhere(lessons.rowCount, (row) => hasRecord[row] === 0);
  return [...problems, ...told("remark", "design", lessons, [], without, () => "", validateMessages.noScoreOfRecord())];
}

function checkRecommendations(table: CheckedTable | undefined): Problem[] {
  const columns = columnsNamed(table, ["uptake", "implementation"]);
  if (table === undefined || columns === null) return [];
  const { total, complete, partial, not, successful, partlySuccessful, unsuccessful } = design.recommendations;
  const wanted = [total, complete, partial, not, successful, partlySuccessful, unsuccessful];
  const count = (column: Column, value: string): number => rowsWhere(table.rowCount, (row) => cellOf(column, row) === value).count;
  const [uptake, implementation] = columns as [Column, Column];
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
    const [year, stage] = columns as [Column, Column];
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
  return [{ severity: "remark", kind: "design", table: table.name, columns: [], count: 1, examples: [], ...words }];
}

function told(
  severity: Severity,
  kind: ProblemKind,
  table: CheckedTable,
  columns: readonly string[],
  found: FoundRows,
  valueIn: (row: number) => string,
  words: Told,
): Problem[] {
  if (found.count === 0) return [];
  return [{ severity, kind, table: table.name, columns, count: found.count, examples: examplesOf(table, found, valueIn), ...words }];
}
