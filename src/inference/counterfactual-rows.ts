/**
 * The fit's own rows with one predictor changed and all others as they are: what an average effect compares.
 *
 * Variables that do not contain the predictor keep the values that the fit has; those that do are computed anew, with the bases and means
 * of the fit. Units stay, so that `cwc(x, g)` moves with x.
 */

import type { Column } from "../data/column.js";
import { Table } from "../data/table.js";
import { DataError, didYouMean, FitError, predictionMessages } from "../messages.js";
import type { TermSet, Variable } from "../models/formula/ast.js";
import { namesIn } from "../models/formula/variables.js";
import { designMatrix, type Predictor } from "../models/frame/design-matrix.js";
import { evaluate, evaluateVariable } from "../models/frame/evaluate.js";
import type { TableColumns } from "../models/frame/evaluation.js";
import type { RandomFrame } from "../models/frame/frame.js";
import { recallFrom } from "../models/frame/memory.js";
import { numericValues } from "../models/frame/predictors.js";
import { predictorVariables } from "../models/frame/variables.js";
import type { MixedFit } from "./mixed-fit.js";
import type { PartDesign, RowDesigns } from "./predict-rows.js";

/** A predictor of the fit and what can be done to it. */
export interface Changeable {
  readonly name: string;
  readonly kind: "number" | "factor";
  /** Of a factor. */
  readonly levels: readonly string[];
  /** Of numbers: standard deviation over the rows used. */
  readonly spread: number;
  /** The rows used with every number moved by `change`, or every row at the level of this index. */
  rows(change: number): RowDesigns;
}

/**
 * @param name a column, or a factor variable as it stands in the formula
 * @param data the table that the model was fitted to; needed where the formula has the column inside functions alone
 * @throws DataError for what is no predictor
 * @throws FitError for a factor inside other functions, and where the column's values are not known
 */
export function changeable(fit: MixedFit, name: string, data: TableColumns | undefined): Changeable {
  const { frame } = fit;
  const parts = [frame, ...frame.further];
  const predictors = new Map<string, Predictor>(parts.flatMap((part) => [...part.predictors]));
  const formulas = [frame.formula, ...frame.further.map(({ formula }) => formula)];
  const variables = [...new Map(formulas.flatMap(predictorVariables).map((variable) => [variable.text, variable])).values()];
  const containing = variables.filter(({ expression }) => namesIn(expression).includes(name));
  const plain = variables.find((variable) => variable.text === name || isName(variable, name));
  const own = plain === undefined ? undefined : predictors.get(plain.text);
  if (containing.length === 0 && own === undefined) {
    const names = [...new Set(variables.flatMap(({ expression }) => namesIn(expression)))];
    throw new DataError(predictionMessages.gridNoPredictor(name, names, didYouMean(name, names)), { column: name });
  }
  const n = frame.rows.length;
  if (own?.kind === "factor") {
    const others = containing.filter((variable) => variable !== plain);
    if (others.length > 0) throw new FitError(predictionMessages.effectOfFactor(name, others[0]!.text));
    return {
      name,
      kind: "factor",
      levels: own.levels,
      spread: 1,
      rows: (level) => designsFrom(fit, new Map([...predictors, [plain!.text, { ...own, codes: new Int32Array(n).fill(level) }]])),
    };
  }
  const columns = columnsOver(fit, predictors, variables, data);
  const values = columns.get(name);
  if (values?.kind !== "number") {
    if (values !== undefined) throw new FitError(predictionMessages.effectOfFactor(name, containing[0]!.text));
    throw new FitError(predictionMessages.effectNeedsData(name, containing[0]!.text));
  }
  const mean = values.values.reduce((sum, x) => sum + x, 0) / n;
  const sd = Math.sqrt(values.values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
  const remembered = new Map(
    [frame.recipe, ...frame.further.map(({ recipe }) => recipe)].flatMap((recipe) =>
      recipe.variables.map((variable) => [variable.text, variable] as const),
    ),
  );
  return {
    name,
    kind: "number",
    levels: [],
    spread: sd > 0 ? sd : 1,
    rows(by) {
      const moved = new Map(columns).set(name, { ...values, values: values.values.map((x) => x + by) });
      const table = Table.ofColumns([...moved.values()]);
      const changed = new Map(predictors);
      for (const variable of containing) {
        const { coding, remembered: entries } = remembered.get(variable.text)!;
        if (coding?.kind !== "numeric") throw new FitError(predictionMessages.effectOfSteps(name, variable.text));
        const missing = namesIn(variable.expression).find((column) => !moved.has(column) && !CONSTANTS.has(column));
        if (missing !== undefined) throw new FitError(predictionMessages.effectNeedsData(missing, variable.text));
        const value = evaluateVariable(variable, {
          table,
          formula: frame.formula.text,
          memory: recallFrom(entries),
          used: null,
          factors: new Map(),
          evaluate,
        });
        const numbers = value.kind === "matrix" ? value.values : numericValues(value);
        changed.set(variable.text, { kind: "numeric", width: coding.width, columnNames: coding.columnNames, values: numbers });
      }
      return designsFrom(fit, changed);
    },
  };
}

const CONSTANTS: ReadonlySet<string> = new Set(["TRUE", "FALSE", "pi"]);

function isName({ expression }: Variable, name: string): boolean {
  return expression.kind === "name" && expression.name === name;
}

/** Columns over the rows used, as far as they are known: predictors by themselves, grouping factors, and those of the table. */
function columnsOver(
  { frame }: MixedFit,
  predictors: ReadonlyMap<string, Predictor>,
  variables: readonly Variable[],
  data: TableColumns | undefined,
): Map<string, Column> {
  const columns = new Map<string, Column>();
  const { rows } = frame;
  for (const variable of variables) {
    for (const name of namesIn(variable.expression)) {
      if (columns.has(name) || data === undefined || !data.has(name)) continue;
      columns.set(name, takeRows(data.column(name), rows));
    }
  }
  for (const term of frame.random) {
    if (term.membership !== null || columns.has(term.group)) continue;
    columns.set(term.group, { kind: "factor", name: term.group, codes: term.levelOf, levels: term.levels, ordered: false });
  }
  for (const { expression, text } of variables) {
    const predictor = predictors.get(text);
    if (expression.kind !== "name" || predictor === undefined || columns.has(expression.name)) continue;
    const { name } = expression;
    if (predictor.kind === "numeric") columns.set(name, { kind: "number", name, values: predictor.values });
    else columns.set(name, { kind: "factor", name, codes: predictor.codes, levels: predictor.levels, ordered: false });
  }
  return columns;
}

function takeRows(column: Column, rows: Int32Array): Column {
  switch (column.kind) {
    case "number":
      return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) };
    case "boolean":
      return { ...column, values: Int8Array.from(rows, (row) => column.values[row]!) };
    case "factor":
      return { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]!) };
    case "text":
      return { ...column, values: Array.from(rows, (row) => column.values[row] ?? null) };
  }
}

/** All designs of the model from predictors over the rows used. */
function designsFrom({ frame }: MixedFit, predictors: ReadonlyMap<string, Predictor>): RowDesigns {
  const n = frame.rows.length;
  const made = new Map<TermSet, RandomFrame["effects"]>();
  const designOf = (terms: TermSet): RandomFrame["effects"] => {
    const known = made.get(terms) ?? designMatrix(terms, predictors, n);
    made.set(terms, known);
    return known;
  };
  const partOf = (part: Pick<MixedFit["frame"], "formula" | "random" | "offset">): PartDesign => ({
    fixed: designOf(part.formula.fixed),
    offset: part.offset,
    // A multinomial model repeats the formula's terms for every equation.
    random: part.random.map((frame, k) => ({ ...frame, effects: designOf(part.formula.random[k % part.formula.random.length]!.effects) })),
  });
  return { rowCount: n, main: partOf(frame), further: new Map(frame.further.map((own) => [own.part, partOf(own)])) };
}
