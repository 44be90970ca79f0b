/**
 * V23, a person's place in the advice network of one cycle, among those on the roster whom the person could name:
 *
 *   in-degree, out-degree;  degree / (n - 1);  reciprocity = share of own ties that are returned
 *   persist = y_t given y_{t-1} = 1, both on the roster;  deep_share = deep ties / ties
 *
 * Who did not answer the network survey has no ties of their own on record: out-degree is then missing, never 0.
 */
import { meanPresent } from "./arithmetic.js";

export type DegreeWeights = "count" | "frequency";
export type RiskSet = "school" | "district";

/** The number of ties, or the sum of their frequencies (1 to 5). @example degree([5, 1], "frequency") // => 6 */
export function degree(frequencies: ArrayLike<number>, weights: DegreeWeights = "count"): number {
  return weights === "count" ? frequencies.length : Array.from(frequencies).reduce((sum, f) => sum + f, 0);
}

/** Share of the flags 1 among those known: returned ties, lasting ties, deep ties. @example tieShare([1, 0, NaN]) // => 0.5 */
export function tieShare(flags: ArrayLike<number>): number {
  return meanPresent(flags);
}

/**
 * Whether a tie of the cycle before lasts.
 *
 * @param before y_{t-1}, @param now y_t; NaN where ego was not asked or one of the two was not on the roster
 * @example [tiePersists(1, 1), tiePersists(1, 0), tiePersists(0, 1)] // => [1, 0, NaN]
 */
export function tiePersists(before: number, now: number): number {
  return before === 1 ? now : Number.NaN;
}
