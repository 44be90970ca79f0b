/**
 * Quantiles, type 7 of Hyndman & Fan (1996), R's default:
 *
 *   Q(p) = x_(j) + (h - j) (x_(j+1) - x_(j)),  h = (n - 1) p + 1,  j = floor(h)
 */

/**
 * @param sorted n values in increasing order, none missing
 * @param probability in [0, 1]
 * @returns NaN where there are no values
 * @example quantileSorted(Float64Array.of(1, 2, 3, 4), 0.25) // => 1.75
 */
export function quantileSorted(sorted: ArrayLike<number>, probability: number): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const position = (n - 1) * probability;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const share = position - below;
  // Without this an infinite neighbour of weight zero would give NaN.
  if (share === 0 || low === sorted[below + 1]) return low;
  return low + share * (sorted[below + 1]! - low);
}
