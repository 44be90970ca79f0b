/** Both kernel sets against textbook loops and against each other, and workspaces as memory: many, small, large, none left. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { createDenseWorkspace, type DenseWorkspace } from "../../../src/models/linalg/dense-workspace.js";
import { type KernelSet, useKernels } from "../../../src/models/linalg/kernels.js";
import { choleskyOf, identity, largestDifference, normal, positiveDefinite, solve, transposed } from "./naive.js";

const SETS: readonly KernelSet[] = ["wasm", "typescript"];
/** Around every block width (4, 8, 16, 32, 64, 128, 256). */
const SIZES = [...Array.from({ length: 130 }, (_, i) => i + 1), 255, 256, 257, 258];
const textbook = SIZES.map((n) => {
  const a = positiveDefinite(n, normal(n));
  return { n, a, factor: choleskyOf(a, n), inverse: solve(a, identity(n), n, n) };
});

afterEach(() => {
  useKernels("auto");
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Symmetric, entries between -1 and 1 off a diagonal of 2 n: made in n^2 steps, condition below 3. */
function dominant(n: number, seed: number): Float64Array {
  const next = normal(seed);
  const a = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    a[j * n + j] = 2 * n;
    for (let i = j + 1; i < n; i++) {
      const value = Math.tanh(next());
      a[j * n + i] = value;
      a[i * n + j] = value;
    }
  }
  return a;
}

/** A workspace holding the lower triangle of A; above it stands what must not be read. */
function holding(a: Float64Array, n: number, kernels: KernelSet): DenseWorkspace {
  const workspace = createDenseWorkspace(n, { kernels });
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) workspace.matrix[j * n + i] = i < j ? Number.NaN : a[j * n + i]!;
  return workspace;
}

function lower(l: Float64Array, n: number): Float64Array {
  return l.map((value, x) => (x % n < Math.floor(x / n) ? 0 : value));
}

/** Largest difference of two matrices relative to sqrt(scale_ii scale_jj). */
function relativeDifference(a: Float64Array, b: Float64Array, scale: Float64Array, n: number): number {
  const root = Float64Array.from({ length: n }, (_, i) => Math.sqrt(scale[i * n + i]!));
  const scaled = (m: Float64Array): Float64Array => m.map((value, x) => value / (root[x % n]! * root[Math.floor(x / n)]!));
  return largestDifference(scaled(a), scaled(b));
}

describe.each(SETS)("the %s kernels", (kernels) => {
  test("give the textbook's factor and inverse at every size to 130 and around 256", () => {
    for (const { n, a, factor, inverse: wanted } of textbook) {
      const workspace = holding(a, n, kernels);
      expect(workspace.kind).toBe(kernels);
      expect(workspace.cholesky(), `order ${n}`).toBe(-1);
      // Entries of size sqrt(n), condition below 100: a few hundred roundings.
      expect(largestDifference(lower(workspace.matrix, n), factor), `order ${n}`).toBeLessThan(1e-13 * Math.sqrt(n) + 1e-14);
      const inverse = Float64Array.from(workspace.inverse(n));
      expect(largestDifference(inverse, wanted), `order ${n}`).toBeLessThan(1e-13);
      expect(largestDifference(inverse, transposed(inverse, n, n))).toBe(0);
    }
  });

  test.each([500, 1000])("give the textbook's factor at order %i, and an inverse that undoes the matrix", (n) => {
    const a = dominant(n, n);
    const workspace = holding(a, n, kernels);
    expect(workspace.cholesky()).toBe(-1);
    expect(largestDifference(lower(workspace.matrix, n), choleskyOf(a, n))).toBeLessThan(1e-12);
    const x = Float64Array.from({ length: n }, normal(7));
    expect(largestDifference(times(workspace.inverse(n), times(a, x, n), n), x)).toBeLessThan(1e-12);
  });

  test("factor and invert 2,000 columns", () => {
    const n = 2000;
    const a = dominant(n, 3);
    const workspace = holding(a, n, kernels);
    expect(workspace.cholesky()).toBe(-1);
    const x = Float64Array.from({ length: n }, normal(8));
    expect(largestDifference(times(workspace.inverse(n), times(a, x, n), n), x)).toBeLessThan(1e-12);
  });

  test("invert a leading block alone", () => {
    for (const [n, order] of [
      [9, 1],
      [40, 33],
      [150, 129],
      [150, 147],
      [300, 257],
    ] as const) {
      const a = positiveDefinite(n, normal(n));
      const workspace = holding(a, n, kernels);
      workspace.cholesky();
      const block = Float64Array.from({ length: order * order }, (_, x) => a[Math.floor(x / order) * n + (x % order)]!);
      expect(workspace.inverse(order)).toHaveLength(order * order);
      expect(largestDifference(workspace.inverse(order), solve(block, identity(order), order, order))).toBeLessThan(1e-13);
    }
  });

  test.each([
    [1, 0],
    [5, 3],
    [40, 37],
    [130, 8],
    [130, 127],
    [130, 129],
    [300, 200],
  ])("of order %i name column %i, the first without a positive pivot", (n, column) => {
    const a = positiveDefinite(n, normal(n));
    const l = choleskyOf(a, n);
    const at = column * n + column;
    const pivot = l[at]! ** 2;
    for (const wrong of [a[at]! - pivot - 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const broken = Float64Array.from(a);
      broken[at] = wrong;
      expect(holding(broken, n, kernels).cholesky()).toBe(column);
    }
  });

  test("work again after a failure", () => {
    const n = 140;
    const a = positiveDefinite(n, normal(n));
    const workspace = holding(a, n, kernels);
    workspace.matrix[100 * n + 100] = -1;
    expect(workspace.cholesky()).toBe(100);
    workspace.matrix.set(a);
    expect(workspace.cholesky()).toBe(-1);
    expect(largestDifference(workspace.inverse(n), solve(a, identity(n), n, n))).toBeLessThan(1e-13);
  });

  test("twenty workspaces alive at once keep to themselves", () => {
    const sizes = Array.from({ length: 20 }, (_, i) => 50 + 3 * i);
    const matrices = sizes.map((n) => positiveDefinite(n, normal(n)));
    const workspaces = sizes.map((n, i) => holding(matrices[i]!, n, kernels));
    for (const workspace of workspaces) expect(workspace.cholesky()).toBe(-1);
    const inverses = workspaces.map((workspace) => workspace.inverse(workspace.size));
    inverses.forEach((inverse, i) => {
      expect(largestDifference(inverse, solve(matrices[i]!, identity(sizes[i]!), sizes[i]!, sizes[i]!))).toBeLessThan(1e-13);
    });
  });
});

test("the two sets agree to 1e-12", () => {
  for (const n of [3, 48, 131, 258, 700]) {
    const a = n < 300 ? positiveDefinite(n, normal(n + 1)) : dominant(n, n);
    const [first, second] = SETS.map((kernels) => {
      const workspace = holding(a, n, kernels);
      workspace.cholesky();
      return { factor: lower(workspace.matrix, n), inverse: workspace.inverse(n) };
    });
    expect(relativeDifference(first!.factor, second!.factor, a, n)).toBeLessThan(1e-12);
    expect(relativeDifference(first!.inverse, second!.inverse, second!.inverse, n)).toBeLessThan(1e-12);
  }
});

test("small matrices stay in plain arrays, larger ones go to WebAssembly, unless told otherwise", () => {
  expect(createDenseWorkspace(10).kind).toBe("typescript");
  expect(createDenseWorkspace(100).kind).toBe("wasm");
  useKernels("typescript");
  expect(createDenseWorkspace(100).kind).toBe("typescript");
  useKernels("wasm");
  expect(createDenseWorkspace(100).kind).toBe("wasm");
});

test("an empty matrix is factored and inverted", () => {
  for (const kernels of SETS) {
    const workspace = createDenseWorkspace(0, { kernels });
    expect(workspace.cholesky()).toBe(-1);
    expect(workspace.inverse(0)).toHaveLength(0);
  }
});

test("workspaces nobody holds are collected: two thousand of 3 MB fit", () => {
  for (let i = 0; i < 2000; i++) {
    const workspace = createDenseWorkspace(400);
    expect(workspace.kind).toBe("wasm");
    workspace.matrix[0] = 1;
  }
});

test("what no memory can hold is a RangeError", () => {
  expect(() => createDenseWorkspace(1_000_000)).toThrow(RangeError);
  expect(() => createDenseWorkspace(1_000_000, { kernels: "wasm" })).toThrow(RangeError);
});

describe("where WebAssembly is not to be had", () => {
  async function fresh(): Promise<typeof import("../../../src/models/linalg/dense-workspace.js")> {
    vi.resetModules();
    return import("../../../src/models/linalg/dense-workspace.js");
  }

  test("the TypeScript kernels are used: none at all", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    const { createDenseWorkspace: create } = await fresh();
    expect(create(100).kind).toBe("typescript");
    expect(() => create(100, { kernels: "wasm" })).toThrow(RangeError);
  });

  test("the TypeScript kernels are used: no vector instructions", async () => {
    vi.stubGlobal("WebAssembly", { validate: () => false });
    const { createDenseWorkspace: create } = await fresh();
    expect(create(100).kind).toBe("typescript");
    expect(() => create(100, { kernels: "wasm" })).toThrow(RangeError);
  });

  test("the TypeScript kernels are used: compilation forbidden", async () => {
    class Module {
      constructor() {
        throw new Error("blocked by the page's security policy");
      }
    }
    vi.stubGlobal("WebAssembly", { validate: () => true, Module });
    const { createDenseWorkspace: create } = await fresh();
    expect(create(100).kind).toBe("typescript");
    expect(() => create(100, { kernels: "wasm" })).toThrow(RangeError);
  });

  test("the TypeScript kernels are used: no address space for another memory", async () => {
    const { Memory: _, ...rest } = Object.fromEntries(
      ["Module", "Instance", "Memory", "validate"].map((name) => [name, Reflect.get(Reflect.get(globalThis, "WebAssembly"), name)]),
    );
    class Memory {
      constructor() {
        throw new RangeError("could not allocate memory");
      }
    }
    vi.stubGlobal("WebAssembly", { ...rest, Memory });
    const { createDenseWorkspace: create } = await fresh();
    expect(create(100).kind).toBe("typescript");
    expect(() => create(100, { kernels: "wasm" })).toThrow(RangeError);
  });
});

function times(a: Float64Array, x: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) out[i] = out[i]! + a[j * n + i]! * x[j]!;
  return out;
}
