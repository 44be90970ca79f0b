/** Helpers for small matrices: each gives what its definition says, also where the matrix is singular or badly scaled. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  invertLower,
  lowerFactor,
  multiply,
  singularValues,
  symmetricEigen,
  timesTransposed,
} from "../../../src/models/linalg/symmetric.js";
import { identity, largestDifference, normal, product, randomMatrix, transposed } from "./naive.js";

const SEED = 20260722;
const sizes = fc.integer({ min: 1, max: 6 });
const seeds = fc.integer({ min: 0, max: 1_000_000 });
const check = (property: (n: number, next: () => number) => void): void =>
  fc.assert(
    fc.property(sizes, seeds, (n, seed) => property(n, normal(seed))),
    { seed: SEED, numRuns: 60 },
  );

/** Of rank `rank`. */
const ofRank = (n: number, rank: number, next: () => number): Float64Array =>
  product(randomMatrix(n, rank, next), randomMatrix(rank, n, next), n, rank, n);

function lowerMatrix(n: number, next: () => number): Float64Array {
  const l = randomMatrix(n, n, next);
  for (let j = 0; j < n; j++) {
    l.fill(0, j * n, j * n + j);
    l[j * n + j] = 1 + Math.abs(l[j * n + j]!);
  }
  return l;
}

describe("eigenvalues", () => {
  test("come in ascending order with orthonormal vectors that give the matrix back", () => {
    check((n, next) => {
      const b = randomMatrix(n, n, next);
      const a = b.map((x, at) => x + b[(at % n) * n + Math.floor(at / n)]!);
      const { values, vectors } = symmetricEigen(a, n);
      for (let j = 1; j < n; j++) expect(values[j]).toBeGreaterThanOrEqual(values[j - 1]!);
      expect(largestDifference(product(transposed(vectors, n, n), vectors, n, n, n), identity(n))).toBeLessThan(1e-13);
      const scaled = vectors.map((x, at) => x * values[Math.floor(at / n)]!);
      expect(largestDifference(product(scaled, transposed(vectors, n, n), n, n, n), a)).toBeLessThan(1e-13 * 20);
    });
  });

  test("of a matrix with a double eigenvalue are both found", () => {
    const { values } = symmetricEigen(Float64Array.of(2, 0, 0, 0, 1, 1, 0, 1, 1), 3);
    expect(largestDifference(values, [0, 2, 2])).toBeLessThan(1e-14);
  });

  test("use the mean of both triangles", () => {
    expect(largestDifference(symmetricEigen(Float64Array.of(1, 4, 0, 1), 2).values, [-1, 3])).toBeLessThan(1e-14);
  });
});

describe("singular values", () => {
  test("descend, are not negative and give the matrix back, whatever its rank", () => {
    check((n, next) => {
      for (let rank = 0; rank <= n; rank++) {
        const a = ofRank(n, rank, next);
        const { u, s, v } = singularValues(a, n);
        for (let j = 0; j < n; j++) expect(s[j]).toBeGreaterThanOrEqual(0);
        for (let j = 1; j < n; j++) expect(s[j]).toBeLessThanOrEqual(s[j - 1]!);
        const scale = Math.max(1, s[0]!);
        for (let j = rank; j < n; j++) expect(s[j]).toBeLessThan(1e-14 * scale);
        const us = u.map((x, at) => x * s[Math.floor(at / n)]!);
        expect(largestDifference(product(us, transposed(v, n, n), n, n, n), a)).toBeLessThan(1e-13 * scale);
      }
    });
  });

  test("of a number is its size, the sign staying with the left vector", () => {
    const { u, s, v } = singularValues(Float64Array.of(-3), 1);
    expect([u[0]! * s[0]! * v[0]!, s[0]]).toEqual([-3, 3]);
  });
});

describe("the lower factor", () => {
  test("has a diagonal that is not negative and the same L L' as the matrix, whatever its rank", () => {
    check((n, next) => {
      for (let rank = 0; rank <= n; rank++) {
        const a = ofRank(n, rank, next);
        const l = lowerFactor(a, n);
        for (let j = 0; j < n; j++) {
          expect(l[j * n + j]).toBeGreaterThanOrEqual(0);
          for (let i = 0; i < j; i++) expect(l[j * n + i]).toBe(0);
        }
        const want = timesTransposed(a, n);
        const scale = want.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
        expect(largestDifference(timesTransposed(l, n), want)).toBeLessThan(1e-14 * n * scale);
      }
    });
  });

  test("of (3, 4) is 5", () => {
    expect(largestDifference(lowerFactor(Float64Array.of(3, 0, 4, 1), 2), [5, 0.8, 0, 0.6])).toBeLessThan(1e-15);
  });

  test("takes matrices with more columns than rows", () => {
    check((n, next) => {
      const columns = n + 2;
      const a = randomMatrix(n, columns, next);
      const l = lowerFactor(a, n, columns);
      const want = product(a, transposed(a, n, columns), n, columns, n);
      expect(largestDifference(timesTransposed(l, n), want)).toBeLessThan(1e-13 * columns * 10);
    });
  });
});

test("the product of a lower-triangular matrix with its inverse is the identity", () => {
  check((n, next) => {
    const l = lowerMatrix(n, next);
    const inverse = invertLower(l, n);
    expect(largestDifference(multiply(inverse, l, n), identity(n))).toBeLessThan(1e-11);
    for (let j = 0; j < n; j++) for (let i = 0; i < j; i++) expect(inverse[j * n + i]).toBe(0);
  });
});

test("products are those of three loops", () => {
  check((n, next) => {
    const a = randomMatrix(n, n, next);
    const b = randomMatrix(n, n, next);
    expect(largestDifference(multiply(a, b, n), product(a, b, n, n, n))).toBeLessThan(1e-14 * n * 10);
    expect(largestDifference(timesTransposed(a, n), product(a, transposed(a, n, n), n, n, n))).toBeLessThan(1e-14 * n * 10);
  });
});
