/**
 * The optimum of a linear mixed model's criterion, at the boundary as well.
 *
 * Optimality over the cone of positive semidefinite matrices (Karush-Kuhn-Tucker): D lambda = 0 and D positive semidefinite, part
 * by part. Scoring gives the first; it also holds at saddle points on the boundary. So, after scoring, small singular values of the
 * whitened factors are set to zero where the criterion does not mind, and where D has a negative eigenvalue delta with eigenvector
 * v the search goes on from lambda lambda' + t v v', t = -delta / kappa, kappa the curvature in that direction.
 */
import { lambdaOf, partBlock, setPartBlock, thetaOf } from "../blocks/covariance-parameters.js";
import { type Evaluation, evaluate, type LinearProblem } from "../blocks/criterion.js";
import { averageInformation, type Derivatives, derivatives } from "../blocks/derivatives.js";
import type { GroupPart } from "../blocks/random-groups.js";
import { lowerFactor, singularValues, symmetricEigen } from "../linalg/symmetric.js";
import { minimizeByScoring } from "./scoring.js";

export interface LinearOptimum {
  readonly theta: Float64Array;
  readonly value: number;
  readonly gradientNorm: number;
  readonly converged: boolean;
  readonly iterations: number;
  /** Factorisations during the search. */
  readonly evaluations: number;
  /** Scoring matrix near the optimum, k x k; null where none could be taken. */
  readonly information: Float64Array | null;
}

/** Singular values of a whitened factor below this may be zero. */
const NEARLY_ZERO = 1e-4;
/** Relative to the largest of the part. */
const NEARLY_ZERO_RELATIVE = 1e-3;
const RISE_ALLOWED = 1e-9;
/** An escape whose gain is bounded by this is not worth taking. */
const SMALLEST_GAIN = 1e-8;
const MOST_ESCAPES = 20;

export function searchOptimum(problem: LinearProblem, start: Float64Array): LinearOptimum {
  let evaluations = 0;
  const value = (theta: Float64Array): Evaluation => {
    evaluations++;
    return evaluate(problem, theta);
  };
  const scoring = {
    value: (theta: Float64Array) => {
      const point = value(theta);
      return { value: point.value, point };
    },
    derivatives: (point: Evaluation): Derivatives => derivatives(problem, point),
  };
  let theta = start;
  let iterations = 0;
  for (let escapes = 0; ; escapes++) {
    const found = minimizeByScoring(scoring, theta);
    iterations += found.iterations;
    const zeroed = zeroSmall(problem, found.theta);
    let settled = found.theta;
    let best = found.value;
    let atBoundary = hasZeroColumn(problem, found.theta);
    if (zeroed !== null) {
      const candidate = value(zeroed);
      if (candidate.value <= found.value + RISE_ALLOWED) {
        settled = zeroed;
        best = candidate.value;
        atBoundary = true;
      }
    }
    const left = atBoundary && escapes < MOST_ESCAPES ? leaveBoundary(problem, value, settled, best) : null;
    if (left === null) {
      const { gradientNorm, converged, information } = found;
      return { theta: settled, value: best, gradientNorm, converged, iterations, evaluations, information };
    }
    theta = left;
  }
}

/** theta with the negligible singular values of each part set to zero; null where there is none. */
function zeroSmall({ structure: { groups }, parameters }: LinearProblem, theta: Float64Array): Float64Array | null {
  const lambda = lambdaOf(groups, parameters, theta);
  let any = false;
  groups.forEach((group, k) => {
    for (const part of group.parts) {
      const block = partBlock(lambda[k]!, group.size, part);
      const m = part.size;
      if (part.covariance === "diagonal") {
        for (let i = 0; i < m; i++) {
          const x = Math.abs(block[i * m + i]!);
          if (x === 0 || x >= NEARLY_ZERO) continue;
          block[i * m + i] = 0;
          any = true;
        }
        setPartBlock(lambda[k]!, group.size, part, block);
        continue;
      }
      const { u, s } = singularValues(block, m);
      const limit = Math.max(NEARLY_ZERO, NEARLY_ZERO_RELATIVE * s[0]!);
      const kept = s.filter((x) => x >= limit).length;
      if (kept === m || isRank(block, m, kept)) continue;
      any = true;
      const root = new Float64Array(m * m);
      for (let c = 0; c < kept; c++) for (let r = 0; r < m; r++) root[c * m + r] = u[c * m + r]! * s[c]!;
      setPartBlock(lambda[k]!, group.size, part, lowerFactor(root, m));
    }
  });
  return any ? thetaOf(groups, parameters, lambda) : null;
}

/** Already exactly of this rank: its last columns are zero. */
function isRank(block: Float64Array, m: number, rank: number): boolean {
  let zeros = 0;
  for (let c = 0; c < m; c++) if (block.subarray(c * m, (c + 1) * m).every((x) => x === 0)) zeros++;
  return m - zeros === rank;
}

function hasZeroColumn({ structure: { groups }, parameters }: LinearProblem, theta: Float64Array): boolean {
  const lambda = lambdaOf(groups, parameters, theta);
  return groups.some((group, k) =>
    group.parts.some((part) => {
      const block = partBlock(lambda[k]!, group.size, part);
      return !isRank(block, part.size, part.size);
    }),
  );
}

/** A better point away from the boundary, or null where the boundary is optimal. */
function leaveBoundary(
  problem: LinearProblem,
  value: (theta: Float64Array) => Evaluation,
  theta: Float64Array,
  best: number,
): Float64Array | null {
  const { structure, parameters } = problem;
  const { groups } = structure;
  const evaluation = value(theta);
  const { d, scores } = derivatives(problem, evaluation);
  const lambda = lambdaOf(groups, parameters, theta);
  let any = false;
  const moves: { k: number; part: GroupPart; v: Float64Array; t: number }[] = [];
  groups.forEach((group, k) => {
    for (const part of group.parts) {
      for (const { delta, v } of negativeDirections(partBlock(d[k]!, group.size, part), part)) {
        const kappa = curvatureAlong(problem, evaluation, scores, k, part, v);
        const t = kappa > 0 ? -delta / kappa : 1;
        if (kappa > 0 && (delta * delta) / kappa < SMALLEST_GAIN) continue;
        // Rounding, where the criterion does not know of the direction at all.
        if (-delta < 1e-9 * problem.n) continue;
        moves.push({ k, part, v, t });
        any = true;
      }
    }
  });
  if (!any) return null;
  for (let scale = 1; scale > 1e-10; scale /= 2) {
    const moved = lambda.map((matrix) => Float64Array.from(matrix));
    for (const { k, part, v, t } of moves) {
      const size = groups[k]!.size;
      const m = part.size;
      const block = partBlock(moved[k]!, size, part);
      const wide = new Float64Array(m * (m + 1));
      wide.set(block);
      for (let r = 0; r < m; r++) wide[m * m + r] = v[r]! * Math.sqrt(t * scale);
      if (part.covariance === "diagonal") {
        for (let r = 0; r < m; r++) block[r * m + r] = Math.hypot(block[r * m + r]!, wide[m * m + r]!);
        setPartBlock(moved[k]!, size, part, block);
      } else setPartBlock(moved[k]!, size, part, lowerFactor(wide, m, m + 1));
    }
    const next = thetaOf(groups, parameters, moved);
    if (value(next).value < best - 1e-12) return next;
  }
  return null;
}

function negativeDirections(block: Float64Array, part: GroupPart): { delta: number; v: Float64Array }[] {
  const m = part.size;
  const out: { delta: number; v: Float64Array }[] = [];
  if (part.covariance === "diagonal") {
    for (let i = 0; i < m; i++) {
      if (!(block[i * m + i]! < 0)) continue;
      const v = new Float64Array(m);
      v[i] = 1;
      out.push({ delta: block[i * m + i]!, v });
    }
    return out;
  }
  const { values, vectors } = symmetricEigen(block, m);
  for (let j = 0; j < m; j++) if (values[j]! < 0) out.push({ delta: values[j]!, v: vectors.slice(j * m, (j + 1) * m) });
  return out;
}

/** kappa = c'K_P c / s - (c'e)^2 / (nu s^2) for c_l = v v'e_l: second derivative along lambda lambda' + t v v'. */
function curvatureAlong(
  problem: LinearProblem,
  evaluation: Evaluation,
  scores: Float64Array,
  k: number,
  part: GroupPart,
  v: Float64Array,
): number {
  const { nodeOf, position, q } = problem.structure;
  const c = new Float64Array(q);
  for (const t of nodeOf[k]!) {
    const at = position[t]! + part.start;
    let dot = 0;
    for (let r = 0; r < part.size; r++) dot += v[r]! * scores[at + r]!;
    for (let r = 0; r < part.size; r++) c[at + r] = v[r]! * dot;
  }
  return averageInformation(problem, evaluation, c, scores, 1, evaluation.s)[0]!;
}
