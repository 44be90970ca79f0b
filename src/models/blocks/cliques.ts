/**
 * Which levels of the other factors meet: once the independent levels of the first factor (the leaves) are eliminated, each leaves a
 * clique of the nodes it met. *Upper* nodes are the levels of all other factors, numbered factor after factor.
 */
import { sortStretch } from "./distinct-numbers.js";
import type { RandomGroup } from "./random-groups.js";

/** Writes the upper nodes of row i into `into` and returns how many there are (a node may come twice by multiple membership). */
export type RowNodes = (i: number, into: Int32Array) => number;

export function upperNodesOfRow(groups: readonly RandomGroup[], leaf: number, base: Int32Array): RowNodes {
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

export function scratchFor(groups: readonly RandomGroup[]): Int32Array {
  return new Int32Array(groups.reduce((sum, group) => sum + (group.membership?.count ?? 1), 0));
}

export interface Cliques {
  readonly start: Int32Array;
  readonly node: Int32Array;
}

/** The upper nodes each leaf meets, ascending. */
export function cliquesOfLeaves(
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
    sortStretch(node, from, count);
    start[l + 1] = count;
  }
  return { start, node: node.slice(0, count) };
}

/** Without a factor of independent levels every row is a clique. */
export function rowCliques(n: number, rowNodes: RowNodes, scratch: Int32Array): Cliques {
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
export function distinctCliques({ start, node }: Cliques): Int32Array[] {
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
