/**
 * Cumulative link rows: an ordered response Y in categories 0, ..., J-1 as a latent variable cut at thresholds,
 *
 *   P(Y <= j) = F((tau_{j+1} - eta) / s),    l = w log( F(z1) - F(z2) ),    z1 = (tau_{y+1} - eta) / s,   z2 = (tau_y - eta) / s
 *
 * with tau_0 = -Infinity and tau_J = +Infinity (McCullagh 1980, "Regression models for ordinal data"; the scale s after his section 4).
 * A row has the predictors `mean` (eta), `upper` (the threshold above its category), `lower` (the one below) and, with a scale,
 * `scale` (log s). Which of its parameters move a row's two thresholds is the design's matter (thresholds.ts).
 *
 * The five distributions are in cumulative-logit.ts, -probit.ts, -gumbel.ts and -cauchit.ts: all stable in both tails and for narrow
 * cells. With their g = dl/d(eta) and w = -d2l/d(eta)2 at s = 1, and z = log s,
 *
 *   l_z = -(z1 l_1 + z2 l_2),   l_zz = z1 l_1 + z2 l_2 - z1^2 g_1 - z2^2 g_2 - l_12 (z1 - z2)^2,   l_eta,eta,z = (2 w + z1 w_1 + z2 w_2) / s^2.
 */
import { cauchitCell } from "./cumulative-cauchit.js";
import { CELL_LENGTH, type Cell, type CumulativeLink, G, G1, G2, L, L1, L2, L11, L12, L22, W, W1, W2 } from "./cumulative-cell.js";
import { cloglogCell, loglogCell } from "./cumulative-gumbel.js";
import { logitCell } from "./cumulative-logit.js";
import { probitCell } from "./cumulative-probit.js";
import { type DerivativeOrder, derivativeLength, firstAt, type RowLikelihood, secondAt, thirdAt } from "./row-likelihood.js";

export type { CumulativeLink } from "./cumulative-cell.js";

/** Links of cumulative models; the first is the default. */
export const CUMULATIVE_LINKS: readonly CumulativeLink[] = ["logit", "probit", "cloglog", "loglog", "cauchit"];

/** The link's distribution, as the log-probability of a cell. */
export function cumulativeCell(link: CumulativeLink): Cell {
  switch (link) {
    case "logit":
      return logitCell;
    case "probit":
      return probitCell;
    case "cloglog":
      return cloglogCell;
    case "loglog":
      return loglogCell;
    case "cauchit":
      return cauchitCell;
  }
}

const MEAN = 0;
const UPPER = 1;
const LOWER = 2;
const SCALE = 3;

/**
 * The rows of a cumulative link model; predictors `mean`, `upper`, `lower` and, on request, `scale` (log s); random effects in the mean.
 *
 * In the top category `upper` is infinite in effect: its value in `at` is not read and derivatives with respect to it are zero; `lower`
 * in the bottom category likewise. Crossed or equal thresholds give -Infinity.
 *
 * @param category n category indices, 0 to `categories` - 1
 * @param categories J, 2 or more
 * @param weights n prior weights, or null for ones
 * @example
 * const out = new Float64Array(1);
 * cumulativeRows(Int32Array.of(1), 3, "logit", null).row(0, Float64Array.of(0.5, 1.5, -0.5), 0, out);
 * out[0] // => -0.7719368329053047
 */
export function cumulativeRows(
  category: Int32Array,
  categories: number,
  link: CumulativeLink,
  weights: Float64Array | null,
  options: { readonly scale: boolean } = { scale: false },
): RowLikelihood {
  const cell = cumulativeCell(link);
  const cellOut = new Float64Array(CELL_LENGTH);
  const { scale } = options;
  const p = scale ? 4 : 3;
  const length = derivativeLength(p);

  /** Second and third derivatives, at the cell's scale: every step in a threshold or the mean divides by s. */
  function higher(weight: number, s: number, out: Float64Array): void {
    const second = weight / (s * s);
    const third = second / s;
    out[secondAt(p, MEAN, MEAN)] = -second * cellOut[W]!;
    out[secondAt(p, MEAN, UPPER)] = second * cellOut[G1]!;
    out[secondAt(p, MEAN, LOWER)] = second * cellOut[G2]!;
    out[secondAt(p, UPPER, UPPER)] = second * cellOut[L11]!;
    out[secondAt(p, UPPER, LOWER)] = second * cellOut[L12]!;
    out[secondAt(p, LOWER, LOWER)] = second * cellOut[L22]!;
    out[thirdAt(p, MEAN, MEAN, MEAN)] = third * (cellOut[W1]! + cellOut[W2]!);
    out[thirdAt(p, MEAN, MEAN, UPPER)] = -third * cellOut[W1]!;
    out[thirdAt(p, MEAN, MEAN, LOWER)] = -third * cellOut[W2]!;
  }

  /** Derivatives in the log scale; z1 and z2 are zero where they are infinite, width too. */
  function scaleDerivatives(z1: number, z2: number, width: number, weight: number, s: number, order: number, out: Float64Array): void {
    const l1 = cellOut[L1]!;
    const l2 = cellOut[L2]!;
    // z1 l_1 + z2 l_2, about the cell's middle so that a narrow cell loses nothing
    const along = width > 0 ? (width / 2) * (l1 - l2) - ((z1 + z2) / 2) * cellOut[G]! : z1 * l1 + z2 * l2;
    out[firstAt(SCALE)] = -weight * along;
    if (order === 1) return;
    const g1 = cellOut[G1]!;
    const g2 = cellOut[G2]!;
    const l12 = cellOut[L12]!;
    out[secondAt(p, MEAN, SCALE)] = (-weight * (cellOut[G]! + z1 * g1 + z2 * g2)) / s;
    out[secondAt(p, UPPER, SCALE)] = (-weight * (l1 - z1 * g1 - width * l12)) / s;
    out[secondAt(p, LOWER, SCALE)] = (-weight * (l2 - z2 * g2 + width * l12)) / s;
    out[secondAt(p, SCALE, SCALE)] = weight * (along - z1 * z1 * g1 - z2 * z2 * g2 - width * width * l12);
    out[thirdAt(p, MEAN, MEAN, SCALE)] = (weight * (2 * cellOut[W]! + z1 * cellOut[W1]! + z2 * cellOut[W2]!)) / (s * s);
  }

  return {
    predictors: scale ? ["mean", "upper", "lower", "scale"] : ["mean", "upper", "lower"],
    random: [MEAN],
    row(i: number, at: Float64Array, order: DerivativeOrder, out: Float64Array): void {
      const j = category[i]!;
      const top = j === categories - 1;
      const bottom = j === 0;
      const eta = at[MEAN]!;
      const s = scale ? Math.exp(at[SCALE]!) : 1;
      const z1 = top ? Number.POSITIVE_INFINITY : (at[UPPER]! - eta) / s;
      const z2 = bottom ? Number.NEGATIVE_INFINITY : (at[LOWER]! - eta) / s;
      const width = top || bottom ? Number.POSITIVE_INFINITY : (at[UPPER]! - at[LOWER]!) / s;
      if (!(width > 0)) {
        out.fill(0, 0, Math.min(length, out.length));
        out[0] = Number.NEGATIVE_INFINITY;
        return;
      }
      cell(z1, z2, width, order, cellOut);
      const weight = weights === null ? 1 : weights[i]!;
      out[0] = weight * cellOut[L]!;
      if (order === 0) return;
      out[firstAt(MEAN)] = (weight * cellOut[G]!) / s;
      out[firstAt(UPPER)] = (weight * cellOut[L1]!) / s;
      out[firstAt(LOWER)] = (weight * cellOut[L2]!) / s;
      if (order > 1) higher(weight, s, out);
      if (scale) scaleDerivatives(top ? 0 : z1, bottom ? 0 : z2, top || bottom ? 0 : width, weight, s, order, out);
    },
  };
}
