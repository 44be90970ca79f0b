/**
 * Which dense kernels compute: the WebAssembly module (f64x2, assembly/) or their TypeScript twins (gemm.ts, cholesky.ts).
 *
 * The module is compiled once, when it is first wanted; where WebAssembly or its vector instructions are missing the twins are used.
 */
import { KERNEL_MODULE } from "./kernel-module.js";

export type KernelSet = "wasm" | "typescript";

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What is needed of WebAssembly; the compiler's own declarations come only with those of the browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: Memory } }) => { readonly exports: unknown };
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  validate(bytes: Uint8Array): boolean;
};

/** Kernels on one memory. Addresses and `work` (scratch space) are bytes; leading dimensions, rows and columns are numbers. */
export interface Kernels {
  /** A = L L' in place, lower triangle; -1 or the failing column. */
  cholesky(a: number, ld: number, n: number, work: number): number;
  /** (L L')^-1, both triangles. */
  inverse(l: number, ld: number, n: number, into: number, ldInto: number, work: number): void;
  /** Bytes of scratch space for `cholesky` and `inverse`. */
  workBytes(n: number): number;
  /** C := C - A B', as `subtractProduct` of gemm.ts; `lower` is 0 or 1. */
  subtractProduct(
    c: number,
    ldc: number,
    rows: number,
    columns: number,
    depth: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    lower: number,
    work: number,
  ): void;
  /** Bytes of scratch space for `subtractProduct`. */
  productWorkBytes(rows: number, columns: number): number;
}

let choice: KernelSet | "auto" = "auto";
/** undefined: not yet tried; null: not available here. */
let compiled: object | null | undefined;

/** Kernels for all workspaces made from now on; "auto", the default, takes WebAssembly where there is any. For tests and timings. */
export function useKernels(kernels: KernelSet | "auto"): void {
  choice = kernels;
}

/** The set a workspace made now would use, were it large enough. */
export function chosenKernels(): KernelSet {
  if (choice === "typescript") return "typescript";
  return kernelModule() === null ? "typescript" : "wasm";
}

/**
 * Kernels with a memory of their own: `bytes` for matrices from address 0 on, then the scratch space that `work` asks for.
 *
 * @returns null where WebAssembly is not available
 * @throws RangeError where there is no memory
 */
export function kernelsWithMemory(
  bytes: number,
  work: (kernels: Kernels) => number,
): { readonly kernels: Kernels; readonly buffer: ArrayBuffer } | null {
  const module = kernelModule();
  if (module === null) return null;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
  // Before the first view is made: growing detaches them.
  memory.grow(Math.ceil(work(kernels) / PAGE));
  return { kernels, buffer: memory.buffer };
}

const PAGE = 65536;

function kernelModule(): object | null {
  if (compiled === undefined) compiled = compile();
  return compiled;
}

/** A page's security policy may forbid compilation, and older browsers refuse more than 4 kB at once on the main thread. */
function compile(): object | null {
  if (typeof WebAssembly === "undefined") return null;
  const text = atob(KERNEL_MODULE);
  const bytes = Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  try {
    return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  } catch {
    return null;
  }
}
