/**
 * Arithmetic of derived measures: NaN is missing, and a yes or no is 1, 0 or NaN.
 *
 *   mean of those present, where at least `least` are;   x or y is true where one is true, unknown where none is true and one unknown
 */

/**
 * The mean of the values that are present; NaN where fewer than `least` are.
 *
 * @example meanPresent([1, NaN, 3], 2) // => 2
 */
export function meanPresent(values: ArrayLike<number>, least = 1): number {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < values.length; k++) {
    if (Number.isNaN(values[k]!)) continue;
    sum += values[k]!;
    count++;
  }
  return count < Math.max(1, least) ? Number.NaN : sum / count;
}

/**
 * The mean with weights, over the pairs of which both are present; NaN where the weights sum to nothing.
 *
 * @example weightedMean([1, NaN, 4], [2, 5, 1]) // => 2
 */
export function weightedMean(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  let sum = 0;
  let total = 0;
  for (let k = 0; k < values.length; k++) {
    if (Number.isNaN(values[k]!) || Number.isNaN(weights[k]!)) continue;
    sum += values[k]! * weights[k]!;
    total += weights[k]!;
  }
  return total > 0 ? sum / total : Number.NaN;
}

/**
 * The sum; NaN where one is missing.
 *
 * @example total([1, 2]) // => 3
 */
export function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k]!;
  return sum;
}

/**
 * The greatest value that is present; NaN where none is.
 *
 * @example greatest([1, NaN, 3]) // => 3
 */
export function greatest(values: ArrayLike<number>): number {
  let most = Number.NaN;
  for (let k = 0; k < values.length; k++) if (!(values[k]! <= most) && !Number.isNaN(values[k]!)) most = values[k]!;
  return most;
}

/**
 * The least value that is present; NaN where none is.
 *
 * @example smallest([1, NaN, 3]) // => 1
 */
export function smallest(values: ArrayLike<number>): number {
  let least = Number.NaN;
  for (let k = 0; k < values.length; k++) if (!(values[k]! >= least) && !Number.isNaN(values[k]!)) least = values[k]!;
  return least;
}

/** The sample variance (over n - 1) of those present; NaN below two values. */
export function variancePresent(values: ArrayLike<number>): number {
  const mean = meanPresent(values, 2);
  let sum = 0;
  let count = 0;
  for (let k = 0; k < values.length; k++) {
    if (Number.isNaN(values[k]!)) continue;
    sum += (values[k]! - mean) ** 2;
    count++;
  }
  return count < 2 ? Number.NaN : sum / (count - 1);
}

/** 1 where x is at least the cut, 0 where it is not, NaN where it is missing. */
export function atLeast(x: number, cut: number): number {
  return Number.isNaN(x) ? Number.NaN : x >= cut ? 1 : 0;
}

/** 1 where x is this value, 0 where it is another, NaN where it is missing. */
export function equals(x: number, value: number): number {
  return Number.isNaN(x) ? Number.NaN : x === value ? 1 : 0;
}

/**
 * Whether one of them is true; unknown where none is true and one is unknown.
 *
 * @example anyTrue([0, NaN, 1]) // => 1
 */
export function anyTrue(values: ArrayLike<number>): number {
  let unknown = values.length === 0;
  for (let k = 0; k < values.length; k++) {
    if (values[k] === 1) return 1;
    if (Number.isNaN(values[k]!)) unknown = true;
  }
  return unknown ? Number.NaN : 0;
}

/**
 * Whether all are true; unknown where none is false and one is unknown.
 *
 * @example allTrue([1, NaN]) // => NaN
 */
export function allTrue(values: ArrayLike<number>): number {
  let unknown = values.length === 0;
  for (let k = 0; k < values.length; k++) {
    if (values[k] === 0) return 0;
    if (Number.isNaN(values[k]!)) unknown = true;
  }
  return unknown ? Number.NaN : 1;
}

/** 1 for 0, 0 for 1, NaN for NaN. */
export function not(x: number): number {
  return 1 - x;
}
