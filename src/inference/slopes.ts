/**
 * Slopes of a numeric predictor: how much the fit's prediction changes with it, at the cells of a reference grid (R's emtrends, Lenth 2016).
 *
 *   s_c = d (x_c'beta) / dx,   or on the response scale d g^-1(x_c'beta) / dx
 *
 * by central differences of the design in x, a ten-thousandth of its standard deviation to either side: exact for `x`, `x:f` and
 * `poly(x, 2)`, right to eight digits for other functions. Of functions of x the slope is that at the grid's value of x.
 */
import { FitError, type Note, predictionMessages } from "../messages.js";
import { withHidden } from "../models/record.js";
import type { DfMethod } from "./df-method.js";
import { averagedEstimates, MEAN_WEIGHTS, type MeanWeights, marginalWeights } from "./grid-averages.js";
import { checkChoice, checkOptionNames, type ErrorOf, errorsOf, estimability, type GridEstimates, quantileFor } from "./grid-estimates.js";
import type { MarginalMean, MarginalMeans } from "./marginal-means.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { linearOutcome, responseOutcome } from "./predict-outcome.js";
import { predictionRows } from "./predict-rows.js";
import { dimensionNamed, type GridOptions, referenceGrid } from "./reference-grid.js";

/** Options of `slopes`. */
export interface SlopeOptions extends GridOptions {
  /** Factors for whose levels slopes are given; default none: one slope, averaged over all factors. */
  readonly by?: string | readonly string[];
  /** How cells are averaged, default "equal". */
  readonly weights?: MeanWeights;
  /** "link" (default; of linear models the response itself) or "response": means or probabilities of categories at random effects of zero. */
  readonly type?: "link" | "response";
  /** Degrees of freedom of linear models, default "satterthwaite". */
  readonly df?: DfMethod;
  /** Coverage of the intervals, default 0.95. */
  readonly level?: number;
}

const OPTIONS: readonly string[] = ["at", "data", "by", "weights", "type", "df", "level"];

/** Share of a standard deviation by which x is moved. */
const STEP = 1e-4;

/**
 * Slopes of `x`, as R's `emtrends`; `contrastsOfMeans` compares them.
 *
 * @param x a numeric column of the model, or a variable as it stands in the formula (`cwc(x, g)`)
 * @returns one row a combination of the levels of `by` (and category)
 * @throws DataError for what is no predictor of the model
 * @throws FitError for a factor, and as `marginalMeans`
 * @example slopes(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy), "Days").rows[0] // => { cell: {}, category: null, estimate: 10.4673, stdError: 1.5458, ... }
 */
export function slopes(fit: MixedFit, x: string, options: SlopeOptions = {}): MarginalMeans {
  checkOptionNames(options, OPTIONS);
  const { weights = "equal", type = "link", level = 0.95 } = options;
  checkChoice("weights", weights, MEAN_WEIGHTS);
  checkChoice("type", type, ["link", "response"]);
  const grid = referenceGrid(fit, options);
  const along = dimensionNamed(grid, x);
  if (along.kind === "factor") throw new FitError(predictionMessages.slopeOfFactor(along.name));
  const given = options.by ?? [];
  const shown = (typeof given === "string" ? [given] : given).map((name) => dimensionNamed(grid, name));
  const averaged = grid.dimensions.filter((own) => !shown.includes(own) && own.values.length > 1);
  const groups = marginalWeights(fit, grid, shown, averaged, weights);
  const step = STEP * along.spread;
  const above = predictionRows(fit, grid.designs({ name: along.name, by: step }));
  const below = predictionRows(fit, grid.designs({ name: along.name, by: -step }));
  const linear = type === "link" || !isGeneralized(fit);
  if (linear && isGeneralized(fit) && fit.family === "multinomial") throw new FitError(predictionMessages.slopeOfEquations);
  const outcome = linear ? linearOutcome(above.predictors.length) : responseOutcome(fit);
  const up = averagedEstimates(fit, above, outcome, linear, groups);
  const down = averagedEstimates(fit, below, outcome, linear, groups);
  const moved = { ...above.fixed, values: above.fixed.values.map((value, k) => (value - below.fixed.values[k]!) / (2 * step)) };
  const determined = estimability(fit, moved);
  const quantities = outcome.quantities.length;
  const estimates: GridEstimates = {
    values: up.values.map((value, k) => (value - down.values[k]!) / (2 * step)),
    gradients: up.gradients.map((gradient, k) => gradient.map((value, j) => (value - down.gradients[k]![j]!) / (2 * step))),
    estimable: linear ? groups.map((group) => determined.combination(group.weights)) : up.estimable,
    linear,
  };
  const errorOf = errorsOf(fit, options.df, linear);
  const rows = groups.flatMap(({ cell }, g) =>
    outcome.quantities.map((quantity, q) =>
      slopeRow(estimates, g * quantities + q, errorOf, level, cell, quantities > 1 ? quantity : null),
    ),
  );
  const notes: Note[] = [...grid.notes];
  const undetermined = estimates.estimable.filter((known) => !known).length;
  if (undetermined > 0) notes.push({ code: "not-estimable", message: predictionMessages.notEstimable(undetermined, fit.droppedColumns) });
  return withHidden(
    {
      rows,
      factors: shown.map(({ name }) => name),
      by: [],
      averagedOver: averaged.map(({ name }) => name),
      heldAt: Object.fromEntries(
        grid.dimensions.flatMap(({ name, kind, values }) => (kind === "number" && values.length === 1 ? [[name, Number(values[0])]] : [])),
      ),
      weights,
      type,
      mode: null,
      level,
      notes,
    },
    { basis: { estimates, errorOf, link: null } },
  );
}

function slopeRow(
  { values, gradients, estimable }: GridEstimates,
  k: number,
  errorOf: ErrorOf,
  level: number,
  cell: MarginalMean["cell"],
  category: string | null,
): MarginalMean {
  const { stdError, df } = estimable[k] ? errorOf(gradients[k]!) : { stdError: Number.NaN, df: null };
  const estimate = estimable[k] ? values[k]! : Number.NaN;
  const half = quantileFor(level, df) * stdError;
  return { cell, category, estimate, stdError, df, lower: estimate - half, upper: estimate + half };
}
