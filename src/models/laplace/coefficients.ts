/**
 * The elements of psi, part by part: working columns for the engine, coefficients in the units of the data for the user.
 *
 *   beta = T beta*,   vcov = T V T'
 */
import { type FixedBasis, fixedBasis } from "../blocks/fixed-basis.js";
import type { FixedEffect } from "../fit.js";
import type { DesignMatrix } from "../frame/design.js";
import { multiply } from "../linalg/symmetric.js";

/** Coefficients of one linear predictor. */
export interface CoefficientPart {
  /** First element of psi. */
  readonly first: number;
  /** Names of the columns kept. */
  readonly names: readonly string[];
  readonly dropped: readonly string[];
  /** Working columns, n values each. */
  readonly columns: readonly Float64Array[];
  /** p x p column-major: user coefficients from working ones. */
  readonly transform: Float64Array;
}

export function coefficientPart(design: DesignMatrix, weights: Float64Array | null, first: number): CoefficientPart {
  return partOf(fixedBasis(design, weights), design, first);
}

export function partOf(basis: FixedBasis, design: DesignMatrix, first: number): CoefficientPart {
  const names = Array.from(basis.kept, (j) => design.names[j]!);
  return { first, names, dropped: basis.dropped, columns: basis.columns, transform: basis.transform };
}

/** One coefficient that is the same in every row. */
export function constantPart(name: string, n: number, first: number): CoefficientPart {
  return { first, names: [name], dropped: [], columns: [new Float64Array(n).fill(1)], transform: Float64Array.of(1) };
}

/** Places of a part's elements in psi. */
export function placesOf({ first, names }: CoefficientPart): Int32Array {
  return Int32Array.from(names, (_, j) => first + j);
}

export interface CoefficientEstimates {
  readonly estimates: Float64Array;
  /** p x p column-major; NaN where none is known. */
  readonly vcov: Float64Array;
}

/** T beta* and T V T' for a block of working values and their covariance. */
export function inUserUnits(transform: Float64Array, values: Float64Array, covariance: Float64Array | null): CoefficientEstimates {
  const p = values.length;
  const estimates = new Float64Array(p);
  for (let j = 0; j < p; j++) for (let i = 0; i < p; i++) estimates[i] = estimates[i]! + transform[j * p + i]! * values[j]!;
  if (covariance === null) return { estimates, vcov: new Float64Array(p * p).fill(Number.NaN) };
  const half = multiply(transform, covariance, p);
  const transposed = new Float64Array(p * p);
  for (let j = 0; j < p; j++) for (let i = 0; i < p; i++) transposed[i * p + j] = transform[j * p + i]!;
  return { estimates, vcov: multiply(half, transposed, p) };
}

/** Records with standard errors and their ratios. */
export function effectsOf(names: readonly string[], { estimates, vcov }: CoefficientEstimates): FixedEffect[] {
  const p = names.length;
  return names.map((term, k) => {
    const stdError = Math.sqrt(vcov[k * p + k]!);
    return { term, estimate: estimates[k]!, stdError, statistic: estimates[k]! / stdError };
  });
}

/** The rows and columns from `first` on, `count` of them, of a size x size matrix. */
export function blockOf(matrix: Float64Array, size: number, first: number, count: number): Float64Array {
  const out = new Float64Array(count * count);
  for (let c = 0; c < count; c++) for (let r = 0; r < count; r++) out[c * count + r] = matrix[(first + c) * size + first + r]!;
  return out;
}

/** Names of all coefficients, and the matrix that makes them from psi: names x psiCount, row-major. */
export function allCoefficients(
  parts: readonly CoefficientPart[],
  psiCount: number,
): { readonly names: readonly string[]; readonly transform: Float64Array } {
  const names = parts.flatMap((part) => part.names);
  const transform = new Float64Array(names.length * psiCount);
  let row = 0;
  for (const part of parts) {
    const p = part.names.length;
    for (let i = 0; i < p; i++, row++) {
      for (let j = 0; j < p; j++) transform[row * psiCount + part.first + j] = part.transform[j * p + i]!;
    }
  }
  return { names, transform };
}

/** Rows become columns: n x n. */
export function transposed(matrix: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) out[c * n + r] = matrix[r * n + c]!;
  return out;
}
