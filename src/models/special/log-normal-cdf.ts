/**
 * log Phi(z) with its first three derivatives, to full relative accuracy in both tails.
 *
 *   h = phi / Phi,   (log Phi)' = h,   '' = -h (h + z),   ''' = h ((h + z)^2 + h (h + z) - 1)
 *
 * For z -> -infinity these cancel. There, with x = -z and the continued fraction of Mills' ratio (Laplace 1805; DLMF 7.9.3),
 *
 *   h = x + c_1,   c_k = k / (x + c_{k+1}),   '' = -h c_1,   ''' = h c_1^2 c_2 (c_3 - c_2)
 *
 * -'' is one minus the variance and ''' the third cumulant of a normal variable truncated to the far side of x.
 */
import { millsRatio, normalCdf, normalLogUpper } from "./normal.js";

const INVERSE_SQRT_2PI = 0.3989422804014327;
/** From here on the continued fraction; below, three digits at most cancel in the third derivative. */
const FRACTION = 4;

/**
 * @param z any finite number
 * @param order how many derivatives, at most 3
 * @param out takes log Phi and its derivatives
 */
export function logNormalCdf(z: number, order: number, out: Float64Array): void {
  out[0] = normalLogUpper(-z);
  if (order < 1) return;
  if (-z >= FRACTION) {
    const x = -z;
    // So many terms that what is left out, begun with its limit c = k / (x + c), changes no digit.
    const terms = Math.ceil(6 + 110 / x);
    let next = 2 * ((terms + 1) / (x + Math.sqrt(x * x + 4 * (terms + 1))));
    let c3 = 0;
    let c2 = 0;
    for (let k = terms; k >= 1; k--) {
      if (k === 2) c3 = next;
      if (k === 1) c2 = next;
      next = k / (x + next);
    }
    const h = x + next;
    out[1] = h;
    out[2] = -h * next;
    out[3] = h * next * next * c2 * (c3 - c2);
    return;
  }
  const h = z < -0.7 ? 1 / millsRatio(-z) : (INVERSE_SQRT_2PI * Math.exp(-0.5 * z * z)) / normalCdf(z);
  const excess = h + z;
  out[1] = h;
  out[2] = -h * excess;
  out[3] = h * (excess * excess + h * excess - 1);
}
