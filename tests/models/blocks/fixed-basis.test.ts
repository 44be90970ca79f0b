/** The working columns span what the user's columns span, whatever their scale; redundant ones are named. */
import { describe, expect, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import { type FixedBasis, fixedBasis } from "../../../src/models/blocks/fixed-basis.js";
import { responseBasis } from "../../../src/models/blocks/response-basis.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { buildFrame } from "../../../src/models/frame/build-frame.js";
import type { ModelFrame } from "../../../src/models/frame/frame.js";
import { normal, uniform } from "../linalg/naive.js";

const n = 50;
const next = normal(5);
const draw = (): number[] => Array.from({ length: n }, next);
const share = uniform(6);
const data = {
  y: draw(),
  x: draw(),
  z: draw(),
  year: Array.from({ length: n }, (_, i) => 2005 + (i % 6)),
  w: Array.from({ length: n }, () => 0.1 + share()),
  f: Array.from({ length: n }, (_, i) => ["a", "b", "c"][i % 3]!),
  k: Array.from({ length: n }, () => 3),
  g: Array.from({ length: n }, (_, i) => `g${i % 5}`),
};

function frameOf(
  fixed: string,
  weights: string | null = null,
  columns: Record<string, readonly number[] | readonly string[]> = data,
): ModelFrame {
  return buildFrame(parseFormula(`y ~ ${fixed} + (1 | g)`), Table.from(columns), { weights });
}

/** X T = X* for the kept columns, relative to the column of X*. */
function expectTransformed({ fixed }: ModelFrame, { kept, columns, transform }: FixedBasis): void {
  const p = columns.length;
  for (let j = 0; j < p; j++) {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      let size = 1;
      for (let k = 0; k < p; k++) {
        const term = fixed.values[kept[k]! * n + i]! * transform[j * p + k]!;
        sum += term;
        size = Math.max(size, Math.abs(term));
      }
      // The product loses what its largest term exceeds the centred column by.
      expect(Math.abs(sum - columns[j]![i]!)).toBeLessThan(1e-13 * size);
    }
  }
}

const gram = (columns: readonly Float64Array[], j: number, k: number, weights: Float64Array | null): number =>
  columns[j]!.reduce((sum, x, i) => sum + (weights?.[i] ?? 1) * x * columns[k]![i]!, 0);

describe("the working columns", () => {
  test.each([
    ["x + z"],
    ["x * f + year"],
    ["0 + x + z"],
    ["0 + f + x"],
    ["year + I(year^2) + I(year^3)"],
    ["x + I(x + 1e-4 * z)"],
    ["poly(x, 3) + z"],
    ["0 + year"],
    ["I(1e12 * x) + I(1e-12 * z)"],
  ])("of %s are the user's times T, with and without weights", (fixed) => {
    for (const weights of [null, "w"]) {
      const frame = frameOf(fixed, weights);
      const basis = fixedBasis(frame.fixed, frame.weights);
      expect(basis.dropped).toEqual([]);
      expect(Array.from(basis.kept)).toEqual(frame.fixed.names.map((_, j) => j));
      expectTransformed(frame, basis);
      const p = basis.columns.length;
      let determinant = 0;
      for (let j = 0; j < p; j++) determinant += Math.log(Math.abs(basis.transform[j * p + j]!));
      expect(basis.logDeterminant).toBeCloseTo(determinant, 9);
      for (let j = 0; j < p; j++) for (let i = j + 1; i < p; i++) expect(basis.transform[j * p + i]).toBe(0);
    }
  });

  test("have unit mean square, and mean zero beside an intercept", () => {
    const { fixed, weights } = frameOf("x + z + year", "w");
    const { columns } = fixedBasis(fixed, weights);
    const total = weights!.reduce((sum, w) => sum + w, 0);
    for (let j = 0; j < 4; j++) expect(gram(columns, j, j, weights) / total).toBeCloseTo(1, 12);
    for (let j = 1; j < 4; j++) expect(Math.abs(gram(columns, 0, j, weights) / total)).toBeLessThan(1e-14);
  });

  test("of nearly dependent predictors are orthogonal", () => {
    const { fixed } = frameOf("year + I(year^2) + I(year^3) + I(year^4)");
    const { columns, dropped } = fixedBasis(fixed, null);
    for (let j = 0; j < columns.length; j++)
      for (let k = 0; k < j; k++) expect(Math.abs(gram(columns, j, k, null)) / n).toBeLessThan(1e-10);
    // The fourth power of six years about their mean is told from the lower ones by fewer than seven digits, as in R.
    expect(columns.length + dropped.length).toBe(5);
  });
});

describe("redundant columns are left out by name:", () => {
  test.each([
    ["x + I(3 * x)", ["I(3 * x)"]],
    ["x + z + I(x - z) + year", ["I(x - z)"]],
    ["k + x", ["k"]],
    ["x + I(x + 5)", ["I(x + 5)"]],
    ['f + I(f == "b")', ['I(f == "b")TRUE']],
    ["I(1e12 * x) + x", ["x"]],
    ["x + I(x * 1e-12)", ["I(x * 1e-12)"]],
    ["0 + k + x", []],
    ["0 + k + f", ["fc"]],
    ["I(0 * x) + z", ["I(0 * x)"]],
    ["0 + I(0 * x) + z", ["I(0 * x)"]],
    ["x + I(x + 1e-09 * z)", ["I(x + 1e-09 * z)"]],
    ["x + I(x + 1e-5 * z)", []],
  ] as const)("%s", (fixed, dropped) => {
    const frame = frameOf(fixed);
    const basis = fixedBasis(frame.fixed, frame.weights);
    expect([...basis.dropped]).toEqual([...dropped]);
    expectTransformed(frame, basis);
  });
});

describe("the working response", () => {
  test.each([
    ["x + z", null],
    ["x + offset(z)", null],
    ["0 + x", null],
    ["x * f", "w"],
    ["0", null],
  ] as const)("of y ~ %s is what the fixed columns leave, of mean square one (weights: %s)", (fixed, weightsName) => {
    const frame = frameOf(fixed, weightsName);
    const { weights } = frame;
    const basis = fixedBasis(frame.fixed, weights);
    const { values, start, shift, scale } = responseBasis(frame.response.values, frame.offset, basis, frame.fixed.intercept, weights);
    const total = weights === null ? n : weights.reduce((sum, w) => sum + w, 0);
    for (let i = 0; i < n; i++) {
      let sum = shift + scale * values[i]!;
      basis.columns.forEach((column, j) => {
        sum += column[i]! * start[j]!;
      });
      expect(sum).toBeCloseTo(frame.response.values[i]! - (frame.offset?.[i] ?? 0), 12);
    }
    expect(gram([values], 0, 0, weights) / total).toBeCloseTo(1, 12);
    for (const column of basis.columns) expect(Math.abs(gram([values, column], 0, 1, weights)) / total).toBeLessThan(1e-13);
  });
});
