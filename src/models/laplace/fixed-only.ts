/**
 * The model without its random effects: maximum likelihood in psi by scoring with the observed information (its absolute
 * eigenvalues where it is not positive definite). It gives the start of the mixed model.
 */
import { symmetricEigen } from "../linalg/symmetric.js";
import { minimizeByScoring } from "../optimize/scoring.js";
import { fixedInformation, fixedPredictors, fixedScores, type RowDerivatives, type RowModel, rowDerivatives } from "./row-model.js";

export interface FixedOnly {
  readonly psi: Float64Array;
  /** -2 log-likelihood. */
  readonly deviance: number;
  readonly converged: boolean;
}

/**
 * @param rows room for the derivatives; left at the optimum, first and second order
 * @param predictors P arrays of n values; left at the optimum
 */
export function fitFixedOnly(
  model: RowModel,
  rows: RowDerivatives,
  predictors: readonly Float64Array[],
  start: Float64Array,
  maxIterations: number = 50,
): FixedOnly {
  const { psiCount } = model;
  const found = minimizeByScoring<Float64Array>(
    {
      value: (psi) => {
        fixedPredictors(model, psi, predictors);
        return { value: -2 * rowDerivatives(model, predictors, 2, rows), point: psi };
      },
      derivatives: () => {
        const gradient = fixedScores(model, rows.first).map((x) => -2 * x);
        const information = absolute(fixedInformation(model, rows.second), psiCount).map((x) => 2 * x);
        return { gradient, information };
      },
    },
    start,
    { maxIterations },
  );
  fixedPredictors(model, found.theta, predictors);
  const deviance = -2 * rowDerivatives(model, predictors, 2, rows);
  return { psi: found.theta, deviance, converged: found.converged };
}

/** A symmetric matrix with the absolute values of its eigenvalues. */
export function absolute(t: Float64Array, n: number): Float64Array {
  if (n === 0) return t;
  const { values, vectors } = symmetricEigen(t, n);
  if (values[0]! >= 0) return t;
  const out = new Float64Array(n * n);
  for (let m = 0; m < n; m++) {
    const value = Math.abs(values[m]!);
    for (let c = 0; c < n; c++)
      for (let r = 0; r < n; r++) out[c * n + r] = out[c * n + r]! + value * vectors[m * n + r]! * vectors[m * n + c]!;
  }
  return out;
}
