/**
 * V25, an accomplished coach: own ambitious and equitable practice (rubric at least 3), a sophisticated vision, and difficulty
 * explained by instruction. Alternatives: expertise (V18) of at least half a standard deviation, or MKT of at least 0 besides.
 *
 * coach_facets, the number of the three, stands beside it wherever coaches are.
 */
import { allTrue, atLeast, equals, total } from "./arithmetic.js";
import { ACCOMPLISHED } from "./exposure.js";

export type CoachAccomplished = "three_facets" | "expertise" | "with_mkt";

/** From this level on own practice is accomplished. */
const ACCOMPLISHED_PRACTICE = 3;

export interface Coach {
  /** 0-4. */
  readonly practice: number;
  /** V13. */
  readonly visionHigh: number;
  /** Code of the explanation, -1 to 1. */
  readonly explanation: number;
  /** V14. */
  readonly mkt: number;
  /** V18. */
  readonly expertise: number;
}

function facets({ practice, visionHigh, explanation }: Coach): readonly number[] {
  return [atLeast(practice, ACCOMPLISHED_PRACTICE), visionHigh, equals(explanation, 1)];
}

/**
 * V25.
 *
 * @example coachAccomplished({ practice: 3, visionHigh: 1, explanation: 1, mkt: -1, expertise: 0.2 }) // => 1
 */
export function coachAccomplished(coach: Coach, how: CoachAccomplished = "three_facets"): number {
  if (how === "expertise") return atLeast(coach.expertise, ACCOMPLISHED);
  return allTrue(how === "with_mkt" ? [...facets(coach), atLeast(coach.mkt, 0)] : facets(coach));
}

/** How many of the three facets; NaN where one is unknown. @example coachFacets({ practice: 3, visionHigh: 1, explanation: 0, mkt: 1, expertise: 1 }) // => 2 */
export function coachFacets(coach: Coach): number {
  return total(facets(coach));
}
