/**
 * Ranges that several columns share, each declared once. A column names one of these, or states a range of its own.
 */

/** Bounds of a number; an absent bound is no bound. */
export interface Range {
  /** Inclusive. */
  readonly minimum?: number;
  /** Inclusive. */
  readonly maximum?: number;
  /** The number lies above this. */
  readonly exclusiveMinimum?: number;
}

export const ranges = {
  /** Annual cycles of data collection: 2007-08 is cycle 1, 2014-15 cycle 8. */
  cycle: { minimum: 1, maximum: 8 },
  phase: { minimum: 1, maximum: 2 },
  grade: { minimum: 6, maximum: 8 },
  month: { minimum: 1, maximum: 12 },
  share: { minimum: 0, maximum: 1 },
  /** A share that is never nothing. */
  weight: { exclusiveMinimum: 0, maximum: 1 },
  /** Survey items and relationship ratings. */
  survey: { minimum: 1, maximum: 5 },
  /** Rubric means and numeric rubric scores. */
  rubric: { minimum: 0, maximum: 4 },
  count: { minimum: 0 },
  positive: { exclusiveMinimum: 0 },
  ordinal: { minimum: 1 },
  /** First is the record, second an independent double reading. */
  reading: { minimum: 1, maximum: 2 },
  networkYear: { minimum: 1, maximum: 4 },
} as const;

export type RangeName = keyof typeof ranges;

/** The bounds that a column's declaration means: those of the named range, or its own. */
export function rangeOf(range: RangeName | Range): Range {
  return typeof range === "string" ? ranges[range] : range;
}
