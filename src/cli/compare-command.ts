/**
 * `mist compare`: saved fits, or formulas on one table, side by side.
 */
import { type AnyFit, compare } from "../inference/compare.js";
import { SCHEMA_VERSION } from "../inference/json.js";
import { loadFit } from "../inference/saved-fit.js";
import { readBytes } from "../io/files.js";
import { cliMessages } from "../messages.js";
import type { Command } from "./command.js";
import { fitModel, MODEL_OPTIONS, readData } from "./model-options.js";
import { type GivenOptions, readOptions } from "./options.js";
import { UsageError } from "./usage-error.js";

export const compareCommand: Command = {
  read: (argv) =>
    readOptions(argv, { command: "mist compare", options: { ...MODEL_OPTIONS, formula: "values", json: "flag" }, positionals: true }),
  async run(given) {
    const fits = given.positionals.length > 0 ? await savedFits(given) : await freshFits(given);
    const comparison = compare(fits);
    return given.flag("json") ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...comparison }, null, 2) : String(comparison);
  },
};

async function savedFits(given: GivenOptions): Promise<Readonly<Record<string, AnyFit>>> {
  const mixed = ["formula", ...Object.keys(MODEL_OPTIONS)].find((name) => given.values(name).length > 0);
  if (mixed !== undefined) throw new UsageError(cliMessages.filesOrFormulas(`--${mixed}`));
  if (given.positionals.length < 2) throw new UsageError(cliMessages.compareWhat);
  const fits: [string, AnyFit][] = [];
  for (const path of given.positionals) {
    if (fits.some(([other]) => other === path)) throw new UsageError(cliMessages.sameFileTwice(path));
    fits.push([path, loadFit(new TextDecoder().decode(await readBytes(path)), path)]);
  }
  return Object.fromEntries(fits);
}

async function freshFits(given: GivenOptions): Promise<Readonly<Record<string, AnyFit>>> {
  const formulas = given.values("formula");
  if (formulas.length < 2 || given.value("data") === null) throw new UsageError(cliMessages.compareWhat);
  const { table } = await readData(given);
  return Object.fromEntries(formulas.map((formula, k) => [`Model ${k + 1}`, fitModel(formula, table, given, "ml")]));
}
