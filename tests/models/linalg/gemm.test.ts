/** The packed kernel C := C - A B' against three loops. */
import { describe, expect, test } from "vitest";
import { columnMajor, subtractProduct } from "../../../src/models/linalg/gemm.js";
import { largestDifference, product, randomMatrix, transposed, uniform } from "./naive.js";

/** C - A B' by three loops. */
function expected(c: Float64Array, a: Float64Array, b: Float64Array, n: number, m: number, k: number): Float64Array {
  const ab = product(a, transposed(b, m, k), n, k, m);
  return c.map((value, x) => value - ab[x]!);
}

/** Sums of k products of numbers below one in another order. */
const tolerance = (k: number): number => 4 * Number.EPSILON * (k + 1);

describe("C - A B' is the sum of its products", () => {
  const next = uniform(1);
  // Every remainder of four in each direction, and depths around the packing depth of 256.
  const shapes = [1, 2, 3, 4, 5, 7, 8, 13].flatMap((n) => [1, 2, 3, 4, 6, 9].flatMap((m) => [1, 2, 5, 16].map((k) => [n, m, k] as const)));
  test("for every remainder of the tile size", () => {
    for (const [n, m, k] of shapes) {
      const a = randomMatrix(n, k, next);
      const b = randomMatrix(m, k, next);
      const c = randomMatrix(n, m, next);
      const want = expected(c, a, b, n, m, k);
      subtractProduct(c, 0, n, n, m, k, columnMajor(a, 0, n), columnMajor(b, 0, m));
      expect(largestDifference(c, want), `${n} x ${m}, depth ${k}`).toBeLessThan(tolerance(k));
    }
  });

  test.each([
    [33, 30, 255],
    [33, 30, 256],
    [33, 30, 257],
    [6, 5, 512],
    [6, 5, 700],
    [130, 127, 61],
  ])("for %i x %i at depth %i, across packed pieces", (n, m, k) => {
    const a = randomMatrix(n, k, next);
    const b = randomMatrix(m, k, next);
    const c = randomMatrix(n, m, next);
    const want = expected(c, a, b, n, m, k);
    subtractProduct(c, 0, n, n, m, k, columnMajor(a, 0, n), columnMajor(b, 0, m));
    expect(largestDifference(c, want)).toBeLessThan(tolerance(k));
  });
});

test("operands may be transposed, and part of larger matrices", () => {
  const next = uniform(2);
  const [n, m, k] = [10, 7, 5];
  const a = randomMatrix(n, k, next);
  const b = randomMatrix(m, k, next);
  const at = transposed(a, n, k);
  // B inside a 12-row matrix from row 3, column 2 on.
  const wide = randomMatrix(12, k + 2, next);
  for (let j = 0; j < k; j++) for (let i = 0; i < m; i++) wide[(j + 2) * 12 + i + 3] = b[j * m + i]!;
  // C inside a 15-row matrix.
  const ldc = 15;
  const c = randomMatrix(ldc, m + 1, next);
  const before = Float64Array.from(c);
  const offset = ldc + 4;
  subtractProduct(c, offset, ldc, n, m, k, { data: at, offset: 0, rowStride: k, columnStride: 1 }, columnMajor(wide, 2 * 12 + 3, 12));
  const ab = product(a, transposed(b, m, k), n, k, m);
  for (let j = 0; j <= m; j++) {
    for (let i = 0; i < ldc; i++) {
      const inside = j >= 1 && i >= 4 && i < 4 + n;
      const change = inside ? ab[(j - 1) * n + i - 4]! : 0;
      // Outside of C not a bit may change.
      expect(Math.abs(c[j * ldc + i]! - (before[j * ldc + i]! - change))).toBeLessThanOrEqual(inside ? tolerance(k) : 0);
    }
  }
});

test.each([1, 3, 4, 5, 8, 17, 50])("the lower triangle alone of a symmetric update of order %i is complete", (n) => {
  const next = uniform(n);
  const k = 9;
  const a = randomMatrix(n, k, next);
  const c = randomMatrix(n, n, next);
  const want = expected(c, a, a, n, n, k);
  subtractProduct(c, 0, n, n, n, k, columnMajor(a, 0, n), columnMajor(a, 0, n), true);
  for (let j = 0; j < n; j++) for (let i = j; i < n; i++) expect(Math.abs(c[j * n + i]! - want[j * n + i]!)).toBeLessThan(tolerance(k));
});

test("an empty product changes nothing", () => {
  const c = Float64Array.of(1, 2, 3, 4);
  const nothing = columnMajor(new Float64Array(0), 0, 1);
  subtractProduct(c, 0, 2, 2, 2, 0, nothing, nothing);
  subtractProduct(c, 0, 2, 0, 2, 3, nothing, nothing);
  subtractProduct(c, 0, 2, 2, 0, 3, nothing, nothing);
  expect([...c]).toEqual([1, 2, 3, 4]);
});
