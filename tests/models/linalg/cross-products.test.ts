import { afterEach, describe, expect, test } from "vitest";
import { crossProducts, crossRow } from "../../../src/models/linalg/cross-products.js";
import { useKernels } from "../../../src/models/linalg/kernels.js";
import { normal } from "./naive.js";

afterEach(() => useKernels("auto"));

/** b columns of n values, and the same times weights. */
function drawn(b: number, n: number): { columns: Float64Array[]; weighted: Float64Array[] } {
  const next = normal(7 * b + n);
  const columns = Array.from({ length: b }, () => Float64Array.from({ length: n }, next));
  const weights = Float64Array.from({ length: n }, () => 0.5 + next() ** 2);
  return { columns, weighted: columns.map((column) => column.map((x, i) => x * weights[i]!)) };
}

describe("cross-products over the rows", () => {
  // Loops for few columns or little work, the kernel from 5e5 multiplications on; chunks of 256 rows, tiles of four columns.
  for (const kernels of ["wasm", "typescript"] as const) {
    test.each([
      [0, 10],
      [1, 1],
      [3, 1500],
      [11, 257],
      [12, 1],
      [13, 255],
      [16, 256],
      [12, 4000],
      [30, 1025],
      [33, 512],
      [65, 700],
    ])(`of %i columns and %i rows are the sums of products (${kernels})`, (b, n) => {
      useKernels(kernels);
      const { columns, weighted } = drawn(b, n);
      const products = crossProducts(columns, weighted, n);
      expect(products).toHaveLength(b * b);
      for (let j = 0; j < b; j++) {
        for (let k = 0; k < b; k++) {
          let sum = 0;
          let size = 0;
          for (let i = 0; i < n; i++) {
            const term = weighted[j]![i]! * columns[k]![i]!;
            sum += term;
            size += Math.abs(term);
          }
          // Only the order of summation differs.
          expect(Math.abs(products[j * b + k]! - sum)).toBeLessThanOrEqual(1e-14 * size);
        }
      }
    });
  }

  test("one row alone has the products of one column", () => {
    const { columns, weighted } = drawn(5, 300);
    const row = crossRow(columns, weighted[4]!);
    const all = crossProducts(columns, weighted, 300);
    row.forEach((value, k) => {
      expect(value).toBeCloseTo(all[4 * 5 + k]!, 10);
    });
  });
});
