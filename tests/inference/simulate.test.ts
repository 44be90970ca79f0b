/** Responses drawn from fits: moments are those of the model, categories as often as they should be, rows where they were. */
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { lmm } from "../../src/inference/lmm.js";
import type { MixedFit } from "../../src/inference/mixed-fit.js";
import { refit } from "../../src/inference/refit.js";
import { simulate } from "../../src/inference/simulate.js";
import { DataError, FitError } from "../../src/messages.js";
import { fittedValues } from "../../src/models/fitted.js";
import { hsbFull, sleepstudy, slope } from "./fits.js";
import { hurdle, incidence, inflated, partial, ratings, salamanders, scaled, seizures, wine } from "./generalized-fits.js";

const REPLICATES = 400;

/** Mean over rows of (replicates' mean - expected), in its standard errors. */
function distance(draws: readonly Float64Array[], expected: Float64Array): number {
  const sums = draws.map((y) => y.reduce((sum, value, i) => (Number.isNaN(value) ? sum : sum + value - expected[i]!), 0));
  const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
  const variance = sums.reduce((sum, own) => sum + (own - mean) ** 2, 0) / (sums.length - 1);
  return mean / Math.sqrt(variance / sums.length);
}

describe("given the units' own effects the mean is the fitted value", () => {
  test.each<[string, MixedFit]>([
    ["linear", slope],
    ["linear with a random slope of several levels", hsbFull],
    ["negative binomial", seizures],
    ["zero-inflated", inflated],
    ["hurdle", hurdle],
  ])("%s", (_, fit) => {
    const draws = simulate(fit, { seed: 4, replicates: REPLICATES, randomEffects: "conditional" });
    expect(Math.abs(distance(draws, fittedValues(fit).fitted))).toBeLessThan(3);
  });

  test("of successes the fitted share of the trials", () => {
    const draws = simulate(incidence, { seed: 4, replicates: REPLICATES, randomEffects: "conditional" });
    const { trials } = incidence.frame.response;
    const expected = fittedValues(incidence).fitted.map((p, i) => p * trials![i]!);
    expect(Math.abs(distance(draws, expected))).toBeLessThan(3);
    for (const y of draws.slice(0, 5)) expect(y.every((s, i) => Number.isInteger(s) && s >= 0 && s <= trials![i]!)).toBe(true);
  });

  test.each([
    ["cumulative", ratings],
    ["with nominal effects", partial],
    ["with a scale", scaled],
    ["adjacent", clmm("rating ~ temp + (1 | judge)", wine, { family: "adjacent" })],
    ["multinomial", glmm("rating ~ temp + (1 | judge)", wine, { family: "multinomial" })],
  ])("categories occur with their probabilities: %s", (_, fit) => {
    const draws = simulate(fit, { seed: 5, replicates: REPLICATES, randomEffects: "conditional" });
    const { levels, probabilities } = fittedValues(fit).categories!;
    const all = fit.frame.response.levels!;
    levels.forEach((level, j) => {
      const counts = draws.map((y) => y.reduce((sum, value) => sum + (all[value] === level ? 1 : 0), 0));
      const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
      const expected = probabilities[j]!.reduce((a, b) => a + b, 0);
      const variance = probabilities[j]!.reduce((sum, p) => sum + p * (1 - p), 0);
      expect(Math.abs(mean - expected)).toBeLessThan(3.3 * Math.sqrt(variance / counts.length));
    });
  });
});

describe("with new units", () => {
  test("a linear model's covariance between two rows of a unit is z'Sigma z", () => {
    const draws = simulate(slope, { seed: 6, replicates: 2000 });
    const { sigma } = slope.randomTerms[0]!;
    const fixed = fittedValues(slope).fixed;
    // Days 0 and 9 of the first ten subjects: ten pairs a replicate, which are independent.
    const products = draws.flatMap((y) =>
      Array.from({ length: 10 }, (_, s) => (y[10 * s]! - fixed[10 * s]!) * (y[10 * s + 9]! - fixed[10 * s + 9]!)),
    );
    const mean = products.reduce((a, b) => a + b, 0) / products.length;
    const variance = products.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (products.length - 1);
    const expected = sigma[0]! + 9 * sigma[1]!;
    expect(Math.abs(mean - expected)).toBeLessThan(3 * Math.sqrt(variance / products.length));
    const squares = draws.flatMap((y) => Array.from({ length: 10 }, (_, s) => (y[10 * s + 9]! - fixed[10 * s + 9]!) ** 2));
    const total = squares.reduce((a, b) => a + b, 0) / squares.length;
    const wanted = sigma[0]! + 18 * sigma[1]! + 81 * sigma[3]! + slope.sigma ** 2;
    // A chi-square's relative standard deviation is sqrt(2).
    expect(Math.abs(total / wanted - 1)).toBeLessThan(3 * Math.sqrt(2 / squares.length));
  });

  test("residual variances go with the prior weights", () => {
    const weighted = Table.from(sleepstudy.toRows().map((row, i) => ({ ...row, w: i % 2 === 0 ? 4 : 0.25 }))) as Table;
    const fit = lmm("Reaction ~ Days + (1 | Subject)", weighted, { weights: "w" });
    const draws = simulate(fit, { seed: 8, replicates: 300, randomEffects: "conditional" });
    const { fitted } = fittedValues(fit);
    const spread = (odd: number): number => {
      const own = draws.flatMap((y) =>
        Array.from(y, (value, i) => (i % 2 === odd ? (value - fitted[i]!) ** 2 : Number.NaN)).filter((x) => !Number.isNaN(x)),
      );
      return own.reduce((a, b) => a + b, 0) / own.length;
    };
    expect(spread(1) / spread(0)).toBeCloseTo(16, 0);
  });

  test("counts of a truncated family are all above zero, also where nearly all of it is at zero", () => {
    const positive = Table.from(salamanders.toRows().filter((row) => Number(row.count) > 0));
    const fit = glmm("count ~ mined + (1 | site)", positive, { family: "truncated_poisson" });
    for (const y of simulate(fit, { seed: 2, replicates: 20 })) expect(Math.min(...y)).toBeGreaterThanOrEqual(1);
  });
});

describe("simulate", () => {
  test("gives the table's rows, and what refit takes", () => {
    const rows = sleepstudy.toRows();
    const gaps = Table.from(rows.map((row, i) => ({ ...row, Days: i % 7 === 0 ? null : row.Days }))) as Table;
    const fit = lmm("Reaction ~ Days + (1 | Subject)", gaps);
    const [y] = simulate(fit, { seed: 1 });
    expect(y!.length).toBe(rows.length);
    expect(y!.findIndex(Number.isNaN)).toBe(0);
    expect(Array.from(y!).filter(Number.isNaN).length).toBe(fit.droppedRows);
    expect(refit(fit, y!).converged).toBe(true);
    expect(refit(ratings, simulate(ratings, { seed: 1 })[0]!).converged).toBe(true);
  });

  test("gives the same numbers for the same seed, and replicates that do not hang together", () => {
    const three = simulate(slope, { seed: 1, replicates: 3 });
    expect(simulate(slope, { seed: 1, replicates: 5 }).slice(0, 3)).toEqual(three);
    expect(three[0]).not.toEqual(three[1]);
    expect(simulate(slope, { seed: 2 })[0]).not.toEqual(three[0]);
  });

  test("refuses what it does not know", () => {
    expect(() => simulate(slope, { seed: 1, replicates: 0 })).toThrow(DataError);
    expect(() => simulate(slope, { seed: -1 })).toThrow(DataError);
    // A caller without types.
    expect(() => simulate(slope, { seed: 1, randomEffects: "old" as "new" })).toThrow(FitError);
  });
});
