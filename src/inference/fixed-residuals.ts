/**
 * What the fixed effects leave unexplained: y - X beta - offset, over the rows used.
 */
import type { LinearMixedFit } from "../models/fit.js";
import { fittedValues } from "../models/fitted.js";

/** n values, aligned with the rows used (`fit.frame.rows`). */
export function fixedResiduals(fit: LinearMixedFit): Float64Array {
  const { fixed } = fittedValues(fit);
  const { rows, response } = fit.frame;
  return response.values.map((y, i) => y - fixed[rows[i]!]!);
}
