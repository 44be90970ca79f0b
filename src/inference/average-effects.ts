/**
 * Average effects on the scale of the response.
 *
 *   marginal effect of numbers    (1/n) sum_i d m_i / dx_i
 *   marginal effect of a factor   (1/n) sum_i m_i(x = level) - m_i(x = first level)
 *   population average            m_i = E f(x_i'beta + z_i'b) over the random effects b ~ N(0, Sigma)
 *
 * (Wooldridge 2010, section 2.2.5, average partial effects; Zeger, Liang & Albert 1988.) m_i is the row's mean, or the probability of a
 * category, averaged over the random effects: what changes in the population, not in a unit of random effects zero, whose probabilities
 * are further from one half. Standard errors by the delta method from the covariance of all parameters.
 */
import type { TableColumns } from "../models/frame/evaluation.js";
import { changeable } from "./counterfactual-rows.js";
import { twoSidedP } from "./fixed-tests.js";
import { checkChoice, checkOptionNames, quantileFor } from "./grid-estimates.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { errorOfGradient, type ParameterCovariance, parameterCovariance, type RowAverages, rowAverages } from "./predict-average.js";
import { responseLimits } from "./predict-limits.js";
import { responseOutcome } from "./predict-outcome.js";
import { designsOfFit, designsOfTable, designsOfTerms, type PredictionRows, predictionRows, type RowDesigns } from "./predict-rows.js";

/** Options of `averageMarginalEffects`. */
export interface AverageEffectOptions {
  /** "integrated" (default) over the random effects, or "zero": units with random effects of zero. */
  readonly effects?: "integrated" | "zero";
  /** The table that the model was fitted to: needed only where the formula has the column inside functions alone. */
  readonly data?: TableColumns;
  /** Coverage of the intervals, default 0.95. */
  readonly level?: number;
}

export interface AverageEffect {
  readonly variable: string;
  /** `slope`, or the levels compared: `b - a`. */
  readonly contrast: string;
  /** Of models of categories. */
  readonly category: string | null;
  readonly estimate: number;
  readonly stdError: number;
  readonly statistic: number;
  readonly pValue: number;
  readonly lower: number;
  readonly upper: number;
}

const EFFECTS: readonly string[] = ["integrated", "zero"];

/** Share of a standard deviation by which x is moved. */
const STEP = 1e-4;

/**
 * How much the mean response (or each category's probability) changes with a predictor, on average over the rows that the model was
 * fitted to, each counting once; R's `margins` and `marginaleffects::avg_slopes` give it for random effects of zero.
 *
 * @param x a numeric column, or a factor
 * @returns one row for numbers, one a level but the first for a factor; times the categories
 * @throws DataError for what is no predictor of the model
 * @throws FitError where the column's values are not known
 * @example averageMarginalEffects(fit, "f").map(({ contrast, estimate }) => [contrast, estimate]) // => [["b - a", 0.4538], ["c - a", 0.356]]
 */
export function averageMarginalEffects(fit: MixedFit, x: string, options: AverageEffectOptions = {}): readonly AverageEffect[] {
  checkOptionNames(options, ["effects", "data", "level"]);
  const { effects = "integrated", level = 0.95 } = options;
  checkChoice("effects", effects, EFFECTS);
  const own = changeable(fit, x, options.data);
  const covariance = parameterCovariance(fit);
  const average = (designs: RowDesigns): Averages =>
    averagesOf(fit, predictionRows(fit, designs), covariance.size, effects === "integrated");
  const quantile = quantileFor(level, null);
  const record = (contrast: string, above: Averages, below: Averages, width: number): AverageEffect[] =>
    above.quantities.map((quantity, q) => {
      const gradient = Float64Array.from(
        { length: covariance.size },
        (_, j) => (above.gradients[q]![j]! - below.gradients[q]![j]!) / width,
      );
      const estimate = (above.values[q]! - below.values[q]!) / width;
      const stdError = errorOfGradient(covariance, gradient);
      const statistic = estimate / stdError;
      return {
        variable: x,
        contrast,
        category: above.quantities.length > 1 ? quantity : null,
        estimate,
        stdError,
        statistic,
        pValue: twoSidedP(statistic, null),
        lower: estimate - quantile * stdError,
        upper: estimate + quantile * stdError,
      };
    });
  if (own.kind === "number") {
    const step = STEP * own.spread;
    return record("slope", average(own.rows(step)), average(own.rows(-step)), 2 * step);
  }
  const first = average(own.rows(0));
  return own.levels.slice(1).flatMap((name, k) => record(`${name} - ${own.levels[0]}`, average(own.rows(k + 1)), first, 1));
}

interface Averages {
  readonly quantities: readonly string[];
  readonly values: Float64Array;
  readonly gradients: readonly Float64Array[];
}

function averagesOf(fit: MixedFit, rows: PredictionRows, size: number, integrated: boolean): Averages {
  const averages = rowAverages(fit, rows, responseOutcome(fit), integrated);
  const { quantities } = averages;
  const values = new Float64Array(quantities.length);
  const gradients = quantities.map(() => new Float64Array(size));
  let used = 0;
  eachRow(averages, rows.rowCount, size, (_, own, gradient) => {
    if (own.some(Number.isNaN)) return;
    used++;
    for (let q = 0; q < quantities.length; q++) {
      values[q] = values[q]! + own[q]!;
      const to = gradients[q]!;
      for (let j = 0; j < size; j++) to[j] = to[j]! + gradient[q * size + j]!;
    }
  });
  return { quantities, values: values.map((sum) => sum / used), gradients: gradients.map((own) => own.map((sum) => sum / used)) };
}

function eachRow(
  averages: RowAverages,
  rowCount: number,
  size: number,
  visit: (row: number, values: Float64Array, gradients: Float64Array) => void,
): void {
  const values = new Float64Array(averages.quantities.length);
  const gradients = new Float64Array(values.length * size);
  for (let i = 0; i < rowCount; i++) {
    averages.at(i, values, gradients);
    visit(i, values, gradients);
  }
}

/** The mean, or a category's probability, by row of the table and on average. */
export interface PopulationAverage {
  /** null for a mean. */
  readonly category: string | null;
  /** Aligned with the table; NaN where a row has missing values (or was not used). */
  readonly values: Float64Array;
  readonly stdErrors: Float64Array;
  /** On the logit or log scale where the response is bounded. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Over the rows that have a value. */
  readonly average: { readonly estimate: number; readonly stdError: number; readonly lower: number; readonly upper: number };
}

/**
 * Means or probabilities of categories averaged over the random effects: of a population of units, where `predict` gives those of one unit.
 *
 * @param table new data; default the rows that the model was fitted to. Grouping factors may be absent
 * @param options `level`: coverage of the intervals, default 0.95
 * @returns one record, or one a category
 * @throws DataError where a column is missing or a predictor has levels that the fit did not have
 * @example populationAveraged(fit)[0].average.estimate // => 8.979
 */
export function populationAveraged(
  fit: MixedFit,
  table?: TableColumns,
  options: { readonly level?: number } = {},
): readonly PopulationAverage[] {
  checkOptionNames(options, ["level"]);
  const quantile = quantileFor(options.level ?? 0.95, null);
  const designs = table === undefined ? designsOfFit(fit) : withEffects(fit, table);
  const rows = predictionRows(fit, designs);
  const averages = rowAverages(fit, rows, responseOutcome(fit), true);
  const covariance = parameterCovariance(fit);
  const length = table === undefined ? fit.frame.tableRowCount : table.rowCount;
  const place = (i: number): number => (table === undefined ? fit.frame.rows[i]! : i);
  const empty = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  const limits = responseLimits(fit);
  const out = averages.quantities.map((quantity) => ({
    category: averages.quantities.length > 1 ? quantity : null,
    values: empty(),
    stdErrors: empty(),
    lower: empty(),
    upper: empty(),
  }));
  const sums = averages.quantities.map(() => ({ value: 0, gradient: new Float64Array(covariance.size) }));
  let used = 0;
  eachRow(averages, rows.rowCount, covariance.size, (i, values, gradients) => {
    if (values.some(Number.isNaN)) return;
    used++;
    out.forEach((own, q) => {
      const gradient = gradients.subarray(q * covariance.size, (q + 1) * covariance.size);
      const stdError = errorOfGradient(covariance, gradient);
      const at = place(i);
      own.values[at] = values[q]!;
      own.stdErrors[at] = stdError;
      const ends = limits(values[q]!, stdError, quantile);
      own.lower[at] = ends.lower;
      own.upper[at] = ends.upper;
      sums[q]!.value += values[q]!;
      const to = sums[q]!.gradient;
      for (let j = 0; j < to.length; j++) to[j] = to[j]! + gradient[j]!;
    });
  });
  return out.map((own, q) => ({ ...own, average: averaged(sums[q]!, used, covariance, limits, quantile) }));
}

function averaged(
  { value, gradient }: { readonly value: number; readonly gradient: Float64Array },
  used: number,
  covariance: ParameterCovariance,
  limits: ReturnType<typeof responseLimits>,
  quantile: number,
): PopulationAverage["average"] {
  const estimate = value / used;
  const stdError = errorOfGradient(covariance, gradient) / used;
  return { estimate, stdError, ...limits(estimate, stdError, quantile) };
}

/** New rows with the columns of their random effects, each a draw of the distribution: no unit needs a name. */
function withEffects(fit: MixedFit, table: TableColumns): RowDesigns {
  const designs = designsOfTable(fit, table, false);
  if (!isGeneralized(fit)) return designs;
  const parts = new Map(fit.frame.further.map((own) => [own.part, own]));
  const membership = [...fit.frame.random, ...fit.frame.further.flatMap(({ random }) => random)].some((term) => term.membership !== null);
  if (membership) return designsOfTable(fit, table, true);
  const zi = parts.get("zi");
  const main = { ...designs.main, random: unnamed(fit.frame, table) };
  const further = new Map(designs.further);
  if (zi !== undefined && zi.random.length > 0) further.set("zi", { ...designs.further.get("zi")!, random: unnamed(zi, table) });
  return { ...designs, main, further };
}

function unnamed(part: Pick<MixedFit["frame"], "recipe" | "random">, table: TableColumns): RowDesigns["main"]["random"] {
  const { formula } = part.recipe;
  return part.random.map((frame, k) => {
    const terms = formula.random[k % formula.random.length]!.effects;
    const effects = designsOfTerms(part.recipe, terms, table);
    return { ...frame, effects, levelOf: new Int32Array(table.rowCount).fill(-1), membership: null };
  });
}
