/**
 * A summary in the order that users of HLM know: equations, centring, sigma squared and tau, reliabilities, fixed effects
 * by level-1 coefficient with model-based and with robust standard errors, chi-square tests of the variance components,
 * deviance. The approximate degrees of freedom of the first table are those asked for; the robust table is HLM's, CR0 with units less
 * the coefficient's predictors (Raudenbush & Bryk 2002, section 3.4), or the one asked for.
 */
import type { LinearMixedFit } from "../../models/fit.js";
import type { Coefficient, DfMethod } from "../coefficients.js";
import { degreesOfFreedomNotes } from "../df-notes.js";
import { studentTTwoSided } from "../distributions/student-t.js";
import { reliability } from "../reliability.js";
import { robustCovariance } from "../robust.js";
import { topLevelClusters } from "../robust-clusters.js";
import type { RobustName } from "../robust-types.js";
import { type Units, unitsOf } from "../units.js";
import { varianceTests } from "../variance-test.js";
import { centringSentences } from "./centring-sentences.js";
import { type CoefficientLine, coefficientLines } from "./coefficient-lines.js";
import { noteLines } from "./comparison-text.js";
import { contrastLines } from "./contrast-lines.js";
import { equationLines } from "./equation-lines.js";
import { fitEquations } from "./fit-equations.js";
import { robustWords, TESTS } from "./lme4-style.js";
import { formatColumn, formatDf, formatFixed, formatLegible, formatP } from "./numbers.js";
import { openingLines } from "./opening.js";
import { onOneLine, textTable, wrapped } from "./text-table.js";

/** HLM's decimals of variances and of coefficients, where the numbers' size allows them. */
const VARIANCE_DECIMALS = 5;
const COEFFICIENT_DECIMALS = 6;

/** Coefficients with the robust errors that were asked for. */
export interface RobustRows extends RobustName {
  readonly rows: readonly Coefficient[];
  readonly df: DfMethod;
}

/** The text of the summary. */
export function hlmStyle(fit: LinearMixedFit, rows: readonly Coefficient[], df: DfMethod, robust: RobustRows | null): string {
  const all = unitsOf(fit);
  const equations = fitEquations(fit);
  const lines = coefficientLines(
    equations,
    rows.map(({ term }) => term),
  );
  return [
    ...openingLines(fit),
    `The outcome variable is ${onOneLine(fit.frame.response.name)}.`,
    ...equationLines(fit, equations),
    ...centringSentences(fit),
    ...contrastLines(fit),
    "",
    ...tauBlock(fit, all),
    ...reliabilityBlock(fit),
    "",
    `Fixed effects (${TESTS[df]})`,
    ...fixedTable(lines, rows),
    ...(robust === null ? robustBlock(fit, lines, rows) : requestedBlock(lines, robust)),
    "",
    "Variance components",
    ...varianceTable(fit),
    "",
    `Deviance (${fit.method === "REML" ? "REML criterion" : "-2 log-likelihood"}) = ${formatFixed([fit.criterion], 6)[0]}`,
    `Number of estimated parameters = ${fit.npar}${fit.method === "REML" ? " (fixed effects and variances)" : ""}`,
    ...noteLines([...fit.notes, ...degreesOfFreedomNotes(fit, df)]),
  ].join("\n");
}

function tauBlock(fit: LinearMixedFit, all: readonly Units[]): string[] {
  return [` σ² = ${formatLegible(fit.sigma * fit.sigma, VARIANCE_DECIMALS)}`, ...tauLines(all)];
}

/** The covariance matrix of each grouping factor's effects, and the correlations where there are any. */
export function tauLines(all: readonly Units[]): string[] {
  const lines: string[] = [];
  for (const { group, effects, covariance } of all) {
    const size = effects.length;
    const matrix = (cell: (a: number, b: number) => string): string[] =>
      textTable([
        { heading: "", cells: effects.map(hlmName), align: "left" },
        ...effects.map((_, b) => ({ heading: "", cells: effects.map((__, a) => cell(a, b)) })),
      ]).slice(1);
    const digits = (a: number, b: number): string => formatLegible(covariance[b * size + a]!, VARIANCE_DECIMALS);
    lines.push("", ` τ between units of ${onOneLine(group)}`, ...matrix(digits));
    if (size === 1) continue;
    const correlation = (a: number, b: number): string => {
      if (a === b) return "1.000";
      const scale = Math.sqrt(covariance[a * size + a]! * covariance[b * size + b]!);
      return scale > 0 ? (covariance[b * size + a]! / scale).toFixed(3) : "-";
    };
    lines.push(" τ (as correlations)", ...matrix(correlation));
  }
  return lines;
}

function reliabilityBlock(fit: LinearMixedFit): string[] {
  const rows = reliability(fit);
  if (rows.length === 0) return [];
  const table = textTable([
    { heading: "Random coefficient", cells: rows.map(({ term }) => hlmName(term)), align: "left" },
    { heading: "Group", cells: rows.map(({ group }) => group), align: "left" },
    { heading: "Reliability estimate", cells: rows.map((row) => row.reliability.toFixed(3)) },
    { heading: "Units used", cells: rows.map(({ units }) => String(units)) },
  ]);
  return ["", ...table];
}

function fixedTable(lines: readonly CoefficientLine[], rows: readonly Coefficient[]): string[] {
  const statistics = formatFixed(
    rows.map(({ statistic }) => statistic),
    3,
  );
  const pick = (text: (row: Coefficient, index: number) => string): string[] =>
    lines.map(({ index }) => (index === null ? "" : text(rows[index]!, index)));
  return textTable([
    { heading: "Fixed effect", cells: lines.map(({ label }) => label), align: "left" },
    { heading: "Coefficient", cells: pick(({ estimate }) => formatLegible(estimate, COEFFICIENT_DECIMALS)) },
    { heading: "Standard error", cells: pick(({ stdError }) => formatLegible(stdError, COEFFICIENT_DECIMALS)) },
    { heading: "t-ratio", cells: pick((_, index) => statistics[index]!) },
    { heading: "Approx. d.f.", cells: pick(({ df }) => (df === null ? "" : formatDf(df))) },
    { heading: "p-value", cells: pick(({ pValue }) => formatP(pValue)) },
  ]);
}

function requestedBlock(lines: readonly CoefficientLine[], robust: RobustRows): string[] {
  return [
    "",
    ...wrapped(`Fixed effects with robust standard errors (${robustWords(robust)}; ${TESTS[robust.df]})`, 120, "", "  "),
    ...fixedTable(lines, robust.rows),
  ];
}

/** As HLM has it, where the model has a top level. */
function robustBlock(fit: LinearMixedFit, lines: readonly CoefficientLine[], rows: readonly Coefficient[]): string[] {
  if (topLevelClusters(fit) === null) return [];
  const robust = robustCovariance(fit, { type: "CR0" });
  const robustRows = rows.map((row, index) => {
    const line = lines.find((one) => one.index === index);
    const df = Math.max(1, robust.clusters - (line?.siblings ?? rows.length));
    const stdError = robust.stdErrors[index]!;
    const statistic = row.estimate / stdError;
    return { ...row, stdError, statistic, df, pValue: studentTTwoSided(statistic, df) };
  });
  const few =
    robust.clusters < 50
      ? ["  These robust standard errors are too small where there are few units, and there are fewer than 50 here: ask for CR2."]
      : [];
  return [
    "",
    `Fixed effects with robust standard errors (CR0, by ${onOneLine(robust.cluster)}; d.f. = units less the coefficient's predictors)`,
    ...fixedTable(lines, robustRows),
    ...few,
  ];
}

function varianceTable(fit: LinearMixedFit): string[] {
  const tests = varianceTests(fit);
  const rows = fit.randomTerms.flatMap(({ group, effects, sigma }) =>
    effects.map((effect, s) => {
      const test = tests.find((row) => row.group === group && row.term === effect);
      return { group, effect: hlmName(effect), variance: sigma[s * effects.length + s]!, test };
    }),
  );
  const residual = { group: "level-1", effect: "r", variance: fit.sigma * fit.sigma, test: undefined };
  const all = [...rows, residual];
  return textTable([
    { heading: "Random effect", cells: all.map(({ effect }) => effect), align: "left" },
    { heading: "Group", cells: all.map(({ group }) => group), align: "left" },
    {
      heading: "Standard deviation",
      cells: formatColumn(
        all.map(({ variance }) => Math.sqrt(variance)),
        5,
      ),
    },
    {
      heading: "Variance component",
      cells: formatColumn(
        all.map(({ variance }) => variance),
        5,
      ),
    },
    ...(tests.length === 0
      ? []
      : [
          { heading: "d.f.", cells: all.map(({ test }) => (test === undefined ? "" : String(test.df))) },
          { heading: "χ²", cells: all.map(({ test }) => (test === undefined ? "" : formatFixed([test.statistic], 3)[0]!)) },
          { heading: "p-value", cells: all.map(({ test }) => (test === undefined ? "" : formatP(test.pValue))) },
        ]),
  ]);
}

/** The intercept as HLM calls it. */
export function hlmName(effect: string): string {
  return effect === "(Intercept)" ? "INTRCPT1" : effect;
}
