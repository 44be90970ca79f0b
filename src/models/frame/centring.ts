/**
 * Centring (Enders & Tofighi 2007; Raudenbush & Bryk 2002, p. 31):
 *
 *   cgm(x)           x_i - mean(x)                        grand-mean centred
 *   cgm(x, g)        x_i - mean over units of their means  grand mean of the units of g, each counting once
 *   cwc(x, g)        x_i - mean(x in the unit of i)        centred within clusters
 *   groupMean(x, g)  mean(x in the unit of i)
 *
 * Means run over the rows the model uses and are remembered for new data. A unit that the fit did not have gets the mean
 * of its rows in the new data.
 */
import { DataError, frameMessages } from "../../messages.js";
import type { CallExpression, Expression } from "../formula/ast.js";
import { type Evaluation, factorOf, matchArguments, numbersOf } from "./evaluation.js";
import { recoded } from "./factors.js";
import { remember } from "./memory.js";
import { meanOf } from "./orthogonal-polynomials.js";
import type { FactorValue, NumericValue } from "./values.js";

const centringFunctions: ReadonlySet<string> = new Set(["cgm", "cwc", "groupMean"]);

/** Whether a value depends on which rows are used. */
export function usesCentring(expression: Expression): boolean {
  switch (expression.kind) {
    case "call":
      return centringFunctions.has(expression.callee) || expression.args.some(({ value }) => usesCentring(value));
    case "unary":
      return usesCentring(expression.operand);
    case "binary":
      return usesCentring(expression.left) || usesCentring(expression.right);
    default:
      return false;
  }
}

/** `cgm(x)`, `cgm(x, g)`, `cwc(x, g)` or `groupMean(x, g)`: n numbers, missing where x or g is. */
export function evaluateCentring(call: CallExpression, evaluation: Evaluation): NumericValue {
  const matched = matchArguments(call, ["x", "g"], call.callee === "cgm" ? 1 : 2, evaluation);
  const x = numbersOf(matched.get("x")!, evaluation, `${call.callee}()`);
  refuseInfinite(x, call, evaluation);
  const by = matched.get("g");
  const n = x.length;
  if (by === undefined) {
    const { mean } = remember(evaluation.memory, "mean", () => ({ kind: "mean", mean: meanOf(presentAndUsed(x, evaluation)) }));
    return { kind: "numeric", values: x.map((value) => value - mean) };
  }
  const factor = factorOf(by, evaluation, `${call.callee}()`);
  const { codes, means, unitMean } = unitMeans(x, factor, evaluation);
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const code = codes[i]!;
    const mean = code < 0 ? Number.NaN : means[code]!;
    if (call.callee === "groupMean") values[i] = Number.isNaN(x[i]) ? Number.NaN : mean;
    else values[i] = x[i]! - (call.callee === "cwc" ? mean : Number.isNaN(mean) ? Number.NaN : unitMean);
  }
  return { kind: "numeric", values };
}

/** @throws DataError where `x` has infinite values, of which no mean or basis can be made */
export function refuseInfinite(x: Float64Array, call: CallExpression, evaluation: Evaluation): void {
  const rows: number[] = [];
  for (let i = 0; i < x.length; i++) if (x[i] === Number.POSITIVE_INFINITY || x[i] === Number.NEGATIVE_INFINITY) rows.push(i + 1);
  if (rows.length === 0) return;
  const text = evaluation.formula.slice(call.span.start, call.span.end);
  throw new DataError(frameMessages.infiniteArgument(text, rows), { rows: rows.slice(0, 5) });
}

/** Per unit the mean of x over its rows that are used; a unit unknown to the fit follows behind with its own mean. */
function unitMeans(
  x: Float64Array,
  factor: FactorValue,
  evaluation: Evaluation,
): { codes: Int32Array; means: Float64Array; unitMean: number } {
  const own = meansByCode(x, factor.codes, factor.levels.length, evaluation.used);
  const known = remember(evaluation.memory, "unit-means", () => ({
    kind: "unit-means",
    levels: factor.levels,
    means: Array.from(own, (mean) => (Number.isNaN(mean) ? null : mean)),
  }));
  const unitMean = meanOf(Float64Array.from(known.means.filter((mean) => mean !== null)));
  if (evaluation.memory.mode === "learn") return { codes: factor.codes, means: own, unitMean };
  const position = new Map(known.levels.map((level, code) => [level, code]));
  const means = Float64Array.from(known.means, (mean) => mean ?? Number.NaN);
  const all = [...means];
  const recode = Int32Array.from(factor.levels, (level, code) => {
    const at = position.get(level);
    return at !== undefined && !Number.isNaN(means[at]) ? at : all.push(own[code]!) - 1;
  });
  return { codes: recoded(factor.codes, recode), means: Float64Array.from(all), unitMean };
}

function meansByCode(x: Float64Array, codes: Int32Array, count: number, used: Uint8Array | null): Float64Array {
  const sums = new Float64Array(count);
  const counts = new Float64Array(count);
  const counted = (i: number): boolean => codes[i]! >= 0 && !Number.isNaN(x[i]) && (used === null || used[i] === 1);
  for (let i = 0; i < x.length; i++) {
    if (!counted(i)) continue;
    sums[codes[i]!]! += x[i]!;
    counts[codes[i]!]! += 1;
  }
  const means = sums.map((sum, code) => sum / counts[code]!);
  // A second pass, as in `meanOf`: right to the last digits.
  const rest = new Float64Array(count);
  for (let i = 0; i < x.length; i++) if (counted(i)) rest[codes[i]!]! += x[i]! - means[codes[i]!]!;
  return means.map((mean, code) => mean + rest[code]! / counts[code]!);
}

function presentAndUsed(x: Float64Array, { used }: Evaluation): Float64Array {
  return x.filter((value, i) => !Number.isNaN(value) && (used === null || used[i] === 1));
}
