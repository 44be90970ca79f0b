/**
 * The criterion of a linear mixed model as the textbook writes it, with n x n matrices and without any ordering or block:
 *
 *   V = I + Z Sigma Z',   F = log|V| + nu (1 + log(2 pi s)) [+ log|X'V^-1 X|],   s = y'P y / nu,   P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1
 *
 * (weights enter as square roots on the rows). Against it the block engine is tested.
 */
import { Table } from "../../../src/data/table.js";
import { type LinearProblem, linearProblem } from "../../../src/models/blocks/criterion.js";
import { type FixedBasis, fixedBasis } from "../../../src/models/blocks/fixed-basis.js";
import { buildGram } from "../../../src/models/blocks/gram.js";
import { gatherGroups, type RandomGroup } from "../../../src/models/blocks/random-groups.js";
import { type ResponseBasis, responseBasis } from "../../../src/models/blocks/response-basis.js";
import { buildStructure } from "../../../src/models/blocks/structure.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { buildFrame } from "../../../src/models/frame/build-frame.js";
import type { ModelFrame } from "../../../src/models/frame/frame.js";
import { choleskyOf, product, transposed } from "../linalg/naive.js";

export type Columns = Readonly<Record<string, readonly number[] | readonly string[] | Float64Array>>;

export interface Design {
  readonly frame: ModelFrame;
  readonly basis: FixedBasis;
  readonly response: ResponseBasis;
  readonly problem: LinearProblem;
  readonly dense: Dense;
}

/** Everything in rows: weights already on them. */
export interface Dense {
  readonly n: number;
  readonly p: number;
  /** Random columns: q in all, group after group, level after level. */
  readonly q: number;
  /** By group: first column. */
  readonly start: readonly number[];
  readonly groups: readonly RandomGroup[];
  /** n x q, n x p, n. */
  readonly z: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly nu: number;
  readonly reml: boolean;
}

export function designOf(formula: string, columns: Columns, options: { readonly reml?: boolean; readonly weights?: string } = {}): Design {
  const reml = options.reml ?? true;
  const frame = buildFrame(parseFormula(formula), Table.from(columns), { weights: options.weights ?? null });
  const n = frame.rows.length;
  const groups = gatherGroups(frame.random, frame.weights);
  const basis = fixedBasis(frame.fixed, frame.weights);
  const response = responseBasis(frame.response.values, frame.offset, basis, frame.fixed.intercept, frame.weights);
  const structure = buildStructure(groups, n, basis.columns.length);
  const problem = linearProblem(structure, buildGram(structure, [...basis.columns, response.values], frame.weights), n, reml);
  return { frame, basis, response, problem, dense: denseOf(problem, basis, response, frame.weights) };
}

function denseOf(problem: LinearProblem, basis: FixedBasis, response: ResponseBasis, weights: Float64Array | null): Dense {
  const { n, nu, reml } = problem;
  const { groups } = problem.structure;
  const root = (i: number): number => (weights === null ? 1 : Math.sqrt(weights[i]!));
  const start: number[] = [];
  let q = 0;
  for (const group of groups) {
    start.push(q);
    q += group.levelCount * group.size;
  }
  const z = new Float64Array(n * q);
  groups.forEach((group, k) => {
    const { size, columns, membership, levelOf } = group;
    for (let i = 0; i < n; i++) {
      for (let m = 0; m < (membership?.count ?? 1); m++) {
        const level = membership === null ? levelOf[i]! : membership.levelOf[m * n + i]!;
        if (level < 0) continue;
        const share = membership === null ? 1 : membership.weights[m * n + i]!;
        columns.forEach((column, s) => {
          const at = (start[k]! + level * size + s) * n + i;
          z[at] = z[at]! + root(i) * share * (typeof column === "number" ? column : column[i]!);
        });
      }
    }
  });
  const p = basis.columns.length;
  const x = new Float64Array(n * p);
  for (let j = 0; j < p; j++) for (let i = 0; i < n; i++) x[j * n + i] = root(i) * basis.columns[j]![i]!;
  const y = response.values.map((value, i) => root(i) * value);
  return { n, p, q, start, groups, z, x, y, nu, reml };
}

/** One S x S symmetric matrix a group -> F and s; the matrices need not be positive definite, only V. */
export function denseValue(dense: Dense, sigma: readonly Float64Array[]): { readonly value: number; readonly s: number } {
  const { n, p, nu, reml, x, y } = dense;
  const l = choleskyOf(covariance(dense, sigma), n);
  const solved = forward(l, columnsOf([x, y], n), n, p + 1);
  const gram = product(transposed(solved, n, p + 1), solved, p + 1, n, p + 1);
  const g = choleskyOf(gram, p + 1);
  const s = g[p * (p + 1) + p]! ** 2 / nu;
  let value = nu * (1 + Math.log(2 * Math.PI * s));
  for (let i = 0; i < n; i++) value += 2 * Math.log(l[i * n + i]!);
  if (reml) for (let j = 0; j < p; j++) value += 2 * Math.log(g[j * (p + 1) + j]!);
  return { value, s };
}

/** V = I + Z Sigma Z', level by level. */
export function covariance({ n, z, groups, start }: Dense, sigma: readonly Float64Array[]): Float64Array {
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  groups.forEach(({ levelCount, size }, k) => {
    for (let level = 0; level < levelCount; level++) {
      const first = start[k]! + level * size;
      const rows: number[] = [];
      for (let i = 0; i < n; i++) {
        let any = false;
        for (let s = 0; s < size; s++) if (z[(first + s) * n + i] !== 0) any = true;
        if (any) rows.push(i);
      }
      for (const i of rows) {
        for (const j of rows) {
          let sum = 0;
          for (let s = 0; s < size; s++)
            for (let r = 0; r < size; r++) sum += z[(first + s) * n + i]! * sigma[k]![r * size + s]! * z[(first + r) * n + j]!;
          v[j * n + i] = v[j * n + i]! + sum;
        }
      }
    }
  });
  return v;
}

/** P y and P f for the columns f (n x m). */
export function projected(dense: Dense, sigma: readonly Float64Array[], f: Float64Array, m: number): Float64Array {
  const { n, p, x } = dense;
  const l = choleskyOf(covariance(dense, sigma), n);
  const fx = forward(l, columnsOf([f, x], n), n, m + p);
  const left = fx.subarray(0, n * m);
  const right = fx.subarray(n * m);
  const g = choleskyOf(product(transposed(right, n, p), right, p, n, p), p);
  const cross = product(transposed(right, n, p), left, p, n, m);
  const coefficients = backward(g, forward(g, cross, p, m), p, m);
  const residual = Float64Array.from(left);
  const taken = product(right, coefficients, n, p, m);
  for (let at = 0; at < residual.length; at++) residual[at] = residual[at]! - taken[at]!;
  return backward(l, residual, n, m);
}

/** The system of the penalised least-squares problem, [Lambda'Z'Z Lambda + I, .; X'Z Lambda, X'X], and its right-hand side. */
export function denseSystem(
  dense: Dense,
  lambda: readonly Float64Array[],
  withFixed: boolean,
): { readonly size: number; readonly omega: Float64Array; readonly right: Float64Array } {
  const { n, p, q, x, y } = dense;
  const zl = timesLambda(dense, lambda);
  const size = q + (withFixed ? p : 0);
  const all = columnsOf(withFixed ? [zl, x] : [zl], n);
  const omega = product(transposed(all, n, size), all, size, n, size);
  for (let i = 0; i < q; i++) omega[i * size + i] = omega[i * size + i]! + 1;
  return { size, omega, right: product(transposed(all, n, size), y, size, n, 1) };
}

/** Z Lambda. */
export function timesLambda({ n, q, z, groups, start }: Dense, lambda: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(n * q);
  groups.forEach(({ levelCount, size }, k) => {
    for (let level = 0; level < levelCount; level++) {
      const first = start[k]! + level * size;
      for (let c = 0; c < size; c++) {
        for (let r = 0; r < size; r++) {
          const factor = lambda[k]![c * size + r]!;
          if (factor === 0) continue;
          for (let i = 0; i < n; i++) out[(first + c) * n + i] = out[(first + c) * n + i]! + factor * z[(first + r) * n + i]!;
        }
      }
    }
  });
  return out;
}

/** The same criterion from the q x q system: for designs whose n x n matrix is too large. */
export function denseSystemValue(dense: Dense, lambda: readonly Float64Array[]): { readonly value: number; readonly s: number } {
  const { n, p, q, nu, reml, x, y } = dense;
  const all = columnsOf([timesLambda(dense, lambda), x, y], n);
  const size = q + p + 1;
  const omega = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = i === j && i < q ? 1 : 0;
      for (let r = 0; r < n; r++) sum += all[i * n + r]! * all[j * n + r]!;
      omega[j * size + i] = sum;
    }
  }
  const l = choleskyOf(omega, size);
  const s = l[(size - 1) * size + size - 1]! ** 2 / nu;
  let value = nu * (1 + Math.log(2 * Math.PI * s));
  for (let j = 0; j < q + (reml ? p : 0); j++) value += 2 * Math.log(l[j * size + j]!);
  return { value, s };
}

/** L L' of every group. */
export function sigmaOf(groups: readonly RandomGroup[], lambda: readonly Float64Array[]): Float64Array[] {
  return groups.map(({ size }, k) => product(lambda[k]!, transposed(lambda[k]!, size, size), size, size, size));
}

/** From the dense column order to the position of the same component in the engine's vectors. */
export function positions({ structure: { groups, nodeOf, position } }: LinearProblem): number[] {
  return groups.flatMap(({ levelCount, size }, k) =>
    Array.from({ length: levelCount * size }, (_, at) => position[nodeOf[k]![Math.floor(at / size)]!]! + (at % size)),
  );
}

function columnsOf(parts: readonly Float64Array[], n: number): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    if (part.length % n !== 0) throw new Error("columns of another length");
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** L^-1 B. */
function forward(l: Float64Array, b: Float64Array, n: number, m: number): Float64Array {
  const x = Float64Array.from(b);
  for (let c = 0; c < m; c++) {
    for (let j = 0; j < n; j++) {
      const value = x[c * n + j]! / l[j * n + j]!;
      x[c * n + j] = value;
      for (let i = j + 1; i < n; i++) x[c * n + i] = x[c * n + i]! - l[j * n + i]! * value;
    }
  }
  return x;
}

/** L^-T B. */
function backward(l: Float64Array, b: Float64Array, n: number, m: number): Float64Array {
  const x = Float64Array.from(b);
  for (let c = 0; c < m; c++) {
    for (let j = n - 1; j >= 0; j--) {
      let sum = x[c * n + j]!;
      for (let i = j + 1; i < n; i++) sum -= l[j * n + i]! * x[c * n + i]!;
      x[c * n + j] = sum / l[j * n + j]!;
    }
  }
  return x;
}
