/**
 * Where a fit may start: the mean of each row from its own response, drawn inside the range as R's `glm` does (McCullagh & Nelder 1989,
 * section 2.5), and a dispersion from the first two moments of the response, which is of the right order where the predictors explain
 * little and too large a variance where they explain much.
 */
import type { LinkName, ResponseRows } from "./family.js";
import { linkFunction } from "./links.js";
import type { BinomialCounts } from "./response-checks.js";

export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** Mean and variance (divisor n - 1) in two passes. */
export function moments(values: Float64Array): Moments {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return { mean, variance: squares / Math.max(1, values.length - 1) };
}

/** log of the value, drawn into the interval; the upper end for one that is negative or no number, as moments may give. */
export function logWithin(value: number, least: number, most: number): number {
  return Math.log(value > 0 ? Math.min(most, Math.max(least, value)) : most);
}

function transformed(values: Float64Array, link: LinkName, mean: (value: number) => number): Float64Array {
  const { predictor } = linkFunction(link);
  return values.map((value) => predictor(mean(value)));
}

/** Counts: from y + 0.1. */
export function countStart(response: ResponseRows, link: LinkName): Float64Array {
  return transformed(response.values, link, (y) => y + 0.1);
}

/** Responses in the interior of the mean's range: from the response itself. */
export function transformedStart(response: ResponseRows, link: LinkName): Float64Array {
  return transformed(response.values, link, (y) => y);
}

/** Any numbers: from y; where the link needs positive means, from no less than a tenth of the mean size. */
export function realStart(response: ResponseRows, link: LinkName): Float64Array {
  if (link === "identity") return response.values.slice();
  let size = 0;
  for (const value of response.values) size += Math.abs(value) / response.values.length;
  return transformed(response.values, link, (y) => Math.max(y, 0.1 * size));
}

/** Proportions: from (s + 1/2) / (m + 1). */
export function proportionStart({ successes, failures }: BinomialCounts, link: LinkName): Float64Array {
  const { predictor } = linkFunction(link);
  return successes.map((s, i) => predictor((s + 0.5) / (s + failures[i]! + 1)));
}
