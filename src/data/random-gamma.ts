/**
 * Gamma variates of any shape a, scale 1, by Marsaglia & Tsang (2000, "A simple method for generating gamma variables", ACM Transactions on
 * Mathematical Software 26): with d = a - 1/3 and w = z / sqrt(9 d), z normal,
 *
 *   X = d (1 + w)^3, accepted if log U < z^2/2 + d - X + d log (1 + w)^3
 *
 * For a < 1, X_a = X_{a+1} U^{1/a} (their section 6), here in logarithms, since for small shapes most of X lies below the smallest double.
 */
import { portableExp, portableLog, portableLog1pMinus } from "./random-math.js";

/** What a gamma variate is made of. */
export interface NormalSource {
  uniformOpen(): number;
  normal(): number;
}

/**
 * @param shape positive and finite
 * @returns may be 0 where the variate is below the smallest double, which for shape 0.01 it is once in 1,700 draws
 */
export function drawGamma(source: NormalSource, shape: number): number {
  if (shape < 1) return portableExp(drawLogGamma(source, shape));
  const d = shape - 1 / 3;
  return d * drawCubeOfRoot(source, d);
}

/**
 * The logarithm of a gamma variate, which does not underflow.
 * @param shape positive and finite, at least 1e-300
 */
export function drawLogGamma(source: NormalSource, shape: number): number {
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const log = portableLog(d * drawCubeOfRoot(source, d));
  return shape < 1 ? log + portableLog(source.uniformOpen()) / shape : log;
}

/** (1 + w)^3 of an accepted proposal. */
function drawCubeOfRoot(source: NormalSource, d: number): number {
  const scale = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = source.normal();
    const w = scale * z;
    if (w <= -1) continue;
    const root = 1 + w;
    const u = source.uniformOpen();
    const square = z * z;
    if (u < 1 - 0.0331 * square * square) return root * root * root;
    // The bound with d w^2 = z^2/9 taken out of 1 - (1 + w)^3 + 3 log(1 + w): no cancellation however large the shape.
    if (portableLog(u) < square / 6 + d * (3 * portableLog1pMinus(w) - w * w * w)) return root * root * root;
  }
}
