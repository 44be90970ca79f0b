/**
 * Whether a column is text only because of a few cells: at least 80 % of the cells that are not missing are numbers. Decided
 * once a distinct text, not once a row. A column with leading zeros ("007") holds identifiers and is meant to be text.
 */
import type { NearlyNumeric } from "../data/column.js";
import type { CellDictionary } from "./csv-dictionary.js";
import { parseNumber } from "./csv-number.js";

const SHARE_OF_NUMBERS = 0.8;
/** Longer texts are no numbers. */
const LONGEST_NUMBER = 400;

/**
 * @param dictionary the cells without missing marks, in order of first occurrence
 * @param decimals the decimal marks that the file may have; the one that leaves the fewest cells counts
 * @param missingNumbers numbers that mean missing
 * @returns null where the column is meant to be text
 * @example nearlyNumeric({ texts: ["1", "2", "?"], codes: Int32Array.of(0, 1, 2, 0, 1) }, ["."], new Set()) // => { value: "?", row: 3, count: 1, total: 5 }
 */
export function nearlyNumeric(
  { texts, codes }: CellDictionary,
  decimals: readonly ("." | ",")[],
  missingNumbers: ReadonlySet<number>,
): NearlyNumeric | null {
  const counts = new Int32Array(texts.length);
  let cells = 0;
  for (const code of codes) {
    if (code < 0) continue;
    counts[code]!++;
    cells++;
  }
  let best: Offending | null = null;
  for (const decimal of decimals) {
    const found = offending(texts, counts, cells, decimal.charCodeAt(0), missingNumbers);
    if (found !== null && (best === null || found.count < best.count)) best = found;
  }
  if (best === null) return null;
  const { code, count, total } = best;
  return { value: texts[code]!, row: codes.indexOf(code) + 1, count, total };
}

interface Offending {
  /** The first text that is no number. */
  readonly code: number;
  readonly count: number;
  readonly total: number;
}

const encoder = new TextEncoder();

function offending(
  texts: readonly string[],
  counts: Int32Array,
  cells: number,
  decimal: number,
  missingNumbers: ReadonlySet<number>,
): Offending | null {
  const bytes = new Uint8Array(LONGEST_NUMBER);
  const most = (1 - SHARE_OF_NUMBERS) * cells + 1e-9;
  let first = -1;
  let numbers = 0;
  let count = 0;
  for (let code = 0; code < texts.length; code++) {
    const text = texts[code]!;
    const { read, written } = encoder.encodeInto(text, bytes);
    const whole = read === text.length;
    const value = whole ? parseNumber(bytes, 0, written, decimal, false) : Number.NaN;
    if (!Number.isNaN(value)) {
      if (!missingNumbers.has(value)) numbers += counts[code]!;
      continue;
    }
    if (text.trim() === "NaN") continue;
    if (whole && !Number.isNaN(parseNumber(bytes, 0, written, decimal, true))) return null;
    if (first < 0) first = code;
    count += counts[code]!;
    if (count > most) return null;
  }
  const total = numbers + count;
  return count > 0 && numbers >= SHARE_OF_NUMBERS * total - 1e-9 ? { code: first, count, total } : null;
}
