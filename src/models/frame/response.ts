/**
 * The response of a model frame, in numbers:
 *
 *   a number                as it stands                              y ~ ...
 *   a factor, text          index of its level, 0 the first level     passed ~ ...,  ordered(score) ~ ...
 *   truth values            false 0, true 1                           I(score > 2) ~ ...
 *   cbind(s, f)             successes s out of s + f trials           cbind(right, wrong) ~ ...
 *
 * Which of these a model takes is its family's affair; a linear model takes numbers and truth values only.
 */
import { compareCodePoints } from "../../data/code-points.js";
import { DataError, FitError, FormulaError, frameMessages, type Note } from "../../messages.js";
import type { ResponseRows } from "../families/family.js";
import type { Formula } from "../formula/ast.js";
import type { FrameResponse, ModelFrame } from "./frame.js";
import { type ColumnValue, type FactorValue, logicalToNumbers } from "./values.js";

/** What may be a response: numbers and truth values, or anything that a family can make sense of. */
export type ResponseKind = "number" | "any";

/**
 * @param remarks what is known of the columns, told with a refusal
 * @throws DataError for a factor or text where numbers are wanted
 * @throws FitError for `cbind` where one column is wanted, and for other matrices
 * @throws FormulaError for `cbind` with other than two columns
 */
export function checkResponse(formula: Formula, value: ColumnValue, kind: ResponseKind, remarks: readonly Note[]): void {
  const { text, expression } = formula.response!;
  if (value.kind === "matrix") {
    const counts = value.source === "cbind";
    if (kind === "number" || !counts) throw new FitError(frameMessages.matrixResponse(text, counts));
    if (value.width !== 2) throw new FormulaError(frameMessages.countsNeeded(text, value.width), formula.text, expression.span);
  }
  if (value.kind === "factor" && kind === "number") {
    const what = frameMessages.responseNotNumeric(text, value.source === "text", value.levels);
    throw new DataError([what, ...remarks.map(({ message }) => message)].join(" "), { column: text });
  }
}

/**
 * The response over the rows used.
 *
 * @param value over these rows, none missing, accepted by `checkResponse`
 * @param kind "number": truth values are numbers, without levels
 */
export function frameResponse(name: string, value: ColumnValue, kind: ResponseKind): FrameResponse {
  switch (value.kind) {
    case "numeric":
      return { name, values: value.values, trials: null, levels: null, ordered: false };
    case "logical":
      return {
        name,
        values: logicalToNumbers(value.values),
        trials: null,
        levels: kind === "any" ? ["false", "true"] : null,
        ordered: false,
      };
    case "factor": {
      const { codes, levels, ordered } = value;
      const response = { name, values: Float64Array.from(codes), trials: null, levels, ordered };
      return isAlphabetical(value) ? { ...response, alphabetical: true } : response;
    }
    case "matrix": {
      const n = value.values.length / 2;
      const successes = value.values.slice(0, n);
      return { name, values: successes, trials: successes.map((s, i) => s + value.values[n + i]!), levels: null, ordered: false };
    }
  }
}

/** Whether the order of the levels is that of text alone; text of numbers in their own order is not. */
function isAlphabetical({ levels, source, stated = false }: FactorValue): boolean {
  if (stated || source === "number") return false;
  const inOrder = (before: (a: string, b: string) => boolean): boolean =>
    levels.every((level, k) => k === 0 || before(levels[k - 1]!, level));
  const numbers = levels.every((level) => level.trim() !== "") && inOrder((a, b) => Number(a) < Number(b));
  return !(numbers && levels.length > 1) && inOrder((a, b) => compareCodePoints(a, b) < 0);
}

/**
 * The response as families read it.
 *
 * @example responseRows(buildFrame(parseFormula("cbind(s, f) ~ 1"), Table.from({ s: [1, 2], f: [3, 0] }), { response: "any" })).trials // => Float64Array [4, 2]
 */
export function responseRows(frame: ModelFrame): ResponseRows {
  const { name, values, trials, levels, alphabetical } = frame.response;
  const response = { name, values, trials, levels, rows: frame.rows, weights: frame.weights, weightsName: frame.weightsName };
  return alphabetical === true ? { ...response, alphabetical } : response;
}
