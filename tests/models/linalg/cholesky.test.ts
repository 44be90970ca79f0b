/** Cholesky factor, triangular solves and inverse against textbook loops, around the block sizes 8 and 48. */
import { describe, expect, test } from "vitest";
import {
  backwardSolve,
  cholesky,
  forwardSolve,
  inverseFromCholesky,
  solveRight,
  solveRightTransposed,
} from "../../../src/models/linalg/cholesky.js";
import { choleskyOf, identity, largestDifference, normal, positiveDefinite, product, randomMatrix, solve, transposed } from "./naive.js";

/** Blocks are of 48 columns from 97 on, of 8 in the inverse of smaller matrices. */
const SIZES = [
  1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 47, 48, 49, 63, 95, 96, 97, 98, 99, 100, 111, 127, 128, 129, 130, 144, 145, 192, 193,
];

/** The n x n matrix at `offset` inside a larger one, everything else a number that must survive. */
function padded(a: Float64Array, n: number, ld: number, offset: number): Float64Array {
  const out = new Float64Array(offset + ld * n).fill(7);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) out[offset + j * ld + i] = a[j * n + i]!;
  return out;
}

describe.each(SIZES)("of a matrix of order %i", (n) => {
  const next = normal(n);
  const a = positiveDefinite(n, next);
  const want = choleskyOf(a, n);
  const ld = n + 3;
  const offset = 5;
  const work = padded(a, n, ld, offset);
  const failed = cholesky(work, offset, ld, n);

  test("the factor is the textbook's, and nothing outside the matrix is written", () => {
    expect(failed).toBe(-1);
    for (let j = 0; j < n; j++) {
      // The matrix has a condition number below 100 and entries of size n; 1e-13 is a few hundred roundings.
      for (let i = j; i < n; i++)
        expect(Math.abs(work[offset + j * ld + i]! - want[j * n + i]!)).toBeLessThan(1e-13 * Math.sqrt(n) + 1e-14);
      for (let i = n; i < ld && j < n - 1; i++) expect(work[offset + j * ld + i]).toBe(7);
    }
    expect([...work.subarray(0, offset)]).toEqual([7, 7, 7, 7, 7]);
  });

  test("the inverse times the matrix is the identity, and symmetric", () => {
    const inverse = new Float64Array(n * n).fill(Number.NaN);
    inverseFromCholesky(work, offset, ld, n, inverse);
    expect(largestDifference(product(inverse, a, n, n, n), identity(n))).toBeLessThan(1e-12);
    expect(largestDifference(inverse, solve(a, identity(n), n, n))).toBeLessThan(1e-13);
    expect(largestDifference(inverse, transposed(inverse, n, n))).toBeLessThan(1e-17);
  });

  test("forward and backward solves together solve the system, several sides at once", () => {
    const count = 3;
    const b = randomMatrix(n, count, next);
    const rows = transposed(b, n, count);
    const x = new Float64Array(2 + n * count).fill(7);
    x.set(rows, 2);
    forwardSolve(work, offset, ld, n, x, 2, count);
    backwardSolve(work, offset, ld, n, x, 2, count);
    expect(largestDifference(x.subarray(2), transposed(solve(a, b, n, count), n, count))).toBeLessThan(1e-13);
    expect([...x.subarray(0, 2)]).toEqual([7, 7]);
  });

  test("B L^-T and B L^-1 undo the products with the factor", () => {
    const rows = 5;
    const b = randomMatrix(rows, n, next);
    const first = product(b, transposed(want, n, n), rows, n, n);
    solveRightTransposed(first, 0, rows, rows, work, offset, ld, n);
    // Products of size n times sqrt(n), divided by pivots of at least sqrt(n).
    expect(largestDifference(first, b)).toBeLessThan(1e-12);
    const second = product(b, want, rows, n, n);
    solveRight(second, 0, rows, rows, work, offset, ld, n);
    expect(largestDifference(second, b)).toBeLessThan(1e-12);
  });
});

test.each([
  [5, 0],
  [5, 3],
  [60, 47],
  [97, 96],
  [130, 0],
  [130, 47],
  [130, 48],
  [130, 100],
  [200, 199],
])("a matrix of order %i that fails at column %i says so", (n, column) => {
  // L with one negative pivot squared: A = L D L' with D = -1 there.
  const next = normal(n + column);
  const l = choleskyOf(positiveDefinite(n, next), n);
  const d = Float64Array.from(l);
  for (let i = 0; i < n; i++) d[column * n + i] = -d[column * n + i]!;
  const a = product(d, transposed(l, n, n), n, n, n);
  expect(cholesky(a, 0, n, n)).toBe(column);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -1])("a pivot of %d is refused", (pivot) => {
  expect(cholesky(Float64Array.of(pivot), 0, 1, 1)).toBe(0);
  // The second pivot is 1 + pivot - 2 * 2 / 4.
  expect(cholesky(Float64Array.of(4, 2, 0, 1 + pivot), 0, 2, 2)).toBe(1);
});

test("an empty matrix is factored", () => {
  expect(cholesky(new Float64Array(0), 0, 0, 0)).toBe(-1);
  const into = Float64Array.of(3);
  inverseFromCholesky(new Float64Array(0), 0, 0, 0, into);
  expect([...into]).toEqual([3]);
});
