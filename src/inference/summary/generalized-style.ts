/**
 * A summary of a generalized or cumulative model: what is modelled, random effects, coefficients on the scale of the link (with odds or
 * rate ratios on request), thresholds, dispersion, the part of the zeros, fit.
 */
import type { GeneralizedMixedFit } from "../../models/generalized-fit.js";
import type { Coefficient } from "../coefficients.js";
import type { RobustName } from "../robust-types.js";
import { noteLines } from "./comparison-text.js";
import { contrastLines } from "./contrast-lines.js";
import { dispersionLines, dispersionPredictor, modelled, ratioOf, requiredExponentialName } from "./family-words.js";
import { generalizedRandom } from "./generalized-random.js";
import { testsLine } from "./lme4-style.js";
import { formatColumn, formatFixed, formatInterval, formatP } from "./numbers.js";
import { openingLines } from "./opening.js";
import { sharesOf } from "./shares.js";
import { onOneLine, textTable, wrapped, wrappedSum } from "./text-table.js";

/** Tables of coefficients by part. */
export interface GeneralizedRows {
  readonly coefficients: readonly Coefficient[];
  readonly thresholds: readonly Coefficient[] | null;
  readonly zeroInflation: readonly Coefficient[] | null;
  readonly dispersionModel: readonly Coefficient[] | null;
  readonly scaleModel: readonly Coefficient[] | null;
}

/** The text of the summary. */
export function generalizedStyle(
  fit: GeneralizedMixedFit,
  rows: GeneralizedRows,
  exponentiate: boolean,
  robust: RobustName | null,
): string {
  return [
    ...headLines(fit),
    "",
    "Random effects",
    ...generalizedRandom(fit.randomTerms, fit.randomErrors),
    "",
    ...partLines(fit, rows, exponentiate, robust),
    "",
    ...wrapped(foot(fit), 120, "", "  "),
    ...noteLines(fit.notes),
  ].join("\n");
}

/** Opening sentence, formulas, what is modelled. */
function headLines(fit: GeneralizedMixedFit): string[] {
  return [
    ...openingLines(fit),
    ...wrappedSum(onOneLine(fit.formula), "", "    "),
    ...partFormulas(fit),
    ...wrapped(modelled(fit), 120, "", "  "),
    ...contrastLines(fit),
  ];
}

const PARTS = { zi: "zeros", dispersion: "dispersion", scale: "scale", nominal: "nominal" } as const;

/** Formulas of further parts, and offsets that were given apart from the formula, where a reader of it would miss them. */
export function partFormulas({ frame }: GeneralizedMixedFit): string[] {
  const parts = frame.further.flatMap(({ part, formula }) => wrappedSum(onOneLine(formula.text), `  ${PARTS[part]}: `, "      "));
  const given = frame.recipe.offsets ?? [];
  return given.length === 0 ? parts : [...parts, `  offset: ${onOneLine(given.map(({ text }) => text).join(" + "))}`];
}

/** Coefficients, thresholds, dispersion and the other parts, each under its heading. */
function partLines(fit: GeneralizedMixedFit, rows: GeneralizedRows, exponentiate: boolean, robust: RobustName | null): string[] {
  const ratio = exponentiate ? requiredExponentialName(fit) : null;
  const { coefficients } = rows;
  const mean =
    coefficients.length === 0
      ? ["No fixed effects"]
      : [
          ...wrapped(`Fixed effects (${fit.link} scale; ${testsLine("z tests", robust)})`, 120, "", "  "),
          ...coefficientTable(coefficients, { ratio }),
          ...ratioLines(ratio, coefficients),
        ];
  const further = furtherLines(fit, rows, exponentiate);
  return further.length === 0 ? mean : [...mean, "", ...further];
}

/** Everything but the coefficients of the mean. */
export function furtherLines(fit: GeneralizedMixedFit, rows: GeneralizedRows, exponentiate: boolean): string[] {
  const { zeroInflation, dispersionModel, scaleModel, thresholds } = rows;
  const parts: string[][] = [];
  if (thresholds !== null) parts.push(thresholdLines(fit, thresholds));
  const dispersion = dispersionLines(fit).flatMap((line) => wrapped(line, 120, "", "  "));
  if (dispersion.length > 0) parts.push(dispersion);
  if (dispersionModel !== null) {
    parts.push([`Dispersion (${dispersionPredictor(fit)}; z tests)`, ...coefficientTable(dispersionModel, {})]);
  }
  if (scaleModel !== null) {
    parts.push([
      "Scale (log of the latent scale: positive means more spread; z tests)",
      ...coefficientTable(scaleModel, { ratio: exponentiate ? "Ratio" : null }),
    ]);
  }
  if (zeroInflation !== null) {
    parts.push([
      `${fit.hurdle ? "Hurdle: probability of a zero" : "Zero inflation: probability of an excess zero"} (logit scale; z tests)`,
      ...coefficientTable(zeroInflation, { ratio: exponentiate ? "Odds ratio" : null }),
    ]);
    const terms = fit.zeroInflation?.randomTerms ?? [];
    if (terms.length > 0) parts.push(["Random effects of the zeros", ...generalizedRandom(terms, fit.zeroInflation?.randomErrors ?? [])]);
  }
  return parts.flatMap((lines, k) => (k === 0 ? lines : ["", ...lines]));
}

/** Thresholds are cut points: whether one is zero is no question, so that they are not tested; nominal effects are. */
function thresholdLines({ frame, family }: GeneralizedMixedFit, rows: readonly Coefficient[]): string[] {
  if (frame.further.some(({ part }) => part === "nominal")) {
    return ["Thresholds and their nominal effects (a positive effect moves towards lower categories)", ...coefficientTable(rows, {})];
  }
  const meaning = family === "adjacent" ? "log odds of j against j + 1" : "P(Y <= j)";
  return [`Thresholds, ${meaning} where predictors are zero`, ...coefficientTable(rows, { tests: false })];
}

interface TableOptions {
  /** A name for the exponentials of the coefficients, which are then shown with their intervals. */
  readonly ratio?: string | null;
  /** Default true. */
  readonly tests?: boolean;
}

/** Estimates with standard errors and z tests. */
function coefficientTable(rows: readonly Coefficient[], { ratio = null, tests = true }: TableOptions): string[] {
  // An estimate and its standard error are read together: they share their decimals.
  const numbers = formatColumn([...rows.map(({ estimate }) => estimate), ...rows.map(({ stdError }) => stdError)]);
  return textTable([
    { heading: "", cells: rows.map(({ term }) => term), align: "left" },
    { heading: "Estimate", cells: numbers.slice(0, rows.length) },
    { heading: "Std. Error", cells: numbers.slice(rows.length) },
    ...(ratio === null
      ? []
      : [
          {
            heading: ratio,
            cells: formatColumn(
              rows.map(({ estimate }) => Math.exp(estimate)),
              3,
            ),
          },
          { heading: "95 % interval", cells: rows.map(({ lower, upper }) => formatInterval(Math.exp(lower), Math.exp(upper))) },
        ]),
    ...(tests
      ? [
          {
            heading: "z value",
            cells: formatFixed(
              rows.map(({ statistic }) => statistic),
              2,
            ),
          },
          { heading: "p", cells: rows.map(({ pValue }) => formatP(pValue)) },
        ]
      : []),
  ]);
}

/** What a ratio compares, and what the intercept's is. */
function ratioLines(ratio: string | null, rows: readonly Coefficient[]): string[] {
  if (ratio === null) return [];
  const intercept = rows.some(({ term }) => term.endsWith("(Intercept)"))
    ? `; (Intercept) is the ${ratioOf(ratio)} where predictors are zero`
    : "";
  return [`A ratio compares rows of the same units${intercept}.`];
}

function foot(fit: GeneralizedMixedFit): string {
  const shares = sharesOf(fit).map(({ group, share }) => `${onOneLine(group)} ${share.toFixed(3)}`);
  return [
    ...(shares.length > 0 ? [`ICC (latent scale): ${shares.join(", ")}`] : []),
    `logLik ${fit.logLik.toFixed(1)}`,
    `deviance ${fit.criterion.toFixed(1)}`,
    `AIC ${fit.aic.toFixed(1)}`,
    `BIC ${fit.bic.toFixed(1)}`,
    `${fit.npar} parameters`,
  ].join("; ");
}
