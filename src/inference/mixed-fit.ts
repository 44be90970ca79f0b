/**
 * Any mixed model that stands: what conclusions are drawn from.
 */
import type { LinearMixedFit } from "../models/fit.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";

export type MixedFit = LinearMixedFit | GeneralizedMixedFit;

/** Whether the fit is of a generalized or cumulative model. */
export function isGeneralized(fit: MixedFit): fit is GeneralizedMixedFit {
  return fit.model !== "lmm";
}
