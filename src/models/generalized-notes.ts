/**
 * What is worth knowing about the estimates of a generalized or cumulative model, in words: separated coefficients, a dispersion or a
 * zero probability at its bound, a variance that runs off, random effects of single rows. Whether the Laplace approximation is good
 * enough is in laplace-check.ts.
 *
 * A parameter at a bound is judged by what it means for the data, not by its size: how much it adds to a variance, how many rows it
 * makes zero, beside how well its logarithm is known (where the likelihood is flat its standard error is huge).
 */
import { generalizedNoteMessages, type Note } from "../messages.js";
import { binomialCounts, levelsWithRows } from "./families/response-checks.js";
import type { RandomFrame } from "./frame/frame.js";
import { evaluateLaplace } from "./laplace/criterion.js";
import { laplaceNotes, singleFactor } from "./laplace-check.js";
import { latentDeviation, meanDeviation } from "./latent-deviation.js";
import { type FittedModel, separation } from "./separation.js";

/** What was found out about the estimates. */
export interface Findings {
  readonly notes: readonly Note[];
  /** Places among the model's coefficients of those without a finite estimate. */
  readonly separated: readonly number[];
}

/**
 * All notes on the estimates. Where coefficients run off, variances are not spoken of: what can be seen of them is a consequence.
 * Leaves the problem's rows and factor somewhere near the optimum.
 */
export function generalizedNotes(model: FittedModel): Findings {
  const { problem, point, effects } = model.estimate;
  const separated = separation(model);
  const notes = [...pooledLevelNotes(model), ...separated.notes, ...rowEffectNotes(model)];
  // Predictors with their random effects.
  evaluateLaplace(problem, point, effects);
  const running = separated.notes.length > 0 ? [] : varianceNotes(model);
  // A variance without a maximum says more than how the approximation errs beside it.
  const laplace = running.length > 0 ? [] : laplaceNotes(model);
  return {
    notes: [...notes, ...dispersionNotes(model), ...zeroNotes(model), ...running, ...laplace],
    separated: separated.coefficients,
  };
}

/** A factor with more than two levels as a response of two. */
function pooledLevelNotes({ family, response: { name, levels, values } }: FittedModel): Note[] {
  if (family === null || levels === null || levels.length < 3) return [];
  const used = levelsWithRows(values, levels);
  return used.length < 3 ? [] : [{ code: "pooled-levels", message: generalizedNoteMessages.pooledLevels(name, used) }];
}

/** Extra variance below this share of the variance without it is none in practice, whatever its standard error. */
const NO_EXTRA = 1e-4;
/** Extra variance below this share is none if its parameter is not known either: a percent changes standard errors by half a percent. */
const LITTLE_EXTRA = 1e-2;
/** Standard error of a logarithm beyond which a parameter is unknown: its interval spans a factor of 50 to either side. */
const UNKNOWN = 2;

/** The predictor of this name over the rows; null where the model has none. */
function predictorNamed({ estimate }: FittedModel, name: string): { readonly values: Float64Array; readonly stdError: number } | null {
  const { model, predictors, parameters } = estimate.problem;
  const at = model.likelihood.predictors.indexOf(name);
  if (at < 0) return null;
  const places = new Set(model.predictors[at]!.parameter);
  const [only] = places;
  const { covariance, point } = estimate;
  const place = parameters.length + (only ?? 0);
  const variance = places.size !== 1 || covariance === null ? Number.NaN : covariance[place * point.length + place]!;
  return { values: predictors[at]!, stdError: variance > 0 ? Math.sqrt(variance) : Number.NaN };
}

const none = (extra: number, stdError: number): boolean => extra < NO_EXTRA || (extra < LITTLE_EXTRA && stdError > UNKNOWN);

/** A dispersion or shape at which the family turns into a simpler one, or into none at all. */
function dispersionNotes(model: FittedModel): Note[] {
  const { family, response, link, estimate } = model;
  if (family === null) return [];
  const eta = estimate.problem.predictors[0]!;
  const notes: Note[] = [];
  const bound = (message: string): void => {
    notes.push({ code: "dispersion-bound", message });
  };
  const dispersion = predictorNamed(model, "dispersion");
  if (dispersion !== null) {
    const { values, stdError } = dispersion;
    const largest = (of: (i: number) => number): number => values.reduce((most, _, i) => Math.max(most, of(i)), 0);
    switch (family.name) {
      case "nbinom2":
        // Var / mean = 1 + mean / theta
        if (
          none(
            largest((i) => family.mean(link, eta[i]!) * Math.exp(-values[i]!)),
            stdError,
          )
        )
          bound(generalizedNoteMessages.noOverdispersion("theta"));
        break;
      case "nbinom1":
        // Var / mean = 1 + phi
        if (
          none(
            largest((i) => Math.exp(values[i]!)),
            stdError,
          )
        )
          bound(generalizedNoteMessages.noOverdispersion("phi"));
        break;
      case "betabinomial": {
        const { successes, failures } = binomialCounts(response, family.name, false);
        const trials = successes.map((s, i) => s + failures[i]!);
        if (trials.every((size) => size === 1)) {
          notes.push({ code: "unidentified", message: generalizedNoteMessages.betabinomialOfSingles(response.name) });
        } else {
          // Variance of a proportion over the binomial one: 1 + (m - 1) / (phi + 1)
          const extra = largest((i) => (trials[i]! - 1) / (Math.exp(values[i]!) + 1));
          if (none(extra, stdError)) bound(generalizedNoteMessages.noExtraBinomial);
          // The other end: the trials of a row are all alike.
          if (values.every((x) => Math.exp(x) < NO_EXTRA)) bound(generalizedNoteMessages.trialsAlike);
        }
        break;
      }
      case "gamma":
      case "beta":
      case "inverse_gaussian":
      case "gaussian":
      case "student_t": {
        // Residual standard deviation over the response's own.
        const spread = Math.sqrt(variance(response.values));
        const shape = predictorNamed(model, "shape");
        const residual = largest((i) => {
          const further = shape === null ? [values[i]!] : [values[i]!, Math.max(1.5, shape.values[i]!)];
          return Math.sqrt(family.variance(family.mean(link, eta[i]!), further, 1));
        });
        if (residual < NO_EXTRA * spread) bound(generalizedNoteMessages.noResidual(response.name));
        break;
      }
    }
  }
  const shape = predictorNamed(model, "shape");
  // Excess kurtosis 6 / (nu - 4); a residual variance nu / (nu - 2) times as large.
  if (shape !== null && none(Math.exp(-shape.values[0]!), shape.stdError)) bound(generalizedNoteMessages.normalTails);
  return notes;
}

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
}

/** Expected rows with a zero of their own kind below which zero inflation explains not one row. */
const HALF_A_ROW = 0.5;
/** A coefficient on the logit scale is unknown with a standard error like this: the likelihood is flat. */
const FLAT_LOGIT = 10;

/** A probability of extra zeros that has run to zero: altogether, or along a coefficient. */
function zeroNotes(model: FittedModel): Note[] {
  const zero = model.zeros === "inflated" ? predictorNamed(model, "zero") : null;
  if (zero === null) return [];
  const probability = zero.values.map((zeta) => 1 / (1 + Math.exp(-zeta)));
  const rows = probability.reduce((sum, p) => sum + p, 0);
  const code = "zero-inflation-bound";
  if (rows < HALF_A_ROW) return [{ code, message: generalizedNoteMessages.noExtraZeros(model.response.name) }];
  const without = probability.reduce((count, p) => count + (p < NO_EXTRA ? 1 : 0), 0);
  const loose = without === 0 ? [] : flatZeroCoefficients(model);
  return loose.length === 0 ? [] : [{ code, message: generalizedNoteMessages.noExtraZerosFor(loose, without, probability.length) }];
}

/** Coefficients of the zero probability with standard errors that say that nothing is known. */
function flatZeroCoefficients({ estimate, names, transform }: FittedModel): string[] {
  const { problem, covariance, point } = estimate;
  const { psiCount, predictors } = problem.model;
  const first = problem.parameters.length;
  const own = new Set(predictors[predictors.length - 1]!.parameter);
  return names.filter((_, i) => {
    let sum = 0;
    let of = false;
    for (let a = 0; a < psiCount; a++) {
      const left = transform[i * psiCount + a]!;
      if (left === 0) continue;
      of = own.has(a);
      if (covariance === null) return of;
      for (let b = 0; b < psiCount; b++) {
        const right = transform[i * psiCount + b]!;
        if (right !== 0) sum += left * right * covariance[(first + a) * point.length + first + b]!;
      }
    }
    // NaN where the likelihood is flat altogether.
    return of && !(Math.sqrt(sum) <= FLAT_LOGIT);
  });
}

/**
 * Standard deviations on the latent scale, in units of the latent distribution's own, beyond which they are no finding: 10 on the logit
 * scale, where units one standard deviation to either side differ by odds of 500 million to one; a factor of 250 for means on a log scale.
 */
const RUNNING = 5.5;

/** Variances without a maximum: every unit is constant, or the standard deviation is absurd. */
function varianceNotes(model: FittedModel): Note[] {
  const { frame, estimate, link } = model;
  const notes: Note[] = [];
  const constant = new Set<string>();
  for (const term of frame.random) {
    if (term.membership !== null || term.levels.length === frame.rows.length || constant.has(term.group)) continue;
    if (!constantWithin(model, term)) continue;
    constant.add(term.group);
    notes.push({ code: "running-variance", message: generalizedNoteMessages.constantUnits(frame.response.name, term.group) });
  }
  const unit = latentDeviation(link);
  if (unit === null) return notes;
  for (const term of estimate.randomTerms) {
    const own = frame.random[term.index];
    if (own === undefined || constant.has(own.group)) continue;
    const sd = meanDeviation(own, term.sigma);
    if (sd > RUNNING * unit)
      notes.push({
        code: "running-variance",
        message: generalizedNoteMessages.hugeVariance(own.group, sd, link, singleFactor(model), model.agq),
      });
  }
  return notes;
}

/** Whether the response is the same in all rows of every unit: 0/1 responses and categories. */
function constantWithin({ family, categories, response }: FittedModel, { levels, levelOf }: RandomFrame): boolean {
  const values =
    categories?.category ?? (family?.name === "binomial" && singleTrials(response.values, response.trials) ? response.values : null);
  if (values === null) return false;
  const first = new Float64Array(levels.length).fill(Number.NaN);
  for (let i = 0; i < values.length; i++) {
    const level = levelOf[i]!;
    if (Number.isNaN(first[level]!)) first[level] = values[i]!;
    else if (first[level] !== values[i]) return false;
  }
  return true;
}

function singleTrials(values: Float64Array, trials: Float64Array | null): boolean {
  return trials === null ? values.every((y) => Number.isInteger(y)) : trials.every((size) => size === 1);
}

/** A factor with a level for every row: what its effects mean differs from family to family. */
function rowEffectNotes(model: FittedModel): Note[] {
  const { frame, family, categories, response } = model;
  const n = frame.rows.length;
  const groups = new Set(
    frame.random.filter(({ membership, levels }) => membership === null && levels.length === n).map(({ group }) => group),
  );
  const code = "observation-level";
  return [...groups].map((group): Note => {
    if (categories !== null) return { code, message: generalizedNoteMessages.rowEffectUnidentified(group, response.name, "category") };
    if (family?.name === "binomial" && singleTrials(response.values, response.trials))
      return { code, message: generalizedNoteMessages.rowEffectUnidentified(group, response.name, "0/1 response") };
    if (family === null || family.further.includes("dispersion"))
      return { code, message: generalizedNoteMessages.rowEffectBesideDispersion(group, family?.name ?? "") };
    return { code, message: generalizedNoteMessages.rowEffect(group) };
  });
}
