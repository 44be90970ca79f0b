/**
 * The profiled criterion of a linear mixed model and the matrices D from which its gradient is made, from blocks only.
 *
 *   ML:    F = log|L_ZZ|^2 + n (1 + log(2 pi r^2 / n))
 *   REML:  F = log|L_ZZ|^2 + log|L_XX|^2 + (n - p) (1 + log(2 pi r^2 / (n - p)))
 *
 * (Bates, Maechler, Bolker & Walker 2015, eq. 34 and 42). With Sigma = lambda lambda' of one group and s = r^2 / nu
 *
 *   dF/dlambda = 2 D lambda,   D = sum_l { K_ll - e_l e_l' / s } = lambda^-T [ L I - sum_l (C_ll + u_l u_l' / s) ] lambda^-1
 *
 * K = Z'V0^-1 Z (REML: with X projected out), e = Z'(y - X beta - Z Lambda u), C the random part of the inverse of the system
 * (Lindstrom & Bates 1988; Bates & DebRoy 2004).
 *
 * Where lambda is (nearly) singular the blocks are taken at a lifted factor, its small singular values raised to `LIFT`,
 * which changes D by a relative 1e-8 and F by a first-order term that is taken back.
 */
import type { KernelSet } from "../linalg/kernels.js";
import { invertLower, multiply } from "../linalg/symmetric.js";
import { type CovarianceParameter, covarianceParameters, lambdaOf } from "./covariance-parameters.js";
import { allocateFactor, type Factor, factorize, logDeterminantFixed, logDeterminantRandom, penalizedResidual } from "./factor.js";
import type { Gram } from "./gram.js";
import { changeByLift, liftedFactors } from "./lifted-factors.js";
import { inverseBlocks } from "./selected-inverse.js";
import { randomScores, solveEffects } from "./solve.js";
import type { Structure } from "./structure.js";

export interface LinearProblem {
  readonly structure: Structure;
  readonly gram: Gram;
  readonly parameters: readonly CovarianceParameter[];
  readonly factor: Factor;
  readonly n: number;
  readonly reml: boolean;
  /** n, or n - p for REML. */
  readonly nu: number;
}

/** The criterion at one theta; the problem's factor belongs to the latest one. */
export interface Evaluation {
  readonly theta: Float64Array;
  /** lambda* as asked for. */
  readonly lambda: readonly Float64Array[];
  /** lambda* as factored: lifted where it was nearly singular. */
  readonly factored: readonly Float64Array[];
  readonly lifted: boolean;
  readonly value: number;
  /** r^2 / nu. */
  readonly s: number;
}

export function linearProblem(
  structure: Structure,
  gram: Gram,
  n: number,
  reml: boolean,
  kernels: KernelSet | "auto" = "auto",
): LinearProblem {
  return {
    structure,
    gram,
    parameters: covarianceParameters(structure.groups),
    factor: allocateFactor(structure, kernels),
    n,
    reml,
    nu: reml ? n - structure.p : n,
  };
}

/** F at theta; Infinity where the system cannot be factored. */
export function evaluate(problem: LinearProblem, theta: Float64Array): Evaluation {
  const { structure, parameters } = problem;
  const lambda = lambdaOf(structure.groups, parameters, theta);
  const lift = liftedFactors(structure.groups, problem.n, lambda);
  const factored = lift ?? lambda;
  const plain = factorAt(problem, factored);
  const evaluation = { theta, lambda, factored, lifted: lift !== null, ...plain };
  if (lift === null || !Number.isFinite(plain.value)) return evaluation;
  // Take the lift back to first order: dF = sum tr(D dSigma).
  const { d } = scoreMatrices(problem, evaluation);
  return { ...evaluation, value: plain.value - changeByLift(structure.groups, d, lambda, factored) };
}

/** F and s at factors as they are; the problem's factor is left there. */
export function factorAt(problem: LinearProblem, lambda: readonly Float64Array[]): { readonly value: number; readonly s: number } {
  const { factor, gram, nu, reml } = problem;
  if (!factorize(factor, gram, lambda)) return { value: Number.POSITIVE_INFINITY, s: Number.NaN };
  const s = penalizedResidual(factor) / nu;
  const value = logDeterminantRandom(factor) + (reml ? logDeterminantFixed(factor) : 0) + nu * (1 + Math.log(2 * Math.PI * s));
  return { value: Number.isFinite(value) ? value : Number.POSITIVE_INFINITY, s };
}

/** D by group at an evaluation whose factor is current, with the effects and scores it needs. */
export function scoreMatrices(
  problem: LinearProblem,
  evaluation: Evaluation,
): { readonly d: Float64Array[]; readonly effects: Float64Array; readonly scores: Float64Array } {
  const { structure, factor, gram, reml } = problem;
  const { factored, s } = evaluation;
  const effects = solveEffects(factor);
  const { scores } = randomScores(factor, gram, factored, effects);
  const inverse = inverseBlocks(factor, reml);
  const d = structure.groups.map((group, k) => {
    const { size, levelCount } = group;
    const uu = secondMoments(structure, k, evaluation.lifted ? scores : effects);
    const m = new Float64Array(size * size);
    for (let x = 0; x < size * size; x++) m[x] = -inverse.sums[k]![x]! - (evaluation.lifted ? 0 : uu[x]! / s);
    for (let i = 0; i < size; i++) m[i * size + i] = m[i * size + i]! + levelCount;
    const inverseLambda = invertLower(factored[k]!, size);
    const out = congruence(inverseLambda, m, size);
    if (evaluation.lifted) for (let x = 0; x < size * size; x++) out[x] = out[x]! - uu[x]! / s;
    return out;
  });
  return { d, effects, scores };
}

/** B' M B for lower-triangular B. */
export function congruence(b: Float64Array, m: Float64Array, size: number): Float64Array {
  const mb = multiply(m, b, size);
  const out = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    for (let r = 0; r < size; r++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += b[r * size + i]! * mb[c * size + i]!;
      out[c * size + r] = sum;
    }
  }
  for (let c = 0; c < size; c++) {
    for (let r = 0; r < c; r++) {
      const mean = 0.5 * (out[c * size + r]! + out[r * size + c]!);
      out[c * size + r] = mean;
      out[r * size + c] = mean;
    }
  }
  return out;
}

/** sum_l v_l v_l' over the levels of one group. */
function secondMoments({ groups, nodeOf, position }: Structure, k: number, v: Float64Array): Float64Array {
  const { size } = groups[k]!;
  const out = new Float64Array(size * size);
  for (const t of nodeOf[k]!) {
    const at = position[t]!;
    for (let c = 0; c < size; c++) for (let r = 0; r < size; r++) out[c * size + r] = out[c * size + r]! + v[at + c]! * v[at + r]!;
  }
  return out;
}
