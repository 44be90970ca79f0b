/**
 * What the evaluation of expressions shares: the table, what is remembered, and how a call's arguments are read.
 */
import type { Table } from "../../data/table.js";
import { didYouMean, FormulaError, frameMessages, type Span } from "../../messages.js";
import type { CallExpression, Expression } from "../formula/ast.js";
import { factorFromLogical, factorFromNumbers } from "./factors.js";
import type { Memory } from "./memory.js";
import { type FactorValue, logicalToNumbers, type Value } from "./values.js";

/** What is read of a table, whatever the type of its rows. */
export type TableColumns = Pick<Table, "rowCount" | "columnNames" | "has" | "column">;

/** An expression is evaluated on `table`; what it learns goes to (or comes from) `memory`. */
export interface Evaluation {
  readonly table: TableColumns;
  /** The formula's text, for messages. */
  readonly formula: string;
  readonly memory: Memory;
  /** 1 for the table's rows over which centring takes its means; null: all rows. */
  readonly used: Uint8Array | null;
  /** Text columns as factors, made once. */
  readonly factors: Map<string, FactorValue>;
  /** The evaluator itself, for the functions that live in other files. */
  readonly evaluate: (expression: Expression, evaluation: Evaluation) => Value;
}

/** A FormulaError at an expression. */
export function formulaError(what: string, span: Span, evaluation: Evaluation): FormulaError {
  return new FormulaError(what, evaluation.formula, span);
}

/**
 * The arguments of a call by name, matched as R does: named ones by their names, the others in order.
 *
 * @param names the function's parameters in order
 * @param required how many of the first ones must be given
 * @throws FormulaError for an unknown, repeated, missing or surplus argument
 */
export function matchArguments(
  call: CallExpression,
  names: readonly string[],
  required: number,
  evaluation: Evaluation,
): ReadonlyMap<string, Expression> {
  const matched = new Map<string, Expression>();
  for (const { name, value } of call.args) {
    if (name === null) continue;
    if (!names.includes(name) || matched.has(name)) {
      throw formulaError(frameMessages.unknownArgument(call.callee, name, names, didYouMean(name, names)), value.span, evaluation);
    }
    matched.set(name, value);
  }
  const free = names.filter((name) => !matched.has(name));
  for (const { name, value } of call.args) {
    if (name !== null) continue;
    const next = free.shift();
    if (next === undefined) throw formulaError(frameMessages.tooManyArguments(call.callee, names), value.span, evaluation);
    matched.set(next, value);
  }
  for (const name of names.slice(0, required)) {
    if (!matched.has(name)) throw formulaError(frameMessages.missingArgument(call.callee, name), call.span, evaluation);
  }
  return matched;
}

/** The expression as n numbers; truth values count 0 and 1. @throws FormulaError for a factor, a matrix or a string */
export function numbersOf(expression: Expression, evaluation: Evaluation, within: string): Float64Array {
  const value = evaluation.evaluate(expression, evaluation);
  if (value.kind === "numeric") return value.values;
  if (value.kind === "logical") return logicalToNumbers(value.values);
  if (value.kind === "constant") return new Float64Array(evaluation.table.rowCount).fill(value.value);
  throw notNumeric(value, expression, evaluation, within);
}

/** Why a value cannot be computed with. `within` is the operator or function, as in "+" or "log()". */
export function notNumeric(value: Value, expression: Expression, evaluation: Evaluation, within: string): FormulaError {
  const text = evaluation.formula.slice(expression.span.start, expression.span.end);
  if (value.kind === "factor") {
    const what = value.source === "text" ? frameMessages.textInArithmetic : frameMessages.factorInArithmetic;
    return formulaError(what(text, within, value.levels), expression.span, evaluation);
  }
  return formulaError(frameMessages.notNumbers(text, within, value.kind === "matrix"), expression.span, evaluation);
}

/** The expression as a factor, as R's `factor()` makes it. @throws FormulaError for a matrix or a string */
export function factorOf(expression: Expression, evaluation: Evaluation, within: string): FactorValue {
  const value = evaluation.evaluate(expression, evaluation);
  if (value.kind === "factor") return value;
  if (value.kind === "numeric") return factorFromNumbers(value.values);
  if (value.kind === "logical") return factorFromLogical(value.values);
  const text = evaluation.formula.slice(expression.span.start, expression.span.end);
  throw formulaError(frameMessages.notGroups(text, within), expression.span, evaluation);
}

/** A number that stands in the formula, signs and simple arithmetic included; null where the expression is something else. */
export function literalNumber(expression: Expression): number | null {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "unary": {
      const operand = literalNumber(expression.operand);
      if (operand === null || expression.operator === "!") return null;
      return expression.operator === "-" ? -operand : operand;
    }
    case "binary": {
      const left = literalNumber(expression.left);
      const right = literalNumber(expression.right);
      if (left === null || right === null) return null;
      if (expression.operator === "/") return left / right;
      if (expression.operator === "*") return left * right;
      if (expression.operator === "+") return left + right;
      return expression.operator === "-" ? left - right : null;
    }
    default:
      return null;
  }
}

/** `2` or `c(1, 2.5)`; null where the expression is something else. */
export function literalNumbers(expression: Expression): readonly number[] | null {
  if (expression.kind !== "call" || expression.callee !== "c") {
    const single = literalNumber(expression);
    return single === null ? null : [single];
  }
  const numbers = expression.args.map(({ value }) => literalNumber(value));
  return numbers.every((number) => number !== null) ? numbers : null;
}

/** `"a"` or `c("a", "b")`; null where the expression is something else. */
export function literalStrings(expression: Expression): readonly string[] | null {
  if (expression.kind === "string") return [expression.value];
  if (expression.kind !== "call" || expression.callee !== "c") return null;
  const strings = expression.args.map(({ value }) => (value.kind === "string" ? value.value : null));
  return strings.every((string) => string !== null) ? strings : null;
}

/** `TRUE` or `FALSE`; null where the expression is something else. */
export function literalLogical(expression: Expression): boolean | null {
  if (expression.kind !== "name") return null;
  if (expression.name === "TRUE") return true;
  return expression.name === "FALSE" ? false : null;
}

/** The argument read by `read`, or `fallback` where it is not given. @throws FormulaError where it is not of the wanted form */
export function literalArgument<T, F>(
  call: CallExpression,
  matched: ReadonlyMap<string, Expression>,
  name: string,
  read: (expression: Expression) => T | null,
  wanted: string,
  fallback: F,
  evaluation: Evaluation,
): T | F {
  const expression = matched.get(name);
  if (expression === undefined) return fallback;
  const value = read(expression);
  if (value === null) throw formulaError(frameMessages.badArgument(call.callee, name, wanted), expression.span, evaluation);
  return value;
}
