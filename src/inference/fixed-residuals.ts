/**
 * What the fixed effects leave unexplained: y - X beta - offset, over the rows used.
 */
import type { LinearMixedFit } from "../models/fit.js";
import { linearPredictors } from "../models/fitted.js";

/** n values, aligned with the rows used (`fit.frame.rows`). Taken in the engine's centred units, so that a large level of the response costs no digits. */
export function fixedResiduals(fit: LinearMixedFit): Float64Array {
  const { values, scale } = fit.engine.response;
  const { fixedPart } = linearPredictors(fit);
  return values.map((y, i) => scale * (y - fixedPart[i]!));
}
