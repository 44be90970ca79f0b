/**
 * A variable of a model: a column or an expression of columns, known by its deparsed text (Chambers & Hastie 1992, section 2.3).
 */
import { FormulaError, formulaWords } from "../../messages.js";
import type { Expression, Variable } from "./ast.js";
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
    else if (part.kind === "binary") parts.push(part.right, part.left);
    else if (part.kind === "unary") parts.push(part.operand);
    else if (part.kind === "call") for (const { value } of [...part.args].reverse()) parts.push(value);
  }
  return names;
}

/** The source of an expression, white space as single spaces, long ones shortened in the middle. */
export function textOf(expression: Expression, text: string): string {
  const written = text.slice(expression.span.start, expression.span.end).replace(/\s+/gu, " ");
  return written.length <= 120 ? written : `${written.slice(0, 80)} ... ${written.slice(-30)}`;
}

interface Part {
  readonly expression: Expression;
  readonly depth: number;
  readonly inCall: boolean;
}

function checkParts(whole: Expression, text: string): void {
  const parts: Part[] = [{ expression: whole, depth: 1, inCall: false }];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { expression, depth, inCall } = part;
    if (depth > deepestVariable) throw new FormulaError(formulaWords.tooDeep(deepestVariable), text, whole.span);
    const add = (inner: Expression, insideCall = inCall): number => parts.push({ expression: inner, depth: depth + 1, inCall: insideCall });
    switch (expression.kind) {
      case "number":
      case "string":
        break;
      case "name":
        if (expression.name === "." && text[expression.span.start] !== "`" && depth > 1) {
          throw new FormulaError(formulaWords.dotInside(), text, expression.span);
        }
        break;
      case "unary":
        add(expression.operand);
        break;
      case "binary":
        if (!inCall && (expression.operator === "|" || expression.operator === "||")) {
          throw new FormulaError(formulaWords.barMisplaced(textOf(expression, text)), text, expression.span);
        }
        add(expression.left);
        add(expression.right);
        break;
      case "call":
        if (expression.callee === "mm") {
          throw new FormulaError(formulaWords.membershipOutside(), text, expression.span);
        }
        if (expression.callee === "offset" && depth > 1) throw new FormulaError(formulaWords.offsetInProduct(), text, expression.span);
        for (const { value } of expression.args) add(value, true);
        break;
    }
  }
}
