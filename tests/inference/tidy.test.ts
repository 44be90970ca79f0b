/** The records that R colleagues know: tidy, glance, augment, vcov, fixef, ranef, confint, icc. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { augment } from "../../src/inference/augment.js";
import { confint } from "../../src/inference/confint.js";
import { fixef, ranef, vcov } from "../../src/inference/extract.js";
import { glance } from "../../src/inference/glance.js";
import { icc } from "../../src/inference/icc.js";
import { lmm } from "../../src/inference/lmm.js";
import { tidy } from "../../src/inference/tidy.js";
import { boundary, crossed, hsbNull, sleepstudy, slope, slopeMl } from "./fits.js";

const reference = JSON.parse(readFileSync(new URL("reference.json", import.meta.url), "utf8"));

describe("tidy", () => {
  test("has broom.mixed's columns in its order", () => {
    for (const row of tidy(slope, { effects: ["fixed", "ran_pars", "ran_vals"] })) {
      expect(Object.keys(row)).toEqual([
        ...["effect", "group", "level", "term", "estimate", "std.error", "df", "statistic", "p.value", "conf.low", "conf.high"],
      ]);
    }
  });

  test("names random-effects parameters as broom.mixed does, in the order of the lower triangle", () => {
    expect(tidy(slope).map(({ effect, group, term }) => [effect, group, term])).toEqual([
      ["fixed", null, "(Intercept)"],
      ["fixed", null, "Days"],
      ["ran_pars", "Subject", "sd__(Intercept)"],
      ["ran_pars", "Subject", "cor__(Intercept).Days"],
      ["ran_pars", "Subject", "sd__Days"],
      ["ran_pars", "Residual", "sd__Observation"],
    ]);
    const fit = lmm("Reaction ~ Days + (Days + I(Days^2) | Subject)", sleepstudy, { method: "ml" });
    expect(tidy(fit, { effects: "ran_pars" }).map(({ term }) => term)).toEqual([
      "sd__(Intercept)",
      "cor__(Intercept).Days",
      "cor__(Intercept).I(Days^2)",
      "sd__Days",
      "cor__Days.I(Days^2)",
      "sd__I(Days^2)",
      "sd__Observation",
    ]);
  });

  test("has no correlations for a diagonal term, and null where a standard deviation is zero", () => {
    const diagonal = lmm("Reaction ~ Days + (Days || Subject)", sleepstudy);
    expect(tidy(diagonal, { effects: "ran_pars" }).map(({ term }) => term)).toEqual(["sd__(Intercept)", "sd__Days", "sd__Observation"]);
    const [sd] = tidy(boundary, { effects: "ran_pars" });
    expect(sd).toMatchObject({ term: "sd__(Intercept)", estimate: 0 });
  });

  test("gives intervals only when asked", () => {
    expect(tidy(slope, { effects: "fixed" })[0]).toMatchObject({ "conf.low": null, "conf.high": null });
    const [row] = tidy(slope, { effects: "fixed", conf: 0.9, df: "none" });
    const { estimate, "std.error": se } = row!;
    expect(row!["conf.low"]).toBeCloseTo(estimate! - 1.6448536 * se!, 4);
  });

  test("gives one row a unit and effect for the conditional modes", () => {
    const rows = tidy(slope, { effects: "ran_vals", conf: 0.95 });
    expect(rows).toHaveLength(36);
    const own = rows.filter(({ level }) => level === "308");
    expect(own.map(({ term, estimate }) => [term, estimate!.toFixed(3)])).toEqual([
      ["(Intercept)", "2.259"],
      ["Days", "9.199"],
    ]);
    for (const row of rows) expect(row["conf.low"]!).toBeLessThan(row["conf.high"]!);
  });
});

test("glance has broom.mixed's names: REMLcrit for REML fits, deviance for ML fits", () => {
  expect(glance(slope)).toMatchObject({ nobs: 180, REMLcrit: slope.criterion, deviance: null, "df.residual": reference.dfResidual });
  expect(glance(slopeMl)).toMatchObject({ REMLcrit: null, deviance: slopeMl.criterion });
});

describe("augment", () => {
  test("keeps the table's rows, with missing values where a row was not used", () => {
    const rows = sleepstudy.toRows().map((row, i) => (i === 3 || i === 100 ? { ...row, Days: null } : row));
    const table = Table.from(rows as Record<string, unknown>[]);
    const fit = lmm("Reaction ~ Days + (Days | Subject)", table);
    const augmented = augment(fit, table).toRows() as Record<string, number | null>[];
    expect(augmented).toHaveLength(180);
    expect(Object.keys(augmented[0]!)).toEqual(["Reaction", "Days", "Subject", ".fitted", ".resid", ".fixed"]);
    augmented.forEach((row, i) => {
      if (i === 3 || i === 100) expect([row[".fitted"], row[".resid"], row[".fixed"]]).toEqual([null, null, null]);
      else expect(row[".fitted"]! + row[".resid"]!).toBeCloseTo(row.Reaction!, 10);
    });
  });

  test("refuses another table and says why", () => {
    expect(() => augment(hsbNull, sleepstudy)).toThrow(
      "The table has 180 rows, but the model was fitted to a table of 7185 rows. Give the table that the model was fitted to.",
    );
  });
});

test("vcov, fixef and ranef agree with the fit", () => {
  const { terms, values } = vcov(slope);
  expect(terms).toEqual(["(Intercept)", "Days"]);
  expect(values[0]![1]).toBe(values[1]![0]);
  slope.fixed.forEach(({ term, estimate, stdError }, k) => {
    expect(Math.sqrt(values[k]![k]!)).toBeCloseTo(stdError, 12);
    expect(fixef(slope)[term]).toBe(estimate);
  });
  const units = ranef(slope).Subject!;
  expect(units).toHaveLength(18);
  // The modes of an unweighted REML fit with an intercept sum to zero within each effect that is also fixed.
  for (const effect of ["(Intercept)", "Days"]) {
    expect(Math.abs(units.reduce((sum, { effects }) => sum + effects[effect]!, 0))).toBeLessThan(1e-6);
  }
});

test("confint without degrees of freedom is lme4's Wald interval", () => {
  const rows = confint(slope, { df: "none" });
  rows.forEach(({ lower, upper, level }, k) => {
    expect(lower).toBeCloseTo(reference.wald[k][0], 4);
    expect(upper).toBeCloseTo(reference.wald[k][1], 4);
    expect(level).toBe(0.95);
  });
  expect(() => confint(slope, { level: 95 })).toThrow("A confidence level lies between 0 and 1, such as 0.95; 95 does not.");
});

describe("icc", () => {
  test("is the share of the variance between units", () => {
    expect(icc(hsbNull)[0]!.share).toBeCloseTo(0.180351791287665, 6);
  });

  test("counts a slope at the data's own predictor values", () => {
    const [intercept, days] = [slope.randomTerms[0]!.sigma[0]!, slope.randomTerms[0]!.sigma[3]!];
    const covariance = slope.randomTerms[0]!.sigma[1]!;
    // Days run from 0 to 9: mean 4.5, mean square 28.5.
    expect(icc(slope)[0]!.variance).toBeCloseTo(intercept + 2 * 4.5 * covariance + 28.5 * days, 8);
  });

  test("has one row a factor, and shares that leave the residual's", () => {
    const rows = icc(crossed);
    expect(rows.map(({ group }) => group)).toEqual(["plate", "sample"]);
    const total = rows.reduce((sum, { variance }) => sum + variance, crossed.sigma ** 2);
    for (const { variance, share } of rows) expect(share).toBeCloseTo(variance / total, 12);
  });

  test("of a zero variance is zero", () => {
    expect(icc(boundary)).toEqual([{ group: "Batch", variance: 0, share: 0 }]);
  });
});
