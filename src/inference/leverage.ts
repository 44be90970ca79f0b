/**
 * Leverage: how far a row's own response pulls its fitted value.
 *
 *   h_i = w_i (z_i Lambda C Lambda'z_i' + x_i (X'V0^-1 X)^-1 x_i')        x_i freed from the random effects (joint-system.ts)
 *
 * the diagonal of the matrix that makes fitted values, random effects included, from responses (Demidenko & Stukel 2005, "Influence
 * analysis for linear mixed-effects models", Statistics in Medicine 24; lme4's hatvalues). Its sum is the number of parameters that the
 * model in effect has (Hodges & Sargent 2001). In generalized and cumulative models the same of the equations at the mode with the
 * observed information in the place of w, tr(W_i H_i): what a row adds to that number.
 */
import { diagnosticMessages, FitError } from "../messages.js";
import { fillRow, type JointSystem, jointSystem, rowScratch } from "./joint-system.js";
import type { MixedFit } from "./mixed-fit.js";

/**
 * @param fit any mixed model; variance parameters are taken as known
 * @returns one value for each row of the table, NaN where it was not used; in linear models between 0 and 1. R: `hatvalues` of lme4
 * @throws FitError where a generalized model's equations are singular at its estimates
 * @example leverage(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)).slice(0, 2) // => Float64Array [0.2293, 0.1697]
 */
export function leverage(fit: MixedFit): Float64Array {
  const { rows, tableRowCount } = fit.frame;
  const values = rowLeverage(solvableSystem(fit));
  const out = new Float64Array(tableRowCount).fill(Number.NaN);
  for (let i = 0; i < rows.length; i++) out[rows[i]!] = values[i]!;
  return out;
}

/** A system whose T can be inverted. */
export interface SolvableSystem extends JointSystem {
  readonly inverse: Float64Array;
}

/** @throws FitError for singular equations */
export function solvableSystem(fit: MixedFit): SolvableSystem {
  const system = jointSystem(fit);
  if (system === null || system.inverse === null) throw new FitError(diagnosticMessages.singularSystem);
  return { ...system, inverse: system.inverse };
}

/** tr(W_i H_i) of the n rows used. */
export function rowLeverage(system: SolvableSystem): Float64Array {
  const scratch = rowScratch(system);
  const { w, h } = scratch;
  return Float64Array.from({ length: system.n }, (_, i) => {
    fillRow(system, system.inverse, i, scratch);
    let sum = 0;
    for (let at = 0; at < w.length; at++) sum += w[at]! * h[at]!;
    return sum;
  });
}
