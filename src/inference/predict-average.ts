/**
 * Outcomes of rows averaged over the random effects, as functions of all parameters.
 *
 *   m_i = E f(x_i(beta) + sqrt(v_i(theta)) z),   v_i = z_i'Sigma(theta) z_i,   Var(m_i) = J C J'
 *
 * C is the covariance of coefficients and variance parameters jointly, so that the standard errors know that the variances are estimated
 * (predict-integral.ts has the integral).
 */
import { lambdaOf, unwhitened } from "../models/blocks/covariance-parameters.js";
import type { GeneralizedEngine } from "../models/generalized-engine.js";
import { timesTransposed } from "../models/linalg/symmetric.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { integratedOutcome } from "./predict-integral.js";
import { type Outcome, outcomeSlopes } from "./predict-outcome.js";
import { randomVariances } from "./predict-random.js";
import { coefficientsOf, gradientOfRow, type PredictionRows, predictorValues, type RandomRows } from "./predict-rows.js";

/** Coefficients, then the variance parameters theta of a generalized fit. */
export interface ParameterCovariance {
  readonly size: number;
  /** size x size, column-major; NaN where none is known. */
  readonly values: Float64Array;
}

/** Evaluates one row after the other. */
export interface RowAverages {
  readonly quantities: readonly string[];
  /** Q values and, by quantity, gradients in the parameters (Q x size, row by row). */
  at(row: number, values: Float64Array, gradients: Float64Array): void;
}

/** Cov([T psi; theta]) = [T 0; 0 I] C [T 0; 0 I]'. */
export function parameterCovariance(fit: MixedFit): ParameterCovariance {
  const { values: coefficients, covariance } = coefficientsOf(fit);
  const p = coefficients.length;
  if (!isGeneralized(fit)) return { size: p, values: covariance };
  const { problem, jointCovariance, transform } = fit.engine;
  const k = problem.parameters.length;
  const { psiCount } = problem.model;
  const size = p + k;
  const values = new Float64Array(size * size).fill(Number.NaN);
  if (jointCovariance === null) return { size, values };
  const joint = k + psiCount;
  for (let c = 0; c < p; c++) for (let r = 0; r < p; r++) values[c * size + r] = covariance[c * p + r]!;
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < k; i++) values[(p + j) * size + p + i] = jointCovariance[j * joint + i]!;
    for (let r = 0; r < p; r++) {
      let sum = 0;
      for (let c = 0; c < psiCount; c++) sum += transform[r * psiCount + c]! * jointCovariance[j * joint + k + c]!;
      values[(p + j) * size + r] = sum;
      values[r * size + p + j] = sum;
    }
  }
  return { size, values };
}

/**
 * @param integrated false: random effects of zero
 * @throws FitError for more than three predictors with random effects
 */
export function rowAverages(fit: MixedFit, rows: PredictionRows, outcome: Outcome, integrated: boolean): RowAverages {
  const { rowCount, predictors, random } = rows;
  const { values: coefficients } = coefficientsOf(fit);
  const p = predictors.length;
  const varying = integrated && isGeneralized(fit) ? [...new Set(random.map(({ predictor }) => predictor))].sort((a, b) => a - b) : [];
  const whole = integratedOutcome(outcome, varying);
  const fixed = predictorValues(rows, coefficients);
  const variances = varying.length === 0 ? [] : randomVariances(random, p, rowCount, "all");
  const moves = varying.length === 0 || !isGeneralized(fit) ? [] : varianceSlopes(fit.engine, rows);
  const at = new Float64Array(whole.predictorCount);
  const quantities = whole.quantities.length;
  const slopes = new Float64Array(quantities * whole.predictorCount);
  const gradient = new Float64Array(coefficients.length);
  const size = coefficients.length + (isGeneralized(fit) ? fit.engine.problem.parameters.length : 0);
  return {
    quantities: whole.quantities,
    at(row, values, gradients) {
      for (let c = 0; c < p; c++) at[c] = fixed[c]![row]!;
      varying.forEach((c, d) => {
        at[p + d] = variances[c]![row]!;
      });
      whole.values(at, values);
      outcomeSlopes(whole, at, slopes);
      gradients.fill(0);
      for (let q = 0; q < quantities; q++) {
        const own = slopes.subarray(q * whole.predictorCount, (q + 1) * whole.predictorCount);
        gradientOfRow(rows, row, own, gradient);
        gradients.set(gradient, q * size);
        moves.forEach((move, j) => {
          let sum = 0;
          for (let d = 0; d < varying.length; d++) sum += own[p + d]! * move[varying[d]!]![row]!;
          gradients[q * size + coefficients.length + j] = sum;
        });
      }
    },
  };
}

/** dv_i / dtheta_j by variance parameter and predictor: Sigma is quadratic in theta, so that central differences are exact. */
function varianceSlopes({ problem, point }: GeneralizedEngine, { random, predictors, rowCount }: PredictionRows): Float64Array[][] {
  const { parameters, structure } = problem;
  const { groups } = structure;
  const sigmaAt = (theta: Float64Array): ((rows: RandomRows) => Float64Array) => {
    const lambda = lambdaOf(groups, parameters, theta).map((own, k) => unwhitened(groups[k]!, own));
    return ({ term }) => {
      const k = groups.findIndex(({ parts }) => parts.some((part) => part.term === term.index));
      const { parts, size } = groups[k]!;
      const { start, size: m } = parts.find((part) => part.term === term.index)!;
      const own = new Float64Array(m * m);
      for (let c = 0; c < m; c++) for (let r = c; r < m; r++) own[c * m + r] = lambda[k]![(start + c) * size + start + r]!;
      return timesTransposed(own, m);
    };
  };
  return parameters.map((_, j) => {
    const step = 1e-3 * Math.max(0.1, Math.abs(point[j]!));
    const moved = (by: number): Float64Array[] => {
      const theta = point.slice(0, parameters.length);
      theta[j] = theta[j]! + by;
      return randomVariances(random, predictors.length, rowCount, "all", sigmaAt(theta));
    };
    const below = moved(-step);
    return moved(step).map((values, c) => values.map((value, i) => (value - below[c]![i]!) / (2 * step)));
  });
}

/** sqrt(g'C g). */
export function errorOfGradient({ size, values }: ParameterCovariance, gradient: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < size; j++) {
    const gj = gradient[j]!;
    if (gj === 0) continue;
    for (let i = 0; i < size; i++) sum += gradient[i]! * values[j * size + i]! * gj;
  }
  return Math.sqrt(Math.max(0, sum));
}
