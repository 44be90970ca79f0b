/**
 * A generalized or cumulative mixed model estimated: from rows, designs and random terms to the optimum, its Hessian and everything in
 * the units of the data. What the parameters are called and how they are shown is the business of the models that call it.
 */
import { FitError, generalizedMessages } from "../../messages.js";
import { lambdaOf, setPartBlock, thetaOf } from "../blocks/covariance-parameters.js";
import { gatherGroups, type RandomGroup } from "../blocks/random-groups.js";
import { buildStructure } from "../blocks/structure.js";
import type { RowLikelihood } from "../families/row-likelihood.js";
import type { RandomTermFit } from "../fit.js";
import type { RandomFrame } from "../frame/frame.js";
import { invertLower, multiply } from "../linalg/symmetric.js";
import type { CovarianceOptimum } from "../optimize/covariance-search.js";
import { randomTermFits } from "../random-terms.js";
import { evaluateLaplace, type LaplaceEvaluation, laplaceDerivatives, laplaceGradient } from "./criterion.js";
import { fitFixedOnly } from "./fixed-only.js";
import { fixedSystem, submatrix } from "./fixed-system.js";
import { conditionalCovariance, covarianceFrom, determinedCovariance, freeElements, hessianOf, hessianOneSided } from "./hessian.js";
import { modeSlopes } from "./mode-slopes.js";
import { type LaplaceProblem, laplaceProblem } from "./problem.js";
import { productRule } from "./quadrature-rule.js";
import { allocateDerivatives, type PredictorDesign, pairOf, type RowModel } from "./row-model.js";
import { searchLaplace } from "./search.js";
import { workingMoments } from "./working-moments.js";

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
  /** Where it begins instead if the likelihood has no value there. */
  readonly safeStart?: Float64Array;
  readonly parts: readonly RandomPart[];
  /** 1 for Laplace, 0 for profiled coefficients, more for quadrature. */
  readonly agq: number;
  /** Elements of psi that agq = 0 profiles. */
  readonly coefficients: Int32Array;
  /** Where the search begins; without it, or where it does not fit the model, at the model without random effects. */
  readonly startPoint?: StartPoint | undefined;
}

/** Parameters of a model of the same form, estimated before. */
export interface StartPoint {
  /** By random term, through the parts: S x S relative covariance factors in the units of the data; null: the usual ones. */
  readonly lambda: readonly Float64Array[] | null;
  readonly psi: Float64Array;
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
  /** The same without NaN where the data leave directions undetermined: for combinations of parameters that do not move along them. */
  readonly determined: Float64Array | null;
  /** The covariance is that of the scoring matrix: the Hessian is not positive definite. */
  readonly approximateErrors: boolean;
  /** Without random effects. */
  readonly fixedOnly: { readonly psi: Float64Array; readonly deviance: number; readonly converged: boolean };
  /** All terms, `index` counted through the parts. */
  readonly randomTerms: readonly RandomTermFit[];
}

/** Parameters from which on the Hessian is taken from one-sided differences. */
const MANY = 100;
/** Squared scaled gradient of the model without effects at which the search with them begins: its optimum is not theirs. */
const BEGUN = 1;
/** Whitened factors begin at this multiple of the identity. */
const START = 0.5;
/**
 * The start's multiples for the effects of the mean and for those of a zero probability: of the models that have both, the mean's begin
 * small (what zeros vary in is the zero probability's first). The others are tried where the first search gets stuck.
 */
const STARTS: readonly (readonly number[])[] = [
  [0.15, 1.8],
  [1, 1],
  [2, 0.2],
];
/** Mean working weight from which on the start is taken from moments. */
const MUCH = 10;
/** p (1 - p) of a probability neither small nor large. */
const LOGIT_WEIGHT = 0.15;
/** Beyond this many nodes a level, quadrature is refused. */
export const MOST_NODES = 1e5;

export function estimateLaplace(design: LaplaceDesign): LaplaceEstimate {
  const { n, likelihood, predictors, parts, agq } = design;
  const psiCount = design.start.length;
  if (psiCount >= n) throw new FitError(generalizedMessages.tooManyCoefficients(psiCount, n));
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
  let begun = fitFixedOnly(base, rows, room, design.start, BEGUN);
  if (!Number.isFinite(begun.deviance) && design.safeStart !== undefined) {
    begun = fitFixedOnly(base, rows, room, design.safeStart, BEGUN);
  }
  if (!Number.isFinite(begun.deviance)) throw new FitError(generalizedMessages.noStart);

  // Random columns are whitened with the working weights of the model without effects.
  const groups: RandomGroup[] = [];
  const groupPredictor: number[] = [];
  let firstTerm = 0;
  for (const part of parts) {
    // What rows tell of a zero probability may be nothing or negative: a logit's usual weight does for the scale.
    const second = rows.second[pairOf(part.predictor, part.predictor)]!;
    const weights = likelihood.predictors[part.predictor] === "zero" ? second.map(() => LOGIT_WEIGHT) : workingWeights(second);
    const own = gatherGroups(part.random, weights, firstTerm);
    firstTerm += part.random.length;
    groups.push(...own);
    groupPredictor.push(...own.map(() => part.predictor));
  }
  const model: RowModel = { ...base, groups, groupPredictor: Int32Array.from(groupPredictor) };
  const structure = buildStructure(groups, n, 0);
  const problem = laplaceProblem(model, structure, {
    profiled: agq === 0 ? design.coefficients : new Int32Array(0),
    rule: agq > 1 ? groups.map(({ size }) => productRule(agq, size)) : null,
  });
  const k = problem.parameters.length;
  const startAt = (scales: readonly number[], psi: Float64Array): Float64Array => {
    const start = new Float64Array(k + psiCount);
    problem.parameters.forEach(({ group, row, column }, j) => {
      start[j] = row === column ? START * scales[likelihood.predictors[groupPredictor[group]!] === "zero" ? 1 : 0]! : 0;
    });
    start.set(psi, k);
    return start;
  };
  const psi = calmed(design, random, begun.psi);
  const both = random.some((c) => likelihood.predictors[c] === "zero");
  const start = startAt(both ? STARTS[0]! : [1, 1], psi);
  // Rows that tell much (large counts) leave the usual start far behind the optimum.
  const weights = random.length === 1 && random[0] === 0 ? workingWeights(rows.second[0]!) : null;
  if (weights !== null && weights.reduce((sum, w) => sum + w, 0) > MUCH * n) start.set(workingMoments(problem, rows, weights));
  const given = pointFrom(problem, design.startPoint, start);
  let found = searchLaplace(problem, given);
  if (given !== start && !Number.isFinite(found.value)) found = searchLaplace(problem, start);
  for (const scales of found.converged ? [] : STARTS.slice(both ? 1 : 2)) {
    const other = searchLaplace(problem, startAt(scales, psi));
    const evaluations = found.evaluations + other.evaluations;
    found = { ...(other.converged || other.value < found.value ? other : found), evaluations };
    if (found.converged) break;
  }
  if (!Number.isFinite(found.value)) throw new FitError(generalizedMessages.noStart);

  // What separation is judged by.
  const fixedOnly = fitFixedOnly(base, rows, room, begun.psi);
  // At the optimum: what is reported, and the Hessian.
  const optimum = evaluateLaplace(problem, found.x, found.effects);
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
    ...jointCovariance(problem, optimum, mode.u),
    fixedOnly,
    randomTerms,
  };
}

/** theta and psi of a start in the units of the data: lambda* = R lambda. */
function pointFrom({ structure, parameters, model }: LaplaceProblem, given: StartPoint | undefined, usual: Float64Array): Float64Array {
  if (given === undefined || given.psi.length !== model.psiCount) return usual;
  const point = Float64Array.from(usual);
  point.set(given.psi, parameters.length);
  const { lambda } = given;
  if (lambda === null) return point;
  const whole = structure.groups.map((group) => {
    const full = new Float64Array(group.size * group.size);
    for (const part of group.parts) setPartBlock(full, group.size, part, lambda[part.term]!);
    return multiply(invertLower(group.whitening, group.size), full, group.size);
  });
  point.set(thetaOf(structure.groups, parameters, whole));
  return point;
}

type JointCovariance = Pick<LaplaceEstimate, "covariance" | "determined" | "approximateErrors">;

/** @param evaluation the optimum, where the problem's rows and factor are; they are left somewhere near it */
function jointCovariance(problem: LaplaceProblem, evaluation: LaplaceEvaluation, effects: Float64Array): JointCovariance {
  const x = evaluation.point;
  if (problem.profiled.length > 0) {
    const covariance = conditionalCovariance(fixedSystem(problem, evaluation.factored).t, problem);
    return { covariance, determined: covariance, approximateErrors: false };
  }
  const { information, scores, gradient } = laplaceDerivatives(problem, evaluation);
  const free = freeElements(problem, x);
  const slopes = modeSlopes(problem, evaluation.factored, scores, effects);
  const gradientAt = (point: Float64Array, at: number, by: number): Float64Array | null => {
    // The search for the mode begins where it will be, to first order.
    const warm = slopes === null ? effects : effects.map((u, i) => u + by * slopes[i * x.length + at]!);
    const moved = evaluateLaplace(problem, point, warm);
    return moved.mode === null ? null : laplaceGradient(problem, moved).gradient;
  };
  // With very many parameters one-sided differences do: they cost half and are right to three digits.
  const hessian =
    free.length > MANY ? hessianOneSided(gradientAt, x, gradient, free, information) : hessianOf(gradientAt, x, free, information);
  const exact = hessian === null ? null : covarianceFrom(hessian, free, x.length);
  const own = exact === null ? submatrix(information, x.length, free) : hessian!;
  const covariance = exact ?? covarianceFrom(own, free, x.length);
  const lost = covariance?.some((value) => Number.isNaN(value)) ?? false;
  const determined = lost ? determinedCovariance(own, free, x.length) : covariance;
  return { covariance, determined, approximateErrors: exact === null };
}

/** psi of the model without effects, but for a zero probability that carries effects: there coefficients may have run off. */
function calmed({ predictors, likelihood, start }: LaplaceDesign, random: readonly number[], psi: Float64Array): Float64Array {
  const out = Float64Array.from(psi);
  for (const c of random) if (likelihood.predictors[c] === "zero") for (const j of predictors[c]!.parameter) out[j] = start[j]!;
  return out;
}

/** W where it is positive, kept away from zero. */
function workingWeights(second: Float64Array): Float64Array {
  let sum = 0;
  for (let i = 0; i < second.length; i++) sum += Math.abs(second[i]!);
  const least = Math.max(1e-3 * (sum / second.length), 1e-12);
  return second.map((x) => Math.max(-x, least));
}
