/**
 * A variable of a model: a column or an expression of columns, known by its deparsed text (Chambers & Hastie 1992, section 2.3).
 */
import { FormulaError, formulaMessages } from "../../messages.js";
import type { BinaryExpression, Expression, Variable } from "./ast.js";
import { deparse } from "./deparse.js";

/** Levels of an expression's tree, sums included, so that whoever walks it may recurse. */
export const deepestVariable = 1_000;

/**
 * @param text the whole formula, for messages
 * @throws FormulaError for what has no meaning inside an expression: a dot, a random term, an offset, multiple membership
 * @example variableOf(parseExpression("(log(x+1))"), "y ~ (log(x+1))").text // => "log(x + 1)"
 */
export function variableOf(expression: Expression, text: string): Variable {
  checkParts(expression, text);
  const inner = withoutParentheses(expression);
  return { text: deparse(inner), expression: inner };
}

/** The expression inside its outer parentheses. */
export function withoutParentheses<E extends Expression>(expression: E): E {
  if (expression.parentheses === undefined) return expression;
  const { parentheses: _, ...inner } = expression;
  return inner as E;
}

/** Names of all columns in an expression, as often as they occur. */
export function namesIn(expression: Expression): readonly string[] {
  const names: string[] = [];
  const parts: Expression[] = [expression];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    if (part.kind === "name") names.push(part.name);
    for (const inner of partsOf(part)) parts.push(inner);
  }
  return names;
}

/** The source of an expression, white space as single spaces, long ones shortened in the middle. */
export function textOf(expression: Expression, text: string): string {
  const written = text.slice(expression.span.start, expression.span.end).replace(/\s+/gu, " ");
  return written.length <= 120 ? written : `${written.slice(0, 80)} ... ${written.slice(-30)}`;
}

/**
 * Makes sure that whoever walks the expression may recurse.
 *
 * @throws FormulaError where the tree is deeper than `limit` operators
 */
export function refuseDeep(whole: Expression, limit: number, text: string): void {
  const parts: { readonly expression: Expression; readonly depth: number }[] = [{ expression: whole, depth: 1 }];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { expression, depth } = part;
    if (depth > limit) throw new FormulaError(formulaMessages.tooDeep(limit), text, whole.span);
    for (const inner of partsOf(expression)) parts.push({ expression: inner, depth: depth + 1 });
  }
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "number":
    case "string":
    case "name":
      return [];
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "call":
      return expression.args.map(({ value }) => value);
  }
}

interface Part {
  readonly expression: Expression;
  readonly outermost: boolean;
  readonly inCall: boolean;
}

function checkParts(whole: Expression, text: string): void {
  const refuse = (what: string, { span }: Expression): never => {
    throw new FormulaError(what, text, span);
  };
  refuseDeep(whole, deepestVariable, text);
  const parts: Part[] = [{ expression: whole, outermost: true, inCall: false }];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { expression, outermost, inCall } = part;
    if (isDot(expression, text) && !outermost) refuse(formulaMessages.dotInside(), expression);
    if (isBarExpression(expression) && !inCall) refuse(formulaMessages.barMisplaced(textOf(expression, text)), expression);
    const call = expression.kind === "call";
    if (call && expression.callee === "mm") refuse(formulaMessages.membershipOutside(), expression);
    if (call && expression.callee === "offset" && !outermost) refuse(formulaMessages.offsetInProduct(), expression);
    for (const inner of partsOf(expression)) parts.push({ expression: inner, outermost: false, inCall: inCall || call });
  }
}

/** The dot that stands for all other columns; a column that is called so is written in backticks. */
export function isDot(expression: Expression, text: string): boolean {
  return expression.kind === "name" && expression.name === "." && text[expression.span.start] !== "`";
}

/** An expression of the form `effects | group` or `effects || group`. */
export type BarExpression = BinaryExpression & { readonly operator: "|" | "||" };

export function isBarExpression(expression: Expression): expression is BarExpression {
  return expression.kind === "binary" && (expression.operator === "|" || expression.operator === "||");
}
