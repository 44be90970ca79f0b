/**
 * An orthonormal basis U of the span of a cluster's columns C, from their cross-products alone: with the pivoted Cholesky factor
 * C'C = R'R of rank r (columns scaled to length one first),
 *
 *   U = C_pivots R_pivots^-1,   U'C = R
 *
 * (Higham 2002, section 10.3), so that U itself is never formed. Where there are no more rows than columns the rows themselves are the
 * coordinates. The last column is a right-hand side: it is projected on the span of the others.
 */

/** A squared length, relative to that of the whole column, below which a column lies in the span of the others. */
const REDUNDANT = 1e-11;

export interface SpanBuilder {
  /** One row of C: its first `count` entries and their columns, the others being zero; a column may be named more than once. */
  add(entries: Float64Array, places: Int32Array, count: number): void;
  /** rank x width, column-major: U'C. */
  finish(): { readonly rank: number; readonly columns: Float64Array };
}

/** @param width number of columns, the right-hand side included */
export function orthonormalSpan(rowCount: number, width: number): SpanBuilder {
  return rowCount < width ? rowsThemselves(rowCount, width) : fromProducts(width);
}

function rowsThemselves(rowCount: number, width: number): SpanBuilder {
  const columns = new Float64Array(rowCount * width);
  let row = 0;
  return {
    add(entries, places, count) {
      for (let k = 0; k < count; k++) columns[places[k]! * rowCount + row]! += entries[k]!;
      row++;
    },
    finish: () => ({ rank: rowCount, columns }),
  };
}

function fromProducts(width: number): SpanBuilder {
  const products = new Float64Array(width * width);
  return {
    add(entries, places, count) {
      for (let k = 0; k < count; k++) {
        const column = places[k]! * width;
        const value = entries[k]!;
        for (let l = 0; l < count; l++) products[column + places[l]!]! += value * entries[l]!;
      }
    },
    finish: () => pivotedFactor(products, width),
  };
}

function pivotedFactor(products: Float64Array, width: number): { readonly rank: number; readonly columns: Float64Array } {
  const own = width - 1;
  const scale = Float64Array.from({ length: width }, (_, c) => {
    const square = products[c * width + c]!;
    return c < own && square > 0 ? 1 / Math.sqrt(square) : c < own ? 0 : 1;
  });
  const left = Float64Array.from({ length: own }, (_, c) => (scale[c]! > 0 ? 1 : 0));
  // R row by row, for all columns in their own order.
  const rows: Float64Array[] = [];
  for (;;) {
    let pivot = -1;
    for (let c = 0; c < own; c++) if (left[c]! > REDUNDANT && (pivot < 0 || left[c]! > left[pivot]!)) pivot = c;
    if (pivot < 0) break;
    const root = Math.sqrt(left[pivot]!);
    const row = new Float64Array(width);
    for (let c = 0; c < width; c++) {
      let sum = products[c * width + pivot]! * scale[c]! * scale[pivot]!;
      for (const before of rows) sum -= before[pivot]! * before[c]!;
      row[c] = sum / root;
    }
    for (let c = 0; c < own; c++) left[c] = c === pivot || left[c] === 0 ? 0 : Math.max(0, left[c]! - row[c]! * row[c]!);
    rows.push(row);
  }
  const rank = rows.length;
  const columns = new Float64Array(rank * width);
  for (let c = 0; c < width; c++) {
    if (scale[c] === 0) continue;
    for (let k = 0; k < rank; k++) columns[c * rank + k] = rows[k]![c]! / scale[c]!;
  }
  return { rank, columns };
}
