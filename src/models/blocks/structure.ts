/**
 * Which levels meet in which rows, in what order they are eliminated, and where every number of the system stands.
 *
 * A *node* is one level of one grouping factor with its S columns. Nodes that share a row are neighbours. Eliminating a
 * node of the Cholesky factorisation joins its remaining neighbours to one another (George & Liu 1981). The levels of
 * the largest factor are never neighbours of each other, so they go first; the others follow by minimum degree, as long as
 * that keeps the factor sparse; what remains becomes one dense block, the *root*, which also holds the fixed columns and
 * the response. Nested factors thus cost a few numbers a level and crossed ones a dense block of the smaller factor.
 *
 * Each node has a *panel*, column-major: its own S rows, then one block of rows for each neighbour that is eliminated later,
 * then the b = p + 1 rows of X and y.
 */
import { eliminationOrder } from "./elimination-order.js";
import type { RandomGroup } from "./random-groups.js";

export interface Structure {
  readonly groups: readonly RandomGroup[];
  readonly nodeCount: number;
  /** Nodes before this one are sparse; the rest form the root. */
  readonly sparseCount: number;
  /** Nodes before this one are nobody's later neighbour. */
  readonly leafCount: number;
  /** By elimination index: group and level of each node. */
  readonly nodeGroup: Int32Array;
  readonly nodeLevel: Int32Array;
  /** By group: elimination index of each level. */
  readonly nodeOf: readonly Int32Array[];
  /** By elimination index: first component of the node in vectors of length q; has nodeCount + 1 entries. */
  readonly position: Int32Array;
  /** All random columns. */
  readonly q: number;
  /** Random columns in the root. */
  readonly rootSize: number;
  /** Fixed columns. */
  readonly p: number;
  /** p + 1. */
  readonly b: number;

  /** Gram panels: start, leading dimension, neighbours (elimination indices, ascending) and where their rows go in L. */
  readonly aStart: Int32Array;
  readonly aLd: Int32Array;
  readonly aNeighbourStart: Int32Array;
  readonly aNeighbour: Int32Array;
  /** Row of each neighbour's block in the Gram panel. */
  readonly aRow: Int32Array;
  readonly aTarget: Int32Array;
  readonly aLength: number;

  /** Factor panels of sparse nodes: start, leading dimension, sparse neighbours, scalar rows of the root. */
  readonly lStart: Int32Array;
  readonly lLd: Int32Array;
  readonly lNeighbourStart: Int32Array;
  readonly lNeighbour: Int32Array;
  readonly lRootStart: Int32Array;
  readonly lRoot: Int32Array;
  /** The same by column of the root: which entries of lRoot name it, in ascending order, and whose they are. */
  readonly rootColumnStart: Int32Array;
  readonly rootColumnEntry: Int32Array;
  readonly rootColumnNode: Int32Array;
  readonly lLength: number;
  /** For each (sparse node, sparse neighbour): where the node's rows from that neighbour on stand in the neighbour's panel. */
  readonly relativeStart: Int32Array;
  readonly relative: Int32Array;
}

/** Rows of the frame and nodes they touch, in elimination indices. */
export function buildStructure(groups: readonly RandomGroup[], n: number, p: number): Structure {
  const b = p + 1;
  const order = eliminationOrder(groups, n);
  const { nodeCount, sparseCount, leafCount, nodeGroup, nodeLevel, nodeOf, neighbours, fill } = order;
  const sizeOf = (t: number): number => groups[nodeGroup[t]!]!.size;

  const position = new Int32Array(nodeCount + 1);
  for (let t = 0; t < nodeCount; t++) position[t + 1] = position[t]! + sizeOf(t);
  const q = position[nodeCount]!;
  const rootOrigin = position[sparseCount]!;
  const rootSize = q - rootOrigin;

  // Factor panels.
  const lStart = new Int32Array(sparseCount + 1);
  const lLd = new Int32Array(sparseCount);
  const lNeighbourStart = new Int32Array(sparseCount + 1);
  const lRootStart = new Int32Array(sparseCount + 1);
  const lNeighbourList: number[] = [];
  const lRootList: number[] = [];
  for (let t = 0; t < sparseCount; t++) {
    const list = t < leafCount ? null : fill[t - leafCount]!;
    const from = list === null ? neighbours.start[t]! : 0;
    const to = list === null ? neighbours.start[t + 1]! : list.length;
    let height = sizeOf(t);
    for (let x = from; x < to; x++) {
      const other = list === null ? neighbours.node[x]! : list[x]!;
      height += sizeOf(other);
      if (other < sparseCount) lNeighbourList.push(other);
      else for (let row = position[other]! - rootOrigin; row < position[other + 1]! - rootOrigin; row++) lRootList.push(row);
    }
    lNeighbourStart[t + 1] = lNeighbourList.length;
    lRootStart[t + 1] = lRootList.length;
    lLd[t] = height + b;
    lStart[t + 1] = lStart[t]! + (height + b) * sizeOf(t);
  }
  const lNeighbour = Int32Array.from(lNeighbourList);
  const lRoot = Int32Array.from(lRootList);

  // Where a node's rows stand in an earlier node's panel: a scratch map from vector position to panel row.
  const rowOf = new Int32Array(q).fill(-1);
  const markPanel = (t: number, on: boolean): void => {
    let row = sizeOf(t);
    for (let own = 0; own < row; own++) rowOf[position[t]! + own] = on ? own : -1;
    for (let x = lNeighbourStart[t]!; x < lNeighbourStart[t + 1]!; x++) {
      const other = lNeighbour[x]!;
      for (let c = position[other]!; c < position[other + 1]!; c++, row++) rowOf[c] = on ? row : -1;
    }
    for (let x = lRootStart[t]!; x < lRootStart[t + 1]!; x++, row++) rowOf[rootOrigin + lRoot[x]!] = on ? row : -1;
  };

  // Gram panels.
  const aStart = new Int32Array(nodeCount + 1);
  const aLd = new Int32Array(nodeCount);
  const aRow = new Int32Array(neighbours.node.length);
  const aTarget = new Int32Array(neighbours.node.length);
  for (let t = 0; t < nodeCount; t++) {
    let height = sizeOf(t);
    if (t < sparseCount) markPanel(t, true);
    for (let x = neighbours.start[t]!; x < neighbours.start[t + 1]!; x++) {
      const other = neighbours.node[x]!;
      aRow[x] = height;
      aTarget[x] = t < sparseCount ? rowOf[position[other]!]! : position[other]! - rootOrigin;
      height += sizeOf(other);
    }
    if (t < sparseCount) markPanel(t, false);
    aLd[t] = height + b;
    aStart[t + 1] = aStart[t]! + (height + b) * sizeOf(t);
  }

  // Relative rows: for sparse node t and each of its sparse neighbours i, t's rows from i on, as rows of i's panel.
  const relativeStart = new Int32Array(lNeighbour.length + 1);
  for (let t = 0; t < sparseCount; t++) {
    let after = 0;
    for (let x = lNeighbourStart[t]!; x < lNeighbourStart[t + 1]!; x++) after += sizeOf(lNeighbour[x]!);
    after += lRootStart[t + 1]! - lRootStart[t]!;
    for (let x = lNeighbourStart[t]!; x < lNeighbourStart[t + 1]!; x++) {
      relativeStart[x + 1] = after;
      after -= sizeOf(lNeighbour[x]!);
    }
  }
  for (let x = 0; x < lNeighbour.length; x++) relativeStart[x + 1] = relativeStart[x + 1]! + relativeStart[x]!;
  const relative = new Int32Array(relativeStart[lNeighbour.length]!);
  // Neighbour by neighbour, so that each panel is marked once.
  const users = usersOf(lNeighbour, lNeighbourStart, sparseCount, sparseCount);
  for (let i = 0; i < sparseCount; i++) {
    if (users.start[i] === users.start[i + 1]) continue;
    markPanel(i, true);
    for (let u = users.start[i]!; u < users.start[i + 1]!; u++) {
      const t = users.node[u]!;
      const x = users.slot[u]!;
      let at = relativeStart[x]!;
      for (let y = x; y < lNeighbourStart[t + 1]!; y++) {
        const other = lNeighbour[y]!;
        for (let c = position[other]!; c < position[other + 1]!; c++) relative[at++] = rowOf[c]!;
      }
      for (let y = lRootStart[t]!; y < lRootStart[t + 1]!; y++) relative[at++] = rowOf[rootOrigin + lRoot[y]!]!;
    }
    markPanel(i, false);
  }

  const rootUsers = usersOf(lRoot, lRootStart, sparseCount, rootSize);

  return {
    groups,
    nodeCount,
    sparseCount,
    leafCount,
    nodeGroup,
    nodeLevel,
    nodeOf,
    position,
    q,
    rootSize,
    p,
    b,
    aStart,
    aLd,
    aNeighbourStart: neighbours.start,
    aNeighbour: neighbours.node,
    aRow,
    aTarget,
    aLength: aStart[nodeCount]!,
    lStart,
    lLd,
    lNeighbourStart,
    lNeighbour,
    lRootStart,
    lRoot,
    rootColumnStart: rootUsers.start,
    rootColumnEntry: rootUsers.slot,
    rootColumnNode: rootUsers.node,
    lLength: lStart[sparseCount]!,
    relativeStart,
    relative,
  };
}

/** For each of `targets` things the entries (slots) of the lists of `count` nodes that name it, and whose lists they are. */
function usersOf(
  named: Int32Array,
  start: Int32Array,
  count: number,
  targets: number,
): { readonly start: Int32Array; readonly node: Int32Array; readonly slot: Int32Array } {
  const userStart = new Int32Array(targets + 1);
  for (let x = 0; x < named.length; x++) userStart[named[x]! + 1] = userStart[named[x]! + 1]! + 1;
  for (let i = 0; i < targets; i++) userStart[i + 1] = userStart[i + 1]! + userStart[i]!;
  const next = userStart.slice(0, targets);
  const node = new Int32Array(named.length);
  const slot = new Int32Array(named.length);
  for (let t = 0; t < count; t++) {
    for (let x = start[t]!; x < start[t + 1]!; x++) {
      const at = next[named[x]!]!++;
      node[at] = t;
      slot[at] = x;
    }
  }
  return { start: userStart, node, slot };
}
