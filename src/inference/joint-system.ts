/**
 * The equations from which random effects and coefficients come together, at a fit's estimates: what leverage and the deletion of rows are
 * read from without fitting again.
 *
 *   A [du; dpsi] = V g,    A = sum_i V_i W_i V_i' + [I 0; 0 0],    V_i' = [Z_i Lambda, B_i]
 *
 * W_i = -d2l and g_i = dl are the row's in its P linear predictors; in linear models P = 1, W_i = w_i and g_i = w_i r_i, in units of the
 * residual variance (Henderson 1975; Bates, Maechler, Bolker & Walker 2015, section 5). With C = (Lambda'Z'WZ Lambda + I)^-1,
 * S = C Lambda'Z'W B and T the information about psi when effects move along,
 *
 *   A^-1 = [ C + S T^-1 S'   -S T^-1 ]       X_i = B_i - Z_i Lambda S,       H_i = V_i'A^-1 V_i = Z_i Lambda C Lambda'Z_i' + X_i T^-1 X_i'
 *          [ -T^-1 S'          T^-1  ]
 *
 * X_i are the rows of the design freed from what the random effects take up: W X is V0^-1 B in a linear model.
 */
import { lambdaOf } from "../models/blocks/covariance-parameters.js";
import { factorAt } from "../models/blocks/criterion.js";
import type { Factor } from "../models/blocks/factor.js";
import { patternCovariance } from "../models/blocks/pattern-covariance.js";
import { applyLambda, backwardSolveRandom, fixedRowsOf, inverseOfFixed } from "../models/blocks/solve.js";
import type { Structure } from "../models/blocks/structure.js";
import type { LinearMixedFit } from "../models/fit.js";
import { linearPredictors } from "../models/fitted.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { fixedSystem } from "../models/laplace/fixed-system.js";
import { findMode } from "../models/laplace/mode.js";
import { type PredictorDesign, pairOf } from "../models/laplace/row-model.js";
import { addRandom, leverages, type Strands, strandsOf } from "../models/laplace/strands.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { symmetricInverse } from "./small-matrix.js";

/** Arrays belong to the system; its factor to whoever evaluates the fit's engine next. */
export interface JointSystem {
  readonly n: number;
  readonly structure: Structure;
  readonly strands: Strands;
  readonly factor: Factor;
  /** By group, S x S. */
  readonly lambda: readonly Float64Array[];
  /** P designs: B. */
  readonly predictors: readonly PredictorDesign[];
  readonly psiCount: number;
  /** Predictors that carry random effects. */
  readonly random: readonly number[];
  /** By predictor, n values: g. */
  readonly first: readonly Float64Array[];
  /** By pair of predictors (`pairOf`), n values: -W. */
  readonly second: readonly Float64Array[];
  /** q x psiCount, row by row: S. */
  readonly solved: Float64Array;
  /** psiCount squared: T^-1; null where T is not positive definite. */
  readonly inverse: Float64Array | null;
  /** By predictor and element of psi (at [a * psiCount + j]) n values: X; null for zero. */
  readonly freed: readonly (Float64Array | null)[];
  /** By pair of predictors n values: Z Lambda C Lambda'Z'; null for zero. */
  readonly shared: readonly (Float64Array | null)[];
  /** Coefficients in the order of `fit.fixed` from psi: p x psiCount, row-major. */
  readonly transform: Float64Array;
}

/** What differs between linear and generalized fits. */
type Ingredients = Omit<JointSystem, "freed" | "shared">;

export function jointSystem(fit: MixedFit): JointSystem | null {
  const own = isGeneralized(fit) ? generalizedIngredients(fit) : linearIngredients(fit);
  if (own === null) return null;
  return { ...own, freed: freedColumns(own), shared: sharedVariance(own) };
}

function linearIngredients(fit: LinearMixedFit): Ingredients {
  const { problem, basis, response, optimum } = fit.engine;
  const { structure, factor, gram } = problem;
  const { p } = structure;
  const { lambda } = optimum;
  const n = fit.nobs;
  factorAt(problem, lambda);
  const { solved } = fixedRowsOf(factor, gram);
  backwardSolveRandom(factor, solved, p);
  const half = inverseOfFixed(factor);
  const inverse = new Float64Array(p * p);
  for (let c = 0; c < p; c++) {
    for (let r = 0; r < p; r++) {
      let sum = 0;
      for (let i = Math.max(r, c); i < p; i++) sum += half[r * p + i]! * half[c * p + i]!;
      inverse[c * p + r] = sum;
    }
  }
  const { fixedPart, randomPart } = linearPredictors(fit);
  const { weights } = fit.frame;
  const first = new Float64Array(n);
  const second = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i]!;
    first[i] = w * (response.values[i]! - fixedPart[i]! - randomPart[i]!);
    second[i] = -w;
  }
  const transform = new Float64Array(p * p);
  for (let j = 0; j < p; j++) for (let i = 0; i < p; i++) transform[i * p + j] = response.scale * basis.transform[j * p + i]!;
  return {
    n,
    structure,
    strands: strandsOf(structure, new Int32Array(structure.groups.length), n),
    factor,
    lambda,
    predictors: [{ columns: basis.columns, parameter: Int32Array.from(basis.columns, (_, j) => j), offset: null }],
    psiCount: p,
    random: [0],
    first: [first],
    second: [second],
    solved,
    inverse,
    transform,
  };
}

/** @returns null where the mode cannot be found again */
function generalizedIngredients(fit: GeneralizedMixedFit): Ingredients | null {
  const { problem, point, effects, names, transform, categories } = fit.engine;
  const { structure, parameters, model, strands, factor, rows } = problem;
  const { psiCount } = model;
  const lambda = lambdaOf(structure.groups, parameters, point);
  if (findMode(problem, lambda, point.subarray(parameters.length), effects, 2) === null) return null;
  const { solved, t } = fixedSystem(problem, lambda);
  backwardSolveRandom(factor, solved, psiCount);
  // Thresholds stand before the coefficients of the mean, all other parts behind them.
  const start = categories === null ? 0 : (fit.thresholds?.length ?? 0);
  const own = transform.slice(start * psiCount, Math.min(names.length, start + fit.fixed.length) * psiCount);
  return {
    n: model.n,
    structure,
    strands,
    factor,
    lambda,
    predictors: model.predictors,
    psiCount,
    random: model.random,
    first: rows.first.map((values) => Float64Array.from(values)),
    second: rows.second.map((values) => Float64Array.from(values)),
    solved,
    inverse: symmetricInverse(t, psiCount),
    transform: own,
  };
}

/** X = B - Z Lambda S, column by column. */
function freedColumns({ n, structure, strands, lambda, predictors, psiCount, random, solved }: Ingredients): (Float64Array | null)[] {
  const { q } = structure;
  const out = predictors.flatMap(() => Array<Float64Array | null>(psiCount).fill(null));
  predictors.forEach(({ columns, parameter }, a) => {
    columns.forEach((column, k) => {
      const at = a * psiCount + parameter[k]!;
      const own = out[at] ?? new Float64Array(n);
      out[at] = own;
      for (let i = 0; i < n; i++) own[i] = own[i]! + column[i]!;
    });
  });
  const u = new Float64Array(q);
  const b = new Float64Array(q);
  for (let j = 0; j < psiCount; j++) {
    for (let i = 0; i < q; i++) u[i] = -solved[i * psiCount + j]!;
    applyLambda(structure, lambda, false, u, 1, b);
    const into = predictors.map((_, a) => {
      if (random.includes(a)) out[a * psiCount + j] ??= new Float64Array(n);
      return out[a * psiCount + j] ?? new Float64Array(0);
    });
    addRandom(strands, b, n, into);
  }
  return out;
}

function sharedVariance({ n, structure, strands, factor, lambda, predictors, random }: Ingredients): (Float64Array | null)[] {
  const p = predictors.length;
  const out: (Float64Array | null)[] = Array((p * (p + 1)) / 2).fill(null);
  if (structure.groups.length === 0) return out;
  for (const a of random) for (const b of random) out[pairOf(a, b)] ??= new Float64Array(n);
  const { blocks } = patternCovariance(factor, lambda, new Float64Array(structure.aLength));
  leverages(strands, blocks, n, out);
  return out;
}

/** Room for one row's numbers. */
export interface RowScratch {
  /** P x P, W_i and H_i. */
  readonly w: Float64Array;
  readonly h: Float64Array;
  /** P x psiCount, row by row: X_i and X_i T^-1. */
  readonly x: Float64Array;
  readonly xt: Float64Array;
}

export function rowScratch({ predictors, psiCount }: JointSystem): RowScratch {
  const p = predictors.length;
  return {
    w: new Float64Array(p * p),
    h: new Float64Array(p * p),
    x: new Float64Array(p * psiCount),
    xt: new Float64Array(p * psiCount),
  };
}

/** Fills W_i, X_i, X_i T^-1 and H_i. @param inverse T^-1 */
export function fillRow(system: JointSystem, inverse: Float64Array, i: number, { w, h, x, xt }: RowScratch): void {
  const { predictors, psiCount, second, freed, shared } = system;
  const p = predictors.length;
  for (let at = 0; at < x.length; at++) x[at] = freed[at]?.[i] ?? 0;
  for (let a = 0; a < p; a++) {
    for (let j = 0; j < psiCount; j++) {
      let sum = 0;
      for (let k = 0; k < psiCount; k++) sum += x[a * psiCount + k]! * inverse[j * psiCount + k]!;
      xt[a * psiCount + j] = sum;
    }
  }
  for (let b = 0; b < p; b++) {
    for (let a = 0; a <= b; a++) {
      let sum = shared[pairOf(a, b)]?.[i] ?? 0;
      for (let j = 0; j < psiCount; j++) sum += xt[a * psiCount + j]! * x[b * psiCount + j]!;
      h[b * p + a] = sum;
      h[a * p + b] = sum;
      w[b * p + a] = -second[pairOf(a, b)]![i]!;
      w[a * p + b] = w[b * p + a]!;
    }
  }
}
