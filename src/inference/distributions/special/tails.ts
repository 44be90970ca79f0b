/** Both tails of a distribution at one point, each to its own relative accuracy, and how fast they change. */

/** `lower + upper = 1` up to rounding. */
export interface Tails {
  /** P(X <= x) */
  readonly lower: number;
  /** P(X > x) */
  readonly upper: number;
  /** d lower / d log x = x times the density */
  readonly slope: number;
}

/** Which tail a probability is counted in: "lower" is P(X <= x), "upper" is P(X > x). */
export type Tail = "lower" | "upper";

export const INVALID: Tails = { lower: Number.NaN, upper: Number.NaN, slope: Number.NaN };
export const LEFT_END: Tails = { lower: 0, upper: 1, slope: 0 };
export const RIGHT_END: Tails = { lower: 1, upper: 0, slope: 0 };

/** Both tails from the lower one, which is the smaller or was computed directly. */
export function fromLower(lower: number, slope: number): Tails {
  return { lower: Math.min(lower, 1), upper: Math.max(1 - lower, 0), slope };
}

/** Both tails from the upper one, which is the smaller or was computed directly. */
export function fromUpper(upper: number, slope: number): Tails {
  return { lower: Math.max(1 - upper, 0), upper: Math.min(upper, 1), slope };
}
