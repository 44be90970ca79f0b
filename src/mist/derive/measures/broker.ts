/**
 * V34, brokers (Wenger 1998; Cobb & Smith): members of two or more groups of different type in one cycle. Their score is the
 * betweenness in the projection on persons; alternatives are Burt's constraint (low for brokers), the participation
 * coefficient over group types (Guimera & Amaral 2005), or betweenness in the two-mode graph (pairs of persons and groups).
 */
import { betweenness, constraint, participation, projection, twoMode } from "./graph.js";

export type BrokerScore = "betweenness" | "constraint" | "participation" | "bimodal_betweenness";

/** 1 where the groups' types differ, else 0. @example [isBroker(["math_team", "network"]), isBroker(["network", "network"])] // => [1, 0] */
export function isBroker(types: readonly string[]): number {
  return new Set(types).size >= 2 ? 1 : 0;
}

/**
 * The score of every person of one cycle.
 *
 * @param count persons; @param groups the type and the members (0 to count - 1) of each group
 * @example brokerScores(3, [{ type: "math_team", members: [0, 1] }, { type: "network", members: [1, 2] }]) // => Float64Array [0, 1, 0]
 */
export function brokerScores(
  count: number,
  groups: readonly { readonly type: string; readonly members: readonly number[] }[],
  how: BrokerScore = "betweenness",
): Float64Array {
  const members = groups.map((group) => group.members);
  switch (how) {
    case "betweenness":
      return betweenness(projection(count, members));
    case "constraint":
      return constraint(projection(count, members));
    case "bimodal_betweenness":
      return betweenness(twoMode(count, members)).slice(0, count);
    case "participation": {
      const kinds = Array.from({ length: count }, () => new Map<string, number>());
      for (const { type, members: people } of groups)
        for (const person of people) kinds[person]!.set(type, (kinds[person]!.get(type) ?? 0) + 1);
      return Float64Array.from(kinds, (kind) => participation([...kind.values()]));
    }
  }
}
