/**
 * The options that say how a model is fitted, and the fit they ask for.
 */

import type { Table } from "../data/table.js";
import { lmm } from "../inference/lmm.js";
import { isDirectory } from "../io/files.js";
import { type ReadOptions, readTable } from "../io/read-table.js";
import { cliMessages } from "../messages.js";
import type { LinearMixedFit } from "../models/fit.js";
import { chosen, METHODS } from "./choices.js";
import type { GivenOptions, OptionRule } from "./options.js";
import { UsageError } from "./usage-error.js";

/** Options that say which data are read, and how. */
export const DATA_OPTIONS: Readonly<Record<string, OptionRule>> = {
  data: "value",
  schema: "value",
  encoding: "value",
  missing: "value",
};

/** Options that every command takes that fits models. */
export const MODEL_OPTIONS: Readonly<Record<string, OptionRule>> = {
  ...DATA_OPTIONS,
  method: "value",
  weights: "value",
  contrasts: "value",
};

/** How `--encoding` and `--missing` say that files are read. */
export function readingOf(given: GivenOptions): Omit<ReadOptions, "schema"> {
  const encoding = given.value("encoding");
  const missing = given.value("missing");
  return {
    ...(encoding === null ? {} : { encoding }),
    ...(missing === null ? {} : { missing: missing.split(",").map((mark) => mark.trim()) }),
  };
}

/** The table of `--data` and `--schema`, and the milliseconds that reading took. */
export async function readData(given: GivenOptions): Promise<{ readonly table: Table; readonly readMs: number }> {
  const start = performance.now();
  const schema = given.value("schema");
  const path = required(given, "data");
  if (await isDirectory(path)) throw new UsageError(cliMessages.dataIsDirectory(path));
  const table = await readTable(path, { ...readingOf(given), ...(schema === null ? {} : { schema }) });
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
  if (value === null) throw new UsageError(cliMessages.missingOption(given.command, `--${name}`));
  return value;
}

/** `sex=sum,factor(a, b)=poly`: pieces without an equals sign belong to the next name. */
function contrastsOf(list: string | null): Record<string, string> {
  if (list === null) return {};
  const codings = new Map<string, string>();
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
    if (codings.has(name)) throw new UsageError(cliMessages.contrastTwice(name));
    codings.set(name, coding);
    pending = "";
  }
  if (pending !== "") throw new UsageError(cliMessages.badContrasts(list));
  return Object.fromEntries(codings);
}
