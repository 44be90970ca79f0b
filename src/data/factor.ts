/**
 * Factors: n codes into a list of levels, the first of which is the reference level.
 *
 *   value_i = levels[codes_i],  code -1 where the value is missing
 *
 * Levels stand in code-point order unless the data say otherwise (R sorts by the locale, which differs between machines).
 */
import { DataError, dataMessages } from "../messages.js";
import { codePointOrder } from "./code-points.js";
import type { Column, FactorColumn } from "./column.js";

/** What a factor may be told when it is made. */
export interface FactorOptions {
  /** The levels in their order; default: the values that occur, in code-point order. */
  readonly levels?: readonly string[];
  /** Default false. */
  readonly ordered?: boolean;
  readonly label?: string;
}

/**
 * Makes a factor from text; null and undefined are missing.
 *
 * @throws DataError for a value that is not among the given levels, and for a level given twice
 * @example makeFactor("sex", ["M", "F", null, "F"]).codes // => Int32Array [1, 0, -1, 0]
 */
export function makeFactor(name: string, values: ArrayLike<string | null | undefined>, options: FactorOptions = {}): FactorColumn {
  const { label, ordered = false } = options;
  const given = options.levels;
  const codes = new Int32Array(values.length);
  const codeOf = new Map<string, number>(given === undefined ? [] : given.map((level, code) => [level, code]));
  if (given !== undefined) checkLevels(name, given);
  const unknown: { row: number; value: string }[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) {
      codes[i] = -1;
      continue;
    }
    let code = codeOf.get(value);
    if (code === undefined) {
      if (given !== undefined) {
        unknown.push({ row: i + 1, value });
        continue;
      }
      code = codeOf.size;
      codeOf.set(value, code);
    }
    codes[i] = code;
  }
  if (given !== undefined && unknown.length > 0) throw notAmong(name, unknown, given);
  const base = { kind: "factor" as const, name, ordered, ...(label === undefined ? {} : { label }) };
  if (given !== undefined) return { ...base, codes, levels: [...given] };
  return { ...base, ...sortedLevels([...codeOf.keys()], codes) };
}

/** The same factor with its levels in code-point order; writes the new codes into `codes`. */
export function sortedLevels(
  levels: readonly string[],
  codes: Int32Array,
): { readonly levels: readonly string[]; readonly codes: Int32Array } {
  const order = codePointOrder(levels);
  const newCode = new Int32Array(levels.length);
  for (let k = 0; k < order.length; k++) newCode[order[k]!] = k;
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) codes[i] = newCode[codes[i]!]!;
  return { levels: Array.from(order, (code) => levels[code]!), codes };
}

/**
 * Makes `reference` the first level; the others keep their order.
 *
 * @throws DataError where the factor has no such level
 * @example relevel(makeFactor("arm", ["control", "active"]), "control").levels // => ["control", "active"]
 */
export function relevel(factor: FactorColumn, reference: string): FactorColumn {
  if (!factor.levels.includes(reference)) {
    throw new DataError(dataMessages.noLevel(factor.name, reference, factor.levels), { column: factor.name });
  }
  return reorderLevels(factor, [reference, ...factor.levels.filter((level) => level !== reference)]);
}

/**
 * Gives the levels another order; values of levels that are left out become an error, new levels are allowed.
 *
 * @throws DataError for a value that occurs and is not among `levels`
 * @example reorderLevels(makeFactor("x", ["a", "b"]), ["b", "a"]).codes // => Int32Array [1, 0]
 */
export function reorderLevels(factor: FactorColumn, levels: readonly string[]): FactorColumn {
  checkLevels(factor.name, levels);
  const position = new Map(levels.map((level, code) => [level, code]));
  const newCode = Int32Array.from(factor.levels, (level) => position.get(level) ?? -1);
  const codes = new Int32Array(factor.codes.length);
  const unknown: { row: number; value: string }[] = [];
  for (let i = 0; i < codes.length; i++) {
    const old = factor.codes[i]!;
    const code = old < 0 ? -1 : newCode[old]!;
    if (code < 0 && old >= 0) unknown.push({ row: i + 1, value: factor.levels[old]! });
    codes[i] = code;
  }
  if (unknown.length > 0) throw notAmong(factor.name, unknown, levels);
  const labels = factor.levelLabels;
  if (labels === undefined) return { ...factor, levels: [...levels], codes };
  const labelOf = new Map(factor.levels.map((level, code) => [level, labels[code]!]));
  return { ...factor, levels: [...levels], codes, levelLabels: levels.map((level) => labelOf.get(level) ?? level) };
}

/**
 * Drops the levels that do not occur (in `rows`, where given); the rest keep their order. The codes keep the factor's length;
 * rows outside `rows` whose level is dropped become missing.
 *
 * @param rows 0-based row indices
 * @example dropUnusedLevels(makeFactor("x", ["a", "c"], { levels: ["a", "b", "c"] })).levels // => ["a", "c"]
 */
export function dropUnusedLevels(factor: FactorColumn, rows?: ArrayLike<number>): FactorColumn {
  const used = new Uint8Array(factor.levels.length);
  const count = rows === undefined ? factor.codes.length : rows.length;
  for (let k = 0; k < count; k++) {
    const code = factor.codes[rows === undefined ? k : rows[k]!]!;
    if (code >= 0) used[code] = 1;
  }
  if (used.every((flag) => flag === 1)) return factor;
  const newCode = new Int32Array(used.length).fill(-1);
  const kept: number[] = [];
  for (let code = 0; code < used.length; code++) if (used[code] === 1) newCode[code] = kept.push(code) - 1;
  const codes = factor.codes.map((code) => (code < 0 ? -1 : newCode[code]!));
  const result = { ...factor, codes, levels: kept.map((code) => factor.levels[code]!) };
  return factor.levelLabels === undefined ? result : { ...result, levelLabels: kept.map((code) => factor.levelLabels![code]!) };
}

/**
 * Any column as a factor: numbers with levels in increasing order, booleans with the levels FALSE and TRUE, text with
 * levels in code-point order; a factor is returned as it is.
 *
 * @example asFactor({ kind: "number", name: "x", values: Float64Array.of(10, 9, NaN) }).levels // => ["9", "10"]
 */
export function asFactor(column: Column): FactorColumn {
  switch (column.kind) {
    case "factor":
      return column;
    case "text":
      return makeFactor(column.name, column.values, labelOf(column));
    case "boolean":
      return {
        kind: "factor",
        name: column.name,
        ordered: false,
        ...labelOf(column),
        levels: ["FALSE", "TRUE"],
        codes: Int32Array.from(column.values),
      };
    case "number": {
      const codeOf = new Map<number, number>();
      const distinct = new Set<number>();
      for (const value of column.values) if (!Number.isNaN(value)) distinct.add(value);
      const sorted = Float64Array.from(distinct).sort();
      for (let code = 0; code < sorted.length; code++) codeOf.set(sorted[code]!, code);
      const codes = new Int32Array(column.values.length);
      for (let i = 0; i < codes.length; i++) codes[i] = codeOf.get(column.values[i]!) ?? -1;
      return { kind: "factor", name: column.name, ordered: false, ...labelOf(column), levels: Array.from(sorted, String), codes };
    }
  }
}

function labelOf(column: Column): { readonly label?: string } {
  return column.label === undefined ? {} : { label: column.label };
}

/** The combinations of several factors' levels that occur, and each row's. */
export interface FactorProduct {
  /** Labels joined by ":", in the order of the first factor's levels, within it of the second's, ... */
  readonly levels: readonly string[];
  /** One a row (of `rows`, where given); -1 where one of the factors is missing. */
  readonly codes: Int32Array;
  /** For each level its code in each factor: `parts[k][level]`. */
  readonly parts: readonly Int32Array[];
}

/**
 * The product of factors, `a:b` in formulas, without levels that do not occur. Rows are brought into order by two counting
 * sorts a factor, O(rows + levels), so that no key is ever built from strings: "a:b" x "c" and "a" x "b:c" stay apart.
 *
 * @param rows 0-based row indices; default all rows. `codes` then has one entry for each of them.
 * @example factorProduct([makeFactor("a", ["y", "x", "x"]), makeFactor("b", ["1", "2", "1"])]).levels // => ["x:1", "x:2", "y:1"]
 */
export function factorProduct(factors: readonly FactorColumn[], rows?: ArrayLike<number>): FactorProduct {
  if (factors.length === 0) throw new RangeError("factorProduct needs at least one factor");
  const codesOf = (factor: FactorColumn): Int32Array =>
    rows === undefined ? factor.codes : Int32Array.from({ length: rows.length }, (_, k) => factor.codes[rows[k]!]!);
  const n = rows === undefined ? factors[0]!.codes.length : rows.length;
  let codes: Int32Array = new Int32Array(n);
  let levelCount = 1;
  let parts: Int32Array[] = [];
  for (const factor of factors) {
    const next = codesOf(factor);
    if (next.length !== n) throw new DataError(dataMessages.differentRowCounts(n, next.length), { column: factor.name });
    const order = countingOrder(codes, levelCount, countingOrder(next, factor.levels.length, null));
    const combined = new Int32Array(n).fill(-1);
    const first: number[] = []; // a row that has the level
    for (let k = 0, before = -1; k < order.length; k++) {
      const i = order[k]!;
      if (before < 0 || codes[i] !== codes[before] || next[i] !== next[before]) first.push(i);
      combined[i] = first.length - 1;
      before = i;
    }
    const previous = codes;
    parts = [...parts.map((part) => Int32Array.from(first, (i) => part[previous[i]!]!)), Int32Array.from(first, (i) => next[i]!)];
    codes = combined;
    levelCount = first.length;
  }
  const levels = Array.from({ length: levelCount }, (_, level) => {
    let text = factors[0]!.levels[parts[0]![level]!]!;
    for (let k = 1; k < factors.length; k++) text += `:${factors[k]!.levels[parts[k]![level]!]!}`;
    return text;
  });
  return { levels, codes, parts };
}

/** The rows with a code >= 0 in the order of their codes, ties as in `order` (null: as they stand). */
function countingOrder(codes: Int32Array, levelCount: number, order: Int32Array | null): Int32Array {
  const start = new Int32Array(levelCount + 1);
  const count = order === null ? codes.length : order.length;
  for (let k = 0; k < count; k++) {
    const code = codes[order === null ? k : order[k]!]!;
    if (code >= 0) start[code + 1]!++;
  }
  for (let code = 0; code < levelCount; code++) start[code + 1]! += start[code]!;
  const sorted = new Int32Array(start[levelCount]!);
  for (let k = 0; k < count; k++) {
    const i = order === null ? k : order[k]!;
    const code = codes[i]!;
    if (code >= 0) sorted[start[code]!++] = i;
  }
  return sorted;
}

function checkLevels(name: string, levels: readonly string[]): void {
  const seen = new Set<string>();
  for (const level of levels) {
    if (seen.has(level)) throw new DataError(dataMessages.duplicateLevel(name, level), { column: name });
    seen.add(level);
  }
}

function notAmong(
  name: string,
  unknown: readonly { readonly row: number; readonly value: string }[],
  levels: readonly string[],
): DataError {
  const rows = unknown.map(({ row }) => row);
  const values = [...new Set(unknown.map(({ value }) => value))];
  return new DataError(dataMessages.notALevel(name, values, levels, rows, rows.length), { column: name, rows: rows.slice(0, 5) });
}
