/** The start from moments: the REML optimum of balanced designs, the textbook's MINQUE(0) where that is a covariance matrix. */
import { describe, expect, test } from "vitest";
import { lambdaOf } from "../../../src/models/blocks/covariance-parameters.js";
import { evaluate } from "../../../src/models/blocks/criterion.js";
import { momentStart } from "../../../src/models/blocks/moment-start.js";
import { searchLinearOptimum } from "../../../src/models/optimize/linear-search.js";
import { identity, normal, product, solve, transposed } from "../linalg/naive.js";
import { type Design, designOf, sigmaOf } from "./dense.js";
import { columnsOf } from "./designs.js";

/**
 * tau and sigma^2 with tr(M V_r M V_s) tau_s = y'M V_r M y, M = I - X (X'X)^-1 X', V_r = Z E_r Z', the last V the identity (Rao 1971).
 * One entry a group and unique element (column by column), then sigma^2.
 */
function minque({ dense }: Design): Float64Array {
  const { n, p, x, y, z, groups, start } = dense;
  const m = identity(n);
  const hat = product(
    product(x, solve(product(transposed(x, n, p), x, p, n, p), identity(p), p, p), n, p, p),
    transposed(x, n, p),
    n,
    p,
    n,
  );
  for (let at = 0; at < m.length; at++) m[at] = m[at]! - hat[at]!;
  const v: Float64Array[] = [];
  groups.forEach(({ size, levelCount }, k) => {
    for (let c = 0; c < size; c++) {
      for (let r = c; r < size; r++) {
        const out = new Float64Array(n * n);
        for (let level = 0; level < levelCount; level++) {
          const a = (start[k]! + level * size + r) * n;
          const b = (start[k]! + level * size + c) * n;
          for (let j = 0; j < n; j++) {
            for (let i = 0; i < n; i++) {
              const value = z[a + i]! * z[b + j]! + (r === c ? 0 : z[b + i]! * z[a + j]!);
              out[j * n + i] = out[j * n + i]! + value;
            }
          }
        }
        v.push(out);
      }
    }
  });
  v.push(identity(n));
  const mv = v.map((one) => product(m, one, n, n, n));
  const my = product(m, y, n, n, 1);
  const k = v.length;
  const system = new Float64Array(k * k);
  const right = new Float64Array(k);
  for (let r = 0; r < k; r++) {
    for (let s = 0; s < k; s++) {
      for (let j = 0; j < n; j++)
        for (let i = 0; i < n; i++) system[s * k + r] = system[s * k + r]! + mv[r]![j * n + i]! * mv[s]![i * n + j]!;
    }
    const vmy = product(v[r]!, my, n, n, 1);
    right[r] = my.reduce((sum, value, i) => sum + value * vmy[i]!, 0);
  }
  return solve(system, right, k, 1);
}

describe("the start is the textbook's MINQUE(0)", () => {
  test.each([
    ["one factor", "(1 | a)", "nested"],
    ["nested factors", "(1 | a) + (1 | b)", "nested"],
    ["crossed factors", "(1 | a) + (1 | b)", "crossed"],
    ["a slope", "(1 + x | a)", "nested"],
    ["multiple membership", "(1 | mm(t1, t2)) + (1 | b)", "crossed"],
  ] as const)("%s", (_, random, relation) => {
    let compared = 0;
    for (let seed = 1; seed <= 14; seed++) {
      const design = designOf(`y ~ x + ${random}`, columnsOf({ n: 60, first: 8, second: 4, third: 3, moves: 0.2 }, relation, seed));
      const expected = minque(design);
      const { problem, dense } = design;
      const sigma2 = expected.at(-1)!;
      const lambda = lambdaOf(dense.groups, problem.parameters, momentStart(problem));
      const ours = sigmaOf(dense.groups, lambda);
      const unique: number[] = [];
      dense.groups.forEach(({ size }, k) => {
        for (let c = 0; c < size; c++) for (let r = c; r < size; r++) unique.push(ours[k]![c * size + r]!);
      });
      // Where the moments are no covariance matrix, or nearly none, the start is raised to one.
      const ratio = Array.from(expected.subarray(0, -1), (tau) => tau / sigma2);
      const inside = sigma2 > 0.2 && dense.groups.every(({ size }, k) => size > 1 || ratio[k]! > 0.02);
      const determinant = dense.groups[0]!.size === 2 ? ratio[0]! * ratio[2]! - ratio[1]! ** 2 : 1;
      if (!inside || !(determinant > 0.02) || ratio[0]! < 0.02) continue;
      compared++;
      unique.forEach((value, j) => {
        expect(Math.abs(value - ratio[j]!)).toBeLessThan(1e-8 * Math.max(1, Math.abs(ratio[j]!)));
      });
    }
    expect(compared).toBeGreaterThan(2);
  });
});

test("in balanced designs it is the REML optimum: two evaluations are enough", () => {
  const next = normal(3);
  const g = Array.from({ length: 80 }, (_, i) => `g${i % 10}`);
  const effect = new Map(g.map((level) => [level, 2 * next()]));
  const y = g.map((level) => effect.get(level)! + next());
  const x = g.map((_, i) => Math.floor(i / 10));
  for (const formula of ["y ~ 1 + (1 | g)", "y ~ x + (1 | g)"]) {
    const { problem } = designOf(formula, { y, x, g });
    const start = momentStart(problem);
    const found = searchLinearOptimum(problem, start);
    expect(evaluate(problem, start).value - found.value).toBeLessThan(1e-9);
    expect(found.evaluations).toBeLessThanOrEqual(2);
  }
});

test("it is never at the boundary", () => {
  const next = normal(4);
  for (let trial = 0; trial < 10; trial++) {
    const g = Array.from({ length: 60 }, (_, i) => `g${i % 12}`);
    const columns = { y: g.map(() => next()), x: g.map(() => next()), g };
    for (const random of ["(1 + x | g)", "(1 + x || g)"]) {
      const { problem } = designOf(`y ~ 1 + ${random}`, columns);
      momentStart(problem).forEach((value, j) => {
        if (problem.parameters[j]!.row === problem.parameters[j]!.column) expect(value).toBeGreaterThan(0.005);
      });
    }
  }
});
