/**
 * The options that say how a model is fitted, and the fit they ask for.
 */

import type { Table } from "../data/table.js";
import { lmm } from "../inference/lmm.js";
import { readTable } from "../io/read-table.js";
import { cliMessages } from "../messages.js";
import type { LinearMixedFit } from "../models/fit.js";
import { chosen, METHODS } from "./choices.js";
import type { GivenOptions, OptionRule } from "./options.js";
import { UsageError } from "./usage-error.js";

/** Options that every command takes that fits models. */
export const MODEL_OPTIONS: Readonly<Record<string, OptionRule>> = {
  data: "value",
  schema: "value",
  method: "value",
  weights: "value",
  contrasts: "value",
};

/** The table of `--data` and `--schema`, and the milliseconds that reading took. */
export async function readData(given: GivenOptions): Promise<{ readonly table: Table; readonly readMs: number }> {
  const start = performance.now();
  const schema = given.value("schema");
  const table = await readTable(required(given, "data"), schema === null ? {} : { schema });
  return { table, readMs: performance.now() - start };
}

/** The fit that the options ask for. */
export function fitModel(formula: string, table: Table, given: GivenOptions, defaultMethod: "reml" | "ml"): LinearMixedFit {
  const method = chosen(given.value("method") ?? defaultMethod, METHODS) as "reml" | "ml";
  const weights = given.value("weights");
  return lmm(formula, table, { method, contrasts: contrastsOf(given.value("contrasts")), ...(weights === null ? {} : { weights }) });
}

/** The value of an option that must be given. */
export function required(given: GivenOptions, name: string): string {
  const value = given.value(name);
  if (value === null) throw new UsageError(cliMessages.missingOption(`--${name}`));
  return value;
}

/** `sex=sum,factor(a, b)=poly`: pieces without an equals sign belong to the next name. */
function contrastsOf(list: string | null): Record<string, string> {
  if (list === null) return {};
  const pairs: [string, string][] = [];
  let pending = "";
  for (const piece of list.split(",")) {
    const text = pending + piece;
    const at = text.lastIndexOf("=");
    if (at === -1) {
      pending = `${text},`;
      continue;
    }
    const name = text
      .slice(0, at)
      .trim()
      .replace(/^`(.*)`$/, "$1");
    const coding = text.slice(at + 1).trim();
    if (name === "" || coding === "") throw new UsageError(cliMessages.badContrasts(list));
    pairs.push([name, coding]);
    pending = "";
  }
  if (pending !== "") throw new UsageError(cliMessages.badContrasts(list));
  return Object.fromEntries(pairs);
}
