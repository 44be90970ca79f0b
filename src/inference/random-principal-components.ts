/**
 * Principal components of the random effects of each grouping factor: in how many directions the units really differ.
 *
 *   Sigma_g = U D^2 U'
 *
 * Sigma_g the covariance matrix of all effects of the factor. Components with a standard deviation of zero mean that the model has more
 * random effects than the data can tell apart (Bates, Kliegl, Vasishth & Baayen 2015, "Parsimonious mixed models"). Components depend on the
 * units of the predictors that have slopes, as those of any principal component analysis of covariances do.
 */
import { symmetricEigen } from "../models/linalg/symmetric.js";
import type { MixedFit } from "./mixed-fit.js";
import { unitsOf } from "./units.js";

/** The components of one grouping factor, by descending standard deviation. */
export interface RandomComponents {
  readonly group: string;
  /** S names of effects. */
  readonly effects: readonly string[];
  readonly components: readonly RandomPrincipalComponent[];
  /** Components with variation. */
  readonly dimension: number;
}

export interface RandomPrincipalComponent {
  /** In the units of the response or of its linear predictor; lme4's is this divided by sigma. */
  readonly sd: number;
  /** Of the factor's total variance. */
  readonly share: number;
  /** Of the components so far. */
  readonly cumulative: number;
  /** S, in the order of `effects`: a unit vector, its largest element positive. */
  readonly loadings: readonly number[];
}

/** Of the largest standard deviation: below this a component counts as without variation. */
const NO_VARIATION = 1e-4;

/**
 * @returns one record a grouping factor. R: `rePCA(fit)` of lme4, whose standard deviations are relative to the residual's
 * @example randomPrincipalComponents(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy))[0].components.map(({ share }) => share) // => [0.9461, 0.0539]
 */
export function randomPrincipalComponents(fit: MixedFit): readonly RandomComponents[] {
  return unitsOf(fit).map(({ group, effects, covariance }) => {
    const size = effects.length;
    const { values, vectors } = symmetricEigen(covariance, size);
    const order = Array.from({ length: size }, (_, k) => size - 1 - k);
    const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
    let sum = 0;
    const components = order.map((k): RandomPrincipalComponent => {
      const variance = Math.max(0, values[k]!);
      sum += variance;
      const loadings = Array.from({ length: size }, (_, r) => vectors[k * size + r]!);
      const largest = loadings.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
      return {
        sd: Math.sqrt(variance),
        share: total > 0 ? variance / total : Number.NaN,
        cumulative: total > 0 ? sum / total : Number.NaN,
        loadings: loadings.map((x) => (largest < 0 ? -x : x)),
      };
    });
    const first = components[0]?.sd ?? 0;
    return { group, effects, components, dimension: components.filter(({ sd }) => sd > NO_VARIATION * first).length };
  });
}
