/**
 * Is the Laplace approximation good enough here? With one grouping factor it is measured: the gradient of the adaptive quadrature's
 * criterion F_K at the Laplace optimum says how far quadrature would move the estimates,
 *
 *   shift = -H^-1 dF_K,   in standard errors: shift_j / sqrt(2 (H^-1)_jj)
 *
 * one Newton step with the Laplace Hessian H. With several factors there is no such yardstick, only what is known of single ones: for
 * 0/1 responses with few rows a unit the approximation makes standard deviations too small (Breslow & Lin 1995; Joe 2008).
 */
import { generalizedNoteMessages, type Note } from "../messages.js";
import { binomialCounts } from "./families/response-checks.js";
import { evaluateLaplace, laplaceGradient } from "./laplace/criterion.js";
import { nestingOf } from "./laplace/nesting.js";
import { quadratureOf } from "./laplace/quadrature-rows.js";
import { productRule } from "./laplace/quadrature-rule.js";
import { latentDeviation, meanDeviation } from "./latent-deviation.js";
import { symmetricEigen } from "./linalg/symmetric.js";
import type { FittedModel } from "./separation.js";

/** Points a dimension, by number of dimensions: errors of what remains are small beside those looked for. */
const POINTS: ReadonlyMap<number, number> = new Map([
  [1, 9],
  [2, 5],
  [3, 3],
]);
/** Values of a row's log-likelihood that may be spent. */
const MOST_VALUES = 2e6;
/** With a bias of a quarter of a standard error one end of a 95 percent interval misses in 4.4 instead of 2.5 percent of samples. */
const WORTH_SAYING = 0.25;
/** Of a working parameter, on a link's scale: beyond a standard deviation of 30 nothing is known of it. */
const MOST_VARIANCE = 1e3;
/** Rows and first derivatives at nodes cost less than rows to third order with everything around them. */
const NODES_AN_EVALUATION = 3;

export interface LaplaceShift {
  readonly points: number;
  /** Log-likelihood by quadrature less that by the Laplace approximation, at the latter's optimum. */
  readonly difference: number;
  /** The largest shift of a parameter, in standard errors. */
  readonly shift: number;
  /** Whether that parameter belongs to the random effects. */
  readonly ofVariance: boolean;
}

export function laplaceNotes(model: FittedModel): Note[] {
  if (model.agq !== 1) return [];
  const measured = laplaceShift(model);
  if (measured !== null) {
    if (!(measured.shift > WORTH_SAYING)) return [];
    return [{ code: "laplace", message: generalizedNoteMessages.laplaceMeasured(measured) }];
  }
  const few = thinFactors(model);
  const possible = singleFactor(model) || nestedFactors(model);
  return few.length === 0 ? [] : [{ code: "laplace", message: generalizedNoteMessages.laplaceSuspected(few, possible) }];
}

/** One grouping factor, on the mean: quadrature can do it. */
export function singleFactor({ estimate }: FittedModel): boolean {
  const { groups } = estimate.problem.structure;
  return groups.length === 1 && groups[0]!.membership === null && estimate.problem.model.groupPredictor[0] === 0;
}

/** Two nested grouping factors, on the mean: quadrature can do them, but costs too much to be tried unasked. */
const nestedFactors = ({ estimate }: FittedModel): boolean => {
  const { groups } = estimate.problem.structure;
  const [first, second] = groups;
  if (groups.length !== 2 || groups.some(({ membership }) => membership !== null)) return false;
  return estimate.problem.model.groupPredictor.every((c) => c === 0) && nestingOf(first!, second!) !== null;
};

/**
 * Measured with one grouping factor of up to three effects, where it costs no more than a fifth of the fit; null elsewhere.
 * Leaves the problem's rows and factor at the optimum.
 */
export function laplaceShift(model: FittedModel): LaplaceShift | null {
  if (!singleFactor(model)) return null;
  const { problem, point, effects, covariance, found } = model.estimate;
  const { size } = problem.structure.groups[0]!;
  const points = POINTS.get(size);
  if (points === undefined || covariance === null) return null;
  const nodes = points ** size;
  // The fit evaluated its search and twice the parameters for the Hessian, each with several inner steps.
  const evaluations = found.evaluations + 2 * point.length;
  if (nodes * problem.model.n > MOST_VALUES || nodes > (NODES_AN_EVALUATION * evaluations) / 2) return null;
  const laplace = evaluateLaplace(problem, point, effects);
  const finer = { ...problem, quadrature: quadratureOf(problem, productRule(points, size)) };
  const evaluation = evaluateLaplace(finer, point, effects);
  if (evaluation.mode === null || !Number.isFinite(evaluation.value)) return null;
  const { gradient } = laplaceGradient(finer, evaluation);
  const k = point.length;
  // Directions of which nothing is known (separation, parameters at a bound) would carry any rounding error into every shift.
  const most = latentDeviation(model.link) === null ? Number.POSITIVE_INFINITY : MOST_VARIANCE;
  const { values, vectors } = symmetricEigen(covariance, k);
  const moved = new Float64Array(k);
  const variance = new Float64Array(k);
  for (let m = 0; m < k; m++) {
    if (!(values[m]! > 0 && values[m]! < most)) continue;
    let along = 0;
    for (let i = 0; i < k; i++) along += vectors[m * k + i]! * gradient[i]!;
    for (let j = 0; j < k; j++) {
      const own = vectors[m * k + j]!;
      moved[j] = moved[j]! - 0.5 * values[m]! * along * own;
      variance[j] = variance[j]! + values[m]! * own * own;
    }
  }
  let shift = 0;
  let largest = -1;
  for (let j = 0; j < k; j++) {
    const own = Math.abs(moved[j]!) / Math.sqrt(variance[j]!);
    if (covariance[j * k + j]! > 0 && own > shift) {
      shift = own;
      largest = j;
    }
  }
  return { points, difference: (laplace.value - evaluation.value) / 2, shift, ofVariance: largest < problem.parameters.length };
}

/**
 * The Laplace estimate of a random intercept's standard deviation tends to these shares of the truth with m 0/1 rows a unit (limits for
 * many units, found by enumerating the units' responses under the model; logit, half of the rows successes):
 *
 *   sd       0.5    1     2     4
 *   m = 2    .70   .70   .77   .76
 *   m = 4    .88   .91   .92   .87
 *   m = 7    .94   .96   .96   .91
 *   m = 10   .96   .98   .97   .93
 *
 * so that a tenth and more is lost up to four rows whatever the standard deviation, up to seven where it is very large.
 */
const FEW_ROWS = 4;
const SOME_ROWS = 7;
/** In units of the latent distribution: below a quarter a tenth more or less of it changes nothing else. */
const SMALL_DEVIATION = 0.25;
const LARGE_DEVIATION = 2;

/** Grouping factors of 0/1 responses with few trials a unit and a standard deviation that matters. */
function thinFactors({ frame, estimate, family, response, link }: FittedModel): { group: string; trials: number }[] {
  const unit = latentDeviation(link);
  if (family?.name !== "binomial" || unit === null) return [];
  const { successes, failures } = binomialCounts(response, family.name, false);
  const trials = successes.reduce((sum, s, i) => sum + s + failures[i]!, 0);
  const deviations = new Map<string, { readonly levels: number; variance: number }>();
  for (const term of estimate.randomTerms) {
    const own = frame.random[term.index];
    if (own === undefined || own.membership !== null || own.levels.length === frame.rows.length) continue;
    const known = deviations.get(own.group);
    const variance = (meanDeviation(own, term.sigma) / unit) ** 2 + (known?.variance ?? 0);
    deviations.set(own.group, { levels: own.levels.length, variance });
  }
  return Array.from(deviations, ([group, { levels, variance }]) => ({ group, trials: trials / levels, sd: Math.sqrt(variance) }))
    .filter(({ trials: own, sd }) => (own <= FEW_ROWS && sd > SMALL_DEVIATION) || (own <= SOME_ROWS && sd > LARGE_DEVIATION))
    .map(({ group, trials: own }) => ({ group, trials: own }));
}
