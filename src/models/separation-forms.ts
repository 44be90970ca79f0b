/**
 * Which linear forms of a row's predictors may grow without the row's log-likelihood falling, family by family:
 *
 *   binomial, beta-binomial      all successes: eta up; all failures: eta down; both: eta stays
 *   counts, log link             0 (of truncated counts 1, the smallest): eta down; others: eta stays
 *   ordered categories           upper threshold - eta up unless top, eta - lower threshold up unless bottom
 *   adjacent, unordered          log P(Y = b) / P(Y = a) up in rows of b, down in rows of a
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
  /** The rows' scores tell of the forms one by one, so that most data are cleared without a search. */
  readonly screened: boolean;
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
  return { part: "mean", forms: [single(0, rise)], outcome, outcomes, screened: true };
}

function countBlock({ values }: ResponseRows, zeros: Zeros): SeparableBlock {
  const truncated = zeros === "truncated" || zeros === "hurdle";
  const smallest = truncated ? 1 : 0;
  const rise = Int8Array.from(values, (y) => (truncated && y === 0 ? FREE : y === smallest ? FALLS : BOUND));
  const outcome = Int32Array.from(values, (y) => (y === smallest ? 0 : -1));
  return { part: "mean", forms: [single(0, rise)], outcome, outcomes: [{ kind: "value", value: String(smallest) }], screened: true };
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
    screened: true,
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
    screened: true,
  };
}

/** Adjacent-category models: predictors 0 (eta) and 1, ..., J-1 (the thresholds); log P(b) / P(a) = sum over a <= k < b of eta - tau_k. */
export function adjacentBlock(category: Int32Array, levels: readonly string[]): SeparableBlock {
  return pairsBlock("thresholds", category, levels, (a, b) =>
    Array.from({ length: b - a }, (_, k): RowForm["terms"] => [
      { predictor: 1 + a + k, sign: -1 },
      { predictor: 0, sign: 1 },
    ]).flat(),
  );
}

/** Unordered categories: predictor c-1 is that of category c, the first category has none; log P(b) / P(a) = eta_b - eta_a. */
export function unorderedBlock(category: Int32Array, levels: readonly string[]): SeparableBlock {
  return pairsBlock("mean", category, levels, (a, b) =>
    a === 0
      ? [{ predictor: b - 1, sign: 1 }]
      : [
          { predictor: b - 1, sign: 1 },
          { predictor: a - 1, sign: -1 },
        ],
  );
}

/** One form for each pair of categories a < b. */
function pairsBlock(
  part: SeparableBlock["part"],
  category: Int32Array,
  levels: readonly string[],
  terms: (a: number, b: number) => RowForm["terms"],
): SeparableBlock {
  const forms: RowForm[] = [];
  for (let b = 1; b < levels.length; b++) {
    for (let a = 0; a < b; a++) {
      forms.push({ terms: terms(a, b), rise: Int8Array.from(category, (y) => (y === b ? RISES : y === a ? FALLS : FREE)) });
    }
  }
  return {
    part,
    forms,
    outcome: category,
    outcomes: levels.map((value) => ({ kind: "value", value: `"${value}"` })),
    screened: false,
  };
}
