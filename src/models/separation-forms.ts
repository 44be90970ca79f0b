/**
 * Which linear forms of a row's predictors may grow without the row's log-likelihood falling, family by family:
 *
 *   binomial, beta-binomial      all successes: eta up; all failures: eta down; both: eta stays
 *   counts, log link             0 (of truncated counts 1, the smallest): eta down; others: eta stays
 *   ordered categories           upper threshold - eta up unless top, eta - lower threshold up unless bottom
 *   zero probability             a zero: zeta up; a count: zeta down
 *
 * The dispersion, the scale and the random effects are whatever they are: a direction holds for each of their values, and so for the
 * likelihood with the random effects integrated out.
 */
import type { Family, LinkName, ResponseRows } from "./families/family.js";
import { binomialCounts } from "./families/response-checks.js";
import { BOUND, FALLS, FREE, RISES, type RowForm } from "./separation-cone.js";

/** What became of zeros in a model of counts: see `GeneralizedMixedOptions`. */
export type Zeros = "inflated" | "hurdle" | "truncated" | null;

/** One block of predictors that can be separated by itself. */
export interface SeparableBlock {
  readonly part: "mean" | "zero" | "thresholds";
  readonly forms: readonly RowForm[];
  /** n: an outcome that rows may share, by its place in `outcomes`; -1 for the others. */
  readonly outcome: Int32Array;
  readonly outcomes: readonly Outcome[];
}

/** What rows of a cell have in common. */
export type Outcome =
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "no-success" | "no-failure" | "no-zero" | "only-zeros" };

const single = (predictor: number, rise: Int8Array): RowForm => ({ terms: [{ predictor, sign: 1 }], rise });

/** The mean's block of a family; null where nothing can be separated (continuous responses, links that end at a finite value). */
export function meanBlock(family: Family, link: LinkName, response: ResponseRows, zeros: Zeros): SeparableBlock | null {
  if (family.counts) return link === "log" ? countBlock(response, zeros) : null;
  if (family.name !== "binomial" && family.name !== "betabinomial") return null;
  if (link === "identity") return null;
  const { successes, failures } = binomialCounts(response, family.name, false);
  const all = link === "log" ? BOUND : RISES;
  const rise = Int8Array.from(successes, (s, i) => (s === 0 ? FALLS : failures[i] === 0 ? all : BOUND));
  const outcome = Int32Array.from(successes, (s, i) => (s === 0 ? 0 : failures[i] === 0 ? 1 : -1));
  const { levels, trials, values } = response;
  const binary = trials === null && values.every((y) => y === 0 || y === 1);
  const outcomes: readonly Outcome[] =
    levels !== null && levels.length === 2
      ? levels.map((value) => ({ kind: "value", value: `"${value}"` }))
      : levels === null && binary
        ? [
            { kind: "value", value: "0" },
            { kind: "value", value: "1" },
          ]
        : [{ kind: "no-success" }, { kind: "no-failure" }];
  return { part: "mean", forms: [single(0, rise)], outcome, outcomes };
}

function countBlock({ values }: ResponseRows, zeros: Zeros): SeparableBlock {
  const truncated = zeros === "truncated" || zeros === "hurdle";
  const smallest = truncated ? 1 : 0;
  const rise = Int8Array.from(values, (y) => (truncated && y === 0 ? FREE : y === smallest ? FALLS : BOUND));
  const outcome = Int32Array.from(values, (y) => (y === smallest ? 0 : -1));
  return { part: "mean", forms: [single(0, rise)], outcome, outcomes: [{ kind: "value", value: String(smallest) }] };
}

/** The block of the zero probability at this predictor. */
export function zeroBlock({ values }: ResponseRows, predictor: number): SeparableBlock {
  return {
    part: "zero",
    forms: [
      single(
        predictor,
        Int8Array.from(values, (y) => (y === 0 ? RISES : FALLS)),
      ),
    ],
    outcome: Int32Array.from(values, (y) => (y === 0 ? 0 : 1)),
    outcomes: [{ kind: "only-zeros" }, { kind: "no-zero" }],
  };
}

/** Thresholds and coefficients of ordered categories; predictors 0 (eta), 1 (upper threshold), 2 (lower threshold). */
export function thresholdBlock(category: Int32Array, levels: readonly string[]): SeparableBlock {
  const top = levels.length - 1;
  return {
    part: "thresholds",
    forms: [
      {
        terms: [
          { predictor: 1, sign: 1 },
          { predictor: 0, sign: -1 },
        ],
        rise: Int8Array.from(category, (j) => (j === top ? FREE : RISES)),
      },
      {
        terms: [
          { predictor: 2, sign: -1 },
          { predictor: 0, sign: 1 },
        ],
        rise: Int8Array.from(category, (j) => (j === 0 ? FREE : RISES)),
      },
    ],
    outcome: category,
    outcomes: levels.map((value) => ({ kind: "value", value: `"${value}"` })),
  };
}
