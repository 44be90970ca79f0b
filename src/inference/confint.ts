/**
 * Confidence intervals: by standard errors (here), by profile likelihood (profile.ts), and from a bootstrap (bootstrap-intervals.ts). Those
 * by standard errors, Wald intervals, are of coefficients
 * estimate -/+ q standard errors; of what is not nearly normal on its own scale by the delta method on one on which it is, and back:
 *
 *   standard deviations and dispersions   exp(log(sd) -/+ z se(log sd))
 *   correlations                          tanh(atanh(r) -/+ z se(atanh r))
 *
 * (Fisher 1921 for the correlation; Pinheiro & Bates 2000, section 2.4.3.) They are poor for a variance near zero: a profile, or a
 * likelihood-ratio test, compare(without, with), is better there. lme4's `confint`.
 */
import { FitError, inferenceMessages, intervalMessages } from "../messages.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { normalQuantile } from "../models/special/normal.js";
import { type BootstrapInterval, bootstrapIntervals } from "./bootstrap-intervals.js";
import { type BootstrapRecord, checkSameFit } from "./bootstrap-record.js";
import type { DfMethod } from "./coefficients.js";
import { coefficients } from "./coefficients.js";
import type { Interval } from "./interval.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type FitPart, partsOf } from "./parts.js";
import { type ProfileOptions, profile, profileIntervals } from "./profile.js";
import { type RandomEstimate, randomEstimates } from "./random-estimates.js";
import type { RobustOptions } from "./robust-types.js";

export type { Interval } from "./interval.js";

/** Options of `confint`. */
export interface ConfintOptions extends Pick<ProfileOptions, "terms" | "onProgress" | "signal"> {
  /** By standard errors (default), by profile likelihood, or from the replicates of a bootstrap. */
  readonly method?: "wald" | "profile" | "bootstrap";
  /** Coverage, default 0.95. */
  readonly level?: number;
  /**
   * Of Wald intervals: degrees of freedom of the t quantile, default "satterthwaite"; "none" takes the normal quantile, as lme4's Wald
   * intervals do, and is all that generalized models have.
   */
  readonly df?: DfMethod;
  /** Of Wald intervals: cluster-robust standard errors (robust.ts). Default the model's own. */
  readonly robust?: RobustOptions;
  /**
   * Of what, default "mean", the fixed effects of the mean alone; "zi" the coefficients of the zero probability (of zero inflation or a
   * hurdle), "random" standard deviations and correlations, "all" everything the model has. glmmTMB's `confint` gives all parts
   * unasked: that is "all" here, with `part` in each row saying whose it is.
   */
  readonly part?: FitPart | "random" | "all";
  /** Of method "bootstrap": what `await bootstrap(fit, ...)` gave. */
  readonly bootstrap?: BootstrapRecord;
  /** Of method "bootstrap", default "percentile". */
  readonly kind?: BootstrapInterval;
}

const METHODS: readonly NonNullable<ConfintOptions["method"]>[] = ["wald", "profile", "bootstrap"];

/**
 * @throws FitError for a level outside (0, 1), a method or part that there is not, Wald intervals of a linear model's standard deviations, and
 *   method "bootstrap" without a bootstrap
 * @throws DataError for the bootstrap of another fit
 * @example confint(lmm("mAch ~ 1 + (1 | school)", hsb), { df: "none" }) // => [{ term: "(Intercept)", estimate: 12.63697, lower: 12.15797, upper: 13.11598, level: 0.95 }]
 * @example confint(lmm("Reaction ~ Days + (1 | Subject)", sleepstudy), { method: "profile", part: "random" }) // => [{ term: "sd__(Intercept)", group: "Subject", part: "random", estimate: 36.0121, lower: 26.0071, upper: 52.9360, level: 0.95 }]
 */
export function confint(fit: MixedFit, options: ConfintOptions = {}): readonly Interval[] {
  const { method = "wald", level = 0.95, part = "mean", terms, onProgress, signal } = options;
  switch (method) {
    case "wald": {
      const intervals = waldIntervals(fit, options);
      return terms === undefined ? intervals : intervals.filter(({ term }) => terms.includes(term));
    }
    case "profile":
      return profileIntervals(
        profile(fit, {
          level,
          part,
          reach: 0,
          ...(terms === undefined ? {} : { terms }),
          ...(onProgress === undefined ? {} : { onProgress }),
          ...(signal === undefined ? {} : { signal }),
        }),
      );
    case "bootstrap": {
      if (options.bootstrap === undefined) throw new FitError(intervalMessages.bootstrapMissing);
      checkSameFit(options.bootstrap, fit);
      const intervals = bootstrapIntervals(options.bootstrap, { level, ...(options.kind === undefined ? {} : { kind: options.kind }) });
      const own = intervals.filter((interval) => part === "all" || (interval.part ?? "mean") === part);
      return terms === undefined ? own : own.filter(({ term }) => terms.includes(term));
    }
    default:
      throw new FitError(intervalMessages.unknownChoice("method", String(method), METHODS));
  }
}

function waldIntervals(fit: MixedFit, options: ConfintOptions): readonly Interval[] {
  const { level = 0.95, df, robust, part = "mean" } = options;
  if (part === "random") return randomIntervals(fit, level);
  if (part === "all") {
    const parts = partsOf(fit).flatMap((own) => waldIntervals(fit, { ...options, part: own }));
    const sigma = isGeneralized(fit) && fit.dispersionModel === null ? dispersionIntervals(fit, level) : [];
    return [...parts, ...sigma, ...(isGeneralized(fit) ? randomIntervals(fit, level) : [])];
  }
  if (part === "dispersion" && isGeneralized(fit) && fit.dispersionModel === null && fit.dispersion !== null) {
    return dispersionIntervals(fit, level);
  }
  const tests = coefficients(fit, {
    level,
    part,
    ...(df === undefined ? {} : { df }),
    ...(robust === undefined ? {} : { robust }),
  });
  return tests.map(({ term, estimate, lower, upper }) => ({
    term,
    estimate,
    lower,
    upper,
    level,
    ...(part === "mean" ? {} : { part }),
  }));
}

function quantileOf(level: number): number {
  if (!(level > 0 && level < 1)) throw new FitError(inferenceMessages.badLevel(level));
  return normalQuantile((1 - level) / 2, "upper");
}

function randomIntervals(fit: MixedFit, level: number): Interval[] {
  if (!isGeneralized(fit)) throw new FitError(inferenceMessages.linearVarianceIntervals);
  const q = quantileOf(level);
  return [...randomEstimates(fit, "mean"), ...randomEstimates(fit, "zi")].map((row) => ({
    term: row.term,
    estimate: row.estimate ?? Number.NaN,
    ...randomLimits(row, q),
    level,
    part: row.part === "zi" ? ("zi" as const) : ("random" as const),
    group: row.group,
  }));
}

/** Limits on the scale of a standard deviation or correlation; NaN without a standard error. */
export function randomLimits({ kind, estimate, stdError }: RandomEstimate, q: number): { readonly lower: number; readonly upper: number } {
  if (estimate === null || stdError === null) return { lower: Number.NaN, upper: Number.NaN };
  if (kind === "sd") return { lower: estimate * Math.exp(-q * stdError), upper: estimate * Math.exp(q * stdError) };
  const z = Math.atanh(estimate);
  return { lower: Math.tanh(z - q * stdError), upper: Math.tanh(z + q * stdError) };
}

/** Of a dispersion and a shape without predictors, on the scale of their logarithms. */
function dispersionIntervals({ dispersion, dispersionError, shape, shapeError }: GeneralizedMixedFit, level: number): Interval[] {
  const q = quantileOf(level);
  const interval = (term: string, estimate: number, stdError: number): Interval => {
    const limits = { lower: estimate * Math.exp(-q * stdError), upper: estimate * Math.exp(q * stdError) };
    return { term, estimate, ...limits, level, part: "dispersion" };
  };
  return [
    ...(dispersion === null ? [] : [interval("sigma", dispersion, dispersionError?.stdError ?? Number.NaN)]),
    ...(shape === null ? [] : [interval("shape", shape, shapeError?.stdError ?? Number.NaN)]),
  ];
}
