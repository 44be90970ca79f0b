/**
 * p values and intervals of several tests at once: R's `p.adjust`, and Tukey's method for all pairs of means.
 *
 *   bonferroni   m p                                               family-wise error, any dependence
 *   holm         max over the smaller ones of (m - k + 1) p_(k)    the same, uniformly more powerful (Holm 1979)
 *   bh           min over the larger ones of (m / k) p_(k)         false discovery rate (Benjamini & Hochberg 1995)
 *   tukey        P(Q > sqrt(2) |t|), Q the studentized range       all pairs of r means (Tukey 1953; Kramer 1956)
 *
 * Tukey's method is exact where the means have equal standard errors and are independent, else a little conservative (Hayter 1984), as in
 * emmeans. Intervals: Bonferroni's for bonferroni and holm, the studentized range's for tukey, those of the single tests for bh.
 */
import { FitError, testMessages } from "../messages.js";
import { studentizedRangeQuantile, studentizedRangeUpper } from "./distributions/studentized-range.js";
import { checkLevel, upperQuantile } from "./fixed-tests.js";

export type Adjustment = "none" | "bonferroni" | "holm" | "bh" | "tukey";

/** All of them. */
export const ADJUSTMENTS: readonly Adjustment[] = ["none", "bonferroni", "holm", "bh", "tukey"];

/**
 * The adjustment of this name, in any case of letters; R's "BH" and "fdr" mean the same.
 *
 * @throws FitError for another name
 * @example adjustmentNamed("Holm") // => "holm"
 */
export function adjustmentNamed(name: string): Adjustment {
  const plain = String(name).toLowerCase();
  const found = plain === "fdr" ? "bh" : ADJUSTMENTS.find((known) => known === plain);
  if (found === undefined) throw new FitError(testMessages.unknownAdjustment(name, ADJUSTMENTS));
  return found;
}

/**
 * Adjusted p values, in the order given, as R's `p.adjust`. What is not a number stays so and does not count.
 *
 * @throws FitError for "tukey", which needs the statistics (adjustTests)
 * @example adjustPValues([0.01, 0.04, 0.03], "holm") // => [0.03, 0.06, 0.06]
 * @example adjustPValues([0.01, 0.04, 0.03], "bh") // => [0.03, 0.04, 0.04]
 */
export function adjustPValues(pValues: readonly number[], method: Adjustment): readonly number[] {
  const known = pValues.flatMap((p, i) => (Number.isNaN(p) ? [] : [{ p, i }]));
  const m = known.length;
  const out = [...pValues];
  switch (method) {
    case "none":
      return out;
    case "bonferroni":
      for (const { p, i } of known) out[i] = Math.min(1, m * p);
      return out;
    case "holm": {
      let most = 0;
      known.sort((a, b) => a.p - b.p);
      known.forEach(({ p, i }, k) => {
        most = Math.max(most, Math.min(1, (m - k) * p));
        out[i] = most;
      });
      return out;
    }
    case "bh": {
      let least = 1;
      known.sort((a, b) => b.p - a.p);
      known.forEach(({ p, i }, k) => {
        least = Math.min(least, (m / (m - k)) * p);
        out[i] = least;
      });
      return out;
    }
    case "tukey":
      throw new FitError(testMessages.tukeyNeedsStatistics);
  }
}

/** A test of one contrast. */
export interface SingleTest {
  readonly estimate: number;
  readonly stdError: number;
  readonly statistic: number;
  /** null for z tests. */
  readonly df: number | null;
  readonly pValue: number;
}

/** What an adjustment changes. */
export interface AdjustedTest {
  readonly pValue: number;
  readonly lower: number;
  readonly upper: number;
}

/** Options of `adjustTests`. */
export interface AdjustOptions {
  /** Default "holm". */
  readonly adjust?: Adjustment;
  /** Coverage of the intervals, default 0.95; of all of them together where the adjustment has simultaneous intervals. */
  readonly level?: number;
  /** For "tukey": how many means the tests compare in pairs. */
  readonly means?: number;
}

/**
 * The tests of one family adjusted for their number: what emmeans' `adjust` and multcomp's `adjusted()` do. Nothing else of a test changes.
 *
 * @throws FitError for a level outside (0, 1), and for "tukey" without the number of means
 * @example adjustTests(coefficients(fit), { adjust: "bonferroni" }).length // => 3
 */
export function adjustTests<Test extends SingleTest>(
  tests: readonly Test[],
  options: AdjustOptions = {},
): readonly (Test & AdjustedTest)[] {
  const { adjust = "holm", level = 0.95, means } = options;
  checkLevel(level);
  const method = adjustmentNamed(adjust);
  const count = tests.filter(({ pValue }) => !Number.isNaN(pValue)).length;
  if (method === "tukey") {
    if (means === undefined || !Number.isInteger(means) || means < 2) throw new FitError(testMessages.tukeyNeedsMeans);
    return tests.map((test) => withInterval(test, tukeyP(test.statistic, means, test.df), tukeyQuantile(level, means, test.df)));
  }
  const adjusted = adjustPValues(
    tests.map(({ pValue }) => pValue),
    method,
  );
  const tail = (1 - level) / 2 / (method === "bonferroni" || method === "holm" ? count : 1);
  return tests.map((test, i) => withInterval(test, adjusted[i]!, upperQuantile(tail, test.df)));
}

/**
 * Tukey's p value of one of the comparisons of `means` means: `ptukey(sqrt(2) * abs(t), means, df, lower.tail = FALSE)` in R.
 *
 * @param df null for z
 * @example tukeyP(2.5, 3, 20) // => 0.0531317
 */
export function tukeyP(statistic: number, means: number, df: number | null): number {
  return studentizedRangeUpper(Math.SQRT2 * Math.abs(statistic), means, df ?? Number.POSITIVE_INFINITY);
}

/** How many standard errors an interval of Tukey's method reaches: `qtukey(level, means, df) / sqrt(2)`. */
export function tukeyQuantile(level: number, means: number, df: number | null): number {
  return studentizedRangeQuantile(1 - level, means, df ?? Number.POSITIVE_INFINITY, "upper") / Math.SQRT2;
}

function withInterval<Test extends SingleTest>(test: Test, pValue: number, quantile: number): Test & AdjustedTest {
  const reach = quantile * test.stdError;
  return { ...test, pValue, lower: test.estimate - reach, upper: test.estimate + reach };
}
