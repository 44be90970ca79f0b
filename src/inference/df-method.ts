/**
 * The ways to find degrees of freedom, and their names as a user may write them.
 */
import { FitError, inferenceMessages } from "../messages.js";

/**
 * satterthwaite: Giesbrecht & Burns (1985); kenward-roger: Kenward & Roger (1997), with their adjusted standard errors; between-within,
 * containment, m-l-1, residual: counted (degrees-of-freedom.ts); none: normal distribution.
 */
export type DfMethod = "satterthwaite" | "kenward-roger" | "between-within" | "containment" | "m-l-1" | "residual" | "none";

/** All of them, the default first. */
export const DF_METHODS: readonly DfMethod[] = [
  "satterthwaite",
  "kenward-roger",
  "between-within",
  "containment",
  "m-l-1",
  "residual",
  "none",
];

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
