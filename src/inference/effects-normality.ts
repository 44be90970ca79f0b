/**
 * Conditional modes of the random effects against the normal distribution that the model gives them.
 *
 *   z_j = b_j / sqrt(Sigma_ss - v_j)        v_j the conditional variance of unit j's effect
 *
 * is nearly standard normal where the model is right: modes are shrunken, those of small units more, so that they are no sample from one
 * normal distribution and have to be divided by the standard deviation that each has (Lange & Ryan 1989, "Assessing normality in random
 * effects models", Annals of Statistics 17). What the modes show is weaker than what the effects would: with few rows a unit they
 * look normal whatever the effects are (Verbeke & Lesaffre 1996).
 */
import { conditionalDeviations } from "../models/conditional-modes.js";
import type { RandomTermFit } from "../models/fit.js";
import { normalQuantile } from "../models/special/normal.js";
import { normalityTest } from "./distributions/normality-test.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/** One random effect over all its units. */
export interface EffectNormality {
  readonly part: "mean" | "zi";
  readonly group: string;
  readonly term: string;
  /** Units, sorted by `standardized`: what a quantile-quantile plot shows. */
  readonly units: readonly EffectQuantile[];
  readonly method: "shapiro-wilk" | "anderson-darling" | null;
  /** null where the effect has no variance or fewer than three units. */
  readonly statistic: number | null;
  readonly pValue: number | null;
}

export interface EffectQuantile {
  readonly level: string;
  /** The conditional mode. */
  readonly estimate: number;
  /** z. */
  readonly standardized: number;
  /** Standard normal quantile of the unit's rank, at (rank - 1/2) / n (3/8 for up to ten units), R's `ppoints`. */
  readonly quantile: number;
}

/** Of its own variance: modes that vary less than this say nothing. */
const NO_VARIATION = 1e-10;

/**
 * @returns one record a random effect. R: `shapiro.test` of the modes so divided; `check_normality(fit, effects = "random")` of performance
 *   takes them as they are
 * @example effectsNormality(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)).map(({ term, statistic }) => [term, statistic])
 * // => [["(Intercept)", 0.9502], ["Days", 0.9759]]
 */
export function effectsNormality(fit: MixedFit): readonly EffectNormality[] {
  const own = ofTerms(fit, fit.randomTerms, "mean");
  const zi = isGeneralized(fit) ? (fit.zeroInflation?.randomTerms ?? []) : [];
  return [...own, ...ofTerms(fit, zi, "zi")];
}

function ofTerms(fit: MixedFit, terms: readonly RandomTermFit[], part: "mean" | "zi"): EffectNormality[] {
  const deviations = conditionalDeviations(fit, terms);
  return terms.flatMap(({ group, effects, levels, modes, sigma }, t) => {
    const size = effects.length;
    return effects.map((term, s): EffectNormality => {
      const variance = sigma[s * size + s]!;
      const entries = levels.flatMap((level, l) => {
        const estimate = modes[l * size + s]!;
        const own = variance - deviations[t]![l * size + s]! ** 2;
        return own > NO_VARIATION * variance ? [{ level, estimate, standardized: estimate / Math.sqrt(own) }] : [];
      });
      entries.sort((a, b) => a.standardized - b.standardized);
      const n = entries.length;
      const shift = n <= 10 ? 3 / 8 : 1 / 2;
      const units = entries.map((entry, k) => ({ ...entry, quantile: normalQuantile((k + 1 - shift) / (n + 1 - 2 * shift)) }));
      const test = normalityTest(entries.map(({ standardized }) => standardized));
      return {
        part,
        group,
        term,
        units,
        method: test?.method ?? null,
        statistic: test?.statistic ?? null,
        pValue: test?.pValue ?? null,
      };
    });
  });
}
