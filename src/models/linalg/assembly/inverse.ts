/**
 * C = (L L')^-1 as a full symmetric matrix, from the last block of columns J to the first, R the rows below:
 *
 *   V = L_RJ L_JJ^-1,   C_RJ = -C_RR V,   C_JJ = (L_JJ L_JJ')^-1 - V' C_RJ
 */
import { WIDTH } from "./cholesky";
import { packColumns, packRows, transpose } from "./strips";
import { edgeTile, tile } from "./tile";
import { packTriangle, solve } from "./triangle";

/** Blocks of this width are inverted without further division. */
const NARROW: i32 = 8;
/** Rows of C_RR packed at a time. */
const DEPTH: i32 = 256;

/** Work space: a tile, a packed triangle, a strip of V, columns of C, then V' packed. */
export function inverseWorkBytes(n: i32): usize {
  return 128 + ((usize(WIDTH) * usize(WIDTH + 4 + DEPTH + ((n + 3) & ~3)) + usize(4 * DEPTH)) << 3);
}

/** @param into n x n, every element is written */
export function inverse(l: usize, ld: i32, n: i32, into: usize, ldInto: i32, work: usize): void {
  blocked(l, usize(ld) << 3, n, into, usize(ldInto) << 3, WIDTH, work);
}

function blocked(l: usize, ldBytes: usize, n: i32, into: usize, intoBytes: usize, width: i32, work: usize): void {
  if (n <= NARROW) {
    unblocked(l, ldBytes, n, into, intoBytes, work);
    return;
  }
  while (n <= width) width >>= 2;
  const triangle = work + 128;
  const strip = triangle + (usize(width * width) << 3);
  const rowStrip = strip + (usize(width) << 5);
  const columns = rowStrip + (usize(DEPTH) << 5);
  const panel = columns + (usize(width * DEPTH) << 3);
  for (let j = ((n - 1) / width) * width; j >= 0; j -= width) {
    const size = min(width, n - j);
    const diagonal = l + usize(j) * (ldBytes + 8);
    const cJJ = into + usize(j) * (intoBytes + 8);
    blocked(diagonal, ldBytes, size, cJJ, intoBytes, width, work);
    const below = n - j - size;
    if (below === 0) continue;
    const panelBytes = usize((below + 3) & ~3) << 5;
    packTriangle(triangle, diagonal, ldBytes, size, true);
    const lRJ = diagonal + (usize(size) << 3);
    for (let i = 0; i < below; i += 4) {
      packRows(strip, lRJ + (usize(i) << 3), ldBytes, min(4, below - i), size);
      solve(strip, triangle, size);
      let to = panel + (usize(i) << 5);
      for (let c = 0; c < size; c += 4, to += panelBytes) transpose(to, 32, strip + (usize(c) << 5), 32, 4, 4);
    }

    const cRJ = cJJ + (usize(size) << 3);
    const cRR = cRJ + usize(size) * intoBytes;
    for (let c = 0; c < size; c++) memory.fill(cRJ + usize(c) * intoBytes, 0, usize(below) << 3);
    for (let k0 = 0; k0 < below; k0 += DEPTH) {
      const depth = min(DEPTH, below - k0);
      for (let i = 0; i < below; i += 4) {
        const high = min(4, below - i);
        // rows i ... i + 3 of C_RR are its columns
        packColumns(rowStrip, cRR + usize(i) * intoBytes + (usize(k0) << 3), intoBytes, high, depth);
        let to = cRJ + (usize(i) << 3);
        let v = panel + (usize(k0) << 5);
        for (let c = 0; c < size; c += 4, to += intoBytes << 2, v += panelBytes) {
          if (high === 4) tile(to, intoBytes, rowStrip, v, depth);
          else edgeTile(to, intoBytes, rowStrip, v, depth, high, 4, work);
        }
      }
    }
    for (let k0 = 0; k0 < below; k0 += DEPTH) {
      const depth = min(DEPTH, below - k0);
      packColumns(columns, cRJ + (usize(k0) << 3), intoBytes, size, depth);
      for (let c = 0; c < size; c += 4) {
        const other = columns + usize(c >> 2) * (usize(depth) << 5);
        for (let r = c; r < size; r += 4) {
          const v = panel + usize(r >> 2) * panelBytes + (usize(k0) << 5);
          tile(cJJ + (usize(r) << 3) + usize(c) * intoBytes, intoBytes, v, other, depth);
        }
      }
    }
    for (let c = 1; c < size; c++) {
      for (let r = 0; r < c; r++) {
        const lower = cJJ + (usize(c) << 3) + usize(r) * intoBytes;
        store<f64>(cJJ + (usize(r) << 3) + usize(c) * intoBytes, load<f64>(lower));
      }
    }
    transpose(cJJ + usize(size) * intoBytes, intoBytes, cRJ, intoBytes, below, size);
  }
}

/** W = L^-1 column by column in the work space, then W'W. */
function unblocked(l: usize, ldBytes: usize, n: i32, into: usize, intoBytes: usize, work: usize): void {
  const w = work + 128;
  for (let c = 0; c < n; c++) {
    const column = w + (usize(c * NARROW) << 3);
    for (let r = c; r < n; r++) {
      let sum: f64 = r === c ? 1 : 0;
      for (let k = c; k < r; k++) sum -= load<f64>(l + usize(k) * ldBytes + (usize(r) << 3)) * load<f64>(column + (usize(k) << 3));
      store<f64>(column + (usize(r) << 3), sum / load<f64>(l + usize(r) * (ldBytes + 8)));
    }
  }
  for (let c = 0; c < n; c++) {
    for (let r = c; r < n; r++) {
      let sum: f64 = 0;
      for (let k = r; k < n; k++) sum += load<f64>(w + (usize(c * NARROW + k) << 3)) * load<f64>(w + (usize(r * NARROW + k) << 3));
      store<f64>(into + usize(c) * intoBytes + (usize(r) << 3), sum);
      store<f64>(into + usize(r) * intoBytes + (usize(c) << 3), sum);
    }
  }
}
