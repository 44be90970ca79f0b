/**
 * Symmetric positive definite matrices of a few rows (the random effects of one unit): inverse with a rank check.
 *
 * The matrix is scaled to a unit diagonal first, so that the check does not depend on the units of measurement.
 */
import { cholesky, inverseFromCholesky } from "../models/linalg/cholesky.js";

/** A pivot of the scaled matrix below this counts as zero. */
const RANK_TOLERANCE = 1e-9;

/**
 * The inverse of a symmetric matrix, or null where it is not positive definite to working accuracy.
 *
 * @param a size x size, column-major
 * @example Array.from(symmetricInverse(new Float64Array([4, 0, 0, 2]), 2)) // => [0.25, 0, 0, 0.5]
 */
export function symmetricInverse(a: Float64Array, size: number): Float64Array | null {
  const scale = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const diagonal = a[i * size + i]!;
    if (!(diagonal > 0)) return null;
    scale[i] = 1 / Math.sqrt(diagonal);
  }
  const factor = a.map((value, at) => value * scale[at % size]! * scale[Math.floor(at / size)]!);
  if (cholesky(factor, 0, size, size) >= 0) return null;
  for (let i = 0; i < size; i++) if (!(factor[i * size + i]! ** 2 > RANK_TOLERANCE)) return null;
  const inverse = new Float64Array(size * size);
  inverseFromCholesky(factor, 0, size, size, inverse);
  return inverse.map((value, at) => value * scale[at % size]! * scale[Math.floor(at / size)]!);
}
