/**
 * What a generalized fit keeps of its engine so that conclusions can be drawn from it without searching again.
 */
import type { Family, LinkName, ResponseRows } from "./families/family.js";
import type { NominalColumns, ThresholdDesign } from "./families/thresholds.js";
import type { LaplaceProblem } from "./laplace/problem.js";

export interface GeneralizedEngine {
  /** Rows, blocks and room to work in (scratch: its contents belong to whoever evaluated last). */
  readonly problem: LaplaceProblem;
  /** theta (whitened factors), then psi (working coefficients), at the optimum. */
  readonly point: Float64Array;
  /** Spherical effects at the optimum, elimination order. */
  readonly effects: Float64Array;
  readonly agq: number;
  /**
   * Coefficients as users know them = transform x psi + shift: rows of the transform in the order of `names`, (names x psiCount) row-major.
   */
  readonly transform: Float64Array;
  readonly names: readonly string[];
  /** Covariance matrix of (theta, psi) at the optimum, column-major; rows of parameters held at the boundary are zero. Null where it is not positive definite. */
  readonly jointCovariance: Float64Array | null;
  /** The response's family; null for models of categories. */
  readonly family: Family | null;
  readonly link: LinkName;
  readonly response: ResponseRows;
  /** Models of ordered categories: their thresholds; null elsewhere. */
  readonly categories: CategoryDesign | null;
}

/** Ordered categories and how their thresholds depend on the first elements of psi. */
export interface CategoryDesign {
  /** J names, those with rows. */
  readonly levels: readonly string[];
  /** n: index of each row's category. */
  readonly category: Int32Array;
  readonly thresholds: ThresholdDesign;
  readonly nominal: NominalColumns | null;
}
