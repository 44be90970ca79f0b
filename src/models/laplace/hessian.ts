/**
 * The Hessian of the criterion in all parameters jointly, by central differences of the exact gradient.
 *
 *   H_ij = (g_i(x + h_j) - g_i(x - h_j)) / 2 h_j,   h_j a small share of a standard error
 */
import { lambdaOf, partBlock } from "../blocks/covariance-parameters.js";
import { cholesky } from "../linalg/cholesky.js";
import { invertLower } from "../linalg/symmetric.js";
import { submatrix } from "./fixed-system.js";
import type { LaplaceProblem } from "./problem.js";

/** Share of a standard error by which a parameter is moved. */
const STEP = 1e-3;

/** Which elements of (theta, psi) are free: not profiled, and not in a zero column of a factor. */
export function freeElements({ structure, parameters, model, profiled }: LaplaceProblem, x: Float64Array): Int32Array {
  const k = parameters.length;
  const lambda = lambdaOf(structure.groups, parameters, x);
  const free: number[] = [];
  parameters.forEach(({ group, part, column }, j) => {
    const block = partBlock(lambda[group]!, structure.groups[group]!.size, part);
    const own = column - part.start;
    let zero = true;
    for (let r = 0; r < part.size; r++) if (block[own * part.size + r] !== 0) zero = false;
    if (!zero) free.push(j);
  });
  for (let j = 0; j < model.psiCount; j++) if (!profiled.includes(j)) free.push(k + j);
  return Int32Array.from(free);
}

/**
 * @param gradientAt the gradient in (theta, psi) at x with element `at` moved by `by`; null where the criterion has no value
 * @param information the scoring matrix at x, from which the steps are taken
 * @returns the Hessian over the free elements, symmetric; null where the criterion cannot be differentiated
 */
export function hessianOf(
  gradientAt: (point: Float64Array, at: number, by: number) => Float64Array | null,
  x: Float64Array,
  free: Int32Array,
  information: Float64Array,
): Float64Array | null {
  const size = x.length;
  const m = free.length;
  const h = new Float64Array(m * m);
  for (let j = 0; j < m; j++) {
    const at = free[j]!;
    const step = stepOf(information[at * size + at]!);
    const moved = (by: number): Float64Array | null => {
      const point = Float64Array.from(x);
      point[at] = point[at]! + by;
      return gradientAt(point, at, by);
    };
    const above = moved(step);
    const below = moved(-step);
    if (above === null || below === null) return null;
    for (let i = 0; i < m; i++) h[j * m + i] = (above[free[i]!]! - below[free[i]!]!) / (2 * step);
  }
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < j; i++) {
      const mean = 0.5 * (h[j * m + i]! + h[i * m + j]!);
      h[j * m + i] = mean;
      h[i * m + j] = mean;
    }
  }
  return h;
}

/**
 * The Hessian by one-sided differences, accurate to a few digits: for a search that needs curvature, not standard errors.
 *
 * @returns over all elements, those that are not free as in the information matrix; null where a difference cannot be taken
 */
export function forwardHessian(
  gradientAt: (x: Float64Array) => Float64Array | null,
  x: Float64Array,
  gradient: Float64Array,
  free: Int32Array,
  information: Float64Array,
): Float64Array | null {
  const size = x.length;
  const h = Float64Array.from(information);
  for (const j of free) {
    const step = stepOf(information[j * size + j]!);
    const point = Float64Array.from(x);
    point[j] = point[j]! + step;
    const moved = gradientAt(point);
    if (moved === null) return null;
    for (const i of free) h[j * size + i] = (moved[i]! - gradient[i]!) / step;
  }
  for (const j of free) {
    for (const i of free) {
      if (i >= j) break;
      const mean = 0.5 * (h[j * size + i]! + h[i * size + j]!);
      h[j * size + i] = mean;
      h[i * size + j] = mean;
    }
  }
  return h;
}

/** A small share of what would be the standard error. */
function stepOf(curvature: number): number {
  return curvature > 2e-8 ? Math.min(1e-1, STEP / Math.sqrt(curvature / 2)) : 1e-4;
}

/** 2 H^-1 spread over all of (theta, psi), zero for what is not free; null where H is not positive definite. */
export function covarianceFrom(hessian: Float64Array, free: ArrayLike<number>, size: number): Float64Array | null {
  const m = free.length;
  const scale = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    if (!(hessian[i * m + i]! > 0)) return null;
    scale[i] = 1 / Math.sqrt(hessian[i * m + i]!);
  }
  const l = Float64Array.from(hessian, (value, at) => value * scale[at % m]! * scale[Math.floor(at / m)]!);
  if (cholesky(l, 0, m, m) >= 0) return null;
  for (let c = 0; c < m; c++) for (let r = 0; r < c; r++) l[c * m + r] = 0;
  const inverse = invertLower(l, m);
  const out = new Float64Array(size * size);
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < m; i++) {
      let sum = 0;
      for (let r = Math.max(i, j); r < m; r++) sum += inverse[i * m + r]! * inverse[j * m + r]!;
      out[free[j]! * size + free[i]!] = 2 * sum * scale[i]! * scale[j]!;
    }
  }
  return out;
}

/** 2 T^-1 of the profiled parameters alone, theta taken as known; null where T is not positive definite. */
export function conditionalCovariance(t: Float64Array, { parameters, model, profiled }: LaplaceProblem): Float64Array | null {
  const k = parameters.length;
  const doubled = submatrix(t, model.psiCount, profiled).map((x) => 2 * x);
  return covarianceFrom(
    doubled,
    Array.from(profiled, (j) => k + j),
    k + model.psiCount,
  );
}
