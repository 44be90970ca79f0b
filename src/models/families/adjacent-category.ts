/**
 * Adjacent-category logit rows (Agresti 2010, "Analysis of ordinal categorical data", section 4.1): neighbouring categories compared,
 *
 *   log( P(Y = j+1) / P(Y = j) ) = eta - tau_j,     P(Y = j) = exp(S_j) / sum_k exp(S_k),     S_j = sum_{k<j} (eta - tau_k)
 *
 * for j = 0, ..., J-1; the partial-credit model of item response theory (Masters 1982) when eta is a person and tau an item's steps.
 * It is an exponential family in (eta, -tau_0, ..., -tau_{J-2}) with the statistics Y, 1[Y > 0], ..., 1[Y > J-2], so that derivatives
 * of l are minus their cumulants: E, Cov, and the third.
 */
import { type DerivativeOrder, firstAt, type RowLikelihood, secondAt, thirdAt } from "./row-likelihood.js";

/**
 * The rows of an adjacent-category logit model. Predictors: `mean` (eta), then the J - 1 thresholds of *every* row, named `threshold.1`
 * to `threshold.(J-1)`; a row's thresholds are the design's matter (J a, nominal effects included). They need not be in order. Random
 * effects in the mean.
 *
 * @param category n category indices, 0 to `categories` - 1
 * @param categories J, 2 or more
 * @param weights n prior weights, or null for ones
 * @example
 * const out = new Float64Array(1);
 * adjacentCategoryRows(Int32Array.of(1), 3, null).row(0, Float64Array.of(0, 0, 0), 0, out);
 * out[0] // => -1.09861228866811
 */
export function adjacentCategoryRows(category: Int32Array, categories: number, weights: Float64Array | null): RowLikelihood {
  const p = categories;
  const sums = new Float64Array(categories);
  const probability = new Float64Array(categories);
  /** P(Y > k) and P(Y <= k). */
  const above = new Float64Array(categories - 1);
  const below = new Float64Array(categories - 1);
  /** j - E Y, without cancellation in the category that has all the probability. */
  const centred = new Float64Array(categories);

  /** Fills the scratch arrays; log P(Y = y). */
  function distribution(at: Float64Array, y: number): number {
    let largest = 0;
    for (let j = 1; j < categories; j++) {
      sums[j] = sums[j - 1]! + at[0]! - at[j]!;
      if (sums[j]! > largest) largest = sums[j]!;
    }
    let total = 0;
    for (let j = 0; j < categories; j++) {
      probability[j] = Math.exp(sums[j]! - largest);
      total += probability[j]!;
    }
    for (let j = 0; j < categories; j++) probability[j] = probability[j]! / total;
    return logShare(sums, y);
  }

  function centre(): void {
    for (let k = 0; k < categories - 1; k++) below[k] = (k > 0 ? below[k - 1]! : 0) + probability[k]!;
    for (let k = categories - 2; k >= 0; k--) above[k] = (k < categories - 2 ? above[k + 1]! : 0) + probability[k + 1]!;
    for (let j = 0; j < categories; j++) {
      let sum = 0;
      for (let k = 0; k < categories - 1; k++) sum += j > k ? below[k]! : -above[k]!;
      centred[j] = sum;
    }
  }

  /** 1[j > k] less its mean. */
  const step = (j: number, k: number): number => (j > k ? below[k]! : -above[k]!);

  return {
    predictors: ["mean", ...Array.from({ length: categories - 1 }, (_, k) => `threshold.${k + 1}`)],
    random: [0],
    row(i: number, at: Float64Array, order: DerivativeOrder, out: Float64Array): void {
      const y = category[i]!;
      const weight = weights === null ? 1 : weights[i]!;
      out[0] = weight * distribution(at, y);
      if (order === 0) return;
      centre();
      out[firstAt(0)] = weight * centred[y]!;
      for (let k = 0; k < categories - 1; k++) out[firstAt(k + 1)] = -weight * step(y, k);
      if (order === 1) return;
      let variance = 0;
      let skew = 0;
      for (let j = 0; j < categories; j++) {
        const c = centred[j]!;
        variance += probability[j]! * c * c;
        skew += probability[j]! * c * c * c;
      }
      out[secondAt(p, 0, 0)] = -weight * variance;
      if (order > 2) out[thirdAt(p, 0, 0, 0)] = -weight * skew;
      for (let k = 0; k < categories - 1; k++) {
        let covariance = 0;
        let third = 0;
        for (let j = 0; j < categories; j++) {
          const product = probability[j]! * centred[j]! * step(j, k);
          covariance += product;
          third += product * centred[j]!;
        }
        out[secondAt(p, 0, k + 1)] = weight * covariance;
        for (let l = 0; l <= k; l++) out[secondAt(p, l + 1, k + 1)] = -weight * above[k]! * below[l]!;
        if (order > 2) out[thirdAt(p, 0, 0, k + 1)] = weight * third;
      }
    },
  };
}

/** log( exp(x_y) / sum_j exp(x_j) ), exact also where the share is nearly 1. */
export function logShare(x: Float64Array, y: number): number {
  let most = y;
  for (let j = 0; j < x.length; j++) if (x[j]! > x[most]!) most = j;
  let others = 0;
  for (let j = 0; j < x.length; j++) if (j !== most) others += Math.exp(x[j]! - x[most]!);
  return x[y]! - x[most]! - Math.log1p(others);
}
