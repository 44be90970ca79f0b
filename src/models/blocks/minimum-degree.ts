/**
 * The order in which nodes of a graph given by cliques are eliminated so that little fills in.
 */

/** A root of at most this many columns is cheaper dense than sparse. */
const SMALL_ROOT = 24;
/** The rest is made dense when the best node's neighbours are this share of it. */
const DENSE_SHARE = 0.25;

/**
 * Approximate minimum degree (Amestoy, Davis & Duff 1996) on a graph given by cliques: a node's degree is bounded by the sizes of its
 * cliques outside the newest one, and a clique that lies within the newest is absorbed.
 *
 * @returns nodes in order and, for each, its neighbours at elimination; nodes not listed are left for the dense root
 */
export function minimumDegree(count: number, size: Int32Array, cliques: readonly Int32Array[]): { order: number[]; elements: number[][] } {
  const order: number[] = [];
  const elements: number[][] = [];
  let remaining = size.reduce((sum, s) => sum + s, 0);
  if (remaining <= SMALL_ROOT) return { order, elements };
  // Cliques: those given, then one for each node eliminated; `open` until they are absorbed by another.
  const most = cliques.length + count;
  const members: ArrayLike<number>[] = [...cliques];
  const open = new Uint8Array(most).fill(1);
  const weight = new Int32Array(most);
  cliques.forEach((clique, e) => {
    weight[e] = weightOf(clique, size);
  });
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
  const outside = new Int32Array(most);
  const outsideStamp = new Int32Array(most);
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
      open[e] = 0;
    }
    alive[u] = 0;
    remaining -= size[u]!;
    order.push(u);
    elements.push(list);
    const element = members.length;
    const ownWeight = weightOf(list, size);
    members.push(list);
    weight[element] = ownWeight;
    // What the other cliques have outside the new one.
    for (const v of list) {
      const own = elementsOf[v]!;
      for (let x = 0; x < own.length; x++) {
        const e = own[x]!;
        if (open[e] === 0) continue;
        if (outsideStamp[e] !== tick) {
          outsideStamp[e] = tick;
          outside[e] = weight[e]!;
        }
        outside[e] = outside[e]! - size[v]!;
      }
    }
    for (const v of list) {
      let bound = ownWeight - size[v]!;
      // What is left of its cliques moves up; a clique within the new one is absorbed.
      const own = elementsOf[v]!;
      let kept = 0;
      for (let x = 0; x < own.length; x++) {
        const e = own[x]!;
        if (open[e] === 0) continue;
        if (outside[e] === 0) {
          open[e] = 0;
          continue;
        }
        own[kept++] = e;
        bound += outside[e]!;
      }
      own.length = kept;
      own.push(element);
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
