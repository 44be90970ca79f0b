/**
 * Reliability of the units' coefficients: how well they can be told apart by their own rows.
 *
 *   reliability(q) = mean over units j of tau_qq / (tau_qq + v_qqj)
 *
 * tau_qq is the variance of coefficient q between units, v_qqj the sampling variance of unit j's own estimate
 * (Raudenbush & Bryk 2002, eq. 3.58-3.60). Units whose rows cannot estimate their coefficients are left out, as HLM does.
 */
import { inferenceMessages } from "../messages.js";
import { linearOnly } from "./linear-only.js";
import type { MixedFit } from "./mixed-fit.js";
import { unitEstimates } from "./unit-estimates.js";
import { unitsOf } from "./units.js";

/** One coefficient that varies between units; `reliability` lies in [0, 1]. */
export interface Reliability {
  readonly group: string;
  readonly term: string;
  readonly reliability: number;
  /** Units with rows enough, over which the mean is taken. */
  readonly units: number;
}

/**
 * Reliabilities of all coefficients that vary between units. Grouping factors that cross another one, or of multiple
 * membership, have none: their units' coefficients cannot be estimated from their own rows.
 *
 * @throws FitError for a generalized or cumulative model: its units' own estimates have no closed form
 * @example reliability(lmm("mAch ~ 1 + (1 | school)", hsb)) // => [{ group: "school", term: "(Intercept)", reliability: 0.90138, units: 160 }]
 */
export function reliability(fit: MixedFit): readonly Reliability[] {
  linearOnly(fit, "Reliability of the units' coefficients", inferenceMessages.noReliability);
  const all = unitsOf(fit);
  return all.flatMap((units) => {
    const estimates = unitEstimates(fit, units, all);
    if (estimates === null || estimates.units.length === 0) return [];
    return units.effects.map((term, q) => {
      const tau = units.covariance[q * units.effects.length + q]!;
      const ratios = estimates.variances[q]!.map((v) => tau / (tau + v));
      const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
      return { group: units.group, term, reliability: mean, units: ratios.length };
    });
  });
}
