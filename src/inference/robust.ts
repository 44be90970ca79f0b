/**
 * Cluster-robust covariance matrix of the fixed effects, the sandwich of Liang & Zeger (1986), without small-sample
 * correction (CR0): what HLM prints as robust standard errors.
 *
 *   V = M (sum_j s_j s_j') M,   M = vcov(beta),   s_j = X_j' V_j^-1 (y_j - X_j beta - offset_j)
 *
 * With the conditional residual r = y - X beta - Z u - offset, V^-1 (y - X beta - offset) = W r / sigma^2 exactly (the
 * mixed-model equations; Henderson 1975), so that s_j is a sum over the rows of cluster j of x_i w_i r_i / sigma^2.
 */
import { inferenceMessages } from "../messages.js";
import type { LinearMixedFit } from "../models/fit.js";
import { fittedValues } from "../models/fitted.js";
import { linearOnly } from "./linear-only.js";
import type { MixedFit } from "./mixed-fit.js";
import { fixedColumns, topLevel, unitsOf } from "./units.js";

/** Robust covariance of the fixed effects. */
export interface RobustCovariance {
  readonly type: "CR0";
  /** The grouping factor whose units are taken as independent. */
  readonly cluster: string;
  readonly clusters: number;
  /** p x p column-major. */
  readonly vcov: Float64Array;
  /** p, in the order of `fit.fixed`. */
  readonly stdErrors: Float64Array;
}

/**
 * Robust covariance by the top-level factor; null where there is none: crossed factors or multiple membership leave no
 * independent clusters.
 *
 * @throws FitError for a generalized or cumulative model
 * @example Array.from(robustCovariance(lmm("mAch ~ 1 + (1 | school)", hsb)).stdErrors) // => [0.24363]
 */
export function robustCovariance(fit: MixedFit): RobustCovariance | null {
  linearOnly(fit, "The robust covariance of the fixed effects", inferenceMessages.noRobust);
  const cluster = topLevel(unitsOf(fit));
  if (cluster === null) return null;
  const p = fit.fixed.length;
  const scores = clusterScores(fit, cluster.levelOf!, cluster.levelCount);
  const vcov = new Float64Array(p * p);
  const projected = new Float64Array(p);
  for (let j = 0; j < cluster.levelCount; j++) {
    for (let a = 0; a < p; a++) {
      let sum = 0;
      for (let b = 0; b < p; b++) sum += fit.vcov[b * p + a]! * scores[j * p + b]!;
      projected[a] = sum;
    }
    for (let b = 0; b < p; b++) for (let a = 0; a < p; a++) vcov[b * p + a]! += projected[a]! * projected[b]!;
  }
  const stdErrors = Float64Array.from({ length: p }, (_, a) => Math.sqrt(vcov[a * p + a]!));
  return { type: "CR0", cluster: cluster.group, clusters: cluster.levelCount, vcov, stdErrors };
}

/** p x J column-major: s_j in column j. */
function clusterScores(fit: LinearMixedFit, clusterOf: Int32Array, clusters: number): Float64Array {
  const { rows, weights } = fit.frame;
  const { residuals } = fittedValues(fit);
  const columns = fixedColumns(fit);
  const p = columns.length;
  const scores = new Float64Array(p * clusters);
  for (let i = 0; i < rows.length; i++) {
    const r = (residuals[rows[i]!]! * (weights === null ? 1 : weights[i]!)) / (fit.sigma * fit.sigma);
    const j = clusterOf[i]!;
    for (let a = 0; a < p; a++) scores[j * p + a]! += columns[a]![i]! * r;
  }
  return scores;
}
