/**
 * A = L L' by blocks of columns, right-looking: diagonal block, panel, rank-k update of what is left. The diagonal block goes the same
 * way with blocks a quarter as wide. Only the lower triangle is read; above it only whole tiles on the diagonal are written.
 */
import { subtractPacked } from "./product";
import { packRows, unpackRows } from "./strips";
import { packTriangle, solveTransposed } from "./triangle";

/** Columns of the widest block. */
export const WIDTH: i32 = 128;
/** Blocks of this width are factored without further division. */
const NARROW: i32 = 8;

/** Work space: 16 numbers for a tile, a packed triangle, then the packed panel below it. */
export function choleskyWorkBytes(n: i32): usize {
  return 128 + ((usize(WIDTH) * usize(WIDTH + ((n + 3) & ~3))) << 3);
}

/** @returns -1, or the first column whose pivot is not a positive finite number */
export function cholesky(a: usize, ld: i32, n: i32, work: usize): i32 {
  return blocked(a, usize(ld) << 3, n, WIDTH, work);
}

function blocked(a: usize, ldBytes: usize, n: i32, width: i32, work: usize): i32 {
  if (n <= NARROW) return unblocked(a, ldBytes, n);
  while (n <= width) width >>= 2;
  const triangle = work + 128;
  const panel = triangle + (usize(width * width) << 3);
  const stripBytes = usize(width) << 5;
  for (let j = 0; j < n; j += width) {
    const size = min(width, n - j);
    const diagonal = a + usize(j) * (ldBytes + 8);
    const failed = blocked(diagonal, ldBytes, size, width, work);
    if (failed >= 0) return j + failed;
    const below = n - j - size;
    if (below === 0) break;
    packTriangle(triangle, diagonal, ldBytes, size, false);
    let rows = diagonal + (usize(size) << 3);
    let strip = panel;
    for (let i = 0; i < below; i += 4, rows += 32, strip += stripBytes) {
      const high = min(4, below - i);
      packRows(strip, rows, ldBytes, high, size);
      solveTransposed(strip, triangle, size);
      unpackRows(rows, ldBytes, high, strip, size);
    }
    subtractPacked(diagonal + usize(size) * (ldBytes + 8), ldBytes, below, below, panel, panel, size, true, work);
  }
  return -1;
}

function unblocked(a: usize, ldBytes: usize, n: i32): i32 {
  for (let j = 0; j < n; j++) {
    const column = a + usize(j) * ldBytes;
    for (let k = 0; k < j; k++) {
      const other = a + usize(k) * ldBytes;
      const factor = load<f64>(other + (usize(j) << 3));
      for (let i = usize(j) << 3; i < usize(n) << 3; i += 8) store<f64>(column + i, load<f64>(column + i) - factor * load<f64>(other + i));
    }
    const pivot = load<f64>(column + (usize(j) << 3));
    if (!(pivot > 0) || pivot === Infinity) return j;
    const root = Math.sqrt(pivot);
    store<f64>(column + (usize(j) << 3), root);
    const scale = 1 / root;
    for (let i = usize(j + 1) << 3; i < usize(n) << 3; i += 8) store<f64>(column + i, load<f64>(column + i) * scale);
  }
  return -1;
}
