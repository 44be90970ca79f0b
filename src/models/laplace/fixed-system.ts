/**
 * The fixed-type parameters beside the random effects: with N_a = sum_c W_ac B_c
 *
 *   S = L^-1 Lambda' sum_a Z_a' N_a,   T = I_psi,psi - S'S
 *
 * T is the information about psi when the effects move along (Schur complement of H in the joint system of effects and psi).
 */
import { applyLambda, forwardSolveSystem } from "../blocks/solve.js";
import type { LaplaceProblem } from "./problem.js";
import { fixedInformation, pairOf } from "./row-model.js";
import { scoresOf } from "./strands.js";

export interface FixedSystem {
  /** q x psiCount, row by row. */
  readonly solved: Float64Array;
  /** psiCount squared. */
  readonly t: Float64Array;
}

/** At rows, Gram blocks and factor that are current. */
export function fixedSystem(problem: LaplaceProblem, lambda: readonly Float64Array[]): FixedSystem {
  const { model, structure, strands, rows, factor } = problem;
  const { n, predictors, psiCount, random } = model;
  const { q } = structure;
  const t = fixedInformation(model, rows.second);
  const crossed = new Float64Array(q * psiCount);
  const products: (Float64Array | null)[] = predictors.map((_, c) => (random.includes(c) ? new Float64Array(n) : null));
  for (let j = 0; j < psiCount; j++) {
    for (const product of products) product?.fill(0);
    let any = false;
    predictors.forEach(({ columns, parameter }, c) => {
      columns.forEach((column, k) => {
        if (parameter[k] !== j) return;
        any = true;
        for (const a of random) {
          const w = rows.second[pairOf(a, c)]!;
          const product = products[a]!;
          for (let i = 0; i < n; i++) product[i] = product[i]! - w[i]! * column[i]!;
        }
      });
    });
    if (!any) continue;
    const scores = scoresOf(strands, products, n, q);
    for (let i = 0; i < q; i++) crossed[i * psiCount + j] = scores[i]!;
  }
  const solved = new Float64Array(q * psiCount);
  applyLambda(structure, lambda, true, crossed, psiCount, solved);
  forwardSolveSystem(factor, solved, psiCount);
  for (let i = 0; i < q; i++) {
    const at = i * psiCount;
    for (let j = 0; j < psiCount; j++) {
      const x = solved[at + j]!;
      if (x === 0) continue;
      for (let k = 0; k < psiCount; k++) t[j * psiCount + k] = t[j * psiCount + k]! - x * solved[at + k]!;
    }
  }
  return { solved, t };
}

/** The rows and columns of a count x count matrix that are listed. */
export function submatrix(matrix: Float64Array, count: number, kept: ArrayLike<number>): Float64Array {
  const m = kept.length;
  const out = new Float64Array(m * m);
  for (let j = 0; j < m; j++) for (let i = 0; i < m; i++) out[j * m + i] = matrix[kept[j]! * count + kept[i]!]!;
  return out;
}
