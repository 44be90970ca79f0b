/**
 * X'WX over the rows, in chunks that stay in the cache: few columns by plain loops, many by the packed kernel (C := C - A B' with A and B
 * a chunk's columns as rows), in WebAssembly where there is any.
 */
import { columnMajor, subtractProduct } from "./gemm.js";
import { chosenKernels, kernelsWithMemory } from "./kernels.js";

/** From here on packing a chunk pays ... */
const MANY_COLUMNS = 12;
/** ... and so does an instance of the kernels: multiplications in all. */
const MUCH_WORK = 5e5;
/** Rows of a chunk. */
const CHUNK = 256;

/**
 * @param columns b columns of n values
 * @param weighted the same columns times the rows' weights; the columns themselves without weights
 * @returns b x b, both triangles
 */
export function crossProducts(columns: readonly Float64Array[], weighted: readonly Float64Array[], n: number): Float64Array {
  const b = columns.length;
  const many = b >= MANY_COLUMNS && n * b * b >= MUCH_WORK;
  const out = many ? byKernel(columns, weighted, n) : byLoops(columns, weighted, n);
  for (let j = 0; j < b; j++) for (let k = 0; k < j; k++) out[k * b + j] = out[j * b + k]!;
  return out;
}

/**
 * One row of the cross-products: columns' W y, one number for each column.
 *
 * @param weighted y times the rows' weights
 */
export function crossRow(columns: readonly Float64Array[], weighted: Float64Array): Float64Array {
  const out = new Float64Array(columns.length);
  addRow(out, 0, columns, columns.length, weighted, 0, weighted.length);
  return out;
}

/** Rows k <= j of column j. */
function byLoops(columns: readonly Float64Array[], weighted: readonly Float64Array[], n: number): Float64Array {
  const b = columns.length;
  const out = new Float64Array(b * b);
  const chunk = 4 * CHUNK;
  for (let from = 0; from < n; from += chunk) {
    const to = Math.min(n, from + chunk);
    for (let j = 0; j < b; j++) addRow(out, j * b, columns, j + 1, weighted[j]!, from, to);
  }
  return out;
}

/** out[at + k] += sum over the rows from `from` to `to` of column k times x, for the first `count` columns. */
function addRow(
  out: Float64Array,
  at: number,
  columns: readonly Float64Array[],
  count: number,
  x: Float64Array,
  from: number,
  to: number,
): void {
  for (let k = 0; k < count; k++) {
    const y = columns[k]!;
    let s0 = 0;
    let s1 = 0;
    let i = from;
    for (; i + 1 < to; i += 2) {
      s0 += x[i]! * y[i]!;
      s1 += x[i + 1]! * y[i + 1]!;
    }
    if (i < to) s0 += x[i]! * y[i]!;
    out[at + k] = out[at + k]! + s0 + s1;
  }
}

/** The columns times the rows' weights; the columns themselves without weights. */
export function weightedColumns(columns: readonly Float64Array[], weights: Float64Array | null): readonly Float64Array[] {
  return weights === null ? columns : columns.map((column) => column.map((x, i) => x * weights[i]!));
}

interface ChunkProduct {
  /** b x CHUNK column-major: row j is column j of the chunk. */
  readonly left: Float64Array;
  readonly right: Float64Array;
  /** b x b column-major. */
  readonly sum: Float64Array;
  /** sum := sum - left right' over the first `rows` rows of the chunk, lower triangle. */
  subtract(rows: number): void;
}

function byKernel(columns: readonly Float64Array[], weighted: readonly Float64Array[], n: number): Float64Array {
  const b = columns.length;
  const product = (chosenKernels() === "wasm" ? inWebAssembly(b) : null) ?? inArrays(b);
  for (let from = 0; from < n; from += CHUNK) {
    const rows = Math.min(CHUNK, n - from);
    packRows(product.left, columns, from, rows);
    packRows(product.right, weighted, from, rows);
    product.subtract(rows);
  }
  const out = new Float64Array(b * b);
  // The lower triangle of -sum, read as the upper one: row k <= j of column j.
  for (let j = 0; j < b; j++) for (let k = 0; k <= j; k++) out[j * b + k] = -product.sum[k * b + j]!;
  return out;
}

function packRows(into: Float64Array, columns: readonly Float64Array[], from: number, rows: number): void {
  const b = columns.length;
  for (let j = 0; j < b; j++) {
    const column = columns[j]!;
    for (let i = 0; i < rows; i++) into[i * b + j] = column[from + i]!;
  }
}

function inWebAssembly(b: number): ChunkProduct | null {
  const sumBytes = 8 * b * b;
  const packed = 8 * b * CHUNK;
  const start = Math.ceil(sumBytes / 64) * 64;
  const work = Math.ceil((start + 2 * packed) / 64) * 64;
  const instance = kernelsWithMemory(work, (kernels) => kernels.productWorkBytes(b, b));
  if (instance === null) return null;
  const { kernels, buffer } = instance;
  return {
    sum: new Float64Array(buffer, 0, b * b),
    left: new Float64Array(buffer, start, b * CHUNK),
    right: new Float64Array(buffer, start + packed, b * CHUNK),
    subtract: (rows) => kernels.subtractProduct(0, b, b, b, rows, start, b, start + packed, b, 1, work),
  };
}

function inArrays(b: number): ChunkProduct {
  const sum = new Float64Array(b * b);
  const left = new Float64Array(b * CHUNK);
  const right = new Float64Array(b * CHUNK);
  return {
    sum,
    left,
    right,
    subtract: (rows) => subtractProduct(sum, 0, b, b, b, rows, columnMajor(left, 0, b), columnMajor(right, 0, b), true),
  };
}
