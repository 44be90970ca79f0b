/**
 * V39, what became of a recommendation: taken up in part or in full by the next year's plan; and carried out with success.
 */
import { atLeast } from "./arithmetic.js";

export type TakenUp = "partial" | "complete";
export type Success = "successful" | "partial";

/** @param uptake 0 not, 1 partial, 2 complete @example [takenUp(1), takenUp(1, "complete")] // => [1, 0] */
export function takenUp(uptake: number, how: TakenUp = "partial"): number {
  return atLeast(uptake, how === "partial" ? 1 : 2);
}

/** @param implementation 0 unsuccessful, 1 partial, 2 successful, NaN where not taken up @example [success(1), success(1, "partial"), success(NaN)] // => [0, 1, NaN] */
export function success(implementation: number, how: Success = "successful"): number {
  return atLeast(implementation, how === "successful" ? 2 : 1);
}
