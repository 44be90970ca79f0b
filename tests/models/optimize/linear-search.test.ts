/** The optimum satisfies the Karush-Kuhn-Tucker conditions over positive semidefinite matrices, wherever the search starts. */
import { describe, expect, test } from "vitest";
import { lambdaOf, partBlock } from "../../../src/models/blocks/covariance-parameters.js";
import { evaluate, type LinearProblem } from "../../../src/models/blocks/criterion.js";
import { derivatives } from "../../../src/models/blocks/derivatives.js";
import { momentStart } from "../../../src/models/blocks/moment-start.js";
import { multiply, symmetricEigen } from "../../../src/models/linalg/symmetric.js";
import { type LinearOptimum, searchLinearOptimum } from "../../../src/models/optimize/linear-search.js";
import { designOf } from "../blocks/dense.js";
import { columnsOf, KINDS, randomTheta } from "../blocks/designs.js";
import { normal, uniform } from "../linalg/naive.js";

/** Tiny: 7 to 12 units of about three rows, two columns and a crossed factor, effects without correlation or none at all. */
function tinyDesign(seed: number): ReturnType<typeof designOf> {
  const next = uniform(seed * 7919 + 1);
  const gauss = normal(seed * 104729 + 2);
  const units = 7 + Math.floor(next() * 6);
  const n = units * 3 + Math.floor(next() * 6);
  const crossed = 3 + Math.floor(next() * 3);
  const g = Array.from({ length: n }, (_, i) => `g${i % units}`);
  const h = Array.from({ length: n }, () => `h${Math.floor(next() * crossed)}`);
  const x = Array.from({ length: n }, gauss);
  const w = Array.from({ length: n }, gauss);
  const slope = new Map(g.map((level) => [level, 0.6 * gauss()]));
  const y = x.map((value, i) => value * slope.get(g[i]!)! + gauss());
  return designOf("y ~ x + (x + w | g) + (1 | h)", { y, x, w, g, h }, { reml: seed % 2 === 0 });
}

/** The largest |D lambda| and the smallest eigenvalue of D of any part, per row of data: D grows with the rows. */
function kkt(
  problem: LinearProblem,
  theta: Float64Array,
): { readonly stationarity: number; readonly smallest: number; readonly singular: boolean } {
  const { groups } = problem.structure;
  const lambda = lambdaOf(groups, problem.parameters, theta);
  const { d } = derivatives(problem, evaluate(problem, theta));
  let stationarity = 0;
  let smallest = Number.POSITIVE_INFINITY;
  let singular = false;
  groups.forEach((group, k) => {
    for (const part of group.parts) {
      const m = part.size;
      const block = partBlock(d[k]!, group.size, part);
      const lam = partBlock(lambda[k]!, group.size, part);
      if (part.covariance === "diagonal") for (let c = 0; c < m; c++) for (let r = 0; r < m; r++) if (r !== c) block[c * m + r] = 0;
      for (const value of multiply(block, lam, m)) stationarity = Math.max(stationarity, Math.abs(value));
      smallest = Math.min(smallest, symmetricEigen(block, m).values[0]!);
      for (let c = 0; c < m; c++) if (lam[c * m + c] === 0) singular = true;
    }
  });
  return { stationarity: stationarity / problem.n, smallest: smallest / problem.n, singular };
}

function expectOptimal(problem: LinearProblem, found: LinearOptimum, label: string): boolean {
  const { stationarity, smallest, singular } = kkt(problem, found.theta);
  expect(found.converged, label).toBe(true);
  // A gain below 1e-8 is not taken: with a curvature of order n^2 a slope of 1e-4 n may be left.
  expect(stationarity, label).toBeLessThan(1e-4);
  expect(smallest, label).toBeGreaterThan(-1e-4);
  return singular;
}

describe("sixty tiny designs with more parameters than they can tell", () => {
  const designs = Array.from({ length: 60 }, (_, seed) => tinyDesign(seed).problem);
  const found = designs.map((problem) => searchLinearOptimum(problem, momentStart(problem)));

  test("end where D lambda is zero and D positive semidefinite", () => {
    const singular = found.filter((optimum, seed) => expectOptimal(designs[seed]!, optimum, `design ${seed}`));
    // Otherwise they would not test the boundary.
    expect(singular.length).toBeGreaterThan(40);
  });

  test("end at a value that no random point undercuts", () => {
    designs.forEach((problem, seed) => {
      const next = normal(seed);
      for (let trial = 0; trial < 10; trial++) {
        const theta = found[seed]!.theta.map((x) => x + 10 ** ((trial % 5) - 3) * next());
        expect(evaluate(problem, theta).value, `design ${seed}`).toBeGreaterThan(found[seed]!.value - 1e-8);
      }
    });
  });

  test("end at the same value from other starts", () => {
    designs.forEach((problem, seed) => {
      if (problem.structure.q >= problem.n) return;
      const { parameters } = problem;
      const diagonal = (j: number): boolean => parameters[j]!.row === parameters[j]!.column;
      const starts = [Float64Array.from(parameters, (_, j) => (diagonal(j) ? 1 : 0)), randomTheta(parameters.length, diagonal, seed)];
      for (const start of starts) {
        const other = searchLinearOptimum(problem, start);
        // Scoring stops at a gain of 1e-10, an escape below 1e-8 is not taken.
        expect(Math.abs(other.value - found[seed]!.value), `design ${seed}`).toBeLessThan(1e-6);
      }
    });
  });

  test("need a moderate number of evaluations, although they are singular", () => {
    const counts = found.map(({ evaluations }) => evaluations).sort((a, b) => a - b);
    expect(counts[30]).toBeLessThanOrEqual(20);
    expect(counts[59]).toBeLessThanOrEqual(80);
  });
});

describe.each(KINDS.map((kind) => [kind.name, kind] as const))("%s", (_, kind) => {
  const designs = [1, 2, 3, 4].map((seed) =>
    designOf(`y ~ x + ${kind.random}`, columnsOf({ n: 120, first: 15, second: 6, third: 3, moves: 0.2 }, kind.relation, seed), {
      reml: seed % 2 === 0,
      weights: kind.weights,
    }),
  );

  test("the optimum is found from the moment start, from one, and from zero columns", () => {
    designs.forEach(({ problem }, i) => {
      const { parameters } = problem;
      const diagonal = (j: number): boolean => parameters[j]!.row === parameters[j]!.column;
      const found = searchLinearOptimum(problem, momentStart(problem));
      expectOptimal(problem, found, `design ${i}`);
      const ones = Float64Array.from(parameters, (_, j) => (diagonal(j) ? 1 : 0));
      const zero = new Float64Array(parameters.length);
      const first = ones.map((x, j) => (parameters[j]!.column === 0 ? x : 0));
      for (const start of [ones, zero, first]) {
        const other = searchLinearOptimum(problem, start);
        expectOptimal(problem, other, `design ${i}`);
        expect(Math.abs(other.value - found.value), `design ${i}`).toBeLessThan(1e-6);
      }
    });
  });

  test("few evaluations are needed where the optimum is in the interior", () => {
    for (const { problem } of designs) {
      const found = searchLinearOptimum(problem, momentStart(problem));
      if (kkt(problem, found.theta).singular) continue;
      const limit = problem.parameters.length > 3 ? 25 : problem.structure.groups.length > 1 ? 20 : 15;
      expect(found.evaluations).toBeLessThanOrEqual(limit);
    }
  });
});
