/**
 * The optimum of a linear mixed model's criterion in theta.
 */
import { type Evaluation, evaluate, type LinearProblem } from "../blocks/criterion.js";
import { averageInformation, type Derivatives, derivatives } from "../blocks/derivatives.js";
import { type CovarianceOptimum, searchOptimum } from "./covariance-search.js";

export interface LinearOptimum extends Omit<CovarianceOptimum, "x"> {
  readonly theta: Float64Array;
}

export function searchLinearOptimum(problem: LinearProblem, start: Float64Array): LinearOptimum {
  const { structure, parameters, n } = problem;
  const { x, ...found } = searchOptimum<Evaluation>(
    {
      structure,
      parameters,
      n,
      value: (theta) => {
        const point = evaluate(problem, theta);
        return { value: point.value, point };
      },
      derivatives: (point): Derivatives => derivatives(problem, point),
      curvature: (point, c, scores) => averageInformation(problem, point, c, scores, 1, point.s)[0]!,
    },
    start,
  );
  return { theta: x, ...found };
}
