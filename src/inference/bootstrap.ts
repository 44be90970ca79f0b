/**
 * The bootstrap: how estimates vary when the data are drawn again.
 *
 *   parametric   responses from the fitted model, with new random effects or with those of the data (simulate.ts)
 *   residual     responses from estimated effects and residuals drawn again (bootstrap-residual.ts); linear models
 *   cluster      whole units of a grouping factor with replacement, their rows as they are (frame/resampled-frame.ts)
 *
 * (Davison & Hinkley 1997; van der Leeden, Meijer & Busing 2008, "Resampling multilevel models".) Replicate r has the random numbers of the
 * stream (seed, r): any order, any number of workers and any interruption give the same record. lme4's `bootMer`, lmeresampler's
 * `bootstrap`.
 */
import { randomStream } from "../data/random.js";
import { AbortError, DataError, FitError, intervalMessages } from "../messages.js";
import type { ModelFrame } from "../models/frame/frame.js";
import { type ClusterRows, clusterRows, topFactor } from "../models/frame/resampled-frame.js";
import { fitAgain, type ModelRefitResult, type ModelRefitTask, modelRefitShared } from "../models/parallel/model-refit-task.js";
import { type RefitRecord, refitShared } from "../models/parallel/refit-task.js";
import { inlinePool, throwIfAborted, type WorkerPool } from "../models/parallel/worker-pool.js";
import {
  type BootstrapRecord,
  type BootstrapReplicate,
  type BootstrapTerm,
  type BootstrapType,
  checkSameFit,
  dataHash,
  estimatesOf,
  termsOf,
  valuesOf,
  withReplicates,
} from "./bootstrap-record.js";
import { residualSimulator } from "./bootstrap-residual.js";
import { formulaRandom } from "./equations.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import type { PoolOptions } from "./prepare-df.js";
import { printedFit } from "./printed-fit.js";
import { type RandomEffectsOf, type Simulator, simulator } from "./simulate.js";

/** Numbers by name, the same names for every fit. */
export type BootstrapStatistic = (fit: MixedFit) => Readonly<Record<string, number>>;

/** What a bootstrap is. */
export interface BootstrapPlan {
  readonly type: BootstrapType;
  /** How many times, 1 or more; default 1000. */
  readonly replicates?: number;
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Of the parametric bootstrap: new units (default), or those of the data at their conditional modes. */
  readonly randomEffects?: RandomEffectsOf;
  /** The grouping factor whose units are drawn or left out; default the one in which all others are nested. */
  readonly cluster?: string;
  /** Also leave out each unit of the cluster once, which BCa intervals need; default false. */
  readonly jackknife?: boolean;
  /** What is computed from each refit; default all coefficients, standard deviations, correlations and dispersions. Runs in this thread. */
  readonly statistic?: BootstrapStatistic;
}

/** How it is run: never what comes out. */
export interface BootstrapRun extends PoolOptions {
  /** Called with replicates as they are finished, to be saved: `withReplicates(record, replicates, of)`. */
  readonly onReplicates?: (replicates: readonly BootstrapReplicate[], of: "done" | "jackknife") => void;
}

const DEFAULT_REPLICATES = 1000;
/** Milliseconds of work between two reports. */
const BATCH = 500;
/** Numbers of responses that are held at a time. */
const MOST_NUMBERS = 4e6;

/**
 * @param plan `{ type, seed, replicates, ... }` and how to run it: `pool` (workers), `onProgress`, `signal`, `onReplicates`
 * @returns the record; refits that failed are in it with the reason, singular ones are marked (`bootstrapCounts`)
 * @throws FitError for a residual bootstrap of a model that is not linear, and where there is no factor to draw units of
 * @throws DataError for a seed or number of replicates that cannot be used
 * @throws AbortError when the signal says so; what was done until then went to `onReplicates`
 * @example
 * const record = await bootstrap(fit, { type: "parametric", replicates: 3, seed: 1 });
 * record.done.length // => 3
 */
export async function bootstrap(fit: MixedFit, plan: BootstrapPlan & BootstrapRun): Promise<BootstrapRecord> {
  const { pool, onProgress, signal, onReplicates, ...what } = plan;
  return resumeBootstrap(fit, startBootstrap(fit, what), {
    ...(pool === undefined ? {} : { pool }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
    ...(onReplicates === undefined ? {} : { onReplicates }),
    ...(what.statistic === undefined ? {} : { statistic: what.statistic }),
  });
}

/**
 * The record of a bootstrap of which nothing is done yet: what a long run saves first.
 *
 * @throws as `bootstrap`
 * @example startBootstrap(fit, { type: "cluster", seed: 7, replicates: 200 }).done // => []
 */
export function startBootstrap(fit: MixedFit, plan: BootstrapPlan): BootstrapRecord {
  const { type, seed, replicates = DEFAULT_REPLICATES, randomEffects = "new", jackknife = false, statistic } = plan;
  const types: readonly BootstrapType[] = ["parametric", "residual", "cluster"];
  if (!types.includes(type)) throw new FitError(intervalMessages.unknownChoice("type", String(type), types));
  if (!Number.isInteger(replicates) || replicates < 1) throw new DataError(intervalMessages.badReplicates(replicates));
  randomStream(seed);
  if (type === "residual" && isGeneralized(fit)) throw new FitError(intervalMessages.residualLinearOnly);
  if (type === "parametric") simulator(fit, randomEffects);
  const clusters = type === "cluster" || jackknife ? clustersOf(fit, plan.cluster ?? null) : null;
  const own = statistic?.(fit);
  const estimates = estimatesOf(fit);
  const terms: readonly BootstrapTerm[] = own === undefined ? termsOf(estimates) : Object.keys(own).map((term) => ({ term }));
  const estimate = own === undefined ? valuesOf(estimates, terms)! : numbers(own, terms);
  return {
    schemaVersion: 1,
    kind: "bootstrap",
    formula: fit.formula,
    family: fit.family,
    method: fit.method,
    data: dataHash(fit),
    type,
    randomEffects,
    cluster: clusters?.group ?? null,
    seed,
    replicates,
    leftOut: jackknife ? clusters!.levels.length : 0,
    ownStatistic: own !== undefined,
    terms,
    estimate,
    done: [],
    jackknife: [],
  };
}

/**
 * Does what is left of a bootstrap. The result is, number for number, that of a run that was never interrupted.
 *
 * @param record as it was saved; `{ ...record, replicates: 5000 }` asks for more
 * @throws DataError where the record is not of this model and these data
 * @throws as `bootstrap`
 * @example
 * const half = await bootstrap(fit, { type: "parametric", replicates: 2, seed: 1 });
 * const whole = await resumeBootstrap(fit, { ...half, replicates: 4 });
 * whole.done.map(({ replicate }) => replicate) // => [0, 1, 2, 3]
 */
export async function resumeBootstrap(
  fit: MixedFit,
  record: BootstrapRecord,
  run: BootstrapRun & Pick<BootstrapPlan, "statistic"> = {},
): Promise<BootstrapRecord> {
  checkSameFit(record, fit);
  const { pool = inlinePool(), onProgress, signal, onReplicates, statistic } = run;
  if (record.ownStatistic !== (statistic !== undefined)) throw new DataError(intervalMessages.statisticMissing(record.ownStatistic));
  const { leftOut, replicates } = record;
  const clusters = record.cluster === null ? null : clustersOf(fit, record.cluster);
  const work = workOf(fit, record, clusters, statistic ?? null, pool);
  const total = replicates + leftOut;
  let whole = record;
  for (const of of ["done", "jackknife"] as const) {
    const asked = of === "done" ? replicates : leftOut;
    const has = new Set(whole[of].map(({ replicate }) => replicate));
    const missing = Array.from({ length: asked }, (_, r) => r).filter((r) => !has.has(r));
    const before = of === "done" ? replicates - missing.length : replicates + leftOut - missing.length;
    let batch = Math.max(8, 4 * pool.size);
    for (let at = 0; at < missing.length; ) {
      throwIfAborted(signal, before + at, total);
      const began = performance.now();
      const own = missing.slice(at, at + batch);
      const progress = (count: number): void => onProgress?.(before + at + count, total);
      const finished = await work(of, own, { progress, ...(signal === undefined ? {} : { signal }) });
      whole = withReplicates(whole, finished, of);
      onReplicates?.(finished, of);
      at += own.length;
      const each = (performance.now() - began) / own.length;
      batch = Math.max(4 * pool.size, Math.min(4 * batch, Math.round(BATCH / each), Math.ceil(MOST_NUMBERS / fit.nobs)));
    }
  }
  return whole;
}

/** @throws FitError where there is no such factor */
function clustersOf(fit: MixedFit, group: string | null): ClusterRows {
  const top = group ?? topFactor(fit.frame);
  const names = fit.groups.map(({ name }) => name);
  if (top === null) throw new FitError(intervalMessages.noTopFactor(names));
  const clusters = clusterRows(fit.frame, top);
  if (clusters === null) throw new FitError(intervalMessages.noClusterFactor(top, names));
  return clusters;
}

interface WorkRun {
  readonly signal?: AbortSignal;
  readonly progress: (count: number) => void;
}

/** Performs replicates by their numbers, or leaves out units by theirs. */
type Work = (of: "done" | "jackknife", numbers: readonly number[], run: WorkRun) => Promise<BootstrapReplicate[]>;

function workOf(
  fit: MixedFit,
  record: BootstrapRecord,
  clusters: ClusterRows | null,
  statistic: BootstrapStatistic | null,
  pool: WorkerPool,
): Work {
  const { type, seed, terms } = record;
  const shared = modelRefitShared(fit, plainFrame(fit), clusters);
  const draw: Simulator | null =
    type === "cluster" || record.done.length === record.replicates
      ? null
      : type === "residual" && fit.model === "lmm"
        ? residualSimulator(fit)
        : simulator(fit, record.randomEffects);
  const responseOf = (r: number): Float64Array => draw!(randomStream(seed, "bootstrap", type, r));
  const taskOf = (of: "done" | "jackknife", r: number): ModelRefitTask => {
    const count = clusters?.levels.length ?? 0;
    if (of === "jackknife") return { draws: Int32Array.from({ length: count - 1 }, (_, k) => (k < r ? k : k + 1)) };
    if (type !== "cluster") return { values: responseOf(r) };
    const random = randomStream(seed, "bootstrap", type, r);
    return { draws: Int32Array.from({ length: count }, () => random.integer(count)) };
  };
  const quick = fit.model === "lmm" ? refitShared(fit) : null;

  return async (of, list, { signal, progress }) => {
    const options = { onProgress: progress, ...(signal === undefined ? {} : { signal }) };
    if (statistic !== null) return ownStatistics(of, list, options);
    if (quick !== null && of === "done" && type !== "cluster") {
      const responses = list.map(responseOf);
      return (await refits(pool, quick, responses, options)).map((result, k) => replicateOf(list[k]!, result, terms));
    }
    const results = await pool.run(
      "model",
      shared,
      list.map((r) => taskOf(of, r)),
      options,
    );
    return results.map(({ estimates, failure }, k) => replicateOf(list[k]!, estimates ?? failure, terms));
  };

  /** A function of the user's cannot be sent: one by one, in this thread. */
  async function ownStatistics(
    of: "done" | "jackknife",
    list: readonly number[],
    { signal, onProgress }: { readonly signal?: AbortSignal; readonly onProgress: (count: number) => void },
  ): Promise<BootstrapReplicate[]> {
    const out: BootstrapReplicate[] = [];
    for (const r of list) {
      await new Promise<void>((resolve) => setTimeout(resolve));
      throwIfAborted(signal, out.length, list.length);
      out.push(ownStatistic(of, r));
      onProgress(out.length);
    }
    return out;
  }

  function ownStatistic(of: "done" | "jackknife", r: number): BootstrapReplicate {
    try {
      const again = printedFit(fitAgain(shared, taskOf(of, r)), 0);
      const { converged, singular } = again;
      return { replicate: r, values: numbers(statistic!(again), terms), converged, singular };
    } catch (error) {
      if (!(error instanceof FitError) || error instanceof AbortError) throw error;
      return { replicate: r, values: null, converged: false, singular: false, failure: error.message };
    }
  }
}

/** Linear refits, those that fail one by one told from those that do not. */
async function refits(
  pool: WorkerPool,
  shared: ReturnType<typeof refitShared>,
  responses: readonly Float64Array[],
  options: { readonly signal?: AbortSignal; readonly onProgress: (count: number) => void },
): Promise<(RefitRecord | string)[]> {
  try {
    return await pool.run("refit", shared, responses, options);
  } catch (error) {
    if (!(error instanceof FitError) || error instanceof AbortError) throw error;
    if (responses.length === 1) return [error.message];
    const middle = Math.ceil(responses.length / 2);
    const { onProgress, ...rest } = options;
    const first = await refits(pool, shared, responses.slice(0, middle), options);
    const shifted = { ...rest, onProgress: (count: number): void => onProgress(middle + count) };
    return [...first, ...(await refits(pool, shared, responses.slice(middle), shifted))];
  }
}

function replicateOf(
  replicate: number,
  result: RefitRecord | NonNullable<ModelRefitResult["estimates"]> | string,
  terms: readonly BootstrapTerm[],
): BootstrapReplicate {
  if (typeof result === "string") return { replicate, values: null, converged: false, singular: false, failure: result };
  const { converged, singular } = result;
  const values = valuesOf(result, terms);
  if (values === null) return { replicate, values, converged, singular, failure: intervalMessages.termsLost };
  return { replicate, values, converged, singular };
}

/** The frame with the random terms that the formula has. */
function plainFrame(fit: MixedFit): ModelFrame {
  return isGeneralized(fit) ? { ...fit.frame, random: formulaRandom(fit) } : fit.frame;
}

function numbers(own: Readonly<Record<string, number>>, terms: readonly BootstrapTerm[]): readonly (number | null)[] {
  return terms.map(({ term }) => {
    const value = Object.hasOwn(own, term) ? own[term]! : Number.NaN;
    return Number.isFinite(value) ? value : null;
  });
}
