/**
 * V7, the quality of the concluding discussion: the rubric's 0 to 4, where 0 means that none took place.
 *
 * Leaving the zeros out asks about discussions that were held and cuts the ordered outcome short. The hurdle is the pair
 * has_discussion and discussion_given (1-4), both of which every table of lessons has.
 */
import { meanPresent } from "./arithmetic.js";

export type DiscussionQuality = "with_zeros" | "drop_zeros" | "mean_with_linking";

/**
 * @param discussion the rubric's score
 * @param linkingAndPress scores of linking and press; missing where no discussion took place, which then counts as 0
 * @returns "mean_with_linking": the mean of all rubrics, NaN where one of them is missing though there was a discussion
 * @example [discussionQuality(0), discussionQuality(0, "drop_zeros"), discussionQuality(3, "mean_with_linking", [1, 2, 2, 2])] // => [0, NaN, 2]
 */
export function discussionQuality(
  discussion: number,
  how: DiscussionQuality = "with_zeros",
  linkingAndPress: readonly number[] = [],
): number {
  if (how === "with_zeros" || (how === "mean_with_linking" && discussion === 0)) return discussion;
  if (how === "drop_zeros") return discussion === 0 ? Number.NaN : discussion;
  return meanPresent([discussion, ...linkingAndPress], linkingAndPress.length + 1);
}
