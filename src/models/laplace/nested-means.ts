/**
 * Means over the nodes of a cluster's effects and its units', which the gradient is made of: over a unit's nodes given the cluster's,
 *
 *   E(f | k) = sum_m p_m|k f(u_c,km, u_s,k),   p_m|k = softmax over m,
 *
 * then over the cluster's, p_k = softmax over k. Units need no more of each other than p_k.
 */
import { softmax } from "./log-sum-exp.js";
import type { ClusterBlocks } from "./nested-factor.js";
import { type NestedNodes, rowOf } from "./nested-nodes.js";
import type { LaplaceProblem } from "./problem.js";
import type { NestedQuadrature } from "./quadrature-rows.js";
import { addProduct, type Block, block, product, transposed, zeros } from "./small-blocks.js";

/** What is summed into, and lambda of both factors. */
export interface NestedSums {
  /** dlog L / dlambda. */
  readonly ofInner: Block;
  readonly ofOuter: Block;
  readonly lambdaInner: Block;
  readonly lambdaOuter: Block;
  /** By predictor: n derivatives. */
  readonly rows: readonly Float64Array[];
}

/** Means over a unit's nodes given the cluster's node k, for the units and rows of one cluster. */
export interface ConditionalMeans {
  /** By predictor: first derivatives of one unit, rows x inner nodes. */
  readonly first: readonly Float64Array[];
  /** K: log sum over the units' nodes, then p_k. */
  readonly totals: Float64Array;
  /** By unit and k: E S_c, E S_c z_c' and E Z_c'g u_c'. */
  readonly scores: Float64Array;
  readonly psi: Float64Array;
  readonly moments: Float64Array;
  /** By predictor: rows of the cluster x K. */
  readonly rows: readonly Float64Array[];
  /** Z_c'g by inner node. */
  readonly ofNodes: Float64Array;
}

export function conditionalMeans({ predictors }: LaplaceProblem, { inner, outer, most }: NestedQuadrature): ConditionalMeans {
  const count = outer.rule.count;
  const { size } = inner.strand;
  return {
    first: predictors.map(() => new Float64Array(most.unitRows * inner.rule.count)),
    totals: new Float64Array(count),
    scores: new Float64Array(most.units * count * size),
    psi: new Float64Array(most.units * count * size * size),
    moments: new Float64Array(most.units * count * size * size),
    rows: predictors.map(() => new Float64Array(most.clusterRows * count)),
    ofNodes: new Float64Array(inner.rule.count * size),
  };
}

export function fillMeans(
  quadrature: NestedQuadrature,
  nodes: NestedNodes,
  cluster: number,
  { lambdaInner }: NestedSums,
  into: ConditionalMeans,
): void {
  const { inner, outer, clusterStart, unitStart, rows } = quadrature;
  const { first, totals, scores, psi, moments, ofNodes } = into;
  const { size } = inner.strand;
  const count = outer.rule.count;
  const m = inner.rule.count;
  const z = new Float64Array(size);
  const from = clusterStart[cluster]!;
  const units = clusterStart[cluster + 1]! - from;
  scores.fill(0, 0, units * count * size);
  psi.fill(0, 0, units * count * size * size);
  moments.fill(0, 0, units * count * size * size);
  for (let k = 0; k < count; k++) totals[k] = nodes.outerValue(k);
  for (let c = 0; c < units; c++) {
    nodes.enterUnit(c);
    const start = unitStart[from + c]!;
    const height = unitStart[from + c + 1]! - start;
    const above = start - unitStart[from]!;
    for (let k = 0; k < count; k++) {
      nodes.at(k, first);
      totals[k] = totals[k]! + softmax(nodes.values);
      ofNodes.fill(0);
      for (let x = 0; x < height; x++) {
        rowOf(inner.strand, rows[start + x]!, z);
        for (let s = 0; s < size; s++) {
          for (let y = 0; y < m; y++) ofNodes[y * size + s] = ofNodes[y * size + s]! + z[s]! * first[0]![x * m + y]!;
        }
        for (let b = 0; b < first.length; b++) {
          let mean = 0;
          for (let y = 0; y < m; y++) mean += nodes.values[y]! * first[b]![x * m + y]!;
          into.rows[b]![(above + x) * count + k] = mean;
        }
      }
      const at = c * count + k;
      for (let y = 0; y < m; y++) {
        const weight = nodes.values[y]!;
        if (weight === 0) continue;
        for (let s = 0; s < size; s++) {
          let value = -nodes.innerEffects[y * size + s]!;
          for (let r = 0; r < size; r++) value += lambdaInner.data[s * size + r]! * ofNodes[y * size + r]!;
          value *= weight;
          scores[at * size + s] = scores[at * size + s]! + value;
          const score = weight * ofNodes[y * size + s]!;
          for (let r = 0; r < size; r++) {
            const place = (at * size + r) * size + s;
            psi[place] = psi[place]! + value * inner.rule.nodes[y * size + r]!;
            moments[place] = moments[place]! + score * nodes.innerEffects[y * size + r]!;
          }
        }
      }
    }
  }
}

/** Gamma by unit and for the cluster's own effects, one column each. */
export interface Gamma {
  readonly units: readonly Block[];
  readonly outer: Block;
}

/** Means over k, by which the rows' derivatives and lambda's have their explicit part. */
export function takeMeans(
  { inner, outer, clusterStart, unitStart, rows }: NestedQuadrature,
  nodes: NestedNodes,
  cluster: number,
  { ofInner, ofOuter, lambdaOuter, rows: ofRows }: NestedSums,
  { totals, scores, psi, moments, rows: means }: ConditionalMeans,
): { readonly gamma: Gamma; readonly psi: ClusterBlocks } {
  const [si, so] = [inner.strand.size, outer.strand.size];
  const count = outer.rule.count;
  softmax(totals);
  const p = block(totals, 0, count, 1);
  /** Weighted nodes and effects, S_s x K. */
  const weighted = (values: Float64Array): Block =>
    block(
      Float64Array.from(values, (x, at) => x * totals[Math.floor(at / so)]!),
      0,
      so,
      count,
    );
  const z = weighted(outer.rule.nodes);
  const effects = weighted(nodes.outerEffects);

  const from = clusterStart[cluster]!;
  const ofUnits: Block[] = [];
  const psiUnits: Block[] = [];
  const psiCross: Block[] = [];
  for (let c = 0; c < clusterStart[cluster + 1]! - from; c++) {
    const own = block(scores, c * count * si, si, count);
    ofUnits.push(product(own, p));
    psiCross.push(product(own, transposed(z)));
    psiUnits.push(block(product(block(psi, c * count * si * si, si * si, count), p).data, 0, si, si));
    addProduct(block(ofInner.data, 0, si * si, 1), block(moments, c * count * si * si, si * si, count), p);
  }

  // Z_s' E(g | k), then S_s given k.
  const given = zeros(so, count);
  const zOuter = new Float64Array(so);
  const start = unitStart[from]!;
  for (let x = start; x < unitStart[clusterStart[cluster + 1]!]!; x++) {
    const i = rows[x]!;
    const at = (x - start) * count;
    rowOf(outer.strand, i, zOuter);
    for (let k = 0; k < count; k++) {
      const mean = means[0]![at + k]!;
      for (let s = 0; s < so; s++) given.data[k * so + s] = given.data[k * so + s]! + zOuter[s]! * mean;
    }
    for (let b = 0; b < means.length; b++) {
      let mean = 0;
      for (let k = 0; k < count; k++) mean += totals[k]! * means[b]![at + k]!;
      ofRows[b]![i] = mean;
    }
  }
  addProduct(ofOuter, given, transposed(effects));
  const own = product(transposed(lambdaOuter), given);
  for (let x = 0; x < so * count; x++) own.data[x] = own.data[x]! - nodes.outerEffects[x]!;
  return {
    gamma: { units: ofUnits, outer: product(own, p) },
    psi: { units: psiUnits, cross: psiCross, outer: product(own, transposed(z)) },
  };
}
