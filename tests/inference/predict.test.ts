import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/random.js";
import { Table } from "../../src/data/table.js";
import { averageMarginalEffects, populationAveraged } from "../../src/inference/average-effects.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { lmm } from "../../src/inference/lmm.js";
import { marginalMeans } from "../../src/inference/marginal-means.js";
import { predict } from "../../src/inference/predict.js";
import { slopes } from "../../src/inference/slopes.js";
import { DataError } from "../../src/messages.js";
import { conditionalModes } from "../../src/models/conditional-modes.js";
import { fittedValues } from "../../src/models/fitted.js";
import { normalCdf } from "../../src/models/special/normal.js";
import { crossed, hsb, oats, sleepstudy, slope, splitPlot } from "./fits.js";
import { cbpp, hurdle, incidence, partial, ratings, responses, salamanders, scaled, wine } from "./generalized-fits.js";
import { allNear, near, predictions } from "./prediction-reference.js";

const days = Table.from({ Days: [0, 5, 12, 3, 3], Subject: ["308", "372", "309", "335", "308"] });

describe("predictions of linear models", () => {
  test("for a few units are lme4's, their standard errors those of the dense mixed-model equations", () => {
    const unit = predict(slope, days);
    allNear(unit.values, predictions.sleep!.fit);
    allNear(unit.stdErrors, predictions.sleep!.se);
    const population = predict(slope, days, { level: "population" });
    allNear(population.values, predictions.sleep!.population);
    allNear(population.stdErrors, predictions.sleep!.population_se);
  });

  test("with crossed factors, for combinations of units in any order", () => {
    const { values, stdErrors } = predict(crossed, Table.from({ plate: ["a", "x", "c"], sample: ["F", "A", "C"] }));
    allNear(values, predictions.penicillin!.fit);
    allNear(stdErrors, predictions.penicillin!.se);
  });

  test("with nested factors; a new cask has its variance on top", async () => {
    const { readTable } = await import("../../src/io/read-table.js");
    const model = lmm("strength ~ 1 + (1 | batch / cask)", await readTable("data/pastes.csv", { schema: "data/pastes.schema.json" }));
    const table = Table.from({ batch: ["A", "J", "D"], cask: ["b", "a", "zz"] });
    const { values, stdErrors, units } = predict(model, table, { newUnits: "new" });
    allNear(values, predictions.pastes!.fit);
    const { variance } = model.random[0] as { readonly variance: number };
    allNear([stdErrors[0]!, stdErrors[1]!, Math.sqrt(stdErrors[2]! ** 2 - variance)], predictions.pastes!.se);
    expect(units.map(({ group, taken }) => [group, ...taken])).toEqual([
      ["cask:batch", "known", "known", "new"],
      ["batch", "known", "known", "known"],
    ]);
  });

  test("with prior weights", async () => {
    const { readTable } = await import("../../src/io/read-table.js");
    const weighted = await readTable("data/sleepstudy-weighted.csv", { schema: "data/sleepstudy-weighted.schema.json" });
    const model = lmm("Reaction ~ Days + (Days | Subject)", weighted, { weights: "w" });
    const { values, stdErrors } = predict(model, Table.from({ Days: [0, 9], Subject: ["308", "352"] }));
    allNear(values, predictions.weighted!.fit);
    allNear(stdErrors, predictions.weighted!.se);
  });

  test("of the fit's own rows are the fitted values, aligned with a table that has missing values", () => {
    const rows = sleepstudy.toRows().map((row, i) => (i === 3 || i === 100 ? { ...row, Days: null } : row));
    const model = lmm("Reaction ~ Days + (Days | Subject)", Table.from(rows));
    const { fitted, fixed } = fittedValues(model);
    const unit = predict(model);
    expect(unit.values.length).toBe(180);
    expect(unit.values[3]).toBeNaN();
    expect(unit.stdErrors[100]).toBeNaN();
    const population = predict(model, undefined, { level: "population" });
    for (let i = 0; i < 180; i++) {
      if (i === 3 || i === 100) continue;
      expect(unit.values[i]).toBeCloseTo(fitted[i]!, 8);
      expect(population.values[i]).toBeCloseTo(fixed[i]!, 8);
    }
    expect(Array.from(predict(model, Table.from(rows)).values)).toEqual(Array.from(unit.values));
  });

  test("intervals: normal for units, t for the population, with the residual's and the units' variance for new responses", () => {
    const population = predict(slope, days, { level: "population", interval: "confidence" });
    const mean = marginalMeans(slope, "Days", { at: { Days: [0, 5, 12, 3] } }).rows;
    [0, 1, 2, 3].forEach((i) => {
      expect(population.lower![i]).toBeCloseTo(mean[i]!.lower, 8);
      expect(population.upper![i]).toBeCloseTo(mean[i]!.upper, 8);
    });
    const z = 1.959963984540054;
    const unit = predict(slope, days, { interval: "prediction" });
    expect(unit.upper![1]).toBeCloseTo(unit.values[1]! + z * Math.hypot(unit.stdErrors[1]!, slope.sigma), 8);
    const { sleep_new_variance: variance } = predictions as unknown as { readonly sleep_new_variance: readonly number[] };
    const wide = predict(slope, days, { level: "population", interval: "prediction" });
    near(wide.upper![2]! - wide.values[2]!, z * Math.sqrt(wide.stdErrors[2]! ** 2 + variance[2]! + slope.sigma ** 2));
  });

  test("the standard error of a unit's intercept alone, less its mean, is not that of its mode", () => {
    // With all parameters but b known the joint variance would be the conditional one; the fixed effects add to it.
    const own = predict(slope, Table.from({ Days: [0], Subject: ["308"] })).stdErrors[0]!;
    const conditional = conditionalModes(slope).find(({ level, term }) => level === "308" && term === "(Intercept)")!.stdError;
    expect(own).not.toBeCloseTo(conditional, 2);
    expect(own).toBeLessThan(Math.hypot(conditional, slope.fixed[0]!.stdError));
  });
});

describe("units that the fit does not know", () => {
  const table = Table.from({ Days: [0, 5, 12, 3, 3], Subject: ["308", "zz", "309", null, "308"] });

  test("are refused with their rows and names unless said what they are", () => {
    expect(() => predict(slope, table)).toThrow(DataError);
    expect(() => predict(slope, table)).toThrow('Subject names a unit that the fit did not have: "zz" (row 2)');
    expect(() => predict(slope, Table.from({ Days: [1], Subject: ["3088"] }))).toThrow('Did you mean "308"?');
    expect(predict(slope, table, { level: "population" }).values.every(Number.isFinite)).toBe(true);
  });

  test("a new one has effects of zero and its variance; a missing name has no prediction", () => {
    const { values, stdErrors, units } = predict(slope, table, { newUnits: "new" });
    const population = predict(slope, table, { level: "population" });
    expect(units).toEqual([{ group: "Subject", taken: ["known", "new", "known", "missing", "known"] }]);
    expect(values[1]).toBeCloseTo(population.values[1]!, 8);
    expect(values[3]).toBeNaN();
    const { sigma } = slope.randomTerms[0]!;
    const variance = sigma[0]! + 2 * 5 * sigma[1]! + 25 * sigma[3]!;
    expect(stdErrors[1]).toBeCloseTo(Math.sqrt(population.stdErrors[1]! ** 2 + variance), 8);
  });

  test("an unknown one may lack its name; on the response scale it is the mean over units", () => {
    const { values, units } = predict(slope, table, { newUnits: "unknown" });
    expect(units[0]!.taken).toEqual(["known", "unknown", "known", "unknown", "known"]);
    expect(values[3]).toBeCloseTo(predict(slope, table, { level: "population" }).values[3]!, 8);
    const herds = Table.from({ period: ["1", "2"], herd: [null, "zz"] });
    const unknown = predict(incidence, herds, { newUnits: "unknown" });
    const averaged = populationAveraged(incidence, herds)[0]!;
    allNear(unknown.values, averaged.values);
    const typical = predict(incidence, herds, { newUnits: "new" });
    expect(typical.values[1]).toBeCloseTo(predict(incidence, herds, { level: "population" }).values[1]!, 10);
    expect(unknown.values[1]).toBeGreaterThan(typical.values[1]!);
  });

  test("with multiple membership, a member that is new adds its share", () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ y: ((i * 7) % 11) + (i % 5), a: `t${i % 6}`, b: `t${(i * 5 + 1) % 6}` }));
    const model = lmm("y ~ 1 + (1 | mm(a, b))", Table.from(rows));
    const { sigma } = model.randomTerms[0]!;
    const both = predict(model, Table.from({ a: ["t1", "t1"], b: ["t2", "new"] }), { newUnits: "new" });
    const { modes, levels } = model.randomTerms[0]!;
    const mode = (name: string): number => modes[levels.indexOf(name)]!;
    expect(both.values[0]).toBeCloseTo(model.fixed[0]!.estimate + 0.5 * (mode("t1") + mode("t2")), 8);
    expect(both.values[1]).toBeCloseTo(model.fixed[0]!.estimate + 0.5 * mode("t1"), 8);
    expect(both.units[0]!.taken).toEqual(["known", "new"]);
    expect(both.stdErrors[1]! ** 2).toBeGreaterThan(0.25 * sigma[0]!);
  });
});

describe("predictions of generalized models are glmmTMB's", () => {
  const table = Table.from({ period: ["1", "2", "4", "1"], herd: ["1", "15", "7", "new"] });

  test("with the modes' dependence on all parameters in the standard errors, and new units' variance", () => {
    const link = predict(incidence, table, { type: "link", newUnits: "new" });
    allNear(link.values, predictions.cbpp_link!.fit);
    allNear(link.stdErrors, predictions.cbpp_link!.se);
    const response = predict(incidence, table, { newUnits: "new" });
    allNear(response.values, predictions.cbpp_response!.fit);
    allNear(response.stdErrors, predictions.cbpp_response!.se);
    const population = predict(incidence, table, { type: "link", level: "population" });
    allNear(population.values.subarray(0, 3), predictions.cbpp_population!.fit);
    allNear(population.stdErrors.subarray(0, 3), predictions.cbpp_population!.se);
  });

  test("of zero-inflated counts, whose limits are those of the mixture", () => {
    const model = glmm("count ~ mined + cover + (1 | site)", salamanders, { family: "nbinom2", zi: "~ mined" });
    const own = [0, 49, 299];
    const response = predict(model, undefined, { interval: "prediction" });
    allNear(
      own.map((i) => response.values[i]!),
      predictions.salamanders_response!.fit,
    );
    allNear(
      own.map((i) => response.stdErrors[i]!),
      predictions.salamanders_response!.se,
    );
    expect(own.map((i) => [response.lower![i], response.upper![i]])).toEqual(predictions.salamanders_limits);
    const link = predict(model, undefined, { type: "link" });
    allNear(
      own.map((i) => link.stdErrors[i]!),
      predictions.salamanders_link!.se,
    );
  });

  test("confidence limits are the link's, within the response's range", () => {
    const z = 1.959963984540054;
    const link = predict(incidence, table, { type: "link", newUnits: "new" });
    const { lower, upper } = predict(incidence, table, { newUnits: "new", interval: "confidence" });
    link.values.forEach((eta, i) => {
      expect(lower![i]).toBeCloseTo(1 / (1 + Math.exp(-(eta - z * link.stdErrors[i]!))), 9);
      expect(upper![i]).toBeCloseTo(1 / (1 + Math.exp(-(eta + z * link.stdErrors[i]!))), 9);
    });
  });

  test("of the fit's own rows are the fitted values of every kind of model", () => {
    for (const fit of [incidence, hurdle, ratings, partial, scaled, clmm("rating ~ temp + (1 | judge)", wine, { family: "adjacent" })]) {
      const { fitted } = fittedValues(fit);
      const { values } = predict(fit);
      for (let i = 0; i < fitted.length; i++) expect(values[i]).toBeCloseTo(fitted[i]!, 9);
    }
  });

  test("probabilities of categories, of binary responses, and of unordered categories", () => {
    const { categories } = predict(ratings, undefined, { type: "probabilities", interval: "confidence" });
    const fitted = fittedValues(ratings).categories!;
    categories!.forEach(({ category, values, lower, upper }, j) => {
      expect(category).toBe(fitted.levels[j]);
      for (let i = 0; i < values.length; i++) {
        expect(values[i]).toBeCloseTo(fitted.probabilities[j]![i]!, 12);
        expect(lower![i]! > 0 && lower![i]! < values[i]! && upper![i]! > values[i]! && upper![i]! < 1).toBe(true);
      }
    });
    const binary = predict(incidence, undefined, { type: "probabilities" });
    expect(binary.categories!.map(({ category }) => category)).toEqual(["0", "1"]);
    expect(binary.categories![0]!.values[0]! + binary.values[0]!).toBeCloseTo(1, 14);
    const unordered = glmm("rating ~ temp + (1 | judge)", wineOfThree(), { family: "multinomial" });
    const own = predict(unordered, undefined, { type: "probabilities" }).categories!;
    fittedValues(unordered).categories!.probabilities.forEach((values, j) => {
      for (let i = 0; i < values.length; i++) expect(own[j]!.values[i]).toBeCloseTo(values[i]!, 12);
    });
    expect(() => predict(unordered)).toThrow("Unordered categories");
  });
});

function wineOfThree(): Table {
  return Table.from(
    wine.toRows().map((row) => ({
      temp: String(row.temp),
      judge: String(row.judge),
      rating: Number(row.rating) < 3 ? "low" : Number(row.rating) === 3 ? "middle" : "top",
    })),
  );
}

describe("prediction intervals hold what they promise", () => {
  /** Families, and a response of the made data that has them. */
  const distributions = [
    ["gaussian", "growth ~ x"],
    ["student_t", "heavy ~ x"],
    ["gamma", "positive ~ x"],
    ["inverse_gaussian", "inverse ~ x"],
    ["beta", "share ~ x"],
    ["poisson", "count ~ x"],
    ["nbinom1", "count ~ x"],
    ["nbinom2", "count ~ x"],
  ] as const;

  test.each(distributions)("%s: a share of 2.5 %% of 20,000 simulated responses lies below, one of 2.5 %% above", (family, formula) => {
    const model = glmm(`${formula} + (1 | g)` as string, responses as unknown as Table, { family });
    const row = 3;
    const { lower, upper } = predict(model, undefined, { level: "population", interval: "prediction" });
    const link = predict(model, undefined, { type: "link", level: "population" });
    const own = model.engine.family!;
    const s = Math.sqrt(link.stdErrors[row]! ** 2 + model.randomTerms[0]!.sigma[0]!);
    const psi = model.engine.point.subarray(model.engine.problem.parameters.length);
    const further = own.further.map((_, k) => psi[model.fixed.length + k]!);
    const random = randomStream(20250, family);
    let below = 0;
    let above = 0;
    let atMost = 0;
    const draws = 20_000;
    for (let k = 0; k < draws; k++) {
      const y = own.simulate(random, own.mean(model.link, link.values[row]! + s * random.normal()), further, 1);
      if (y < lower![row]!) below++;
      if (y > upper![row]!) above++;
      if (y <= lower![row]!) atMost++;
    }
    const margin = 3 * Math.sqrt((0.025 * 0.975) / draws);
    expect(below / draws).toBeLessThanOrEqual(0.025 + margin);
    expect(above / draws).toBeLessThanOrEqual(0.025 + margin);
    // Of counts the limit itself carries probability: with it the share is reached.
    expect(atMost / draws).toBeGreaterThanOrEqual(0.025 - margin);
    if (!own.counts) expect(above / draws).toBeGreaterThanOrEqual(0.025 - margin);
  });

  test("of successes, binomial and beta-binomial, between the shares of their probabilities", () => {
    const trials = 20;
    for (const family of ["binomial", "betabinomial"]) {
      const model = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family });
      const own = model.engine.family!;
      const table = Table.from({ period: ["1"], herd: ["1"] });
      const { lower, upper } = predict(model, table, { interval: "prediction", trials });
      const link = predict(model, table, { type: "link" });
      const psi = model.engine.point.subarray(model.engine.problem.parameters.length);
      const further = own.further.map((_, k) => psi[model.fixed.length + k]!);
      const random = randomStream(20251, family);
      const draws = Array.from({ length: 20_000 }, () =>
        own.simulate(random, own.mean(model.link, link.values[0]! + link.stdErrors[0]! * random.normal()), further, trials),
      );
      const share = (test: (y: number) => boolean): number => draws.filter(test).length / draws.length;
      const margin = 3 * Math.sqrt((0.025 * 0.975) / draws.length);
      const low = Math.round(lower![0]! * trials);
      const high = Math.round(upper![0]! * trials);
      expect(share((y) => y < low)).toBeLessThanOrEqual(0.025 + margin);
      expect(share((y) => y <= low)).toBeGreaterThanOrEqual(0.025 - margin);
      expect(share((y) => y > high)).toBeLessThanOrEqual(0.025 + margin);
      expect(share((y) => y >= high)).toBeGreaterThanOrEqual(0.025 - margin);
    }
  });

  test("of a gaussian model with the identity link they are the linear model's", () => {
    const linear = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy, { method: "ml" });
    const general = glmm("Reaction ~ Days + (Days | Subject)", sleepstudy, { family: "gaussian" });
    const a = predict(linear, undefined, { level: "population", interval: "prediction" });
    const b = predict(general, undefined, { level: "population", interval: "prediction" });
    for (let i = 0; i < 10; i++) {
      near(b.lower![i]!, a.lower![i]!);
      near(b.upper![i]!, a.upper![i]!);
    }
  });

  test("of trials they are whole numbers of them", () => {
    const { lower, upper } = predict(incidence, Table.from({ period: ["1"], herd: ["1"] }), { interval: "prediction", trials: 20 });
    expect(lower![0]! * 20).toBeCloseTo(Math.round(lower![0]! * 20), 12);
    expect(upper![0]! * 20).toBeGreaterThan(lower![0]! * 20);
  });
});

describe("averages over the random effects", () => {
  test("of a logit are the integrals, with the variance's uncertainty in the standard errors", () => {
    const [{ values, average }] = populationAveraged(incidence) as [ReturnType<typeof populationAveraged>[number]];
    allNear(values.subarray(0, 4), predictions.cbpp_rows as unknown as readonly number[]);
    const { estimate, se } = predictions.cbpp_average as unknown as { readonly estimate: number; readonly se: number };
    near(average.estimate, estimate);
    near(average.stdError, se);
  });

  test("of a probit are Phi(eta / sqrt(1 + v)), at any variance", () => {
    const probit = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family: "binomial", link: "probit" });
    const variance = probit.randomTerms[0]!.sigma[0]!;
    const { values } = populationAveraged(probit)[0]!;
    const { fixedPredictor } = fittedValues(probit);
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(normalCdf(fixedPredictor![i]! / Math.sqrt(1 + variance)), 11);
    });
  });

  test("of ordered categories with a probit are the thresholds' over sqrt(1 + v)", () => {
    const probit = clmm("rating ~ temp + contact + (1 + contact | judge)", wine, { link: "probit" });
    const [first] = populationAveraged(probit);
    const { sigma } = probit.randomTerms[0]!;
    const warm = probit.fixed[0]!.estimate;
    const yes = probit.fixed[1]!.estimate;
    wine.toRows().forEach(({ temp, contact }, i) => {
      const x = contact === "yes" ? 1 : 0;
      const variance = sigma[0]! + 2 * x * sigma[1]! + x * sigma[3]!;
      const eta = (temp === "warm" ? warm : 0) + x * yes;
      expect(first!.values[i]).toBeCloseTo(normalCdf((probit.thresholds![0]!.estimate - eta) / Math.sqrt(1 + variance)), 10);
    });
  });

  test("of linear models are the fixed part; new data need no units", () => {
    const [{ values }] = populationAveraged(slope, Table.from({ Days: [0, 4] })) as [ReturnType<typeof populationAveraged>[number]];
    expect(values[1]).toBeCloseTo(slope.fixed[0]!.estimate + 4 * slope.fixed[1]!.estimate, 9);
    expect(populationAveraged(incidence, Table.from({ period: ["1", null] }))[0]!.values[1]).toBeNaN();
  });
});

describe("average marginal effects", () => {
  test("of a factor, integrated and at effects of zero, with delta-method errors", () => {
    for (const [effects, name] of [
      ["integrated", "cbpp_effects"],
      ["zero", "cbpp_effects_zero"],
    ] as const) {
      averageMarginalEffects(incidence, "period", { effects }).forEach(({ estimate, stdError }, k) => {
        near(estimate, predictions[name]![k]!.estimate);
        near(stdError, predictions[name]![k]!.se);
      });
    }
  });

  test("of numbers with zero inflation", () => {
    const model = glmm("count ~ mined + cover + (1 | site)", salamanders, { family: "nbinom2", zi: "~ mined" });
    const [{ estimate, stdError }] = averageMarginalEffects(model, "cover") as [ReturnType<typeof averageMarginalEffects>[number]];
    const reference = predictions.salamanders_slope as unknown as { readonly estimate: number; readonly se: number };
    near(estimate, reference.estimate);
    near(stdError, reference.se);
  });

  test("of categories sum to zero", () => {
    const rows = averageMarginalEffects(ratings, "temp");
    expect(rows.map(({ category }) => category)).toEqual(["1", "2", "3", "4", "5"]);
    expect(rows.reduce((sum, { estimate }) => sum + estimate, 0)).toBeCloseTo(0, 12);
    expect(rows[4]!.contrast).toBe("warm - cold");
  });

  test("move what is centred within units along with its column", () => {
    const model = lmm("mAch ~ cwc(ses, school) + groupMean(ses, school) + (1 | school)", hsb);
    const [row] = averageMarginalEffects(model, "ses", { data: hsb });
    expect(row!.estimate).toBeCloseTo(model.fixed[1]!.estimate, 7);
    const own = lmm("mAch ~ ses + cgm(ses) * sector + (1 | school)" as string, hsb);
    const mean = averageMarginalEffects(own, "ses")[0]!.estimate;
    expect(own.fixed.map(({ term }) => term)).toEqual(["(Intercept)", "ses", "sectorCatholic", "cgm(ses):sectorCatholic"]);
    const share = hsb.toRows().filter(({ sector }) => sector === "Catholic").length / hsb.rowCount;
    expect(mean).toBeCloseTo(own.fixed[1]!.estimate + share * own.fixed[3]!.estimate, 6);
  });

  test("refuse what has no slope and columns whose values are not kept", () => {
    const spline = lmm("mAch ~ ns(ses, 2) + (1 | school)", hsb);
    expect(() => averageMarginalEffects(spline, "ses")).toThrow("data: table");
    expect(averageMarginalEffects(spline, "ses", { data: hsb })[0]!.estimate).toBeGreaterThan(0);
    expect(() => averageMarginalEffects(slope, "Dys")).toThrow('Did you mean "Days"?');
    expect(() => averageMarginalEffects(lmm("yield ~ factor(nitro) + (1 | Block)", oats), "nitro", { data: oats })).toThrow("in steps");
    expect(averageMarginalEffects(lmm("yield ~ factor(nitro) + (1 | Block)", oats), "factor(nitro)").length).toBe(3);
  });
});

describe("predict refuses", () => {
  test.each([
    [{ level: "units" }, "unit"],
    [{ interval: "prediction", type: "link" }, "goes with type"],
    [{ conf: 2 }, "between 0 and 1"],
    [{ se: true }, 'no option "se"'],
    [{ type: "probabilities" }, "models of categories and binomial"],
  ])("%o", (options, words) => {
    expect(() => predict(slope, undefined, options as object)).toThrow(words);
  });

  test("levels and columns that the fit did not have, an interval of categories, and the wrong number of trials", () => {
    expect(() => predict(splitPlot, Table.from({ Block: ["I"], Variety: ["Victory"] }))).toThrow('no column "nitro"');
    expect(() => predict(incidence, Table.from({ period: ["9"], herd: ["1"] }))).toThrow("9");
    expect(() => predict(ratings, undefined, { interval: "prediction" })).toThrow("Categories have no interval");
    expect(() => predict(incidence, undefined, { interval: "prediction", trials: [1, 2] })).toThrow("trials has 2 numbers");
  });

  test("rows that a rank-deficient model does not determine, with a note", () => {
    const rows = oats.toRows().filter(({ Variety, nitro }) => !(Variety === "Victory" && nitro === 0.6));
    const model = lmm("yield ~ Variety * factor(nitro) + (1 | Block)", Table.from(rows));
    const { values, notes } = predict(model, oats);
    oats.toRows().forEach(({ Variety, nitro }, i) => {
      expect(Number.isNaN(values[i]!)).toBe(Variety === "Victory" && nitro === 0.6);
    });
    expect(notes[0]!.message).toContain("6 rows have no prediction");
    expect(predict(model).notes).toEqual([]);
  });

  test("slopes and averages of too many equations, and effects of factors inside functions", () => {
    const four = Table.from(
      wine.toRows().map((row) => ({ temp: String(row.temp), judge: String(row.judge), rating: `r${row.rating}`, x: Number(row.response) })),
    );
    const unordered = glmm("rating ~ x + (1 | judge)", four, { family: "multinomial" });
    expect(() => slopes(unordered, "x")).toThrow("slope in every equation");
    expect(slopes(unordered, "x", { type: "response" }).rows.length).toBe(5);
    expect(() => populationAveraged(unordered)).toThrow("4 linear predictors");
    expect(averageMarginalEffects(unordered, "x", { effects: "zero" }).reduce((sum, { estimate }) => sum + estimate, 0)).toBeCloseTo(0, 9);
    const relevelled = lmm('yield ~ Variety + relevel(Variety, ref = "Victory"):nitro + (1 | Block)', oats);
    expect(() => averageMarginalEffects(relevelled, "Variety")).toThrow("cannot be changed level by level");
  });
});
