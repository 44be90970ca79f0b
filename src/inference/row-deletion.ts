/**
 * What the coefficients become without a row, the variance parameters held: one step of Newton's method from the estimates on the
 * equations of joint-system.ts with the row's part taken out. In linear models the equations are linear and the step is the answer.
 *
 *   psi-hat - psi-hat(i) = T^-1 X_i' (I - W_i H_i)^-1 g_i        linear models: (X'V0^-1 X)^-1 x_i' w_i r_i / (1 - h_i)
 *
 * (Christensen, Pearson & Johnson 1992, "Case-deletion diagnostics for mixed models", Technometrics 34; Pregibon 1981 for the step of
 * generalized models.)
 */
import { fillRow, rowScratch } from "./joint-system.js";
import type { SolvableSystem } from "./leverage.js";

/** Pivots below this: what is left does not determine the coefficients. */
export const UNDETERMINED = 1e-9;

/** psi-hat less psi-hat without row i, for every row: into[i * psiCount + j]; NaN where the others do not determine psi. */
export function rowDeletions(system: SolvableSystem): Float64Array {
  const { n, psiCount, predictors, first, inverse } = system;
  const p = predictors.length;
  const scratch = rowScratch(system);
  const { w, h, xt } = scratch;
  const m = new Float64Array(p * p);
  const y = new Float64Array(p);
  const out = new Float64Array(n * psiCount);
  for (let i = 0; i < n; i++) {
    fillRow(system, inverse, i, scratch);
    for (let c = 0; c < p; c++) {
      for (let r = 0; r < p; r++) {
        let sum = r === c ? 1 : 0;
        for (let k = 0; k < p; k++) sum -= w[k * p + r]! * h[c * p + k]!;
        m[c * p + r] = sum;
      }
      y[c] = first[c]![i]!;
    }
    const solvable = solveSmall(m, y, p);
    for (let j = 0; j < psiCount; j++) {
      let sum = 0;
      for (let a = 0; a < p; a++) sum += xt[a * psiCount + j]! * y[a]!;
      out[i * psiCount + j] = solvable ? sum : Number.NaN;
    }
  }
  return out;
}

/** y := M^-1 y by elimination with pivots, M overwritten; false for a singular M. */
function solveSmall(m: Float64Array, y: Float64Array, p: number): boolean {
  for (let c = 0; c < p; c++) {
    let pivot = c;
    for (let r = c + 1; r < p; r++) if (Math.abs(m[c * p + r]!) > Math.abs(m[c * p + pivot]!)) pivot = r;
    const top = m[c * p + pivot]!;
    if (!(Math.abs(top) > UNDETERMINED)) return false;
    if (pivot !== c) {
      for (let k = c; k < p; k++) {
        const held = m[k * p + c]!;
        m[k * p + c] = m[k * p + pivot]!;
        m[k * p + pivot] = held;
      }
      const held = y[c]!;
      y[c] = y[pivot]!;
      y[pivot] = held;
    }
    for (let r = c + 1; r < p; r++) {
      const factor = m[c * p + r]! / top;
      if (factor === 0) continue;
      for (let k = c + 1; k < p; k++) m[k * p + r] = m[k * p + r]! - factor * m[k * p + c]!;
      y[r] = y[r]! - factor * y[c]!;
    }
  }
  for (let c = p - 1; c >= 0; c--) {
    let sum = y[c]!;
    for (let k = c + 1; k < p; k++) sum -= m[k * p + c]! * y[k]!;
    y[c] = sum / m[c * p + c]!;
  }
  return true;
}
