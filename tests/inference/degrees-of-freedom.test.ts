import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { anova } from "../../src/inference/anova.js";
import { coefficients } from "../../src/inference/coefficients.js";
import { countedDf } from "../../src/inference/degrees-of-freedom.js";
import { degreesOfFreedomNotes } from "../../src/inference/df-notes.js";
import { fixedTests } from "../../src/inference/fixed-tests.js";
import { lmm } from "../../src/inference/lmm.js";
import { FitError } from "../../src/messages.js";
import { boundary, crossed, hsb, hsbFull, sleepstudy, slope, slopeMl, splitPlot } from "./fits.js";
import { incidence, ratings, seizures } from "./generalized-fits.js";
import { caseNamed, cases, dense, fitOf, type ReferenceMethod, relative, tableOf, weightedFit } from "./reference-tests.js";

/** lmerTest differentiates numerically (its Satterthwaite agrees to 2e-6 here), and R's optimum has about seven digits. */
const TOLERANCE = 1e-5;

const METHODS: readonly ReferenceMethod[] = ["satterthwaite", "kenward-roger"];

describe.each(cases.map((one) => [one.name, one] as const))("%s: lmerTest and pbkrtest", (_, one) => {
  test.each(METHODS)("coefficients, %s", async (df) => {
    const rows = coefficients(await fitOf(one), { df });
    expect(rows.map(({ term }) => term)).toEqual(one.coefficients[df].map(({ term }) => term));
    one.coefficients[df].forEach((expected, j) => {
      for (const key of ["stdError", "df", "statistic"] as const) {
        expect(relative(rows[j]![key]!, expected[key]), `${expected.term} ${key}`).toBeLessThan(TOLERANCE);
      }
      expect(Math.abs(rows[j]!.pValue - expected.pValue), expected.term).toBeLessThan(TOLERANCE);
    });
  });

  test.each(METHODS.flatMap((df) => (["I", "II", "III"] as const).map((type) => [df, type] as const)))(
    "terms, %s, type %s",
    async (df, type) => {
      const expected = one.anova?.[df][type] ?? [];
      const rows = anova(await fitOf(one), { df, type });
      expect(rows.map(({ term, numDF }) => [term, numDF])).toEqual(expected.map(({ term, numDF }) => [term, numDF]));
      expected.forEach((values, t) => {
        expect(relative(rows[t]!.denDF!, values.denDF), `${values.term} denDF`).toBeLessThan(TOLERANCE);
        expect(relative(rows[t]!.statistic, values.statistic), `${values.term} F`).toBeLessThan(TOLERANCE);
      });
    },
  );

  if (one.contest !== undefined)
    test("several rows at once, with right-hand sides and a dependent row", async () => {
      const { rows, rhs } = one.contest!;
      const fit = await fitOf(one);
      const deviations = rows.map((row, i) => row.reduce((sum, weight, j) => sum + weight * fit.fixed[j]!.estimate, -rhs[i]!));
      for (const df of METHODS) {
        const joint = fixedTests(fit, df).joint(rows, deviations);
        const expected = one.contest![df];
        expect(joint.numDF).toBe(expected.numDF);
        expect(relative(joint.denDF!, expected.denDF)).toBeLessThan(TOLERANCE);
        expect(relative(joint.statistic, expected.statistic)).toBeLessThan(TOLERANCE);
      }
    });

  if (one.between_within !== undefined)
    test("between-within: nlme, but for the intercept", async () => {
      const fit = await fitOf(one);
      const df = countedDf(fit, "between-within");
      for (const expected of one.between_within!) {
        expect(df[fit.fixed.findIndex(({ term }) => term === expected.term)], expected.term).toBe(expected.df);
      }
    });
});

describe("Kenward-Roger", () => {
  test("takes prior weights into the residual's part: the formulas written over rows", async () => {
    const fit = await weightedFit();
    coefficients(fit, { df: "kenward-roger" }).forEach((row, j) => {
      expect(relative(row.stdError, dense["kenward-roger"][j]!.stdError), row.term).toBeLessThan(1e-6);
      expect(relative(row.df!, dense["kenward-roger"][j]!.df), row.term).toBeLessThan(1e-6);
    });
    coefficients(fit).forEach((row, j) => {
      expect(relative(row.df!, dense.satterthwaite[j]!.df), row.term).toBeLessThan(1e-6);
    });
  });

  test("does not depend on the units and the origin of predictor and response", () => {
    const plain = coefficients(slope, { df: "kenward-roger" })[1]!;
    const moved = lmm("I(1000 * Reaction - 5) ~ I(60 * Days) + (I(60 * Days) | Subject)", sleepstudy);
    const other = coefficients(moved, { df: "kenward-roger" })[1]!;
    expect(relative(other.df!, plain.df!)).toBeLessThan(1e-7);
    expect(relative((other.stdError * 60) / 1000, plain.stdError)).toBeLessThan(1e-7);
  });

  test("is refused after maximum likelihood and for other families, in words", () => {
    expect(() => coefficients(slopeMl, { df: "kenward-roger" })).toThrow(/fitted by maximum likelihood.*--method reml/);
    expect(() => anova(ratings, { df: "kenward-roger" })).toThrow(FitError);
    expect(() => coefficients(incidence, { df: "between-within" })).toThrow(/z|normal/);
  });

  test("at a variance of zero keeps it, and says what the model without it has", () => {
    expect(coefficients(boundary, { df: "kenward-roger" })[0]!.df).toBeCloseTo(5, 6);
    const [note] = degreesOfFreedomNotes(boundary, "kenward-roger");
    expect(note!.message).toContain("(Intercept) 5.0 (29)");
    expect(degreesOfFreedomNotes(boundary, "satterthwaite")[0]!.message).toContain("those of the model without (Intercept) by Batch");
    expect(degreesOfFreedomNotes(boundary, "containment")).toEqual([]);
    expect(degreesOfFreedomNotes(slope, "kenward-roger")).toEqual([]);
  });

  test("at a zero the bracketed degrees of freedom are those of the smaller model", async () => {
    const singular = caseNamed("singular-zero");
    const fit = await fitOf(singular);
    const smaller = lmm("y ~ x + (1 | g)", await tableOf(singular));
    const reduced = coefficients(smaller, { df: "kenward-roger" });
    const message = degreesOfFreedomNotes(fit, "kenward-roger")[0]!.message;
    expect(message).toContain(`x ${singular.coefficients["kenward-roger"][1]!.df.toFixed(1)} (${reduced[1]!.df!.toFixed(0)})`);
  });
});

describe("counted degrees of freedom", () => {
  test("residual: rows less coefficients", () => {
    expect(countedDf(hsbFull, "residual")).toEqual(Array(6).fill(7179));
  });

  test("between-within: the intercept counts at the outermost level", () => {
    expect(countedDf(splitPlot, "between-within")).toEqual([5, 53]);
  });

  test("between-within needs nested factors", () => {
    expect(() => countedDf(crossed, "between-within")).toThrow(/plate.*sample|sample.*plate/);
  });

  test("containment: the split plot's strata", async () => {
    const oats = await fitOf(caseNamed("oats"));
    // Blocks 5; varieties within blocks 10; the rest 72 - 18 - 3.
    expect(countedDf(oats, "containment")).toEqual([5, 10, 10, 51, 51, 51]);
    const cake = await fitOf(caseNamed("cake"));
    expect(countedDf(cake, "containment")).toEqual([...Array(3).fill(42), ...Array(15).fill(210)]);
  });

  test("containment of a random slope: its units less one, and not of a predictor of the units", () => {
    expect(countedDf(slope, "containment")).toEqual([17, 17]);
    const between = lmm("mAch ~ meanses + cses + (1 + cses | school)", hsb);
    const df = countedDf(between, "containment");
    // [X Z] has 160 intercepts and 160 slopes: the means of ses are among them.
    expect(df[1]).toBe(7185 - 320);
    expect(df[0]).toBe(158);
    expect(df[2]).toBe(159);
  });

  test("containment does not depend on the order of random terms", () => {
    const one = lmm("mAch ~ cses + (1 | school) + (0 + cses | school)", hsb);
    const other = lmm("mAch ~ cses + (0 + cses | school) + (1 | school)", hsb);
    expect(countedDf(other, "containment")).toEqual(countedDf(one, "containment"));
  });

  test("m-l-1: units less the predictors of the same coefficient", () => {
    // Intercept and slope are random: meanses and sector predict both.
    expect(countedDf(hsbFull, "m-l-1")).toEqual([157, 157, 157, 157, 157, 157]);
    const fixedSlope = lmm("mAch ~ meanses + cses + (1 | school)", hsb);
    expect(countedDf(fixedSlope, "m-l-1")).toEqual([158, 158, 7182]);
  });

  test("a hypothesis takes the least of its coefficients'", () => {
    const fit = lmm("mAch ~ meanses + cses + (1 | school)", hsb);
    const tests = fixedTests(fit, "between-within");
    expect(tests.contrast([0, 1, 0]).df).toBe(158);
    expect(tests.contrast([0, 0, 1]).df).toBe(7024);
    expect(
      tests.joint(
        [
          [0, 1, 0],
          [0, 0, 1],
        ],
        [1, 1],
      ).denDF,
    ).toBe(158);
  });

  test("where none are left there is no p value", () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({
      y: [3, 5, 4, 8, 6, 9][i % 6]! + i,
      g: `g${i % 3}`,
      a: i % 3 === 0 ? 1 : 0,
      b: i % 3 === 1 ? 1 : 0,
    }));
    const fit = lmm("y ~ a + b + (1 | g)", Table.from(rows));
    const [, a] = coefficients(fit, { df: "between-within" });
    expect(a!.df).toBe(0);
    expect(a!.pValue).toBeNaN();
  });
});

describe("Wald's chi-square tests of generalized models", () => {
  test("those of one order add up to the test of all coefficients together", () => {
    const rows = anova(seizures, { type: "I" });
    const tests = fixedTests(seizures);
    const all = seizures.fixed.slice(1).map((_, k) => seizures.fixed.map((_one, j) => Number(j === k + 1)));
    const joint = tests.joint(
      all,
      seizures.fixed.slice(1).map(({ estimate }) => estimate),
    );
    expect(rows.reduce((sum, { statistic }) => sum + statistic, 0)).toBeCloseTo(joint.statistic * joint.numDF, 6);
  });

  test("type II leaves out what contains the term, type I what comes later", () => {
    const one = anova(seizures, { type: "I" });
    const two = anova(seizures, { type: "II" });
    const last = one.length - 1;
    expect(two[last]!.statistic).toBeCloseTo(one[last]!.statistic, 8);
    expect(two[0]!.statistic).not.toBeCloseTo(one[0]!.statistic, 2);
    expect(anova(ratings, { type: 2 }).map(({ statistic }) => statistic)).toEqual(
      ratings.fixed.map(({ statistic }) => expect.closeTo(statistic ** 2, 8)),
    );
  });

  test("another type is refused", () => {
    expect(() => anova(slope, { type: "IV" as "I" })).toThrow('There are tests of type I, II and III; "IV" is none of them.');
  });
});
