/**
 * Likelihood-ratio tests of single terms: each random effect, and each fixed term, is left out in turn and the model fitted again to the
 * same rows.
 *
 *   chi^2 = criterion(without) - criterion(with)
 *
 * A variance that is left out lies at the boundary of its values, so that the statistic follows a mixture of chi-squares
 * (likelihood-ratio.ts; Self & Liang 1987; Stram & Lee 1994): the p values are those of lmerTest's `ranova` halved, for a single variance.
 * Terms that others contain stay: leaving out x beside x:z would test something else. Fixed terms are tested by maximum likelihood, after
 * REML too, whose criteria say nothing about them.
 */
import { inferenceMessages, type Note, testMessages } from "../messages.js";
import { factorAt } from "../models/blocks/criterion.js";
import type { DesignMatrix } from "../models/frame/design.js";
import type { RandomFrame } from "../models/frame/frame.js";
import { referenceWords } from "./compare.js";
import { chiSquareUpper } from "./distributions/chi-square.js";
import { formulaRandom } from "./equations.js";
import { type ReferenceDistribution, referenceDistribution, referenceP, type TermShape } from "./likelihood-ratio.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { fitTo, ownFrame, withFixedTerms, withoutRandomEffects, withRandomEffects } from "./reduced-fit.js";

/** One random effect left out. */
export interface RandomTermTest {
  readonly group: string;
  /** `Days in (Days | Subject)`, or the whole term where nothing of it remains. */
  readonly term: string;
  /** Of the model without it. */
  readonly npar: number;
  readonly logLik: number;
  readonly aic: number;
  readonly chiSquare: number;
  /** Parameters left out. */
  readonly df: number;
  readonly pValue: number;
  /** What the statistic was compared with, in words. */
  readonly reference: string;
}

/** One fixed term left out. */
export interface FixedTermTest {
  readonly term: string;
  readonly npar: number;
  readonly logLik: number;
  readonly aic: number;
  readonly chiSquare: number;
  readonly df: number;
  readonly pValue: number;
}

/** Tests of single terms. */
export interface DropTests<Row> {
  /** Of both models. */
  readonly method: "REML" | "ML";
  readonly rows: readonly Row[];
  readonly notes: readonly Note[];
}

/** A criterion this much lower without the term shows that one of the fits is not at its optimum. */
const WORSE = 1e-3;

/**
 * Tests of the random effects, one at a time: `ranova` of lmerTest with the p values of the boundary mixture, and the same for generalized
 * and cumulative models. Random effects of the zero probability stay as they are.
 *
 * @throws FitError where a smaller model cannot be estimated
 * @example testRandomTerms(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)).rows[0].chiSquare // => 42.837
 * @example testRandomTerms(lmm("mAch ~ 1 + (1 | school)", hsb)).rows[0].reference // => "50:50 mixture of chi-square with 0 and 1 d.f."
 */
export function testRandomTerms(fit: MixedFit): DropTests<RandomTermTest> {
  const notes: Note[] = fastNotes(fit);
  const frame = ownFrame(fit);
  const shapes = shapesOf(frame.random);
  const rows = frame.random.flatMap((random, k) =>
    removable(random.effects, random.covariance === "diagonal").map((effect): RandomTermTest => {
      const term = termWords(random, effect);
      const smaller = withRandomEffects(frame, (one, own) => one !== k || (effect !== null && own !== effect));
      const without = smaller.random.length > 0 ? fitTo(fit, smaller) : withoutAny(fit, covarianceCount(shapes) * equationFactor(fit));
      const { criterion, npar, converged, singular } = without;
      if (!converged) notes.push({ code: "not-converged", message: testMessages.smallerNotConverged(term) });
      const df = fit.npar - npar;
      const reference = referenceOf(fit, shapesOf(smaller.random), shapes, df);
      if (reference.kind === "conservative") notes.push({ code: "conservative-test", message: testMessages.conservativeTerm(term) });
      if (reference.kind === "mixture" && singular)
        notes.push({ code: "mixture-at-boundary", message: testMessages.boundaryWithout(term) });
      const chiSquare = statistic(criterion - fit.criterion, term, notes);
      return {
        group: random.group,
        term,
        npar,
        logLik: -criterion / 2,
        aic: criterion + 2 * npar,
        chiSquare,
        df,
        pValue: referenceP(chiSquare, reference),
        reference: referenceWords(reference),
      };
    }),
  );
  return { method: fit.method, rows, notes };
}

/**
 * Likelihood-ratio tests of the fixed terms that no other term contains: `drop1(fit, test = "Chisq")` in R. For F tests see `anova`.
 *
 * @throws FitError where a smaller model cannot be estimated
 * @example dropFixed(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)).rows[0].chiSquare // => 23.537
 */
export function dropFixed(fit: MixedFit): DropTests<FixedTermTest> {
  const notes: Note[] = fastNotes(fit);
  const frame = ownFrame(fit);
  const full = fit.method === "ML" ? fit : fitTo(fit, frame, "ML");
  const { terms } = frame.fixed;
  const rows = terms.flatMap(({ label }, t): FixedTermTest[] => {
    if (isContained(frame.fixed, t)) return [];
    const without = fitTo(
      fit,
      withFixedTerms(frame, (one) => one !== t),
      "ML",
    );
    const df = full.npar - without.npar;
    if (df === 0) return [];
    if (!without.converged) notes.push({ code: "not-converged", message: testMessages.smallerNotConverged(label) });
    const { npar, logLik, aic, criterion } = without;
    const chiSquare = statistic(criterion - full.criterion, label, notes);
    return [{ term: label, npar, logLik, aic, chiSquare, df, pValue: chiSquareUpper(chiSquare, df) }];
  });
  return { method: "ML", rows, notes };
}

function fastNotes(fit: MixedFit): Note[] {
  return isGeneralized(fit) && fit.agq === 0 ? [{ code: "fast", message: inferenceMessages.fastCompared }] : [];
}

function statistic(difference: number, term: string, notes: Note[]): number {
  if (difference < -WORSE) notes.push({ code: "larger-model-worse", message: testMessages.smallerBetter(term, -difference) });
  return Math.max(0, difference);
}

interface Outcome {
  readonly criterion: number;
  readonly npar: number;
  readonly converged: boolean;
  readonly singular: boolean;
}

/** The model without random effects: a linear one is this one with lambda = 0. */
function withoutAny(fit: MixedFit, parameters: number): Outcome {
  const npar = fit.npar - parameters;
  if (isGeneralized(fit)) {
    const none = fitTo(fit, withoutRandomEffects(ownFrame(fit)));
    return { criterion: none.criterion, npar, converged: none.converged, singular: false };
  }
  const { problem, optimum } = fit.engine;
  const zero = optimum.lambda.map((lambda) => new Float64Array(lambda.length));
  return { criterion: fit.criterion + factorAt(problem, zero).value - optimum.value, npar, converged: true, singular: false };
}

/** A multinomial model has each variance once an equation. */
function equationFactor(fit: MixedFit): number {
  return isGeneralized(fit) ? fit.frame.random.length / formulaRandom(fit).length : 1;
}

/** A multinomial model's variances of one effect go together. */
function referenceOf(fit: MixedFit, smaller: readonly TermShape[], larger: readonly TermShape[], df: number): ReferenceDistribution {
  const found = equationFactor(fit) > 1 ? null : referenceDistribution(smaller, larger, 0, df);
  return found ?? { kind: "conservative", parts: [{ weight: 1, df }] };
}

/** `(1 | Variety:Block)`, of a nesting `(1 | Block/Variety)` too; `Days in (Days | Subject)`. */
function termWords({ text, group, effects }: RandomFrame, effect: number | null): string {
  const whole = text.replace(/(\|\|?)[^|]*$/, (_, bar: string) => `${bar} ${group})`);
  return effect === null ? whole : `${effectName(effects, effect)} in ${whole}`;
}

function shapesOf(
  random: readonly { readonly group: string; readonly covariance: TermShape["covariance"]; readonly effects: DesignMatrix }[],
): TermShape[] {
  return random.map(({ group, covariance, effects }) => ({ group, covariance, effects: effects.names }));
}

function covarianceCount(terms: readonly TermShape[]): number {
  return terms.reduce(
    (sum, { covariance, effects: { length } }) => sum + (covariance === "diagonal" ? length : (length * (length + 1)) / 2),
    0,
  );
}

/** Effects that can go: those that no other contains, the intercept only on its own or with a diagonal matrix; null: the whole term. */
function removable(effects: DesignMatrix, diagonal: boolean): (number | null)[] {
  const all = [...new Set(effects.termOf)];
  if (all.length === 1) return [null];
  return all.filter((t) => (t < 0 ? diagonal : !isContained(effects, t)));
}

/** Whether another term has all the variables of this one. */
function isContained({ terms }: DesignMatrix, t: number): boolean {
  const own = terms[t]!.variables.map(({ text }) => text);
  return terms.some((other, o) => o !== t && own.every((text) => other.variables.some((variable) => variable.text === text)));
}

function effectName({ terms }: DesignMatrix, t: number): string {
  return t < 0 ? "1" : terms[t]!.label;
}
