/**
 * The order in which levels are eliminated.
 *
 * First all levels of the factor with most random effects: no two of them share a row, so they are independent. Each leaves
 * a clique of the other factors' levels it met. On these cliques alone (the quotient graph of George & Liu 1989) the next
 * node is always the one with the fewest neighbours, until the rest is nearly complete: that becomes the dense root.
 */
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

/** A root of at most this many columns is cheaper dense than sparse. */
const SMALL_ROOT = 24;
/** The rest is made dense when the best node's neighbours are this share of it. */
const DENSE_SHARE = 0.25;

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

/** Writes the upper nodes of row i into `into` and returns how many there are (a node may come twice by multiple membership). */
type RowNodes = (i: number, into: Int32Array) => number;

function upperNodesOfRow(groups: readonly RandomGroup[], leaf: number, base: Int32Array): RowNodes {
  const upper = groups.map((_, k) => k).filter((k) => k !== leaf);
  return (i, into) => {
    let count = 0;
    for (const k of upper) {
      const { levelOf, membership } = groups[k]!;
      if (membership === null) into[count++] = base[k]! + levelOf[i]!;
      else {
        const n = membership.levelOf.length / membership.count;
        for (let j = 0; j < membership.count; j++) {
          const level = membership.levelOf[j * n + i]!;
          if (level >= 0 && membership.weights[j * n + i] !== 0) into[count++] = base[k]! + level;
        }
      }
    }
    return count;
  };
}

function scratchFor(groups: readonly RandomGroup[]): Int32Array {
  return new Int32Array(groups.reduce((sum, group) => sum + (group.membership?.count ?? 1), 0));
}

interface Cliques {
  readonly start: Int32Array;
  readonly node: Int32Array;
}

/** The upper nodes each leaf meets, ascending. */
function cliquesOfLeaves(
  levelOf: Int32Array,
  leafCount: number,
  n: number,
  rowNodes: RowNodes,
  upperCount: number,
  scratch: Int32Array,
): Cliques {
  const start = new Int32Array(leafCount + 1);
  if (upperCount === 0) return { start, node: new Int32Array(0) };
  const rowStart = new Int32Array(leafCount + 1);
  for (let i = 0; i < n; i++) rowStart[levelOf[i]! + 1] = rowStart[levelOf[i]! + 1]! + 1;
  for (let l = 0; l < leafCount; l++) rowStart[l + 1] = rowStart[l + 1]! + rowStart[l]!;
  const rows = new Int32Array(n);
  const next = rowStart.slice(0, leafCount);
  for (let i = 0; i < n; i++) rows[next[levelOf[i]!]!++] = i;

  const stamp = new Int32Array(upperCount).fill(-1);
  let node = new Int32Array(Math.max(16, leafCount * 2));
  let count = 0;
  for (let l = 0; l < leafCount; l++) {
    const from = count;
    for (let x = rowStart[l]!; x < rowStart[l + 1]!; x++) {
      const met = rowNodes(rows[x]!, scratch);
      for (let j = 0; j < met; j++) {
        const u = scratch[j]!;
        if (stamp[u] === l) continue;
        stamp[u] = l;
        if (count === node.length) node = grown(node);
        node[count++] = u;
      }
    }
    node.subarray(from, count).sort();
    start[l + 1] = count;
  }
  return { start, node: node.slice(0, count) };
}

/** Without a factor of independent levels every row is a clique. */
function rowCliques(n: number, rowNodes: RowNodes, scratch: Int32Array): Cliques {
  const start = new Int32Array(n + 1);
  let node = new Int32Array(Math.max(16, n * 2));
  let count = 0;
  for (let i = 0; i < n; i++) {
    const met = rowNodes(i, scratch);
    const distinct = Int32Array.from(new Set(scratch.subarray(0, met))).sort();
    while (count + distinct.length > node.length) node = grown(node);
    node.set(distinct, count);
    count += distinct.length;
    start[i + 1] = count;
  }
  return { start, node: node.slice(0, count) };
}

function grown(list: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(list.length * 2);
  larger.set(list);
  return larger;
}

/** Each clique once. */
function distinctCliques({ start, node }: Cliques): Int32Array[] {
  const distinct: Int32Array[] = [];
  const byHash = new Map<number, Int32Array[]>();
  for (let c = 0; c + 1 < start.length; c++) {
    const from = start[c]!;
    const to = start[c + 1]!;
    if (from === to) continue;
    let hash = to - from;
    for (let x = from; x < to; x++) hash = (Math.imul(hash, 31) + node[x]!) | 0;
    const bucket = byHash.get(hash);
    const seen = bucket?.some((known) => known.length === to - from && known.every((u, x) => u === node[from + x]));
    if (seen === true) continue;
    const clique = node.subarray(from, to);
    distinct.push(clique);
    if (bucket === undefined) byHash.set(hash, [clique]);
    else bucket.push(clique);
  }
  return distinct;
}

/**
 * Approximate minimum degree (Amestoy, Davis & Duff 1996) on a graph given by cliques: a node's degree is bounded by the sizes of its
 * cliques outside the newest one, and a clique that lies within the newest is absorbed.
 *
 * @returns nodes in order and, for each, its neighbours at elimination; nodes not listed are left for the dense root
 */
function minimumDegree(count: number, size: Int32Array, cliques: readonly Int32Array[]): { order: number[]; elements: number[][] } {
  const order: number[] = [];
  const elements: number[][] = [];
  let remaining = size.reduce((sum, s) => sum + s, 0);
  if (remaining <= SMALL_ROOT) return { order, elements };
  const members: (ArrayLike<number> | null)[] = [...cliques];
  const weight: number[] = cliques.map((clique) => weightOf(clique, size));
  const elementsOf: number[][] = Array.from({ length: count }, () => []);
  cliques.forEach((clique, e) => {
    for (const u of clique) elementsOf[u]!.push(e);
  });
  const alive = new Uint8Array(count).fill(1);
  const stamp = new Int32Array(count);
  const buckets: number[][] = [];
  const degree = new Int32Array(count);
  const enqueue = (u: number, d: number): void => {
    degree[u] = d;
    buckets[d] ??= [];
    buckets[d].push(u);
  };
  for (let u = count - 1; u >= 0; u--) {
    let bound = 0;
    for (const e of elementsOf[u]!) bound += weight[e]! - size[u]!;
    enqueue(u, Math.min(bound, remaining - size[u]!));
  }
  const outside: number[] = [];
  const outsideStamp: number[] = [];
  let lowest = 0;
  for (let tick = 1; remaining > SMALL_ROOT; tick++) {
    while (lowest < buckets.length && (buckets[lowest]?.length ?? 0) === 0) lowest++;
    if (lowest >= buckets.length) break;
    const u = buckets[lowest]!.pop()!;
    if (alive[u] === 0 || degree[u] !== lowest) {
      tick--;
      continue;
    }
    if (lowest > DENSE_SHARE * remaining) break;
    const list: number[] = [];
    stamp[u] = tick;
    for (const e of elementsOf[u]!) {
      const clique = members[e]!;
      for (let x = 0; x < clique.length; x++) {
        const v = clique[x]!;
        if (stamp[v] === tick || alive[v] === 0) continue;
        stamp[v] = tick;
        list.push(v);
      }
      members[e] = null;
    }
    alive[u] = 0;
    remaining -= size[u]!;
    order.push(u);
    elements.push(list);
    const own = members.length;
    const ownWeight = weightOf(list, size);
    members.push(list);
    weight.push(ownWeight);
    // What the other cliques have outside the new one.
    for (const v of list) {
      for (const e of elementsOf[v]!) {
        if (members[e] === null) continue;
        if (outsideStamp[e] !== tick) {
          outsideStamp[e] = tick;
          outside[e] = weight[e]!;
        }
        outside[e] = outside[e]! - size[v]!;
      }
    }
    for (const v of list) {
      let bound = ownWeight - size[v]!;
      const kept: number[] = [];
      for (const e of elementsOf[v]!) {
        if (members[e] === null) continue;
        if (outside[e] === 0) {
          members[e] = null;
          continue;
        }
        kept.push(e);
        bound += outside[e]!;
      }
      kept.push(own);
      elementsOf[v] = kept;
      const d = Math.min(bound, remaining - size[v]!);
      enqueue(v, d);
      if (d < lowest) lowest = d;
    }
  }
  return { order, elements };
}

function weightOf(nodes: ArrayLike<number>, size: Int32Array): number {
  let sum = 0;
  for (let x = 0; x < nodes.length; x++) sum += size[nodes[x]!]!;
  return sum;
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
      node.subarray(start[l], start[l + 1]).sort();
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
  let keys = new Float64Array(1024);
  let count = 0;
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
        if (count === keys.length) {
          keys = uniqueSorted(keys, count);
          count = keys.length;
          const larger = new Float64Array(Math.max(1024, count * 2));
          larger.set(keys);
          keys = larger;
        }
        keys[count++] = Math.min(a, c) * upperCount + Math.max(a, c);
      }
    }
  }
  return uniqueSorted(keys, count);
}

function uniqueSorted(keys: Float64Array, count: number): Float64Array<ArrayBuffer> {
  const sorted = keys.slice(0, count).sort();
  let kept = 0;
  for (let x = 0; x < count; x++) if (x === 0 || sorted[x] !== sorted[x - 1]) sorted[kept++] = sorted[x]!;
  return sorted.slice(0, kept);
}
