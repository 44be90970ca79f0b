/**
 * What degrees of freedom mean at a boundary, in words.
 *
 * Where a variance is estimated as zero Satterthwaite's method, which follows the standard deviations, counts as if the model had never had
 * it. Kenward and Roger's follows the variances, and keeps it among what had to be estimated: the more cautious way, and often a very
 * different number.
 */
import { type Note, testMessages } from "../messages.js";
import type { DfMethod } from "./df-method.js";
import { kenwardRogerContrast, kenwardRogerModel, kenwardRogerWithoutZeros } from "./kenward-roger.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/**
 * Empty but for Satterthwaite's and Kenward and Roger's degrees of freedom of a linear model at the boundary.
 *
 * @throws FitError for Kenward-Roger after maximum likelihood
 * @example degreesOfFreedomNotes(lmm("mAch ~ 1 + (1 | school)", hsb), "kenward-roger") // => []
 */
export function degreesOfFreedomNotes(fit: MixedFit, df: DfMethod): readonly Note[] {
  if (isGeneralized(fit) || !fit.singular || fit.fixed.length === 0) return [];
  const zeros = fit.random.flatMap((one) => ("variance" in one && one.variance === 0 ? [{ effect: one.term, group: one.group }] : []));
  const note = (message: string): readonly Note[] => [{ code: "boundary-df", message }];
  if (df === "satterthwaite") return zeros.length === 0 ? [] : note(testMessages.satterthwaiteAtZero(zeros));
  if (df !== "kenward-roger") return [];
  const without = kenwardRogerWithoutZeros(fit);
  if (without === null) return note(testMessages.kenwardRogerSingular);
  const model = kenwardRogerModel(fit);
  const rows = fit.fixed.map(({ term }, j) => {
    const row = Float64Array.from(fit.fixed, (_, k) => Number(k === j));
    return { term, df: kenwardRogerContrast(model, row).df, without: kenwardRogerContrast(without, row).df };
  });
  return note(testMessages.kenwardRogerAtZero(zeros, rows));
}
