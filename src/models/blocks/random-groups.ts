/**
 * Random terms gathered by grouping factor, their columns whitened.
 *
 * Terms on the same factor become one group with S columns and a block-diagonal relative covariance factor lambda
 * (Bates, Maechler, Bolker & Walker 2015, section 2.2). Within an unstructured term the columns are replaced by
 *
 *   z* = z R^-1,   R lower triangular,   R'R = (1/n) sum_i w_i z_i z_i'
 *
 * so that lambda* = I is a start free of scale and origin and lambda = R^-1 lambda* is still lower triangular. Columns of
 * a diagonal term are only scaled: mixing them would leave the diagonal model.
 */
import type { RandomFrame } from "../frame/frame.js";
import { invertLower } from "../linalg/symmetric.js";

/** One random term inside its group: columns `start` to `start + size - 1`. */
export interface GroupPart {
  readonly start: number;
  readonly size: number;
  readonly covariance: "unstructured" | "diagonal";
  /** Which random term of the frame. */
  readonly term: number;
}

/** A grouping factor with all its random columns over the rows used. */
export interface RandomGroup {
  readonly label: string;
  readonly levels: readonly string[];
  readonly levelCount: number;
  /** S. */
  readonly size: number;
  /** n: the level of each row; empty for multiple membership. */
  readonly levelOf: Int32Array;
  readonly membership: RandomFrame["membership"];
  /** S whitened columns of n values; a number stands for a constant column. */
  readonly columns: readonly (Float64Array | number)[];
  readonly parts: readonly GroupPart[];
  /** S x S lower triangular, block-diagonal: R^-1. lambda = R^-1 lambda*. */
  readonly whitening: Float64Array;
}

/**
 * @param random random terms of a model frame
 * @param weights prior weights of the rows, null for none
 */
export function gatherGroups(random: readonly RandomFrame[], weights: Float64Array | null): RandomGroup[] {
  // Terms on one factor share their units: the same array of levels a row, or the same membership.
  const byUnits = new Map<object, number[]>();
  random.forEach((term, k) => {
    const units = term.membership ?? term.levelOf;
    const members = byUnits.get(units);
    if (members === undefined) byUnits.set(units, [k]);
    else members.push(k);
  });
  const total = weights === null ? null : weights.reduce((sum, w) => sum + w, 0);
  return Array.from(byUnits.values(), (terms) => gatherGroup(random, terms, weights, total));
}

function gatherGroup(
  random: readonly RandomFrame[],
  terms: readonly number[],
  weights: Float64Array | null,
  total: number | null,
): RandomGroup {
  const first = random[terms[0]!]!;
  const size = terms.reduce((sum, k) => sum + random[k]!.effects.names.length, 0);
  const columns: (Float64Array | number)[] = [];
  const parts: GroupPart[] = [];
  const whitening = new Float64Array(size * size);
  for (const k of terms) {
    const { effects, covariance } = random[k]!;
    const start = columns.length;
    const width = effects.names.length;
    parts.push({ start, size: width, covariance, term: k });
    const n = effects.rowCount;
    const raw: (Float64Array | number)[] = [];
    for (let s = 0; s < width; s++) {
      const column = effects.values.subarray(s * n, (s + 1) * n);
      raw.push(effects.intercept && effects.termOf[s] === -1 ? 1 : column);
    }
    const inverse = whiteningOf(raw, n, covariance === "diagonal", weights, total ?? n);
    for (let s = 0; s < width; s++) {
      for (let r = s; r < width; r++) whitening[(start + s) * size + start + r] = inverse[s * width + r]!;
      columns.push(whitenedColumn(raw, inverse, s, n));
    }
  }
  return {
    label: first.group,
    levels: first.levels,
    levelCount: first.levels.length,
    size,
    levelOf: first.levelOf,
    membership: first.membership,
    columns,
    parts,
    whitening,
  };
}

/** R^-1 for one term. */
function whiteningOf(
  raw: readonly (Float64Array | number)[],
  n: number,
  diagonal: boolean,
  weights: Float64Array | null,
  total: number,
): Float64Array {
  const size = raw.length;
  const gram = new Float64Array(size * size);
  for (let s = 0; s < size; s++) {
    for (let r = diagonal ? s : 0; r <= s; r++) {
      const mean = crossProduct(raw[r]!, raw[s]!, n, weights) / total;
      gram[s * size + r] = mean;
      gram[r * size + s] = mean;
    }
  }
  const scaled = new Float64Array(size * size);
  const scale = new Float64Array(size);
  for (let s = 0; s < size; s++) scale[s] = Math.sqrt(gram[s * size + s]!) || 1;
  for (let s = 0; s < size; s++) for (let r = 0; r < size; r++) scaled[s * size + r] = gram[s * size + r]! / (scale[s]! * scale[r]!);
  const factor = diagonal ? null : reversedCholesky(scaled, size);
  const r = new Float64Array(size * size);
  for (let s = 0; s < size; s++) {
    if (factor === null) r[s * size + s] = scale[s]!;
    else for (let t = s; t < size; t++) r[s * size + t] = factor[s * size + t]! * scale[s]!;
  }
  return invertLower(r, size);
}

/** Lower triangular R with R'R = A (unit diagonal A), or null where A is nearly singular: then scaling alone is used. */
function reversedCholesky(a: Float64Array, n: number): Float64Array | null {
  const r = new Float64Array(n * n);
  for (let j = n - 1; j >= 0; j--) {
    let pivot = a[j * n + j]!;
    for (let k = j + 1; k < n; k++) pivot -= r[j * n + k]! * r[j * n + k]!;
    if (!(pivot > 1e-12)) return null;
    const root = Math.sqrt(pivot);
    r[j * n + j] = root;
    for (let i = 0; i < j; i++) {
      let sum = a[i * n + j]!;
      for (let k = j + 1; k < n; k++) sum -= r[i * n + k]! * r[j * n + k]!;
      r[i * n + j] = sum / root;
    }
  }
  return r;
}

function crossProduct(a: Float64Array | number, b: Float64Array | number, n: number, weights: Float64Array | null): number {
  let sum = 0;
  if (typeof a === "number" && typeof b === "number" && weights === null) return a * b * n;
  for (let i = 0; i < n; i++) {
    const x = typeof a === "number" ? a : a[i]!;
    const y = typeof b === "number" ? b : b[i]!;
    sum += weights === null ? x * y : weights[i]! * x * y;
  }
  return sum;
}

/** Column s of z R^-1: a constant stays a constant, and an unscaled column is not copied. */
function whitenedColumn(raw: readonly (Float64Array | number)[], inverse: Float64Array, s: number, n: number): Float64Array | number {
  const size = raw.length;
  const used: number[] = [];
  for (let r = s; r < size; r++) if (inverse[s * size + r] !== 0) used.push(r);
  if (used.every((r) => typeof raw[r] === "number")) return used.reduce((sum, r) => sum + (raw[r] as number) * inverse[s * size + r]!, 0);
  const column = new Float64Array(n);
  for (const r of used) {
    const factor = inverse[s * size + r]!;
    const from = raw[r]!;
    if (typeof from === "number") for (let i = 0; i < n; i++) column[i] = column[i]! + factor * from;
    else for (let i = 0; i < n; i++) column[i] = column[i]! + factor * from[i]!;
  }
  return column;
}
