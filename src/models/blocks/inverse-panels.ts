/**
 * Blocks of the inverse of the system on the pattern of its factor (Takahashi, Fagan & Chen 1973; Erisman & Tinney 1975):
 * from the root back to the leaves,
 *
 *   V = L_Rt L_tt^-1,   C_Rt = -C_RR V,   C_tt = (L_tt L_tt')^-1 + V' C_RR V
 *
 * with R the rows below node t. Nothing outside the pattern is ever needed.
 */
import { invertLower } from "../linalg/symmetric.js";
import type { Factor } from "./factor.js";

/** The inverse on the pattern of the factor: panels of the sparse nodes from one on, and the whole root. */
export interface InversePanels {
  /** Rows of X that belong to the system: p, or 0. */
  readonly fixed: number;
  /** Root and these rows, full symmetric, (rootSize + fixed)^2. */
  readonly root: Float64Array;
  /** Own blocks (both triangles) and the rows below in the factor's layout; the first number stands at `panelsFrom` there. */
  readonly panels: Float64Array;
  readonly panelsFrom: number;
}

/**
 * @param fixed rows of X that belong to the system: p, or 0 for the random part alone
 * @param first the first sparse node whose panel is wanted
 */
export function inversePanels(factor: Factor, fixed: number, first: number): InversePanels {
  const { structure, panels, dense } = factor;
  const { groups, sparseCount, nodeGroup, rootSize, b } = structure;
  const { lStart, lLd, lNeighbourStart, lNeighbour, lRootStart, lRoot, relativeStart, relative } = structure;
  const m = rootSize + fixed;
  const rootInverse = dense.inverse(m);
  const keptFrom = lStart[first] ?? structure.lLength;
  const kept = new Float64Array(structure.lLength - keptFrom);
  let v = new Float64Array(1024);
  let w = new Float64Array(1024);
  for (let t = sparseCount - 1; t >= first; t--) {
    const size = groups[nodeGroup[t]!]!.size;
    const start = lStart[t]!;
    const ld = lLd[t]!;
    const below = ld - size - b + fixed;
    if (below * size > v.length) {
      v = new Float64Array(below * size * 2);
      w = new Float64Array(below * size * 2);
    }
    // V = L_Rt L_tt^-1
    for (let s = size - 1; s >= 0; s--) {
      const column = start + s * ld;
      for (let r = 0; r < below; r++) v[s * below + r] = panels[column + size + r]!;
      for (let o = s + 1; o < size; o++) {
        const factorOf = panels[column + o]!;
        if (factorOf === 0) continue;
        for (let r = 0; r < below; r++) v[s * below + r] = v[s * below + r]! - factorOf * v[o * below + r]!;
      }
      const scale = 1 / panels[column + s]!;
      for (let r = 0; r < below; r++) v[s * below + r] = v[s * below + r]! * scale;
    }
    for (let s = 0; s < size; s++) multiplyLater(t, v, w, s * below, below);
    const own = ownInverse(start, ld, size);
    for (let c = 0; c < size; c++) {
      for (let r = 0; r <= c; r++) {
        let sum = own[c * size + r]!;
        for (let i = 0; i < below; i++) sum += v[r * below + i]! * w[c * below + i]!;
        kept[start - keptFrom + c * ld + r] = sum;
        kept[start - keptFrom + r * ld + c] = sum;
      }
      for (let i = 0; i < below; i++) kept[start - keptFrom + c * ld + size + i] = -w[c * below + i]!;
    }
  }
  return { fixed, root: rootInverse, panels: kept, panelsFrom: keptFrom };

  /** w := C_RR v for one column of V, R the rows below node t, from the lower triangle of C. */
  function multiplyLater(t: number, v: Float64Array, w: Float64Array, at: number, below: number): void {
    w.fill(0, at, at + below);
    let row = at;
    for (let x = lNeighbourStart[t]!; x < lNeighbourStart[t + 1]!; x++) {
      const other = lNeighbour[x]!;
      const otherSize = groups[nodeGroup[other]!]!.size;
      const otherLd = lLd[other]!;
      const map = relativeStart[x]!;
      const mapped = relativeStart[x + 1]! - map;
      for (let c = 0; c < otherSize; c++) {
        const source = lStart[other]! - keptFrom + c * otherLd;
        const factorOf = v[row + c]!;
        let sum = w[row + c]! + kept[source + relative[map + c]!]! * factorOf;
        for (let r = c + 1; r < mapped; r++) {
          const value = kept[source + relative[map + r]!]!;
          w[row + r] = w[row + r]! + value * factorOf;
          sum += value * v[row + r]!;
        }
        const bottom = source + otherLd - b;
        for (let j = 0, r = row + mapped; j < fixed; j++, r++) {
          const value = kept[bottom + j]!;
          w[r] = w[r]! + value * factorOf;
          sum += value * v[r]!;
        }
        w[row + c] = sum;
      }
      row += otherSize;
    }
    // The root is full: every column whole.
    const listAt = lRootStart[t]!;
    const rootRows = lRootStart[t + 1]! - listAt;
    for (let c = 0; c < rootRows + fixed; c++) {
      const source = (c < rootRows ? lRoot[listAt + c]! : rootSize + c - rootRows) * m;
      let sum = 0;
      for (let r = 0; r < rootRows; r++) sum += rootInverse[source + lRoot[listAt + r]!]! * v[row + r]!;
      for (let j = 0; j < fixed; j++) sum += rootInverse[source + rootSize + j]! * v[row + rootRows + j]!;
      w[row + c] = w[row + c]! + sum;
    }
  }

  /** (L_tt L_tt')^-1. */
  function ownInverse(start: number, ld: number, size: number): Float64Array {
    if (size === 1) return Float64Array.of(1 / (panels[start]! * panels[start]!));
    const l = new Float64Array(size * size);
    for (let c = 0; c < size; c++) for (let r = c; r < size; r++) l[c * size + r] = panels[start + c * ld + r]!;
    const inverse = invertLower(l, size);
    const out = new Float64Array(size * size);
    for (let c = 0; c < size; c++) {
      for (let r = 0; r < size; r++) {
        let sum = 0;
        for (let i = Math.max(c, r); i < size; i++) sum += inverse[c * size + i]! * inverse[r * size + i]!;
        out[c * size + r] = sum;
      }
    }
    return out;
  }
}
