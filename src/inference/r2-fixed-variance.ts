/**
 * What the fixed effects explain: the variance of X beta over the rows used, offsets left out (Nakagawa & Schielzeth 2013).
 */
import type { MixedFit } from "./mixed-fit.js";
import { fixedColumns } from "./units.js";

/** var(X beta), with n - 1 in the denominator. */
export function fixedVariance(fit: MixedFit): number {
  const columns = fixedColumns(fit);
  const n = fit.nobs;
  const means = columns.map((column) => column.reduce((sum, x) => sum + x, 0) / n);
  let squares = 0;
  // Columns are centred one by one, so that a large level of a predictor costs no digits.
  for (let i = 0; i < n; i++) {
    let value = 0;
    for (let j = 0; j < columns.length; j++) value += fit.fixed[j]!.estimate * (columns[j]![i]! - means[j]!);
    squares += value * value;
  }
  return n > 1 ? squares / (n - 1) : 0;
}
