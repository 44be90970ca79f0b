/** The same model with another response; degrees of freedom ahead of time. */
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { anova } from "../../src/inference/anova.js";
import { coefficients } from "../../src/inference/coefficients.js";
import { lmm } from "../../src/inference/lmm.js";
import { prepareDegreesOfFreedom } from "../../src/inference/prepare-df.js";
import { refit, refitMany } from "../../src/inference/refit.js";
import { satterthwaiteModel } from "../../src/inference/satterthwaite.js";
import { summary } from "../../src/inference/summary/summary.js";
import { DataError, FitError } from "../../src/messages.js";
import { columnsOf } from "../models/blocks/designs.js";
import { normal } from "../models/linalg/naive.js";
import { boundary, crossed, hsbFull, slope, slopeMl, splitPlot } from "./fits.js";

const columns = columnsOf({ n: 240, first: 20, second: 8, third: 3, moves: 0.2 }, "crossed", 5);
const responses = (count: number, n: number): Float64Array[] => {
  const next = normal(11);
  return Array.from({ length: count }, () => Float64Array.from({ length: n }, () => 3 + next()));
};

describe("refit", () => {
  test.each([
    ["sleepstudy, REML", slope],
    ["sleepstudy, ML", slopeMl],
    ["hsb82", hsbFull],
    ["nested", splitPlot],
    ["crossed", crossed],
    ["at the boundary", boundary],
  ])("of the original response is the original fit: %s", (_, fit) => {
    const again = refit(fit, fit.frame.response.values);
    // Two searches end where the remaining gain is below 1e-10.
    expect(Math.abs(again.criterion - fit.criterion)).toBeLessThan(1e-9);
    expect([again.singular, again.converged, again.npar, again.method]).toEqual([fit.singular, fit.converged, fit.npar, fit.method]);
    expect(again.notes).toEqual(fit.notes);
    expect(again.sigma / fit.sigma).toBeCloseTo(1, 5);
  });

  test.each([
    ["y ~ x + (1 + x | a)", {}],
    ["y ~ x + offset(z) + (1 | a) + (1 | b)", { method: "ML" as const }],
    ["y ~ x + (1 | mm(t1, t2)) + (x || b)", { weights: "w" }],
    ["y ~ x + (1 | a) + (1 | c)", { weights: "w" }],
  ])("has the criterion of a new fit to a table with that response: %s", (formula, options) => {
    const table = Table.from(columns) as Table;
    const fit = lmm(formula as string, table, options);
    for (const y of responses(4, fit.nobs)) {
      // Effects of the units, so that some variances are not zero.
      const signal = y.map((value, i) => value + ((i % 20) - 10) / 5);
      const again = refit(fit, signal);
      const fresh = lmm(formula as string, Table.from({ ...columns, y: Array.from(signal) }) as Table, options);
      expect(Math.abs(again.criterion - fresh.criterion)).toBeLessThan(1e-8);
      expect(again.fixed.map(({ estimate }) => estimate)).toEqual(fresh.fixed.map(({ estimate }) => expect.closeTo(estimate, 4)));
    }
  });

  test("leaves the first fit as it was", () => {
    const before = JSON.stringify([slope, coefficients(slope)]);
    const random = slope.engine.problem.gram.random.slice();
    const again = refit(slope, responses(1, slope.nobs)[0]!);
    expect(again.engine.problem.gram).not.toBe(slope.engine.problem.gram);
    expect(slope.engine.problem.gram.random).toEqual(random);
    expect(JSON.stringify([slope, coefficients(slope)])).toBe(before);
  });

  test("is a fit like any other: it prints itself, and conclusions are drawn from it", () => {
    const again = refit(
      slope,
      Array.from(slope.frame.response.values, (y) => 2 * y),
    );
    expect(String(again)).toBe(summary(again).text);
    expect(again.fixed[1]!.estimate).toBeCloseTo(2 * slope.fixed[1]!.estimate, 6);
    expect(coefficients(again)[1]!.df).toBeCloseTo(coefficients(slope)[1]!.df!, 3);
  });

  test("takes a value for each row of the table, or for each row used", () => {
    const x = Array.from(columns.x as number[], (value, i) => (i % 9 === 4 ? null : value));
    const fit = lmm("y ~ x + (1 | a)" as string, Table.from({ ...columns, x }) as Table);
    const whole = Array.from({ length: 240 }, (_, i) => (i % 9 === 4 ? Number.NaN : Math.sin(i) + (i % 20)));
    const used = Array.from(fit.frame.rows, (row) => whole[row]!);
    expect(fit.nobs).toBeLessThan(240);
    expect(refit(fit, whole).criterion).toBe(refit(fit, used).criterion);
    expect(() => refit(fit, [1, 2, 3])).toThrow(
      `The response has 3 values. Give one for each of the table's 240 rows, or one for each of the ${fit.nobs} rows used.`,
    );
    whole[5] = Number.POSITIVE_INFINITY;
    expect(() => refit(fit, whole)).toThrow(
      "The new response for y holds Infinity in row 6. Every row that the model uses needs a finite number.",
    );
  });

  test("refuses responses that cannot be used", () => {
    expect(() => refit(slope, [1])).toThrow(DataError);
    expect(() => refit(slope, [1])).toThrow("The response has 1 value, but the model was fitted to 180 rows. Give one value a row.");
    expect(() => refit(slope, new Float64Array(180))).toThrow(FitError);
    expect(() =>
      refit(
        slope,
        slope.frame.response.values.map((_, i) => (i % 10) * 1e160),
      ),
    ).toThrow(FitError);
  });
});

describe("refitMany", () => {
  test("gives the numbers of refit, in order", async () => {
    const given = responses(6, crossed.nobs);
    const records = await refitMany(crossed, given);
    expect(records).toHaveLength(6);
    given.forEach((response, k) => {
      const { criterion, sigma, fixed, random, converged, singular, engine } = refit(crossed, response);
      const theta = Array.from(engine.optimum.theta);
      expect(records[k]).toEqual({ criterion, theta, sigma, fixed, random, converged, singular });
    });
  });

  test("fails with the error of the first response that cannot be used", async () => {
    const y = crossed.frame.response.values;
    await expect(refitMany(crossed, [y, y.map(() => 1), y])).rejects.toThrow(FitError);
    await expect(refitMany(crossed, [y, [1, 2]])).rejects.toThrow(DataError);
  });
});

describe("prepareDegreesOfFreedom", () => {
  test("gives coefficients and anova the numbers that they would have had, bit for bit, and computes them once", async () => {
    const table = Table.from(columns) as Table;
    const formula: string = "y ~ x + z + (1 + x | a) + (1 | b)";
    const plain = lmm(formula, table);
    const prepared = lmm(formula, table);
    await prepareDegreesOfFreedom(prepared);
    const model = satterthwaiteModel(prepared);
    await prepareDegreesOfFreedom(prepared);
    expect(satterthwaiteModel(prepared)).toBe(model);
    expect(coefficients(prepared)).toEqual(coefficients(plain));
    expect(anova(prepared)).toEqual(anova(plain));
  });

  test("stops when asked and leaves the fit usable", async () => {
    const fit = refit(slope, slope.frame.response.values);
    await expect(prepareDegreesOfFreedom(fit, { signal: AbortSignal.abort() })).rejects.toThrow("Stopped as asked, after 0 of 6 tasks.");
    expect(coefficients(fit)[1]!.df).toBeCloseTo(17, 0);
  });
});
