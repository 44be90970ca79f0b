/**
 * The residual bootstrap of linear models (Carpenter, Goldstein & Rasbash 2003, "A novel bootstrap procedure for assessing the relationship
 * between class size and achievement", Applied Statistics 52): units' effects and rows' residuals are drawn with replacement from those
 * that were estimated, which assumes no normal distribution. Estimated effects are shrunken; so they are centred and reflated to the
 * variances that the model has,
 *
 *   U* = U A,   A = (L_Sigma L_S^-1)',   S = U'U / J = L_S L_S',   Sigma = L_Sigma L_Sigma'
 *
 * for each grouping factor, and the residuals, times the root of their weights, to sigma.
 */
import type { RandomStream } from "../data/random.js";
import { applyLambda } from "../models/blocks/solve.js";
import type { LinearMixedFit } from "../models/fit.js";
import { addRandom, strandsOf } from "../models/laplace/strands.js";
import { linearParts, type Simulator } from "./simulate.js";

/** Pivots below this share of the largest are zero: directions in which there is no variance. */
const NOTHING = 1e-10;

export function residualSimulator(fit: LinearMixedFit): Simulator {
  const { problem, optimum, effects, response } = fit.engine;
  const { structure, n } = problem;
  const { groups, nodeOf, position, q } = structure;
  const { weights } = fit.frame;
  const { fixed, random: modes } = linearParts(fit);
  const strands = strandsOf(structure, new Int32Array(groups.length), n);

  const b = new Float64Array(q);
  applyLambda(structure, optimum.lambda, false, effects, 1, b);
  const units = groups.map(({ size, levelCount }, k) => {
    const own = new Float64Array(levelCount * size);
    nodeOf[k]!.forEach((node, level) => {
      for (let s = 0; s < size; s++) own[level * size + s] = b[position[node]! + s]! * response.scale;
    });
    return reflated(own, levelCount, size, optimum.lambda[k]!, fit.sigma);
  });
  const root = (i: number): number => (weights === null ? 1 : Math.sqrt(weights[i]!));
  const residuals = reflated(
    fit.frame.response.values.map((y, i) => (y - fixed[i]! - modes[i]!) * root(i)),
    n,
    1,
    Float64Array.of(1),
    fit.sigma,
  );

  return (random: RandomStream) => {
    const drawn = new Float64Array(q);
    groups.forEach(({ size, levelCount }, k) => {
      for (const node of nodeOf[k]!) {
        const from = random.integer(levelCount) * size;
        for (let s = 0; s < size; s++) drawn[position[node]! + s] = units[k]![from + s]!;
      }
    });
    const y = fixed.slice();
    addRandom(strands, drawn, n, [y]);
    for (let i = 0; i < n; i++) y[i] = y[i]! + residuals[random.integer(n)]! / root(i);
    return y;
  };
}

/**
 * Rows u_l of J x m values (row by row), centred and turned into rows whose covariance matrix is sigma^2 lambda lambda'.
 *
 * @param lambda m x m, lower triangular
 */
export function reflated(u: Float64Array, count: number, m: number, lambda: Float64Array, sigma: number): Float64Array {
  const out = Float64Array.from(u);
  for (let s = 0; s < m; s++) {
    let mean = 0;
    for (let l = 0; l < count; l++) mean += out[l * m + s]! / count;
    for (let l = 0; l < count; l++) out[l * m + s] = out[l * m + s]! - mean;
  }
  const covariance = new Float64Array(m * m);
  for (let l = 0; l < count; l++) {
    for (let c = 0; c < m; c++) {
      for (let r = 0; r < m; r++) covariance[c * m + r] = covariance[c * m + r]! + (out[l * m + r]! * out[l * m + c]!) / count;
    }
  }
  const root = semidefiniteRoot(covariance, m);
  // Row by row z = L_S^-1 u, then sigma lambda z.
  const z = new Float64Array(m);
  for (let l = 0; l < count; l++) {
    for (let r = 0; r < m; r++) {
      let sum = out[l * m + r]!;
      for (let c = 0; c < r; c++) sum -= root[c * m + r]! * z[c]!;
      const pivot = root[r * m + r]!;
      z[r] = pivot === 0 ? 0 : sum / pivot;
    }
    for (let r = 0; r < m; r++) {
      let sum = 0;
      for (let c = 0; c <= r; c++) sum += lambda[c * m + r]! * z[c]!;
      out[l * m + r] = sigma * sum;
    }
  }
  return out;
}

/** Lower-triangular L with L L' = A for a positive semidefinite A; columns of directions without variance are zero. */
function semidefiniteRoot(a: Float64Array, m: number): Float64Array {
  const l = new Float64Array(m * m);
  let largest = 0;
  for (let i = 0; i < m; i++) largest = Math.max(largest, a[i * m + i]!);
  for (let j = 0; j < m; j++) {
    let pivot = a[j * m + j]!;
    for (let k = 0; k < j; k++) pivot -= l[k * m + j]! * l[k * m + j]!;
    if (!(pivot > NOTHING * largest)) continue;
    l[j * m + j] = Math.sqrt(pivot);
    for (let i = j + 1; i < m; i++) {
      let sum = a[j * m + i]!;
      for (let k = 0; k < j; k++) sum -= l[k * m + i]! * l[k * m + j]!;
      l[j * m + i] = sum / l[j * m + j]!;
    }
  }
  return l;
}
