/**
 * Functions whose values at one row depend on all rows, as R computes them: `scale`, `poly`, `ns`, `bs`.
 *
 *   scale(x) = (x - mean(x)) / sd(x)
 *
 * Constants are computed over all of the table's rows where x is present, as R's `model.frame` does (also over rows that
 * are not used because another variable is missing), and remembered for new data. R refuses missing values in `poly`;
 * here they are left out as in the other three.
 */
import { DataError, frameMessages } from "../../messages.js";
import type { CallExpression, Expression } from "../formula/ast.js";
import { refuseInfinite } from "./centring.js";
import {
  type Evaluation,
  formulaError,
  literalArgument,
  literalLogical,
  literalNumber,
  literalNumbers,
  matchArguments,
  numbersOf,
} from "./evaluation.js";
import { remember } from "./memory.js";
import { evaluatePolynomials, meanOf, polynomialBasis, rawPowers } from "./orthogonal-polynomials.js";
import { evaluateSpline, interiorKnots, splineWidth } from "./splines.js";
import type { MatrixValue, NumericValue } from "./values.js";

/** `scale(x, center = TRUE, scale = TRUE)`; both may also be numbers. */
export function evaluateScale(call: CallExpression, evaluation: Evaluation): NumericValue {
  const matched = matchArguments(call, ["x", "center", "scale"], 1, evaluation);
  const x = argumentOf(call, matched, evaluation);
  const logicalOrNumber = (expression: Expression): boolean | number | null => literalLogical(expression) ?? literalNumber(expression);
  const centering = literalArgument(call, matched, "center", logicalOrNumber, "TRUE, FALSE or a number", true, evaluation);
  const scaling = literalArgument(call, matched, "scale", logicalOrNumber, "TRUE, FALSE or a number", true, evaluation);
  const { center, scale } = remember(evaluation.memory, "scale", () => {
    const present = x.filter((value) => !Number.isNaN(value));
    const center = typeof centering === "number" ? centering : centering ? meanOf(present) : 0;
    if (typeof scaling === "number" || !scaling) return { kind: "scale", center, scale: typeof scaling === "number" ? scaling : 1 };
    const squares = present.reduce((sum, value) => sum + (value - center) ** 2, 0);
    const scale = Math.sqrt(squares / Math.max(1, present.length - 1));
    if (scale === 0) throw new DataError(frameMessages.noVariation(textOf(call, evaluation)));
    return { kind: "scale", center, scale };
  });
  return { kind: "numeric", values: x.map((value) => (value - center) / scale) };
}

/** `poly(x, degree = 1, raw = FALSE)`: n x degree. */
export function evaluatePoly(call: CallExpression, evaluation: Evaluation): MatrixValue {
  const matched = matchArguments(call, ["x", "degree", "raw"], 1, evaluation);
  const x = argumentOf(call, matched, evaluation);
  const degree = literalArgument(call, matched, "degree", wholeFrom(1), "a whole number from 1 on", 1, evaluation);
  const raw = literalArgument(call, matched, "raw", literalLogical, "TRUE or FALSE", false, evaluation);
  const values = raw
    ? rawPowers(x, degree)
    : evaluatePolynomials(
        remember(evaluation.memory, "polynomials", () => {
          const distinct = distinctValues(x, degree + 1);
          if (distinct <= degree) throw new DataError(frameMessages.tooFewPoints(textOf(call, evaluation), degree, distinct));
          return { kind: "polynomials", basis: polynomialBasis(x, degree) };
        }).basis,
        x,
      );
  return { kind: "matrix", width: degree, columnNames: numbered(degree), values, source: "poly" };
}

/** `ns(x, df, knots, intercept, Boundary.knots)` or `bs(x, df, knots, degree, intercept, Boundary.knots)`. */
export function evaluateSplineCall(call: CallExpression, evaluation: Evaluation): MatrixValue {
  const type = call.callee === "ns" ? "ns" : "bs";
  const names = ["x", "df", "knots", ...(type === "bs" ? ["degree"] : []), "intercept", "Boundary.knots"];
  const matched = matchArguments(call, names, 1, evaluation);
  const x = argumentOf(call, matched, evaluation);
  const numbers = "a number or c(...) of numbers";
  const df = literalArgument(call, matched, "df", wholeFrom(1), "a whole number from 1 on", null, evaluation);
  const given = literalArgument(call, matched, "knots", literalNumbers, numbers, null, evaluation);
  const degree = literalArgument(call, matched, "degree", wholeFrom(1), "a whole number from 1 on", 3, evaluation);
  const intercept = literalArgument(call, matched, "intercept", literalLogical, "TRUE or FALSE", false, evaluation);
  const ends = literalArgument(call, matched, "Boundary.knots", literalNumbers, "c(low, high)", null, evaluation);
  if (ends !== null && (ends.length !== 2 || ends[0] === ends[1])) {
    throw formulaError(frameMessages.badArgument(type, "Boundary.knots", "c(low, high)"), matched.get("Boundary.knots")!.span, evaluation);
  }
  const { basis } = remember(evaluation.memory, "spline", () => {
    const boundary = ends === null ? rangeOf(x, call, evaluation) : ([Math.min(...ends), Math.max(...ends)] as const);
    const fixed = (type === "ns" ? 1 : degree) + (intercept ? 1 : 0);
    const count = given !== null || df === null ? 0 : df - fixed;
    if (count < 0) throw formulaError(frameMessages.dfTooSmall(type, fixed, df!), matched.get("df")!.span, evaluation);
    const knots = given ?? interiorKnots(x, count, boundary);
    if (knots.some((knot) => knot <= boundary[0] || knot >= boundary[1])) {
      throw new DataError(frameMessages.knotsOutside(textOf(call, evaluation), knots, boundary));
    }
    return { kind: "spline", basis: { type, degree, intercept, knots, boundary } };
  });
  const width = splineWidth(basis);
  return { kind: "matrix", width, columnNames: numbered(width), values: evaluateSpline(basis, x), source: type };
}

/** The number of different values that are present; counting stops at `enough`. */
function distinctValues(x: Float64Array, enough: number): number {
  const seen = new Set<number>();
  for (let i = 0; i < x.length && seen.size < enough; i++) if (!Number.isNaN(x[i])) seen.add(x[i]!);
  return seen.size;
}

function argumentOf(call: CallExpression, matched: ReadonlyMap<string, Expression>, evaluation: Evaluation): Float64Array {
  const x = numbersOf(matched.get("x")!, evaluation, `${call.callee}()`);
  refuseInfinite(x, call, evaluation);
  return x;
}

function rangeOf(x: Float64Array, call: CallExpression, evaluation: Evaluation): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < x.length; i++) {
    if (x[i]! < low) low = x[i]!;
    if (x[i]! > high) high = x[i]!;
  }
  if (!(low < high)) throw new DataError(frameMessages.noVariation(textOf(call, evaluation)));
  return [low, high];
}

function wholeFrom(least: number): (expression: Expression) => number | null {
  return (expression) => {
    const value = literalNumber(expression);
    return value !== null && Number.isInteger(value) && value >= least && value <= 1000 ? value : null;
  };
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, k) => String(k + 1));
}

function textOf(call: CallExpression, evaluation: Evaluation): string {
  return evaluation.formula.slice(call.span.start, call.span.end);
}
