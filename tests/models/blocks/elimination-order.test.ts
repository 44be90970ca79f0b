/** The order of elimination: a permutation that keeps every fill-in it will meet, and little of it where the graph allows. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eliminationOrder } from "../../../src/models/blocks/elimination-order.js";
import { minimumDegree } from "../../../src/models/blocks/minimum-degree.js";
import { uniform } from "../linalg/naive.js";
import { designOf } from "./dense.js";
import { columnsOf, KINDS } from "./designs.js";

const ones = (count: number): Int32Array => new Int32Array(count).fill(1);

/** Neighbours at elimination by the definition: eliminating a node joins all that are left of its neighbours. */
function fillOf(count: number, cliques: readonly Int32Array[], order: readonly number[]): number[][] {
  const joined = Array.from({ length: count }, () => new Set<number>());
  const join = (nodes: Iterable<number>): void => {
    const list = [...nodes];
    for (const a of list) for (const b of list) if (a !== b) joined[a]!.add(b);
  };
  for (const clique of cliques) join(clique);
  return order.map((u) => {
    const left = [...joined[u]!];
    join(left);
    for (const v of left) joined[v]!.delete(u);
    joined[u]!.clear();
    return left.sort((a, b) => a - b);
  });
}

describe("minimum degree", () => {
  test("lists with every node the neighbours that elimination by the definition gives it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 26, max: 70 }),
        fc.integer({ min: 2, max: 4 }),
        (seed, count, most) => {
          const next = uniform(seed);
          const cliques = Array.from({ length: count }, () => {
            const nodes = new Set<number>();
            const centre = Math.floor(next() * count);
            for (let j = 0; j < most; j++) nodes.add((centre + Math.floor(next() * 5)) % count);
            return Int32Array.from(nodes).sort();
          });
          const { order, elements } = minimumDegree(count, ones(count), cliques);
          expect(new Set(order).size).toBe(order.length);
          const expected = fillOf(count, cliques, order);
          expect(elements.map((element) => [...element].sort((a, b) => a - b))).toEqual(expected);
        },
      ),
      { seed: 1, numRuns: 40 },
    );
  });

  test("eliminates a chain without fill: no node has more than two neighbours left", () => {
    const count = 200;
    const cliques = Array.from({ length: count - 1 }, (_, i) => Int32Array.of(i, i + 1));
    const { order, elements } = minimumDegree(count, ones(count), cliques);
    expect(order.length).toBeGreaterThan(150);
    expect(Math.max(...elements.map((element) => element.length))).toBeLessThanOrEqual(2);
  });

  test("eliminates the points of a star before its centre", () => {
    const count = 60;
    const cliques = Array.from({ length: count - 1 }, (_, i) => Int32Array.of(0, i + 1));
    const { order, elements } = minimumDegree(count, ones(count), cliques);
    expect(order).not.toContain(0);
    expect(elements.every((element) => element.length === 1 && element[0] === 0)).toBe(true);
  });

  test("leaves a complete graph to the dense root", () => {
    const clique = Int32Array.from({ length: 40 }, (_, i) => i);
    expect(minimumDegree(40, ones(40), [clique]).order).toEqual([]);
  });

  test("leaves a graph of at most 24 columns to the dense root, counting columns and not nodes", () => {
    expect(minimumDegree(24, ones(24), []).order).toEqual([]);
    expect(minimumDegree(13, new Int32Array(13).fill(2), []).order.length).toBeGreaterThan(0);
  });
});

describe.each(KINDS.map((kind) => [kind.name, kind] as const))("%s", (_, kind) => {
  test("every level has one place, leaves meet no leaf, and neighbours come later", () => {
    for (const seed of [1, 2]) {
      const columns = columnsOf({ n: 200, first: 60, second: 40, third: 10, moves: 0.1 }, kind.relation, seed);
      const { problem } = designOf(`y ~ x + ${kind.random}`, columns, { weights: kind.weights });
      const { groups } = problem.structure;
      const order = eliminationOrder(groups, problem.n);
      const { nodeCount, leafCount, sparseCount, nodeOf, nodeGroup, nodeLevel, neighbours, fill } = order;
      expect(nodeCount).toBe(groups.reduce((sum, { levelCount }) => sum + levelCount, 0));
      expect(new Set(nodeOf.flatMap((of) => [...of])).size).toBe(nodeCount);
      nodeOf.forEach((of, k) => {
        of.forEach((t, level) => {
          expect([nodeGroup[t], nodeLevel[t]]).toEqual([k, level]);
        });
      });
      for (let t = 0; t < nodeCount; t++) {
        const list = neighbours.node.subarray(neighbours.start[t], neighbours.start[t + 1]);
        list.forEach((u, x) => {
          expect(u).toBeGreaterThan(t);
          if (x > 0) expect(u).toBeGreaterThan(list[x - 1]!);
          if (t < leafCount) expect(u).toBeGreaterThanOrEqual(leafCount);
          // What meets in the rows also meets in the factor.
          if (t >= leafCount && t < sparseCount) expect(fill[t - leafCount]).toContain(u);
        });
      }
    }
  });
});
