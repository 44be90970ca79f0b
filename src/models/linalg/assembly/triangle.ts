/**
 * Solutions with a triangular block, strip by strip: X := X L^-T and X := X L^-1 for a strip X of four rows.
 *
 * The block's size is a multiple of four. It is packed with the reciprocals of its diagonal, so that a strip needs no division;
 * each 4 x 4 tile of X first loses the products of the columns already solved (the register tile), then is solved itself.
 */
import { packColumns, packRows } from "./strips";
import { STEP, tile } from "./tile";

/** Rows of L for `solveTransposed`, or its columns for `solve`. */
export function packTriangle(to: usize, l: usize, ldBytes: usize, size: i32, columns: bool): void {
  if (columns) packColumns(to, l, ldBytes, size, size);
  else packRows(to, l, ldBytes, size, size);
  for (let j = 0; j < size; j++) {
    const at = to + (usize((j >> 2) * size + j) << 5) + (usize(j & 3) << 3);
    store<f64>(at, 1 / load<f64>(at));
  }
}

/** X := X L^-T, columns from first to last. */
export function solveTransposed(strip: usize, triangle: usize, size: i32): void {
  const strideBytes = usize(size) << 5;
  let x = strip;
  for (let j = 0; j < size; j += 4, x += 128, triangle += strideBytes) {
    tile(x, STEP, strip, triangle, j);
    const d = triangle + (usize(j) << 5);
    solveColumns(x, 0, STEP, 2 * STEP, 3 * STEP, d, d + 40, d + 80, d + 120, d + 8, d + 16, d + 24, d + 48, d + 56, d + 88);
  }
}

/** X := X L^-1, columns from last to first. */
export function solve(strip: usize, triangle: usize, size: i32): void {
  const strideBytes = usize(size) << 5;
  for (let j = size - 4; j >= 0; j -= 4) {
    const x = strip + (usize(j) << 5);
    const t = triangle + usize(j >> 2) * strideBytes + (usize(j) << 5);
    tile(x, STEP, x + 128, t + 128, size - 4 - j);
    solveColumns(x, 3 * STEP, 2 * STEP, STEP, 0, t + 120, t + 80, t + 40, t, t + 112, t + 104, t + 96, t + 72, t + 64, t + 32);
  }
}

/**
 * Four columns one after the other, standing at x + o0 ... x + o3: the addresses of the reciprocal diagonal r0 ... r3, then of the
 * elements that join column 0 to 1, 2, 3, column 1 to 2, 3, and column 2 to 3.
 */
// biome-ignore format: one line a column
function solveColumns(
  x: usize, o0: usize, o1: usize, o2: usize, o3: usize,
  r0: usize, r1: usize, r2: usize, r3: usize,
  l10: usize, l20: usize, l30: usize, l21: usize, l31: usize, l32: usize,
): void {
  let f = v128.load_splat<f64>(r0);
  const lo0 = f64x2.mul(v128.load(x + o0), f);
  const hi0 = f64x2.mul(v128.load(x + o0, 16), f);
  v128.store(x + o0, lo0);
  v128.store(x + o0, hi0, 16);

  f = v128.load_splat<f64>(l10);
  let lo = f64x2.sub(v128.load(x + o1), f64x2.mul(lo0, f));
  let hi = f64x2.sub(v128.load(x + o1, 16), f64x2.mul(hi0, f));
  f = v128.load_splat<f64>(r1);
  const lo1 = f64x2.mul(lo, f);
  const hi1 = f64x2.mul(hi, f);
  v128.store(x + o1, lo1);
  v128.store(x + o1, hi1, 16);

  f = v128.load_splat<f64>(l20);
  lo = f64x2.sub(v128.load(x + o2), f64x2.mul(lo0, f));
  hi = f64x2.sub(v128.load(x + o2, 16), f64x2.mul(hi0, f));
  f = v128.load_splat<f64>(l21);
  lo = f64x2.sub(lo, f64x2.mul(lo1, f));
  hi = f64x2.sub(hi, f64x2.mul(hi1, f));
  f = v128.load_splat<f64>(r2);
  const lo2 = f64x2.mul(lo, f);
  const hi2 = f64x2.mul(hi, f);
  v128.store(x + o2, lo2);
  v128.store(x + o2, hi2, 16);

  f = v128.load_splat<f64>(l30);
  lo = f64x2.sub(v128.load(x + o3), f64x2.mul(lo0, f));
  hi = f64x2.sub(v128.load(x + o3, 16), f64x2.mul(hi0, f));
  f = v128.load_splat<f64>(l31);
  lo = f64x2.sub(lo, f64x2.mul(lo1, f));
  hi = f64x2.sub(hi, f64x2.mul(hi1, f));
  f = v128.load_splat<f64>(l32);
  lo = f64x2.sub(lo, f64x2.mul(lo2, f));
  hi = f64x2.sub(hi, f64x2.mul(hi2, f));
  f = v128.load_splat<f64>(r3);
  v128.store(x + o3, f64x2.mul(lo, f));
  v128.store(x + o3, f64x2.mul(hi, f), 16);
}
