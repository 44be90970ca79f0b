/**
 * Random effects of single rows, `(1 | row)`: in models of counts and proportions they stand for variation beyond the distribution's own
 * (Elston et al. 2001; Harrison 2014), not for likeness of rows.
 */
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/** For each of `fit.randomTerms` whether its units are the rows; never in linear models. */
export function rowLevelTerms(fit: MixedFit): readonly boolean[] {
  if (!isGeneralized(fit)) return fit.randomTerms.map(() => false);
  return fit.randomTerms.map(({ index, levels }) => levels.length === fit.nobs && fit.frame.random[index]!.membership === null);
}
