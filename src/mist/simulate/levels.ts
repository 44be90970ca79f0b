/**
 * The values of a category set, kept: rows are made by the hundred thousand.
 */
import { type CategorySetName, type Level, levelsOf } from "../codebook/category-sets.js";

const kept = new Map<CategorySetName, readonly string[]>();

/** As `levelsOf`, computed once a set. */
export function levels<S extends CategorySetName>(set: S): readonly Level<S>[] {
  let values = kept.get(set);
  if (values === undefined) {
    values = levelsOf(set);
    kept.set(set, values);
  }
  return values as readonly Level<S>[];
}
