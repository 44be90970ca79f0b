/**
 * Which dense kernels compute: the WebAssembly module (f64x2, assembly/) or their TypeScript twins (gemm.ts, cholesky.ts).
 *
 * The module is compiled once, when it is first wanted; where WebAssembly or its vector instructions are missing the twins are used.
 */
import { KERNEL_MODULE } from "./kernel-module.js";

export type KernelSet = "wasm" | "typescript";

/** What this module needs of WebAssembly; the compiler's own declarations come only with those of the browser. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: WasmMemory } }) => { readonly exports: unknown };
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
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

/** A memory of its own with room for `bytes`. @throws RangeError where it cannot be had */
export function kernelMemory(bytes: number): WasmMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
}

/** Makes a memory larger; views of it must be made anew. @throws RangeError where it cannot be had */
export function growMemory(memory: WasmMemory, bytes: number): void {
  memory.grow(Math.ceil(bytes / PAGE));
}

/** The kernels on a memory; null where WebAssembly is not available. */
export function instantiateKernels(memory: WasmMemory): Kernels | null {
  const module = kernelModule();
  return module === null ? null : (new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels);
}

const PAGE = 65536;

function kernelModule(): object | null {
  if (compiled === undefined) compiled = compile();
  return compiled;
}

function compile(): object | null {
  if (typeof WebAssembly === "undefined") return null;
  const text = atob(KERNEL_MODULE);
  const bytes = Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}
