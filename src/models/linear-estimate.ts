/**
 * A linear mixed model estimated from one response over blocks that are ready: the search for theta, then everything that is profiled
 * out at the optimum, in the units of the data.
 *
 *   sigma^2 = scale^2 r^2 / nu,   beta = T (b0 + scale beta*),   criterion = F + 2 nu log scale - 2 [REML] log|det T| - sum log w
 *
 * (Bates, Maechler, Bolker & Walker 2015; the working columns and response of blocks/fixed-basis.ts and blocks/response-basis.ts.)
 */
import { FitError, fitMessages, type Note } from "../messages.js";
import { lambdaOf } from "./blocks/covariance-parameters.js";
import { factorAt, type LinearProblem } from "./blocks/criterion.js";
import type { FixedBasis } from "./blocks/fixed-basis.js";
import { type ResponseBasis, responseBasis } from "./blocks/response-basis.js";
import { inverseOfFixed, solveEffects } from "./blocks/solve.js";
import type { LinearEngine } from "./engine.js";
import type { FixedEffect, RandomTermFit } from "./fit.js";
import { boundaryNotes, type TermNames, undeterminedEffects } from "./fit-notes.js";
import { multiply, timesTransposed } from "./linalg/symmetric.js";
import { checkResidual, meanWeight } from "./linear-checks.js";
import { type LinearOptimum, searchLinearOptimum } from "./optimize/linear-search.js";
import { randomTermFits } from "./random-terms.js";

/** What a model says besides the values of its response: plain data, the same for every response. */
export interface LinearDesign {
  readonly responseName: string;
  readonly weights: Float64Array | null;
  readonly offset: Float64Array | null;
  readonly intercept: boolean;
  /** Of the fixed columns kept. */
  readonly fixedNames: readonly string[];
  readonly basis: FixedBasis;
  readonly random: readonly TermNames[];
}

export interface LinearEstimate {
  readonly engine: LinearEngine;
  readonly found: LinearOptimum;
  readonly sigma: number;
  readonly criterion: number;
  readonly fixed: readonly FixedEffect[];
  readonly vcov: Float64Array;
  readonly randomTerms: readonly RandomTermFit[];
  /** Effects whose (co)variances the rows do not determine. */
  readonly undetermined: readonly string[];
  readonly singular: boolean;
  readonly boundary: readonly Note[];
}

/** @throws FitError for a response that the fixed columns reproduce */
export function workingResponse(design: LinearDesign, values: Float64Array): ResponseBasis {
  const { responseName, offset, basis, intercept, weights } = design;
  const response = responseBasis(values, offset, basis, intercept, weights);
  if (!(response.scale > 4 * Number.EPSILON * response.magnitude)) throw new FitError(fitMessages.exactFit(responseName));
  return response;
}

/**
 * @param problem blocks made from the working columns and the working response
 * @param start theta at which the search begins
 * @throws FitError for a response that fixed and random effects together reproduce
 */
export function estimateLinear(design: LinearDesign, problem: LinearProblem, response: ResponseBasis, start: Float64Array): LinearEstimate {
  const { responseName, weights, basis, fixedNames } = design;
  const { structure } = problem;
  const found = searchLinearOptimum(problem, start);
  if (!Number.isFinite(found.value)) throw new FitError(fitMessages.exactRandomFit(responseName));

  // At the exact factors: what is reported.
  const lambda = lambdaOf(structure.groups, problem.parameters, found.theta);
  let reported = factorAt(problem, lambda);
  if (!found.converged || reported.s < 1e-8 * meanWeight(weights)) {
    checkResidual(responseName, weights, problem);
    reported = factorAt(problem, lambda);
  }
  const { value, s } = reported;
  if (!(s > 0)) throw new FitError(fitMessages.exactRandomFit(responseName));
  const effects = solveEffects(problem.factor);
  const engine: LinearEngine = {
    problem,
    basis,
    response,
    optimum: { theta: found.theta, lambda, factored: lambda, lifted: false, value, s },
    effects,
  };
  const sigma = Math.sqrt(s) * response.scale;
  const { estimates, vcov } = fixedEffects(engine, sigma);
  const randomTerms = randomTermFits(design.random, structure, { lambda, effects, sigma, scale: response.scale });
  const logWeights = weights === null ? 0 : weights.reduce((sum, w) => sum + Math.log(w), 0);
  const criterion = value + 2 * problem.nu * Math.log(response.scale) - (problem.reml ? 2 * basis.logDeterminant : 0) - logWeights;
  const undetermined = undeterminedEffects(design.random, problem, found.theta, found.information);
  const { singular, notes } = boundaryNotes(design.random, structure, lambda, undetermined);
  const p = fixedNames.length;
  const fixed = fixedNames.map((term, k) => {
    const stdError = Math.sqrt(vcov[k * p + k]!);
    return { term, estimate: estimates[k]!, stdError, statistic: estimates[k]! / stdError };
  });
  return { engine, found, sigma, criterion, fixed, vcov, randomTerms, undetermined, singular, boundary: notes };
}

/** beta = T (b0 + scale beta*) + shift on the intercept; vcov = sigma^2 T (L_XX L_XX')^-1 T'. */
function fixedEffects({ problem, basis, response, effects }: LinearEngine, sigma: number): { estimates: Float64Array; vcov: Float64Array } {
  const { structure, factor } = problem;
  const { p, q } = structure;
  const { transform } = basis;
  const working = new Float64Array(p);
  for (let j = 0; j < p; j++) working[j] = response.start[j]! + response.scale * effects[q + j]!;
  const estimates = new Float64Array(p);
  for (let j = 0; j < p; j++) for (let i = 0; i < p; i++) estimates[i] = estimates[i]! + transform[j * p + i]! * working[j]!;
  // The shift was taken out of the response as a constant: it belongs to the intercept.
  if (response.shift !== 0) estimates[0] = estimates[0]! + response.shift;
  const inverse = inverseOfFixed(factor);
  // half = T L_XX^-T, so that vcov = sigma^2 half half'
  const transposed = new Float64Array(p * p);
  for (let c = 0; c < p; c++) for (let r = 0; r < p; r++) transposed[r * p + c] = inverse[c * p + r]!;
  const vcov = timesTransposed(multiply(transform, transposed, p), p);
  for (let x = 0; x < vcov.length; x++) vcov[x] = vcov[x]! * sigma * sigma;
  return { estimates, vcov };
}
