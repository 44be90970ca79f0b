/**
 * An expression -> its text as R's `deparse` writes it, so that term labels are R's: `I(x^2)`, `poly(x, 2)`,
 * `log(x + 1)`, `a == "b"`, `` `my var` ``.
 *
 * Spaces stand around + - * == != < <= > >= & | || ~ %in%, none around / ^ : %%; numbers have at most 15 significant digits and
 * are written in whichever of fixed and scientific notation is shorter (R's `format`, scipen = 0).
 */
import type { Expression } from "./ast.js";

/**
 * @param expression nested at most some thousand levels deep (parsed variables are)
 * @example deparse(parseExpression("I((x+1)/2)")) // => "I((x + 1)/2)"
 */
export function deparse(expression: Expression): string {
  const inner = deparseInner(expression);
  const depth = expression.parentheses ?? 0;
  return depth === 0 ? inner : `${"(".repeat(depth)}${inner}${")".repeat(depth)}`;
}

function deparseInner(expression: Expression): string {
  switch (expression.kind) {
    case "name":
      return deparseName(expression.name);
    case "number":
      return deparseNumber(expression.value);
    case "string":
      return deparseString(expression.value);
    case "unary":
      return `${expression.operator}${deparse(expression.operand)}`;
    case "binary": {
      const tight =
        expression.operator === "/" || expression.operator === "^" || expression.operator === ":" || expression.operator === "%%";
      const space = tight ? "" : " ";
      return `${deparse(expression.left)}${space}${expression.operator}${space}${deparse(expression.right)}`;
    }
    case "call": {
      const args = expression.args.map(({ name, value }) => (name === null ? deparse(value) : `${deparseName(name)} = ${deparse(value)}`));
      return `${deparseName(expression.callee)}(${args.join(", ")})`;
    }
  }
}

const syntacticName = /^(?:\p{L}|\.(?!\d))[\p{L}\p{N}\p{M}._]*$/u;
const reservedWords = new Set(
  "if else repeat while function for next break in NULL Inf NaN NA NA_integer_ NA_real_ NA_character_ NA_complex_".split(" "),
);

/**
 * A name as it stands in code: in backticks where it is not one of R's syntactic names.
 *
 * @example deparseName("my var") // => "`my var`"
 */
export function deparseName(name: string): string {
  if (syntacticName.test(name) && !reservedWords.has(name)) return name;
  return `\`${name.replace(/\\/g, "\\\\").replace(/`/g, "\\`").replace(/\n/g, "\\n").replace(/\t/g, "\\t").replace(/\r/g, "\\r")}\``;
}

const stringEscapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\v": "\\v",
};

/** @example deparseString("it's") // => '"it\'s"' */
export function deparseString(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  return `"${value.replace(/[\\"\x07\b\f\v\n\t\r]/g, (character) => stringEscapes[character]!)}"`;
}

/**
 * @param value finite and not negative
 * @example deparseNumber(100000) // => "1e+05"
 */
export function deparseNumber(value: number): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return "Inf";
  const [mantissa, exponentText] = value.toExponential(14).split("e") as [string, string];
  const digits = mantissa.replace(".", "").replace(/0+$/, "");
  const exponent = Number(exponentText);
  const fixedWidth =
    exponent >= 0 ? Math.max(exponent + 1, digits.length > exponent + 1 ? digits.length + 1 : 0) : 1 - exponent + digits.length;
  const exponentDigits = String(Math.abs(exponent)).padStart(2, "0");
  const scientific = `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}e${exponent < 0 ? "-" : "+"}${exponentDigits}`;
  if (fixedWidth > scientific.length) return scientific;
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return BigInt(Math.round(value)).toString();
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}
