/**
 * What a cumulative link model needs to know about one cell of the latent scale, the interval between two thresholds:
 *
 *   l(z1, z2) = log( F(z1) - F(z2) ),    z1 > z2,    z1 = +Infinity in the top and z2 = -Infinity in the bottom category
 *
 * and its derivatives. Beside those in z1 and z2 there are those along the predictor, which moves both ends at once,
 *
 *   g = -(l_1 + l_2),    w = g_1 + g_2 = -(l_11 + 2 l_12 + l_22),
 *
 * because as sums of the others they lose every digit where the cell is narrow or far out, while each distribution has a form of its
 * own for them that does not (McCullagh 1980; Pratt 1981). With T the latent variable truncated to the cell and s = -(log f)',
 * g = E s(T) and w = E s'(T) - Var s(T).
 */
import type { LinkName } from "./family.js";
import type { DerivativeOrder } from "./row-likelihood.js";

export type CumulativeLink = Extract<LinkName, "logit" | "probit" | "cloglog" | "loglog" | "cauchit">;

/** Places in the array that a `Cell` writes. Derivatives in an end that is infinite are zero. */
export const L = 0;
export const L1 = 1;
export const L2 = 2;
/** g = -(l_1 + l_2): derivative of l along the predictor. */
export const G = 3;
export const L11 = 4;
export const L12 = 5;
export const L22 = 6;
/** g_1 = dg/dz1 and g_2 = dg/dz2. */
export const G1 = 7;
export const G2 = 8;
/** w = g_1 + g_2. */
export const W = 9;
/** w_1 = dw/dz1 and w_2 = dw/dz2. */
export const W1 = 10;
export const W2 = 11;
export const CELL_LENGTH = 12;

/**
 * Writes l and, for an order above 0, its derivatives. `width` is z1 - z2 without the rounding of the two (Infinity in the end
 * categories); it is positive.
 */
export type Cell = (z1: number, z2: number, width: number, order: DerivativeOrder, out: Float64Array) => void;

/** Turns what was written for the cell (-z2, -z1) of -T into the values for the cell (z2, z1) of T. */
export function mirror(out: Float64Array): void {
  const l1 = out[L1]!;
  const l11 = out[L11]!;
  const g1 = out[G1]!;
  const w1 = out[W1]!;
  out[L1] = -out[L2]!;
  out[L2] = -l1;
  out[G] = -out[G]!;
  out[L11] = out[L22]!;
  out[L22] = l11;
  out[G1] = out[G2]!;
  out[G2] = g1;
  out[W1] = -out[W2]!;
  out[W2] = -w1;
}

/** log(1 - exp(-x)), x > 0 (Maechler 2012, "Accurately computing log(1 - exp(-|a|))"). */
export function logOneMinusExp(x: number): number {
  return x > Math.LN2 ? Math.log1p(-Math.exp(-x)) : Math.log(-Math.expm1(-x));
}

/** log(1 + exp(x)). */
export function logOnePlusExp(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}
