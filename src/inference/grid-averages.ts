/**
 * Averages over the cells of a reference grid: how much each cell counts, and what comes out, with gradients in the coefficients.
 *
 *   m_s = sum_c w_sc h(x_c; beta),   sum_c w_sc = 1
 */
import { estimability, type GridEstimates } from "./grid-estimates.js";
import type { MixedFit } from "./mixed-fit.js";
import { type Outcome, outcomeSlopes } from "./predict-outcome.js";
import { coefficientsOf, gradientOfRow, type PredictionRows, predictorValues } from "./predict-rows.js";
import type { GridDimension, ReferenceGrid } from "./reference-grid.js";

/** How cells are averaged: alike; by the frequencies of the combinations, of each factor alone, or of the cells; alike over cells with rows. */
export type MeanWeights = "equal" | "proportional" | "outer" | "cells" | "flat";

export const MEAN_WEIGHTS: readonly MeanWeights[] = ["equal", "proportional", "outer", "cells", "flat"];

/** One combination of the factors shown, and the weight of each of the grid's cells in its mean. */
export interface MarginalGroup {
  readonly cell: Readonly<Record<string, string | number>>;
  readonly weights: Float64Array;
}

/** Weights sum to one in each combination; zero throughout where a combination has no rows and cells count by rows. */
export function marginalWeights(
  fit: MixedFit,
  grid: ReferenceGrid,
  shown: readonly GridDimension[],
  averaged: readonly GridDimension[],
  weights: MeanWeights,
): readonly MarginalGroup[] {
  const place = new Map(grid.dimensions.map((own, d) => [own, d]));
  const count = shown.reduce((product, { values }) => product * values.length, 1);
  const out = Array.from({ length: count }, (_, g) => {
    let rest = g;
    const cell = shown.map(({ name, values }): [string, string | number] => {
      const own = rest % values.length;
      rest = Math.floor(rest / values.length);
      return [name, values[own]!];
    });
    return { cell: Object.fromEntries(cell), weights: new Float64Array(grid.cellCount) };
  });
  const weightOf = cellWeights(fit, grid, averaged, weights);
  for (let c = 0; c < grid.cellCount; c++) {
    let g = 0;
    let stride = 1;
    for (const own of shown) {
      g += stride * grid.index[place.get(own)!]![c]!;
      stride *= own.values.length;
    }
    out[g]!.weights[c] = weightOf(c);
  }
  for (const { weights: own } of out) {
    const total = own.reduce((sum, weight) => sum + weight, 0);
    if (total > 0) for (let c = 0; c < own.length; c++) own[c] = own[c]! / total;
    else own.fill(Number.NaN);
  }
  return out;
}

function cellWeights(
  fit: MixedFit,
  grid: ReferenceGrid,
  averaged: readonly GridDimension[],
  weights: MeanWeights,
): (cell: number) => number {
  if (weights === "equal") return () => 1;
  const categorical = grid.dimensions.filter(({ kind }) => kind === "factor");
  if (weights === "outer") {
    const margins = averaged.filter(({ kind }) => kind === "factor").map((own) => frequencies(fit, grid, [own]));
    return (cell) => margins.reduce((product, margin) => product * margin(cell), 1);
  }
  if (weights === "proportional")
    return frequencies(
      fit,
      grid,
      averaged.filter(({ kind }) => kind === "factor"),
    );
  const counts = frequencies(fit, grid, categorical);
  return weights === "cells" ? counts : (cell) => (counts(cell) > 0 ? 1 : 0);
}

/** How many rows (by their prior weights) have a cell's levels of some factors. */
function frequencies({ frame }: MixedFit, grid: ReferenceGrid, dimensions: readonly GridDimension[]): (cell: number) => number {
  const counts = new Map<number, number>();
  const n = frame.rows.length;
  for (let i = 0; i < n; i++) {
    const key = dimensions.reduce((sum, { codes, levels }) => sum * levels.length + codes![i]!, 0);
    counts.set(key, (counts.get(key) ?? 0) + (frame.weights === null ? 1 : frame.weights[i]!));
  }
  const places = dimensions.map((own) => grid.index[grid.dimensions.indexOf(own)]!);
  return (cell) => {
    const key = dimensions.reduce(
      (sum, { values, levels }, d) => sum * levels.length + levels.indexOf(String(values[places[d]![cell]!])),
      0,
    );
    return counts.get(key) ?? 0;
  };
}

/** The outcome's quantities averaged over the cells of each group: group by group, quantity by quantity. */
export function averagedEstimates(
  fit: MixedFit,
  rows: PredictionRows,
  outcome: Outcome,
  linear: boolean,
  groups: readonly { readonly weights: Float64Array }[],
): GridEstimates {
  const { values: coefficients } = coefficientsOf(fit);
  const at = predictorValues(rows, coefficients);
  const p = rows.predictors.length;
  const quantities = outcome.quantities.length;
  const point = new Float64Array(p);
  const value = new Float64Array(quantities);
  const slopes = new Float64Array(quantities * p);
  const gradient = new Float64Array(coefficients.length);
  const count = groups.length * quantities;
  const values = new Float64Array(count);
  const gradients = Array.from({ length: count }, () => new Float64Array(coefficients.length));
  const used = groups.map(({ weights }) => weights);
  for (let c = 0; c < rows.rowCount; c++) {
    if (used.every((weights) => weights[c] === 0)) continue;
    for (let k = 0; k < p; k++) point[k] = at[k]![c]!;
    outcome.values(point, value);
    outcomeSlopes(outcome, point, slopes);
    for (let q = 0; q < quantities; q++) {
      gradientOfRow(rows, c, slopes.subarray(q * p, (q + 1) * p), gradient);
      used.forEach((weights, g) => {
        const weight = weights[c]!;
        if (weight === 0) return;
        const k = g * quantities + q;
        values[k] = values[k]! + weight * value[q]!;
        const own = gradients[k]!;
        for (let j = 0; j < own.length; j++) own[j] = own[j]! + weight * gradient[j]!;
      });
    }
  }
  const determined = estimability(fit, rows.fixed);
  const estimable = groups.flatMap(({ weights }) => {
    const empty = Number.isNaN(weights[0]);
    // A nonlinear function of a cell needs the cell itself.
    const whole = !empty && (linear ? determined.combination(weights) : weights.every((weight, c) => weight === 0 || determined.row(c)));
    return Array.from({ length: quantities }, () => whole);
  });
  return { values, gradients, estimable, linear };
}
