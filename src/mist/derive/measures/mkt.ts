/**
 * V14, mathematical knowledge for teaching (Hill, Schilling & Ball 2004), on the norm scale of the test.
 *
 *   corrected for unreliability   mu + tau^2 / (tau^2 + se_i^2) (x_i - mu),   tau^2 = var(x) - mean(se^2)
 *
 * (regression calibration; Carroll, Ruppert, Stefanski & Crainiceanu 2006, ch. 4). Alternatives: standardized again within each
 * cycle, or each person's mean over the years.
 */
import { meanPresent, variancePresent } from "./arithmetic.js";

export type Mkt = "norm" | "within_cycle" | "person_mean" | "reliability_corrected";

/**
 * V14 for all scores at once.
 *
 * @param scores mkt_z; @param errors mkt_se; @param persons any code; @param cycles the cycle
 * @returns "reliability_corrected": NaN where the score has no standard error
 * @example mkt({ scores: Float64Array.of(1, 3), errors: Float64Array.of(1, 1), persons: [7, 7], cycles: [1, 2] }, "person_mean") // => Float64Array [2, 2]
 */
export function mkt(
  given: {
    readonly scores: Float64Array;
    readonly errors: Float64Array;
    readonly persons: ArrayLike<number>;
    readonly cycles: ArrayLike<number>;
  },
  how: Mkt = "norm",
): Float64Array {
  const { scores, errors, persons, cycles } = given;
  switch (how) {
    case "norm":
      return scores;
    case "within_cycle": {
      const groups = gathered(scores, cycles);
      return scores.map((x, i) => {
        const group = groups.get(cycles[i]!)!;
        return (x - meanPresent(group)) / Math.sqrt(variancePresent(group));
      });
    }
    case "person_mean": {
      const groups = gathered(scores, persons);
      return scores.map((_, i) => meanPresent(groups.get(persons[i]!)!));
    }
    case "reliability_corrected": {
      const mean = meanPresent(scores);
      const between = Math.max(0, variancePresent(scores) - meanPresent(errors.map((se) => se * se)));
      return scores.map((x, i) => mean + (between / (between + errors[i]! ** 2)) * (x - mean));
    }
  }
}

function gathered(values: Float64Array, groups: ArrayLike<number>): Map<number, number[]> {
  const found = new Map<number, number[]>();
  values.forEach((value, i) => {
    const group = found.get(groups[i]!);
    if (group === undefined) found.set(groups[i]!, [value]);
    else group.push(value);
  });
  return found;
}
