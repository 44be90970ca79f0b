/**
 * The matrices of one cluster of levels, its leaves taken out first: with V_L the leaves' part of V0 = I + Z Lambda Lambda'Z', per leaf
 *
 *   N = Z_l'V_L^-1 Z_l = A_ll - A_ll J A_ll,   C = Z_l'V_L^-1 Z_R = (I - A_ll J) A_lR,   J = lambda (lambda'A_ll lambda + I)^-1 lambda'
 *
 * and over the core R, m x m,
 *
 *   G = Z_R'V_L^-1 Z_R = A_RR - sum_l A_Rl J A_lR,   M = Lambda_R (I + Lambda_R'G Lambda_R)^-1 Lambda_R',   W = I - M G,   K_RR = G W
 *
 * (Woodbury 1950; A = Z'Z in the panels of the structure).
 */
import { congruence } from "../models/blocks/criterion.js";
import type { Structure } from "../models/blocks/structure.js";
import { cholesky, inverseFromCholesky } from "../models/linalg/cholesky.js";
import { createDenseWorkspace } from "../models/linalg/dense-workspace.js";
import { columnMajor, subtractProduct } from "../models/linalg/gemm.js";
import { multiply } from "../models/linalg/symmetric.js";
import type { LevelCluster } from "./level-clusters.js";

/** What the matrices are made from. */
export interface ClusterBlocks {
  readonly structure: Structure;
  /** Z'Z in panels. */
  readonly blocks: Float64Array;
  /** By group. */
  readonly lambda: readonly Float64Array[];
  /** q: where a component of the core stands in it. */
  readonly placeOf: Int32Array;
}

/** A leaf with its core: what stands in the rows that it shares. */
export interface Leaf {
  readonly group: number;
  readonly size: number;
  /** S x S: N. */
  readonly own: Float64Array;
  /** Places in the core. */
  readonly places: Int32Array;
  /** places x S column-major: C'. */
  readonly cross: Float64Array;
}

/** Z_R'Z_R, both triangles, m x m; the leaves are taken out of it as they come. */
export function coreGram({ structure, blocks, placeOf }: ClusterBlocks, { core, size: m }: LevelCluster): Float64Array {
  const { position, aStart, aLd, aNeighbourStart, aNeighbour, aRow } = structure;
  const gram = new Float64Array(m * m);
  for (const t of core) {
    const size = position[t + 1]! - position[t]!;
    const at = placeOf[position[t]!]!;
    for (let s = 0; s < size; s++) {
      const column = aStart[t]! + s * aLd[t]!;
      for (let r = 0; r < size; r++) gram[(at + s) * m + at + r] = blocks[column + r]!;
      for (let x = aNeighbourStart[t]!; x < aNeighbourStart[t + 1]!; x++) {
        const other = aNeighbour[x]!;
        const to = placeOf[position[other]!]!;
        for (let r = 0; r < position[other + 1]! - position[other]!; r++) {
          const value = blocks[column + aRow[x]! + r]!;
          gram[(at + s) * m + to + r] = value;
          gram[(to + r) * m + at + s] = value;
        }
      }
    }
  }
  return gram;
}

/** N and C of a leaf; its part leaves the core's Gram matrix, G := G - A_Rl J A_lR with J = lambda (lambda'A_ll lambda + I)^-1 lambda'. */
export function leafOf({ structure, blocks, lambda, placeOf }: ClusterBlocks, t: number, gram: Float64Array, m: number): Leaf {
  const { nodeGroup, position, aStart, aLd, aNeighbourStart, aNeighbour } = structure;
  const group = nodeGroup[t]!;
  const size = position[t + 1]! - position[t]!;
  const ld = aLd[t]!;
  const start = aStart[t]!;
  const places: number[] = [];
  for (let x = aNeighbourStart[t]!; x < aNeighbourStart[t + 1]!; x++) {
    const other = aNeighbour[x]!;
    for (let c = position[other]!; c < position[other + 1]!; c++) places.push(placeOf[c]!);
  }
  const d = places.length;
  const a = new Float64Array(size * size);
  for (let s = 0; s < size; s++) for (let r = 0; r < size; r++) a[s * size + r] = blocks[start + s * ld + r]!;
  const j = shrinkage(a, lambda[group]!, size);
  const aj = multiply(a, j, size);
  const own = a.map((value, x) => value - multiplyEntry(aj, a, size, x));
  // C' = A_Rl (I - J A_ll)
  const cross = new Float64Array(d * size);
  const reduced = new Float64Array(d * size);
  for (let s = 0; s < size; s++) {
    for (let r = 0; r < size; r++) {
      // (J A)[r, s] = (A J)[s, r]
      const factor = (r === s ? 1 : 0) - aj[r * size + s]!;
      const weight = j[s * size + r]!;
      const from = start + r * ld + size;
      for (let i = 0; i < d; i++) {
        cross[s * d + i]! += blocks[from + i]! * factor;
        reduced[s * d + i]! += blocks[from + i]! * weight;
      }
    }
  }
  for (let s = 0; s < size; s++) {
    const from = start + s * ld + size;
    for (let c = 0; c < d; c++) {
      const factor = blocks[from + c]!;
      if (factor === 0) continue;
      const column = places[c]! * m;
      for (let i = 0; i < d; i++) gram[column + places[i]!]! -= reduced[s * d + i]! * factor;
    }
  }
  return { group, size, own, places: Int32Array.from(places), cross };
}

/** lambda (lambda'A lambda + I)^-1 lambda'. */
function shrinkage(a: Float64Array, lambda: Float64Array, size: number): Float64Array {
  if (size === 1) return Float64Array.of((lambda[0]! * lambda[0]!) / (lambda[0]! * lambda[0]! * a[0]! + 1));
  const omega = congruence(lambda, a, size);
  for (let i = 0; i < size; i++) omega[i * size + i]! += 1;
  cholesky(omega, 0, size, size);
  const inverse = new Float64Array(size * size);
  inverseFromCholesky(omega, 0, size, size, inverse);
  const left = multiply(lambda, inverse, size);
  const out = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    for (let r = 0; r < size; r++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += left[i * size + r]! * lambda[i * size + c]!;
      out[c * size + r] = sum;
    }
  }
  return out;
}

/** One entry of A B. */
function multiplyEntry(a: Float64Array, b: Float64Array, size: number, x: number): number {
  const r = x % size;
  const c = (x - r) / size;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += a[i * size + r]! * b[c * size + i]!;
  return sum;
}

export interface CoreInverse {
  /** M. */
  readonly middle: Float64Array;
  /** W = I - M G. */
  readonly remaining: Float64Array;
  /** K_RR. */
  readonly core: Float64Array;
}

/** M = Lambda (I + Lambda'G Lambda)^-1 Lambda' and what follows from it; m x m each. */
export function coreInverse({ structure, lambda, placeOf }: ClusterBlocks, cluster: LevelCluster, gram: Float64Array): CoreInverse {
  const { nodeGroup, position } = structure;
  const m = cluster.size;
  const workspace = createDenseWorkspace(m);
  const { matrix } = workspace;
  const nodes = cluster.core.map((t) => ({
    at: placeOf[position[t]!]!,
    size: position[t + 1]! - position[t]!,
    lambda: lambda[nodeGroup[t]!]!,
  }));
  scaleBlocks(gram, matrix, nodes, m, true);
  for (let i = 0; i < m; i++) matrix[i * m + i]! += 1;
  workspace.cholesky();
  const middle = new Float64Array(m * m);
  scaleBlocks(workspace.inverse(m), middle, nodes, m, false);
  const remaining = product(middle, gram, m);
  for (let x = 0; x < m * m; x++) remaining[x] = -remaining[x]!;
  for (let i = 0; i < m; i++) remaining[i * m + i]! += 1;
  return { middle, remaining, core: product(gram, remaining, m) };
}

interface CoreNode {
  readonly at: number;
  readonly size: number;
  readonly lambda: Float64Array;
}

/** into := Lambda'A Lambda (transposed) or Lambda A Lambda', Lambda block-diagonal. */
function scaleBlocks(a: Float64Array, into: Float64Array, nodes: readonly CoreNode[], m: number, transposed: boolean): void {
  const half = new Float64Array(m * m);
  const entry = ({ lambda, size }: CoreNode, i: number, r: number): number => (transposed ? lambda[r * size + i]! : lambda[i * size + r]!);
  // half = A Lambda, or A Lambda'
  for (const node of nodes) {
    for (let r = 0; r < node.size; r++) {
      const to = (node.at + r) * m;
      for (let i = 0; i < node.size; i++) {
        const factor = entry(node, i, r);
        if (factor === 0) continue;
        const from = (node.at + i) * m;
        for (let x = 0; x < m; x++) half[to + x]! += a[from + x]! * factor;
      }
    }
  }
  for (let c = 0; c < m; c++) {
    for (const node of nodes) {
      for (let r = 0; r < node.size; r++) {
        let sum = 0;
        for (let i = 0; i < node.size; i++) sum += entry(node, i, r) * half[c * m + node.at + i]!;
        into[c * m + node.at + r] = sum;
      }
    }
  }
}

/** Below this size packing costs more than it gains. */
const PACKED = 24;

/** A B, m x m. */
export function product(a: Float64Array, b: Float64Array, m: number): Float64Array {
  if (m < PACKED) return multiply(a, b, m);
  const out = new Float64Array(m * m);
  const transposed = { data: b, offset: 0, rowStride: m, columnStride: 1 };
  subtractProduct(out, 0, m, m, m, m, columnMajor(a, 0, m), transposed);
  for (let x = 0; x < out.length; x++) out[x] = -out[x]!;
  return out;
}
