/**
 * What the functions that fit generalized and cumulative models are given, checked: from JavaScript it may be anything.
 */
import { Table } from "../data/table.js";
import { DataError, FitError, FormulaError, glmmMessages, inferenceMessages } from "../messages.js";
import { parseFormula } from "../models/formula/formula.js";
import { buildFrame } from "../models/frame/build-frame.js";
import type { ContrastName } from "../models/frame/contrasts.js";
import type { ModelFrame } from "../models/frame/frame.js";

/** What an option may hold. */
export type OptionKind = "text" | "texts" | "number" | "boolean" | "codings";

/** Options by name, as they were given. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** Options that every such model takes besides its own. */
export const SHARED_OPTIONS: Readonly<Record<string, OptionKind>> = {
  link: "text",
  agq: "number",
  weights: "text",
  offset: "texts",
  contrasts: "codings",
};

/** @throws FormulaError or DataError for arguments that are not a formula and a table */
export function checkArguments(formula: unknown, table: unknown): asserts table is Table {
  if (typeof formula !== "string") throw new FormulaError(inferenceMessages.formulaNotText(typeof formula), "");
  if (!(table instanceof Table)) throw new DataError(inferenceMessages.notATable);
}

/**
 * @param kinds the model's options and what each holds; an option that is undefined or null counts as not given
 * @throws FitError for an option that the model does not have (with the nearest), and for one of another type
 */
export function checkOptions(options: unknown, kinds: Readonly<Record<string, OptionKind>>): GivenOptions {
  if (typeof options !== "object" || options === null || Array.isArray(options)) throw new FitError(glmmMessages.optionsNotARecord);
  const names = Object.keys(kinds);
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) throw new FitError(inferenceMessages.unknownOption(name, names));
    if (value === undefined || value === null) continue;
    if (!holds(value, kinds[name]!)) throw new FitError(glmmMessages.wrongOption(name, kinds[name]!, typeof value));
  }
  return { ...options };
}

function holds(value: unknown, kind: OptionKind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "texts":
      return typeof value === "string" || (Array.isArray(value) && value.every((one) => typeof one === "string"));
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "codings":
      return typeof value === "object" && !Array.isArray(value);
  }
}

/** The frame that the formula and the options' own formulas, weights, offsets and contrasts ask for. */
export function frameOf(
  formula: string,
  table: Table,
  options: {
    readonly weights?: string | undefined;
    readonly offset?: string | readonly string[] | undefined;
    readonly contrasts?: Readonly<Record<string, string>> | undefined;
    readonly zi?: string | undefined;
    readonly dispersion?: string | undefined;
    readonly nominal?: string | undefined;
    readonly scale?: string | undefined;
  },
): ModelFrame {
  return buildFrame(parseFormula(formula, { columns: table.columnNames }), table, {
    response: "any",
    weights: options.weights ?? null,
    offset: options.offset ?? null,
    // The names of contrasts are checked where they are used, with the factors at hand.
    contrasts: (options.contrasts ?? {}) as Readonly<Record<string, ContrastName>>,
    zi: options.zi ?? null,
    dispersion: options.dispersion ?? null,
    nominal: options.nominal ?? null,
    scale: options.scale ?? null,
  });
}
