/**
 * Whether a table keeps what its schema promises: required, unique, bounds, lengths, pattern, enum, and keys. Missing cells
 * break nothing but `required` and the primary key.
 *
 * A pattern comes from a file and runs on this machine: it is at most 1000 characters long, has no nested repetition (whose
 * matching time can be exponential), and is tried on texts of at most 1000 characters, once for each distinct text.
 */
import type { Column, FactorColumn } from "../data/column.js";
import { type Cell, cellOf, columnLength, isMissing } from "../data/column-values.js";
import { asFactor, factorProduct } from "../data/factor.js";
import type { Table } from "../data/table.js";
import { DataError, ioMessages } from "../messages.js";
import type { NormalField, NormalSchema, SchemaConstraints } from "./schema.js";

const PATTERN_LENGTH = 1000;
const TEXT_LENGTH = 1000;

/** @throws DataError for the first promise that is broken, with the rows */
export function checkTable(table: Table<object>, schema: NormalSchema): void {
  for (const field of schema.fields) if (table.has(field.name)) checkField(table.column(field.name), field);
  for (const { columns, primary } of schema.keys) {
    if (!columns.every((name) => table.has(name))) continue;
    const key = columns.map((name) => table.column(name));
    if (primary) key.forEach(checkRequired);
    checkUnique(key);
  }
}

function checkField(column: Column, field: NormalField): void {
  const { constraints } = field;
  if (constraints.required === true) checkRequired(column);
  if (constraints.unique === true) checkUnique([column]);
  for (const { describe, holds } of rulesOf(column, constraints)) {
    const { rows, total, first } = failing(column, holds);
    if (total > 0)
      throw new DataError(ioMessages.violates(column.name, describe, JSON.stringify(first), rows, total), { column: column.name, rows });
  }
}

interface Rule {
  /** Completes "Column x must ...". */
  readonly describe: string;
  readonly holds: (cell: NonNullable<Cell>) => boolean;
}

function rulesOf(column: Column, constraints: SchemaConstraints): Rule[] {
  const rules: Rule[] = [];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, pattern } = constraints;
  if (minimum !== undefined) rules.push(bound(column, minimum, `be at least ${minimum}`, (order) => order >= 0));
  if (maximum !== undefined) rules.push(bound(column, maximum, `be at most ${maximum}`, (order) => order <= 0));
  if (exclusiveMinimum !== undefined) rules.push(bound(column, exclusiveMinimum, `be above ${exclusiveMinimum}`, (order) => order > 0));
  if (exclusiveMaximum !== undefined) rules.push(bound(column, exclusiveMaximum, `be below ${exclusiveMaximum}`, (order) => order < 0));
  if (minLength !== undefined)
    rules.push({ describe: `have at least ${minLength} characters`, holds: (cell) => characters(cell) >= minLength });
  if (maxLength !== undefined)
    rules.push({ describe: `have at most ${maxLength} characters`, holds: (cell) => characters(cell) <= maxLength });
  if (pattern !== undefined) rules.push(patternRule(column.name, pattern));
  if (constraints.enum !== undefined) {
    const allowed = new Set(constraints.enum.map((value) => (column.kind === "number" ? Number(value) : String(value))));
    const listed = constraints.enum.slice(0, 8).join(", ");
    rules.push({ describe: `be one of ${listed}`, holds: (cell) => allowed.has(typeof cell === "number" ? cell : String(cell)) });
  }
  return rules;
}

/** Numbers are compared as numbers, text (ISO dates) as text. */
function bound(column: Column, limit: number | string, describe: string, holds: (order: number) => boolean): Rule {
  if (column.kind === "number") {
    const value = Number(limit);
    return {
      describe,
      holds: (cell) => holds(Math.sign((cell as number) - value) || Number((cell as number) > value) - Number((cell as number) < value)),
    };
  }
  const text = String(limit);
  return { describe, holds: (cell) => holds(String(cell) < text ? -1 : String(cell) > text ? 1 : 0) };
}

function characters(cell: NonNullable<Cell>): number {
  return [...String(cell)].length;
}

function patternRule(column: string, pattern: unknown): Rule {
  const refuse = (why: string): DataError => new DataError(ioMessages.badPattern(column, why), { column });
  if (typeof pattern !== "string") throw refuse("it is no text");
  if (pattern.length > PATTERN_LENGTH) throw refuse(`it is longer than ${PATTERN_LENGTH} characters`);
  if (hasNestedRepetition(pattern))
    throw refuse("a repetition or an alternative within a repetition, such as (a+)+ or (a|b)*, can take for ever; write it without");
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    throw refuse("it is not a valid regular expression");
  }
  return {
    describe: `match the pattern ${pattern}`,
    holds: (cell) => {
      const text = String(cell);
      if (text.length > TEXT_LENGTH) throw refuse(`a cell is longer than ${TEXT_LENGTH} characters`);
      return expression.test(text);
    },
  };
}

/** Whether a group that is repeated holds a repetition or an alternative; `?` counts within a counted repetition. */
function hasNestedRepetition(pattern: string): boolean {
  const open: { repeats: boolean; optional: boolean }[] = [];
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    const group = open[open.length - 1];
    if (character === "\\") i++;
    else if (inClass) inClass = character !== "]";
    else if (character === "[") inClass = true;
    else if (character === "(") {
      open.push({ repeats: false, optional: false });
      if (pattern[i + 1] === "?") i++; // (?: and its like
    } else if (character === ")") {
      if (group === undefined) return false;
      open.pop();
      const repeated = repeatsAt(pattern, i + 1);
      if (repeated && (group.repeats || (group.optional && pattern[i + 1] === "{"))) return true;
      const outer = open[open.length - 1];
      if (outer === undefined) continue;
      if (repeated || group.repeats) outer.repeats = true;
      if (group.optional) outer.optional = true;
    } else if (group !== undefined) {
      if (character === "|" || repeatsAt(pattern, i)) group.repeats = true;
      if (character === "?") group.optional = true;
    }
  }
  return false;
}

/** `*`, `+`, `{2,}`, or a large bound as in `{1,500}`. */
function repeatsAt(pattern: string, i: number): boolean {
  const character = pattern[i];
  if (character === "*" || character === "+") return true;
  if (character !== "{") return false;
  const counts = /^\{(\d+)(,(\d*))?\}/.exec(pattern.slice(i, i + 24));
  return counts !== null && (counts[3] === "" || Number(counts[3] ?? counts[1]) > 10);
}

function checkRequired(column: Column): void {
  const rows: number[] = [];
  let total = 0;
  const n = columnLength(column);
  for (let i = 0; i < n; i++) if (isMissing(column, i) && ++total <= 5) rows.push(i + 1);
  if (total > 0) throw new DataError(ioMessages.requiredMissing(column.name, rows, total), { column: column.name, rows });
}

/** Rows with a missing part are not compared. */
function checkUnique(columns: readonly Column[]): void {
  const { codes, levels } = factorProduct(columns.map(asFactor));
  const firstRow = new Int32Array(levels.length).fill(-1);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code < 0) continue;
    if (firstRow[code]! >= 0) {
      const names = columns.map(({ name }) => name);
      const value = columns.map((column) => JSON.stringify(cellOf(column, i))).join(", ");
      throw new DataError(ioMessages.notUnique(names, value, firstRow[code]! + 1, i + 1), {
        column: names[0]!,
        rows: [firstRow[code]! + 1, i + 1],
      });
    }
    firstRow[code] = i;
  }
}

/** The rows (from 1) where the rule does not hold. A factor is asked once a level, not once a row. */
function failing(column: Column, holds: Rule["holds"]): { readonly rows: number[]; readonly total: number; readonly first: Cell } {
  const fails =
    column.kind === "factor" ? failingLevels(column, holds) : (row: number) => !isMissing(column, row) && !holds(cellOf(column, row)!);
  const rows: number[] = [];
  let total = 0;
  let first: Cell = null;
  const n = columnLength(column);
  for (let i = 0; i < n; i++) {
    if (!fails(i)) continue;
    if (total++ === 0) first = cellOf(column, i);
    if (rows.length < 5) rows.push(i + 1);
  }
  return { rows, total, first };
}

function failingLevels(column: FactorColumn, holds: Rule["holds"]): (row: number) => boolean {
  const used = new Uint8Array(column.levels.length);
  for (const code of column.codes) if (code >= 0) used[code] = 1;
  const fails = column.levels.map((level, code) => used[code] === 1 && !holds(level));
  return (row) => column.codes[row]! >= 0 && fails[column.codes[row]!]!;
}
