/** Quadrature over the effects of two nested factors: gradient against differences, value against the integral itself, fits against R. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../src/data/random.js";
import { Table } from "../../../src/data/table.js";
import { glmm } from "../../../src/inference/glmm.js";
import { readTable } from "../../../src/io/read-table.js";
import { FitError } from "../../../src/messages.js";
import { lambdaOf } from "../../../src/models/blocks/covariance-parameters.js";
import { familyNamed } from "../../../src/models/families/registry.js";
import { nestingOf } from "../../../src/models/laplace/nesting.js";
import type { LaplaceProblem } from "../../../src/models/laplace/problem.js";
import { productRule } from "../../../src/models/laplace/quadrature-rule.js";
import { fixedPredictors } from "../../../src/models/laplace/row-model.js";
import type { Columns } from "../blocks/dense.js";
import { columnsOf } from "../blocks/designs.js";
import { cumulativeDesign, familyDesign, gradientError, problemOf, type RowDesign, randomPoint, valueAt } from "./problems.js";

/** A few more digits than differences need; measured: 1e-11. */
const SAME = 1e-8;

const seeds = fc.integer({ min: 0, max: 1_000_000 });
const shapes = fc.record({
  n: fc.integer({ min: 24, max: 48 }),
  first: fc.integer({ min: 5, max: 9 }),
  second: fc.integer({ min: 2, max: 4 }),
  third: fc.constant(2),
  moves: fc.constant(0),
});

type Make = (columns: Columns, seed: number) => RowDesign;
const logit: Make = (columns, seed) => familyDesign(familyNamed("binomial"), "logit", columns, { seed });
const designs: readonly (readonly [string, Make])[] = [
  ["logit", logit],
  ["poisson", (columns, seed) => familyDesign(familyNamed("poisson"), "log", columns, { seed, weights: true })],
  ["negative binomial", (columns, seed) => familyDesign(familyNamed("nbinom2"), "log", columns, { seed, dispersion: true })],
  ["cumulative probit", (columns, seed) => cumulativeDesign("probit", "flexible", columns, { categories: 3, seed })],
];

/** Units a in clusters b; those with more effects in the clusters are factored clusters first. */
const TERMS = ["(1 | b/a)", "(1 + x | a) + (1 | b)", "(1 | a) + (1 + x | b)", "(1 + x | b) + (1 + z || a)"];
const CLUSTERS_FIRST = "(1 + x + z | b) + (1 | a)";

function nested(design: RowDesign, columns: Columns, terms: string, points: number): LaplaceProblem {
  const random = [{ predictor: 0, terms }];
  const { structure } = problemOf(design, random, columns);
  return problemOf(design, random, columns, { rule: structure.groups.map(({ size }) => productRule(points, size)) });
}

describe.each(designs)("%s", (_name, make) => {
  test.each([1, 2, 3, 5])("the gradient is that of the value, %i points", (points) => {
    for (const terms of TERMS) {
      fc.assert(
        fc.property(shapes, seeds, (shape, seed) => {
          const columns = columnsOf(shape, "nested", seed);
          const design = make(columns, seed);
          const problem = nested(design, columns, terms, points);
          expect(gradientError(problem, randomPoint(problem, design.psi, { seed, size: 0.8 }))).toBeLessThan(SAME);
        }),
        { seed: 61, numRuns: 2 },
      );
    }
  });

  test.each([...TERMS, CLUSTERS_FIRST])("one point is the Laplace approximation, %s", (terms) => {
    fc.assert(
      fc.property(shapes, seeds, (shape, seed) => {
        const columns = columnsOf(shape, "nested", seed);
        const design = make(columns, seed);
        const laplace = problemOf(design, [{ predictor: 0, terms }], columns);
        const point = randomPoint(laplace, design.psi, { seed });
        const value = valueAt(laplace, point);
        // The same numbers summed in another order.
        expect(Math.abs(valueAt(nested(design, columns, terms, 1), point) - value)).toBeLessThan(1e-13 * Math.max(100, Math.abs(value)));
      }),
      { seed: 62, numRuns: 3 },
    );
  });
});

/** Classes of one to six rows; one school has a single class. */
function unequal(seed: number): Columns & { readonly a: readonly string[] } {
  const next = randomStream(seed, "unequal");
  const sizes = new Map([
    ["s1", [1, 6, 3]],
    ["s2", [4]],
    ["s3", [2, 2, 5, 1, 3]],
  ]);
  const a: string[] = [];
  const b: string[] = [];
  for (const [school, classes] of sizes) {
    classes.forEach((rows, c) => {
      for (let i = 0; i < rows; i++) {
        a.push(`${school}c${c}`);
        b.push(school);
      }
    });
  }
  // Rows of a class need not stand together.
  const order = a.map((_, i) => i).sort((i, j) => ((i * 7) % a.length) - ((j * 7) % a.length));
  const draw = (): number[] => a.map(() => next.normal());
  return { y: draw(), x: draw(), z: draw(), a: order.map((i) => a[i]!), b: order.map((i) => b[i]!) };
}

describe("schools of unequal size, one with a single class", () => {
  test.each([...TERMS, CLUSTERS_FIRST])("the gradient is that of the value, %s", (terms) => {
    for (const [, make] of designs) {
      const columns = unequal(5);
      const design = make(columns, 5);
      const problem = nested(design, columns, terms, 3);
      expect(gradientError(problem, randomPoint(problem, design.psi, { seed: 5, size: 0.8 }))).toBeLessThan(SAME);
    }
  });

  test("what the classes are called, and so the order of their levels, does not matter", () => {
    const columns = unequal(6);
    const value = (named: (name: string) => string): number => {
      const renamed = { ...columns, a: columns.a.map(named) };
      const design = logit(renamed, 4);
      return valueAt(nested(design, renamed, "(1 + x | b/a)", 3), Float64Array.of(0.8, 0.2, 0.5, 0.6, -0.3, 0.4, ...design.psi));
    };
    expect(value((name) => name.split("").reverse().join(""))).toBeCloseTo(
      value((name) => name),
      10,
    );
  });
});

/**
 * -2 log-likelihood with the integrals over the effects by the trapezoidal rule on a grid that knows nothing of modes. For functions as
 * smooth as these its error falls off like exp(-2 (pi sd / step)^2), far below rounding.
 */
function integrated({ model, structure, parameters }: LaplaceProblem, point: Float64Array, step: number): number {
  const k = parameters.length;
  const lambda = lambdaOf(structure.groups, parameters, point.subarray(0, k));
  const predictors = model.predictors.map(() => new Float64Array(model.n));
  fixedPredictors(model, point.subarray(k), predictors);
  const { inner, outer } = nestingOf(structure.groups[0]!, structure.groups[1]!)!;
  const line = Array.from({ length: 2 * Math.round(7.5 / step) + 1 }, (_, i) => -7.5 + i * step);
  /** Grid points with the log of density times volume. */
  const grid = (size: number): { readonly u: readonly number[]; readonly log: number }[] => {
    let points: { u: number[]; log: number }[] = [{ u: [], log: 0 }];
    for (let s = 0; s < size; s++) {
      points = points.flatMap(({ u, log }) =>
        line.map((x) => ({ u: [...u, x], log: log - 0.5 * x * x + Math.log(step / Math.sqrt(2 * Math.PI)) })),
      );
    }
    return points;
  };
  /** z_i Lambda u of every grid point. */
  const effects = (group: number, i: number, points: readonly { readonly u: readonly number[] }[]): Float64Array => {
    const { columns, size } = structure.groups[group]!;
    const weights = Array.from({ length: size }, (_, c) =>
      columns.reduce(
        (sum: number, column, r) => sum + (typeof column === "number" ? column : column[i]!) * lambda[group]![c * size + r]!,
        0,
      ),
    );
    return Float64Array.from(points, ({ u }) => u.reduce((sum, x, c) => sum + x * weights[c]!, 0));
  };
  const logSum = (values: Float64Array): number => {
    const top = values.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
    return top + Math.log(values.reduce((sum, x) => sum + Math.exp(x - top), 0));
  };
  const innerGrid = grid(structure.groups[inner]!.size);
  const outerGrid = grid(structure.groups[outer]!.size);
  const rows = Array.from({ length: model.n }, (_, i) => ({
    i,
    at: Float64Array.from(predictors, (values) => values[i]!),
    eta: predictors[0]![i]!,
    ofInner: effects(inner, i, innerGrid),
    ofOuter: effects(outer, i, outerGrid),
  }));
  const levelOf = (group: number, i: number): number => structure.groups[group]!.levelOf[i]!;
  const out = new Float64Array(64);
  const logs = new Float64Array(innerGrid.length);
  const totals = new Float64Array(structure.groups[outer]!.levelCount * outerGrid.length);
  for (let unit = 0; unit < structure.groups[inner]!.levelCount; unit++) {
    const own = rows.filter(({ i }) => levelOf(inner, i) === unit);
    const school = levelOf(outer, own[0]!.i);
    outerGrid.forEach((_, k) => {
      innerGrid.forEach(({ log }, m) => {
        logs[m] = log;
        for (const { i, at, eta, ofInner, ofOuter } of own) {
          at[0] = eta + ofInner[m]! + ofOuter[k]!;
          model.likelihood.row(i, at, 0, out);
          logs[m] = logs[m]! + out[0]!;
        }
      });
      const place = school * outerGrid.length + k;
      totals[place] = totals[place]! + logSum(logs);
    });
  }
  let total = 0;
  for (let school = 0; school < structure.groups[outer]!.levelCount; school++) {
    const from = school * outerGrid.length;
    total += logSum(totals.slice(from, from + outerGrid.length).map((x, k) => x + outerGrid[k]!.log));
  }
  return -2 * total;
}

describe("the integral itself", () => {
  /** Two schools of two classes. */
  const tiny: Columns = (() => {
    const next = randomStream(8, "tiny");
    const a = ["p", "p", "p", "q", "q", "r", "r", "r", "r", "t", "t", "t"];
    const draw = (): number[] => a.map(() => next.normal());
    return { y: draw(), x: draw(), z: draw(), a, b: a.map((name) => (name === "p" || name === "q" ? "s1" : "s2")) };
  })();
  test.each([
    ["(1 | b/a)", 0.1],
    ["(1 + x | a) + (1 | b)", 0.25],
    ["(1 | a) + (1 + x | b)", 0.25],
  ] as const)("is what 25 points give, %s", (terms, step) => {
    for (const [, make] of designs) {
      const design = make(tiny, 3);
      const problem = nested(design, tiny, terms, 25);
      const point = randomPoint(problem, design.psi, { seed: 9, size: 1 });
      const exact = integrated(problem, point, step);
      // Counts with effects as large as these are the hardest: what is left of the rule's error there.
      expect(Math.abs(valueAt(problem, point) - exact)).toBeLessThan(1e-6);
    }
  });

  test("is approached as points are added", () => {
    for (const [, make] of designs) {
      const design = make(tiny, 3);
      const laplace = problemOf(design, [{ predictor: 0, terms: "(1 | b/a)" }], tiny);
      const point = randomPoint(laplace, design.psi, { seed: 9, size: 1 });
      const exact = integrated(laplace, point, 0.1);
      const errors = [3, 5, 9, 15].map((points) => Math.abs(valueAt(nested(design, tiny, "(1 | b/a)", points), point) - exact));
      errors.slice(1).forEach((error, k) => {
        expect(error).toBeLessThan(0.1 * errors[k]!);
      });
    }
  });
});

interface Reference {
  readonly formula: string;
  readonly logLik: number;
  readonly fixed: readonly { readonly term: string; readonly estimate: number; readonly se: number }[];
  readonly sd: { readonly class: number; readonly school: number };
}

describe("fits", () => {
  const classes = readTable("tests/reference/generalized/data/classes.csv");
  const reference: Reference = JSON.parse(readFileSync("tests/reference/nested-quadrature/classes.json", "utf8"));

  test("reach the maximum of the integrated likelihood", async () => {
    const table = await classes;
    const [laplace, five, nine] = [1, 5, 9].map((agq) => glmm(reference.formula, table, { family: "binomial", agq }));
    expect([laplace!.converged, five!.converged, nine!.converged]).toEqual([true, true, true]);
    // The Laplace approximation is 0.76 too low here; five points leave a thousandth of that.
    expect(reference.logLik - laplace!.logLik).toBeGreaterThan(0.7);
    expect(Math.abs(five!.logLik - reference.logLik)).toBeLessThan(2e-3);
    expect(Math.abs(nine!.logLik - reference.logLik)).toBeLessThan(1e-6);
    nine!.fixed.forEach(({ term, estimate, stdError }, j) => {
      const own = reference.fixed[j]!;
      expect(term).toBe(own.term);
      expect(Math.abs(estimate - own.estimate)).toBeLessThan(1e-4 * own.se);
      // R's Hessian is one of differences of values.
      expect(Math.abs(stdError / own.se - 1)).toBeLessThan(1e-4);
    });
    const sd = (group: string): number => {
      const row = nine!.random.find((own) => own.group === group);
      return row !== undefined && "sd" in row ? row.sd : Number.NaN;
    };
    expect(sd("class:school")).toBeCloseTo(reference.sd.class, 5);
    expect(sd("school")).toBeCloseTo(reference.sd.school, 5);
  });

  test("of slopes at both levels converge at a boundary, where the criterion is one of the covariance matrix", async () => {
    const fit = glmm("y ~ x * z + (1 + x | school/class)", await classes, { family: "binomial", agq: 3 });
    const laplace = glmm("y ~ x * z + (1 + x | school/class)", await classes, { family: "binomial" });
    expect(fit.singular).toBe(true);
    expect(fit.converged).toBe(true);
    expect(fit.logLik).toBeGreaterThan(laplace.logLik);
  });
});

describe("what quadrature is not for", () => {
  const columns = columnsOf({ n: 60, first: 10, second: 4, third: 2, moves: 0 }, "crossed", 3);
  const binary = Table.from({ ...columns, y: Array.from({ length: 60 }, (_, i) => i % 2) });
  const refusal = (formula: string, agq: number): string => {
    try {
      glmm(formula, binary, { family: "binomial", agq });
    } catch (error) {
      if (error instanceof FitError) return error.message;
      throw error;
    }
    return "fitted";
  };
  test("crossed factors, three factors, multiple membership, too many nodes", () => {
    expect(refusal("y ~ x + (1 | a) + (1 | b)", 5)).toMatchInlineSnapshot(
      `"Quadrature (agq above 1) is for one grouping factor or for two of which one is nested in the other (each of its levels within a single level of the other), and this model has two that are not nested: a and b. Use the Laplace approximation (agq: 1), or leave terms out."`,
    );
    expect(refusal("y ~ x + (1 | a) + (1 | b) + (1 | c)", 5)).toMatchInlineSnapshot(
      `"Quadrature (agq above 1) is for one grouping factor or for two of which one is nested in the other (each of its levels within a single level of the other), and this model has 3: a, b and c. Use the Laplace approximation (agq: 1), or leave terms out."`,
    );
    expect(refusal("y ~ x + (1 | mm(t1, t2)) + (1 | a)", 5)).toMatchInlineSnapshot(
      `"Quadrature (agq above 1) is for one grouping factor or for two of which one is nested in the other (each of its levels within a single level of the other), and this model has multiple membership among its factors: mm(t1, t2) and a. Use the Laplace approximation (agq: 1), or leave terms out."`,
    );
    expect(refusal("y ~ x + (1 + x + z | b/a)", 9)).toMatchInlineSnapshot(
      `"Quadrature with 9 points in each of 6 dimensions needs 5e+5 nodes for every unit. Use fewer points (agq) or fewer random effects."`,
    );
  });

  test("two factors are nested where every level of the one lies in one level of the other, whichever comes first", () => {
    const school = { levelOf: Int32Array.of(0, 0, 1, 1, 1), levelCount: 2 };
    const grade = { levelOf: Int32Array.of(2, 0, 1, 1, 3), levelCount: 4 };
    expect(nestingOf(school, grade)).toEqual({ inner: 1, outer: 0, parent: Int32Array.of(0, 1, 0, 1) });
    expect(nestingOf(grade, school)).toEqual({ inner: 0, outer: 1, parent: Int32Array.of(0, 1, 0, 1) });
    expect(nestingOf(school, { levelOf: Int32Array.of(2, 0, 1, 1, 2), levelCount: 3 })).toBeNull();
  });
});
