/**
 * A summary in the order that users of lme4 know: random effects, fixed effects, fit; with p values, shares of variance
 * and reliabilities, without stars.
 */
import type { LinearMixedFit } from "../../models/fit.js";
import type { Coefficient, DfMethod } from "../coefficients.js";
import { degreesOfFreedomNotes } from "../df-notes.js";
import { icc } from "../icc.js";
import type { RobustName } from "../robust-types.js";
import { noteLines } from "./comparison-text.js";
import { contrastLines } from "./contrast-lines.js";
import { formatColumn, formatDf, formatFixed, formatP } from "./numbers.js";
import { openingLines } from "./opening.js";
import { randomBlock } from "./random-block.js";
import { onOneLine, textTable, wrapped, wrappedSum } from "./text-table.js";

/** What the tests of a table of coefficients are called. */
export const TESTS: Readonly<Record<DfMethod, string>> = {
  satterthwaite: "t tests with Satterthwaite's degrees of freedom",
  "kenward-roger": "t tests with Kenward and Roger's standard errors and degrees of freedom",
  "between-within": "t tests with between-within degrees of freedom",
  containment: "t tests with containment degrees of freedom",
  "m-l-1": "t tests with degrees of freedom of units less predictors",
  residual: "t tests with residual degrees of freedom",
  none: "z tests",
};

/** The tests of a table, and what its standard errors are robust against. */
export function testsLine(tests: string, robust: RobustName | null): string {
  return robust === null ? tests : `robust standard errors, ${robustWords(robust)}; ${tests}`;
}

/** The kind of robust errors and their clusters. */
export function robustWords({ type, cluster, clusters }: RobustName): string {
  return `${type} by ${onOneLine(cluster)}, ${clusters} clusters`;
}

/** The text of the summary. */
export function lme4Style(fit: LinearMixedFit, rows: readonly Coefficient[], df: DfMethod, robust: RobustName | null): string {
  return [
    ...openingLines(fit),
    ...wrappedSum(onOneLine(fit.formula), "", "    "),
    ...contrastLines(fit),
    "",
    "Random effects",
    ...randomBlock(fit),
    ...shareNote(fit),
    "",
    ...fixedBlock(rows, df, robust),
    "",
    foot(fit),
    ...noteLines([...fit.notes, ...(robust === null ? degreesOfFreedomNotes(fit, df) : [])]),
  ].join("\n");
}

/** What the share of a term with slopes means, which depends on the predictors. */
function shareNote({ randomTerms }: LinearMixedFit): string[] {
  const slopes = randomTerms.some(({ effects }) => effects.some((effect) => effect !== "(Intercept)"));
  return slopes ? ["Share: of the variance of an average row; a term with slopes counts at the data's predictor values."] : [];
}

function fixedBlock(rows: readonly Coefficient[], df: DfMethod, robust: RobustName | null): string[] {
  if (rows.length === 0) return ["No fixed effects"];
  // An estimate and its standard error are read together: they share their decimals.
  const numbers = formatColumn([...rows.map(({ estimate }) => estimate), ...rows.map(({ stdError }) => stdError)]);
  return [
    ...wrapped(`Fixed effects (${testsLine(TESTS[df], robust)})`, 120, "", "  "),
    ...textTable([
      { heading: "", cells: rows.map(({ term }) => term), align: "left" },
      { heading: "Estimate", cells: numbers.slice(0, rows.length) },
      { heading: "Std. Error", cells: numbers.slice(rows.length) },
      ...(df === "none" ? [] : [{ heading: "df", cells: rows.map((row) => formatDf(row.df)) }]),
      {
        heading: df === "none" ? "z value" : "t value",
        cells: formatFixed(
          rows.map(({ statistic }) => statistic),
          2,
        ),
      },
      { heading: "p", cells: rows.map(({ pValue }) => formatP(pValue)) },
    ]),
  ];
}

function foot(fit: LinearMixedFit): string {
  const shares = icc(fit).map(({ group, share }) => `${onOneLine(group)} ${share.toFixed(3)}`);
  return [
    ...(shares.length > 0 ? [`ICC: ${shares.join(", ")}`] : []),
    `logLik ${fit.logLik.toFixed(1)}`,
    `${fit.method === "REML" ? "REML criterion" : "deviance"} ${fit.criterion.toFixed(1)}`,
    `AIC ${fit.aic.toFixed(1)}`,
    `BIC ${fit.bic.toFixed(1)}`,
    `${fit.npar} parameters`,
  ].join("; ");
}
