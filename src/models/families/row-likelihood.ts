/**
 * The log-likelihood of one row as a function of the row's linear predictors, with its derivatives.
 *
 *   l(x_0, ..., x_{P-1}),   dl/dx_a,   d2l/dx_a dx_b,   d3l/dx_a dx_b dx_c
 *
 * Predictor 0 is the one that carries the mean (or, for ordered categories, the latent mean); the others are thresholds, the logarithm
 * of a dispersion, the logit of a zero probability. Everything that the Laplace approximation and its exact gradient ask of a family
 * is in these numbers: the *observed* derivatives, all constants included in l, the prior weight multiplied in.
 */

/** Up to which derivative the numbers are wanted. */
export type DerivativeOrder = 0 | 1 | 2 | 3;

export interface RowLikelihood {
  /** P names, for messages and results: `mean`, `dispersion`, `zero`, `upper`, `lower`, `scale`, `shape`. */
  readonly predictors: readonly string[];
  /**
   * Predictors that may carry random effects, ascending. Third derivatives are given where at least two of the three predictors are
   * among these (the same one twice counts as two); the others need not be written.
   */
  readonly random: readonly number[];
  /**
   * Row i's log-likelihood and derivatives at the predictor values `at` (P numbers), written to `out` in the places of
   * `derivativeLength`, `firstAt`, `secondAt` and `thirdAt`. Orders above `order` need not be written. Every number asked for
   * is written, zeros too. A point outside the domain (crossed thresholds, a negative mean) gives out[0] = -Infinity.
   */
  row(i: number, at: Float64Array, order: DerivativeOrder, out: Float64Array): void;
}

/** Numbers written for P predictors, third derivatives included. */
export const derivativeLength = (p: number): number => 1 + p + (p * (p + 1)) / 2 + (p * (p + 1) * (p + 2)) / 6;

/** Place of dl/dx_a. */
export const firstAt = (a: number): number => 1 + a;

/** Place of d2l/dx_a dx_b among P predictors, a <= b. */
export const secondAt = (p: number, a: number, b: number): number => 1 + p + (b * (b + 1)) / 2 + a;

/** Place of d3l/dx_a dx_b dx_c among P predictors, a <= b <= c. */
export const thirdAt = (p: number, a: number, b: number, c: number): number =>
  1 + p + (p * (p + 1)) / 2 + (c * (c + 1) * (c + 2)) / 6 + (b * (b + 1)) / 2 + a;
