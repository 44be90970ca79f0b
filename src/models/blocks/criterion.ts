/**
 * The profiled criterion of a linear mixed model, its gradient and its scoring matrix, from blocks only.
 *
 *   ML:    F = log|L_ZZ|^2 + n (1 + log(2 pi r^2 / n))
 *   REML:  F = log|L_ZZ|^2 + log|L_XX|^2 + (n - p) (1 + log(2 pi r^2 / (n - p)))
 *
 * (Bates, Maechler, Bolker & Walker 2015, eq. 34 and 42). With Sigma = lambda lambda' of one group and s = r^2 / nu
 *
 *   dF/dlambda = 2 D lambda,   D = sum_l { K_ll - e_l e_l' / s } = lambda^-T [ L I - sum_l (C_ll + u_l u_l' / s) ] lambda^-1
 *
 * K = Z'V0^-1 Z (REML: with X projected out), e = Z'(y - X beta - Z Lambda u), C the random part of the inverse of the system
 * (Lindstrom & Bates 1988; Bates & DebRoy 2004). The scoring matrix is the average information (Gilmour, Thompson &
 * Cullis 1995) plus the curvature that it misses where lambda is small:
 *
 *   H_jk = c_j'K_P c_k / s - (c_j'e)(c_k'e) / (nu s^2) + 2 [same column] (D+)_rr',   c_j = (lambda_j' lambda' + lambda lambda_j'') e
 *
 * Where lambda is (nearly) singular the blocks are taken at a lifted factor, its small singular values raised to `LIFT`,
 * which changes D by a relative 1e-8 and F by a first-order term that is taken back.
 */
import { invertLower, lowerFactor, multiply, singularValues, symmetricEigen } from "../linalg/symmetric.js";
import { type CovarianceParameter, covarianceParameters, lambdaOf, partBlock, setPartBlock } from "./covariance-parameters.js";
import { allocateFactor, type Factor, factorize, logDeterminantFixed, logDeterminantRandom, penalizedResidual } from "./factor.js";
import type { Gram } from "./gram.js";
import type { GroupPart, RandomGroup } from "./random-groups.js";
import { inverseBlocks } from "./selected-inverse.js";
import { applyLambda, forwardSolveSystem, multiplyGram, randomScores, solveEffects } from "./solve.js";
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

export interface Derivatives {
  readonly gradient: Float64Array;
  /** k x k column-major. */
  readonly information: Float64Array;
  /** By group: D, symmetric S x S (meaningful inside parts). */
  readonly d: readonly Float64Array[];
  readonly effects: Float64Array;
  readonly scores: Float64Array;
}

export function linearProblem(structure: Structure, gram: Gram, n: number, reml: boolean): LinearProblem {
  return {
    structure,
    gram,
    parameters: covarianceParameters(structure.groups),
    factor: allocateFactor(structure),
    n,
    reml,
    nu: reml ? n - structure.p : n,
  };
}

/** F at theta; Infinity where the system cannot be factored. */
export function evaluate(problem: LinearProblem, theta: Float64Array): Evaluation {
  const { structure, parameters } = problem;
  const lambda = lambdaOf(structure.groups, parameters, theta);
  const lift = liftedFactors(problem, lambda);
  const factored = lift ?? lambda;
  const plain = factorAt(problem, factored);
  const evaluation = { theta, lambda, factored, lifted: lift !== null, ...plain };
  if (lift === null || !Number.isFinite(plain.value)) return evaluation;
  // Take the lift back to first order: dF = sum tr(D dSigma).
  const { d } = scoreMatrices(problem, evaluation);
  let change = 0;
  structure.groups.forEach((group, k) => {
    for (const part of group.parts) {
      const before = partBlock(lambda[k]!, group.size, part);
      const after = partBlock(factored[k]!, group.size, part);
      const block = partBlock(d[k]!, group.size, part);
      const m = part.size;
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < m; j++) {
          if (part.covariance === "diagonal" && i !== j) continue;
          let sigma = 0;
          for (let c = 0; c < m; c++) sigma += after[c * m + i]! * after[c * m + j]! - before[c * m + i]! * before[c * m + j]!;
          change += block[j * m + i]! * sigma;
        }
      }
    }
  });
  return { ...evaluation, value: plain.value - change };
}

/** F and s at factors as they are; the problem's factor is left there. */
export function factorAt(problem: LinearProblem, lambda: readonly Float64Array[]): { readonly value: number; readonly s: number } {
  const { factor, gram, nu, reml } = problem;
  if (!factorize(factor, gram, lambda)) return { value: Number.POSITIVE_INFINITY, s: Number.NaN };
  const s = penalizedResidual(factor) / nu;
  const value = logDeterminantRandom(factor) + (reml ? logDeterminantFixed(factor) : 0) + nu * (1 + Math.log(2 * Math.PI * s));
  return { value: Number.isFinite(value) ? value : Number.POSITIVE_INFINITY, s };
}

/** eps^2 is such that eps^2 times a level's average information is 1e-8. */
function liftOf(problem: LinearProblem, group: RandomGroup): number {
  return 1e-4 * Math.sqrt(Math.min(1, group.levelCount / problem.n));
}

/** lambda with small singular values raised; null where none is small. */
function liftedFactors(problem: LinearProblem, lambda: readonly Float64Array[]): Float64Array[] | null {
  let any = false;
  const lifted = problem.structure.groups.map((group, k) => {
    const lift = liftOf(problem, group);
    let matrix = lambda[k]!;
    for (const part of group.parts) {
      const block = partBlock(matrix, group.size, part);
      const raised = part.covariance === "diagonal" || part.size === 1 ? liftedDiagonal(block, part.size, lift) : liftedBlock(block, part.size, lift);
      if (raised === null) continue;
      any = true;
      if (matrix === lambda[k]) matrix = Float64Array.from(matrix);
      setPartBlock(matrix, group.size, part, raised);
    }
    return matrix;
  });
  return any ? lifted : null;
}

function liftedDiagonal(block: Float64Array, size: number, lift: number): Float64Array | null {
  let any = false;
  const out = Float64Array.from(block);
  for (let i = 0; i < size; i++) {
    if (Math.abs(out[i * size + i]!) >= lift) continue;
    out[i * size + i] = lift;
    any = true;
  }
  return any ? out : null;
}

function liftedBlock(block: Float64Array, size: number, lift: number): Float64Array | null {
  // A cheap bound first: the smallest singular value is at most the smallest diagonal element of a triangular factor.
  const { u, s } = singularValues(block, size);
  if (s[size - 1]! >= lift) return null;
  const raised = new Float64Array(size * size);
  for (let c = 0; c < size; c++) for (let r = 0; r < size; r++) raised[c * size + r] = u[c * size + r]! * Math.max(s[c]!, lift);
  return lowerFactor(raised, size);
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
function congruence(b: Float64Array, m: Float64Array, size: number): Float64Array {
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

/** Gradient and scoring matrix at an evaluation whose factor is current. */
export function derivatives(problem: LinearProblem, evaluation: Evaluation): Derivatives {
  const { structure, parameters } = problem;
  const { d, effects, scores } = scoreMatrices(problem, evaluation);
  const { lambda, s } = evaluation;
  const count = parameters.length;
  const gradient = new Float64Array(count);
  parameters.forEach(({ group, part, row, column }, j) => {
    const { size } = structure.groups[group]!;
    let sum = 0;
    if (part.covariance === "diagonal") sum = d[group]![row * size + row]! * lambda[group]![column * size + row]!;
    else for (let r = part.start; r < part.start + part.size; r++) sum += d[group]![r * size + row]! * lambda[group]![column * size + r]!;
    gradient[j] = 2 * sum;
  });
  const directions = scoreDirections(structure, parameters, lambda, scores);
  const information = averageInformation(problem, evaluation, directions, scores, count, s);
  addCurvature(structure.groups, parameters, d, information);
  return { gradient, information, d, effects, scores };
}

/** c_j for every parameter, stored row by row (q x count). */
function scoreDirections(
  { groups, nodeOf, position, q }: Structure,
  parameters: readonly CovarianceParameter[],
  lambda: readonly Float64Array[],
  scores: Float64Array,
): Float64Array {
  const count = parameters.length;
  const c = new Float64Array(q * count);
  parameters.forEach(({ group, row, column }, j) => {
    const { size } = groups[group]!;
    const lam = lambda[group]!;
    for (const t of nodeOf[group]!) {
      const at = position[t]!;
      let dot = 0;
      for (let r = 0; r < size; r++) dot += lam[column * size + r]! * scores[at + r]!;
      const own = scores[at + row]!;
      for (let r = 0; r < size; r++) {
        const value = lam[column * size + r]! * own + (r === row ? dot : 0);
        c[(at + r) * count + j] = value;
      }
    }
  });
  return c;
}

/** c_j'K_P c_k / s - (c_j'e)(c_k'e) / (nu s^2) for `count` directions stored row by row. */
export function averageInformation(
  problem: LinearProblem,
  evaluation: Evaluation,
  c: Float64Array,
  scores: Float64Array,
  count: number,
  s: number,
): Float64Array {
  const { structure, factor, gram, nu } = problem;
  const { q, p } = structure;
  const product = new Float64Array((q + p) * count);
  multiplyGram(structure, gram, c, count, product);
  const out = new Float64Array(count * count);
  const along = new Float64Array(count);
  accumulate(out, c, product, q, count, 1);
  for (let i = 0; i < q; i++) {
    const e = scores[i]!;
    if (e !== 0) for (let j = 0; j < count; j++) along[j] = along[j]! + e * c[i * count + j]!;
  }
  const solved = new Float64Array((q + p) * count);
  applyLambda(structure, evaluation.factored, true, product, count, solved);
  solved.set(product.subarray(q * count), q * count);
  forwardSolveSystem(factor, solved, count);
  accumulate(out, solved, solved, q + p, count, -1);
  for (let j = 0; j < count; j++) {
    for (let k = 0; k < count; k++) out[j * count + k] = out[j * count + k]! / s - (along[j]! * along[k]!) / (nu * s * s);
  }
  return out;
}

/** out += sign * A'B for row-by-row A, B with `rows` rows. */
function accumulate(out: Float64Array, a: Float64Array, b: Float64Array, rows: number, count: number, sign: number): void {
  for (let i = 0; i < rows; i++) {
    const at = i * count;
    for (let j = 0; j < count; j++) {
      const x = sign * a[at + j]!;
      if (x === 0) continue;
      for (let k = 0; k < count; k++) out[j * count + k] = out[j * count + k]! + x * b[at + k]!;
    }
  }
}

/** Adds 2 (D+)[r, r'] for two parameters in the same column of the same part. */
function addCurvature(
  groups: readonly RandomGroup[],
  parameters: readonly CovarianceParameter[],
  d: readonly Float64Array[],
  information: Float64Array,
): void {
  const count = parameters.length;
  const positive = new Map<GroupPart, Float64Array>();
  groups.forEach((group, k) => {
    for (const part of group.parts) positive.set(part, positivePart(partBlock(d[k]!, group.size, part), part));
  });
  parameters.forEach((a, j) => {
    parameters.forEach((b, k) => {
      if (a.part !== b.part || a.column !== b.column) return;
      const block = positive.get(a.part)!;
      const value = block[(b.row - a.part.start) * a.part.size + a.row - a.part.start]!;
      information[j * count + k] = information[j * count + k]! + 2 * value;
    });
  });
}

function positivePart(block: Float64Array, part: GroupPart): Float64Array {
  const n = part.size;
  const out = new Float64Array(n * n);
  if (part.covariance === "diagonal") {
    for (let i = 0; i < n; i++) out[i * n + i] = Math.max(0, block[i * n + i]!);
    return out;
  }
  const { values, vectors } = symmetricEigen(block, n);
  for (let m = 0; m < n; m++) {
    if (!(values[m]! > 0)) continue;
    for (let c = 0; c < n; c++) for (let r = 0; r < n; r++) out[c * n + r] = out[c * n + r]! + values[m]! * vectors[m * n + r]! * vectors[m * n + c]!;
  }
  return out;
}
