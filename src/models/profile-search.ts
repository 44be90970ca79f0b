/**
 * The optimum of a criterion over all parameters but one that is held: the search of every mixed model (optimize/covariance-search.ts) in
 * the coordinates of a constraint, at the boundary of what is left free as well.
 */
import type { RandomGroup } from "./blocks/random-groups.js";
import { forwardHessian } from "./laplace/hessian.js";
import { type CovarianceSearch, searchOptimum } from "./optimize/covariance-search.js";
import type { ScoringOptions } from "./optimize/scoring.js";
import type { Constraint } from "./profile-constraint.js";

/** The best that the other parameters can do. */
export interface HeldOptimum {
  /** -2 log-likelihood, all constants included. */
  readonly deviance: number;
  readonly converged: boolean;
  /** All parameters, the one held at its value. */
  readonly point: Float64Array;
}

/** A parameter of a model that can be held. */
export interface HoldableParameter {
  readonly kind: "coefficient" | "sd" | "cor" | "sigma" | "shape";
  readonly part: "mean" | "thresholds" | "zi" | "dispersion" | "scale" | "random";
  readonly term: string;
  /** The grouping factor of a standard deviation or correlation. */
  readonly group: string | null;
  /** At the optimum, on the scale on which it is held. */
  readonly estimate: number;
  /** The ends of its range on that scale. */
  readonly range: readonly [number, number];
  /** About a standard error: what a first step may be measured by. */
  readonly scale: number;
  /** As users know it; increasing or decreasing. */
  shown(value: number): number;
  /** @param from a point near the optimum; null for the model's own optimum */
  hold(value: number, from: HeldOptimum | null): HeldOptimum;
  /** The deviance of the model's own optimum as this parameter's problem has it. */
  readonly deviance: number;
  /** A point of this parameter's problem as one of the model's own. */
  released(optimum: HeldOptimum): Float64Array;
}

/** A model at its optimum with the parameters that can be held. */
export interface ProfileModel {
  readonly deviance: number;
  readonly parameters: readonly HoldableParameter[];
  /** The model at the optimum reached from a point; null where that is not better. */
  better(point: Float64Array): ProfileModel | null;
}

/** Gains below this on the deviance scale are not another optimum. */
export const BETTER = 1e-5;

/** @param start parameters to begin at; they need not fulfil the constraint */
export function searchHeld<Point>(
  base: CovarianceSearch<Point>,
  constraint: Constraint,
  start: Float64Array,
  options: ScoringOptions = {},
): HeldOptimum {
  const size = start.length;
  const free = Int32Array.from({ length: size }, (_, j) => j).filter((j) => !constraint.held.includes(j));
  const evaluated = (x: Float64Array): { readonly value: number; readonly point: Point | null } => {
    const point = constraint.point(x);
    return point === null ? { value: Number.POSITIVE_INFINITY, point: null } : base.value(point);
  };
  const gradientAt = (x: Float64Array): Float64Array | null => {
    const { value, point } = evaluated(x);
    return point === null || !Number.isFinite(value) ? null : constraint.pull(base.derivatives(point).gradient);
  };
  const groups: readonly RandomGroup[] = constraint.groups;
  const search: CovarianceSearch<Point | null> = {
    structure: { ...base.structure, groups },
    parameters: base.parameters,
    n: base.n,
    value: evaluated,
    // Asked for where there was a value.
    derivatives: (point) => {
      const { gradient, information, d, scores } = base.derivatives(point!);
      return { gradient: constraint.pull(gradient), information: pulled(constraint, information, size), d, scores };
    },
    curvature: (point, c, scores) => base.curvature(point!, c, scores),
    ...(base.hessian === undefined
      ? {}
      : {
          hessian: (x: Float64Array, gradient: Float64Array, information: Float64Array) => ({
            matrix: forwardHessian(gradientAt, x, gradient, free, information),
            evaluations: free.length,
          }),
        }),
  };
  const found = searchOptimum<Point | null>(search, constraint.coordinates(start), options);
  return { deviance: found.value, converged: found.converged, point: constraint.point(found.x) ?? start };
}

/** J'HJ. */
function pulled(constraint: Constraint, matrix: Float64Array, size: number): Float64Array {
  const half = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    const column = constraint.pull(matrix.slice(c * size, (c + 1) * size));
    for (let r = 0; r < size; r++) half[r * size + c] = column[r]!;
  }
  const out = new Float64Array(size * size);
  for (let c = 0; c < size; c++) out.set(constraint.pull(half.slice(c * size, (c + 1) * size)), c * size);
  return out;
}
