/**
 * Who was observed in which cycle: units by cycles, and how many units share a pattern of presence.
 */
import type { Column } from "../../data/column.js";
import { cellOf } from "../../data/column-values.js";
import { asFactor } from "../../data/factor.js";
import type { Table } from "../../data/table.js";
import type { TableName } from "../codebook/codebook.js";
import { cycles } from "../codebook/facts.js";
import type { Study } from "../codebook/study.js";

/** Whose presence there is to see: the rows of one table (those with one value of one column) by identifier and cycle. */
interface ObservedUnit {
  readonly label: string;
  readonly table: TableName;
  readonly id: string;
  readonly where?: { readonly column: string; readonly value: string | boolean };
}

export type PresenceUnit =
  | "schools"
  | "teachers"
  | "focal_teachers"
  | "teachers_interviewed"
  | "teachers_surveyed"
  | "teachers_filmed"
  | "people_tested"
  | "coaches"
  | "leaders"
  | "network"
  | "students";

const observedUnits: Readonly<Record<PresenceUnit, ObservedUnit>> = {
  schools: { label: "Schools", table: "school_years", id: "school_id" },
  teachers: { label: "Teachers on rosters", table: "teacher_years", id: "teacher_id" },
  focal_teachers: { label: "Focal teachers", table: "teacher_years", id: "teacher_id", where: { column: "focal", value: true } },
  teachers_interviewed: {
    label: "Teachers interviewed",
    table: "interviews",
    id: "person_id",
    where: { column: "role", value: "teacher" },
  },
  teachers_surveyed: { label: "Teachers surveyed", table: "teacher_surveys", id: "teacher_id" },
  teachers_filmed: { label: "Teachers filmed", table: "lessons", id: "teacher_id" },
  people_tested: { label: "People tested (MKT)", table: "mkt_scores", id: "person_id" },
  coaches: { label: "Coaches", table: "coach_years", id: "coach_id" },
  leaders: { label: "Leaders", table: "leader_years", id: "leader_id" },
  network: {
    label: "Answers to the network survey",
    table: "network_roster",
    id: "person_id",
    where: { column: "responded", value: true },
  },
  students: { label: "Students", table: "student_years", id: "student_id" },
};

/** The units of which presence can be asked, in order. */
export const presenceUnits: readonly PresenceUnit[] = Object.keys(observedUnits).filter(isPresenceUnit);

/** Whether presence can be asked of units of this name. */
export function isPresenceUnit(name: string): name is PresenceUnit {
  return Object.hasOwn(observedUnits, name);
}

/** Units by cycles. */
export interface Presence {
  readonly unit: PresenceUnit;
  readonly label: string;
  readonly cycles: readonly number[];
  /** Units observed at least once, in the order of their identifiers. */
  readonly ids: readonly string[];
  /** ids x cycles, row-major: 1 where the unit was observed. */
  readonly observed: Uint8Array;
  /** One a cycle: units observed. */
  readonly byCycle: readonly number[];
}

/** Units that were observed in the same cycles. */
export interface PresencePattern {
  /** One character a cycle: x observed, . not. */
  readonly pattern: string;
  readonly count: number;
}

/**
 * The presence matrix of one kind of unit.
 *
 * @returns null where the study lacks the table or its columns
 * @example presence(studyFrom({}), "teachers") // => null
 */
export function presence(study: Study, unit: PresenceUnit): Presence | null {
  const { label, table: name, id, where } = observedUnits[unit];
  const table: Table<object> | undefined = study[name];
  if (table === undefined || ![id, "cycle", ...(where === undefined ? [] : [where.column])].every((column) => table.has(column)))
    return null;
  const factor = asFactor(table.column(id));
  const cycle: Column = table.column("cycle");
  const filter = where === undefined ? null : table.column(where.column);
  const numbers = cycles.map((facts) => facts.cycle);
  const all = new Uint8Array(factor.levels.length * numbers.length);
  factor.codes.forEach((code, row) => {
    const at = numbers.indexOf(Number(cellOf(cycle, row) ?? Number.NaN));
    if (code >= 0 && at >= 0 && (filter === null || cellOf(filter, row) === where?.value)) all[code * numbers.length + at] = 1;
  });
  const rowOf = (code: number): Uint8Array => all.subarray(code * numbers.length, (code + 1) * numbers.length);
  const kept = factor.levels.map((_, code) => code).filter((code) => rowOf(code).includes(1));
  const observed = new Uint8Array(kept.length * numbers.length);
  kept.forEach((code, k) => {
    observed.set(rowOf(code), k * numbers.length);
  });
  const byCycle = numbers.map((_, at) => kept.filter((_code, k) => observed[k * numbers.length + at] === 1).length);
  return { unit, label, cycles: numbers, ids: kept.map((code) => factor.levels[code]!), observed, byCycle };
}

/**
 * How many units share a pattern, the most frequent first.
 *
 * @example presencePatterns({ unit: "coaches", label: "Coaches", cycles: [1, 2], ids: ["C1", "C2"], observed: Uint8Array.of(1, 0, 1, 0), byCycle: [2, 0] }) // => [{ pattern: "x.", count: 2 }]
 */
export function presencePatterns({ ids, cycles: numbers, observed }: Presence): readonly PresencePattern[] {
  const counts = new Map<string, number>();
  ids.forEach((_, k) => {
    const pattern = Array.from(observed.subarray(k * numbers.length, (k + 1) * numbers.length), (seen) => (seen === 1 ? "x" : ".")).join(
      "",
    );
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  });
  const patterns = Array.from(counts, ([pattern, count]) => ({ pattern, count }));
  return patterns.sort((a, b) => b.count - a.count || (a.pattern < b.pattern ? 1 : -1));
}
