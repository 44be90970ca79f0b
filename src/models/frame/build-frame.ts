/**
 * A formula and a table -> the model frame, in the order of R's `model.frame` and lme4's `lFormula`: evaluate every
 * variable once, find the rows that are complete, take centring means over these rows, drop unused levels, build the
 * matrices.
 */
import { DataError, didYouMean, FitError, FormulaError, frameMessages, type Note } from "../../messages.js";
import type { Formula, RandomTerm, Variable } from "../formula/ast.js";
import { usesCentring } from "./centring.js";
import type { ContrastName } from "./contrasts.js";
import { designMatrix, type Predictor } from "./design-matrix.js";
import { evaluate, evaluateVariable } from "./evaluate.js";
import type { Evaluation, TableColumns } from "./evaluation.js";
import { factorFromNumbers } from "./factors.js";
import type { ModelFrame, RandomFrame } from "./frame.js";
import { factorUnits, membershipUnits, type Units, unitsKey } from "./groups.js";
import { emptyMemory, type Memory } from "./memory.js";
import { chosenContrasts, codingOf, numericValues, predictorOf, sumOfOffsets } from "./predictors.js";
import { columnRemarks } from "./remarks.js";
import { presence, type Requirement, refuseInfiniteRows, selectRows } from "./rows.js";
import { type ColumnValue, eachMissing, type FactorValue, takeNumbers, takeValueRows } from "./values.js";
import { allVariables, numericVariables, rightVariables, variablesOfTerms } from "./variables.js";

export interface FrameOptions {
  /** The column of prior (precision) weights; default none. */
  readonly weights?: string | null;
  /** Contrasts by factor, as the factor stands in the formula: `{ sex: "sum" }`. They hold in fixed and random terms. */
  readonly contrasts?: Readonly<Record<string, ContrastName>>;
}

/** What is known of one variable while the frame is built. */
interface Evaluated {
  readonly variable: Variable;
  readonly value: ColumnValue;
  readonly memory: Memory;
}

/**
 * @param table any table; only the columns that the formula names are read
 * @throws FormulaError for a formula that does not fit the table: unknown columns and functions, arithmetic on factors, contrasts
 * @throws DataError for data that cannot be used: no complete rows, infinite values, bad weights, a predictor with one level, a response that is not numeric
 * @throws FitError for a `cbind` response, and for fixed effects that do not fit into memory
 * @example buildFrame(parseFormula("y ~ x + (1 | g)"), Table.from({ y: [1, 2, 4], x: [0, 1, 1], g: ["a", "b", "b"] })).fixed.names // => ["(Intercept)", "x"]
 */
export function buildFrame(formula: Formula, table: TableColumns, options: FrameOptions = {}): ModelFrame {
  const rowCount = table.rowCount;
  if (formula.response === null) throw new FormulaError(frameMessages.noResponse(), formula.text);
  const evaluated = evaluateAll(formula, table, null, new Map());
  const evaluatedOf = (variable: Variable): ColumnValue => evaluated.get(variable.text)!.value;
  const remarks = columnRemarks(formula, table);
  checkResponse(formula.response, evaluatedOf(formula.response), remarks);
  checkRoles(formula, evaluatedOf);
  const weights = weightsColumn(table, options.weights ?? null);
  const { rows, used, dropped } = selectRows(requirements(formula, evaluatedOf, rowCount), weights, rowCount);
  const final = rows.length === rowCount ? evaluated : evaluateAll(formula, table, used, evaluated);

  const taken = new Map<string, ColumnValue>();
  const overRows = (variable: Variable): ColumnValue => {
    const known = taken.get(variable.text);
    if (known !== undefined) return known;
    const value = takeValueRows(final.get(variable.text)!.value, rows, rowCount);
    taken.set(variable.text, value);
    return value;
  };
  for (const variable of numericVariables(formula)) refuseInfiniteRows(variable.text, final.get(variable.text)!.value, rows, rowCount);

  const predictors = predictorsOf(formula, overRows, options.contrasts ?? {});
  const fixed = designMatrix(formula.fixed, predictors, rows.length);
  const units = unitsOf(formula, overRows);
  const random = formula.random.map((term): RandomFrame => {
    const { levels, levelOf, membership } = units.get(unitsKey(term.group))!;
    const effects = designMatrix(term.effects, predictors, rows.length);
    return { text: term.text, group: term.group.label, covariance: term.covariance, effects, levels, levelOf, membership };
  });
  const onRight = new Set(rightVariables(formula).map(({ text }) => text));
  const variables = [...final.values()]
    .filter(({ variable }) => onRight.has(variable.text))
    .map(({ variable, memory }) => {
      const predictor = predictors.get(variable.text);
      return { text: variable.text, remembered: memory.entries, coding: predictor === undefined ? null : codingOf(predictor) };
    });
  return {
    formula,
    tableRowCount: rowCount,
    rows,
    response: { name: formula.response.text, values: numericValues(overRows(formula.response)) },
    weights: weights === null ? null : rows.length === rowCount ? weights.values : takeNumbers(weights.values, rows),
    weightsName: weights?.name ?? null,
    offset: sumOfOffsets(formula.fixed.offsets.map((variable) => numericValues(overRows(variable)))),
    fixed,
    random,
    predictors,
    dropped,
    remarks,
    recipe: { schemaVersion: 1, formula, variables, groups: [...units.values()].map(({ remembered }) => remembered) },
  };
}

/** Every variable of the formula once, in the order: response, fixed terms, offsets, random effects, groups. */
function evaluateAll(
  formula: Formula,
  table: TableColumns,
  used: Uint8Array | null,
  before: ReadonlyMap<string, Evaluated>,
): ReadonlyMap<string, Evaluated> {
  const evaluated = new Map<string, Evaluated>();
  const factors = new Map<string, FactorValue>();
  for (const variable of allVariables(formula)) {
    if (evaluated.has(variable.text)) continue;
    const known = before.get(variable.text);
    if (known !== undefined && !usesCentring(variable.expression)) {
      evaluated.set(variable.text, known);
      continue;
    }
    const memory = emptyMemory();
    const evaluation: Evaluation = { table, formula: formula.text, memory, used, factors, evaluate };
    evaluated.set(variable.text, { variable, value: evaluateVariable(variable, evaluation), memory });
  }
  return evaluated;
}

function requirements(formula: Formula, evaluatedOf: (variable: Variable) => ColumnValue, rowCount: number): readonly Requirement[] {
  const required: Requirement[] = [];
  const seen = new Set<string>();
  const require = (variable: Variable): void => {
    if (seen.has(variable.text)) return;
    seen.add(variable.text);
    required.push(presence(variable.text, evaluatedOf(variable), rowCount));
  };
  require(formula.response!);
  variablesOfTerms(formula.fixed).forEach(require);
  formula.fixed.offsets.forEach(require);
  for (const { effects, group } of formula.random) {
    variablesOfTerms(effects).forEach(require);
    if (group.kind === "factor") group.variables.forEach(require);
    else if (!seen.has(unitsKey(group))) {
      seen.add(unitsKey(group));
      required.push(...membershipRequirements(group, evaluatedOf, rowCount));
    }
  }
  return required;
}

/** One member must be present, and every member that is must have a weight. */
function membershipRequirements(
  group: Extract<RandomTerm["group"], { kind: "membership" }>,
  evaluatedOf: (variable: Variable) => ColumnValue,
  rowCount: number,
): readonly Requirement[] {
  const absent = new Uint8Array(rowCount);
  const required: Requirement[] = [];
  group.members.forEach((member, m) => {
    const lacking = new Uint8Array(rowCount);
    eachMissing(evaluatedOf(member), rowCount, (row) => {
      lacking[row] = 1;
      absent[row]!++;
    });
    const weight = group.weights?.[m];
    if (weight === undefined) return;
    required.push({
      variable: weight.text,
      eachFailing: (visit) => eachMissing(evaluatedOf(weight), rowCount, (row) => lacking[row] === 0 && visit(row)),
    });
  });
  const members = group.members.length;
  const none: Requirement = {
    variable: group.label,
    eachFailing: (visit) => {
      for (let i = 0; i < rowCount; i++) if (absent[i] === members) visit(i);
    },
  };
  return [none, ...required];
}

function checkResponse(response: Variable, value: ColumnValue, remarks: readonly Note[]): void {
  if (value.kind === "matrix") throw new FitError(frameMessages.matrixResponse(response.text, value.source === "cbind"));
  if (value.kind === "factor") {
    const what = frameMessages.responseNotNumeric(response.text, value.source === "text", value.levels);
    throw new DataError([what, ...remarks.map(({ message }) => message)].join(" "), { column: response.text });
  }
}

/** Offsets and membership weights must be numbers, groups must not be matrices, a random term must have an effect. */
function checkRoles(formula: Formula, evaluatedOf: (variable: Variable) => ColumnValue): void {
  const numbers = (variable: Variable, role: string): void => {
    const { kind } = evaluatedOf(variable);
    if (kind === "factor" || kind === "matrix")
      throw new FormulaError(frameMessages.roleNeedsNumbers(variable.text, role), formula.text, variable.expression.span);
  };
  for (const offset of formula.fixed.offsets) numbers(offset, "offset");
  for (const { effects, group, span } of formula.random) {
    if (!effects.intercept && effects.terms.length === 0) throw new FormulaError(frameMessages.noEffects(), formula.text, span);
    const units = group.kind === "factor" ? group.variables : group.members;
    for (const variable of units) {
      if (evaluatedOf(variable).kind === "matrix") {
        throw new FormulaError(frameMessages.notGroups(variable.text, "a grouping factor"), formula.text, variable.expression.span);
      }
    }
    if (group.kind === "membership") for (const weight of group.weights ?? []) numbers(weight, "weight of a membership");
  }
}

function weightsColumn(table: TableColumns, name: string | null): { readonly name: string; readonly values: Float64Array } | null {
  if (name === null) return null;
  if (!table.has(name)) {
    const what = frameMessages.noWeightsColumn(name, didYouMean(name, table.columnNames));
    throw new DataError(what, { column: name });
  }
  const column = table.column(name);
  if (column.kind !== "number") throw new DataError(frameMessages.weightsNotNumeric(name), { column: name });
  return { name, values: column.values };
}

function predictorsOf(
  formula: Formula,
  overRows: (variable: Variable) => ColumnValue,
  contrasts: Readonly<Record<string, ContrastName>>,
): ReadonlyMap<string, Predictor> {
  const variables = [formula.fixed, ...formula.random.map(({ effects }) => effects)].flatMap(variablesOfTerms);
  const factors = variables.filter((variable) => ["factor", "logical"].includes(overRows(variable).kind)).map(({ text }) => text);
  const chosen = chosenContrasts(contrasts, [...new Set(factors)], formula.text);
  const predictors = new Map<string, Predictor>();
  for (const variable of variables) {
    if (predictors.has(variable.text)) continue;
    predictors.set(variable.text, predictorOf(variable.text, overRows(variable), chosen.get(variable.text)));
  }
  return predictors;
}

/** The units by `unitsKey`, each made once: terms on the same factor share them. */
function unitsOf(formula: Formula, overRows: (variable: Variable) => ColumnValue): ReadonlyMap<string, Units> {
  const units = new Map<string, Units>();
  const asFactors = new Map<string, ColumnValue>();
  // A column of numbers that groups in several terms is turned into a factor once.
  const groupingValue = (variable: Variable): ColumnValue => {
    const known = asFactors.get(variable.text);
    if (known !== undefined) return known;
    const value = overRows(variable);
    const factor = value.kind === "numeric" ? factorFromNumbers(value.values) : value;
    asFactors.set(variable.text, factor);
    return factor;
  };
  for (const { group } of formula.random) {
    const key = unitsKey(group);
    if (units.has(key)) continue;
    if (group.kind === "factor") units.set(key, factorUnits(group, group.variables.map(groupingValue)));
    else {
      const weights = group.weights?.map((variable) => numericValues(overRows(variable))) ?? null;
      units.set(key, membershipUnits(group, group.members.map(groupingValue), weights));
    }
  }
  return units;
}
