/**
 * The covariance parameters theta: the free entries of the whitened relative covariance factors lambda*, group by group, part
 * by part, column by column. An unstructured part has a lower-triangular factor, a diagonal part its diagonal.
 */
import { multiply } from "../linalg/symmetric.js";
import type { GroupPart, RandomGroup } from "./random-groups.js";

/** Entry (row, column) of group `group`'s factor, inside part `part`. */
export interface CovarianceParameter {
  readonly group: number;
  readonly part: GroupPart;
  readonly row: number;
  readonly column: number;
}

export function covarianceParameters(groups: readonly RandomGroup[]): CovarianceParameter[] {
  const parameters: CovarianceParameter[] = [];
  groups.forEach((group, k) => {
    for (const part of group.parts) {
      for (let c = part.start; c < part.start + part.size; c++) {
        const last = part.covariance === "diagonal" ? c : part.start + part.size - 1;
        for (let r = c; r <= last; r++) parameters.push({ group: k, part, row: r, column: c });
      }
    }
  });
  return parameters;
}

/** theta -> one S x S lower-triangular matrix a group. */
export function lambdaOf(groups: readonly RandomGroup[], parameters: readonly CovarianceParameter[], theta: Float64Array): Float64Array[] {
  const lambda = groups.map((group) => new Float64Array(group.size * group.size));
  parameters.forEach(({ group, row, column }, j) => {
    lambda[group]![column * groups[group]!.size + row] = theta[j]!;
  });
  return lambda;
}

/** The inverse of `lambdaOf`. */
export function thetaOf(
  groups: readonly RandomGroup[],
  parameters: readonly CovarianceParameter[],
  lambda: readonly Float64Array[],
): Float64Array {
  return Float64Array.from(parameters, ({ group, row, column }) => lambda[group]![column * groups[group]!.size + row]!);
}

/** lambda = R^-1 lambda*: the factor for the columns as the user knows them, column signs such that the diagonal is not negative. */
export function unwhitened(group: RandomGroup, lambda: Float64Array): Float64Array {
  const size = group.size;
  const out = multiply(group.whitening, lambda, size);
  for (let c = 0; c < size; c++) {
    if (out[c * size + c]! >= 0) continue;
    for (let r = 0; r < size; r++) out[c * size + r] = -out[c * size + r]!;
  }
  return out;
}

/** The part's own block of an S x S matrix. */
export function partBlock(matrix: Float64Array, size: number, part: GroupPart): Float64Array {
  const out = new Float64Array(part.size * part.size);
  for (let c = 0; c < part.size; c++) {
    for (let r = 0; r < part.size; r++) out[c * part.size + r] = matrix[(part.start + c) * size + part.start + r]!;
  }
  return out;
}

/** Writes the part's own block of an S x S matrix. */
export function setPartBlock(matrix: Float64Array, size: number, part: GroupPart, block: Float64Array): void {
  for (let c = 0; c < part.size; c++) {
    for (let r = 0; r < part.size; r++) matrix[(part.start + c) * size + part.start + r] = block[c * part.size + r]!;
  }
}
