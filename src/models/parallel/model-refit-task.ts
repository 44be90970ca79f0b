/**
 * Any mixed model estimated again, from another response or from other units, as a task: the model as plain data that can be sent, from
 * which everything is built anew. (For other responses of a linear model refit-task.ts is much quicker.)
 */
import { FitError } from "../../messages.js";
import { cumulativeLink } from "../category-probabilities.js";
import { fitCumulativeMixed } from "../cumulative-mixed.js";
import type { LinkName } from "../families/family.js";
import { familyNamed } from "../families/registry.js";
import type { ThresholdStructure } from "../families/thresholds.js";
import type { FixedEffect, LinearMixedFit, RandomComponent } from "../fit.js";
import type { ModelFrame } from "../frame/frame.js";
import { type ClusterRows, resampledFrame } from "../frame/resampled-frame.js";
import type { GeneralizedMixedFit } from "../generalized-fit.js";
import { fitGeneralizedMixed } from "../generalized-mixed.js";
import { startOf, zerosOf } from "../generalized-refit.js";
import type { StartPoint } from "../laplace/estimate.js";
import { fitLinearMixed } from "../linear-mixed.js";
import { fitMultinomialMixed } from "../multinomial-mixed.js";

/** What a model is besides its rows. */
export type ModelPlan =
  | { readonly kind: "linear"; readonly method: "REML" | "ML" }
  | {
      readonly kind: "generalized";
      readonly family: string;
      readonly link: LinkName;
      readonly agq: number;
      readonly zeros: "inflated" | "hurdle" | "truncated" | null;
      readonly startPoint: StartPoint;
    }
  | {
      readonly kind: "ordered";
      readonly family: "cumulative" | "adjacent";
      readonly link: LinkName;
      readonly agq: number;
      readonly threshold: ThresholdStructure;
      readonly startPoint: StartPoint;
    }
  | { readonly kind: "multinomial"; readonly agq: number };

export interface ModelRefitShared {
  readonly plan: ModelPlan;
  /** With the random terms that the formula has. */
  readonly frame: ModelFrame;
  /** Units that tasks draw; null where they bring responses. */
  readonly clusters: ClusterRows | null;
}

/** n responses as the frame has them, or the units drawn. */
export type ModelRefitTask = { readonly values: Float64Array } | { readonly draws: Int32Array };

/** What a part of a model has estimated. */
interface PartEstimates {
  readonly fixed: readonly FixedEffect[];
  readonly random: readonly RandomComponent[];
}

/** What was estimated: the fields of a fit by their names; plain. */
export interface ModelEstimates {
  readonly fixed: readonly FixedEffect[];
  readonly random: readonly RandomComponent[];
  /** Linear models; absent elsewhere. */
  readonly sigma?: number;
  readonly thresholds?: readonly FixedEffect[] | null;
  readonly dispersion?: number | null;
  readonly shape?: number | null;
  readonly dispersionModel?: PartEstimates | null;
  readonly zeroInflation?: PartEstimates | null;
  readonly scaleModel?: PartEstimates | null;
  readonly converged: boolean;
  readonly singular: boolean;
}

/** The estimates, or why there are none. */
export type ModelRefitResult =
  | { readonly estimates: ModelEstimates; readonly failure: null }
  | { readonly estimates: null; readonly failure: string };

/** @param frame the fit's, with the random terms that the formula has */
export function modelRefitShared(
  fit: LinearMixedFit | GeneralizedMixedFit,
  frame: ModelFrame,
  clusters: ClusterRows | null,
): ModelRefitShared {
  return { plan: planOf(fit), frame: { ...frame, predictors: new Map(), remarks: [] }, clusters };
}

function planOf(fit: LinearMixedFit | GeneralizedMixedFit): ModelPlan {
  if (fit.model === "lmm") return { kind: "linear", method: fit.method };
  const { engine, link, agq } = fit;
  const startPoint = startOf(fit);
  if (engine.categories !== null) {
    const family = fit.family === "adjacent" ? "adjacent" : "cumulative";
    return { kind: "ordered", family, link, agq, threshold: engine.categories.thresholds.structure, startPoint };
  }
  if (engine.family === null) return { kind: "multinomial", agq };
  return { kind: "generalized", family: engine.family.name, link, agq, zeros: zerosOf(fit), startPoint };
}

/** @throws FitError for rows from which the model cannot be estimated */
export function fitAgain({ plan, frame, clusters }: ModelRefitShared, task: ModelRefitTask): LinearMixedFit | GeneralizedMixedFit {
  const own =
    "draws" in task ? resampledFrame(frame, clusters!, task.draws) : { ...frame, response: { ...frame.response, values: task.values } };
  switch (plan.kind) {
    case "linear":
      return fitLinearMixed(own, { method: plan.method });
    case "generalized": {
      const { family, link, agq, zeros, startPoint } = plan;
      return fitGeneralizedMixed(own, { family: familyNamed(family), link, agq, startPoint, ...(zeros === null ? {} : { zeros }) });
    }
    case "ordered": {
      const { family, agq, threshold, startPoint } = plan;
      return fitCumulativeMixed(own, { family, link: cumulativeLink(plan.link), threshold, agq, startPoint });
    }
    case "multinomial":
      return fitMultinomialMixed(own, { agq: plan.agq });
  }
}

export function modelRefit(shared: ModelRefitShared, task: ModelRefitTask): ModelRefitResult {
  try {
    const fit = fitAgain(shared, task);
    const { fixed, random, converged, singular } = fit;
    if (fit.model === "lmm") return { estimates: { fixed, random, sigma: fit.sigma, converged, singular }, failure: null };
    const { thresholds, dispersion, shape, dispersionModel, zeroInflation, scaleModel } = fit;
    const parts = {
      dispersionModel: plain(dispersionModel),
      zeroInflation: plain(zeroInflation),
      scaleModel: plain(scaleModel),
    };
    return { estimates: { fixed, random, thresholds, dispersion, shape, ...parts, converged, singular }, failure: null };
  } catch (error) {
    if (error instanceof FitError) return { estimates: null, failure: error.message };
    throw error;
  }
}

function plain(part: PartEstimates | null): PartEstimates | null {
  return part === null ? null : { fixed: part.fixed, random: part.random };
}
