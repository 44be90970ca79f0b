/**
 * The exact two-sided test of a binomial probability: the total probability of all counts that are no likelier than the one observed
 * (Clopper & Pearson 1934; R's binom.test).
 */
import { logFactorial } from "../../models/special/log-gamma.js";

/** Counts whose probabilities differ by less, relatively, count as equally likely. */
const SAME = 1 + 1e-7;

/**
 * @param count successes, 0 ... trials
 * @param probability under the hypothesis, in (0, 1)
 * @example binomialTest(7, 60, 2 / 41) // => 0.0264
 */
export function binomialTest(count: number, trials: number, probability: number): number {
  const constant = logFactorial(trials);
  const logP = Math.log(probability);
  const logQ = Math.log1p(-probability);
  const mass = (k: number): number => Math.exp(constant - logFactorial(k) - logFactorial(trials - k) + k * logP + (trials - k) * logQ);
  const limit = mass(count) * SAME;
  let total = 0;
  for (let k = 0; k <= trials; k++) {
    const own = mass(k);
    if (own <= limit) total += own;
  }
  return Math.min(1, total);
}
