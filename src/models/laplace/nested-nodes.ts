/**
 * The rows of a cluster at the nodes of two nested factors:
 *
 *   u_s,k = u_s + R_s^-T z_k,   u_c,km = u_c + R_c^-T z_m - T_c z_k,   w_m + sum_{i in c} l_i(u_c,km, u_s,k) - |u_c,km|^2 / 2
 *
 * One unit at one node of its cluster at a time, so that what is kept does not grow with the product of the rules.
 */
import type { Mode } from "./mode.js";
import { type ClusterBlocks, type ClusterFactor, clusterFactor, clusterGram } from "./nested-factor.js";
import type { LaplaceProblem } from "./problem.js";
import type { NestedQuadrature } from "./quadrature-rows.js";
import type { QuadratureRule } from "./quadrature-rule.js";
import { type Block, block } from "./small-blocks.js";
import type { Strand } from "./strands.js";

export interface NestedNodes {
  /** By outer node k, S_s numbers each: u_s,k. */
  readonly outerEffects: Float64Array;
  /** By inner node m of the latest unit, S_c numbers each: u_c,km. */
  readonly innerEffects: Float64Array;
  /** By inner node m: log p(rows, u_c,km | u_s,k) up to log|R|, weights of the rule included. */
  readonly values: Float64Array;
  /** Begins a cluster; the problem's Gram blocks are current. */
  enter(cluster: number): { readonly gram: ClusterBlocks; readonly factor: ClusterFactor };
  /** w_k - |u_s,k|^2 / 2 */
  outerValue(k: number): number;
  /** Goes to the unit (counted from the cluster's first). */
  enterUnit(c: number): void;
  /**
   * Fills `innerEffects` and `values` of the unit at outer node k.
   *
   * @param first by predictor, rows of the unit x inner nodes: first derivatives; null where they are not wanted
   */
  at(k: number, first: readonly Float64Array[] | null): void;
}

/** @param lambda by group, as factored */
export function nestedNodes(
  problem: LaplaceProblem,
  quadrature: NestedQuadrature,
  lambda: readonly Float64Array[],
  { u }: Mode,
): NestedNodes {
  const {
    model: { likelihood },
    predictors,
    structure: { position },
    rows: { row, at: values },
  } = problem;
  const { inner, outer, clusterStart, unitStart, rows } = quadrature;
  const [si, so] = [inner.strand.size, outer.strand.size];
  const [m, k] = [inner.rule.count, outer.rule.count];
  const [lambdaInner, lambdaOuter] = [block(lambda[inner.group]!, 0, si, si), block(lambda[outer.group]!, 0, so, so)];
  const p = predictors.length;

  const outerEffects = new Float64Array(k * so);
  /** Lambda_s R_s^-T z_k */
  const outerMoves = new Float64Array(k * so);
  const innerEffects = new Float64Array(m * si);
  /** R_c^-T z_m, and Lambda_c times it. */
  const reach = new Float64Array(m * si);
  const innerMoves = new Float64Array(m * si);
  const shift = new Float64Array(si);
  const shiftMove = new Float64Array(si);
  const zInner = new Float64Array(si);
  const zOuter = new Float64Array(so);
  const nodeValues = new Float64Array(m);
  let unit = 0;
  let c = 0;
  let origin = 0;
  let first = 0;

  let factor: ClusterFactor = { units: [], cross: [], outer: lambdaOuter, logDeterminant: 0 };
  return {
    outerEffects,
    innerEffects,
    values: nodeValues,
    enter(cluster) {
      const gram = clusterGram(problem, quadrature, cluster);
      factor = clusterFactor(gram, lambdaInner, lambdaOuter);
      first = clusterStart[cluster]!;
      spread(outer.rule, factor.outer, lambdaOuter, outerEffects, outerMoves);
      const own = position[outer.node[cluster]!]!;
      for (let x = 0; x < k * so; x++) outerEffects[x] = outerEffects[x]! + u[own + (x % so)]!;
      return { gram, factor };
    },
    outerValue(node) {
      return outer.rule.logWeights[node]! - 0.5 * squares(outerEffects, node * so, so);
    },
    enterUnit(own) {
      c = own;
      unit = first + own;
      origin = position[inner.node[unit]!]!;
      spread(inner.rule, factor.units[own]!, lambdaInner, reach, innerMoves);
    },
    at(node, derivatives) {
      const t = factor.cross[c]!;
      for (let s = 0; s < si; s++) {
        let sum = 0;
        for (let r = 0; r < so; r++) sum += t.data[r * si + s]! * outer.rule.nodes[node * so + r]!;
        shift[s] = sum;
      }
      for (let s = 0; s < si; s++) {
        let sum = 0;
        for (let r = 0; r < si; r++) sum += lambdaInner.data[r * si + s]! * shift[r]!;
        shiftMove[s] = sum;
      }
      for (let x = 0; x < m; x++) {
        for (let s = 0; s < si; s++) innerEffects[x * si + s] = u[origin + s]! + reach[x * si + s]! - shift[s]!;
        nodeValues[x] = inner.rule.logWeights[x]! - 0.5 * squares(innerEffects, x * si, si);
      }
      const from = unitStart[unit]!;
      const to = unitStart[unit + 1]!;
      const order = derivatives === null ? 0 : 1;
      for (let y = from; y < to; y++) {
        const i = rows[y]!;
        rowOf(inner.strand, i, zInner);
        rowOf(outer.strand, i, zOuter);
        for (let b = 0; b < p; b++) values[b] = predictors[b]![i]!;
        let eta = values[0]!;
        for (let s = 0; s < so; s++) eta += zOuter[s]! * outerMoves[node * so + s]!;
        for (let s = 0; s < si; s++) eta -= zInner[s]! * shiftMove[s]!;
        const place = (y - from) * m;
        for (let x = 0; x < m; x++) {
          let own = eta + zInner[0]! * innerMoves[x * si]!;
          for (let s = 1; s < si; s++) own += zInner[s]! * innerMoves[x * si + s]!;
          values[0] = own;
          likelihood.row(i, values, order, row);
          nodeValues[x] = nodeValues[x]! + row[0]!;
          if (derivatives !== null) for (let b = 0; b < p; b++) derivatives[b]![place + x] = row[1 + b]!;
        }
      }
    },
  };
}

/** R^-T z of every node of a rule, and Lambda R^-T z. */
function spread({ nodes, count }: QuadratureRule, inverse: Block, lambda: Block, into: Float64Array, moves: Float64Array): void {
  const size = inverse.rows;
  for (let k = 0; k < count; k++) {
    for (let s = 0; s < size; s++) {
      let sum = 0;
      for (let r = s; r < size; r++) sum += inverse.data[s * size + r]! * nodes[k * size + r]!;
      into[k * size + s] = sum;
    }
    for (let s = 0; s < size; s++) {
      let sum = 0;
      for (let r = 0; r < size; r++) sum += lambda.data[r * size + s]! * into[k * size + r]!;
      moves[k * size + s] = sum;
    }
  }
}

/** The row's random columns. */
export function rowOf({ columns, size }: Strand, i: number, into: Float64Array): void {
  for (let s = 0; s < size; s++) {
    const column = columns[s]!;
    into[s] = typeof column === "number" ? column : column[i]!;
  }
}

function squares(x: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += x[i]! * x[i]!;
  return sum;
}
