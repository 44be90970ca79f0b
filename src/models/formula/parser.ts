/**
 * Tokens -> an expression tree, with R's precedence, from tight to loose:
 *
 *   ^ (right)   - + (sign)   :   %in% %%   * /   + -   == != < <= > >= (none)   !   &   | ||   ~
 *
 * Method: precedence climbing (Richards & Whitby-Strevens 1979; Norvell 1999). Chains of + and - may be of any length: they lean
 * to the left and are built in a loop. Only parentheses, calls, signs and powers recurse, at most `deepest` levels.
 *
 * Source of the grammar: R Language Definition, section 10.4.2 (R Core Team).
 */
import { FormulaError, formulaMessages, type Span } from "../../messages.js";
import type { BinaryOperator, CallArgument, Expression, UnaryExpression } from "./ast.js";
import { checkCall } from "./functions.js";
import { type Token, tokenize } from "./tokens.js";

/** Levels of parentheses, calls, signs and powers inside one another. */
export const deepest = 100;

const strengths: Readonly<Record<string, number>> = {
  "|": 2,
  "||": 2,
  "&": 3,
  "==": 5,
  "!=": 5,
  "<": 5,
  "<=": 5,
  ">": 5,
  ">=": 5,
  "+": 6,
  "-": 6,
  "*": 7,
  "/": 7,
  "%in%": 8,
  "%%": 8,
  ":": 9,
  "^": 11,
};
const weakest = 2;
const notStrength = 5;
const comparisonStrength = 5;
const signStrength = 10;

/** A formula's two sides as written; `left` is null for a one-sided formula. */
export interface Sides {
  readonly left: Expression | null;
  readonly right: Expression;
}

/**
 * @throws FormulaError with the position of what cannot be read
 * @example parseSides("y ~ x + z").right.kind // => "binary"
 */
export function parseSides(text: string): Sides {
  const reader = new Reader(text, tokenize(text));
  if (reader.atEnd()) throw new FormulaError(formulaMessages.empty(), text);
  if (!reader.tokens.some(isTilde)) throw new FormulaError(formulaMessages.noTilde(), text);
  const left = isTilde(reader.token) ? null : expressionAt(reader, weakest, false);
  if (!isTilde(reader.token)) throw leftover(reader);
  const tilde = reader.next();
  if (reader.atEnd()) throw new FormulaError(formulaMessages.nothingAfterTilde(), text, spanOf(tilde));
  const right = expressionAt(reader, weakest, false);
  if (!reader.atEnd()) throw leftover(reader);
  return { left, right };
}

/**
 * One expression, as it stands inside a term.
 *
 * @throws FormulaError with the position of what cannot be read
 * @example parseExpression("log(x + 1)").kind // => "call"
 */
export function parseExpression(text: string): Expression {
  const reader = new Reader(text, tokenize(text));
  if (reader.atEnd()) throw new FormulaError(formulaMessages.empty(), text);
  const expression = expressionAt(reader, weakest, true);
  if (!reader.atEnd()) throw leftover(reader);
  return expression;
}

class Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens;
  }
  get token(): Token {
    return this.tokens[this.at]!;
  }
  get previous(): Token | null {
    return this.tokens[this.at - 1] ?? null;
  }
  atEnd(): boolean {
    return this.token.kind === "end";
  }
  peek(ahead: number): Token | null {
    return this.tokens[this.at + ahead] ?? null;
  }
  next(): Token {
    return this.tokens[this.at++]!;
  }
  deeper<T>(span: Span, read: () => T): T {
    if (++this.depth > deepest)
      throw new FormulaError(formulaMessages.tooDeep(deepest), this.text, { start: span.start, end: span.start + 1 });
    const result = read();
    this.depth--;
    return result;
  }
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });
const isTilde = (token: Token): boolean => token.kind === "operator" && token.text === "~";

/** Everything that binds at least as strongly as `strength`. `inCall`: arithmetic, where a sign may follow an operator. */
function expressionAt(reader: Reader, strength: number, inCall: boolean): Expression {
  let left = signedAt(reader, inCall);
  for (;;) {
    const token = reader.token;
    if (token.kind === "operator" && token.text === "&&")
      throw new FormulaError(formulaMessages.useInstead("&&", "&"), reader.text, spanOf(token));
    const own = token.kind === "operator" ? (strengths[token.text] ?? 0) : 0;
    if (own < strength || own === 0) return left;
    if (inCall && token.text === "||") throw new FormulaError(formulaMessages.useInstead("||", "|"), reader.text, spanOf(token));
    if (own === comparisonStrength && left.kind === "binary" && left.parentheses === undefined && strengths[left.operator] === own) {
      throw new FormulaError(formulaMessages.chainedComparison(), reader.text, spanOf(token));
    }
    reader.next();
    const read = (): Expression => expressionAt(reader, own === strengths["^"] ? own : own + 1, inCall);
    const right = own === strengths["^"] ? reader.deeper(token, read) : read();
    left = { kind: "binary", operator: token.text as BinaryOperator, left, right, span: { start: left.span.start, end: right.span.end } };
  }
}

function signedAt(reader: Reader, inCall: boolean): Expression {
  const token = reader.token;
  if (token.kind !== "operator" || (token.text !== "-" && token.text !== "+" && token.text !== "!")) return operandAt(reader, inCall);
  if (!inCall) refuseSecondOperator(reader);
  reader.next();
  const operand = reader.deeper(token, () => expressionAt(reader, token.text === "!" ? notStrength : signStrength, inCall));
  const operator = token.text as UnaryExpression["operator"];
  return { kind: "unary", operator, operand, span: { start: token.start, end: operand.span.end } };
}

/** Between terms R takes `a + -b` for `a`, and `a + + b` for `a + b`: slips of the hand, except in `a + -1`. */
function refuseSecondOperator(reader: Reader): void {
  const { previous, token } = reader;
  if (previous === null || previous.kind !== "operator" || isTilde(previous) || token.text === "!") return;
  if (previous.text === "|" || previous.text === "||") return;
  const operand = reader.peek(1);
  const intercept = operand !== null && operand.kind === "number" && (operand.value === 0 || operand.value === 1);
  if (token.text === "-" && (previous.text === "+" || previous.text === "-" || previous.text === "^") && intercept) return;
  throw twoOperators(reader.text, previous, token);
}

function operandAt(reader: Reader, inCall: boolean): Expression {
  const token = reader.token;
  const span = spanOf(token);
  switch (token.kind) {
    case "number":
      reader.next();
      return { kind: "number", value: token.value, span };
    case "string":
      reader.next();
      return { kind: "string", value: token.text, span };
    case "name":
      reader.next();
      return reader.token.kind === "open" ? callAt(reader, token) : { kind: "name", name: token.text, span };
    case "open": {
      reader.next();
      if (reader.token.kind === "close")
        throw new FormulaError(formulaMessages.emptyParentheses(), reader.text, { start: token.start, end: reader.token.end });
      const inner = reader.deeper(token, () => expressionAt(reader, weakest, inCall));
      const end = closeAt(reader, token);
      return { ...inner, parentheses: (inner.parentheses ?? 0) + 1, span: { start: token.start, end } };
    }
    default:
      throw missing(reader);
  }
}

function callAt(reader: Reader, callee: Token): Expression {
  const open = reader.next();
  const args: CallArgument[] = [];
  while (reader.token.kind !== "close" || args.length > 0) {
    const { token } = reader;
    if (token.kind === "comma" || token.kind === "close")
      throw new FormulaError(formulaMessages.emptyArgument(callee.text), reader.text, spanOf(token));
    const named = token.kind === "name" && reader.peek(1)?.kind === "equals";
    if (named) {
      reader.next();
      reader.next();
    }
    const value = reader.deeper(token, () => expressionAt(reader, weakest, true));
    args.push({ name: named ? token.text : null, value });
    if (reader.token.kind === "close") break;
    if (reader.token.kind !== "comma") closeAt(reader, open);
    reader.next();
  }
  const end = closeAt(reader, open);
  checkCall(callee.text, args, reader.text, { start: callee.start, end: callee.end }, { start: callee.start, end });
  return { kind: "call", callee: callee.text, args, span: { start: callee.start, end } };
}

/** Steps over the parenthesis that closes `open`; returns where it ends. */
function closeAt(reader: Reader, open: Token): number {
  if (reader.token.kind === "close") return reader.next().end;
  if (reader.atEnd()) throw new FormulaError(formulaMessages.unclosed(), reader.text, { start: open.start, end: open.end });
  throw leftover(reader);
}

/** An operand was expected, and something else stands here. */
function missing(reader: Reader): FormulaError {
  const { token, previous, text } = reader;
  if (token.kind === "end") {
    if (previous?.kind === "operator") return new FormulaError(formulaMessages.endsAfter(previous.text), text, spanOf(previous));
    return new FormulaError(formulaMessages.unclosed(), text, spanOf(previous ?? token));
  }
  if (token.kind === "close" && previous === null) return new FormulaError(formulaMessages.unopened(), text, spanOf(token));
  if (token.kind === "operator" && previous === null)
    return new FormulaError(formulaMessages.startsWithOperator(token.text), text, spanOf(token));
  if (token.kind === "operator" && previous?.kind === "operator") return twoOperators(text, previous, token);
  return new FormulaError(formulaMessages.missingBefore(written(reader, token)), text, spanOf(token));
}

/** A complete expression is followed by something that cannot follow it. */
function leftover(reader: Reader): FormulaError {
  const { token, previous, text } = reader;
  switch (token.kind) {
    case "close":
      return new FormulaError(formulaMessages.unopened(), text, spanOf(token));
    case "comma":
      return new FormulaError(formulaMessages.commaOutside(), text, spanOf(token));
    case "equals":
      return new FormulaError(formulaMessages.useInstead("=", "=="), text, spanOf(token));
    case "end":
      return new FormulaError(formulaMessages.noTilde(), text);
    case "operator":
      if (isTilde(token)) return new FormulaError(formulaMessages.secondTilde(), text, spanOf(token));
      return new FormulaError(formulaMessages.missingOperator(token.text), text, spanOf(token));
    default: {
      const names = token.kind === "name" && !token.quoted && previous?.kind === "name" && !previous.quoted;
      if (!names) return new FormulaError(formulaMessages.missingOperator(written(reader, token)), text, spanOf(token));
      return new FormulaError(formulaMessages.missingOperatorAfterSpace(`${previous.text} ${token.text}`), text, spanOf(token));
    }
  }
}

function twoOperators(text: string, first: Token, second: Token): FormulaError {
  return new FormulaError(formulaMessages.twoOperators(first.text, second.text), text, { start: first.start, end: second.end });
}

const written = (reader: Reader, token: Token): string => reader.text.slice(token.start, token.end);
