/**
 * A model formula's text -> its meaning: response, fixed terms, offsets and random terms.
 *
 *   response ~ fixed + offset(o) + (effects | group) + ...
 *
 * Source: Wilkinson & Rogers (1973); Chambers & Hastie (1992), chapter 2; Bates, Maechler, Bolker & Walker (2015), section 2.
 */
import { FormulaError, formulaMessages } from "../../messages.js";
import type { Expression, Formula, Variable } from "./ast.js";
import { expand, summandsOf } from "./expand.js";
import { parseSides } from "./parser.js";
import { randomTermsOf } from "./random.js";
import { type BarExpression, isBarExpression, isDot, namesIn, textOf, variableOf } from "./variables.js";

/**
 * Reads a formula as R and lme4 do. The dot stands for all columns that are neither in the response nor grouping factors.
 *
 * @param options.columns the table's columns, for the dot; without them a dot is an error
 * @throws FormulaError with the position: what is not a formula, an unknown function, a random term that is not a summand of its
 *   own, the response among the predictors, more than 5,000 terms from a product, nesting deeper than 100 levels
 * @example parseFormula("y ~ a*b + (1 | g)").fixed.terms.map((term) => term.label) // => ["a", "b", "a:b"]
 */
export function parseFormula(text: string, options: { readonly columns?: readonly string[] } = {}): Formula {
  const { left, right } = parseSides(text);
  const response = left === null ? null : responseOf(left, text);
  const summands = summandsOf(right);
  const bars: BarExpression[] = [];
  const fixedSummands = summands.filter(({ operator, expression }) => {
    if (operator !== "+" || !isBarExpression(expression) || expression.parentheses !== 1) return true;
    bars.push(expression);
    return false;
  });
  const dot = options.columns === undefined ? null : dotColumns(options.columns, left, bars);
  const fixed = expand(fixedSummands, text, dot);
  const onRight = fixed.terms.find((term) => term.label === response?.text);
  if (response !== null && onRight !== undefined) {
    throw new FormulaError(formulaMessages.responseOnRight(response.text), text, onRight.variables[0]!.expression.span);
  }
  const random = bars.flatMap((bar) => randomTermsOf(bar, text, dot));
  const slope = random.flatMap(({ effects }) => effects.terms).find((term) => term.label === response?.text);
  if (response !== null && slope !== undefined) {
    throw new FormulaError(formulaMessages.responseOnRight(response.text), text, slope.variables[0]!.expression.span);
  }
  return { text, response, fixed, random };
}

function responseOf(expression: Expression, text: string): Variable {
  if (expression.kind === "number" || expression.kind === "string" || isDot(expression, text)) {
    throw new FormulaError(formulaMessages.responseInvalid(textOf(expression, text)), text, expression.span);
  }
  return variableOf(expression, text);
}

function dotColumns(columns: readonly string[], response: Expression | null, bars: readonly BarExpression[]): readonly string[] {
  const taken = new Set(bars.flatMap((bar) => namesIn(bar.right)));
  if (response !== null) for (const name of namesIn(response)) taken.add(name);
  return columns.filter((column) => !taken.has(column));
}
