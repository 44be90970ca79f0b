/**
 * V37, a student's answer to an item of a practical measure (Yeager et al. 2013): favourable or not; the score of a class on an
 * occasion is the mean. Alternatives: the place of the answer among the options, from 0 to 1; or a score per student from a
 * graded-response model of the favourable answers.
 */
import { LIST_SEPARATOR } from "../../codebook/facts.js";

export type PmScore = "favourable" | "ordinal" | "irt";

/** The codes of a cell that lists several. @example codesOf("yes|no") // => ["yes", "no"] */
export function codesOf(cell: string): readonly string[] {
  return cell === "" ? [] : cell.split(LIST_SEPARATOR);
}

/**
 * 1 where the answer is favourable, else 0; of several codes chosen all must be.
 *
 * @param response codes chosen, null where not answered; @param favourable the item's favourable codes
 * @example [isFavourable("no", ["no"]), isFavourable("a|b", ["a"]), isFavourable(null, ["no"])] // => [1, 0, NaN]
 */
export function isFavourable(response: string | null, favourable: readonly string[]): number {
  if (response === null) return Number.NaN;
  const chosen = codesOf(response);
  return chosen.length > 0 && chosen.every((code) => favourable.includes(code)) ? 1 : 0;
}

/**
 * The place of the answer among the options, 0 first, 1 last, turned so that the favourable end is 1; the mean place of several.
 *
 * @returns NaN where not answered or not among the options, and for an item with one option
 * @example ordinalScore("b", ["a", "b", "c"], ["a"]) // => 0.5
 */
export function ordinalScore(response: string | null, options: readonly string[], favourable: readonly string[]): number {
  if (response === null) return Number.NaN;
  const place = (codes: readonly string[]): number =>
    codes.reduce((sum, code) => sum + (options.includes(code) ? options.indexOf(code) : Number.NaN), 0) /
    codes.length /
    (options.length - 1);
  const score = place(codesOf(response));
  return place(favourable) < 0.5 ? 1 - score : score;
}
