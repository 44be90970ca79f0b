/** Comparisons of generalized and cumulative fits, saved ones too. R values: lme4 1.1-31, glmmTMB 1.1.5, ordinal 2022.11-16. */
import { describe, expect, test } from "vitest";
import { clmm } from "../../src/inference/clmm.js";
import { type Comparison, compare } from "../../src/inference/compare.js";
import { glmm } from "../../src/inference/glmm.js";
import { lmm } from "../../src/inference/lmm.js";
import { loadFit, saveFit } from "../../src/inference/saved-fit.js";
import { FitError } from "../../src/messages.js";
import { fittedValues } from "../../src/models/fitted.js";
import { parseFormula } from "../../src/models/formula/formula.js";
import { buildFrame } from "../../src/models/frame/build-frame.js";
import { fitMultinomialMixed } from "../../src/models/multinomial-mixed.js";
import {
  adjacent,
  cbpp,
  contraception,
  counts,
  dispersed,
  districts,
  epil,
  equidistant,
  herds,
  herdsNull,
  hurdle,
  inflated,
  inflatedRandom,
  multinomial,
  nominal,
  opinions,
  overdispersed,
  salamanders,
  scaled,
  seizures,
  tempOnly,
  wine,
  wines,
  zeros1,
  zerosMined,
} from "./generalized-reference-fits.js";

const codes = ({ notes }: Comparison): string[] => notes.map(({ code }) => code);

describe("likelihood-ratio tests", () => {
  test("of coefficients are lme4's and ordinal's", () => {
    // anova(glmer(cbind(incidence, size - incidence) ~ 1 + (1 | herd)), glmer(... ~ period + (1 | herd))): 25.60994 on 3 d.f.
    const [, row] = compare(herdsNull, herds).rows;
    expect(row).toMatchObject({ df: 3, reference: "chi-square with 3 d.f." });
    expect(row!.chiSquare).toBeCloseTo(25.60994, 3);
    expect(row!.pValue).toBeCloseTo(1.151e-5, 7);
    // anova(clmm(rating ~ temp + (1 | judge)), clmm(rating ~ temp + contact + (1 | judge))): 14.34672 on 1 d.f.
    const [, contact] = compare(tempOnly, wines).rows;
    expect(contact!.chiSquare).toBeCloseTo(14.34672, 4);
    expect(contact!.pValue).toBeCloseTo(0.00015204, 7);
  });

  test("of the zero probability's coefficients are glmmTMB's", () => {
    // anova(glmmTMB(..., ziformula = ~ 1, nbinom2), glmmTMB(..., ziformula = ~ mined)): 7.56771 on 1 d.f., p = .0059423
    const [, row] = compare(zeros1, zerosMined).rows;
    expect(row!.chiSquare).toBeCloseTo(7.56771, 4);
    expect(row!.pValue).toBeCloseTo(0.0059423, 6);
  });

  test("of a dispersion formula against one dispersion are chi-square", () => {
    expect(compare(zerosMined, dispersed).rows[1]).toMatchObject({ df: 1, reference: "chi-square with 1 d.f." });
  });

  test("of variances are mixtures, in the mean and in the zero probability", () => {
    const intercepts = glmm("use ~ age + urban + (1 | district)", contraception, { family: "binomial" });
    expect(compare(intercepts, districts).rows[1]!.reference).toBe("50:50 mixture of chi-square with 1 and 2 d.f.");
    const plain = glmm("count ~ spp + mined + (1 | site)", salamanders, { family: "poisson", zi: "~ spp" });
    expect(compare(plain, inflatedRandom).rows[1]!.reference).toBe("50:50 mixture of chi-square with 0 and 1 d.f.");
  });

  test("of proportional odds are those of a nominal effect against the effect in the mean", () => {
    expect(compare(wines, nominal).rows[1]).toMatchObject({ df: 3, reference: "chi-square with 3 d.f." });
    expect(compare(tempOnly, nominal).rows[1]).toMatchObject({ df: 4 });
  });

  test("of threshold structures and scales take the smaller as part of the larger", () => {
    const symmetric = clmm("rating ~ temp + contact + (1 | judge)", wine, { threshold: "symmetric" });
    const { rows } = compare({ equidistant, symmetric, wines });
    expect(rows.map(({ model, df }) => [model, df])).toEqual([
      ["equidistant", null],
      ["symmetric", 1],
      ["wines", 1],
    ]);
    expect(compare(wines, scaled).rows[1]!.df).toBe(1);
  });

  test("do not depend on the coding of factors, though the thresholds are the intercept", () => {
    const recoded = clmm("rating ~ temp + contact + (1 | judge)", wine, { contrasts: { temp: "sum", contact: "helmert" } });
    expect(compare(tempOnly, recoded).rows[1]!.chiSquare).toBeCloseTo(compare(tempOnly, wines).rows[1]!.chiSquare!, 5);
  });

  test("of unordered categories count a coefficient in each equation", () => {
    const without = fitMultinomialMixed(
      buildFrame(parseFormula("opinion ~ temp + (1 | judge)", { columns: opinions.columnNames }), opinions, { response: "any" }),
    );
    expect(compare(without, multinomial).rows[1]).toMatchObject({ df: 2, reference: "chi-square with 2 d.f." });
    const other = fitMultinomialMixed(
      buildFrame(parseFormula("opinion ~ age + I(age^2) + temp:age + (1 | judge)", { columns: opinions.columnNames }), opinions, {
        response: "any",
      }),
    );
    expect(codes(compare(multinomial, other))).toContain("not-nested");
  });
});

describe("what is not tested", () => {
  test("other families, links and zero parts: information criteria only, and the note says which", () => {
    const found = compare(seizures, overdispersed);
    expect(found.rows[1]!.chiSquare).toBeNull();
    expect(found.notes[0]!.message).toContain("Model 1 (poisson log) and Model 2 (nbinom2 log) differ in family, link or zero part");
    const probit = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family: "binomial", link: "probit" });
    expect(codes(compare(herdsNull, probit))).toEqual(["not-nested"]);
    expect(codes(compare(counts, zeros1))).toEqual(["not-nested"]);
    expect(codes(compare(inflated, hurdle))).toEqual(["not-nested"]);
    expect(codes(compare(tempOnly, adjacent))).toEqual(["not-nested"]);
  });

  test("approximations that differ: a note instead of a test", () => {
    const formula = "cbind(incidence, size - incidence) ~ period + (1 | herd)";
    const nine = glmm(formula, cbpp, { family: "binomial", agq: 9 });
    const found = compare(herdsNull, nine);
    expect(codes(found)).toEqual(["quadrature-differs"]);
    expect(found.rows[1]!.pValue).toBeNull();
    const both = compare(glmm(formula.replace("period", "1"), cbpp, { family: "binomial", agq: 9 }), nine);
    expect(both.rows[1]!.df).toBe(3);
    const fast = glmm(formula, cbpp, { family: "binomial", agq: 0 });
    expect(codes(compare(glmm(formula.replace("period", "1"), cbpp, { family: "binomial", agq: 0 }), fast))).toEqual(["fast"]);
  });

  test("probabilities and densities, REML beside likelihood, other trials: refused", () => {
    const reml = lmm("y ~ 1 + (1 | subject)", epil);
    expect(() => compare(reml, seizures)).toThrow('Refit Model 1 with method "ml"');
    expect(() => compare(lmm("y ~ 1 + (1 | subject)", epil, { method: "ml" }), seizures)).toThrow(
      /family gaussian and Model 2 of poisson.*cannot be compared/,
    );
    const trials = glmm("cbind(incidence, size) ~ period + (1 | herd)", cbpp, { family: "binomial" });
    expect(() => compare(herds, trials)).toThrow(FitError);
  });

  test("a gaussian model is the linear one by maximum likelihood, and may be compared with it", () => {
    const linear = lmm("y ~ 1 + (1 | subject)", epil, { method: "ml" });
    const gaussian = glmm("y ~ trt + (1 | subject)", epil, { family: "gaussian" });
    const direct = lmm("y ~ trt + (1 | subject)", epil, { method: "ml" });
    expect(compare(linear, gaussian).rows[1]!.chiSquare).toBeCloseTo(compare(linear, direct).rows[1]!.chiSquare!, 4);
  });
});

describe("saved fits", () => {
  test.each([
    ["binomial", herdsNull, herds],
    ["zero parts", zeros1, zerosMined],
    ["dispersions", zerosMined, dispersed],
    ["thresholds", equidistant, wines],
    ["nominal effects", wines, nominal],
  ])("are compared as the fits themselves (%s)", (_, smaller, larger) => {
    const direct = compare({ smaller, larger });
    const saved = compare({ smaller: loadFit(saveFit(smaller)), larger: loadFit(saveFit(larger)) });
    expect(saved.rows[1]!.chiSquare).not.toBeNull();
    expect(saved.rows).toEqual(direct.rows);
    expect(compare({ smaller, larger: loadFit(saveFit(larger)) }).rows).toEqual(direct.rows);
  });

  test("keep random effects of the zero probability apart from the mean's", () => {
    const plain = glmm("count ~ spp + mined + (1 | site)", salamanders, { family: "poisson", zi: "~ spp" });
    const row = compare(loadFit(saveFit(plain)), loadFit(saveFit(inflatedRandom))).rows[1]!;
    expect(row.reference).toBe("50:50 mixture of chi-square with 0 and 1 d.f.");
  });

  test("hold what prediction needs, and say that they are only saved where rows are wanted", () => {
    const saved = loadFit(saveFit(inflatedRandom), "sites.json");
    expect(saved.generalized!.coefficients).toEqual(inflatedRandom.engine.names);
    expect(saved.generalized!.recipes.map(({ part }) => part)).toEqual(["zi"]);
    expect(saved.generalized!.zeroTerms[0]!.modes).toHaveLength(23);
    expect(saved).toMatchObject({ model: "glmm", family: "poisson", sigma: null });
    expect(loadFit(saveFit(wines)).generalized).toMatchObject({ categories: ["1", "2", "3", "4", "5"], thresholdStructure: "flexible" });
    expect(() => fittedValues(saved as unknown as typeof herds)).toThrow("sites.json is a saved fit");
  });
});

describe("what the formulas do not say", () => {
  const lines = (comparison: Comparison): string[] => String(comparison).split("\n");

  test("is shown where models differ in it, by fits and saved fits alike", () => {
    for (const [a, b] of [
      [zeros1, zerosMined],
      [loadFit(saveFit(zeros1)), loadFit(saveFit(zerosMined))],
    ] as const) {
      const comparison = compare({ a, b });
      expect(comparison.rows.map(({ differs }) => differs)).toEqual(["zi ~ 1", "zi ~ mined"]);
      expect(lines(comparison)[0]).toMatch(/; each is tested against the one above it\.$/);
      expect(lines(comparison)[2]).toBe("      zi ~ 1");
    }
    expect(compare(equidistant, wines).rows.map(({ differs }) => differs)).toEqual(["equidistant thresholds", "flexible thresholds"]);
  });

  test("is not shown where they share it, and no tests are promised where there are none", () => {
    expect(compare(tempOnly, wines).rows.map(({ differs }) => differs)).toEqual([null, null]);
    const probit = clmm("rating ~ temp + contact + (1 | judge)", wine, { link: "probit" });
    const comparison = compare({ logit: wines, probit });
    expect(comparison.rows.map(({ differs }) => differs)).toEqual(["logit link", "probit link"]);
    expect(String(comparison)).not.toContain("tested");
    expect(lines(comparison)[0]).toMatch(/^Models of rating, fitted by ML to 72 rows\.$/);
  });
});
