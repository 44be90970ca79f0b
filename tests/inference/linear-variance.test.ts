/** Traces over pairs of levels against the matrices that they stand for, written out. */

import { inverse, Matrix, SVD } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/random.js";
import { Table } from "../../src/data/table.js";
import { coefficients } from "../../src/inference/coefficients.js";
import { levelClusters } from "../../src/inference/level-clusters.js";
import { varianceTraces } from "../../src/inference/linear-variance.js";
import { lmm } from "../../src/inference/lmm.js";
import { rankOf } from "../../src/inference/rank.js";
import type { LinearProblem } from "../../src/models/blocks/criterion.js";
import { gatherGroups } from "../../src/models/blocks/random-groups.js";
import type { LinearMixedFit } from "../../src/models/fit.js";

const stream = randomStream(20, "linear-variance");
const uniform = (): number => stream.uniform();
const pick = (count: number): number => Math.floor(count * uniform());

const rows = Array.from({ length: 70 }, () => {
  const school = pick(4);
  const teacher = `t${school}${pick(3)}`;
  return {
    y: uniform(),
    x: uniform() - 0.5,
    w: 0.5 + uniform(),
    school: `s${school}`,
    teacher,
    pupil: `${teacher}${pick(3)}`,
    item: `i${pick(6)}`,
    first: `m${pick(5)}`,
    second: `m${pick(5)}`,
  };
});
const table = Table.from(rows);

const models: readonly (readonly [string, string, string | undefined])[] = [
  ["one factor", "y ~ x + (1 | teacher)", undefined],
  ["a slope", "y ~ x + (x | teacher)", undefined],
  ["a diagonal matrix", "y ~ x + (x || teacher)", undefined],
  ["nested, slopes at both levels", "y ~ x + (x | school) + (x | school:teacher)", undefined],
  ["three levels", "y ~ x + (1 | school) + (1 | teacher) + (1 | pupil)", undefined],
  ["crossed", "y ~ x + (1 | teacher) + (1 | item)", undefined],
  ["crossed, slopes in both", "y ~ x + (x | teacher) + (x | item)", undefined],
  ["three crossed factors, weights", "y ~ x + (1 | pupil) + (x | item) + (1 | school)", "w"],
  ["multiple membership", "y ~ x + (1 | mm(first, second)) + (1 | teacher)", undefined],
];

/** Z in the order of elimination, weights absorbed. */
function randomColumns({ structure }: LinearProblem, fit: LinearMixedFit): Matrix {
  const { groups, nodeOf, position, q } = structure;
  const n = fit.nobs;
  const z = Matrix.zeros(n, q);
  groups.forEach(({ columns, levelOf, membership, size }, k) => {
    for (let i = 0; i < n; i++) {
      const members =
        membership === null
          ? [[levelOf[i]!, 1]]
          : Array.from({ length: membership.count }, (_, j) => [membership.levelOf[j * n + i]!, membership.weights[j * n + i]!]);
      for (const [level, share] of members) {
        if (level! < 0) continue;
        for (let s = 0; s < size; s++) {
          const at = position[nodeOf[k]![level!]!]! + s;
          const column = columns[s]!;
          const value = typeof column === "number" ? column : column[i]!;
          z.set(i, at, z.get(i, at) + share! * value * Math.sqrt(fit.frame.weights?.[i] ?? 1));
        }
      }
    }
  });
  return z;
}

/** Lower-triangular factors with a column of zeros in some of them. */
function someFactors({ structure, parameters }: LinearProblem): Float64Array[] {
  const lambda = structure.groups.map(({ size }) => new Float64Array(size * size));
  parameters.forEach(({ group, row, column }, r) => {
    lambda[group]![column * structure.groups[group]!.size + row] = r % 5 === 4 ? 0 : 0.3 + uniform();
  });
  return lambda;
}

describe("traces over pairs of levels", () => {
  test.each(models)("%s", (_, formula, weights) => {
    const fit = lmm(formula, table, weights === undefined ? {} : { weights });
    const { problem } = fit.engine;
    const { structure, parameters } = problem;
    const { groups, nodeOf, position, q } = structure;
    const lambda = someFactors(problem);
    const z = randomColumns(problem, fit);
    const scale = Matrix.zeros(q, q);
    groups.forEach(({ size }, k) => {
      for (const t of nodeOf[k]!) {
        for (let c = 0; c < size; c++)
          for (let r = 0; r < size; r++) scale.set(position[t]! + r, position[t]! + c, lambda[k]![c * size + r]!);
      }
    });
    const zl = z.mmul(scale);
    const v = Matrix.eye(fit.nobs, fit.nobs).add(zl.mmul(zl.transpose()));
    const k = z.transpose().mmul(inverse(v)).mmul(z);
    const e = parameters.map(({ group, row, column }) => {
      const out = Matrix.zeros(q, q);
      for (const t of nodeOf[group]!) {
        out.set(position[t]! + row, position[t]! + column, 1);
        out.set(position[t]! + column, position[t]! + row, 1);
      }
      return out.mmul(k);
    });
    const { first, second } = varianceTraces(problem, lambda);
    e.forEach((ek, r) => {
      expect(first[r]! / ek.trace()).toBeCloseTo(1, 10);
      e.forEach((es, s) => {
        expect(second[s * e.length + r]!, `${r} ${s}`).toBeCloseTo(ek.mmul(es).trace(), 8);
      });
    });
  });

  test("crossed factors are one cluster, nested ones a cluster a top unit, one factor has no core", () => {
    const clusters = (formula: string): number[] => levelClusters(lmm(formula, table).engine.problem.structure).map(({ size }) => size);
    expect(clusters("y ~ 1 + (1 | teacher)")).toEqual([0]);
    expect(clusters("y ~ 1 + (1 | school) + (1 | teacher)")).toEqual([1, 1, 1, 1]);
    expect(clusters("y ~ 1 + (1 | teacher) + (1 | item)")).toEqual([6]);
  });
});

describe("rank of the columns", () => {
  test.each(models)("%s: singular values", (_, formula) => {
    const fit = lmm(formula, table);
    const { columns } = fit.engine.basis;
    const random = fit.frame.random.map((term) => ({ ...term, covariance: "diagonal" as const }));
    const z = randomColumns(fit.engine.problem, fit);
    const x = new Matrix(fit.nobs, z.columns + columns.length);
    x.setSubMatrix(z, 0, 0);
    columns.forEach((column, j) => {
      x.setColumn(z.columns + j, Array.from(column));
    });
    const singular = new SVD(x, { autoTranspose: true }).diagonal;
    expect(rankOf(gatherGroups(random, null), columns)).toBe(singular.filter((value) => value > 1e-9 * singular[0]!).length);
  });
});

test("forty thousand rows: what would be twelve gigabytes as a matrix over rows; balanced designs have whole degrees of freedom", () => {
  const units = 2000;
  const size = 20;
  const noise = randomStream(3, "balanced");
  const effect = Array.from({ length: units }, () => noise.normal());
  const many = Table.from({
    g: Array.from({ length: units * size }, (_, i) => `g${Math.floor(i / size)}`),
    between: Array.from({ length: units * size }, (_, i) => Math.floor(i / size) % 7),
    within: Array.from({ length: units * size }, (_, i) => (i % size) - 9.5),
    y: Array.from({ length: units * size }, (_, i) => effect[Math.floor(i / size)]! + noise.normal()),
  });
  const df = coefficients(lmm("y ~ between + within + (1 | g)", many), { df: "kenward-roger" }).map((row) => row.df);
  expect(df[1]).toBeCloseTo(units - 2, 3);
  expect(df[2]).toBeCloseTo(units * (size - 1) - 1, 3);
});
