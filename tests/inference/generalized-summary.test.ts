/** What a person reads of generalized and cumulative models, held to the letter. */
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { toJson } from "../../src/inference/json.js";
import { modelTable } from "../../src/inference/summary/model-table.js";
import { formatInterval } from "../../src/inference/summary/numbers.js";
import { type SummaryOptions, summary } from "../../src/inference/summary/summary.js";
import { displayWidth } from "../../src/inference/summary/text-table.js";
import { slope } from "./fits.js";
import { cbpp, epil, hurdle, incidence, inflated, partial, ratings, responses, scaled, seizures, wine } from "./generalized-fits.js";

const fits = {
  "cbpp.lme4": [incidence, {}],
  "cbpp.odds": [incidence, { exponentiate: true }],
  "epil.lme4": [seizures, { exponentiate: true }],
  "salamanders-zip": [inflated, {}],
  "salamanders-hurdle": [hurdle, { exponentiate: true }],
  "wine.lme4": [ratings, {}],
  "wine-nominal": [partial, {}],
  "wine-scale": [scaled, {}],
  "cbpp.hlm": [incidence, { style: "hlm" }],
  "wine.hlm": [ratings, { style: "hlm" }],
} as const;

describe("printed summaries", () => {
  test.each(Object.entries(fits))("%s", async (name, [fit, options]) => {
    const { text } = summary(fit, options as SummaryOptions);
    await expect(`${text}\n`).toMatchFileSnapshot(`printed/${name}.txt`);
    for (const line of text.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(120);
  });

  test("are what a console shows of a fit", () => {
    expect(inspect(incidence)).toBe(summary(incidence).text);
    expect(String(ratings)).toBe(summary(ratings).text);
  });

  test("say what is modelled, so that the sign of a coefficient can be read", () => {
    const lines = (fit: Parameters<typeof summary>[0]): string => summary(fit).text;
    expect(lines(incidence)).toContain("Models the probability of a success: cbind(incidence, size - incidence).");
    expect(lines(glmm("I(incidence / size) ~ period + (1 | herd)", cbpp, { family: "binomial", weights: "size" }))).toContain(
      "Models the proportion I(incidence/size), out of the numbers of trials in size.",
    );
    expect(lines(glmm("contact ~ rating + (1 | judge)", wine, { family: "binomial", agq: 0 }))).toContain(
      'Models the probability that contact is "yes" (not "no").',
    );
    expect(lines(glmm("rating ~ contact + (1 | judge)", wine, { family: "binomial", agq: 0 }))).toContain(
      'Models the probability that rating is not "1".',
    );
    expect(lines(glmm("I(y > 5) ~ trt + (1 | subject)", epil, { family: "binomial", agq: 0 }))).toContain(
      "Models the probability that I(y > 5) is true.",
    );
    expect(lines(ratings)).toContain('Categories of rating, from low to high: 1, 2, 3, 4 and 5. A positive coefficient moves towards "5".');
  });

  test("name the dispersion and say what it does", () => {
    expect(summary(seizures).text).toMatch(/^Dispersion theta [\d.]+ \(variance = mu \+ mu\^2 \/ [\d.]+; the larger theta/m);
    expect(summary(glmm("share ~ x + (1 | g)", responses, { family: "beta" })).text).toMatch(/^Precision phi .*variance = mu \(1 - mu\)/m);
    expect(summary(glmm("heavy ~ x + (1 | g)", responses, { family: "t" })).text).toMatch(
      /^Scale of the t distribution [\d.]+, 95 % interval [\d.]+ to [\d.]+; degrees of freedom [\d.]+, 95 % interval [\d.]+ to [\d.]+$/m,
    );
    const model = glmm("share ~ x + (1 | g)", responses, { family: "beta", dispersion: "~ x" });
    expect(summary(model).text).toContain("Dispersion (log phi; variance = mu (1 - mu) / (1 + phi); z tests)");
    expect(model.dispersion).toBeNull();
  });

  test("show formulas and offsets that are not in the main one", () => {
    const { text } = summary(glmm("y ~ trt + (1 | subject)", epil, { family: "poisson", offset: "lbase" }));
    expect(text).toContain("\n  offset: lbase\n");
    expect(summary(inflated).text).toContain("\n  zeros: ~ mined\n");
  });

  test("have exponentials only where these mean something", () => {
    const probit = clmm("rating ~ temp + contact + (1 | judge)", wine, { link: "probit" });
    expect(() => summary(probit, { exponentiate: true })).toThrow("mean nothing for the cumulative model with probit link");
    expect(() => summary(slope, { exponentiate: true })).toThrow("mean nothing");
    expect(summary(glmm("y ~ trt + (1 | subject)", epil, { family: "poisson" }), { exponentiate: true }).text).toContain("Rate ratio");
    expect(summary(glmm("positive ~ x + (1 | g)", responses, { family: "gamma" }), { exponentiate: true }).text).toContain(
      "Ratio of means",
    );
  });

  test("have z tests", () => {
    expect(summary(incidence).df).toBe("none");
    expect(() => summary(incidence, { df: "satterthwaite" })).toThrow("Generalized models have z tests");
  });
});

test("the numbers of a summary are those of the fit", () => {
  const { coefficients, thresholds, scaleModel, zeroInflation } = summary(scaled);
  expect(coefficients.map(({ estimate }) => estimate)).toEqual(scaled.fixed.map(({ estimate }) => estimate));
  expect(thresholds).toHaveLength(4);
  expect(scaleModel!.map(({ term }) => term)).toEqual(["tempwarm"]);
  expect(zeroInflation).toBeNull();
  expect(summary(inflated).zeroInflation![0]!.pValue).toBeLessThan(1);
});

test("models of several kinds side by side", async () => {
  const table = modelTable({ Linear: slope, Binomial: incidence, Ordinal: ratings, Zeros: inflated, Scale: scaled });
  await expect(`${table}\n`).toMatchFileSnapshot("printed/model-table-generalized.txt");
  const ratios = modelTable({ Binomial: incidence, Ordinal: ratings }, { exponentiate: true, decimals: 2 });
  await expect(`${ratios}\n`).toMatchFileSnapshot("printed/model-table-odds.txt");
  expect(() => modelTable({ Linear: slope }, { exponentiate: true })).toThrow("mean nothing");
});

describe("toJson", () => {
  test("has the names of linear fits, and null where a thing does not apply", () => {
    const json = toJson(incidence, { readMs: 2 });
    expect(Object.keys(json)).toEqual(Object.keys(toJson(slope)));
    expect(json).toMatchObject({ model: "glmm", family: "binomial", link: "logit", method: "ML", agq: 1, df: null, fTests: null });
    expect(json).toMatchObject({
      residual: null,
      thresholds: null,
      dispersion: null,
      zeroInflation: null,
      hurdle: false,
      scaleModel: null,
    });
    expect(Object.keys(json.fixed[0]!)).toEqual(["term", "estimate", "stdError", "statistic", "df", "pValue", "lower", "upper"]);
    expect(json.fixed[0]!.df).toBeNull();
    expect(json.fixed[1]!.pValue).toBeCloseTo(0.00121, 4);
    expect(Object.keys(json.random[0]!)).toEqual(["group", "term", "variance", "sd", "stdErrorLog"]);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  test("holds thresholds, dispersion, zeros, scale and the residual of a gaussian model", () => {
    expect(toJson(ratings).thresholds!.map(({ term }) => term)).toEqual(["1|2", "2|3", "3|4", "4|5"]);
    expect(toJson(seizures).dispersion).toBe(seizures.dispersion);
    expect(toJson(inflated).zeroInflation).toMatchObject({ fixed: [{ term: "(Intercept)" }, { term: "minedno" }], random: [] });
    expect(toJson(hurdle)).toMatchObject({ family: "truncated_nbinom2", hurdle: true });
    expect(toJson(scaled).scaleModel!.fixed[0]!.term).toBe("tempwarm");
    const gaussian = glmm("growth ~ x + (1 | g)", responses, { family: "gaussian" });
    expect(toJson(gaussian).residual!.sd).toBe(gaussian.dispersion);
    expect(toJson(glmm("heavy ~ x + (1 | g)", responses, { family: "t" })).shape).toBeGreaterThan(0);
  });

  test("names the standard errors of correlations", () => {
    const fit = glmm("y ~ trt + Visit + (1 + lbase | subject)", epil, { family: "poisson", offset: "lage" });
    expect(toJson(fit).offset).toEqual(["lage"]);
    expect(toJson(fit).random.map((row) => Object.keys(row).at(-1))).toEqual(["stdErrorLog", "stdErrorLog", "stdErrorAtanh"]);
  });

  test("refuses a level that is none", () => {
    expect(() => toJson(incidence, { level: 95 })).toThrow("A confidence level lies between 0 and 1");
  });
});

test("an interval's ends keep three digits", () => {
  expect(formatInterval(0.3717, 1.1082)).toBe("0.372 to 1.11");
  expect(formatInterval(Number.NaN, 1)).toBe("");
});
