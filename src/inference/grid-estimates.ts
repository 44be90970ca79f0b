/**
 * Estimates as functions of a fit's coefficients, with their covariance: what marginal means, contrasts, slopes and average effects have in
 * common.
 *
 *   m = h(beta_hat),   Var(m) = J V J',   J = dh / dbeta
 *
 * (the delta method; Oehlert 1992). Of linear functions J is exact, and linear models give them degrees of freedom. A function of
 * coefficients that a rank-deficient model leaves undetermined is not estimable (Searle 1971, section 5.4): it depends on a redundant column
 * otherwise than through the columns kept.
 */
import { FitError, inferenceMessages, predictionMessages } from "../messages.js";
import { fixedBasis } from "../models/blocks/fixed-basis.js";
import type { DesignMatrix } from "../models/frame/design.js";
import { leastSquares } from "../models/linalg/least-squares.js";
import type { DfMethod } from "./df-method.js";
import { keptTerms } from "./equations.js";
import { checkLevel, fixedTests, refuseDegreesOfFreedom, upperQuantile } from "./fixed-tests.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { coefficientsOf } from "./predict-rows.js";

/** k functions of the coefficients. */
export interface GridEstimates {
  readonly values: Float64Array;
  /** By function: its gradient in all coefficients. */
  readonly gradients: readonly Float64Array[];
  /** By function: whether it is estimable. */
  readonly estimable: readonly boolean[];
  /** Whether the functions are linear in the fixed effects of a linear model, so that they have degrees of freedom. */
  readonly linear: boolean;
}

/** Standard error, and the degrees of freedom of its t distribution; null for the normal. */
export interface EstimateError {
  readonly stdError: number;
  readonly df: number | null;
}

/** The combination sum_i weights[i] m_i. */
export function combined(
  estimates: GridEstimates,
  weights: ArrayLike<number>,
): { readonly value: number; readonly gradient: Float64Array; readonly estimable: boolean } {
  const { values, gradients, estimable } = estimates;
  let value = 0;
  let whole = true;
  const gradient = new Float64Array(gradients[0]?.length ?? 0);
  for (let i = 0; i < values.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    value += weight * values[i]!;
    if (!estimable[i]) whole = false;
    const own = gradients[i]!;
    for (let j = 0; j < gradient.length; j++) gradient[j] = gradient[j]! + weight * own[j]!;
  }
  return { value, gradient, estimable: whole };
}

/** Ways to find a function's standard error from its gradient. */
export type ErrorOf = (gradient: Float64Array) => EstimateError;

/** @throws FitError for degrees of freedom of generalized models, and where the method is not for this fit */
export function errorsOf(fit: MixedFit, method: DfMethod | undefined, linear: boolean): ErrorOf {
  const { covariance, values } = coefficientsOf(fit);
  const p = values.length;
  const plain = (gradient: Float64Array): number => Math.sqrt(Math.max(0, quadratic(covariance, gradient, p)));
  if (isGeneralized(fit)) {
    refuseDegreesOfFreedom(method);
    return (gradient) => ({ stdError: plain(gradient), df: null });
  }
  if (method === "none" || !linear) return (gradient) => ({ stdError: plain(gradient), df: null });
  const tests = fixedTests(fit, method);
  return (gradient) => {
    if (gradient.every((x) => x === 0)) return { stdError: 0, df: null };
    const { variance, df } = tests.contrast(gradient);
    return { stdError: Math.sqrt(variance), df };
  };
}

function quadratic(a: Float64Array, x: Float64Array, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) {
    if (x[j] === 0) continue;
    for (let i = 0; i < n; i++) sum += x[i]! * a[j * n + i]! * x[j]!;
  }
  return sum;
}

/** @throws FitError for a level outside (0, 1) */
export function quantileFor(level: number, df: number | null): number {
  checkLevel(level);
  return upperQuantile((1 - level) / 2, df);
}

/** Which functions of a design's rows the fit determines. */
export interface Estimability {
  row(row: number): boolean;
  /** Of the combination of the rows with these weights. */
  combination(weights: ArrayLike<number>): boolean;
}

/** All rows are determined where no column was dropped. */
export function estimability(fit: MixedFit, design: DesignMatrix): Estimability {
  if (fit.droppedColumns.length === 0) return { row: () => true, combination: () => true };
  const n = fit.frame.fixed.rowCount;
  const { fixed } = fit.frame;
  const kept = keptTerms(fit);
  const isKept = new Set<number>();
  let next = 0;
  fixed.names.forEach((name, j) => {
    if (name === kept[next]) {
      isKept.add(j);
      next++;
    }
  });
  // The intercept of ordered categories is taken by the thresholds: a column like the others here.
  const own = [...isKept];
  const intercept = fixed.termOf.indexOf(-1);
  if (intercept >= 0 && !isKept.has(intercept)) own.unshift(intercept);
  const column = (j: number): Float64Array => fixed.values.subarray(j * n, (j + 1) * n);
  const basis = fixedBasis(
    {
      ...fixed,
      names: own.map((j) => fixed.names[j]!),
      values: joined(own.map(column)),
      termOf: Int32Array.from(own, (j) => fixed.termOf[j]!),
    },
    null,
  );
  const redundant = fixed.names.map((_, j) => j).filter((j) => !own.includes(j));
  const rows = design.rowCount;
  const p = own.length;
  const residuals = redundant.map((j) => {
    const working = leastSquares(basis.columns, column(j));
    // Coefficients of the columns kept: T b*.
    const b = new Float64Array(p);
    for (let c = 0; c < p; c++) for (let r = 0; r < p; r++) b[r] = b[r]! + basis.transform[c * p + r]! * working[c]!;
    const residual = Float64Array.from(design.values.subarray(j * rows, (j + 1) * rows));
    own.forEach((k, r) => {
      for (let i = 0; i < rows; i++) residual[i] = residual[i]! - b[r]! * design.values[k * rows + i]!;
    });
    const scale = column(j).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    return { residual, scale: scale === 0 ? 1 : scale };
  });
  return {
    row: (row) => residuals.every(({ residual, scale }) => Math.abs(residual[row]!) <= 1e-7 * scale),
    combination: (weights) =>
      residuals.every(({ residual, scale }) => {
        let sum = 0;
        for (let i = 0; i < rows; i++) sum += weights[i]! * residual[i]!;
        return Math.abs(sum) <= 1e-7 * scale;
      }),
  };
}

function joined(columns: readonly Float64Array[]): Float64Array {
  const n = columns[0]?.length ?? 0;
  const out = new Float64Array(n * columns.length);
  columns.forEach((column, j) => {
    out.set(column, j * n);
  });
  return out;
}

/** @throws FitError for an option that does not exist */
export function checkOptionNames(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) if (!known.includes(name)) throw new FitError(inferenceMessages.unknownOption(name, known));
}

/** @throws FitError for a value that the option does not take */
export function checkChoice(option: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new FitError(predictionMessages.choice(option, value, known));
}
