/**
 * V40, the gap in opportunity between the classes of a school-year:
 *
 *   mean maint_share of the filmed sections above the median of prior_mean - mean of those below it
 *
 * or the variance of prior_mean between all sections. A section at the median counts on neither side.
 */
import { quantileSorted } from "../../../data/quantile.js";
import { meanPresent, variancePresent } from "./arithmetic.js";

export type OpportunityGap = "median_split" | "between_variance";

/**
 * @param shares V5 of the sections, NaN where not filmed; @param priors their prior_mean
 * @returns NaN where no section lies above or none below
 * @example opportunityGap([1, 0, 0.5], [0.4, -0.3, 0.1]) // => 1
 */
export function opportunityGap(shares: readonly number[], priors: readonly number[], how: OpportunityGap = "median_split"): number {
  if (how === "between_variance") return variancePresent(priors);
  const filmed = shares.flatMap((share, k) => (Number.isNaN(share + priors[k]!) ? [] : [{ share, prior: priors[k]! }]));
  const median = quantileSorted(Float64Array.from(filmed, ({ prior }) => prior).sort(), 0.5);
  const mean = (side: number): number =>
    meanPresent(filmed.filter(({ prior }) => Math.sign(prior - median) === side).map(({ share }) => share));
  return mean(1) - mean(-1);
}
