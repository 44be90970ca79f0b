/**
 * Names that a command takes, in this version and in later ones.
 */
import { DF_METHODS } from "../inference/df-method.js";
import { ROBUST_TYPES } from "../inference/robust-types.js";
import { cliMessages, nearest } from "../messages.js";
import { UsageError } from "./usage-error.js";

/** Names in use and names of later versions. */
export interface Choices {
  readonly what: string;
  readonly known: readonly string[];
  readonly later: readonly string[];
}

export const METHODS: Choices = { what: "method", known: ["reml", "ml"], later: [] };
export const DF: Choices = { what: "method for degrees of freedom", known: DF_METHODS, later: [] };
/** Capital letters, as robust types are written. */
export const ROBUST: Choices = { what: "robust covariance of type", known: ROBUST_TYPES, later: [] };
export const CI: Choices = { what: "method for confidence intervals", known: ["wald", "profile", "bootstrap"], later: [] };
export const BOOTSTRAP_TYPES: Choices = { what: "type of bootstrap", known: ["parametric", "residual", "cluster"], later: [] };
export const BOOTSTRAP_INTERVALS: Choices = { what: "bootstrap interval", known: ["percentile", "basic", "bca"], later: [] };
export const STYLES: Choices = { what: "style", known: ["lme4", "hlm"], later: [] };

/**
 * The name as the choices have it, if it is one of them; in any case of letters.
 *
 * @throws UsageError for names of later versions and for unknown ones (with the nearest)
 */
export function chosen(name: string, { what, known, later }: Choices): string {
  const wanted = name.toLowerCase();
  const found = known.find((own) => own.toLowerCase() === wanted);
  if (found !== undefined) return found;
  if (later.includes(wanted)) throw new UsageError(cliMessages.notYet(`${what} "${name}"`));
  const all = [...known, ...later];
  const near = nearest(
    wanted,
    all.map((own) => own.toLowerCase()),
  );
  throw new UsageError(cliMessages.unknownChoice(what, name, all.find((own) => own.toLowerCase() === near) ?? null, known));
}
