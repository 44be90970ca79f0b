/**
 * Baseline-category logit rows (multinomial regression; Agresti 2013, "Categorical data analysis", section 8.1): each category but the
 * first has a linear predictor of its own,
 *
 *   log( P(Y = j) / P(Y = 0) ) = eta_j,    j = 1, ..., J-1,      l = w (eta_y - log(1 + sum_j exp(eta_j))).
 *
 * Derivatives of l are minus the cumulants of the indicators 1[Y = j]: with probabilities p,
 *
 *   Cov_ab = p_a (1[a=b] - p_b),    third cumulants  p_a (1 - p_a)(1 - 2 p_a),   -p_a p_b (1 - 2 p_a) for (a, a, b),   2 p_a p_b p_c.
 */
import { logShare } from "./adjacent-category.js";
import { type DerivativeOrder, firstAt, type RowLikelihood, secondAt, thirdAt } from "./row-likelihood.js";

/**
 * The rows of a multinomial logit model. Predictors: one for each level but the first, named by the level; all of them may carry random
 * effects, and all third derivatives are given.
 *
 * @param category n indices into `levels`
 * @param levels J names, 2 or more; the first is the baseline
 * @param weights n prior weights, or null for ones
 * @example
 * const out = new Float64Array(1);
 * multinomialRows(Int32Array.of(2), ["none", "partly", "fully"], null).row(0, Float64Array.of(0, 0), 0, out);
 * out[0] // => -1.09861228866811
 */
export function multinomialRows(category: Int32Array, levels: readonly string[], weights: Float64Array | null): RowLikelihood {
  const categories = levels.length;
  const p = categories - 1;
  /** Category 0 first. */
  const eta = new Float64Array(categories);
  const probability = new Float64Array(categories);
  /** 1 - p_j. */
  const complement = new Float64Array(categories);

  function distribution(): void {
    let most = 0;
    for (let j = 1; j < categories; j++) if (eta[j]! > eta[most]!) most = j;
    let others = 0;
    for (let j = 0; j < categories; j++) {
      probability[j] = Math.exp(eta[j]! - eta[most]!);
      if (j !== most) others += probability[j]!;
    }
    for (let j = 0; j < categories; j++) {
      probability[j] = probability[j]! / (1 + others);
      complement[j] = 1 - probability[j]!;
    }
    complement[most] = others / (1 + others);
  }

  function thirdCumulant(a: number, b: number, c: number): number {
    const pa = probability[a]!;
    const pb = probability[b]!;
    const pc = probability[c]!;
    if (a === b && b === c) return pa * complement[a]! * (complement[a]! - pa);
    if (a === b) return -pa * pc * (complement[a]! - pa);
    if (b === c) return -pb * pa * (complement[b]! - pb);
    return 2 * pa * pb * pc;
  }

  return {
    predictors: levels.slice(1),
    random: Array.from({ length: p }, (_, a) => a),
    row(i: number, at: Float64Array, order: DerivativeOrder, out: Float64Array): void {
      const y = category[i]!;
      const weight = weights === null ? 1 : weights[i]!;
      for (let a = 0; a < p; a++) eta[a + 1] = at[a]!;
      out[0] = weight * logShare(eta, y);
      if (order === 0) return;
      distribution();
      for (let a = 0; a < p; a++) out[firstAt(a)] = weight * (y === a + 1 ? complement[a + 1]! : -probability[a + 1]!);
      if (order === 1) return;
      for (let b = 0; b < p; b++) {
        for (let a = 0; a < b; a++) out[secondAt(p, a, b)] = weight * probability[a + 1]! * probability[b + 1]!;
        out[secondAt(p, b, b)] = -weight * probability[b + 1]! * complement[b + 1]!;
      }
      if (order === 2) return;
      for (let c = 0; c < p; c++) {
        for (let b = 0; b <= c; b++) {
          for (let a = 0; a <= b; a++) out[thirdAt(p, a, b, c)] = -weight * thirdCumulant(a + 1, b + 1, c + 1);
        }
      }
    },
  };
}
