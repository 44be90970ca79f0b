/**
 * Fitted values and residuals, aligned with the table the model was fitted on.
 *
 *   fitted = X beta + Z b + offset,   fixed = X beta + offset,   residual = y - fitted
 *
 * Residuals of linear models are computed in the engine's centred units, so that a response whose level dwarfs its variation loses no digits.
 */

import { applyLambda } from "./blocks/solve.js";
import type { LinearMixedFit } from "./fit.js";
import type { FittedValues } from "./fitted-values.js";
import type { GeneralizedMixedFit } from "./generalized-fit.js";
import { type GeneralizedFittedValues, generalizedFittedValues } from "./generalized-fitted.js";

export type { FittedValues } from "./fitted-values.js";

/**
 * Fitted values and residuals of any fit; of generalized and cumulative ones also linear predictors, Pearson residuals, the parts of a
 * model with zeros of their own and the probabilities of categories (generalized-fitted.ts).
 *
 * @example fittedValues(fit).residuals.length === table.rowCount // => true
 */
export function fittedValues(fit: GeneralizedMixedFit): GeneralizedFittedValues;
export function fittedValues(fit: LinearMixedFit | GeneralizedMixedFit): FittedValues;
export function fittedValues(fit: LinearMixedFit | GeneralizedMixedFit): FittedValues {
  return fit.model === "lmm" ? linearFittedValues(fit) : generalizedFittedValues(fit);
}

function linearFittedValues(fit: LinearMixedFit): FittedValues {
  const { frame, engine } = fit;
  const { rows, tableRowCount } = frame;
  const { fixedPart, randomPart } = linearPredictors(fit);
  const { response } = engine;
  const fitted = new Float64Array(tableRowCount).fill(Number.NaN);
  const fixed = new Float64Array(tableRowCount).fill(Number.NaN);
  const residuals = new Float64Array(tableRowCount).fill(Number.NaN);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const y = frame.response.values[i]!;
    const residual = response.scale * (response.values[i]! - fixedPart[i]! - randomPart[i]!);
    residuals[row] = residual;
    fitted[row] = y - residual;
    fixed[row] = y - residual - response.scale * randomPart[i]!;
  }
  return { fitted, fixed, residuals };
}

/** X* beta* and Z b over the rows used, in the units of the working response. */
export function linearPredictors({ frame, engine }: LinearMixedFit): {
  readonly fixedPart: Float64Array;
  readonly randomPart: Float64Array;
} {
  const { problem, basis, optimum, effects } = engine;
  const { groups, nodeOf, position, q } = problem.structure;
  const n = frame.rows.length;
  const fixedPart = new Float64Array(n);
  basis.columns.forEach((column, j) => {
    const b = effects[q + j]!;
    for (let i = 0; i < n; i++) fixedPart[i] = fixedPart[i]! + b * column[i]!;
  });
  const modes = new Float64Array(q);
  applyLambda(problem.structure, optimum.lambda, false, effects, 1, modes);
  const randomPart = new Float64Array(n);
  groups.forEach((group, k) => {
    const start = Int32Array.from(nodeOf[k]!, (t) => position[t]!);
    const count = group.membership?.count ?? 1;
    for (let m = 0; m < count; m++) {
      const levelOf = group.membership === null ? group.levelOf : group.membership.levelOf.subarray(m * n, (m + 1) * n);
      const share = group.membership === null ? null : group.membership.weights.subarray(m * n, (m + 1) * n);
      group.columns.forEach((column, s) => {
        for (let i = 0; i < n; i++) {
          const level = levelOf[i]!;
          if (level < 0) continue;
          const z = (typeof column === "number" ? column : column[i]!) * (share === null ? 1 : share[i]!);
          randomPart[i] = randomPart[i]! + z * modes[start[level]! + s]!;
        }
      });
    }
  });
  return { fixedPart, randomPart };
}
