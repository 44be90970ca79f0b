/**
 * The rank of the columns [Z X] of a model, from Gram blocks: Cholesky's factorisation in the order of elimination, in which a column is
 * left out where nothing remains of it, here less than 1e-10 of its square (SAS's sweep; Goodnight 1979).
 */
import { buildGram } from "../models/blocks/gram.js";
import type { RandomGroup } from "../models/blocks/random-groups.js";
import { buildStructure } from "../models/blocks/structure.js";
import { crossProducts } from "../models/linalg/cross-products.js";
import { levelClusters } from "./level-clusters.js";

const REDUNDANT = 1e-10;

/**
 * @param groups random columns, scaled but not mixed
 * @param columns fixed columns of n values, linearly independent
 */
export function rankOf(groups: readonly RandomGroup[], columns: readonly Float64Array[]): number {
  const n = columns[0]?.length ?? groups[0]?.levelOf.length ?? 0;
  const p = columns.length;
  if (groups.length === 0) return p;
  const structure = buildStructure(groups, n, p);
  const { position, aStart, aLd, aNeighbourStart, aNeighbour, aRow, q, b } = structure;
  const { random } = buildGram(structure, [...columns, new Float64Array(n)], null);
  const fixed = crossProducts(columns, columns, n);
  const diagonal = Float64Array.from({ length: p }, (_, j) => fixed[j * p + j]!);
  const placeOf = new Int32Array(q);
  let rank = 0;
  for (const { leaves, core, size: m } of levelClusters(structure)) {
    // Core and fixed columns below one another: (m + p) rows, m columns.
    const ld = m + p;
    const below = new Float64Array(ld * m);
    const original = new Float64Array(m);
    let at = 0;
    for (const t of core) {
      for (let c = position[t]!; c < position[t + 1]!; c++) placeOf[c] = at++;
    }
    for (const t of core) {
      const own = placeOf[position[t]!]!;
      for (let s = 0; s < position[t + 1]! - position[t]!; s++) {
        const column = aStart[t]! + s * aLd[t]!;
        const to = (own + s) * ld;
        for (let r = 0; r < position[t + 1]! - position[t]!; r++) below[to + own + r] = random[column + r]!;
        original[own + s] = random[column + s]!;
        for (let x = aNeighbourStart[t]!; x < aNeighbourStart[t + 1]!; x++) {
          const other = aNeighbour[x]!;
          const place = placeOf[position[other]!]!;
          for (let r = 0; r < position[other + 1]! - position[other]!; r++) {
            below[to + place + r] = random[column + aRow[x]! + r]!;
            below[(place + r) * ld + own + s] = random[column + aRow[x]! + r]!;
          }
        }
        for (let j = 0; j < p; j++) below[to + m + j] = random[column + aLd[t]! - b + j]!;
      }
    }
    for (const t of leaves) {
      const size = position[t + 1]! - position[t]!;
      const places: number[] = Array.from({ length: size }, () => -1);
      for (let x = aNeighbourStart[t]!; x < aNeighbourStart[t + 1]!; x++) {
        const other = aNeighbour[x]!;
        for (let c = position[other]!; c < position[other + 1]!; c++) places.push(placeOf[c]!);
      }
      for (let j = 0; j < p; j++) places.push(m + j);
      const height = places.length;
      const panel = new Float64Array(height * size);
      const own = Float64Array.from({ length: size }, (_, s) => random[aStart[t]! + s * aLd[t]! + s]!);
      for (let s = 0; s < size; s++) {
        const column = aStart[t]! + s * aLd[t]!;
        // The last row of a Gram panel is the response's.
        for (let r = 0; r < height; r++) panel[s * height + r] = random[column + r]!;
      }
      rank += reduced(panel, height, size, own);
      for (let s = 0; s < size; s++) {
        for (let c = size; c < height; c++) {
          const factor = panel[s * height + c]!;
          if (factor === 0) continue;
          const column = places[c]!;
          if (column >= m) {
            for (let r = c; r < height; r++) fixed[(column - m) * p + places[r]! - m]! -= factor * panel[s * height + r]!;
          } else for (let r = size; r < height; r++) below[column * ld + places[r]!]! -= factor * panel[s * height + r]!;
        }
      }
    }
    rank += reduced(below, ld, m, original);
    for (let s = 0; s < m; s++) {
      for (let c = 0; c < p; c++) {
        const factor = below[s * ld + m + c]!;
        if (factor !== 0) for (let r = c; r < p; r++) fixed[c * p + r]! -= factor * below[s * ld + m + r]!;
      }
    }
  }
  return rank + reduced(fixed, p, p, diagonal);
}

/** Factors the trapezoid in place, redundant columns becoming zero; the number of the others. */
function reduced(a: Float64Array, ld: number, columns: number, original: Float64Array): number {
  let rank = 0;
  for (let j = 0; j < columns; j++) {
    const pivot = a[j * ld + j]!;
    if (!(pivot > REDUNDANT * original[j]!)) {
      a.fill(0, j * ld, (j + 1) * ld);
      continue;
    }
    rank++;
    const scale = 1 / Math.sqrt(pivot);
    for (let i = j; i < ld; i++) a[j * ld + i]! *= scale;
    for (let c = j + 1; c < columns; c++) {
      const factor = a[j * ld + c]!;
      if (factor !== 0) for (let i = c; i < ld; i++) a[c * ld + i]! -= factor * a[j * ld + i]!;
    }
  }
  return rank;
}
