/**
 * Families and links by name, as users write them: in any case, with R's names beside ours.
 */
import { FitError, familyMessages } from "../../messages.js";
import { beta } from "./beta.js";
import { betabinomial } from "./betabinomial.js";
import { binomial } from "./binomial.js";
import type { Family, LinkName } from "./family.js";
import { gamma } from "./gamma.js";
import { gaussian } from "./gaussian.js";
import { inverseGaussian } from "./inverse-gaussian.js";
import { nbinom1 } from "./nbinom1.js";
import { nbinom2 } from "./nbinom2.js";
import { poisson } from "./poisson.js";
import { studentT } from "./student-t.js";

/** In the order in which messages list them. */
export const families: readonly Family[] = [
  gaussian,
  binomial,
  betabinomial,
  poisson,
  nbinom1,
  nbinom2,
  gamma,
  inverseGaussian,
  beta,
  studentT,
];

const ALIASES: ReadonlyMap<string, Family> = new Map<string, Family>([
  ...families.map((family): [string, Family] => [family.name, family]),
  ["normal", gaussian],
  ["bernoulli", binomial],
  ["beta_binomial", betabinomial],
  ["negative_binomial", nbinom2],
  ["inverse.gaussian", inverseGaussian],
  ["inversegaussian", inverseGaussian],
  ["beta_family", beta],
  ["t", studentT],
  ["t_family", studentT],
]);

/**
 * The family of this name.
 *
 * @param name one of `families`' names or R's (`Gamma`, `inverse.gaussian`, `beta_family`, `t_family`), in any case
 * @param others further names that the caller knows, for the message
 * @throws FitError for an unknown name
 * @example familyNamed("Gamma").defaultLink // => "log"
 */
export function familyNamed(name: string, others: readonly string[] = []): Family {
  const family = ALIASES.get(name.toLowerCase());
  if (family === undefined) throw new FitError(familyMessages.unknownFamily(name, [...families.map((known) => known.name), ...others]));
  return family;
}

const LINK_NAMES: ReadonlyMap<string, LinkName> = new Map<string, LinkName>([
  ["identity", "identity"],
  ["log", "log"],
  ["logit", "logit"],
  ["probit", "probit"],
  ["cloglog", "cloglog"],
  ["loglog", "loglog"],
  ["cauchit", "cauchit"],
  ["inverse", "inverse"],
  ["sqrt", "sqrt"],
  ["1/mu^2", "1/mu^2"],
]);

/**
 * A family's link of this name, in any case; its default for none.
 *
 * @throws FitError for a link that does not exist or that the family does not have
 * @example linkNamed(familyNamed("binomial"), "Probit") // => "probit"
 */
export function linkNamed(family: Family, name?: string): LinkName {
  if (name === undefined) return family.defaultLink;
  const link = LINK_NAMES.get(name.toLowerCase());
  if (link === undefined) throw new FitError(familyMessages.unknownLink(name, family.name, family.links));
  if (!family.links.includes(link)) throw new FitError(familyMessages.foreignLink(name, family.name, family.links));
  return link;
}
