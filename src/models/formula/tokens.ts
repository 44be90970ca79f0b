/**
 * A formula's text -> tokens with positions, by R's lexical rules: names of letters, digits, dots and underscores, names of
 * any characters in backticks, numbers (1, .5, 1e-3, 1L), texts in single or double quotes, operators, parentheses, commas.
 *
 * Source: R Language Definition, section 10.3 (R Core Team).
 */
import { FormulaError, formulaMessages } from "../../messages.js";

export type TokenKind = "name" | "number" | "string" | "operator" | "open" | "close" | "comma" | "equals" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** As written; for names and strings without quotes and escapes. */
  readonly text: string;
  readonly value: number;
  /** True for a name in backticks. */
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
}

const nameStart = /[\p{L}\p{Nl}._]/u;
const namePattern = /[\p{L}\p{N}\p{M}._]+/uy;
const numberPattern = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
/** Longest first, so that `<=` is not read as `<`. */
const operators = ["**", "==", "!=", "<=", ">=", "&&", "||", "+", "-", "*", "/", "^", ":", "<", ">", "!", "&", "|", "~"] as const;
const percentOperator = /%[^%\s]*%/y;
const percentOperators: readonly string[] = ["%in%", "%%"];
/** Typographic signs that word processors and web pages put in place of the plain ones. */
const typographic: Readonly<Record<string, string>> = { "\u2212": "-", "\u2013": "-", "\u223c": "~", "\u00d7": "*", "\u02dc": "~" };

/**
 * @throws FormulaError for an unclosed backtick or quote, an unknown character, operator or escape, a malformed number
 * @example tokenize("y ~ x").map((token) => token.text) // => ["y", "~", "x", ""]
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: TokenKind, end: number, written: string = text.slice(at, end), value = Number.NaN, quoted = false): void => {
    tokens.push({ kind, text: written, value, quoted, start: at, end });
    at = end;
  };
  while (at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    if (/\s/u.test(character)) at += character.length;
    else if (character === "(") push("open", at + 1);
    else if (character === ")") push("close", at + 1);
    else if (character === ",") push("comma", at + 1);
    else if (character === "`" || character === '"' || character === "'") {
      const { value, end } = quotedText(text, at);
      push(character === "`" ? "name" : "string", end, value, Number.NaN, character === "`");
    } else if (/\d/.test(character) || (character === "." && /\d/.test(text[at + 1] ?? ""))) {
      const { value, end } = numberAt(text, at);
      push("number", end, text.slice(at, end), value);
    } else if (nameStart.test(character)) {
      namePattern.lastIndex = at;
      push("name", at + (namePattern.exec(text)?.[0].length ?? character.length));
    } else {
      const { operator, length } = operatorAt(text, at, character);
      push(operator === "=" ? "equals" : "operator", at + length, operator);
    }
  }
  push("end", at, "");
  return tokens;
}

function numberAt(text: string, at: number): { readonly value: number; readonly end: number } {
  numberPattern.lastIndex = at;
  const digits = numberPattern.exec(text)![0];
  let end = at + digits.length;
  if (text[end] === "L") end++;
  namePattern.lastIndex = end;
  const tail = namePattern.exec(text)?.[0] ?? "";
  if (tail !== "")
    throw new FormulaError(formulaMessages.malformedNumber(text.slice(at, end + tail.length)), text, { start: at, end: end + tail.length });
  return { value: Number(digits), end };
}

function operatorAt(text: string, at: number, character: string): { readonly operator: string; readonly length: number } {
  for (const operator of operators) {
    if (text.startsWith(operator, at)) return { operator: operator === "**" ? "^" : operator, length: operator.length };
  }
  if (character === "=") return { operator: "=", length: 1 };
  const plain = typographic[character];
  if (plain !== undefined) return { operator: plain, length: character.length };
  percentOperator.lastIndex = at;
  const percent = percentOperator.exec(text)?.[0];
  if (percent !== undefined) {
    if (percentOperators.includes(percent)) return { operator: percent, length: percent.length };
    throw new FormulaError(formulaMessages.unknownOperator(percent), text, { start: at, end: at + percent.length });
  }
  throw new FormulaError(formulaMessages.unknownCharacter(character), text, { start: at, end: at + character.length });
}

const simpleEscapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "'": "'",
  "`": "`",
  " ": " ",
};
const codeEscape = /x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|u\{([0-9a-fA-F]{1,4})\}|U([0-9a-fA-F]{1,8})|U\{([0-9a-fA-F]{1,8})\}/y;

function quotedText(text: string, start: number): { readonly value: string; readonly end: number } {
  const quote = text[start]!;
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === quote) {
      if (quote === "`" && value === "") throw new FormulaError(formulaMessages.emptyName(), text, { start, end: at + 1 });
      return { value, end: at + 1 };
    }
    if (character !== "\\") {
      value += character;
      continue;
    }
    const { decoded, length } = escapeAt(text, at + 1);
    value += decoded;
    at += length;
  }
  const what = quote === "`" ? formulaMessages.unclosedBacktick() : formulaMessages.unclosedString(quote);
  throw new FormulaError(what, text, { start, end: start + 1 });
}

/** The character that an escape means, and how many characters follow the backslash. */
function escapeAt(text: string, at: number): { readonly decoded: string; readonly length: number } {
  const simple = simpleEscapes[text[at] ?? ""];
  if (simple !== undefined) return { decoded: simple, length: 1 };
  codeEscape.lastIndex = at;
  const match = codeEscape.exec(text);
  const code = match === null ? Number.NaN : Number.parseInt(match.slice(1).find((digits) => digits !== undefined)!, 16);
  if (match === null || code === 0 || code > 0x10ffff) {
    throw new FormulaError(formulaMessages.unknownEscape(`\\${text[at] ?? ""}`), text, {
      start: at - 1,
      end: Math.min(at + 1, text.length),
    });
  }
  return { decoded: String.fromCodePoint(code), length: match[0].length };
}
