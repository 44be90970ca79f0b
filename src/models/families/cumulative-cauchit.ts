/**
 * Cells of the Cauchy distribution, F(z) = 1/2 + atan(z) / pi. The angle of a cell is taken at once,
 *
 *   pi (F1 - F2) = theta = atan2(z1 - z2, 1 + z1 z2),
 *
 * since a difference of two arctangents loses its digits in the tails, where this distribution still has mass. With
 * u = 1 / (1 + z^2), s = -(log f)' = 2 z u and s' = 2 u (2 u - 1),
 *
 *   l_1 = r1 = u1 / theta,    l_2 = -r2,     g = E s(T) = r2 - r1,     g_1 = r1 (s1 - g),    g_2 = r2 (g - s2),
 *   w_1 = r1 (s1' - w - (s1 - g)^2),        w_2 = -r2 (s2' - w - (s2 - g)^2).
 *
 * A narrow cell takes the means over T by Gauss-Legendre quadrature of s1 - s(T), s(T) - s2 and so on, factored so that they do not
 * cancel. The density is not log-concave: w is negative far from the cell.
 */
import { type Cell, G, G1, G2, L, L1, L2, L11, L12, L22, W, W1, W2 } from "./cumulative-cell.js";
import { LEGENDRE_NODES, LEGENDRE_WEIGHTS } from "./cumulative-quadrature.js";

/** A cell narrower than this part of sqrt(1 + middle^2), the distance of the density's pole, is narrow. */
const NARROW = 0.3;

export const cauchitCell: Cell = (z1, z2, width, order, out) => {
  const theta =
    z1 === Number.POSITIVE_INFINITY
      ? Math.atan2(1, z2)
      : z2 === Number.NEGATIVE_INFINITY
        ? Math.atan2(1, -z1)
        : Math.atan2(width, 1 + z1 * z2);
  out[L] = Math.log(theta / Math.PI);
  if (order === 0) return;
  const u1 = 1 / (1 + z1 * z1);
  const u2 = 1 / (1 + z2 * z2);
  const s1 = u1 === 0 ? 0 : 2 * z1 * u1;
  const s2 = u2 === 0 ? 0 : 2 * z2 * u2;
  const slope1 = 2 * u1 * (2 * u1 - 1);
  const slope2 = 2 * u2 * (2 * u2 - 1);
  const r1 = u1 / theta;
  const r2 = u2 / theta;
  let g: number;
  let left1: number; // s1 - g
  let left2: number; // g - s2
  let w: number;
  let rest1: number; // s1' - w
  let rest2: number; // s2' - w
  const middle = (z1 + z2) / 2;
  if (width < NARROW * Math.sqrt(1 + middle * middle)) {
    const half = width / 2;
    let total = 0;
    let mean1 = 0;
    let mean2 = 0;
    let square1 = 0;
    let meanSlope1 = 0;
    let meanSlope2 = 0;
    let meanSlope = 0;
    for (let k = 0; k < LEGENDRE_NODES.length; k++) {
      const node = LEGENDRE_NODES[k]!;
      const t = middle + half * node;
      const u = 1 / (1 + t * t);
      const p = LEGENDRE_WEIGHTS[k]! * u;
      const to1 = half * (1 - node); // z1 - t
      const to2 = half * (1 + node); // t - z2
      const d1 = 2 * to1 * (1 - z1 * t) * u1 * u; // s1 - s(t)
      total += p;
      mean1 += p * d1;
      mean2 += p * 2 * to2 * (1 - z2 * t) * u2 * u;
      square1 += p * d1 * d1;
      meanSlope1 -= p * to1 * (z1 + t) * u1 * u * (4 * (u1 + u) - 2); // s1' - s'(t)
      meanSlope2 += p * to2 * (z2 + t) * u2 * u * (4 * (u2 + u) - 2); // s2' - s'(t)
      meanSlope += p * 2 * u * (2 * u - 1);
    }
    left1 = mean1 / total;
    left2 = mean2 / total;
    g = width * (z1 + z2) * u1 * r2;
    const variance = square1 / total - left1 * left1;
    w = meanSlope / total - variance;
    rest1 = meanSlope1 / total + variance;
    rest2 = meanSlope2 / total + variance;
  } else {
    g = width === Number.POSITIVE_INFINITY ? r2 - r1 : width * (z1 + z2) * u1 * r2;
    left1 = s1 - g;
    left2 = g - s2;
    w = r1 * left1 + r2 * left2;
    rest1 = slope1 - w;
    rest2 = slope2 - w;
  }
  out[L1] = r1;
  out[L2] = -r2;
  out[G] = g;
  out[L11] = -r1 * (s1 + r1);
  out[L12] = r1 * r2;
  out[L22] = r2 * (s2 - r2);
  out[G1] = r1 * left1;
  out[G2] = r2 * left2;
  out[W] = w;
  out[W1] = r1 * (rest1 - left1 * left1);
  out[W2] = -r2 * (rest2 - left2 * left2);
};
