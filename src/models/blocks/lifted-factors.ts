/**
 * Factors kept away from singularity: where a part of lambda has a small singular value, D cannot be read off through lambda^-1. Raised
 * to eps it can, with eps^2 times a level's average information 1e-8, so that D changes by no more than that share.
 */
import { lowerFactor, singularValues } from "../linalg/symmetric.js";
import { partBlock, setPartBlock } from "./covariance-parameters.js";
import type { RandomGroup } from "./random-groups.js";

/** eps^2 is such that eps^2 times a level's average information is 1e-8. */
function liftOf(n: number, group: RandomGroup): number {
  return 1e-4 * Math.sqrt(Math.min(1, group.levelCount / n));
}

/** lambda with small singular values raised; null where none is small. */
export function liftedFactors(groups: readonly RandomGroup[], n: number, lambda: readonly Float64Array[]): Float64Array[] | null {
  let any = false;
  const lifted = groups.map((group, k) => {
    const lift = liftOf(n, group);
    let matrix = lambda[k]!;
    for (const part of group.parts) {
      const block = partBlock(matrix, group.size, part);
      const raised =
        part.covariance === "diagonal" || part.size === 1 ? liftedDiagonal(block, part.size, lift) : liftedBlock(block, part.size, lift);
      if (raised === null) continue;
      any = true;
      if (matrix === lambda[k]) matrix = Float64Array.from(matrix);
      setPartBlock(matrix, group.size, part, raised);
    }
    return matrix;
  });
  return any ? lifted : null;
}

function liftedDiagonal(block: Float64Array, size: number, lift: number): Float64Array | null {
  let any = false;
  const out = Float64Array.from(block);
  for (let i = 0; i < size; i++) {
    if (Math.abs(out[i * size + i]!) >= lift) continue;
    out[i * size + i] = lift;
    any = true;
  }
  return any ? out : null;
}

function liftedBlock(block: Float64Array, size: number, lift: number): Float64Array | null {
  const { u, s } = singularValues(block, size);
  if (s[size - 1]! >= lift) return null;
  const raised = new Float64Array(size * size);
  for (let c = 0; c < size; c++) for (let r = 0; r < size; r++) raised[c * size + r] = u[c * size + r]! * Math.max(s[c]!, lift);
  return lowerFactor(raised, size);
}

/** sum tr(D dSigma), what the criterion changes by, to first order, when lambda is lifted. */
export function changeByLift(
  groups: readonly RandomGroup[],
  d: readonly Float64Array[],
  lambda: readonly Float64Array[],
  lifted: readonly Float64Array[],
): number {
  let change = 0;
  groups.forEach((group, k) => {
    for (const part of group.parts) {
      const before = partBlock(lambda[k]!, group.size, part);
      const after = partBlock(lifted[k]!, group.size, part);
      const block = partBlock(d[k]!, group.size, part);
      const m = part.size;
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < m; j++) {
          if (part.covariance === "diagonal" && i !== j) continue;
          let sigma = 0;
          for (let c = 0; c < m; c++) sigma += after[c * m + i]! * after[c * m + j]! - before[c * m + i]! * before[c * m + j]!;
          change += block[j * m + i]! * sigma;
        }
      }
    }
  });
  return change;
}
