/**
 * Conditional modes of the random effects and their conditional standard deviations.
 *
 *   b | y ~ N(b_hat, sigma^2 Lambda (Lambda'Z'W Z Lambda + I)^-1 Lambda')
 *
 * given the estimated parameters (Bates, Maechler, Bolker & Walker 2015, eq. 57), as `ranef(condVar = TRUE)` gives them. In generalized
 * models, with sigma = 1, this is the normal approximation at the mode; W is the observed information, which is lme4's for canonical links.
 */

import { lambdaOf } from "./blocks/covariance-parameters.js";
import { factorAt } from "./blocks/criterion.js";
import type { Factor } from "./blocks/factor.js";
import { inverseBlocks } from "./blocks/selected-inverse.js";
import type { LinearMixedFit, RandomTermFit } from "./fit.js";
import type { GeneralizedMixedFit } from "./generalized-fit.js";
import { findMode } from "./laplace/mode.js";
import { multiply } from "./linalg/symmetric.js";

/** One random effect of one unit; in the units of the response or of its linear predictor (per unit of the term's variable). */
export interface ConditionalMode {
  readonly group: string;
  readonly level: string;
  readonly term: string;
  readonly estimate: number;
  /** Conditional standard deviation: uncertainty of the unit's effect with all parameters taken as known. */
  readonly stdError: number;
}

/** Options of `conditionalModes`. */
export interface ConditionalModesOptions {
  /** Effects on the mean (default) or on the zero probability. */
  readonly part?: "mean" | "zi";
}

/**
 * @returns terms in the order of `fit.randomTerms` (of `fit.zeroInflation.randomTerms` for the zero probability), levels in order within;
 *   none where the part has no random effects
 * @example conditionalModes(lmm("y ~ x + (1 | g)", table)).length // number of levels
 */
export function conditionalModes(
  fit: LinearMixedFit | GeneralizedMixedFit,
  { part = "mean" }: ConditionalModesOptions = {},
): readonly ConditionalMode[] {
  const terms = part === "mean" ? fit.randomTerms : fit.model === "lmm" ? [] : (fit.zeroInflation?.randomTerms ?? []);
  const deviations = conditionalDeviations(fit, terms);
  const modes: ConditionalMode[] = [];
  terms.forEach((term, t) => {
    const m = term.effects.length;
    term.levels.forEach((level, l) => {
      term.effects.forEach((name, s) => {
        modes.push({ group: term.group, level, term: name, estimate: term.modes[l * m + s]!, stdError: deviations[t]![l * m + s]! });
      });
    });
  });
  return modes;
}

/** For each of the terms, default `fit.randomTerms`, the conditional standard deviations, effect s of level l at [l * S + s]. */
export function conditionalDeviations(
  fit: LinearMixedFit | GeneralizedMixedFit,
  terms: readonly RandomTermFit[] = fit.randomTerms,
): readonly Float64Array[] {
  if (terms.length === 0) return [];
  if (fit.model !== "lmm") return generalizedDeviations(fit, terms);
  const { problem, optimum } = fit.engine;
  factorAt(problem, optimum.lambda);
  return deviationsOf(problem.factor, optimum.lambda, fit.sigma, terms);
}

/** The factor of the engine at the optimum is made again: others may have used the room since. */
function generalizedDeviations({ engine }: GeneralizedMixedFit, terms: readonly RandomTermFit[]): readonly Float64Array[] {
  const { problem, point, effects } = engine;
  const { structure, parameters } = problem;
  const lambda = lambdaOf(structure.groups, parameters, point);
  const mode = findMode(problem, lambda, point.subarray(parameters.length), effects, 2);
  if (mode === null) return terms.map(({ modes }) => new Float64Array(modes.length).fill(Number.NaN));
  return deviationsOf(problem.factor, lambda, 1, terms);
}

/** sigma sqrt(diag(lambda C lambda')), C the inverse of what is factored. */
function deviationsOf(
  factor: Factor,
  factors: readonly Float64Array[],
  sigma: number,
  terms: readonly RandomTermFit[],
): readonly Float64Array[] {
  const { blocks } = inverseBlocks(factor, false, true);
  const { groups } = factor.structure;
  return terms.map((term) => {
    const k = groups.findIndex((group) => group.parts.some((part) => part.term === term.index));
    const group = groups[k]!;
    const part = group.parts.find((own) => own.term === term.index)!;
    const size = group.size;
    const lambda = multiply(group.whitening, factors[k]!, size);
    const m = part.size;
    const out = new Float64Array(m * group.levelCount);
    for (let l = 0; l < group.levelCount; l++) {
      const at = l * size * size;
      for (let s = 0; s < m; s++) {
        const row = part.start + s;
        let variance = 0;
        for (let c = 0; c < size; c++) {
          const left = lambda[c * size + row]!;
          if (left === 0) continue;
          for (let r = 0; r < size; r++) variance += left * blocks![k]![at + c * size + r]! * lambda[r * size + row]!;
        }
        out[l * m + s] = sigma * Math.sqrt(Math.max(0, variance));
      }
    }
    return out;
  });
}
