/** What must not change a fit, and what must change it in a known way. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/models/blocks/criterion.js";
import { conditionalModes } from "../../src/models/conditional-modes.js";
import type { LinearMixedFit } from "../../src/models/fit.js";
import { fittedValues } from "../../src/models/fitted.js";
import type { Columns } from "./blocks/dense.js";
import { columnsOf, KINDS } from "./blocks/designs.js";
import { normal, uniform } from "./linalg/naive.js";
import { componentsOf, fitted, TRUTH, units } from "./simulated.js";

/** The search ends where at most 1e-10 of the criterion is left, so two searches differ by no more than this. */
const SAME_CRITERION = 1e-7;
/** A criterion that is 1e-10 from its optimum leaves the parameters 1e-5 of their standard errors from it. */
const SAME_ESTIMATE = 2e-4;

const seeds = fc.integer({ min: 0, max: 1_000_000 });
const shapes = fc.record({
  n: fc.integer({ min: 45, max: 90 }),
  first: fc.integer({ min: 4, max: 14 }),
  second: fc.integer({ min: 3, max: 6 }),
  third: fc.constant(3),
  moves: fc.double({ min: 0, max: 0.4, noNaN: true }),
});

function expectSameFit(fit: LinearMixedFit, expected: LinearMixedFit): void {
  expect(Math.abs(fit.criterion - expected.criterion)).toBeLessThan(SAME_CRITERION);
  expected.fixed.forEach(({ term, estimate, stdError }, j) => {
    expect(fit.fixed[j]!.term).toBe(term);
    expect(Math.abs(fit.fixed[j]!.estimate - estimate) / stdError).toBeLessThan(SAME_ESTIMATE);
    expect(Math.abs(fit.fixed[j]!.stdError / stdError - 1)).toBeLessThan(SAME_ESTIMATE);
  });
  expect(Math.abs(fit.sigma / expected.sigma - 1)).toBeLessThan(SAME_ESTIMATE);
}

describe.each(KINDS.map((kind) => [kind.name, kind] as const))("the order of the data does not matter: %s", (_, kind) => {
  test("permuted rows and renamed levels give the same fit, and every unit keeps its effects", () => {
    fc.assert(
      fc.property(shapes, seeds, fc.boolean(), (shape, seed, reml) => {
        const columns = columnsOf(shape, kind.relation, seed);
        const options = { method: reml ? "REML" : "ML", weights: kind.weights ?? null } as const;
        const formula = `y ~ x + ${kind.random}`;
        const fit = fitted(formula, columns, options);
        const next = uniform(seed + 1);
        const order = Array.from({ length: shape.n }, (_, i) => [next(), i] as const)
          .sort(([a], [b]) => a - b)
          .map(([, i]) => i);
        // Backwards: the levels' code-point order turns round.
        const rename = (value: number | string): number | string =>
          typeof value === "string" ? `${100 - Number(value.slice(1))}${value}` : value;
        const moved = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, order.map((i) => rename(values[i]!))]));
        const other = fitted(formula, moved as Columns, options);
        expectSameFit(other, fit);
        const modes = new Map(conditionalModes(other).map(({ group, level, term, estimate }) => [`${group} ${level} ${term}`, estimate]));
        for (const { group, level, term, estimate } of conditionalModes(fit)) {
          const name = level.split(":").map(rename).join(":");
          expect(Math.abs(modes.get(`${group} ${name} ${term}`)! - estimate)).toBeLessThan(1e-3 * fit.sigma);
        }
      }),
      { seed: 2, numRuns: 4 },
    );
  });

  test("the optimum is a minimum: no other covariance parameters give less", () => {
    fc.assert(
      fc.property(shapes, seeds, (shape, seed) => {
        const fit = fitted(`y ~ x + ${kind.random}`, columnsOf(shape, kind.relation, seed), { weights: kind.weights ?? null });
        const { problem, optimum } = fit.engine;
        const next = normal(seed);
        for (let trial = 0; trial < 12; trial++) {
          const step = 10 ** (-3 + (trial % 6));
          const theta = optimum.theta.map((x) => x + step * next());
          expect(evaluate(problem, theta).value).toBeGreaterThan(optimum.value - 1e-8);
        }
      }),
      { seed: 3, numRuns: 4 },
    );
  });
});

describe("a predictor x replaced by a + b x", () => {
  const columns = units(30, 8, 11);
  const formula = "y ~ x + z + (1 + x | g)";
  const cases = [
    [0, 1e12],
    [0, 1e-12],
    [0, -1],
    [5, 1],
    [-3, 0.25],
    [2005, 1],
    [1e6, 1],
    [1e9, 1],
    // Days as milliseconds since 1970.
    [1.7e12, 86_400_000],
    [2e12, 1e12],
    [-7e-12, 1e-12],
  ] as const;
  test.each(["REML", "ML"] as const)("changes the estimates as algebra says and nothing else (%s)", (method) => {
    const fit = fitted(formula, columns, { method });
    const sd = componentsOf(fit);
    const [covariance] = fit.randomTerms.map((term) => term.sigma);
    for (const [a, b] of cases) {
      const label = `${a} + ${b} x`;
      const other = fitted(formula, { ...columns, x: columns.x.map((x) => a + b * x) }, { method });
      // X'V^-1 X has a column b times as large.
      const shift = method === "REML" ? 2 * Math.log(Math.abs(b)) : 0;
      expect(Math.abs(other.criterion - shift - fit.criterion), label).toBeLessThan(SAME_CRITERION);
      expect(other.evaluations, label).toBe(fit.evaluations);
      const [intercept, slope, z] = fit.fixed.map(({ estimate }) => estimate) as [number, number, number];
      const [se0, se1, sez] = fit.fixed.map(({ stdError }) => stdError) as [number, number, number];
      expect(Math.abs(other.fixed[1]!.estimate * b - slope) / se1, label).toBeLessThan(SAME_ESTIMATE);
      expect(Math.abs(other.fixed[2]!.estimate - z) / sez, label).toBeLessThan(SAME_ESTIMATE);
      // beta0' = beta0 - a beta1 / b, known to the digits that a beta1 / b leaves of it
      const expected = intercept - (a / b) * slope;
      expect(Math.abs(other.fixed[0]!.estimate - expected) / (se0 + Math.abs(a / b) * se1), label).toBeLessThan(SAME_ESTIMATE);
      expect(Math.abs(other.fixed[1]!.stdError * Math.abs(b) - se1) / se1, label).toBeLessThan(SAME_ESTIMATE);
      const theirs = componentsOf(other);
      expect(Math.abs((theirs["g x"]! * Math.abs(b)) / sd["g x"]! - 1), label).toBeLessThan(SAME_ESTIMATE);
      // var(b0 - a b1 / b)
      const c = a / b;
      const variance = covariance![0]! - 2 * c * covariance![1]! + c * c * covariance![3]!;
      expect(Math.abs(theirs["g (Intercept)"]! / Math.sqrt(variance) - 1), label).toBeLessThan(SAME_ESTIMATE);
      const [ours, same] = [fittedValues(fit).fitted, fittedValues(other).fitted];
      for (let i = 0; i < ours.length; i++) expect(Math.abs(ours[i]! - same[i]!)).toBeLessThan(1e-4 * fit.sigma);
    }
  });

  test("on random designs leaves the ML criterion alone, also inside random terms", () => {
    fc.assert(
      fc.property(
        shapes,
        seeds,
        fc.integer({ min: -12, max: 12 }),
        fc.double({ min: -50, max: 50, noNaN: true }),
        (shape, seed, power, a) => {
          const b = 10 ** power;
          const columns = columnsOf(shape, "moving", seed);
          const moved = { ...columns, x: (columns.x as number[]).map((x) => b * (a + x)) };
          for (const formula of ["y ~ x + (1 + x | a) + (1 | b)", "y ~ x * z + (1 | a)"]) {
            const fit = fitted(formula, columns, { method: "ML" });
            const other = fitted(formula, moved, { method: "ML" });
            expect(Math.abs(other.criterion - fit.criterion)).toBeLessThan(SAME_CRITERION);
          }
        },
      ),
      { seed: 4, numRuns: 12 },
    );
  });
});

describe("a response scaled or moved", () => {
  const columns = units(25, 6, 12);
  const formula = "y ~ x + (1 + x | g)";
  const fit = fitted(formula, columns);
  test.each([1e12, 1e-12, -3, 1e50, 1e-50])("times %d scales everything and takes nu log c^2", (c) => {
    const other = fitted(formula, { ...columns, y: columns.y.map((y) => c * y) });
    const nu = fit.nobs - 2;
    // 150 rows times log 1e-50 is a number of 3e4: its rounding is added.
    expect(Math.abs(other.criterion - 2 * nu * Math.log(Math.abs(c)) - fit.criterion)).toBeLessThan(SAME_CRITERION);
    expect(Math.abs(other.sigma / (Math.abs(c) * fit.sigma) - 1)).toBeLessThan(SAME_ESTIMATE);
    fit.fixed.forEach(({ estimate, stdError }, j) => {
      expect(Math.abs(other.fixed[j]!.estimate / c - estimate) / stdError).toBeLessThan(SAME_ESTIMATE);
      expect(Math.abs(other.fixed[j]!.stdError / Math.abs(c) / stdError - 1)).toBeLessThan(SAME_ESTIMATE);
    });
    const [ours, theirs] = [componentsOf(fit), componentsOf(other)];
    expect(theirs["g (Intercept)"]! / Math.abs(c) / ours["g (Intercept)"]!).toBeCloseTo(1, 4);
    expect(theirs["g (Intercept) x"]).toBeCloseTo(ours["g (Intercept) x"]!, 4);
    expect(other.evaluations).toBe(fit.evaluations);
  });

  test("by 1e9 keeps the digits that the data keep", () => {
    const other = fitted(formula, { ...columns, y: columns.y.map((y) => y + 1e9) });
    // Values near 1e9 are rounded to 1e-7: 150 of them move a sum of squares of some hundred by less than 1e-4.
    expect(Math.abs(other.criterion - fit.criterion)).toBeLessThan(1e-4);
    expect(Math.abs(other.fixed[0]!.estimate - 1e9 - fit.fixed[0]!.estimate)).toBeLessThan(1e-5);
    expect(Math.abs(other.fixed[1]!.estimate - fit.fixed[1]!.estimate)).toBeLessThan(1e-6);
  });
});

describe("weights", () => {
  const columns = units(20, 6, 13);
  const next = uniform(5);
  const w = columns.y.map(() => 0.3 + next());
  const formula = "y ~ x + (1 + x | g)";
  const fit = fitted(formula, { ...columns, w }, { weights: "w" });

  test.each([2, 1e-20, 1e-9, 1e9, 1e20])("all times %d leave estimates and criterion alone and change sigma by the root", (c) => {
    const other = fitted(formula, { ...columns, w: w.map((x) => c * x) }, { weights: "w" });
    expect(Math.abs(other.criterion - fit.criterion)).toBeLessThan(SAME_CRITERION);
    fit.fixed.forEach(({ estimate, stdError }, j) => {
      expect(Math.abs(other.fixed[j]!.estimate - estimate) / stdError).toBeLessThan(SAME_ESTIMATE);
      expect(Math.abs(other.fixed[j]!.stdError / stdError - 1)).toBeLessThan(SAME_ESTIMATE);
    });
    expect(Math.abs(other.sigma / (Math.sqrt(c) * fit.sigma) - 1)).toBeLessThan(SAME_ESTIMATE);
    // The units' own spread is not in units of a weight.
    expect(componentsOf(other)["g x"]! / componentsOf(fit)["g x"]!).toBeCloseTo(1, 3);
  });

  test("of one are no weights", () => {
    expectSameFit(fitted(formula, { ...columns, w: w.map(() => 1) }, { weights: "w" }), fitted(formula, columns));
  });

  test("of zero leave a row out", () => {
    const zero = w.map((x, i) => (i % 5 === 2 ? 0 : x));
    const kept = <T>(values: readonly T[]): T[] => values.filter((_, i) => i % 5 !== 2);
    const other = fitted(formula, { ...columns, w: zero }, { weights: "w" });
    const without = fitted(formula, { y: kept(columns.y), x: kept(columns.x), g: kept(columns.g), w: kept(w) }, { weights: "w" });
    expect(other.criterion).toBe(without.criterion);
    expect(other.fixed).toEqual(without.fixed);
    expect(other.nobs).toBe(without.nobs);
    expect(other.notes.map(({ code }) => code)).toContain("zero-weight");
  });
});

describe("the same model written in another way", () => {
  const columns = units(30, 7, 14);
  const same = (a: LinearMixedFit, b: LinearMixedFit): void => {
    expect(Math.abs(a.criterion - b.criterion)).toBeLessThan(SAME_CRITERION);
    expect(Math.abs(a.sigma / b.sigma - 1)).toBeLessThan(SAME_ESTIMATE);
    const [ours, theirs] = [fittedValues(a).fitted, fittedValues(b).fitted];
    for (let i = 0; i < ours.length; i++) expect(Math.abs(ours[i]! - theirs[i]!)).toBeLessThan(1e-3 * a.sigma);
  };

  test("has the same fitted values by sum and by treatment contrasts, in fixed and random terms", () => {
    for (const formula of ["y ~ f * x + (1 | g)", "y ~ f + x + (1 + f | g)"]) {
      const treatment = fitted(formula, columns, { method: "ML" });
      const sum = fitted(formula, columns, { method: "ML", contrasts: { f: "sum" } });
      same(sum, treatment);
    }
  });

  test("with a mean for every level instead of contrasts", () => {
    same(fitted("y ~ 0 + f + x + (0 + f | g)", columns, { method: "ML" }), fitted("y ~ f + x + (1 + f | g)", columns, { method: "ML" }));
  });

  test("with the random slope measured from another origin", () => {
    const fit = fitted("y ~ x + (1 + x | g)", columns);
    same(fitted("y ~ x + (1 + I(x + 5) | g)", columns), fit);
    same(fitted("y ~ x + (1 + I(100 - 3 * x) | g)", columns), fit);
  });

  test("with terms and factors in another order", () => {
    const crossed = columnsOf({ n: 120, first: 20, second: 6, third: 3, moves: 0.3 }, "moving", 15);
    same(
      fitted("y ~ x + z + (1 | b) + (1 + x | a)", crossed, { method: "ML" }),
      fitted("y ~ z + x + (1 + x | a) + (1 | b)", crossed, { method: "ML" }),
    );
    same(fitted("y ~ x + (1 | b / a)", crossed), fitted("y ~ x + (1 | b) + (1 | a:b)", crossed));
  });

  test("with a multiple membership of one member a row", () => {
    const fit = fitted("y ~ x + (1 | g)", columns);
    same(fitted("y ~ x + (1 | mm(g, h))", { ...columns, h: columns.g }), fit);
    same(
      fitted("y ~ x + (1 | mm(g, h, weights = one + none))", {
        ...columns,
        h: columns.g,
        one: columns.x.map(() => 1),
        none: columns.x.map(() => 0),
      }),
      fit,
    );
  });
});

describe("parameters come back from simulated responses", () => {
  test("a large sample gives them within a few standard errors", () => {
    const fit = fitted("y ~ x + (1 + x | g)", units(600, 10, 21));
    const sd = componentsOf(fit);
    for (const [j, truth] of [TRUTH.intercept, TRUTH.slope].entries()) {
      expect(Math.abs(fit.fixed[j]!.estimate - truth) / fit.fixed[j]!.stdError).toBeLessThan(3);
    }
    // A standard deviation from 600 units has a relative standard error of about 1 / sqrt(1200) and more: 3 %; sigma 1 %.
    expect(Math.abs(sd["g (Intercept)"]! / TRUTH.sd0 - 1)).toBeLessThan(0.12);
    expect(Math.abs(sd["g x"]! / TRUTH.sd1 - 1)).toBeLessThan(0.1);
    expect(Math.abs(sd["g (Intercept) x"]! - TRUTH.correlation)).toBeLessThan(0.15);
    expect(Math.abs(fit.sigma / TRUTH.sigma - 1)).toBeLessThan(0.035);
  });

  test("REML variances and estimates are right on average, and standard errors are the spread of the estimates", () => {
    const fits = Array.from({ length: 200 }, (_, seed) => fitted("y ~ x + (1 + x | g)", units(24, 5, 1000 + seed)));
    const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
    const sd = (values: readonly number[]): number => Math.sqrt(mean(values.map((x) => (x - mean(values)) ** 2)));
    const centre = (values: readonly number[], truth: number, label: string): void => {
      // Four standard errors of the mean of 200: fails once in 16,000 by chance, and the seeds are fixed.
      expect(Math.abs(mean(values) - truth) / (sd(values) / Math.sqrt(values.length)), label).toBeLessThan(4);
    };
    centre(
      fits.map((fit) => fit.fixed[0]!.estimate),
      TRUTH.intercept,
      "intercept",
    );
    centre(
      fits.map((fit) => fit.fixed[1]!.estimate),
      TRUTH.slope,
      "slope",
    );
    centre(
      fits.map((fit) => fit.sigma ** 2),
      TRUTH.sigma ** 2,
      "sigma^2",
    );
    centre(
      fits.map((fit) => componentsOf(fit)["g x"]! ** 2),
      TRUTH.sd1 ** 2,
      "slope variance",
    );
    // ML divides by too much.
    const ml = Array.from(
      { length: 200 },
      (_, seed) => componentsOf(fitted("y ~ x + (1 + x | g)", units(24, 5, 1000 + seed), { method: "ML" }))["g x"]! ** 2,
    );
    expect(mean(ml)).toBeLessThan(mean(fits.map((fit) => componentsOf(fit)["g x"]! ** 2)));
    // The spread of 200 estimates has a relative error of 5 %.
    const spread = sd(fits.map((fit) => fit.fixed[1]!.estimate));
    expect(Math.abs(mean(fits.map((fit) => fit.fixed[1]!.stdError)) / spread - 1)).toBeLessThan(0.2);
  });
});
