/** The exact gradient of the Laplace and quadrature criteria against differences of their values: families, links, parts, terms. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CUMULATIVE_LINKS } from "../../../src/models/families/cumulative.js";
import type { Family, LinkName } from "../../../src/models/families/family.js";
import { families, familyNamed } from "../../../src/models/families/registry.js";
import { THRESHOLD_STRUCTURES } from "../../../src/models/families/thresholds.js";
import { productRule } from "../../../src/models/laplace/quadrature-rule.js";
import type { Columns } from "../blocks/dense.js";
import { columnsOf, KINDS } from "../blocks/designs.js";
import {
  cumulativeDesign,
  familyDesign,
  gradientError,
  problemOf,
  type RandomTerms,
  type RowDesign,
  randomPoint,
  valueAt,
  type Zeros,
} from "./problems.js";

/** Relative to the gradient's largest component: see `gradientError`, with room for third derivatives that are large. */
const SAME = 1e-6;

const seeds = fc.integer({ min: 0, max: 1_000_000 });
const shapes = fc.record({
  n: fc.integer({ min: 24, max: 48 }),
  first: fc.integer({ min: 3, max: 8 }),
  second: fc.integer({ min: 2, max: 4 }),
  third: fc.constant(2),
  moves: fc.double({ min: 0, max: 0.4, noNaN: true }),
});
const pairs: readonly (readonly [string, LinkName, Family])[] = families.flatMap((family) =>
  family.links.map((link) => [family.name, link, family] as const),
);

/** Effects that leave the mean in the range of a link that does not take every predictor. */
function roomOf(link: LinkName, psi: Float64Array): number {
  const everywhere: readonly LinkName[] = ["logit", "probit", "cloglog", "loglog", "cauchit"];
  return everywhere.includes(link) ? 1 : 0.12 * Math.abs(psi[0]!);
}

const TERMS = ["(1 | a)", "(1 + x | a) + (1 | b)", "(1 | a) + (1 + z || b)"];

describe.each(pairs)("%s, link %s", (_, link, family) => {
  test("Laplace: the gradient is that of the value", () => {
    fc.assert(
      fc.property(shapes, seeds, fc.constantFrom(...TERMS), fc.boolean(), (shape, seed, terms, weights) => {
        const columns = columnsOf(shape, "crossed", seed);
        const dispersion = family.further.includes("dispersion") && seed % 3 === 0;
        const design = familyDesign(family, link, columns, { seed, dispersion, weights });
        const problem = problemOf(design, [{ predictor: 0, terms }], columns);
        const point = randomPoint(problem, design.psi, { seed, size: roomOf(link, design.psi) });
        expect(gradientError(problem, point)).toBeLessThan(SAME);
      }),
      { seed: 41, numRuns: 6 },
    );
  });

  test("profiled coefficients: the gradient in everything else is that of the value", () => {
    fc.assert(
      fc.property(shapes, seeds, fc.constantFrom(...TERMS), (shape, seed, terms) => {
        const columns = columnsOf(shape, "crossed", seed);
        const design = familyDesign(family, link, columns, { seed });
        const profiled = Int32Array.of(0, 1);
        const problem = problemOf(design, [{ predictor: 0, terms }], columns, { profiled });
        const k = problem.parameters.length;
        const point = randomPoint(problem, design.psi, { seed, size: roomOf(link, design.psi) });
        // The inner search needs an information about the coefficients that is positive definite where it begins.
        fc.pre(Number.isFinite(valueAt(problem, point)));
        expect(gradientError(problem, point, [k, k + 1])).toBeLessThan(SAME);
      }),
      { seed: 42, numRuns: 2 },
    );
  });

  test.each([2, 3, 5, 9])("quadrature with %i points", (points) => {
    fc.assert(
      fc.property(shapes, seeds, fc.constantFrom("(1 | a)", "(1 + x | a)"), (shape, seed, terms) => {
        const columns = columnsOf(shape, "crossed", seed);
        const design = familyDesign(family, link, columns, { seed });
        const rule = productRule(points, terms === "(1 | a)" ? 1 : 2);
        const problem = problemOf(design, [{ predictor: 0, terms }], columns, { rule });
        // Nodes reach further than the mode does.
        const point = randomPoint(problem, design.psi, { seed, size: 0.5 * roomOf(link, design.psi) });
        expect(gradientError(problem, point)).toBeLessThan(SAME);
      }),
      { seed: 43, numRuns: 1 },
    );
  });
});

const structures = THRESHOLD_STRUCTURES.flatMap((structure) => CUMULATIVE_LINKS.map((link) => [link, structure] as const));

describe.each(structures)("cumulative, link %s, thresholds %s", (link, structure) => {
  const forms = [
    { name: "plain", nominal: false, scale: false },
    { name: "nominal effects", nominal: true, scale: false },
    { name: "scale effects", nominal: false, scale: true },
    { name: "nominal and scale effects", nominal: true, scale: true },
  ];
  test.each(forms)("$name", ({ nominal, scale }) => {
    fc.assert(
      fc.property(
        shapes,
        seeds,
        fc.constantFrom(...TERMS),
        fc.integer({ min: 3, max: 5 }),
        fc.boolean(),
        (shape, seed, terms, categories, weights) => {
          const columns = columnsOf(shape, "crossed", seed);
          const design = cumulativeDesign(link, structure, columns, { categories, nominal, scale, weights, seed });
          const problem = problemOf(design, [{ predictor: 0, terms }], columns);
          expect(gradientError(problem, randomPoint(problem, design.psi, { seed, size: 0.8 }))).toBeLessThan(SAME);
        },
      ),
      { seed: 44, numRuns: 2 },
    );
  });

  test.each([2, 3, 5, 9])("quadrature with %i points", (points) => {
    fc.assert(
      fc.property(shapes, seeds, fc.constantFrom("(1 | a)", "(1 + x | a)"), fc.boolean(), (shape, seed, terms, scale) => {
        const columns = columnsOf(shape, "crossed", seed);
        const design = cumulativeDesign(link, structure, columns, { categories: 4, nominal: true, scale, seed });
        const rule = productRule(points, terms === "(1 | a)" ? 1 : 2);
        const problem = problemOf(design, [{ predictor: 0, terms }], columns, { rule });
        expect(gradientError(problem, randomPoint(problem, design.psi, { seed, size: 0.8 }))).toBeLessThan(SAME);
      }),
      { seed: 45, numRuns: 1 },
    );
  });
});

const counts = families.filter((family) => family.counts).map((family) => family.name);
const zeros: readonly Exclude<Zeros, null>[] = ["inflated", "hurdle", "truncated"];

describe.each(counts.flatMap((family) => zeros.map((kind) => [family, kind] as const)))("%s, zeros %s", (name, kind) => {
  const family = familyNamed(name);
  test.each(family.links)("link %s, random effects in the mean alone", (link) => {
    fc.assert(
      fc.property(shapes, seeds, fc.constantFrom(...TERMS), fc.boolean(), (shape, seed, terms, weights) => {
        const columns = columnsOf(shape, "crossed", seed);
        const design = familyDesign(family, link, columns, { seed, zeros: kind, weights });
        const problem = problemOf(design, [{ predictor: 0, terms }], columns);
        expect(gradientError(problem, randomPoint(problem, design.psi, { seed, size: roomOf(link, design.psi) }))).toBeLessThan(SAME);
      }),
      { seed: 46, numRuns: 3 },
    );
  });

  test.runIf(kind !== "truncated").each([
    ["another factor", "(1 | a)", "(1 | b)"],
    ["the same factor", "(1 + x | a)", "(1 + z | a)"],
    ["crossed factors, a diagonal term", "(1 | a) + (1 | b)", "(1 + z || a) + (1 | b)"],
    ["multiple membership", "(1 | a)", "(1 + z | mm(t1, t2, weights = m1 + m2))"],
    ["the zero probability alone", "", "(1 | a) + (1 | b)"],
  ])("random effects in the zero probability: %s", (_, mean, zero) => {
    fc.assert(
      fc.property(shapes, seeds, (shape, seed) => {
        const columns = columnsOf(shape, "crossed", seed);
        const design = familyDesign(family, "log", columns, { seed, zeros: kind });
        const random: RandomTerms[] = mean === "" ? [] : [{ predictor: 0, terms: mean }];
        random.push({ predictor: design.predictors.length - 1, terms: zero });
        const problem = problemOf(design, random, columns);
        expect(gradientError(problem, randomPoint(problem, design.psi, { seed, size: 0.4 }))).toBeLessThan(SAME);
      }),
      { seed: 47, numRuns: 2 },
    );
  });

  test("profiled coefficients of the mean", () => {
    fc.assert(
      fc.property(shapes, seeds, (shape, seed) => {
        const columns = columnsOf(shape, "crossed", seed);
        const design = familyDesign(family, "log", columns, { seed, zeros: kind });
        const random: RandomTerms[] = [{ predictor: 0, terms: "(1 + x | a) + (1 | b)" }];
        if (kind !== "truncated") random.push({ predictor: design.predictors.length - 1, terms: "(1 | a)" });
        const problem = problemOf(design, random, columns, { profiled: Int32Array.of(0, 1) });
        const k = problem.parameters.length;
        const point = randomPoint(problem, design.psi, { seed, size: 0.3 });
        fc.pre(Number.isFinite(valueAt(problem, point)));
        expect(gradientError(problem, point, [k, k + 1])).toBeLessThan(SAME);
      }),
      { seed: 48, numRuns: 2 },
    );
  });
});

describe.each(KINDS.map((kind) => [kind.name, kind] as const))("random terms: %s", (_, { random, relation }) => {
  const designs: readonly (readonly [string, (columns: Columns, seed: number) => RowDesign])[] = [
    ["binary", (columns, seed) => familyDesign(familyNamed("binomial"), "logit", columns, { seed: 2 * seed + 1 })],
    ["counts", (columns, seed) => familyDesign(familyNamed("nbinom1"), "log", columns, { seed, dispersion: true })],
    ["ordered", (columns, seed) => cumulativeDesign("cloglog", "flexible", columns, { categories: 4, scale: true, seed })],
  ];
  test.each(designs)("%s", (_name, make) => {
    fc.assert(
      fc.property(shapes, seeds, (shape, seed) => {
        const columns = columnsOf(shape, relation, seed);
        const design = make(columns, seed);
        const problem = problemOf(design, [{ predictor: 0, terms: random }], columns);
        expect(gradientError(problem, randomPoint(problem, design.psi, { seed, size: 0.5 }))).toBeLessThan(SAME);
      }),
      { seed: 49, numRuns: 3 },
    );
  });
});

describe("quadrature over three dimensions", () => {
  test.each([
    ["(1 + x + z | a)", 3],
    ["(1 + x || a) + (0 + z | a)", 3],
    ["(1 | a) + (0 + x + z | a)", 5],
  ])("%s with %i points", (terms, points) => {
    fc.assert(
      fc.property(shapes, seeds, (shape, seed) => {
        const columns = columnsOf(shape, "nested", seed);
        const design = familyDesign(familyNamed("binomial"), "logit", columns, { seed });
        const problem = problemOf(design, [{ predictor: 0, terms }], columns, { rule: productRule(points, 3) });
        expect(gradientError(problem, randomPoint(problem, design.psi, { seed, size: 0.8 }))).toBeLessThan(SAME);
      }),
      { seed: 50, numRuns: 2 },
    );
  });
});
