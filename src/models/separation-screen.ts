/**
 * A proof, from the fit without random effects, that nothing is separated: at its optimum the derivatives of the rows' log-likelihoods
 * in their forms, lambda > 0, are weights with which the rows g of separation-cone.ts sum to nearly nothing,
 *
 *   r = sum lambda_g g + sum mu_e e,      s = (sum lambda_g g g' + nu sum e e')^-1 r
 *
 * and the weights lambda_g (1 - g's) sum to nothing at all. Where every g's is below one they are positive, and by Stiemke's lemma no
 * direction separates. Where something is separated some g's is at least one, however small r is: such a fit goes on to the search for
 * the direction. (g's is what a Newton-like step would still move a row's predictor; under separation it stays near one for ever.)
 */

import { fixedInformation, fixedScores, pairOf, type RowModel } from "./laplace/row-model.js";
import { backwardSolve, cholesky, forwardSolve } from "./linalg/cholesky.js";
import { symmetricEigen } from "./linalg/symmetric.js";
import { BOUND, type DirectionProblem, FALLS, FREE } from "./separation-cone.js";

/** g's below one proves it; the rest is room for rounding. */
const MOST_MOVE = 0.5;
/** Of the scaled matrix of s: below this the solution may be wrong. */
const LEAST_EIGENVALUE = 1e-9;

/**
 * @param model whose predictors the forms are of
 * @param first by predictor, n: first derivatives of the rows' log-likelihoods at any point
 * @returns true: nothing is separated; false: not known
 */
export function provenFinite(problem: DirectionProblem, model: RowModel, first: readonly Float64Array[]): boolean {
  const { n, psiCount, predictors, forms } = problem;
  const p = predictors.length;
  const scores = predictors.map(() => new Float64Array(n));
  const second = Array.from({ length: (p * (p + 1)) / 2 }, () => new Float64Array(n));
  for (const { terms, rise } of forms) {
    const { predictor, sign } = terms[0]!;
    for (let i = 0; i < n; i++) {
      const own = rise[i]!;
      if (own === FREE) continue;
      const slope = sign * first[predictor]![i]!;
      const lambda = own === FALLS ? -slope : slope;
      if (own !== BOUND && !(lambda > 0)) return false;
      const weight = own === BOUND ? 1 : lambda;
      for (const a of terms) {
        scores[a.predictor]![i] = scores[a.predictor]![i]! + a.sign * slope;
        for (const b of terms) {
          if (b.predictor < a.predictor) continue;
          const pair = second[pairOf(a.predictor, b.predictor)]!;
          pair[i] = pair[i]! - a.sign * b.sign * weight;
        }
      }
    }
  }
  const own: RowModel = { ...model, predictors };
  const s = solvedScaled(fixedInformation(own, second), fixedScores(own, scores), psiCount, parametersOf(problem));
  if (s === null) return false;
  const moved = predictors.map(({ columns, parameter }) => {
    const x = new Float64Array(n);
    columns.forEach((column, j) => {
      const by = s[parameter[j]!]!;
      for (let i = 0; i < n; i++) x[i] = x[i]! + by * column[i]!;
    });
    return x;
  });
  for (const { terms, rise } of forms) {
    for (let i = 0; i < n; i++) {
      const way = rise[i]!;
      if (way === FREE || way === BOUND) continue;
      let move = 0;
      for (const { predictor, sign } of terms) move += sign * moved[predictor]![i]!;
      if (!(way * move < MOST_MOVE)) return false;
    }
  }
  return true;
}

function parametersOf({ predictors }: DirectionProblem): number[] {
  return [...new Set(predictors.flatMap(({ parameter }) => [...parameter]))].sort((a, b) => a - b);
}

/** The solution over the listed parameters, zero elsewhere; null where the matrix is nearly singular. */
function solvedScaled(matrix: Float64Array, right: Float64Array, size: number, kept: readonly number[]): Float64Array | null {
  const m = kept.length;
  const scale = kept.map((j) => 1 / Math.sqrt(matrix[j * size + j]!));
  if (!scale.every((x) => Number.isFinite(x))) return null;
  const scaled = new Float64Array(m * m);
  for (let c = 0; c < m; c++) for (let r = 0; r < m; r++) scaled[c * m + r] = matrix[kept[c]! * size + kept[r]!]! * scale[c]! * scale[r]!;
  const { values } = symmetricEigen(Float64Array.from(scaled), m);
  if (!(values[0]! > LEAST_EIGENVALUE * values[m - 1]!) || cholesky(scaled, 0, m, m) >= 0) return null;
  const solution = Float64Array.from(kept, (j, k) => right[j]! * scale[k]!);
  forwardSolve(scaled, 0, m, m, solution, 0, 1);
  backwardSolve(scaled, 0, m, m, solution, 0, 1);
  const out = new Float64Array(size);
  kept.forEach((j, k) => {
    out[j] = solution[k]! * scale[k]!;
  });
  return out;
}
