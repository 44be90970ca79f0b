/**
 * Probabilities of ordered categories given the rows' linear predictors:
 *
 *   P(Y_i = j) = F((tau_ij - eta_i) / s_i) - F((tau_i,j-1 - eta_i) / s_i),   tau_i = J (a_0 + x_i1 a_1 + ... + x_im a_m)
 *
 * (McCullagh 1980; nominal columns x after Peterson & Harrell 1990.) Each is the exponential of the cell's log-probability, which keeps
 * its relative accuracy in the tails. Adjacent-category and multinomial models have log-probabilities up to a constant instead:
 *
 *   P(Y_i = j) = exp(S_ij) / sum_k exp(S_ik)
 */
import { logShare } from "./families/adjacent-category.js";
import { CUMULATIVE_LINKS, type CumulativeLink, cumulativeCell } from "./families/cumulative.js";
import { CELL_LENGTH, L } from "./families/cumulative-cell.js";
import type { LinkName } from "./families/family.js";
import { type NominalColumns, type ThresholdDesign, thresholdValues } from "./families/thresholds.js";

/**
 * The value of each category, of which an expected category is the mean: the numbers themselves where all categories are numbers in
 * increasing order, else 1, 2, ..., J.
 *
 * @example [categoryScores(["0", "1", "4"]), categoryScores(["low", "high"])] // => [[0, 1, 4], [1, 2]]
 */
export function categoryScores(levels: readonly string[]): readonly number[] {
  const numbers = levels.map((level) => (level.trim() === "" ? Number.NaN : Number(level)));
  const increasing = numbers.every((x, j) => Number.isFinite(x) && (j === 0 || x > numbers[j - 1]!));
  return increasing ? numbers : levels.map((_, j) => j + 1);
}

/** Where the rows stand on the latent scale. */
export interface LatentRows {
  /** n: on the scale on which the thresholds' parameters are given. */
  readonly eta: Float64Array;
  /** n: log s; null for 1. */
  readonly logScale: Float64Array | null;
  /** n x m columns on which the thresholds depend; null for none. */
  readonly nominal: NominalColumns | null;
}

/**
 * @param parameters k (1 + m) threshold parameters, a_0 first
 * @returns n x J, column-major: the probability of category j in row i at [j * n + i]
 */
export function categoryProbabilities(
  design: ThresholdDesign,
  parameters: Float64Array,
  link: CumulativeLink,
  { eta, logScale, nominal }: LatentRows,
): Float64Array {
  const n = eta.length;
  const count = design.thresholds.length;
  const k = design.parameters.length;
  const m = nominal?.names.length ?? 0;
  // By block: what one unit of the block's column does to the thresholds; block 0 are the thresholds themselves.
  const effects = Array.from({ length: m + 1 }, (_, block) => {
    return thresholdValues(design, parameters.subarray(block * k, (block + 1) * k), null).values;
  });
  const cell = cumulativeCell(link);
  const out = new Float64Array(CELL_LENGTH);
  const tau = new Float64Array(count);
  const probabilities = new Float64Array(n * (count + 1));
  for (let i = 0; i < n; i++) {
    tau.set(effects[0]!);
    for (let block = 1; block <= m; block++) {
      const x = nominal!.columns[(block - 1) * n + i]!;
      for (let j = 0; j < count; j++) tau[j] = tau[j]! + x * effects[block]![j]!;
    }
    const s = logScale === null ? 1 : Math.exp(logScale[i]!);
    for (let j = 0; j <= count; j++) {
      const z1 = j === count ? Number.POSITIVE_INFINITY : (tau[j]! - eta[i]!) / s;
      const z2 = j === 0 ? Number.NEGATIVE_INFINITY : (tau[j - 1]! - eta[i]!) / s;
      const width = j === 0 || j === count ? Number.POSITIVE_INFINITY : (tau[j]! - tau[j - 1]!) / s;
      // Nominal effects may make thresholds cross in rows that the model was not fitted to.
      if (!(width > 0)) probabilities[j * n + i] = width === 0 ? 0 : Number.NaN;
      else {
        cell(z1, z2, width, 0, out);
        probabilities[j * n + i] = Math.exp(out[L]!);
      }
    }
  }
  return probabilities;
}

/** S_j = sum_{k<j} (eta - tau_k): log-probabilities, up to a constant, of an adjacent-category model; J arrays. */
export function adjacentScores(eta: Float64Array, thresholds: readonly Float64Array[]): Float64Array[] {
  const scores = [new Float64Array(eta.length)];
  for (const [k, tau] of thresholds.entries()) scores.push(scores[k]!.map((sum, i) => sum + eta[i]! - tau[i]!));
  return scores;
}

/** exp(S_j) / sum_k exp(S_k) for J arrays of n values; n x J, column-major. */
export function shares(scores: readonly Float64Array[]): Float64Array {
  const n = scores[0]!.length;
  const row = new Float64Array(scores.length);
  const out = new Float64Array(n * scores.length);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < row.length; j++) row[j] = scores[j]![i]!;
    for (let j = 0; j < row.length; j++) out[j * n + i] = Math.exp(logShare(row, j));
  }
  return out;
}

/** The link of a cumulative model, narrowed. */
export function cumulativeLink(link: LinkName): CumulativeLink {
  const known = CUMULATIVE_LINKS.find((name) => name === link);
  if (known === undefined) throw new RangeError(link);
  return known;
}
