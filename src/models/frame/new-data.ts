/**
 * New data in the fit's matrices: the recipe's levels, contrasts, bases and means, on the rows of another table.
 */
import { DataError, didYouMean, frameMessages } from "../../messages.js";
import type { TermSet, Variable } from "../formula/ast.js";
import { contrastMatrix } from "./contrasts.js";
import type { DesignMatrix } from "./design.js";
import { designMatrix, type Predictor } from "./design-matrix.js";
import { evaluate, evaluateVariable } from "./evaluate.js";
import type { TableColumns } from "./evaluation.js";
import { factorFromLogical, factorFromNumbers, withLevelsFirst } from "./factors.js";
import type { RandomFrame } from "./frame.js";
import { membershipOfNewRows, unitsKey, unitsOfNewRows } from "./groups.js";
import { recallFrom } from "./memory.js";
import { numericValues, sumOfOffsets } from "./predictors.js";
import type { FrameRecipe, RememberedCoding } from "./recipe.js";
import { type ColumnValue, type FactorValue, logicalToNumbers } from "./values.js";
import { variablesOfTerms } from "./variables.js";

/** The matrices of new data; all have the table's rows, with NaN where a variable is missing. */
export interface NewDataDesign {
  readonly rowCount: number;
  readonly fixed: DesignMatrix;
  readonly offset: Float64Array | null;
  /** Levels are the fit's; a row's level is -1 where its unit was not in the fit or is missing. Empty where random terms were not asked for. */
  readonly random: readonly RandomFrame[];
}

/**
 * The fit's matrices for new data: same columns, same bases, same means.
 *
 * @param recipe of a model frame, or of one of its further parts
 * @param options.random whether the random terms are built too (default true); without them grouping columns are not needed
 * @throws DataError where a column is missing or of another kind, or a predictor has levels that the fit did not have
 * @example designForNewData(buildFrame(parseFormula("y ~ cgm(x)"), Table.from({ y: [1, 2], x: [2, 4] })).recipe, Table.from({ x: [5] })).fixed.values // => Float64Array [1, 2]
 */
export function designForNewData(recipe: FrameRecipe, table: TableColumns, options: { readonly random?: boolean } = {}): NewDataDesign {
  const { formula } = recipe;
  const rowCount = table.rowCount;
  const rememberedBy = new Map(recipe.variables.map((variable) => [variable.text, variable]));
  const factors = new Map<string, FactorValue>();
  const values = new Map<string, ColumnValue>();
  const evaluatedOf = (variable: Variable, text = formula.text): ColumnValue => {
    const known = values.get(variable.text);
    if (known !== undefined) return known;
    const memory = recallFrom(rememberedBy.get(variable.text)!.remembered);
    const value = evaluateVariable(variable, { table, formula: text, memory, used: null, factors, evaluate });
    values.set(variable.text, value);
    return value;
  };
  const predictors = new Map<string, Predictor>();
  const designOf = (terms: TermSet): DesignMatrix => {
    for (const variable of variablesOfTerms(terms)) {
      if (predictors.has(variable.text)) continue;
      const { coding } = rememberedBy.get(variable.text)!;
      predictors.set(variable.text, recalledPredictor(variable.text, evaluatedOf(variable), coding!));
    }
    return designMatrix(terms, predictors, rowCount);
  };
  const fixed = designOf(formula.fixed);
  const given = (recipe.offsets ?? []).map(({ text, variable }) => evaluatedOf(variable, text));
  const offset = sumOfOffsets([...formula.fixed.offsets.map((variable) => evaluatedOf(variable)), ...given].map(numericValues));
  const random = (options.random ?? true) ? formula.random : [];
  const frames = random.map((term): RandomFrame => {
    const { group } = term;
    const units = recipe.groups.find(({ key }) => key === unitsKey(group))!;
    const base = {
      text: term.text,
      group: group.label,
      covariance: term.covariance,
      effects: designOf(term.effects),
      levels: units.levels,
    };
    if (group.kind === "factor")
      return {
        ...base,
        levelOf: unitsOfNewRows(
          units,
          group.variables.map((variable) => evaluatedOf(variable)),
        ),
        membership: null,
      };
    const weights = group.weights?.map((variable) => numericValues(evaluatedOf(variable))) ?? null;
    return {
      ...base,
      levelOf: new Int32Array(0),
      membership: membershipOfNewRows(
        units,
        group.members.map((variable) => evaluatedOf(variable)),
        weights,
      ),
    };
  });
  return { rowCount, fixed, offset, random: frames };
}

function recalledPredictor(text: string, value: ColumnValue, coding: RememberedCoding): Predictor {
  if (coding.kind === "numeric") {
    if (value.kind === "factor" || (value.kind === "logical" && coding.width !== 1)) {
      throw new DataError(frameMessages.newDataOtherKind(text, "numeric", "factor"), { column: text });
    }
    const values = value.kind === "logical" ? logicalToNumbers(value.values) : value.values;
    return { kind: "numeric", width: coding.width, columnNames: coding.columnNames, values };
  }
  const { levels } = coding;
  const factor = withLevelsFirst(asFactor(text, value), levels);
  refuseUnknownLevels(text, factor, levels);
  return {
    kind: "factor",
    codes: factor.codes,
    levels,
    contrasts: { name: coding.contrasts, ...contrastMatrix(coding.contrasts, levels) },
  };
}

function asFactor(text: string, value: ColumnValue): FactorValue {
  if (value.kind === "factor") return value;
  if (value.kind === "logical") return factorFromLogical(value.values);
  if (value.kind === "numeric") return factorFromNumbers(value.values);
  throw new DataError(frameMessages.newDataOtherKind(text, "factor", "matrix"), { column: text });
}

function refuseUnknownLevels(text: string, factor: FactorValue, known: readonly string[]): void {
  const rows: number[] = [];
  const unknown = new Set<string>();
  for (let i = 0; i < factor.codes.length; i++) {
    const code = factor.codes[i]!;
    if (code < known.length) continue;
    rows.push(i + 1);
    unknown.add(factor.levels[code]!);
  }
  if (rows.length === 0) return;
  const levels = [...unknown];
  const near = levels.length === 1 ? didYouMean(levels[0]!, known) : "";
  throw new DataError(frameMessages.newLevels(text, levels, rows, known, near), { column: text, rows: rows.slice(0, 5) });
}
