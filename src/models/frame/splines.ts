/**
 * Regression splines as R's `splines` package computes them: B-splines (de Boor 1978) and natural cubic splines.
 *
 *   B_{i,1}(x) = 1 on [t_i, t_{i+1}),   B_{i,k}(x) = (x - t_i) / (t_{i+k-1} - t_i) B_{i,k-1} + (t_{i+k} - x) / (t_{i+k} - t_{i+1}) B_{i+1,k-1}
 *
 * Interior knots stand at type-7 quantiles, boundary knots at the range. A natural spline is cubic with second derivatives zero
 * at the boundary knots: with C (2 x K) these derivatives of the K basis functions and C' = QR by Householder reflections,
 * the basis is B Q without its first two columns, so that coefficients agree with R's, not only fitted values. Beyond the
 * boundary knots a natural spline goes on linearly, a B-spline with its outermost polynomial piece.
 */

/** What is remembered of a basis, enough to compute it at other points. */
export interface SplineBasis {
  readonly type: "bs" | "ns";
  readonly degree: number;
  readonly intercept: boolean;
  readonly knots: readonly number[];
  readonly boundary: readonly [number, number];
}

/**
 * Quantiles of type 7 (Hyndman & Fan 1996).
 *
 * @param sorted increasing numbers, at least one
 * @example quantile7(Float64Array.of(1, 2, 3, 4), 0.5) // => 2.5
 */
export function quantile7(sorted: Float64Array, probability: number): number {
  const index = (sorted.length - 1) * probability;
  const low = Math.floor(index + 4 * Number.EPSILON);
  const fraction = index - low;
  const at = sorted[low]!;
  if (Math.abs(fraction) < 1e-12 || low + 1 >= sorted.length) return at;
  return (1 - fraction) * at + fraction * sorted[low + 1]!;
}

/**
 * Knots for `count` interior knots: quantiles of the points between the boundary knots.
 *
 * @param x n numbers, NaN missing
 */
export function interiorKnots(x: Float64Array, count: number, boundary: readonly [number, number]): readonly number[] {
  const inside = x.filter((value) => value >= boundary[0] && value <= boundary[1]).sort();
  return Array.from({ length: count }, (_, k) => quantile7(inside, (k + 1) / (count + 1)));
}

/** Columns of the basis. */
export function splineWidth(basis: SplineBasis): number {
  const all = basis.knots.length + basis.degree + 1 - (basis.intercept ? 0 : 1);
  return basis.type === "ns" ? all - 2 : all;
}

/**
 * The basis at the points `x`.
 *
 * @returns n x width, column-major; NaN where x is missing
 */
export function evaluateSpline(basis: SplineBasis, x: Float64Array): Float64Array {
  const { degree, boundary, intercept } = basis;
  const order = degree + 1;
  const knots = allKnots(basis);
  const count = knots.length - order;
  const skip = intercept ? 0 : 1;
  const width = splineWidth(basis);
  const n = x.length;
  const reflect = basis.type === "ns" ? naturalConstraint(knots, boundary, skip) : null;
  const dropped = reflect === null ? 0 : 2;
  const values = new Float64Array(n * width);
  const row = new Float64Array(count);
  const slope = new Float64Array(count);
  const local = new Float64Array(order);
  for (let i = 0; i < n; i++) {
    const point = x[i]!;
    if (Number.isNaN(point)) {
      for (let j = 0; j < width; j++) values[j * n + i] = Number.NaN;
      continue;
    }
    const pivot = point < boundary[0] ? boundary[0] : Math.min(point, boundary[1]);
    if (reflect === null || pivot === point) {
      splineRow(knots, order, point, 0, row, local);
    } else {
      splineRow(knots, order, pivot, 0, row, local);
      splineRow(knots, order, pivot, 1, slope, local);
      for (let j = 0; j < count; j++) row[j] = row[j]! + (point - pivot) * slope[j]!;
    }
    if (reflect !== null) reflect(row);
    for (let j = 0; j < width; j++) values[j * n + i] = row[skip + dropped + j]!;
  }
  return values;
}

/** Boundary knots `degree + 1` times on each side, interior knots between. */
function allKnots({ knots, boundary, degree }: SplineBasis): Float64Array {
  const repeated = (knot: number): number[] => Array.from({ length: degree + 1 }, () => knot);
  return Float64Array.from([...repeated(boundary[0]), ...knots, ...repeated(boundary[1])]).sort();
}

/**
 * The derivative of order `derivative` of all basis functions at `x`, written into `out`. Outside the knots the outermost
 * polynomial piece goes on. `local` (order numbers) is scratch.
 */
function splineRow(knots: Float64Array, order: number, x: number, derivative: number, out: Float64Array, local: Float64Array): void {
  const count = knots.length - order;
  let interval = order - 1;
  while (interval < count - 1 && knots[interval + 1]! <= x) interval++;
  while (interval > order - 1 && knots[interval] === knots[interval + 1]) interval--;
  out.fill(0);
  local[0] = 1;
  const plain = order - derivative;
  // local[r] holds B_{interval - k + 1 + r, k} after step k.
  for (let k = 2; k <= order; k++) {
    let carried = 0;
    for (let r = 0; r < k - 1; r++) {
      const left = knots[interval - k + 2 + r]!;
      const right = knots[interval + 1 + r]!;
      const share = right === left ? 0 : local[r]! / (right - left);
      if (k <= plain) {
        local[r] = carried + (right - x) * share;
        carried = (x - left) * share;
      } else {
        local[r] = carried - (k - 1) * share;
        carried = (k - 1) * share;
      }
    }
    local[k - 1] = carried;
  }
  for (let r = 0; r < order; r++) out[interval - order + 1 + r] = local[r]!;
}

/** Two Householder reflections (LINPACK's signs, as R's `qr`) that turn the constraints into the first two coordinates. */
function naturalConstraint(knots: Float64Array, boundary: readonly [number, number], skip: number): (row: Float64Array) => void {
  const count = knots.length - 4;
  const columns = boundary.map((knot) => {
    const row = new Float64Array(count);
    splineRow(knots, 4, knot, 2, row, new Float64Array(4));
    return row;
  });
  const reflectors: { readonly start: number; readonly vector: Float64Array }[] = [];
  const apply = (start: number, vector: Float64Array, target: Float64Array): void => {
    let sum = 0;
    for (let j = start; j < count; j++) sum += vector[j]! * target[j]!;
    const factor = -sum / vector[start]!;
    for (let j = start; j < count; j++) target[j] = target[j]! + factor * vector[j]!;
  };
  columns.forEach((column, k) => {
    const start = skip + k;
    let norm = Math.sqrt(column.slice(start).reduce((sum, value) => sum + value * value, 0));
    if (norm === 0) return;
    if (column[start]! < 0) norm = -norm;
    const vector = column.map((value, j) => (j < start ? 0 : value / norm));
    vector[start] = vector[start]! + 1;
    for (const later of columns.slice(k + 1)) apply(start, vector, later);
    reflectors.push({ start, vector });
  });
  return (row) => {
    for (const { start, vector } of reflectors) apply(start, vector, row);
  };
}
