/**
 * Diagnostics against R: lme4, performance, ordinal, R's own tests and DHARMa's definitions written out, and deletion of rows and units by
 * generalized least squares with dense matrices (tests/reference/inference/diagnostics/diagnostics.R).
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { filter } from "../../../src/data/filter.js";
import { randomStream } from "../../../src/data/random.js";
import { Table } from "../../../src/data/table.js";
import { clmm } from "../../../src/inference/clmm.js";
import { collinearity } from "../../../src/inference/collinearity.js";
import { binomialTest } from "../../../src/inference/distributions/binomial-test.js";
import { uniformityTest } from "../../../src/inference/distributions/kolmogorov.js";
import { normalityTest } from "../../../src/inference/distributions/normality-test.js";
import { effectsNormality } from "../../../src/inference/effects-normality.js";
import { glmm } from "../../../src/inference/glmm.js";
import { influence } from "../../../src/inference/influence.js";
import { leverage, solvableSystem } from "../../../src/inference/leverage.js";
import { lmm } from "../../../src/inference/lmm.js";
import type { MixedFit } from "../../../src/inference/mixed-fit.js";
import { proportionalOdds } from "../../../src/inference/proportional-odds.js";
import { randomPrincipalComponents } from "../../../src/inference/random-principal-components.js";
import { residuals } from "../../../src/inference/residuals.js";
import { rowDeletions } from "../../../src/inference/row-deletion.js";
import { scaledResiduals } from "../../../src/inference/scaled-residuals.js";
import { simulatedTests } from "../../../src/inference/simulated-ranks.js";
import { unitDeletions } from "../../../src/inference/unit-deletion.js";
import { readTable } from "../../../src/io/read-table.js";
import { FitError } from "../../../src/messages.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const read = (folder: string, name: string): Promise<Table> =>
  readTable(join(root, folder, `${name}.csv`), { schema: join(root, folder, `${name}.schema.json`) });
const data = (name: string): Promise<Table> => read("data", name);
const generalized = (name: string): Promise<Table> => read("tests/reference/generalized/data", name);
const reference: Reference = JSON.parse(
  readFileSync(join(root, "tests/reference/inference/diagnostics/diagnostics.json"), "utf8"),
) as Reference;

interface Deletion {
  readonly dfbeta: readonly (number | readonly number[])[];
  readonly cooksDistance: readonly number[];
}
interface Linear {
  readonly hat: readonly number[];
  readonly lme4Cook: readonly number[];
  readonly pearson: readonly number[];
  readonly rows: Deletion;
  readonly units: Readonly<Record<string, Deletion>>;
}
interface Test {
  readonly statistic: number;
  readonly pValue: number;
}
interface Modes extends Test {
  readonly standardized: readonly number[];
  readonly quantiles: readonly number[];
}
interface Reference {
  readonly linear: Readonly<Record<string, Linear>>;
  readonly residuals: Readonly<Record<string, Readonly<Record<"deviance" | "pearson" | "response", readonly number[]>>>>;
  readonly oneStep: { readonly incidence: readonly (readonly number[])[]; readonly rows: readonly (readonly number[])[] };
  readonly collinearity: {
    readonly hsb: { readonly term: readonly string[]; readonly vif: readonly number[] };
    readonly oats: { readonly term: readonly string[]; readonly df: readonly number[]; readonly gvif: readonly number[] };
  };
  readonly dharma: {
    readonly observed: readonly number[];
    readonly simulated: readonly (readonly number[])[];
    readonly predicted: readonly number[];
    readonly lower: readonly number[];
    readonly upper: readonly number[];
    readonly dispersion: Test;
    readonly zeros: { readonly observed: number; readonly expected: number; readonly ratio: number; readonly pValue: number };
    readonly outliers: {
      readonly observed: readonly number[];
      readonly simulated: readonly (readonly number[])[];
      readonly count: number;
      readonly pValue: number;
    };
  };
  readonly ks: Readonly<Record<"small" | "large", Test & { readonly x: readonly number[] }>>;
  readonly binomial: readonly { readonly x: readonly [number, number, number]; readonly pValue: number }[];
  readonly modes: Readonly<Record<string, Readonly<Record<string, Modes>>>>;
  readonly shapiro: readonly (Test & { readonly x: readonly number[] })[];
  readonly pca: Readonly<
    Record<string, Readonly<Record<string, { readonly sdev: readonly number[]; readonly rotation: readonly (readonly number[])[] }>>>
  >;
  readonly sigma: Readonly<Record<string, number>>;
  readonly proportionalOdds: Readonly<
    Record<string, Test & { readonly df: number; readonly thresholds: Readonly<Record<string, number>> }>
  >;
}

const sleepstudy = await data("sleepstudy");
const hsb = await data("hsb82");
const wine = await generalized("wine");
const cbpp = await generalized("cbpp");
const epil = await generalized("epil2");
const linear: Readonly<Record<string, MixedFit>> = {
  sleepstudy: lmm("Reaction ~ Days + (Days | Subject)", sleepstudy),
  weighted: lmm("Reaction ~ Days + (Days | Subject)", await data("sleepstudy-weighted"), { weights: "w" }),
  pastes: lmm("strength ~ 1 + (1 | batch/cask)", await data("pastes")),
  penicillin: lmm("diameter ~ 1 + (1 | plate) + (1 | sample)", await data("penicillin")),
  oats: lmm("yield ~ nitro + (1 | Block/Variety)", await data("oats")),
};
const school = lmm("mAch ~ meanses * cses + sector * cses + (1 + cses | school)", hsb);
const incidence = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family: "binomial" });
const counts = glmm("y ~ Base * trt + Age + (1 | subject)", epil, { family: "poisson" });
const ratings = clmm("rating ~ temp + contact + (1 | judge)", wine);
const inflated = glmm("count ~ mined + (1 | site)", await generalized("salamanders"), { family: "poisson", zi: "~ mined" });

/** Both optima are exact to about 1e-6 standard errors; what is compared is relative to the largest of its kind. */
function close(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-4): void {
  expect(actual.length).toBe(expected.length);
  const size = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(tolerance * size);
  });
}

describe("linear models", () => {
  test.each(Object.keys(reference.linear))("%s: leverage is lme4's, and with it lme4's Cook's distance", (name) => {
    const fit = linear[name]!;
    const wanted = reference.linear[name]!;
    const h = leverage(fit);
    close(h, wanted.hat);
    const pearson = residuals(fit, { type: "pearson" });
    close(pearson, wanted.pearson);
    const p = fit.fixed.length;
    close(
      h.map((own, i) => ((pearson[i]! / (1 - own)) ** 2 * own) / p),
      wanted.lme4Cook,
    );
  });

  test.each(Object.keys(reference.linear))("%s: leaving out rows and units is generalized least squares without them", (name) => {
    const fit = linear[name]!;
    const wanted = reference.linear[name]!;
    const check = (by: string | undefined, { dfbeta, cooksDistance }: Deletion): void => {
      const found = influence(fit, by === undefined ? {} : { by });
      expect(found.exact).toBe(true);
      close(found.cooksDistance, cooksDistance);
      fit.fixed.forEach(({ stdError }, k) => {
        const column = dfbeta.map((row) => (typeof row === "number" ? row : row[k]!));
        close(found.dfbeta[k]!, column);
        close(
          found.dfbetas[k]!,
          column.map((x) => x / stdError),
        );
      });
    };
    check(undefined, wanted.rows);
    for (const [group, deletion] of Object.entries(wanted.units)) check(group, deletion);
  });

  test("rows not used have no values, and a unit that alone determines a coefficient has none either", () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      y: Math.sin(7 * i) + (i % 5),
      x: i % 8 < 4 ? i : null,
      g: `g${i % 8}`,
      only: i % 8 === 0 ? 1 : 0,
    }));
    const fit = lmm("y ~ x + only + (1 | g)", Table.from(rows));
    const missing = rows.map(({ x }) => x === null);
    expect(Array.from(leverage(fit), Number.isNaN)).toEqual(missing);
    expect(Array.from(influence(fit).cooksDistance, Number.isNaN)).toEqual(missing);
    const byUnit = influence(fit, { by: "g" });
    expect(byUnit.units).toEqual(["g0", "g1", "g2", "g3"]);
    expect(Array.from(byUnit.cooksDistance, Number.isNaN)).toEqual([true, false, false, false]);
  });

  test("the sum of the leverages is the number of effective parameters: between p and p + q", () => {
    const sum = leverage(school).reduce((total, h) => total + h, 0);
    expect(sum).toBeGreaterThan(6);
    expect(sum).toBeLessThan(6 + 320);
  });
});

describe("deletion by blocks and by factoring anew agree", () => {
  const movers = Table.from(
    Array.from({ length: 120 }, (_, i) => ({
      y: Math.cos(3 * i) + ((i * 7) % 11) / 4 + (i % 6),
      x: (i * 5) % 13,
      a: `a${i % 6}`,
      b: `b${(i * i) % 9}`,
      c: `c${Math.floor(i / 5)}`,
    })),
  );
  const crossed = lmm("y ~ x + (1 + x | a) + (1 | b) + (1 | c)", movers);
  const shared = lmm("y ~ x + (1 | mm(a, b)) + (1 | c)", movers);
  test.each([
    ["crossed factors with slopes", crossed],
    ["multiple membership", shared],
    ["a binomial model", incidence],
    ["ordered categories", ratings],
    ["zero inflation", inflated],
  ] as const)("%s", (_, fit) => {
    const system = solvableSystem(fit);
    const units = Array.from({ length: 6 }, (_unit, u) =>
      Int32Array.from(Array.from({ length: fit.nobs }, (_row, i) => i).filter((i) => i % 6 === u)),
    );
    const byBlocks = unitDeletions(system, units, Number.POSITIVE_INFINITY);
    close(unitDeletions(system, units, 0), Array.from(byBlocks), 1e-8);
    // One row is the smallest unit.
    const single = unitDeletions(system, [Int32Array.of(3), Int32Array.of(7)]);
    const rows = rowDeletions(system);
    const at = (i: number): number[] => Array.from(rows.subarray(i * system.psiCount, (i + 1) * system.psiCount));
    close(single, [...at(3), ...at(7)], 1e-8);
  });
});

describe("generalized models", () => {
  test.each(["incidence", "poisson"])("%s: residuals are lme4's", (name) => {
    const fit = name === "incidence" ? incidence : counts;
    const wanted = reference.residuals[name]!;
    for (const type of ["deviance", "pearson", "response"] as const) close(residuals(fit, { type }), wanted[type], 1e-4);
  });

  test("one step without a unit or a row is that of penalized iteratively reweighted least squares", () => {
    const byHerd = influence(incidence, { by: "herd" });
    expect(byHerd.exact).toBe(false);
    byHerd.terms.forEach((_, k) => {
      close(
        byHerd.dfbeta[k]!,
        reference.oneStep.incidence.map((row) => row[k]!),
        2e-4,
      );
    });
    const rows = influence(counts);
    rows.terms.forEach((_, k) => {
      close(
        rows.dfbeta[k]!.subarray(0, 10),
        reference.oneStep.rows.map((row) => row[k]!),
        2e-4,
      );
    });
  });

  test("the step goes towards the fit without the unit, for categories and zeros of their own too", () => {
    const without = clmm(
      "rating ~ temp + contact + (1 | judge)",
      filter(wine, (row) => (row as { judge: string }).judge !== "1"),
    );
    const byJudge = influence(ratings, { by: "judge" });
    const at = byJudge.units!.indexOf("1");
    byJudge.terms.forEach((_, k) => {
      const moved = ratings.fixed[k]!.estimate - without.fixed[k]!.estimate;
      expect(Math.sign(byJudge.dfbeta[k]![at]!)).toBe(Math.sign(moved));
      expect(Math.abs(byJudge.dfbeta[k]![at]! - moved)).toBeLessThan(0.5 * ratings.fixed[k]!.stdError);
    });
  });

  test("what a family does not have is refused with what to use instead", () => {
    expect(() => residuals(ratings, { type: "pearson" })).toThrow(/no pearson residuals.*"cumulative".*"scaled"/);
    expect(() => residuals(inflated, { type: "deviance" })).toThrow(/zero-inflated poisson/);
    expect(() => residuals(counts, { type: "scaled" })).toThrow(/give a seed/);
    expect(() => residuals(counts, { type: "devianc" as "deviance" })).toThrow(/Did you mean "deviance"/);
    expect(() => influence(counts, { by: "subjekt" })).toThrow(/Did you mean "subject"/);
    expect(() => influence(lmm("y ~ 0 + (1 | g)", Table.from([1, 5, 2, 7, 3, 9].map((y, i) => ({ y, g: `g${i % 3}` })))))).toThrow(
      FitError,
    );
    expect(() => proportionalOdds(counts)).toThrow(/clmm/);
    expect(() => scaledResiduals(counts, { seed: 1, simulations: 5 })).toThrow(/at least 20/);
  });
});

describe("collinearity and components", () => {
  test("variance inflation is performance's and, for factors, Fox and Monette's", async () => {
    const found = collinearity(school);
    expect(found.map(({ term }) => term)).toEqual(reference.collinearity.hsb.term);
    close(
      found.map(({ gvif }) => gvif),
      reference.collinearity.hsb.vif,
    );
    const oats = collinearity(lmm("yield ~ nitro * Variety + (1 | Block)", await data("oats")));
    expect(oats.map(({ df }) => df)).toEqual(reference.collinearity.oats.df);
    close(
      oats.map(({ gvif }) => gvif),
      reference.collinearity.oats.gvif,
    );
    close(
      oats.map(({ stretch }) => stretch),
      reference.collinearity.oats.gvif.map((value, k) => value ** (1 / (2 * reference.collinearity.oats.df[k]!))),
    );
    expect(collinearity(linear.sleepstudy!)).toEqual([]);
  });

  test.each([
    ["sleepstudy", "Subject"],
    ["hsb", "school"],
  ])("%s: components are lme4's rePCA", (name, group) => {
    const fit = name === "hsb" ? school : linear.sleepstudy!;
    const wanted = reference.pca[name]![group]!;
    const [found] = randomPrincipalComponents(fit);
    expect(found!.group).toBe(group);
    expect(found!.dimension).toBe(2);
    // A flat optimum: the standard deviations of both programs agree to their own convergence.
    found!.components.forEach(({ sd, loadings }, k) => {
      expect(Math.abs(sd / reference.sigma[name]! / wanted.sdev[k]! - 1)).toBeLessThan(1e-3);
      loadings.forEach((loading, s) => {
        expect(Math.abs(Math.abs(loading) - Math.abs(wanted.rotation[s]![k]!))).toBeLessThan(1e-3);
      });
    });
    expect(found!.components[1]!.cumulative).toBeCloseTo(1, 12);
  });
});

describe("tests of distributions are R's", () => {
  test.each(reference.shapiro.map((wanted) => [wanted.x.length, wanted] as const))(
    "Shapiro-Wilk, n = %i",
    (_, { x, statistic, pValue }) => {
      const found = normalityTest(x)!;
      expect(found.method).toBe("shapiro-wilk");
      expect(Math.abs(found.statistic - statistic)).toBeLessThan(1e-9);
      expect(Math.abs(found.pValue / pValue - 1)).toBeLessThan(1e-6);
    },
  );

  test("Anderson-Darling beyond 5000: normal numbers pass, others do not", () => {
    const random = randomStream(3, "normality");
    const normal = Array.from({ length: 6000 }, () => random.normal());
    const found = normalityTest(normal)!;
    expect(found.method).toBe("anderson-darling");
    expect(found.pValue).toBeGreaterThan(0.01);
    expect(normalityTest(normal.map((x) => Math.exp(0.1 * x)))!.pValue).toBeLessThan(1e-4);
    expect(normalityTest([1, 1, 1, 1])).toBeNull();
  });

  test.each(["small", "large"] as const)("Kolmogorov-Smirnov, %s", (size) => {
    const { x, statistic, pValue } = reference.ks[size];
    const found = uniformityTest(x);
    expect(Math.abs(found.statistic - statistic)).toBeLessThan(1e-11);
    expect(Math.abs(found.pValue / pValue - 1)).toBeLessThan(1e-8);
  });

  test("the exact binomial test", () => {
    for (const { x, pValue } of reference.binomial) expect(Math.abs(binomialTest(...x) / pValue - 1)).toBeLessThan(1e-9);
  });

  test.each([
    ["sleepstudy", "Subject"],
    ["hsb", "school"],
  ])("%s: modes against the normal distribution", (name, group) => {
    const found = effectsNormality(name === "hsb" ? school : linear.sleepstudy!);
    const wanted = reference.modes[name]!;
    expect(found.map(({ term }) => term)).toEqual(Object.keys(wanted));
    for (const { term, group: own, units, statistic, pValue } of found) {
      const { standardized, quantiles, ...tested } = wanted[term]!;
      expect(own).toBe(group);
      close(
        units.map((unit) => unit.standardized),
        standardized.toSorted((a, b) => a - b),
        1e-3,
      );
      close(
        units.map(({ quantile }) => quantile),
        quantiles,
        1e-9,
      );
      expect(Math.abs(statistic! - tested.statistic)).toBeLessThan(1e-4);
      // The p value of W = 0.99 moves by a hundred times what W moves by.
      expect(Math.abs(pValue! - tested.pValue)).toBeLessThan(2e-2 * tested.pValue + 1e-6);
    }
  });

  test("a variance of zero leaves nothing to test", async () => {
    const [found] = effectsNormality(lmm("Yield ~ 1 + (1 | Batch)", await data("dyestuff2")));
    expect(found).toMatchObject({ group: "Batch", units: [], method: null, statistic: null, pValue: null });
  });
});

describe("scaled residuals", () => {
  const byColumn =
    (rows: readonly (readonly number[])[]): ((r: number) => Float64Array) =>
    (r) =>
      Float64Array.from(rows, (row) => row[r]!);
  const random = (): ReturnType<typeof randomStream> => randomStream(1, "ties");

  test("counts: ranks with broken ties, dispersion and zeros are DHARMa's", () => {
    const { observed, simulated, predicted, lower, upper, dispersion, zeros } = reference.dharma;
    const found = simulatedTests(Float64Array.from(observed), byColumn(simulated), 40, {
      predicted: Float64Array.from(predicted),
      zeros: true,
      random: random(),
    });
    found.residuals.forEach((r, i) => {
      expect(r).toBeGreaterThanOrEqual(lower[i]!);
      expect(r).toBeLessThanOrEqual(upper[i]!);
      if (lower[i]! < upper[i]!) expect([lower[i]!, upper[i]!]).not.toContain(r);
    });
    expect(Math.abs(found.dispersion!.ratio / dispersion.statistic - 1)).toBeLessThan(1e-10);
    expect(found.dispersion!.pValue).toBeCloseTo(dispersion.pValue, 12);
    expect(found.zeros).toMatchObject({ observed: zeros.observed, pValue: zeros.pValue });
    expect(found.zeros!.expected).toBeCloseTo(zeros.expected, 10);
    expect(found.zeros!.ratio).toBeCloseTo(zeros.ratio, 10);
  });

  test("continuous responses: outliers and their binomial test are DHARMa's", () => {
    const { observed, simulated, count, pValue } = reference.dharma.outliers;
    const found = simulatedTests(Float64Array.from(observed), byColumn(simulated), 40, { predicted: null, zeros: false, random: random() });
    expect(found.outliers.observed).toBe(count);
    expect(Math.abs(found.outliers.pValue / pValue - 1)).toBeLessThan(1e-9);
    expect(found.dispersion).toBeNull();
    // A standard deviation of 1.6 against 1 shows in every test.
    expect(found.outliers.calibrated!).toBeLessThanOrEqual(0.05);
    expect(found.uniformity.calibrated!).toBeLessThanOrEqual(0.2);
  });

  test("calibrated p values are uniform for dependent rows, Kolmogorov's are not", () => {
    // 20 units of 15 rows with four fifths of the variance between units; data sets of the model itself.
    const set = (r: number, s: number): Float64Array => {
      const stream = randomStream(11, s, r);
      const effects = Array.from({ length: 20 }, () => 2 * stream.normal());
      return Float64Array.from({ length: 300 }, (_, i) => effects[i % 20]! + stream.normal());
    };
    let calibrated = 0;
    let plain = 0;
    const trials = 200;
    for (let s = 0; s < trials; s++) {
      const found = simulatedTests(set(-1, s), (r) => set(r, s), 39, { predicted: null, zeros: false, random: random() });
      if (found.uniformity.calibrated! <= 0.2) calibrated++;
      if (found.uniformity.pValue <= 0.2) plain++;
    }
    // Three standard errors of a share of 0.2 in 200 trials: 0.085.
    expect(Math.abs(calibrated / trials - 0.2)).toBeLessThan(0.085);
    expect(plain / trials).toBeGreaterThan(0.5);
  });

  test("of a fit: the same numbers for the same seed, others for another, NaN where rows were not used", () => {
    const first = scaledResiduals(counts, { seed: 5, simulations: 60 });
    expect(scaledResiduals(counts, { seed: 5, simulations: 60 })).toEqual(first);
    expect(scaledResiduals(counts, { seed: 6, simulations: 60 }).residuals).not.toEqual(first.residuals);
    expect(first.residuals.every((r) => r >= 0 && r <= 1)).toBe(true);
    expect(first.zeros).not.toBeNull();
    const conditional = scaledResiduals(counts, { seed: 5, randomEffects: "conditional" });
    // Seizure counts vary beyond Poisson within subjects.
    expect(conditional.dispersion!.ratio).toBeGreaterThan(1.3);
    expect(conditional.dispersion!.pValue).toBeLessThan(0.05);
    const ordered = scaledResiduals(ratings, { seed: 2 });
    expect(ordered.dispersion).toBeNull();
    expect(ordered.uniformity.calibrated!).toBeGreaterThan(0.01);
    expect(residuals(ratings, { type: "scaled", seed: 2 })).toEqual(ordered.residuals);
  });
});

describe("proportional odds", () => {
  test("likelihood ratios and effects by threshold are those of ordinal's clmm2", () => {
    const tests = proportionalOdds(ratings);
    expect(tests.map(({ term }) => term)).toEqual(["temp", "contact"]);
    for (const { term, statistic, df, effects, converged } of tests) {
      const wanted = reference.proportionalOdds[term]!;
      expect(converged).toBe(true);
      expect(df).toBe(wanted.df);
      expect(Math.abs(statistic - wanted.statistic)).toBeLessThan(1e-4 * wanted.statistic + 1e-4);
      for (const { column, threshold, estimate, stdError, common } of effects) {
        expect(common).toBe(ratings.fixed.find((own) => own.term === column)!.estimate);
        // Of warm wines none is in the lowest category, of cold ones none in the highest: those effects run off.
        if (stdError < 100) expect(Math.abs(estimate + wanted.thresholds[`${threshold}.${column}`]!)).toBeLessThan(1e-2 * stdError);
        else expect(term).toBe("temp");
      }
    }
  });

  test("the common effect lies among those by threshold; terms that are free already are not tested", () => {
    const [, contact] = proportionalOdds(ratings);
    const estimates = contact!.effects.map(({ estimate }) => estimate);
    expect(contact!.effects[0]!.common).toBeGreaterThan(Math.min(...estimates));
    expect(contact!.effects[0]!.common).toBeLessThan(Math.max(...estimates));
    const equidistant = clmm("rating ~ temp + contact + (1 | judge)", wine, { threshold: "equidistant" });
    expect(proportionalOdds(equidistant).map(({ df }) => df)).toEqual([1, 1]);
    const partial = clmm("rating ~ temp + (1 | judge)", wine, { nominal: "~ contact" });
    expect(proportionalOdds(partial).map(({ term }) => term)).toEqual(["temp"]);
    expect(proportionalOdds(clmm("rating ~ contact + (1 | judge)", wine, { family: "adjacent" }))[0]!.df).toBe(3);
  });
});
