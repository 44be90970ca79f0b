/**
 * The diagonal blocks of the inverse of the system, one for each level, and their sums by group. The leaves, which nobody needs, come
 * last and together.
 */
import type { Factor } from "./factor.js";
import { inversePanels } from "./inverse-panels.js";
import { leafBlocks } from "./leaf-inverse.js";

export interface InverseBlocks {
  /** By group: sum over levels of the S x S diagonal blocks, column-major. */
  readonly sums: readonly Float64Array[];
  /** By group, if asked for: every level's block, level l at [l * S * S]. */
  readonly blocks: readonly Float64Array[] | null;
}

/**
 * @param withFixed true: the random part of the inverse of the joint (random, fixed) system (REML); false: the inverse of the random part alone (ML, conditional variances)
 * @param everyLevel keep each level's block
 */
export function inverseBlocks(factor: Factor, withFixed: boolean, everyLevel = false): InverseBlocks {
  const { structure } = factor;
  const { groups, nodeCount, sparseCount, leafCount, nodeGroup, nodeLevel, position, rootSize, p, lStart, lLd } = structure;
  // The leaves need no panels: nobody refers to them.
  const later = inversePanels(factor, withFixed ? p : 0, leafCount);
  const sums = groups.map((group) => new Float64Array(group.size * group.size));
  const blocks = everyLevel ? groups.map((group) => new Float64Array(group.size * group.size * group.levelCount)) : null;
  const origin = position[sparseCount]!;
  const m = rootSize + later.fixed;
  for (let t = sparseCount; t < nodeCount; t++) {
    const at = position[t]! - origin;
    record(t, later.root, at * m + at, m);
  }
  for (let t = sparseCount - 1; t >= leafCount; t--) record(t, later.panels, lStart[t]! - later.panelsFrom, lLd[t]!);
  const leaves = leafBlocks(factor, later);
  for (let t = 0; t < leafCount; t++) {
    const size = groups[nodeGroup[t]!]!.size;
    record(t, leaves, t * size * size, size);
  }
  return { sums, blocks };

  /** The node's own block, which begins at `start` of `from` with leading dimension `ld`. */
  function record(t: number, from: Float64Array, start: number, ld: number): void {
    const k = nodeGroup[t]!;
    const size = groups[k]!.size;
    const sum = sums[k]!;
    for (let c = 0; c < size; c++) {
      for (let r = 0; r < size; r++) {
        const value = from[start + c * ld + r]!;
        sum[c * size + r] = sum[c * size + r]! + value;
        if (blocks !== null) blocks[k]![nodeLevel[t]! * size * size + c * size + r] = value;
      }
    }
  }
}
