/** What the tests of families share: a response of a few rows, and one row's numbers. */
import type { Family, LinkName, ResponseRows } from "../../../src/models/families/family.js";
import type { DerivativeOrder, RowLikelihood } from "../../../src/models/families/row-likelihood.js";

export function responseOf(values: readonly number[], rest: Partial<ResponseRows> = {}): ResponseRows {
  return {
    name: "y",
    values: Float64Array.from(values),
    trials: null,
    levels: null,
    rows: Int32Array.from(values, (_, i) => i),
    weights: null,
    weightsName: null,
    ...rest,
  };
}

/** Rows whose first is `y` (a number, or successes and failures); the others keep the response from being constant. */
export function rowsOf(family: Family, link: LinkName, y: number | readonly number[], weight: number | null = null): RowLikelihood {
  const weights = weight === null ? null : Float64Array.of(weight, 1, 1);
  if (typeof y === "number") return family.rows(responseOf([y, family.name === "beta" ? 0.5 : 3, y], { weights, weightsName: "w" }), link);
  return family.rows(responseOf([y[0]!, 1, 0], { trials: Float64Array.of(y[0]! + y[1]!, 1, 1), weights, weightsName: "w" }), link);
}

/** Places of the numbers that a family with P predictors writes, in ascending order: third derivatives twice in the mean. */
export const WRITTEN: Readonly<Record<number, readonly number[]>> = {
  1: [0, 1, 2, 3],
  2: [0, 1, 2, 3, 4, 5, 6, 7],
  3: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14],
};

/** Row 0's numbers; what is not written stays NaN. */
export function numbersOf(rows: RowLikelihood, at: readonly number[], order: DerivativeOrder = 3): Float64Array {
  const out = new Float64Array(20).fill(Number.NaN);
  rows.row(0, Float64Array.from(at), order, out);
  return out;
}
