/**
 * Conclusions that only linear models have: others are told why, and what to use instead.
 */
import { FitError, inferenceMessages } from "../messages.js";
import type { LinearMixedFit } from "../models/fit.js";
import type { MixedFit } from "./mixed-fit.js";

/**
 * @param what the conclusion, as a sentence begins
 * @param instead a sentence
 * @throws FitError for a generalized or cumulative fit
 */
export function linearOnly(fit: MixedFit, what: string, instead: string): asserts fit is LinearMixedFit {
  if (fit.model !== "lmm") throw new FitError(inferenceMessages.linearOnly(what, instead));
}
