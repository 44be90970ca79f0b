/**
 * Natural cubic spline through given points (de Boor 2001, "A Practical Guide to Splines", chapter IV): second derivatives zero at the
 * ends, straight lines beyond them. R's `interpSpline`.
 */

/**
 * @param x strictly increasing, two or more
 * @param y as many
 */
export function naturalSpline(x: ArrayLike<number>, y: ArrayLike<number>): (at: number) => number {
  const n = x.length;
  const h = Float64Array.from({ length: n - 1 }, (_, i) => x[i + 1]! - x[i]!);
  const slope = h.map((width, i) => (y[i + 1]! - y[i]!) / width);
  // Second derivatives m: the tridiagonal system h_i-1 m_i-1 + 2 (h_i-1 + h_i) m_i + h_i m_i+1 = 6 (slope_i - slope_i-1).
  const m = new Float64Array(n);
  const diagonal = new Float64Array(n);
  const right = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    diagonal[i] = 2 * (h[i - 1]! + h[i]!);
    right[i] = 6 * (slope[i]! - slope[i - 1]!);
    if (i === 1) continue;
    const factor = h[i - 1]! / diagonal[i - 1]!;
    diagonal[i] = diagonal[i]! - factor * h[i - 1]!;
    right[i] = right[i]! - factor * right[i - 1]!;
  }
  for (let i = n - 2; i > 0; i--) m[i] = (right[i]! - h[i]! * m[i + 1]!) / diagonal[i]!;
  const first = slope[0]! - (h[0]! * m[1]!) / 6;
  const last = slope[n - 2]! + (h[n - 2]! * m[n - 2]!) / 6;
  return (at) => {
    if (at <= x[0]!) return y[0]! + first * (at - x[0]!);
    if (at >= x[n - 1]!) return y[n - 1]! + last * (at - x[n - 1]!);
    let low = 0;
    let high = n - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x[middle]! <= at) low = middle;
      else high = middle;
    }
    const width = h[low]!;
    const t = at - x[low]!;
    const curve = m[low]! / 2;
    const twist = (m[high]! - m[low]!) / (6 * width);
    return y[low]! + t * (slope[low]! - (width * (2 * m[low]! + m[high]!)) / 6 + t * (curve + t * twist));
  };
}
