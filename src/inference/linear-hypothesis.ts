/**
 * General linear hypotheses C beta = d about the coefficients of any mixed model.
 *
 *   t_i = (c_i'beta - d_i) / sqrt(c_i'Phi c_i),   F = (C beta - d)' (C Phi C')^-1 (C beta - d) / rank(C)
 *
 * Linear models take t and F tests with the degrees of freedom asked for (fixed-tests.ts), generalized and cumulative ones z and Wald's
 * chi-square tests.
 */
import { FitError, testMessages } from "../messages.js";
import type { DfMethod } from "./df-method.js";
import { checkLevel, fixedTests, jointP, twoSidedP, upperQuantile } from "./fixed-tests.js";
import { equationsIn, type LinearEquation } from "./hypothesis-text.js";
import type { MixedFit } from "./mixed-fit.js";
import { type Adjustment, adjustTests } from "./multiplicity.js";
import type { FitPart } from "./parts.js";
import { coefficientsOfTerms } from "./sequential-terms.js";

/**
 * Hypotheses in words ("ses = 0", "a - b = 0.5", "a = b = c", a term's label for all its coefficients; each may be zero unless said
 * otherwise), several of them, or rows of numbers: each with one entry a coefficient, or a record of numbers by coefficient.
 */
export type Hypothesis = string | readonly string[] | readonly (ArrayLike<number> | Readonly<Record<string, number>>)[];

/** Options of `linearHypothesis`. */
export interface HypothesisOptions {
  /** Default: satterthwaite for linear models; others take only "none", their default. */
  readonly df?: DfMethod;
  /** Right-hand sides d of hypotheses that are rows, one a row or one for all; default 0. In words they stand in the words. */
  readonly value?: number | readonly number[];
  /** Coverage of the intervals of C beta, default 0.95. */
  readonly level?: number;
  /** Adjustment of the single tests for their number, default "none". The joint test needs none. */
  readonly adjust?: Exclude<Adjustment, "tukey">;
  /** Whose coefficients, default "mean". */
  readonly part?: FitPart;
}

/** The test of one row. */
export interface HypothesisRow {
  readonly hypothesis: string;
  /** c'beta. */
  readonly estimate: number;
  /** d. */
  readonly value: number;
  readonly stdError: number;
  readonly statistic: number;
  /** null for z tests. */
  readonly df: number | null;
  readonly pValue: number;
  /** Interval of c'beta. */
  readonly lower: number;
  readonly upper: number;
}

/** All rows together. */
export interface HypothesisTest {
  readonly rows: readonly HypothesisRow[];
  readonly test: "F" | "chi-square";
  /** Independent rows. */
  readonly numDF: number;
  /** null for chi-square. */
  readonly denDF: number | null;
  readonly statistic: number;
  readonly pValue: number;
}

/**
 * As R's `contest` of lmerTest, `KRmodcomp` of pbkrtest, and `glht` of multcomp.
 *
 * @throws FitError for words that cannot be read, unknown coefficients, rows of another length, rows without any coefficient
 * @example linearHypothesis(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy), "Days = 10").rows[0].pValue // => 0.766094
 * @example linearHypothesis(lmm("y ~ f + (1 | g)", table), "f").numDF // => 2
 */
export function linearHypothesis(fit: MixedFit, hypothesis: Hypothesis, options: HypothesisOptions = {}): HypothesisTest {
  const { level = 0.95, part = "mean", adjust = "none" } = options;
  checkLevel(level);
  const tests = fixedTests(fit, options.df, part);
  const names = tests.coefficients.map(({ term }) => term);
  const terms = part === "mean" ? coefficientsOfTerms(fit) : new Map<string, readonly number[]>();
  const equations = equationsOf(hypothesis, options.value, names, terms);
  const tail = (1 - level) / 2;
  const single = equations.map(({ text, row, value }): HypothesisRow => {
    const { variance, df } = tests.contrast(row);
    const stdError = Math.sqrt(variance);
    const estimate = tests.coefficients.reduce((sum, coefficient, j) => sum + row[j]! * coefficient.estimate, 0);
    const statistic = (estimate - value) / stdError;
    const reach = upperQuantile(tail, df) * stdError;
    const pValue = twoSidedP(statistic, df);
    return { hypothesis: text, estimate, value, stdError, statistic, df, pValue, lower: estimate - reach, upper: estimate + reach };
  });
  const joint = tests.joint(
    equations.map(({ row }) => row),
    single.map(({ estimate, value }) => estimate - value),
  );
  const chiSquare = tests.df === "none";
  return {
    rows: adjust === "none" ? single : adjustTests(single, { adjust, level }),
    test: chiSquare ? "chi-square" : "F",
    numDF: joint.numDF,
    denDF: joint.denDF,
    statistic: chiSquare ? joint.statistic * joint.numDF : joint.statistic,
    pValue: jointP(joint),
  };
}

function equationsOf(
  hypothesis: Hypothesis,
  value: number | readonly number[] | undefined,
  names: readonly string[],
  terms: ReadonlyMap<string, readonly number[]>,
): readonly LinearEquation[] {
  const given = typeof hypothesis === "string" ? [hypothesis] : hypothesis;
  if (given.length === 0) throw new FitError(testMessages.noHypothesis);
  if (typeof value === "object" && value.length !== given.length)
    throw new FitError(testMessages.otherValueCount(value.length, given.length));
  return given.flatMap((one, i): readonly LinearEquation[] => {
    if (typeof one === "string") {
      if (value !== undefined) throw new FitError(testMessages.valueInWords);
      return equationsIn(one, names, terms);
    }
    const row = rowOf(one, names);
    const right = typeof value === "object" ? value[i]! : (value ?? 0);
    return [{ text: wordsOf(row, right, names), row, value: right }];
  });
}

function rowOf(given: ArrayLike<number> | Readonly<Record<string, number>>, names: readonly string[]): Float64Array {
  const row = new Float64Array(names.length);
  if (isRow(given)) {
    if (given.length !== names.length) throw new FitError(testMessages.otherRowLength(given.length, names));
    row.set(Array.from(given));
  } else {
    for (const [name, weight] of Object.entries(given)) {
      const place = names.indexOf(name);
      if (place < 0) throw new FitError(testMessages.unknownCoefficient(name, names));
      row[place] = weight;
    }
  }
  if (!row.every(Number.isFinite) || row.every((weight) => weight === 0)) throw new FitError(testMessages.emptyRow);
  return row;
}

function isRow(given: ArrayLike<number> | Readonly<Record<string, number>>): given is ArrayLike<number> {
  return Array.isArray(given) || ArrayBuffer.isView(given);
}

/** "2 * a - b = 0". */
function wordsOf(row: Float64Array, value: number, names: readonly string[]): string {
  const pieces = names.flatMap((name, j) => {
    const weight = row[j]!;
    if (weight === 0) return [];
    const size = Math.abs(weight) === 1 ? "" : `${Number(Math.abs(weight).toPrecision(6))} * `;
    return [{ sign: weight < 0 ? "-" : "+", text: `${size}${name}` }];
  });
  const left = pieces.map(({ sign, text }, k) => (k === 0 ? (sign === "-" ? `-${text}` : text) : ` ${sign} ${text}`)).join("");
  return `${left} = ${value}`;
}
