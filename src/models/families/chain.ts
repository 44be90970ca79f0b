/**
 * The chain rule for a row's log-likelihood, whose mean stands there as x (mu or log mu), x a function of the linear predictor eta:
 *
 *   l_eta = l_x x'      l_eta,eta = l_xx x'^2 + l_x x''      l_eta,eta,eta = l_xxx x'^3 + 3 l_xx x' x'' + l_x x'''
 *   l_eta,b = l_xb x'   l_eta,eta,b = l_xxb x'^2 + l_xb x''  for a further predictor b
 *
 * and what the rows of all families share: the answer outside the domain, and prior weights.
 */
import { type DerivativeOrder, derivativeLength, type RowLikelihood, secondAt, thirdAt } from "./row-likelihood.js";

/** A row's log-likelihood given x instead of eta, or given the linear predictors themselves. */
export type RowFunction = RowLikelihood["row"];

/** Numbers written for P predictors up to each order. */
export function writtenLength(p: number, order: DerivativeOrder): number {
  switch (order) {
    case 0:
      return 1;
    case 1:
      return 1 + p;
    case 2:
      return 1 + p + (p * (p + 1)) / 2;
    case 3:
      return derivativeLength(p);
  }
}

/** Log-likelihood minus infinity. */
export function outsideDomain(p: number, order: DerivativeOrder, out: Float64Array): void {
  out.fill(0, 1, writtenLength(p, order));
  out[0] = Number.NEGATIVE_INFINITY;
}

/**
 * From derivatives in x to derivatives in eta, in place.
 * @param p number of predictors; the first is the mean's
 * @param x x and its three derivatives in eta
 */
export function throughLink(p: number, order: DerivativeOrder, x: Float64Array, out: Float64Array): void {
  if (order === 0) return;
  const x1 = x[1]!;
  const x2 = x[2]!;
  const slope = out[1]!;
  out[1] = slope * x1;
  if (order === 1) return;
  const at11 = secondAt(p, 0, 0);
  const curvature = out[at11]!;
  if (order === 3) {
    const at111 = thirdAt(p, 0, 0, 0);
    // From the left: a third derivative of zero must not meet the cube, which may be infinite.
    out[at111] = out[at111]! * x1 * x1 * x1 + 3 * curvature * x1 * x2 + slope * x[3]!;
    for (let b = 1; b < p; b++) {
      const at = thirdAt(p, 0, 0, b);
      out[at] = out[at]! * x1 * x1 + out[secondAt(p, 0, b)]! * x2;
    }
  }
  out[at11] = curvature * x1 * x1 + slope * x2;
  for (let b = 1; b < p; b++) out[secondAt(p, 0, b)]! *= x1;
}

/**
 * Adds c M + h(L + M) to a row with a mean and a dispersion: M(eta) = log of the mean or of its complement, L the dispersion's predictor.
 * @param m M and its three derivatives
 * @param h h and its three derivatives at L + M
 */
export function addOnLogScale(c: number, m: Float64Array, h: Float64Array, order: DerivativeOrder, out: Float64Array): void {
  out[0]! += c * m[0]! + h[0]!;
  if (order === 0) return;
  const m1 = m[1]!;
  const h1 = h[1]!;
  const slope = c + h1;
  out[1]! += slope * m1;
  out[2]! += h1;
  if (order === 1) return;
  const m2 = m[2]!;
  const h2 = h[2]!;
  // Where h has become linear, the squares and cubes of m1 may be infinite.
  const bent = h2 !== 0;
  out[3]! += slope * m2;
  if (bent) {
    out[3]! += h2 * m1 * m1;
    out[4]! += h2 * m1;
    out[5]! += h2;
  }
  if (order === 2) return;
  out[6]! += slope * m[3]!;
  if (bent) {
    out[6]! += 3 * h2 * m1 * m2 + h[3]! * m1 * m1 * m1;
    out[7]! += h[3]! * m1 * m1 + h2 * m2;
  }
}

/** Rows times their prior weights. */
export function weightedRows(p: number, row: RowFunction, weights: Float64Array | null): RowFunction {
  if (weights === null) return row;
  return (i, at, order, out) => {
    row(i, at, order, out);
    const weight = weights[i]!;
    const length = writtenLength(p, order);
    for (let k = 0; k < length; k++) out[k]! *= weight;
  };
}
