/**
 * V28, how well a leader tells tasks of high from tasks of low demand (signal detection; Macmillan & Creelman 2005):
 *
 *   d' = z(hit rate) - z(false-alarm rate),   rate = (x + 0.5) / (n + 1) (Hautus 1995)
 */
import { normalQuantile } from "../../../models/special/normal.js";

export type Discrimination = "d_prime" | "proportion_correct";

/**
 * @param tasks all tasks, @param high those of high demand, @param hits high ones called high, @param alarms low ones called high
 * @example [discrimination(10, 5, 5, 0), discrimination(10, 5, 4, 1, "proportion_correct")] // => [2.7660, 0.8]
 */
export function discrimination(tasks: number, high: number, hits: number, alarms: number, how: Discrimination = "d_prime"): number {
  const low = tasks - high;
  if (how === "proportion_correct") return (hits + low - alarms) / tasks;
  if (Number.isNaN(hits + alarms + low + high)) return Number.NaN;
  return normalQuantile((hits + 0.5) / (high + 1)) - normalQuantile((alarms + 0.5) / (low + 1));
}
