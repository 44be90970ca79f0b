/**
 * Type III hypotheses: for every term the contrasts of its effect averaged over the terms that contain it, each cell counted
 * once, whatever the coding (SAS general form of estimable functions; Goodnight 1980; as in lmerTest, Kuznetsova, Brockhoff
 * & Christensen 2017).
 *
 * Let D be the over-full matrix with a column for every level combination of every term. Each coefficient of X, coded by
 * treatment contrasts, estimates the function of D's parameters in the matching column of (X^+ D)'. The functions of a term are made
 * orthogonal to those of the terms that contain it, then read back as contrasts of X's coefficients.
 */

import { FitError, inferenceMessages } from "../messages.js";
import { fixedBasis } from "../models/blocks/fixed-basis.js";
import { contrastMatrix } from "../models/frame/contrasts.js";
import { designMatrix, type Predictor } from "../models/frame/design-matrix.js";
import type { ModelFrame } from "../models/frame/frame.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { backwardSolve, cholesky, forwardSolve } from "../models/linalg/cholesky.js";
import { crossProducts } from "../models/linalg/cross-products.js";
import { equationCount, keptTerms } from "./equations.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { typeOneHypotheses } from "./sequential-terms.js";
import { containingTerms, inEveryEquation, ownHypotheses, type TermHypothesis } from "./term-hypotheses.js";

/** @throws FitError for a cumulative model with interactions but without an intercept in its formula */
export function typeThreeHypotheses(fit: MixedFit): readonly TermHypothesis[] {
  if (isGeneralized(fit)) return generalizedHypotheses(fit);
  const { frame, engine } = fit;
  const { fixed } = frame;
  const { kept } = engine.basis;
  const containing = containingTerms(fixed);
  if (fixed.terms.length === 1) return typeOneHypotheses(fit);
  const recoded = [...frame.predictors.values()].some(
    (predictor) => predictor.kind === "factor" && predictor.contrasts.name !== "treatment",
  );
  if (!recoded && containing.every((terms) => terms.length === 0)) return ownHypotheses(fixed, Array.from(kept));
  return averagedHypotheses(frame, Array.from(kept), containing);
}

/**
 * With Wald's statistic any basis of a hypothesis will do. The thresholds of a cumulative model take the place of the intercept, which no
 * estimable contrast of a term has.
 */
function generalizedHypotheses(fit: GeneralizedMixedFit): readonly TermHypothesis[] {
  return inEveryEquation(hypothesesOfEquation(fit), equationCount(fit));
}

function hypothesesOfEquation(fit: GeneralizedMixedFit): readonly TermHypothesis[] {
  const { frame, model } = fit;
  const { fixed } = frame;
  const kept = keptTerms(fit).map((term) => fixed.names.indexOf(term));
  const containing = containingTerms(fixed);
  if (containing.every((terms) => terms.length === 0)) return ownHypotheses(fixed, kept);
  if (model !== "clmm") return averagedHypotheses(frame, kept, containing);
  if (!fixed.intercept) throw new FitError(inferenceMessages.termTestsNeedIntercept(frame.formula.text));
  const intercept = fixed.termOf.indexOf(-1);
  return averagedHypotheses(frame, [intercept, ...kept], containing).map(({ term, rows }) => ({
    term,
    rows: rows.map((row) => row.subarray(1)),
  }));
}

function averagedHypotheses(frame: ModelFrame, kept: readonly number[], containing: readonly (readonly number[])[]): TermHypothesis[] {
  const { fixed, weights } = frame;
  const n = fixed.rowCount;
  const treatment = new Map<string, Predictor>();
  let recoded = false;
  for (const [text, predictor] of frame.predictors) {
    if (predictor.kind === "numeric" || predictor.contrasts.name === "treatment") treatment.set(text, predictor);
    else {
      recoded = true;
      treatment.set(text, { ...predictor, contrasts: { name: "treatment", ...contrastMatrix("treatment", predictor.levels) } });
    }
  }
  const x = recoded ? designMatrix(frame.formula.fixed, treatment, n) : fixed;
  const basis = fixedBasis(x, weights);
  const columnsX = Array.from(basis.kept);
  const project = leastSquares(basis.columns, basis.transform, n);

  // Rows of L: parameters of D; columns: coefficients of X.
  const size = columnsX.length;
  const rows: { name: string; values: Float64Array }[] = [];
  if (x.intercept) rows.push({ name: "(Intercept)", values: project(new Float64Array(n).fill(1)) });
  for (const term of frame.formula.fixed.terms) {
    const full = designMatrix({ intercept: false, terms: [term], offsets: [] }, treatment, n);
    for (const [j, name] of full.names.entries()) rows.push({ name, values: project(full.values.subarray(j * n, (j + 1) * n)) });
  }
  const largest = rows.reduce((most, { values }) => values.reduce((m, v) => Math.max(m, Math.abs(v)), most), 0);
  // columns of L, rounding noise taken as zero
  const l: Float64Array[] = columnsX.map((_, j) =>
    Float64Array.from(rows, ({ values }) => (Math.abs(values[j]!) < 1e-7 * largest ? 0 : values[j]!)),
  );
  const columnsOf = (t: number): number[] => columnsX.flatMap((column, j) => (x.termOf[column] === t ? [j] : []));

  const order = x.terms.map((_, t) => t).sort((a, b) => x.terms[b]!.variables.length - x.terms[a]!.variables.length || a - b);
  for (const t of order) {
    const containers = containing[t]!.flatMap(columnsOf);
    if (containers.length === 0) continue;
    const onto = orthonormal(containers.map((j) => l[j]!));
    for (const j of columnsOf(t)) l[j] = withoutProjection(l[j]!, onto);
  }

  // Back to contrasts of X's coefficients, then of the model's own coding.
  const names = new Map(rows.map(({ name }, i) => [name, i]));
  const own = columnsX.map((column) => names.get(x.names[column]!)!);
  const map = recoded ? kept.map((column) => project(fixed.values.subarray(column * n, (column + 1) * n))) : null;
  return x.terms.map(({ label }, t) => {
    const contrasts = columnsOf(t).flatMap((j) => {
      const row = Float64Array.from(own, (i) => l[j]![i]!);
      if (row.reduce((sum, v) => sum + Math.abs(v), 0) <= 1e-8) return [];
      if (map === null) return [inKeptOrder(row, columnsX, kept)];
      return [Float64Array.from(map, (coefficients) => row.reduce((sum, v, i) => sum + v * coefficients[i]!, 0))];
    });
    return { term: label, rows: contrasts };
  });

  function inKeptOrder(row: Float64Array, from: readonly number[], to: readonly number[]): Float64Array {
    if (from.length !== size) return row;
    return Float64Array.from(to, (column) => row[from.indexOf(column)] ?? 0);
  }
}

/** v -> coefficients of v on X = X* T^-1. */
function leastSquares(columns: readonly Float64Array[], transform: Float64Array, n: number): (v: Float64Array) => Float64Array {
  const p = columns.length;
  const gram = crossProducts(columns, columns, n);
  cholesky(gram, 0, p, p);
  return (v) => {
    const b = new Float64Array(p);
    const residual = Float64Array.from(v);
    const out = new Float64Array(p);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < p; j++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += columns[j]![i]! * residual[i]!;
        b[j] = sum;
      }
      forwardSolve(gram, 0, p, p, b, 0, 1);
      backwardSolve(gram, 0, p, p, b, 0, 1);
      for (let j = 0; j < p; j++) {
        for (let i = 0; i < p; i++) out[i] = out[i]! + transform[j * p + i]! * b[j]!;
        for (let i = 0; i < n; i++) residual[i] = residual[i]! - b[j]! * columns[j]![i]!;
      }
    }
    return out;
  };
}

/** An orthonormal basis of the span, dependent vectors left out. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const before = Math.sqrt(dot(vector, vector));
    const left = withoutProjection(vector, basis);
    const norm = Math.sqrt(dot(left, left));
    if (norm > 1e-7 * before) basis.push(left.map((v) => v / norm));
  }
  return basis;
}

function withoutProjection(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const out = Float64Array.from(vector);
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) {
      const along = dot(out, direction);
      for (let i = 0; i < out.length; i++) out[i] = out[i]! - along * direction[i]!;
    }
  }
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
