/**
 * Values as factors, as R's `factor()` makes them: numbers become levels in numeric order, text in code-point order,
 * truth values FALSE and TRUE.
 *
 * Numbers are written with 15 significant digits as R's `as.character` does, whole numbers always without an exponent
 * (as R writes integers), so that `100000` is a level and not `1e+05`.
 */
import { compareCodePoints } from "../../data/code-points.js";
import type { TextColumn } from "../../data/column.js";
import { makeFactor } from "../../data/factor.js";
import type { FactorValue } from "./values.js";

/**
 * A number as R writes it as a level.
 *
 * @example [1, 0.1 + 0.2, 1e5, 1.5e-7].map(numberLabel) // => ["1", "0.3", "100000", "1.5e-07"]
 */
export function numberLabel(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value === 0 ? 0 : value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Inf" : "-Inf";
  const [mantissa, exponent] = value.toExponential(14).split("e") as [string, string];
  const digits = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  const power = Number(exponent);
  const scientific = `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  const significant = digits.replace(/[-.]/g, "").length;
  const fixed = value.toFixed(Math.min(100, Math.max(0, significant - 1 - power)));
  return fixed.length <= scientific.length ? fixed : scientific;
}

/**
 * Numbers as a factor with its levels in numeric order; numbers that are written alike are one level.
 *
 * @param values n numbers, NaN missing
 */
export function factorFromNumbers(values: Float64Array): FactorValue {
  const whole = wholeRange(values);
  const { codes, distinct } = whole === null ? codesBySorting(values) : codesByCounting(values, whole.low, whole.high);
  const labels = Array.from(distinct, numberLabel);
  return { kind: "factor", ...mergeEqualNeighbours(codes, labels), ordered: false, source: "number", contrasts: null };
}

/** Text as a factor with its levels in code-point order. */
export function factorFromText(column: TextColumn): FactorValue {
  const { codes, levels } = makeFactor(column.name, column.values);
  return { kind: "factor", codes, levels, ordered: false, source: "text", contrasts: null };
}

/** Truth values as a factor with the levels FALSE and TRUE, both present whether or not they occur. */
export function factorFromLogical(values: Int8Array): FactorValue {
  return { kind: "factor", codes: Int32Array.from(values), levels: ["FALSE", "TRUE"], ordered: false, source: "factor", contrasts: null };
}

/** The factor without the levels that do not occur; the same record where all do. */
export function withoutUnusedLevels(factor: FactorValue): FactorValue {
  const { codes, levels } = factor;
  const used = new Uint8Array(levels.length);
  let unseen = levels.length;
  for (let i = 0; i < codes.length && unseen > 0; i++) {
    const code = codes[i]!;
    if (code >= 0 && used[code] === 0) {
      used[code] = 1;
      unseen--;
    }
  }
  if (unseen === 0) return factor;
  const recode = new Int32Array(levels.length).fill(-1);
  let count = 0;
  for (let code = 0; code < used.length; code++) if (used[code] === 1) recode[code] = count++;
  return { ...factor, codes: recoded(codes, recode), levels: levels.filter((_, code) => used[code] === 1) };
}

/**
 * The factor over the levels given first, then its other levels in their own order: how a column of new data is read with
 * the levels a fit remembers.
 * Levels `b, z` read with `a, b` first become `a, b, z`.
 */
export function withLevelsFirst(factor: FactorValue, first: readonly string[]): FactorValue {
  const levels = [...first];
  const position = new Map(first.map((level, code) => [level, code]));
  const recode = Int32Array.from(factor.levels, (level) => position.get(level) ?? levels.push(level) - 1);
  return { ...factor, codes: recoded(factor.codes, recode), levels };
}

/** `codes` through the table `recode`; missing stays missing. */
export function recoded(codes: Int32Array, recode: Int32Array): Int32Array {
  const result = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) result[i] = codes[i]! < 0 ? -1 : recode[codes[i]!]!;
  return result;
}

/**
 * The levels of several factors as one set: numbers in numeric order, text in code-point order, otherwise the first
 * factor's levels followed by what the others add.
 */
export function unionOfLevels(factors: readonly FactorValue[]): readonly string[] {
  const union = [...new Set(factors.flatMap((factor) => factor.levels))];
  if (factors.every((factor) => factor.source === "number")) return union.sort((a, b) => Number(a) - Number(b));
  if (factors.every((factor) => factor.source === "text")) return union.sort(compareCodePoints);
  return union;
}

/** The range, where all numbers are whole and the range is not much larger than their count; else null. */
function wholeRange(values: Float64Array): { readonly low: number; readonly high: number } | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    if (Math.floor(value) !== value) return null;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low <= 4 * values.length + 1000 ? { low, high } : null;
}

function codesByCounting(values: Float64Array, low: number, high: number): { codes: Int32Array; distinct: Float64Array } {
  const n = values.length;
  const codeOf = new Int32Array(high - low + 1);
  for (let i = 0; i < n; i++) if (!Number.isNaN(values[i])) codeOf[values[i]! - low] = 1;
  const distinct = new Float64Array(codeOf.reduce((sum, present) => sum + present, 0));
  let count = 0;
  for (let k = 0; k < codeOf.length; k++) {
    if (codeOf[k] === 0) continue;
    distinct[count] = k + low;
    codeOf[k] = count++;
  }
  const codes = new Int32Array(n);
  for (let i = 0; i < n; i++) codes[i] = Number.isNaN(values[i]) ? -1 : codeOf[values[i]! - low]!;
  return { codes, distinct };
}

function codesBySorting(values: Float64Array): { codes: Int32Array; distinct: Float64Array } {
  const rank = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! + 0;
    if (!Number.isNaN(value) && !rank.has(value)) rank.set(value, 0);
  }
  const distinct = Float64Array.from(rank.keys()).sort();
  for (let code = 0; code < distinct.length; code++) rank.set(distinct[code]!, code);
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) codes[i] = Number.isNaN(values[i]) ? -1 : rank.get(values[i]!)!;
  return { codes, distinct };
}

/** Numbers that differ beyond the 15th digit are written alike: neighbours in the order, one level. */
function mergeEqualNeighbours(codes: Int32Array, labels: string[]): { codes: Int32Array; levels: readonly string[] } {
  const levels: string[] = [];
  const recode = Int32Array.from(labels, (label) => (levels[levels.length - 1] === label ? levels.length - 1 : levels.push(label) - 1));
  return { codes: levels.length === labels.length ? codes : recoded(codes, recode), levels };
}
