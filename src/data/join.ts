/**
 * Joins of two tables on key columns: each left row with every right row that has the same keys.
 *
 * Keys are compared by value (factors and text by their text, whatever the order of their levels), through the product of
 * the keys as factors over both tables; no key is built from strings. A missing key equals nothing.
 */
import { DataError, dataMessages } from "../messages.js";
import type { Column, FactorColumn } from "./column.js";
import { takeRows } from "./column-values.js";
import { asFactor, factorProduct } from "./factor.js";
import { Table } from "./table.js";

/** How tables are joined. */
export interface JoinOptions<Left extends object, Right extends object> {
  /** The key columns: names that both tables have, or pairs [left name, right name]. */
  readonly on: readonly ((keyof Left & keyof Right & string) | readonly [keyof Left & string, keyof Right & string])[];
  /** "left" keeps left rows without a partner, with missing cells on the right; "inner" drops them. Default "left". */
  readonly how?: "left" | "inner";
}

const MOST_ROWS = 2 ** 27;

/**
 * The left table's columns, then the right table's without its keys. Rows stand in the left table's order, partners in the
 * right table's.
 *
 * @throws DataError for keys that are absent or of different kinds, and for a column besides the keys that both tables have
 * @example join(Table.from({ g: ["a", "b"] }), Table.from({ g: ["b"], size: [3] }), { on: ["g"] }).toRows() // => [{ g: "a", size: null }, { g: "b", size: 3 }]
 */
export function join<Left extends object, Right extends object>(
  left: Table<Left>,
  right: Table<Right>,
  options: JoinOptions<Left, Right>,
): Table<Left & Right> {
  const pairs = options.on.map((key): readonly [string, string] => (typeof key === "string" ? [key, key] : key));
  const { codes, levels } = factorProduct(pairs.map(([l, r]) => stacked(left.column(l), right.column(r))));
  const partners = rowsByCode(codes, left.rowCount, levels.length);
  const { leftRows, rightRows } = matched(codes, left.rowCount, partners, options.how ?? "left");
  const keys = new Set(pairs.map(([, r]) => r));
  const kept = right.columns.filter(({ name }) => !keys.has(name));
  return Table.ofColumns<Left & Right>([
    ...left.columns.map((column) => takeRows(column, leftRows)),
    ...kept.map((column) => takeRows(column, rightRows)),
  ]);
}

/** The left key's rows and the right key's below them, as one factor. */
function stacked(left: Column, right: Column): FactorColumn {
  const family = (column: Column): string => (column.kind === "text" ? "factor" : column.kind);
  if (family(left) !== family(right)) {
    throw new DataError(dataMessages.keysDiffer(left.name, left.kind, right.name, right.kind), { column: left.name });
  }
  const a = asFactor(left);
  const b = asFactor(right);
  const codeOf = new Map(a.levels.map((level, code) => [level, code]));
  const levels = [...a.levels];
  const newCode = Int32Array.from(b.levels, (level) => {
    const code = codeOf.get(level);
    return code === undefined ? levels.push(level) - 1 : code;
  });
  const codes = new Int32Array(a.codes.length + b.codes.length);
  codes.set(a.codes);
  for (let i = 0; i < b.codes.length; i++) codes[a.codes.length + i] = b.codes[i]! < 0 ? -1 : newCode[b.codes[i]!]!;
  return { kind: "factor", name: left.name, codes, levels, ordered: false };
}

interface RowsByCode {
  readonly starts: Int32Array;
  readonly rows: Int32Array;
}

/** The right table's rows by code: rows[starts[code] .. starts[code + 1]]. */
function rowsByCode(codes: Int32Array, from: number, levelCount: number): RowsByCode {
  const starts = new Int32Array(levelCount + 1);
  for (let i = from; i < codes.length; i++) if (codes[i]! >= 0) starts[codes[i]! + 1]!++;
  for (let code = 0; code < levelCount; code++) starts[code + 1]! += starts[code]!;
  const next = starts.slice();
  const rows = new Int32Array(starts[levelCount]!);
  for (let i = from; i < codes.length; i++) if (codes[i]! >= 0) rows[next[codes[i]!]!++] = i - from;
  return { starts, rows };
}

function matched(
  codes: Int32Array,
  leftCount: number,
  { starts, rows }: RowsByCode,
  how: "left" | "inner",
): { readonly leftRows: Int32Array; readonly rightRows: Int32Array } {
  const partnersOf = (i: number): number => (codes[i]! < 0 ? 0 : starts[codes[i]! + 1]! - starts[codes[i]!]!);
  let total = 0;
  for (let i = 0; i < leftCount; i++) total += Math.max(partnersOf(i), how === "left" ? 1 : 0);
  if (total > MOST_ROWS) throw new DataError(dataMessages.tooManyJoinRows(total));
  const leftRows = new Int32Array(total);
  const rightRows = new Int32Array(total).fill(-1);
  let k = 0;
  for (let i = 0; i < leftCount; i++) {
    const count = partnersOf(i);
    if (count === 0 && how === "left") leftRows[k++] = i;
    for (let j = 0; j < count; j++) {
      leftRows[k] = i;
      rightRows[k++] = rows[starts[codes[i]!]! + j]!;
    }
  }
  return { leftRows, rightRows };
}
