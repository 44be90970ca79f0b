/**
 * All diagnostics of a fit in one place, each with what it found, what that means and what to do.
 *
 * The limits are conventions: p below 0.05, divided by the number of terms for proportional odds (Bonferroni); a variance inflation of 5,
 * gvif^(1/df) for terms with several coefficients; Cook's distance beyond the median of F(p, n - p), which takes the estimates to the edge of
 * their 50 % confidence region (Cook 1977), or a coefficient moved by its whole standard error. The numbers behind each stand in functions
 * of their own.
 */
import { type CheckedQuestion, checkMessages, diagnosticMessages, FitError } from "../messages.js";
import { collinearity } from "./collinearity.js";
import { fQuantile } from "./distributions/f.js";
import { effectsNormality } from "./effects-normality.js";
import { equationCount } from "./equations.js";
import { type Influence, influence } from "./influence.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type FitPart, partsOf } from "./parts.js";
import { proportionalOdds } from "./proportional-odds.js";
import { randomPrincipalComponents } from "./random-principal-components.js";
import { scaledResiduals } from "./scaled-residuals.js";
import type { RandomEffectsOf } from "./simulate.js";
import type { RatioTest } from "./simulated-ranks.js";
import { formatP } from "./summary/numbers.js";
import { wrapped } from "./summary/text-table.js";

/** Options of `check`. */
export interface CheckOptions {
  /** Of the simulated responses: a whole number. */
  readonly seed: number;
  /** Simulated data sets, at least 20; default 250. */
  readonly simulations?: number;
  /** Units of the simulated responses; default "new". */
  readonly randomEffects?: RandomEffectsOf;
  /** Whether to test proportional odds of models of ordered categories, at the price of one fit a term; default true. */
  readonly proportionalOdds?: boolean;
}

/** Is all well, should one look closer, or does the question not arise? */
export type Verdict = "good" | "look" | "not-asked";

/** One question to the model. */
export interface CheckItem {
  readonly question: CheckedQuestion;
  /** What it is asked of, where it is asked more than once: a grouping factor, an effect, a part, a term. */
  readonly of: string | null;
  readonly verdict: Verdict;
  /** The test's or the measure's value; null where there is none. */
  readonly statistic: number | null;
  readonly pValue: number | null;
  /** What was found, in numbers. */
  readonly finding: string;
  /** What it means and, where something is to be done, what. */
  readonly message: string;
}

/** Plain record: JSON.stringify gives its JSON, String its text. */
export interface Check {
  readonly schemaVersion: 1;
  readonly model: "lmm" | "glmm" | "clmm";
  readonly formula: string;
  readonly family: string;
  readonly seed: number;
  readonly simulations: number;
  readonly randomEffects: RandomEffectsOf;
  readonly items: readonly CheckItem[];
}

const SIGNIFICANT = 0.05;
/** Of gvif^(1/df): the variance inflation of one coefficient. */
const INFLATED = 5;
/** Rows and units that are named. */
const NAMED = 5;

/**
 * @param fit any mixed model
 * @returns a record that prints itself. R: `check_model` of performance with `testResiduals` of DHARMa
 * @throws DataError for a seed or a number of simulations that cannot be used
 * @example check(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy), { seed: 1 }).items.map(({ question }) => question)
 * // => ["uniformity", "dispersion", "outliers", "rows", "units", "effects", "effects", "components", "collinearity"]
 */
export function check(fit: MixedFit, options: CheckOptions): Check {
  const { seed, simulations = 250, randomEffects = "new" } = options;
  const items = [
    ...simulatedItems(fit, { seed, simulations, randomEffects }),
    ...influenceItems(fit),
    ...effectItems(fit),
    ...componentItems(fit),
    ...collinearityItems(fit),
    ...(options.proportionalOdds === false ? [] : proportionalItems(fit)),
  ];
  const { model, formula, family } = fit;
  const record: Check = { schemaVersion: 1, model, formula, family, seed, simulations, randomEffects, items };
  const print = { value: (): string => checkText(record) };
  Object.defineProperties(record, { toString: print, [Symbol.for("nodejs.util.inspect.custom")]: print });
  return Object.freeze(record);
}

/**
 * The check as text, 100 columns wide.
 *
 * @example checkText(check(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy), { seed: 1 })).split("\n")[0] // => "Check of Reaction ~ Days + (Days | Subject)"
 */
export function checkText({ formula, items, seed, simulations, randomEffects }: Check): string {
  const lines = [checkMessages.title(formula), checkMessages.subtitle(simulations, seed, randomEffects), ""];
  for (const { question, of, verdict, finding, message } of items) {
    const heading = `${checkMessages.verdicts[verdict]} ${checkMessages.questions[question]}${of === null ? "" : `, ${of}`}`;
    lines.push(...wrapped(finding === "" ? heading : `${heading}: ${finding}`, 100, " ", "         "));
    lines.push(...wrapped(message, 100, "        ", "        "));
  }
  return [...lines, "", checkMessages.total(items.filter(({ verdict }) => verdict === "look").length)].join("\n");
}

function item(
  question: CheckedQuestion,
  of: string | null,
  good: boolean,
  numbers: { readonly statistic: number | null; readonly pValue?: number | null; readonly finding: string },
  names: readonly string[] = [],
): CheckItem {
  const { statistic, pValue = null, finding } = numbers;
  const words = checkMessages.meanings[question];
  return { question, of, verdict: good ? "good" : "look", statistic, pValue, finding, message: good ? words.good : words.look(names) };
}

function notAsked(question: CheckedQuestion, of: string | null, message: string): CheckItem {
  return { question, of, verdict: "not-asked", statistic: null, pValue: null, finding: "", message };
}

function simulatedItems(fit: MixedFit, options: Required<Omit<CheckOptions, "proportionalOdds">>): CheckItem[] {
  if (fit.family === "multinomial") return [notAsked("uniformity", null, diagnosticMessages.unorderedCategories)];
  const { uniformity, dispersion, zeros, outliers, outlierRows } = scaledResiduals(fit, options);
  const items: CheckItem[] = [];
  const uniform = uniformity.calibrated ?? uniformity.pValue;
  items.push(
    item("uniformity", null, !(uniform < SIGNIFICANT), {
      statistic: uniformity.statistic,
      pValue: uniform,
      finding: `D = ${short(uniformity.statistic)}, p ${equal(uniform)}`,
    }),
  );
  if (dispersion === null) items.push(notAsked("dispersion", null, checkMessages.noDispersion));
  else items.push(dispersionItem(dispersion, isGeneralized(fit) && options.randomEffects === "new" ? withinUnits(fit, options) : null));
  if (zeros !== null) {
    const { observed, expected, ratio, pValue } = zeros;
    const finding = `${checkMessages.zeroCounts(observed, short(expected))}, p ${equal(pValue)}`;
    const good = !(pValue < SIGNIFICANT);
    const message = good ? checkMessages.meanings.zeros.good : checkMessages.zeroExcess(observed > expected);
    items.push({ question: "zeros", of: null, verdict: good ? "good" : "look", statistic: ratio, pValue, finding, message });
  }
  const rare = outliers.calibrated ?? outliers.pValue;
  items.push(
    item(
      "outliers",
      null,
      !(rare < SIGNIFICANT && outliers.observed > outliers.expected),
      {
        statistic: outliers.observed,
        pValue: rare,
        finding: `${checkMessages.outlierCounts(outliers.observed, short(outliers.expected))}, p ${equal(rare)}`,
      },
      outlierRows.slice(0, NAMED).map((row) => String(row + 1)),
    ),
  );
  return items;
}

/**
 * Where units are drawn anew their own variation hides what the rows vary too much. About the modes it shows; as modes follow the data, the
 * test is conservative there, and only an excess counts.
 */
function withinUnits(fit: MixedFit, options: Required<Omit<CheckOptions, "proportionalOdds">>): RatioTest | null {
  const { dispersion } = scaledResiduals(fit, { ...options, randomEffects: "conditional" });
  return dispersion !== null && dispersion.ratio > 1 && dispersion.pValue < SIGNIFICANT ? dispersion : null;
}

function dispersionItem(overall: RatioTest, within: RatioTest | null): CheckItem {
  const { ratio, pValue } = within ?? overall;
  const good = !(pValue < SIGNIFICANT);
  return {
    question: "dispersion",
    of: null,
    verdict: good ? "good" : "look",
    statistic: ratio,
    pValue,
    finding: `${checkMessages.ratio(short(ratio), within !== null)}, p ${equal(pValue)}`,
    message: good ? checkMessages.meanings.dispersion.good : checkMessages.dispersed(ratio > 1 ? "over" : "under"),
  };
}

/** Three digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function equal(p: number): string {
  const text = formatP(p);
  return text.startsWith("<") ? `< ${text.slice(1)}` : `= ${text}`;
}

function influenceItems(fit: MixedFit): CheckItem[] {
  const asked: (string | null)[] = [null, ...fit.groups.map(({ name }) => name)];
  return asked.map((by): CheckItem => {
    const question = by === null ? "rows" : "units";
    try {
      const found = influence(fit, by === null ? {} : { by });
      return influenceItem(fit, question, found);
    } catch (error) {
      if (error instanceof FitError) return notAsked(question, by, error.message);
      throw error;
    }
  });
}

function influenceItem(fit: MixedFit, question: "rows" | "units", found: Influence): CheckItem {
  const { by, units, cooksDistance, dfbetas, terms } = found;
  const p = terms.length;
  const limit = fQuantile(0.5, p, Math.max(1, fit.nobs - p));
  const order = Array.from(cooksDistance.keys()).filter((i) => !Number.isNaN(cooksDistance[i]!));
  order.sort((a, b) => cooksDistance[b]! - cooksDistance[a]!);
  const name = (i: number): string => (units === null ? String(i + 1) : units[i]!);
  const largest = order[0];
  if (largest === undefined) return notAsked(question, by, checkMessages.nothingToLeaveOut);
  const notable = order.filter((i) => cooksDistance[i]! > limit || dfbetas.some((values) => Math.abs(values[i]!) >= 1));
  const moved = terms.map((term, k) => ({ term, by: dfbetas[k]![largest]! })).sort((a, b) => Math.abs(b.by) - Math.abs(a.by))[0]!;
  const finding = checkMessages.mostInfluential(
    question,
    name(largest),
    short(cooksDistance[largest]!),
    moved.term,
    short(Math.abs(moved.by)),
  );
  return item(question, by, notable.length === 0, { statistic: cooksDistance[largest]!, finding }, notable.slice(0, NAMED).map(name));
}

function effectItems(fit: MixedFit): CheckItem[] {
  return effectsNormality(fit).map(({ part, group, term, units, statistic, pValue, method }) => {
    const of = `${group} ${term}${part === "zi" ? " (zi)" : ""}`;
    if (statistic === null || pValue === null) return notAsked("effects", of, checkMessages.noVariation);
    const letter = method === "shapiro-wilk" ? "W" : "A^2";
    return item(
      "effects",
      of,
      !(pValue < SIGNIFICANT),
      { statistic, pValue, finding: `${letter} = ${short(statistic)}, p ${equal(pValue)}` },
      [units[0]!.level, units[units.length - 1]!.level],
    );
  });
}

function componentItems(fit: MixedFit): CheckItem[] {
  return randomPrincipalComponents(fit)
    .filter(({ effects }) => effects.length > 1)
    .map(({ group, effects, components, dimension }) => {
      const shares = components.map(({ share }) => `${short(100 * share)} %`);
      return item("components", group, dimension === effects.length, { statistic: dimension, finding: checkMessages.shares(shares) });
    });
}

function collinearityItems(fit: MixedFit): CheckItem[] {
  if (equationCount(fit) > 1) return [];
  const parts = partsOf(fit).filter((part): part is Exclude<FitPart, "thresholds"> => part !== "thresholds");
  return parts.flatMap((part) => {
    const rows = collinearity(fit, { part });
    const of = part === "mean" ? null : part;
    if (rows.length === 0) return part === "mean" ? [notAsked("collinearity", of, checkMessages.oneTerm)] : [];
    const known = rows.filter(({ gvif }) => !Number.isNaN(gvif));
    if (known.length === 0) return [notAsked("collinearity", of, checkMessages.noErrors)];
    const most = known.reduce((a, b) => (b.stretch > a.stretch ? b : a));
    const inflated = known.filter(({ stretch }) => stretch ** 2 >= INFLATED);
    const finding = checkMessages.stretched(most.term, short(most.stretch ** 2));
    const names = inflated.slice(0, NAMED).map(({ term }) => term);
    return [item("collinearity", of, inflated.length === 0, { statistic: most.stretch ** 2, finding }, names)];
  });
}

function proportionalItems(fit: MixedFit): CheckItem[] {
  if (!isGeneralized(fit) || fit.engine.categories === null) return [];
  try {
    const tests = proportionalOdds(fit);
    return tests.map(({ term, statistic, df, pValue, converged }) => {
      if (!converged) return notAsked("proportional-odds", term, checkMessages.noFreerModel);
      const finding = `chi^2(${df}) = ${short(statistic)}, p ${equal(pValue)}`;
      return item("proportional-odds", term, !(pValue < SIGNIFICANT / tests.length), { statistic, pValue, finding }, [term]);
    });
  } catch (error) {
    if (error instanceof FitError) return [notAsked("proportional-odds", null, error.message)];
    throw error;
  }
}
