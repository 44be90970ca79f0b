/**
 * Conditional modes of the random effects and their conditional standard deviations.
 *
 *   b | y ~ N(b_hat, sigma^2 Lambda (Lambda'Z'W Z Lambda + I)^-1 Lambda')
 *
 * given the estimated parameters (Bates, Maechler, Bolker & Walker 2015, eq. 57), as `ranef(condVar = TRUE)` gives them.
 */
import { factorAt } from "./blocks/criterion.js";
import { inverseBlocks } from "./blocks/selected-inverse.js";
import type { LinearMixedFit } from "./fit.js";
import { multiply } from "./linalg/symmetric.js";

/** One random effect of one unit; in the units of the response (per unit of the term's variable). */
export interface ConditionalMode {
  readonly group: string;
  readonly level: string;
  readonly term: string;
  readonly estimate: number;
  /** Conditional standard deviation: uncertainty of the unit's effect with all parameters taken as known. */
  readonly stdError: number;
}

/**
 * @returns terms in the order of `fit.randomTerms`, levels in order within
 * @example conditionalModes(lmm("y ~ x + (1 | g)", table)).length // number of levels
 */
export function conditionalModes(fit: LinearMixedFit): readonly ConditionalMode[] {
  const deviations = conditionalDeviations(fit);
  const modes: ConditionalMode[] = [];
  fit.randomTerms.forEach((term, t) => {
    const m = term.effects.length;
    term.levels.forEach((level, l) => {
      term.effects.forEach((name, s) => {
        modes.push({ group: term.group, level, term: name, estimate: term.modes[l * m + s]!, stdError: deviations[t]![l * m + s]! });
      });
    });
  });
  return modes;
}

/** For each of `fit.randomTerms` the conditional standard deviations, effect s of level l at [l * S + s]. */
export function conditionalDeviations({ randomTerms, sigma, engine }: LinearMixedFit): readonly Float64Array[] {
  const { problem, optimum } = engine;
  factorAt(problem, optimum.lambda);
  const { blocks } = inverseBlocks(problem.factor, false, true);
  const { groups } = problem.structure;
  return randomTerms.map((term) => {
    const k = groups.findIndex((group) => group.parts.some((part) => part.term === term.index));
    const group = groups[k]!;
    const part = group.parts.find((own) => own.term === term.index)!;
    const size = group.size;
    const lambda = multiply(group.whitening, optimum.lambda[k]!, size);
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
