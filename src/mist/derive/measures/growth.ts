/**
 * V31, growth of a teacher's instruction (iqa_composite):
 *
 *   last - first observed value;  or x_t - x_{t-1};  or the residual of x_t after regression on x_{t-1} over all teachers;
 *   or the empirical-Bayes slope of  iqa_composite ~ yr + (1 + yr | teacher_id)  (Raudenbush & Bryk 2002, ch. 6)
 */
import { meanPresent } from "./arithmetic.js";
import { lagged, type Occasions } from "./occasions.js";

export type Growth = "last_minus_first" | "yearly_difference" | "residual_change" | "empirical_bayes_slope";

/**
 * V31, but for the slope, which needs a model. One value a row; the same in all rows of a person for "last_minus_first".
 *
 * @returns NaN for persons observed once, and without a neighbouring cycle for the yearly ones
 * @example growth(Float64Array.of(1, NaN, 4), occasions([5, 5, 5], [1, 2, 4])) // => Float64Array [3, 3, 3]
 */
export function growth(
  x: Float64Array,
  given: Occasions,
  how: Exclude<Growth, "empirical_bayes_slope"> = "last_minus_first",
): Float64Array {
  const before = lagged(x, given);
  if (how === "yearly_difference") return x.map((value, i) => value - before[i]!);
  if (how === "residual_change") return residuals(x, before);
  const result = new Float64Array(x.length).fill(Number.NaN);
  for (const rows of given.rowsOf) {
    const seen = rows.map((row) => x[row]!).filter((value) => !Number.isNaN(value));
    if (seen.length < 2) continue;
    for (const row of rows) result[row] = seen[seen.length - 1]! - seen[0]!;
  }
  return result;
}

/** y - (a + b x) by least squares over the complete pairs. @example residuals(Float64Array.of(1, 3, 9), Float64Array.of(0, 1, 2)) // => Float64Array [0.66666667, -1.33333333, 0.66666667] */
export function residuals(y: Float64Array, x: Float64Array): Float64Array {
  const used = Array.from(y.keys()).filter((i) => !Number.isNaN(y[i]! + x[i]!));
  const [meanX, meanY] = [meanPresent(used.map((i) => x[i]!)), meanPresent(used.map((i) => y[i]!))];
  const sxx = used.reduce((sum, i) => sum + (x[i]! - meanX) ** 2, 0);
  const sxy = used.reduce((sum, i) => sum + (x[i]! - meanX) * (y[i]! - meanY), 0);
  const slope = sxx > 0 ? sxy / sxx : 0;
  return y.map((value, i) => value - meanY - slope * (x[i]! - meanX));
}
