/**
 * Fitted values, residuals and conditional modes of generalized and cumulative fits, against lme4, glmmTMB, ordinal and the models' own
 * definitions. R values: lme4 1.1-31, glmmTMB 1.1.5, ordinal 2022.11-16.
 */
import { describe, expect, test } from "vitest";
import { makeFactor } from "../../src/data/factor.js";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { conditionalModes } from "../../src/models/conditional-modes.js";
import { fittedValues } from "../../src/models/fitted.js";
import type { GeneralizedMixedFit } from "../../src/models/generalized-fit.js";
import { rowPredictors } from "../../src/models/generalized-predictors.js";
import {
  adjacent,
  cbpp,
  counts,
  dispersed,
  districts,
  equidistant,
  herds,
  hurdle,
  inflated,
  inflatedRandom,
  multinomial,
  nominal,
  scaled,
  wine,
  wines,
} from "../inference/generalized-reference-fits.js";

/** lme4, glmmTMB and ordinal stop their searches earlier: five digits agree. */
function near(actual: ArrayLike<number> | null | undefined, expected: readonly number[], relative = 2e-5): void {
  expected.forEach((value, i) => {
    expect(Math.abs(actual![i]! - value)).toBeLessThan(relative * Math.max(0.1, Math.abs(value)));
  });
}

const numbers = (table: Table, wanted: string): number[] => {
  const column = table.columns.find(({ name }) => name === wanted);
  return column?.kind === "number" ? Array.from(column.values) : [];
};
const sizes = numbers(cbpp, "size");

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, x) => total + x, 0);

describe("fitted values and residuals", () => {
  test("of binomial counts are lme4's proportions", () => {
    // m <- glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial, control = glmerControl("bobyqa", tolPwrss = 1e-12))
    const { linearPredictor, fitted, fixed, residuals, pearson, parts, categories } = fittedValues(herds);
    near(linearPredictor, [-0.808512084, -1.800844807, -1.937184156]); // predict(m)
    near(fitted, [0.308207652, 0.141748258, 0.125957533]); // fitted(m)
    near(fixed, [0.1980491521, 0.083871959, 0.0739729371]); // predict(m, type = "response", re.form = NA)
    near(residuals, [-0.165350509, 0.108251742, 0.318486912]); // residuals(m, "response")
    near(pearson, [-1.33986169, 1.07512585, 2.87961552]); // residuals(m, "pearson")
    expect([parts, categories]).toEqual([null, null]);
  });

  test("do not depend on whether trials stand in cbind or beside proportions", () => {
    const share = numbers(cbpp, "incidence").map((x, i) => x / sizes[i]!);
    const table = Table.ofColumns([...cbpp.columns, { kind: "number", name: "share", values: Float64Array.from(share) }]);
    const own = fittedValues(glmm("share ~ period + (1 | herd)", table, { family: "binomial", weights: "size" }));
    near(own.pearson, Array.from(fittedValues(herds).pearson!), 1e-8);
    near(own.residuals, Array.from(fittedValues(herds).residuals), 1e-8);
  });

  test("of negative binomial counts are glmmTMB's", () => {
    // m <- glmmTMB(count ~ spp + mined + (1 | site), Salamanders, nbinom2)
    const { fitted, residuals, pearson } = fittedValues(counts);
    near(fitted, [0.1977588952, 0.6256156223]);
    near(residuals, [-0.1977588952, -0.6256156223]);
    near(pearson, [-0.4042993212, -0.6131918206, -0.2815123766]);
  });

  test("of zero-inflated counts are glmmTMB's expected counts and its two parts", () => {
    // m <- glmmTMB(count ~ spp + mined + (1 | site), Salamanders, poisson, ziformula = ~ mined)
    const { fitted, parts } = fittedValues(inflated);
    near(fitted, [0.217753785, 0.375995783, 0.156227437]); // fitted(m)
    near(parts!.countMean, [0.697551473, 1.204463163]); // predict(m, type = "conditional")
    near(parts!.zeroProbability, [0.687831231, 0.687831231]); // predict(m, type = "zprob")
  });

  test("of hurdle counts are glmmTMB's: the mean of the counts is that of those above zero", () => {
    // m <- glmmTMB(count ~ spp + mined + (1 | site), Salamanders, truncated_poisson, ziformula = ~ spp + mined)
    const { fitted, parts } = fittedValues(hurdle);
    near(fitted, [0.221173544, 0.24001068, 0.226824373]);
    near(parts!.countMean, [1.50107406, 1.62891909]);
    near(parts!.zeroProbability, [0.852656475, 0.852656475]);
  });

  test.each([
    ["zero-inflated", inflated],
    ["hurdle", hurdle],
  ])("of %s counts have the mean and variance of the distribution, summed over its values", (kind, fit) => {
    const { fitted, residuals, pearson } = fittedValues(fit);
    const { whole } = rowPredictors(fit.engine);
    for (const i of [0, 50, 300]) {
      const mu = Math.exp(whole[0]![i]!);
      const p = 1 / (1 + Math.exp(-whole[1]![i]!));
      let poisson = Math.exp(-mu);
      let mean = 0;
      let square = 0;
      for (let k = 0; k < 100; k++, poisson *= mu / k) {
        const probability =
          kind === "hurdle" ? (k === 0 ? p : ((1 - p) * poisson) / (1 - Math.exp(-mu))) : (1 - p) * poisson + (k === 0 ? p : 0);
        mean += k * probability;
        square += k * k * probability;
      }
      expect(fitted[i]).toBeCloseTo(mean, 12);
      expect(pearson![i]).toBeCloseTo(residuals[i]! / Math.sqrt(square - mean * mean), 10);
    }
  });

  test("of a dispersion formula have each row's own variance", () => {
    const { fitted, residuals, pearson, parts } = fittedValues(dispersed);
    const { whole } = rowPredictors(dispersed.engine);
    const i = 7;
    const mu = parts!.countMean[i]!;
    const p = parts!.zeroProbability[i]!;
    const variance = (1 - p) * (mu + mu * mu * Math.exp(-whole[1]![i]!) + p * mu * mu);
    expect(fitted[i]).toBeCloseTo((1 - p) * mu, 12);
    expect(pearson![i]).toBeCloseTo(residuals[i]! / Math.sqrt(variance), 12);
  });

  test("of ordered categories have ordinal's probability of the category observed", () => {
    // m <- clmm(rating ~ temp + contact + (1 | judge), wine, control = clmm.control(useMatrix = TRUE, gradTol = 1e-10)); fitted(m)
    near(fittedValues(wines).categories!.observed, [0.419525386, 0.471956806, 0.550266288, 0.260467835]);
  });

  test.each([
    ["flexible thresholds", wines],
    ["equidistant thresholds", equidistant],
    ["nominal effects", nominal],
    ["a scale", scaled],
    ["adjacent categories", adjacent],
    ["unordered categories", multinomial],
  ])("with %s: probabilities sum to one, and the observed one is the row's likelihood", (_, fit) => {
    const { categories } = fittedValues(fit);
    const { likelihood, n } = fit.engine.problem.model;
    const { whole } = rowPredictors(fit.engine);
    const out = new Float64Array(1);
    for (let i = 0; i < n; i++) {
      likelihood.row(
        i,
        Float64Array.from(whole, (x) => x[i]!),
        0,
        out,
      );
      expect(Math.log(categories!.observed[i]!)).toBeCloseTo(out[0]!, 10);
      expect(sum(categories!.probabilities.map((p) => p[i]!))).toBeCloseTo(1, 12);
    }
  });

  test("of ordered categories: the predictor is that of the thresholds as shown", () => {
    const { linearPredictor, fixedPredictor, categories } = fittedValues(wines);
    const first = 1 / (1 + Math.exp(-(wines.thresholds![0]!.estimate - linearPredictor![5]!)));
    expect(categories!.probabilities[0]![5]).toBeCloseTo(first, 12);
    // The first bottle is cold and had no contact: its fixed part is zero.
    expect(fixedPredictor![0]).toBeCloseTo(0, 12);
  });

  test("of two ordered categories are those of the binomial model", () => {
    const rating = wine.columns.find(({ name }) => name === "rating")!;
    const codes = rating.kind === "factor" ? Array.from(rating.codes) : [];
    const high = codes.map((code) => (code >= 3 ? 1 : 0));
    const table = Table.ofColumns([...wine.columns, { kind: "number", name: "high", values: Float64Array.from(high) }]);
    expect(sum(high)).toBe(19);
    const ordered = fittedValues(clmm("high ~ temp + contact + (1 | judge)", table));
    const binary = fittedValues(glmm("high ~ temp + contact + (1 | judge)", table, { family: "binomial" }));
    near(ordered.categories!.probabilities[1], Array.from(binary.fitted), 1e-6);
    near(ordered.residuals, Array.from(binary.residuals), 1e-6);
    // The categories are the numbers 0 and 1, and so is their mean.
    near(ordered.fitted, Array.from(binary.fitted), 1e-6);
    const words = Table.ofColumns([
      ...wine.columns,
      makeFactor(
        "word",
        high.map((x) => (x === 1 ? "good" : "bad")),
      ),
    ]);
    const named = fittedValues(clmm("word ~ temp + contact + (1 | judge)", words));
    near(
      named.fitted,
      Array.from(binary.fitted, (p) => 1 + p),
      1e-6,
    );
  });

  test("stand in the rows of the table: missing where a row was not used", () => {
    const rows = Array.from({ length: 56 }, (_, i) => i);
    const incidence = numbers(cbpp, "incidence");
    const table = Table.from({
      y: rows.map((i) => (i === 3 ? null : incidence[i]!)),
      x: rows.map((i) => (i * 5) % 7),
      g: rows.map((i) => `g${i % 8}`),
    });
    const { fitted, residuals, pearson, linearPredictor } = fittedValues(glmm("y ~ x + (1 | g)", table, { family: "poisson" }));
    for (const values of [fitted, residuals, pearson!, linearPredictor!]) {
      expect(values.length).toBe(56);
      expect(Array.from(values.keys()).filter((i) => Number.isNaN(values[i]!))).toEqual([3]);
    }
    expect(fitted[4]! + residuals[4]!).toBeCloseTo(incidence[4]!, 12);
  });
});

describe("conditional modes", () => {
  const shown = (fit: GeneralizedMixedFit, options = {}): (readonly [number, number])[] =>
    conditionalModes(fit, options).map(({ estimate, stdError }) => [estimate, stdError]);

  /** Searches elsewhere end while modes still move by a ten-thousandth of their standard deviations. */
  function agree(actual: readonly (readonly [number, number])[], expected: readonly (readonly [number, number | null])[]): void {
    expected.forEach(([estimate, stdError], i) => {
      expect(Math.abs(actual[i]![0] - estimate)).toBeLessThan(3e-4 * actual[i]![1]);
      if (stdError !== null) expect(actual[i]![1] / stdError).toBeCloseTo(1, 3.5);
    });
  }

  test("of the binomial model are lme4's, with their conditional standard deviations", () => {
    // ranef(m, condVar = TRUE)$herd
    agree(shown(herds), [
      [0.590019992, 0.348265056],
      [-0.298897264, 0.365558207],
      [0.406255529, 0.297318487],
    ]);
  });

  test("of two effects a unit have lme4's standard deviations", () => {
    // m <- glmer(use ~ age + urban + (1 + urban | district), Contraception, binomial, control = glmerControl("bobyqa"))
    // attr(ranef(m, condVar = TRUE)$district, "postVar")
    agree(shown(districts), [
      [-0.82917357043, 0.3050730552],
      [0.41198198283, 0.3863969592],
      [0.07193524932, 0.370220479],
      [-0.08030701949, 0.6316104148],
    ]);
  });

  test("of ordered categories are ordinal's", () => {
    // ranef(m)$judge, sqrt(condVar(m)$judge)
    agree(shown(wines), [
      [1.696174343, 0.553840043],
      [-0.565799108, 0.614766268],
      [0.968798933, 0.595445625],
    ]);
  });

  test("of the zero probability are glmmTMB's", () => {
    // m <- glmmTMB(count ~ spp + mined + (1 | site), Salamanders, poisson, ziformula = ~ spp + (1 | site)); ranef(m)$zi, ranef(m)$cond
    // Its standard deviations count the uncertainty of the parameters as well and are no reference here.
    agree(shown(inflatedRandom, { part: "zi" }), [
      [-1.8623136581, null],
      [-1.1151906877, null],
      [-0.4244334614, null],
    ]);
    agree(shown(inflatedRandom), [
      [-0.04385409437, null],
      [0.04890921856, null],
      [0.05696281035, null],
    ]);
    expect(conditionalModes(inflated, { part: "zi" })).toEqual([]);
  });

  test("of the zero probability have the spread of the curvature, found by differences", () => {
    // -log of the joint density along one site's two effects; other sites have no rows in common with it.
    const { engine, randomTerms, zeroInflation } = inflatedRandom;
    const { model } = engine.problem;
    const { whole } = rowPredictors(engine);
    const terms = [randomTerms[0]!, zeroInflation!.randomTerms[0]!];
    const { levelOf } = inflatedRandom.frame.random[0]!;
    const out = new Float64Array(1);
    const joint = (by: readonly number[]): number => {
      let total = 0;
      terms.forEach(({ modes, sigma }, k) => {
        total += (modes[0]! + by[k]!) ** 2 / (2 * sigma[0]!);
      });
      levelOf.forEach((level, i) => {
        if (level !== 0) return;
        model.likelihood.row(i, Float64Array.of(whole[0]![i]! + by[0]!, whole[1]![i]! + by[1]!), 0, out);
        total -= out[0]!;
      });
      return total;
    };
    const h = 1e-3;
    const second = (k: number): number => {
      const at = (x: number): number => joint(k === 0 ? [x, 0] : [0, x]);
      return (at(h) - 2 * at(0) + at(-h)) / (h * h);
    };
    const cross = (joint([h, h]) - joint([h, -h]) - joint([-h, h]) + joint([-h, -h])) / (4 * h * h);
    const determinant = second(0) * second(1) - cross * cross;
    // Differences of second order: errors of h^2.
    expect(shown(inflatedRandom)[0]![1]).toBeCloseTo(Math.sqrt(second(1) / determinant), 5);
    expect(shown(inflatedRandom, { part: "zi" })[0]![1]).toBeCloseTo(Math.sqrt(second(0) / determinant), 5);
  });

  test("have the curvature of the units' own posterior where units do not meet", () => {
    // One effect a herd: 1 / se^2 = 1 / tau^2 + sum of m p (1 - p) over its rows.
    const [own] = conditionalModes(herds);
    const { fitted } = fittedValues(herds);
    const variance = herds.randomTerms[0]!.sigma[0]!;
    const { levelOf } = herds.frame.random[0]!;
    let precision = 1 / variance;
    levelOf.forEach((level, i) => {
      if (level === 0) precision += sizes[i]! * fitted[i]! * (1 - fitted[i]!);
    });
    expect(own!.stdError).toBeCloseTo(1 / Math.sqrt(precision), 9);
  });

  test("are zero without uncertainty where the variance is zero", () => {
    const rows = Array.from({ length: 60 }, (_, i) => i);
    const table = Table.from({ y: rows.map((i) => (i % 6 < 3 ? 1 : 0)), g: rows.map((i) => `g${Math.floor(i / 6)}`) });
    const fit = glmm("y ~ 1 + (1 | g)", table, { family: "binomial" });
    expect(fit.singular).toBe(true);
    for (const { estimate, stdError } of conditionalModes(fit)) {
      expect(Math.abs(estimate)).toBeLessThan(1e-6);
      expect(stdError).toBeLessThan(1e-4);
    }
  });
});
