/**
 * Cholesky factor L of a symmetric positive definite matrix, A = L L', and what is made from it.
 *
 * Matrices are column-major with leading dimension `ld`; only the lower triangle is read and written. Large ones go
 * by blocks of columns (right-looking): diagonal block, panel solve, rank-k update by the packed kernel; the diagonal block and the
 * panel go the same way with narrower blocks.
 */
import { columnMajor, subtractProduct } from "./gemm.js";

const WIDE = 64;
const NARROW = 16;
const SMALL = 8;

/**
 * Overwrites the lower triangle of the n x n matrix at `offset` by its Cholesky factor.
 *
 * @returns -1, or the first column whose pivot is not a positive finite number (the matrix is then partly overwritten)
 */
export function cholesky(a: Float64Array, offset: number, ld: number, n: number): number {
  if (n <= NARROW) return choleskyUnblocked(a, offset, ld, n);
  const width = n <= WIDE ? NARROW : WIDE;
  for (let j = 0; j < n; j += width) {
    const nb = Math.min(width, n - j);
    const diagonal = offset + j * ld + j;
    const failed = cholesky(a, diagonal, ld, nb);
    if (failed >= 0) return j + failed;
    const below = n - j - nb;
    if (below === 0) break;
    const panel = diagonal + nb;
    solveRightTransposed(a, panel, ld, below, a, diagonal, ld, nb);
    const view = columnMajor(a, panel, ld);
    subtractProduct(a, diagonal + nb * ld + nb, ld, below, below, nb, view, view, true);
  }
  return -1;
}

function choleskyUnblocked(a: Float64Array, offset: number, ld: number, n: number): number {
  for (let j = 0; j < n; j++) {
    const column = offset + j * ld;
    for (let k = 0; k < j; k++) {
      const other = offset + k * ld;
      const factor = a[other + j]!;
      if (factor === 0) continue;
      for (let i = j; i < n; i++) a[column + i] = a[column + i]! - factor * a[other + i]!;
    }
    const pivot = a[column + j]!;
    if (!(pivot > 0) || pivot === Number.POSITIVE_INFINITY) return j;
    const root = Math.sqrt(pivot);
    a[column + j] = root;
    const scale = 1 / root;
    for (let i = j + 1; i < n; i++) a[column + i] = a[column + i]! * scale;
  }
  return -1;
}

/** B := B L^-T for B rows x n and L n x n lower: the panel below a diagonal block. */
export function solveRightTransposed(
  b: Float64Array,
  bOffset: number,
  ldb: number,
  rows: number,
  l: Float64Array,
  lOffset: number,
  ldl: number,
  n: number,
): void {
  for (let start = 0; start < n; start += NARROW) {
    const end = Math.min(n, start + NARROW);
    const before = columnMajor(b, bOffset, ldb);
    subtractProduct(b, bOffset + start * ldb, ldb, rows, end - start, start, before, columnMajor(l, lOffset + start, ldl));
    for (let j = start; j < end; j++) {
      const column = bOffset + j * ldb;
      for (let k = start; k < j; k++) subtractColumn(b, column, bOffset + k * ldb, rows, l[lOffset + k * ldl + j]!);
      scaleColumn(b, column, rows, 1 / l[lOffset + j * ldl + j]!);
    }
  }
}

/** B := B L^-1 for B rows x n and L n x n lower. */
export function solveRight(
  b: Float64Array,
  bOffset: number,
  ldb: number,
  rows: number,
  l: Float64Array,
  lOffset: number,
  ldl: number,
  n: number,
): void {
  for (let start = (Math.ceil(n / NARROW) - 1) * NARROW; start >= 0; start -= NARROW) {
    const end = Math.min(n, start + NARROW);
    // B_J -= B_K L_KJ, K the columns after J: the second operand is L_KJ'.
    const after = { data: l, offset: lOffset + start * ldl + end, rowStride: ldl, columnStride: 1 };
    subtractProduct(b, bOffset + start * ldb, ldb, rows, end - start, n - end, columnMajor(b, bOffset + end * ldb, ldb), after);
    for (let j = end - 1; j >= start; j--) {
      const column = bOffset + j * ldb;
      for (let k = j + 1; k < end; k++) subtractColumn(b, column, bOffset + k * ldb, rows, l[lOffset + j * ldl + k]!);
      scaleColumn(b, column, rows, 1 / l[lOffset + j * ldl + j]!);
    }
  }
}

function subtractColumn(b: Float64Array, column: number, other: number, rows: number, factor: number): void {
  if (factor === 0) return;
  for (let i = 0; i < rows; i++) b[column + i] = b[column + i]! - factor * b[other + i]!;
}

function scaleColumn(b: Float64Array, column: number, rows: number, scale: number): void {
  for (let i = 0; i < rows; i++) b[column + i] = b[column + i]! * scale;
}

/** x := L^-1 x for `count` right-hand sides stored row by row: component i of side v at x[offset + i * count + v]. */
export function forwardSolve(
  l: Float64Array,
  lOffset: number,
  ld: number,
  n: number,
  x: Float64Array,
  offset: number,
  count: number,
): void {
  for (let j = 0; j < n; j++) {
    const column = lOffset + j * ld;
    const scale = 1 / l[column + j]!;
    const at = offset + j * count;
    for (let v = 0; v < count; v++) x[at + v] = x[at + v]! * scale;
    for (let i = j + 1; i < n; i++) {
      const factor = l[column + i]!;
      if (factor === 0) continue;
      const to = offset + i * count;
      for (let v = 0; v < count; v++) x[to + v] = x[to + v]! - factor * x[at + v]!;
    }
  }
}

/** x := L^-T x for `count` right-hand sides stored row by row. */
export function backwardSolve(
  l: Float64Array,
  lOffset: number,
  ld: number,
  n: number,
  x: Float64Array,
  offset: number,
  count: number,
): void {
  for (let j = n - 1; j >= 0; j--) {
    const column = lOffset + j * ld;
    const at = offset + j * count;
    for (let i = j + 1; i < n; i++) {
      const factor = l[column + i]!;
      if (factor === 0) continue;
      const from = offset + i * count;
      for (let v = 0; v < count; v++) x[at + v] = x[at + v]! - factor * x[from + v]!;
    }
    const scale = 1 / l[column + j]!;
    for (let v = 0; v < count; v++) x[at + v] = x[at + v]! * scale;
  }
}

/**
 * (L L')^-1 as a full symmetric matrix, from the last block of columns to the first:
 *
 *   V = L_RJ L_JJ^-1,   C_RJ = -C_RR V,   C_JJ = (L_JJ L_JJ')^-1 - V' C_RJ
 *
 * @param into n x n, leading dimension n; every element is written
 */
export function inverseFromCholesky(l: Float64Array, offset: number, ld: number, n: number, into: Float64Array): void {
  into.fill(0, 0, n * n);
  invert(l, offset, ld, n, into, 0, n, new Float64Array(n * WIDE));
}

/** @param v room for V */
function invert(
  l: Float64Array,
  offset: number,
  ld: number,
  n: number,
  into: Float64Array,
  at: number,
  ldInto: number,
  v: Float64Array,
): void {
  if (n <= SMALL) {
    invertSmall(l, offset, ld, n, into, at, ldInto);
    return;
  }
  const width = n <= NARROW ? SMALL : n <= WIDE ? NARROW : WIDE;
  for (let j = Math.floor((n - 1) / width) * width; j >= 0; j -= width) {
    const nb = Math.min(width, n - j);
    const diagonal = offset + j * ld + j;
    const own = at + j * ldInto + j;
    invert(l, diagonal, ld, nb, into, own, ldInto, v);
    const below = n - j - nb;
    if (below === 0) continue;
    const side = own + nb;
    const later = side + nb * ldInto;
    for (let c = 0; c < nb; c++) v.set(l.subarray(diagonal + nb + c * ld, diagonal + nb + c * ld + below), c * below);
    solveRight(v, 0, below, below, l, diagonal, ld, nb);
    // C_RJ = 0 - C_RR (V')': A = C_RR (below x below), B = V' (nb x below)
    const vTransposed = { data: v, offset: 0, rowStride: below, columnStride: 1 };
    subtractProduct(into, side, ldInto, below, nb, below, columnMajor(into, later, ldInto), vTransposed);
    // C_JJ -= V' C_RJ: A = V' (nb x below), B = C_RJ' (nb x below)
    const sideTransposed = { data: into, offset: side, rowStride: ldInto, columnStride: 1 };
    subtractProduct(into, own, ldInto, nb, nb, below, vTransposed, sideTransposed, true);
    for (let c = 0; c < nb; c++) for (let i = 0; i < c; i++) into[own + c * ldInto + i] = into[own + i * ldInto + c]!;
    for (let c = 0; c < nb; c++) {
      for (let i = 0; i < below; i++) into[own + (nb + i) * ldInto + c] = into[side + c * ldInto + i]!;
    }
  }
}

/** The inverse of a small L L' into a symmetric block. */
function invertSmall(l: Float64Array, offset: number, ld: number, n: number, into: Float64Array, at: number, ldInto: number): void {
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    column.fill(0);
    column[c] = 1;
    forwardSolve(l, offset, ld, n, column, 0, 1);
    backwardSolve(l, offset, ld, n, column, 0, 1);
    for (let i = 0; i < n; i++) into[at + c * ldInto + i] = column[i]!;
  }
  for (let c = 0; c < n; c++) for (let i = 0; i < c; i++) into[at + c * ldInto + i] = into[at + i * ldInto + c]!;
}
