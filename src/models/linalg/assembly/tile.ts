/**
 * The register tile under every kernel: C := C - A B' for a 4 x 4 tile of C.
 *
 * A and B come as *strips* of four rows, packed so that element (i, l) stands at 4 l + i. The tile stays in eight f64x2
 * registers while the strips are read in order (Goto & van de Geijn 2008, "Anatomy of high-performance matrix multiplication").
 * All lengths that end in `Bytes` and all addresses count bytes; other lengths count numbers.
 */

/** Bytes of four numbers: one column of a strip. */
export const STEP: usize = 32;

/** C (4 x 4, columns ldBytes apart) := C - A B', both strips `depth` columns long. */
export function tile(c: usize, ldBytes: usize, a: usize, b: usize, depth: i32): void {
  let lo0 = f64x2.splat(0);
  let hi0 = f64x2.splat(0);
  let lo1 = f64x2.splat(0);
  let hi1 = f64x2.splat(0);
  let lo2 = f64x2.splat(0);
  let hi2 = f64x2.splat(0);
  let lo3 = f64x2.splat(0);
  let hi3 = f64x2.splat(0);
  let lo: v128;
  let hi: v128;
  let x: v128;
  // Not unrolled: V8 then hoists the loads and runs out of registers (a quarter slower).
  for (const end = a + (usize(depth) << 5); a < end; a += STEP, b += STEP) {
    lo = v128.load(a);
    hi = v128.load(a, 16);
    x = v128.load_splat<f64>(b);
    lo0 = f64x2.add(lo0, f64x2.mul(lo, x));
    hi0 = f64x2.add(hi0, f64x2.mul(hi, x));
    x = v128.load_splat<f64>(b, 8);
    lo1 = f64x2.add(lo1, f64x2.mul(lo, x));
    hi1 = f64x2.add(hi1, f64x2.mul(hi, x));
    x = v128.load_splat<f64>(b, 16);
    lo2 = f64x2.add(lo2, f64x2.mul(lo, x));
    hi2 = f64x2.add(hi2, f64x2.mul(hi, x));
    x = v128.load_splat<f64>(b, 24);
    lo3 = f64x2.add(lo3, f64x2.mul(lo, x));
    hi3 = f64x2.add(hi3, f64x2.mul(hi, x));
  }
  v128.store(c, f64x2.sub(v128.load(c), lo0));
  v128.store(c, f64x2.sub(v128.load(c, 16), hi0), 16);
  c += ldBytes;
  v128.store(c, f64x2.sub(v128.load(c), lo1));
  v128.store(c, f64x2.sub(v128.load(c, 16), hi1), 16);
  c += ldBytes;
  v128.store(c, f64x2.sub(v128.load(c), lo2));
  v128.store(c, f64x2.sub(v128.load(c, 16), hi2), 16);
  c += ldBytes;
  v128.store(c, f64x2.sub(v128.load(c), lo3));
  v128.store(c, f64x2.sub(v128.load(c, 16), hi3), 16);
}

/** The same where C ends after `rows` rows or `columns` columns: the tile is formed aside in `scratch` (16 numbers). */
export function edgeTile(c: usize, ldBytes: usize, a: usize, b: usize, depth: i32, rows: i32, columns: i32, scratch: usize): void {
  memory.fill(scratch, 0, 128);
  tile(scratch, STEP, a, b, depth);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) {
      const at = c + (usize(i) << 3);
      store<f64>(at, load<f64>(at) + load<f64>(scratch + (usize(i) << 3)));
    }
    c += ldBytes;
    scratch += STEP;
  }
}
