/**
 * Standard deviations and correlations of random effects as one list, with standard errors on the scales on which they are nearly normal.
 */
import type { RandomTermFit } from "../models/fit.js";
import type { RandomError } from "../models/generalized-fit.js";
import { randomErrors } from "../models/laplace/random-errors.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

export interface RandomEstimate {
  readonly part: "mean" | "zi";
  readonly group: string;
  readonly kind: "sd" | "cor";
  /** `sd__(Intercept)`, `cor__(Intercept).Days`. */
  readonly term: string;
  /** null for a correlation where a standard deviation is zero. */
  readonly estimate: number | null;
  /** Of log(sd) or atanh(correlation); null at the boundary and for linear models. */
  readonly stdError: number | null;
}

/** In the order of the lower triangle, column by column: sd of the first effect, its correlations, sd of the second, ... */
export function randomEstimates(fit: MixedFit, part: "mean" | "zi"): readonly RandomEstimate[] {
  const terms = part === "mean" ? fit.randomTerms : isGeneralized(fit) ? (fit.zeroInflation?.randomTerms ?? []) : [];
  return terms.flatMap((term) => termEstimates(term, part, errorsOf(fit, term)));
}

/** Variances first and then the pairs. */
function errorsOf(fit: MixedFit, term: RandomTermFit): readonly RandomError[] | null {
  if (!isGeneralized(fit)) return null;
  const { problem, point, jointCovariance } = fit.engine;
  return randomErrors(problem, point, jointCovariance, term);
}

function termEstimates(
  { group, covariance, effects, sigma }: RandomTermFit,
  part: "mean" | "zi",
  errors: readonly RandomError[] | null,
): RandomEstimate[] {
  const size = effects.length;
  let pair = size;
  return effects.flatMap((effect, b): RandomEstimate[] => {
    const sd = Math.sqrt(sigma[b * size + b]!);
    const own: RandomEstimate = { part, group, kind: "sd", term: `sd__${effect}`, estimate: sd, stdError: errors?.[b]?.stdError ?? null };
    if (covariance === "diagonal") return [own];
    const correlations = effects.slice(b + 1).map((other, k): RandomEstimate => {
      const a = b + 1 + k;
      const scale = sd * Math.sqrt(sigma[a * size + a]!);
      const estimate = scale > 0 ? sigma[b * size + a]! / scale : null;
      return { part, group, kind: "cor", term: `cor__${effect}.${other}`, estimate, stdError: errors?.[pair++]?.stdError ?? null };
    });
    return [own, ...correlations];
  });
}
