/**
 * Traces of products over pairs of levels, for models whose variance is linear in its parameters:
 *
 *   V = sigma^2 (I + sum_r tau_r Z E_r Z'),   K = Z'V0^-1 Z,   tr(E_r K)   and   tr(E_r K E_s K)
 *
 * E_r has a one, in the block of every level, where the r-th (co)variance stands (Kenward & Roger 1997 need these traces for the expected
 * information of REML). Written over rows they cost n x n matrices; here pairs of leaves (level-clusters.ts) are never formed. In the terms
 * of core-matrices.ts
 *
 *   K_lR = C_l W,   K_lm = [l = m] N_l - C_l M C_m'
 *   sum_lm tr(E_r C_l M C_m' E_s C_m M C_l') = tr(F_r M F_s M),   F_r = sum_l C_l'E_r C_l
 *
 * One factor costs a few numbers a level, nested factors the cube of the core of each cluster, crossed ones that of the smaller factors,
 * as the fit itself does.
 */
import type { CovarianceParameter } from "../models/blocks/covariance-parameters.js";
import type { LinearProblem } from "../models/blocks/criterion.js";
import type { Structure } from "../models/blocks/structure.js";
import { type ClusterBlocks, coreGram, coreInverse, type Leaf, leafOf, product } from "./core-matrices.js";
import { type LevelCluster, levelClusters } from "./level-clusters.js";

/** R is the number of (co)variance parameters, in the order of the problem's. */
export interface VarianceTraces {
  /** R: tr(E_r K). */
  readonly first: Float64Array;
  /** R x R: tr(E_r K E_s K). */
  readonly second: Float64Array;
}

/** The most random columns that a cluster may have in its core; the work grows with the cube. */
export const LARGEST_CORE = 6000;

/** Random columns of the largest core of a cluster. */
export function largestCore(structure: Structure): number {
  return levelClusters(structure).reduce((most, { size }) => Math.max(most, size), 0);
}

/** @param lambda relative covariance factors by group, singular ones included */
export function varianceTraces({ structure, gram, parameters }: LinearProblem, lambda: readonly Float64Array[]): VarianceTraces {
  const count = parameters.length;
  const traces = { first: new Float64Array(count), second: new Float64Array(count * count) };
  const ofGroup = structure.groups.map((_, k) => parameters.flatMap(({ group }, r) => (group === k ? [r] : [])));
  const scratch: Scratch = { structure, blocks: gram.random, lambda, parameters, ofGroup, placeOf: new Int32Array(structure.q) };
  for (const cluster of levelClusters(structure)) addCluster(scratch, cluster, traces);
  return traces;
}

interface Scratch extends ClusterBlocks {
  readonly parameters: readonly CovarianceParameter[];
  /** By group: its parameters. */
  readonly ofGroup: readonly (readonly number[])[];
}

function addCluster(scratch: Scratch, cluster: LevelCluster, traces: VarianceTraces): void {
  const { structure, parameters, ofGroup } = scratch;
  const { nodeGroup, position } = structure;
  const count = parameters.length;
  const m = cluster.size;
  cluster.core.reduce((at, t) => {
    for (let c = position[t]!; c < position[t + 1]!; c++) scratch.placeOf[c] = at + c - position[t]!;
    return at + position[t + 1]! - position[t]!;
  }, 0);
  const gram = coreGram(scratch, cluster);
  const leaves: Leaf[] = [];
  const moments: (Float64Array | null)[] = parameters.map(() => null);
  for (const t of cluster.leaves) {
    const leaf = leafOf(scratch, t, gram, m);
    if (m === 0) {
      addFirst(traces, scratch, leaf.group, leaf.own, leaf.size);
      addPairs(traces, scratch, leaf.group, leaf.own, leaf.size, 1);
      continue;
    }
    leaves.push(leaf);
    for (const r of ofGroup[leaf.group]!) {
      moments[r] ??= new Float64Array(m * m);
      addMoment(moments[r], parameters[r]!, leaf, m);
    }
  }
  if (m === 0) return;

  const { middle, remaining, core } = coreInverse(scratch, cluster, gram);
  for (const leaf of leaves) {
    const through = throughCore(leaf, middle, m);
    const own = leaf.own.map((value, x) => value - through[x]!);
    addFirst(traces, scratch, leaf.group, own, leaf.size);
    addPairs(traces, scratch, leaf.group, own, leaf.size, 1);
    // What the sum over all pairs of leaves, this one with itself among them, has too much.
    addPairs(traces, scratch, leaf.group, through, leaf.size, -1);
  }
  const steps = moments.map((moment) => (moment === null ? null : product(moment, middle, m)));
  for (let r = 0; r < count; r++) {
    if (steps[r] == null) continue;
    for (let s = 0; s < count; s++) {
      if (steps[s] != null) traces.second[s * count + r]! += traceOfProduct(steps[r]!, steps[s]!, m);
    }
  }
  // Leaves with the core, both ways, and the core with itself.
  moments.forEach((moment, r) => {
    if (moment === null) return;
    const along = product(moment, remaining, m);
    for (const t of cluster.core) {
      const size = position[t + 1]! - position[t]!;
      const block = crossBlock(remaining, along, scratch.placeOf[position[t]!]!, size, m);
      for (const s of ofGroup[nodeGroup[t]!]!) {
        const value = traceOf(parameters[s]!, block, size);
        traces.second[s * count + r]! += value;
        traces.second[r * count + s]! += value;
      }
    }
  });
  for (const t of cluster.core) {
    const at = scratch.placeOf[position[t]!]!;
    const rows = ofGroup[nodeGroup[t]!]!;
    for (const r of rows) traces.first[r]! += traceAt(parameters[r]!, core, at, m);
    for (const other of cluster.core) {
      const from = scratch.placeOf[position[other]!]!;
      for (const r of rows) {
        for (const s of ofGroup[nodeGroup[other]!]!) {
          traces.second[s * count + r]! += pairTrace(parameters[r]!, parameters[s]!, core, from * m + at, m);
        }
      }
    }
  }
}

/** F_r += C'E_r C. */
function addMoment(into: Float64Array, { row, column }: CovarianceParameter, { places, cross }: Leaf, m: number): void {
  const d = places.length;
  for (let c = 0; c < d; c++) {
    const at = places[c]! * m;
    const own = cross[row * d + c]!;
    const other = cross[column * d + c]!;
    if (row === column) {
      if (own !== 0) for (let i = 0; i < d; i++) into[at + places[i]!]! += own * cross[row * d + i]!;
    } else for (let i = 0; i < d; i++) into[at + places[i]!]! += other * cross[row * d + i]! + own * cross[column * d + i]!;
  }
}

/** C M C' of a leaf. */
function throughCore({ places, cross, size }: Leaf, middle: Float64Array, m: number): Float64Array {
  const d = places.length;
  const out = new Float64Array(size * size);
  const half = new Float64Array(d);
  for (let c = 0; c < size; c++) {
    half.fill(0);
    for (let i = 0; i < d; i++) {
      const factor = cross[c * d + i]!;
      const column = places[i]! * m;
      if (factor !== 0) for (let x = 0; x < d; x++) half[x]! += middle[column + places[x]!]! * factor;
    }
    for (let r = 0; r < size; r++) {
      let sum = 0;
      for (let x = 0; x < d; x++) sum += cross[r * d + x]! * half[x]!;
      out[c * size + r] = sum;
    }
  }
  return out;
}

/** tr(E_r K_l) for the parameters of the leaf's group. */
function addFirst({ first }: VarianceTraces, { parameters, ofGroup }: Scratch, group: number, block: Float64Array, size: number): void {
  for (const r of ofGroup[group]!) first[r]! += traceOf(parameters[r]!, block, size);
}

/** tr(E_r U E_s U) for the parameters of the leaf's group. */
function addPairs(
  { second }: VarianceTraces,
  { parameters, ofGroup }: Scratch,
  group: number,
  block: Float64Array,
  size: number,
  sign: 1 | -1,
): void {
  const own = ofGroup[group]!;
  for (const r of own) {
    for (const s of own) second[s * parameters.length + r]! += sign * pairTrace(parameters[r]!, parameters[s]!, block, 0, size);
  }
}

/** tr(E_r U) for a symmetric block. */
function traceOf({ row, column }: CovarianceParameter, block: Float64Array, size: number): number {
  return (row === column ? 1 : 2) * block[column * size + row]!;
}

/** The same for the block of a level whose first row and column are `at`. */
function traceAt({ row, column }: CovarianceParameter, matrix: Float64Array, at: number, m: number): number {
  return (row === column ? 1 : 2) * matrix[(at + column) * m + at + row]!;
}

/** tr(E_r U E_s U') for the block U that begins at `at`: rows of r's level, columns of s's. */
function pairTrace(r: CovarianceParameter, s: CovarianceParameter, u: Float64Array, at: number, ld: number): number {
  const entry = (row: number, column: number): number => u[at + column * ld + row]!;
  if (r.row === r.column) return (s.row === s.column ? 1 : 2) * entry(r.row, s.row) * entry(r.row, s.column);
  if (s.row === s.column) return 2 * entry(r.row, s.row) * entry(r.column, s.row);
  return 2 * (entry(r.row, s.row) * entry(r.column, s.column) + entry(r.row, s.column) * entry(r.column, s.row));
}

/** The diagonal block of W'(F W) at one level of the core. */
function crossBlock(w: Float64Array, fw: Float64Array, at: number, size: number, m: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    for (let r = 0; r < size; r++) {
      let sum = 0;
      for (let i = 0; i < m; i++) sum += w[(at + r) * m + i]! * fw[(at + c) * m + i]!;
      out[c * size + r] = sum;
    }
  }
  return out;
}

/** tr(A B). */
function traceOfProduct(a: Float64Array, b: Float64Array, m: number): number {
  let sum = 0;
  for (let c = 0; c < m; c++) for (let r = 0; r < m; r++) sum += a[c * m + r]! * b[r * m + c]!;
  return sum;
}
