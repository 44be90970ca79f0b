/**
 * Products of packed strips: C := C - A B', by blocks of rows of A that stay in the second-level cache.
 */
import { packRows } from "./strips";
import { edgeTile, tile } from "./tile";

/** Numbers of A in a block: 128 kB. */
const BLOCK: i32 = 16384;

/**
 * C (rows x columns) := C - A B' for strips A and B of the same depth.
 *
 * @param lower only the tiles that reach the lower triangle (those on the diagonal write above it, too)
 */
export function subtractPacked(
  c: usize,
  ldBytes: usize,
  rows: i32,
  columns: i32,
  a: usize,
  b: usize,
  depth: i32,
  lower: bool,
  scratch: usize,
): void {
  const stripBytes = usize(depth) << 5;
  const block = max(16, (BLOCK / depth) & ~3);
  for (let i0 = 0; i0 < rows; i0 += block) {
    const end = min(rows, i0 + block);
    const last = lower ? min(columns, end) : columns;
    for (let j = 0; j < last; j += 4) {
      const strip = b + usize(j >> 2) * stripBytes;
      const from = lower ? max(i0, j) : i0;
      let at = c + (usize(from) << 3) + usize(j) * ldBytes;
      let other = a + usize(from >> 2) * stripBytes;
      const wide = min(4, columns - j);
      for (let i = from; i < end; i += 4, at += 32, other += stripBytes) {
        const high = min(4, end - i);
        if (high === 4 && wide === 4) tile(at, ldBytes, other, strip, depth);
        else edgeTile(at, ldBytes, other, strip, depth, high, wide, scratch);
      }
    }
  }
}

/** Columns of A and B packed at a time. */
const DEPTH: i32 = 256;

/** Bytes of work space that `subtractProduct` needs. */
export function productWorkBytes(rows: i32, columns: i32): usize {
  return 128 + ((usize(((rows + 3) & ~3) + ((columns + 3) & ~3)) * usize(DEPTH)) << 3);
}

/**
 * C (rows x columns) := C - A B' for column-major matrices; A rows x depth, B columns x depth, leading dimensions in numbers.
 * With a = b (and as many rows as columns) the matrix is packed once.
 */
export function subtractProduct(
  c: usize,
  ldc: i32,
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  lda: i32,
  b: usize,
  ldb: i32,
  lower: bool,
  work: usize,
): void {
  const packedA = work + 128;
  for (let k0 = 0; k0 < depth; k0 += DEPTH) {
    const k = min(DEPTH, depth - k0);
    packRows(packedA, a + usize(k0) * (usize(lda) << 3), usize(lda) << 3, rows, k);
    let packedB = packedA;
    if (a !== b) {
      packedB = packedA + ((usize((rows + 3) & ~3) * usize(k)) << 3);
      packRows(packedB, b + usize(k0) * (usize(ldb) << 3), usize(ldb) << 3, columns, k);
    }
    subtractPacked(c, usize(ldc) << 3, rows, columns, packedA, packedB, k, lower, work);
  }
}
