/** What R gives (tests/reference/inference/prediction), and how it is compared. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "reference", "inference", "prediction");

export type ReferenceRow = Readonly<Record<string, number | string | null>>;
export const means: Readonly<Record<string, readonly ReferenceRow[]>> = JSON.parse(readFileSync(join(folder, "means.json"), "utf8"));

export interface ReferenceNumbers {
  readonly fit: readonly number[];
  readonly se: readonly number[];
  readonly population: readonly number[];
  readonly population_se: readonly number[];
  readonly estimate: number;
}
export const predictions: Readonly<
  Record<string, ReferenceNumbers & readonly (readonly number[])[] & readonly { estimate: number; se: number }[]>
> = JSON.parse(readFileSync(join(folder, "predict.json"), "utf8"));

/** 1e-4 of the value, or of what it is measured by where it is near zero. */
export function near(actual: number, expected: number, size = 0): void {
  expect(Math.abs(actual - expected), `${actual} against ${expected}`).toBeLessThanOrEqual(1e-4 * Math.max(Math.abs(expected), size));
}

export function allNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) near(actual[i]!, expected[i]!);
}

interface Row {
  readonly estimate: number;
  readonly stdError: number;
  readonly df: number | null;
  readonly lower: number;
  readonly upper: number;
}

/** Rows of means or contrasts against emmeans' table, whose estimates stand in the column `column`; missing where emmeans says so. */
export function sameTable(rows: readonly Row[], name: string, column: string): void {
  const reference = means[name]!;
  expect(rows.length).toBe(reference.length);
  rows.forEach((row, i) => {
    const of = (key: string): number =>
      reference[i]![key] === null || reference[i]![key] === undefined ? Number.NaN : Number(reference[i]![key]);
    if (Number.isNaN(of(column))) {
      expect(row.estimate).toBeNaN();
      expect(row.stdError).toBeNaN();
      return;
    }
    near(row.estimate, of(column), of("SE"));
    near(row.stdError, of("SE"));
    if (row.df !== null) near(row.df, of("df"));
    near(row.lower, "lower.CL" in reference[i]! ? of("lower.CL") : of("LCL"), of("SE"));
    near(row.upper, "upper.CL" in reference[i]! ? of("upper.CL") : of("UCL"), of("SE"));
  });
}
