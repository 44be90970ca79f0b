/**
 * The linear predictors of a generalized or cumulative fit over the rows used, at the estimates and the conditional modes:
 *
 *   x_c = offset_c + B_c psi + Z_c b,   b = Lambda u
 */
import { lambdaOf } from "./blocks/covariance-parameters.js";
import { applyLambda } from "./blocks/solve.js";
import type { GeneralizedEngine } from "./generalized-engine.js";
import { fixedPredictors } from "./laplace/row-model.js";
import { addRandom } from "./laplace/strands.js";

export interface RowPredictors {
  /** By predictor of the row model, n values each: random effects at their modes. */
  readonly whole: readonly Float64Array[];
  /** The same with all random effects zero. */
  readonly fixed: readonly Float64Array[];
}

export function rowPredictors({ problem, point, effects }: GeneralizedEngine): RowPredictors {
  const { model, structure, parameters, strands } = problem;
  const { n } = model;
  const fixed = model.predictors.map(() => new Float64Array(n));
  fixedPredictors(model, point.subarray(parameters.length), fixed);
  const whole = fixed.map((values) => Float64Array.from(values));
  const b = new Float64Array(structure.q);
  applyLambda(structure, lambdaOf(structure.groups, parameters, point), false, effects, 1, b);
  addRandom(strands, b, n, whole);
  return { whole, fixed };
}
