/**
 * The functions of formulas that make and change factors, as R's: `factor`, `ordered`, `as.factor`, `relevel`, `C`,
 * `as.numeric`, `ifelse`, and the product `a:b`.
 */
import { compareCodePoints } from "../../data/code-points.js";
import { didYouMean, frameMessages } from "../../messages.js";
import type { CallExpression, Expression } from "../formula/ast.js";
import { truthOf } from "./comparisons.js";
import { contrastNamed, contrastNames } from "./contrasts.js";
import {
  type Evaluation,
  factorOf,
  formulaError,
  literalArgument,
  literalLogical,
  literalNumber,
  literalNumbers,
  literalStrings,
  matchArguments,
  notNumeric,
} from "./evaluation.js";
import { numberLabel, recoded, withLevelsFirst, withoutUnusedLevels } from "./factors.js";
import { remember } from "./memory.js";
import { productCodes } from "./products.js";
import { type FactorValue, logicalToNumbers, type NumericValue, type Value } from "./values.js";

/** `factor(x, levels, labels, exclude, ordered = FALSE)` or `ordered(x, levels, labels)`: values that are not among the levels are missing. */
export function evaluateFactor(call: CallExpression, evaluation: Evaluation): FactorValue {
  const names = ["x", "levels", "labels", ...(call.callee === "factor" ? ["exclude", "ordered"] : [])];
  const matched = matchArguments(call, names, 1, evaluation);
  const x = withoutUnusedLevels(factorOf(matched.get("x")!, evaluation, `${call.callee}()`));
  const labelsOf = (expression: Expression): readonly string[] | null =>
    literalStrings(expression) ?? literalNumbers(expression)?.map(numberLabel) ?? null;
  const given = literalArgument(call, matched, "levels", labelsOf, "c(...) of levels", null, evaluation);
  const labels = literalArgument(call, matched, "labels", labelsOf, "c(...) of labels", null, evaluation);
  const ordered =
    call.callee === "ordered" || literalArgument(call, matched, "ordered", literalLogical, "TRUE or FALSE", x.ordered, evaluation);
  const excluded = literalArgument(call, matched, "exclude", labelsOf, "c(...) of levels", [] as readonly string[], evaluation);
  const wanted = (given ?? x.levels).filter((level) => !excluded.includes(level));
  const known = remember(evaluation.memory, "levels", () => ({ kind: "levels", levels: wanted, ordered, source: x.source }));
  if (given === null && labels === null && excluded.length === 0)
    return { ...withLevelsFirst(x, known.levels), ordered, source: madeFactor(x) };
  if (labels !== null && labels.length !== known.levels.length) {
    throw formulaError(frameMessages.labelCount(call.callee, known.levels, labels.length), matched.get("labels")!.span, evaluation);
  }
  const position = new Map(known.levels.map((level, code) => [level, code]));
  const recode = Int32Array.from(x.levels, (level) => position.get(level) ?? -1);
  const factor: FactorValue = {
    ...x,
    codes: recoded(x.codes, recode),
    levels: known.levels,
    ordered,
    source: "factor",
    stated: given !== null,
  };
  if (labels === null) return factor;
  const distinct = [...new Set(labels)];
  return {
    ...factor,
    stated: true,
    codes: recoded(
      factor.codes,
      Int32Array.from(labels, (label) => distinct.indexOf(label)),
    ),
    levels: distinct,
  };
}

/** `as.factor(x)`: a factor as it is; `as.character(x)`: an unordered one with levels in code-point order. */
export function evaluateAsFactor(call: CallExpression, argument: Expression, evaluation: Evaluation): FactorValue {
  const x = factorOf(argument, evaluation, `${call.callee}()`);
  const asText = call.callee === "as.character";
  const own = asText ? [...x.levels].sort(compareCodePoints) : x.levels;
  const known = remember(evaluation.memory, "levels", () => ({
    kind: "levels",
    levels: own,
    ordered: x.ordered && !asText,
    source: x.source,
  }));
  return { ...withLevelsFirst(x, known.levels), ordered: known.ordered, source: asText ? "text" : madeFactor(x) };
}

/** `as.numeric(x)`: the codes 1, 2, ... of a factor, as in R. */
export function evaluateAsNumeric(argument: Expression, evaluation: Evaluation): Value {
  const value = evaluation.evaluate(argument, evaluation);
  switch (value.kind) {
    case "numeric":
    case "constant":
      return value;
    case "logical":
      return { kind: "numeric", values: logicalToNumbers(value.values) };
    case "factor":
      if (value.source === "text") throw notNumeric(value, argument, evaluation, "as.numeric()");
      return { kind: "numeric", values: Float64Array.from(value.codes, (code) => (code < 0 ? Number.NaN : code + 1)) };
    default:
      throw notNumeric(value, argument, evaluation, "as.numeric()");
  }
}

/** `relevel(x, ref = "b")`: `ref` becomes the first level. */
export function evaluateRelevel(call: CallExpression, evaluation: Evaluation): FactorValue {
  const matched = matchArguments(call, ["x", "ref"], 2, evaluation);
  const x = factorOf(matched.get("x")!, evaluation, "relevel()");
  const at = matched.get("ref")!;
  // As in R a number is a position among the levels.
  const single = (expression: Expression): string | null =>
    literalStrings(expression)?.[0] ?? x.levels[(literalNumber(expression) ?? 0) - 1] ?? null;
  const reference = literalArgument(call, matched, "ref", single, "a level in quotes", "", evaluation);
  if (x.ordered) throw formulaError(frameMessages.relevelOrdered(), call.span, evaluation);
  if (!x.levels.includes(reference)) {
    throw formulaError(frameMessages.unknownLevel(reference, x.levels, didYouMean(reference, x.levels)), at.span, evaluation);
  }
  return { ...withLevelsFirst(x, [reference, ...x.levels.filter((level) => level !== reference)]), source: "factor", stated: true };
}

/** `C(x, sum)`: x with these contrasts; `sum`, `contr.sum` and `"contr.sum"` are the same. */
export function evaluateC(call: CallExpression, evaluation: Evaluation): FactorValue {
  const matched = matchArguments(call, ["object", "contr"], 2, evaluation);
  const x = factorOf(matched.get("object")!, evaluation, "C()");
  const at = matched.get("contr")!;
  const written = at.kind === "name" ? at.name : at.kind === "string" ? at.value : "";
  const contrasts = contrastNamed(written);
  if (contrasts === null) throw formulaError(frameMessages.unknownContrasts(written, contrastNames), at.span, evaluation);
  return { ...x, contrasts };
}

/** `ifelse(test, yes, no)` of numbers, or of two strings (a factor with the two levels). Missing where `test` is. */
export function evaluateIfElse(call: CallExpression, evaluation: Evaluation): NumericValue | FactorValue {
  const matched = matchArguments(call, ["test", "yes", "no"], 3, evaluation);
  const [test, yes, no] = ["test", "yes", "no"].map((name) => matched.get(name)!) as [Expression, Expression, Expression];
  const truth = truthOf(evaluation.evaluate(test, evaluation), test, evaluation, "ifelse()");
  const a = evaluation.evaluate(yes, evaluation);
  const b = evaluation.evaluate(no, evaluation);
  if (a.kind === "string" && b.kind === "string") {
    const levels = [...new Set([a.value, b.value])].sort(compareCodePoints);
    const codes = Int32Array.from(truth, (value) => (value < 0 ? -1 : levels.indexOf(value === 1 ? a.value : b.value)));
    return { kind: "factor", codes, levels, ordered: false, source: "text", contrasts: null };
  }
  const x = branch(a, yes, evaluation);
  const y = branch(b, no, evaluation);
  const values = new Float64Array(truth.length);
  for (let i = 0; i < values.length; i++) {
    const side = truth[i] === 1 ? x : y;
    values[i] = truth[i]! < 0 ? Number.NaN : typeof side === "number" ? side : side[i]!;
  }
  return { kind: "numeric", values };
}

/** `a:b` of factors: the pairs that occur, ordered by the first factor's levels, then the second's. */
export function productOfFactors(expressions: readonly Expression[], evaluation: Evaluation): FactorValue {
  const factors = expressions.map((expression) => factorOf(expression, evaluation, "the product :"));
  const { codes, parts } = productCodes(factors);
  return { kind: "factor", codes, levels: joinedLevels(factors, parts, ":"), ordered: false, source: "factor", contrasts: null };
}

/** `interaction(a, b)`: the same units named `x.y`, ordered by the last factor's levels first, as in R. */
export function evaluateInteraction(call: CallExpression, evaluation: Evaluation): FactorValue {
  const factors = call.args.map(({ value }) => factorOf(value, evaluation, "interaction()"));
  const { codes, parts } = productCodes([...factors].reverse());
  return {
    kind: "factor",
    codes,
    levels: joinedLevels(factors, [...parts].reverse(), "."),
    ordered: false,
    source: "factor",
    contrasts: null,
  };
}

function joinedLevels(factors: readonly FactorValue[], parts: readonly Int32Array[], separator: string): readonly string[] {
  return Array.from(parts[0]!, (_, k) => factors.map((factor, j) => factor.levels[parts[j]![k]!]).join(separator));
}

/** Text that was made a factor has codes; numbers keep their numeric order in unions. */
function madeFactor(x: FactorValue): FactorValue["source"] {
  return x.source === "text" ? "factor" : x.source;
}

function branch(value: Value, expression: Expression, evaluation: Evaluation): Float64Array | number {
  if (value.kind === "numeric") return value.values;
  if (value.kind === "constant") return value.value;
  if (value.kind === "logical") return logicalToNumbers(value.values);
  throw notNumeric(value, expression, evaluation, "ifelse()");
}
