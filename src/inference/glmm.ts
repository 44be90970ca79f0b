/**
 * The generalized linear mixed model as a user meets it: a formula, a table and a family in, a fit out that prints itself.
 *
 *   y | b ~ family(mean g^-1(eta)),   eta = X beta + Z b + offset,   b ~ N(0, Sigma)
 *
 * (Breslow & Clayton 1993; Bates, Maechler, Bolker & Walker 2015), for counts with an excess of zeros or a hurdle before them (Lambert
 * 1992; Mullahy 1986; Brooks et al. 2017).
 */
import type { Table } from "../data/table.js";
import { FitError, familyMessages, generalizedMessages, glmmMessages } from "../messages.js";
import type { Family, LinkName } from "../models/families/family.js";
import { families, familyNamed, linkNamed } from "../models/families/registry.js";
import type { CheckedFormula } from "../models/formula/typed.js";
import type { ContrastName } from "../models/frame/contrasts.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { fitGeneralizedMixed, type GeneralizedMixedOptions } from "../models/generalized-mixed.js";
import { fitMultinomialMixed } from "../models/multinomial-mixed.js";
import { checkArguments, checkOptions, frameOf, type OptionKind, SHARED_OPTIONS } from "./model-arguments.js";
import { printedFit } from "./printed-fit.js";

/** The families, as messages and editors list them; R's names (`Gamma`, `inverse.gaussian`, `beta_family`, `t_family`) are known too. */
export type FamilyName =
  | "gaussian"
  | "binomial"
  | "betabinomial"
  | "poisson"
  | "nbinom1"
  | "nbinom2"
  | "gamma"
  | "inverse_gaussian"
  | "beta"
  | "student_t"
  | "truncated_poisson"
  | "truncated_nbinom1"
  | "truncated_nbinom2"
  | "multinomial";

/** Options of `glmm`. */
export interface GlmmOptions<Row = unknown, Zi extends string = string, Dispersion extends string = string> {
  /** The distribution of the response; there is no default. In any case of letters. */
  readonly family: FamilyName | (string & {});
  /** Default the family's: logit for binomial and beta, log for counts and gamma. */
  readonly link?: LinkName | (string & {});
  /** Quadrature points in each dimension, a whole number from 0 to 100: 1 (default) the Laplace approximation, 0 the fast one. */
  readonly agq?: number;
  /** One-sided formula of the zero probability (logit scale), `~ x + (1 | g)`; with a hurdle or a truncated family that of a zero. Default none. */
  readonly zi?: CheckedFormula<Zi, Row>;
  /** Zeros come from a part of their own, counts above zero from the truncated family; `zi` is then "~ 1" unless given. Default false. */
  readonly hurdle?: boolean;
  /** One-sided formula of the dispersion (log scale), without random terms. Default one dispersion for all rows. */
  readonly dispersion?: CheckedFormula<Dispersion, Row>;
  /** The column of prior weights; for proportions the numbers of trials. Default none. */
  readonly weights?: string;
  /** An offset, or several that add up, besides those in the formula: `"log(hours)"`. Default none. */
  readonly offset?: string | readonly string[];
  /** Contrasts by factor, as the factor stands in the formula; default treatment contrasts, polynomial ones for ordered factors. */
  readonly contrasts?: Readonly<Record<string, ContrastName | (string & {})>>;
}

const OPTIONS: Readonly<Record<string, OptionKind>> = {
  family: "text",
  ...SHARED_OPTIONS,
  zi: "text",
  hurdle: "boolean",
  dispersion: "text",
};

/**
 * Fits a generalized linear mixed model by maximum likelihood. Column names in formulas that the compiler can see are checked against the
 * table's row type.
 *
 * A response is 0 and 1, a factor (its first level against the others), `cbind(successes, failures)`, proportions with the numbers of
 * trials as weights; counts; or numbers, as the family has them.
 *
 * @param formula R's formula with lme4's random terms: `maintained ~ mkt + (1 | school/teacher)`
 * @param table one row an observation; rows with missing values in the model's variables are left out, and a note says so
 * @param options the family, and how it is fitted
 * @returns an immutable record; a notebook shows its summary
 * @throws FormulaError for a formula that cannot be read or names what does not exist (with the position)
 * @throws DataError for data that cannot be used: no rows left, bad weights
 * @throws FitError for unknown options, families and links, a response outside the family's range (which rows, which values), and models
 *   that cannot be estimated
 * @example glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family: "binomial" }).logLik // => -92.02628
 */
export function glmm<
  const Text extends string,
  Row extends object,
  const Zi extends string = string,
  const Dispersion extends string = string,
>(formula: CheckedFormula<Text, Row>, table: Table<Row>, options: GlmmOptions<Row, Zi, Dispersion>): GeneralizedMixedFit {
  const startTime = performance.now();
  checkArguments(formula, table);
  checkOptions(options ?? {}, OPTIONS);
  const { agq = 1 } = options ?? {};
  const { family, link, zeros, zi } = checkedDistribution(options ?? {});
  const frame = frameOf(formula, table, { ...options, zi });
  const fit =
    family === MULTINOMIAL
      ? fitMultinomialMixed(frame, { agq })
      : fitGeneralizedMixed(frame, { family, link, agq, ...(zeros === null ? {} : { zeros }) });
  return printedFit(fit, performance.now() - startTime);
}

/** Names of distributions on the counts above zero: `truncated_poisson`. */
const TRUNCATED = "truncated_";

/** Unordered categories: the log odds of each against the first. */
const MULTINOMIAL = "multinomial";

/** Names under which models of ordered categories are looked for. */
export const ORDINAL_NAMES: readonly string[] = ["cumulative", "adjacent", "ordinal", "ordered", "clm", "clmm"];

/** The names that `glmm` lists. */
export function familyNames(): readonly string[] {
  const truncated = families.filter(({ counts }) => counts).map(({ name }) => TRUNCATED + name);
  return [...families.map(({ name }) => name), ...truncated, MULTINOMIAL];
}

/** A family as named with its link, and what becomes of zeros. */
export interface Distribution {
  readonly family: Family | typeof MULTINOMIAL;
  readonly link: LinkName;
  readonly zeros: GeneralizedMixedOptions["zeros"] | null;
  readonly zi: string | undefined;
}

/**
 * The family with its link, and what becomes of zeros: with a formula for them a truncated family is that of a hurdle, as in glmmTMB.
 *
 * @throws FitError for a family or a link that does not exist, and for what the family does not have: zeros, a dispersion
 */
export function checkedDistribution(options: {
  readonly family?: string;
  readonly link?: string;
  readonly hurdle?: boolean;
  readonly zi?: string;
  readonly dispersion?: string;
}): Distribution {
  const name = options.family ?? undefined;
  if (name === undefined) throw new FitError(glmmMessages.familyNeeded(familyNames()));
  const wanted = name.toLowerCase();
  if (ORDINAL_NAMES.includes(wanted)) throw new FitError(glmmMessages.ordinalFamily(name));
  const zi = options.zi ?? undefined;
  const dispersion = (options.dispersion ?? undefined) !== undefined;
  const counts = options.hurdle === true || zi !== undefined;
  if (wanted === MULTINOMIAL) {
    if (counts) throw new FitError(generalizedMessages.noCounts(MULTINOMIAL));
    if (dispersion) throw new FitError(generalizedMessages.noDispersion(MULTINOMIAL));
    const link = (options.link ?? "logit").toLowerCase();
    if (link !== "logit") throw new FitError(familyMessages.foreignLink(link, MULTINOMIAL, ["logit"]));
    return { family: MULTINOMIAL, link, zeros: null, zi };
  }
  const others = familyNames().slice(families.length);
  const truncated = wanted.startsWith(TRUNCATED) && others.includes(wanted);
  const family = familyNamed(truncated ? wanted.slice(TRUNCATED.length) : name, [...others, "cumulative", "adjacent"]);
  if (counts && !family.counts) throw new FitError(generalizedMessages.noCounts(family.name));
  if (dispersion && !family.further.includes("dispersion")) throw new FitError(generalizedMessages.noDispersion(family.name));
  const link = linkNamed(family, options.link ?? undefined);
  if (options.hurdle === true || (truncated && zi !== undefined)) return { family, link, zeros: "hurdle", zi: zi ?? "~ 1" };
  return { family, link, zeros: truncated ? "truncated" : null, zi };
}
