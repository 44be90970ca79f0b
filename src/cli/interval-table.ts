/**
 * Confidence intervals as a table of text.
 */
import type { Interval } from "../inference/interval.js";
import { formatColumn } from "../inference/summary/numbers.js";
import { type TextColumn, textTable } from "../inference/summary/text-table.js";

/** The coverage as people write it: `95 %`. */
export function percent(level: number): string {
  return `${Number((100 * level).toPrecision(6))} %`;
}

/**
 * @param further columns between the estimate and the limits, aligned with the intervals
 */
export function intervalLines(intervals: readonly Interval[], further: readonly TextColumn[] = []): string[] {
  // "sigma" and "shape" say what they are.
  const groups = intervals.map(
    ({ term, group, part }) => group ?? (part === undefined || term === "sigma" || term === "shape" ? "" : part),
  );
  // Estimates and limits are read together: they share their decimals.
  const count = intervals.length;
  const numbers = formatColumn([
    ...intervals.map(({ estimate }) => estimate),
    ...intervals.map(({ lower }) => lower),
    ...intervals.map(({ upper }) => upper),
  ]);
  return textTable([
    { heading: "", cells: intervals.map(({ term }) => term), align: "left" },
    { heading: "", cells: groups, align: "left" },
    { heading: "Estimate", cells: numbers.slice(0, count) },
    ...further,
    { heading: "Lower", cells: numbers.slice(count, 2 * count) },
    { heading: "Upper", cells: numbers.slice(2 * count) },
  ]);
}
