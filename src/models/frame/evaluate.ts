/**
 * Evaluates an expression of a formula on a table, as R evaluates a variable of a model frame: names are columns, operators
 * are arithmetic, and only the functions listed here are known. Nothing is ever executed as code.
 *
 * Missing values go through: an operation on a missing value is missing, except FALSE & NA, TRUE | NA, `%in%` and `is.na`.
 */
import type { Column } from "../../data/column.js";
import { DataError, didYouMean, frameMessages } from "../../messages.js";
import type { BinaryExpression, CallExpression, Expression, NameExpression, Variable } from "../formula/ast.js";
import { evaluatePoly, evaluateScale, evaluateSplineCall } from "./bases.js";
import { evaluateCentring } from "./centring.js";
import { evaluateComparison, evaluateMembership, truthOf } from "./comparisons.js";
import { type Evaluation, formulaError, matchArguments, notNumeric, numbersOf } from "./evaluation.js";
import {
  evaluateAsFactor,
  evaluateAsNumeric,
  evaluateC,
  evaluateFactor,
  evaluateIfElse,
  evaluateInteraction,
  evaluateRelevel,
  productOfFactors,
} from "./factor-functions.js";
import { factorFromText, numberLabel, withLevelsFirst } from "./factors.js";
import { arithmetic, functionsOfOneNumber, roundHalfEven } from "./functions.js";
import { recallNext, remember } from "./memory.js";
import { type ColumnValue, eachMissing, type FactorValue, logicalToNumbers, type MatrixValue, type Value } from "./values.js";

/**
 * A variable of the model as a value with one entry a row.
 *
 * @throws FormulaError for an unknown column or function, for arithmetic on a factor, for arguments of the wrong form
 * @throws DataError where a basis or a mean cannot be computed from the data
 */
export function evaluateVariable(variable: Variable, evaluation: Evaluation): ColumnValue {
  const value = evaluate(variable.expression, evaluation);
  if (value.kind === "constant") return { kind: "numeric", values: new Float64Array(evaluation.table.rowCount).fill(value.value) };
  if (value.kind === "string") throw formulaError(frameMessages.stringAsVariable(value.value), variable.expression.span, evaluation);
  return value;
}

/** Any expression inside a variable. */
export function evaluate(expression: Expression, evaluation: Evaluation): Value {
  switch (expression.kind) {
    case "name":
      return evaluateName(expression, evaluation);
    case "number":
      return { kind: "constant", value: expression.value };
    case "string":
      return { kind: "string", value: expression.value };
    case "call":
      return evaluateCall(expression, evaluation);
    case "unary": {
      const operand = evaluate(expression.operand, evaluation);
      if (expression.operator === "!") {
        const truth = truthOf(operand, expression.operand, evaluation, "!");
        return { kind: "logical", values: truth.map((value) => (value < 0 ? -1 : 1 - value)) };
      }
      const sign = expression.operator === "-" ? -1 : 1;
      if (operand.kind === "constant") return { kind: "constant", value: sign * operand.value };
      const numbers = arithmeticOperand(operand, expression.operand, evaluation, expression.operator);
      return { kind: "numeric", values: sign === 1 ? numbers : numbers.map((value) => -value) };
    }
    case "binary":
      return evaluateBinary(expression, evaluation);
  }
}

function evaluateName(expression: NameExpression, evaluation: Evaluation): Value {
  const { name } = expression;
  const { table, memory } = evaluation;
  if (!table.has(name)) {
    if (name === "TRUE" || name === "FALSE") return { kind: "constant", value: name === "TRUE" ? 1 : 0 };
    if (name === "pi") return { kind: "constant", value: Math.PI };
    if (memory.mode === "recall") throw new DataError(frameMessages.newDataWithoutColumn(name, table.columnNames), { column: name });
    const what = frameMessages.unknownColumn(name, table.columnNames, didYouMean(name, table.columnNames));
    throw formulaError(what, expression.span, evaluation);
  }
  const column = table.column(name);
  if (memory.mode === "recall") return recalledColumn(column, evaluation);
  switch (column.kind) {
    case "number":
    case "boolean":
      memory.entries.push({ kind: "column", type: column.kind === "number" ? "numeric" : "logical" });
      return column.kind === "number" ? { kind: "numeric", values: column.values } : { kind: "logical", values: column.values };
    case "factor":
    case "text": {
      const factor = columnFactor(column, evaluation);
      remember(memory, "levels", () => ({ kind: "levels", levels: factor.levels, ordered: factor.ordered, source: factor.source }));
      return factor;
    }
  }
}

/** A column of new data in the form it had in the fit. */
function recalledColumn(column: Column, evaluation: Evaluation): Value {
  const was = recallNext(evaluation.memory);
  if (was.kind === "column") {
    if (column.kind === "number" && was.type === "numeric") return { kind: "numeric", values: column.values };
    if (column.kind === "boolean") {
      return was.type === "logical"
        ? { kind: "logical", values: column.values }
        : { kind: "numeric", values: logicalToNumbers(column.values) };
    }
    throw new DataError(frameMessages.newDataOtherKind(column.name, was.type, column.kind), { column: column.name });
  }
  if (was.kind !== "levels") throw new TypeError(`The recipe holds ${was.kind} where a column belongs.`);
  if (column.kind === "boolean")
    throw new DataError(frameMessages.newDataOtherKind(column.name, "factor", column.kind), { column: column.name });
  const factor = columnFactor(column, evaluation);
  return { ...withLevelsFirst(factor, was.levels), ordered: was.ordered, source: was.source };
}

/** A column as a factor; text and numbers are read once. */
function columnFactor(column: Exclude<Column, { kind: "boolean" }>, evaluation: Evaluation): FactorValue {
  if (column.kind === "factor") {
    const { codes, levels, ordered } = column;
    return { kind: "factor", codes, levels, ordered, source: "factor", stated: ordered, contrasts: null };
  }
  const known = evaluation.factors.get(column.name);
  if (known !== undefined) return known;
  const text =
    column.kind === "text"
      ? column
      : { ...column, kind: "text" as const, values: Array.from(column.values, (x) => (Number.isNaN(x) ? null : numberLabel(x))) };
  const factor = factorFromText(text);
  evaluation.factors.set(column.name, factor);
  return factor;
}

function evaluateBinary(expression: BinaryExpression, evaluation: Evaluation): Value {
  const { operator, left, right } = expression;
  if (operator === "%in%") return evaluateMembership(expression, evaluation);
  if (operator === ":") return productOfFactors([left, right], evaluation);
  const a = evaluate(left, evaluation);
  const b = evaluate(right, evaluation);
  if (operator === "&" || operator === "|") {
    const x = truthOf(a, left, evaluation, operator);
    const y = truthOf(b, right, evaluation, operator);
    const decisive = operator === "&" ? 0 : 1;
    return {
      kind: "logical",
      values: x.map((p, i) => (p === decisive || y[i] === decisive ? decisive : p < 0 || y[i]! < 0 ? -1 : 1 - decisive)),
    };
  }
  const operation = arithmetic.get(operator);
  if (operation === undefined) return evaluateComparison(expression, a, b, evaluation);
  if (a.kind === "constant" && b.kind === "constant") return { kind: "constant", value: operation(a.value, b.value) };
  const n = evaluation.table.rowCount;
  const values = new Float64Array(n);
  if (b.kind === "constant") {
    const x = arithmeticOperand(a, left, evaluation, operator);
    for (let i = 0; i < n; i++) values[i] = operation(x[i]!, b.value);
  } else if (a.kind === "constant") {
    const y = arithmeticOperand(b, right, evaluation, operator);
    for (let i = 0; i < n; i++) values[i] = operation(a.value, y[i]!);
  } else {
    const x = arithmeticOperand(a, left, evaluation, operator);
    const y = arithmeticOperand(b, right, evaluation, operator);
    for (let i = 0; i < n; i++) values[i] = operation(x[i]!, y[i]!);
  }
  return { kind: "numeric", values };
}

function arithmeticOperand(value: Value, expression: Expression, evaluation: Evaluation, operator: string): Float64Array {
  if (value.kind === "numeric") return value.values;
  if (value.kind === "logical") return logicalToNumbers(value.values);
  if (value.kind === "constant") return new Float64Array(evaluation.table.rowCount).fill(value.value);
  throw notNumeric(value, expression, evaluation, operator);
}

function evaluateCall(call: CallExpression, evaluation: Evaluation): Value {
  switch (call.callee) {
    case "I":
    case "offset":
      return evaluate(onlyArgument(call, evaluation), evaluation);
    case "scale":
      return evaluateScale(call, evaluation);
    case "poly":
      return evaluatePoly(call, evaluation);
    case "ns":
    case "bs":
      return evaluateSplineCall(call, evaluation);
    case "cgm":
    case "cwc":
    case "groupMean":
      return evaluateCentring(call, evaluation);
    case "factor":
    case "ordered":
      return evaluateFactor(call, evaluation);
    case "as.factor":
    case "as.character":
      return evaluateAsFactor(call, onlyArgument(call, evaluation), evaluation);
    case "as.numeric":
      return evaluateAsNumeric(onlyArgument(call, evaluation), evaluation);
    case "relevel":
      return evaluateRelevel(call, evaluation);
    case "C":
      return evaluateC(call, evaluation);
    case "ifelse":
      return evaluateIfElse(call, evaluation);
    case "interaction":
      return evaluateInteraction(call, evaluation);
    case "is.na": {
      const value = evaluate(onlyArgument(call, evaluation), evaluation);
      const values = new Int8Array(evaluation.table.rowCount);
      if (value.kind !== "constant" && value.kind !== "string") {
        eachMissing(value, values.length, (row) => {
          values[row] = 1;
        });
      }
      return { kind: "logical", values };
    }
    case "cbind":
      return evaluateCbind(call, evaluation);
    case "c":
      throw formulaError(frameMessages.listOfConstants(), call.span, evaluation);
    default:
      return evaluateNumberFunction(call, evaluation);
  }
}

function onlyArgument(call: CallExpression, evaluation: Evaluation): Expression {
  if (call.args.length !== 1) throw formulaError(frameMessages.oneArgument(call.callee), call.span, evaluation);
  return call.args[0]!.value;
}

function evaluateNumberFunction(call: CallExpression, evaluation: Evaluation): Value {
  const { callee } = call;
  const apply = functionsOfOneNumber.get(callee);
  if (apply === undefined) {
    const known = [...functionsOfOneNumber.keys()];
    throw formulaError(frameMessages.unknownFunction(callee, didYouMean(callee, known)), call.span, evaluation);
  }
  const second = callee === "log" ? "base" : callee === "round" ? "digits" : null;
  const matched = matchArguments(call, second === null ? ["x"] : ["x", second], 1, evaluation);
  const argument = matched.get("x")!;
  const x = evaluate(argument, evaluation);
  const parameter = second === null ? undefined : matched.get(second);
  const constant = parameter === undefined ? undefined : evaluate(parameter, evaluation);
  if (constant !== undefined && constant.kind !== "constant") {
    throw formulaError(frameMessages.badArgument(callee, second!, "a number"), parameter!.span, evaluation);
  }
  const of =
    constant === undefined ? apply : callee === "log" ? logarithm(constant.value) : (v: number): number => roundHalfEven(v, constant.value);
  if (x.kind === "constant") return { kind: "constant", value: of(x.value) };
  const numbers = arithmeticOperand(x, argument, evaluation, `${callee}()`);
  const values = new Float64Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) values[i] = of(numbers[i]!);
  return { kind: "numeric", values };
}

function logarithm(base: number): (x: number) => number {
  if (base === 2) return Math.log2;
  if (base === 10) return Math.log10;
  return (x) => Math.log(x) / Math.log(base);
}

/** Columns side by side; named by the columns they come from, as R's `cbind`. */
function evaluateCbind(call: CallExpression, evaluation: Evaluation): MatrixValue {
  const n = evaluation.table.rowCount;
  const values = new Float64Array(n * call.args.length);
  call.args.forEach(({ value }, j) => {
    values.set(numbersOf(value, evaluation, "cbind()"), j * n);
  });
  const names = call.args.map(({ name, value }) => name ?? (value.kind === "name" ? value.name : ""));
  const columnNames = names.every((name) => name === "") ? names.map((_, j) => String(j + 1)) : names;
  return { kind: "matrix", width: call.args.length, columnNames, values, source: "cbind" };
}
