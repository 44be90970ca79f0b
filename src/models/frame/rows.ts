/**
 * The rows a model uses: those complete in every variable, with a positive weight and, where the response counts successes and
 * failures, with at least one trial. A row that is left out is counted once,
 * for the first variable that excludes it.
 */
import { DataError, frameMessages } from "../../messages.js";
import type { DroppedRows } from "./frame.js";
import { type ColumnValue, eachMissing } from "./values.js";

/** Something without which a row cannot be used. */
export interface Requirement {
  readonly variable: string;
  /** Calls `visit` for each row that fails. */
  readonly eachFailing: (visit: (row: number) => void) => void;
}

/** The requirement that a variable is present. */
export function presence(variable: string, value: ColumnValue, rowCount: number): Requirement {
  return { variable, eachFailing: (visit) => eachMissing(value, rowCount, visit) };
}

/** n numbers by the name under which their column is known. */
interface NamedNumbers {
  readonly name: string;
  readonly values: Float64Array;
}

/** 0-based rows, increasing, and 1 for each of them among all rows. */
export interface SelectedRows {
  readonly rows: Int32Array;
  readonly used: Uint8Array;
  readonly dropped: readonly DroppedRows[];
}

/**
 * @param requirements in the order in which dropped rows are counted
 * @param counts n x 2 successes and failures; rows where both are zero are left out
 * @param weights rows of weight zero are left out
 * @throws DataError where no row is left
 */
export function selectRows(
  requirements: readonly Requirement[],
  counts: NamedNumbers | null,
  weights: NamedNumbers | null,
  rowCount: number,
): SelectedRows {
  const used = new Uint8Array(rowCount).fill(1);
  const dropped: DroppedRows[] = [];
  const missing: { readonly variable: string; readonly count: number }[] = [];
  let left = rowCount;
  for (const { variable, eachFailing } of requirements) {
    let count = 0;
    let failing = 0;
    eachFailing((row) => {
      failing++;
      if (used[row] === 0) return;
      used[row] = 0;
      count++;
    });
    left -= count;
    if (failing > 0) missing.push({ variable, count: failing });
    if (count > 0) dropped.push({ reason: "missing", variable, count });
  }
  const leaveOut = (variable: string, doesNotCount: (row: number) => boolean): void => {
    let count = 0;
    for (let i = 0; i < rowCount; i++) {
      if (used[i] === 0 || !doesNotCount(i)) continue;
      used[i] = 0;
      count++;
    }
    left -= count;
    if (count > 0) dropped.push({ reason: "zero-weight", variable, count });
  };
  if (counts !== null) {
    const { name, values } = counts;
    const complete = left;
    leaveOut(name, (row) => values[row] === 0 && values[rowCount + row] === 0);
    if (left === 0 && complete > 0) throw new DataError(frameMessages.noTrials(name), { column: name });
  }
  if (weights !== null) {
    checkWeights(weights.name, weights.values, used);
    leaveOut(weights.name, (row) => weights.values[row] === 0);
  }
  if (left === 0) {
    missing.sort((a, b) => b.count - a.count);
    throw new DataError(frameMessages.noRowsLeft(rowCount, missing));
  }
  const rows = new Int32Array(left);
  let k = 0;
  for (let i = 0; i < rowCount; i++) if (used[i] === 1) rows[k++] = i;
  return { rows, used, dropped };
}

/** @throws DataError for weights that are negative, missing or infinite, or all zero, in the rows that are complete otherwise */
function checkWeights(name: string, values: Float64Array, used: Uint8Array): void {
  const bad: number[] = [];
  let positive = false;
  let rows = 0;
  for (let i = 0; i < values.length; i++) {
    if (used[i] === 0) continue;
    rows++;
    const weight = values[i]!;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) bad.push(i + 1);
    else if (weight > 0) positive = true;
  }
  if (bad.length > 0)
    throw new DataError(frameMessages.badWeights(name, bad, values[bad[0]! - 1]!), { column: name, rows: bad.slice(0, 5) });
  if (!positive && rows > 0) throw new DataError(frameMessages.weightsAllZero(name), { column: name });
}

/** @throws DataError where a numeric variable is infinite in a row that is used */
export function refuseInfiniteRows(variable: string, value: ColumnValue, rows: Int32Array, rowCount: number): void {
  if (value.kind !== "numeric" && value.kind !== "matrix") return;
  const width = value.kind === "matrix" ? value.width : 1;
  const bad: number[] = [];
  for (let j = 0; j < width; j++) {
    for (let k = 0; k < rows.length; k++) {
      const x = value.values[j * rowCount + rows[k]!]!;
      if (x === Number.POSITIVE_INFINITY || x === Number.NEGATIVE_INFINITY) bad.push(rows[k]! + 1);
    }
  }
  if (bad.length === 0) return;
  const distinct = [...new Set(bad)].sort((a, b) => a - b);
  throw new DataError(frameMessages.infinite(variable, distinct), { column: variable, rows: distinct.slice(0, 5) });
}
