/**
 * Is an effect small enough not to matter? Two one-sided tests against a bound that was stated beforehand.
 *
 *   H0: effect <= low or effect >= high,   p = max{ P(T > (b - low) / se), P(T < (b - high) / se) }
 *
 * (Schuirmann 1987; Lakens 2017). p < alpha exactly where the interval of coverage 1 - 2 alpha lies within the bounds. A test that does not
 * reject "no effect" shows no equivalence: that is what this test is for.
 */
import { FitError, testMessages } from "../messages.js";
import type { DfMethod } from "./df-method.js";
import { checkLevel, upperP, upperQuantile } from "./fixed-tests.js";
import { type Hypothesis, linearHypothesis } from "./linear-hypothesis.js";
import type { MixedFit } from "./mixed-fit.js";
import type { FitPart } from "./parts.js";

/** Options of `equivalenceTest`. */
export interface EquivalenceOptions {
  /** The largest effect that does not matter, in the coefficient's units: one number for minus and plus, or the two ends. */
  readonly bound: number | readonly [number, number];
  /** The level of the test, default 0.05; the interval shown has coverage 1 - 2 alpha. */
  readonly alpha?: number;
  /** Default: satterthwaite for linear models; others take only "none", their default. */
  readonly df?: DfMethod;
  readonly part?: FitPart;
}

/** One effect. */
export interface EquivalenceRow {
  /** As the coefficient or the hypothesis was called. */
  readonly effect: string;
  readonly estimate: number;
  readonly stdError: number;
  readonly df: number | null;
  /** The bounds. */
  readonly low: number;
  readonly high: number;
  /** Tests of effect <= low and of effect >= high. */
  readonly pLow: number;
  readonly pHigh: number;
  /** The larger of the two. */
  readonly pValue: number;
  /** Interval of coverage 1 - 2 alpha. */
  readonly lower: number;
  readonly upper: number;
  /** equivalent: within the bounds; different: the interval lies beyond a bound; undecided: neither. */
  readonly conclusion: "equivalent" | "different" | "undecided";
  /** The conclusion in words. */
  readonly sentence: string;
}

/**
 * As R's `tost` of TOSTER, and `test(..., delta = , side = "equivalence")` of emmeans, for coefficients and linear combinations of them.
 *
 * @param effects coefficients, or sums of them, in words or as rows (`linearHypothesis`); what stands behind an "=" is taken off first
 * @throws FitError for bounds that do not have a number between them, for a level outside (0, 0.5), and as `linearHypothesis`
 * @example equivalenceTest(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy), "Days", { bound: 15 })[0].conclusion // => "equivalent"
 */
export function equivalenceTest(fit: MixedFit, effects: Hypothesis, options: EquivalenceOptions): readonly EquivalenceRow[] {
  const { bound, alpha = 0.05, df, part } = options;
  checkLevel(1 - 2 * alpha);
  const [low, high] = typeof bound === "number" ? [-bound, bound] : bound;
  if (!(low < high)) throw new FitError(testMessages.badBounds(low, high));
  const { rows } = linearHypothesis(fit, effects, {
    ...(df === undefined ? {} : { df }),
    ...(part === undefined ? {} : { part }),
  });
  return rows.map((row) => {
    const { stdError, df: own } = row;
    const effect = row.value === 0 ? row.hypothesis.replace(/ = 0$/, "") : row.hypothesis;
    const estimate = row.estimate - row.value;
    const pLow = upperP((estimate - low) / stdError, own);
    const pHigh = upperP((high - estimate) / stdError, own);
    const pValue = Math.max(pLow, pHigh);
    const reach = upperQuantile(alpha, own) * stdError;
    const lower = estimate - reach;
    const upper = estimate + reach;
    const conclusion = pValue < alpha ? "equivalent" : lower > high || upper < low ? "different" : "undecided";
    const sentence = testMessages.equivalence(conclusion, effect, lower, upper, low, high, 1 - 2 * alpha);
    return { effect, estimate, stdError, df: own, low, high, pLow, pHigh, pValue, lower, upper, conclusion, sentence };
  });
}
