/**
 * Names that a command takes, in this version and in later ones.
 */
import { cliMessages, nearest } from "../messages.js";
import { UsageError } from "./usage-error.js";

/** Names in use and names of later versions. */
export interface Choices {
  readonly what: string;
  readonly known: readonly string[];
  readonly later: readonly string[];
}

export const METHODS: Choices = { what: "method", known: ["reml", "ml"], later: [] };
export const DF: Choices = {
  what: "method for degrees of freedom",
  known: ["satterthwaite", "residual", "none"],
  later: ["kenward-roger"],
};
export const STYLES: Choices = { what: "style", known: ["lme4", "hlm"], later: [] };

/**
 * The name in lower case, if it is one of the choices.
 *
 * @throws UsageError for names of later versions and for unknown ones (with the nearest)
 */
export function chosen(name: string, { what, known, later }: Choices): string {
  const wanted = name.toLowerCase();
  if (known.includes(wanted)) return wanted;
  if (later.includes(wanted)) throw new UsageError(cliMessages.notYet(`${what} "${name}"`));
  throw new UsageError(cliMessages.unknownChoice(what, name, nearest(wanted, [...known, ...later]), known));
}
