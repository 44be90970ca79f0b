/** Every reference model with both kernel sets: WebAssembly and the TypeScript fallback give the same fit to rounding. */
import { afterEach, describe, expect, test } from "vitest";
import { useKernels } from "../../src/models/linalg/kernels.js";
import { fitOf, referenceCases } from "./reference-cases.js";

afterEach(() => useKernels("auto"));

describe("without WebAssembly", () => {
  test.each(referenceCases.map((reference) => [reference.case, reference] as const))("%s is fitted as with it", async (name, reference) => {
    useKernels("wasm");
    const fast = await fitOf(reference);
    useKernels("typescript");
    const fallback = await fitOf(reference);
    // Sums in another order: the criterion's own rounding, and a search that ends 1e-10 above its optimum.
    expect(Math.abs(fallback.criterion - fast.criterion), name).toBeLessThan(1e-9 + 1e-12 * Math.abs(fast.criterion));
    expect(fallback.criterion).toBeLessThan(reference.criterion + 1e-6);
    fast.fixed.forEach((effect, j) => {
      expect(Math.abs(fallback.fixed[j]!.estimate - effect.estimate)).toBeLessThan(1e-6 * effect.stdError);
    });
    expect(fallback.singular).toBe(fast.singular);
  });
});
