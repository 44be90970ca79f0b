/**
 * Damped scoring: Newton's method with an information matrix in place of the Hessian (Levenberg 1944; Marquardt 1963).
 *
 *   (H + mu diag H) delta = -g,   gain ratio = (F_old - F_new) / (-g'delta - delta'H delta / 2)
 *
 * Values only are computed on trial steps, derivatives only where a step was accepted. The estimated remaining gain is half the
 * squared scaled gradient norm g'H^-1 g; below the tolerance one last full step is taken and not searched.
 */
import { backwardSolve, cholesky, forwardSolve } from "../linalg/cholesky.js";
import { absolute, symmetricEigen } from "../linalg/symmetric.js";

/** A criterion to be minimised; `derivatives` belongs to the latest value asked for. */
export interface ScoringProblem<Point> {
  value(theta: Float64Array): { readonly value: number; readonly point: Point };
  derivatives(point: Point): { readonly gradient: Float64Array; readonly information: Float64Array };
  /** The Hessian at a point whose gradient is known, by differences: asked for where scoring is slow. Null where there is none. */
  hessian?(theta: Float64Array, gradient: Float64Array, information: Float64Array): Float64Array | null;
}

export interface ScoringResult<Point> {
  readonly theta: Float64Array;
  readonly value: number;
  readonly point: Point;
  /** sqrt(g'H^-1 g) at the last derivatives taken. */
  readonly gradientNorm: number;
  readonly converged: boolean;
  readonly iterations: number;
  /** The information matrix at the last derivatives taken, k x k; null where none could be taken. */
  readonly information: Float64Array | null;
}

export interface ScoringOptions {
  /** g'H^-1 g at which the search ends; default 1e-10. */
  readonly tolerance?: number;
  /** Accepted steps at most; default 200. */
  readonly maxIterations?: number;
  /**
   * How many of the latest steps correct the information matrix by what they showed of the curvature (see `withSecants`); default 0. For
   * criteria whose information matrix leaves something out.
   */
  readonly secants?: number;
}

const CONVERGED = 1e-4;

/** From this many parameters on a step is solved by a factorisation, which takes a small share of the time of eigenvalues. */
const MANY = 30;
/** Smallest diagonal element of the factor of a matrix of unit diagonal. */
const FAR_FROM_SINGULAR = 1e-4;

/** Share of the squared scaled gradient of two steps ago. */
const SLOW = 0.1;

/** Of the diagonal: the least damping after a step that failed. */
const DAMPING_AFTER_FAILURE = 1e-4;

/** Of the curvature expected: a step that showed less says little of the next one. */
const LEAST_CURVATURE = 0.05;

/** Iterations after which the Hessian is asked for, and asked for again. */
const PATIENCE = 14;

/** Steps that gained less than this, on the deviance scale, were near enough to the optimum to show its curvature. */
const NEAR = 3;

export function minimizeByScoring<Point>(
  problem: ScoringProblem<Point>,
  start: Float64Array,
  options: ScoringOptions = {},
): ScoringResult<Point> {
  const tolerance = options.tolerance ?? 1e-10;
  const maxIterations = options.maxIterations ?? 200;
  let theta = start;
  let { value, point } = problem.value(theta);
  let mu = 1e-4;
  let norm = Number.POSITIVE_INFINITY;
  let iterations = 0;
  let last: Float64Array | null = null;
  const secants: Secant[] = [];
  let before: Before | null = null;
  let measured: Float64Array | null = null;
  let measuredAt = 0;
  const decrements: number[] = [];
  if (!Number.isFinite(value)) return { theta, value, point, gradientNorm: norm, converged: false, iterations, information: null };
  for (; iterations < maxIterations; iterations++) {
    const { gradient, information: scored } = problem.derivatives(point);
    last = scored;
    if (problem.hessian !== undefined) decrements.push(scoringStep(gradient, scored, 0).decrement);
    if (problem.hessian !== undefined && iterations >= PATIENCE && isSlow(decrements) && iterations - measuredAt >= PATIENCE) {
      measuredAt = iterations;
      // Scoring is slow here: from now on with the curvature itself, kept up to date by the steps.
      const exact = problem.hessian(theta, gradient, scored);
      if (exact !== null) {
        measured = absolute(exact, theta.length);
        secants.length = 0;
        before = null;
        mu = Math.min(mu, 1e-4);
      }
    }
    const expected = measured ?? scored;
    if (before !== null && options.secants && before.gain < NEAR) {
      secants.push(secantOf(before, theta, gradient));
      if (measured === null && secants.length > options.secants) secants.shift();
    }
    const information = withSecants(expected, secants);
    const undamped = scoringStep(gradient, information, 0);
    norm = Math.sqrt(Math.max(0, undamped.decrement));
    const slope = slopeWithoutCurvature(gradient, information);
    if (slope > 0) {
      norm = Math.max(norm, Math.sqrt(slope));
      break;
    }
    if (undamped.decrement <= tolerance) {
      if (undamped.decrement === 0) break;
      const polished = problem.value(added(theta, undamped.step));
      if (polished.value <= value + 1e-9 * Math.max(1, Math.abs(value) * 1e-6)) {
        theta = added(theta, undamped.step);
        value = polished.value;
        point = polished.point;
      }
      break;
    }
    let accepted = false;
    for (let trial = 0; trial < 40; trial++) {
      const { step, predicted } = scoringStep(gradient, information, mu);
      const next = added(theta, step);
      const candidate = problem.value(next);
      const gain = Number.isFinite(candidate.value) ? (value - candidate.value) / predicted : Number.NEGATIVE_INFINITY;
      if (gain > 0.75) mu = Math.max(mu / 10, 1e-12);
      else if (gain === Number.NEGATIVE_INFINITY) mu *= 10;
      else if (gain < 0.25) mu *= 4;
      // Below this the damping would change nothing.
      if (gain <= 0) mu = Math.max(mu, DAMPING_AFTER_FAILURE);
      if (gain > 0) {
        before = { theta, gradient, gain: value - candidate.value };
        theta = next;
        value = candidate.value;
        point = candidate.point;
        accepted = true;
        break;
      }
      // No gain to be seen in the last digits: the criterion is flat to rounding.
      if (predicted < 1e-11 * Math.max(1, Math.abs(value))) break;
    }
    if (!accepted) break;
  }
  return { theta, value, point, gradientNorm: norm, converged: norm < CONVERGED, iterations, information: last };
}

/** Two steps ago the gradient was not much larger: convergence is linear. */
function isSlow(decrements: readonly number[]): boolean {
  const last = decrements.length - 1;
  return decrements[last]! > SLOW * decrements[last - 2]!;
}

/** A step taken and the change of the gradient over it. */
interface Secant {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

/** Where the latest step began and what it gained. */
interface Before {
  readonly theta: Float64Array;
  readonly gradient: Float64Array;
  readonly gain: number;
}

function secantOf(before: Before, theta: Float64Array, gradient: Float64Array): Secant {
  return { step: theta.map((x, i) => x - before.theta[i]!), change: gradient.map((x, i) => x - before.gradient[i]!) };
}

/**
 * The information matrix made to agree with the curvature that the latest steps showed, oldest first:
 *
 *   H := H - H s s'H / s'H s + y y' / y's
 *
 * (the update of Broyden, Fletcher, Goldfarb & Shanno applied to a matrix that is fresh at every point, as structured secant methods do:
 * Dennis, Gay & Welsch 1981). It stays positive semidefinite; a step over which the gradient did not rise is left out.
 */
function withSecants(information: Float64Array, secants: readonly Secant[]): Float64Array {
  if (secants.length === 0) return information;
  const h = Float64Array.from(information);
  for (const { step, change } of secants) {
    const n = step.length;
    const product = new Float64Array(n);
    let along = 0;
    let curvature = 0;
    for (let j = 0; j < n; j++) {
      const s = step[j]!;
      along += s * change[j]!;
      if (s !== 0) for (let i = 0; i < n; i++) product[i] = product[i]! + h[j * n + i]! * s;
    }
    for (let j = 0; j < n; j++) curvature += step[j]! * product[j]!;
    if (!(curvature > 0) || !(along > LEAST_CURVATURE * curvature)) continue;
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) {
        h[j * n + i] = h[j * n + i]! - (product[i]! * product[j]!) / curvature + (change[i]! * change[j]!) / along;
      }
    }
  }
  return h;
}

/**
 * The damped step, its predicted gain and the squared scaled gradient norm.
 * Directions without curvature (a zero column whose D is not positive) are left to the boundary rule.
 */
export function scoringStep(
  gradient: Float64Array,
  information: Float64Array,
  mu: number,
): { readonly step: Float64Array; readonly predicted: number; readonly decrement: number } {
  const n = gradient.length;
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const diagonal = information[i * n + i]!;
    scale[i] = diagonal > 0 ? 1 / Math.sqrt(diagonal) : 0;
  }
  const scaled = new Float64Array(n * n);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) scaled[j * n + i] = information[j * n + i]! * scale[i]! * scale[j]!;
  const direct = n > MANY ? solvedDirectly(scaled, gradient, scale, mu) : null;
  if (direct !== null) return { ...direct, predicted: predictedGain(gradient, information, direct.step) };
  const { values, vectors } = symmetricEigen(scaled, n);
  const step = new Float64Array(n);
  let decrement = 0;
  const floor = 1e-12 * Math.max(1, values[n - 1] ?? 1);
  for (let m = 0; m < n; m++) {
    const curvature = Math.max(values[m]!, 0) + mu;
    if (curvature <= floor) continue;
    let dot = 0;
    for (let i = 0; i < n; i++) dot += vectors[m * n + i]! * gradient[i]! * scale[i]!;
    decrement += (dot * dot) / curvature;
    for (let i = 0; i < n; i++) step[i] = step[i]! - (vectors[m * n + i]! * dot) / curvature;
  }
  for (let i = 0; i < n; i++) step[i] = step[i]! * scale[i]!;
  return { step, predicted: predictedGain(gradient, information, step), decrement };
}

function predictedGain(gradient: Float64Array, information: Float64Array, step: Float64Array): number {
  const n = gradient.length;
  let slope = 0;
  let quadratic = 0;
  for (let j = 0; j < n; j++) {
    slope -= gradient[j]! * step[j]!;
    for (let i = 0; i < n; i++) quadratic += step[i]! * information[j * n + i]! * step[j]!;
  }
  return Math.max(slope - quadratic / 2, Number.MIN_VALUE);
}

/** The same by a factorisation, where all parameters are seen and the matrix is far from singular; null elsewhere. */
function solvedDirectly(
  scaled: Float64Array,
  gradient: Float64Array,
  scale: Float64Array,
  mu: number,
): { readonly step: Float64Array; readonly decrement: number } | null {
  const n = gradient.length;
  if (scale.some((s) => s === 0)) return null;
  for (let j = 0; j < n; j++) scaled[j * (n + 1)] = scaled[j * (n + 1)]! + mu;
  const l = Float64Array.from(scaled);
  for (let j = 0; j < n; j++) scaled[j * (n + 1)] = scaled[j * (n + 1)]! - mu;
  if (cholesky(l, 0, n, n) >= 0) return null;
  for (let j = 0; j < n; j++) if (l[j * (n + 1)]! < FAR_FROM_SINGULAR) return null;
  const x = gradient.map((g, i) => -g * scale[i]!);
  forwardSolve(l, 0, n, n, x, 0, 1);
  const decrement = x.reduce((sum, value) => sum + value * value, 0);
  backwardSolve(l, 0, n, n, x, 0, 1);
  return { step: x.map((value, i) => value * scale[i]!), decrement };
}

/**
 * The largest slope along a parameter that the information does not see, 0 where there is none. The criterion then falls without a
 * bound or is lost in rounding (a response constant within units): no step can be trusted, and there is no minimum to converge to.
 */
function slopeWithoutCurvature(gradient: Float64Array, information: Float64Array): number {
  const n = gradient.length;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const slope = Math.abs(gradient[i]!);
    if (slope > 1e-6 && information[i * n + i]! < 1e-10 * slope) largest = Math.max(largest, slope);
  }
  return largest;
}

function added(theta: Float64Array, step: Float64Array): Float64Array {
  const out = new Float64Array(theta.length);
  for (let i = 0; i < out.length; i++) out[i] = theta[i]! + step[i]!;
  return out;
}
