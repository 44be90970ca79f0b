/** Generalized and cumulative models as a user meets them: options, families, messages, types. */
import { describe, expect, test } from "vitest";
import { filter } from "../../src/data/filter.js";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { type GlmmOptions, glmm } from "../../src/inference/glmm.js";
import { lmm } from "../../src/inference/lmm.js";
import { cbpp, epil, hurdle, incidence, inflated, ratings, responses, salamanders, wine } from "./generalized-fits.js";

const formula = "y ~ trt + (1 | subject)";
const given =
  (options: object): (() => unknown) =>
  () =>
    glmm(formula, epil, options as GlmmOptions);

describe("glmm", () => {
  test("fits by the Laplace approximation with the family's link unless told otherwise", () => {
    // glmer: log-likelihood -92.02628187, standard deviation of herd 0.6422614.
    expect(incidence).toMatchObject({ model: "glmm", family: "binomial", link: "logit", method: "ML", agq: 1, nobs: 56 });
    expect(incidence.logLik).toBeCloseTo(-92.02628187, 5);
    expect(incidence.timing.fitMs).toBeGreaterThan(0);
    expect(Object.isFrozen(incidence)).toBe(true);
  });

  test("takes families and links in any case of letters, and R's names", () => {
    const fit = glmm("positive ~ x + (1 | g)", responses, { family: "Gamma", link: "LOG" });
    expect([fit.family, fit.link]).toEqual(["gamma", "log"]);
  });

  test("takes quadrature points, weights, offsets and contrasts", () => {
    const nine = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, {
      family: "binomial",
      agq: 9,
      contrasts: { period: "sum" },
    });
    expect(nine.agq).toBe(9);
    expect(nine.fixed.map(({ term }) => term)).toEqual(["(Intercept)", "period1", "period2", "period3"]);
    const proportion = glmm("I(incidence / size) ~ period + (1 | herd)", cbpp, { family: "binomial", weights: "size" });
    expect(proportion.criterion).toBeCloseTo(incidence.criterion, 6);
    const both = glmm("y ~ trt + offset(lage) + (1 | subject)", epil, { family: "poisson", offset: "lbase" });
    const apart = glmm(formula, epil, { family: "poisson", offset: ["lbase", "lage"] });
    expect(both.criterion).toBeCloseTo(apart.criterion, 8);
  });

  test("a truncated family with a formula for zeros is a hurdle, without one it is of counts above zero", () => {
    expect([hurdle.family, hurdle.hurdle]).toEqual(["truncated_nbinom2", true]);
    const named = glmm("count ~ mined + (1 | site)", salamanders, { family: "truncated_nbinom2", zi: "~ mined" });
    expect(named.criterion).toBeCloseTo(hurdle.criterion, 8);
    const constant = glmm("count ~ mined + (1 | site)", salamanders, { family: "poisson", hurdle: true });
    expect(constant.zeroInflation!.fixed.map(({ term }) => term)).toEqual(["(Intercept)"]);
    const above = filter(salamanders, (row) => Number(row.count) > 0);
    const truncated = glmm("count ~ mined + (1 | site)", above, { family: "truncated_poisson" });
    expect([truncated.family, truncated.hurdle, truncated.zeroInflation]).toEqual(["truncated_poisson", false, null]);
    expect([inflated.family, inflated.hurdle]).toEqual(["poisson", false]);
  });

  test("a gaussian model is that of lmm by maximum likelihood", () => {
    const linear = lmm("growth ~ x + (1 | g)", responses, { method: "ML" });
    const general = glmm("growth ~ x + (1 | g)", responses, { family: "gaussian" });
    expect(general.criterion).toBeCloseTo(linear.criterion, 5);
    expect(general.dispersion).toBeCloseTo(linear.sigma, 4);
  });

  test("has a family for unordered categories", () => {
    const fit = glmm("rating ~ contact + (1 | judge)", wine, { family: "multinomial" });
    expect(fit.fixed.map(({ term }) => term).slice(0, 2)).toEqual(["2: (Intercept)", "2: contactyes"]);
    expect(() => glmm("rating ~ contact + (1 | judge)", wine, { family: "multinomial", link: "probit" })).toThrow(
      'The multinomial family has no link "probit".',
    );
    expect(() => glmm("rating ~ contact + (1 | judge)", wine, { family: "multinomial", zi: "~ 1" })).toThrow("not one of counts");
    expect(() => glmm("rating ~ contact + (1 | judge)", wine, { family: "multinomial", dispersion: "~ 1" })).toThrow("has no dispersion");
  });

  test.each([
    [
      {},
      /^A generalized model needs a family, such as \{ family: "binomial" \}\. The families are gaussian, binomial, .* multinomial; for/,
    ],
    [{ family: "poison" }, 'There is no family "poison". Did you mean "poisson"? The families are gaussian,'],
    [{ family: "cumulative" }, "Models of ordered categories are fitted with clmm(formula, table)"],
    [{ family: "truncated_binomial" }, 'There is no family "truncated_binomial".'],
    [{ family: "poisson", link: "lgo" }, 'There is no link "lgo". Did you mean "log"?'],
    [{ family: "poisson", link: "logit" }, 'The poisson family has no link "logit".'],
    [{ family: "poisson", familly: 1 }, 'There is no option "familly". Did you mean "family"?'],
    [{ family: 3 }, 'The option "family" takes a text, not a number.'],
    [{ family: "poisson", agq: "9" }, 'The option "agq" takes a number, not a string.'],
    [{ family: "poisson", agq: 2.5 }, "must be a whole number from 0 to 100; 2.5 is not"],
    [{ family: "poisson", hurdle: "yes" }, 'The option "hurdle" takes true or false, not a string.'],
    [{ family: "poisson", offset: [1] }, 'The option "offset" takes a text, or a list of texts, not an object.'],
    [{ family: "poisson", contrasts: "sum" }, 'The option "contrasts" takes a record of contrasts by factor'],
    [{ family: "binomial", zi: "~ 1" }, 'the family "binomial" is not one of counts'],
    [{ family: "gaussian", hurdle: true }, 'the family "gaussian" is not one of counts'],
    [{ family: "poisson", dispersion: "~ trt" }, 'The family "poisson" has no dispersion'],
    [{ family: "poisson", zi: "~ trtt" }, 'no column "trtt". Did you mean "trt"?'],
    [{ family: "poisson", zi: "y ~ trt" }, "has no response of its own"],
    [{ family: "binomial" }, /^The response "y" has 197 values that the binomial family cannot have: 5 \(row 1\)/],
  ] as const)("refuses %j", (options, message) => {
    expect(given(options)).toThrow(message);
  });

  test("refuses what is no formula, no table and no record of options", () => {
    expect(() => glmm(3 as unknown as string, epil, { family: "poisson" })).toThrow("The first argument must be a formula in quotes");
    expect(() => glmm("y ~ x", [{ y: 1 }] as unknown as Table, { family: "poisson" })).toThrow("The second argument must be a table");
    expect(() => glmm(formula, epil, "poisson" as unknown as GlmmOptions)).toThrow("The third argument must be a record of options");
    expect(() => glmm(formula, epil, undefined as unknown as GlmmOptions)).toThrow("A generalized model needs a family");
  });
});

describe("clmm", () => {
  test("fits cumulative logits with flexible thresholds unless told otherwise", () => {
    // ordinal's clmm with useMatrix = TRUE, gradTol = 1e-9: log-likelihood -81.5654127766, standard deviation of judge 1.131142804.
    expect(ratings).toMatchObject({ model: "clmm", family: "cumulative", link: "logit", agq: 1, nobs: 72 });
    expect(ratings.logLik).toBeCloseTo(-81.5654127766, 7);
    expect(ratings.thresholds!.map(({ term }) => term)).toEqual(["1|2", "2|3", "3|4", "4|5"]);
  });

  test("takes links, thresholds and neighbouring categories in any case of letters", () => {
    const fit = clmm("rating ~ temp + contact + (1 | judge)", wine, { link: "Probit", threshold: "Equidistant", family: "Cumulative" });
    expect([fit.link, fit.thresholds!.map(({ term }) => term)]).toEqual(["probit", ["threshold.1", "spacing"]]);
    expect(clmm("rating ~ temp + contact + (1 | judge)", wine, { family: "adjacent" }).family).toBe("adjacent");
  });

  test.each([
    [{ link: "lgoit" }, 'There is no link "lgoit". Did you mean "logit"? The links of cumulative are logit, probit,'],
    [{ link: "sqrt" }, 'The cumulative family has no link "sqrt".'],
    [{ threshold: "equal" }, 'There is no threshold structure "equal". Use flexible, symmetric, symmetric2 or equidistant.'],
    [
      { family: "poisson" },
      '"poisson" is no family of ordered categories. Use cumulative or adjacent; other families are fitted with glmm(',
    ],
    [{ zi: "~ 1" }, 'There is no option "zi".'],
    [{ agq: 0 }, "The fast approximation (agq: 0)"],
    [{ nominal: "~ temp + (1 | judge)" }, "(1 | judge)"],
    [{ scale: "~ tmp" }, 'no column "tmp". Did you mean "temp"?'],
  ] as const)("refuses %j", (options, message) => {
    expect(() => clmm("rating ~ contact + (1 | judge)", wine, options as object)).toThrow(message);
  });
});

test("misspelt columns are errors of the compiler, in the formulas of options too", () => {
  const lessons = Table.from({ y: [0, 1], x: [1, 2], g: ["a", "b"] });
  // Each is refused by the compiler, and at run time where the compiler was told to look away.
  // @ts-expect-error no column named "z"
  expect(() => glmm("y ~ z + (1 | g)", lessons, { family: "poisson" })).toThrow('no column "z"');
  // @ts-expect-error no column named "z"
  expect(() => glmm("y ~ x + (1 | g)", lessons, { family: "poisson", zi: "~ z" })).toThrow('no column "z"');
  // @ts-expect-error no column named "z"
  expect(() => glmm("y ~ x + (1 | g)", lessons, { family: "nbinom2", dispersion: "~ z" })).toThrow('no column "z"');
  // @ts-expect-error no column named "z"
  expect(() => clmm("y ~ x + (1 | z)", lessons)).toThrow('no column "z"');
  // @ts-expect-error no column named "z"
  expect(() => clmm("y ~ x + (1 | g)", lessons, { nominal: "~ z" })).toThrow('no column "z"');
  // @ts-expect-error no column named "z"
  expect(() => clmm("y ~ x + (1 | g)", lessons, { scale: "~ z" })).toThrow('no column "z"');
});
