/**
 * How large a random term is on the scale of the linear predictor, beside the scale that the link itself has.
 */
import type { LinkName } from "./families/family.js";
import type { RandomFrame } from "./frame/frame.js";

/** Standard deviation of the latent variable's own distribution; null where the link has no such scale. */
export function latentDeviation(link: LinkName): number | null {
  switch (link) {
    case "logit":
      return Math.PI / Math.sqrt(3);
    case "probit":
      return 1;
    case "cloglog":
    case "loglog":
      return Math.PI / Math.sqrt(6);
    // An effect on a logarithm is a factor: no distribution, but as plain a scale.
    case "log":
      return 1;
    default:
      return null;
  }
}

/** The standard deviation that a term gives to a row on average: the root of the mean of z' Sigma z. */
export function meanDeviation({ effects }: RandomFrame, sigma: Float64Array): number {
  const n = effects.rowCount;
  const m = effects.names.length;
  let sum = 0;
  for (let c = 0; c < m; c++) {
    for (let r = 0; r < m; r++) {
      const own = sigma[c * m + r]!;
      if (own !== 0) for (let i = 0; i < n; i++) sum += own * effects.values[r * n + i]! * effects.values[c * n + i]!;
    }
  }
  return Math.sqrt(Math.max(0, sum / n));
}
