/**
 * A generalized or cumulative mixed model as the engine works on it: rows, blocks, and room to work in.
 */
import { type CovarianceParameter, covarianceParameters } from "../blocks/covariance-parameters.js";
import { allocateFactor, type Factor } from "../blocks/factor.js";
import type { Gram } from "../blocks/gram.js";
import type { Structure } from "../blocks/structure.js";
import type { KernelSet } from "../linalg/kernels.js";
import { type Quadrature, quadratureOf } from "./quadrature-rows.js";
import type { QuadratureRule } from "./quadrature-rule.js";
import { allocateDerivatives, pairOf, type RowDerivatives, type RowModel } from "./row-model.js";
import { type Strands, strandsOf } from "./strands.js";

export interface LaplaceProblem {
  readonly model: RowModel;
  /** Built without fixed columns: p = 0. */
  readonly structure: Structure;
  /** theta, then psi. */
  readonly parameters: readonly CovarianceParameter[];
  readonly strands: Strands;
  /** Elements of psi that the inner loop maximises over together with the effects (lme4's nAGQ = 0); empty for the Laplace approximation. */
  readonly profiled: Int32Array;
  readonly gram: Gram;
  readonly factor: Factor;
  readonly rows: RowDerivatives;
  /** P arrays of n values. */
  readonly predictors: readonly Float64Array[];
  /** Lambda C Lambda' in the layout of the Gram panels. */
  readonly covariance: Float64Array;
  /** By pair of predictors: leverages; null for pairs without random effects. */
  readonly leverage: readonly (Float64Array | null)[];
  /** null for the Laplace approximation. */
  readonly quadrature: Quadrature | null;
}

export interface LaplaceOptions {
  readonly profiled?: Int32Array;
  /** For effects on predictor 0 alone: the rule of one grouping factor, or one for each of two nested ones, in the order of the groups. */
  readonly rule?: QuadratureRule | readonly QuadratureRule[] | null;
  readonly kernels?: KernelSet | "auto";
}

export function laplaceProblem(model: RowModel, structure: Structure, options: LaplaceOptions = {}): LaplaceProblem {
  const { n, random, predictors } = model;
  const p = predictors.length;
  const leverage: (Float64Array | null)[] = Array((p * (p + 1)) / 2).fill(null);
  for (const a of random) for (const b of random) leverage[pairOf(a, b)] ??= new Float64Array(n);
  const strands = strandsOf(structure, model.groupPredictor, n);
  const rule = options.rule ?? null;
  return {
    model,
    structure,
    parameters: covarianceParameters(structure.groups),
    strands,
    profiled: options.profiled ?? new Int32Array(0),
    // The factor's last row is a response of length one that nothing is correlated with.
    gram: { random: new Float64Array(structure.aLength), fixed: Float64Array.of(1) },
    factor: allocateFactor(structure, options.kernels),
    rows: allocateDerivatives(model),
    predictors: Array.from({ length: p }, () => new Float64Array(n)),
    covariance: new Float64Array(structure.aLength),
    leverage,
    quadrature: rule === null ? null : quadratureOf({ strands, structure, model }, rule),
  };
}
