/**
 * What a reader must know of the predictors' zero: one sentence for each centring function in the formula, as HLM prints.
 */
import type { CallExpression, Expression } from "../../models/formula/ast.js";
import { deparse } from "../../models/formula/deparse.js";
import type { MixedFit } from "../mixed-fit.js";
import { onOneLine } from "./text-table.js";

/** One sentence a centred variable, in the order of the formula, each once. */
export function centringSentences(fit: MixedFit): string[] {
  const { fixed, random } = fit.frame.formula;
  const terms = [...fixed.terms, ...random.flatMap(({ effects }) => effects.terms)];
  const calls = terms.flatMap(({ variables }) => variables.flatMap(({ expression }) => callsIn(expression)));
  const sentences = calls.flatMap((call) => sentence(call) ?? []);
  return [...new Set(sentences)].map(onOneLine);
}

function sentence({ callee, args }: CallExpression): string | null {
  const [x, group] = args.map(({ value }) => deparse(value));
  if (x === undefined) return null;
  if (callee === "cwc" && group !== undefined) return `${x} has been centred around the mean of its ${group}.`;
  if (callee === "groupMean" && group !== undefined) return `The mean of ${x} over each ${group} is a predictor.`;
  if (callee === "cgm") return `${x} has been centred around the grand mean${group === undefined ? "" : ` of the means by ${group}`}.`;
  return null;
}

function callsIn(expression: Expression): CallExpression[] {
  switch (expression.kind) {
    case "call":
      return [expression, ...expression.args.flatMap(({ value }) => callsIn(value))];
    case "unary":
      return callsIn(expression.operand);
    case "binary":
      return [...callsIn(expression.left), ...callsIn(expression.right)];
    case "name":
    case "number":
    case "string":
      return [];
  }
}
