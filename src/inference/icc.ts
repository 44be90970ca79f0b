/**
 * Intraclass correlation: the share of the variance that lies between the units of one grouping factor.
 *
 *   ICC_g = tau_g / (tau_1 + ... + tau_K + sigma^2)
 *
 * tau_k is the variance that random term k gives to a row on average, tr(Z_k Sigma_k Z_k') / n, so that terms with
 * slopes count at the data's own predictor values (Johnson 2014). With precision weights sigma^2 is the residual
 * variance of a row of weight 1.
 */
import type { LinearMixedFit } from "../models/fit.js";

/** One row a grouping factor; `share` lies in [0, 1] and the shares sum to at most 1. */
export interface IccRow {
  readonly group: string;
  readonly variance: number;
  readonly share: number;
}

/**
 * @param fit a linear mixed model
 * @example icc(lmm("mAch ~ 1 + (1 | school)", hsb)) // => [{ group: "school", variance: 8.614, share: 0.18 }]
 */
export function icc(fit: LinearMixedFit): readonly IccRow[] {
  const terms = meanTermVariances(fit);
  const total = terms.reduce((sum, variance) => sum + variance, fit.sigma * fit.sigma);
  const groups = [...new Set(fit.randomTerms.map((term) => term.group))];
  return groups.map((group) => {
    const variance = terms.reduce((sum, value, k) => (fit.randomTerms[k]!.group === group ? sum + value : sum), 0);
    return { group, variance, share: variance / total };
  });
}

/** For each random term the variance that it gives to a row on average: tr(Z Sigma Z') / n. */
export function meanTermVariances(fit: LinearMixedFit): readonly number[] {
  return fit.randomTerms.map((term) => {
    const { effects, membership } = fit.frame.random[term.index]!;
    const n = effects.rowCount;
    const size = term.effects.length;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let variance = 0;
      for (let b = 0; b < size; b++) {
        const zb = effects.values[b * n + i]!;
        for (let a = 0; a < size; a++) variance += effects.values[a * n + i]! * term.sigma[b * size + a]! * zb;
      }
      sum += variance * (membership === null ? 1 : squaredWeights(membership, i, n));
    }
    return sum / n;
  });
}

/** A row of multiple membership takes the weighted sum of independent units: its variance has the squared weights, of one unit named twice the squared sum. */
function squaredWeights(
  membership: { readonly count: number; readonly levelOf: Int32Array; readonly weights: Float64Array },
  row: number,
  n: number,
): number {
  const total = new Map<number, number>();
  for (let m = 0; m < membership.count; m++) {
    const level = membership.levelOf[m * n + row]!;
    if (level >= 0) total.set(level, (total.get(level) ?? 0) + membership.weights[m * n + row]!);
  }
  let sum = 0;
  for (const weight of total.values()) sum += weight * weight;
  return sum;
}
