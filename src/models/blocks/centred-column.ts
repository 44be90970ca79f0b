/**
 * Sums and means without loss: what has a level far above its variation keeps the digits of the variation.
 */

/** Sum with compensation (Neumaier 1974). */
export function compensatedSum(values: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    const t = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - t + x : x - t + sum;
    sum = t;
  }
  return sum + lost;
}

/** Subtracts the (weighted) mean, twice for exactness; returns it. */
export function centredInPlace(column: Float64Array, weights: Float64Array | null, total: number): number {
  const n = column.length;
  let mean = 0;
  for (let pass = 0; pass < 2; pass++) {
    let sum = 0;
    let lost = 0;
    for (let i = 0; i < n; i++) {
      const x = weights === null ? column[i]! : weights[i]! * column[i]!;
      const t = sum + x;
      lost += Math.abs(sum) >= Math.abs(x) ? sum - t + x : x - t + sum;
      sum = t;
    }
    const shift = (sum + lost) / total;
    for (let i = 0; i < n; i++) column[i] = column[i]! - shift;
    mean += shift;
  }
  return mean;
}
