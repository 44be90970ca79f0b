/**
 * The Cholesky factor of the system
 *
 *   Omega = [ Lambda'Z'Z Lambda + I   .      .   ]
 *           [ X'Z Lambda              X'X    .   ] = L L'
 *           [ y'Z Lambda              y'X    y'y ]
 *
 * (Bates, Maechler, Bolker & Walker 2015, eq. 18 ff.; the response as last row after Bates 2018). Sparse nodes are factored one
 * after the other and their products subtracted from the panels of later nodes; then from the root, column by column of the root, so
 * that the column stays in the cache; then the root itself is factored.
 */
import { createDenseWorkspace, type DenseWorkspace } from "../linalg/dense-workspace.js";
import type { KernelSet } from "../linalg/kernels.js";
import type { Gram } from "./gram.js";
import type { Structure } from "./structure.js";

export interface Factor {
  readonly structure: Structure;
  /** Panels of the sparse nodes. */
  readonly panels: Float64Array;
  /** The dense block at the end: random columns of the root, X, y. */
  readonly dense: DenseWorkspace;
  /** Its matrix: column-major lower triangle, leading dimension rootSize + b. */
  readonly root: Float64Array;
}

/** @throws RangeError where there is no memory for the dense block */
export function allocateFactor(structure: Structure, kernels: KernelSet | "auto" = "auto"): Factor {
  const dense = createDenseWorkspace(structure.rootSize + structure.b, { kernels });
  return { structure, panels: new Float64Array(structure.lLength), dense, root: dense.matrix };
}

/**
 * Factors Omega at the given relative covariance factors.
 *
 * @param lambda one S x S column-major matrix a group (any square root of the relative covariance matrix)
 * @returns false where Omega is not positive definite to working precision (the residual sum of squares is then zero)
 */
export function factorize(factor: Factor, gram: Gram, lambda: readonly Float64Array[]): boolean {
  const { structure, panels, dense, root } = factor;
  panels.fill(0);
  root.fill(0);
  scaleInto(factor, gram, lambda);
  for (let t = 0; t < structure.sparseCount; t++) if (!eliminate(factor, t)) return false;
  updateRoot(factor);
  return dense.cholesky() < 0;
}

/** Lambda' A Lambda + I for every block, laid out as L. */
function scaleInto({ structure, panels, root }: Factor, gram: Gram, lambda: readonly Float64Array[]): void {
  const { groups, nodeCount, sparseCount, nodeGroup, position, b, rootSize } = structure;
  const { aStart, aLd, aNeighbourStart, aNeighbour, aRow, aTarget, lStart, lLd } = structure;
  const a = gram.random;
  const rootLd = rootSize + b;
  const origin = position[sparseCount]!;
  const largest = groups.reduce((most, group) => Math.max(most, group.size), 0);
  const right = new Float64Array(largest * largest);
  for (let t = 0; t < nodeCount; t++) {
    const k = nodeGroup[t]!;
    const size = groups[k]!.size;
    const lam = lambda[k]!;
    const from = aStart[t]!;
    const ld = aLd[t]!;
    const inRoot = t >= sparseCount;
    const to = inRoot ? root : panels;
    const toLd = inRoot ? rootLd : lLd[t]!;
    // Start of the node's columns in the target; rows are counted from the top of the panel or of the root.
    const toStart = inRoot ? (position[t]! - origin) * rootLd : lStart[t]!;
    const ownRow = inRoot ? position[t]! - origin : 0;
    const bottom = inRoot ? rootSize : toLd - b;
    if (size === 1) {
      const l = lam[0]!;
      to[toStart + ownRow] = a[from]! * l * l + 1;
      for (let x = aNeighbourStart[t]!; x < aNeighbourStart[t + 1]!; x++) {
        const kk = nodeGroup[aNeighbour[x]!]!;
        const other = groups[kk]!.size;
        const row = from + aRow[x]!;
        const target = toStart + aTarget[x]!;
        if (other === 1) to[target] = a[row]! * l * lambda[kk]![0]!;
        else
          for (let i = 0; i < other; i++) {
            let sum = 0;
            for (let r = 0; r < other; r++) sum += lambda[kk]![i * other + r]! * a[row + r]!;
            to[target + i] = sum * l;
          }
      }
      for (let j = 0; j < b; j++) to[toStart + bottom + j] = a[from + ld - b + j]! * l;
      continue;
    }
    product(right, a, from, ld, size, lam, size);
    transposedProduct(to, toStart + ownRow, toLd, lam, size, right, size);
    for (let s = 0; s < size; s++) {
      const at = toStart + s * toLd + ownRow + s;
      to[at] = to[at]! + 1;
    }
    for (let x = aNeighbourStart[t]!; x < aNeighbourStart[t + 1]!; x++) {
      const kk = nodeGroup[aNeighbour[x]!]!;
      const other = groups[kk]!.size;
      product(right, a, from + aRow[x]!, ld, other, lam, size);
      transposedProduct(to, toStart + aTarget[x]!, toLd, lambda[kk]!, other, right, size);
    }
    for (let c = 0; c < size; c++) {
      for (let j = 0; j < b; j++) {
        let sum = 0;
        for (let r = 0; r < size; r++) sum += a[from + r * ld + ld - b + j]! * lam[c * size + r]!;
        to[toStart + c * toLd + bottom + j] = sum;
      }
    }
  }
  for (let j = 0; j < b; j++) {
    for (let i = j; i < b; i++) root[(rootSize + j) * rootLd + rootSize + i] = gram.fixed[j * b + i]!;
  }
}

/** into (rows x size) := A block (rows x size at `from`) times lambda (size x size). */
function product(into: Float64Array, a: Float64Array, from: number, ld: number, rows: number, lam: Float64Array, size: number): void {
  for (let c = 0; c < size; c++) {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let r = 0; r < size; r++) sum += a[from + r * ld + i]! * lam[c * size + r]!;
      into[c * rows + i] = sum;
    }
  }
}

/** to (rows x size) := lambda' (rows x rows) times block (rows x size). */
function transposedProduct(
  to: Float64Array,
  at: number,
  ld: number,
  lam: Float64Array,
  rows: number,
  block: Float64Array,
  size: number,
): void {
  for (let c = 0; c < size; c++) {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += lam[i * rows + r]! * block[c * rows + r]!;
      to[at + c * ld + i] = sum;
    }
  }
}

/** Factors node t's own block, solves its panel, and subtracts the panel's products from the panels of later nodes. */
function eliminate({ structure, panels }: Factor, t: number): boolean {
  const { groups, nodeGroup, lStart, lLd, lNeighbourStart, lNeighbour, relativeStart, relative, b } = structure;
  const size = groups[nodeGroup[t]!]!.size;
  const start = lStart[t]!;
  const ld = lLd[t]!;
  // Own block and panel together: unblocked Cholesky of the trapezoid.
  for (let j = 0; j < size; j++) {
    const column = start + j * ld;
    for (let k = 0; k < j; k++) {
      const other = start + k * ld;
      const factor = panels[other + j]!;
      if (factor === 0) continue;
      for (let i = j; i < ld; i++) panels[column + i] = panels[column + i]! - factor * panels[other + i]!;
    }
    const pivot = panels[column + j]!;
    if (!(pivot > 0) || pivot === Number.POSITIVE_INFINITY) return false;
    const diagonal = Math.sqrt(pivot);
    const scale = 1 / diagonal;
    panels[column + j] = diagonal;
    for (let i = j + 1; i < ld; i++) panels[column + i] = panels[column + i]! * scale;
  }
  // Later sparse nodes.
  let row = size;
  for (let x = lNeighbourStart[t]!; x < lNeighbourStart[t + 1]!; x++) {
    const other = lNeighbour[x]!;
    const otherSize = groups[nodeGroup[other]!]!.size;
    const otherLd = lLd[other]!;
    const otherStart = lStart[other]!;
    const map = relativeStart[x]!;
    const mapped = relativeStart[x + 1]! - map;
    for (let c = 0; c < otherSize; c++) {
      const target = otherStart + c * otherLd;
      for (let s = 0; s < size; s++) {
        const column = start + s * ld;
        const factor = panels[column + row + c]!;
        if (factor === 0) continue;
        for (let r = c; r < mapped; r++) {
          const at = target + relative[map + r]!;
          panels[at] = panels[at]! - factor * panels[column + row + r]!;
        }
        const bottom = column + ld - b;
        const targetBottom = target + otherLd - b;
        for (let r = 0; r < b; r++) panels[targetBottom + r] = panels[targetBottom + r]! - factor * panels[bottom + r]!;
      }
    }
    row += otherSize;
  }
  return true;
}

/** Root := root - sum over sparse nodes of L_Rt L_Rt', R the root's random columns, X and y; lower triangle. */
function updateRoot({ structure, panels, root }: Factor): void {
  const { groups, sparseCount, nodeGroup, lStart, lLd, lRootStart, lRoot, rootSize, b } = structure;
  const { rootColumnStart, rootColumnEntry, rootColumnNode } = structure;
  const rootLd = rootSize + b;
  for (let column = 0; column < rootSize; column++) {
    const target = column * rootLd;
    const bottom = target + rootSize;
    for (let u = rootColumnStart[column]!; u < rootColumnStart[column + 1]!; u++) {
      const t = rootColumnNode[u]!;
      const from = rootColumnEntry[u]!;
      const to = lRootStart[t + 1]!;
      const ld = lLd[t]!;
      const size = groups[nodeGroup[t]!]!.size;
      let start = lStart[t]! + ld - b - (to - from);
      for (let s = 0; s < size; s++, start += ld) {
        const factor = panels[start]!;
        if (factor === 0) continue;
        let at = start;
        for (let x = from; x < to; x++, at++) {
          const row = target + lRoot[x]!;
          root[row] = root[row]! - factor * panels[at]!;
        }
        for (let j = 0; j < b; j++) root[bottom + j] = root[bottom + j]! - factor * panels[at + j]!;
      }
    }
  }
  for (let t = 0; t < sparseCount; t++) {
    const size = groups[nodeGroup[t]!]!.size;
    const ld = lLd[t]!;
    for (let s = 0; s < size; s++) {
      const fixed = lStart[t]! + (s + 1) * ld - b;
      for (let c = 0; c < b; c++) {
        const factor = panels[fixed + c]!;
        const target = (rootSize + c) * rootLd + rootSize;
        for (let r = c; r < b; r++) root[target + r] = root[target + r]! - factor * panels[fixed + r]!;
      }
    }
  }
}

/** log |Lambda'Z'Z Lambda + I|. */
export function logDeterminantRandom({ structure, panels, root }: Factor): number {
  const { groups, sparseCount, nodeGroup, lStart, lLd, rootSize, b } = structure;
  let sum = 0;
  for (let t = 0; t < sparseCount; t++) {
    const size = groups[nodeGroup[t]!]!.size;
    for (let s = 0; s < size; s++) sum += Math.log(panels[lStart[t]! + s * lLd[t]! + s]!);
  }
  const ld = rootSize + b;
  for (let j = 0; j < rootSize; j++) sum += Math.log(root[j * ld + j]!);
  return 2 * sum;
}

/** The smallest squared diagonal element of the random part: an upper bound of its smallest eigenvalue. */
export function smallestPivot({ structure, panels, root }: Factor): number {
  const { groups, sparseCount, nodeGroup, lStart, lLd, rootSize, b } = structure;
  let least = Number.POSITIVE_INFINITY;
  for (let t = 0; t < sparseCount; t++) {
    const size = groups[nodeGroup[t]!]!.size;
    for (let s = 0; s < size; s++) least = Math.min(least, panels[lStart[t]! + s * lLd[t]! + s]!);
  }
  for (let j = 0; j < rootSize; j++) least = Math.min(least, root[j * (rootSize + b) + j]!);
  return least * least;
}

/** log |X' V0^-1 X|, V0 = I + Z Lambda Lambda' Z'. */
export function logDeterminantFixed({ structure, root }: Factor): number {
  const { rootSize, b, p } = structure;
  const ld = rootSize + b;
  let sum = 0;
  for (let j = rootSize; j < rootSize + p; j++) sum += Math.log(root[j * ld + j]!);
  return 2 * sum;
}

/** r^2, the penalised residual sum of squares: the last diagonal element squared. */
export function penalizedResidual({ structure, root }: Factor): number {
  const last = structure.rootSize + structure.p;
  const value = root[last * (structure.rootSize + structure.b) + last]!;
  return value * value;
}
