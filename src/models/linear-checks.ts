/**
 * What must be true of rows and response before a linear mixed model can be estimated from them, and what is said where it is not.
 */
import { FitError, fitMessages } from "../messages.js";
import { factorAt, type LinearProblem } from "./blocks/criterion.js";
import { type FixedBasis, fixedBasis } from "./blocks/fixed-basis.js";
import type { ModelFrame, RandomFrame } from "./frame/frame.js";

/**
 * The fixed columns without redundant ones. More columns than rows are refused before the work of finding out which are redundant;
 * columns of empty cells do not count.
 *
 * @throws FitError where the rows are too few
 */
export function basisOf(frame: ModelFrame): FixedBasis {
  const { values, names, rowCount: n } = frame.fixed;
  if (names.length > n) {
    const filled = names.filter((_, j) => values.subarray(j * n, (j + 1) * n).some((x) => x !== 0)).length;
    if (filled > n) throw tooFewRows(frame, filled);
  }
  const basis = fixedBasis(frame.fixed, frame.weights);
  if (n <= basis.columns.length) throw tooFewRows(frame, basis.columns.length);
  return basis;
}

function tooFewRows(frame: ModelFrame, columns: number): FitError {
  return new FitError([fitMessages.tooFewRows(frame.rows.length, columns), ...frame.remarks.map(({ message }) => message)].join(" "));
}

/** There is a random term, and every grouping factor has two levels or more. */
export function checkRandomTerms(frame: ModelFrame, random: readonly RandomFrame[]): void {
  if (random.length === 0) throw new FitError(fitMessages.noRandomTerm(frame.formula.text));
  for (const { levels, group } of random) if (levels.length < 2) throw new FitError(fitMessages.oneLevel(group, levels[0] ?? ""));
}

/** A residual variance besides: fewer levels, and fewer effects, than rows. */
export function checkTerms(frame: ModelFrame, n: number): void {
  checkRandomTerms(frame, frame.random);
  for (const term of frame.random) {
    const levels = term.levels.length;
    if (levels >= n) throw new FitError(fitMessages.asManyLevelsAsRows(term.group, n));
    // A diagonal term is as many terms as it has effects.
    const effects = levels * (term.covariance === "diagonal" ? 1 : term.effects.names.length);
    if (effects >= n) throw new FitError(fitMessages.moreEffectsThanRows(term.text, effects, n));
  }
}

/** Squares and their sums must stay finite, and so must standard errors. */
const LARGEST_VALUE = 1e150;

export function checkMagnitude(name: string, values: Float64Array): void {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  if (largest > LARGEST_VALUE) throw new FitError(fitMessages.tooLargeValues(name, largest));
}

export function checkFixedMagnitudes({ fixed, rows }: ModelFrame): void {
  fixed.names.forEach((name, j) => {
    checkMagnitude(name, fixed.values.subarray(j * rows.length, (j + 1) * rows.length));
  });
}

export function checkResponse(name: string, values: Float64Array, offset: Float64Array | null): void {
  if (values.every((y) => y === values[0])) throw new FitError(fitMessages.constantResponse(name));
  if (offset?.every((o, i) => values[i]! - o === values[0]! - offset[0]!)) throw new FitError(fitMessages.constantBesideOffset(name));
}

/** Refuses a response that the fixed and random effects together reproduce: with all variances large nothing is left of it. */
export function checkResidual(name: string, weights: Float64Array | null, problem: LinearProblem): void {
  const { groups, q, p } = problem.structure;
  if (q + p >= problem.n) return;
  const large = groups.map(({ size }) => Float64Array.from({ length: size * size }, (_, x) => (x % (size + 1) === 0 ? 1e6 : 0)));
  const { s } = factorAt(problem, large);
  if (!(s > 1e-11 * meanWeight(weights))) throw new FitError(fitMessages.exactRandomFit(name));
}

export function meanWeight(weights: Float64Array | null): number {
  return weights === null ? 1 : weights.reduce((sum, w) => sum + w, 0) / weights.length;
}
