/**
 * The gradient of the Laplace criterion cluster by cluster.
 *
 * Where no random effect ties rows of different clusters together H is block-diagonal, and F = sum_j F_j with F_j the criterion of cluster
 * j's rows alone. Each F_j has the gradient of criterion.ts over its own rows and levels:
 *
 *   dF_j/dpsi = sum over its rows of B'(-2 dl + r),   dF_j/dlambda = 2 D_j lambda,
 *   D_j = sum over its levels of lambda^-T (I - C_ll) lambda^-1 - e e' + (rho e' + e rho') / 2
 */
import { congruence } from "../blocks/criterion.js";
import { covarianceGradient } from "../blocks/derivatives.js";
import { inverseBlocks } from "../blocks/selected-inverse.js";
import { invertLower } from "../linalg/symmetric.js";
import { evaluateLaplace, gradientPieces } from "./criterion.js";
import type { LaplaceProblem } from "./problem.js";

/**
 * @param problem of the Laplace approximation: no quadrature, nothing profiled
 * @param point theta, then psi
 * @param effects u to begin the search for the mode at
 * @param clusterOf n: the cluster of each row, from 0 on
 * @param clusterOfLevel by group: the cluster of each of its levels
 * @returns (theta, psi) x clusters, column-major; null where the criterion has no value
 */
export function clusterGradients(
  problem: LaplaceProblem,
  point: Float64Array,
  effects: Float64Array,
  clusterOf: Int32Array,
  clusterOfLevel: readonly Int32Array[],
  clusters: number,
): Float64Array | null {
  const evaluation = evaluateLaplace(problem, point, effects);
  if (evaluation.mode === null) return null;
  const { lambda, factored } = evaluation;
  const { structure, parameters, model, factor } = problem;
  const { groups, nodeOf, position } = structure;
  const size = parameters.length + model.psiCount;
  const out = new Float64Array(size * clusters);
  const { rows, scores, implicit } = gradientPieces(problem, evaluation);

  model.predictors.forEach(({ columns, parameter }, c) => {
    const own = rows[c]!;
    columns.forEach((column, j) => {
      const at = parameters.length + parameter[j]!;
      for (let i = 0; i < model.n; i++) out[clusterOf[i]! * size + at]! += column[i]! * own[i]!;
    });
  });

  const { blocks } = inverseBlocks(factor, false, true);
  const d = groups.map(({ size: s }) => new Float64Array(s * s * clusters));
  groups.forEach(({ size: s, levelCount }, k) => {
    const inverse = invertLower(factored[k]!, s);
    const middle = new Float64Array(s * s);
    for (let level = 0; level < levelCount; level++) {
      const at = position[nodeOf[k]![level]!]!;
      for (let x = 0; x < s * s; x++) middle[x] = -blocks![k]![level * s * s + x]!;
      for (let a = 0; a < s; a++) middle[a * s + a]! += 1;
      const whitened = congruence(inverse, middle, s);
      const to = clusterOfLevel[k]![level]! * s * s;
      for (let c = 0; c < s; c++) {
        for (let r = 0; r < s; r++) {
          const e = scores[at + c]!;
          const f = scores[at + r]!;
          d[k]![to + c * s + r]! += whitened[c * s + r]! - e * f + 0.5 * (implicit[at + c]! * f + e * implicit[at + r]!);
        }
      }
    }
  });
  for (let j = 0; j < clusters; j++) {
    const own = groups.map(({ size: s }, k) => d[k]!.subarray(j * s * s, (j + 1) * s * s));
    out.set(covarianceGradient(groups, parameters, own, lambda), j * size);
  }
  return out;
}
