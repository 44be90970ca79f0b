/**
 * What is concluded from generalized and cumulative fits: tests, intervals, tables, intraclass correlation, refits. R values: lme4 1.1-31,
 * glmmTMB 1.1.5, ordinal 2022.11-16, performance.
 */
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { anova } from "../../src/inference/anova.js";
import { augment } from "../../src/inference/augment.js";
import { clmm } from "../../src/inference/clmm.js";
import { coefficients } from "../../src/inference/coefficients.js";
import { confint } from "../../src/inference/confint.js";
import { fixef, ranef, vcov } from "../../src/inference/extract.js";
import { glance } from "../../src/inference/glance.js";
import { glmm } from "../../src/inference/glmm.js";
import { adjustedIcc, icc } from "../../src/inference/icc.js";
import { prepareDegreesOfFreedom } from "../../src/inference/prepare-df.js";
import { refit, refitMany } from "../../src/inference/refit.js";
import { reliability } from "../../src/inference/reliability.js";
import { tidy } from "../../src/inference/tidy.js";
import { varianceTests } from "../../src/inference/variance-test.js";
import { FitError } from "../../src/messages.js";
import { fittedValues } from "../../src/models/fitted.js";
import type { GeneralizedMixedFit } from "../../src/models/generalized-fit.js";
import { slope } from "./fits.js";
import {
  adjacent,
  cbpp,
  dispersed,
  districts,
  equidistant,
  herds,
  hurdle,
  inflated,
  inflatedRandom,
  multinomial,
  nominal,
  opinions,
  overdispersed,
  owls,
  scaled,
  seizures,
  wine,
  wines,
  zerosMined,
} from "./generalized-reference-fits.js";

describe("coefficients", () => {
  test("are tested as normal, part by part", () => {
    const [, period2] = coefficients(herds);
    expect(period2!.df).toBeNull();
    expect(period2!.upper - period2!.estimate).toBeCloseTo(1.959963984540054 * period2!.stdError, 12);
    expect(coefficients(zerosMined, { part: "zi" }).map(({ term }) => term)).toEqual(["(Intercept)", "minedno"]);
    expect(coefficients(wines, { part: "thresholds" }).map(({ term }) => term)).toEqual(["1|2", "2|3", "3|4", "4|5"]);
    expect(coefficients(scaled, { part: "scale" })).toHaveLength(1);
    expect(coefficients(dispersed, { part: "dispersion" }).map(({ term }) => term)).toEqual(["(Intercept)", "DOY"]);
    expect(fixef(dispersed, { part: "dispersion" }).DOY).toBe(dispersed.dispersionModel!.fixed[1]!.estimate);
  });

  test("that the model does not have, and degrees of freedom, are refused in words", () => {
    expect(() => coefficients(herds, { part: "zi" })).toThrow('no coefficients of the part "zi". It has those of "mean".');
    expect(() => coefficients(slope, { part: "thresholds" })).toThrow('It has those of "mean".');
    expect(() => coefficients(zerosMined, { part: "scale" })).toThrow('It has those of "mean", "zi".');
    expect(() => coefficients(herds, { df: "satterthwaite" })).toThrow(/for linear models.*likelihood-ratio tests/);
    expect(() => anova(herds, { df: "residual" })).toThrow(FitError);
    expect(coefficients(herds, { df: "none" })).toEqual(coefficients(herds));
  });

  test("of thresholds and effects have one joint covariance", () => {
    const { terms, values } = vcov(wines, { part: "all" });
    expect(terms).toEqual(["1|2", "2|3", "3|4", "4|5", "tempwarm", "contactyes"]);
    const thresholds = vcov(wines, { part: "thresholds" }).values;
    const effects = vcov(wines).values;
    wines.thresholds!.forEach(({ stdError }, k) => {
      expect(Math.sqrt(thresholds[k]![k]!) / stdError).toBeCloseTo(1, 10);
      expect(values[k]![k]).toBeCloseTo(thresholds[k]![k]!, 12);
    });
    expect(values[4]![5]).toBeCloseTo(effects[0]![1]!, 12);
    expect(values[0]![4]).toBeCloseTo(values[4]![0]!, 12);
    // vcov(clmm(...))[1, 2] is .20914, from differences; its own optimum is 1e-5 away.
    expect(thresholds[0]![1]! / 0.2091398147).toBeCloseTo(1, 1.5);
    expect(() => vcov(slope, { part: "all" })).toThrow(FitError);
  });
});

describe("intervals", () => {
  test("of standard deviations are glmmTMB's, on the log scale", () => {
    // confint(glmmTMB(use ~ age + urban + (1 + urban | district), Contraception, family = binomial))
    const rows = confint(districts, { part: "all" });
    const [first, correlation, second] = rows.slice(-3);
    expect(rows.map(({ part }) => part)).toEqual([undefined, undefined, undefined, "random", "random", "random"]);
    expect(first).toMatchObject({ term: "sd__(Intercept)", group: "district" });
    expect(first!.lower).toBeCloseTo(0.429633755603, 5);
    expect(first!.upper).toBeCloseTo(0.82716415055, 5);
    expect(second!.lower).toBeCloseTo(0.516615771574, 5);
    expect(second!.upper).toBeCloseTo(1.29887101209, 5);
    // glmmTMB has the correlation's on another scale, theta / sqrt(1 + theta^2); the estimate is the same.
    expect(correlation!.estimate).toBeCloseTo(-0.812438734474, 5);
    expect(Math.atanh(correlation!.upper) + Math.atanh(correlation!.lower)).toBeCloseTo(2 * Math.atanh(correlation!.estimate), 10);
  });

  test("of a dispersion are glmmTMB's", () => {
    // confint(glmmTMB(count ~ spp + mined + (1 | site), Salamanders, nbinom2, ziformula = ~ mined), parm = "sigma")
    const [row, ...others] = confint(zerosMined, { part: "dispersion" });
    expect(others).toEqual([]);
    expect(row!.estimate).toBeCloseTo(1.157408632, 4);
    expect(row!.lower).toBeCloseTo(0.6423043982, 3);
    expect(row!.upper).toBeCloseTo(2.0856073, 3);
    const all = confint(zerosMined, { part: "all" });
    expect(all.filter(({ part }) => part === "zi").map(({ lower }) => lower)[1]).toBeCloseTo(-9.3908507856, 1);
    expect(all.find(({ term }) => term === "sigma")).toEqual(row);
  });

  test("narrow with the coverage, and are refused where there is nothing to make them of", () => {
    const [wide] = confint(districts, { part: "random" });
    const [narrow] = confint(districts, { part: "random", level: 0.5 });
    expect(narrow!.lower).toBeGreaterThan(wide!.lower);
    expect(narrow!.upper).toBeLessThan(wide!.upper);
    expect(() => confint(districts, { part: "random", level: 1 })).toThrow(FitError);
    expect(() => confint(slope, { part: "random" })).toThrow(/compare\(without, with\)/);
    expect(() => confint(herds, { part: "dispersion" })).toThrow(FitError);
  });
});

describe("tests of terms", () => {
  const formula = "SiblingNegotiation ~ FoodTreatment * SexParent + (1 | Nest)";

  test("are Wald's, averaged over the terms that contain them", () => {
    // m <- glmmTMB(..., Owls, family = poisson, contrasts = list(FoodTreatment = "contr.sum", SexParent = "contr.sum")); b^2 / vcov
    const tests = anova(glmm(formula, owls, { family: "poisson" }));
    expect(tests.map(({ term }) => term)).toEqual(["FoodTreatment", "SexParent", "FoodTreatment:SexParent"]);
    // The search of glmmTMB ends 1e-4 standard errors from ours.
    expect(tests[0]!.statistic / 257.8774886).toBeCloseTo(1, 4);
    expect(tests[1]!.statistic / 0.622586808).toBeCloseTo(1, 3);
    expect(tests[2]!.statistic / 3.29468411).toBeCloseTo(1, 4);
    expect(tests[1]).toMatchObject({ test: "chi-square", numDF: 1, denDF: null });
  });

  test.each<[string, (contrasts: Record<string, "sum" | "treatment" | "helmert">) => GeneralizedMixedFit]>([
    ["generalized", (contrasts) => glmm(formula, owls, { family: "poisson", contrasts })],
    ["cumulative", (contrasts) => clmm("rating ~ temp * contact + (1 | judge)", wine, { contrasts })],
  ])("of %s models do not depend on the coding", (kind, fitted) => {
    const [one, two] = kind === "generalized" ? ["FoodTreatment", "SexParent"] : ["temp", "contact"];
    const treatment = anova(fitted({}));
    const own = fitted({ [one!]: "sum", [two!]: "sum" });
    const sum = anova(own);
    const mixed = anova(fitted({ [one!]: "helmert", [two!]: "sum" }));
    treatment.forEach(({ statistic }, t) => {
      expect(sum[t]!.statistic / statistic).toBeCloseTo(1, 5);
      expect(mixed[t]!.statistic / statistic).toBeCloseTo(1, 5);
      // Under sum contrasts of two levels the test is that of the coefficient.
      expect(sum[t]!.statistic).toBeCloseTo(own.fixed[own.model === "clmm" ? t : t + 1]!.statistic ** 2, 6);
    });
  });

  test("of several coefficients are joint", () => {
    const [period] = anova(herds);
    const { values } = vcov(herds);
    expect(period!.numDF).toBe(3);
    // b' V^-1 b for the three, by Cramer's rule on the 3 x 3 block.
    const b = herds.fixed.slice(1).map(({ estimate }) => estimate);
    const v = values.slice(1).map((row) => row.slice(1));
    const det = (m: number[][]): number =>
      m[0]![0]! * (m[1]![1]! * m[2]![2]! - m[1]![2]! * m[2]![1]!) -
      m[0]![1]! * (m[1]![0]! * m[2]![2]! - m[1]![2]! * m[2]![0]!) +
      m[0]![2]! * (m[1]![0]! * m[2]![1]! - m[1]![1]! * m[2]![0]!);
    const solved = b.map((_, j) => det(v.map((row, i) => row.map((x, k) => (k === j ? b[i]! : x)))) / det(v));
    expect(period!.statistic).toBeCloseTo(
      b.reduce((total, x, i) => total + x * solved[i]!, 0),
      8,
    );
  });

  test("of a multinomial model are over all its equations", () => {
    const tests = anova(multinomial);
    expect(tests.map(({ term, numDF }) => [term, numDF])).toEqual([
      ["temp", 2],
      ["age", 2],
    ]);
  });

  test("of interactions need the intercept in a cumulative model's formula", () => {
    expect(() => anova(clmm("rating ~ 0 + temp * contact + (1 | judge)", wine))).toThrow(/need the formula to have its intercept/);
  });
});

describe("tables", () => {
  test("name the component as broom.mixed does", () => {
    const rows = tidy(inflatedRandom, { effects: ["fixed", "ran_pars", "ran_vals"], conf: 0.95 });
    const components = (effect: string): unknown[] => [
      ...new Set(rows.filter((row) => row.effect === effect).map(({ component }) => component)),
    ];
    expect(components("fixed")).toEqual(["cond", "zi"]);
    expect(components("ran_pars")).toEqual(["cond", "zi"]);
    expect(components("ran_vals")).toEqual(["cond", "zi"]);
    expect(tidy(scaled).map(({ component }) => component)).toEqual(["cond", "cond", ...Array(4).fill("thresholds"), "scale", "cond"]);
    expect(Object.keys(tidy(slope)[0]!)).not.toContain("component");
    expect(tidy(herds).some(({ term }) => term === "sd__Observation")).toBe(false);
    const sd = tidy(districts, { effects: "ran_pars", conf: 0.95 })[0]!;
    const [interval] = confint(districts, { part: "random" });
    expect([sd["conf.low"], sd["conf.high"]]).toEqual([interval!.lower, interval!.upper]);
  });

  test("glance tells sigma where there is one", () => {
    expect(glance(herds)).toMatchObject({ nobs: 56, sigma: null, REMLcrit: null, "df.residual": 51 });
    expect(glance(herds).logLik).toBeCloseTo(-92.0262818, 5);
    expect(glance(overdispersed).sigma).toBeCloseTo(7.2054696758, 3);
  });

  test("augment adds the linear predictor, and Pearson residuals where they exist", () => {
    expect(augment(herds, cbpp).columnNames.slice(-5)).toEqual([".fitted", ".resid", ".fixed", ".eta", ".pearson"]);
    expect(augment(wines).columnNames).toEqual([".fitted", ".resid", ".fixed", ".eta"]);
    expect(augment(multinomial, opinions).columnNames.slice(-3)).toEqual([".fitted", ".resid", ".fixed"]);
  });

  test("ranef has the effects of either part", () => {
    expect(ranef(inflatedRandom, { part: "zi" }).site![0]!.effects["(Intercept)"]).toBeCloseTo(-1.8623136581, 3);
    expect(ranef(inflated, { part: "zi" })).toEqual({});
  });
});

describe("intraclass correlation", () => {
  test("is on the latent scale, as performance::icc has it", () => {
    // performance::icc: .111 (cbpp), .280 (wine)
    const tau = herds.randomTerms[0]!.sigma[0]!;
    expect(icc(herds)).toEqual([
      { group: "herd", variance: expect.closeTo(tau, 10), share: expect.closeTo(tau / (tau + Math.PI ** 2 / 3), 10) },
    ]);
    expect(adjustedIcc(herds)).toBeCloseTo(0.111, 3);
    expect(adjustedIcc(wines)).toBeCloseTo(0.28, 3);
  });

  test("of counts takes the lognormal approximation of Nakagawa, Johnson & Schielzeth", () => {
    // e <- glmer(y ~ 1 + (1 | subject), epil2, poisson); s <- VarCorr(e)$subject[1]; s / (s + log(1 + 1 / exp(fixef(e) + s / 2)))
    expect(adjustedIcc(seizures)).toBeCloseTo(0.8818149409, 4);
    // glmmTMB(..., family = nbinom2): s / (s + log(1 + 1 / exp(b + s / 2) + 1 / sigma(e)))
    expect(adjustedIcc(overdispersed)).toBeCloseTo(0.7841379383, 5);
  });

  test("of a square-root link is the delta method's quarter, of a gaussian model that of lmm", () => {
    const rows = Array.from({ length: 120 }, (_, i) => i);
    const table = Table.from({
      y: rows.map((i) => 4 + ((i * 7) % 5) + 3 * (Math.floor(i / 10) % 4)),
      g: rows.map((i) => `g${Math.floor(i / 10)}`),
    });
    const sqrt = glmm("y ~ 1 + (1 | g)", table, { family: "poisson", link: "sqrt" });
    const tau = sqrt.randomTerms[0]!.sigma[0]!;
    expect(adjustedIcc(sqrt)).toBeCloseTo(tau / (tau + 0.25), 10);
    const gaussian = glmm("y ~ 1 + (1 | g)", table, { family: "gaussian" });
    const [sd] = tidy(gaussian, { effects: "ran_pars" });
    expect(adjustedIcc(gaussian)).toBeCloseTo(sd!.estimate! ** 2 / (sd!.estimate! ** 2 + gaussian.dispersion! ** 2), 8);
  });

  test.each([
    [inflated, "zeros apart"],
    [hurdle, "zeros apart"],
    [dispersed, "zeros apart"],
    [scaled, "a latent scale that differs"],
    [adjacent, "without a latent scale"],
    [multinomial, "without a latent scale"],
  ])("is refused where no one residual variance stands beside the effects (%#)", (fit, words) => {
    expect(() => icc(fit)).toThrow(words);
  });

  test("is refused for a cauchit link", () => {
    expect(() => icc(clmm("rating ~ temp + (1 | judge)", wine, { link: "cauchit" }))).toThrow('Fit with the link "logit"');
  });
});

describe("what linear models alone have", () => {
  test("is refused with what to use instead", async () => {
    expect(() => reliability(herds)).toThrow(/Reliability.*is for linear models.*icc\(fit\)/);
    expect(() => varianceTests(wines)).toThrow(/compare\(without, with\)/);
    await expect(prepareDegreesOfFreedom(herds)).rejects.toThrow(/z tests/);
    await expect(refitMany(herds, [herds.frame.response.values])).rejects.toThrow(/one by one/);
  });
});

describe("refit", () => {
  test.each([
    ["binomial", herds],
    ["correlated slopes", districts],
    ["nominal effects", nominal],
    ["equidistant thresholds", equidistant],
    ["a scale", scaled],
    ["adjacent categories", adjacent],
    ["zero inflation", zerosMined],
    ["a hurdle", hurdle],
    ["a dispersion formula", dispersed],
    ["negative binomial", overdispersed],
  ])("to the same response stays where the fit is (%s)", (_, fit) => {
    const again = refit(fit, fit.frame.response.values);
    expect(Math.abs(again.criterion - fit.criterion)).toBeLessThan(1e-6);
    expect(again.evaluations).toBeLessThanOrEqual(3);
    expect([again.family, again.hurdle, again.npar]).toEqual([fit.family, fit.hurdle, fit.npar]);
  });

  test("to the same response finds a multinomial model again", () => {
    const again = refit(multinomial, multinomial.frame.response.values);
    expect(Math.abs(again.criterion - multinomial.criterion)).toBeLessThan(1e-6);
    expect(again.random).toHaveLength(multinomial.random.length);
    expect(again.randomTerms.map(({ effects }) => effects)).toEqual(multinomial.randomTerms.map(({ effects }) => effects));
  });

  test("to another response is the fit of that response", () => {
    const values = Float64Array.from(seizures.frame.response.values, (y, i) => (y + (i % 3)) * (1 + (i % 2)));
    const fresh = glmm("z ~ 1 + (1 | subject)", augmented(values), { family: "poisson" });
    const again = refit(seizures, values);
    expect(Math.abs(again.criterion - fresh.criterion)).toBeLessThan(1e-6);
    expect(again.fixed[0]!.estimate).toBeCloseTo(fresh.fixed[0]!.estimate, 5);
    expect(fittedValues(again).residuals[0]! + fittedValues(again).fitted[0]!).toBeCloseTo(values[0]!, 10);
  });

  test("to a response that leaves a category empty has fewer thresholds", () => {
    const values = Float64Array.from(wines.frame.response.values, (category) => Math.max(1, category));
    const again = refit(wines, values);
    expect(again.thresholds!.map(({ term }) => term)).toEqual(["2|3", "3|4", "4|5"]);
    expect(again.converged).toBe(true);
  });

  test("begins afresh from a variance of zero", () => {
    const flat = glmm("cbind(incidence, size - incidence) ~ 1 + (1 | herd)", cbpp, { family: "binomial" });
    const same = Float64Array.from(flat.frame.response.trials!, (size) => Math.round(size / 4));
    const singular = refit(flat, same);
    expect(singular.singular).toBe(true);
    expect(Math.abs(refit(singular, flat.frame.response.values).criterion - flat.criterion)).toBeLessThan(1e-6);
  });
});

function augmented(values: Float64Array): Table {
  const subject = seizures.frame.random[0]!;
  return Table.from({ z: Array.from(values), subject: Array.from(subject.levelOf, (level) => subject.levels[level]!) });
}
