/**
 * The options that say how a model is fitted, and the fit they ask for.
 */

import type { Table } from "../data/table.js";
import { clmm } from "../inference/clmm.js";
import { glmm } from "../inference/glmm.js";
import { lmm } from "../inference/lmm.js";
import type { MixedFit } from "../inference/mixed-fit.js";
import { isDirectory } from "../io/files.js";
import { type ReadOptions, readTable } from "../io/read-table.js";
import { cliMessages, DataError } from "../messages.js";
import { chosen, METHODS } from "./choices.js";
import { type ModelKind, modelKind, pointsOf } from "./model-kind.js";
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
  family: "value",
  link: "value",
  method: "value",
  agq: "value",
  zi: "value",
  hurdle: "flag",
  dispersion: "value",
  threshold: "value",
  nominal: "value",
  scale: "value",
  weights: "value",
  offset: "values",
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

/** What can be refused without the data. */
export function checkModelOptions(given: GivenOptions): ModelKind {
  chosen(given.value("method") ?? "reml", METHODS);
  required(given, "formula");
  required(given, "data");
  contrastsOf(given.value("contrasts"));
  return modelKind(given);
}

/** The table and the fit of `--data` and `--formula`. */
export async function givenFit(
  given: GivenOptions,
  defaultMethod: "reml" | "ml",
): Promise<{ readonly fit: MixedFit; readonly table: Table; readonly readMs: number }> {
  const formula = required(given, "formula");
  const { table, readMs } = await readData(given);
  return { fit: fitModel(formula, table, given, defaultMethod), table, readMs };
}

/** The fit that the options ask for. */
export function fitModel(formula: string, table: Table, given: GivenOptions, defaultMethod: "reml" | "ml"): MixedFit {
  const value = <Name extends string>(name: Name): { readonly [K in Name]?: string } => {
    const text = given.value(name);
    return text === null ? {} : ({ [name]: text } as { readonly [K in Name]?: string });
  };
  const offset = given.values("offset");
  const points = pointsOf(given);
  const shared = {
    contrasts: contrastsOf(given.value("contrasts")),
    ...value("weights"),
    ...(offset.length === 0 ? {} : { offset }),
  };
  const approximated = { ...shared, ...value("link"), ...(points === null ? {} : { agq: points }) };
  switch (modelKind(given)) {
    case "linear": {
      const method = chosen(given.value("method") ?? defaultMethod, METHODS) as "reml" | "ml";
      return orWithAFamily(() => lmm(formula, table, { ...shared, method }), table, given);
    }
    case "generalized": {
      const family = given.value("family") ?? "gaussian";
      return glmm(formula, table, { family, ...approximated, ...value("zi"), ...value("dispersion"), hurdle: given.flag("hurdle") });
    }
    case "cumulative":
      return clmm(formula, table, { ...value("family"), ...approximated, ...value("threshold"), ...value("nominal"), ...value("scale") });
  }
}

/** A linear model of categories: the message also says which family to add. */
function orWithAFamily(model: () => MixedFit, table: Table, given: GivenOptions): MixedFit {
  try {
    return model();
  } catch (error) {
    if (!(error instanceof DataError) || given.value("family") !== null) throw error;
    const column = table.columns.find(({ name }) => name === error.column);
    if (column?.kind !== "factor" || error.rows.length > 0) throw error;
    throw new DataError(`${error.message} ${cliMessages.familyForCategories(column.levels.length, column.ordered)}`, {
      column: column.name,
    });
  }
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
