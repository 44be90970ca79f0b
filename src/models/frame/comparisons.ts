/**
 * Comparisons in formulas, as in `I(x > 2)` or `I(arm == "control")`: truth values, missing where a side is missing.
 *
 * A factor is compared with a quoted level, with a number (its label) or with another factor; `<` and the like need an
 * ordered factor. A level that does not exist is an error: in R it would silently be FALSE everywhere.
 */
import { didYouMean, frameMessages } from "../../messages.js";
import type { BinaryExpression, Expression } from "../formula/ast.js";
import { type Evaluation, formulaError, literalNumbers, literalStrings, notNumeric } from "./evaluation.js";
import { numberLabel } from "./factors.js";
import { comparisons } from "./functions.js";
import { type FactorValue, type LogicalValue, logicalToNumbers, type Value } from "./values.js";

/** `==`, `!=`, `<`, `<=`, `>`, `>=`. */
export function evaluateComparison(expression: BinaryExpression, a: Value, b: Value, evaluation: Evaluation): Value {
  const { operator, left, right } = expression;
  const compare = comparisons.get(operator);
  if (compare === undefined) throw formulaError(frameMessages.operatorInside(operator), expression.span, evaluation);
  if (a.kind === "factor" || b.kind === "factor") return compareFactors(expression, a, b, compare, evaluation);
  const n = evaluation.table.rowCount;
  const x = comparable(a, left, evaluation, operator);
  const y = comparable(b, right, evaluation, operator);
  if (typeof x === "number" && typeof y === "number") return { kind: "constant", value: compare(x, y) ? 1 : 0 };
  const values = new Int8Array(n);
  for (let i = 0; i < n; i++) {
    const p = typeof x === "number" ? x : x[i]!;
    const q = typeof y === "number" ? y : y[i]!;
    values[i] = Number.isNaN(p) || Number.isNaN(q) ? -1 : compare(p, q) ? 1 : 0;
  }
  return { kind: "logical", values };
}

/** `x %in% c("a", "b")`, `x %in% c(1, 2)`: FALSE where x is missing, as in R. */
export function evaluateMembership(expression: BinaryExpression, evaluation: Evaluation): LogicalValue {
  const { left, right } = expression;
  const value = evaluation.evaluate(left, evaluation);
  const strings = literalStrings(right);
  const numbers = strings === null ? literalNumbers(right) : null;
  if (strings === null && numbers === null) throw formulaError(frameMessages.membershipNeedsConstants(), right.span, evaluation);
  const n = evaluation.table.rowCount;
  if (value.kind === "factor") {
    const levels = strings ?? numbers!.map(numberLabel);
    for (const level of levels) requireLevel(value, level, right, evaluation);
    const wanted = Uint8Array.from(value.levels, (level) => (levels.includes(level) ? 1 : 0));
    return { kind: "logical", values: Int8Array.from(value.codes, (code) => (code < 0 ? 0 : wanted[code]!)) };
  }
  if (numbers === null) throw notNumeric({ kind: "string", value: "" }, right, evaluation, "%in%");
  const x = comparable(value, left, evaluation, "%in%");
  const set = new Set(numbers);
  const values = new Int8Array(n);
  for (let i = 0; i < n; i++) values[i] = set.has(typeof x === "number" ? x : x[i]!) ? 1 : 0;
  return { kind: "logical", values };
}

/** Truth values; numbers other than 0 are true. */
export function truthOf(value: Value, expression: Expression, evaluation: Evaluation, operator: string): Int8Array {
  if (value.kind === "logical") return value.values;
  const n = evaluation.table.rowCount;
  if (value.kind === "constant") return new Int8Array(n).fill(Number.isNaN(value.value) ? -1 : value.value === 0 ? 0 : 1);
  if (value.kind !== "numeric") throw notNumeric(value, expression, evaluation, operator);
  return Int8Array.from(value.values, (x) => (Number.isNaN(x) ? -1 : x === 0 ? 0 : 1));
}

function comparable(value: Value, expression: Expression, evaluation: Evaluation, operator: string): Float64Array | number {
  if (value.kind === "numeric") return value.values;
  if (value.kind === "constant") return value.value;
  if (value.kind === "logical") return logicalToNumbers(value.values);
  throw notNumeric(value, expression, evaluation, operator);
}

function compareFactors(
  expression: BinaryExpression,
  a: Value,
  b: Value,
  compare: (a: number, b: number) => boolean,
  evaluation: Evaluation,
): LogicalValue {
  const { operator, left, right } = expression;
  const n = evaluation.table.rowCount;
  const first = a.kind === "factor" ? a : (b as FactorValue);
  const position = new Map(first.levels.map((level, code) => [level, code]));
  if (operator !== "==" && operator !== "!=" && !(first.ordered && !(a.kind === "factor" && b.kind === "factor" && !b.ordered))) {
    throw formulaError(frameMessages.orderOfFactor(operator), expression.span, evaluation);
  }
  const side = (value: Value, at: Expression): Int32Array | number => {
    if (value === first) return first.codes;
    if (value.kind === "string" || value.kind === "constant") {
      const level = value.kind === "string" ? value.value : numberLabel(value.value);
      return requireLevel(first, level, at, evaluation);
    }
    if (value.kind !== "factor") throw notNumeric(first, first === a ? left : right, evaluation, operator);
    const recode = value.levels.map((level, code) => position.get(level) ?? first.levels.length + code);
    return value.codes.map((code) => (code < 0 ? -1 : recode[code]!));
  };
  const x = side(a, left);
  const y = side(b, right);
  const values = new Int8Array(n);
  for (let i = 0; i < n; i++) {
    const p = typeof x === "number" ? x : x[i]!;
    const q = typeof y === "number" ? y : y[i]!;
    values[i] = p < 0 || q < 0 ? -1 : compare(p, q) ? 1 : 0;
  }
  return { kind: "logical", values };
}

function requireLevel(factor: FactorValue, level: string, at: Expression, evaluation: Evaluation): number {
  const code = factor.levels.indexOf(level);
  if (code < 0) throw formulaError(frameMessages.unknownLevel(level, factor.levels, didYouMean(level, factor.levels)), at.span, evaluation);
  return code;
}
