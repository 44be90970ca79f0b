/**
 * Whitened columns of a random term:
 *
 *   z* = z R^-1,   R lower triangular,   R'R = (1/n) sum_i w_i z_i z_i'
 *
 * Beside an intercept the other columns are centred first, z = w U, and R is made from the centred ones, w = q M, by rotations O that
 * take M U to lower-triangular form (Golub & Van Loan 2013, section 5.1): R = O'M U and z* = q O. A slope on a year or a time stamp, whose
 * mean dwarfs its spread, thus keeps all its digits.
 */
import { invertLower } from "../linalg/symmetric.js";
import { centredInPlace } from "./centred-column.js";

/** A column of n values, or a number for a constant one. */
export type RandomColumn = Float64Array | number;

export interface WhitenedColumns {
  readonly columns: readonly RandomColumn[];
  /** R^-1, S x S column-major, lower triangular. */
  readonly inverse: Float64Array;
}

/** @param diagonal columns are scaled only: mixing them would leave the diagonal model */
export function whitened(raw: readonly RandomColumn[], n: number, diagonal: boolean, weights: Float64Array | null): WhitenedColumns {
  const size = raw.length;
  if (diagonal || size === 1) return scaled(raw, n, weights);
  const centred = typeof raw[0] === "number";
  const mean = new Float64Array(size);
  const scale = new Float64Array(size);
  const working: RandomColumn[] = [];
  const total = weights === null ? n : weights.reduce((sum, w) => sum + w, 0);
  for (let s = 0; s < size; s++) {
    const column = raw[s]!;
    const copy = typeof column === "number" ? column : Float64Array.from(column);
    if (centred && typeof copy !== "number") {
      const largest = peakOf(copy);
      mean[s] = centredInPlace(copy, weights, total);
      if (peakOf(copy) <= 8 * Number.EPSILON * largest) return scaled(raw, n, weights);
    }
    scale[s] = sizeOf(copy, n, weights);
    working.push(divided(copy, scale[s]!));
  }
  const m = reversedCholesky(gramOf(working, n, weights), size);
  if (m === null) return scaled(raw, n, weights);
  if (centred) m.fill(0, 1, size);

  const coefficients = invertLower(m, size);
  const r = new Float64Array(size * size);
  for (let s = 0; s < size; s++) for (let t = s; t < size; t++) r[s * size + t] = m[s * size + t]! * scale[s]!;
  if (centred) {
    for (let s = 1; s < size; s++) r[s * size] = (m[0]! * scale[0]! * mean[s]!) / (raw[0] as number);
    for (let s = size - 1; s > 0; s--) {
      const upper = r[s * size]!;
      if (upper === 0) continue;
      const norm = Math.hypot(upper, r[s * size + s]!);
      const cos = r[s * size + s]! / norm;
      const sin = upper / norm;
      for (let j = 0; j <= s; j++) {
        const a = r[j * size]!;
        const b = r[j * size + s]!;
        r[j * size] = cos * a - sin * b;
        r[j * size + s] = sin * a + cos * b;
      }
      r[s * size] = 0;
      for (let i = 0; i < size; i++) {
        const a = coefficients[i]!;
        const b = coefficients[s * size + i]!;
        coefficients[i] = cos * a - sin * b;
        coefficients[s * size + i] = sin * a + cos * b;
      }
    }
  }
  return { columns: raw.map((_, s) => combined(working, coefficients, s, n)), inverse: invertLower(r, size) };
}

/** Each column by its own size. */
function scaled(raw: readonly RandomColumn[], n: number, weights: Float64Array | null): WhitenedColumns {
  const size = raw.length;
  const inverse = new Float64Array(size * size);
  const columns = raw.map((column, s) => {
    const own = sizeOf(column, n, weights);
    inverse[s * size + s] = 1 / own;
    return divided(column, own);
  });
  return { columns, inverse };
}

function peakOf(column: Float64Array): number {
  let peak = 0;
  for (let i = 0; i < column.length; i++) peak = Math.max(peak, Math.abs(column[i]!));
  return peak;
}

/** Root of the weighted mean square, 1 for a column of zeros. */
function sizeOf(column: RandomColumn, n: number, weights: Float64Array | null): number {
  const peak = typeof column === "number" ? Math.abs(column) : peakOf(column);
  if (peak === 0) return 1;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const x = typeof column === "number" ? 1 : column[i]! / peak;
    squares += (weights === null ? 1 : weights[i]!) * x * x;
  }
  return peak * Math.sqrt(squares / n);
}

function divided(column: RandomColumn, by: number): RandomColumn {
  if (typeof column === "number") return column / by;
  if (by === 1) return column;
  return column.map((x) => x / by);
}

/** (1/n) sum_i w_i z_i z_i'. */
function gramOf(columns: readonly RandomColumn[], n: number, weights: Float64Array | null): Float64Array {
  const size = columns.length;
  const gram = new Float64Array(size * size);
  for (let s = 0; s < size; s++) {
    for (let r = 0; r <= s; r++) {
      const a = columns[r]!;
      const b = columns[s]!;
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const product = (typeof a === "number" ? a : a[i]!) * (typeof b === "number" ? b : b[i]!);
        sum += weights === null ? product : weights[i]! * product;
      }
      gram[s * size + r] = sum / n;
      gram[r * size + s] = sum / n;
    }
  }
  return gram;
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

/** Column s of the working columns times the coefficients; a constant stays one. */
function combined(working: readonly RandomColumn[], coefficients: Float64Array, s: number, n: number): RandomColumn {
  const size = working.length;
  const used = working.flatMap((_, r) => (coefficients[s * size + r] === 0 ? [] : [r]));
  if (used.every((r) => typeof working[r] === "number"))
    return used.reduce((sum, r) => sum + (working[r] as number) * coefficients[s * size + r]!, 0);
  const column = new Float64Array(n);
  for (const r of used) {
    const factor = coefficients[s * size + r]!;
    const from = working[r]!;
    for (let i = 0; i < n; i++) column[i] = column[i]! + factor * (typeof from === "number" ? from : from[i]!);
  }
  return column;
}
