/**
 * Cells of the two Gumbel distributions: F(z) = 1 - exp(-exp(z)) of the complementary log-log link (its long tail to the left) and
 * F(z) = exp(-exp(-z)) of the log-log link, its mirror image, as ordinal::clm names them. For the former, with A = exp(z1),
 * B = exp(z2), D = A - B = B (exp(width) - 1) and b(D) = D / (exp(D) - 1),
 *
 *   F1 - F2 = exp(-B) - exp(-A) = exp(-B) (1 - exp(-D)),     g = B - b,    w = B - D b',
 *   l_1 = k_A = b / (1 - exp(-width)),    l_2 = -B - k_B,    k_B = b / (exp(width) - 1),    l_12 = k_A (B + k_B).
 *
 * In the top category D is infinite and b = 0. Everything is written with b and its derivatives, which have no pole at D = 0.
 */
import { CELL_LENGTH, type Cell, G, G1, G2, L, L1, L2, L11, L12, L22, logOneMinusExp, mirror, W, W1, W2 } from "./cumulative-cell.js";

/** Beyond this D, exp(-D) is zero. */
const FAR = 745;
/** Below this D the series of b takes the place of the closed form, whose derivatives cancel. */
const SERIES = 0.5;
/** b(D) = 1 - D / 2 + D^2 (c_0 + c_1 D^2 + ...), the Bernoulli numbers over factorials (DLMF 24.2.1). */
const BERNOULLI: readonly number[] = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
];

export const cloglogCell: Cell = (z1, z2, width, order, out) => {
  const upper = Math.exp(z1);
  const lower = Math.exp(z2);
  const difference = z1 === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : width < 1 ? lower * Math.expm1(width) : upper - lower;
  if (lower === Number.POSITIVE_INFINITY) {
    out.fill(0, 0, CELL_LENGTH);
    out[L] = Number.NEGATIVE_INFINITY;
    return;
  }
  let b = 0;
  let b1 = 0;
  let b2 = 0;
  if (difference < SERIES) {
    const square = difference * difference;
    let even = 0; // sum c_n D^(2n)
    let odd = 0; // sum (2n + 2) c_n D^(2n)
    let second = 0; // sum (2n + 2)(2n + 1) c_n D^(2n)
    for (let n = BERNOULLI.length - 1; n >= 0; n--) {
      const c = BERNOULLI[n]!;
      const power = 2 * n + 2;
      even = even * square + c;
      odd = odd * square + power * c;
      second = second * square + power * (power - 1) * c;
    }
    b = 1 - difference / 2 + square * even;
    b1 = -0.5 + difference * odd;
    b2 = second;
  } else if (difference < FAR) {
    const k = 1 / Math.expm1(difference);
    const product = k * (1 + k);
    b = k * difference;
    b1 = k - product * difference;
    b2 = product * ((1 + 2 * k) * difference - 2);
  }
  out[L] =
    difference < SERIES
      ? z1 - upper + logOneMinusExp(width) - Math.log(b) // log D without an exponential that could underflow
      : difference < FAR
        ? logOneMinusExp(difference) - lower
        : -lower;
  if (order === 0) return;
  const ka = b / -Math.expm1(-width);
  const kb = b / Math.expm1(width);
  out[L1] = ka;
  out[L2] = -lower - kb;
  out[G] = lower - b;
  const along1 = b1 === 0 ? 0 : -upper * b1;
  const along2 = lower * (1 + b1);
  const product = ka * (lower + kb);
  out[L11] = -along1 - product;
  out[L12] = product;
  out[L22] = -along2 - product;
  out[G1] = along1;
  out[G2] = along2;
  if (difference >= FAR) {
    out[W] = lower;
    out[W1] = 0;
    out[W2] = lower;
    return;
  }
  const slope = b1 + difference * b2;
  out[W] = lower - difference * b1;
  out[W1] = -upper * slope;
  out[W2] = lower * (1 + slope);
};

export const loglogCell: Cell = (z1, z2, width, order, out) => {
  cloglogCell(-z2, -z1, width, order, out);
  if (order > 0) mirror(out);
};
