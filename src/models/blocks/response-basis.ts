/**
 * The response as the engine uses it: the residual of y - offset on the fixed columns, divided by its size.
 *
 *   y - offset = X* b0 + shift + scale y*
 *
 * The criterion depends on y only through its residual space, so subtracting any X* b0 leaves theta alone; it keeps every digit
 * of data whose level dwarfs their variation (NIST SmLs07-09).
 */
import { backwardSolve, cholesky, forwardSolve } from "../linalg/cholesky.js";
import { crossProducts, weightedColumns } from "../linalg/cross-products.js";
import { centredInPlace, compensatedSum } from "./centred-column.js";
import type { FixedBasis } from "./fixed-basis.js";

export interface ResponseBasis {
  /** y*, n values; mean square 1. */
  readonly values: Float64Array;
  /** b0, p values. */
  readonly start: Float64Array;
  /** Taken out before b0, for the intercept; 0 without one. */
  readonly shift: number;
  readonly scale: number;
  /** Size of y - offset about its mean: what "no residual variation" is measured against. */
  readonly magnitude: number;
}

export function responseBasis(
  y: Float64Array,
  offset: Float64Array | null,
  basis: FixedBasis,
  centre: boolean,
  weights: Float64Array | null,
): ResponseBasis {
  const n = y.length;
  const { columns } = basis;
  const p = columns.length;
  const total = weights === null ? n : compensatedSum(weights);
  const values = Float64Array.from(y);
  if (offset !== null) for (let i = 0; i < n; i++) values[i] = values[i]! - offset[i]!;
  let magnitude = 0;
  for (let i = 0; i < n; i++) magnitude = Math.max(magnitude, Math.abs(values[i]!));
  const shift = centre ? centredInPlace(values, weights, total) : 0;
  const start = new Float64Array(p);
  if (p > 0) {
    const weighted = weightedColumns(columns, weights);
    const gram = crossProducts(columns, weighted, n);
    cholesky(gram, 0, p, p);
    for (let pass = 0; pass < 2; pass++) {
      const b = new Float64Array(p);
      for (let j = 0; j < p; j++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += weighted[j]![i]! * values[i]!;
        b[j] = sum;
      }
      forwardSolve(gram, 0, p, p, b, 0, 1);
      backwardSolve(gram, 0, p, p, b, 0, 1);
      for (let j = 0; j < p; j++) {
        start[j] = start[j]! + b[j]!;
        for (let i = 0; i < n; i++) values[i] = values[i]! - b[j]! * columns[j]![i]!;
      }
    }
  }
  let peak = 0;
  for (let i = 0; i < n; i++) peak = Math.max(peak, Math.abs(values[i]!));
  let squares = 0;
  if (peak > 0) {
    for (let i = 0; i < n; i++) {
      const x = values[i]! / peak;
      squares += (weights === null ? 1 : weights[i]!) * x * x;
    }
  }
  const scale = peak * Math.sqrt(squares / total);
  if (scale > 0) for (let i = 0; i < n; i++) values[i] = values[i]! / scale;
  return { values, start, shift, scale, magnitude };
}
