/**
 * The Laplace approximation of a generalized mixed model's deviance and its exact gradient in all parameters.
 *
 *   F = -2 sum l + |u|^2 + log|H|,   H = Lambda'Z'WZ Lambda + I,   W the observed information -d2l
 *
 * (Tierney & Kadane 1986; Breslow & Clayton 1993, with the observed W of every link). With C = H^-1, leverages h_ab = rows of
 * Z_a Lambda C Lambda' Z_b', a_c = -sum_ab h_ab d3l_abc, v = C Lambda' sum_c Z_c'a_c, s_c = Z_c Lambda v and r_c = a_c - sum_b W_cb s_b
 *
 *   dF/dx_c = -2 dl_c + r_c        for the value of predictor c in a row, hence B_c'(-2 dl_c + r_c) for psi
 *   dF/dlambda = 2 D lambda,       D = sum_levels { K - e e' + (rho e' + e rho') / 2 }
 *
 * K = Z'WZ - Z'WZ Lambda C Lambda'Z'WZ, e = Z'dl, rho = Z'r: the implicit dependence of the mode is in r.
 * (Gradients of Laplace approximations through the implicit function theorem: Skaug & Fournier 2006.)
 */
import { lambdaOf } from "../blocks/covariance-parameters.js";
import { congruence } from "../blocks/criterion.js";
import { addCurvature, covarianceGradient, projectedProducts, scoreDirections, withoutRounding } from "../blocks/derivatives.js";
import { logDeterminantRandom } from "../blocks/factor.js";
import { changeByLift, liftedFactors } from "../blocks/lifted-factors.js";
import { patternCovariance } from "../blocks/pattern-covariance.js";
import { applyLambda, backwardSolveRandom, forwardSolveSystem } from "../blocks/solve.js";
import { absolute, invertLower } from "../linalg/symmetric.js";
import { fixedSystem } from "./fixed-system.js";
import { findMode, type Mode, profiledSolve } from "./mode.js";
import { nestedGradient, nestedLogLik } from "./nested-quadrature.js";
import type { LaplaceProblem } from "./problem.js";
import { type QuadratureGradient, quadratureGradient, quadratureLogLik } from "./quadrature.js";
import type { Quadrature } from "./quadrature-rows.js";
import { fixedScores, pairOf, tripleOf } from "./row-model.js";
import { addRandom, leverages, scoresOf } from "./strands.js";

/** The criterion at one point; the problem's rows and factor belong to the latest one. */
export interface LaplaceEvaluation {
  /** theta, then psi (profiled elements where they are optimal). */
  readonly point: Float64Array;
  readonly lambda: readonly Float64Array[];
  /** lambda as factored: lifted where it was nearly singular. */
  readonly factored: readonly Float64Array[];
  readonly value: number;
  /** null where the criterion has no value (Infinity). */
  readonly mode: Mode | null;
}

export interface LaplaceGradient {
  /** dF in theta, then in psi (zero for profiled elements). */
  readonly gradient: Float64Array;
  /** By group: D. */
  readonly d: readonly Float64Array[];
  /** e, q components. */
  readonly scores: Float64Array;
}

export interface LaplaceDerivatives extends LaplaceGradient {
  /** Scoring matrix over theta and psi: blockdiag(AI + 2D+, 2T). */
  readonly information: Float64Array;
}

/** F at theta and psi; Infinity outside the domain. @param warm u to begin the inner search at */
export function evaluateLaplace(problem: LaplaceProblem, point: Float64Array, warm: Float64Array): LaplaceEvaluation {
  const { structure, parameters, model } = problem;
  const k = parameters.length;
  const lambda = lambdaOf(structure.groups, parameters, point.subarray(0, k));
  const lift = liftedFactors(structure.groups, model.n, lambda);
  const factored = lift ?? lambda;
  const mode = findMode(problem, factored, point.subarray(k), warm, 3);
  if (mode === null) return { point, lambda, factored, value: Number.POSITIVE_INFINITY, mode };
  const own = Float64Array.from(point);
  own.set(mode.psi, k);
  const { quadrature } = problem;
  const value = quadrature === null ? laplaceValue(problem, mode) : -2 * logLikOf(problem, quadrature, factored, mode);
  const evaluation = { point: own, lambda, factored, value: Number.isFinite(value) ? value : Number.POSITIVE_INFINITY, mode };
  if (lift === null || !Number.isFinite(value)) return evaluation;
  const { d } = laplaceGradient(problem, evaluation);
  return { ...evaluation, value: value - changeByLift(structure.groups, d, lambda, factored) };
}

/** F at a mode whose factor is current. */
export function laplaceValue({ factor }: LaplaceProblem, { u, logLik }: Mode): number {
  return -2 * logLik + u.reduce((sum, x) => sum + x * x, 0) + logDeterminantRandom(factor);
}

/** The gradient at an evaluation whose rows and factor are current. */
export function laplaceGradient(problem: LaplaceProblem, evaluation: LaplaceEvaluation): LaplaceGradient {
  return problem.quadrature === null
    ? gradientOfLaplace(problem, evaluation)
    : gradientOfQuadrature(problem, problem.quadrature, evaluation);
}

function logLikOf(problem: LaplaceProblem, quadrature: Quadrature, lambda: readonly Float64Array[], mode: Mode): number {
  switch (quadrature.kind) {
    case "level":
      return quadratureLogLik(problem, quadrature, lambda, mode);
    case "nested":
      return nestedLogLik(problem, quadrature, lambda, mode);
  }
}

function derivativesOf(problem: LaplaceProblem, quadrature: Quadrature, lambda: readonly Float64Array[], mode: Mode): QuadratureGradient {
  switch (quadrature.kind) {
    case "level":
      return quadratureGradient(problem, quadrature, lambda, mode);
    case "nested":
      return nestedGradient(problem, quadrature, lambda, mode);
  }
}

function gradientOfQuadrature(problem: LaplaceProblem, quadrature: Quadrature, evaluation: LaplaceEvaluation): LaplaceGradient {
  const { model, structure, parameters, strands, rows } = problem;
  const { groups, q } = structure;
  const { point, lambda, factored, mode } = evaluation;
  const { rows: ofRows, lambda: ofLambda } = derivativesOf(problem, quadrature, factored, mode!);
  const d = groups.map(({ size }, k) => ofSquare(ofLambda[k]!, factored[k]!, size));
  const gradient = new Float64Array(point.length);
  // The nodes of a product rule turn with the columns of lambda: the criterion is not quite a function of lambda lambda' alone.
  if (factored === lambda) {
    gradient.set(parameters.map(({ group, row, column }) => -2 * ofLambda[group]![column * groups[group]!.size + row]!));
  } else gradient.set(covarianceGradient(groups, parameters, d, lambda));
  gradient.set(
    fixedScores(model, ofRows).map((x) => -2 * x),
    parameters.length,
  );
  return { gradient, d, scores: scoresOf(strands, rows.first, model.n, q) };
}

/**
 * D = dF/dSigma of F = -2 sum log L, from the derivative G of sum log L in a lower-triangular lambda, Sigma = lambda lambda':
 * D = -lambda^-T (P + P') lambda^-1 with P the lower half of lambda'G, its diagonal halved (the adjoint of the Cholesky factor; Murray 2016).
 */
function ofSquare(g: Float64Array, lambda: Float64Array, size: number): Float64Array {
  const p = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    for (let r = c; r < size; r++) {
      let sum = 0;
      for (let i = r; i < size; i++) sum -= lambda[r * size + i]! * g[c * size + i]!;
      p[c * size + r] = sum;
      p[r * size + c] = sum;
    }
  }
  return congruence(invertLower(lambda, size), p, size);
}

/** What the gradient is made of, row by row and level by level. */
export interface GradientPieces {
  /** By predictor, n values: r - 2 dl, the derivative of F in the value of the predictor in a row. */
  readonly rows: readonly Float64Array[];
  /** e, q components. */
  readonly scores: Float64Array;
  /** rho, q components. */
  readonly implicit: Float64Array;
  /** By group: sum over levels of the diagonal blocks of C. */
  readonly sums: readonly Float64Array[];
}

/** The pieces at an evaluation whose rows and factor are current, of the Laplace approximation. */
export function gradientPieces(problem: LaplaceProblem, { factored }: Pick<LaplaceEvaluation, "factored">): GradientPieces {
  const { model, structure, strands, rows, factor, profiled } = problem;
  const { n, random, predictors, psiCount } = model;
  const { q } = structure;
  const { sums, blocks } = patternCovariance(factor, factored, problem.covariance);
  leverages(strands, blocks, n, problem.leverage);

  // a_c = -sum_ab h_ab d3l_abc over ordered pairs.
  const a = predictors.map((_, c) => {
    const own = new Float64Array(n);
    for (const x of random) {
      for (const y of random) {
        const h = problem.leverage[pairOf(x, y)]!;
        const third = rows.third[tripleOf(x, y, c)]!;
        for (let i = 0; i < n; i++) own[i] = own[i]! - h[i]! * third[i]!;
      }
    }
    return own;
  });
  const right = scoresOf(
    strands,
    a.map((own, c) => (random.includes(c) ? own : null)),
    n,
    q,
  );
  const v = new Float64Array(q);
  applyLambda(structure, factored, true, right, 1, v);
  forwardSolveSystem(factor, v, 1);
  const shift = predictors.map(() => new Float64Array(n));
  if (profiled.length > 0) {
    // Profiled parameters move with the effects: the joint system in the place of H.
    const joint = profiledSolve(problem, fixedSystem(problem, factored), v, fixedScores(model, a));
    const psi = new Float64Array(psiCount);
    if (joint !== null) for (let k = 0; k < profiled.length; k++) psi[profiled[k]!] = joint.beta[k]!;
    addFixed(problem, psi, shift);
  } else backwardSolveRandom(factor, v, 1);
  const b = new Float64Array(q);
  applyLambda(structure, factored, false, v, 1, b);
  addRandom(strands, b, n, shift);

  // r_c = a_c + sum_b d2l_cb s_b
  const moved = profiled.length > 0 ? predictors.map((_, c) => c) : random;
  a.forEach((own, c) => {
    for (const x of moved) {
      const second = rows.second[pairOf(c, x)]!;
      const s = shift[x]!;
      for (let i = 0; i < n; i++) own[i] = own[i]! + second[i]! * s[i]!;
    }
  });
  const scores = scoresOf(strands, rows.first, n, q);
  const implicit = scoresOf(strands, a, n, q);
  const whole = a.map((own, c) => own.map((x, i) => x - 2 * rows.first[c]![i]!));
  return { rows: whole, scores, implicit, sums };
}

function gradientOfLaplace(problem: LaplaceProblem, evaluation: LaplaceEvaluation): LaplaceGradient {
  const { model, structure, parameters, profiled } = problem;
  const { groups } = structure;
  const { point, lambda, factored } = evaluation;
  const { rows, scores, implicit, sums } = gradientPieces(problem, evaluation);
  const psiScores = fixedScores(model, rows);
  for (const j of profiled) psiScores[j] = 0;

  const d = groups.map((group, k) => {
    const { size, levelCount } = group;
    const m = Float64Array.from(sums[k]!, (x) => -x);
    for (let i = 0; i < size; i++) m[i * size + i] = m[i * size + i]! + levelCount;
    const out = congruence(invertLower(factored[k]!, size), m, size);
    for (const t of structure.nodeOf[k]!) {
      const at = structure.position[t]!;
      for (let c = 0; c < size; c++) {
        for (let row = 0; row < size; row++) {
          const value =
            0.5 * (implicit[at + c]! * scores[at + row]! + scores[at + c]! * implicit[at + row]!) - scores[at + c]! * scores[at + row]!;
          out[c * size + row] = out[c * size + row]! + value;
        }
      }
    }
    return out;
  });
  const gradient = new Float64Array(point.length);
  gradient.set(covarianceGradient(groups, parameters, d, lambda));
  gradient.set(psiScores, parameters.length);
  return { gradient, d, scores };
}

/** Gradient and scoring matrix at an evaluation whose rows and factor are current. */
export function laplaceDerivatives(problem: LaplaceProblem, evaluation: LaplaceEvaluation): LaplaceDerivatives {
  const first = laplaceGradient(problem, evaluation);
  return { ...first, information: scoringMatrix(problem, evaluation, first) };
}

/** blockdiag(AI + 2D+, 2T): rows and factor current, D and e given. */
export function scoringMatrix(
  problem: LaplaceProblem,
  { lambda, factored }: LaplaceEvaluation,
  { d, scores }: Pick<LaplaceGradient, "d" | "scores">,
): Float64Array {
  const { structure, parameters, factor, gram, model, profiled } = problem;
  const k = parameters.length;
  const { psiCount } = model;
  const size = k + psiCount;
  const directions = scoreDirections(structure, parameters, lambda, scores);
  const ofTheta = projectedProducts(structure, factor, gram, factored, directions, k);
  // With an indefinite W the average information may be negative: its absolute eigenvalues keep a step downhill.
  ofTheta.set(absolute(ofTheta, k));
  addCurvature(structure.groups, parameters, d, ofTheta);
  withoutRounding(ofTheta, k);
  const t = absolute(fixedSystem(problem, factored).t, psiCount);
  const information = new Float64Array(size * size);
  for (let c = 0; c < k; c++) for (let r = 0; r < k; r++) information[c * size + r] = ofTheta[c * k + r]!;
  for (let c = 0; c < psiCount; c++) {
    for (let r = 0; r < psiCount; r++) information[(k + c) * size + k + r] = 2 * t[c * psiCount + r]!;
  }
  for (const j of profiled) {
    for (let r = 0; r < size; r++) {
      information[(k + j) * size + r] = 0;
      information[r * size + k + j] = 0;
    }
  }
  return information;
}

function addFixed({ model }: LaplaceProblem, psi: Float64Array, into: readonly Float64Array[]): void {
  model.predictors.forEach(({ columns, parameter }, c) => {
    const x = into[c]!;
    columns.forEach((column, j) => {
      const b = psi[parameter[j]!]!;
      if (b !== 0) for (let i = 0; i < model.n; i++) x[i] = x[i]! + b * column[i]!;
    });
  });
}
