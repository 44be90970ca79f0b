/**
 * A summary of a generalized or cumulative model in the order that users of HLM know: sampling model and link, equations, tau, fixed
 * effects of the unit-specific model by level-1 coefficient, with odds or rate ratios, thresholds, variance components, deviance.
 *
 * Coefficients are those of the unit-specific model: what changes for rows of one unit (Raudenbush & Bryk 2002, section 10.2). HLM's
 * population-average model is another estimand.
 */
import type { LinkName } from "../../models/families/family.js";
import type { GeneralizedMixedFit } from "../../models/generalized-fit.js";
import type { Coefficient } from "../coefficients.js";
import type { RobustName } from "../robust-types.js";
import { unitsOf } from "../units.js";
import { centringSentences } from "./centring-sentences.js";
import { type CoefficientLine, coefficientLines } from "./coefficient-lines.js";
import { noteLines } from "./comparison-text.js";
import { contrastLines } from "./contrast-lines.js";
import { equationLines } from "./equation-lines.js";
import { exponentialName, modelled } from "./family-words.js";
import { fitEquations } from "./fit-equations.js";
import { generalizedRandom } from "./generalized-random.js";
import { furtherLines, type GeneralizedRows, partFormulas } from "./generalized-style.js";
import { hlmName, tauLines } from "./hlm-style.js";
import { robustWords } from "./lme4-style.js";
import { formatFixed, formatInterval, formatLegible, formatP } from "./numbers.js";
import { openingLines } from "./opening.js";
import { sharesOf } from "./shares.js";
import { onOneLine, textTable, wrapped } from "./text-table.js";

const COEFFICIENT_DECIMALS = 6;
const RATIO_DECIMALS = 3;

/** The text of the summary. */
export function hlmGeneralized(
  fit: GeneralizedMixedFit,
  rows: GeneralizedRows,
  robust: (RobustName & { readonly rows: GeneralizedRows }) | null,
): string {
  const equations = fitEquations(fit);
  const terms = rows.coefficients.map(({ term }) => term);
  const lines = coefficientLines(equations, terms);
  const further = furtherLines(fit, rows, false);
  return [
    ...openingLines(fit),
    `The outcome variable is ${onOneLine(fit.frame.response.name)}.`,
    ...wrapped(modelled(fit), 120, "", "  "),
    "Level-1 sampling model",
    ` ${samplingModel(fit)}`,
    ...equationLines(fit, equations),
    ...partFormulas(fit),
    ...centringSentences(fit),
    ...contrastLines(fit),
    ...tauLines(unitsOf(fit)),
    "",
    "Fixed effects (unit-specific model; z tests)",
    ...fixedTable(lines, rows.coefficients, exponentialName(fit)),
    ...(robust === null
      ? []
      : [
          "",
          ...wrapped(`Fixed effects with robust standard errors (${robustWords(robust)}; unit-specific model; z tests)`, 120, "", "  "),
          ...fixedTable(lines, robust.rows.coefficients, exponentialName(fit)),
        ]),
    ...(further.length === 0 ? [] : ["", ...further]),
    "",
    "Variance components",
    ...generalizedRandom(
      fit.randomTerms.map((term) => ({ ...term, effects: term.effects.map(hlmName) })),
      fit.randomErrors,
    ),
    ...shareLines(fit),
    "",
    `Deviance (-2 log-likelihood) = ${formatFixed([fit.criterion], 6)[0]}`,
    `Number of estimated parameters = ${fit.npar}`,
    ...noteLines(fit.notes),
  ].join("\n");
}

function shareLines(fit: GeneralizedMixedFit): string[] {
  const shares = sharesOf(fit).map(({ group, share }) => `${onOneLine(group)} ${share.toFixed(3)}`);
  return shares.length === 0 ? [] : wrapped(`Intraclass correlation on the latent scale: ${shares.join(", ")}`, 120, "", "  ");
}

/** The link as an equation. */
function samplingModel({ family, link }: GeneralizedMixedFit): string {
  if (family === "cumulative") return `${linked(link, "P(Y <= j)", "P(Y > j)")} = θ_j - η`;
  if (family === "adjacent") return "log(P(Y = j + 1) / P(Y = j)) = η - θ_j";
  if (family === "multinomial") return "log(P(Y = c) / P(Y = first category)) = η_c";
  const [mean, rest] = family === "binomial" || family === "betabinomial" ? ["P", "(1 - P)"] : ["μ", "(1 - μ)"];
  return `${linked(link, mean, rest)} = η`;
}

function linked(link: LinkName, mean: string, rest: string): string {
  switch (link) {
    case "identity":
      return mean;
    case "log":
      return `log(${mean})`;
    case "logit":
      return `log(${mean} / ${rest})`;
    case "probit":
      return `Φ⁻¹(${mean})`;
    case "cloglog":
      return `log(-log(${rest.replace(/^\((.*)\)$/, "$1")}))`;
    case "loglog":
      return `-log(-log(${mean}))`;
    case "cauchit":
      return `tan(π (${mean} - 1/2))`;
    case "inverse":
      return `1 / ${mean}`;
    case "sqrt":
      return `√${mean}`;
    case "1/mu^2":
      return `1 / ${mean}²`;
  }
}

function fixedTable(lines: readonly CoefficientLine[], rows: readonly Coefficient[], ratio: string | null): string[] {
  if (rows.length === 0) return [" none"];
  const pick = (text: (row: Coefficient) => string): string[] => lines.map(({ index }) => (index === null ? "" : text(rows[index]!)));
  return textTable([
    { heading: "Fixed effect", cells: lines.map(({ label }) => label), align: "left" },
    { heading: "Coefficient", cells: pick(({ estimate }) => formatLegible(estimate, COEFFICIENT_DECIMALS)) },
    { heading: "Standard error", cells: pick(({ stdError }) => formatLegible(stdError, COEFFICIENT_DECIMALS)) },
    { heading: "z-ratio", cells: pick(({ statistic }) => formatFixed([statistic], 3)[0]!) },
    { heading: "p-value", cells: pick(({ pValue }) => formatP(pValue)) },
    ...(ratio === null
      ? []
      : [
          { heading: ratio, cells: pick(({ estimate }) => formatLegible(Math.exp(estimate), RATIO_DECIMALS)) },
          { heading: "95 % interval", cells: pick(({ lower, upper }) => formatInterval(Math.exp(lower), Math.exp(upper))) },
        ]),
  ]);
}
