/**
 * The one dense kernel under the heavy work: C := C - A B', with C n x m, A n x k, B m x k.
 *
 * A and B are packed into strips of four rows so that the inner loop reads memory in order and keeps a 4 x 4 tile of C
 * in registers (Goto & van de Geijn 2008, "Anatomy of high-performance matrix multiplication"). Strides are free, so
 * transposed operands need no copy of their own.
 */

/** A strided view of a matrix inside a Float64Array: element (i, j) stands at offset + i * rowStride + j * columnStride. */
export interface MatrixView {
  readonly data: Float64Array;
  readonly offset: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** Column-major view with leading dimension `ld`. */
export function columnMajor(data: Float64Array, offset: number, ld: number): MatrixView {
  return { data, offset, rowStride: 1, columnStride: ld };
}

/** How many columns of A and B are packed at a time: two strips of this depth stay in the first-level cache. */
const DEPTH = 256;

/**
 * C := C - A B'.
 *
 * @param lower compute only tiles that reach the lower triangle (for symmetric C); the upper triangle may be written too
 */
export function subtractProduct(
  c: Float64Array,
  cOffset: number,
  ldc: number,
  n: number,
  m: number,
  k: number,
  a: MatrixView,
  b: MatrixView,
  lower = false,
): void {
  if (n === 0 || m === 0 || k === 0) return;
  const strips = Math.ceil(n / 4);
  const bStrips = Math.ceil(m / 4);
  const depth = Math.min(k, DEPTH);
  const packedA = room(0, strips * 4 * depth);
  const packedB = room(1, bStrips * 4 * depth);
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const kk = Math.min(DEPTH, k - k0);
    pack(packedA, a, n, k0, kk);
    pack(packedB, b, m, k0, kk);
    for (let jb = 0; jb < bStrips; jb++) {
      const j0 = jb * 4;
      for (let ib = lower ? jb : 0; ib < strips; ib++) {
        tile(
          c,
          cOffset + j0 * ldc + ib * 4,
          ldc,
          Math.min(4, n - ib * 4),
          Math.min(4, m - j0),
          packedA,
          ib * 4 * kk,
          packedB,
          jb * 4 * kk,
          kk,
        );
      }
    }
  }
}

/** Packing room that stays between calls, up to 4 MB each: many products are small. */
const rooms: [Float64Array, Float64Array] = [new Float64Array(0), new Float64Array(0)];
const LARGEST_ROOM = 2 ** 19;

function room(which: 0 | 1, length: number): Float64Array {
  if (rooms[which].length >= length) return rooms[which];
  const made = new Float64Array(length);
  if (length <= LARGEST_ROOM) rooms[which] = made;
  return made;
}

function pack(into: Float64Array, from: MatrixView, rows: number, k0: number, kk: number): void {
  const { data, rowStride, columnStride } = from;
  let p = 0;
  for (let i0 = 0; i0 < rows; i0 += 4) {
    const full = i0 + 4 <= rows;
    let at = from.offset + i0 * rowStride + k0 * columnStride;
    for (let l = 0; l < kk; l++, at += columnStride, p += 4) {
      into[p] = data[at]!;
      if (full) {
        into[p + 1] = data[at + rowStride]!;
        into[p + 2] = data[at + 2 * rowStride]!;
        into[p + 3] = data[at + 3 * rowStride]!;
      } else {
        into[p + 1] = i0 + 1 < rows ? data[at + rowStride]! : 0;
        into[p + 2] = i0 + 2 < rows ? data[at + 2 * rowStride]! : 0;
        into[p + 3] = 0;
      }
    }
  }
}

function tile(
  c: Float64Array,
  at: number,
  ldc: number,
  rows: number,
  columns: number,
  pa: Float64Array,
  ia: number,
  pb: Float64Array,
  ib: number,
  kk: number,
): void {
  let c00 = 0;
  let c10 = 0;
  let c20 = 0;
  let c30 = 0;
  let c01 = 0;
  let c11 = 0;
  let c21 = 0;
  let c31 = 0;
  let c02 = 0;
  let c12 = 0;
  let c22 = 0;
  let c32 = 0;
  let c03 = 0;
  let c13 = 0;
  let c23 = 0;
  let c33 = 0;
  for (let l = 0; l < kk; l++, ia += 4, ib += 4) {
    const a0 = pa[ia]!;
    const a1 = pa[ia + 1]!;
    const a2 = pa[ia + 2]!;
    const a3 = pa[ia + 3]!;
    const b0 = pb[ib]!;
    const b1 = pb[ib + 1]!;
    const b2 = pb[ib + 2]!;
    const b3 = pb[ib + 3]!;
    c00 += a0 * b0;
    c10 += a1 * b0;
    c20 += a2 * b0;
    c30 += a3 * b0;
    c01 += a0 * b1;
    c11 += a1 * b1;
    c21 += a2 * b1;
    c31 += a3 * b1;
    c02 += a0 * b2;
    c12 += a1 * b2;
    c22 += a2 * b2;
    c32 += a3 * b2;
    c03 += a0 * b3;
    c13 += a1 * b3;
    c23 += a2 * b3;
    c33 += a3 * b3;
  }
  if (rows === 4 && columns === 4) {
    c[at] = c[at]! - c00;
    c[at + 1] = c[at + 1]! - c10;
    c[at + 2] = c[at + 2]! - c20;
    c[at + 3] = c[at + 3]! - c30;
    at += ldc;
    c[at] = c[at]! - c01;
    c[at + 1] = c[at + 1]! - c11;
    c[at + 2] = c[at + 2]! - c21;
    c[at + 3] = c[at + 3]! - c31;
    at += ldc;
    c[at] = c[at]! - c02;
    c[at + 1] = c[at + 1]! - c12;
    c[at + 2] = c[at + 2]! - c22;
    c[at + 3] = c[at + 3]! - c32;
    at += ldc;
    c[at] = c[at]! - c03;
    c[at + 1] = c[at + 1]! - c13;
    c[at + 2] = c[at + 2]! - c23;
    c[at + 3] = c[at + 3]! - c33;
    return;
  }
  const edge = [c00, c10, c20, c30, c01, c11, c21, c31, c02, c12, c22, c32, c03, c13, c23, c33];
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) c[at + j * ldc + i] = c[at + j * ldc + i]! - edge[j * 4 + i]!;
  }
}
