/** R squared, intraclass correlations and what is reduced at each level, against performance and the paper's formulas (tests/reference/inference/robust/r2.R). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { clmm } from "../../src/inference/clmm.js";
import { trigamma } from "../../src/inference/distributions/special/trigamma.js";
import { glmm } from "../../src/inference/glmm.js";
import { adjustedIcc, icc, unadjustedIcc } from "../../src/inference/icc.js";
import { lmm } from "../../src/inference/lmm.js";
import { r2 } from "../../src/inference/r2.js";
import { varianceReduction } from "../../src/inference/r2-levels.js";
import { crossed, egsingle, hsb, hsbFull, hsbNull, intercept, interceptMl, sleepstudy, slope, splitPlot } from "./fits.js";
import {
  cbpp,
  contraception,
  epil,
  herds,
  inflated,
  nominal,
  salamanders,
  scaled,
  tempOnly,
  ticks,
  wine,
  wines,
} from "./generalized-reference-fits.js";

const reference = JSON.parse(readFileSync(new URL("../reference/inference/robust/r2.json", import.meta.url), "utf8"));

/** Estimates of both sides stand at their optima to about 1e-5 relative. */
function close(actual: number, expected: number, digits = 1e-4): void {
  expect(Math.abs(actual - expected)).toBeLessThan(digits * Math.max(Math.abs(expected), 1e-3));
}

interface Shares {
  readonly marginal: number;
  readonly conditional: number;
  readonly adjusted: number;
  readonly unadjusted: number;
}

describe("performance's R squared and intraclass correlations", () => {
  test.each([
    ["hsb", hsbFull],
    ["sleepstudy", slope],
    ["oats", splitPlot],
    ["egsingle", lmm("math ~ year + lowinc + (year | schoolid/childid)", egsingle)],
    ["penicillin", crossed],
  ] as const)("of a linear model: %s", (name, fit) => {
    const expected: Shares = reference.lmm[name];
    close(r2(fit).marginal, expected.marginal);
    close(r2(fit).conditional, expected.conditional);
    close(adjustedIcc(fit), expected.adjusted);
    close(unadjustedIcc(fit), expected.unadjusted);
  });

  test("of each factor of models without slopes", () => {
    for (const [name, fit] of [
      ["oats", splitPlot],
      ["penicillin", crossed],
    ] as const) {
      for (const { group, share } of icc(fit)) close(share, reference.lmm[name].groups[group]);
    }
  });

  test.each([
    ["cbpp", herds],
    ["probit", glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family: "binomial", link: "probit" })],
    ["contraception", glmm("use ~ age + urban + (1 + urban | district)", contraception, { family: "binomial" })],
  ] as const)("of a binomial model: %s", (name, fit) => {
    const expected: Shares = reference.glmm[name];
    close(r2(fit).marginal, expected.marginal);
    close(r2(fit).conditional, expected.conditional);
    close(adjustedIcc(fit), expected.adjusted);
    close(unadjustedIcc(fit), expected.unadjusted);
  });

  test("of a cumulative model", () => {
    const expected: Shares = reference.clmm.performance;
    close(r2(wines).marginal, expected.marginal);
    close(r2(wines).conditional, expected.conditional);
    close(adjustedIcc(wines), expected.adjusted);
  });
});

const counts = {
  poisson: glmm("y ~ Base * trt + Age + (1 | subject)", epil, { family: "poisson" }),
  nbinom2: glmm("y ~ Base * trt + Age + (1 | subject)", epil, { family: "nbinom2" }),
  nbinom1: glmm("count ~ mined + (1 | site)", salamanders, { family: "nbinom1" }),
  gamma: glmm("Reaction ~ Days + (1 | Subject)", sleepstudy, { family: "gamma", link: "log" }),
};

describe("with a log link", () => {
  test.each(["poisson", "nbinom2", "nbinom1", "gamma"] as const)("the paper's approximations at the null model's mean: %s", (name) => {
    const fit = counts[name];
    const { mean, logLik, ...expected } = reference[name];
    expect(fit.logLik).toBeCloseTo(logLik, 3);
    for (const approximation of ["lognormal", "delta", "trigamma"] as const) {
      const own = r2(fit, { mean, approximation });
      close(own.marginal, expected[approximation].marginal);
      close(own.conditional, expected[approximation].conditional);
      close(own.variances.residual, expected[approximation].residual);
    }
    expect(r2(fit, { mean }).marginal).toBe(r2(fit, { mean, approximation: "lognormal" }).marginal);
  });

  test.each(["poisson", "nbinom2"] as const)("performance's at performance's mean: %s", (name) => {
    const { performanceMean: mean, performance } = reference[name];
    close(r2(counts[name], { mean }).marginal, performance.marginal);
    close(r2(counts[name], { mean }).conditional, performance.conditional);
    close(adjustedIcc(counts[name], { mean }), performance.adjusted);
    close(unadjustedIcc(counts[name], { mean }), performance.unadjusted);
  });

  test("the mean of a model without predictors is the paper's", () => {
    const none = glmm("y ~ 1 + (1 | subject)", epil, { family: "poisson" });
    const mean = Math.exp(none.fixed[0]!.estimate + none.randomTerms[0]!.sigma[0]! / 2);
    expect(r2(none).variances.residual).toBeCloseTo(Math.log1p(1 / mean), 12);
    expect(r2(none).marginal).toBe(0);
  });

  test("effects of single rows are variation of the distribution", () => {
    const fit = glmm("TICKS ~ YEAR + (1 | INDEX) + (1 | BROOD)", ticks, { family: "poisson" });
    const { fixed, random, rows, residual } = r2(fit).variances;
    close(fixed, reference.rows.marginalOver, 2e-3);
    close(random, reference.rows.brood, 2e-3);
    close(rows, reference.rows.index, 2e-3);
    expect(icc(fit)).toEqual([
      { group: "BROOD", variance: expect.closeTo(random, 12), share: expect.closeTo(random / (random + rows + residual), 12) },
    ]);
    expect(r2(fit).conditional).toBeCloseTo((fixed + random) / (fixed + random + rows + residual), 12);
  });
});

describe("the observation-level variance of proportions", () => {
  test("is 1 / (m (1 - m)) with a logit, by default at the mean over rows and random effects", () => {
    const at = r2(herds, { approximation: "delta", mean: 0.2 });
    expect(at.variances.residual).toBeCloseTo(1 / 0.16, 12);
    const none = glmm("cbind(incidence, size - incidence) ~ 1 + (1 | herd)", cbpp, { family: "binomial" });
    const { residual } = r2(none, { approximation: "delta" }).variances;
    // The mean that gives it, by Monte Carlo over a grid of normal quantiles.
    const [eta, sd] = [none.fixed[0]!.estimate, Math.sqrt(none.randomTerms[0]!.sigma[0]!)];
    let mean = 0;
    let total = 0;
    for (let z = -8; z <= 8; z += 0.01) {
      const weight = Math.exp(-z * z * 0.5);
      mean += weight / (1 + Math.exp(-eta - sd * z));
      total += weight;
    }
    mean /= total;
    expect(residual).toBeCloseTo(1 / (mean * (1 - mean)), 8);
  });
});

describe("intraclass correlations of responses", () => {
  test("are integrals over the random effects, as R's integrate has them", () => {
    const [logit] = icc(herds, { scale: "observation" });
    close(logit!.variance, reference.observation.cbpp.variance);
    close(logit!.share, reference.observation.cbpp.share);
    const cloglog = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family: "binomial", link: "cloglog" });
    close(icc(cloglog, { scale: "observation" })[0]!.share, reference.observation.cloglog.share);
  });

  test("of nested counts have a closed form (Leckie et al. 2020)", () => {
    const fit = glmm("TICKS ~ YEAR + (1 | LOCATION/BROOD)", ticks, { family: "poisson" });
    const rows = icc(fit, { scale: "observation" });
    close(rows.find(({ group }) => group === "LOCATION")!.share, reference.observation.poisson.outer, 1e-3);
    close(rows.find(({ group }) => group === "BROOD:LOCATION")!.share, reference.observation.poisson.inner, 1e-3);
  });

  test("of a linear model are those of the model", () => {
    expect(icc(slope, { scale: "observation" })).toEqual(icc(slope));
    const gaussian = glmm("Reaction ~ Days + (1 | Subject)", sleepstudy, { family: "gaussian" });
    close(icc(gaussian, { scale: "observation" })[0]!.share, icc(interceptMl)[0]!.share);
  });

  test("are refused where responses are not numbers with one mean and one variance", () => {
    expect(() => icc(wines, { scale: "observation" })).toThrow('which the family "cumulative" with its further parts does not give');
    expect(() => icc(inflated, { scale: "observation" })).toThrow("one mean and one variance a row");
    expect(() => icc(herds, { scale: "response" as "latent" })).toThrow("Use latent or observation.");
  });
});

describe("what predictors explain at each level", () => {
  test("is Raudenbush & Bryk's: schools' means of achievement by the mean of SES", () => {
    // 2002, tables 4.2 and 4.3: tau00 8.61 -> 2.64, sigma^2 39.15 -> 39.16.
    const rows = varianceReduction(lmm("mAch ~ meanses + (1 | school)", hsb), hsbNull);
    expect(rows.map(({ group, term }) => [group, term])).toEqual([
      ["school", "(Intercept)"],
      ["Residual", null],
      ["Total", null],
    ]);
    expect(rows[0]).toMatchObject({
      null: expect.closeTo(8.614, 3),
      variance: expect.closeTo(2.639, 3),
      reduction: expect.closeTo(0.6936, 3),
    });
    expect(rows[1]!.reduction).toBeCloseTo(-0.0002, 3);
    expect(rows[2]!.reduction).toBeCloseTo(1 - (2.6389 + 39.1571) / (8.614 + 39.1483), 3);
  });

  test("asks for the same rows, response and method", () => {
    expect(() => varianceReduction(slope, hsbNull)).toThrow("the first model explains Reaction and the null model explains mAch");
    expect(() => varianceReduction(intercept, interceptMl)).toThrow("was fitted by REML");
    expect(() => varianceReduction(herds, herds)).toThrow("Use r2(fit) of both models.");
  });
});

describe("R squared is refused in words", () => {
  test.each([
    [inflated, "zeros apart"],
    [scaled, "a latent scale that differs"],
    [nominal, "Nominal effects differ between thresholds"],
    [clmm("rating ~ temp + (1 | judge)", wine, { link: "cauchit" }), 'Fit with the link "logit"'],
  ])("%#", (fit, words) => {
    expect(() => r2(fit)).toThrow(words);
  });

  test("for approximations that the model does not have", () => {
    expect(() => r2(herds, { approximation: "lognormal" })).toThrow('no approximation "lognormal"');
    expect(() => r2(herds, { approximation: "lognormal" })).toThrow("Use latent or delta.");
    expect(() => r2(tempOnly, { approximation: "delta" })).toThrow("Use latent.");
    expect(() => r2(counts.poisson, { mean: -1 })).toThrow("must be positive; -1 is not");
    expect(() => r2(herds, { approximation: "delta", mean: 2 })).toThrow("positive and below 1; 2 is not");
  });
});

test("trigamma is R's", () => {
  // trigamma(c(0.01, 0.5, 1, 2.5, 14.9, 15, 100, 1e8))
  const expected: readonly [number, number][] = [
    [0.01, 10001.6212135283],
    [0.5, 4.93480220054468],
    [1, 1.64493406684823],
    [2.5, 0.490357756100235],
    [14.9, 0.0694165832070958],
    [15, 0.0689382278476838],
    [100, 0.0100501666633336],
    [1e8, 1.000000005e-8],
  ];
  for (const [x, value] of expected) expect(Math.abs(trigamma(x) / value - 1)).toBeLessThan(1e-13);
  expect(trigamma(0)).toBeNaN();
});
