/**
 * Speed of the dense kernels, both sets: GFlop/s, the best of many runs, of C - A B' (gemm), C - A A' on the lower triangle (syrk), the Cholesky
 * factor and the inverse from it. Counted as 2 n^3, n^3, n^3 / 3 and 2 n^3 / 3 operations.
 *
 * The build must stand: kernels.mjs and run.mjs print what is measured here.
 */
import { performance } from "node:perf_hooks";
import { createDenseWorkspace } from "../dist/esm/models/linalg/dense-workspace.js";
import { columnMajor, subtractProduct } from "../dist/esm/models/linalg/gemm.js";
import { kernelsWithMemory } from "../dist/esm/models/linalg/kernels.js";

/** Best of at least three runs, and of as many as `seconds` allow; `prepare` is not timed. */
function gigaflops(seconds, operations, run, prepare = () => {}) {
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + 1000 * seconds;
  for (let turn = 0; turn < 3 || performance.now() < end; turn++) {
    prepare();
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return operations / best / 1e6;
}

const filled = (array) => {
  for (let x = 0; x < array.length; x++) array[x] = Math.sin(1.7 * x + (x % 13));
  return array;
};

/** C - A B' and, where b is a, C - A A'. */
function products(kernels, n) {
  if (kernels === "typescript") {
    const a = columnMajor(filled(new Float64Array(n * n)), 0, n);
    const b = columnMajor(filled(new Float64Array(n * n)), 0, n);
    const c = new Float64Array(n * n);
    return { gemm: () => subtractProduct(c, 0, n, n, n, n, a, b), syrk: () => subtractProduct(c, 0, n, n, n, n, a, a, true) };
  }
  const bytes = 8 * n * n;
  const { kernels: wasm, buffer } = kernelsWithMemory(3 * bytes, (exports) => exports.productWorkBytes(n, n));
  filled(new Float64Array(buffer, 0, 2 * n * n));
  return {
    gemm: () => wasm.subtractProduct(2 * bytes, n, n, n, n, 0, n, bytes, n, 0, 3 * bytes),
    syrk: () => wasm.subtractProduct(2 * bytes, n, n, n, n, 0, n, 0, n, 1, 3 * bytes),
  };
}

/** A row for each size and set: { n, kernels, gemm, syrk, cholesky, inverse } in GFlop/s. */
export function measureKernels(sizes, seconds) {
  return sizes.flatMap((n) => ["wasm", "typescript"].map((kernels) => ({ n, kernels, ...measure(kernels, n, seconds) })));
}

function measure(kernels, n, seconds) {
  const { gemm, syrk } = products(kernels, n);
  const workspace = createDenseWorkspace(n, { kernels });
  const positive = filled(new Float64Array(n * n));
  for (let i = 0; i < n; i++) positive[i * n + i] = 2 * n;
  const chol = () => workspace.cholesky();
  return {
    gemm: gigaflops(seconds, 2 * n ** 3, gemm),
    syrk: gigaflops(seconds, n ** 3, syrk),
    cholesky: gigaflops(seconds, n ** 3 / 3, chol, () => workspace.matrix.set(positive)),
    inverse: gigaflops(seconds, (2 * n ** 3) / 3, () => workspace.inverse(n)),
  };
}
