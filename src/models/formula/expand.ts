/**
 * A sum as written -> the set of terms it means: R's `terms()`.
 *
 *   a*b = a + b + a:b     (a + b)^2 = a + b + a:b     a/b = a + a:b     (a + b)/c = a + b + a:b:c     a %in% b = a:b
 *   -t removes t          0, -1: no intercept         .  all other columns
 *
 * Terms are ordered by the number of their variables, within that as first met; variables within a term in the order in which
 * they are first met in the whole sum. A term is the sorted list of its variables' numbers.
 *
 * Source: Wilkinson & Rogers (1973); Chambers & Hastie (1992), section 2.3; R's `TermCode` in model.c.
 */
import { FormulaError, formulaMessages } from "../../messages.js";
import type { Expression, Term, TermSet, Variable } from "./ast.js";
import { isBarExpression, isDot, textOf, variableOf, withoutParentheses } from "./variables.js";

/** Terms that a product may expand to; a sum that is written out may be of any length. */
export const mostProductTerms = 5_000;
/** Pairs of terms that may be multiplied in one formula before it is given up as too large. */
const mostProducts = 2_000_000;
const deepestExpansion = 1_000;

/** One summand of a sum, as written. */
export interface Summand {
  readonly operator: "+" | "-";
  readonly expression: Expression;
}

/** Term's key -> its variables' numbers, increasing; in the order first met. */
type TermList = Map<string, readonly number[]>;

interface Expansion {
  readonly text: string;
  /** What the dot stands for; null where it is not known. */
  readonly dot: readonly string[] | null;
  readonly numberOf: Map<string, number>;
  readonly variables: Variable[];
  intercept: boolean;
  /** True while summands are removed: there 1 removes the intercept and 0 brings it back. */
  removing: boolean;
  products: number;
}

/**
 * The summands of a + b - c; a sum in parentheses is one summand.
 *
 * @example summandsOf(parseExpression("a + (b + c)")).length // => 2
 */
export function summandsOf(expression: Expression): readonly Summand[] {
  const summands: Summand[] = [];
  let rest = expression;
  while (rest.kind === "binary" && (rest.operator === "+" || rest.operator === "-") && rest.parentheses === undefined) {
    summands.push({ operator: rest.operator, expression: rest.right });
    rest = rest.left;
  }
  summands.push({ operator: "+", expression: rest });
  return summands.reverse();
}

/**
 * @param summands of the sum, random terms taken out
 * @param text the whole formula, for messages
 * @param dot columns that the dot stands for; null: a dot is an error
 * @throws FormulaError where a summand has no meaning as a term, or the sum has too many terms
 * @example expand(summandsOf(parseExpression("a*b")), "y ~ a*b", null).terms.map((term) => term.label) // => ["a", "b", "a:b"]
 */
export function expand(summands: readonly Summand[], text: string, dot: readonly string[] | null): TermSet {
  const state: Expansion = { text, dot, numberOf: new Map(), variables: [], intercept: true, removing: false, products: 0 };
  const list = sumOf(summands, state, 0);
  const offsets: Variable[] = [];
  const terms: Term[] = [];
  for (const numbers of list.values()) {
    const variables = numbers.map((number) => state.variables[number]!);
    const offset = variables.find(isOffset);
    if (offset === undefined) terms.push({ label: variables.map((variable) => variable.text).join(":"), variables });
    else if (variables.length === 1) offsets.push(offset);
    else throw new FormulaError(formulaMessages.offsetInProduct(), text, offset.expression.span);
  }
  terms.sort((a, b) => a.variables.length - b.variables.length);
  return { intercept: state.intercept, terms, offsets };
}

const isOffset = ({ expression }: Variable): boolean => expression.kind === "call" && expression.callee === "offset";

function sumOf(summands: readonly Summand[], state: Expansion, depth: number): TermList {
  const sum: TermList = new Map();
  for (const { operator, expression } of summands) {
    if (operator === "+") {
      for (const [key, numbers] of termsOf(expression, state, depth + 1)) if (!sum.has(key)) sum.set(key, numbers);
    } else {
      if (isBarExpression(expression))
        throw new FormulaError(formulaMessages.barSubtracted(textOf(expression, state.text)), state.text, expression.span);
      for (const key of removedOf(expression, state, depth + 1).keys()) sum.delete(key);
    }
  }
  return sum;
}

function removedOf(expression: Expression, state: Expansion, depth: number): TermList {
  state.removing = !state.removing;
  const removed = termsOf(expression, state, depth);
  state.removing = !state.removing;
  return removed;
}

function termsOf(expression: Expression, state: Expansion, depth: number): TermList {
  if (depth > deepestExpansion) throw new FormulaError(formulaMessages.tooDeep(deepestExpansion), state.text, expression.span);
  switch (expression.kind) {
    case "number":
      return interceptOf(expression.value, expression, state);
    case "string":
      throw new FormulaError(formulaMessages.textAsTerm(textOf(expression, state.text)), state.text, expression.span);
    case "name":
      if (isDot(expression, state.text)) return dotTerms(expression, state);
      if (expression.name === "TRUE" || expression.name === "FALSE")
        return interceptOf(Number(expression.name === "TRUE"), expression, state);
      return single(expression, state);
    case "call":
      return single(expression, state);
    case "unary":
      if (expression.operator === "!") return single(expression, state);
      if (expression.operator === "+") return termsOf(expression.operand, state, depth + 1);
      if (isBarExpression(expression.operand)) {
        throw new FormulaError(formulaMessages.barSubtracted(textOf(expression.operand, state.text)), state.text, expression.span);
      }
      removedOf(expression.operand, state, depth + 1);
      return new Map();
    case "binary":
      return operationOf(expression, state, depth);
  }
}

function operationOf(expression: Expression & { kind: "binary" }, state: Expansion, depth: number): TermList {
  const { operator, left, right } = expression;
  const of = (side: Expression): TermList => termsOf(side, state, depth + 1);
  switch (operator) {
    case "+":
    case "-":
      return sumOf(summandsOf(withoutParentheses(expression)), state, depth);
    case ":":
      return products(of(left), of(right), expression, state);
    case "*": {
      const a = of(left);
      const b = of(right);
      return union(a, b, products(a, b, expression, state));
    }
    case "/": {
      const a = of(left);
      return union(a, products(unionOfAll(a), of(right), expression, state));
    }
    case "%in%": {
      const a = of(left);
      return products(a, unionOfAll(of(right)), expression, state);
    }
    case "^":
      return power(of(left), right, expression, state);
    case "|":
    case "||":
      throw misplacedBar(expression, state.text);
    default:
      return single(expression, state);
  }
}

function interceptOf(value: number, expression: Expression, state: Expansion): TermList {
  if (value !== 0 && value !== 1)
    throw new FormulaError(formulaMessages.numberAsTerm(textOf(expression, state.text)), state.text, expression.span);
  state.intercept = (value === 1) !== state.removing;
  return new Map();
}

function single(expression: Expression, state: Expansion): TermList {
  const variable = variableOf(expression, state.text);
  let number = state.numberOf.get(variable.text);
  if (number === undefined) {
    number = state.variables.length;
    state.numberOf.set(variable.text, number);
    state.variables.push(variable);
  }
  return new Map([[String(number), [number]]]);
}

function dotTerms(expression: Expression, state: Expansion): TermList {
  if (state.dot === null) throw new FormulaError(formulaMessages.dotNeedsColumns(), state.text, expression.span);
  const list: TermList = new Map();
  for (const name of state.dot) {
    for (const [key, numbers] of single({ kind: "name", name, span: expression.span }, state)) list.set(key, numbers);
  }
  return list;
}

function power(base: TermList, exponent: Expression, whole: Expression, state: Expansion): TermList {
  if (exponent.kind !== "number" || !Number.isInteger(exponent.value) || exponent.value < 2) {
    throw new FormulaError(formulaMessages.power(), state.text, exponent.span);
  }
  let result = base;
  for (let round = 1; round < exponent.value; round++) {
    const next = products(base, result, whole, state);
    const settled = next.size === result.size && [...next.keys()].join(" ") === [...result.keys()].join(" ");
    result = next;
    if (settled) break;
  }
  return result;
}

/** Every term of a times every term of b. */
function products(a: TermList, b: TermList, whole: Expression, state: Expansion): TermList {
  state.products += a.size * b.size;
  if (state.products > mostProducts) throw new FormulaError(formulaMessages.tooManyTerms(mostProductTerms), state.text, whole.span);
  const list: TermList = new Map();
  for (const left of a.values()) {
    for (const right of b.values()) {
      const numbers = merge(left, right);
      list.set(numbers.join(","), numbers);
      if (list.size > mostProductTerms) throw new FormulaError(formulaMessages.tooManyTerms(mostProductTerms), state.text, whole.span);
    }
  }
  return list;
}

function union(...lists: readonly TermList[]): TermList {
  const all: TermList = new Map();
  for (const list of lists) for (const [key, numbers] of list) all.set(key, numbers);
  return all;
}

/** The one term that has all variables of the list; nothing for an empty list. */
function unionOfAll(list: TermList): TermList {
  if (list.size === 0) return list;
  const numbers = [...new Set([...list.values()].flat())].sort((a, b) => a - b);
  return new Map([[numbers.join(","), numbers]]);
}

function merge(a: readonly number[], b: readonly number[]): readonly number[] {
  const merged: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i] ?? Number.POSITIVE_INFINITY;
    const right = b[j] ?? Number.POSITIVE_INFINITY;
    merged.push(Math.min(left, right));
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return merged;
}

function misplacedBar(expression: Expression, text: string): FormulaError {
  let written = textOf(expression, text);
  while (written.startsWith("((") && written.endsWith("))")) written = written.slice(1, -1);
  const what = expression.parentheses === undefined ? formulaMessages.barNeedsParentheses(written) : formulaMessages.barMisplaced(written);
  return new FormulaError(what, text, expression.span);
}
