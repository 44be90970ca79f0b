/**
 * The fixed effects as HLM sees them: each belongs to a level-1 coefficient (the intercept beta_0 or a slope beta_q) and is
 * the effect of a unit-level predictor on it.
 *
 *   beta_qj = gamma_q0 + sum_s gamma_qs w_sj + u_qj      <=>      column of gamma_qs:  w_sj z_qij
 *
 * Which column is which is read off the data: a column that is constant within units belongs to the intercept; one that is,
 * within each unit, a multiple of another column belongs to that column's slope (Raudenbush & Bryk 2002, eq. 2.21).
 */
import type { LinearMixedFit } from "../../models/fit.js";
import { fixedColumns, isUnitMultiple, type Units } from "../units.js";

/** One level-1 coefficient and the fixed effects that model it. */
export interface LevelOneCoefficient {
  /** What HLM prints: `INTRCPT1, β0`, or the column whose slope it is: `cses, β1`. */
  readonly heading: string;
  readonly predictors: readonly LevelTwoPredictor[];
}

/** A fixed effect as a predictor of a level-1 coefficient. */
export interface LevelTwoPredictor {
  /** Index in `fit.fixed`. */
  readonly index: number;
  /** `INTRCPT2, γ00`, or the unit-level predictor: `meanses, γ01`. */
  readonly label: string;
}

/** More columns than this are not sorted into coefficients: it takes a pass over the data for each pair. */
const MOST_COLUMNS = 60;

/**
 * The level-1 coefficients in the order of the fixed effects, the intercept first; null where there are too many columns.
 *
 * @param symbols whether to add beta and gamma with their numbers, as is right for two levels
 */
export function levelOneCoefficients(fit: LinearMixedFit, units: Units, symbols: boolean): readonly LevelOneCoefficient[] | null {
  const columns = fixedColumns(fit);
  if (columns.length > MOST_COLUMNS || units.levelOf === null) return null;
  const levelOf = units.levelOf;
  const terms = fit.fixed.map(({ term }) => term);
  const within = (x: Float64Array, z: Float64Array): boolean => isUnitMultiple(x, z, levelOf, units.levelCount);
  const ones = new Float64Array(fit.nobs).fill(1);
  const constant = columns.map((x) => within(x, ones));
  const depth = (term: string): number => term.split(":").length;
  // The column whose slope column c predicts: the simplest one of which it is a multiple within units, at worst itself.
  const owners = columns.map((x, c) => {
    if (constant[c]) return -1;
    const candidates = columns.flatMap((z, d) => (!constant[d] && depth(terms[d]!) <= depth(terms[c]!) && within(x, z) ? [d] : []));
    return candidates.reduce((best, d) => (depth(terms[d]!) < depth(terms[best]!) ? d : best), c);
  });
  const keys = [...new Set(owners)].sort((a, b) => a - b);
  return keys.map((owner, q) => {
    const effect = owner === -1 ? "(Intercept)" : terms[owner]!;
    const indices = owners.flatMap((key, index) => (key === owner ? [index] : []));
    const predictors = indices.map((index, s) => ({ index, label: predictorName(terms[index]!, effect) + (symbols ? `, γ${q}${s}` : "") }));
    return { heading: (owner === -1 ? "INTRCPT1" : effect) + (symbols ? `, β${q}` : ""), predictors };
  });
}

/** `meanses:cses` predicts the slope of `cses` by `meanses`. */
function predictorName(term: string, effect: string): string {
  if (term === effect) return "INTRCPT2";
  if (effect === "(Intercept)") return term;
  const owned = effect.split(":");
  const rest = term.split(":").filter((part) => !owned.includes(part));
  return rest.length === 0 ? term : rest.join(":");
}
