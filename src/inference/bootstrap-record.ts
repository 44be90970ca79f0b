/**
 * A bootstrap as a plain record: what was asked for, and what each replicate gave. Every replicate has a stream of random numbers of its
 * own, named by the seed and the replicate's number, so that a record can be saved at any time and gone on with, in any order.
 */

import { DataError, intervalMessages } from "../messages.js";
import type { FixedEffect, RandomComponent } from "../models/fit.js";
import type { ModelEstimates } from "../models/parallel/model-refit-task.js";
import { hashOf } from "./fingerprint.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import type { FitPart } from "./parts.js";
import type { RandomEffectsOf } from "./simulate.js";

/** `parametric`: from the model; `residual`: from estimated effects and residuals; `cluster`: whole units. */
export type BootstrapType = "parametric" | "residual" | "cluster";

/** A quantity that is estimated in every replicate. */
export interface BootstrapTerm {
  readonly term: string;
  /** Absent for coefficients of the mean and for statistics of the user's. */
  readonly part?: Exclude<FitPart, "mean"> | "random";
  readonly group?: string;
}

/** What one replicate gave; plain JSON. */
export interface BootstrapReplicate {
  /** 0, 1, ...; for the jackknife the unit that was left out. */
  readonly replicate: number;
  /** Aligned with the record's terms, null for what is not defined (a correlation beside a standard deviation of zero); null where the refit failed. */
  readonly values: readonly (number | null)[] | null;
  readonly converged: boolean;
  readonly singular: boolean;
  /** Why there are no values. */
  readonly failure?: string;
}

/** Plain JSON: `JSON.stringify` it at any time, `resumeBootstrap` goes on. */
export interface BootstrapRecord {
  readonly schemaVersion: 1;
  readonly kind: "bootstrap";
  readonly formula: string;
  readonly family: string;
  readonly method: "REML" | "ML";
  /** A hash of response and weights, by which the fit is known again. */
  readonly data: string;
  readonly type: BootstrapType;
  readonly randomEffects: RandomEffectsOf;
  /** The grouping factor whose units are drawn or left out; null where there is none to do it by. */
  readonly cluster: string | null;
  readonly seed: number;
  /** Replicates asked for. */
  readonly replicates: number;
  /** How many units the jackknife leaves out one by one; 0 for none. */
  readonly leftOut: number;
  /** Whether the statistic is the user's own. */
  readonly ownStatistic: boolean;
  readonly terms: readonly BootstrapTerm[];
  /** From the data themselves. */
  readonly estimate: readonly (number | null)[];
  /** Ascending; fewer than `replicates` where work is left. */
  readonly done: readonly BootstrapReplicate[];
  /** The jackknife, likewise. */
  readonly jackknife: readonly BootstrapReplicate[];
}

/** How it went, for a report. */
export interface BootstrapCounts {
  readonly done: number;
  readonly failed: number;
  readonly singular: number;
  readonly notConverged: number;
}

/**
 * @example bootstrapCounts(startBootstrap(fit, { type: "parametric", replicates: 10, seed: 1 })) // => { done: 0, failed: 0, singular: 0, notConverged: 0 }
 */
export function bootstrapCounts({ done }: BootstrapRecord): BootstrapCounts {
  const kept = done.filter(({ values }) => values !== null);
  return {
    done: done.length,
    failed: done.length - kept.length,
    singular: kept.filter(({ singular }) => singular).length,
    notConverged: kept.filter(({ converged }) => !converged).length,
  };
}

/**
 * The record with more replicates, in any order; those that it has already stay. For putting batches back that were saved on the way
 * (R's `boot` has no counterpart).
 *
 * @param of replicates of the bootstrap, or of the jackknife that BCa intervals need
 * @example
 * const begun = startBootstrap(fit, { type: "parametric", replicates: 10, seed: 1 });
 * withReplicates(begun, [{ replicate: 4, values: [1], converged: true, singular: false }]).done.length // => 1
 */
export function withReplicates(
  record: BootstrapRecord,
  more: readonly BootstrapReplicate[],
  of: "done" | "jackknife" = "done",
): BootstrapRecord {
  const all = new Map([...more, ...record[of]].map((one) => [one.replicate, one]));
  return { ...record, [of]: [...all.values()].sort((a, b) => a.replicate - b.replicate) };
}

/** @throws DataError where the record is of another model or other data */
export function checkSameFit(record: BootstrapRecord, fit: MixedFit): void {
  if (record.kind !== "bootstrap" || record.schemaVersion !== 1) throw new DataError(intervalMessages.notARecord);
  if (record.formula !== fit.formula || record.family !== fit.family || record.method !== fit.method) {
    throw new DataError(intervalMessages.recordOfOtherModel(record.formula, fit.formula));
  }
  if (record.data !== dataHash(fit)) throw new DataError(intervalMessages.recordOfOtherData(fit.formula));
}

export function dataHash({ frame }: MixedFit): string {
  const { response, weights } = frame;
  return [response.values, response.trials, weights].map((values) => (values === null ? "" : hashOf(values))).join("");
}

/** Coefficients of all parts, standard deviations, correlations, sigma or dispersion and shape: what confint has intervals of. */
export function estimatesOf(fit: MixedFit): ModelEstimates {
  return isGeneralized(fit)
    ? fit
    : { fixed: fit.fixed, random: fit.random, sigma: fit.sigma, converged: fit.converged, singular: fit.singular };
}

interface Named {
  readonly named: BootstrapTerm;
  readonly value: number | null;
}

/** Random effects in the order of the lower triangle, then the dispersion, then coefficients, as `profile` has them. */
function namedEstimates(estimates: ModelEstimates): readonly Named[] {
  const { fixed, random, sigma, thresholds, dispersion, shape, dispersionModel, zeroInflation, scaleModel } = estimates;
  const coefficients = (effects: readonly FixedEffect[] | null | undefined, part?: BootstrapTerm["part"]): Named[] =>
    (effects ?? []).map(({ term, estimate }) => ({ named: { term, ...(part === undefined ? {} : { part }) }, value: estimate }));
  const single = (term: string, value: number | null | undefined): Named[] =>
    value === null || value === undefined ? [] : [{ named: { term, part: "dispersion" }, value }];
  return [
    ...randomEstimates(random, "random"),
    ...randomEstimates(zeroInflation?.random ?? [], "zi"),
    ...single("sigma", sigma),
    ...coefficients(thresholds, "thresholds"),
    ...coefficients(fixed),
    ...coefficients(scaleModel?.fixed, "scale"),
    ...single("sigma", dispersion),
    ...single("shape", shape),
    ...coefficients(dispersionModel?.fixed, "dispersion"),
    ...coefficients(zeroInflation?.fixed, "zi"),
  ];
}

/** Components come variances first, pairs after them, term by term. */
function randomEstimates(components: readonly RandomComponent[], part: "random" | "zi"): Named[] {
  const out: Named[] = [];
  let at = 0;
  while (at < components.length) {
    const sds: Named[] = [];
    const group = components[at]!.group;
    const first = at;
    for (; at < components.length; at++) {
      const own = components[at]!;
      // Another term on the same factor begins where pairs have been, or where the group changes.
      if ("term2" in own || own.group !== group) break;
      sds.push({ named: { term: `sd__${own.term}`, part, group }, value: own.sd });
    }
    const pairs = new Map<string, Named[]>();
    for (; at < components.length; at++) {
      const own = components[at]!;
      if (!("term2" in own)) break;
      const named = { term: `cor__${own.term}.${own.term2}`, part, group };
      pairs.set(own.term, [...(pairs.get(own.term) ?? []), { named, value: own.correlation }]);
    }
    sds.forEach((sd, i) => {
      const own = components[first + i]!;
      out.push(sd, ...(pairs.get(own.term) ?? []));
    });
  }
  return out;
}

export function termsOf(estimates: ModelEstimates): readonly BootstrapTerm[] {
  return namedEstimates(estimates).map(({ named }) => named);
}

/** Values by the record's terms; null where the refit has no such term (a column that its rows do not vary in). */
export function valuesOf(estimates: ModelEstimates, terms: readonly BootstrapTerm[]): readonly (number | null)[] | null {
  const own = namedEstimates(estimates);
  // Levels in another order of size list their terms in another order.
  const key = ({ term, part, group }: BootstrapTerm): string => JSON.stringify([term, part, group]);
  const place = new Map<string, (number | null)[]>();
  for (const { named, value } of own) {
    const list = place.get(key(named));
    if (list === undefined) place.set(key(named), [value]);
    else list.push(value);
  }
  const out: (number | null)[] = [];
  for (const term of terms) {
    const value = place.get(key(term))?.shift();
    if (value === undefined) return null;
    out.push(value === null || !Number.isFinite(value) ? null : value);
  }
  return out;
}
