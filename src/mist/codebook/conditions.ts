/**
 * The conditions of the codebook as predicates over a study, row by row of the table that condition-words.ts names.
 *
 *   verdict(row) = true where the condition holds, false where it does not, null where the study cannot tell
 *
 * A cell with `null: { when }` must be missing where the verdict is true and must be there where it is false.
 */
import type { Column } from "../../data/column.js";
import { cellOf, isMissing } from "../../data/column-values.js";
import { matchRows } from "../../data/row-keys.js";
import { levelsOf } from "./category-sets.js";
import { type ColumnName, columnOf, type StudyRows, type TableName } from "./codebook.js";
import type { ConditionName } from "./condition-words.js";
import { districtGroups, ENACTED_SHARE, schoolRoles, schoolYearMonths } from "./facts.js";
import type { Study } from "./study.js";

export type Verdict = boolean | null;

/** Row (0-based) to verdict. */
export type RowVerdict = (row: number) => Verdict;

/** Prepares a condition for a study; null where tables or columns that it needs are absent. */
export type Condition = (study: Study) => RowVerdict | null;

type Reader<N extends TableName, K extends ColumnName<N>> = (row: number) => StudyRows[N][K];

/** Reads the cells of one column, row by row; null where the study does not have it. */
function cells<N extends TableName, K extends ColumnName<N>>(study: Study, table: N, column: K): Reader<N, K> | null {
  const source: Study[N] = study[table];
  if (source === undefined || !source.has(column)) return null;
  const typed = source.column(column);
  return (row) => cellOf(typed, row) as StudyRows[N][K];
}

/** A condition on one cell of the own row; where the cell is missing, nothing can be told. */
function when<N extends TableName, K extends ColumnName<N>>(
  table: N,
  column: K,
  test: (cell: NonNullable<StudyRows[N][K]>) => Verdict,
): Condition {
  return both(table, column, column, (cell) => test(cell));
}

/** A condition on two cells of the own row. */
function both<N extends TableName, K extends ColumnName<N>, L extends ColumnName<N>>(
  table: N,
  first: K,
  second: L,
  test: (a: NonNullable<StudyRows[N][K]>, b: NonNullable<StudyRows[N][L]>) => Verdict,
): Condition {
  return (study) => {
    const a = cells(study, table, first);
    const b = cells(study, table, second);
    if (a === null || b === null) return null;
    return (row) => {
      const [x, y] = [a(row), b(row)];
      return x === null || x === undefined || y === null || y === undefined ? null : test(x, y);
    };
  };
}

const SEPARATOR = "\u001f";

/** The key of a row as one string; null where a part is missing. */
function keyReader<N extends TableName>(
  study: Study,
  table: N,
  columns: readonly ColumnName<N>[],
): ((row: number) => string | null) | null {
  const parts = columns.map((column) => cells(study, table, column));
  return (row) => {
    let key = "";
    for (const part of parts) {
      const cell = part?.(row) ?? null;
      if (cell === null) return null;
      key += `${String(cell)}${SEPARATOR}`;
    }
    return key;
  };
}

/** Cells of `column` by key; null where the study does not have the table. Of equal keys the first counts. */
function lookup<N extends TableName, K extends ColumnName<N>>(
  study: Study,
  table: N,
  by: readonly ColumnName<N>[],
  column: K,
  keep?: RowVerdict | null,
): ReadonlyMap<string, StudyRows[N][K]> | null {
  const value = cells(study, table, column);
  const key = keyReader(study, table, by);
  if (value === null || key === null) return null;
  const found = new Map<string, StudyRows[N][K]>();
  const count = study[table]?.rowCount ?? 0;
  for (let row = 0; row < count; row++) {
    const name = key(row);
    if (name !== null && !found.has(name) && keep?.(row) !== false) found.set(name, value(row));
  }
  return found;
}

/** A condition on a cell of the row of another table that the own row names. */
function through<N extends TableName, M extends TableName, K extends ColumnName<M>>(
  table: N,
  own: readonly ColumnName<N>[],
  other: M,
  by: readonly ColumnName<M>[],
  column: K,
  test: (cell: NonNullable<StudyRows[M][K]>) => Verdict,
  keep?: Condition,
): Condition {
  return (study) => {
    const key = keyReader(study, table, own);
    const found = lookup(study, other, by, column, keep?.(study));
    if (key === null || found === null) return null;
    return (row) => {
      const cell = found.get(key(row) ?? "");
      return cell === null || cell === undefined ? null : test(cell);
    };
  };
}

/** Columns of one table; null where the study does not have them all. */
function columnsIn<N extends TableName>(study: Study, table: N, names: readonly ColumnName<N>[]): readonly Column[] | null {
  const source: Study[N] = study[table];
  return source !== undefined && names.every((name) => source.has(name)) ? names.map((name) => source.column(name)) : null;
}

/** Whether fewer than `least` students linked to the section have a mathematics score from the year before. */
function priorScoresBelow(least: number): Condition {
  return (study) => {
    const section = columnsIn(study, "sections", ["section_id"]);
    const linked = columnsIn(study, "student_teacher_links", ["section_id"]);
    const student = columnsIn(study, "student_teacher_links", ["student_id", "cycle"]);
    const year = columnsIn(study, "student_years", ["student_id", "cycle"]);
    const prior = columnsIn(study, "student_years", ["math_prior_z"])?.[0];
    if (section === null || linked === null || student === null || year === null || prior === undefined) return null;
    const yearOf = matchRows(student, year);
    // A section's first row counts for all of its rows, should the section be repeated.
    const first = matchRows(section, section);
    const counts = new Int32Array(first.length);
    matchRows(linked, section).forEach((row, link) => {
      if (row >= 0 && yearOf[link]! >= 0 && !isMissing(prior, yearOf[link]!)) counts[row]!++;
    });
    return (row) => (counts[first[row]!] ?? 0) < least;
  };
}

function linkUnknown(study: Study): RowVerdict | null {
  const goals = cells(study, "collab_meetings", "links_goals");
  const thinking = cells(study, "collab_meetings", "links_thinking");
  const instruction = cells(study, "collab_meetings", "links_instruction");
  if (goals === null || thinking === null || instruction === null) return null;
  return (row) => goals(row) === null || thinking(row) === null || instruction(row) === null;
}

/** A gap: less than half of the planned dose, or another function than planned (V33). Without a plan nothing can be told. */
function noGap(study: Study): RowVerdict | null {
  const district = lookup(study, "schools", ["school_id"], "district_id");
  const dose = lookup(study, "support_plans", ["district_id", "cycle", "element"], "planned_dose");
  const purpose = lookup(study, "support_plans", ["district_id", "cycle", "element"], "planned_function");
  const school = keyReader(study, "support_enactments", ["school_id"]);
  const element = keyReader(study, "support_enactments", ["cycle", "element"]);
  const enactedDose = cells(study, "support_enactments", "enacted_dose");
  const enactedFunction = cells(study, "support_enactments", "enacted_function");
  if (district === null || dose === null || purpose === null || enactedDose === null || enactedFunction === null) return null;
  return (row) => {
    const key = `${district.get(school?.(row) ?? "") ?? ""}${SEPARATOR}${element?.(row) ?? ""}`;
    const planned = dose.get(key);
    if (planned === undefined) return null;
    const given = enactedDose(row);
    const [meant, used] = [purpose.get(key) ?? null, enactedFunction(row)];
    const less = given === null ? null : given < ENACTED_SHARE * planned;
    const other = meant === null || used === null ? null : meant !== used;
    if (less === true || other === true) return false;
    return less === false && other === false ? true : null;
  };
}

/** Answers of one administration all name their student, or none does. */
function anonymousAdministration(study: Study): RowVerdict | null {
  const administration = cells(study, "pm_responses", "admin_id");
  const student = cells(study, "pm_responses", "student_id");
  if (administration === null || student === null) return null;
  const linked = new Set<string>();
  const count = study.pm_responses?.rowCount ?? 0;
  for (let row = 0; row < count; row++) if (student(row) !== null) linked.add(administration(row));
  return (row) => !linked.has(administration(row));
}

function placedInOwnDistrict(study: Study): RowVerdict | null {
  const home = lookup(study, "teachers", ["teacher_id"], "district_id");
  const place = lookup(study, "schools", ["school_id"], "district_id");
  const teacher = keyReader(study, "teacher_years", ["teacher_id"]);
  const school = keyReader(study, "teacher_years", ["school_id"]);
  if (home === null || place === null || teacher === null || school === null) return null;
  return (row) => {
    // In tables that are being checked a district may be missing, though the row types say that it never is.
    const own: string | null = home.get(teacher(row) ?? "") ?? null;
    const there: string | null = place.get(school(row) ?? "") ?? null;
    return own === null || there === null ? null : own === there;
  };
}

function hitsWithinHighTasks(study: Study): RowVerdict | null {
  const high = both("leader_task_sorts", "hits", "n_high", (hits, n) => hits <= n)(study);
  const alarms = cells(study, "leader_task_sorts", "false_alarms");
  const tasks = cells(study, "leader_task_sorts", "n_tasks");
  const demanding = cells(study, "leader_task_sorts", "n_high");
  if (high === null || alarms === null || tasks === null || demanding === null) return null;
  return (row) => {
    const [f, n, h] = [alarms(row), tasks(row), demanding(row)];
    const low = f === null || n === null || h === null ? null : f <= n - h;
    return high(row) === false || low === false ? false : high(row) === null ? low : low === null ? null : true;
  };
}

const inSchool = (role: (typeof schoolRoles)[number]): boolean => schoolRoles.includes(role);

/** Every condition as a predicate. */
export const conditions: Readonly<Record<ConditionName, Condition>> = {
  not_focal: when("teacher_years", "focal", (focal) => !focal),
  district_leader: when("leader_years", "level", (level) => level === "district"),
  school_leader: when("leader_years", "level", (level) => level === "school"),
  no_prior_scores: priorScoresBelow(1),
  fewer_than_two_prior_scores: priorScoresBelow(2),
  low_potential: through(
    "lessons",
    ["lesson_id"],
    "iqa_ratings",
    ["lesson_id"],
    "potential",
    (potential) => Number(potential) < 3,
    when("iqa_ratings", "rating_order", (order) => order === 1),
  ),
  no_discussion: through("iqa_ratings", ["lesson_id"], "lessons", ["lesson_id"], "has_discussion", (took) => !took),
  link_unknown: linkUnknown,
  group_mode: when("coaching_events", "mode", (mode) => mode === "group"),
  not_coaching_cycle: when("coaching_events", "activity", (activity) => activity !== "coaching_cycle"),
  district_staff: when("network_roster", "role", (role) => role === "district"),
  // A network may lie in one school or span several.
  district_group: when("groups", "group_type", (type) => (type === "network" ? null : districtGroups.includes(type))),
  // A relation between a school's role and the central office may be studied in one school or in the district as a whole.
  district_relation: both("role_relations", "from_role", "to_role", (from, to) =>
    inSchool(from) !== inSchool(to) ? null : !inSchool(from),
  ),
  no_gap: noGap,
  // The district's records from before a student's first row are not among the tables.
  no_previous_record: (study) => (study.student_years === undefined ? null : () => null),
  no_mathematics_score: (study) => {
    const score = cells(study, "student_years", "math_z");
    return score === null ? null : (row) => score(row) === null;
  },
  not_taken_up: when("recommendations", "uptake", (uptake) => uptake === "not"),
  anonymous_administration: anonymousAdministration,
  before_second_year: when("rmt_years", "rmt_year", (year) => year < 2),
  within_school_year: when("coaching_events", "month", (month) => schoolYearMonths.includes(month)),
  activity_fits_mode: both("coaching_events", "activity", "mode", (activity, mode) => {
    const single: readonly string[] = levelsOf("one_on_one_activity");
    return single.includes(activity) === (mode === "one_on_one");
  }),
  practices_of_school_leaders: through(
    "principal_practices",
    ["leader_id", "cycle"],
    "leader_years",
    ["leader_id", "cycle"],
    "role",
    (role) => role === "principal" || role === "assistant_principal",
  ),
  leads_sessions_when_ready: both(
    "rmt_years",
    "sessions_led",
    "leadership_stage",
    (sessions, stage) => sessions === 0 || levelsOf("rmt_stage").indexOf(stage) >= 2,
  ),
  hits_within_high_tasks: hitsWithinHighTasks,
  placed_in_own_district: placedInOwnDistrict,
  partners_differ: both("network_edges", "ego_id", "alter_id", (ego, alter) => ego !== alter),
  groups_differ: both("boundary_encounters", "group_a", "group_b", (a, b) => a !== b),
};

/**
 * Whether structure demands that a cell be missing (true), that it be there (false), or neither (null), row by row. With
 * `orItem` a cell that is not demanded missing may be missing all the same, so that false becomes null.
 *
 * @returns null for a column without a structural null rule, and where the study lacks what the condition asks for
 * @example structuralNulls(studyFrom({}), "lessons", "setup_demand_kept") // => null
 */
export function structuralNulls<N extends TableName>(study: Study, table: N, column: ColumnName<N>): RowVerdict | null {
  const rule = columnOf(table, column).null;
  if (rule === undefined || rule === "item") return null;
  const verdict = conditions[rule.when](study);
  if (verdict === null || rule.orItem !== true) return verdict;
  return (row) => verdict(row) || null;
}
