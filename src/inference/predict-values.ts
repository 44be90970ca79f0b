/**
 * The rows of a prediction one by one: value, standard error and limits of each quantity.
 *
 *   Var = d' [g'V g + joint part of the known units] d + sum_c d_c^2 v_c,   d the outcome's slopes, v_c the variance of units not known
 *
 * An outcome averaged over units that are not known has in place of the last part the variance between them, E f^2 - (E f)^2.
 */
import type { DfMethod } from "./df-method.js";
import { errorsOf, estimability } from "./grid-estimates.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { integratedOutcome } from "./predict-integral.js";
import { jointVariance } from "./predict-joint.js";
import { limitsFor } from "./predict-limits.js";
import { type Outcome, outcomeSlopes } from "./predict-outcome.js";
import { knownEffects, randomVariances } from "./predict-random.js";
import { coefficientsOf, gradientOfRow, type PredictionRows, predictorValues } from "./predict-rows.js";

/** What units that the fit does not know are taken for. */
export type NewUnits = "error" | "new" | "unknown";

/** What is predicted, row by row of the table; NaN where a row has missing values (of the fit's own rows: was not used). */
export interface PredictedValues {
  readonly values: Float64Array;
  readonly stdErrors: Float64Array;
  /** null without an interval. */
  readonly lower: Float64Array | null;
  readonly upper: Float64Array | null;
}

/** What is asked of the rows. */
export interface PredictionTask {
  readonly type: "response" | "link" | "probabilities";
  readonly level: "unit" | "population";
  readonly newUnits: NewUnits;
  readonly interval: "confidence" | "prediction" | "none";
  readonly conf: number;
  readonly df?: DfMethod;
  readonly trials?: number | ArrayLike<number>;
  readonly dropped: Uint8Array | null;
  /** Not the fit's own rows. */
  readonly fresh: boolean;
}

export interface PredictedRows {
  readonly quantities: readonly PredictedValues[];
  /** How many rows a rank-deficient fit does not determine. */
  readonly undetermined: number;
}

/** One record a quantity of the outcome. @throws FitError where the limits asked for do not exist */
export function predictedRows(fit: MixedFit, rows: PredictionRows, outcome: Outcome, task: PredictionTask): PredictedRows {
  const { rowCount, predictors, random } = rows;
  const p = predictors.length;
  const { values: coefficients } = coefficientsOf(fit);
  const at = predictorValues(rows, coefficients);
  const units = task.level === "unit";
  if (units) {
    knownEffects(random, p, rowCount).forEach((effects, c) => {
      for (let i = 0; i < rowCount; i++) at[c]![i] = at[c]![i]! + effects[i]!;
    });
  }
  const unresolved = units ? randomVariances(random, p, rowCount, "unknown") : [];
  const between = task.interval === "prediction" && !units ? randomVariances(random, p, rowCount, "all") : [];
  const averaging = units && task.newUnits === "unknown" && task.type !== "link" && isGeneralized(fit);
  const varying = averaging ? [...new Set(random.map(({ predictor }) => predictor))].sort((a, b) => a - b) : [];
  const mean = averaging ? integratedOutcome(outcome, varying) : outcome;
  const square = averaging ? integratedOutcome(squared(outcome), varying) : outcome;
  const joint = units ? jointVariance(fit, random) : null;
  const errorOf = errorsOf(fit, units || task.interval === "prediction" ? "none" : task.df, true);
  const determined = estimability(fit, rows.fixed);
  const limitsOf = limitsFor(fit, task, rowCount);

  const q = outcome.quantities.length;
  const empty = (): Float64Array => new Float64Array(rowCount).fill(Number.NaN);
  const quantities = outcome.quantities.map(() => ({
    values: empty(),
    stdErrors: empty(),
    lower: task.interval === "none" ? null : empty(),
    upper: task.interval === "none" ? null : empty(),
  }));
  const point = new Float64Array(mean.predictorCount);
  const value = new Float64Array(q);
  const squares = new Float64Array(q);
  const slopes = new Float64Array(q * mean.predictorCount);
  const gradient = new Float64Array(coefficients.length);
  const first = new Float64Array(p);
  first[0] = 1;
  /** Standard error of a function of the row's predictors, the units that are known included, those that are not apart. */
  const stdErrorOf = (i: number, own: ArrayLike<number>): { readonly stdError: number; readonly df: number | null } => {
    gradientOfRow(rows, i, own, gradient);
    if (!units) return errorOf(gradient);
    return { stdError: joint === null ? Number.NaN : Math.sqrt(Math.max(0, joint.variance(i, gradient, own))), df: null };
  };
  let undetermined = 0;
  for (let i = 0; i < rowCount; i++) {
    if (task.dropped?.[i] === 1 || at.some((own) => Number.isNaN(own[i]!))) continue;
    if (!determined.row(i)) {
      undetermined++;
      continue;
    }
    for (let c = 0; c < p; c++) point[c] = at[c]![i]!;
    varying.forEach((c, d) => {
      point[p + d] = unresolved[c]![i]!;
    });
    mean.values(point, value);
    outcomeSlopes(mean, point, slopes);
    if (averaging) square.values(point, squares);
    const link = stdErrorOf(i, first);
    const open = units ? unresolved[0]![i]! : 0;
    const linkError = Math.sqrt(link.stdError * link.stdError + open);
    quantities.forEach((to, k) => {
      const own = slopes.subarray(k * mean.predictorCount, k * mean.predictorCount + p);
      const { stdError } = stdErrorOf(i, own);
      let variance = stdError * stdError;
      if (averaging) variance += Math.max(0, squares[k]! - value[k]! * value[k]!);
      else if (units) for (let c = 0; c < p; c++) variance += own[c]! * own[c]! * unresolved[c]![i]!;
      to.values[i] = value[k]!;
      to.stdErrors[i] = Math.sqrt(variance);
      if (to.lower === null || to.upper === null) return;
      const ends = limitsOf(i, point.subarray(0, p), {
        value: value[k]!,
        stdError: to.stdErrors[i]!,
        linkError: task.interval === "prediction" && !units ? Math.sqrt(linkError * linkError + between[0]![i]!) : linkError,
        df: link.df,
      });
      to.lower[i] = ends.lower;
      to.upper[i] = ends.upper;
    });
  }
  return { quantities, undetermined };
}

function squared(outcome: Outcome): Outcome {
  return {
    quantities: outcome.quantities,
    predictorCount: outcome.predictorCount,
    values(at, into) {
      outcome.values(at, into);
      for (let k = 0; k < outcome.quantities.length; k++) into[k] = into[k]! * into[k]!;
    },
  };
}
