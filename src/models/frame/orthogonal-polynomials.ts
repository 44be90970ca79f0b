/**
 * Orthogonal polynomials over given points (Kennedy & Gentle 1980, pp. 343-344), as R's `poly` and `contr.poly`.
 *
 *   p_0 = 1,  p_1 = x - alpha_0,  p_{k+1} = (x - alpha_k) p_k - (nu_k / nu_{k-1}) p_{k-1}
 *   nu_k = sum p_k^2,  alpha_k = sum x p_k^2 / nu_k
 *
 * Column k of the basis is p_k / sqrt(nu_k). The p_k are monic, which fixes the signs. x is measured from its mean.
 */

/** What is remembered of a basis, enough to compute it at other points. */
export interface PolynomialBasis {
  readonly degree: number;
  readonly mean: number;
  /** degree: recurrence constants, relative to the mean. */
  readonly alpha: readonly number[];
  /** degree + 1: squared norms nu_0, nu_1, ... */
  readonly norm2: readonly number[];
}

/**
 * The constants of the basis over the points of `x` that are present.
 *
 * @param x n numbers, NaN missing
 * @param degree >= 1, smaller than the number of distinct points
 */
export function polynomialBasis(x: Float64Array, degree: number): PolynomialBasis {
  const present = x.filter((value) => !Number.isNaN(value));
  const mean = meanOf(present);
  const n = present.length;
  const z = present.map((value) => value - mean);
  let previous = new Float64Array(n);
  let current = new Float64Array(n).fill(1);
  const alpha: number[] = [];
  const norm2: number[] = [n];
  for (let k = 0; k < degree; k++) {
    let weighted = 0;
    for (let i = 0; i < n; i++) weighted += z[i]! * current[i]! * current[i]!;
    const a = weighted / norm2[k]!;
    const ratio = k === 0 ? 0 : norm2[k]! / norm2[k - 1]!;
    const next = new Float64Array(n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const value = (z[i]! - a) * current[i]! - ratio * previous[i]!;
      next[i] = value;
      sum += value * value;
    }
    alpha.push(a);
    norm2.push(sum);
    previous = current;
    current = next;
  }
  return { degree, mean, alpha, norm2 };
}

/**
 * The basis at the points `x`.
 *
 * @returns n x degree, column-major; NaN where x is missing
 */
export function evaluatePolynomials(basis: PolynomialBasis, x: Float64Array): Float64Array {
  const { degree, mean, alpha, norm2 } = basis;
  const n = x.length;
  const values = new Float64Array(n * degree);
  for (let i = 0; i < n; i++) {
    const z = x[i]! - mean;
    let previous = 0;
    let current = 1;
    for (let k = 0; k < degree; k++) {
      const ratio = k === 0 ? 0 : norm2[k]! / norm2[k - 1]!;
      const next = (z - alpha[k]!) * current - ratio * previous;
      values[k * n + i] = next / Math.sqrt(norm2[k + 1]!);
      previous = current;
      current = next;
    }
  }
  return values;
}

/** x, x^2, ..., x^degree: n x degree, column-major. */
export function rawPowers(x: Float64Array, degree: number): Float64Array {
  const n = x.length;
  const values = new Float64Array(n * degree);
  values.set(x);
  for (let k = 1; k < degree; k++) for (let i = 0; i < n; i++) values[k * n + i] = values[(k - 1) * n + i]! * x[i]!;
  return values;
}

/**
 * Orthonormal polynomials of all degrees 1..count-1 over the points 1..count: count x (count - 1), column-major.
 * High degrees are made orthogonal to the lower ones again, since the recurrence alone loses that beyond 20 points or so.
 *
 * @example orthogonalColumns(2) // => Float64Array [-0.7071067811865475, 0.7071067811865475]
 */
export function orthogonalColumns(count: number): Float64Array {
  const columns: Float64Array[] = [new Float64Array(count).fill(1 / Math.sqrt(count))];
  const middle = (count - 1) / 2;
  for (let k = 1; k < count; k++) {
    const column = columns[k - 1]!.map((value, i) => value * (i - middle));
    for (let pass = 0; pass < 2; pass++) {
      for (const lower of columns) {
        const projection = dot(lower, column);
        for (let i = 0; i < count; i++) column[i] = column[i]! - projection * lower[i]!;
      }
    }
    const norm = Math.sqrt(dot(column, column));
    columns.push(column.map((value) => value / norm));
  }
  const values = new Float64Array(count * (count - 1));
  for (let k = 1; k < count; k++) values.set(columns[k]!, (k - 1) * count);
  return values;
}

/** The mean, in two passes so that it is right to the last digits; NaN for no points. */
export function meanOf(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  const first = sum / x.length;
  let rest = 0;
  for (let i = 0; i < x.length; i++) rest += x[i]! - first;
  return first + rest / x.length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
