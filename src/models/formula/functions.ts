/**
 * The functions that formulas know, with their arguments under R's names (stats, splines) and the centring functions of
 * multilevel modelling (Enders & Tofighi 2007). What they compute is the model frame's affair.
 */
import { didYouMean, FormulaError, formulaMessages, type Span } from "../../messages.js";
import type { CallArgument } from "./ast.js";

/** Least and most number of arguments. */
type ArgumentCount = readonly [least: number, most: number];

const anyNumber = Number.POSITIVE_INFINITY;
const ofOneNumber = "log2 log10 log1p exp expm1 sqrt abs sin cos tan asin acos atan sinh cosh tanh floor ceiling trunc sign".split(" ");

const counts: ReadonlyMap<string, ArgumentCount> = new Map<string, ArgumentCount>([
  ["I", [1, 1]],
  ["log", [1, 2]],
  ...ofOneNumber.map((name) => [name, [1, 1]] as const),
  ["round", [1, 2]],
  ["scale", [1, 3]],
  ["poly", [1, 5]],
  ["ns", [1, 5]],
  ["bs", [1, 6]],
  ["offset", [1, 1]],
  ["cbind", [2, anyNumber]],
  ["c", [1, anyNumber]],
  ["cgm", [1, 2]],
  ["cwc", [2, 2]],
  ["groupMean", [2, 2]],
  ["factor", [1, 5]],
  ["as.factor", [1, 1]],
  ["as.character", [1, 1]],
  ["as.numeric", [1, 1]],
  ["ordered", [1, 3]],
  ["interaction", [2, anyNumber]],
  ["relevel", [2, 2]],
  ["C", [1, 3]],
  ["ifelse", [3, 3]],
  ["is.na", [1, 1]],
]);

/** Names of all functions that may stand in a term. */
export const knownFunctions: readonly string[] = [...counts.keys()];

/** What each of the functions that mean something to multilevel modellers takes, in words for messages. */
const usage: ReadonlyMap<string, string> = new Map([
  ["cwc", "cwc(x, group)"],
  ["cgm", "cgm(x) or cgm(x, group)"],
  ["groupMean", "groupMean(x, group)"],
  ["poly", "poly(x, 2)"],
  ["cbind", "cbind(successes, failures)"],
  ["ifelse", 'ifelse(x == "a", 1, 0)'],
  ["relevel", 'relevel(x, ref = "a")'],
  ["interaction", "interaction(a, b)"],
]);

/**
 * Refuses a call of an unknown function, or with a number of arguments that it cannot have.
 *
 * @param callee where the function's name stands
 * @param call where the whole call stands
 * @throws FormulaError
 */
export function checkCall(name: string, args: readonly CallArgument[], text: string, callee: Span, call: Span): void {
  if (name === "mm") return;
  const count = counts.get(name);
  if (count === undefined) {
    const value = args[0]?.value;
    const bar = args.length === 1 && value?.kind === "binary" && (value.operator === "|" || value.operator === "||");
    if (bar) throw new FormulaError(formulaMessages.missingOperator("the parenthesis"), text, { start: callee.end, end: call.end });
    throw new FormulaError(formulaMessages.unknownFunction(name, didYouMean(name, knownFunctions)), text, callee);
  }
  const [least, most] = count;
  if (args.length >= least && args.length <= most) return;
  const range =
    most === anyNumber ? `at least ${least}` : least === most ? `${least}` : `${least} ${most === least + 1 ? "or" : "to"} ${most}`;
  const wanted = `${range} ${range === "1" || range === "at least 1" ? "argument" : "arguments"}`;
  const example = usage.get(name);
  throw new FormulaError(
    formulaMessages.argumentCount(name, wanted, args.length, example === undefined ? "" : ` Write ${example}.`),
    text,
    call,
  );
}
