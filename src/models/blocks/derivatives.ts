/**
 * Gradient and scoring matrix of the criterion.
 *
 *   dF/dlambda = 2 D lambda
 *   H_jk = c_j'K_P c_k / s - (c_j'e)(c_k'e) / (nu s^2) + 2 [same column] (D+)_rr',   c_j = (lambda_j' lambda' + lambda lambda_j'') e
 *
 * The first two terms are the average information (Gilmour, Thompson & Cullis 1995); it vanishes where lambda does, and the
 * positive part of D is the curvature it misses there.
 */
import { symmetricEigen } from "../linalg/symmetric.js";
import { type CovarianceParameter, partBlock } from "./covariance-parameters.js";
import { type Evaluation, type LinearProblem, scoreMatrices } from "./criterion.js";
import type { Factor } from "./factor.js";
import type { Gram } from "./gram.js";
import type { GroupPart, RandomGroup } from "./random-groups.js";
import { applyLambda, forwardSolveSystem, multiplyGram } from "./solve.js";
import type { Structure } from "./structure.js";

export interface Gradient {
  readonly gradient: Float64Array;
  /** By group: D, symmetric S x S (meaningful inside parts). */
  readonly d: readonly Float64Array[];
  readonly effects: Float64Array;
  readonly scores: Float64Array;
}

export interface Derivatives extends Gradient {
  /** k x k column-major. */
  readonly information: Float64Array;
}

/** Gradient at an evaluation whose factor is current. */
export function gradientAt(problem: LinearProblem, evaluation: Evaluation): Gradient {
  const { groups } = problem.structure;
  const { d, effects, scores } = scoreMatrices(problem, evaluation);
  return { gradient: covarianceGradient(groups, problem.parameters, d, evaluation.lambda), d, effects, scores };
}

/** dF/dtheta = 2 D lambda, entry by entry. */
export function covarianceGradient(
  groups: readonly RandomGroup[],
  parameters: readonly CovarianceParameter[],
  d: readonly Float64Array[],
  lambda: readonly Float64Array[],
): Float64Array {
  return Float64Array.from(parameters, ({ group, part, row, column }) => {
    const { size } = groups[group]!;
    if (part.covariance === "diagonal") return 2 * d[group]![row * size + row]! * lambda[group]![column * size + row]!;
    let sum = 0;
    for (let r = part.start; r < part.start + part.size; r++) sum += d[group]![r * size + row]! * lambda[group]![column * size + r]!;
    return 2 * sum;
  });
}

/** Gradient and scoring matrix at an evaluation whose factor is current. */
export function derivatives(problem: LinearProblem, evaluation: Evaluation): Derivatives {
  const { structure, parameters } = problem;
  const first = gradientAt(problem, evaluation);
  const directions = scoreDirections(structure, parameters, evaluation.lambda, first.scores);
  const information = averageInformation(problem, evaluation, directions, first.scores, parameters.length, evaluation.s);
  addCurvature(structure.groups, parameters, first.d, information);
  withoutRounding(information, parameters.length);
  return { ...first, information };
}

/** Of the largest diagonal element: below this it is rounding. All parameters are in whitened units. */
const ROUNDING = 1e-14;

/** A parameter that the criterion does not see has information zero, not what rounding leaves: the search holds it. */
export function withoutRounding(information: Float64Array, count: number): void {
  let largest = 0;
  for (let i = 0; i < count; i++) largest = Math.max(largest, information[i * count + i]!);
  for (let i = 0; i < count; i++) {
    if (information[i * count + i]! > ROUNDING * largest) continue;
    for (let j = 0; j < count; j++) {
      information[i * count + j] = 0;
      information[j * count + i] = 0;
    }
  }
}

/** c_j for every parameter, stored row by row (q x count). */
export function scoreDirections(
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
  const { q } = structure;
  const out = projectedProducts(structure, factor, gram, evaluation.factored, c, count);
  const along = new Float64Array(count);
  for (let i = 0; i < q; i++) {
    const e = scores[i]!;
    if (e !== 0) for (let j = 0; j < count; j++) along[j] = along[j]! + e * c[i * count + j]!;
  }
  for (let j = 0; j < count; j++) {
    for (let k = 0; k < count; k++) out[j * count + k] = out[j * count + k]! / s - (along[j]! * along[k]!) / (nu * s * s);
  }
  return out;
}

/** c_j'K_P c_k for `count` directions stored row by row; K_P = K where the structure has no fixed columns. */
export function projectedProducts(
  structure: Structure,
  factor: Factor,
  gram: Gram,
  lambda: readonly Float64Array[],
  c: Float64Array,
  count: number,
): Float64Array {
  const { q, p } = structure;
  const product = new Float64Array((q + p) * count);
  multiplyGram(structure, gram, c, count, product);
  const out = new Float64Array(count * count);
  accumulate(out, c, product, q, count, 1);
  const solved = new Float64Array((q + p) * count);
  applyLambda(structure, lambda, true, product, count, solved);
  solved.set(product.subarray(q * count), q * count);
  forwardSolveSystem(factor, solved, count);
  accumulate(out, solved, solved, q + p, count, -1);
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
export function addCurvature(
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
    for (let c = 0; c < n; c++)
      for (let r = 0; r < n; r++) out[c * n + r] = out[c * n + r]! + values[m]! * vectors[m * n + r]! * vectors[m * n + c]!;
  }
  return out;
}
