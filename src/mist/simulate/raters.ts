/**
 * Raters of lessons, who are also the coders of interviews: eight a block of districts, each with a leniency.
 *
 *   a second reading = the record with a step: none with probability 1 - p1 - p2, one level with p1, two levels with p2;
 *   upwards with probability logistic(leniency of the second - leniency of the first)
 */
import type { RandomStream } from "../../data/random.js";
import { logistic } from "./draws.js";
import type { Setting } from "./setting.js";
import type { District, RaterState } from "./state.js";

/** First and last cycle of each rater; at least three are there in every cycle. */
const TERMS: readonly (readonly [first: number, last: number])[] = [
  [1, 8],
  [1, 4],
  [1, 3],
  [1, 5],
  [4, 8],
  [5, 8],
  [3, 6],
  [6, 8],
];

export function makeRaters(setting: Setting, block: number): RaterState[] {
  return TERMS.map(([first, last], k) => {
    const id = `R${block + 1}-${k + 1}`;
    const severity = setting.p.sd_severity * setting.stream("raters", id).normal();
    return { id, severity, row: { rater_id: id, certified: true, first_cycle: first, last_cycle: last } };
  });
}

/** Two different readers who are there that cycle: the first gives the record. */
export function drawReaders(
  setting: Setting,
  { raters }: District,
  purpose: string,
  unit: string,
  cycle: number,
): readonly [RaterState, RaterState] {
  const there = raters.filter(({ row }) => row.first_cycle <= cycle && cycle <= row.last_cycle);
  const [first, second] = setting.stream(purpose, unit).sample(there, 2);
  return [first!, second!];
}

/** The step from the record to a second reading. Two draws. */
export function stepOf({ p }: Setting, stream: RandomStream, first: RaterState, second: RaterState): number {
  const u = stream.uniform();
  const size = u < p.p_step2 ? 2 : u < p.p_step2 + p.p_step1 ? 1 : 0;
  return stream.bernoulli(logistic(second.severity - first.severity)) ? size : -size;
}
