/**
 * The model without its random effects: maximum likelihood in psi by scoring with the observed information (its absolute
 * eigenvalues where it is not positive definite). It gives the start of the mixed model.
 */
import { absolute } from "../linalg/symmetric.js";
import { minimizeByScoring } from "../optimize/scoring.js";
import { fixedInformation, fixedPredictors, fixedScores, type RowDerivatives, type RowModel, rowDerivatives } from "./row-model.js";

/** Squared scaled gradient at which the search ends: a start is wanted, and coefficients that run off should not get far. */
const NEAR_ENOUGH = 1e-2;

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
  tolerance: number = NEAR_ENOUGH,
  maxIterations: number = 15,
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
    { maxIterations, tolerance },
  );
  fixedPredictors(model, found.theta, predictors);
  const deviance = -2 * rowDerivatives(model, predictors, 2, rows);
  return { psi: found.theta, deviance, converged: found.converged };
}
