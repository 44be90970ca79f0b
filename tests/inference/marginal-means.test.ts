import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { contrastsOfMeans } from "../../src/inference/contrasts-of-means.js";
import { glmm } from "../../src/inference/glmm.js";
import { lmm } from "../../src/inference/lmm.js";
import { marginalMeans } from "../../src/inference/marginal-means.js";
import { predict } from "../../src/inference/predict.js";
import { slopes } from "../../src/inference/slopes.js";
import { DataError, FitError } from "../../src/messages.js";
import { hsb, oats, sleepstudy, slope } from "./fits.js";
import { incidence, inflated, partial, ratings, salamanders, scaled, wine } from "./generalized-fits.js";
import { means, near, sameTable } from "./prediction-reference.js";

const splitPlot = lmm("yield ~ Variety * factor(nitro) + (1 | Block/Variety)", oats);
const nitro = marginalMeans(splitPlot, "nitro");
const varieties = marginalMeans(splitPlot, "Variety", { by: "nitro" });
const curve = lmm("Reaction ~ poly(Days, 2) + (Days | Subject)", sleepstudy);

describe("means of linear models are emmeans'", () => {
  test("of a split plot, with Satterthwaite's degrees of freedom; a factor made in the formula goes by its column's name", () => {
    sameTable(nitro.rows, "oats_nitro", "emmean");
    sameTable(varieties.rows, "oats_variety_by_nitro", "emmean");
    expect(nitro.factors).toEqual(["factor(nitro)"]);
    expect(nitro.averagedOver).toEqual(["Variety"]);
  });

  test("with Kenward and Roger's errors and degrees of freedom", () => {
    const adjusted = marginalMeans(splitPlot, "nitro", { df: "kenward-roger" });
    sameTable(adjusted.rows, "oats_kr", "emmean");
    sameTable(contrastsOfMeans(adjusted, "pairwise", { adjust: "none" }).rows, "oats_kr_pairs", "estimate");
  });

  test("at given values of a polynomial, and at the mean of its column", () => {
    sameTable(marginalMeans(curve, "Days", { at: { Days: [0, 3.5, 9] } }).rows, "sleep_poly", "emmean");
    const whole = marginalMeans(curve, []);
    sameTable(whole.rows, "sleep_poly_mean", "emmean");
    expect(whole.heldAt).toEqual({ Days: 4.5 });
  });

  test.each(["equal", "proportional", "outer", "cells", "flat"] as const)(
    "with %s weights, of splines and logarithms of columns",
    (weights) => {
      const model = lmm("mAch ~ sector * minrty + sx * ns(ses, 3) + log(meanses + 2) + (1 | school)", hsb);
      sameTable(marginalMeans(model, "sector", { weights, data: hsb, df: "none" }).rows, `hsb_${weights}`, "emmean");
    },
  );

  test("where a cell has no rows what is not determined is missing, and a note says why", () => {
    const rows = oats.toRows().filter(({ Variety, nitro: amount }) => !(Variety === "Victory" && amount === 0.6));
    const model = lmm("yield ~ Variety * factor(nitro) + (1 | Block)", Table.from(rows));
    const deficient = marginalMeans(model, "Variety");
    sameTable(deficient.rows, "deficient", "emmean");
    sameTable(marginalMeans(model, "Variety", { by: "nitro" }).rows, "deficient_cells", "emmean");
    expect(deficient.notes.map(({ code }) => code)).toEqual(["not-estimable"]);
    expect(deficient.notes[0]!.message).toContain("1 mean is missing");
    expect(contrastsOfMeans(deficient).rows.map(({ estimate }) => Number.isNaN(estimate))).toEqual([false, true, true]);
  });
});

describe("contrasts of means are emmeans'", () => {
  test("pairs, also within the levels of a factor", () => {
    sameTable(contrastsOfMeans(nitro, "pairwise", { adjust: "none" }).rows, "oats_pairs", "estimate");
    const within = contrastsOfMeans(varieties, "pairwise", { adjust: "none" });
    sameTable(within.rows, "oats_pairs_by", "estimate");
    expect(within.rows[3]!.by).toEqual({ "factor(nitro)": "0.2" });
    near(contrastsOfMeans(nitro, "pairwise", { adjust: "none" }).rows[2]!.pValue, Number(means.oats_pairs![2]!["p.value"]));
  });

  test("adjusted for their number: Tukey's for pairs, within the levels of a factor, and others", () => {
    const pairs = contrastsOfMeans(nitro);
    expect(pairs.adjust).toBe("tukey");
    sameTable(pairs.rows, "oats_tukey", "estimate");
    pairs.rows.forEach(({ pValue }, i) => {
      near(pValue, Number(means.oats_tukey![i]!["p.value"]), 1e-2);
    });
    sameTable(contrastsOfMeans(varieties).rows, "oats_tukey_by", "estimate");
    const odds = contrastsOfMeans(marginalMeans(incidence, "period", { type: "response" }));
    sameTable(odds.rows, "cbpp_tukey", "odds.ratio");
    for (const adjust of ["holm", "bonferroni", "bh"] as const) {
      contrastsOfMeans(nitro, "treatment", { adjust }).rows.forEach(({ pValue }, i) => {
        near(pValue, Number(means[`oats_${adjust}`]![i]!["p.value"]), 1e-4);
      });
    }
    expect(() => contrastsOfMeans(nitro, "treatment", { adjust: "tukey" })).toThrow("all pairs of means");
  });

  test("against a reference, polynomials, against the average, one's own", () => {
    sameTable(contrastsOfMeans(nitro, "treatment", { reference: 1, adjust: "none" }).rows, "oats_treatment", "estimate");
    sameTable(contrastsOfMeans(nitro, "polynomial").rows, "oats_poly", "estimate");
    sameTable(contrastsOfMeans(nitro, "effects", { adjust: "none" }).rows, "oats_effects", "estimate");
    sameTable(contrastsOfMeans(nitro, { half: [-0.5, -0.5, 0.5, 0.5] }).rows, "oats_custom", "estimate");
    expect(contrastsOfMeans(nitro, "consecutive").rows.map(({ contrast }) => contrast)).toEqual(["0.2 - 0", "0.4 - 0.2", "0.6 - 0.4"]);
  });
});

describe("means of generalized models", () => {
  test("on both scales, with bias adjustment, and odds ratios", () => {
    sameTable(marginalMeans(incidence, "period").rows, "cbpp_link", "emmean");
    const shown = marginalMeans(incidence, "period", { type: "response" });
    sameTable(shown.rows, "cbpp_response", "prob");
    sameTable(marginalMeans(incidence, "period", { type: "response", biasAdjust: 0.6420699 }).rows, "cbpp_bias", "prob");
    const odds = contrastsOfMeans(shown, "pairwise", { adjust: "none" });
    sameTable(odds.rows, "cbpp_odds", "odds.ratio");
    expect(odds.scale).toBe("odds ratio");
    expect(odds.rows[0]!.contrast).toBe("1 / 2");
  });

  test("biasAdjust: true takes the variance of the fit's random effects", () => {
    const { sd } = incidence.random[0] as { readonly sd: number };
    const given = marginalMeans(incidence, "period", { type: "response", biasAdjust: sd }).rows;
    const own = marginalMeans(incidence, "period", { type: "response", biasAdjust: true }).rows;
    own.forEach((row, i) => {
      expect(row.estimate).toBeCloseTo(given[i]!.estimate, 12);
    });
  });

  test("rates and their ratios in a model with zero inflation", () => {
    const model = glmm("count ~ mined + spp + (1 | site)", salamanders, { family: "nbinom2", zi: "~ mined" });
    const rates = marginalMeans(model, "mined", { type: "response" });
    sameTable(rates.rows, "salamanders_rates", "response");
    sameTable(contrastsOfMeans(rates, "pairwise", { adjust: "none" }).rows, "salamanders_ratio", "ratio");
  });

  test("the predictor of the mean alone matters for the conditional mean", () => {
    expect(marginalMeans(inflated, "mined", { type: "response" }).rows[0]!.estimate).toBeCloseTo(Math.exp(inflated.fixed[0]!.estimate), 10);
  });
});

describe("means of ordered categories", () => {
  test.each([
    ["latent", "latent", "emmean"],
    ["probabilities", "prob", "prob"],
    ["cumulative", "cum_prob", "cumprob"],
    ["exceedance", "exc_prob", "exc.prob"],
    ["mean-class", "mean_class", "mean.class"],
  ] as const)("mode %s", (mode, name, column) => {
    sameTable(marginalMeans(ratings, "temp", { mode }).rows, `wine_${name}`, column);
  });

  test("are compared within a category", () => {
    sameTable(
      contrastsOfMeans(marginalMeans(ratings, "temp", { mode: "probabilities" }), "pairwise", { adjust: "none" }).rows,
      "wine_prob_pairs",
      "estimate",
    );
  });

  test.each([
    ["nominal effects", partial, "temp"],
    ["a scale", scaled, "contact"],
    ["adjacent categories", clmm("rating ~ temp + (1 | judge)", wine, { family: "adjacent" }), "temp"],
  ] as const)("with %s probabilities are those of predict, and sum to one", (_, fit, factor) => {
    const rows = marginalMeans(fit, factor, {
      mode: "probabilities",
      by: ["temp", "contact"].filter((name) => fit.formula.includes(name) || fit.frame.further.length > 0),
    }).rows;
    const cells = [...new Set(rows.map(({ cell }) => JSON.stringify(cell)))];
    for (const cell of cells) {
      const own = rows.filter((row) => JSON.stringify(row.cell) === cell);
      expect(own.reduce((sum, { estimate }) => sum + estimate, 0)).toBeCloseTo(1, 12);
      const table = Table.from([{ temp: "cold", contact: "no", ...own[0]!.cell }]);
      const predicted = predict(fit, table, { type: "probabilities", level: "population" }).categories!;
      own.forEach(({ estimate, stdError }, j) => {
        expect(estimate).toBeCloseTo(predicted[j]!.values[0]!, 12);
        expect(stdError).toBeCloseTo(predicted[j]!.stdErrors[0]!, 9);
      });
    }
  });
});

describe("slopes are emtrends'", () => {
  test("by a factor, and their differences", () => {
    const model = lmm("mAch ~ sector * cses + meanses * sx + (1 + cses | school)", hsb);
    const trends = slopes(model, "cses", { by: "sector", df: "none" });
    sameTable(trends.rows, "hsb_slopes", "cses.trend");
    sameTable(contrastsOfMeans(trends, "pairwise", { adjust: "none" }).rows, "hsb_slopes_pairs", "estimate");
  });

  test("of a polynomial at given values, with degrees of freedom", () => {
    sameTable(slopes(curve, "Days", { by: "Days", at: { Days: [1, 8] } }).rows, "sleep_trend", "Days.trend");
  });

  test("on the response scale of a logit are p (1 - p) times the coefficient", () => {
    const model = glmm("cbind(incidence, size - incidence) ~ size + (1 | herd)", Table.from({ ...columnsOf() }), { family: "binomial" });
    const { estimate } = slopes(model, "size", { type: "response" }).rows[0]!;
    const p = marginalMeans(model, [], { type: "response" }).rows[0]!.estimate;
    expect(estimate).toBeCloseTo(p * (1 - p) * model.fixed[1]!.estimate, 8);
  });

  test("of a rank-deficient model stand where the data determine them", () => {
    const rows = oats.toRows().map((row, i) => ({ ...row, x: Number(row.nitro), twice: 2 * Number(row.nitro), z: (i * 7) % 5 }));
    const model = lmm("yield ~ x + twice + z + (1 | Block)" as string, Table.from(rows));
    expect(model.droppedColumns).toEqual(["twice"]);
    expect(slopes(model, "x").rows[0]!.estimate).toBeNaN();
    expect(slopes(model, "z").rows[0]!.estimate).toBeCloseTo(model.fixed[2]!.estimate, 8);
  });
});

function columnsOf(): { incidence: number[]; size: number[]; herd: string[] } {
  const { rows, response } = incidence.frame;
  return {
    incidence: Array.from(response.values),
    size: Array.from(response.trials!),
    herd: Array.from(rows, (_, i) => incidence.frame.random[0]!.levels[incidence.frame.random[0]!.levelOf[i]!]!),
  };
}

describe("the reference grid", () => {
  test("holds what depends on units at its mean unless it is given", () => {
    const model = lmm("mAch ~ cwc(ses, school) + groupMean(ses, school) * sector + (1 | school)", hsb);
    const held = marginalMeans(model, "sector", { df: "none" });
    expect(Object.keys(held.heldAt)).toEqual(["cwc(ses, school)", "groupMean(ses, school)"]);
    expect(held.heldAt["cwc(ses, school)"]).toBeCloseTo(0, 10);
    const given = marginalMeans(model, "sector", { df: "none", at: { "groupMean(ses, school)": 0, "cwc(ses, school)": 0 } });
    expect(given.rows[0]!.estimate).toBeCloseTo(model.fixed[0]!.estimate, 10);
    expect(() => marginalMeans(model, "sector", { at: { ses: 1 } })).toThrow("depends on the unit");
  });

  test("says when it holds an expression rather than its column, and needs the table for a basis", () => {
    const model = lmm("mAch ~ sector + log(meanses + 2) + (1 | school)", hsb);
    const without = marginalMeans(model, "sector", { df: "none" });
    expect(without.notes.map(({ code }) => code)).toEqual(["held"]);
    expect(marginalMeans(model, "sector", { df: "none", data: hsb }).notes).toEqual([]);
    const spline = lmm("mAch ~ sector + ns(ses, 2) + (1 | school)", hsb);
    expect(() => marginalMeans(spline, "sector")).toThrow("data: table");
    expect(marginalMeans(spline, "sector", { at: { ses: 0 }, df: "none" }).heldAt).toEqual({ ses: 0 });
  });

  test("averages over given values of a covariate", () => {
    const both = marginalMeans(slope, [], { at: { Days: [0, 10] } }).rows[0]!.estimate;
    expect(both).toBeCloseTo(slope.fixed[0]!.estimate + 5 * slope.fixed[1]!.estimate, 9);
  });

  test("takes columns and levels called __proto__", () => {
    const rows = Array.from({ length: 24 }, (_, i) => ({ y: i % 5, g: `g${Math.floor(i / 4)}`, x: ["__proto__", "a"][i % 2]! }));
    const own = Table.ofColumns(
      Table.from(rows).columns.map((column) => (column.name === "x" ? { ...column, name: "__proto__" } : column)),
    );
    const model = lmm("y ~ `__proto__` + (1 | g)" as string, own);
    const result = marginalMeans(model, "__proto__");
    expect(result.rows.map(({ cell }) => Object.entries(cell)[0])).toEqual([
      ["__proto__", "__proto__"],
      ["__proto__", "a"],
    ]);
    expect(contrastsOfMeans(result).rows[0]!.contrast).toBe("__proto__ - a");
  });

  test("refuses what it cannot do, in words", () => {
    expect(() => marginalMeans(splitPlot, "Varity")).toThrow(DataError);
    expect(() => marginalMeans(splitPlot, "Varity")).toThrow('Did you mean "Variety"?');
    expect(() => marginalMeans(splitPlot, "Variety", { at: { Variety: "Victori" } })).toThrow('Did you mean "Victory"?');
    expect(() => marginalMeans(splitPlot, "Variety", { at: { Nitro: 1 } })).toThrow(FitError);
    expect(() => marginalMeans(slope, [], { at: { Days: "one" } })).toThrow("Days is numeric");
    expect(() => marginalMeans(splitPlot, "Variety", { weights: "equl" as "equal" })).toThrow('Did you mean "equal"?');
    expect(() => marginalMeans(splitPlot, "Variety", { wights: "equal" } as object)).toThrow('no option "wights"');
    expect(() => marginalMeans(slope, [], { mode: "latent" })).toThrow("models of categories");
    expect(() => marginalMeans(incidence, "period", { df: "satterthwaite" })).toThrow("for linear models");
    expect(() => marginalMeans(incidence, "period", { type: "response", biasAdjust: -1 })).toThrow("standard deviation");
    expect(() => marginalMeans(slope, [], { level: 95 })).toThrow("between 0 and 1");
    expect(() => slopes(splitPlot, "Variety")).toThrow("is a factor and has no slope");
    expect(() => contrastsOfMeans(nitro, { bad: [1, -1] })).toThrow("2 coefficients");
    expect(() => contrastsOfMeans(nitro, "treatment", { reference: 4 })).toThrow("counted from 0 to 3");
    expect(() => contrastsOfMeans(nitro, "pairs" as "pairwise")).toThrow("pairwise");
    expect(() => marginalMeans(slope, [], { at: { Days: Array.from({ length: 100_001 }, (_, i) => i) } })).toThrow("100001 cells");
  });
});
