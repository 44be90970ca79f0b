/**
 * The random terms as users know them: covariance matrices and conditional modes in the units of the data.
 *
 *   Sigma = sigma^2 lambda lambda',   lambda = R^-1 lambda*,   b = scale R^-1 lambda* u
 */
import { unwhitened } from "./blocks/covariance-parameters.js";
import { applyLambda } from "./blocks/solve.js";
import type { Structure } from "./blocks/structure.js";
import type { RandomTermFit } from "./fit.js";
import type { TermNames } from "./fit-notes.js";
import { timesTransposed } from "./linalg/symmetric.js";

export interface RandomEstimates {
  /** lambda*, one S x S matrix a group. */
  readonly lambda: readonly Float64Array[];
  /** u, in elimination order (what stands after its q components does not count). */
  readonly effects: Float64Array;
  readonly sigma: number;
  /** Units of the working response. */
  readonly scale: number;
}

/** One record a term, terms with most levels first as lme4 orders them. */
export function randomTermFits(
  random: readonly TermNames[],
  structure: Structure,
  { lambda: factors, effects, sigma, scale }: RandomEstimates,
): RandomTermFit[] {
  const { groups, nodeOf, position, q } = structure;
  const modes = new Float64Array(q);
  applyLambda(structure, factors, false, effects, 1, modes);
  const terms: RandomTermFit[] = [];
  groups.forEach((group, k) => {
    const full = unwhitened(group, factors[k]!);
    for (const part of group.parts) {
      const m = part.size;
      const lambda = new Float64Array(m * m);
      for (let c = 0; c < m; c++) for (let r = c; r < m; r++) lambda[c * m + r] = full[(part.start + c) * group.size + part.start + r]!;
      const covariance = timesTransposed(lambda, m);
      for (let x = 0; x < covariance.length; x++) covariance[x] = covariance[x]! * sigma * sigma;
      const own = new Float64Array(m * group.levelCount);
      nodeOf[k]!.forEach((t, level) => {
        for (let c = 0; c < m; c++) {
          const value = modes[position[t]! + part.start + c]! * scale;
          for (let r = c; r < m; r++) {
            const weight = group.whitening[(part.start + c) * group.size + part.start + r]!;
            own[level * m + r] = own[level * m + r]! + weight * value;
          }
        }
      });
      terms.push({
        index: part.term,
        group: group.label,
        covariance: part.covariance,
        effects: random[part.term]!.effects.names,
        levels: group.levels,
        lambda,
        sigma: covariance,
        modes: own,
      });
    }
  });
  return terms.sort((a, b) => b.levels.length - a.levels.length || a.index - b.index);
}
