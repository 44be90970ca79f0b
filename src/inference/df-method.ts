/**
 * The names of the ways to find degrees of freedom, as a user may write them.
 */
import { FitError, inferenceMessages } from "../messages.js";
import type { DfMethod } from "./coefficients.js";

/** All of them, the default first. */
export const DF_METHODS: readonly DfMethod[] = ["satterthwaite", "residual", "none"];

/**
 * The method of this name, in any case of letters.
 *
 * @throws FitError for another name
 * @example dfMethodNamed("Satterthwaite") // => "satterthwaite"
 */
export function dfMethodNamed(name: string): DfMethod {
  const method = DF_METHODS.find((known) => known === String(name).toLowerCase());
  if (method === undefined) throw new FitError(inferenceMessages.unknownDf(name, DF_METHODS));
  return method;
}
