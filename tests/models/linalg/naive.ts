/**
 * Textbook linear algebra, one loop a definition, against which the kernels are tested; and random numbers from a seed.
 * Matrices are column-major without padding: element (i, j) of an n-row matrix at [j * n + i].
 */

/** Uniform numbers in [0, 1) (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal numbers (Box & Muller 1958). */
export function normal(seed: number): () => number {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

export function randomMatrix(rows: number, columns: number, next: () => number): Float64Array {
  return Float64Array.from({ length: rows * columns }, next);
}

/** A (n x k) times B (k x m). */
export function product(a: Float64Array, b: Float64Array, n: number, k: number, m: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let j = 0; j < m; j++)
    for (let l = 0; l < k; l++) for (let i = 0; i < n; i++) out[j * n + i] = out[j * n + i]! + a[l * n + i]! * b[j * k + l]!;
  return out;
}

/** A' of an n x m matrix. */
export function transposed(a: Float64Array, n: number, m: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let j = 0; j < m; j++) for (let i = 0; i < n; i++) out[i * m + j] = a[j * n + i]!;
  return out;
}

/** B B' + n I: well conditioned. */
export function positiveDefinite(n: number, next: () => number): Float64Array {
  const b = randomMatrix(n, n, next);
  const a = product(b, transposed(b, n, n), n, n, n);
  for (let i = 0; i < n; i++) a[i * n + i] = a[i * n + i]! + n;
  return a;
}

/** Lower triangle of L with A = L L', zeros above; throws where A is not positive definite. */
export function choleskyOf(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const column = l.subarray(j * n, (j + 1) * n);
    for (let i = j; i < n; i++) column[i] = a[j * n + i]!;
    for (let k = 0; k < j; k++) {
      const other = l.subarray(k * n, (k + 1) * n);
      const factor = other[j]!;
      if (factor !== 0) for (let i = j; i < n; i++) column[i] = column[i]! - factor * other[i]!;
    }
    if (!(column[j]! > 0)) throw new Error(`not positive definite at ${j}`);
    const pivot = Math.sqrt(column[j]!);
    for (let i = j; i < n; i++) column[i] = column[i]! / pivot;
  }
  return l;
}

/** A^-1 B by L L' = A; B is n x m. */
export function solve(a: Float64Array, b: Float64Array, n: number, m: number): Float64Array {
  const l = choleskyOf(a, n);
  const x = Float64Array.from(b);
  for (let c = 0; c < m; c++) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[c * n + i] = x[c * n + i]! - l[k * n + i]! * x[c * n + k]!;
      x[c * n + i] = x[c * n + i]! / l[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[c * n + i] = x[c * n + i]! - l[i * n + k]! * x[c * n + k]!;
      x[c * n + i] = x[c * n + i]! / l[i * n + i]!;
    }
  }
  return x;
}

export function identity(n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    // NaN must not pass.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
