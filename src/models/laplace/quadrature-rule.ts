/**
 * Gauss-Hermite rules for adaptive quadrature over S standard normal dimensions.
 *
 *   integral f(z) exp(-|z|^2 / 2) dz / (2 pi)^{S/2} = sum_k exp(w_k - |z_k|^2 / 2) f(z_k),   w_k = sum_s [log(weight_s / sqrt pi) + z_s^2 / 2]
 *
 * Nodes by Newton's method on the orthonormal Hermite functions (which do not overflow), from the asymptotic starts of Stroud & Secrest 1966.
 */

export interface QuadratureRule {
  readonly dimensions: number;
  /** K^S. */
  readonly count: number;
  /** count x S, row by row. */
  readonly nodes: Float64Array;
  /** count: w_k. */
  readonly logWeights: Float64Array;
}

/** One-dimensional nodes z (ascending, variance 1) and log(weight / sqrt pi) + z^2 / 2. */
export function gaussHermite(points: number): { readonly nodes: Float64Array; readonly logWeights: Float64Array } {
  const nodes = new Float64Array(points);
  const logWeights = new Float64Array(points);
  const half = Math.floor((points + 1) / 2);
  let x = 0;
  for (let i = 0; i < half; i++) {
    // Starts from the largest root down.
    if (i === 0) x = Math.sqrt(2 * points + 1) - 1.85575 * (2 * points + 1) ** (-1 / 6);
    else if (i === 1) x -= (1.14 * points ** 0.426) / x;
    else if (i === 2) x = 1.86 * x - 0.86 * root(nodes, points, 0);
    else if (i === 3) x = 1.91 * x - 0.91 * root(nodes, points, 1);
    else x = 2 * x - root(nodes, points, i - 2);
    let derivative = 1;
    for (let iteration = 0; iteration < 100; iteration++) {
      const { value, previous } = hermiteFunctions(x, points);
      // h_n' = sqrt(2n) h_{n-1} for the orthonormal polynomials; the common factor exp(-x^2/2) cancels.
      derivative = Math.sqrt(2 * points) * previous;
      const step = value / derivative;
      x -= step;
      if (Math.abs(step) <= 1e-15 * Math.max(1, Math.abs(x))) break;
    }
    if (points % 2 === 1 && i === half - 1) x = 0;
    const { previous } = hermiteFunctions(x, points);
    // weight = 1 / (n h_{n-1}^2) with orthonormal polynomials; functions carry exp(-x^2/2), so that exp(x^2) = exp(z^2/2) is in already.
    const logWeight = -Math.log(points) - 2 * Math.log(Math.abs(previous)) - 0.5 * Math.log(Math.PI);
    const z = Math.SQRT2 * x;
    nodes[points - 1 - i] = z;
    nodes[i] = -z;
    logWeights[points - 1 - i] = logWeight;
    logWeights[i] = logWeight;
  }
  return { nodes, logWeights };
}

/** The i-th largest root found so far, in units of x = z / sqrt 2. */
const root = (nodes: Float64Array, points: number, i: number): number => nodes[points - 1 - i]! / Math.SQRT2;

/** Orthonormal Hermite functions of orders n and n - 1 at x. */
function hermiteFunctions(x: number, n: number): { readonly value: number; readonly previous: number } {
  let previous = 0;
  let value = Math.PI ** -0.25 * Math.exp(-0.5 * x * x);
  for (let k = 0; k < n; k++) {
    const next = x * Math.sqrt(2 / (k + 1)) * value - Math.sqrt(k / (k + 1)) * previous;
    previous = value;
    value = next;
  }
  return { value, previous };
}

/** The product rule with `points` nodes in each of `dimensions` dimensions. */
export function productRule(points: number, dimensions: number): QuadratureRule {
  const { nodes: line, logWeights: weights } = gaussHermite(points);
  const count = points ** dimensions;
  const nodes = new Float64Array(count * dimensions);
  const logWeights = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    let rest = k;
    for (let s = 0; s < dimensions; s++) {
      const own = rest % points;
      rest = (rest - own) / points;
      nodes[k * dimensions + s] = line[own]!;
      logWeights[k] = logWeights[k]! + weights[own]!;
    }
  }
  return { dimensions, count, nodes, logWeights };
}
