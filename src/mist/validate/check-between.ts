import { cellOf, isMissing } from "../../data/column-values.js";
import { keyGroups, matchRows } from "../../data/row-keys.js";
import { validateMessages } from "../../messages.js";
import type { TableName } from "../codebook/codebook.js";
import { type CheckedStudy, cellText, columnsNamed, rowProblems } from "./checked-study.js";
import { type Problem, rowsWhere } from "./problem.js";

/** Where tables contradict each other. */
export function checkBetween(checked: CheckedStudy): Problem[] {
  return [...checkAgreement(checked), ...checkYears(checked), ...checkParticipation(checked)];
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
      return rowProblems(table, {
        kind: "agreement",
        columns: [column],
        found: rowsWhere(table.rowCount, differs),
        valueIn: value,
        told: validateMessages.sectionDiffers(column),
      });
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
    const [first, last] = [span[1]!, span[2]!];
    const rows = matchRows(keys, [span[0]!]);
    const beyond = (row: number): boolean => {
      const match = rows[row]!;
      if (match < 0 || first.kind !== "number" || last.kind !== "number") return false;
      return cycle.values[row]! < first.values[match]! || cycle.values[row]! > last.values[match]!;
    };
    const value = (row: number): string => cellText(cycle, row);
    problems.push(
      ...rowProblems(years, {
        kind: "agreement",
        columns: ["cycle"],
        found: rowsWhere(years.rowCount, beyond),
        valueIn: value,
        told: validateMessages.outsideRoster(),
      }),
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
    problems.push(
      ...rowProblems(years, { kind: "agreement", columns: ["yr"], found: wrong, valueIn: value, told: validateMessages.wrongYear() }),
    );
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
    const problems = rowProblems(years, {
      kind: "participation",
      columns: [flag],
      found: notFocal,
      valueIn: yes,
      told: validateMessages.notFocalTakesPart(flag),
    });
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
      ...rowProblems(years, {
        kind: "participation",
        columns: [flag],
        found: without,
        valueIn: yes,
        told: validateMessages.noRecord(flag, name),
      }),
      ...rowProblems(table, {
        kind: "participation",
        columns: [person, "cycle"],
        found: unflagged,
        told: validateMessages.recordAgainstFlag(flag),
      }),
    ];
  });
}
