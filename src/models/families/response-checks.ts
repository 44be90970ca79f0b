/**
 * Whether a response lies in the range of its family: all values that do not are counted, and the first are told with their rows.
 */
import { FitError, familyMessages, fitMessages, type ResponseValue } from "../../messages.js";
import type { ResponseRows } from "./family.js";

/** How many values a message tells. */
const TOLD = 5;

interface Found {
  readonly count: number;
  readonly first: readonly ResponseValue[];
}

/** The rows for which `bad` holds; null for none. */
function find(response: ResponseRows, bad: (i: number) => boolean, shown: (i: number) => string): Found | null {
  let count = 0;
  const first: ResponseValue[] = [];
  for (let i = 0; i < response.values.length; i++) {
    if (!bad(i)) continue;
    count++;
    if (first.length < TOLD) first.push({ value: shown(i), row: response.rows[i]! + 1 });
  }
  return count === 0 ? null : { count, first };
}

function checkNumbers(response: ResponseRows, family: string, needs: string, inRange: (value: number) => boolean): void {
  const { name, values, levels, trials } = response;
  if (levels !== null) throw new FitError(familyMessages.levelsResponse(name, family, levels, needs));
  if (trials !== null) throw new FitError(familyMessages.trialsResponse(name, family, needs));
  const found = find(
    response,
    (i) => !inRange(values[i]!),
    (i) => String(values[i]),
  );
  if (found !== null) throw new FitError(familyMessages.outsideRange(name, family, needs, found.count, found.first));
}

function checkVaries(response: ResponseRows): void {
  const { name, values } = response;
  if (values.every((value) => value === values[0])) throw new FitError(fitMessages.constantResponse(name));
}

/** @throws FitError unless all values are whole numbers from 0 on */
export function checkCounts(response: ResponseRows, family: string): void {
  checkNumbers(response, family, familyMessages.needsCounts(family), (value) => value >= 0 && Number.isInteger(value));
}

/**
 * Counts that are all zero have no finite estimate. This is not part of `checkCounts`, because the count part of a zero-inflated model is
 * also asked about zeros alone.
 * @throws FitError
 */
export function checkSomeCount(response: ResponseRows): void {
  if (response.values.every((value) => value === 0)) throw new FitError(familyMessages.allZero(response.name));
}

/** @throws FitError unless all values are above 0 and they differ */
export function checkPositive(response: ResponseRows, family: string): void {
  checkNumbers(response, family, familyMessages.needsPositive(family), (value) => value > 0 && Number.isFinite(value));
  checkVaries(response);
}

/** @throws FitError unless all values lie between 0 and 1 and they differ */
export function checkOpenUnit(response: ResponseRows, family: string): void {
  checkNumbers(response, family, familyMessages.needsOpenUnit(family), (value) => value > 0 && value < 1);
  checkVaries(response);
}

/** @throws FitError unless all values are finite and they differ */
export function checkFinite(response: ResponseRows, family: string): void {
  checkNumbers(response, family, familyMessages.needsFinite(family), Number.isFinite);
  checkVaries(response);
}

/** With more levels than this a factor is hardly meant to be cut after its first. */
const POOLED = 10;

/** The levels that have rows, in order. */
export function levelsWithRows(values: Float64Array, levels: readonly string[]): readonly string[] {
  const used = new Set(values);
  return levels.filter((_, j) => used.has(j));
}

/** A response of successes and failures. */
export interface BinomialCounts {
  /** n: s and f, whole numbers from 0 on. */
  readonly successes: Float64Array;
  readonly failures: Float64Array;
  /** n: what multiplies a row's log-likelihood; null for 1. */
  readonly weights: Float64Array | null;
}

/** As R's `glm`: a proportion times its number of trials may miss a whole number by this much. */
const ROUNDING = 1e-3;
const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) <= ROUNDING;

/**
 * Successes and failures of 0/1 numbers, factors, `cbind` and proportions with trials as weights.
 *
 * @param trialsTimesWeights weights multiply the trials of `cbind`; else they multiply the log-likelihood
 * @throws FitError for a response that is none of these, for a factor of more than ten levels, or that has successes only or failures only
 */
export function binomialCounts(response: ResponseRows, family: string, trialsTimesWeights: boolean): BinomialCounts {
  const counts = unweightedCounts(response, family, trialsTimesWeights);
  const { successes, failures } = counts;
  if (successes.every((s) => s === 0)) throw new FitError(familyMessages.allAlike(response.name, false));
  if (failures.every((f) => f === 0)) throw new FitError(familyMessages.allAlike(response.name, true));
  return counts;
}

function unweightedCounts(response: ResponseRows, family: string, trialsTimesWeights: boolean): BinomialCounts {
  const { name, values, trials, levels, weights } = response;
  if (trials !== null) return countedTrials(response, trials, family, trialsTimesWeights);
  if (levels !== null) {
    const used = levelsWithRows(values, levels);
    if (used.length > POOLED) throw new FitError(familyMessages.manyLevels(name, family, used));
    if (values.every((level) => level === values[0])) throw new FitError(familyMessages.oneLevel(name, levels[values[0] ?? 0] ?? ""));
    return { successes: values.map((level) => (level > 0 ? 1 : 0)), failures: values.map((level) => (level > 0 ? 0 : 1)), weights };
  }
  const shown = (i: number): string => String(values[i]);
  const needs = familyMessages.needsBinomial(family);
  const outside = find(response, (i) => !(values[i]! >= 0 && values[i]! <= 1), shown);
  if (outside !== null) throw new FitError(familyMessages.outsideRange(name, family, needs, outside.count, outside.first));
  const inner = find(response, (i) => values[i]! > 0 && values[i]! < 1, shown);
  if (inner === null) return { successes: values, failures: values.map((y) => 1 - y), weights };
  if (weights === null) throw new FitError(familyMessages.proportionsWithoutTrials(name, family, inner.count, inner.first));
  const broken = find(
    response,
    (i) => !(isWhole(weights[i]!) && isWhole(values[i]! * weights[i]!)),
    (i) => `${values[i]} of ${weights[i]}`,
  );
  if (broken !== null)
    throw new FitError(familyMessages.proportionsNotCounts(name, response.weightsName ?? "weights", broken.count, broken.first));
  const successes = values.map((y, i) => Math.round(y * weights[i]!));
  return { successes, failures: successes.map((s, i) => Math.round(weights[i]!) - s), weights: null };
}

function countedTrials(response: ResponseRows, trials: Float64Array, family: string, timesWeights: boolean): BinomialCounts {
  const { name, values, weights } = response;
  const isCount = (value: number): boolean => value >= 0 && Number.isInteger(value);
  const shown = (i: number): string => `${values[i]} and ${trials[i]! - values[i]!}`;
  const outside = find(response, (i) => !(isCount(values[i]!) && isCount(trials[i]! - values[i]!)), shown);
  if (outside !== null)
    throw new FitError(familyMessages.outsideRange(name, family, familyMessages.needsBinomial(family), outside.count, outside.first));
  const failures = trials.map((size, i) => size - values[i]!);
  if (weights === null || !timesWeights) return { successes: values, failures, weights };
  const broken = find(
    response,
    (i) => !(isWhole(values[i]! * weights[i]!) && isWhole(failures[i]! * weights[i]!)),
    (i) => `${shown(i)} times ${weights[i]}`,
  );
  if (broken !== null)
    throw new FitError(familyMessages.weightedTrialsNotCounts(name, response.weightsName ?? "weights", broken.count, broken.first));
  return {
    successes: values.map((s, i) => Math.round(s * weights[i]!)),
    failures: failures.map((f, i) => Math.round(f * weights[i]!)),
    weights: null,
  };
}
