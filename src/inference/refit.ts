/**
 * The same model with another response: for simulation studies, the parametric bootstrap and permutation.
 *
 * Rows, model matrices and the order of elimination are those of the fit; only what depends on y is computed anew, from the fit's theta.
 * Generalized and cumulative models keep their rows and designs; the search begins at the fit's parameters.
 */
import { DataError, inferenceMessages, parallelMessages } from "../messages.js";
import type { LinearMixedFit } from "../models/fit.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { refitGeneralizedMixed } from "../models/generalized-refit.js";
import { refitLinearMixed } from "../models/linear-refit.js";
import { type RefitRecord, refitShared } from "../models/parallel/refit-task.js";
import { inlinePool } from "../models/parallel/worker-pool.js";
import { formulaRandom } from "./equations.js";
import { linearOnly } from "./linear-only.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import type { PoolOptions } from "./prepare-df.js";
import { printedFit } from "./printed-fit.js";

/**
 * @param response one value for each row of the fit's table, or for each row used; offset not subtracted. As the fit has it in
 *   `fit.frame.response.values`: the index of its level for a factor, 0 and 1 for truth values, the successes for `cbind`
 * @returns a fit like any other
 * @throws DataError for another number of values, or where a row used has no finite number
 * @throws FitError for a constant response and for one that the model reproduces
 * @example refit(fit, fit.frame.response.values).converged // => true
 */
export function refit(fit: LinearMixedFit, response: ArrayLike<number>): LinearMixedFit;
export function refit(fit: GeneralizedMixedFit, response: ArrayLike<number>): GeneralizedMixedFit;
export function refit(fit: MixedFit, response: ArrayLike<number>): MixedFit;
export function refit(fit: MixedFit, response: ArrayLike<number>): MixedFit {
  const began = performance.now();
  if (isGeneralized(fit)) {
    const own = { ...fit.frame, random: formulaRandom(fit) };
    return printedFit(refitGeneralizedMixed(fit, own, responseOverRowsUsed(fit, response)), performance.now() - began);
  }
  return printedFit(refitLinearMixed(fit, responseOverRowsUsed(fit, response)), performance.now() - began);
}

/**
 * Many responses, one record each, in their order; the numbers are those of `refit`, however many workers there are.
 *
 * @throws DataError and FitError as `refit`, for the first response that cannot be used
 * @throws FitError for generalized and cumulative models, which `refit` takes one by one
 * @throws AbortError when the signal says so
 * @example
 * const records = await refitMany(fit, [fit.frame.response.values]);
 * records[0].converged; // => true
 */
export async function refitMany(
  fit: MixedFit,
  responses: readonly ArrayLike<number>[],
  options: PoolOptions = {},
): Promise<readonly RefitRecord[]> {
  linearOnly(fit, "Refitting to many responses at once", inferenceMessages.refitOneByOne);
  const { pool = inlinePool(), ...run } = options;
  const tasks = responses.map((response) => responseOverRowsUsed(fit, response));
  return pool.run("refit", refitShared(fit), tasks, run);
}

function responseOverRowsUsed({ frame }: MixedFit, given: ArrayLike<number>): Float64Array {
  const { rows, tableRowCount, response } = frame;
  const n = rows.length;
  if (given.length !== n && given.length !== tableRowCount) {
    throw new DataError(parallelMessages.refitLength(given.length, tableRowCount, n), { column: response.name });
  }
  const whole = given.length === tableRowCount;
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const value = given[whole ? rows[i]! : i];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      const row = rows[i]! + 1;
      throw new DataError(parallelMessages.refitValue(response.name, row, value), { column: response.name, rows: [row] });
    }
    values[i] = value;
  }
  return values;
}
