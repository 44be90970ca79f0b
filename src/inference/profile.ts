/**
 * Profile likelihood: what the data say of one parameter when all others may adapt to it.
 *
 *   zeta(v) = sign(v - v_hat) sqrt(d(v) - d_hat),   d(v) = min over all other parameters of -2 log-likelihood
 *
 * nearly normal where the estimate is; an interval is where |zeta| is below the normal quantile (Bates & Watts 1988, chapter 6; Bates,
 * Maechler, Bolker & Walker 2015, section 5.1). Linear models are profiled by maximum likelihood, also when they were fitted by REML. R's
 * `profile` and `confint(method = "profile")` of lme4; of generalized, zero-inflated and cumulative models all parameters alike.
 */
import { FitError, intervalMessages, type Note } from "../messages.js";
import { throwIfAborted } from "../models/parallel/worker-pool.js";
import { generalizedProfileModel } from "../models/profile-generalized.js";
import { linearProfileModel } from "../models/profile-linear.js";
import type { HoldableParameter, ProfileModel } from "../models/profile-search.js";
import { normalQuantile } from "../models/special/normal.js";
import type { Interval } from "./interval.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import type { FitPart } from "./parts.js";
import { naturalSpline } from "./profile-spline.js";
import { type Trace, type TracedEnd, type TracedPoint, trace } from "./profile-trace.js";

/** One point of a profile. */
export interface ProfilePoint {
  /** Of the parameter, in the units of the data. */
  readonly value: number;
  /** Signed root of the deviance's rise; 0 at the estimate. */
  readonly zeta: number;
  /** -2 log-likelihood there. */
  readonly deviance: number;
  readonly converged: boolean;
}

/** The profile of one parameter; the interval is that of the profile's level. */
export interface ProfileCurve {
  readonly term: string;
  /** Absent for coefficients of the mean. */
  readonly part?: Exclude<FitPart, "mean"> | "random";
  readonly group?: string;
  /** The maximum likelihood estimate. */
  readonly estimate: number;
  /** Ascending in value. */
  readonly points: readonly ProfilePoint[];
  readonly lower: number;
  readonly upper: number;
  /** Ends that are ends of the parameter's range (0 of a standard deviation, -1 or 1 of a correlation): the profile does not reach the level. */
  readonly bounds: readonly ("lower" | "upper")[];
}

/** Profiles of a model's parameters. */
export interface Profile {
  readonly formula: string;
  /** -2 log-likelihood at the maximum. */
  readonly deviance: number;
  readonly level: number;
  readonly curves: readonly ProfileCurve[];
  readonly notes: readonly Note[];
}

/** Options of `profile`. */
export interface ProfileOptions {
  /** Coverage of the intervals that are computed with the curves, default 0.95. */
  readonly level?: number;
  /** Of what, default "all"; "mean" the fixed effects, "random" standard deviations and correlations, "dispersion" sigma. */
  readonly part?: FitPart | "random" | "all";
  /** Only these terms, by their names: `Days`, `sd__(Intercept)`. */
  readonly terms?: readonly string[];
  /** How far curves go in |zeta|, default 3 (0.27 % of the normal distribution lie beyond), at least as far as the interval. */
  readonly reach?: number;
  /** Called after each parameter. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the work; `profileInTurns` looks at it between searches, `profile` where `onProgress` has given it. */
  readonly signal?: AbortSignal;
}

const REACH = 3;
const MOST_RESTARTS = 5;

/**
 * @returns curves in the order of `tidy`: standard deviations and correlations, sigma, coefficients, for linear models; likewise for others
 * @throws FitError for a level outside (0, 1), a part or term that the model does not have, and a fit with agq 0
 * @throws AbortError when the signal says so
 * @example
 * const curve = profile(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy), { terms: ["sd__Days"] }).curves[0];
 * [curve.lower, curve.estimate, curve.upper] // => [3.8012, 5.7168, 8.7534]
 */
export function profile(fit: MixedFit, options: ProfileOptions = {}): Profile {
  const steps = profileSteps(fit, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * `profile` that lets other things in this thread have their turn between searches.
 *
 * @throws as `profile`
 * @example (await profileInTurns(fit, { part: "mean" })).curves.length === fit.fixed.length // => true
 */
export async function profileInTurns(fit: MixedFit, options: ProfileOptions = {}): Promise<Profile> {
  const steps = profileSteps(fit, options);
  let turn = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - turn < TURN) continue;
    await new Promise<void>((resolve) => setTimeout(resolve));
    turn = performance.now();
  }
}

/** Milliseconds. */
const TURN = 30;

function* profileSteps(fit: MixedFit, options: ProfileOptions): Generator<null, Profile> {
  const { level = 0.95, part = "all", terms, reach = REACH, onProgress, signal } = options;
  if (!(level > 0 && level < 1)) throw new FitError(intervalMessages.badLevel(level));
  if (isGeneralized(fit) && fit.agq === 0) throw new FitError(intervalMessages.fastProfile);
  const z = normalQuantile((1 - level) / 2, "upper");
  const notes: Note[] = [];
  if (!isGeneralized(fit) && fit.method === "REML") notes.push({ code: "profile-likelihood", message: intervalMessages.byLikelihood });
  let model: ProfileModel = isGeneralized(fit) ? generalizedProfileModel(fit) : linearProfileModel(fit);
  for (let restarts = 0; ; restarts++) {
    const parameters = chosen(model.parameters, part, terms);
    const curves: ProfileCurve[] = [];
    let better: ProfileModel | null = null;
    for (const parameter of parameters) {
      const steps = trace(parameter, z, Math.max(z, reach));
      let step = steps.next();
      for (; !step.done; step = steps.next()) {
        throwIfAborted(signal, curves.length, parameters.length);
        yield null;
      }
      const traced = step.value;
      if ("parameter" in traced) {
        better = restarts < MOST_RESTARTS ? model.better(parameter.released(traced.optimum)) : null;
        if (better !== null) break;
        notes.push({ code: "profile-lost", message: intervalMessages.notFollowed(nameOf(parameter)) });
        continue;
      }
      curves.push(curveOf(parameter, traced));
      notes.push(...endNotes(parameter, traced));
      onProgress?.(curves.length, parameters.length);
      throwIfAborted(signal, curves.length, parameters.length);
    }
    if (better === null) return { formula: fit.formula, deviance: model.deviance, level, curves, notes };
    notes.push({ code: "better-optimum", message: intervalMessages.betterOptimum(model.deviance - better.deviance) });
    model = better;
  }
}

function chosen(
  all: readonly HoldableParameter[],
  part: FitPart | "random" | "all",
  terms: readonly string[] | undefined,
): readonly HoldableParameter[] {
  const random = ({ kind }: HoldableParameter): boolean => kind === "sd" || kind === "cor";
  const own = all.filter((parameter) => {
    if (part === "all") return true;
    return part === "random" ? random(parameter) : parameter.part === part && !random(parameter);
  });
  if (own.length === 0) throw new FitError(intervalMessages.nothingOf(part, [...new Set(all.map((one) => one.part))]));
  if (terms === undefined) return own;
  for (const term of terms) {
    if (!own.some((one) => one.term === term)) {
      throw new FitError(
        intervalMessages.unknownTerm(
          term,
          own.map((one) => one.term),
        ),
      );
    }
  }
  return own.filter((one) => terms.includes(one.term));
}

const nameOf = ({ term, group }: HoldableParameter): string => (group === null ? term : `${term} (${group})`);

function curveOf(parameter: HoldableParameter, { points, lower, upper }: Trace): ProfileCurve {
  const { term, part, group, estimate, shown } = parameter;
  const rising = shown(1) >= shown(0);
  const told = points.map(
    ({ value, zeta, optimum }: TracedPoint): ProfilePoint => ({
      value: shown(value),
      zeta: rising ? zeta : -zeta,
      deviance: optimum?.deviance ?? parameter.deviance,
      converged: optimum?.converged ?? true,
    }),
  );
  const [first, last] = rising ? [lower, upper] : [upper, lower];
  const atBound = ({ reason }: TracedEnd): boolean => reason === "bound";
  return {
    term,
    ...(part === "mean" ? {} : { part }),
    ...(group === null ? {} : { group }),
    estimate: shown(estimate),
    points: rising ? told : told.reverse(),
    lower: shown(first.value),
    upper: shown(last.value),
    bounds: [...(atBound(first) ? ["lower" as const] : []), ...(atBound(last) ? ["upper" as const] : [])],
  };
}

function endNotes(parameter: HoldableParameter, { points, lower, upper }: Trace): Note[] {
  const name = nameOf(parameter);
  const notes: Note[] = [];
  for (const { reason, value } of [lower, upper]) {
    if (reason === "bound") notes.push({ code: "profile-bound", message: intervalMessages.endsAtBound(name, value) });
    if (reason === "unbounded") notes.push({ code: "profile-unbounded", message: intervalMessages.noEnd(name) });
    if (reason === "lost") notes.push({ code: "profile-lost", message: intervalMessages.notFollowed(name) });
  }
  const failed = points.filter(({ optimum }) => optimum !== null && !optimum.converged).length;
  if (failed > 0) notes.push({ code: "profile-not-converged", message: intervalMessages.pointsNotConverged(name, failed) });
  return notes;
}

/**
 * zeta of a curve at any value, by a cubic spline through its points; for pictures.
 *
 * @example Math.abs(profileZeta(profile(fit, { part: "mean" }).curves[0], profile(fit, { part: "mean" }).curves[0].upper) - 1.959964) < 1e-5 // => true
 */
export function profileZeta({ points }: ProfileCurve, value: number): number {
  return points.length < 2
    ? Number.NaN
    : naturalSpline(
        points.map((point) => point.value),
        points.map(({ zeta }) => zeta),
      )(value);
}

/**
 * The value at which a curve has a given zeta, by a cubic spline the other way; NaN beyond the curve (the `backspl` of lme4's profiles).
 *
 * @example
 * const curve = profile(fit, { part: "mean" }).curves[0];
 * Math.abs(profileValue(curve, 0) - curve.estimate) < 1e-6 // => true
 */
export function profileValue({ points }: ProfileCurve, zeta: number): number {
  const rising = points.filter((point, i) => i === 0 || point.zeta > points[i - 1]!.zeta);
  if (rising.length < 2 || zeta < rising[0]!.zeta || zeta > rising[rising.length - 1]!.zeta) return Number.NaN;
  return naturalSpline(
    rising.map((point) => point.zeta),
    rising.map(({ value }) => value),
  )(zeta);
}

/**
 * The intervals of a profile: those that were computed with it, or of another level by interpolation of its curves.
 *
 * @param level default the profile's own
 * @returns NaN for an end of another level that the curves do not reach
 * @example profileIntervals(profile(fit, { part: "mean" })).length === fit.fixed.length // => true
 */
export function profileIntervals({ curves, level: own }: Profile, level: number = own): readonly Interval[] {
  if (!(level > 0 && level < 1)) throw new FitError(intervalMessages.badLevel(level));
  const z = normalQuantile((1 - level) / 2, "upper");
  return curves.map((curve) => {
    const { term, part, group, estimate, points, bounds } = curve;
    const end = (side: "lower" | "upper"): number => {
      if (level === own) return curve[side];
      const outermost = side === "lower" ? points[0]! : points[points.length - 1]!;
      // A range that ends inside one interval may end outside a narrower one.
      if (bounds.includes(side) && Math.abs(outermost.zeta) < z) return outermost.value;
      return profileValue(curve, side === "lower" ? -z : z);
    };
    const limits = { lower: end("lower"), upper: end("upper") };
    const atBound = bounds.filter((side) => limits[side] === (side === "lower" ? points[0]! : points[points.length - 1]!).value);
    return {
      term,
      estimate,
      ...limits,
      level,
      ...(part === undefined ? {} : { part }),
      ...(group === undefined ? {} : { group }),
      ...(atBound.length === 0 ? {} : { bounds: atBound }),
    };
  });
}
