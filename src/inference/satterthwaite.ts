/**
 * Satterthwaite's degrees of freedom for linear mixed models.
 *
 *   v = c'Phi(theta, sigma) c,   nu = 2 v^2 / (grad v)' (2 H^-1) (grad v)
 *
 * H is the observed Hessian of the (restricted) deviance in theta and sigma (Giesbrecht & Burns 1985; Kuznetsova, Brockhoff &
 * Christensen 2017; observed-hessian.ts); grad v is exact, in q x p blocks:
 *
 *   dPhi/dtheta_j = s M [ sum_l B_l' (lambda_j' lambda' + lambda lambda_j'') B_l ] M,   B = Z'V0^-1 X,   M = (X'V0^-1 X)^-1
 *
 * For q contrasts jointly: Fai & Cornelius (1996). A direction of theta without curvature does not count.
 */

import { factorAt, type LinearProblem } from "../models/blocks/criterion.js";
import { applyLambda, backwardSolveRandom, fixedRowsOf, inverseOfFixed, multiplyGram } from "../models/blocks/solve.js";
import type { LinearMixedFit } from "../models/fit.js";
import { multiply, symmetricEigen } from "../models/linalg/symmetric.js";
import { performTask } from "../models/parallel/tasks.js";
import { type HessianPlan, hessianFrom, hessianPlan } from "./observed-hessian.js";

/** Everything about a fit that degrees of freedom need; p is the number of fixed effects. */
export interface SatterthwaiteModel {
  readonly p: number;
  /** p x p: covariance of the working coefficients, unit residual variance of the working response included. */
  readonly phi: Float64Array;
  /** p x p: working coefficients to the model's: beta = T beta*. */
  readonly transform: Float64Array;
  /** By variance parameter (theta, then sigma): derivative of phi, p x p. */
  readonly phiDerivatives: readonly Float64Array[];
  /** k x k: 2 H^-1, the covariance of the variance parameters. */
  readonly parameterCovariance: Float64Array;
}

const models = new WeakMap<LinearMixedFit, SatterthwaiteModel>();

/** Computed once a fit. */
export function satterthwaiteModel(fit: LinearMixedFit): SatterthwaiteModel {
  const known = models.get(fit);
  if (known !== undefined) return known;
  const plan = hessianPlan(fit.engine);
  return modelFromGradients(
    fit,
    plan,
    plan.points.map((theta) => performTask("gradient", plan.shared, theta)),
  );
}

/** Whether the fit's model has been computed already. */
export function hasSatterthwaiteModel(fit: LinearMixedFit): boolean {
  return models.has(fit);
}

/** The model from the gradients that its Hessian needs, wherever they were computed; remembered for the fit. */
export function modelFromGradients(fit: LinearMixedFit, plan: HessianPlan, gradients: readonly Float64Array[]): SatterthwaiteModel {
  const model = assembled(fit, hessianFrom(fit.engine, plan, gradients));
  models.set(fit, model);
  return model;
}

/** Variance of c'beta and its degrees of freedom. */
export function contrastDf(model: SatterthwaiteModel, contrast: ArrayLike<number>): { readonly variance: number; readonly df: number } {
  const c = working(model, contrast);
  const variance = quadratic(model.phi, c, model.p);
  const gradient = Float64Array.from(model.phiDerivatives, (d) => quadratic(d, c, model.p));
  const spread = quadratic(model.parameterCovariance, gradient, gradient.length);
  return { variance, df: (2 * variance * variance) / spread };
}

/**
 * F statistic of L beta = d with Fai & Cornelius' denominator degrees of freedom.
 *
 * @param rows contrasts, each with p entries; dependent rows count once
 * @param deviations L beta - d, one a row
 * @param scale units of the estimates in those of the model: `fit.engine.response.scale`
 */
export function jointTest(
  model: SatterthwaiteModel,
  rows: readonly ArrayLike<number>[],
  deviations: ArrayLike<number>,
  scale: number,
): { readonly numDF: number; readonly denDF: number; readonly statistic: number } {
  const { p, phi } = model;
  const k = rows.length;
  const l = rows.map((row) => working(model, row));
  const covariance = new Float64Array(k * k);
  for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) covariance[j * k + i] = bilinear(phi, l[i]!, l[j]!, p);
  const { values, vectors } = symmetricEigen(covariance, k);
  const largest = values[k - 1]!;
  const dfs: number[] = [];
  let statistic = 0;
  for (let m = k - 1; m >= 0; m--) {
    if (!(values[m]! > 1e-10 * largest)) continue;
    const rotated = new Float64Array(p);
    let estimate = 0;
    for (let i = 0; i < k; i++) {
      const v = vectors[m * k + i]!;
      for (let j = 0; j < p; j++) rotated[j] = rotated[j]! + v * l[i]![j]!;
      estimate += v * deviations[i]!;
    }
    estimate /= scale;
    const gradient = Float64Array.from(model.phiDerivatives, (d) => quadratic(d, rotated, p));
    const spread = quadratic(model.parameterCovariance, gradient, gradient.length);
    dfs.push((2 * values[m]! * values[m]!) / spread);
    statistic += (estimate * estimate) / values[m]!;
  }
  const numDF = dfs.length;
  return { numDF, denDF: combinedDf(dfs), statistic: statistic / numDF };
}

function combinedDf(dfs: readonly number[]): number {
  const q = dfs.length;
  if (q === 1) return dfs[0]!;
  const mean = dfs.reduce((sum, df) => sum + df, 0) / q;
  if (dfs.every((df) => Math.abs(df - mean) < 1e-8 * mean)) return mean;
  if (dfs.some((df) => df <= 2)) return 2;
  const e = dfs.reduce((sum, df) => sum + df / (df - 2), 0);
  return (2 * e) / (e - q);
}

/** A contrast of the model's coefficients as one of the working coefficients: T'c. */
function working({ transform, p }: SatterthwaiteModel, contrast: ArrayLike<number>): Float64Array {
  const out = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    let sum = 0;
    for (let i = 0; i < p; i++) sum += transform[j * p + i]! * contrast[i]!;
    out[j] = sum;
  }
  return out;
}

function quadratic(a: Float64Array, x: Float64Array, n: number): number {
  return bilinear(a, x, x, n);
}

function bilinear(a: Float64Array, x: Float64Array, y: Float64Array, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) {
    if (y[j] === 0) continue;
    for (let i = 0; i < n; i++) sum += x[i]! * a[j * n + i]! * y[j]!;
  }
  return sum;
}

function assembled(fit: LinearMixedFit, hessian: Float64Array): SatterthwaiteModel {
  const { problem, optimum, basis } = fit.engine;
  const { p } = problem.structure;
  const { s } = optimum;
  factorAt(problem, optimum.lambda);
  const m = unscaledCovariance(problem);
  const phi = m.map((x) => x * s);
  const phiDerivatives = thetaDerivatives(problem, optimum.lambda, m, s);
  phiDerivatives.push(phi.map((x) => (2 * x) / Math.sqrt(s)));
  return { p, phi, transform: basis.transform, phiDerivatives, parameterCovariance: twiceInverse(hessian, problem.parameters.length + 1) };
}

/** M = (X'V0^-1 X)^-1 for the current factor, p x p. */
export function unscaledCovariance({ factor, structure: { p } }: LinearProblem): Float64Array {
  const half = inverseOfFixed(factor);
  const m = new Float64Array(p * p);
  for (let c = 0; c < p; c++) {
    for (let r = 0; r < p; r++) {
      let sum = 0;
      for (let k = Math.max(c, r); k < p; k++) sum += half[c * p + k]! * half[r * p + k]!;
      m[c * p + r] = sum;
    }
  }
  return m;
}

/** B = Z'V0^-1 X = Z'X - Z'Z Lambda Omega_ZZ^-1 Lambda'Z'X for the current factor; q x p, row by row. */
export function randomByFixed({ structure, gram, factor }: LinearProblem, lambda: readonly Float64Array[]): Float64Array {
  const { q, p } = structure;
  const { solved, cross } = fixedRowsOf(factor, gram);
  backwardSolveRandom(factor, solved, p);
  const modes = new Float64Array(q * p);
  applyLambda(structure, lambda, false, solved, p, modes);
  const product = new Float64Array((q + p) * p);
  multiplyGram(structure, gram, modes, p, product);
  for (let x = 0; x < q * p; x++) cross[x] = cross[x]! - product[x]!;
  return cross;
}

/** dPhi/dtheta_j for the current factor (at factors that are not lifted). */
function thetaDerivatives(problem: LinearProblem, lambda: readonly Float64Array[], m: Float64Array, s: number): Float64Array[] {
  const { structure, parameters } = problem;
  const { groups, nodeOf, position, p } = structure;
  const b = randomByFixed(problem, lambda);
  return parameters.map(({ group, row, column }) => {
    const { size } = groups[group]!;
    const lam = lambda[group]!;
    const inner = new Float64Array(p * p);
    const along = new Float64Array(p);
    for (const t of nodeOf[group]!) {
      const at = position[t]! * p;
      // sum over (E lambda' + lambda E'): B_row (lambda_column' B) and its transpose
      along.fill(0);
      for (let r = 0; r < size; r++) {
        const l = lam[column * size + r]!;
        if (l !== 0) for (let j = 0; j < p; j++) along[j] = along[j]! + l * b[at + r * p + j]!;
      }
      for (let j = 0; j < p; j++) {
        const x = b[at + row * p + j]!;
        for (let k = 0; k < p; k++) inner[j * p + k] = inner[j * p + k]! + x * along[k]! + along[j]! * b[at + row * p + k]!;
      }
    }
    return multiply(multiply(m, inner, p), m, p).map((x) => x * s);
  });
}

/** 2 H^-1 over the directions with curvature, judged after scaling H to unit diagonal. */
export function twiceInverse(h: Float64Array, n: number): Float64Array {
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) scale[i] = h[i * n + i]! > 0 ? 1 / Math.sqrt(h[i * n + i]!) : 0;
  const scaled = new Float64Array(n * n);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) scaled[j * n + i] = h[j * n + i]! * scale[i]! * scale[j]!;
  const { values, vectors } = symmetricEigen(scaled, n);
  const out = new Float64Array(n * n);
  for (let m = 0; m < n; m++) {
    if (!(values[m]! > 1e-8 * values[n - 1]!)) continue;
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) {
        out[j * n + i] = out[j * n + i]! + (2 * vectors[m * n + i]! * vectors[m * n + j]! * scale[i]! * scale[j]!) / values[m]!;
      }
    }
  }
  return out;
}
