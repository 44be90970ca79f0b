/**
 * Adaptive Gauss-Hermite quadrature with the effects of two nested grouping factors (Pinheiro & Chao 2006; Rabe-Hesketh, Skrondal &
 * Pickles 2005), and the exact gradient of what it computes, nodes adapting included.
 *
 * A cluster s with its units c has the mode u, H = R R' (units first) and nodes u + R^-T z over the product of the rules of all of them. Given
 * the cluster's own node the units do not meet, so that the sum over the product is a product of sums:
 *
 *   log L = -log|R| + log sum_k exp{ w_k - |u_s,k|^2 / 2 + sum_c log sum_m exp(w_m + sum_{i in c} l_i(u_c,km, u_s,k) - |u_c,km|^2 / 2) }
 *
 * The gradient is that of quadrature.ts with means over the product, taken over z_c given z_k first: Gamma = E S, Psi = E S z',
 * S = Lambda'Z'g - u, H* and v = H^-1 (Lambda'Z'(w' m) + Gamma) on the pattern of H (nested-factor.ts), m_i and s_i from both factors' effects, and
 *
 *   dlog L / dlambda_c = Z_c' E(g u_c') + Z_c'r u_c' + (Z_c'g) v_c' + 2 (A_cc Lambda_c H*_cc + A_cs Lambda_s H*_sc),   A = Z'WZ
 *   dlog L / dlambda_s = Z_s' E(g u_s') + Z_s'r u_s' + (Z_s'g) v_s' + 2 (A_ss Lambda_s H*_ss + sum_c A_sc Lambda_c H*_cs)
 */
import { logSumExp } from "./log-sum-exp.js";
import type { Mode } from "./mode.js";
import { type ClusterBlocks, type ClusterFactor, middleBlocks, solveCluster } from "./nested-factor.js";
import { conditionalMeans, fillMeans, type Gamma, type NestedSums, takeMeans } from "./nested-means.js";
import { nestedNodes, rowOf } from "./nested-nodes.js";
import type { LaplaceProblem } from "./problem.js";
import type { QuadratureGradient } from "./quadrature.js";
import type { NestedQuadrature } from "./quadrature-rows.js";
import { pairOf, tripleOf } from "./row-model.js";
import { addProduct, type Block, block, product, transposed, zeros } from "./small-blocks.js";

/** sum log L at a mode whose Gram blocks are current. */
export function nestedLogLik(problem: LaplaceProblem, quadrature: NestedQuadrature, lambda: readonly Float64Array[], mode: Mode): number {
  const { clusterStart, outer } = quadrature;
  const nodes = nestedNodes(problem, quadrature, lambda, mode);
  const totals = new Float64Array(outer.rule.count);
  let total = 0;
  for (let cluster = 0; cluster < outer.node.length; cluster++) {
    const { factor } = nodes.enter(cluster);
    for (let k = 0; k < totals.length; k++) totals[k] = nodes.outerValue(k);
    for (let c = 0; c < clusterStart[cluster + 1]! - clusterStart[cluster]!; c++) {
      nodes.enterUnit(c);
      for (let k = 0; k < totals.length; k++) {
        nodes.at(k, null);
        totals[k] = totals[k]! + logSumExp(nodes.values);
      }
    }
    total += logSumExp(totals) - factor.logDeterminant;
  }
  return Number.isFinite(total) ? total : Number.NEGATIVE_INFINITY;
}

export function nestedGradient(
  problem: LaplaceProblem,
  quadrature: NestedQuadrature,
  lambda: readonly Float64Array[],
  mode: Mode,
): QuadratureGradient {
  const { model, predictors, structure } = problem;
  const { inner, outer } = quadrature;
  const nodes = nestedNodes(problem, quadrature, lambda, mode);
  const means = conditionalMeans(problem, quadrature);
  const rows = predictors.map(() => new Float64Array(model.n));
  const out = structure.groups.map(({ size }) => zeros(size, size));
  const sides: NestedSums = {
    ofInner: out[inner.group]!,
    ofOuter: out[outer.group]!,
    lambdaInner: block(lambda[inner.group]!, 0, inner.strand.size, inner.strand.size),
    lambdaOuter: block(lambda[outer.group]!, 0, outer.strand.size, outer.strand.size),
    rows,
  };
  for (let cluster = 0; cluster < outer.node.length; cluster++) {
    const { gram, factor } = nodes.enter(cluster);
    fillMeans(quadrature, nodes, cluster, sides, means);
    const { gamma, psi } = takeMeans(quadrature, nodes, cluster, sides, means);
    addImplicit(problem, quadrature, cluster, sides, { gram, factor, gamma, psi, u: mode.u });
  }
  return { rows, lambda: out.map(({ data }) => data) };
}

/** What comes through the mode and the factor. */
function addImplicit(
  { rows: derivatives, structure: { position } }: LaplaceProblem,
  { inner, outer, clusterStart, unitStart, rows }: NestedQuadrature,
  cluster: number,
  { ofInner, ofOuter, lambdaInner, lambdaOuter, rows: ofRows }: NestedSums,
  own: {
    readonly gram: ClusterBlocks;
    readonly factor: ClusterFactor;
    readonly gamma: Gamma;
    readonly psi: ClusterBlocks;
    readonly u: Float64Array;
  },
): void {
  const { gram, factor, gamma, psi, u } = own;
  const [si, so] = [inner.strand.size, outer.strand.size];
  const g0 = derivatives.first[0]!;
  const l00 = derivatives.second[pairOf(0, 0)]!;
  const l000 = derivatives.third[tripleOf(0, 0, 0)]!;
  const h = middleBlocks(factor, psi);
  // Z Lambda of one row, both factors' columns.
  const [zInner, zOuter] = [new Float64Array(si), new Float64Array(so)];
  const [aInner, aOuter] = [new Float64Array(si), new Float64Array(so)];
  const enterRow = (i: number): void => {
    rowOf(inner.strand, i, zInner);
    rowOf(outer.strand, i, zOuter);
    times(zInner, lambdaInner, aInner);
    times(zOuter, lambdaOuter, aOuter);
  };
  const from = clusterStart[cluster]!;
  const units = clusterStart[cluster + 1]! - from;
  const start = unitStart[from]!;
  const m = new Float64Array(unitStart[from + units]! - start);
  for (let c = 0; c < units; c++) {
    for (let x = unitStart[from + c]!; x < unitStart[from + c + 1]!; x++) {
      const i = rows[x]!;
      enterRow(i);
      const value = form(h.units[c]!, aInner, aInner) + 2 * form(h.cross[c]!, aInner, aOuter) + form(h.outer, aOuter, aOuter);
      m[x - start] = value;
      addTo(gamma.units[c]!.data, aInner, -value * l000[i]!);
      addTo(gamma.outer.data, aOuter, -value * l000[i]!);
    }
  }
  solveCluster(factor, gamma.units, gamma.outer);
  const v = gamma;

  const [ofG, ofR] = [zeros(so, 1), zeros(so, 1)];
  const [unitG, unitR] = [zeros(si, 1), zeros(si, 1)];
  for (let c = 0; c < units; c++) {
    unitG.data.fill(0);
    unitR.data.fill(0);
    for (let x = unitStart[from + c]!; x < unitStart[from + c + 1]!; x++) {
      const i = rows[x]!;
      enterRow(i);
      const s = dot(aInner, v.units[c]!.data) + dot(aOuter, v.outer.data);
      for (let b = 0; b < ofRows.length; b++) {
        const change = s * derivatives.second[pairOf(0, b)]![i]! - m[x - start]! * derivatives.third[tripleOf(0, 0, b)]![i]!;
        ofRows[b]![i] = ofRows[b]![i]! + change;
      }
      const r = s * l00[i]! - m[x - start]! * l000[i]!;
      addTo(unitG.data, zInner, g0[i]!);
      addTo(unitR.data, zInner, r);
      addTo(ofG.data, zOuter, g0[i]!);
      addTo(ofR.data, zOuter, r);
    }
    addProduct(ofInner, unitR, block(u, position[inner.node[from + c]!]!, 1, si, 1));
    addProduct(ofInner, unitG, transposed(v.units[c]!));
    addProduct(ofInner, gram.units[c]!, product(lambdaInner, h.units[c]!), 2);
    addProduct(ofInner, gram.cross[c]!, product(lambdaOuter, transposed(h.cross[c]!)), 2);
    addProduct(ofOuter, transposed(gram.cross[c]!), product(lambdaInner, h.cross[c]!), 2);
  }
  addProduct(ofOuter, ofR, block(u, position[outer.node[cluster]!]!, 1, so, 1));
  addProduct(ofOuter, ofG, transposed(v.outer));
  addProduct(ofOuter, gram.outer, product(lambdaOuter, h.outer), 2);
}

/** into := z Lambda */
function times(z: Float64Array, { data, rows: size }: Block, into: Float64Array): void {
  for (let c = 0; c < size; c++) {
    let sum = 0;
    for (let r = 0; r < size; r++) sum += z[r]! * data[c * size + r]!;
    into[c] = sum;
  }
}

/** a' M b for a column-major M. */
function form({ data, rows, columns }: Block, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < columns; c++) for (let r = 0; r < rows; r++) sum += a[r]! * data[c * rows + r]! * b[c]!;
  return sum;
}

function addTo(into: Float64Array, x: Float64Array, scale: number): void {
  for (let s = 0; s < x.length; s++) into[s] = into[s]! + scale * x[s]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let s = 0; s < a.length; s++) sum += a[s]! * b[s]!;
  return sum;
}
