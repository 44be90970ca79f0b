/**
 * A start for the covariance parameters from one linear working model: at the fit without random effects the scores g and weights W make
 * a working response g / w with error variances 1 / w, to which moments are matched as in a linear mixed model (Breslow & Clayton 1993;
 * Rao 1971). No iteration, and no pass beyond one over the rows.
 */
import { buildGram } from "../blocks/gram.js";
import { momentStart } from "../blocks/moment-start.js";
import { buildStructure } from "../blocks/structure.js";
import type { LaplaceProblem } from "./problem.js";
import type { RowDerivatives } from "./row-model.js";

/**
 * @param rows first and second derivatives at the fit without random effects
 * @param weights positive working weights of the mean
 * @returns theta
 */
export function workingMoments(
  { model, structure, parameters }: LaplaceProblem,
  rows: RowDerivatives,
  weights: Float64Array,
): Float64Array {
  const { n, predictors } = model;
  const { columns } = predictors[0]!;
  // Thresholds stand in for an intercept that the columns do not have.
  const constant = columns.some((column) => column.every((x) => x === column[0]));
  const fixed = constant ? columns : [new Float64Array(n).fill(1), ...columns];
  const residuals = rows.first[0]!.map((g, i) => g / weights[i]!);
  const working = buildStructure(structure.groups, n, fixed.length);
  const gram = buildGram(working, [...fixed, residuals], weights);
  return momentStart({ structure: working, gram, parameters, n });
}
