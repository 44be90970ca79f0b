/**
 * What each cluster adds to a robust covariance matrix and to its degrees of freedom, without n_j x n_j matrices.
 *
 *   V_j = sigma^2 (W_j^-1 + Z_j Sigma Z_j'),   M = (sum_j X_j'V_j^-1 X_j)^-1,   a_j = A_j V_j^-1 X_j
 *   score s_j = a_j'e_j,   target a_j'V_j a_j,   cross X_j'a_j,   e = y - X beta - offset
 *
 * CR0 and its multiples have A_j = I: both matrices are X_j'V_j^-1 X_j = X_j'W X_j - sum L_Xt L_Xt' over the cluster's levels t, which
 * stand in the factor of the fit, and s_j = X_j'W r_j / sigma^2 with the conditional residual r (the mixed-model equations; Henderson 1975).
 *
 * CR2 (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018) has the symmetric A_j with A_j S_j A_j = V_j, S_j = V_j - X_j M X_j' the
 * covariance of the residuals: A = V^1/2 (V^1/2 S V^1/2)^-1/2 V^1/2, a pseudo-inverse where S is singular. It acts as the identity
 * outside the span of [Z_j X_j], so that all is done in an orthonormal basis of that span, r_j columns: linear in the number of clusters.
 *
 * Weights are absorbed, sqrt(w_i) times each row. Fixed columns are X L_XX^-T of the fit's factor L, in which sigma^-2 M = I; sigma cancels.
 */
import { FitError, robustMessages } from "../messages.js";
import { factorAt } from "../models/blocks/criterion.js";
import { fixedRowsOf, inverseOfFixed } from "../models/blocks/solve.js";
import type { LinearMixedFit } from "../models/fit.js";
import { linearPredictors } from "../models/fitted.js";
import { multiply, symmetricEigen } from "../models/linalg/symmetric.js";
import type { Clusters } from "./robust-clusters.js";
import { orthonormalSpan } from "./robust-span.js";
import { rowsByUnit } from "./units.js";

/** Of one cluster; column-major. */
export interface ClusterMoments {
  /** p: s_j. */
  readonly score: Float64Array;
  /** p x p: a_j'V_j a_j. */
  readonly target: Float64Array;
  /** p x p: X_j'a_j. */
  readonly cross: Float64Array;
}

/** More columns than this in the span of one cluster: the cube of it is too much work. */
const LARGEST_SPAN = 2000;

/** The leverage of a direction that a cluster alone determines is 1; S_j is then singular. */
const WHOLE = 1 - 1e-10;

/** K, p x p column-major: user coefficients from those in which M is the identity; vcov = sigma^2 K K' for the working response's sigma. */
export function userTransform({ engine: { problem, optimum, basis, response } }: LinearMixedFit): Float64Array {
  factorAt(problem, optimum.lambda);
  const { p } = problem.structure;
  return multiply(basis.transform, transposed(inverseOfFixed(problem.factor), p), p).map((x) => x * response.scale);
}

/** One cluster after another, in the order of their numbers. @throws FitError for clusters whose random effects are too many for CR2 */
export function visitClusters(
  fit: LinearMixedFit,
  clusters: Clusters,
  adjusted: boolean,
  visit: (moments: ClusterMoments, cluster: number) => void,
): void {
  if (adjusted) visitAdjusted(fit, clusters, visit);
  else visitPlain(fit, clusters, visit);
}

/** Numbers kept at most: about 160 MB. */
const MOST_KEPT = 2e7;

/** `visitClusters` as often as wanted: the moments are kept where there is room for them. */
export function momentsOf(fit: LinearMixedFit, clusters: Clusters, adjusted: boolean): (visit: (moments: ClusterMoments) => void) => void {
  if (clusters.count * 2 * fit.fixed.length ** 2 > MOST_KEPT) return (visit) => visitClusters(fit, clusters, adjusted, visit);
  let kept: ClusterMoments[] | null = null;
  return (visit) => {
    if (kept === null) {
      const all: ClusterMoments[] = [];
      visitClusters(fit, clusters, adjusted, (moments) => all.push(moments));
      kept = all;
    }
    for (const moments of kept) visit(moments);
  };
}

/** By cluster: its nodes in the order of elimination. */
function nodesByCluster({ engine }: LinearMixedFit, { home, count }: Clusters): { readonly start: Int32Array; readonly rows: Int32Array } {
  const { groups, nodeOf, nodeCount } = engine.problem.structure;
  const of = new Int32Array(nodeCount);
  groups.forEach((group, k) => {
    const homes = home[group.parts[0]!.term]!;
    nodeOf[k]!.forEach((node, level) => {
      of[node] = homes[level]!;
    });
  });
  return rowsByUnit(of, count);
}

function visitPlain(fit: LinearMixedFit, clusters: Clusters, visit: (moments: ClusterMoments, cluster: number) => void): void {
  const { problem, optimum, basis, response } = fit.engine;
  const { weights } = fit.frame;
  const { p, position } = problem.structure;
  factorAt(problem, optimum.lambda);
  const inverse = inverseOfFixed(problem.factor);
  const { solved } = fixedRowsOf(problem.factor, problem.gram);
  const { fixedPart, randomPart } = linearPredictors(fit);
  const nodes = nodesByCluster(fit, clusters);
  const { start, rows } = rowsByUnit(clusters.of, clusters.count);
  const row = new Float64Array(p);
  for (let j = 0; j < clusters.count; j++) {
    const score = new Float64Array(p);
    const products = new Float64Array(p * p);
    for (let x = start[j]!; x < start[j + 1]!; x++) {
      const i = rows[x]!;
      const w = weights === null ? 1 : weights[i]!;
      const residual = w * (response.values[i]! - fixedPart[i]! - randomPart[i]!);
      for (let a = 0; a < p; a++) row[a] = basis.columns[a]![i]!;
      addSquare(products, row, w, p);
      for (let a = 0; a < p; a++) score[a]! += row[a]! * residual;
    }
    for (let x = nodes.start[j]!; x < nodes.start[j + 1]!; x++) {
      const node = nodes.rows[x]!;
      for (let c = position[node]!; c < position[node + 1]!; c++) addSquare(products, solved.subarray(c * p, (c + 1) * p), -1, p);
    }
    const target = multiply(multiply(inverse, products, p), transposed(inverse, p), p);
    visit({ score: timesVector(inverse, score, p), target, cross: target }, j);
  }
}

function visitAdjusted(fit: LinearMixedFit, clusters: Clusters, visit: (moments: ClusterMoments, cluster: number) => void): void {
  const { problem, optimum, basis, response } = fit.engine;
  const { weights } = fit.frame;
  const { structure } = problem;
  const { p, groups, nodeOf, nodeGroup } = structure;
  const n = fit.nobs;
  factorAt(problem, optimum.lambda);
  const inverse = inverseOfFixed(problem.factor);
  const { fixedPart } = linearPredictors(fit);
  const nodes = nodesByCluster(fit, clusters);
  const { start, rows } = rowsByUnit(clusters.of, clusters.count);
  // Columns of the factors that are not zero: a variance of zero takes no room.
  const kept = optimum.lambda.map((lambda, k) => columnsOf(lambda, groups[k]!.size));
  const placeOf = new Int32Array(structure.nodeCount);
  const most = groups.reduce((sum, { membership }, k) => sum + kept[k]!.length * (membership?.count ?? 1), p + 1);
  const entries = new Float64Array(most);
  const places = new Int32Array(most);

  for (let j = 0; j < clusters.count; j++) {
    let width = 0;
    for (let x = nodes.start[j]!; x < nodes.start[j + 1]!; x++) {
      const node = nodes.rows[x]!;
      placeOf[node] = width;
      width += kept[nodeGroup[node]!]!.length;
    }
    const count = start[j + 1]! - start[j]!;
    const dimension = Math.min(count, width + p);
    if (dimension > LARGEST_SPAN) throw new FitError(robustMessages.clusterTooLarge(clusters.name, dimension, LARGEST_SPAN));
    const span = orthonormalSpan(count, width + p + 1);
    for (let x = start[j]!; x < start[j + 1]!; x++) {
      const i = rows[x]!;
      const root = weights === null ? 1 : Math.sqrt(weights[i]!);
      let filled = 0;
      for (let k = 0; k < groups.length; k++) {
        const { size, membership, columns, levelOf } = groups[k]!;
        const lambda = optimum.lambda[k]!;
        const own = kept[k]!;
        const members = membership?.count ?? 1;
        for (let m = 0; m < members; m++) {
          const level = membership === null ? levelOf[i]! : membership.levelOf[m * n + i]!;
          if (level < 0) continue;
          const share = membership === null ? root : root * membership.weights[m * n + i]!;
          const place = placeOf[nodeOf[k]![level]!]!;
          for (let at = 0; at < own.length; at++) {
            const c = own[at]!;
            let sum = 0;
            for (let r = c; r < size; r++) {
              const z = columns[r]!;
              sum += (typeof z === "number" ? z : z[i]!) * lambda[c * size + r]!;
            }
            entries[filled] = share * sum;
            places[filled++] = place + at;
          }
        }
      }
      for (let a = 0; a < p; a++) {
        entries[filled] = root * basis.columns[a]![i]!;
        places[filled++] = width + a;
      }
      entries[filled] = root * (response.values[i]! - fixedPart[i]!);
      places[filled++] = width + p;
      span.add(entries, places, filled);
    }
    const { rank, columns } = span.finish();
    visit(adjustedMoments(columns, rank, width, p, inverse), j);
  }
}

/**
 * The moments in an orthonormal basis of the cluster's span.
 *
 * @param columns r rows: `width` columns of Z Lambda, p of X, then the residual
 */
function adjustedMoments(columns: Float64Array, r: number, width: number, p: number, inverse: Float64Array): ClusterMoments {
  const v = new Float64Array(r * r);
  for (let i = 0; i < r; i++) v[i * r + i] = 1;
  for (let c = 0; c < width; c++) addSquare(v, columns.subarray(c * r, (c + 1) * r), 1, r);
  const { values: d, vectors: q } = symmetricEigen(v, r);
  for (let i = 0; i < r; i++) d[i] = Math.max(1, d[i]!);
  // F = D^-1/2 Q'X with M = I, and Q'e
  const rotated = new Float64Array(r * p);
  for (let a = 0; a < p; a++) for (let i = 0; i < r; i++) rotated[a * r + i] = along(q, i, columns, width + a, r);
  const f = new Float64Array(r * p);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b <= a; b++) {
      const weight = inverse[b * p + a]!;
      if (weight !== 0) for (let i = 0; i < r; i++) f[a * r + i]! += (weight * rotated[b * r + i]!) / Math.sqrt(d[i]!);
    }
  }
  // P = V^1/2 S V^1/2 = D^2 - (D F)(D F)': eigenvalues ascend with D, which keeps the small ones accurate.
  const inner = new Float64Array(r * r);
  for (let i = 0; i < r; i++) inner[i * r + i] = d[i]! * d[i]!;
  const scaled = new Float64Array(r);
  for (let a = 0; a < p; a++) {
    for (let i = 0; i < r; i++) scaled[i] = d[i]! * f[a * r + i]!;
    addSquare(inner, scaled, -1, r);
  }
  const { values, vectors } = symmetricEigen(inner, r);
  const dropped = wholeLeverages(f, r, p);
  // H = P^-1/2 F
  const h = new Float64Array(r * p);
  for (let m = dropped; m < r; m++) {
    const weight = 1 / Math.sqrt(values[m]!);
    for (let a = 0; a < p; a++) {
      const projection = weight * along(vectors, m, f, a, r);
      for (let i = 0; i < r; i++) h[a * r + i]! += vectors[m * r + i]! * projection;
    }
  }
  const score = new Float64Array(p);
  for (let i = 0; i < r; i++) {
    const e = Math.sqrt(d[i]!) * along(q, i, columns, width + p, r);
    for (let a = 0; a < p; a++) score[a]! += h[a * r + i]! * e;
  }
  const target = new Float64Array(p * p);
  const cross = new Float64Array(p * p);
  for (let b = 0; b < p; b++) {
    for (let a = 0; a < p; a++) {
      let own = 0;
      let mixed = 0;
      for (let i = 0; i < r; i++) {
        const right = d[i]! * h[b * r + i]!;
        own += d[i]! * h[a * r + i]! * right;
        mixed += f[a * r + i]! * right;
      }
      target[b * p + a] = own;
      cross[b * p + a] = mixed;
    }
  }
  return { score, target, cross };
}

/** How many directions of the coefficients only this cluster tells of: eigenvalues of F'F that are 1. */
function wholeLeverages(f: Float64Array, r: number, p: number): number {
  let trace = 0;
  for (const x of f) trace += x * x;
  if (trace < WHOLE) return 0;
  const squares = new Float64Array(p * p);
  for (let b = 0; b < p; b++) for (let a = 0; a < p; a++) squares[b * p + a] = along(f, a, f, b, r);
  return symmetricEigen(squares, p).values.reduce((count, value) => (value > WHOLE ? count + 1 : count), 0);
}

/** Columns of a factor that are not zero. */
function columnsOf(lambda: Float64Array, size: number): readonly number[] {
  return Array.from({ length: size }, (_, c) => c).filter((c) => lambda.subarray(c * size, (c + 1) * size).some((x) => x !== 0));
}

/** into += factor x x'. */
function addSquare(into: Float64Array, x: Float64Array, factor: number, size: number): void {
  for (let b = 0; b < size; b++) {
    const weight = factor * x[b]!;
    if (weight !== 0) for (let a = 0; a < size; a++) into[b * size + a]! += x[a]! * weight;
  }
}

/** Column a of the one matrix times column b of the other, r rows each. */
function along(left: Float64Array, a: number, right: Float64Array, b: number, r: number): number {
  let sum = 0;
  for (let i = 0; i < r; i++) sum += left[a * r + i]! * right[b * r + i]!;
  return sum;
}

function timesVector(matrix: Float64Array, x: Float64Array, p: number): Float64Array {
  const out = new Float64Array(p);
  for (let b = 0; b < p; b++) for (let a = 0; a < p; a++) out[a]! += matrix[b * p + a]! * x[b]!;
  return out;
}

function transposed(matrix: Float64Array, p: number): Float64Array {
  const out = new Float64Array(p * p);
  for (let b = 0; b < p; b++) for (let a = 0; a < p; a++) out[a * p + b] = matrix[b * p + a]!;
  return out;
}
