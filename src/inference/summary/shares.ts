/**
 * Intraclass correlations for a summary, where the model has them.
 */
import { FitError } from "../../messages.js";
import { type IccRow, icc } from "../icc.js";
import type { MixedFit } from "../mixed-fit.js";

/** None for models without one residual variance beside the random effects: zero inflation, dispersion formulas, ... */
export function sharesOf(fit: MixedFit): readonly IccRow[] {
  try {
    return icc(fit);
  } catch (error) {
    if (error instanceof FitError) return [];
    throw error;
  }
}
