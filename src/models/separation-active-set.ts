/**
 * Least squares with nonnegative weights, one row entering at a time (Lawson & Hanson 1974, chapter 23):
 *
 *   minimise |c + sum lambda_k g_k|^2,   lambda >= 0
 *
 * Few short vectors (as many as they have components, at most), orthogonalised anew each time: accuracy counts, time does not.
 */

export interface WeightedRow {
  readonly row: Float64Array;
  readonly lambda: number;
}

/**
 * @param active rows with positive weights that are optimal for them
 * @returns rows with positive weights, optimal for `active` and `entering` together
 */
export function withRow(c: Float64Array, active: readonly WeightedRow[], entering: Float64Array): WeightedRow[] {
  let rows: WeightedRow[] = [...active, { row: entering, lambda: 0 }];
  while (rows.length > 0) {
    const wanted = bestWeights(
      c,
      rows.map(({ row }) => row),
    );
    // As far towards the wanted weights as none becomes negative; the first to reach zero leaves.
    let step = 1;
    let leaves = -1;
    rows.forEach(({ lambda }, k) => {
      if (wanted[k]! > 0) return;
      const own = lambda > 0 ? lambda / (lambda - wanted[k]!) : 0;
      if (leaves >= 0 && own >= step) return;
      step = own;
      leaves = k;
    });
    rows = rows.map(({ row, lambda }, k) => ({ row, lambda: lambda + step * (wanted[k]! - lambda) }));
    if (leaves < 0) return rows;
    rows = rows.filter((_, k) => k !== leaves);
  }
  return rows;
}

/** c + sum lambda g, away from every g: what least squares leaves over, orthogonalised so that it is right in small numbers too. */
export function remainder(c: Float64Array, active: readonly WeightedRow[]): Float64Array {
  const { basis } = orthogonalised(active.map(({ row }) => row));
  const rest = Float64Array.from(c);
  takeOut(basis, rest);
  takeOut(basis, rest);
  return rest;
}

/** v less its projection on the orthonormal vectors. */
export function takeOut(basis: readonly Float64Array[], v: Float64Array): void {
  for (const own of basis) {
    const along = dot(own, v);
    for (let j = 0; j < v.length; j++) v[j] = v[j]! - along * own[j]!;
  }
}

export const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
};

export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** Q and R of the rows as columns; R column by column. */
function orthogonalised(rows: readonly Float64Array[]): {
  readonly basis: readonly Float64Array[];
  readonly r: readonly Float64Array[];
} {
  const basis: Float64Array[] = [];
  const r: Float64Array[] = [];
  for (const row of rows) {
    const rest = Float64Array.from(row);
    const column = new Float64Array(basis.length + 1);
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((own, k) => {
        const along = dot(own, rest);
        column[k] = column[k]! + along;
        for (let j = 0; j < rest.length; j++) rest[j] = rest[j]! - along * own[j]!;
      });
    }
    const length = norm(rest);
    column[basis.length] = length;
    basis.push(length > 0 ? rest.map((x) => x / length) : rest);
    r.push(column);
  }
  return { basis, r };
}

/** Unrestricted weights: R lambda = -Q'c; zero for a row that depends on the others. */
function bestWeights(c: Float64Array, rows: readonly Float64Array[]): Float64Array {
  const { basis, r } = orthogonalised(rows);
  const weights = Float64Array.from(basis, (own) => -dot(own, c));
  for (let k = rows.length - 1; k >= 0; k--) {
    const pivot = r[k]![k]!;
    weights[k] = pivot > 1e-13 ? weights[k]! / pivot : 0;
    for (let i = 0; i < k; i++) weights[i] = weights[i]! - weights[k]! * r[k]![i]!;
  }
  return weights;
}
