/** Adjacent-category logit rows: the definition, differences, and what they become in special cases. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { adjacentCategoryRows } from "../../../src/models/families/adjacent-category.js";
import { cumulativeRows } from "../../../src/models/families/cumulative.js";
import { multinomialRows } from "../../../src/models/families/multinomial.js";
import { firstAt, secondAt, thirdAt } from "../../../src/models/families/row-likelihood.js";
import { expectTrueDerivatives, logLikelihood, places, rowAt } from "./row-derivatives.js";

const SEED = 20261122;
const value = fc.double({ min: -4, max: 4, noNaN: true });
const points = fc.tuple(value, fc.array(value, { minLength: 1, maxLength: 5 }));
const every = (categories: number): Int32Array => Int32Array.from({ length: categories }, (_, j) => j);

test("neighbouring categories have the odds exp(eta - tau), and probabilities sum to one", () => {
  fc.assert(
    fc.property(points, ([eta, tau]) => {
      const categories = tau.length + 1;
      const rows = adjacentCategoryRows(every(categories), categories, null);
      const l = Array.from(every(categories), (j) => logLikelihood(rows, j, [eta, ...tau]));
      for (const [j, threshold] of tau.entries()) expect(l[j + 1]! - l[j]!).toBeCloseTo(eta - threshold, 12);
      expect(l.reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 13);
    }),
    { seed: SEED },
  );
});

test("derivatives are those of the log-likelihood", () => {
  fc.assert(
    fc.property(points, ([eta, tau]) => {
      const categories = tau.length + 1;
      const weights = Float64Array.from(every(categories), (j) => 0.5 + j);
      const rows = adjacentCategoryRows(every(categories), categories, weights);
      for (let j = 0; j < categories; j++) expectTrueDerivatives(rows, j, [eta, ...tau]);
    }),
    { seed: SEED, numRuns: 60 },
  );
});

test("with two categories is the cumulative logit", () => {
  const adjacent = adjacentCategoryRows(every(2), 2, null);
  const cumulative = cumulativeRows(every(2), 2, "logit", null);
  for (const eta of [-700, -1.5, 0.2, 30]) {
    for (const j of [0, 1]) {
      const a = rowAt(adjacent, j, [eta, 0.4]);
      const c = rowAt(cumulative, j, [eta, 0.4, 0.4]);
      expect(a[0]).toBeCloseTo(c[0]!, 12);
      expect(a[firstAt(0)]).toBeCloseTo(c[firstAt(0)]!, 14);
      expect(a[secondAt(2, 0, 0)]).toBeCloseTo(c[secondAt(3, 0, 0)]!, 14);
      expect(a[thirdAt(2, 0, 0, 0)]).toBeCloseTo(c[thirdAt(3, 0, 0, 0)]!, 14);
    }
  }
});

test("is the multinomial logit with eta_j = j eta - (tau_0 + ... + tau_{j-1})", () => {
  const adjacent = adjacentCategoryRows(every(4), 4, null);
  const multinomial = multinomialRows(every(4), ["a", "b", "c", "d"], null);
  for (const eta of [-2, 0.7, 25]) {
    for (let j = 0; j < 4; j++) {
      const expected = logLikelihood(multinomial, j, [eta - 0.3, 2 * eta + 0.2, 3 * eta - 0.9]);
      expect(logLikelihood(adjacent, j, [eta, 0.3, -0.5, 1.1])).toBeCloseTo(expected, 12);
    }
  }
});

test("far out all numbers are finite and the small ones keep their digits", () => {
  const rows = adjacentCategoryRows(every(3), 3, null);
  for (const eta of [-700, 700]) {
    for (let j = 0; j < 3; j++) {
      const out = rowAt(rows, j, [eta, 1, -1]);
      for (const [place] of places(rows)) expect(Number.isFinite(out[place])).toBe(true);
    }
  }
  // P(Y < 2) at eta = 40 is exp(-(40 + 1)) to first order: Y lacks one step with that probability.
  const out = rowAt(rows, 2, [40, 1, -1]);
  const rest = Math.exp(-41);
  expect(out[0]! / -rest).toBeCloseTo(1, 12);
  expect(out[firstAt(0)]! / rest).toBeCloseTo(1, 12);
  expect(out[secondAt(3, 0, 0)]! / -rest).toBeCloseTo(1, 12);
  expect(out[thirdAt(3, 0, 0, 0)]! / rest).toBeCloseTo(1, 12);
});
