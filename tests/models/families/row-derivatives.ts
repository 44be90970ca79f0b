/** Derivatives of a row's log-likelihood checked against differences of the order below, extrapolated to a step of zero (Richardson). */
import { expect } from "vitest";
import {
  type DerivativeOrder,
  derivativeLength,
  firstAt,
  type RowLikelihood,
  secondAt,
  thirdAt,
} from "../../../src/models/families/row-likelihood.js";

/** Everything written for row i; places not written stay NaN. */
export function rowAt(rows: RowLikelihood, i: number, at: readonly number[], order: DerivativeOrder = 3): Float64Array {
  const out = new Float64Array(derivativeLength(rows.predictors.length)).fill(Number.NaN);
  rows.row(i, Float64Array.from(at), order, out);
  return out;
}

export const logLikelihood = (rows: RowLikelihood, i: number, at: readonly number[]): number => rowAt(rows, i, at, 0)[0]!;

/** Places [derivative, the derivative it is a derivative of, predictor] that the interface asks for. */
export function places(rows: RowLikelihood): [number, number, number][] {
  const p = rows.predictors.length;
  const random = (x: number): boolean => rows.random.includes(x);
  const found: [number, number, number][] = [];
  for (let c = 0; c < p; c++) {
    found.push([firstAt(c), 0, c]);
    for (let b = 0; b <= c; b++) {
      found.push([secondAt(p, b, c), firstAt(b), c]);
      for (let a = 0; a <= b; a++) {
        if ([a, b, c].filter(random).length < 2) continue;
        found.push([thirdAt(p, a, b, c), secondAt(p, a, b), c]);
      }
    }
  }
  return found;
}

/**
 * @param step far below the distance over which the function changes
 * @param tolerance relative to the larger of 1 and the derivatives' own size
 */
export function expectTrueDerivatives(rows: RowLikelihood, i: number, at: readonly number[], step = 2e-3, tolerance = 1e-8): void {
  const exact = rowAt(rows, i, at);
  const moved = (predictor: number, by: number): Float64Array =>
    rowAt(
      rows,
      i,
      at.map((x, k) => (k === predictor ? x + by : x)),
    );
  const differences = at.map((_, predictor) => {
    const [d1, d2, d3] = [step, step / 2, step / 4].map((h) => {
      const up = moved(predictor, h);
      const down = moved(predictor, -h);
      return up.map((x, k) => (x - down[k]!) / (2 * h));
    });
    return d3!.map((x, k) => (64 * x - 20 * d2![k]! + d1![k]!) / 45);
  });
  for (const [place, below, predictor] of places(rows)) {
    const expected = differences[predictor]![below]!;
    const size = Math.max(1, Math.abs(expected), Math.abs(exact[below]!));
    expect(Math.abs(exact[place]! - expected) / size, `place ${place} at ${at.join(", ")}`).toBeLessThan(tolerance);
  }
}
