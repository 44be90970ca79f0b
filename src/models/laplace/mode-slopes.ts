/**
 * How the mode moves with the parameters, from the stationarity of J (implicit function theorem):
 *
 *   du/dpsi = -H^-1 Lambda' sum_a Z_a' N_a,   du/dtheta_j = H^-1 (Lambda_j' e - Lambda'Z'WZ Lambda_j u)
 *
 * with N_a = sum_c W_ac B_c, e = Z'g and Lambda_j the pattern of theta_j. It lets a search at a point nearby begin where the mode will be.
 */
import { applyLambda, backwardSolveRandom, forwardSolveSystem, multiplyGram } from "../blocks/solve.js";
import { fixedSystem } from "./fixed-system.js";
import type { LaplaceProblem } from "./problem.js";

/** Numbers that are worth keeping. */
const MOST = 2e7;

/**
 * At rows, Gram blocks and factor that are current, with nothing profiled.
 *
 * @param lambda as factored
 * @param scores e
 * @param u the mode
 * @returns q x (theta, psi), row by row; null where that would be too large
 */
export function modeSlopes(
  problem: LaplaceProblem,
  lambda: readonly Float64Array[],
  scores: Float64Array,
  u: Float64Array,
): Float64Array | null {
  const { structure, parameters, factor, gram, model } = problem;
  const { q, groups, nodeOf, position } = structure;
  const k = parameters.length;
  const { psiCount } = model;
  const size = k + psiCount;
  if (q * size > MOST) return null;
  const { solved } = fixedSystem(problem, lambda);
  const slopes = new Float64Array(q * size);
  for (let i = 0; i < q; i++) for (let j = 0; j < psiCount; j++) slopes[i * size + k + j] = -solved[i * psiCount + j]!;

  // Lambda_j u, then Z'WZ of it, then Lambda' of that.
  const moved = new Float64Array(q * k);
  const own = new Float64Array(q * k);
  parameters.forEach(({ group, row, column }, j) => {
    for (const t of nodeOf[group]!) {
      const at = position[t]!;
      moved[(at + row) * k + j] = u[at + column]!;
      own[(at + column) * k + j] = scores[at + row]!;
    }
  });
  if (groups.length > 0 && k > 0) {
    const product = new Float64Array(q * k);
    multiplyGram(structure, gram, moved, k, product);
    applyLambda(structure, lambda, true, product, k, moved);
    for (let x = 0; x < moved.length; x++) own[x] = own[x]! - moved[x]!;
    forwardSolveSystem(factor, own, k);
    for (let i = 0; i < q; i++) for (let j = 0; j < k; j++) slopes[i * size + j] = own[i * k + j]!;
  }
  backwardSolveRandom(factor, slopes, size);
  return slopes;
}
