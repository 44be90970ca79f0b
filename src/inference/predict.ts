/**
 * Prediction for the fit's own rows or for new ones, with standard errors and intervals.
 *
 *   population   x'beta_hat                     of a unit whose random effects are zero
 *   unit         x'beta_hat + z'b_hat           of the unit that the row names
 *
 * At the level of units a row may name one that the fit knows, a *new* one (a draw of the distribution: its effects are zero on average and
 * their variance z'Sigma z enters the standard error), or an *unknown* one (it exists, but is not identified: its name is missing or means
 * nothing to the fit. On the scale of the response the prediction is then the mean over units, integrated over their effects, and the
 * variance between them enters the standard error). What a row's unit was taken for is in the record.
 *
 * Standard errors are those of the difference between prediction and truth with fixed and random effects uncertain together
 * (predict-joint.ts). A confidence interval is for the mean, a prediction interval for one new response: it has the variance of the
 * response besides, and at the level of the population the variance between units too.
 */
import { DataError, FitError, inferenceMessages, type Note, predictionMessages } from "../messages.js";
import type { TableColumns } from "../models/frame/evaluation.js";
import type { DfMethod } from "./df-method.js";
import { checkChoice, checkOptionNames } from "./grid-estimates.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { binaryOutcome, linearOutcome, meanClassOutcome, type Outcome, responseOutcome } from "./predict-outcome.js";
import { type NamedUnits, namedUnits } from "./predict-random.js";
import { designsOfFit, designsOfTable, type PredictionRows, predictionRows } from "./predict-rows.js";
import { type NewUnits, type PredictedValues, predictedRows } from "./predict-values.js";

export type { NewUnits } from "./predict-values.js";

/** Options of `predict`. */
export interface PredictOptions {
  /** "response" (default): means, of ordered categories the expected one (in numbers where they are numbers, else counted from 1); "link"; "probabilities" of categories. */
  readonly type?: "response" | "link" | "probabilities";
  /** "unit" (default) with the effects of the units that rows name, "population" with random effects of zero. */
  readonly level?: "unit" | "population";
  /** Default "error": a unit that the fit did not have is refused, and a row whose unit is missing has no prediction. */
  readonly newUnits?: NewUnits;
  /** Default "none". */
  readonly interval?: "confidence" | "prediction" | "none";
  /** Coverage, default 0.95. */
  readonly conf?: number;
  /** Of confidence intervals of linear models at the population level, default "satterthwaite"; elsewhere intervals are normal. */
  readonly df?: DfMethod;
  /** Numbers of trials of new rows of a binomial model, for prediction intervals; default 1, for the fit's own rows theirs. */
  readonly trials?: number | ArrayLike<number>;
}

export type { PredictedValues } from "./predict-values.js";

/** How many rows were taken for what, by grouping factor. */
export interface UnitsOfRows {
  readonly group: string;
  /** Row by row: what its unit was taken for; "missing": no name, no prediction. */
  readonly taken: readonly ("known" | "new" | "unknown" | "missing")[];
}

export interface Predictions extends PredictedValues {
  readonly type: "response" | "link" | "probabilities";
  readonly level: "unit" | "population";
  readonly interval: "confidence" | "prediction" | "none";
  readonly conf: number;
  /** With type "probabilities": of each category; `values` and the others are then those of the last category. */
  readonly categories: readonly (PredictedValues & { readonly category: string })[] | null;
  /** At the level of units, for new data. */
  readonly units: readonly UnitsOfRows[];
  readonly notes: readonly Note[];
}

const OPTIONS: readonly string[] = ["type", "level", "newUnits", "interval", "conf", "df", "trials"];

/**
 * Predictions, as R's `predict` of lme4 (`re.form = NULL` for units, `NA` for the population), glmmTMB and ordinal.
 *
 * @param table new data with the columns of the model (grouping factors only at the level of units); default the fit's own rows
 * @throws DataError where a column is missing or of another kind, a predictor has levels that the fit did not have, or (unless newUnits
 *   says what they are) a unit is not in the fit: which rows, which names
 * @throws FitError for options that do not exist or do not go together
 * @example Array.from(predict(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)).values).slice(0, 2) // => [253.6637, 273.3299]
 */
export function predict(fit: MixedFit, table?: TableColumns, options: PredictOptions = {}): Predictions {
  checkOptionNames(options, OPTIONS);
  const { type = "response", level = "unit", newUnits = "error", interval = "none", conf = 0.95 } = options;
  checkChoice("type", type, ["response", "link", "probabilities"]);
  checkChoice("level", level, ["unit", "population"]);
  checkChoice("newUnits", newUnits, ["error", "new", "unknown"]);
  checkChoice("interval", interval, ["none", "confidence", "prediction"]);
  if (!(conf > 0 && conf < 1)) throw new FitError(inferenceMessages.badLevel(conf));
  if (interval === "prediction" && type !== "response") throw new FitError(predictionMessages.predictionIsResponse(type));
  const outcome = outcomeOf(fit, type);
  const withRandom = level === "unit" || interval === "prediction";
  const rows = predictionRows(fit, table === undefined ? designsOfFit(fit) : designsOfTable(fit, table, withRandom));
  const named = table === undefined || level === "population" ? [] : unitsOf(fit, table, rows);
  if (newUnits === "error") refuseStrangers(named);
  const dropped = level === "unit" && newUnits !== "unknown" ? rowsWithoutUnit(named, rows.rowCount) : null;
  const predicted = predictedRows(fit, rows, outcome, {
    ...options,
    type,
    level,
    newUnits,
    interval,
    conf,
    dropped,
    fresh: table !== undefined,
  });
  const length = table === undefined ? fit.frame.tableRowCount : rows.rowCount;
  const place = (values: Float64Array): Float64Array => (table === undefined ? aligned(values, fit.frame.rows, length) : values);
  const shown = predicted.quantities.map(
    ({ values, stdErrors, lower, upper }): PredictedValues => ({
      values: place(values),
      stdErrors: place(stdErrors),
      lower: lower === null ? null : place(lower),
      upper: upper === null ? null : place(upper),
    }),
  );
  return {
    type,
    level,
    interval,
    conf,
    ...shown[shown.length - 1]!,
    categories: type === "probabilities" ? shown.map((own, q) => ({ category: outcome.quantities[q]!, ...own })) : null,
    units: named.map(({ group, status }) => ({ group, taken: status.map((own) => takenFor(own, newUnits)) })),
    notes:
      predicted.undetermined === 0
        ? []
        : [{ code: "not-estimable", message: predictionMessages.rowsNotEstimable(predicted.undetermined, fit.droppedColumns) }],
  };
}

function outcomeOf(fit: MixedFit, type: "response" | "link" | "probabilities"): Outcome {
  const whole = responseOutcome(fit);
  const categories = isGeneralized(fit) && fit.engine.family === null;
  if (type === "probabilities") {
    if (categories) return whole;
    if (isGeneralized(fit) && fit.family === "binomial") return binaryOutcome(whole, fit.frame.response.levels ?? ["0", "1"]);
    throw new FitError(predictionMessages.noProbabilities(fit.family));
  }
  if (isGeneralized(fit) && fit.family === "multinomial") throw new FitError(predictionMessages.unorderedProbabilities(type));
  if (type === "link") return linearOutcome(whole.predictorCount);
  return categories ? meanClassOutcome(whole) : whole;
}

/** The units of the main formula and of the zero probability. */
function unitsOf(fit: MixedFit, table: TableColumns, rows: PredictionRows): readonly NamedUnits[] {
  const recipes = [fit.frame.recipe, ...fit.frame.further.map(({ recipe }) => recipe)];
  const all = recipes.flatMap((recipe) => namedUnits(recipe, table, rows.random));
  return [...new Map(all.map((own) => [own.group, own])).values()];
}

function refuseStrangers(named: readonly NamedUnits[]): void {
  for (const { group, strangers, levels } of named) {
    if (strangers.length === 0) continue;
    const names = [...new Set(strangers.map(({ name }) => name))];
    const at = strangers.map(({ row }) => row + 1);
    throw new DataError(predictionMessages.strangers(group, names, at, levels), { column: group, rows: at.slice(0, 5) });
  }
}

/** 1 for rows that name no unit of a factor. */
function rowsWithoutUnit(named: readonly NamedUnits[], rowCount: number): Uint8Array {
  const marks = new Uint8Array(rowCount);
  for (const { status } of named) for (let i = 0; i < rowCount; i++) if (status[i] === "missing") marks[i] = 1;
  return marks;
}

function takenFor(status: NamedUnits["status"][number], newUnits: NewUnits): UnitsOfRows["taken"][number] {
  if (status === "known") return "known";
  if (newUnits === "unknown") return "unknown";
  return status === "missing" ? "missing" : "new";
}

function aligned(values: Float64Array, rows: Int32Array, length: number): Float64Array {
  const out = new Float64Array(length).fill(Number.NaN);
  for (let i = 0; i < rows.length; i++) out[rows[i]!] = values[i]!;
  return out;
}
