/** The block engine against the criterion with n x n matrices: every kind of design, every path through the elimination. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lambdaOf, partBlock } from "../../../src/models/blocks/covariance-parameters.js";
import { type Evaluation, evaluate, factorAt, type LinearProblem, scoreMatrices } from "../../../src/models/blocks/criterion.js";
import { derivatives } from "../../../src/models/blocks/derivatives.js";
import { inverseBlocks } from "../../../src/models/blocks/selected-inverse.js";
import { applyLambda, backwardSolveRandom, fixedRowsOf, multiplyGram, solveEffects } from "../../../src/models/blocks/solve.js";
import { symmetricEigen } from "../../../src/models/linalg/symmetric.js";
import { identity, largestDifference, normal, product, solve, transposed, uniform } from "../linalg/naive.js";
import { type Design, denseSystem, denseSystemValue, denseValue, designOf, positions, projected, sigmaOf, timesLambda } from "./dense.js";
import { KINDS, type RandomDesign, randomDesign, randomTheta, type Shape } from "./designs.js";

const SEED = 20260722;

const shapes: fc.Arbitrary<Shape> = fc.record({
  n: fc.integer({ min: 36, max: 60 }),
  first: fc.integer({ min: 2, max: 12 }),
  second: fc.integer({ min: 2, max: 5 }),
  third: fc.integer({ min: 2, max: 3 }),
  moves: fc.double({ min: 0, max: 0.4, noNaN: true }),
});

/** Checks `fact` on eight random designs of a kind, REML and ML alike. */
function onDesigns(kind: (typeof KINDS)[number], fact: (design: Design, seed: number) => void, numRuns = 8): void {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 0, max: 1_000_000 }), fc.boolean(), (shape, seed, reml) => {
      const { formula, columns, weights } = randomDesign(kind, shape, seed);
      fact(designOf(formula, columns, { reml, weights }), seed);
    }),
    { seed: SEED, numRuns },
  );
}

const interiorTheta = ({ parameters }: LinearProblem, seed: number): Float64Array =>
  randomTheta(parameters.length, (j) => parameters[j]!.row === parameters[j]!.column, seed);

/** Some columns of the factors zero, at least one. */
function singularTheta({ parameters }: LinearProblem, seed: number): Float64Array {
  const theta = interiorTheta({ parameters } as LinearProblem, seed);
  const next = uniform(seed + 7);
  const columns = new Set(parameters.map(({ group, column }) => `${group} ${column}`));
  const zero = new Set([...columns].filter(() => next() < 0.5));
  if (zero.size === 0) zero.add([...columns].at(-1)!);
  parameters.forEach(({ group, column }, j) => {
    if (zero.has(`${group} ${column}`)) theta[j] = 0;
  });
  return theta;
}

describe.each(KINDS.map((kind) => [kind.name, kind] as const))("%s", (_, kind) => {
  test("the value is that of the dense criterion, and so is the residual variance", () => {
    onDesigns(kind, ({ problem, dense }, seed) => {
      const theta = interiorTheta(problem, seed);
      const { value, s, lambda, lifted } = evaluate(problem, theta);
      const expected = denseValue(dense, sigmaOf(dense.groups, lambda));
      expect(lifted).toBe(false);
      // Sums of some hundred logarithms of rounded pivots.
      expect(Math.abs(value - expected.value)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected.value)));
      expect(Math.abs(s / expected.s - 1)).toBeLessThan(1e-9);
    });
  });

  test("the value at a singular factor is that of the dense criterion", () => {
    onDesigns(kind, ({ problem, dense }, seed) => {
      const { value, lambda, lifted } = evaluate(problem, singularTheta(problem, seed));
      const expected = denseValue(dense, sigmaOf(dense.groups, lambda)).value;
      expect(lifted).toBe(true);
      // The lift is taken back to first order; what is left is second order in 1e-8.
      expect(Math.abs(value - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
      // At the exact factors without a lift.
      expect(Math.abs(factorAt(problem, lambda).value - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
    });
  });

  test("the gradient is the derivative of the dense criterion, in the interior and at singular factors", () => {
    onDesigns(
      kind,
      ({ problem, dense }, seed) => {
        for (const theta of [interiorTheta(problem, seed), singularTheta(problem, seed)]) {
          const { gradient } = derivatives(problem, evaluate(problem, theta));
          const at = (moved: Float64Array): number =>
            denseValue(dense, sigmaOf(dense.groups, lambdaOf(dense.groups, problem.parameters, moved))).value;
          for (let j = 0; j < theta.length; j++) expectClose(gradient[j]!, differentiated(theta, j, at), dense.n);
        }
      },
      4,
    );
  });

  test("D is the derivative by the covariance matrix, in every direction, also where that matrix is singular", () => {
    onDesigns(
      kind,
      ({ problem, dense }, seed) => {
        const next = normal(seed);
        for (const theta of [interiorTheta(problem, seed), singularTheta(problem, seed)]) {
          const point = evaluate(problem, theta);
          const { d } = scoreMatrices(problem, point);
          const sigma = sigmaOf(dense.groups, point.lambda);
          dense.groups.forEach(({ size, parts }, k) => {
            for (const part of parts) {
              const directions =
                part.covariance === "diagonal"
                  ? Array.from({ length: part.size }, (_, i) => unit(size, part.start + i))
                  : [0, 1].map(() => normalized(Float64Array.from({ length: size }, (_, i) => (inside(part, i) ? next() : 0))));
              for (const v of directions) {
                const slope = (t: Float64Array): number => denseValue(dense, along(sigma, k, v, t[0]!)).value;
                expectClose(quadratic(d[k]!, v, size), differentiated(Float64Array.of(0), 0, slope, 1e-4), dense.n);
              }
            }
          });
        }
      },
      4,
    );
  });

  test("the scoring matrix is the average information and the positive part of D", () => {
    onDesigns(kind, ({ problem, dense }, seed) => {
      for (const theta of [interiorTheta(problem, seed), singularTheta(problem, seed)]) {
        const point = evaluate(problem, theta);
        const { information, d } = derivatives(problem, point);
        const count = problem.parameters.length;
        const scale = information.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
        expect(symmetricEigen(information, count).values[0]).toBeGreaterThan(-1e-9 * scale);
        // At a singular factor the blocks are those of the lifted one, 1e-8 away.
        expect(largestDifference(information, denseInformation(problem, dense, point, d))).toBeLessThan(2e-7 * scale);
      }
    });
  });

  test("effects, scores and conditional modes solve the penalised least-squares problem", () => {
    onDesigns(kind, ({ problem, dense }, seed) => {
      const theta = interiorTheta(problem, seed);
      const point = evaluate(problem, theta);
      const { effects, scores } = scoreMatrices(problem, point);
      const { size, omega, right } = denseSystem(dense, point.lambda, true);
      const expected = solve(omega, right, size, 1);
      const place = positions(problem);
      const ours = Float64Array.from({ length: size }, (_, i) => effects[i < dense.q ? place[i]! : i]!);
      expect(largestDifference(ours, expected)).toBeLessThan(1e-10);
      // e = Z'(y - X beta - Z Lambda u)
      const { n, p, q, z, x, y } = dense;
      const fitted = product(timesLambda(dense, point.lambda), expected.subarray(0, q), n, q, 1);
      const fixed = product(x, expected.subarray(q), n, p, 1);
      const residual = y.map((value, i) => value - fitted[i]! - fixed[i]!);
      const e = product(transposed(z, n, q), residual, q, n, 1);
      expect(
        largestDifference(
          Float64Array.from(place, (at) => scores[at]!),
          e,
        ),
      ).toBeLessThan(1e-9);
    });
  });

  test("the selected inverse holds every level's block of the dense inverse", () => {
    onDesigns(kind, ({ problem, dense }, seed) => {
      const { lambda } = evaluate(problem, interiorTheta(problem, seed));
      for (const withFixed of [true, false]) {
        const { sums, blocks } = inverseBlocks(problem.factor, withFixed, true);
        const { size, omega } = denseSystem(dense, lambda, withFixed);
        const inverse = solve(omega, identity(size), size, size);
        dense.groups.forEach((group, k) => {
          const { levelCount, size: s } = group;
          const total = new Float64Array(s * s);
          for (let level = 0; level < levelCount; level++) {
            const first = dense.start[k]! + level * s;
            for (let c = 0; c < s; c++) {
              for (let r = 0; r < s; r++) {
                const expected = inverse[(first + c) * size + first + r]!;
                expect(Math.abs(blocks![k]![level * s * s + c * s + r]! - expected)).toBeLessThan(1e-11);
                total[c * s + r] = total[c * s + r]! + expected;
              }
            }
          }
          expect(largestDifference(sums[k]!, total)).toBeLessThan(1e-10);
        });
      }
    });
  });

  test("products with the Gram blocks and solves with the factor are those of the dense matrices", () => {
    onDesigns(kind, ({ problem, dense }, seed) => {
      const { n, p, q, z, x } = dense;
      const { lambda } = evaluate(problem, interiorTheta(problem, seed));
      const place = positions(problem);
      // L^-T L^-1 Lambda'Z'X = Omega^-1 Lambda'Z'X
      const { solved, cross } = fixedRowsOf(problem.factor, problem.gram);
      backwardSolveRandom(problem.factor, solved, p);
      const { size, omega } = denseSystem(dense, lambda, false);
      const zlx = product(transposed(timesLambda(dense, lambda), n, q), x, q, n, p);
      const zx = product(transposed(z, n, q), x, q, n, p);
      const w = solve(omega, zlx, size, p);
      for (let i = 0; i < q; i++) {
        for (let j = 0; j < p; j++) {
          expect(Math.abs(solved[place[i]! * p + j]! - w[j * q + i]!)).toBeLessThan(1e-10);
          expect(Math.abs(cross[place[i]! * p + j]! - zx[j * q + i]!)).toBeLessThan(1e-10);
        }
      }
      // [Z'Z; X'Z] c, and Lambda c, for two vectors at once
      const count = 2;
      const next = normal(seed);
      const c = Float64Array.from({ length: q * count }, next);
      const into = new Float64Array((q + p) * count);
      multiplyGram(problem.structure, problem.gram, c, count, into);
      const scaled = new Float64Array(q * count);
      applyLambda(problem.structure, lambda, false, c, count, scaled);
      for (let v = 0; v < count; v++) {
        const vector = Float64Array.from(place, (at) => c[at * count + v]!);
        const zc = product(z, vector, n, q, 1);
        const own = product(transposed(z, n, q), zc, q, n, 1);
        const fixed = product(transposed(x, n, p), zc, p, n, 1);
        for (let i = 0; i < q; i++) expect(Math.abs(into[place[i]! * count + v]! - own[i]!)).toBeLessThan(1e-9);
        for (let j = 0; j < p; j++) expect(Math.abs(into[(q + j) * count + v]! - fixed[j]!)).toBeLessThan(1e-9);
        // Z (Lambda c) = (Z Lambda) c
        const left = product(
          z,
          Float64Array.from(place, (at) => scaled[at * count + v]!),
          n,
          q,
          1,
        );
        expect(largestDifference(left, product(timesLambda(dense, lambda), vector, n, q, 1))).toBeLessThan(1e-10);
      }
    });
  });
});

describe("larger designs take every path of the elimination", () => {
  const shape = (n: number, first: number, second: number, third = 8, moves = 0.03): Shape => ({ n, first, second, third, moves });
  const kindOf = (name: string): (typeof KINDS)[number] => KINDS.find((kind) => kind.name === name)!;
  const moving = (random: string): (typeof KINDS)[number] => ({ name: "moving", random, relation: "moving" });
  const cases: readonly (readonly [string, RandomDesign, Path])[] = [
    ["few pupils move between 60 schools", randomDesign(moving("(1 | a) + (1 | b)"), shape(600, 200, 60), 1), { sparse: true, root: true }],
    [
      "pupils and schools with slopes, few moves",
      randomDesign(moving("(1 + x | a) + (1 + z | b)"), shape(500, 120, 40), 2),
      { sparse: true, root: true },
    ],
    [
      "pupils, schools and neighbourhoods across them",
      randomDesign(moving("(1 | a) + (1 | b) + (1 | c)"), shape(500, 150, 50, 12), 3),
      { sparse: true, root: true },
    ],
    ["40 times 40 units, all met", fullyCrossed(40), { sparse: false, root: true }],
    [
      "40 times 40 units, half of the pairs met",
      randomDesign(kindOf("crossed factors"), shape(800, 40, 40), 4),
      { sparse: false, root: true },
    ],
    [
      "three nested factors of 100, 30 and 8 levels",
      randomDesign(kindOf("nested factors"), shape(400, 100, 30), 5),
      { sparse: true, root: true },
    ],
    ["nested slopes on 90 and 30 levels", randomDesign(kindOf("nested slopes"), shape(400, 90, 30), 6), { sparse: true, root: true }],
    ["50 members, two a row", randomDesign(kindOf("multiple membership"), shape(120, 50, 5), 7), { sparse: null, root: true }],
    ["60 members in a chain", chain(60, 3), { sparse: true, root: true }],
    ["60 members in a chain, with a crossed factor", chain(60, 4, "(1 | mm(t1, t2)) + (1 | b)"), { sparse: true, root: true }],
    [
      "many factors of two levels",
      randomDesign(kindOf("three crossed factors with weights"), shape(80, 2, 2, 2), 8),
      { sparse: false, root: true },
    ],
  ];

  describe.each(cases)("%s", (_, { formula, columns, weights }, path) => {
    const design = designOf(formula, columns, { weights });
    const { problem, dense } = design;
    const theta = interiorTheta(problem, 5);

    test("the elimination goes the way the case is meant for", () => {
      const { sparseCount, leafCount, nodeCount, rootSize, q } = problem.structure;
      if (path.sparse !== null) expect(sparseCount > leafCount).toBe(path.sparse);
      expect(rootSize > 0).toBe(path.root);
      expect(q).toBe(dense.q);
      expect(nodeCount).toBe(dense.groups.reduce((sum, { levelCount }) => sum + levelCount, 0));
    });

    test("value and gradient are those of the dense system, in the interior and at a singular factor", () => {
      for (const at of [theta, singularTheta(problem, 6)]) {
        const point = evaluate(problem, at);
        const expected = denseSystemValue(dense, point.lambda);
        expect(Math.abs(point.value - expected.value)).toBeLessThan(1e-9 * Math.abs(expected.value));
        const { gradient } = derivatives(problem, point);
        const value = (moved: Float64Array): number => denseSystemValue(dense, lambdaOf(dense.groups, problem.parameters, moved)).value;
        // One parameter a group: each difference costs four dense factorisations.
        const seen = new Set<number>();
        at.forEach((_, j) => {
          if (seen.has(problem.parameters[j]!.group)) return;
          seen.add(problem.parameters[j]!.group);
          expectClose(gradient[j]!, differentiated(at, j, value), dense.n);
        });
      }
    });

    test("effects and inverse blocks are those of the dense system", () => {
      const { lambda } = evaluate(problem, theta);
      const effects = solveEffects(problem.factor);
      const { size, omega, right } = denseSystem(dense, lambda, true);
      const expected = solve(omega, right, size, 1);
      const place = positions(problem);
      expect(
        largestDifference(
          Float64Array.from(place, (at) => effects[at]!),
          expected.subarray(0, dense.q),
        ),
      ).toBeLessThan(1e-10);
      const { blocks } = inverseBlocks(problem.factor, true, true);
      const inverse = solve(omega, identity(size), size, size);
      dense.groups.forEach(({ levelCount, size: s }, k) => {
        let worst = 0;
        for (let level = 0; level < levelCount; level++) {
          const first = dense.start[k]! + level * s;
          for (let c = 0; c < s; c++) {
            for (let r = 0; r < s; r++)
              worst = Math.max(worst, Math.abs(blocks![k]![level * s * s + c * s + r]! - inverse[(first + c) * size + first + r]!));
          }
        }
        expect(worst).toBeLessThan(1e-11);
      });
    });
  });
});

test("a factor that cannot be factored gives an infinite value, not an error", () => {
  const { formula, columns } = randomDesign(KINDS[0]!, { n: 40, first: 6, second: 2, third: 2, moves: 0 }, 3);
  const { problem } = designOf(formula, columns);
  expect(evaluate(problem, Float64Array.of(1e200)).value).toBe(Number.POSITIVE_INFINITY);
});

interface Path {
  /** Nodes after the leaves that are eliminated one by one; null: does not matter. */
  readonly sparse: boolean | null;
  readonly root: boolean;
}

function fullyCrossed(levels: number): RandomDesign {
  const next = normal(9);
  const n = levels * levels;
  const a = Array.from({ length: n }, (_, i) => `a${i % levels}`);
  const b = Array.from({ length: n }, (_, i) => `b${Math.floor(i / levels)}`);
  return {
    kind: "fully crossed",
    formula: "y ~ x + (1 | a) + (1 | b)",
    weights: undefined,
    columns: { y: Array.from({ length: n }, next), x: Array.from({ length: n }, next), a, b },
  };
}

/** Unit i shares rows with units i - 1 and i + 1 only. */
function chain(units: number, each: number, random = "(1 | mm(t1, t2))"): RandomDesign {
  const next = normal(10);
  const n = units * each;
  const t1 = Array.from({ length: n }, (_, i) => `t${i % units}`);
  const t2 = Array.from({ length: n }, (_, i) => `t${(i + 1) % units}`);
  const b = Array.from({ length: n }, (_, i) => `b${Math.floor(i / 2)}`);
  return {
    kind: "chain",
    formula: `y ~ x + ${random}`,
    weights: undefined,
    columns: { y: Array.from({ length: n }, next), x: Array.from({ length: n }, next), t1, t2, b },
  };
}

/** Central differences of fourth order: the rounding of values of some hundred leaves 1e-10 / (1000 h). */
function differentiated(theta: Float64Array, j: number, value: (theta: Float64Array) => number, h = 1e-3): number {
  const at = (t: number): number => value(theta.map((x, k) => (k === j ? x + t : x)));
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

/** Against a difference of values: its truncation, h^4 times a fifth derivative that grows with the rows, leaves seven digits. */
function expectClose(value: number, expected: number, n: number): void {
  expect(Math.abs(value - expected)).toBeLessThan(1e-7 * Math.max(n, Math.abs(expected)));
}

function quadratic(a: Float64Array, v: Float64Array, n: number): number {
  return product(v, product(a, v, n, n, 1), 1, n, 1)[0]!;
}

function unit(n: number, i: number): Float64Array {
  const v = new Float64Array(n);
  v[i] = 1;
  return v;
}

function normalized(v: Float64Array): Float64Array {
  const norm = Math.hypot(...v);
  return v.map((x) => x / norm);
}

function inside({ start, size }: { readonly start: number; readonly size: number }, i: number): boolean {
  return i >= start && i < start + size;
}

/** Sigma_k + t v v'. */
function along(sigma: readonly Float64Array[], k: number, v: Float64Array, t: number): Float64Array[] {
  const n = v.length;
  return sigma.map((matrix, g) => (g === k ? matrix.map((x, at) => x + t * v[at % n]! * v[Math.floor(at / n)]!) : matrix));
}

/**
 * f_j'P f_k / s - (f_j'P y)(f_k'P y) / (nu s^2) + 2 [same column] (D+), f_j = Z (dSigma / dtheta_j) Z'P y: the average information in
 * rows (Gilmour, Thompson & Cullis 1995) and the curvature it misses.
 */
function denseInformation(
  problem: LinearProblem,
  dense: Design["dense"],
  { lambda, s }: Evaluation,
  d: readonly Float64Array[],
): Float64Array {
  const { n, q, z, y, nu, groups, start } = dense;
  const { parameters } = problem;
  const count = parameters.length;
  const sigma = sigmaOf(groups, lambda);
  const py = projected(dense, sigma, y, 1);
  const e = product(transposed(z, n, q), py, q, n, 1);
  const f = new Float64Array(n * count);
  parameters.forEach(({ group, row, column }, j) => {
    const { size, levelCount } = groups[group]!;
    const lam = lambda[group]!;
    // dSigma = e_row lambda_column' + lambda_column e_row'
    const change = new Float64Array(size * size);
    for (let r = 0; r < size; r++) {
      change[r * size + row] = change[r * size + row]! + lam[column * size + r]!;
      change[row * size + r] = change[row * size + r]! + lam[column * size + r]!;
    }
    const c = new Float64Array(q);
    for (let level = 0; level < levelCount; level++) {
      const first = start[group]! + level * size;
      c.set(product(change, e.subarray(first, first + size), size, size, 1), first);
    }
    f.set(product(z, c, n, q, 1), j * n);
  });
  const pf = projected(dense, sigma, f, count);
  const out = product(transposed(f, n, count), pf, count, n, count);
  const along = product(transposed(f, n, count), py, count, n, 1);
  const positive = new Map(
    groups.flatMap((group, k) =>
      group.parts.map((part) => {
        const block = partBlock(d[k]!, group.size, part);
        const m = part.size;
        if (part.covariance === "diagonal") return [part, block.map((x, at) => (at % (m + 1) === 0 ? Math.max(0, x) : 0))] as const;
        const { values, vectors } = symmetricEigen(block, m);
        const kept = vectors.map((x, at) => x * Math.max(0, values[Math.floor(at / m)]!));
        return [part, product(kept, transposed(vectors, m, m), m, m, m)] as const;
      }),
    ),
  );
  parameters.forEach((a, j) => {
    parameters.forEach((b, k) => {
      let value = out[k * count + j]! / s - (along[j]! * along[k]!) / (nu * s * s);
      if (a.part === b.part && a.column === b.column)
        value += 2 * positive.get(a.part)![(b.row - a.part.start) * a.part.size + a.row - a.part.start]!;
      out[k * count + j] = value;
    });
  });
  return out;
}
