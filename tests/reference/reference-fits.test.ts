/** Linear mixed models against R: lme4 and lmerTest's results on 75 models (README.md beside this file). */
import { beforeAll, describe, expect, test } from "vitest";
import { anova } from "../../src/inference/anova.js";
import { coefficients } from "../../src/inference/coefficients.js";
import { conditionalModes } from "../../src/models/conditional-modes.js";
import type { LinearMixedFit, RandomComponent } from "../../src/models/fit.js";
import { fittedValues } from "../../src/models/fitted.js";
import { fitOf, type ReferenceVariance, referenceCases } from "./reference-cases.js";

/** Crossed here means: some level of one factor meets several levels of the other, both ways round. */
const CROSSED = /penicillin|insteval|chem97|crossed|movers|missing-reml|singular/;
/** What a relative figure may differ by. lme4 itself is reproducible to about 1e-7 where the criterion is flat. */
const RELATIVE = 1e-3;
/** What R had to call a variable that our formula makes itself. */
const R_NAMES: Readonly<Record<string, string>> = { WITHIN: "cwc(ses, school)" };

test("all 75 stored models are here", () => {
  expect(referenceCases).toHaveLength(75);
  expect(new Set(referenceCases.map((reference) => reference.case)).size).toBe(75);
});

describe.each(referenceCases.map((reference) => [reference.case, reference] as const))("%s", (name, reference) => {
  let fit: LinearMixedFit;
  beforeAll(async () => {
    fit = await fitOf(reference);
  });

  test("the criterion is R's or lower", () => {
    // 1e-6 is what a figure printed with three decimals cannot show.
    expect(fit.criterion - reference.criterion).toBeLessThanOrEqual(1e-6);
    // Not far below either: every reference is at its optimum, so a lower value would be another criterion.
    expect(fit.criterion - reference.criterion).toBeGreaterThan(-1e-4);
    expect(fit.converged).toBe(true);
    expect(fit.gradientNorm).toBeLessThan(1e-4);
  });

  test("log-likelihood, AIC and BIC follow from the criterion as in R", () => {
    expect(fit.npar).toBe(reference.npar);
    expect(fit.nobs).toBe(reference.nobs);
    expect(fit.logLik).toBeCloseTo(reference.logLik, 4);
    expect(fit.aic).toBeCloseTo(reference.AIC, 4);
    expect(fit.bic).toBeCloseTo(reference.BIC, 4);
  });

  test("groups, dropped rows and dropped columns are R's", () => {
    expect(Object.fromEntries(fit.groups.map((group) => [group.name, group.levels]))).toEqual(reference.groups);
    if (reference.droppedRows !== undefined) expect(fit.droppedRows).toBe(reference.droppedRows);
    if (reference.droppedColumns !== undefined) expect(fit.droppedColumns).toEqual(reference.droppedColumns);
  });

  test("estimates agree within a thousandth of a standard error, standard errors within a thousandth", () => {
    expect(fit.fixed.map(({ term }) => term)).toEqual(reference.fixed.map(({ term }) => term));
    reference.fixed.forEach((expected, j) => {
      const { estimate, stdError } = fit.fixed[j]!;
      expect(Math.abs(estimate - expected.estimate) / expected.se, expected.term).toBeLessThan(1e-3);
      expect(relative(stdError, expected.se), expected.term).toBeLessThan(RELATIVE);
    });
  });

  test("standard deviations and correlations agree", () => {
    const components = reference.random.filter(({ group }) => group !== "Residual");
    for (const expected of components) {
      const ours = componentOf(fit.random, expected);
      const label = `${expected.group} ${expected.term1} ${expected.term2 ?? ""}`;
      if (expected.term2 !== null) {
        expect(ours, label).toHaveProperty("correlation");
        const { correlation } = ours as Extract<RandomComponent, { correlation: number | null }>;
        if (expected.sdcor === null) expect(correlation, label).toBeNull();
        else expect(Math.abs(correlation! - expected.sdcor), label).toBeLessThan(RELATIVE);
        continue;
      }
      const { sd } = ours as Extract<RandomComponent, { sd: number }>;
      // A zero is a zero, not a small number.
      if (expected.sdcor === 0) expect(sd, label).toBe(0);
      else expect(relative(sd, expected.sdcor!), label).toBeLessThan(RELATIVE);
    }
    expect(fit.random).toHaveLength(components.length);
    expect(relative(fit.sigma, reference.sigma)).toBeLessThan(RELATIVE);
  });

  test("the fit is at the boundary where lme4 says singular, and then a note says so", () => {
    expect(fit.singular).toBe(reference.singular);
    expect(fit.notes.some(({ code }) => code === "boundary")).toBe(reference.singular);
  });

  if (!reference.singular)
    test("few evaluations are needed from the moment start", () => {
      const parameters = fit.engine.problem.parameters.length;
      const most = parameters > 3 ? 25 : CROSSED.test(name) ? 20 : 15;
      expect(parameters).toBeLessThanOrEqual(11);
      expect(fit.evaluations).toBeLessThanOrEqual(most);
    });

  const withDf = reference.fixed.filter(({ df_satterthwaite }) => df_satterthwaite !== undefined && df_satterthwaite !== null);
  if (!(withDf.length === 0))
    test("Satterthwaite's degrees of freedom and p values agree", () => {
      const rows = coefficients(fit);
      for (const expected of withDf) {
        const ours = rows.find(({ term }) => term === expected.term)!;
        expect(relative(ours.df!, expected.df_satterthwaite!), expected.term).toBeLessThan(RELATIVE);
        expectSameP(ours.pValue, expected.p_satterthwaite!, expected.term);
      }
    });

  const tests = reference.anova_type3 ?? [];
  if (!(tests.length === 0))
    test("type III F tests agree", () => {
      const rows = anova(fit);
      expect(rows.map(({ term }) => term)).toEqual(tests.map(({ term }) => term));
      tests.forEach((expected, j) => {
        const ours = rows[j]!;
        expect(ours.numDF, expected.term).toBe(expected.numDF);
        expect(relative(ours.denDF!, expected.denDF), expected.term).toBeLessThan(RELATIVE);
        expect(relative(ours.statistic, expected.F), expected.term).toBeLessThan(RELATIVE);
        expectSameP(ours.pValue, expected.p, expected.term);
      });
    });

  test("conditional modes and their standard deviations agree", () => {
    const modes = conditionalModes(fit);
    expect(reference.ranef_head.length).toBeGreaterThan(0);
    for (const head of reference.ranef_head) {
      head.levels.forEach((level, l) => {
        head.terms.forEach((written, s) => {
          const term = R_NAMES[written] ?? written;
          const label = `${head.group} ${level} ${term}`;
          const ours = modes.find((mode) => mode.group === head.group && mode.level === level && mode.term === term)!;
          const value = head.values[l]![s]!;
          const spread = componentSd(fit.random, head.group, term);
          // Modes are measured against the spread they are drawn from: one near zero has no relative precision.
          expect(Math.abs(ours.estimate - value), label).toBeLessThanOrEqual(RELATIVE * spread);
          if (head.condsd === null) return;
          // A term of one effect has its deviations in one row, otherwise a row is a level.
          const sd = head.condsd.length === head.levels.length ? head.condsd[l]![s]! : head.condsd[s]![l]!;
          if (spread === 0) expect(ours.stdError, label).toBe(0);
          else expect(relative(ours.stdError, sd), label).toBeLessThan(RELATIVE);
        });
      });
    }
  });

  if (!(reference.fitted_head === undefined))
    test("fitted values agree, and with the residuals add up to the response", () => {
      const { fitted, residuals } = fittedValues(fit);
      const { rows, response } = fit.frame;
      reference.fitted_head!.forEach((value, i) => {
        expect(Math.abs(fitted[rows[i]!]! - value) / fit.sigma).toBeLessThan(RELATIVE);
      });
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        // Two roundings of numbers of this size.
        const size = Math.max(Math.abs(fitted[row]!), Math.abs(residuals[row]!));
        expect(Math.abs(fitted[row]! + residuals[row]! - response.values[i]!)).toBeLessThanOrEqual(2 * Number.EPSILON * size);
      }
      expect(fitted).toHaveLength(fit.nobs + fit.droppedRows);
    });
});

function relative(value: number, expected: number): number {
  return Math.abs(value - expected) / Math.abs(expected);
}

/** A tail probability moves by its own logarithm times the relative error of the statistic and the degrees of freedom. */
function expectSameP(value: number, expected: number, label: string): void {
  if (expected < 1e-290) expect(value, label).toBeLessThan(1e-280);
  else expect(Math.abs(Math.log(value) - Math.log(expected)), label).toBeLessThan(RELATIVE * Math.max(1, -Math.log(expected)));
}

function componentOf(random: readonly RandomComponent[], { group, term1, term2 }: ReferenceVariance): RandomComponent | undefined {
  const name = group.replace(/\.\d+$/, "");
  return random.find(
    (component) => component.group === name && component.term === term1 && ("term2" in component ? component.term2 : null) === term2,
  );
}

function componentSd(random: readonly RandomComponent[], group: string, term: string): number {
  const component = componentOf(random, { group, term1: term, term2: null, sdcor: null });
  return (component as Extract<RandomComponent, { sd: number }>).sd;
}
