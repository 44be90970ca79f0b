/** Damped scoring on functions whose minimum is known. */
import { describe, expect, test } from "vitest";
import { minimizeByScoring, type ScoringProblem, scoringStep } from "../../../src/models/optimize/scoring.js";
import { normal, positiveDefinite, product, solve } from "../linalg/naive.js";

type Point = Float64Array;

/** Counts evaluations of f; gradient and information as given. */
function problemOf(
  f: (x: Float64Array) => number,
  gradient: (x: Float64Array) => readonly number[],
  information: (x: Float64Array) => readonly number[],
): ScoringProblem<Point> & { count: number } {
  return {
    count: 0,
    value(theta) {
      this.count++;
      return { value: f(theta), point: theta };
    },
    derivatives: (point) => ({ gradient: Float64Array.from(gradient(point)), information: Float64Array.from(information(point)) }),
  };
}

describe("a step", () => {
  test("without damping solves H step = -g, and its decrement is g'H^-1 g", () => {
    for (const n of [1, 2, 5, 11]) {
      const next = normal(n);
      const h = positiveDefinite(n, next);
      const g = Float64Array.from({ length: n }, next);
      const { step, decrement, predicted } = scoringStep(g, h, 0);
      const expected = solve(h, g, n, 1);
      const quadratic = product(g, expected, 1, n, 1)[0]!;
      for (const [i, x] of step.entries()) expect(x).toBeCloseTo(-expected[i]!, 12);
      expect(decrement).toBeCloseTo(quadratic, 12);
      expect(predicted).toBeCloseTo(quadratic / 2, 12);
    }
  });

  test("is that of H + mu diag H with damping", () => {
    const next = normal(3);
    const n = 4;
    const h = positiveDefinite(n, next);
    const damped = h.map((x, at) => (at % (n + 1) === 0 ? x * 1.5 : x));
    const g = Float64Array.from({ length: n }, next);
    const { step } = scoringStep(g, h, 0.5);
    const expected = solve(damped, g, n, 1);
    for (const [i, x] of step.entries()) expect(x).toBeCloseTo(-expected[i]!, 12);
  });

  test("does not depend on the units of the parameters", () => {
    const h = Float64Array.of(4, 1, 1, 3);
    const g = Float64Array.of(1, -2);
    const units = [1e8, 1e-6];
    const scaled = scoringStep(
      g.map((x, i) => x * units[i]!),
      h.map((x, at) => x * units[at % 2]! * units[Math.floor(at / 2)]!),
      0.1,
    );
    const { step, decrement } = scoringStep(g, h, 0.1);
    for (const [i, x] of step.entries()) expect((scaled.step[i]! * units[i]!) / x).toBeCloseTo(1, 12);
    expect(scaled.decrement / decrement).toBeCloseTo(1, 12);
  });

  test("leaves a parameter without gradient and curvature where it is", () => {
    const { step, decrement } = scoringStep(Float64Array.of(2, 0), Float64Array.of(4, 0, 0, 0), 0);
    expect([...step]).toEqual([-0.5, 0]);
    expect(decrement).toBe(1);
  });
});

describe("the search", () => {
  test("takes a quadratic in a few steps to its minimum", () => {
    const problem = problemOf(
      ([a, b]) => (a! - 3) ** 2 + 5 * (b! + 1) ** 2 + (a! - 3) * (b! + 1) + 7,
      ([a, b]) => [2 * (a! - 3) + b! + 1, 10 * (b! + 1) + a! - 3],
      () => [2, 1, 1, 10],
    );
    const found = minimizeByScoring(problem, Float64Array.of(100, -50));
    expect(found.converged).toBe(true);
    expect(found.theta[0]).toBeCloseTo(3, 8);
    expect(found.theta[1]).toBeCloseTo(-1, 8);
    expect(found.value).toBeCloseTo(7, 12);
    expect(problem.count).toBeLessThanOrEqual(4);
  });

  test("finds the bottom of Rosenbrock's valley by Gauss-Newton information", () => {
    const problem = problemOf(
      ([a, b]) => 100 * (b! - a! * a!) ** 2 + (1 - a!) ** 2,
      ([a, b]) => [-400 * a! * (b! - a! * a!) - 2 * (1 - a!), 200 * (b! - a! * a!)],
      ([a]) => [800 * a! * a! + 2, -400 * a!, -400 * a!, 200],
    );
    const found = minimizeByScoring(problem, Float64Array.of(-1.2, 1));
    expect(found.converged).toBe(true);
    expect(found.theta[0]).toBeCloseTo(1, 6);
    expect(found.theta[1]).toBeCloseTo(1, 6);
  });

  test("comes back from points where the value is infinite", () => {
    // log has no value below zero, and the information is a hundred times too small.
    const problem = problemOf(
      ([a]) => (a! > 0 ? a! - Math.log(a!) : Number.POSITIVE_INFINITY),
      ([a]) => [1 - 1 / a!],
      () => [0.01],
    );
    const found = minimizeByScoring(problem, Float64Array.of(5));
    expect(found.converged).toBe(true);
    expect(found.theta[0]).toBeCloseTo(1, 4);
  });

  test("never accepts a value above the one it has", () => {
    const values: number[] = [];
    const problem = problemOf(
      ([a]) => Math.sin(3 * a!) + 0.1 * a! * a!,
      ([a]) => [3 * Math.cos(3 * a!) + 0.2 * a!],
      () => [0.2],
    );
    const { derivatives } = problem;
    problem.derivatives = (point) => {
      values.push(Math.sin(3 * point[0]!) + 0.1 * point[0]! ** 2);
      return derivatives(point);
    };
    const found = minimizeByScoring(problem, Float64Array.of(2));
    for (let i = 1; i < values.length; i++) expect(values[i]).toBeLessThan(values[i - 1]!);
    expect(found.value).toBeLessThanOrEqual(values.at(-1)! + 1e-9);
    expect(found.converged).toBe(true);
  });

  test("stops where it is told to and says that it has not converged", () => {
    const problem = problemOf(
      ([a]) => a! ** 4,
      ([a]) => [4 * a! ** 3],
      ([a]) => [120 * a! ** 2],
    );
    const found = minimizeByScoring(problem, Float64Array.of(1), { maxIterations: 3 });
    expect(found.iterations).toBe(3);
    expect(found.converged).toBe(false);
    expect(found.gradientNorm).toBeGreaterThan(1e-4);
  });

  test("does not take a slope without curvature for a minimum", () => {
    // The value falls along the parameter while the information there is zero: what a response constant within units gives.
    const problem = problemOf(
      ([a]) => -Math.log(1 + a! * a!),
      ([a]) => [(-2 * a!) / (1 + a! * a!)],
      () => [0],
    );
    const found = minimizeByScoring(problem, Float64Array.of(1), { maxIterations: 30 });
    expect(found.converged).toBe(false);
  });

  test("does not begin where the value is infinite", () => {
    const problem = problemOf(
      () => Number.POSITIVE_INFINITY,
      () => {
        throw new Error("no derivatives there");
      },
      () => [1],
    );
    expect(minimizeByScoring(problem, Float64Array.of(1)).converged).toBe(false);
  });
});
