/**
 * Design effect: by how much the variance of a mean is larger than in a simple random sample of as many rows, since rows of one unit are
 * alike (Kish 1965; with unequal sizes Kish 1987, Gabler, Haeder & Lahiri 1999).
 *
 *   deff_g = 1 + (m_g - 1) ICC_g,   m_g = sum_j n_j^2 / sum_j n_j
 *
 * m_g is the size of the unit that a row is in on average, the common size where units are balanced. With slopes and multiple membership
 * m_g is the ratio of what the term gives to the variance of the sum and to the sum of the variances, sum_j s_j'Sigma s_j / sum_i z_i'Sigma z_i
 * with s_j = sum of z_i over the rows of unit j, which is the same number for an intercept. All factors together:
 *
 *   deff = 1 + sum_g (m_g - 1) ICC_g,   effective size = n / deff
 */
import { icc } from "./icc.js";
import type { LatentOptions } from "./latent-variance.js";
import type { MixedFit } from "./mixed-fit.js";

/** One grouping factor. */
export interface DesignEffectRow {
  readonly group: string;
  readonly units: number;
  /** Rows in a unit on average. */
  readonly meanSize: number;
  /** Rows in the unit of an average row: m. */
  readonly size: number;
  readonly icc: number;
  readonly designEffect: number;
}

/** The design effect of a mean over all rows. */
export interface DesignEffect {
  readonly groups: readonly DesignEffectRow[];
  /** Of all factors together. */
  readonly designEffect: number;
  /** n / deff: as many independent rows would tell of the mean as much. */
  readonly effectiveSize: number;
}

/**
 * R: `Hmisc::deff` for one factor.
 *
 * @param options for generalized models, whose intraclass correlations are on the latent scale: which approximation
 * @throws FitError as `icc`
 * @example designEffect(lmm("mAch ~ 1 + (1 | school)", hsb)).designEffect // => 9.47947
 */
export function designEffect(fit: MixedFit, options: LatentOptions = {}): DesignEffect {
  const groups = icc(fit, options).map(({ group, share }) => {
    const { units, size } = sizesOf(fit, group);
    return { group, units, meanSize: fit.nobs / units, size, icc: share, designEffect: 1 + (size - 1) * share };
  });
  const all = groups.reduce((sum, { size, icc: share }) => sum + (size - 1) * share, 1);
  return { groups, designEffect: all, effectiveSize: fit.nobs / all };
}

function sizesOf(fit: MixedFit, group: string): { readonly units: number; readonly size: number } {
  let ofSums = 0;
  let ofRows = 0;
  let units = 0;
  let balanced = 0;
  for (const term of fit.randomTerms) {
    if (term.group !== group) continue;
    const { effects, levelOf, membership } = fit.frame.random[term.index]!;
    const n = effects.rowCount;
    const m = term.effects.length;
    units = term.levels.length;
    const sums = new Float64Array(m * units);
    const counts = new Float64Array(units);
    const z = new Float64Array(m);
    const square = (x: Float64Array, at: number): number => {
      let value = 0;
      for (let b = 0; b < m; b++) for (let a = 0; a < m; a++) value += x[at + a]! * term.sigma[b * m + a]! * x[at + b]!;
      return value;
    };
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < m; a++) z[a] = effects.values[a * n + i]!;
      const own = square(z, 0);
      for (let k = 0; k < (membership?.count ?? 1); k++) {
        const unit = membership === null ? levelOf[i]! : membership.levelOf[k * n + i]!;
        if (unit < 0) continue;
        const share = membership === null ? 1 : membership.weights[k * n + i]!;
        for (let a = 0; a < m; a++) sums[unit * m + a]! += share * z[a]!;
        counts[unit]! += share;
        ofRows += share * share * own;
      }
    }
    for (let unit = 0; unit < units; unit++) ofSums += square(sums, unit * m);
    balanced = counts.reduce((sum, count) => sum + count * count, 0) / n;
  }
  // Without variance the size does not matter; it is that of an intercept's units.
  return { units, size: ofRows > 0 ? ofSums / ofRows : balanced };
}
