/** Baseline-category logit rows: the definition, differences, two categories. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { cumulativeRows } from "../../../src/models/families/cumulative.js";
import { multinomialRows } from "../../../src/models/families/multinomial.js";
import { firstAt, secondAt, thirdAt } from "../../../src/models/families/row-likelihood.js";
import { expectTrueDerivatives, logLikelihood, places, rowAt } from "./row-derivatives.js";

const SEED = 20261122;
const points = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 4 });
const every = (categories: number): Int32Array => Int32Array.from({ length: categories }, (_, j) => j);
const named = (categories: number): string[] => Array.from({ length: categories }, (_, j) => `level ${j}`);

test("every level but the first has a predictor that may carry random effects", () => {
  const rows = multinomialRows(every(3), ["none", "partly", "fully"], null);
  expect(rows.predictors).toEqual(["partly", "fully"]);
  expect(rows.random).toEqual([0, 1]);
});

test("log odds against the first level are the predictors, and probabilities sum to one", () => {
  fc.assert(
    fc.property(points, (eta) => {
      const categories = eta.length + 1;
      const rows = multinomialRows(every(categories), named(categories), null);
      const l = Array.from(every(categories), (j) => logLikelihood(rows, j, eta));
      for (const [a, x] of eta.entries()) expect(l[a + 1]! - l[0]!).toBeCloseTo(x, 12);
      expect(l.reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 13);
    }),
    { seed: SEED },
  );
});

test("derivatives are those of the log-likelihood, all third ones included", () => {
  fc.assert(
    fc.property(points, (eta) => {
      const categories = eta.length + 1;
      const weights = Float64Array.from(every(categories), (j) => 0.5 + j);
      const rows = multinomialRows(every(categories), named(categories), weights);
      const p = eta.length;
      expect(places(rows).length).toBe(p + (p * (p + 1)) / 2 + (p * (p + 1) * (p + 2)) / 6);
      for (let j = 0; j < categories; j++) expectTrueDerivatives(rows, j, eta);
    }),
    { seed: SEED, numRuns: 60 },
  );
});

test("two levels are the logit model", () => {
  const multinomial = multinomialRows(every(2), ["no", "yes"], null);
  const logit = cumulativeRows(every(2), 2, "logit", null);
  for (const eta of [-700, -1.5, 0, 0.2, 40]) {
    for (const j of [0, 1]) {
      const a = rowAt(multinomial, j, [eta]);
      const b = rowAt(logit, j, [eta, 0, 0]);
      expect(a[0]).toBeCloseTo(b[0]!, 12);
      expect(a[firstAt(0)]).toBeCloseTo(b[firstAt(0)]!, 14);
      expect(a[secondAt(1, 0, 0)]).toBeCloseTo(b[secondAt(3, 0, 0)]!, 14);
      expect(a[thirdAt(1, 0, 0, 0)]).toBeCloseTo(b[thirdAt(3, 0, 0, 0)]!, 14);
    }
  }
});

test("far out all numbers are finite and the small ones keep their digits", () => {
  const rows = multinomialRows(every(3), named(3), null);
  for (const eta of [
    [700, -700],
    [-700, -699],
    [700, 700],
  ]) {
    for (let j = 0; j < 3; j++) {
      const out = rowAt(rows, j, eta);
      for (const [place] of places(rows)) expect(Number.isFinite(out[place])).toBe(true);
    }
  }
  const out = rowAt(rows, 1, [50, 0]); // all but 2 exp(-50) of the probability in level 1
  expect(out[0]! / (-2 * Math.exp(-50))).toBeCloseTo(1, 12);
  expect(out[firstAt(0)]! / (2 * Math.exp(-50))).toBeCloseTo(1, 12);
});
