/**
 * The order in which levels are eliminated.
 *
 * First all levels of the factor with most random effects: no two of them share a row, so they are independent. Each leaves
 * a clique of the other factors' levels it met. On these cliques alone (the quotient graph of George & Liu 1989) the next
 * node is always the one with the fewest neighbours, until the rest is nearly complete: that becomes the dense root.
 */
import { type Cliques, cliquesOfLeaves, distinctCliques, type RowNodes, rowCliques, scratchFor, upperNodesOfRow } from "./cliques.js";
import { numberSet, sortStretch } from "./distinct-numbers.js";
import { minimumDegree } from "./minimum-degree.js";
import type { RandomGroup } from "./random-groups.js";

export interface EliminationOrder {
  readonly nodeCount: number;
  readonly sparseCount: number;
  readonly leafCount: number;
  readonly nodeGroup: Int32Array;
  readonly nodeLevel: Int32Array;
  readonly nodeOf: readonly Int32Array[];
  /** Nodes sharing a row with node t and eliminated later, ascending. */
  readonly neighbours: { readonly start: Int32Array; readonly node: Int32Array };
  /** For sparse nodes after the leaves: neighbours in the filled graph that are eliminated later, ascending. */
  readonly fill: readonly Int32Array[];
}

export function eliminationOrder(groups: readonly RandomGroup[], n: number): EliminationOrder {
  const leaf = leafGroup(groups);
  const base = new Int32Array(groups.length);
  let upperCount = 0;
  groups.forEach((group, k) => {
    base[k] = k === leaf ? -1 : upperCount;
    if (k !== leaf) upperCount += group.levelCount;
  });
  const upperGroup = new Int32Array(upperCount);
  const upperSize = new Int32Array(upperCount);
  groups.forEach((group, k) => {
    if (k === leaf) return;
    upperGroup.fill(k, base[k]!, base[k]! + group.levelCount);
    upperSize.fill(group.size, base[k]!, base[k]! + group.levelCount);
  });

  const rowNodes = upperNodesOfRow(groups, leaf, base);
  const leafCount = leaf < 0 ? 0 : groups[leaf]!.levelCount;
  const leafCliques = leaf < 0 ? null : cliquesOfLeaves(groups[leaf]!.levelOf, leafCount, n, rowNodes, upperCount, scratchFor(groups));
  const cliques = distinctCliques(leafCliques ?? rowCliques(n, rowNodes, scratchFor(groups)));
  const { order, elements } = minimumDegree(upperCount, upperSize, cliques);

  // Elimination index of every upper node: sparse ones in order, then the root in group order.
  const eliminated = new Int32Array(upperCount).fill(-1);
  order.forEach((node, i) => {
    eliminated[node] = leafCount + i;
  });
  let next = leafCount + order.length;
  for (let u = 0; u < upperCount; u++) if (eliminated[u]! < 0) eliminated[u] = next++;
  const nodeCount = leafCount + upperCount;

  const nodeGroup = new Int32Array(nodeCount);
  const nodeLevel = new Int32Array(nodeCount);
  const nodeOf = groups.map((group, k) => {
    const of = new Int32Array(group.levelCount);
    for (let level = 0; level < group.levelCount; level++) {
      const t = k === leaf ? level : eliminated[base[k]! + level]!;
      of[level] = t;
      nodeGroup[t] = k;
      nodeLevel[t] = level;
    }
    return of;
  });
  return {
    nodeCount,
    sparseCount: leafCount + order.length,
    leafCount,
    nodeGroup,
    nodeLevel,
    nodeOf,
    neighbours: neighboursInOrder(leafCliques, leafCount, upperCount, eliminated, n, groups, leaf, rowNodes),
    fill: elements.map((element) => Int32Array.from(element, (u) => eliminated[u]!).sort()),
  };
}

/** The factor with most random effects, multiple membership aside; -1 where there is none. */
function leafGroup(groups: readonly RandomGroup[]): number {
  let best = -1;
  let most = 0;
  groups.forEach((group, k) => {
    if (group.membership !== null || group.levelCount * group.size <= most) return;
    best = k;
    most = group.levelCount * group.size;
  });
  return best;
}

/** Neighbours in the rows themselves, by elimination index. */
function neighboursInOrder(
  leafCliques: Cliques | null,
  leafCount: number,
  upperCount: number,
  eliminated: Int32Array,
  n: number,
  groups: readonly RandomGroup[],
  leaf: number,
  rowNodes: RowNodes,
): { start: Int32Array; node: Int32Array } {
  const nodeCount = leafCount + upperCount;
  const pairs = upperPairs(n, groups, leaf, rowNodes, upperCount, eliminated, leafCount);
  const leafTotal = leafCliques === null ? 0 : leafCliques.node.length;
  const start = new Int32Array(nodeCount + 1);
  const node = new Int32Array(leafTotal + pairs.length);
  if (leafCliques !== null) {
    for (let x = 0; x < leafTotal; x++) node[x] = eliminated[leafCliques.node[x]!]!;
    for (let l = 0; l < leafCount; l++) {
      start[l + 1] = leafCliques.start[l + 1]!;
      sortStretch(node, start[l]!, start[l + 1]!);
    }
  }
  let at = leafTotal;
  let x = 0;
  for (let u = 0; u < upperCount; u++) {
    while (x < pairs.length && Math.floor(pairs[x]! / upperCount) === u) node[at++] = leafCount + (pairs[x++]! % upperCount);
    start[leafCount + u + 1] = at;
  }
  return { start, node };
}

/** Sorted keys u * upperCount + v, u < v: upper nodes (counted from the first upper elimination index) sharing a row. */
function upperPairs(
  n: number,
  groups: readonly RandomGroup[],
  leaf: number,
  rowNodes: RowNodes,
  upperCount: number,
  eliminated: Int32Array,
  leafCount: number,
): Float64Array {
  const scratch = scratchFor(groups);
  const perRow = groups.reduce((sum, group, k) => sum + (k === leaf ? 0 : (group.membership?.count ?? 1)), 0);
  if (perRow < 2) return new Float64Array(0);
  const previous = new Int32Array(scratch.length).fill(-1);
  const keys = numberSet();
  for (let i = 0; i < n; i++) {
    const met = rowNodes(i, scratch);
    let same = true;
    for (let j = 0; j < met; j++) if (scratch[j] !== previous[j]) same = false;
    if (same) continue;
    previous.fill(-1);
    previous.set(scratch.subarray(0, met));
    for (let j = 0; j < met; j++) {
      for (let k = j + 1; k < met; k++) {
        const a = eliminated[scratch[j]!]! - leafCount;
        const c = eliminated[scratch[k]!]! - leafCount;
        if (a === c) continue;
        keys.add(Math.min(a, c) * upperCount + Math.max(a, c));
      }
    }
  }
  return keys.sorted();
}
