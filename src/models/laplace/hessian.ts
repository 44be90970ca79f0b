/**
 * The Hessian of the criterion in all parameters jointly, by central differences of the exact gradient.
 *
 *   H_ij = (g_i(x + h_j) - g_i(x - h_j)) / 2 h_j,   h_j a small share of a standard error
 */
import { lambdaOf, partBlock } from "../blocks/covariance-parameters.js";
import { cholesky } from "../linalg/cholesky.js";
import { invertLower, symmetricEigen } from "../linalg/symmetric.js";
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
  return symmetrized(h, m);
}

/**
 * The Hessian by one-sided differences, accurate to three digits or so.
 *
 * @param gradient at x
 * @returns over the free elements; null where a difference cannot be taken
 */
export function hessianOneSided(
  gradientAt: (point: Float64Array, at: number, by: number) => Float64Array | null,
  x: Float64Array,
  gradient: Float64Array,
  free: Int32Array,
  information: Float64Array,
): Float64Array | null {
  const size = x.length;
  const m = free.length;
  const h = new Float64Array(m * m);
  for (let j = 0; j < m; j++) {
    const at = free[j]!;
    const step = stepOf(information[at * size + at]!);
    const point = Float64Array.from(x);
    point[at] = point[at]! + step;
    const moved = gradientAt(point, at, step);
    if (moved === null) return null;
    for (let i = 0; i < m; i++) h[j * m + i] = (moved[free[i]!]! - gradient[free[i]!]!) / step;
  }
  return symmetrized(h, m);
}

/** For a search that needs curvature: over all elements, those that are not free as in the information matrix. */
export function forwardHessian(
  gradientAt: (x: Float64Array) => Float64Array | null,
  x: Float64Array,
  gradient: Float64Array,
  free: Int32Array,
  information: Float64Array,
): Float64Array | null {
  const size = x.length;
  const own = hessianOneSided(gradientAt, x, gradient, free, information);
  if (own === null) return null;
  const h = Float64Array.from(information);
  free.forEach((column, j) => {
    free.forEach((row, i) => {
      h[column * size + row] = own[j * free.length + i]!;
    });
  });
  return h;
}

/** The mean of a matrix and its transpose, in place. */
function symmetrized(h: Float64Array, m: number): Float64Array {
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < j; i++) {
      const mean = 0.5 * (h[j * m + i]! + h[i * m + j]!);
      h[j * m + i] = mean;
      h[i * m + j] = mean;
    }
  }
  return h;
}

/** A small share of what would be the standard error. */
function stepOf(curvature: number): number {
  return curvature > 2e-8 ? Math.min(1e-1, STEP / Math.sqrt(curvature / 2)) : 1e-4;
}

/**
 * 2 H^-1 spread over all of (theta, psi), zero for what is not free. Along directions that the data do not determine (H singular there) H has
 * no inverse: elements that take part in them have no variance (NaN), the others the one they have beside them. Null where H is indefinite.
 */
export function covarianceFrom(hessian: Float64Array, free: ArrayLike<number>, size: number): Float64Array | null {
  return inverseOf(hessian, free, size, true);
}

/**
 * The same with a pseudo-inverse in place of what is not determined: variances of combinations that do not move along such a direction
 * are right, those of others mean nothing.
 */
export function determinedCovariance(hessian: Float64Array, free: ArrayLike<number>, size: number): Float64Array | null {
  return inverseOf(hessian, free, size, false);
}

function inverseOf(hessian: Float64Array, free: ArrayLike<number>, size: number, withoutLost: boolean): Float64Array | null {
  const m = free.length;
  const scale = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    if (!(hessian[i * m + i]! > 0)) return null;
    scale[i] = 1 / Math.sqrt(hessian[i * m + i]!);
  }
  const l = Float64Array.from(hessian, (value, at) => value * scale[at % m]! * scale[Math.floor(at / m)]!);
  const scaled = Float64Array.from(l);
  if (cholesky(l, 0, m, m) >= 0 || smallestDiagonal(l, m) < SINGULAR) return singularCovariance(scaled, scale, free, size, withoutLost);
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

/** Of a factor of unit diagonal: below this a direction is not determined; and of eigenvalues, of the largest. */
const SINGULAR = 1e-5;
const NO_EIGENVALUE = 1e-10;
/** An element takes part in a direction with a coefficient beyond this. */
const TAKES_PART = 1e-3;

function smallestDiagonal(l: Float64Array, m: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < m; i++) least = Math.min(least, l[i * (m + 1)]!);
  return least;
}

/** The pseudo-inverse on the directions that are determined, `withoutLost` NaN for elements that take part in others. */
function singularCovariance(
  scaled: Float64Array,
  scale: Float64Array,
  free: ArrayLike<number>,
  size: number,
  withoutLost: boolean,
): Float64Array | null {
  const m = scale.length;
  const { values, vectors } = symmetricEigen(scaled, m);
  const limit = NO_EIGENVALUE * values[m - 1]!;
  if (!(values[0]! > -1e3 * limit)) return null;
  const out = new Float64Array(size * size);
  const lost = new Set<number>();
  for (let k = 0; k < m; k++) {
    const vector = vectors.subarray(k * m, (k + 1) * m);
    if (values[k]! <= limit) {
      vector.forEach((x, i) => {
        if (Math.abs(x) > TAKES_PART) lost.add(i);
      });
      continue;
    }
    for (let j = 0; j < m; j++) {
      for (let i = 0; i < m; i++) {
        const at = free[j]! * size + free[i]!;
        out[at] = out[at]! + (2 * vector[i]! * vector[j]! * scale[i]! * scale[j]!) / values[k]!;
      }
    }
  }
  if (!withoutLost) return out;
  for (const i of lost) {
    for (let j = 0; j < m; j++) {
      out[free[i]! * size + free[j]!] = Number.NaN;
      out[free[j]! * size + free[i]!] = Number.NaN;
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
