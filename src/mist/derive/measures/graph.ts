/**
 * Undirected graphs without weights, as lists of neighbours, and what brokers are told by:
 *
 *   betweenness of v = sum over pairs s < t of (shortest paths through v) / (shortest paths)   (Freeman 1977; Brandes 2001)
 *   constraint of i  = sum_j (p_ij + sum_q p_iq p_qj)^2,  p_ij = 1 / degree of i                (Burt 1992)
 */

/** neighbours[v] lists the vertices next to v, each once. */
export type Graph = readonly (readonly number[])[];

/**
 * The one-mode projection: two persons are joined where they share a group.
 *
 * @param members the persons of each group, numbered 0 to count - 1
 * @example projection(3, [[0, 1], [1, 2]]) // => [[1], [0, 2], [1]]
 */
export function projection(count: number, members: readonly (readonly number[])[]): Graph {
  const neighbours = Array.from({ length: count }, () => new Set<number>());
  for (const group of members) for (const a of group) for (const b of group) if (a !== b) neighbours[a]!.add(b);
  return neighbours.map((set) => [...set].sort((a, b) => a - b));
}

/**
 * The two-mode graph: persons 0 to count - 1, then the groups.
 *
 * @example twoMode(2, [[0, 1]]) // => [[2], [2], [0, 1]]
 */
export function twoMode(count: number, members: readonly (readonly number[])[]): Graph {
  const neighbours: number[][] = Array.from({ length: count + members.length }, () => []);
  members.forEach((group, g) => {
    for (const person of group) {
      neighbours[person]!.push(count + g);
      neighbours[count + g]!.push(person);
    }
  });
  return neighbours;
}

/**
 * Betweenness of every vertex, not normed: each pair of others counts once. O(vertices x edges).
 *
 * @example betweenness([[1], [0, 2], [1]]) // => Float64Array [0, 1, 0]
 */
export function betweenness(graph: Graph): Float64Array {
  const n = graph.length;
  const score = new Float64Array(n);
  // Only what a search reached is cleared after it: other components cost nothing.
  const paths = new Float64Array(n);
  const distance = new Int32Array(n).fill(-1);
  const dependency = new Float64Array(n);
  for (let source = 0; source < n; source++) {
    const order = [source];
    paths[source] = 1;
    distance[source] = 0;
    for (let head = 0; head < order.length; head++) {
      const v = order[head]!;
      for (const w of graph[v]!) {
        if (distance[w]! < 0) {
          distance[w] = distance[v]! + 1;
          order.push(w);
        }
        if (distance[w] === distance[v]! + 1) paths[w]! += paths[v]!;
      }
    }
    for (let k = order.length - 1; k > 0; k--) {
      const w = order[k]!;
      for (const v of graph[w]!) {
        if (distance[v] === distance[w]! - 1) dependency[v]! += (paths[v]! / paths[w]!) * (1 + dependency[w]!);
      }
      score[w]! += dependency[w]! / 2;
    }
    for (const v of order) {
      paths[v] = 0;
      distance[v] = -1;
      dependency[v] = 0;
    }
  }
  return score;
}

/**
 * Burt's constraint of every vertex; NaN for one without neighbours.
 *
 * @example constraint([[1, 2], [0], [0]]) // => Float64Array [0.5, 1, 1]
 */
export function constraint(graph: Graph): Float64Array {
  const sets = graph.map((neighbours) => new Set(neighbours));
  return Float64Array.from(graph, (neighbours) => {
    if (neighbours.length === 0) return Number.NaN;
    let sum = 0;
    for (const j of neighbours) {
      let share = 1 / neighbours.length;
      for (const q of neighbours) if (q !== j && sets[q]!.has(j)) share += 1 / (neighbours.length * graph[q]!.length);
      sum += share ** 2;
    }
    return sum;
  });
}

/**
 * The participation coefficient, 1 - sum (k_g / k)^2: 0 where all memberships are of one kind.
 *
 * @param kinds how often each kind occurs
 * @example participation([2, 2]) // => 0.5
 */
export function participation(kinds: readonly number[]): number {
  const sum = kinds.reduce((a, b) => a + b, 0);
  return sum === 0 ? Number.NaN : kinds.reduce((rest, kind) => rest - (kind / sum) ** 2, 1);
}
