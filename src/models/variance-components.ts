/**
 * Variances, standard deviations, covariances and correlations of the random effects of one term.
 */
import type { RandomComponent, RandomTermFit } from "./fit.js";

/** Variances first, then the pairs, as `as.data.frame(VarCorr())` lists them. A diagonal term has no pairs. */
export function components(term: RandomTermFit): RandomComponent[] {
  const { group, effects, sigma, covariance } = term;
  const m = effects.length;
  const variance = effects.map((_, i) => sigma[i * m + i]!);
  const out: RandomComponent[] = effects.map((name, i) => ({ group, term: name, variance: variance[i]!, sd: Math.sqrt(variance[i]!) }));
  if (covariance === "diagonal") return out;
  for (let i = 0; i < m; i++) {
    for (let j = i + 1; j < m; j++) {
      const known = variance[i]! > 0 && variance[j]! > 0;
      const value = sigma[i * m + j]!;
      const correlation = known ? Math.max(-1, Math.min(1, value / (Math.sqrt(variance[i]!) * Math.sqrt(variance[j]!)))) : null;
      out.push({ group, term: effects[i]!, term2: effects[j]!, covariance: known ? value : null, correlation });
    }
  }
  return out;
}
