/**
 * Matrices in strips of four rows: element (i, l) of strip s at 4 (s depth + l) + i - 4 s, missing rows zero.
 */
import { STEP } from "./tile";

/** Rows of A (column-major), one strip after the other. */
export function packRows(to: usize, a: usize, ldBytes: usize, rows: i32, depth: i32): void {
  for (; rows >= 4; rows -= 4, a += STEP) {
    let from = a;
    for (let l = 0; l < depth; l++, from += ldBytes, to += STEP) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
  }
  if (rows === 0) return;
  for (let l = 0; l < depth; l++, a += ldBytes, to += STEP) {
    store<f64>(to, load<f64>(a));
    store<f64>(to, rows > 1 ? load<f64>(a, 8) : 0, 8);
    store<f64>(to, rows > 2 ? load<f64>(a, 16) : 0, 16);
    store<f64>(to, 0, 24);
  }
}

/** The way back: one strip into `rows` rows of A. */
export function unpackRows(a: usize, ldBytes: usize, rows: i32, from: usize, depth: i32): void {
  if (rows === 4) {
    for (let l = 0; l < depth; l++, a += ldBytes, from += STEP) {
      v128.store(a, v128.load(from));
      v128.store(a, v128.load(from, 16), 16);
    }
    return;
  }
  for (let l = 0; l < depth; l++, a += ldBytes, from += STEP) {
    for (let i = 0; i < rows; i++) store<f64>(a + (usize(i) << 3), load<f64>(from + (usize(i) << 3)));
  }
}

/** Columns of A (column-major), that is rows of A', one strip after the other. */
export function packColumns(to: usize, a: usize, ldBytes: usize, columns: i32, depth: i32): void {
  for (; columns >= 4; columns -= 4, a += ldBytes << 2) {
    let a0 = a;
    let a1 = a + ldBytes;
    let a2 = a1 + ldBytes;
    let a3 = a2 + ldBytes;
    let l = 0;
    for (; l + 1 < depth; l += 2, a0 += 16, a1 += 16, a2 += 16, a3 += 16, to += 64) {
      const x0 = v128.load(a0);
      const x1 = v128.load(a1);
      const x2 = v128.load(a2);
      const x3 = v128.load(a3);
      v128.store(to, v128.shuffle<f64>(x0, x1, 0, 2));
      v128.store(to, v128.shuffle<f64>(x2, x3, 0, 2), 16);
      v128.store(to, v128.shuffle<f64>(x0, x1, 1, 3), 32);
      v128.store(to, v128.shuffle<f64>(x2, x3, 1, 3), 48);
    }
    if (l < depth) {
      store<f64>(to, load<f64>(a0));
      store<f64>(to, load<f64>(a1), 8);
      store<f64>(to, load<f64>(a2), 16);
      store<f64>(to, load<f64>(a3), 24);
      to += STEP;
    }
  }
  if (columns === 0) return;
  for (let l = 0; l < depth; l++, a += 8, to += STEP) {
    store<f64>(to, load<f64>(a));
    store<f64>(to, columns > 1 ? load<f64>(a + ldBytes) : 0, 8);
    store<f64>(to, columns > 2 ? load<f64>(a + 2 * ldBytes) : 0, 16);
    store<f64>(to, 0, 24);
  }
}

/** B (columns x rows) := A' for A (rows x columns). */
export function transpose(b: usize, bLdBytes: usize, a: usize, aLdBytes: usize, rows: i32, columns: i32): void {
  let j = 0;
  for (; j + 1 < columns; j += 2) {
    let a0 = a + usize(j) * aLdBytes;
    let a1 = a0 + aLdBytes;
    let to = b + (usize(j) << 3);
    let i = 0;
    for (; i + 1 < rows; i += 2, a0 += 16, a1 += 16) {
      const x0 = v128.load(a0);
      const x1 = v128.load(a1);
      v128.store(to, v128.shuffle<f64>(x0, x1, 0, 2));
      to += bLdBytes;
      v128.store(to, v128.shuffle<f64>(x0, x1, 1, 3));
      to += bLdBytes;
    }
    if (i < rows) {
      store<f64>(to, load<f64>(a0));
      store<f64>(to, load<f64>(a1), 8);
    }
  }
  if (j < columns) {
    let from = a + usize(j) * aLdBytes;
    let to = b + (usize(j) << 3);
    for (let i = 0; i < rows; i++, from += 8, to += bLdBytes) store<f64>(to, load<f64>(from));
  }
}
