/**
 * Fitted values and residuals of generalized and cumulative models, aligned with the table the model was fitted on.
 *
 *   eta = X beta + Z b + offset,   mu = g^-1(eta),   residual = y - fitted,   Pearson = sqrt(w) (y - fitted) / sqrt(Var(y))
 *
 * Models with zeros of their own have two parts, the probability p of such a zero and the mean m of the other counts,
 *
 *   zero inflation   m = mu,                fitted = (1 - p) m,   Var = (1 - p) (V + p mu^2)
 *   hurdle           m = mu / (1 - f(0)),   fitted = (1 - p) m,   Var = (1 - p) (V + mu^2) / (1 - f(0)) - fitted^2
 *
 * (Lambert 1992; Mullahy 1986), V and f(0) the counts' variance and probability of zero; truncated counts are a hurdle's with p = 0.
 *
 * Ordered categories have probabilities; their fitted value is the expected category, sum_j s_j P(Y = j) with scores s_j (the categories
 * where these are numbers, else 1 ... J: `categoryScores`), and their residual, which is not y less that value, the probability-scale one, P(Y < y) - P(Y > y), which has mean zero under the model whatever distances categories may have (Li & Shepherd
 * 2012, "A new residual for ordinal outcomes"). Unordered categories have no expected one: theirs is the probability of the category
 * observed, and the residual what it lacks to one.
 */
import { adjacentScores, categoryProbabilities, categoryScores, cumulativeLink, shares } from "./category-probabilities.js";
import type { Family } from "./families/family.js";
import { logistic } from "./families/links.js";
import { binomialCounts } from "./families/response-checks.js";
import { responseCategories } from "./families/thresholds.js";
import type { FittedValues } from "./fitted-values.js";
import type { CategoryDesign, GeneralizedEngine } from "./generalized-engine.js";
import type { GeneralizedMixedFit } from "./generalized-fit.js";
import { rowPredictors } from "./generalized-predictors.js";

/**
 * Each array has the input table's length; NaN where a row was not used. Fitted values are on the scale of the response:
 *
 *   means            `fitted` the mean (a proportion for binomial families), `residuals` y - fitted
 *   ordered          `fitted` the expected category, sum_j s_j P(Y = j), in scores s_j: the categories themselves where they are numbers (0 ... 4),
 *                    else 1 ... J; `residuals` the probability-scale P(Y < y) - P(Y > y) in (-1, 1), not y - fitted
 *   unordered        `fitted` the probability of the category observed, `residuals` 1 - fitted
 *
 * `fixed` is `fitted` with random effects of zero.
 */
export interface GeneralizedFittedValues extends FittedValues {
  /** eta of the mean (of the latent scale, thresholds apart), random effects and offset included; null for multinomial models, which have several. */
  readonly linearPredictor: Float64Array | null;
  /** The same without random effects. */
  readonly fixedPredictor: Float64Array | null;
  /** Residuals in standard deviations of an observation; null for categories. */
  readonly pearson: Float64Array | null;
  /** The two parts of a model with zeros of their own; null without. */
  readonly parts: CountParts | null;
  /** Probabilities of categories; null for other models. */
  readonly categories: CategoryFit | null;
}

/** Both with random effects: `fitted` is (1 - zeroProbability) x countMean. */
export interface CountParts {
  /** Probability of a zero that is not of the counts (zero inflation), or of any zero (hurdle). */
  readonly zeroProbability: Float64Array;
  /** Mean of the counts: of all that the zero part leaves (zero inflation), or of those above zero (hurdle). */
  readonly countMean: Float64Array;
}

export interface CategoryFit {
  /** J names. */
  readonly levels: readonly string[];
  /** By category an array of the table's length: its probability. */
  readonly probabilities: readonly Float64Array[];
  /** Probability of the category observed: what ordinal's `fitted` gives. */
  readonly observed: Float64Array;
}

/** Means, and what a residual is measured by, over the rows used. */
interface Means {
  readonly fitted: Float64Array;
  readonly deviation: Float64Array;
  readonly zeroProbability: Float64Array | null;
  readonly countMean: Float64Array | null;
}

export function generalizedFittedValues(fit: GeneralizedMixedFit): GeneralizedFittedValues {
  const { categories, family } = fit.engine;
  if (categories !== null) return fittedCategories(fit, categories);
  return family === null ? fittedMultinomial(fit) : fittedMeans(fit, family);
}

/** Values over the rows used in the places of the table's rows. */
function aligned({ frame }: GeneralizedMixedFit, values: ArrayLike<number>): Float64Array {
  const out = new Float64Array(frame.tableRowCount).fill(Number.NaN);
  for (let i = 0; i < frame.rows.length; i++) out[frame.rows[i]!] = values[i]!;
  return out;
}

function fittedMeans(fit: GeneralizedMixedFit, family: Family): GeneralizedFittedValues {
  const { whole, fixed } = rowPredictors(fit.engine);
  const { values, sizes, weights } = observations(fit.engine, family);
  const at = (predictors: readonly Float64Array[]): Means => meansOf(fit, family, predictors, sizes);
  const means = at(whole);
  const residuals = values.map((y, i) => y - means.fitted[i]!);
  const pearson = residuals.map((r, i) => (r * Math.sqrt(weights === null ? 1 : weights[i]!)) / means.deviation[i]!);
  const { zeroProbability, countMean } = means;
  return {
    fitted: aligned(fit, means.fitted),
    fixed: aligned(fit, at(fixed).fitted),
    residuals: aligned(fit, residuals),
    linearPredictor: aligned(fit, whole[0]!),
    fixedPredictor: aligned(fit, fixed[0]!),
    pearson: aligned(fit, pearson),
    parts:
      zeroProbability === null || countMean === null
        ? null
        : { zeroProbability: aligned(fit, zeroProbability), countMean: aligned(fit, countMean) },
    categories: null,
  };
}

/** The response as numbers: proportions for binomial families, with their numbers of trials. */
export function observations(
  { response }: GeneralizedEngine,
  family: Family,
): { readonly values: Float64Array; readonly sizes: Float64Array | null; readonly weights: Float64Array | null } {
  if (family.name !== "binomial" && family.name !== "betabinomial") {
    return { values: response.values, sizes: null, weights: response.weights };
  }
  const { successes, failures, weights } = binomialCounts(response, family.name, family.name === "binomial");
  const sizes = successes.map((s, i) => s + failures[i]!);
  return { values: successes.map((s, i) => s / sizes[i]!), sizes, weights };
}

function meansOf(
  { engine, link, hurdle, family: name, zeroInflation }: GeneralizedMixedFit,
  family: Family,
  predictors: readonly Float64Array[],
  sizes: Float64Array | null,
): Means {
  const n = predictors[0]!.length;
  const truncated = name.startsWith("truncated_");
  const zeros = zeroInflation === null ? null : predictors[predictors.length - 1]!;
  const zeroRows = truncated ? rowsAtZero(engine, family) : null;
  const fitted = new Float64Array(n);
  const deviation = new Float64Array(n);
  const zeroProbability = zeros === null ? null : new Float64Array(n);
  const countMean = zeros === null ? null : new Float64Array(n);
  const further = family.further.map(() => 0);
  for (let i = 0; i < n; i++) {
    const mu = family.mean(link, predictors[0]![i]!);
    for (let k = 0; k < further.length; k++) further[k] = predictors[1 + k]![i]!;
    const variance = family.variance(mu, further, sizes === null ? 1 : sizes[i]!);
    // What is left of the counts where zero is not one of them.
    const above = zeroRows === null ? 1 : -Math.expm1(zeroRows(i, predictors));
    const p = zeros === null ? 0 : logistic(zeros[i]!);
    const rest = zeros === null ? 1 : logistic(-zeros[i]!);
    const mean = mu / above;
    fitted[i] = rest * mean;
    const own =
      zeroInflation !== null && !hurdle
        ? rest * (variance + p * mu * mu)
        : zeroRows === null
          ? variance
          : (rest * (variance + mu * mu)) / above - fitted[i]! ** 2;
    deviation[i] = Math.sqrt(own);
    if (zeroProbability !== null) zeroProbability[i] = p;
    if (countMean !== null) countMean[i] = mean;
  }
  return { fitted, deviation, zeroProbability, countMean };
}

/** log f(0) of the counts before truncation, at a row's predictors. */
function rowsAtZero({ response, link }: GeneralizedEngine, family: Family): (i: number, predictors: readonly Float64Array[]) => number {
  const rows = family.rows({ ...response, weights: null, values: new Float64Array(response.values.length) }, link);
  const at = new Float64Array(rows.predictors.length);
  const out = new Float64Array(1);
  return (i, predictors) => {
    for (let c = 0; c < at.length; c++) at[c] = predictors[c]![i]!;
    rows.row(i, at, 0, out);
    return out[0]!;
  };
}

function fittedCategories(fit: GeneralizedMixedFit, design: CategoryDesign): GeneralizedFittedValues {
  const { engine } = fit;
  const { levels, category, thresholds, nominal } = design;
  const { whole, fixed } = rowPredictors(engine);
  const n = category.length;
  const working = engine.point.subarray(engine.problem.parameters.length);
  const link = cumulativeLink(fit.link);
  const at = (eta: Float64Array): Float64Array =>
    fit.family === "adjacent"
      ? shares(adjacentScores(eta, whole.slice(1)))
      : categoryProbabilities(thresholds, working, link, { eta, logScale: fit.scaleModel === null ? null : whole[3]!, nominal });
  const probabilities = at(whole[0]!);
  const scores = categoryScores(levels);
  const score = (p: Float64Array): Float64Array => {
    const out = new Float64Array(n);
    for (let j = 0; j < levels.length; j++) for (let i = 0; i < n; i++) out[i] = out[i]! + scores[j]! * p[j * n + i]!;
    return out;
  };
  const residuals = new Float64Array(n);
  const observed = observedShares(probabilities, category);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < levels.length; j++) {
      const p = probabilities[j * n + i]!;
      if (j !== category[i]) residuals[i] = residuals[i]! + (j < category[i]! ? p : -p);
    }
  }
  const shift = predictorShift(engine, design);
  const shifted = (eta: Float64Array): Float64Array => eta.map((x) => x + shift);
  return {
    fitted: aligned(fit, score(probabilities)),
    fixed: aligned(fit, score(at(fixed[0]!))),
    residuals: aligned(fit, residuals),
    linearPredictor: aligned(fit, shifted(whole[0]!)),
    fixedPredictor: aligned(fit, shifted(fixed[0]!)),
    pearson: null,
    parts: null,
    categories: categoryFit(fit, levels, probabilities, observed),
  };
}

function fittedMultinomial(fit: GeneralizedMixedFit): GeneralizedFittedValues {
  const { whole, fixed } = rowPredictors(fit.engine);
  const { category, levels } = responseCategories(fit.engine.response);
  const baseline = new Float64Array(category.length);
  const probabilities = shares([baseline, ...whole]);
  const observed = observedShares(probabilities, category);
  return {
    fitted: aligned(fit, observed),
    fixed: aligned(fit, observedShares(shares([baseline, ...fixed]), category)),
    residuals: aligned(
      fit,
      observed.map((p) => 1 - p),
    ),
    linearPredictor: null,
    fixedPredictor: null,
    pearson: null,
    parts: null,
    categories: categoryFit(fit, levels, probabilities, observed),
  };
}

function observedShares(probabilities: Float64Array, category: Int32Array): Float64Array {
  const n = category.length;
  return Float64Array.from(category, (j, i) => probabilities[j * n + i]!);
}

function categoryFit(
  fit: GeneralizedMixedFit,
  levels: readonly string[],
  probabilities: Float64Array,
  observed: Float64Array,
): CategoryFit {
  const n = observed.length;
  return {
    levels,
    probabilities: levels.map((_, j) => aligned(fit, probabilities.subarray(j * n, (j + 1) * n))),
    observed: aligned(fit, observed),
  };
}

/** Working columns are centred and the thresholds with them: what takes the working predictor to that of the thresholds as shown. */
function predictorShift({ problem, point, transform }: GeneralizedEngine, { thresholds }: CategoryDesign): number {
  const { psiCount } = problem.model;
  const psi = point.subarray(problem.parameters.length);
  const count = thresholds.thresholds.length;
  let shift = 0;
  // The first threshold: J's first row times (parameters as shown less working ones).
  for (let k = 0; k < thresholds.parameters.length; k++) {
    let shown = 0;
    for (let c = 0; c < psiCount; c++) shown += transform[k * psiCount + c]! * psi[c]!;
    shift += thresholds.jacobian[k * count]! * (shown - psi[k]!);
  }
  return shift;
}
