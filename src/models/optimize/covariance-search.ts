/**
 * The optimum of a mixed model's criterion in its covariance parameters theta and whatever further parameters it has, at the
 * boundary of theta as well.
 *
 * Optimality over the cone of positive semidefinite matrices (Karush-Kuhn-Tucker): D lambda = 0 and D positive semidefinite, part
 * by part. Scoring gives the first; it also holds at saddle points on the boundary. So, after scoring, small singular values of the
 * whitened factors are set to zero where the criterion does not mind, and where D has a negative eigenvalue delta with eigenvector
 * v the search goes on from lambda lambda' + t v v', t = -delta / kappa, kappa the curvature in that direction.
 */
import { type CovarianceParameter, lambdaOf, partBlock, setPartBlock, thetaOf } from "../blocks/covariance-parameters.js";
import type { GroupPart } from "../blocks/random-groups.js";
import type { Structure } from "../blocks/structure.js";
import { lowerFactor, singularValues, symmetricEigen } from "../linalg/symmetric.js";
import { minimizeByScoring, type ScoringOptions, type ScoringResult } from "./scoring.js";

/** A criterion to be minimised over theta, the covariance parameters, and what stands after it in the vector. */
export interface CovarianceSearch<Point> {
  readonly structure: Structure;
  readonly parameters: readonly CovarianceParameter[];
  /** Rows: the size that rounding in D is measured against. */
  readonly n: number;
  value(x: Float64Array): { readonly value: number; readonly point: Point };
  /** At the latest point asked for. D by group. */
  derivatives(point: Point): {
    readonly gradient: Float64Array;
    readonly information: Float64Array;
    readonly d: readonly Float64Array[];
    readonly scores: Float64Array;
  };
  /** The Hessian by differences of the gradient, where scoring is slow; counts as what it costs. */
  hessian?(
    x: Float64Array,
    gradient: Float64Array,
    information: Float64Array,
  ): { readonly matrix: Float64Array | null; readonly evaluations: number };
  /** Second derivative of the criterion along Sigma + t v v' of one part, given c_l = v v'e_l; at the latest point asked for. */
  curvature(point: Point, c: Float64Array, scores: Float64Array): number;
}

export interface CovarianceOptimum {
  /** theta, then what else there is. */
  readonly x: Float64Array;
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

export function searchOptimum<Point>(
  search: CovarianceSearch<Point>,
  start: Float64Array,
  options: ScoringOptions = {},
): CovarianceOptimum {
  let evaluations = 0;
  const counted = {
    ...search,
    value: (x: Float64Array) => {
      evaluations++;
      return search.value(x);
    },
    hessian: (x: Float64Array, gradient: Float64Array, information: Float64Array) => {
      const measured = search.hessian?.(x, gradient, information) ?? { matrix: null, evaluations: 0 };
      evaluations += measured.evaluations;
      return measured.matrix;
    },
  };
  let x = start;
  let iterations = 0;
  for (let escapes = 0; ; escapes++) {
    const found: ScoringResult<Point> = minimizeByScoring(counted, x, options);
    iterations += found.iterations;
    const zeroed = zeroSmall(search, found.theta);
    let settled = found.theta;
    let best = found.value;
    let atBoundary = hasZeroColumn(search, found.theta);
    if (zeroed !== null) {
      const candidate = counted.value(zeroed);
      if (candidate.value <= found.value + RISE_ALLOWED) {
        settled = zeroed;
        best = candidate.value;
        atBoundary = true;
      }
    }
    const left = atBoundary && escapes < MOST_ESCAPES ? leaveBoundary({ ...search, value: counted.value }, settled, best) : null;
    if (left === null) {
      const { gradientNorm, converged, information } = found;
      return { x: settled, value: best, gradientNorm, converged, iterations, evaluations, information };
    }
    x = left;
  }
}

type Covariances = Pick<CovarianceSearch<unknown>, "structure" | "parameters">;

/** x with the negligible singular values of each part set to zero; null where there is none. */
function zeroSmall({ structure: { groups }, parameters }: Covariances, x: Float64Array): Float64Array | null {
  const lambda = lambdaOf(groups, parameters, x);
  let any = false;
  groups.forEach((group, k) => {
    for (const part of group.parts) {
      const block = partBlock(lambda[k]!, group.size, part);
      const m = part.size;
      if (part.covariance === "diagonal") {
        for (let i = 0; i < m; i++) {
          const own = Math.abs(block[i * m + i]!);
          if (own === 0 || own >= NEARLY_ZERO) continue;
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
  return any ? withTheta(x, thetaOf(groups, parameters, lambda)) : null;
}

function withTheta(x: Float64Array, theta: Float64Array): Float64Array {
  const out = Float64Array.from(x);
  out.set(theta);
  return out;
}

/** Already exactly of this rank: its last columns are zero. */
function isRank(block: Float64Array, m: number, rank: number): boolean {
  let zeros = 0;
  for (let c = 0; c < m; c++) if (block.subarray(c * m, (c + 1) * m).every((x) => x === 0)) zeros++;
  return m - zeros === rank;
}

function hasZeroColumn({ structure: { groups }, parameters }: Covariances, theta: Float64Array): boolean {
  const lambda = lambdaOf(groups, parameters, theta);
  return groups.some((group, k) =>
    group.parts.some((part) => {
      const block = partBlock(lambda[k]!, group.size, part);
      return !isRank(block, part.size, part.size);
    }),
  );
}

/** A better point away from the boundary, or null where the boundary is optimal. */
function leaveBoundary<Point>(search: CovarianceSearch<Point>, x: Float64Array, best: number): Float64Array | null {
  const { structure, parameters } = search;
  const { groups } = structure;
  const { point } = search.value(x);
  const { d, scores } = search.derivatives(point);
  const lambda = lambdaOf(groups, parameters, x);
  let any = false;
  const moves: { k: number; part: GroupPart; v: Float64Array; t: number }[] = [];
  groups.forEach((group, k) => {
    for (const part of group.parts) {
      for (const { delta, v } of negativeDirections(partBlock(d[k]!, group.size, part), part)) {
        const kappa = search.curvature(point, directionAlong(structure, scores, k, part, v), scores);
        const t = kappa > 0 ? -delta / kappa : 1;
        if (kappa > 0 && (delta * delta) / kappa < SMALLEST_GAIN) continue;
        // Rounding, where the criterion does not know of the direction at all.
        if (-delta < 1e-9 * search.n) continue;
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
    const next = withTheta(x, thetaOf(groups, parameters, moved));
    if (search.value(next).value < best - 1e-12) return next;
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

/** c_l = v v'e_l: what a step along v v' does to the effects. */
function directionAlong(
  { nodeOf, position, q }: Structure,
  scores: Float64Array,
  k: number,
  part: GroupPart,
  v: Float64Array,
): Float64Array {
  const c = new Float64Array(q);
  for (const t of nodeOf[k]!) {
    const at = position[t]! + part.start;
    let dot = 0;
    for (let r = 0; r < part.size; r++) dot += v[r]! * scores[at + r]!;
    for (let r = 0; r < part.size; r++) c[at + r] = v[r]! * dot;
  }
  return c;
}
