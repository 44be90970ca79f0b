/**
 * The fixed model matrix as the engine uses it: redundant columns left out, centred, scaled and, where it is ill-conditioned,
 * orthonormalised, so that the scale and origin of a predictor do not matter.
 *
 *   X* = X T,   beta = T beta*,   log|X'V^-1 X| = log|X*'V^-1 X*| - 2 log|det T|
 *
 * A column is redundant when its residual on the columns before it is below 1e-7 of its own (centred) size: R's rule for
 * `qr` (Golub & Businger 1965 as in LINPACK's dqrdc2), applied after centring. Orthonormalisation is Cholesky-QR repeated
 * (Yamamoto, Nakatsukasa, Yanagisawa & Fukaya 2015).
 */
import type { DesignMatrix } from "../frame/design.js";
import { cholesky } from "../linalg/cholesky.js";
import { crossProducts, weightedColumns } from "../linalg/cross-products.js";
import { centredInPlace, compensatedSum } from "./centred-column.js";

export interface FixedBasis {
  /** Original columns kept, ascending. */
  readonly kept: Int32Array;
  /** Names of the redundant columns. */
  readonly dropped: readonly string[];
  /** p working columns of n values. */
  readonly columns: readonly Float64Array[];
  /** p x p column-major, upper triangular in the order of `kept` with the intercept first. */
  readonly transform: Float64Array;
  readonly logDeterminant: number;
}

const REDUNDANT = 1e-7;
/** Below this squared residual the Gram matrix no longer tells redundant from nearly redundant: look at the rows. */
const SUSPICIOUS = 1e-8;
/** Below this squared residual the basis is orthonormalised. */
const ILL_CONDITIONED = 1e-3;

export function fixedBasis(design: DesignMatrix, weights: Float64Array | null): FixedBasis {
  const n = design.rowCount;
  const all = design.names.length;
  const total = weights === null ? n : compensatedSum(weights);
  const intercept = design.intercept ? design.termOf.indexOf(-1) : -1;

  // Centred and scaled columns; null for one without variation.
  const working: (Float64Array | null)[] = [];
  const mean = new Float64Array(all);
  const scale = new Float64Array(all).fill(1);
  for (let j = 0; j < all; j++) {
    const raw = design.values.subarray(j * n, (j + 1) * n);
    if (j === intercept) {
      working.push(new Float64Array(n).fill(1));
      continue;
    }
    const column = Float64Array.from(raw);
    let largest = 0;
    for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(column[i]!));
    if (intercept >= 0 && largest > 0) {
      mean[j] = centredInPlace(column, weights, total);
    }
    let peak = 0;
    for (let i = 0; i < n; i++) peak = Math.max(peak, Math.abs(column[i]!));
    if (peak === 0 || peak <= 8 * Number.EPSILON * largest) {
      working.push(null);
      continue;
    }
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const x = column[i]! / peak;
      squares += (weights === null ? 1 : weights[i]!) * x * x;
    }
    const size = peak * Math.sqrt(squares / total);
    scale[j] = size;
    for (let i = 0; i < n; i++) column[i] = column[i]! / size;
    working.push(column);
  }

  // Sequential Cholesky over the columns in order.
  const keptList: number[] = [];
  const columns: Float64Array[] = [];
  const dropped: string[] = [];
  const candidates = working.flatMap((column, j) => (column === null ? [] : [j]));
  const gram = scaledGram(
    candidates.map((j) => working[j]!),
    weights,
    total,
  );
  const count = candidates.length;
  const r: Float64Array[] = [];
  const place: number[] = [];
  let smallest = 1;
  for (let c = 0; c < count; c++) {
    const row = new Float64Array(columns.length);
    let pivot = gram[c * count + c]!;
    for (let k = 0; k < columns.length; k++) {
      let sum = gram[c * count + place[k]!]!;
      for (let l = 0; l < k; l++) sum -= row[l]! * r[k]![l]!;
      row[k] = sum / r[k]![k]!;
      pivot -= row[k]! * row[k]!;
    }
    if (pivot < SUSPICIOUS) pivot = residualSquare(working[candidates[c]!]!, columns, r, row, weights, total);
    if (pivot < REDUNDANT * REDUNDANT) continue;
    smallest = Math.min(smallest, pivot);
    const full = new Float64Array(columns.length + 1);
    full.set(row);
    full[columns.length] = Math.sqrt(pivot);
    r.push(full);
    place.push(c);
    columns.push(working[candidates[c]!]!);
    keptList.push(candidates[c]!);
  }
  for (let j = 0; j < all; j++) if (!keptList.includes(j)) dropped.push(design.names[j]!);

  const p = columns.length;
  const transform = new Float64Array(p * p);
  let logDeterminant = 0;
  for (let k = 0; k < p; k++) {
    const j = keptList[k]!;
    transform[k * p + k] = 1 / scale[j]!;
    logDeterminant -= Math.log(scale[j]!);
    const at = keptList.indexOf(intercept);
    if (at >= 0 && j !== intercept) transform[k * p + at] = -mean[j]! / scale[j]!;
  }
  if (smallest < ILL_CONDITIONED) logDeterminant += orthonormalize(columns, transform, weights, total);
  return { kept: Int32Array.from(keptList), dropped, columns, transform, logDeterminant };
}

function scaledGram(columns: readonly Float64Array[], weights: Float64Array | null, total: number): Float64Array {
  const n = columns[0]?.length ?? 0;
  const weighted = weightedColumns(columns, weights);
  const gram = crossProducts(columns, weighted, n);
  for (let x = 0; x < gram.length; x++) gram[x] = gram[x]! / total;
  return gram;
}

/** The squared residual of a column on the kept ones, from the rows, projected twice; `row` becomes its coefficients in R. */
function residualSquare(
  column: Float64Array,
  kept: readonly Float64Array[],
  r: readonly Float64Array[],
  row: Float64Array,
  weights: Float64Array | null,
  total: number,
): number {
  const n = column.length;
  const residual = Float64Array.from(column);
  row.fill(0);
  for (let pass = 0; pass < 2; pass++) {
    // coefficients b: (R'R) b = kept' W residual / total
    const y = new Float64Array(kept.length);
    for (let k = 0; k < kept.length; k++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += (weights === null ? 1 : weights[i]!) * kept[k]![i]! * residual[i]!;
      let sum = dot / total;
      for (let l = 0; l < k; l++) sum -= r[k]![l]! * y[l]!;
      y[k] = sum / r[k]![k]!;
      row[k] = row[k]! + y[k]!;
    }
    const b = Float64Array.from(y);
    for (let k = kept.length - 1; k >= 0; k--) {
      for (let l = k + 1; l < kept.length; l++) b[k] = b[k]! - r[l]![k]! * b[l]!;
      b[k] = b[k]! / r[k]![k]!;
    }
    for (let k = 0; k < kept.length; k++) for (let i = 0; i < n; i++) residual[i] = residual[i]! - kept[k]![i]! * b[k]!;
  }
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (weights === null ? 1 : weights[i]!) * residual[i]! * residual[i]!;
  return squares / total;
}

/** X* := X* R^-1 until X*'WX* is the identity; T likewise. Returns what log|det T| gains. */
function orthonormalize(columns: readonly Float64Array[], transform: Float64Array, weights: Float64Array | null, total: number): number {
  const p = columns.length;
  const n = columns[0]!.length;
  let gained = 0;
  for (let pass = 0; pass < 3; pass++) {
    const gram = scaledGram(columns, weights, total);
    let off = 0;
    for (let j = 0; j < p; j++) for (let i = 0; i < j; i++) off = Math.max(off, Math.abs(gram[j * p + i]!));
    if (pass > 0 && off < 1e-10) break;
    // A small ridge lets a first pass succeed where rounding has made the Gram matrix indefinite; later passes correct it.
    if (cholesky(gram, 0, p, p) >= 0) {
      const again = scaledGram(columns, weights, total);
      for (let j = 0; j < p; j++) again[j * p + j] = again[j * p + j]! + 1e-13 * p;
      if (cholesky(again, 0, p, p) >= 0) break;
      gram.set(again);
    }
    for (let j = 0; j < p; j++) gained -= Math.log(gram[j * p + j]!);
    solveColumns(columns, gram, p, n);
    const transformColumns = Array.from({ length: p }, (_, j) => transform.subarray(j * p, (j + 1) * p));
    solveColumns(transformColumns, gram, p, p);
  }
  return gained;
}

/** Columns := columns R^-1 with R = L'. */
function solveColumns(columns: readonly Float64Array[], l: Float64Array, p: number, n: number): void {
  for (let j = 0; j < p; j++) {
    const column = columns[j]!;
    for (let k = 0; k < j; k++) {
      const factor = l[k * p + j]!;
      if (factor === 0) continue;
      const other = columns[k]!;
      for (let i = 0; i < n; i++) column[i] = column[i]! - factor * other[i]!;
    }
    const scale = 1 / l[j * p + j]!;
    for (let i = 0; i < n; i++) column[i] = column[i]! * scale;
  }
}
