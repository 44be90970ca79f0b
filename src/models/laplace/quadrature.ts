/**
 * Adaptive Gauss-Hermite quadrature with vector random effects of one grouping factor (Pinheiro & Bates 1995; Naylor & Smith 1982), and
 * the exact gradient of what it computes, nodes adapting included.
 *
 * For a level with mode u, H = R R', nodes z_k and log-weights w_k
 *
 *   u_k = u + R^-T z_k,   A_k = w_k + sum_i l_i(u_k) - |u_k|^2 / 2,   log L = -log|R| + log sum exp A_k,   F = -2 sum log L
 *
 * One node is the Laplace approximation. With p_k = softmax(A), S_k = Lambda'Z'g(u_k) - u_k, Gamma = sum p_k S_k, Q = R^-1 sum p_k S_k z_k',
 * M = -I/2 - sym(lower half of Q'), M* = R^-T M R^-1, m_i = rows of Z Lambda M* Lambda'Z', v = H^-1 (Lambda'Z'(w' m) + Gamma), s = Z Lambda v
 *
 *   dlog L / dx_c = sum p_k dl_c(u_k) - m d3l_00c + s d2l_0c
 *   dlog L / dlambda = Z'(sum p_k g(u_k) u_k') + Z'r u' + (Z'g) v' + 2 Z'WZ Lambda M*,   r = -m d3l_000 + s d2l_00
 */
import { invertLower, multiply } from "../linalg/symmetric.js";
import { logSumExp } from "./log-sum-exp.js";
import type { Mode } from "./mode.js";
import type { LaplaceProblem } from "./problem.js";
import type { LevelQuadrature } from "./quadrature-rows.js";
import { pairOf, tripleOf } from "./row-model.js";

/** What a level's own factor gives: R, R^-T and Lambda R^-T, S x S column-major. */
interface LevelFactor {
  readonly inverse: Float64Array;
  /** Lambda R^-T. */
  readonly spread: Float64Array;
  readonly logDeterminant: number;
}

function levelFactor({ structure, factor }: LaplaceProblem, t: number, lambda: Float64Array): LevelFactor {
  const { groups, nodeGroup, sparseCount, position, lStart, lLd, rootSize, b } = structure;
  const size = groups[nodeGroup[t]!]!.size;
  const r = new Float64Array(size * size);
  const inRoot = t >= sparseCount;
  const source = inRoot ? factor.root : factor.panels;
  const ld = inRoot ? rootSize + b : lLd[t]!;
  const own = inRoot ? position[t]! - position[sparseCount]! : 0;
  const start = inRoot ? own * ld + own : lStart[t]!;
  let logDeterminant = 0;
  for (let c = 0; c < size; c++) {
    for (let row = c; row < size; row++) r[c * size + row] = source[start + c * ld + row]!;
    logDeterminant += Math.log(r[c * size + c]!);
  }
  const inverse = invertLower(r, size);
  const transposed = new Float64Array(size * size);
  for (let c = 0; c < size; c++) for (let row = 0; row < size; row++) transposed[row * size + c] = inverse[c * size + row]!;
  return { inverse, spread: multiply(lambda, transposed, size), logDeterminant };
}

/** sum log L at a mode whose factor is current. */
export function quadratureLogLik(
  problem: LaplaceProblem,
  quadrature: LevelQuadrature,
  lambda: readonly Float64Array[],
  mode: Mode,
): number {
  const { structure } = problem;
  const { rule } = quadrature;
  const a = new Float64Array(rule.count);
  let total = 0;
  for (let t = 0; t < structure.nodeCount; t++) {
    const own = levelFactor(problem, t, lambda[0]!);
    nodeValues(problem, quadrature, t, own, mode.u, a, null);
    total += logSumExp(a) - own.logDeterminant;
  }
  return Number.isFinite(total) ? total : Number.NEGATIVE_INFINITY;
}

/**
 * A_k for every node of one level.
 *
 * @param first by predictor, rows of the level x nodes: first derivatives; null where they are not wanted
 */
function nodeValues(
  { model, predictors, strands, structure, rows: { row, at } }: LaplaceProblem,
  { rule, start, rows }: LevelQuadrature,
  t: number,
  { inverse, spread }: LevelFactor,
  u: Float64Array,
  a: Float64Array,
  first: readonly Float64Array[] | null,
): void {
  const { columns, size } = strands.strands[0]!;
  const { nodes, logWeights, count } = rule;
  const from = start[t]!;
  const to = start[t + 1]!;
  const origin = structure.position[t]!;
  const p = predictors.length;
  const order = first === null ? 0 : 1;
  const move = new Float64Array(size);
  for (let k = 0; k < count; k++) {
    // |u_k|^2 with u_k = u + R^-T z, and Lambda R^-T z.
    let norm = 0;
    for (let s = 0; s < size; s++) {
      let spherical = u[origin + s]!;
      let own = 0;
      for (let c = 0; c < size; c++) {
        const z = nodes[k * size + c]!;
        spherical += inverse[s * size + c]! * z;
        own += spread[c * size + s]! * z;
      }
      norm += spherical * spherical;
      move[s] = own;
    }
    let sum = logWeights[k]! - 0.5 * norm;
    for (let x = from; x < to; x++) {
      const i = rows[x]!;
      for (let c = 0; c < p; c++) at[c] = predictors[c]![i]!;
      let eta = at[0]!;
      for (let s = 0; s < size; s++) {
        const column = columns[s]!;
        eta += move[s]! * (typeof column === "number" ? column : column[i]!);
      }
      at[0] = eta;
      model.likelihood.row(i, at, order, row);
      sum += row[0]!;
      if (first !== null) for (let c = 0; c < p; c++) first[c]![(x - from) * count + k] = row[1 + c]!;
    }
    a[k] = sum;
  }
}

export interface QuadratureGradient {
  /** By predictor: n derivatives of sum log L in the row's predictor. */
  readonly rows: readonly Float64Array[];
  /** By group, S x S column-major: derivative of sum log L in the full lambda. */
  readonly lambda: readonly Float64Array[];
}

export function quadratureGradient(
  problem: LaplaceProblem,
  quadrature: LevelQuadrature,
  lambda: readonly Float64Array[],
  { u }: Mode,
): QuadratureGradient {
  const { model, structure, strands, rows: derivatives, gram, predictors } = problem;
  const { rule, start, rows } = quadrature;
  const { nodes, count } = rule;
  const { columns, size } = strands.strands[0]!;
  const p = predictors.length;
  const lam = lambda[0]!;
  const out = predictors.map(() => new Float64Array(model.n));
  const ofLambda = new Float64Array(size * size);
  const a = new Float64Array(count);
  const g0 = derivatives.first[0]!;
  const l00 = derivatives.second[pairOf(0, 0)]!;
  const l000 = derivatives.third[tripleOf(0, 0, 0)]!;
  let first: Float64Array[] = [];
  const z = new Float64Array(size);
  const zLambda = new Float64Array(size);
  for (let t = 0; t < structure.nodeCount; t++) {
    const from = start[t]!;
    const height = start[t + 1]! - from;
    if ((first[0]?.length ?? 0) < height * count) first = predictors.map(() => new Float64Array(height * count));
    const own = levelFactor(problem, t, lam);
    const { inverse } = own;
    nodeValues(problem, quadrature, t, own, u, a, first);
    const total = logSumExp(a);
    for (let k = 0; k < count; k++) a[k] = Math.exp(a[k]! - total);
    const origin = structure.position[t]!;

    // u_k, and Z'g(u_k) node by node.
    const effects = new Float64Array(count * size);
    const scores = new Float64Array(count * size);
    for (let k = 0; k < count; k++) {
      for (let s = 0; s < size; s++) {
        let value = u[origin + s]!;
        for (let c = s; c < size; c++) value += inverse[s * size + c]! * nodes[k * size + c]!;
        effects[k * size + s] = value;
      }
    }
    for (let x = 0; x < height; x++) {
      const i = rows[from + x]!;
      for (let s = 0; s < size; s++) {
        const column = columns[s]!;
        const own = typeof column === "number" ? column : column[i]!;
        for (let k = 0; k < count; k++) scores[k * size + s] = scores[k * size + s]! + own * first[0]![x * count + k]!;
      }
      for (let c = 0; c < p; c++) {
        let mean = 0;
        for (let k = 0; k < count; k++) mean += a[k]! * first[c]![x * count + k]!;
        out[c]![i] = mean;
      }
    }
    const gamma = new Float64Array(size);
    const psi = new Float64Array(size * size);
    for (let k = 0; k < count; k++) {
      const weight = a[k]!;
      if (weight === 0) continue;
      for (let s = 0; s < size; s++) {
        let value = -effects[k * size + s]!;
        for (let r = s; r < size; r++) value += lam[s * size + r]! * scores[k * size + r]!;
        value *= weight;
        gamma[s] = gamma[s]! + value;
        for (let c = 0; c < size; c++) psi[c * size + s] = psi[c * size + s]! + value * nodes[k * size + c]!;
        // Z'g(u_k) u_k'
        const score = weight * scores[k * size + s]!;
        for (let c = 0; c < size; c++) ofLambda[c * size + s] = ofLambda[c * size + s]! + score * effects[k * size + c]!;
      }
    }
    const middle = middleMatrix(inverse, psi, size);
    // m, then v and s, then what depends on them.
    const right = Float64Array.from(gamma);
    const m = new Float64Array(height);
    for (let x = 0; x < height; x++) {
      const i = rows[from + x]!;
      rowOf(columns, i, z);
      times(z, lam, size, zLambda);
      let value = 0;
      for (let c = 0; c < size; c++) for (let r = 0; r < size; r++) value += zLambda[r]! * middle[c * size + r]! * zLambda[c]!;
      m[x] = value;
      for (let s = 0; s < size; s++) right[s] = right[s]! - zLambda[s]! * value * l000[i]!;
    }
    // H^-1 right = R^-T R^-1 right
    const v = solved(inverse, right, size);
    const zg = new Float64Array(size);
    const zr = new Float64Array(size);
    for (let x = 0; x < height; x++) {
      const i = rows[from + x]!;
      rowOf(columns, i, z);
      times(z, lam, size, zLambda);
      let s = 0;
      for (let c = 0; c < size; c++) s += zLambda[c]! * v[c]!;
      for (let c = 0; c < p; c++) {
        out[c]![i] = out[c]![i]! - m[x]! * derivatives.third[tripleOf(0, 0, c)]![i]! + s * derivatives.second[pairOf(0, c)]![i]!;
      }
      const r = s * l00[i]! - m[x]! * l000[i]!;
      for (let c = 0; c < size; c++) {
        zg[c] = zg[c]! + z[c]! * g0[i]!;
        zr[c] = zr[c]! + z[c]! * r;
      }
    }
    const information = new Float64Array(size * size);
    const at = structure.aStart[t]!;
    const ld = structure.aLd[t]!;
    for (let c = 0; c < size; c++) for (let r = 0; r < size; r++) information[c * size + r] = gram.random[at + c * ld + r]!;
    const curved = multiply(information, multiply(lam, middle, size), size);
    for (let c = 0; c < size; c++) {
      for (let r = 0; r < size; r++) {
        const value = zr[r]! * u[origin + c]! + zg[r]! * v[c]! + 2 * curved[c * size + r]!;
        ofLambda[c * size + r] = ofLambda[c * size + r]! + value;
      }
    }
  }
  return { rows: out, lambda: [ofLambda] };
}

/** R^-T (-I/2 - sym(lower half of Q')) R^-1 with Q = R^-1 Psi; the lower half has its diagonal halved. */
function middleMatrix(inverse: Float64Array, psi: Float64Array, size: number): Float64Array {
  const q = multiply(inverse, psi, size);
  const m = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    for (let r = c; r < size; r++) {
      // (Q')_rc = Q_cr, halved by the symmetric part off the diagonal and by the rule on it.
      const value = -0.5 * q[r * size + c]! - (r === c ? 0.5 : 0);
      m[c * size + r] = value;
      m[r * size + c] = value;
    }
  }
  const half = multiply(m, inverse, size);
  const out = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    for (let r = 0; r < size; r++) {
      let sum = 0;
      for (let i = r; i < size; i++) sum += inverse[r * size + i]! * half[c * size + i]!;
      out[c * size + r] = sum;
    }
  }
  return out;
}

function solved(inverse: Float64Array, right: Float64Array, size: number): Float64Array {
  const half = new Float64Array(size);
  for (let r = 0; r < size; r++) for (let c = 0; c <= r; c++) half[r] = half[r]! + inverse[c * size + r]! * right[c]!;
  const out = new Float64Array(size);
  for (let c = 0; c < size; c++) for (let r = c; r < size; r++) out[c] = out[c]! + inverse[c * size + r]! * half[r]!;
  return out;
}

function rowOf(columns: readonly (Float64Array | number)[], i: number, into: Float64Array): void {
  columns.forEach((column, s) => {
    into[s] = typeof column === "number" ? column : column[i]!;
  });
}

/** z Lambda for lower-triangular Lambda. */
function times(z: Float64Array, lam: Float64Array, size: number, into: Float64Array): void {
  for (let c = 0; c < size; c++) {
    let sum = 0;
    for (let r = c; r < size; r++) sum += z[r]! * lam[c * size + r]!;
    into[c] = sum;
  }
}
