/**
 * The estimates as plain records, named as R's extractors name them.
 */
import type { LinearMixedFit } from "../models/fit.js";

/**
 * Fixed effects by term.
 *
 * @example fixef(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)) // => { "(Intercept)": 251.405, Days: 10.467 }
 */
export function fixef(fit: LinearMixedFit): Readonly<Record<string, number>> {
  return Object.fromEntries(fit.fixed.map(({ term, estimate }) => [term, estimate]));
}

/** One unit's predicted random effects: its level and a number for each effect. */
export interface UnitEffects {
  readonly level: string;
  readonly effects: Readonly<Record<string, number>>;
}

/**
 * Conditional modes (best linear unbiased predictions of the random effects) by grouping factor, one record a unit.
 * For their standard deviations see `conditionalModes`.
 *
 * @example ranef(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)).Subject[0] // => { level: "308", effects: { "(Intercept)": 2.259, Days: 9.199 } }
 */
export function ranef(fit: LinearMixedFit): Readonly<Record<string, readonly UnitEffects[]>> {
  const groups = [...new Set(fit.randomTerms.map(({ group }) => group))];
  return Object.fromEntries(
    groups.map((group) => {
      const terms = fit.randomTerms.filter((term) => term.group === group);
      const units = terms[0]!.levels.map((level, l) => ({
        level,
        effects: Object.fromEntries(
          terms.flatMap(({ effects, modes }) => effects.map((effect, s) => [effect, modes[l * effects.length + s]!] as const)),
        ),
      }));
      return [group, units];
    }),
  );
}

/** A covariance matrix with its names; `values[i][j]` belongs to `terms[i]` and `terms[j]`. */
export interface CovarianceMatrix {
  readonly terms: readonly string[];
  readonly values: readonly (readonly number[])[];
}

/**
 * Covariance matrix of the fixed effects' estimates, sigma^2 (X' V_0^-1 X)^-1.
 *
 * @example vcov(lmm("mAch ~ 1 + (1 | school)", hsb)).values // => [[0.059728]]
 */
export function vcov(fit: LinearMixedFit): CovarianceMatrix {
  const p = fit.fixed.length;
  return {
    terms: fit.fixed.map(({ term }) => term),
    values: Array.from({ length: p }, (_, i) => Array.from({ length: p }, (_, j) => fit.vcov[j * p + i]!)),
  };
}
