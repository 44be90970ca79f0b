/**
 * What every model says of its rows.
 */

/** Each array has the input table's length; NaN where a row was not used. Units of the response. */
export interface FittedValues {
  /** The mean; for ordered categories the expected one, for unordered ones the probability of the category observed. */
  readonly fitted: Float64Array;
  /** The same without the random effects. */
  readonly fixed: Float64Array;
  /** y - fitted; for ordered categories P(Y < y) - P(Y > y), for unordered ones 1 - fitted. */
  readonly residuals: Float64Array;
}
