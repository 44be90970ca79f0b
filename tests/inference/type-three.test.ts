import { describe, expect, it } from "vitest";
import { anova } from "../../src/inference/anova.js";
import { lmm } from "../../src/inference/lmm.js";
import { hsb } from "./fits.js";

/** anova() of lmerTest 3.1-3 on hsb82: term, numerator and denominator degrees of freedom, F as R prints them. */
const printed: Record<string, readonly (readonly [string, number, number, number])[]> = {
  "mAch ~ sector / minrty + (1 | school)": [
    ["sector", 1, 176.6, 33.106],
    ["sector:minrty", 2, 4869.0, 186.982],
  ],
  "mAch ~ 0 + sector * minrty + (1 | school)": [
    ["sector", 2, 172.5, 2642.726],
    ["minrty", 1, 4872.5, 333.706],
    ["sector:minrty", 1, 4872.5, 44.072],
  ],
  "mAch ~ sector + sector:cses + (1 | school)": [
    ["sector", 1, 153.7, 40.764],
    ["sector:cses", 2, 7020.1, 223.462],
  ],
  "mAch ~ sector:minrty + (1 | school)": [["sector:minrty", 3, 526.09, 144.58]],
  "mAch ~ sector:cses + (1 | school)": [["sector:cses", 2, 7021, 223.48]],
  "mAch ~ 0 + sector + minrty + (1 | school)": [
    ["sector", 2, 162.6, 2666.16],
    ["minrty", 1, 4830.8, 328.83],
  ],
  "mAch ~ cses / sector + (1 | school)": [
    ["cses", 1, 7021, 370.279],
    ["cses:sector", 1, 7021, 38.124],
  ],
};

describe("type III tests of nested and partial interactions are lmerTest's", () => {
  for (const [formula, rows] of Object.entries(printed)) {
    it(formula, () => {
      const tests = anova(lmm(formula, hsb));
      expect(tests.map(({ term }) => term)).toEqual(rows.map(([term]) => term));
      rows.forEach(([, numDF, denDF, statistic], i) => {
        expect(tests[i]!.numDF).toBe(numDF);
        // R prints one decimal of the denominator's degrees of freedom and five or six digits of F.
        expect(Math.abs(tests[i]!.denDF! / denDF - 1)).toBeLessThan(5e-4);
        expect(Math.abs(tests[i]!.statistic / statistic - 1)).toBeLessThan(5e-5);
      });
    });
  }
});
