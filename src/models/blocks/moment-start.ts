/**
 * A start from moments, without iteration: MINQUE(0) (Rao 1971). With e = Z'(y - X b_ols) and K0 = Z'Z - Z'X (X'X)^-1 X'Z
 *
 *   sum_s tr(E_r K0 E_s K0) tau_s + tr(E_r K0) sigma^2 = e'E_r e
 *   sum_r tr(E_r K0) tau_r + (n - p) sigma^2 = rss
 *
 * for every free element tau_r of the covariance matrices (E_r its pattern of zeros and ones): one for each covariance
 * parameter. In balanced designs it is the REML estimate. Everything is taken from the Gram blocks.
 */
import { cholesky, solveRightTransposed } from "../linalg/cholesky.js";
import { lowerFactor, symmetricEigen } from "../linalg/symmetric.js";
import { type CovarianceParameter, setPartBlock, thetaOf } from "./covariance-parameters.js";
import type { LinearProblem } from "./criterion.js";
import type { GroupPart } from "./random-groups.js";
import { multiplyGram } from "./solve.js";
import type { Structure } from "./structure.js";

/** Eigenvalues of a start below this share of the larger of 0.1 and the largest are raised to it: never start at the boundary. */
const SMALLEST = 0.01;
/** The residual variance of a start is at least this share of the total. */
const SMALLEST_RESIDUAL = 0.05;

/** In whitened columns no variance can be this many times the residual's share: the moments did not tell the parameters apart. */
const LARGEST = 1e4;
/** Of a variance's own information, a whole design having at least the rows less p: below this it is rounding. */
const UNINFORMED = 1e-8;

/** What moments are taken from. */
export type MomentProblem = Pick<LinearProblem, "structure" | "gram" | "parameters" | "n">;

/** @returns theta for the whitened factors; the identity where the moments do not determine one */
export function momentStart(problem: MomentProblem): Float64Array {
  const { structure, parameters, n } = problem;
  const identity = Float64Array.from(parameters, ({ row, column }) => (row === column ? 1 : 0));
  const residuals = leastSquaresResiduals(problem);
  if (residuals === null) return identity;
  const { right, rss } = residuals;
  const system = momentEquations(problem, residuals);
  const solution = solveSymmetric(system, right, parameters.length + 1);
  if (solution === null) return identity;
  const residual = Math.max(solution[parameters.length]!, (SMALLEST_RESIDUAL * rss) / Math.max(1, n - structure.p));
  const tau = solution.subarray(0, parameters.length).map((value) => value / residual);
  if (!tau.every((value) => Math.abs(value) < LARGEST)) return identity;
  const theta = thetaFrom(problem, tau);
  // A variance of which the fixed effects leave nothing (y ~ g + (1 | g)) moves no REML criterion: it is zero and stays there.
  parameters.forEach(({ part, row, column }, r) => {
    const alone = part.size === 1 || part.covariance === "diagonal";
    if (alone && row === column && !isInformed(system, r, parameters.length + 1)) theta[r] = 0;
  });
  return theta;
}

interface LeastSquares {
  /** q x p column-major: B = Z'X L_X^-T with X'X = L_X L_X', so that K0 = Z'Z - BB'. */
  readonly b: Float64Array;
  /** e'E_r e for every parameter, then rss. */
  readonly right: Float64Array;
  readonly rss: number;
}

/** null where X'X cannot be factored. */
function leastSquaresResiduals({ structure, gram, parameters }: MomentProblem): LeastSquares | null {
  const { groups, nodeGroup, nodeOf, position, q, p, b: width, aStart, aLd } = structure;
  const factor = Float64Array.from(gram.fixed);
  if (cholesky(factor, 0, width, p) >= 0) return null;
  const b = new Float64Array(q * p);
  const e = new Float64Array(q);
  for (let t = 0; t < structure.nodeCount; t++) {
    for (let s = 0; s < groups[nodeGroup[t]!]!.size; s++) {
      const bottom = aStart[t]! + (s + 1) * aLd[t]! - width;
      const at = position[t]! + s;
      for (let j = 0; j < p; j++) b[j * q + at] = gram.random[bottom + j]!;
      e[at] = gram.random[bottom + p]!;
    }
  }
  solveRightTransposed(b, 0, q, q, factor, 0, width, p);
  let rss = gram.fixed[p * width + p]!;
  const solved = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    let sum = gram.fixed[p * width + j]!;
    for (let k = 0; k < j; k++) sum -= factor[k * width + j]! * solved[k]!;
    solved[j] = sum / factor[j * width + j]!;
    rss -= solved[j]! * solved[j]!;
    for (let i = 0; i < q; i++) e[i] = e[i]! - b[j * q + i]! * solved[j]!;
  }
  const right = new Float64Array(parameters.length + 1);
  parameters.forEach(({ group, row, column }, r) => {
    let moment = 0;
    for (const t of nodeOf[group]!) moment += e[position[t]! + row]! * e[position[t]! + column]!;
    right[r] = row === column ? moment : 2 * moment;
  });
  right[parameters.length] = rss;
  return { b, right, rss };
}

/** The symmetric system of the moment equations, parameters first, sigma^2 last. */
function momentEquations(problem: MomentProblem, { b }: LeastSquares): Float64Array {
  const { structure, gram, parameters, n } = problem;
  const { nodeOf, position, q, p, aStart, aLd } = structure;
  const count = parameters.length;
  const size = count + 1;
  const system = new Float64Array(size * size);
  const sandwich = parameters.map((parameter) => sandwiched(structure, parameter, b));
  const vectors = new Float64Array(q * p);
  const product = new Float64Array((q + p) * Math.max(1, p));
  parameters.forEach(({ group, row, column }, s) => {
    // tr(E_r BB' E_s BB') - 2 tr(B'E_r A E_s B)
    vectors.fill(0);
    let trace = 0;
    for (const t of nodeOf[group]!) {
      const x = position[t]! + row;
      const y = position[t]! + column;
      for (let j = 0; j < p; j++) {
        vectors[x * p + j] = b[j * q + y]!;
        vectors[y * p + j] = b[j * q + x]!;
      }
      trace += (row === column ? 1 : 2) * gram.random[aStart[t]! + column * aLd[t]! + row]!;
    }
    if (p > 0) multiplyGram(structure, gram, vectors, p, product);
    parameters.forEach((other, r) => {
      let cross = 0;
      for (const t of nodeOf[other.group]!) {
        const x = position[t]! + other.row;
        const y = position[t]! + other.column;
        for (let j = 0; j < p; j++) {
          cross += b[j * q + y]! * product[x * p + j]!;
          if (x !== y) cross += b[j * q + x]! * product[y * p + j]!;
        }
      }
      let square = 0;
      for (let x = 0; x < p * p; x++) square += sandwich[r]![x]! * sandwich[s]![x]!;
      system[s * size + r] = square - 2 * cross;
    });
    for (let j = 0; j < p; j++) trace -= sandwich[s]![j * p + j]!;
    system[s * size + count] = trace;
    system[count * size + s] = trace;
  });
  addGramTraces(problem, system);
  system[count * size + count] = n - p;
  return system;
}

/** B'E_r B, p x p. */
function sandwiched({ nodeOf, position, q, p }: Structure, { group, row, column }: CovarianceParameter, b: Float64Array): Float64Array {
  const out = new Float64Array(p * p);
  for (const t of nodeOf[group]!) {
    const x = position[t]! + row;
    const y = position[t]! + column;
    for (let j = 0; j < p; j++) {
      for (let k = 0; k < p; k++) {
        let value = b[j * q + x]! * b[k * q + y]!;
        if (x !== y) value += b[j * q + y]! * b[k * q + x]!;
        out[j * p + k] = out[j * p + k]! + value;
      }
    }
  }
  return out;
}

/** Adds tr(E_r A E_s A), A = Z'Z: sums over pairs of nodes that share rows. */
function addGramTraces({ structure, gram, parameters }: MomentProblem, system: Float64Array): void {
  const { groups, nodeCount, nodeGroup, aStart, aLd, aNeighbourStart, aNeighbour, aRow } = structure;
  const size = parameters.length + 1;
  const byGroup = groups.map((_, k) => parameters.flatMap((parameter, r) => (parameter.group === k ? [r] : [])));
  for (let t = 0; t < nodeCount; t++) {
    addBlock(t, t, aStart[t]!);
    for (let x = aNeighbourStart[t]!; x < aNeighbourStart[t + 1]!; x++) addBlock(t, aNeighbour[x]!, aStart[t]! + aRow[x]!);
  }

  /** The block M of A with `other`'s rows and t's columns: tr(E_r M'E_s M), r a parameter of t's group, s of other's. */
  function addBlock(t: number, other: number, offset: number): void {
    const ld = aLd[t]!;
    const at = (row: number, column: number): number => gram.random[offset + column * ld + row]!;
    for (const r of byGroup[nodeGroup[t]!]!) {
      const er = parameters[r]!;
      for (const s of byGroup[nodeGroup[other]!]!) {
        const es = parameters[s]!;
        // One product for every pair of ones, of E_r at (row, column) and (column, row) and of E_s likewise.
        let sum = at(es.row, er.row) * at(es.column, er.column);
        if (es.row !== es.column) sum += at(es.column, er.row) * at(es.row, er.column);
        if (er.row !== er.column) {
          sum += at(es.row, er.column) * at(es.column, er.row);
          if (es.row !== es.column) sum += at(es.column, er.column) * at(es.row, er.row);
        }
        system[s * size + r] = system[s * size + r]! + sum;
        if (t !== other) system[r * size + s] = system[r * size + s]! + sum;
      }
    }
  }
}

/** theta of the relative (co)variances tau, one for each parameter, kept away from the boundary. */
function thetaFrom({ structure: { groups }, parameters }: MomentProblem, tau: Float64Array): Float64Array {
  const lambda = groups.map((group) => new Float64Array(group.size * group.size));
  const blocks = new Map<GroupPart, Float64Array>();
  parameters.forEach(({ part, row, column }, r) => {
    let block = blocks.get(part);
    if (block === undefined) {
      block = new Float64Array(part.size * part.size);
      blocks.set(part, block);
    }
    block[(column - part.start) * part.size + row - part.start] = tau[r]!;
    block[(row - part.start) * part.size + column - part.start] = tau[r]!;
  });
  groups.forEach((group, k) => {
    for (const part of group.parts) setPartBlock(lambda[k]!, group.size, part, raisedFactor(blocks.get(part)!, part));
  });
  return thetaOf(groups, parameters, lambda);
}

/** Lower factor of a symmetric matrix with its small and negative eigenvalues raised. */
function raisedFactor(block: Float64Array, { size: m, covariance }: GroupPart): Float64Array {
  if (covariance === "diagonal") {
    let largest = 0;
    for (let i = 0; i < m; i++) largest = Math.max(largest, block[i * m + i]!);
    const out = new Float64Array(m * m);
    for (let i = 0; i < m; i++) out[i * m + i] = Math.sqrt(Math.max(block[i * m + i]!, SMALLEST * Math.max(0.1, largest)));
    return out;
  }
  const { values, vectors } = symmetricEigen(block, m);
  const floor = SMALLEST * Math.max(0.1, values[m - 1]!);
  const root = new Float64Array(m * m);
  for (let c = 0; c < m; c++) {
    const s = Math.sqrt(Math.max(values[c]!, floor));
    for (let r = 0; r < m; r++) root[c * m + r] = vectors[c * m + r]! * s;
  }
  return lowerFactor(root, m);
}

/** Whether the moments say anything about parameter i; the last equation is that of the residual variance. */
function isInformed(system: Float64Array, i: number, size: number): boolean {
  return system[i * size + i]! > UNINFORMED * system[size * size - 1]!;
}

/**
 * Solves the moment equations by eigenvalues, leaving out parameters and directions without information (a random slope on a variable
 * whose fixed effect takes all of it); null where the solution is not finite.
 */
function solveSymmetric(a: Float64Array, y: Float64Array, n: number): Float64Array | null {
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) scale[i] = isInformed(a, i, n) ? 1 / Math.sqrt(a[i * n + i]!) : 0;
  const scaled = new Float64Array(n * n);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) scaled[j * n + i] = a[j * n + i]! * scale[i]! * scale[j]!;
  if (!scaled.every(Number.isFinite)) return null;
  const { values, vectors } = symmetricEigen(scaled, n);
  const x = new Float64Array(n);
  for (let m = 0; m < n; m++) {
    if (!(values[m]! > 1e-10 * values[n - 1]!)) continue;
    let dot = 0;
    for (let i = 0; i < n; i++) dot += vectors[m * n + i]! * y[i]! * scale[i]!;
    for (let i = 0; i < n; i++) x[i] = x[i]! + (vectors[m * n + i]! * dot) / values[m]!;
  }
  for (let i = 0; i < n; i++) x[i] = x[i]! * scale[i]!;
  return x.every(Number.isFinite) ? x : null;
}
