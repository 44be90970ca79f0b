/**
 * The linear mixed model as a user meets it: a formula and a table in, a fit out that prints itself.
 *
 *   y = X beta + Z b + offset + residual / sqrt(weight),   b ~ N(0, sigma^2 Lambda Lambda'),   residual ~ N(0, sigma^2)
 *
 * (Laird & Ware 1982; Bates, Maechler, Bolker & Walker 2015.)
 */
import { Table } from "../data/table.js";
import { DataError, FitError, FormulaError, inferenceMessages } from "../messages.js";
import type { LinearMixedFit } from "../models/fit.js";
import { parseFormula } from "../models/formula/formula.js";
import type { CheckedFormula } from "../models/formula/typed.js";
import { buildFrame } from "../models/frame/build-frame.js";
import type { ContrastName } from "../models/frame/contrasts.js";
import { fitLinearMixed } from "../models/linear-mixed.js";
import { checkOptions, type OptionKind } from "./model-arguments.js";
import { printedFit } from "./printed-fit.js";

/** Options of `lmm`. */
export interface LmmOptions {
  /** Restricted or full maximum likelihood, in either case of letters; default "REML". */
  readonly method?: "REML" | "ML" | "reml" | "ml";
  /** The column of precision weights: a row of weight w has residual variance sigma^2 / w. Default none. */
  readonly weights?: string;
  /** An offset, or several that add up, besides those in the formula: a column or an expression. Default none. */
  readonly offset?: string | readonly string[];
  /** Contrasts by factor, as the factor stands in the formula; default treatment contrasts, polynomial ones for ordered factors. */
  readonly contrasts?: Readonly<Record<string, ContrastName | (string & {})>>;
}

const OPTIONS: Readonly<Record<string, OptionKind>> = { method: "text", weights: "text", offset: "texts", contrasts: "codings" };

/**
 * Fits a linear mixed model. Column names in a formula that the compiler can see are checked against the table's row type.
 *
 * @param formula R's formula with lme4's random terms: `score ~ ses + (1 + ses | school)`; HLM level equations become one through `levelEquations`
 * @param table one row an observation; rows with missing values in the model's variables are left out, and a note says so
 * @returns an immutable record; a notebook shows its summary
 * @throws FormulaError for a formula that cannot be read or names what does not exist (with the position)
 * @throws DataError for data that cannot be used: no rows left, a constant response, one level, bad weights
 * @throws FitError for unknown options and for models that the data cannot tell apart
 * @example lmm("mAch ~ 1 + (1 | school)", hsb).criterion // => 47116.79348
 */
export function lmm<const Text extends string, Row extends object>(
  formula: CheckedFormula<Text, Row>,
  table: Table<Row>,
  options: LmmOptions = {},
): LinearMixedFit {
  const startTime = performance.now();
  if (typeof formula !== "string") throw new FormulaError(inferenceMessages.formulaNotText(typeof formula), "");
  if (!(table instanceof Table)) throw new DataError(inferenceMessages.notATable);
  const { method, weights, offset, contrasts } = checkedOptions(options);
  const parsed = parseFormula(formula, { columns: table.columnNames });
  const frame = buildFrame(parsed, table as unknown as Table, { weights, offset, contrasts });
  const fit = fitLinearMixed(frame, { method });
  return printedFit(fit, performance.now() - startTime);
}

/** What came from JavaScript may be anything. */
function checkedOptions(options: LmmOptions): {
  readonly method: "REML" | "ML";
  readonly weights: string | null;
  readonly offset: string | readonly string[] | null;
  readonly contrasts: Readonly<Record<string, ContrastName>>;
} {
  checkOptions(options, OPTIONS);
  const method = String(options.method ?? "REML").toUpperCase();
  if (method !== "REML" && method !== "ML") throw new FitError(inferenceMessages.unknownMethod(String(options.method)));
  // The names of contrasts are checked where they are used, with the factors at hand.
  return {
    method,
    weights: options.weights ?? null,
    offset: options.offset ?? null,
    contrasts: (options.contrasts ?? {}) as Readonly<Record<string, ContrastName>>,
  };
}
