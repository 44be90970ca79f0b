/**
 * The approximate Hotelling T-squared test of several hypotheses with a robust covariance matrix (Tipton & Pustejovsky 2015,
 * "Small-sample adjustments for tests of moderators and model fit using robust variance estimation in meta-regression"; HTZ).
 *
 *   Q = (C beta - d)'(C V_CR C')^-1 (C beta - d),   F = (eta - q + 1) / (eta q) Q   on q and eta - q + 1 degrees of freedom
 *
 * With S_j = C M target_j M C' and G_j = cross_j M C' of each cluster, both from the right (S_j from both sides) divided by the square root
 * of Omega = sum (S_j - G_j'M G_j), D_j = G_j'M G_j and B_j = S_j - D_j,
 *
 *   eta = q (q + 1) / { sum [(tr B)^2 + tr B^2 - (tr D)^2 - tr D^2] + tr[((I x M) sum vec G vec G')^2] + sum_st tr(M K_ts M K_ts) }
 *
 * K_ts = sum_j g_t g_s' for columns g of G_j. All is done in the coefficients in which M is the identity. One hypothesis: the square of the
 * t test with Satterthwaite's degrees of freedom.
 */
import { multiply, symmetricEigen } from "../models/linalg/symmetric.js";
import type { JointTest } from "./fixed-tests.js";
import type { ClusterMoments } from "./robust-moments.js";

/**
 * @param each calls with the moments of one cluster after another
 * @param rows contrasts of the coefficients in which M is the identity; rows that follow from others count once
 * @param deviations C beta - d
 * @param factor of the covariance matrix
 * @returns NaN for more hypotheses than the clusters can tell of
 */
export function hotellingTest(
  each: (visit: (moments: ClusterMoments) => void) => void,
  rows: readonly Float64Array[],
  deviations: ArrayLike<number>,
  factor: number,
): JointTest {
  const { directions, values } = independent(rows, deviations);
  const q = directions.length;
  const p = rows[0]!.length;
  const shares: ClusterShare[] = [];
  const covariance = new Float64Array(q * q);
  each(({ score, target, cross }) => {
    const own = directions.map((direction) => dot(direction, score));
    for (let b = 0; b < q; b++) for (let a = 0; a < q; a++) covariance[b * q + a]! += factor * own[a]! * own[b]!;
    shares.push(shareOf(directions, target, cross, p));
  });
  const eta = hotellingDf(shares, p, q);
  const denDF = eta - q + 1;
  if (!(denDF > 0)) return { numDF: q, denDF: Number.NaN, statistic: Number.NaN };
  return { numDF: q, denDF, statistic: (quadraticInverse(covariance, values) * denDF) / (eta * q) };
}

/**
 * Q / q, the F of infinitely many degrees of freedom.
 *
 * @param vcov p x p
 * @returns NaN for more hypotheses than the clusters can tell of
 */
export function waldTest(vcov: Float64Array, rows: readonly Float64Array[], deviations: ArrayLike<number>): JointTest {
  const { directions, values } = independent(rows, deviations);
  const q = directions.length;
  const p = rows[0]!.length;
  const along = directions.map((row) => Float64Array.from({ length: p }, (_, b) => dot(vcov.subarray(b * p, (b + 1) * p), row)));
  const covariance = new Float64Array(q * q);
  for (let b = 0; b < q; b++) for (let a = 0; a < q; a++) covariance[b * q + a] = dot(directions[a]!, along[b]!);
  return { numDF: q, denDF: null, statistic: quadraticInverse(covariance, values) / q };
}

/** S_j (q x q) and G_j (p x q) of one cluster, not yet divided. */
interface ClusterShare {
  readonly s: Float64Array;
  readonly g: Float64Array;
}

function shareOf(directions: readonly Float64Array[], target: Float64Array, cross: Float64Array, p: number): ClusterShare {
  const q = directions.length;
  const s = new Float64Array(q * q);
  const g = new Float64Array(p * q);
  directions.forEach((direction, b) => {
    const along = new Float64Array(p);
    for (let c = 0; c < p; c++) {
      const weight = direction[c]!;
      if (weight === 0) continue;
      for (let a = 0; a < p; a++) {
        along[a]! += target[c * p + a]! * weight;
        g[b * p + a]! += cross[c * p + a]! * weight;
      }
    }
    directions.forEach((other, a) => {
      s[b * q + a] = dot(other, along);
    });
  });
  return { s, g };
}

/** eta. */
function hotellingDf(shares: readonly ClusterShare[], p: number, q: number): number {
  const omega = new Float64Array(q * q);
  for (const { s, g } of shares) {
    for (let b = 0; b < q; b++) {
      for (let a = 0; a < q; a++) omega[b * q + a]! += s[b * q + a]! - dot(g.subarray(a * p, (a + 1) * p), g.subarray(b * p, (b + 1) * p));
    }
  }
  const { values, vectors } = symmetricEigen(omega, q);
  if (!(values[0]! > NOTHING * values[q - 1]!)) return Number.NaN;
  const root = new Float64Array(q * q);
  for (let m = 0; m < q; m++) {
    for (let b = 0; b < q; b++) {
      for (let a = 0; a < q; a++) root[b * q + a]! += (vectors[m * q + a]! * vectors[m * q + b]!) / Math.sqrt(values[m]!);
    }
  }
  const size = p * q;
  const outer = new Float64Array(size * size);
  let sum = 0;
  for (const share of shares) {
    const s = multiply(multiply(root, share.s, q), root, q);
    const g = new Float64Array(size);
    for (let b = 0; b < q; b++) {
      for (let c = 0; c < q; c++) {
        const weight = root[b * q + c]!;
        for (let a = 0; a < p; a++) g[b * p + a]! += share.g[c * p + a]! * weight;
      }
    }
    const d = new Float64Array(q * q);
    for (let b = 0; b < q; b++) {
      for (let a = 0; a < q; a++) d[b * q + a] = dot(g.subarray(a * p, (a + 1) * p), g.subarray(b * p, (b + 1) * p));
    }
    const rest = s.map((value, x) => value - d[x]!);
    sum += trace(rest, q) ** 2 + dot(rest, rest) - trace(d, q) ** 2 - dot(d, d);
    for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) outer[y * size + x]! += g[x]! * g[y]!;
  }
  sum += dot(outer, outer);
  for (let t = 0; t < q; t++) {
    for (let u = 0; u < q; u++) {
      // tr(K K), K[a, b] = outer[(t, a), (u, b)]
      for (let b = 0; b < p; b++) {
        for (let a = 0; a < p; a++) sum += outer[(u * p + b) * size + t * p + a]! * outer[(u * p + a) * size + t * p + b]!;
      }
    }
  }
  return (q * (q + 1)) / sum;
}

/** Of the largest eigenvalue: what counts as zero. */
const NOTHING = 1e-9;

/** An orthonormal basis of the rows, and the deviations along it; rows that follow from others are left out. */
function independent(
  rows: readonly Float64Array[],
  deviations: ArrayLike<number>,
): { readonly directions: readonly Float64Array[]; readonly values: readonly number[] } {
  const directions: Float64Array[] = [];
  const values: number[] = [];
  rows.forEach((row, i) => {
    const left = Float64Array.from(row);
    let value = deviations[i]!;
    for (let pass = 0; pass < 2; pass++) {
      directions.forEach((direction, k) => {
        const along = dot(direction, left);
        for (let a = 0; a < left.length; a++) left[a]! -= along * direction[a]!;
        value -= along * values[k]!;
      });
    }
    const norm = Math.sqrt(dot(left, left));
    if (!(norm > 1e-8 * Math.sqrt(dot(row, row)))) return;
    directions.push(left.map((x) => x / norm));
    values.push(value / norm);
  });
  return { directions, values };
}

/** v'A^-1 v; NaN where A is singular. */
function quadraticInverse(a: Float64Array, v: readonly number[]): number {
  const q = v.length;
  const { values, vectors } = symmetricEigen(a, q);
  if (!(values[0]! > 1e-12 * values[q - 1]!)) return Number.NaN;
  let sum = 0;
  for (let m = 0; m < q; m++) {
    let along = 0;
    for (let i = 0; i < q; i++) along += vectors[m * q + i]! * v[i]!;
    sum += (along * along) / values[m]!;
  }
  return sum;
}

function trace(a: Float64Array, q: number): number {
  let sum = 0;
  for (let i = 0; i < q; i++) sum += a[i * q + i]!;
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
