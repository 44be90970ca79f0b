/**
 * A confidence interval, whatever it was made by.
 */
import type { FitPart } from "./parts.js";

/** One interval. */
export interface Interval {
  /** A coefficient's term; `sd__(Intercept)`, `cor__(Intercept).Days` for random effects; `sigma` and `shape` for a dispersion without a formula. */
  readonly term: string;
  readonly estimate: number;
  /** NaN where there is none: by standard errors at the boundary, where a profile or a test can tell; by a bootstrap without values. */
  readonly lower: number;
  readonly upper: number;
  /** The coverage asked for, in (0, 1). */
  readonly level: number;
  /** Absent for coefficients of the mean. */
  readonly part?: Exclude<FitPart, "mean"> | "random";
  /** The grouping factor of a standard deviation or correlation. */
  readonly group?: string;
  /** Ends that are the ends of the parameter's range (0, -1, 1), not values at which the level is reached; absent for none. */
  readonly bounds?: readonly ("lower" | "upper")[];
}
