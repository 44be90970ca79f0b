/**
 * The Cholesky factor of one cluster's system, the units c first and the cluster's own effects s last, and matrices of its pattern.
 *
 *   H = [ H_cc    .   ] = R R',   R_c R_c' = H_cc,   G_c = R_c^-1 H_cs,   R_s R_s' = H_ss - sum_c G_c'G_c
 *       [ H_sc  H_ss  ]
 *
 * Units do not meet each other, so that R has the arrow's shape of H, and
 *
 *   R^-T = [ R_c^-T   -T_c   ]    T_c = R_c^-T G_c R_s^-T
 *          [   .     R_s^-T  ]
 *
 * is all that solutions, nodes and products with the inverse need. It is made anew from the Gram blocks: the engine's own factor may have
 * eliminated the outer levels first, and quadrature needs the units conditional on their cluster.
 */
import { cholesky } from "../linalg/cholesky.js";
import { invertLower } from "../linalg/symmetric.js";
import type { LaplaceProblem } from "./problem.js";
import type { NestedFactor, NestedQuadrature } from "./quadrature-rows.js";
import { addProduct, type Block, block, product, transposed, zeros } from "./small-blocks.js";

/** Units counted from the cluster's first. */
export interface ClusterFactor {
  /** By unit: R_c^-1, S_c x S_c. */
  readonly units: readonly Block[];
  /** By unit: T_c, S_c x S_s. */
  readonly cross: readonly Block[];
  /** R_s^-1, S_s x S_s. */
  readonly outer: Block;
  /** log |R|. */
  readonly logDeterminant: number;
}

/** Blocks where H has them: by unit S_c x S_c and S_c x S_s, and S_s x S_s. */
export interface ClusterBlocks {
  readonly units: readonly Block[];
  readonly cross: readonly Block[];
  readonly outer: Block;
}

/** The Gram blocks Z'WZ of a cluster as they stand in the panels. */
export function clusterGram({ structure, gram }: LaplaceProblem, quadrature: NestedQuadrature, cluster: number): ClusterBlocks {
  const { inner, outer, cross, clusterStart, unitStart, rows } = quadrature;
  const { aStart, aLd } = structure;
  const own = ({ node, strand: { size } }: NestedFactor, k: number): Block =>
    block(gram.random, aStart[node[k]!]!, size, size, aLd[node[k]!]!);
  const units: Block[] = [];
  const between: Block[] = [];
  for (let unit = clusterStart[cluster]!; unit < clusterStart[cluster + 1]!; unit++) {
    units.push(own(inner, unit));
    const i = rows[unitStart[unit]!]!;
    // The columns of a block are those of the node eliminated first.
    const innerFirst = (cross.firstEarlier![i] === 1) === (cross.first === inner.strand);
    const [columns, height] = innerFirst ? [inner, outer] : [outer, inner];
    const at = block(gram.random, cross.at[i]!, height.strand.size, columns.strand.size, cross.ld?.[i] ?? 1);
    between.push(innerFirst ? transposed(at) : at);
  }
  return { units, cross: between, outer: own(outer, cluster) };
}

export function clusterFactor(gram: ClusterBlocks, ofInner: Block, ofOuter: Block): ClusterFactor {
  let logDeterminant = 0;
  /** The inverse of the factor of a symmetric matrix, which is overwritten. */
  const inverted = (h: Block): Block => {
    if (cholesky(h.data, 0, h.rows, h.rows) >= 0) logDeterminant = Number.NaN;
    for (let c = 0; c < h.rows; c++) logDeterminant += Math.log(h.data[c * h.rows + c]!);
    return block(invertLower(h.data, h.rows), 0, h.rows, h.rows);
  };
  const lower = systemBlock(gram.outer, ofOuter);
  const units = gram.units.map((own) => inverted(systemBlock(own, ofInner)));
  const halves = gram.cross.map((own, c) => {
    const g = product(units[c]!, product(transposed(ofInner), product(own, ofOuter)));
    addProduct(lower, transposed(g), g, -1);
    return g;
  });
  const outer = inverted(lower);
  const cross = halves.map((g, c) => product(transposed(units[c]!), product(g, transposed(outer))));
  return { units, cross, outer, logDeterminant };
}

/** Lambda'A Lambda + I. */
function systemBlock(gram: Block, lambda: Block): Block {
  const h = product(transposed(lambda), product(gram, lambda));
  for (let s = 0; s < h.rows; s++) h.data[s * h.rows + s] = h.data[s * h.rows + s]! + 1;
  return h;
}

/** x := H^-1 x = R^-T R^-1 x for the right-hand sides of the units and of the cluster itself, one column each. */
export function solveCluster({ units, cross, outer }: ClusterFactor, ofUnits: readonly Block[], ofOuter: Block): void {
  const last = product(outer, ofOuter);
  ofUnits.forEach((x, c) => {
    addProduct(last, transposed(cross[c]!), x, -1);
  });
  ofOuter.data.fill(0);
  addProduct(ofOuter, transposed(outer), last);
  ofUnits.forEach((x, c) => {
    const half = product(units[c]!, x);
    x.data.fill(0);
    addProduct(x, transposed(units[c]!), half);
    addProduct(x, cross[c]!, last, -1);
  });
}

/**
 * H* = R^-T M R^-1 where H has blocks, M = -I/2 - sym(lower half of Q'), Q = R^-1 Psi; the lower half has its diagonal halved. What Psi
 * has between units and below the arrow's upper half does not enter.
 */
export function middleBlocks({ units, cross, outer }: ClusterFactor, psi: ClusterBlocks): ClusterBlocks {
  const q = product(outer, psi.outer);
  // N_c = R_c^-T M_cs with M_cs = -Q_cs / 2, Q_cs = R_c^-1 Psi_cs.
  const halves = psi.cross.map((own, c) => {
    addProduct(q, transposed(cross[c]!), own, -1);
    const into = zeros(own.rows, own.columns);
    addProduct(into, transposed(units[c]!), product(units[c]!, own), -0.5);
    return into;
  });
  const last = middle(q);
  const ofCross: Block[] = [];
  const ofUnits = halves.map((n, c) => {
    const t = cross[c]!;
    // N_c - T_c M_ss
    const shifted = product(t, last);
    for (let x = 0; x < shifted.data.length; x++) shifted.data[x] = n.data[x]! - shifted.data[x]!;
    ofCross.push(product(shifted, outer));
    const own = congruent(units[c]!, middle(product(units[c]!, psi.units[c]!)));
    // - (N_c - T_c M_ss) T_c' - T_c N_c'
    addProduct(own, shifted, transposed(t), -1);
    addProduct(own, t, transposed(n), -1);
    return own;
  });
  return { units: ofUnits, cross: ofCross, outer: congruent(outer, last) };
}

/** -I/2 - sym(lower half of Q'). */
function middle({ data, rows: size }: Block): Block {
  const m = zeros(size, size);
  for (let c = 0; c < size; c++) {
    for (let r = c; r < size; r++) {
      const value = -0.5 * data[r * size + c]! - (r === c ? 0.5 : 0);
      m.data[c * size + r] = value;
      m.data[r * size + c] = value;
    }
  }
  return m;
}

/** B'M B. */
const congruent = (b: Block, m: Block): Block => product(transposed(b), product(m, b));
