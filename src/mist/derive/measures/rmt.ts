/**
 * V41, composites of the RMT network: the mean of five dimensions of vision and of four areas of implementation, each 0-3, of which
 * at least three were rated. The dimensions stand beside the composites.
 */
import { meanPresent } from "./arithmetic.js";

const LEAST_DIMENSIONS = 3;

/** @example [rmtComposite([1, 2, 3, NaN, NaN]), rmtComposite([1, 2, NaN, NaN])] // => [2, NaN] */
export function rmtComposite(levels: ArrayLike<number>): number {
  return meanPresent(levels, LEAST_DIMENSIONS);
}
