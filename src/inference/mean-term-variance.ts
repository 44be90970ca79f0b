/**
 * The variance that random terms give to the rows, diag(Z Sigma Z'), and its mean over them (Johnson 2014).
 */
import type { MixedFit } from "./mixed-fit.js";

/** For each random term the variance that it gives to a row on average: tr(Z Sigma Z') / n. */
export function meanTermVariances(fit: MixedFit): readonly number[] {
  return rowVariances(fit).map((values) => values.reduce((sum, variance) => sum + variance, 0) / values.length);
}

/** For each random term the variance that it gives to each row used: diag(Z Sigma Z'). */
export function rowVariances(fit: MixedFit): readonly Float64Array[] {
  return fit.randomTerms.map((term) => {
    const { effects, membership } = fit.frame.random[term.index]!;
    const n = effects.rowCount;
    const size = term.effects.length;
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let variance = 0;
      for (let b = 0; b < size; b++) {
        const zb = effects.values[b * n + i]!;
        for (let a = 0; a < size; a++) variance += effects.values[a * n + i]! * term.sigma[b * size + a]! * zb;
      }
      out[i] = variance * (membership === null ? 1 : squaredWeights(membership, i, n));
    }
    return out;
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
