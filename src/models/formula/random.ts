/**
 * `(effects | group)` -> random terms, with the grouping factors and their labels as lme4 makes them:
 *
 *   (x | a/b)  = (x | b:a) + (x | a)          (x | a/b/c) = (x | c:(b:a)) + (x | b:a) + (x | a)
 *   (x || g)     one term with a diagonal covariance matrix, for factors too
 *   (x | mm(t1, t2, weights = w1 + w2))       multiple membership: a row belongs to t1 with weight w1 and to t2 with weight w2
 *
 * Source: Bates, Maechler, Bolker & Walker (2015), section 2.2; Browne, Goldstein & Rasbash (2001) for multiple membership.
 */
import { didYouMean, FormulaError, formulaMessages } from "../../messages.js";
import type { CallExpression, Expression, Grouping, RandomTerm, TermSet, Variable } from "./ast.js";
import { deparse } from "./deparse.js";
import { expand, summandsOf } from "./expand.js";
import { type BarExpression, isBarExpression, isDot, refuseDeep, textOf, variableOf, withoutParentheses } from "./variables.js";

/** Operators inside one another to the right of a bar. */
const deepestGrouping = 100;

/**
 * @param bar what stands in the parentheses
 * @param text the whole formula, for messages
 * @param dot columns that a dot among the effects stands for; null: a dot is an error
 * @throws FormulaError for a second bar, an offset, no effects, or units that are not a column, a product, a nesting or mm()
 */
export function randomTermsOf(bar: BarExpression, text: string, dot: readonly string[] | null): readonly RandomTerm[] {
  if (isBarExpression(bar.left) || isBarExpression(bar.right)) throw new FormulaError(formulaMessages.secondBar(), text, bar.span);
  const effects = effectsOf(bar, text, dot);
  const covariance = bar.operator === "|" ? "unstructured" : "diagonal";
  return groupingsOf(bar.right, text).map((group) => ({ text: textOf(bar, text), covariance, effects, group, span: bar.span }));
}

function effectsOf(bar: BarExpression, text: string, dot: readonly string[] | null): TermSet {
  const effects = expand(summandsOf(bar.left), text, dot);
  const offset = effects.offsets[0];
  if (offset !== undefined) throw new FormulaError(formulaMessages.offsetInRandom(), text, offset.expression.span);
  if (!effects.intercept && effects.terms.length === 0) throw new FormulaError(formulaMessages.noRandomEffects(), text, bar.span);
  return effects;
}

/** The grouping factors that the right-hand side of a bar names, the innermost first. */
function groupingsOf(expression: Expression, text: string): readonly Grouping[] {
  if (expression.kind === "call" && expression.callee === "mm") return [membershipOf(expression, text)];
  refuseDeep(expression, deepestGrouping, text);
  return unitsOf(expression, text).map(({ code, variables, expression: whole }) => ({
    kind: "factor",
    // A single column goes by its plain name, as in lme4; only inside a product does it keep its backticks.
    label: whole.kind === "name" ? whole.name : code,
    variables,
  }));
}

interface Units {
  /** R's code for the units. */
  readonly code: string;
  /** True where the code needs parentheses as the right side of `:`. */
  readonly product: boolean;
  readonly variables: readonly Variable[];
  readonly expression: Expression;
}

function unitsOf(expression: Expression, text: string): readonly Units[] {
  const bare = withoutParentheses(expression);
  if (bare.kind !== "binary" || bare.operator !== "/") return [factorOf(bare, text)];
  const outer = unitsOf(bare.left, text);
  const inner = unitsOf(bare.right, text);
  return [...inner.map((units) => nest(units, outer[0]!, bare)), ...outer];
}

function nest(inner: Units, outer: Units, expression: Expression): Units {
  const code = `${inner.code}:${outer.product ? `(${outer.code})` : outer.code}`;
  return { code, product: true, variables: distinct([...inner.variables, ...outer.variables]), expression };
}

function factorOf(expression: Expression, text: string): Units {
  const invalid = (): FormulaError => new FormulaError(formulaMessages.groupInvalid(textOf(expression, text)), text, expression.span);
  const units = (variables: readonly Variable[], product: boolean): Units => ({
    code: deparse(expression),
    product,
    variables: distinct(variables),
    expression,
  });
  switch (expression.kind) {
    case "number":
    case "string":
    case "unary":
      throw invalid();
    case "name":
      if (isDot(expression, text)) throw invalid();
      return units([variableOf(expression, text)], false);
    case "call":
      if (expression.callee === "mm") throw new FormulaError(formulaMessages.groupNestedMembership(), text, expression.span);
      if (severalColumns.has(expression.callee)) throw invalid();
      if (expression.callee !== "interaction") return units([variableOf(expression, text)], false);
      if (expression.args.some((argument) => argument.name !== null)) throw invalid();
      return units(
        expression.args.flatMap((argument) => factorOf(argument.value, text).variables),
        false,
      );
    case "binary":
      if (expression.operator === "+" || expression.operator === "*")
        throw new FormulaError(formulaMessages.groupSum(), text, expression.span);
      if (expression.operator !== ":") throw invalid();
      return units([...factorOf(expression.left, text).variables, ...factorOf(expression.right, text).variables], true);
  }
}

/** Functions that give no single column of levels. */
const severalColumns = new Set(["poly", "ns", "bs", "cbind", "c", "offset", "C"]);

function distinct(variables: readonly Variable[]): readonly Variable[] {
  return [...new Map(variables.map((variable) => [variable.text, variable])).values()];
}

function membershipOf(call: CallExpression, text: string): Grouping {
  for (const { name, value } of call.args) {
    if (name !== null && name !== "weights") {
      throw new FormulaError(formulaMessages.unknownArgument("mm", name, didYouMean(name, ["weights"])), text, value.span);
    }
  }
  const members = call.args.filter(({ name }) => name === null).map(({ value }) => variableOf(value, text));
  if (members.length < 2) throw new FormulaError(formulaMessages.memberCount(), text, call.span);
  const given = call.args.find(({ name }) => name === "weights")?.value;
  const label = `mm(${members.map((member) => member.text).join(", ")})`;
  if (given === undefined) return { kind: "membership", label, members, weights: null };
  const weights = summandsOf(withoutParentheses(given)).map(({ expression }) => variableOf(expression, text));
  if (weights.length !== members.length) {
    throw new FormulaError(formulaMessages.membershipWeights(members.length, weights.length), text, given.span);
  }
  return { kind: "membership", label, members, weights };
}
