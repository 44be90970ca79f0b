/**
 * The variance of a prediction with its units' effects, from the joint covariance of fixed and random effects.
 *
 *   Var(x'beta_hat + z'b_hat - x'beta - z'b) = w'H^-1 w + g'C g,   w = Lambda'z,   H = Lambda'Z'WZ Lambda + I,   g = x - G'w
 *
 * with G = H^-1 Lambda'Z'W X how the effects follow the coefficients and C the coefficients' covariance (Henderson 1975; McCulloch & Searle
 * 2001, section 6.6). In linear models all is times sigma^2 and the variances are taken as known, as lme4's predict(se.fit = TRUE) does. In
 * generalized models g has entries for the variance parameters too, by which the modes move, and C is the covariance of all parameters
 * (Kass & Steffey 1989), as glmmTMB's predict(se.fit = TRUE).
 *
 * z names few units, and a solution with the factor touches only them and what they are eliminated into: a row costs little, any
 * combination of units may be asked for, and nothing has the size of the rows squared.
 */
import { lambdaOf } from "../models/blocks/covariance-parameters.js";
import { factorAt } from "../models/blocks/criterion.js";
import { backwardSolveRandom, fixedRowsOf, inverseOfFixed } from "../models/blocks/solve.js";
import type { Structure } from "../models/blocks/structure.js";
import type { LinearMixedFit } from "../models/fit.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { findMode } from "../models/laplace/mode.js";
import { modeSlopes } from "../models/laplace/mode-slopes.js";
import { scoresOf } from "../models/laplace/strands.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { randomInverse, type SparseRow } from "./predict-inverse.js";
import { eachUnit } from "./predict-random.js";
import type { RandomRows } from "./predict-rows.js";

export interface JointVariance {
  /**
   * @param gradient by coefficient: how the quantity depends on the fixed part
   * @param slopes by predictor: how it depends on the random part
   */
  variance(row: number, gradient: Float64Array, slopes: ArrayLike<number>): number;
}

/**
 * @param random the random terms on the rows; units that the fit does not know are left out
 * @returns null where no covariance is known
 */
export function jointVariance(fit: MixedFit, random: readonly RandomRows[]): JointVariance | null {
  return isGeneralized(fit) ? generalizedVariance(fit, random) : linearVariance(fit, random);
}

function linearVariance(fit: LinearMixedFit, random: readonly RandomRows[]): JointVariance {
  const { problem, optimum, basis } = fit.engine;
  const { factor, gram, structure } = problem;
  const { p } = structure;
  factorAt(problem, optimum.lambda);
  const follow = fixedRowsOf(factor, gram).solved;
  backwardSolveRandom(factor, follow, p);
  const half = inverseOfFixed(factor);
  const inverse = randomInverse(factor);
  const reader = rowReader(structure, optimum.lambda, random);
  const rest = new Float64Array(p);
  return {
    variance(row, gradient, slopes) {
      const sparse = reader.read(row, slopes);
      for (let j = 0; j < p; j++) {
        let sum = 0;
        for (let i = 0; i < p; i++) sum += basis.transform[j * p + i]! * gradient[i]!;
        for (const at of sparse.positions) sum -= follow[at * p + j]! * reader.w[at]!;
        rest[j] = sum;
      }
      let fixed = 0;
      for (let k = 0; k < p; k++) {
        let sum = 0;
        for (let c = 0; c <= k; c++) sum += half[c * p + k]! * rest[c]!;
        fixed += sum * sum;
      }
      return fit.sigma * fit.sigma * (inverse(reader.w, sparse) + fixed);
    },
  };
}

function generalizedVariance({ engine }: GeneralizedMixedFit, random: readonly RandomRows[]): JointVariance | null {
  const { problem, point, effects, jointCovariance, transform, names } = engine;
  if (jointCovariance === null) return null;
  const { structure, parameters, strands, rows, factor, model } = problem;
  const { q } = structure;
  const { psiCount, n } = model;
  const k = parameters.length;
  const size = k + psiCount;
  const lambda = lambdaOf(structure.groups, parameters, point);
  const mode = findMode(problem, lambda, point.subarray(k), effects, 2);
  if (mode === null) return null;
  const follow = modeSlopes(problem, lambda, scoresOf(strands, rows.first, n, q), mode.u);
  if (follow === null) return null;
  const inverse = randomInverse(factor);
  const reader = rowReader(structure, lambda, random);
  const g = new Float64Array(size);
  return {
    variance(row, gradient, slopes) {
      const sparse = reader.read(row, slopes);
      g.fill(0);
      for (let r = 0; r < names.length; r++) {
        const own = gradient[r]!;
        if (own !== 0) for (let c = 0; c < psiCount; c++) g[k + c] = g[k + c]! + own * transform[r * psiCount + c]!;
      }
      for (const at of sparse.positions) for (let j = 0; j < size; j++) g[j] = g[j]! + follow[at * size + j]! * reader.w[at]!;
      // Lambda itself moves with theta: z'Lambda_j u.
      parameters.forEach(({ group, row: r, column }, j) => {
        for (const t of sparse.nodes) {
          if (structure.nodeGroup[t] !== group) continue;
          const at = structure.position[t]!;
          g[j] = g[j]! + reader.z[at + r]! * mode.u[at + column]!;
        }
      });
      let fixed = 0;
      for (let b = 0; b < size; b++) {
        if (g[b] === 0) continue;
        for (let a = 0; a < size; a++) fixed += g[a]! * jointCovariance[b * size + a]! * g[b]!;
      }
      return inverse(reader.w, sparse) + fixed;
    },
  };
}

interface RowReader {
  /** q: whitened z and w = Lambda'z of the row read last; zero elsewhere. */
  readonly z: Float64Array;
  readonly w: Float64Array;
  read(row: number, slopes: ArrayLike<number>): SparseRow;
}

function rowReader(structure: Structure, lambda: readonly Float64Array[], random: readonly RandomRows[]): RowReader {
  const { groups, nodeOf, nodeGroup, position, q } = structure;
  const z = new Float64Array(q);
  const w = new Float64Array(q);
  const places = random.map(({ term }) => {
    const group = groups.findIndex(({ parts }) => parts.some((part) => part.term === term.index));
    return { group, start: groups[group]!.parts.find((part) => part.term === term.index)!.start };
  });
  let last: SparseRow = { positions: [], nodes: new Set() };
  return {
    z,
    w,
    read(row, slopes) {
      for (const at of last.positions) {
        z[at] = 0;
        w[at] = 0;
      }
      const nodes = new Set<number>();
      random.forEach((rows, x) => {
        const slope = slopes[rows.predictor]!;
        if (slope === 0) return;
        const { group: k, start } = places[x]!;
        const { size, whitening } = groups[k]!;
        const { values, rowCount } = rows.frame.effects;
        const own = rows.term.effects.length;
        eachUnit(rows, row, (level, share) => {
          if (level < 0) return;
          const t = nodeOf[k]![level]!;
          nodes.add(t);
          for (let c = 0; c < size; c++) {
            let sum = 0;
            for (let s = 0; s < own; s++) sum += values[s * rowCount + row]! * whitening[c * size + start + s]!;
            z[position[t]! + c] = z[position[t]! + c]! + slope * share * sum;
          }
        });
      });
      const positions: number[] = [];
      for (const t of nodes) {
        const k = nodeGroup[t]!;
        const { size } = groups[k]!;
        const at = position[t]!;
        for (let c = 0; c < size; c++) {
          let sum = 0;
          for (let i = 0; i < size; i++) sum += z[at + i]! * lambda[k]![c * size + i]!;
          w[at + c] = sum;
          positions.push(at + c);
        }
      }
      last = { positions, nodes };
      return last;
    },
  };
}
