/**
 * Centring of a predictor x_ij of row i in unit j (Enders & Tofighi 2007; Raudenbush & Bryk 2002, ch. 2):
 *
 *   grand mean            cgm(x)          x_ij - mean of x over the rows
 *                         cgm(x, g)       x_ij - mean over the units j of xbar_j (each unit counts once)
 *   within cluster        cwc(x, g)       x_ij - xbar_j
 *   the unit's own mean   groupMean(x, g) xbar_j
 *
 * Missing values (NaN) are skipped in every mean and stay missing. Sums are compensated (Neumaier 1974), so that a mean is
 * exact to about one rounding whatever the order of the rows.
 */
import { DataError, dataMessages } from "../messages.js";
import type { FactorColumn } from "./column.js";

/** Which rows the means are taken over; the result has a value for every row. */
export interface CentreOptions {
  /** 0-based row indices; default all rows. */
  readonly rows?: ArrayLike<number>;
}

/**
 * The mean of the values that are not missing; NaN where there are none.
 *
 * @example meanOf(Float64Array.of(1, NaN, 3)) // => 2
 */
export function meanOf(values: ArrayLike<number>, options: CentreOptions = {}): number {
  const { rows } = options;
  const count = rows === undefined ? values.length : rows.length;
  let used = 0;
  let sum = 0;
  let lost = 0;
  for (let k = 0; k < count; k++) {
    const value = values[rows === undefined ? k : rows[k]!]!;
    if (Number.isNaN(value)) continue;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
    used++;
  }
  // An infinite sum has no finite part that could have been lost.
  return (Number.isFinite(sum) ? sum + lost : sum) / used;
}

/**
 * The mean of each unit, one a level of `group`; NaN for units without values.
 *
 * @example unitMeans([1, 3, 9], makeFactor("g", ["a", "a", "b"])) // => Float64Array [2, 9]
 */
export function unitMeans(values: ArrayLike<number>, group: FactorColumn, options: CentreOptions = {}): Float64Array {
  checkLength(values, group);
  const { rows } = options;
  const count = rows === undefined ? values.length : rows.length;
  const units = group.levels.length;
  const sums = new Float64Array(units);
  const lost = new Float64Array(units);
  const used = new Int32Array(units);
  for (let k = 0; k < count; k++) {
    const i = rows === undefined ? k : rows[k]!;
    const unit = group.codes[i]!;
    const value = values[i]!;
    if (unit < 0 || Number.isNaN(value)) continue;
    const sum = sums[unit]!;
    const next = sum + value;
    lost[unit]! += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sums[unit] = next;
    used[unit]!++;
  }
  for (let unit = 0; unit < units; unit++) {
    const sum = sums[unit]!;
    sums[unit] = (Number.isFinite(sum) ? sum + lost[unit]! : sum) / used[unit]!;
  }
  return sums;
}

/**
 * The mean that `cgm` subtracts: over the rows, or with a group over its units' means (units without values do not count).
 *
 * @example grandMean([1, 3, 9], makeFactor("g", ["a", "a", "b"])) // => 5.5
 */
export function grandMean(values: ArrayLike<number>, group?: FactorColumn, options: CentreOptions = {}): number {
  return group === undefined ? meanOf(values, options) : meanOf(unitMeans(values, group, options));
}

/**
 * Centring at the grand mean: over rows, or over the units of `group`.
 *
 * @example cgm([1, 2, 6]) // => Float64Array [-2, -1, 3]
 */
export function cgm(values: ArrayLike<number>, group?: FactorColumn, options: CentreOptions = {}): Float64Array {
  const mean = grandMean(values, group, options);
  return Float64Array.from(values, (value) => value - mean);
}

/**
 * Centring within clusters: each row minus the mean of its unit; NaN where the unit is missing or has no mean.
 *
 * @example cwc([1, 3, 9], makeFactor("g", ["a", "a", "b"])) // => Float64Array [-1, 1, 0]
 */
export function cwc(values: ArrayLike<number>, group: FactorColumn, options: CentreOptions = {}): Float64Array {
  const means = unitMeans(values, group, options);
  return Float64Array.from(values, (value, i) => value - meanAt(means, group.codes[i]!));
}

/**
 * Each row's unit mean, also where the row's own value is missing; NaN where the unit is missing or has no mean.
 *
 * @example groupMean([1, 3, 9], makeFactor("g", ["a", "a", "b"])) // => Float64Array [2, 2, 9]
 */
export function groupMean(values: ArrayLike<number>, group: FactorColumn, options: CentreOptions = {}): Float64Array {
  const means = unitMeans(values, group, options);
  return Float64Array.from(group.codes, (unit) => meanAt(means, unit));
}

function meanAt(means: Float64Array, unit: number): number {
  return unit < 0 ? Number.NaN : means[unit]!;
}

function checkLength(values: ArrayLike<number>, group: FactorColumn): void {
  if (values.length !== group.codes.length) {
    throw new DataError(dataMessages.differentRowCounts(values.length, group.codes.length), { column: group.name });
  }
}
