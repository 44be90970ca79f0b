/**
 * Small rectangular matrices that stand anywhere in an array, with products that need no transposed copies.
 */

/** Element (r, c) stands at [at + r * down + c * across]. */
export interface Block {
  readonly data: Float64Array;
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly down: number;
  readonly across: number;
}

/** @param ld leading dimension of a column-major block; without it the columns follow one another */
export const block = (data: Float64Array, at: number, rows: number, columns: number, ld: number = rows): Block => ({
  data,
  at,
  rows,
  columns,
  down: 1,
  across: ld,
});

export const zeros = (rows: number, columns: number): Block => block(new Float64Array(rows * columns), 0, rows, columns);

export const transposed = ({ data, at, rows, columns, down, across }: Block): Block => ({
  data,
  at,
  rows: columns,
  columns: rows,
  down: across,
  across: down,
});

/** into += scale A B */
export function addProduct(into: Block, a: Block, b: Block, scale: number = 1): void {
  for (let c = 0; c < into.columns; c++) {
    for (let r = 0; r < into.rows; r++) {
      let sum = 0;
      for (let k = 0; k < a.columns; k++) {
        sum += a.data[a.at + r * a.down + k * a.across]! * b.data[b.at + k * b.down + c * b.across]!;
      }
      const place = into.at + r * into.down + c * into.across;
      into.data[place] = into.data[place]! + scale * sum;
    }
  }
}

/** A B, column-major. */
export function product(a: Block, b: Block): Block {
  const into = zeros(a.rows, b.columns);
  addProduct(into, a, b);
  return into;
}
