/**
 * Which kind of model the options ask for, and which options do not go with it. All of this is refused before the data are read.
 */

import { cumulativeLinkNamed, ORDINAL_FAMILIES, thresholdNamed } from "../inference/clmm.js";
import { checkedDistribution, ORDINAL_NAMES } from "../inference/glmm.js";
import { cliMessages, FitError, generalizedMessages } from "../messages.js";
import { chosen, DF, METHODS } from "./choices.js";
import type { GivenOptions } from "./options.js";
import { UsageError } from "./usage-error.js";

/** linear: lmm; generalized: glmm; cumulative: clmm. */
export type ModelKind = "linear" | "generalized" | "cumulative";

/** Options that only some kinds of models take. */
const TAKEN_BY: Readonly<Record<string, readonly ModelKind[]>> = {
  agq: ["generalized", "cumulative"],
  exponentiate: ["generalized", "cumulative"],
  zi: ["generalized"],
  hurdle: ["generalized"],
  dispersion: ["generalized"],
  threshold: ["cumulative"],
  nominal: ["cumulative"],
  scale: ["cumulative"],
};

/**
 * The kind of model. A gaussian model with identity link is a linear one, unless its dispersion has a formula.
 *
 * @throws UsageError for options that do not go together
 * @throws FitError for families, links, thresholds and numbers of points that do not exist
 */
export function modelKind(given: GivenOptions): ModelKind {
  const family = given.value("family");
  const link = given.value("link");
  const kind = kindOf(given, family, link);
  for (const [option, kinds] of Object.entries(TAKEN_BY)) {
    if (given.values(option).length > 0 && !kinds.includes(kind)) throw new UsageError(cliMessages.notForModel(option, kind, family));
  }
  if (kind === "linear") return kind;
  const method = given.value("method");
  if (method !== null && chosen(method, METHODS) === "reml") throw new UsageError(cliMessages.onlyMl);
  const df = given.value("df");
  if (df !== null && chosen(df, DF) !== "none") throw new UsageError(cliMessages.onlyZ(df));
  const agq = pointsOf(given);
  if (kind === "cumulative") {
    if (agq === 0) throw new FitError(generalizedMessages.profiledCategories);
    if (link !== null) cumulativeLinkNamed(link);
    const threshold = given.value("threshold");
    if (threshold !== null) thresholdNamed(threshold);
  }
  return kind;
}

function kindOf(given: GivenOptions, family: string | null, link: string | null): ModelKind {
  if (ORDINAL_FAMILIES.some((name) => name === family?.toLowerCase())) return "cumulative";
  if (family === null) {
    const identity = link === null || link.toLowerCase() === "identity";
    if (!identity) throw new UsageError(cliMessages.linkWithoutFamily(link));
    const generalized = Object.entries(TAKEN_BY).find(([option, kinds]) => !kinds.includes("linear") && given.values(option).length > 0);
    if (generalized !== undefined && generalized[0] !== "dispersion")
      throw new UsageError(cliMessages.notForModel(generalized[0], "linear", null));
    return given.value("dispersion") === null ? "linear" : "generalized";
  }
  if (ORDINAL_NAMES.includes(family.toLowerCase())) throw new UsageError(cliMessages.ordinalFamily(family));
  const [zi, dispersion] = [given.value("zi"), given.value("dispersion")];
  const distribution = checkedDistribution({
    family,
    hurdle: given.flag("hurdle"),
    ...(link === null ? {} : { link }),
    ...(zi === null ? {} : { zi }),
    ...(dispersion === null ? {} : { dispersion }),
  });
  if (distribution.family === "multinomial") return "generalized";
  return distribution.family.name === "gaussian" && distribution.link === "identity" && dispersion === null ? "linear" : "generalized";
}

/** The number after --agq; null where it was not given. */
export function pointsOf(given: GivenOptions): number | null {
  const text = given.value("agq");
  if (text === null) return null;
  const points = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(points <= 100)) throw new FitError(generalizedMessages.badPoints(text));
  return points;
}
