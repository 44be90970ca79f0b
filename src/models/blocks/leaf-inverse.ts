/**
 * The inverse's blocks of the leaves, the nodes that nobody refers to: with L_Rt the panel of leaf t below its own block
 *
 *   C_tt = L_tt^-T (I + Q_t) L_tt^-1,   Q_t = L_Rt' C_RR L_Rt
 *
 * Leaves are many and share few columns of C, so Q is summed column by column of C, over all leaves that meet the column, while it
 * is in the cache.
 */
import type { Factor } from "./factor.js";
import type { InversePanels } from "./inverse-panels.js";

/** @returns C_tt of leaf t at [t * S * S], column-major */
export function leafBlocks(factor: Factor, later: InversePanels): Float64Array {
  const { structure, panels } = factor;
  const { groups, leafCount, nodeGroup, lStart, lLd } = structure;
  if (leafCount === 0) return new Float64Array(0);
  const { size } = groups[nodeGroup[0]!]!;
  const blocks = new Float64Array(leafCount * size * size);
  addNeighbours(factor, later, blocks, size);
  addRoot(factor, later, blocks, size);
  addFixed(factor, later, blocks, size);
  for (let t = 0; t < leafCount; t++) finish(blocks, t * size * size, panels, lStart[t]!, lLd[t]!, size);
  return blocks;
}

/** Columns of sparse nodes between the leaves and the root. */
function addNeighbours({ structure, panels }: Factor, later: InversePanels, blocks: Float64Array, size: number): void {
  const { groups, leafCount, nodeGroup, lStart, lLd, lNeighbourStart, lNeighbour, relativeStart, relative, b } = structure;
  const c = later.panels;
  const sums = new Float64Array(size);
  for (let t = 0; t < leafCount; t++) {
    const ld = lLd[t]!;
    let row = lStart[t]! + size;
    for (let x = lNeighbourStart[t]!; x < lNeighbourStart[t + 1]!; x++) {
      const other = lNeighbour[x]!;
      const otherSize = groups[nodeGroup[other]!]!.size;
      const otherLd = lLd[other]!;
      const map = relativeStart[x]!;
      const mapped = relativeStart[x + 1]! - map;
      for (let i = 0; i < otherSize; i++) {
        const source = lStart[other]! - later.panelsFrom + i * otherLd;
        const bottom = source + otherLd - b;
        for (let s = 0; s < size; s++) {
          const column = row + s * ld;
          let sum = 0;
          for (let r = i + 1; r < mapped; r++) sum += c[source + relative[map + r]!]! * panels[column + r]!;
          const fixed = lStart[t]! + (s + 1) * ld - b;
          for (let j = 0; j < later.fixed; j++) sum += c[bottom + j]! * panels[fixed + j]!;
          sums[s] = sum;
        }
        addColumn(blocks, t * size * size, panels, row + i, ld, size, c[source + relative[map + i]!]!, sums);
      }
      row += otherSize;
    }
  }
}

function addRoot({ structure, panels }: Factor, later: InversePanels, blocks: Float64Array, size: number): void {
  const { leafCount, lStart, lLd, lRootStart, lRoot, rootSize, b } = structure;
  const { rootColumnStart, rootColumnEntry, rootColumnNode } = structure;
  const c = later.root;
  const { fixed } = later;
  const sums = new Float64Array(size);
  for (let column = 0; column < rootSize; column++) {
    const source = column * (rootSize + fixed);
    const bottom = source + rootSize;
    for (let u = rootColumnStart[column]!; u < rootColumnStart[column + 1]!; u++) {
      const t = rootColumnNode[u]!;
      if (t >= leafCount) break;
      const from = rootColumnEntry[u]!;
      const to = lRootStart[t + 1]!;
      const ld = lLd[t]!;
      const first = lStart[t]! + ld - b - (to - from);
      for (let s = 0; s < size; s++) {
        let at = first + s * ld + 1;
        let sum = 0;
        for (let x = from + 1; x < to; x++, at++) sum += c[source + lRoot[x]!]! * panels[at]!;
        for (let j = 0; j < fixed; j++) sum += c[bottom + j]! * panels[at + j]!;
        sums[s] = sum;
      }
      addColumn(blocks, t * size * size, panels, first, ld, size, c[source + column]!, sums);
    }
  }
}

function addFixed({ structure, panels }: Factor, later: InversePanels, blocks: Float64Array, size: number): void {
  const { leafCount, lStart, lLd, rootSize, b } = structure;
  const { fixed, root } = later;
  if (fixed === 0) return;
  const sums = new Float64Array(size);
  for (let t = 0; t < leafCount; t++) {
    const ld = lLd[t]!;
    const first = lStart[t]! + ld - b;
    for (let j = 0; j < fixed; j++) {
      const source = (rootSize + j) * (rootSize + fixed) + rootSize;
      for (let s = 0; s < size; s++) {
        let sum = 0;
        for (let i = j + 1; i < fixed; i++) sum += root[source + i]! * panels[first + s * ld + i]!;
        sums[s] = sum;
      }
      addColumn(blocks, t * size * size, panels, first + j, ld, size, root[source + j]!, sums);
    }
  }
}

/**
 * What column c of C adds to Q: with p the panel's row c and d = C_cc, sums_s = sum over the rows r after c of C_rc L_rs
 *
 *   Q += p sums' + sums p' + d p p'
 */
function addColumn(
  blocks: Float64Array,
  at: number,
  panels: Float64Array,
  row: number,
  ld: number,
  size: number,
  diagonal: number,
  sums: Float64Array,
): void {
  if (size === 1) {
    const p = panels[row]!;
    blocks[at] = blocks[at]! + p * (2 * sums[0]! + diagonal * p);
    return;
  }
  for (let s = 0; s < size; s++) {
    const p = panels[row + s * ld]!;
    const mixed = sums[s]! + diagonal * p;
    for (let r = 0; r < size; r++) {
      const x = at + s * size + r;
      blocks[x] = blocks[x]! + p * sums[r]! + mixed * panels[row + r * ld]!;
    }
  }
}

/** Q := L^-T (I + Q) L^-1 in place, L size x size at `start` of the panels. */
function finish(blocks: Float64Array, at: number, panels: Float64Array, start: number, ld: number, size: number): void {
  if (size === 1) {
    const l = panels[start]!;
    blocks[at] = (1 + blocks[at]!) / (l * l);
    return;
  }
  for (let c = 0; c < size; c++) {
    const column = at + c * size;
    blocks[column + c] = blocks[column + c]! + 1;
    for (let r = size - 1; r >= 0; r--) {
      let sum = blocks[column + r]!;
      for (let i = r + 1; i < size; i++) sum -= panels[start + r * ld + i]! * blocks[column + i]!;
      blocks[column + r] = sum / panels[start + r * ld + r]!;
    }
  }
  for (let c = size - 1; c >= 0; c--) {
    for (let r = 0; r < size; r++) {
      let sum = blocks[at + c * size + r]!;
      for (let i = c + 1; i < size; i++) sum -= blocks[at + i * size + r]! * panels[start + c * ld + i]!;
      blocks[at + c * size + r] = sum / panels[start + c * ld + c]!;
    }
  }
}
