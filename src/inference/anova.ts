/**
 * Tests of the terms, one row a term: F tests of linear models, Wald's chi-square tests of generalized and cumulative ones.
 *
 *   F = (L beta)' (L Phi L')^-1 (L beta) / rank(L),   chi^2 = rank(L) F
 *
 * The contrasts L say what is tested. Type III: each term beside all others, averaged over what contains it, invariant to the coding
 * (type-three.ts). Type II: each term beside those that do not contain it. Type I: each term after those before it (sequential-terms.ts).
 */
import { FitError, testMessages } from "../messages.js";
import type { DfMethod } from "./df-method.js";
import { fixedTests, jointP } from "./fixed-tests.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { robustTests } from "./robust-tests.js";
import type { RobustOptions } from "./robust-types.js";
import { typeOneHypotheses, typeTwoHypotheses } from "./sequential-terms.js";
import type { TermHypothesis } from "./term-hypotheses.js";
import { typeThreeHypotheses } from "./type-three.js";

/** Which hypotheses: sequential, marginal, or averaged over interactions. */
export type AnovaType = "I" | "II" | "III";

export interface TermTest {
  readonly term: string;
  /** What `statistic` is; default "F". */
  readonly test?: "chi-square";
  readonly numDF: number;
  /** null with `df: "none"` (the F of infinitely many) and for chi-square tests. */
  readonly denDF: number | null;
  readonly statistic: number;
  readonly pValue: number;
}

/** Options of `anova`. */
export interface AnovaOptions {
  /** Default "satterthwaite"; generalized and cumulative models take only "none", their default. */
  readonly df?: DfMethod;
  /** Default "III"; 1, 2 and 3 mean the same. */
  readonly type?: AnovaType | 1 | 2 | 3;
  /** Cluster-robust tests (robust.ts): HTZ's F tests of linear models, chi-square tests of others. Default the model's own covariance. */
  readonly robust?: RobustOptions;
}

/**
 * As R's `anova(fit, type = , ddf = )` of lmerTest. Terms all of whose contrasts were lost to redundant columns have no row; a term of a
 * generalized model with a coefficient without a finite estimate (separation) has NaN for its test: compare models instead.
 *
 * Tests are of the mean's terms. Those of a zero probability, a dispersion or a scale with a formula of its own are tested coefficient by
 * coefficient, `coefficients(fit, { part: "zi" })`, or by a likelihood ratio, `compare(without, with)`.
 *
 * @throws FitError for degrees of freedom of a generalized or cumulative model, for another type, and where the method is not for this fit
 * @example anova(lmm("y ~ f + (1 | g)", table))[0].term // => "f"
 * @example anova(lmm("mAch ~ sector * meanses + (1 | school)", hsb), { type: "I", df: "kenward-roger" }).map((row) => [row.term, row.numDF, row.denDF])
 * // => [["sector", 1, 152.77], ["meanses", 1, 151.49], ["sector:meanses", 1, 153.24]]
 */
export function anova(fit: MixedFit, options: AnovaOptions = {}): readonly TermTest[] {
  const hypotheses = hypothesesOfType(fit, options.type ?? "III").filter(({ rows }) => rows.length > 0);
  const generalized = isGeneralized(fit);
  if (hypotheses.length === 0 && !generalized) return [];
  const tests = options.robust === undefined ? fixedTests(fit, options.df) : robustTests(fit, options.robust, options.df);
  return hypotheses.map(({ term, rows }) => {
    const deviations = rows.map((row) => tests.coefficients.reduce((sum, { estimate }, j) => sum + row[j]! * estimate, 0));
    const test = tests.joint(rows, deviations);
    const pValue = jointP(test);
    if (!generalized) return { term, ...test, pValue };
    return { term, test: "chi-square", ...test, statistic: test.statistic * test.numDF, pValue };
  });
}

const TYPES: Readonly<Record<string, AnovaType>> = { I: "I", II: "II", III: "III", 1: "I", 2: "II", 3: "III" };

/**
 * The type of this name, as a user may write it.
 *
 * @throws FitError for another name
 * @example anovaTypeNamed("ii") // => "II"
 */
export function anovaTypeNamed(name: string | number): AnovaType {
  const type = TYPES[String(name).toUpperCase()];
  if (type === undefined) throw new FitError(testMessages.unknownType(String(name)));
  return type;
}

function hypothesesOfType(fit: MixedFit, type: string | number): readonly TermHypothesis[] {
  switch (anovaTypeNamed(type)) {
    case "I":
      return typeOneHypotheses(fit);
    case "II":
      return typeTwoHypotheses(fit);
    case "III":
      return typeThreeHypotheses(fit);
  }
}
