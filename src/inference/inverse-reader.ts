/**
 * Blocks of the inverse of the random effects' system between any levels, also those that meet in no row: C_TT for a set T of levels.
 *
 *   C = L^-T L^-1,    C_ab = y_a'y_b + f_a' C_RR f_b,    y_a = the sparse part of L^-1 e_a,  f_a = what it leaves to the root
 *
 * L^-1 e_a is non-zero only on the way from a to the root of the elimination tree (Gilbert & Peierls 1988; Liu 1990), so that a few
 * numbers a level suffice where factors are nested; the dense root of crossed factors has been inverted once.
 */
import type { Factor } from "../models/blocks/factor.js";

/** Reads one block after another; numbers and room belong to the reader. */
export interface InverseReader {
  /**
   * @param nodes levels as nodes of the elimination order
   * @param into m x m, both triangles, m the random columns of the nodes
   * @param ld leading dimension of `into`
   */
  read(nodes: ArrayLike<number>, into: Float64Array, ld: number): void;
}

/** L^-1 e of one column: sparse part, and what reaches the root. */
interface SolvedColumn {
  readonly places: Int32Array;
  readonly values: Float64Array;
  readonly rootPlaces: Int32Array;
  readonly rootValues: Float64Array;
}

/** @param factor current; whoever factors next ends the reader's life */
export function inverseReader(factor: Factor): InverseReader {
  const { structure, panels, dense } = factor;
  const { sparseCount, position, rootSize, lStart, lLd, lNeighbourStart, lNeighbour, lRootStart, lRoot } = structure;
  const origin = position[sparseCount]!;
  const rootInverse = rootSize === 0 ? new Float64Array(0) : dense.inverse(rootSize);
  const work = new Float64Array(structure.q);
  const rootWork = new Float64Array(rootSize);
  const along = new Float64Array(rootSize);

  return {
    read(nodes, into, ld) {
      const columns: SolvedColumn[] = [];
      for (let x = 0; x < nodes.length; x++) {
        const t = nodes[x]!;
        for (let c = position[t]!; c < position[t + 1]!; c++) columns.push(solved(t, c));
      }
      const union = rootUnion(columns);
      columns.forEach((left, a) => {
        scatter(left, union);
        for (let b = a; b < columns.length; b++) {
          const { places, values, rootPlaces, rootValues } = columns[b]!;
          let sum = 0;
          for (let k = 0; k < places.length; k++) sum += values[k]! * work[places[k]!]!;
          for (let k = 0; k < rootPlaces.length; k++) sum += rootValues[k]! * along[rootPlaces[k]!]!;
          into[b * ld + a] = sum;
          into[a * ld + b] = sum;
        }
        for (const place of left.places) work[place] = 0;
      });
    },
  };

  function solved(t: number, c: number): SolvedColumn {
    if (t >= sparseCount) {
      return {
        places: new Int32Array(0),
        values: new Float64Array(0),
        rootPlaces: Int32Array.of(c - origin),
        rootValues: Float64Array.of(1),
      };
    }
    const path: number[] = [];
    work[c] = 1;
    let rootAt = t;
    for (let v = t; ; v = lNeighbour[lNeighbourStart[v]!]!) {
      const start = position[v]!;
      const size = position[v + 1]! - start;
      for (let s = 0; s < size; s++) {
        path.push(start + s);
        const column = lStart[v]! + s * lLd[v]!;
        const value = work[start + s]! / panels[column + s]!;
        work[start + s] = value;
        if (value === 0) continue;
        for (let r = s + 1; r < size; r++) work[start + r] = work[start + r]! - panels[column + r]! * value;
        let row = column + size;
        for (let x = lNeighbourStart[v]!; x < lNeighbourStart[v + 1]!; x++) {
          const other = lNeighbour[x]!;
          for (let o = position[other]!; o < position[other + 1]!; o++, row++) work[o] = work[o]! - panels[row]! * value;
        }
        for (let x = lRootStart[v]!; x < lRootStart[v + 1]!; x++, row++) {
          rootWork[lRoot[x]!] = rootWork[lRoot[x]!]! - panels[row]! * value;
        }
      }
      rootAt = v;
      if (lNeighbourStart[v] === lNeighbourStart[v + 1]) break;
    }
    // Whatever an earlier node touches in the root, the last one on the way touches too.
    const rootPlaces = lRoot.slice(lRootStart[rootAt]!, lRootStart[rootAt + 1]!);
    const column = {
      places: Int32Array.from(path),
      values: Float64Array.from(path, (place) => work[place]!),
      rootPlaces,
      rootValues: Float64Array.from(rootPlaces, (place) => rootWork[place]!),
    };
    for (const place of path) work[place] = 0;
    for (const place of rootPlaces) rootWork[place] = 0;
    return column;
  }

  function rootUnion(columns: readonly SolvedColumn[]): Int32Array {
    const seen = new Set<number>();
    for (const { rootPlaces } of columns) for (const place of rootPlaces) seen.add(place);
    return Int32Array.from(seen).sort();
  }

  /** work := y_a, along := C_RR f_a where it will be asked for. */
  function scatter({ places, values, rootPlaces, rootValues }: SolvedColumn, union: Int32Array): void {
    for (let k = 0; k < places.length; k++) work[places[k]!] = values[k]!;
    for (let x = 0; x < union.length; x++) along[union[x]!] = 0;
    // Column by column, as the inverse lies in memory.
    for (let k = 0; k < rootPlaces.length; k++) {
      const value = rootValues[k]!;
      const column = rootPlaces[k]! * rootSize;
      for (let x = 0; x < union.length; x++) along[union[x]!] = along[union[x]!]! + rootInverse[column + union[x]!]! * value;
    }
  }
}
