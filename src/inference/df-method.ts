/**
 * The ways to find the degrees of freedom of t and F tests, and their names.
 */
import { FitError, inferenceMessages } from "../messages.js";

/**
 * satterthwaite: from the uncertainty of the variance components (Fai & Cornelius 1996; Kuznetsova, Brockhoff & Christensen 2017);
 * residual: rows less fixed effects; none: the normal distribution (z tests).
 */
export type DfMethod = "satterthwaite" | "residual" | "none";

/** All of them, the default first. */
export const DF_METHODS: readonly DfMethod[] = ["satterthwaite", "residual", "none"];

/**
 * The method of this name, in any case.
 *
 * @throws FitError for another name
 */
export function dfMethodNamed(name: string): DfMethod {
  const method = DF_METHODS.find((known) => known === name.toLowerCase());
  if (method === undefined) throw new FitError(inferenceMessages.unknownDf(name, DF_METHODS));
  return method;
}
