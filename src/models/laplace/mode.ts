/**
 * The mode of the random effects given everything else, by Newton's method that cannot fail:
 *
 *   J(u) = -sum l + |u|^2 / 2,   gradient u - Lambda'Z'g,   Hessian H = Lambda'Z'WZ Lambda + I with the observed W
 *
 * Where H is not positive definite the rows' W are replaced by their positive parts, which makes it so. Steps are halved until J falls
 * enough (Armijo 1966). When the decrement is negligible one full step more is taken, after which the mode is exact to rounding:
 * log|H| is of first order in it. With profiled parameters the search is over effects and those together.
 */
import { factorize, smallestPivot } from "../blocks/factor.js";
import { applyLambda, backwardSolveRandom, forwardSolveSystem } from "../blocks/solve.js";
import type { DerivativeOrder } from "../families/row-likelihood.js";
import { cholesky } from "../linalg/cholesky.js";
import { absolute, symmetricEigen } from "../linalg/symmetric.js";
import { fixedSystem, submatrix } from "./fixed-system.js";
import type { LaplaceProblem } from "./problem.js";
import { fixedPredictors, fixedScores, pairOf, rowDerivatives } from "./row-model.js";
import { addRandom, fillGram, scoresOf } from "./strands.js";

/**
 * H is at least the identity where the likelihood is log-concave. Where it is not, the Laplace approximation is worth nothing near a
 * singular H (the integrand is flat or has two humps there) and its value has no bound: such points do not count.
 */
const SMALLEST_PIVOT = 0.1;

export interface Mode {
  /** Spherical effects, q. */
  readonly u: Float64Array;
  /** psi, with the profiled elements where they are optimal. */
  readonly psi: Float64Array;
  /** sum of the rows' log-likelihoods at the mode. */
  readonly logLik: number;
  readonly iterations: number;
}

const MOST_ITERATIONS = 200;
/** Newton decrement, relative to 1 + |J| and in itself, at which the last step is taken. */
const NEGLIGIBLE = 1e-11;
const NEGLIGIBLE_AT_MOST = 1e-8;
/** What rounding may add to J, relative to 1 + |J|. */
const ROUNDING = 1e-13;

/**
 * Leaves rows (derivatives up to `order`), predictors, Gram blocks and factor at the mode.
 *
 * @param start u to begin at
 * @param order 2 for the value, 3 for the gradient
 * @returns null where no mode can be found: outside the domain, or a system that is not positive definite at the mode
 */
export function findMode(
  problem: LaplaceProblem,
  lambda: readonly Float64Array[],
  psi: Float64Array,
  start: Float64Array,
  order: DerivativeOrder,
): Mode | null {
  const { model, structure, strands, rows, predictors, gram, factor, profiled } = problem;
  const { n } = model;
  const { q } = structure;
  const ownPsi = Float64Array.from(psi);
  const u = Float64Array.from(start);
  const b = new Float64Array(q);

  const toPredictors = (): void => {
    fixedPredictors(model, ownPsi, predictors);
    applyLambda(structure, lambda, false, u, 1, b);
    addRandom(strands, b, n, predictors);
  };
  const objective = (at: DerivativeOrder): number => {
    const logLik = rowDerivatives(model, predictors, at, rows);
    return -logLik + 0.5 * squares(u);
  };

  toPredictors();
  let value = objective(2);
  let warm = u.some((x) => x !== 0);
  const restart = (): void => {
    warm = false;
    u.fill(0);
    toPredictors();
    value = objective(2);
  };
  if (!Number.isFinite(value) && warm) restart();
  if (!Number.isFinite(value)) return null;

  let iterations = 0;
  const trial = new Float64Array(q);
  const moves = predictors.map(() => new Float64Array(n));
  for (; iterations < MOST_ITERATIONS; iterations++) {
    fillGram(structure, strands, rows.second, n, gram);
    if (!factorize(factor, gram, lambda)) {
      clipToPositive(problem);
      fillGram(structure, strands, rows.second, n, gram);
      if (!factorize(factor, gram, lambda)) return null;
    }
    const scores = scoresOf(strands, rows.first, n, q);
    const gradient = new Float64Array(q);
    applyLambda(structure, lambda, true, scores, 1, gradient);
    for (let i = 0; i < q; i++) gradient[i] = gradient[i]! - u[i]!;
    const step = newtonStep(problem, lambda, gradient);
    if (step === null) return null;
    const { du, dPsi, decrement } = step;
    if (!Number.isFinite(decrement)) return null;
    // Far from the mode: never begin worse than at no effects at all.
    if (warm && decrement > 1) {
      const fromWarm = value;
      const kept = Float64Array.from(u);
      restart();
      if (value < fromWarm) continue;
      u.set(kept);
      toPredictors();
      value = objective(2);
    }
    warm = false;

    // The step in the predictors, so that trials cost one pass over the rows.
    for (const move of moves) move.fill(0);
    if (profiled.length > 0) {
      fixedPredictors({ ...model, predictors: model.predictors.map((own) => ({ ...own, offset: null })) }, dPsi, moves);
    }
    applyLambda(structure, lambda, false, du, 1, b);
    addRandom(strands, b, n, moves);
    const last = decrement < Math.min(NEGLIGIBLE * (1 + Math.abs(value)), NEGLIGIBLE_AT_MOST);
    let size = 1;
    let accepted = false;
    let applied = 0;
    for (let halvings = 0; halvings < 60; halvings++) {
      for (let c = 0; c < predictors.length; c++) {
        const x = predictors[c]!;
        const dx = moves[c]!;
        for (let i = 0; i < n; i++) x[i] = x[i]! + (size - applied) * dx[i]!;
      }
      applied = size;
      for (let i = 0; i < q; i++) trial[i] = u[i]! + size * du[i]!;
      const next = -rowDerivatives(model, predictors, last ? order : 2, rows) + 0.5 * squares(trial);
      // The last step is not searched: J no longer shows it.
      if (last ? Number.isFinite(next) : next <= value - 1e-4 * size * decrement + ROUNDING * (1 + Math.abs(value))) {
        accepted = true;
        value = next;
        break;
      }
      if (last) break;
      size /= 2;
    }
    if (!accepted) {
      // J is flat to rounding along the step: what is there is the mode.
      if (decrement > 1e-6 * (1 + Math.abs(value))) return null;
      toPredictors();
      value = objective(order);
      return finished(problem, lambda, u, ownPsi, value, iterations);
    }
    u.set(trial);
    for (let j = 0; j < ownPsi.length; j++) ownPsi[j] = ownPsi[j]! + size * dPsi[j]!;
    if (last) return finished(problem, lambda, u, ownPsi, value, iterations + 1);
  }
  return null;
}

function finished(
  problem: LaplaceProblem,
  lambda: readonly Float64Array[],
  u: Float64Array,
  psi: Float64Array,
  value: number,
  iterations: number,
): Mode | null {
  const { structure, strands, rows, model, gram, factor } = problem;
  fillGram(structure, strands, rows.second, model.n, gram);
  if (!factorize(factor, gram, lambda) || smallestPivot(factor) < SMALLEST_PIVOT) return null;
  return { u, psi, logLik: -(value - 0.5 * squares(u)), iterations };
}

interface NewtonStep {
  readonly du: Float64Array;
  /** psiCount; zero but for profiled elements. */
  readonly dPsi: Float64Array;
  readonly decrement: number;
}

function newtonStep(problem: LaplaceProblem, lambda: readonly Float64Array[], gradient: Float64Array): NewtonStep | null {
  const { model, factor, rows, profiled } = problem;
  const { psiCount } = model;
  const dPsi = new Float64Array(psiCount);
  const du = Float64Array.from(gradient);
  forwardSolveSystem(factor, du, 1);
  if (profiled.length === 0) {
    const decrement = squares(du);
    backwardSolveRandom(factor, du, 1);
    return { du, dPsi, decrement };
  }
  const joint = profiledSolve(problem, fixedSystem(problem, lambda), du, fixedScores(model, rows.first));
  if (joint === null) return null;
  profiled.forEach((j, k) => {
    dPsi[j] = joint.beta[k]!;
  });
  return { du: joint.u, dPsi, decrement: joint.decrement };
}

/**
 * Solves the joint system of effects and profiled parameters.
 *
 * @param forward L^-1 of the effects' right-hand side, overwritten
 * @param right the right-hand side of all of psi
 */
export function profiledSolve(
  { structure, factor, profiled, model }: LaplaceProblem,
  { solved, t }: { readonly solved: Float64Array; readonly t: Float64Array },
  forward: Float64Array,
  right: Float64Array,
): { readonly u: Float64Array; readonly beta: Float64Array; readonly decrement: number } | null {
  const { q } = structure;
  const { psiCount } = model;
  const m = profiled.length;
  const l = submatrix(t, psiCount, profiled);
  if (cholesky(l, 0, m, m) >= 0) {
    // Far from the mode the profiled parameters' information need not be positive: its absolute eigenvalues make a step downhill.
    l.set(absolute(submatrix(t, psiCount, profiled), m));
    if (cholesky(l, 0, m, m) >= 0) return null;
  }
  let decrement = squares(forward);
  const beta = new Float64Array(m);
  for (let k = 0; k < m; k++) {
    let sum = right[profiled[k]!]!;
    for (let i = 0; i < q; i++) sum -= solved[i * psiCount + profiled[k]!]! * forward[i]!;
    for (let j = 0; j < k; j++) sum -= l[j * m + k]! * beta[j]!;
    beta[k] = sum / l[k * m + k]!;
    decrement += beta[k]! * beta[k]!;
  }
  for (let k = m - 1; k >= 0; k--) {
    let sum = beta[k]!;
    for (let j = k + 1; j < m; j++) sum -= l[k * m + j]! * beta[j]!;
    beta[k] = sum / l[k * m + k]!;
  }
  for (let i = 0; i < q; i++) {
    let sum = forward[i]!;
    for (let k = 0; k < m; k++) sum -= solved[i * psiCount + profiled[k]!]! * beta[k]!;
    forward[i] = sum;
  }
  backwardSolveRandom(factor, forward, 1);
  return { u: forward, beta, decrement };
}

/** W := its positive part, row by row over the predictors that carry random effects. */
function clipToPositive({ model, rows }: LaplaceProblem): void {
  const { random, n } = model;
  if (random.length === 1) {
    const second = rows.second[pairOf(random[0]!, random[0]!)]!;
    for (let i = 0; i < n; i++) if (second[i]! > 0) second[i] = 0;
    return;
  }
  const m = random.length;
  const block = new Float64Array(m * m);
  for (let i = 0; i < n; i++) {
    random.forEach((a, x) => {
      random.forEach((b, y) => {
        block[x * m + y] = -rows.second[pairOf(a, b)]![i]!;
      });
    });
    const { values, vectors } = symmetricEigen(block, m);
    if (values[0]! >= 0) continue;
    random.forEach((a, x) => {
      random.forEach((b, y) => {
        let sum = 0;
        for (let k = 0; k < m; k++) if (values[k]! > 0) sum += values[k]! * vectors[k * m + x]! * vectors[k * m + y]!;
        rows.second[pairOf(a, b)]![i] = -sum;
      });
    });
  }
}

function squares(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  return sum;
}
