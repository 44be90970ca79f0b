/** Robust covariance, reliabilities and chi-square tests against R (reference.R) and known figures of High School & Beyond. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { lmm } from "../../src/inference/lmm.js";
import { reliability } from "../../src/inference/reliability.js";
import { robustCovariance } from "../../src/inference/robust.js";
import { varianceTests } from "../../src/inference/variance-test.js";
import { crossed, egsingle, hsbFull, hsbNull, sleepstudy, slope, splitPlot } from "./fits.js";

const reference = JSON.parse(readFileSync(new URL("reference.json", import.meta.url), "utf8"));

/** R's optimiser stops at a relative distance of about 1e-6 in the standard deviations. */
const DIGITS = 1e-5;

function close(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, k) => {
    expect(Math.abs(actual[k]! / value - 1)).toBeLessThan(DIGITS);
  });
}

describe("robust standard errors", () => {
  test.each([
    ["hsb", hsbFull],
    ["sleepstudy", slope],
    ["oats", splitPlot],
  ] as const)("are clubSandwich's CR0 for %s", (name, fit) => {
    close(robustCovariance(fit, { type: "CR0" }).stdErrors, reference.robust[name].stdErrors);
  });

  test("are the known ones of the unconditional model of High School & Beyond", () => {
    expect(hsbNull.fixed[0]!.stdError).toBeCloseTo(0.24439, 5);
    expect(robustCovariance(hsbNull, { type: "CR0" }).stdErrors[0]).toBeCloseTo(0.24363, 5);
  });

  test("equal the model's own under ML when the fixed part is the random part of the cluster", () => {
    // The likelihood equation of an unstructured covariance matrix says sum_j s_j s_j' = sum_j X_j'V_j^-1 X_j.
    const fit = lmm("math ~ year + (year | schoolid/childid)", egsingle, { method: "ml" });
    const { stdErrors } = robustCovariance(fit, { type: "CR0" });
    fit.fixed.forEach(({ stdError }, k) => {
      expect(Math.abs(stdErrors[k]! / stdError - 1)).toBeLessThan(1e-5);
    });
  });
});

describe("reliabilities and chi-square tests", () => {
  test("are the known ones of the unconditional model of High School & Beyond (HLM prints a reliability of .901)", () => {
    expect(hsbNull.sigma ** 2).toBeCloseTo(39.14832, 5);
    expect(hsbNull.randomTerms[0]!.sigma[0]).toBeCloseTo(8.61402, 5);
    expect(reliability(hsbNull)).toEqual([{ group: "school", term: "(Intercept)", reliability: expect.closeTo(0.90138, 5), units: 160 }]);
    const [row] = varianceTests(hsbNull);
    expect(row).toMatchObject({ group: "school", term: "(Intercept)", df: 159 });
    expect(row!.statistic).toBeCloseTo(1660.23, 2);
    expect(row!.pValue).toBeLessThan(1e-200);
  });

  test.each([
    ["hsb", hsbFull, 160 - 3],
    ["sleepstudy", slope, 18 - 1],
  ] as const)("are those of a regression in each unit of %s", (name, fit, df) => {
    const { units, reliability: expected, chiSquare } = reference.units[name];
    const rows = reliability(fit);
    close(
      rows.map((row) => row.reliability),
      expected,
    );
    expect(rows.map((row) => row.units)).toEqual([units, units]);
    const tests = varianceTests(fit);
    close(
      tests.map((row) => row.statistic),
      chiSquare,
    );
    expect(tests.map((row) => row.df)).toEqual([df, df]);
  });

  test("of three levels weigh the inner factor's variance in: balanced, tau / (tau + (tau_inner + sigma^2 / n) / m)", () => {
    // Oats: 4 rows in each variety's plot, 3 plots in each block.
    const [inner, outer] = splitPlot.randomTerms.map(({ sigma }) => sigma[0]!);
    const ofPlot = splitPlot.sigma ** 2 / 4;
    close(
      reliability(splitPlot).map((row) => row.reliability),
      [inner! / (inner! + ofPlot), outer! / (outer! + (inner! + ofPlot) / 3)],
    );
  });

  test("of three levels compare inner units within their clusters: 1721 children in 60 schools", () => {
    const fit = lmm("math ~ year + (year | schoolid/childid)", egsingle, { method: "ml" });
    expect(reliability(fit).map((row) => row.units)).toEqual([1721, 1721, 60, 60]);
    expect(varianceTests(fit).map((row) => row.df)).toEqual([1721 - 60, 1721 - 60, 59, 59]);
  });

  test("do not depend on the order of the random terms or the rows", () => {
    const other = lmm("Reaction ~ Days + (Days | Subject)", Table.from(sleepstudy.toRows().reverse()));
    close(
      reliability(other).map((row) => row.reliability),
      reliability(slope).map((row) => row.reliability),
    );
  });

  test("take two terms on one factor as one set of coefficients", () => {
    const separate = lmm("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", sleepstudy);
    const diagonal = lmm("Reaction ~ Days + (Days || Subject)", sleepstudy);
    close(
      reliability(separate).map((row) => row.reliability),
      reliability(diagonal).map((row) => row.reliability),
    );
  });

  test("leave out units whose rows cannot estimate their coefficients", () => {
    const rows = sleepstudy.toRows().filter((row, i) => row.Subject !== "308" || i === 0);
    const fit = lmm("Reaction ~ Days + (Days | Subject)", Table.from(rows));
    expect(reliability(fit).map(({ units }) => units)).toEqual([17, 17]);
  });

  test("do not exist for crossed factors", () => {
    expect(reliability(crossed)).toEqual([]);
    expect(varianceTests(crossed)).toEqual([]);
  });
});

test("precision weights count as rows would", () => {
  // Doubling every weight halves sigma^2 of a weight-1 row's scale and leaves all conclusions.
  const doubled = Table.from(sleepstudy.toRows().map((row): Record<string, unknown> => ({ ...row, w: 2 })));
  const fit = lmm("Reaction ~ Days + (Days | Subject)", doubled, { weights: "w" });
  close(
    reliability(fit).map((row) => row.reliability),
    reliability(slope).map((row) => row.reliability),
  );
});
