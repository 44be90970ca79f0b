/**
 * What every model says of its rows.
 */

/** Each array has the input table's length; NaN where a row was not used. Units of the response. */
export interface FittedValues {
  readonly fitted: Float64Array;
  /** Without the random effects. */
  readonly fixed: Float64Array;
  readonly residuals: Float64Array;
}
