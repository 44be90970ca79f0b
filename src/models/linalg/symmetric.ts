/**
 * Small symmetric matrices off the hot path: eigenvalues, pseudo-inverse solves, square factors. Column-major.
 */
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from "ml-matrix";
import { cholesky } from "./cholesky.js";

/** Beyond this a matrix is scaled before it is decomposed. */
const LARGE = 1e100;

/** Eigenvalues ascending and eigenvectors (column j belongs to value j) of a symmetric n x n matrix. */
export function symmetricEigen(a: Float64Array, n: number): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const values = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  if (n === 0) return { values, vectors };
  if (n === 1) {
    values[0] = a[0]!;
    vectors[0] = 1;
    return { values, vectors };
  }
  if (!a.every(Number.isFinite)) {
    for (let j = 0; j < n; j++) vectors[j * n + j] = 1;
    return { values: values.fill(Number.NaN), vectors };
  }
  // Its squares must stay in range.
  const peak = a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const scale = peak > LARGE || (peak < 1 / LARGE && peak > 0) ? peak : 1;
  const m = new Matrix(n, n);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) m.set(i, j, 0.5 * (a[j * n + i]! / scale + a[i * n + j]! / scale));
  const eigen = new EigenvalueDecomposition(m, { assumeSymmetric: true });
  // Asked for once: each time they are made anew.
  const found = eigen.realEigenvalues;
  const basis = eigen.eigenvectorMatrix;
  const order = Array.from(found.keys()).sort((x, y) => found[x]! - found[y]!);
  for (let j = 0; j < n; j++) {
    values[j] = scale * found[order[j]!]!;
    for (let i = 0; i < n; i++) vectors[j * n + i] = basis.get(i, order[j]!);
  }
  return { values, vectors };
}

/** Singular value decomposition A = U diag(s) V' of a small square matrix, s descending. */
export function singularValues(
  a: Float64Array,
  n: number,
): { readonly u: Float64Array; readonly s: Float64Array; readonly v: Float64Array } {
  if (n === 1) {
    return { u: Float64Array.of(a[0]! < 0 ? -1 : 1), s: Float64Array.of(Math.abs(a[0]!)), v: Float64Array.of(1) };
  }
  const m = new Matrix(n, n);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) m.set(i, j, a[j * n + i]!);
  const svd = new SingularValueDecomposition(m, { autoTranspose: false });
  const u = new Float64Array(n * n);
  const v = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      u[j * n + i] = svd.leftSingularVectors.get(i, j);
      v[j * n + i] = svd.rightSingularVectors.get(i, j);
    }
  }
  return { u, s: Float64Array.from(svd.diagonal), v };
}

/** C := A B for n x n column-major matrices. */
export function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const c = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) {
      const factor = b[j * n + k]!;
      if (factor === 0) continue;
      for (let i = 0; i < n; i++) c[j * n + i] = c[j * n + i]! + a[k * n + i]! * factor;
    }
  }
  return c;
}

/** A A' for an n x n column-major matrix. */
export function timesTransposed(a: Float64Array, n: number): Float64Array {
  const c = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[k * n + i]! * a[k * n + j]!;
      c[j * n + i] = sum;
    }
  }
  return c;
}

/** The lower-triangular L with non-negative diagonal and L L' = A A', by Householder reflections from the right. */
export function lowerFactor(a: Float64Array, n: number, columns: number = n): Float64Array {
  const work = Float64Array.from(a.subarray(0, n * columns));
  for (let i = 0; i < n; i++) {
    let norm = 0;
    for (let j = i; j < columns; j++) norm = Math.hypot(norm, work[j * n + i]!);
    if (norm === 0) continue;
    const head = work[i * n + i]!;
    const alpha = head > 0 ? -norm : norm;
    const v = new Float64Array(columns);
    for (let j = i; j < columns; j++) v[j] = work[j * n + i]!;
    v[i] = v[i]! - alpha;
    let vv = 0;
    for (let j = i; j < columns; j++) vv += v[j]! * v[j]!;
    if (vv === 0) continue;
    for (let r = i; r < n; r++) {
      let dot = 0;
      for (let j = i; j < columns; j++) dot += work[j * n + r]! * v[j]!;
      const scale = (2 * dot) / vv;
      for (let j = i; j < columns; j++) work[j * n + r] = work[j * n + r]! - scale * v[j]!;
    }
  }
  const lower = new Float64Array(n * n);
  for (let j = 0; j < Math.min(n, columns); j++) {
    const sign = work[j * n + j]! < 0 ? -1 : 1;
    for (let i = j; i < n; i++) lower[j * n + i] = sign * work[j * n + i]!;
  }
  return lower;
}

/** The inverse of a lower-triangular matrix. */
export function invertLower(l: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    inverse[j * n + j] = 1 / l[j * n + j]!;
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += l[k * n + i]! * inverse[j * n + k]!;
      inverse[j * n + i] = -sum / l[i * n + i]!;
    }
  }
  return inverse;
}

/** A symmetric matrix with the absolute values of its eigenvalues. */
export function absolute(t: Float64Array, n: number): Float64Array {
  // Mostly it is positive definite, which a factorisation shows at a fraction of the cost.
  if (n === 0 || cholesky(Float64Array.from(t), 0, n, n) < 0) return t;
  const { values, vectors } = symmetricEigen(t, n);
  if (values[0]! >= 0) return t;
  const out = new Float64Array(n * n);
  for (let m = 0; m < n; m++) {
    const value = Math.abs(values[m]!);
    for (let c = 0; c < n; c++)
      for (let r = 0; r < n; r++) out[c * n + r] = out[c * n + r]! + value * vectors[m * n + r]! * vectors[m * n + c]!;
  }
  return out;
}
