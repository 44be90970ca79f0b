/**
 * What a likelihood-ratio statistic is compared with, when the smaller model lies within the larger.
 *
 *   chi^2 = -2 (log L_small - log L_large)
 *
 * Fixed effects and covariances are free to either side: chi-square with a degree of freedom each (Wilks 1938). A variance
 * can only be zero or more, so that under the smaller model it is estimated as zero half of the time and the statistic
 * follows a mixture (Self & Liang 1987; Stram & Lee 1994):
 *
 *   one further variance             1/2 chi^2_0 + 1/2 chi^2_1
 *   a slope added to S effects       1/2 chi^2_S + 1/2 chi^2_(S+1)   (a variance and S covariances)
 *   m further separate variances     sum_i C(m, i) 2^-m chi^2_i      (their estimates taken as independent)
 *
 * Further fixed effects and covariances add their number to each component. In other cases the plain chi-square with all
 * the parameters' degrees of freedom is too large a yardstick: its p value is conservative.
 */
import { chiSquareUpper } from "./distributions/chi-square.js";

/** A random term as far as nesting is concerned. */
export interface TermShape {
  readonly group: string;
  readonly covariance: "unstructured" | "diagonal";
  readonly effects: readonly string[];
}

/** One part of a mixture of chi-square distributions. */
export interface MixturePart {
  readonly weight: number;
  readonly df: number;
}

/** The distribution that the statistic is compared with. */
export interface ReferenceDistribution {
  readonly kind: "chi-square" | "mixture" | "conservative";
  readonly parts: readonly MixturePart[];
}

/** How the larger random part exceeds the smaller: null where the smaller does not lie within the larger. */
interface RandomDifference {
  /** Separate further variances. */
  readonly variances: number;
  /** Further covariances of effects that the smaller model has too. */
  readonly covariances: number;
  /** For each term that gained one effect: the number of effects it had. */
  readonly slopes: readonly number[];
  /** Whether something was added that none of these describes. */
  readonly other: boolean;
}

/**
 * The reference distribution of the likelihood-ratio statistic, or null where the smaller model's random part does not lie
 * within the larger's.
 *
 * @param fixedDf number of further fixed effects in the larger model
 * @param npar difference in the number of parameters
 * @example referenceDistribution([], [{ group: "g", covariance: "unstructured", effects: ["(Intercept)"] }], 0, 1)
 * // => { kind: "mixture", parts: [{ weight: 0.5, df: 0 }, { weight: 0.5, df: 1 }] }
 */
export function referenceDistribution(
  smaller: readonly TermShape[],
  larger: readonly TermShape[],
  fixedDf: number,
  npar: number,
): ReferenceDistribution | null {
  const difference = randomDifference(smaller, larger);
  if (difference === null) return null;
  const { variances, covariances, slopes, other } = difference;
  const free = fixedDf + covariances;
  if (!other && slopes.length === 0 && variances === 0) return { kind: "chi-square", parts: [{ weight: 1, df: free }] };
  if (!other && slopes.length === 0) {
    const parts = Array.from({ length: variances + 1 }, (_, i) => ({ weight: binomial(variances, i) / 2 ** variances, df: free + i }));
    return { kind: "mixture", parts };
  }
  if (!other && slopes.length === 1 && variances === 0) {
    const parts = [free + slopes[0]!, free + slopes[0]! + 1].map((df) => ({ weight: 0.5, df }));
    return { kind: "mixture", parts };
  }
  return { kind: "conservative", parts: [{ weight: 1, df: npar }] };
}

/** P(X > statistic) for the mixture; a component without degrees of freedom is the point zero. */
export function referenceP(statistic: number, { parts }: ReferenceDistribution): number {
  return parts.reduce((sum, { weight, df }) => sum + weight * (df === 0 ? (statistic > 0 ? 0 : 1) : chiSquareUpper(statistic, df)), 0);
}

/** Blocks of effects with free covariances; a diagonal term is one block an effect. */
function blocks(terms: readonly TermShape[]): { readonly group: string; readonly effects: readonly string[] }[] {
  return terms.flatMap(({ group, covariance, effects }) =>
    covariance === "diagonal" ? effects.map((effect) => ({ group, effects: [effect] })) : [{ group, effects }],
  );
}

function randomDifference(smaller: readonly TermShape[], larger: readonly TermShape[]): RandomDifference | null {
  const left = blocks(smaller);
  let variances = 0;
  let covariances = 0;
  let other = false;
  const slopes: number[] = [];
  for (const block of blocks(larger)) {
    const size = block.effects.length;
    const inside: number[] = [];
    for (let k = left.length - 1; k >= 0; k--) {
      const { group, effects } = left[k]!;
      if (group !== block.group || !effects.every((effect) => block.effects.includes(effect))) continue;
      inside.push(effects.length);
      left.splice(k, 1);
    }
    const covered = inside.reduce((sum, count) => sum + count, 0);
    if (covered === size) covariances += (size * (size - 1)) / 2 - inside.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
    else if (covered === 0 && size === 1) variances++;
    else if (inside.length === 1 && covered === size - 1) slopes.push(covered);
    else other = true;
  }
  return left.length > 0 ? null : { variances, covariances, slopes, other };
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}
