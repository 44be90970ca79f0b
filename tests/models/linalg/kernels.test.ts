/** The compiled module is what the sources give; its general product; a fit with either set of kernels. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import type { LinearMixedFit } from "../../../src/models/fit.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { buildFrame } from "../../../src/models/frame/build-frame.js";
import { columnMajor, subtractProduct } from "../../../src/models/linalg/gemm.js";
import { chosenKernels, kernelsWithMemory, useKernels } from "../../../src/models/linalg/kernels.js";
import { fitLinearMixed } from "../../../src/models/linear-mixed.js";
import { largestDifference, normal, randomMatrix } from "./naive.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

afterEach(() => useKernels("auto"));

test("the committed module is what the AssemblyScript sources compile to, and small", async () => {
  const script: { kernelModuleText(): Promise<string> } = await import(pathToFileURL(join(root, "scripts", "build-kernels.mjs")).href);
  const committed = readFileSync(join(root, "src", "models", "linalg", "kernel-module.ts"), "utf8");
  expect(await script.kernelModuleText()).toBe(committed);
  expect(committed.length).toBeLessThan(10_000);
});

test("WebAssembly is chosen here", () => {
  expect(chosenKernels()).toBe("wasm");
  useKernels("typescript");
  expect(chosenKernels()).toBe("typescript");
});

describe.each([
  [1, 1, 1],
  [4, 4, 4],
  [5, 3, 7],
  [18, 33, 2],
  [64, 64, 300],
  [131, 70, 257],
])("C - A B' with %i rows, %i columns and depth %i", (rows, columns, depth) => {
  test.each([false, true])("is the twin's (lower: %s)", (lower) => {
    const next = normal(rows + columns);
    const [lda, ldb, ldc] = [rows + 3, columns + 1, rows + 2];
    const at = { a: 0, b: 8 * lda * depth, c: 8 * (lda + ldb) * depth, work: 8 * ((lda + ldb) * depth + ldc * columns) };
    const { kernels, buffer } = kernelsWithMemory(at.work, (exports) => exports.productWorkBytes(rows, columns))!;
    const numbers = new Float64Array(buffer, 0, at.work / 8);
    numbers.set(randomMatrix(numbers.length, 1, next));
    const before = Float64Array.from(numbers);
    kernels.subtractProduct(at.c, ldc, rows, columns, depth, at.a, lda, at.b, ldb, lower ? 1 : 0, at.work);
    const twin = Float64Array.from(before);
    subtractProduct(twin, at.c / 8, ldc, rows, columns, depth, columnMajor(before, 0, lda), columnMajor(before, at.b / 8, ldb), lower);
    // Sums of `depth` products of size one.
    const counts = (_: number, x: number): boolean => !lower || (x - at.c / 8) % ldc >= Math.floor((x - at.c / 8) / ldc);
    expect(largestDifference(numbers.filter(counts), twin.filter(counts))).toBeLessThan(1e-14 * depth + 1e-14);
    expect(numbers.subarray(0, at.c / 8)).toEqual(before.subarray(0, at.c / 8));
  });
});

describe("a crossed model", () => {
  const next = normal(20);
  const columns: Record<"y" | "x", number[]> & Record<"s" | "i", string[]> = { y: [], x: [], s: [], i: [] };
  const effects = Array.from({ length: 260 }, next);
  for (let s = 0; s < 140; s++) {
    for (let i = 0; i < 120; i++) {
      if ((s * 7 + i * 3) % 5 > 1) continue;
      const x = next();
      columns.s.push(`s${s}`);
      columns.i.push(`i${i}`);
      columns.x.push(x);
      columns.y.push(1 + 0.5 * x + effects[s]! + 0.7 * effects[140 + i]! * (1 + 0.3 * x) + next());
    }
  }
  const table = Table.from(columns);
  const fitWith = (kernels: "wasm" | "typescript", method: "REML" | "ML"): LinearMixedFit => {
    useKernels(kernels);
    return fitLinearMixed(buildFrame(parseFormula("y ~ x + (1 | s) + (1 + x | i)"), table), { method });
  };

  test.each(["REML", "ML"] as const)("has the same optimum with both sets (%s)", (method) => {
    const first = fitWith("wasm", method);
    const second = fitWith("typescript", method);
    expect(first.engine.problem.factor.dense.kind).toBe("wasm");
    expect(second.engine.problem.factor.dense.kind).toBe("typescript");
    expect(first.converged && second.converged).toBe(true);
    // 6,720 rows: the criterion is of size 2e4 and the sets differ in the order of summation only.
    expect(Math.abs(first.criterion - second.criterion)).toBeLessThan(1e-10 * Math.abs(second.criterion));
    first.fixed.forEach(({ estimate, stdError }, j) => {
      expect(Math.abs(estimate - second.fixed[j]!.estimate)).toBeLessThan(1e-9 * stdError);
      expect(stdError / second.fixed[j]!.stdError).toBeCloseTo(1, 9);
    });
    expect(first.sigma / second.sigma).toBeCloseTo(1, 9);
  });
});
