/**
 * Cells of the standard normal distribution. T is the normal variable truncated to (z2, z1); with r1 = phi(z1) / P, r2 = phi(z2) / P,
 * P the probability of the cell, m = E T - z2 and v = Var T,
 *
 *   g = E T = r2 - r1,    w = 1 - v,    l_1 = r1,   l_2 = -r2,   l_12 = r1 r2,
 *   g_1 = r1 (z1 - E T),  g_2 = r2 m,   w_1 = r1 (v - (z1 - E T)^2),   w_2 = r2 (m^2 - v),
 *   l_11 = -r1 (z1 - E T + r2),   l_22 = -r2 (m + r1),
 *
 * so that 0 < w <= 1. P, m and v come from the moments of the upper tail beyond z2 less those beyond z1 (cumulative-normal-tail.ts),
 * from Phi where the cell lies on both sides of zero, and from Gauss-Legendre quadrature where it is so narrow that both cancel; a cell
 * to the left of zero is mirrored.
 */
import { type Cell, G, G1, G2, L, L1, L2, L11, L12, L22, mirror, W, W1, W2 } from "./cumulative-cell.js";
import { normalTailMoments } from "./cumulative-normal-tail.js";
import { LEGENDRE_NODES, LEGENDRE_WEIGHTS } from "./cumulative-quadrature.js";
import type { DerivativeOrder } from "./row-likelihood.js";

const HALF_LOG_2PI = 0.9189385332046728;
const SQRT_2PI = 2.5066282746310002;
/** A cell is narrow where the log density changes over it, and the cell itself is, less than about this. */
const NARROW = 0.5;

const near = new Float64Array(3);
const far = new Float64Array(3);

export const probitCell: Cell = (z1, z2, width, order, out) => {
  if (z1 + z2 >= 0) rightCell(z1, z2, width, order, out);
  else {
    rightCell(-z2, -z1, width, order, out);
    if (order > 0) mirror(out);
  }
};

/** A cell (a, b) whose middle is not negative; b may be infinite. */
function rightCell(b: number, a: number, width: number, order: DerivativeOrder, out: Float64Array): void {
  const middle = (a + b) / 2;
  let r1: number;
  let r2: number;
  let g: number;
  let m: number;
  let v: number;
  let w: number;
  if (width * (1 + middle) < NARROW) {
    const half = width / 2;
    let total = 0;
    let first = 0;
    let second = 0;
    for (let k = 0; k < LEGENDRE_NODES.length; k++) {
      const x = LEGENDRE_NODES[k]!;
      const p = LEGENDRE_WEIGHTS[k]! * Math.exp(-half * x * (middle + (half * x) / 2));
      total += p;
      first += p * x;
      second += p * x * x;
    }
    out[L] = Math.log((width * total) / 2) - (middle * middle) / 2 - HALF_LOG_2PI;
    if (order === 0) return;
    r1 = Math.exp(-half * (middle + half / 2)) / (half * total);
    r2 = Math.exp(half * (middle - half / 2)) / (half * total);
    const mean = first / total;
    g = middle + half * mean;
    m = half * (1 + mean);
    v = half * half * (second / total - mean * mean);
    w = 1 - v;
  } else if (a < 0) {
    normalTailMoments(-a, near);
    normalTailMoments(b, far);
    const densityA = Math.exp((-a * a) / 2) / SQRT_2PI;
    const densityB = Math.exp((-b * b) / 2) / SQRT_2PI;
    const outside = densityA * near[0]! + densityB * far[0]!;
    out[L] = Math.log1p(-outside);
    if (order === 0) return;
    r1 = densityB / (1 - outside);
    r2 = densityA / (1 - outside);
    g = r2 - r1;
    m = g - a;
    w = (r1 === 0 ? 0 : b * r1) - a * r2 + g * g;
    v = 1 - w;
  } else {
    normalTailMoments(a, near);
    normalTailMoments(b, far);
    const fall = Math.exp(-width * middle); // phi(b) / phi(a)
    const mass = near[0]! - fall * far[0]!;
    out[L] = Math.log(mass) - (a * a) / 2 - HALF_LOG_2PI;
    if (order === 0) return;
    r1 = fall / mass;
    r2 = 1 / mass;
    m = near[1]! / mass;
    let square = near[2]! / mass;
    if (fall > 0) {
      m -= r1 * (far[1]! + width * far[0]!);
      square -= r1 * (far[2]! + width * (2 * far[1]! + width * far[0]!));
    }
    g = a + m;
    v = square - m * m;
    w = 1 - v;
  }
  const rest = r1 === 0 ? 0 : width - m;
  out[L1] = r1;
  out[L2] = -r2;
  out[G] = g;
  out[L11] = -r1 * (rest + r2);
  out[L12] = r1 * r2;
  out[L22] = -r2 * (m + r1);
  out[G1] = r1 * rest;
  out[G2] = r2 * m;
  out[W] = w;
  out[W1] = r1 * (v - rest * rest);
  out[W2] = r2 * (m * m - v);
}
