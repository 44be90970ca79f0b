/** Random terms by grouping factor, their columns whitened: the same model in a basis free of scale and origin. */
import { describe, expect, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import {
  covarianceParameters,
  lambdaOf,
  partBlock,
  setPartBlock,
  thetaOf,
  unwhitened,
} from "../../../src/models/blocks/covariance-parameters.js";
import { gatherGroups, type RandomGroup } from "../../../src/models/blocks/random-groups.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { buildFrame } from "../../../src/models/frame/build-frame.js";
import type { ModelFrame } from "../../../src/models/frame/frame.js";
import { timesTransposed } from "../../../src/models/linalg/symmetric.js";
import { identity, largestDifference, normal, product, transposed, uniform } from "../linalg/naive.js";

const n = 60;
const next = normal(8);
const share = uniform(9);
const data = {
  y: Array.from({ length: n }, next),
  x: Array.from({ length: n }, next),
  z: Array.from({ length: n }, () => 1e6 * next()),
  year: Array.from({ length: n }, (_, i) => 2000 + (i % 7)),
  w: Array.from({ length: n }, () => 1e3 * (0.1 + share())),
  g: Array.from({ length: n }, (_, i) => `g${i % 8}`),
  h: Array.from({ length: n }, (_, i) => `h${i % 5}`),
};

function gather(random: string, weights: string | null = null): { readonly frame: ModelFrame; readonly groups: RandomGroup[] } {
  const frame = buildFrame(parseFormula(`y ~ 1 + ${random}`), Table.from(data), { weights });
  return { frame, groups: gatherGroups(frame.random, frame.weights) };
}

const valueAt = (column: Float64Array | number, i: number): number => (typeof column === "number" ? column : column[i]!);

/** (1/n) Z*'W Z* of a part. */
function meanSquares(group: RandomGroup, part: RandomGroup["parts"][number], weights: Float64Array | null): Float64Array {
  const m = part.size;
  const out = new Float64Array(m * m);
  for (let c = 0; c < m; c++) {
    for (let r = 0; r < m; r++) {
      for (let i = 0; i < n; i++)
        out[c * m + r] =
          out[c * m + r]! +
          ((weights?.[i] ?? 1) * valueAt(group.columns[part.start + c]!, i) * valueAt(group.columns[part.start + r]!, i)) / n;
    }
  }
  return out;
}

describe.each([null, "w"])("with weights %s", (weights) => {
  test.each([
    "(1 | g)",
    "(1 + x | g)",
    "(1 + x + z | g)",
    "(0 + x + z | g)",
    "(1 + year | g)",
    "(1 + year + x + I(year * z) | g)",
    "(1 + I(1e9 + year) | g)",
    "(1 + x | mm(g, h))",
  ])("the columns of %s are uncorrelated with mean square one, and a lower-triangular change of basis of the user's", (random) => {
    const { frame, groups } = gather(random, weights);
    const [group] = groups as [RandomGroup];
    const { size, whitening, columns } = group;
    expect(largestDifference(meanSquares(group, group.parts[0]!, frame.weights), identity(size))).toBeLessThan(1e-9);
    const { values } = frame.random[0]!.effects;
    for (let c = 0; c < size; c++) {
      for (let r = 0; r < c; r++) expect(Math.abs(whitening[c * size + r]!)).toBe(0);
      expect(whitening[c * size + c]).toBeGreaterThan(0);
      for (let i = 0; i < n; i++) {
        let sum = 0;
        let largest = 1;
        for (let r = c; r < size; r++) {
          const term = values[r * n + i]! * whitening[c * size + r]!;
          sum += term;
          largest = Math.max(largest, Math.abs(term));
        }
        expect(Math.abs(valueAt(columns[c]!, i) - sum)).toBeLessThan(1e-12 * largest);
      }
    }
  });

  test("the columns of a diagonal term are scaled only", () => {
    const { frame, groups } = gather("(1 + x + z || g)", weights);
    const [group] = groups as [RandomGroup];
    for (const part of group.parts) {
      const squares = meanSquares(group, part, frame.weights);
      for (let c = 0; c < part.size; c++) expect(squares[c * part.size + c]).toBeCloseTo(1, 12);
    }
    for (let c = 0; c < 3; c++) for (let r = 0; r < 3; r++) if (r !== c) expect(Math.abs(group.whitening[c * 3 + r]!)).toBe(0);
  });
});

test("terms on one factor become one group, their parts side by side", () => {
  const { groups } = gather("(1 | g) + (1 | h) + (0 + x + z | g)");
  expect(groups.map(({ label, size, levelCount }) => [label, size, levelCount])).toEqual([
    ["g", 3, 8],
    ["h", 1, 5],
  ]);
  expect(groups[0]!.parts.map(({ start, size, term }) => [start, size, term])).toEqual([
    [0, 1, 0],
    [1, 2, 2],
  ]);
});

test("an intercept alone keeps a constant column", () => {
  expect(gather("(1 | g)").groups[0]!.columns).toEqual([1]);
});

test("theta is the lower triangle of every full part and the diagonal of every diagonal one", () => {
  const { groups } = gather("(1 + x | g) + (1 + x + z || h)");
  const parameters = covarianceParameters(groups);
  expect(parameters.map(({ group, row, column }) => `${group}:${row},${column}`)).toEqual([
    "0:0,0",
    "0:1,0",
    "0:1,1",
    "1:0,0",
    "1:1,1",
    "1:2,2",
  ]);
  const theta = Float64Array.of(1, 2, 3, 4, 5, 6);
  const lambda = lambdaOf(groups, parameters, theta);
  expect([...lambda[0]!]).toEqual([1, 2, 0, 3]);
  expect([...lambda[1]!]).toEqual([4, 0, 0, 0, 5, 0, 0, 0, 6]);
  expect([...thetaOf(groups, parameters, lambda)]).toEqual([...theta]);
});

test("a factor unwhitened gives the covariance of the user's effects and has no negative diagonal", () => {
  const { groups } = gather("(1 + x + z | g)");
  const [group] = groups as [RandomGroup];
  const lambda = Float64Array.of(1, 0.5, -0.2, 0, -0.7, 0.3, 0, 0, 0.1);
  const own = unwhitened(group, lambda);
  for (let c = 0; c < 3; c++) {
    expect(own[c * 3 + c]).toBeGreaterThanOrEqual(0);
    for (let r = 0; r < c; r++) expect(Math.abs(own[c * 3 + r]!)).toBe(0);
  }
  const half = product(group.whitening, lambda, 3, 3, 3);
  const expected = product(half, transposed(half, 3, 3), 3, 3, 3);
  timesTransposed(own, 3).forEach((x, at) => {
    expect(Math.abs(x - expected[at]!)).toBeLessThan(1e-14 * Math.max(...expected.map(Math.abs)));
  });
});

test("a part's block is read and written in its place", () => {
  const part = { start: 1, size: 2, covariance: "unstructured", term: 0 } as const;
  const matrix = Float64Array.from({ length: 9 }, (_, x) => x);
  expect([...partBlock(matrix, 3, part)]).toEqual([4, 5, 7, 8]);
  setPartBlock(matrix, 3, part, Float64Array.of(40, 50, 70, 80));
  expect([...matrix]).toEqual([0, 1, 2, 3, 40, 50, 6, 70, 80]);
});
