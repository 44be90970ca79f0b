/**
 * Marginal means: what the fit predicts for each level of some factors (or value of a covariate), averaged over a reference grid of the
 * others (Searle, Speed & Milliken 1980, "Population marginal means in the linear model"; R's emmeans, Lenth 2016).
 *
 *   m_s = sum_c w_sc x_c'beta,   Var(m) = L V L',   L the averaged rows of the grid's design
 *
 * On the response scale a mean is g^-1(m), with standard error |dg^-1/dm| se(m) and the link's interval transformed (delta method); with
 * bias adjustment g^-1(m) + (v / 2) (g^-1)''(m), v the variance of the random effects, which is the mean over units to second order. Units are
 * otherwise those with random effects of zero; `populationAveraged` integrates over all. Categories have probabilities in every cell, averaged
 * there; standard errors by the delta method.
 *
 * Other than emmeans, a numeric column of two values is held at its mean like any other; `at: { female: [0, 1] }` averages over both.
 */
import { FitError, type Note, predictionMessages } from "../messages.js";
import { type Link, linkFunction } from "../models/families/links.js";
import { withHidden } from "../models/record.js";
import type { DfMethod } from "./df-method.js";
import { averagedEstimates, type MarginalGroup, MEAN_WEIGHTS, type MeanWeights, marginalWeights } from "./grid-averages.js";
import { checkChoice, checkOptionNames, type ErrorOf, errorsOf, type GridEstimates, quantileFor } from "./grid-estimates.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { cumulativeOutcome, latentOutcome, linearOutcome, meanClassOutcome, type Outcome, responseOutcome } from "./predict-outcome.js";
import { randomVariances } from "./predict-random.js";
import { type PredictionRows, predictionRows } from "./predict-rows.js";
import { dimensionNamed, type GridOptions, type ReferenceGrid, referenceGrid } from "./reference-grid.js";

export type { MeanWeights } from "./grid-averages.js";

/** What is averaged of models of categories. */
export type CategoryMode = "latent" | "probabilities" | "cumulative" | "exceedance" | "mean-class";

/** Options of `marginalMeans`. */
export interface MarginalMeansOptions extends GridOptions {
  /** Factors (or covariates with several values) within whose levels contrasts are made; means are given for them too. Default none. */
  readonly by?: string | readonly string[];
  /** Default "equal". */
  readonly weights?: MeanWeights;
  /** "link" (default; of linear models the response itself) or "response". */
  readonly type?: "link" | "response";
  /** On the response scale: adjust for the random effects' variance (true), or for that of a given standard deviation. Default false. */
  readonly biasAdjust?: boolean | number;
  /** Of models of categories, default "latent" (ordered) or "probabilities" (unordered). */
  readonly mode?: CategoryMode;
  /** Degrees of freedom of linear models, default "satterthwaite". */
  readonly df?: DfMethod;
  /** Coverage of the intervals, default 0.95. */
  readonly level?: number;
}

/** A mean and where it stands. */
export interface MarginalMean {
  /** Levels or values of the factors asked for. */
  readonly cell: Readonly<Record<string, string | number>>;
  /** The category (or threshold, "1|2") of a probability; null elsewhere. */
  readonly category: string | null;
  /** NaN where the model does not determine it: a combination without data in a rank-deficient model. */
  readonly estimate: number;
  readonly stdError: number;
  /** null: normal distribution. */
  readonly df: number | null;
  readonly lower: number;
  readonly upper: number;
}

export interface MarginalMeans {
  readonly rows: readonly MarginalMean[];
  readonly factors: readonly string[];
  readonly by: readonly string[];
  /** Factors of the grid that were averaged over. */
  readonly averagedOver: readonly string[];
  /** Numeric predictors and the one value at which each is held. */
  readonly heldAt: Readonly<Record<string, number>>;
  readonly weights: MeanWeights;
  readonly type: "link" | "response";
  readonly mode: CategoryMode | null;
  readonly level: number;
  readonly notes: readonly Note[];
  /** What contrasts are made from. Not enumerable. */
  readonly basis: MeansBasis;
}

/** The means on the scale on which they are compared. */
export interface MeansBasis {
  readonly estimates: GridEstimates;
  readonly errorOf: ErrorOf;
  /** The link whose inverse shows them; null where they are shown as they are. */
  readonly link: Link | null;
}

const OPTIONS: readonly string[] = ["at", "data", "by", "weights", "type", "biasAdjust", "mode", "df", "level"];
const MODES: readonly CategoryMode[] = ["latent", "probabilities", "cumulative", "exceedance", "mean-class"];

/**
 * Marginal means, as R's `emmeans`. Weights count rows by their prior weights.
 *
 * @param specs one or more factors of the model; a covariate may be named too, with values in `at`
 * @returns one row a combination of levels (and category), the first factor running fastest
 * @throws DataError for what is no predictor of the model
 * @throws FitError for values of `at` that do not fit, for options that do not exist, and for degrees of freedom of generalized models
 * @example marginalMeans(fit, "f").rows[0] // => { cell: { f: "a" }, category: null, estimate: 8.709, stdError: 1.178, df: 13.296, lower: 6.171, upper: 11.247 }
 */
export function marginalMeans(fit: MixedFit, specs: string | readonly string[], options: MarginalMeansOptions = {}): MarginalMeans {
  checkOptionNames(options, OPTIONS);
  const { weights = "equal", type = "link", level = 0.95, biasAdjust = false } = options;
  checkChoice("weights", weights, MEAN_WEIGHTS);
  checkChoice("type", type, ["link", "response"]);
  const grid = referenceGrid(fit, options);
  const factors = namesOf(specs).map((name) => dimensionNamed(grid, name));
  const by = namesOf(options.by ?? []).map((name) => dimensionNamed(grid, name));
  const shown = [...factors, ...by.filter((own) => !factors.includes(own))];
  const averaged = grid.dimensions.filter((own) => !shown.includes(own) && own.values.length > 1);
  const mode = modeOf(fit, options.mode);
  const cells = predictionRows(fit, grid.designs());
  const { outcome, linear } = scaleOf(fit, mode, cells);
  const groups = marginalWeights(fit, grid, shown, averaged, weights);
  const estimates = averagedEstimates(fit, cells, outcome, linear, groups);
  const link = type === "response" && isGeneralized(fit) && fit.engine.family !== null ? linkFunction(fit.link) : null;
  const errorOf = errorsOf(fit, options.df, linear);
  const variance = link === null || biasAdjust === false ? null : adjustment(fit, grid, groups, biasAdjust);
  const quantities = outcome.quantities.length;
  const rows = groups
    .flatMap((group, g) =>
      Array.from({ length: quantities }, (_, q): MarginalMean => {
        const k = g * quantities + q;
        const error = estimates.estimable[k] ? errorOf(estimates.gradients[k]!) : { stdError: Number.NaN, df: null };
        const value = estimates.estimable[k] ? estimates.values[k]! : Number.NaN;
        const on = onScale(link, value, error.stdError, quantileFor(level, error.df), variance === null ? 0 : variance[g]!);
        return { cell: group.cell, category: categoryName(mode, outcome, q), ...on, df: error.df };
      }),
    )
    .map(({ cell, category, estimate, stdError, df, lower, upper }) => ({ cell, category, estimate, stdError, df, lower, upper }));
  const notes = [...grid.notes];
  const undetermined = estimates.estimable.filter((known) => !known).length;
  if (undetermined > 0) notes.push({ code: "not-estimable", message: predictionMessages.notEstimable(undetermined, fit.droppedColumns) });
  return withHidden(
    {
      rows,
      factors: factors.map(({ name }) => name),
      by: by.map(({ name }) => name),
      averagedOver: averaged.map(({ name }) => name),
      heldAt: Object.fromEntries(
        grid.dimensions.flatMap(({ name, kind, values }) => (kind === "number" && values.length === 1 ? [[name, Number(values[0])]] : [])),
      ),
      weights,
      type,
      mode,
      level,
      notes,
    },
    { basis: { estimates, errorOf, link } },
  );
}

function namesOf(names: string | readonly string[]): readonly string[] {
  return typeof names === "string" ? [names] : names;
}

function modeOf(fit: MixedFit, asked: CategoryMode | undefined): CategoryMode | null {
  const unordered = isGeneralized(fit) && fit.family === "multinomial";
  if (!isGeneralized(fit) || (fit.engine.family !== null && !unordered)) {
    if (asked !== undefined) throw new FitError(predictionMessages.modeOfCategories(asked));
    return null;
  }
  const mode = asked ?? (unordered ? "probabilities" : "latent");
  checkChoice("mode", mode, unordered ? ["probabilities"] : MODES);
  return mode;
}

/** What is averaged over cells, and whether it is linear in the coefficients. */
function scaleOf(
  fit: MixedFit,
  mode: CategoryMode | null,
  { predictors }: PredictionRows,
): { readonly outcome: Outcome; readonly linear: boolean } {
  const count = predictors.length;
  if (mode === null) return { outcome: linearOutcome(count), linear: true };
  if (mode === "latent") {
    const scale = isGeneralized(fit) && fit.scaleModel !== null ? 1 : 0;
    return { outcome: latentOutcome(count, count - 1 - scale), linear: true };
  }
  const probabilities = responseOutcome(fit);
  if (mode === "probabilities") return { outcome: probabilities, linear: false };
  if (mode === "mean-class") return { outcome: meanClassOutcome(probabilities), linear: false };
  const thresholds = isGeneralized(fit) ? (fit.engine.categories?.thresholds.thresholds ?? []) : [];
  return { outcome: cumulativeOutcome(probabilities, thresholds, mode === "exceedance"), linear: false };
}

function categoryName(mode: CategoryMode | null, { quantities }: Outcome, q: number): string | null {
  return mode === null || mode === "latent" || mode === "mean-class" ? null : quantities[q]!;
}

/** By group the variance of the random part, averaged over its cells, or that of a given standard deviation. */
function adjustment(fit: MixedFit, grid: ReferenceGrid, groups: readonly MarginalGroup[], by: true | number): readonly number[] {
  if (by !== true) {
    if (!(typeof by === "number" && by >= 0 && Number.isFinite(by))) throw new FitError(predictionMessages.biasAdjust(String(by)));
    return groups.map(() => by * by);
  }
  const random = fit.randomTerms.map((term) => {
    const frame = fit.frame.random[term.index]!;
    const effects = grid.effects(fit.frame.formula.random[term.index]!.effects);
    return { term, predictor: 0, frame: { ...frame, effects, levelOf: new Int32Array(grid.cellCount).fill(-1), membership: null } };
  });
  const variances = randomVariances(random, 1, grid.cellCount, "all")[0]!;
  return groups.map(({ weights }) => weights.reduce((sum, weight, c) => sum + weight * variances[c]!, 0));
}

/** Shown through the inverse link: value, standard error and limits; ends change places where the link falls. */
export function onScale(
  link: Link | null,
  value: number,
  stdError: number,
  quantile: number,
  variance: number,
): { readonly estimate: number; readonly stdError: number; readonly lower: number; readonly upper: number } {
  const lower = value - quantile * stdError;
  const upper = value + quantile * stdError;
  if (link === null) return { estimate: value, stdError, lower, upper };
  const out = new Float64Array(4);
  const shown = (eta: number): number => {
    if (!link.inside(eta)) return Number.NaN;
    link.derivatives(eta, out);
    return out[0]! + 0.5 * variance * out[2]!;
  };
  const ends = [shown(lower), shown(upper)].sort((a, b) => a - b);
  const estimate = shown(value);
  const slope = Math.abs(out[1]! + 0.5 * variance * out[3]!);
  return { estimate, stdError: slope * stdError, lower: ends[0]!, upper: ends[1]! };
}
