/**
 * A formula and a table -> the model frame, in the order of R's `model.frame` and lme4's `lFormula`: evaluate every
 * variable once, find the rows that are complete, take centring means over these rows, drop unused levels, build the
 * matrices. Further parts of the model (zero inflation, dispersion, scale, nominal effects) have formulas of their own over the
 * same rows.
 */
import { FormulaError, frameMessages, type ModelPart } from "../../messages.js";
import type { Formula, Grouping, Variable } from "../formula/ast.js";
import { type GivenOffset, parseOffset, parsePart } from "../formula/one-sided.js";
import { usesCentring } from "./centring.js";
import type { ContrastName } from "./contrasts.js";
import { designMatrix, type Predictor } from "./design-matrix.js";
import { evaluate, evaluateVariable } from "./evaluate.js";
import type { Evaluation, TableColumns } from "./evaluation.js";
import { factorFromNumbers } from "./factors.js";
import type { FurtherFrame, ModelFrame, RandomFrame } from "./frame.js";
import { factorUnits, membershipUnits, type Units, unitsKey } from "./groups.js";
import { emptyMemory, type Memory } from "./memory.js";
import { chosenContrasts, codingOf, numericValues, predictorOf, sumOfOffsets } from "./predictors.js";
import { columnRemarks } from "./remarks.js";
import { requirements } from "./requirements.js";
import { checkResponse, frameResponse, type ResponseKind } from "./response.js";
import { checkGivenOffsets, checkRoles, weightsColumn } from "./roles.js";
import { refuseInfiniteRows, selectRows } from "./rows.js";
import { type ColumnValue, type FactorValue, takeNumbers, takeValueRows } from "./values.js";
import { allVariables, distinctVariables, numericVariables, predictorVariables, rightVariables } from "./variables.js";

export interface FrameOptions {
  /** The column of prior (precision) weights; default none. */
  readonly weights?: string | null;
  /** Contrasts by factor, as the factor stands in the formula: `{ sex: "sum" }`. They hold in fixed and random terms, in all parts. */
  readonly contrasts?: Readonly<Record<string, ContrastName>>;
  /**
   * What may be a response. "number" (default): numbers and truth values. "any": also a factor, text, an ordered factor, and
   * `cbind(successes, failures)`, where rows without trials are left out as rows of weight zero are.
   */
  readonly response?: ResponseKind;
  /** An offset, or several that add up, besides those of the formula: columns or expressions, `log(time)`. Default none. */
  readonly offset?: string | readonly string[] | null;
  /** One-sided formula of the zero inflation, `~ x + (1 | g)`; default none. */
  readonly zi?: string | null;
  /** One-sided formula of the dispersion, without random terms; default none. */
  readonly dispersion?: string | null;
  /** One-sided formula of the scale of a cumulative model, without random terms; default none. */
  readonly scale?: string | null;
  /** One-sided formula of the nominal effects of a cumulative model, without random terms; default none. */
  readonly nominal?: string | null;
}

const modelParts: readonly ModelPart[] = ["zi", "dispersion", "scale", "nominal"];

/** What is known of one variable while the frame is built. */
interface Evaluated {
  readonly variable: Variable;
  readonly value: ColumnValue;
  readonly memory: Memory;
}

/** Variables and the text to which their positions refer. */
interface Source {
  readonly text: string;
  readonly variables: readonly Variable[];
}

/**
 * @param table any table; only the columns that the formulas name are read
 * @throws FormulaError for a formula that does not fit the table or its part: unknown columns and functions, arithmetic on factors, contrasts, a
 *   part with a response or with random terms that it does not take
 * @throws DataError for data that cannot be used: no complete rows, infinite values, bad weights, a predictor with one level, no trials; a factor
 *   or text as the response where numbers are wanted
 * @throws FitError for a `cbind` response where numbers are wanted, and for fixed effects that do not fit into memory
 * @example buildFrame(parseFormula("y ~ x + (1 | g)"), Table.from({ y: [1, 2, 4], x: [0, 1, 1], g: ["a", "b", "b"] })).fixed.names // => ["(Intercept)", "x"]
 */
export function buildFrame(formula: Formula, table: TableColumns, options: FrameOptions = {}): ModelFrame {
  const rowCount = table.rowCount;
  const { response } = formula;
  const responseKind = options.response ?? "number";
  if (response === null) throw new FormulaError(frameMessages.noResponse(), formula.text);
  const offsets = offsetsOf(options.offset ?? [], table.columnNames);
  const parts = modelParts.flatMap((part) => {
    const text = options[part] ?? null;
    return text === null ? [] : [{ part, formula: parsePart(text, part, formula, table.columnNames) }];
  });
  const formulas = [formula, ...parts.map((part) => part.formula)];
  const sources: readonly Source[] = [
    { text: formula.text, variables: allVariables(formula) },
    ...offsets.map(({ text, variable }) => ({ text, variables: [variable] })),
    ...parts.map((part) => ({ text: part.formula.text, variables: rightVariables(part.formula) })),
  ];
  const evaluated = evaluateAll(sources, table, null, new Map());
  const evaluatedOf = (variable: Variable): ColumnValue => evaluated.get(variable.text)!.value;
  const remarks = columnRemarks(formulas, table);
  checkResponse(formula, evaluatedOf(response), responseKind, remarks);
  for (const one of formulas) checkRoles(one, evaluatedOf);
  checkGivenOffsets(offsets, evaluatedOf);
  const weights = weightsColumn(table, options.weights ?? null);
  const given = offsets.map(({ variable }) => variable);
  const counted = evaluatedOf(response);
  const counts = counted.kind === "matrix" ? { name: response.text, values: counted.values } : null;
  const { rows, used, dropped } = selectRows(requirements(formulas, given, evaluatedOf, rowCount), counts, weights, rowCount);
  const final = rows.length === rowCount ? evaluated : evaluateAll(sources, table, used, evaluated);

  const overRows = once((variable: Variable) => takeValueRows(final.get(variable.text)!.value, rows, rowCount));
  for (const { text } of distinctVariables([...formulas.flatMap(numericVariables), ...given])) {
    refuseInfiniteRows(text, final.get(text)!.value, rows, rowCount);
  }
  const factors = distinctVariables(formulas.flatMap(predictorVariables)).filter((variable) =>
    ["factor", "logical"].includes(overRows(variable).kind),
  );
  const chosen = chosenContrasts(
    options.contrasts ?? {},
    factors.map(({ text }) => text),
    formula.text,
  );
  const materials: Materials = {
    rowCount: rows.length,
    final,
    overRows,
    predictor: once((variable) => predictorOf(variable.text, overRows(variable), chosen.get(variable.text))),
    units: unitsOver(overRows),
  };
  return {
    formula,
    tableRowCount: rowCount,
    rows,
    response: frameResponse(response.text, overRows(response), responseKind),
    weights: weights === null ? null : rows.length === rowCount ? weights.values : takeNumbers(weights.values, rows),
    weightsName: weights?.name ?? null,
    ...matrices(formula, offsets, materials),
    further: parts.map((part) => ({ ...part, ...matrices(part.formula, [], materials) })),
    dropped,
    remarks,
  };
}

function offsetsOf(given: string | readonly string[], columns: readonly string[]): readonly GivenOffset[] {
  return (typeof given === "string" ? [given] : given).map((text) => parseOffset(text, columns));
}

/** Every variable once, in the order of the sources and within one: response, fixed terms, offsets, random effects, groups. */
function evaluateAll(
  sources: readonly Source[],
  table: TableColumns,
  used: Uint8Array | null,
  before: ReadonlyMap<string, Evaluated>,
): ReadonlyMap<string, Evaluated> {
  const evaluated = new Map<string, Evaluated>();
  const factors = new Map<string, FactorValue>();
  for (const { text, variables } of sources) {
    for (const variable of variables) {
      if (evaluated.has(variable.text)) continue;
      const known = before.get(variable.text);
      if (known !== undefined && !usesCentring(variable.expression)) {
        evaluated.set(variable.text, known);
        continue;
      }
      const memory = emptyMemory();
      const evaluation: Evaluation = { table, formula: text, memory, used, factors, evaluate };
      evaluated.set(variable.text, { variable, value: evaluateVariable(variable, evaluation), memory });
    }
  }
  return evaluated;
}

/** From which the matrices of the main formula and of further parts are made, each thing once for all of them. */
interface Materials {
  readonly rowCount: number;
  readonly final: ReadonlyMap<string, Evaluated>;
  readonly overRows: (variable: Variable) => ColumnValue;
  readonly predictor: (variable: Variable) => Predictor;
  readonly units: (group: Grouping) => Units;
}

/** The right-hand side of one formula. */
function matrices(
  formula: Formula,
  given: readonly GivenOffset[],
  { rowCount, final, overRows, predictor, units }: Materials,
): Omit<FurtherFrame, "part" | "formula"> {
  const predictors = new Map(predictorVariables(formula).map((variable) => [variable.text, predictor(variable)]));
  const fixed = designMatrix(formula.fixed, predictors, rowCount);
  const remembered = new Map(formula.random.map(({ group }) => [unitsKey(group), units(group).remembered]));
  const random = formula.random.map((term): RandomFrame => {
    const { levels, levelOf, membership } = units(term.group);
    const effects = designMatrix(term.effects, predictors, rowCount);
    return { text: term.text, group: term.group.label, covariance: term.covariance, effects, levels, levelOf, membership };
  });
  const offsets = [...formula.fixed.offsets, ...given.map(({ variable }) => variable)];
  const variables = distinctVariables([...rightVariables(formula), ...offsets]).map(({ text }) => {
    const known = predictors.get(text);
    return { text, remembered: final.get(text)!.memory.entries, coding: known === undefined ? null : codingOf(known) };
  });
  return {
    fixed,
    random,
    offset: sumOfOffsets(offsets.map((variable) => numericValues(overRows(variable)))),
    predictors,
    recipe: {
      schemaVersion: 1,
      formula,
      ...(given.length === 0 ? {} : { offsets: given }),
      variables,
      groups: [...remembered.values()],
    },
  };
}

/** The units of a grouping, made once: terms on the same factor share them. */
function unitsOver(overRows: (variable: Variable) => ColumnValue): (group: Grouping) => Units {
  const known = new Map<string, Units>();
  // A column of numbers that groups in several terms is turned into a factor once.
  const groupingValue = once((variable: Variable): ColumnValue => {
    const value = overRows(variable);
    return value.kind === "numeric" ? factorFromNumbers(value.values) : value;
  });
  return (group) => {
    const key = unitsKey(group);
    const before = known.get(key);
    if (before !== undefined) return before;
    const weights = group.kind === "membership" ? (group.weights?.map((variable) => numericValues(overRows(variable))) ?? null) : null;
    const units =
      group.kind === "factor"
        ? factorUnits(group, group.variables.map(groupingValue))
        : membershipUnits(group, group.members.map(groupingValue), weights);
    known.set(key, units);
    return units;
  };
}

/** `of`, computed once a variable. */
function once<T>(of: (variable: Variable) => T): (variable: Variable) => T {
  const known = new Map<string, T>();
  return (variable) => {
    const before = known.get(variable.text);
    if (before !== undefined) return before;
    const value = of(variable);
    known.set(variable.text, value);
    return value;
  };
}
