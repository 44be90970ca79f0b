/**
 * Kenward & Roger's covariance of the fixed effects and degrees of freedom, for linear models fitted by REML.
 *
 *   Phi_A = Phi + 2 Phi { sum_rs W_rs (Q_rs - P_r Phi P_s) } Phi,   W = 2 I^-1
 *   P_r = -X'V^-1 G_r V^-1 X,   Q_rs = X'V^-1 G_r V^-1 G_s V^-1 X,   I_rs = tr(V^-1 G_r V^-1 G_s) - 2 tr(Phi Q_rs) + tr(Phi P_r Phi P_s)
 *
 * V = sum_r tau_r G_r is linear in the variances and covariances tau of the random effects and of the residual, so that the term with its
 * second derivatives vanishes; I is the expected information of REML (Kenward & Roger 1997, Biometrics 53, sections 2 and 3). For q
 * contrasts L, with Theta = L (L'Phi L)^-1 L',
 *
 *   A1 = sum W_rs tr(Theta Phi P_r Phi) tr(Theta Phi P_s Phi),   A2 = sum W_rs tr(Theta Phi P_r Phi Theta Phi P_s Phi)
 *
 * give the denominator's degrees of freedom and the factor lambda of F. Everything is made from blocks (kenward-roger-adjustment.ts).
 * At a variance of zero all components stay, as in pbkrtest (Halekoh & Hojsgaard 2014): the
 * expected information is regular there.
 */
import { FitError, testMessages } from "../messages.js";
import { factorAt } from "../models/blocks/criterion.js";
import type { LinearMixedFit } from "../models/fit.js";
import { multiply, symmetricEigen } from "../models/linalg/symmetric.js";
import { kenwardRogerAdjustment } from "./kenward-roger-adjustment.js";
import { LARGEST_CORE, largestCore } from "./linear-variance.js";
import { unscaledCovariance } from "./satterthwaite.js";

/** Everything about a fit that Kenward & Roger's tests need, in the fit's own coefficients and units; p is their number. */
export interface KenwardRogerModel {
  readonly p: number;
  /** p x p: Phi, the covariance as estimated. */
  readonly phi: Float64Array;
  /** p x p: Phi_A. */
  readonly adjusted: Float64Array;
  /** By (co)variance, the residual's last: Phi P_r Phi in units of Phi, p x p. */
  readonly changes: readonly Float64Array[];
  /** Square of that number: W, in the units that make `changes` and it go together. */
  readonly weights: Float64Array;
}

const models = new WeakMap<LinearMixedFit, KenwardRogerModel>();

/**
 * As R's `vcovAdj` of pbkrtest; computed once a fit.
 *
 * @throws FitError for fits by maximum likelihood, and for crossed factors with too many levels
 * @example Math.sqrt(kenwardRogerModel(lmm("mAch ~ 1 + (1 | school)", hsb)).adjusted[0]) // => 0.244397
 */
export function kenwardRogerModel(fit: LinearMixedFit): KenwardRogerModel {
  const known = models.get(fit);
  if (known !== undefined) return known;
  const model = assembled(fit, null);
  models.set(fit, model);
  return model;
}

/** The model in which what is estimated as zero is left out: for comparison at a boundary. Null where nothing is zero. */
export function kenwardRogerWithoutZeros(fit: LinearMixedFit): KenwardRogerModel | null {
  const zero = zeroParameters(fit);
  return zero.some((one) => one) ? assembled(fit, zero) : null;
}

/** By parameter: whether it belongs to an effect without variance. */
function zeroParameters({ engine: { problem, optimum } }: LinearMixedFit): readonly boolean[] {
  const { structure, parameters } = problem;
  const zero = (group: number, row: number): boolean => {
    const { size } = structure.groups[group]!;
    for (let c = 0; c < size; c++) if (optimum.lambda[group]![c * size + row] !== 0) return false;
    return true;
  };
  return parameters.map(({ group, row, column }) => zero(group, row) || zero(group, column));
}

/** Adjusted variance of c'beta and its degrees of freedom. */
export function kenwardRogerContrast(
  model: KenwardRogerModel,
  contrast: ArrayLike<number>,
): { readonly variance: number; readonly df: number } {
  const { p, phi, adjusted, changes, weights } = model;
  const plain = quadratic(phi, contrast, p);
  const along = changes.map((change) => quadratic(change, contrast, p) / plain);
  const a = weighted(weights, along, along);
  return { variance: quadratic(adjusted, contrast, p), df: approximation(1, a, a).df };
}

/**
 * F statistic of L beta = d, scaled as Kenward & Roger have it.
 *
 * @param rows contrasts, each with p entries; dependent rows count once
 * @param deviations L beta - d, one a row
 */
export function kenwardRogerTest(
  model: KenwardRogerModel,
  rows: readonly ArrayLike<number>[],
  deviations: ArrayLike<number>,
): { readonly numDF: number; readonly denDF: number; readonly statistic: number } {
  const { p, phi, adjusted, changes, weights } = model;
  const k = rows.length;
  const { values, vectors } = symmetricEigen(between(phi, rows, p), k);
  // Rotated to unit variance, so that Theta is the sum of the rotated rows' squares.
  const kept = Array.from({ length: k }, (_, m) => m).filter((m) => values[m]! > 1e-10 * values[k - 1]!);
  const rotated = kept.map((m) => {
    const scale = 1 / Math.sqrt(values[m]!);
    return {
      row: Float64Array.from({ length: p }, (_, j) => rows.reduce((sum, row, i) => sum + scale * vectors[m * k + i]! * row[j]!, 0)),
      deviation: rows.reduce((sum, _, i) => sum + scale * vectors[m * k + i]! * deviations[i]!, 0),
    };
  });
  const q = rotated.length;
  const basis = rotated.map(({ row }) => row);
  const inside = changes.map((change) => between(change, basis, p));
  const traces = inside.map((d) => basis.reduce((sum, _, i) => sum + d[i * q + i]!, 0));
  const a1 = weighted(weights, traces, traces);
  let a2 = 0;
  const count = changes.length;
  for (let r = 0; r < count; r++) {
    for (let s = 0; s < count; s++) {
      let trace = 0;
      for (let x = 0; x < q * q; x++) trace += inside[r]![x]! * inside[s]![x]!;
      a2 += weights[s * count + r]! * trace;
    }
  }
  const { df, scale } = approximation(q, a1, a2);
  const covariance = between(adjusted, basis, p);
  const eigen = symmetricEigen(covariance, q);
  let wald = 0;
  for (let m = 0; m < q; m++) {
    const along = rotated.reduce((sum, { deviation }, i) => sum + eigen.vectors[m * q + i]! * deviation, 0);
    wald += (along * along) / eigen.values[m]!;
  }
  return { numDF: q, denDF: df, statistic: (scale * wald) / q };
}

/** Degrees of freedom and lambda from A1 and A2 (Kenward & Roger 1997, section 3.2). */
function approximation(q: number, a1: number, a2: number): { readonly df: number; readonly scale: number } {
  if (!(a2 > 0)) return { df: Number.POSITIVE_INFINITY, scale: 1 };
  const b = (a1 + 6 * a2) / (2 * q);
  const g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2);
  const divisor = 3 * q + 2 * (1 - g);
  const upper = 1 + (g / divisor) * b;
  const first = 1 - ((q - g) / divisor) * b;
  const second = 1 - ((q + 2 - g) / divisor) * b;
  const mean = 1 - a2 / q;
  // Where both vanish, as in balanced designs with one contrast, their ratio tends to one.
  const ratio = Math.abs(mean) < 1e-14 && Math.abs(first) < 1e-14 ? 1 : mean / first;
  const rho = (ratio * ratio * (Math.abs(upper) < 1e-10 ? 0 : upper)) / (q * second);
  const df = 4 + (q + 2) / (q * rho - 1);
  return { df, scale: Math.abs(df - 2) < 1e-2 ? 1 : (df * mean) / (df - 2) };
}

function weighted(weights: Float64Array, a: readonly number[], b: readonly number[]): number {
  const count = a.length;
  let sum = 0;
  for (let s = 0; s < count; s++) for (let r = 0; r < count; r++) sum += weights[s * count + r]! * a[r]! * b[s]!;
  return sum;
}

/** L'A L for the rows of L'. */
function between(a: Float64Array, rows: readonly ArrayLike<number>[], p: number): Float64Array {
  const k = rows.length;
  const out = new Float64Array(k * k);
  for (let j = 0; j < k; j++) for (let i = 0; i <= j; i++) out[j * k + i] = out[i * k + j] = bilinear(a, rows[i]!, rows[j]!, p);
  return out;
}

function quadratic(a: Float64Array, x: ArrayLike<number>, p: number): number {
  return bilinear(a, x, x, p);
}

function bilinear(a: Float64Array, x: ArrayLike<number>, y: ArrayLike<number>, p: number): number {
  let sum = 0;
  for (let j = 0; j < p; j++) {
    if (y[j] === 0) continue;
    for (let i = 0; i < p; i++) sum += x[i]! * a[j * p + i]! * y[j]!;
  }
  return sum;
}

/** @param without parameters that are left out, null for none */
function assembled(fit: LinearMixedFit, without: readonly boolean[] | null): KenwardRogerModel {
  const { problem, optimum, basis, response } = fit.engine;
  if (!problem.reml) throw new FitError(testMessages.kenwardRogerNeedsReml);
  const core = largestCore(problem.structure);
  if (core > LARGEST_CORE) throw new FitError(testMessages.kenwardRogerTooLarge(core));
  factorAt(problem, optimum.lambda);
  const phi = unscaledCovariance(problem);
  const { changes, weights, correction } = kenwardRogerAdjustment(problem, optimum.lambda, phi, without);
  const p = problem.structure.p;
  const unit = optimum.s * response.scale * response.scale;
  const own = (matrix: Float64Array): Float64Array => congruent(basis.transform, matrix, p).map((x) => x * unit);
  const adjusted = phi.map((value, x) => value + correction[x]!);
  return { p, phi: own(phi), adjusted: own(adjusted), changes: changes.map(own), weights };
}

/** T A T'. */
function congruent(t: Float64Array, a: Float64Array, p: number): Float64Array {
  const half = multiply(t, a, p);
  const out = new Float64Array(p * p);
  for (let c = 0; c < p; c++) {
    for (let r = 0; r < p; r++) {
      let sum = 0;
      for (let k = 0; k < p; k++) sum += half[k * p + r]! * t[k * p + c]!;
      out[c * p + r] = sum;
    }
  }
  return out;
}
