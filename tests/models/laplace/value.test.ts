/** The Laplace approximation against a dense one, quadrature against integrals on a fine grid, and D where a factor is singular. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../src/data/random.js";
import { families, familyNamed } from "../../../src/models/families/registry.js";
import { evaluateLaplace, laplaceGradient } from "../../../src/models/laplace/criterion.js";
import type { LaplaceProblem } from "../../../src/models/laplace/problem.js";
import { productRule } from "../../../src/models/laplace/quadrature-rule.js";
import { lowerFactor } from "../../../src/models/linalg/symmetric.js";
import type { Columns } from "../blocks/dense.js";
import { columnsOf, KINDS } from "../blocks/designs.js";
import { denseLaplace, integrated } from "./dense.js";
import { cumulativeDesign, familyDesign, problemOf, type RandomTerms, type RowDesign, randomPoint, valueAt } from "./problems.js";

const seeds = fc.integer({ min: 0, max: 1_000_000 });
const shapes = fc.record({
  n: fc.integer({ min: 24, max: 48 }),
  first: fc.integer({ min: 3, max: 8 }),
  second: fc.integer({ min: 2, max: 4 }),
  third: fc.constant(2),
  moves: fc.double({ min: 0, max: 0.4, noNaN: true }),
});

/** Two ways to the same sums of some hundred terms, each with a log-likelihood of that size. */
const SAME = 1e-9;

const designs: readonly (readonly [string, (columns: Columns, seed: number) => RowDesign])[] = [
  ["binary", (columns, seed) => familyDesign(familyNamed("binomial"), "logit", columns, { seed: 2 * seed + 1 })],
  ["binomial, complementary log-log", (columns, seed) => familyDesign(familyNamed("binomial"), "cloglog", columns, { seed: 2 * seed })],
  ["counts", (columns, seed) => familyDesign(familyNamed("poisson"), "log", columns, { seed })],
  ["negative binomial", (columns, seed) => familyDesign(familyNamed("nbinom2"), "log", columns, { seed })],
  ["gamma", (columns, seed) => familyDesign(familyNamed("gamma"), "log", columns, { seed })],
  ["ordered", (columns, seed) => cumulativeDesign("logit", "flexible", columns, { categories: 4, seed })],
  [
    "ordered, probit with a scale",
    (columns, seed) => cumulativeDesign("probit", "flexible", columns, { categories: 3, scale: true, seed }),
  ],
];

describe.each(KINDS.map((kind) => [kind.name, kind] as const))("Laplace: %s", (_, { random, relation }) => {
  test.each(designs)("%s", (_name, make) => {
    fc.assert(
      fc.property(shapes, seeds, (shape, seed) => {
        const columns = columnsOf(shape, relation, seed);
        const design = make(columns, seed);
        const problem = problemOf(design, [{ predictor: 0, terms: random }], columns);
        const point = randomPoint(problem, design.psi, { seed, size: 0.8 });
        expect(Math.abs(valueAt(problem, point) - denseLaplace(problem, point))).toBeLessThan(SAME);
      }),
      { seed: 61, numRuns: 2 },
    );
  });
});

test.each([
  ["(1 | a)", "(1 | a)"],
  ["(1 + x | a)", "(1 + z | a) + (1 | b)"],
  ["(1 | a) + (1 | b)", "(1 + z || b)"],
  ["(1 | mm(t1, t2))", "(1 | a) + (1 | mm(t1, t2))"],
])("Laplace: counts with zeros of their own, %s and %s", (mean, zero) => {
  fc.assert(
    fc.property(shapes, seeds, (shape, seed) => {
      const columns = columnsOf(shape, "crossed", seed);
      const design = familyDesign(familyNamed("nbinom2"), "log", columns, { seed, zeros: "inflated" });
      const random: RandomTerms[] = [
        { predictor: 0, terms: mean },
        { predictor: 2, terms: zero },
      ];
      const problem = problemOf(design, random, columns);
      const point = randomPoint(problem, design.psi, { seed, size: 0.4 });
      expect(Math.abs(valueAt(problem, point) - denseLaplace(problem, point))).toBeLessThan(SAME);
    }),
    { seed: 62, numRuns: 4 },
  );
});

describe("quadrature", () => {
  test.each(families.map((family) => [family.name, family] as const))("one point is the Laplace approximation: %s", (_, family) => {
    fc.assert(
      fc.property(shapes, seeds, fc.constantFrom("(1 | a)", "(1 + x | a)", "(1 + x || a)"), (shape, seed, terms) => {
        const columns = columnsOf(shape, "nested", seed);
        const design = familyDesign(family, family.defaultLink, columns, { seed });
        const size = terms === "(1 | a)" ? 1 : 2;
        const laplace = problemOf(design, [{ predictor: 0, terms }], columns);
        const quadrature = problemOf(design, [{ predictor: 0, terms }], columns, { rule: productRule(1, size) });
        const point = randomPoint(laplace, design.psi, { seed, size: 0.3 });
        expect(Math.abs(valueAt(laplace, point) - valueAt(quadrature, point))).toBeLessThan(SAME);
      }),
      { seed: 63, numRuns: 3 },
    );
  });

  test.each(designs)("agrees with the integral on a grid, one dimension: %s", (_, make) => {
    fc.assert(
      fc.property(shapes, seeds, (shape, seed) => {
        const columns = columnsOf(shape, "nested", seed);
        const design = make(columns, seed);
        const error = (points: number): number => {
          const problem = problemOf(design, [{ predictor: 0, terms: "(1 | a)" }], columns, { rule: productRule(points, 1) });
          const point = randomPoint(problem, design.psi, { seed, size: 1.5 });
          return Math.abs(valueAt(problem, point) - integrated(problem, point, 0.05));
        };
        expect(error(40)).toBeLessThan(1e-7);
        expect(error(9)).toBeLessThan(1e-2);
      }),
      { seed: 64, numRuns: 4 },
    );
  });

  test.each(designs)("agrees with the integral on a grid, two dimensions: %s", (_, make) => {
    fc.assert(
      fc.property(shapes, seeds, fc.constantFrom("(1 + x | a)", "(1 + x || a)"), (shape, seed, terms) => {
        const columns = columnsOf({ ...shape, n: 24 }, "nested", seed);
        const design = make(columns, seed);
        const problem = problemOf(design, [{ predictor: 0, terms }], columns, { rule: productRule(25, 2) });
        const point = randomPoint(problem, design.psi, { seed, size: 0.9 });
        expect(Math.abs(valueAt(problem, point) - integrated(problem, point, 0.15))).toBeLessThan(1e-6);
      }),
      { seed: 65, numRuns: 1 },
    );
  });

  test("more points are nearer to the integral: binary responses with a slope", () => {
    const columns = columnsOf({ n: 60, first: 10, second: 3, third: 2, moves: 0 }, "nested", 7);
    const design = familyDesign(familyNamed("binomial"), "logit", columns, { seed: 7 });
    const errors = [1, 3, 5, 9, 15, 25].map((points) => {
      const problem = problemOf(design, [{ predictor: 0, terms: "(1 + x | a)" }], columns, { rule: productRule(points, 2) });
      const point = randomPoint(problem, design.psi, { seed: 7, size: 1 });
      return Math.abs(valueAt(problem, point) - integrated(problem, point, 0.15));
    });
    errors.forEach((error, k) => {
      if (k > 0) expect(error).toBeLessThan(0.5 * errors[k - 1]!);
    });
    expect(errors.at(-1)!).toBeLessThan(1e-6);
  });
});

/** dF/dt at t = 0 from above: forward differences with steps halved five times, extrapolated (Romberg). */
function slopeFromAbove(f: (t: number) => number, h: number): number {
  const zero = f(0);
  let table = Array.from({ length: 6 }, (_, k) => (f(h / 2 ** k) - zero) / (h / 2 ** k));
  for (let order = 1; table.length > 1; order++) {
    table = table.slice(1).map((fine, k) => (2 ** order * fine - table[k]!) / (2 ** order - 1));
  }
  return table[0]!;
}

describe("D, the derivative in a term's covariance matrix, where that is singular", () => {
  /** The group's factor, by what is left of a full one. */
  const singular: readonly (readonly [string, (lambda: Float64Array) => Float64Array])[] = [
    ["zero", (lambda) => lambda.map(() => 0)],
    ["of rank one", ([a, b]) => Float64Array.of(a!, b!, 0, 0)],
    ["of rank one, the first effect without variance", ([, , , d]) => Float64Array.of(0, 0, 0, d!)],
    ["of full rank", (lambda) => lambda],
  ];
  const models: readonly (readonly [string, (columns: Columns, seed: number) => RowDesign, readonly RandomTerms[], number | null])[] = [
    ["binary", designs[0]![1], [{ predictor: 0, terms: "(1 + x | a) + (1 | b)" }], null],
    ["counts", designs[2]![1], [{ predictor: 0, terms: "(1 + x | a) + (1 | b)" }], null],
    ["negative binomial", designs[3]![1], [{ predictor: 0, terms: "(1 + x | a) + (1 + z | b)" }], null],
    ["ordered with a scale", designs[6]![1], [{ predictor: 0, terms: "(1 + x | a) + (1 | b)" }], null],
    ["multiple membership", designs[0]![1], [{ predictor: 0, terms: "(1 + x | mm(t1, t2)) + (1 | b)" }], null],
    [
      "zero probability",
      (columns, seed) => familyDesign(familyNamed("poisson"), "log", columns, { seed, zeros: "inflated" }),
      [
        { predictor: 1, terms: "(1 + z | a)" },
        { predictor: 0, terms: "(1 | a) + (1 | b)" },
      ],
      null,
    ],
    ["quadrature", designs[0]![1], [{ predictor: 0, terms: "(1 + x | a)" }], 15],
  ];

  describe.each(models)("%s", (_, make, random, points) => {
    test.each(singular)("%s", (_name, restrict) => {
      fc.assert(
        fc.property(shapes, seeds, (shape, seed) => {
          const columns = columnsOf(shape, "crossed", seed);
          const design = make(columns, seed);
          const rule = points === null ? null : productRule(points, 2);
          const problem = problemOf(design, random, columns, { rule });
          const point = randomPoint(problem, design.psi, { seed, size: 0.5 });
          const [a, b, d] = point;
          const factor = restrict(Float64Array.of(a!, b!, 0, d!));
          const next = randomStream(seed, "direction");
          const angle = Math.PI * next.uniform();
          const v = [Math.cos(angle), Math.sin(angle)];
          const along = (t: number): Float64Array =>
            withFactor(point, t === 0 ? factor : lowerFactor(Float64Array.of(...factor, ...v.map((x) => x * Math.sqrt(t))), 2, 3));
          const derivative = dAt(problem, along(0));
          const exact = v.reduce((sum, x, r) => sum + v.reduce((inner, y, c) => inner + x * y * derivative[c * 2 + r]!, 0), 0);
          const difference = slopeFromAbove((t) => valueAt(problem, along(t)), 0.02);
          // Lifting a zero changes D by 1e-8 of itself; quadrature depends a little on more than the covariance matrix.
          const tolerance = points === null ? 1e-5 : 1e-4;
          expect(Math.abs(exact - difference)).toBeLessThan(tolerance * Math.max(1, ...derivative.map(Math.abs)));
        }),
        { seed: 66, numRuns: 4 },
      );
    });
  });

  /** The first group's first part is a term of two effects: its theta are the first three. */
  function withFactor(point: Float64Array, factor: Float64Array): Float64Array {
    const out = Float64Array.from(point);
    out[0] = factor[0]!;
    out[1] = factor[1]!;
    out[2] = factor[3]!;
    return out;
  }

  function dAt(problem: LaplaceProblem, point: Float64Array): Float64Array {
    return laplaceGradient(problem, evaluateLaplace(problem, point, new Float64Array(problem.structure.q))).d[0]!;
  }
});
