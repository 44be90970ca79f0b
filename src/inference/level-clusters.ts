/**
 * Levels that belong together: two levels are in one cluster where rows, or further levels, connect them.
 *
 * The *leaves* of a structure (the levels of its largest factor) meet in no row, so that sums over pairs of leaves are sums over pairs of
 * the other levels, the *core* of their cluster: with nested factors a few levels, with crossed ones those of the smaller factors.
 */
import type { Structure } from "../models/blocks/structure.js";

/** Levels as nodes of the elimination order. */
export interface LevelCluster {
  readonly leaves: readonly number[];
  /** Ascending; empty for leaves that meet no other factor, all of which are one cluster. */
  readonly core: readonly number[];
  /** Random columns of the core. */
  readonly size: number;
}

/** Every node is in one cluster. */
export function levelClusters(structure: Structure): readonly LevelCluster[] {
  const { nodeCount, leafCount, aNeighbourStart, aNeighbour, position } = structure;
  const parent = Int32Array.from({ length: nodeCount }, (_, t) => t);
  const rootOf = (t: number): number => {
    let at = t;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  for (let t = 0; t < nodeCount; t++) {
    for (let x = aNeighbourStart[t]!; x < aNeighbourStart[t + 1]!; x++) {
      const other = rootOf(aNeighbour[x]!);
      // The later node is the root: a cluster with a core has its root there.
      const own = rootOf(t);
      if (own < other) parent[own] = other;
      else if (other < own) parent[other] = own;
    }
  }
  const alone: number[] = [];
  const clusters = new Map<number, { leaves: number[]; core: number[]; size: number }>();
  for (let t = 0; t < nodeCount; t++) {
    const root = rootOf(t);
    if (root < leafCount) {
      alone.push(t);
      continue;
    }
    let cluster = clusters.get(root);
    if (cluster === undefined) {
      cluster = { leaves: [], core: [], size: 0 };
      clusters.set(root, cluster);
    }
    if (t < leafCount) cluster.leaves.push(t);
    else {
      cluster.core.push(t);
      cluster.size += position[t + 1]! - position[t]!;
    }
  }
  const own = alone.length === 0 ? [] : [{ leaves: alone, core: [], size: 0 }];
  return [...own, ...clusters.values()];
}
