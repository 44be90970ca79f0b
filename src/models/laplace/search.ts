/**
 * The optimum of the Laplace (or quadrature) criterion in theta and psi together, from a start, by scoring with the exact gradient.
 */
import { projectedProducts } from "../blocks/derivatives.js";
import { type CovarianceOptimum, type CovarianceSearch, searchOptimum } from "../optimize/covariance-search.js";
import { evaluateLaplace, type LaplaceEvaluation, laplaceDerivatives, laplaceGradient } from "./criterion.js";
import { forwardHessian, freeElements } from "./hessian.js";
import type { LaplaceProblem } from "./problem.js";

/** Squared scaled gradient at which one full step more ends the search: 5e-5 of a standard error, which the step squares. */
const TOLERANCE = 2e-9;

/** With more parameters than this the Hessian costs more than the steps it saves. */
const MOST_MEASURED = 60;

/** Steps that correct the scoring matrix: it knows nothing of the dependence between variances and coefficients. */
const SECANTS = 3;

export interface LaplaceSearch extends CovarianceSearch<LaplaceEvaluation> {
  /** u of the latest evaluation that had a value: where the next inner search begins. */
  warm: Float64Array;
}

/** The search problem; keeps the latest mode as the start of the next. */
export function laplaceSearch(problem: LaplaceProblem): LaplaceSearch {
  const { structure, parameters, model, factor, gram, profiled } = problem;
  const k = parameters.length;
  let latest: Float64Array | null = null;
  const search: LaplaceSearch = {
    structure,
    parameters,
    n: model.n,
    warm: new Float64Array(structure.q),
    value: (x) => {
      // Profiled elements begin where they were optimal last.
      const point = Float64Array.from(x);
      if (latest !== null) for (const j of profiled) point[k + j] = latest[k + j]!;
      const evaluation = evaluateLaplace(problem, point, search.warm);
      if (evaluation.mode !== null) {
        search.warm = evaluation.mode.u;
        latest = evaluation.point;
      }
      return { value: evaluation.value, point: evaluation };
    },
    derivatives: (evaluation) => laplaceDerivatives(problem, evaluation),
    hessian: (x, gradient, information) => {
      const free = freeElements(problem, x);
      if (free.length > MOST_MEASURED) return { matrix: null, evaluations: 0 };
      const gradientAt = (point: Float64Array): Float64Array | null => {
        const moved = evaluateLaplace(problem, point, search.warm);
        return moved.mode === null ? null : laplaceGradient(problem, moved).gradient;
      };
      const matrix = forwardHessian(gradientAt, x, gradient, free, information);
      return { matrix, evaluations: free.length };
    },
    curvature: (evaluation, c) => projectedProducts(structure, factor, gram, evaluation.factored, c, 1)[0]!,
  };
  return search;
}

export interface LaplaceOptimum extends CovarianceOptimum {
  /** u at the latest point that had a value, near the optimum. */
  readonly effects: Float64Array;
}

export function searchLaplace(problem: LaplaceProblem, start: Float64Array): LaplaceOptimum {
  const search = laplaceSearch(problem);
  const found = searchOptimum(search, start, { secants: SECANTS, tolerance: TOLERANCE });
  return { ...found, effects: search.warm };
}
