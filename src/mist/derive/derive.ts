/**
 * From a study to tables for analysis: derived measures at the levels asked for, with the rules that made them.
 *
 *   study + choices -> { tables by level, rules, notes }
 *
 * Missing stays missing: a measure whose inputs are missing is missing, never 0. A level needs its own tables (`levels[name].requires`);
 * of a measure whose tables the study lacks the column is there and missing throughout, and a note names it. Every row carries the keys of
 * what it was made from.
 */
import type { Table } from "../../data/table.js";
import { DataError, deriveMessages, type Note } from "../../messages.js";
import type { TableName } from "../codebook/codebook.js";
import type { Study } from "../codebook/study.js";
import { partsOf } from "./level-table.js";
import { isLevel, type LevelName, type LevelRows, levelNames, levels } from "./levels.js";
import { chosen, type MeasureChoices, type MeasureOptions } from "./options.js";
import type { MeasureId } from "./records.js";
import { type Rules, rulesOf } from "./rules.js";
import { type Sources, sourcesOf } from "./sources.js";

export interface DeriveOptions<L extends LevelName = LevelName> extends MeasureOptions {
  /** The levels asked for; default: all for which the study has the tables. */
  readonly levels?: readonly L[];
}

export interface DerivedTables<T> {
  readonly tables: T;
  /** Every rule that made a column of these tables, to be printed beside results. */
  readonly rules: Rules;
  /** Columns that are missing throughout because the study lacks a table. */
  readonly notes: readonly Note[];
  readonly choices: MeasureChoices;
}

/**
 * Derives the tables of the levels asked for.
 *
 * @returns tables by level: those asked for, or all that can be made
 * @throws DataError for a level, an option or a choice that does not exist, and for a level whose own tables the study lacks
 * @example derive(studyFrom({ collab_meetings: [] }), { levels: ["meetings"] }).tables.meetings.rowCount // => 0
 */
export function derive<L extends LevelName>(
  study: Study,
  options: DeriveOptions<L> & { readonly levels: readonly L[] },
): DerivedTables<{ readonly [K in L]: Table<LevelRows[K]> }>;
export function derive(study: Study, options?: DeriveOptions): DerivedTables<{ readonly [K in LevelName]?: Table<LevelRows[K]> }>;
export function derive(study: Study, options: DeriveOptions = {}): DerivedTables<{ readonly [K in LevelName]?: Table<LevelRows[K]> }> {
  const { levels: asked, expertiseStandards, ...rest } = options;
  const choices = chosen(rest);
  const names = asked === undefined ? levelNames.filter((name) => lackOf(study, name) === null) : checkedLevels(study, asked);
  const sources = sourcesOf(study, choices, expertiseStandards);
  const tables = Object.fromEntries(names.map((name) => [name, made(name, sources)]));
  const columns = names.flatMap((name) => [name, ...levels[name].beside].flatMap((level) => Object.entries(levels[level].columns)));
  const used = columns.flatMap(([, { measure }]) => (measure === undefined ? [] : [measure]));
  return Object.freeze({
    tables: Object.freeze(tables),
    rules: rulesOf(withInputs(used), choices),
    notes: names.flatMap((name) => absenceNotes(study, name)),
    choices,
  });
}

function made(name: LevelName, sources: Sources): Table<object> {
  return levels[name].make(sources);
}

/** What the level lacks, in words; null where it can be made. */
function lackOf(study: Study, level: LevelName): string | null {
  const absent = levels[level].requires.filter((table) => study[table] === undefined);
  if (absent.length > 0) return deriveMessages.levelNeeds(level, absent);
  const { requiresOne = [] } = levels[level];
  if (requiresOne.length === 0 || requiresOne.some((table) => study[table] !== undefined)) return null;
  return deriveMessages.levelNeedsOne(level, requiresOne);
}

function checkedLevels(study: Study, asked: readonly string[]): readonly LevelName[] {
  const known: LevelName[] = [];
  for (const name of asked) {
    if (!isLevel(name)) throw new DataError(deriveMessages.unknownLevel(name, levelNames));
    const lack = lackOf(study, name);
    if (lack !== null) throw new DataError(lack);
    if (!known.includes(name)) known.push(name);
  }
  return known;
}

/** Measures that other measures are made of: their rules belong into the statement. */
const INPUTS: { readonly [K in MeasureId]?: readonly MeasureId[] } = {
  V2: ["V1"],
  V3: ["V1", "V2"],
  V4: ["V1", "V2", "V3"],
  V5: ["V1", "V2", "V3", "V4"],
  V6: ["V1", "V2"],
  V7: ["V1"],
  V8: ["V1"],
  V10: ["V9"],
  V11: ["V9", "V13", "V15"],
  V13: ["V12"],
  V15: ["V8", "V12", "V13", "V14"],
  V18: ["V1", "V8", "V12", "V14"],
  V19: ["V18", "V1", "V8", "V12", "V14"],
  V20: ["V19", "V18"],
  V22: ["V21"],
  V25: ["V9", "V12", "V13", "V14", "V18"],
  V29: ["V12"],
  V31: ["V1", "V8"],
  V33: ["V31", "V1", "V8"],
  V40: ["V1", "V2", "V3", "V4"],
  V42: ["V18", "V21", "V22", "V1", "V8", "V12", "V14"],
};

function withInputs(ids: readonly MeasureId[]): readonly MeasureId[] {
  return ids.flatMap((id) => [id, ...(INPUTS[id] ?? [])]);
}

/** One note a table that the study lacks, with the columns of the level that are missing for it. */
function absenceNotes(study: Study, level: LevelName): Note[] {
  const missing = new Map<TableName, string[]>();
  const seen = new Set<string>();
  for (const part of [level, ...levels[level].beside]) {
    for (const [column, { needs = [], from }] of Object.entries(levels[part].columns)) {
      if (seen.has(column)) continue;
      seen.add(column);
      for (const table of from === undefined ? needs : [partsOf(from).table]) {
        if (study[table] === undefined) missing.set(table, [...(missing.get(table) ?? []), column]);
      }
    }
  }
  return Array.from(missing, ([table, columns]) => ({ code: "table-absent", message: deriveMessages.tableAbsent(level, table, columns) }));
}
