/**
 * A symmetric positive definite matrix with room to factor it, A = L L', and to invert what was factored.
 *
 * With the WebAssembly kernels each workspace is an instance with a memory of its own: the caller fills `matrix` where the kernels
 * read it, nothing is copied, and the memory goes when the workspace does. Small matrices stay in plain arrays.
 */
import { cholesky, inverseFromCholesky } from "./cholesky.js";
import { chosenKernels, type KernelSet, kernelsWithMemory } from "./kernels.js";

export interface DenseWorkspace {
  readonly kind: KernelSet;
  readonly size: number;
  /** size x size, column-major, filled by the caller; only the lower triangle counts, what stands above it may be overwritten. */
  readonly matrix: Float64Array;
  /** Overwrites the lower triangle by the Cholesky factor; -1, or the first column whose pivot is not a positive finite number. */
  cholesky(): number;
  /**
   * The inverse of L L' for the leading block of a factored matrix: order x order, both triangles, leading dimension `order`.
   * It belongs to the workspace and is overwritten by the next call.
   */
  inverse(order: number): Float64Array;
}

/** Below this size a fit loses more by making an instance than it gains by the faster kernels. */
const SMALLEST = 48;
/** Numbers a memory of 32-bit addresses can hold. */
const MOST_NUMBERS = 2 ** 29;

/**
 * @param options.kernels the kernels to use; default: those chosen by `useKernels`, for small matrices always TypeScript
 * @throws RangeError where there is no memory for the matrix and its inverse
 */
export function createDenseWorkspace(size: number, options: { readonly kernels?: KernelSet | "auto" } = {}): DenseWorkspace {
  const kernels = options.kernels ?? "auto";
  if (kernels === "wasm") {
    const workspace = inWebAssembly(size);
    if (workspace === null) throw new RangeError("WebAssembly with vector instructions is not available here");
    return workspace;
  }
  if (kernels === "auto" && size >= SMALLEST && 2 * size * size < MOST_NUMBERS && chosenKernels() === "wasm") {
    try {
      const workspace = inWebAssembly(size);
      if (workspace !== null) return workspace;
    } catch (error) {
      // No address space for one more memory: plain arrays may still fit.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return inArrays(size);
}

function inWebAssembly(size: number): DenseWorkspace | null {
  const bytes = 8 * size * size;
  const inverseAt = aligned(bytes);
  const work = inverseAt + aligned(bytes);
  const instance = kernelsWithMemory(work, (kernels) => kernels.workBytes(size));
  if (instance === null) return null;
  const { kernels, buffer } = instance;
  return {
    kind: "wasm",
    size,
    matrix: new Float64Array(buffer, 0, size * size),
    cholesky: () => kernels.cholesky(0, size, size, work),
    inverse: (order) => {
      kernels.inverse(0, size, order, inverseAt, order, work);
      return new Float64Array(buffer, inverseAt, order * order);
    },
  };
}

/** The next address at the start of a cache line. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

function inArrays(size: number): DenseWorkspace {
  const matrix = new Float64Array(size * size);
  let inverse = new Float64Array(0);
  return {
    kind: "typescript",
    size,
    matrix,
    cholesky: () => cholesky(matrix, 0, size, size),
    inverse: (order) => {
      if (inverse.length < order * order) inverse = new Float64Array(order * order);
      inverseFromCholesky(matrix, 0, size, order, inverse);
      return inverse.subarray(0, order * order);
    },
  };
}
