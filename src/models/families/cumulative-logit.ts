/**
 * Cells of the logistic distribution, F(z) = 1 / (1 + exp(-z)), f = F (1 - F), f' = f (1 - 2 F). With width d = z1 - z2,
 *
 *   F1 - F2 = F1 (1 - F2) (1 - exp(-d)),     g = F1 + F2 - 1,    w = f1 + f2
 *   l_1 = 1 - F1 + k,    l_2 = -F2 - k,      l_12 = k (1 + k),   k = 1 / (exp(d) - 1)
 *
 * in which nothing cancels, however narrow the cell and however far out it lies.
 */
import { G, G1, G2, L, L1, L2, L11, L12, L22, logOneMinusExp, logOnePlusExp, W, W1, W2 } from "./cumulative-cell.js";
import { logistic } from "./links.js";
import type { DerivativeOrder } from "./row-likelihood.js";

export function logitCell(z1: number, z2: number, width: number, order: DerivativeOrder, out: Float64Array): void {
  out[L] = logOneMinusExp(width) - logOnePlusExp(-z1) - logOnePlusExp(z2);
  if (order === 0) return;
  const above1 = logistic(-z1);
  const below1 = logistic(z1);
  const above2 = logistic(-z2);
  const below2 = logistic(z2);
  const density1 = above1 * below1;
  const density2 = above2 * below2;
  const k = 1 / Math.expm1(width);
  const product = k * (1 + k);
  out[L1] = z1 === Number.POSITIVE_INFINITY ? 0 : above1 + k;
  out[L2] = z2 === Number.NEGATIVE_INFINITY ? 0 : -below2 - k;
  out[G] = z1 > 0 ? below2 - above1 : below1 - above2;
  out[L11] = -density1 - product;
  out[L12] = product;
  out[L22] = -density2 - product;
  out[G1] = density1;
  out[G2] = density2;
  out[W] = density1 + density2;
  out[W1] = density1 * (above1 - below1);
  out[W2] = density2 * (above2 - below2);
}
