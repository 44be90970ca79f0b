/**
 * A generalized or cumulative mixed model estimated: from rows, designs and random terms to the optimum, its Hessian and everything in
 * the units of the data. What the parameters are called and how they are shown is the business of the models that call it.
 */
import { FitError, generalizedMessages } from "../../messages.js";
import { lambdaOf } from "../blocks/covariance-parameters.js";
import { gatherGroups, type RandomGroup } from "../blocks/random-groups.js";
import { buildStructure } from "../blocks/structure.js";
import type { RowLikelihood } from "../families/row-likelihood.js";
import type { RandomTermFit } from "../fit.js";
import type { RandomFrame } from "../frame/frame.js";
import type { CovarianceOptimum } from "../optimize/covariance-search.js";
import { randomTermFits } from "../random-terms.js";
import { evaluateLaplace, laplaceDerivatives, laplaceGradient } from "./criterion.js";
import { fitFixedOnly } from "./fixed-only.js";
import { fixedSystem, submatrix } from "./fixed-system.js";
import { conditionalCovariance, covarianceFrom, freeElements, hessianOf } from "./hessian.js";
import { type LaplaceProblem, laplaceProblem } from "./problem.js";
import { productRule } from "./quadrature-rule.js";
import { allocateDerivatives, type PredictorDesign, pairOf, type RowModel } from "./row-model.js";
import { searchLaplace } from "./search.js";

/** Random terms and the predictor they act on. */
export interface RandomPart {
  readonly predictor: number;
  readonly random: readonly RandomFrame[];
}

export interface LaplaceDesign {
  readonly n: number;
  readonly likelihood: RowLikelihood;
  readonly predictors: readonly PredictorDesign[];
  /** psi without random effects begins here. */
  readonly start: Float64Array;
  readonly parts: readonly RandomPart[];
  /** 1 for Laplace, 0 for profiled coefficients, more for quadrature. */
  readonly agq: number;
  /** Elements of psi that agq = 0 profiles. */
  readonly coefficients: Int32Array;
}

export interface LaplaceEstimate {
  readonly problem: LaplaceProblem;
  /** theta, then psi. */
  readonly point: Float64Array;
  readonly effects: Float64Array;
  readonly lambda: readonly Float64Array[];
  readonly found: CovarianceOptimum;
  /** -2 log-likelihood. */
  readonly criterion: number;
  /** Covariance of (theta, psi); null where neither the Hessian nor the scoring matrix is positive definite. */
  readonly covariance: Float64Array | null;
  /** The covariance is that of the scoring matrix: the Hessian is not positive definite. */
  readonly approximateErrors: boolean;
  /** Without random effects. */
  readonly fixedOnly: { readonly psi: Float64Array; readonly deviance: number; readonly converged: boolean };
  /** All terms, `index` counted through the parts. */
  readonly randomTerms: readonly RandomTermFit[];
}

/** Whitened factors begin at this multiple of the identity. */
const START = 0.5;
/** Beyond this many nodes a level, quadrature is refused. */
export const MOST_NODES = 1e5;

export function estimateLaplace(design: LaplaceDesign): LaplaceEstimate {
  const { n, likelihood, predictors, parts, agq } = design;
  const psiCount = design.start.length;
  const random = [...new Set(parts.map(({ predictor }) => predictor))].sort((a, b) => a - b);
  const base: RowModel = {
    n,
    likelihood,
    predictors,
    psiCount,
    groups: [],
    groupPredictor: new Int32Array(0),
    random: random.length === 0 ? [0] : random,
  };
  const rows = allocateDerivatives(base);
  const room = predictors.map(() => new Float64Array(n));
  const fixedOnly = fitFixedOnly(base, rows, room, design.start);
  if (!Number.isFinite(fixedOnly.deviance)) throw new FitError(generalizedMessages.noStart);

  // Random columns are whitened with the working weights of the model without effects.
  const groups: RandomGroup[] = [];
  const groupPredictor: number[] = [];
  let firstTerm = 0;
  for (const part of parts) {
    const own = gatherGroups(part.random, workingWeights(rows.second[pairOf(part.predictor, part.predictor)]!), firstTerm);
    firstTerm += part.random.length;
    groups.push(...own);
    groupPredictor.push(...own.map(() => part.predictor));
  }
  const model: RowModel = { ...base, groups, groupPredictor: Int32Array.from(groupPredictor) };
  const structure = buildStructure(groups, n, 0);
  const problem = laplaceProblem(model, structure, {
    profiled: agq === 0 ? design.coefficients : new Int32Array(0),
    rule: agq > 1 ? productRule(agq, groups[0]!.size) : null,
  });
  const k = problem.parameters.length;
  const start = new Float64Array(k + psiCount);
  problem.parameters.forEach(({ row, column }, j) => {
    start[j] = row === column ? START : 0;
  });
  start.set(fixedOnly.psi, k);
  const found = searchLaplace(problem, start);
  if (!Number.isFinite(found.value)) throw new FitError(generalizedMessages.noStart);

  // At the optimum: what is reported, and the Hessian.
  const optimum = evaluateLaplace(problem, found.x, new Float64Array(structure.q));
  const mode = optimum.mode;
  if (mode === null) throw new FitError(generalizedMessages.noStart);
  const lambda = lambdaOf(structure.groups, problem.parameters, optimum.point);
  const randomTerms = randomTermFits(
    parts.flatMap((part) => part.random),
    structure,
    { lambda, effects: mode.u, sigma: 1, scale: 1 },
  );
  return {
    problem,
    point: optimum.point,
    effects: mode.u,
    lambda,
    found,
    criterion: optimum.value,
    ...jointCovariance(problem, optimum.point, mode.u),
    fixedOnly,
    randomTerms,
  };
}

type JointCovariance = Pick<LaplaceEstimate, "covariance" | "approximateErrors">;

/** Leaves the problem's rows and factor somewhere near the optimum. */
function jointCovariance(problem: LaplaceProblem, x: Float64Array, effects: Float64Array): JointCovariance {
  const evaluation = evaluateLaplace(problem, x, effects);
  if (problem.profiled.length > 0) {
    return { covariance: conditionalCovariance(fixedSystem(problem, evaluation.factored).t, problem), approximateErrors: false };
  }
  const { information } = laplaceDerivatives(problem, evaluation);
  const free = freeElements(problem, x);
  const gradientAt = (point: Float64Array): Float64Array | null => {
    const moved = evaluateLaplace(problem, point, effects);
    return moved.mode === null ? null : laplaceGradient(problem, moved).gradient;
  };
  const hessian = hessianOf(gradientAt, x, free, information);
  const exact = hessian === null ? null : covarianceFrom(hessian, free, x.length);
  if (exact !== null) return { covariance: exact, approximateErrors: false };
  return { covariance: covarianceFrom(submatrix(information, x.length, free), free, x.length), approximateErrors: true };
}

/** W where it is positive, kept away from zero. */
function workingWeights(second: Float64Array): Float64Array {
  let sum = 0;
  for (let i = 0; i < second.length; i++) sum += Math.abs(second[i]!);
  const least = Math.max(1e-3 * (sum / second.length), 1e-12);
  return second.map((x) => Math.max(-x, least));
}
