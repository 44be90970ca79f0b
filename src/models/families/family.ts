/**
 * What a family of response distributions is to the engine, to results and to simulation.
 */
import type { RowLikelihood } from "./row-likelihood.js";

export type LinkName = "identity" | "log" | "logit" | "probit" | "cloglog" | "loglog" | "cauchit" | "inverse" | "sqrt" | "1/mu^2";

/** The response over the rows used, as the families understand it. */
export interface ResponseRows {
  /** As written in the formula. */
  readonly name: string;
  /** n: numbers as they stand; for a factor or boolean the level's index (0 is the first level); for `cbind(s, f)` the successes s. */
  readonly values: Float64Array;
  /** n: s + f of `cbind(s, f)`; null otherwise. */
  readonly trials: Float64Array | null;
  /** Levels of a factor (`false`, `true` of a boolean); null for numbers. */
  readonly levels: readonly string[] | null;
  /** The levels are text in code-point order, and nobody said that this is the order meant. Absent: not so. */
  readonly alphabetical?: boolean;
  /** n: row of the user's table (0-based), for messages. */
  readonly rows: Int32Array;
  /** n: prior weights, positive; null for none. */
  readonly weights: Float64Array | null;
  /** Name of the weights column, for messages. */
  readonly weightsName: string | null;
}

/** A distribution of the response given one linear predictor of the mean and, for some, one of a dispersion and one of a shape. */
export interface Family {
  readonly name: string;
  readonly links: readonly LinkName[];
  readonly defaultLink: LinkName;
  /** Predictors after the mean: `dispersion` (log scale), `shape` (log scale). */
  readonly further: readonly ("dispersion" | "shape")[];
  /** A distribution on the counts 0, 1, 2, ..., which may be zero-inflated or truncated at zero. */
  readonly counts: boolean;
  /**
   * The rows' log-likelihood; predictors are `mean`, then `further`.
   *
   * @throws FitError for responses outside the family's range (which rows, which values), listing them all at once
   */
  rows(response: ResponseRows, link: LinkName): RowLikelihood;
  /** n values of the mean's linear predictor at which a fit without random effects may start (before the offset is taken off). */
  start(response: ResponseRows, link: LinkName): Float64Array;
  /** Start of each further predictor (log scale). */
  furtherStart(response: ResponseRows): readonly number[];
  /**
   * The dispersion as users know it, from the value of the dispersion's predictor: glmmTMB's `sigma()`, i.e. theta of nbinom2, phi of
   * nbinom1 and beta, the square root of the dispersion of gamma, sigma of gaussian and t. Null for a family without one.
   */
  readonly dispersion: ((predictor: number) => number) | null;
  /** Mean of the response (a proportion for binomial) given the mean's linear predictor. */
  mean(link: LinkName, eta: number): number;
  /** Variance of one observation given its mean and further predictors; `size` is the number of trials (1 elsewhere). */
  variance(mean: number, further: readonly number[], size: number): number;
  /** One response drawn at random; binomial draws are counts of successes out of `size`. */
  simulate(random: RandomSource, mean: number, further: readonly number[], size: number): number;
}

/** Random numbers as families draw them (src/data/random.ts gives such a source). */
export interface RandomSource {
  /** In [0, 1). */
  uniform(): number;
  normal(): number;
  /** Mean `shape`, scale 1. */
  gamma(shape: number): number;
  poisson(mean: number): number;
  binomial(size: number, probability: number): number;
}
