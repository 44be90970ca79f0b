/**
 * The cumulative link mixed model as a user meets it: a formula and a table with an ordered response in, a fit out that prints itself.
 *
 *   P(Y <= j | b) = F((tau_j - eta) / s),   eta = X beta + Z b + offset,   b ~ N(0, Sigma)
 *
 * or, for neighbouring categories, log P(Y = j+1 | b) / P(Y = j | b) = eta - tau_j (Agresti 2010, section 4.1). (McCullagh 1980; Hedeker &
 * Gibbons 1994; Christensen 2018): a positive coefficient moves the response towards its higher categories.
 */
import type { Table } from "../data/table.js";
import { FitError, familyMessages, glmmMessages } from "../messages.js";
import { fitCumulativeMixed } from "../models/cumulative-mixed.js";
import { CUMULATIVE_LINKS, type CumulativeLink } from "../models/families/cumulative.js";
import { families } from "../models/families/registry.js";
import { THRESHOLD_STRUCTURES, type ThresholdStructure } from "../models/families/thresholds.js";
import type { CheckedFormula } from "../models/formula/typed.js";
import type { ContrastName } from "../models/frame/contrasts.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { checkArguments, checkOptions, frameOf, type OptionKind, SHARED_OPTIONS } from "./model-arguments.js";
import { printedFit } from "./printed-fit.js";

/** Options of `clmm`. */
export interface ClmmOptions<Row = unknown, Nominal extends string = string, Scale extends string = string> {
  /** What the thresholds cut: the latent scale (default, "cumulative"), or the steps between neighbouring categories ("adjacent"; logit link). */
  readonly family?: OrdinalFamily | (string & {});
  /** Default "logit": proportional odds. */
  readonly link?: CumulativeLink | (string & {});
  /** Default "flexible"; "symmetric" about a central one, "symmetric2" about zero, "equidistant" with one spacing. */
  readonly threshold?: ThresholdStructure | (string & {});
  /** Quadrature points in each dimension, a whole number from 1 to 100: 1 (default) is the Laplace approximation. */
  readonly agq?: number;
  /** One-sided formula of terms whose effects differ by threshold (partial proportional odds), `~ x`. Default none. */
  readonly nominal?: CheckedFormula<Nominal, Row>;
  /** One-sided formula of the logarithm of the latent scale, `~ x`. Default none. */
  readonly scale?: CheckedFormula<Scale, Row>;
  /** The column of prior weights. Default none. */
  readonly weights?: string;
  /** An offset, or several that add up, besides those in the formula. Default none. */
  readonly offset?: string | readonly string[];
  /** Contrasts by factor, as the factor stands in the formula; default treatment contrasts, polynomial ones for ordered factors. */
  readonly contrasts?: Readonly<Record<string, ContrastName | (string & {})>>;
}

/** Models of ordered categories. */
export type OrdinalFamily = "cumulative" | "adjacent";

/** All of them, the default first. */
export const ORDINAL_FAMILIES: readonly OrdinalFamily[] = ["cumulative", "adjacent"];

const OPTIONS: Readonly<Record<string, OptionKind>> = {
  family: "text",
  ...SHARED_OPTIONS,
  threshold: "text",
  nominal: "text",
  scale: "text",
};

/**
 * Fits a cumulative link mixed model by maximum likelihood. Column names in formulas that the compiler can see are checked against the
 * table's row type.
 *
 * The response is a factor, whose levels in their order are the categories, or whole numbers (a note says so).
 *
 * @param formula R's formula with lme4's random terms: `rating ~ mkt + (1 | school/teacher)`
 * @param table one row an observation; rows with missing values in the model's variables are left out, and a note says so
 * @returns an immutable record; a notebook shows its summary
 * @throws FormulaError for a formula that cannot be read or names what does not exist (with the position)
 * @throws DataError for data that cannot be used: no rows left, bad weights
 * @throws FitError for unknown options, links and thresholds, a response that is not of categories, and models that cannot be estimated
 * @example clmm("rating ~ temp + contact + (1 | judge)", wine).thresholds[0] // => { term: "1|2", estimate: -1.6237, stdError: 0.6824, statistic: -2.379 }
 */
export function clmm<
  const Text extends string,
  Row extends object,
  const Nominal extends string = string,
  const Scale extends string = string,
>(formula: CheckedFormula<Text, Row>, table: Table<Row>, options: ClmmOptions<Row, Nominal, Scale> = {}): GeneralizedMixedFit {
  const startTime = performance.now();
  checkArguments(formula, table);
  checkOptions(options, OPTIONS);
  const link = cumulativeLinkNamed(options.link ?? CUMULATIVE_LINKS[0]!);
  const threshold = thresholdNamed(options.threshold ?? THRESHOLD_STRUCTURES[0]!);
  const family = ordinalFamilyNamed(options.family ?? ORDINAL_FAMILIES[0]!);
  const frame = frameOf(formula, table, options);
  const fit = fitCumulativeMixed(frame, { family, link, threshold, agq: options.agq ?? 1 });
  return printedFit(fit, performance.now() - startTime);
}

/** @throws FitError for a family that is not one of ordered categories */
export function ordinalFamilyNamed(name: string): OrdinalFamily {
  const family = ORDINAL_FAMILIES.find((known) => known === name.toLowerCase());
  if (family === undefined) throw new FitError(glmmMessages.notOrdinal(name, ORDINAL_FAMILIES));
  return family;
}

/** @throws FitError for a link that cumulative models do not have */
export function cumulativeLinkNamed(name: string): CumulativeLink {
  const link = CUMULATIVE_LINKS.find((known) => known === name.toLowerCase());
  if (link !== undefined) return link;
  const elsewhere = families.some(({ links }) => links.some((known) => known === name.toLowerCase()));
  throw new FitError((elsewhere ? familyMessages.foreignLink : familyMessages.unknownLink)(name, "cumulative", CUMULATIVE_LINKS));
}

/** @throws FitError for a structure that does not exist */
export function thresholdNamed(name: string): ThresholdStructure {
  const structure = THRESHOLD_STRUCTURES.find((known) => known === name.toLowerCase());
  if (structure === undefined) throw new FitError(glmmMessages.unknownThreshold(name, THRESHOLD_STRUCTURES));
  return structure;
}
