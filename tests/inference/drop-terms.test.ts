import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chiSquareUpper } from "../../src/inference/distributions/chi-square.js";
import { dropFixed, testRandomTerms } from "../../src/inference/drop-terms.js";
import { lmm } from "../../src/inference/lmm.js";
import { boundary, sleepstudy, slope } from "./fits.js";
import { incidence, inflated, ratings } from "./generalized-fits.js";
import { cases, fitOf, relative } from "./reference-tests.js";

const generalized: Readonly<Record<string, Readonly<Record<string, number>>>> = JSON.parse(
  readFileSync(new URL("../reference/inference/tests/several.json", import.meta.url), "utf8"),
).generalized;

describe("random effects left out: lmerTest's ranova, with the mixture's p values", () => {
  for (const one of cases.filter(({ ranova }) => ranova !== undefined)) {
    test(one.name, async () => {
      const { rows, method } = testRandomTerms(await fitOf(one));
      expect(method).toBe("REML");
      expect(rows.map(({ df }) => df)).toEqual(one.ranova!.map(({ df }) => df));
      one.ranova!.forEach(({ chiSquare, pValue }, i) => {
        const row = rows[i]!;
        // Two criteria, each with R's seven digits after the point.
        expect(Math.abs(row.chiSquare - chiSquare)).toBeLessThan(1e-6 * Math.max(1, chiSquare));
        const expected = row.df === 1 ? pValue / 2 : (chiSquareUpper(chiSquare, 1) + chiSquareUpper(chiSquare, 2)) / 2;
        expect(relative(row.pValue, expected)).toBeLessThan(1e-5);
      });
    });
  }

  test("terms are named by their units, effects by their term", async () => {
    const oats = await fitOf(cases.find(({ name }) => name === "oats")!);
    expect(testRandomTerms(oats).rows.map(({ term }) => term)).toEqual(["(1 | Variety:Block)", "(1 | Block)"]);
    expect(testRandomTerms(slope).rows.map(({ term, reference }) => [term, reference])).toEqual([
      ["Days in (Days | Subject)", "50:50 mixture of chi-square with 1 and 2 d.f."],
    ]);
  });

  test("a variance of zero has a statistic of zero and p = 1", () => {
    const [row] = testRandomTerms(boundary).rows;
    expect(row).toMatchObject({ chiSquare: 0, df: 1, pValue: 1 });
  });

  test("without any random effect the criterion is that of least squares", () => {
    const { rows } = testRandomTerms(lmm("Reaction ~ Days + (1 | Subject)", sleepstudy, { method: "ml" }));
    const { response, fixed } = slope.frame;
    const y = Array.from(response.values);
    const x = Array.from(fixed.values.subarray(y.length));
    const n = y.length;
    const mean = (v: readonly number[]): number => v.reduce((sum, value) => sum + value, 0) / v.length;
    const sxy = x.reduce((sum, value, i) => sum + (value - mean(x)) * (y[i]! - mean(y)), 0);
    const sxx = x.reduce((sum, value) => sum + (value - mean(x)) ** 2, 0);
    const rss = y.reduce((sum, value, i) => sum + (value - mean(y) - (sxy / sxx) * (x[i]! - mean(x))) ** 2, 0);
    expect(-2 * rows[0]!.logLik).toBeCloseTo(n * (1 + Math.log((2 * Math.PI * rss) / n)), 6);
  });
});

describe("fixed terms left out, by maximum likelihood: lme4's drop1", () => {
  for (const one of cases.filter(({ drop1 }) => drop1 !== undefined)) {
    test(one.name, async () => {
      const { rows, method } = dropFixed(await fitOf(one));
      expect(method).toBe("ML");
      expect(rows.map(({ term, df }) => [term, df])).toEqual(one.drop1!.map(({ term, df }) => [term, df]));
      one.drop1!.forEach(({ chiSquare, pValue }, i) => {
        expect(Math.abs(rows[i]!.chiSquare - chiSquare)).toBeLessThan(1e-6 * Math.max(1, chiSquare));
        expect(relative(rows[i]!.pValue, pValue)).toBeLessThan(1e-5);
      });
    });
  }
});

describe("generalized and cumulative models", () => {
  test.each([
    ["cbpp", incidence],
    ["wine", ratings],
    ["salamanders", inflated],
  ] as const)("%s: log-likelihoods of glm, clm, clmm and glmmTMB", (name, fit) => {
    const expected = generalized[name]!;
    for (const { term, logLik, df, pValue, chiSquare } of [...testRandomTerms(fit).rows, ...dropFixed(fit).rows]) {
      // clmm stops up to 5e-5 below the optimum with its own settings; ours may not lie below.
      expect(logLik - expected[term]!, term).toBeGreaterThan(-1e-6);
      expect(logLik - expected[term]!, term).toBeLessThan(1e-4);
      expect(df).toBeGreaterThan(0);
      expect(chiSquare).toBeCloseTo(2 * (fit.logLik - logLik), 6);
      expect(pValue).toBeCloseTo(chiSquareUpper(chiSquare, df) * (term.startsWith("(") ? 0.5 : 1), 12);
    }
  });
});
