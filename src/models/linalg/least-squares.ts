/**
 * Small least squares problems on well-conditioned columns, by the normal equations.
 */
import { backwardSolve, cholesky, forwardSolve } from "./cholesky.js";
import { crossProducts, crossRow } from "./cross-products.js";

/** The coefficients of the columns that are nearest to the target; zeros where the columns are dependent. */
export function leastSquares(columns: readonly Float64Array[], target: Float64Array): Float64Array {
  const p = columns.length;
  if (p === 0) return new Float64Array(0);
  const gram = crossProducts(columns, columns, target.length);
  const b = crossRow(columns, target);
  if (cholesky(gram, 0, p, p) >= 0) return new Float64Array(p);
  forwardSolve(gram, 0, p, p, b, 0, 1);
  backwardSolve(gram, 0, p, p, b, 0, 1);
  return b;
}
