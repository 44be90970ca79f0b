/**
 * What a fit keeps of its engine so that conclusions can be drawn from it without touching the rows again.
 */
import type { Evaluation, LinearProblem } from "./blocks/criterion.js";
import type { FixedBasis } from "./blocks/fixed-basis.js";
import type { ResponseBasis } from "./blocks/response-basis.js";

export interface LinearEngine {
  /** Blocks, parameters and a factor to work in (scratch: its contents belong to whoever factored last). */
  readonly problem: LinearProblem;
  readonly basis: FixedBasis;
  readonly response: ResponseBasis;
  /** At the optimum, factors not lifted; lambda whitened. */
  readonly optimum: Evaluation;
  /** Spherical effects in elimination order, then p coefficients of the working columns, for the working response. */
  readonly effects: Float64Array;
}
