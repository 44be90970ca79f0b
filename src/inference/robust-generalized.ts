/**
 * Cluster-robust covariance of generalized and cumulative models: the sandwich over all parameters jointly (White 1982; Freedman 2006).
 *
 *   V = C (sum_j g_j g_j') C,   C = (-d^2 log L)^-1,   g_j = d log L_j
 *
 * log L_j is the Laplace approximation of cluster j's log-likelihood (cluster-gradients.ts), C the covariance of all coefficients, thresholds,
 * dispersions and variance parameters that the fit has. CR1 multiplies by J / (J - 1). The estimate is right also where the distribution
 * given the random effects is not the family's, as long as what the estimates converge to is what is wanted; it needs many clusters.
 */
import { FitError, robustMessages } from "../messages.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { clusterGradients } from "../models/laplace/cluster-gradients.js";
import { blockOf } from "../models/laplace/coefficients.js";
import { type FitPart, jointCovariance, partOf } from "./parts.js";
import type { Clusters } from "./robust-clusters.js";
import type { RobustCovariance, RobustType } from "./robust-types.js";

const TYPES: readonly RobustType[] = ["CR0", "CR1"];

/** @throws FitError for types that need a linear model, for fits other than by Laplace's approximation or without a Hessian */
export function generalizedRobust(fit: GeneralizedMixedFit, type: RobustType, clusters: Clusters, part: FitPart): RobustCovariance {
  const { engine } = fit;
  const { problem, point, effects, jointCovariance: joint } = engine;
  if (!TYPES.includes(type)) throw new FitError(robustMessages.onlyTypes(type, TYPES));
  if (problem.quadrature !== null || problem.profiled.length > 0) throw new FitError(robustMessages.laplaceOnly(fit.agq));
  const terms = partOf(fit, part).fixed.map(({ term }) => term);
  const homes = problem.structure.groups.map((group) => clusters.home[group.parts[0]!.term]!);
  const gradients = joint === null ? null : clusterGradients(problem, point, effects, clusters.of, homes, clusters.count);
  if (joint === null || gradients === null) throw new FitError(robustMessages.noHessian);

  const size = point.length;
  const factor = (type === "CR1" ? clusters.count / (clusters.count - 1) : 1) / 4;
  const sandwich = new Float64Array(size * size);
  const influence = new Float64Array(size);
  for (let j = 0; j < clusters.count; j++) {
    influence.fill(0);
    for (let b = 0; b < size; b++) {
      const g = gradients[j * size + b]!;
      if (g !== 0) for (let a = 0; a < size; a++) influence[a]! += joint[b * size + a]! * g;
    }
    for (let b = 0; b < size; b++) for (let a = 0; a < size; a++) sandwich[b * size + a]! += factor * influence[a]! * influence[b]!;
  }
  const { values } = jointCovariance({ ...engine, jointCovariance: sandwich });
  const p = terms.length;
  const vcov = blockOf(values, engine.names.length, placeOf(fit, part), p);
  const stdErrors = Float64Array.from(terms, (_, a) => Math.sqrt(vcov[a * p + a]!));
  return { type, cluster: clusters.name, clusters: clusters.count, terms, vcov, stdErrors, df: null };
}

/** Where a part begins among all coefficients of the engine. */
function placeOf(fit: GeneralizedMixedFit, part: FitPart): number {
  const { engine } = fit;
  const mean = fit.thresholds?.length ?? 0;
  switch (part) {
    case "thresholds":
      return 0;
    case "mean":
      return mean;
    case "scale":
      return mean + fit.fixed.length;
    case "dispersion":
      return fit.fixed.length + engine.family!.further.indexOf("dispersion");
    case "zi":
      return engine.names.length - (fit.zeroInflation?.fixed.length ?? 0);
  }
}
