/**
 * The Laplace approximation as the textbook writes it, with one dense q x q matrix, and integrals over the effects of one factor by the
 * trapezoidal rule on a fine grid: what the engine's values are tested against. Only the rows' log-likelihoods are the engine's.
 */
import { derivativeLength, firstAt, secondAt } from "../../../src/models/families/row-likelihood.js";
import type { LaplaceProblem } from "../../../src/models/laplace/problem.js";
import { choleskyOf } from "../linalg/naive.js";

interface DenseModel {
  readonly n: number;
  readonly q: number;
  /** By predictor: n x q, row by row; zero for predictors without effects. */
  readonly loadings: readonly Float64Array[];
  /** By predictor: n values without the effects. */
  readonly fixed: readonly Float64Array[];
}

/** Lambda of each group (S x S, column-major) from theta. */
function factorsOf({ structure, parameters }: LaplaceProblem, point: Float64Array): Float64Array[] {
  const lambda = structure.groups.map(({ size }) => new Float64Array(size * size));
  parameters.forEach(({ group, row, column }, j) => {
    lambda[group]![column * structure.groups[group]!.size + row] = point[j]!;
  });
  return lambda;
}

function denseModel(problem: LaplaceProblem, point: Float64Array): DenseModel {
  const { model, structure, parameters } = problem;
  const { n, predictors, groupPredictor } = model;
  const psi = point.subarray(parameters.length);
  const fixed = predictors.map(({ columns, parameter, offset }) =>
    Float64Array.from({ length: n }, (_, i) =>
      columns.reduce((sum, column, j) => sum + column[i]! * psi[parameter[j]!]!, offset?.[i] ?? 0),
    ),
  );
  const q = structure.groups.reduce((sum, { levelCount, size }) => sum + levelCount * size, 0);
  const loadings = predictors.map(() => new Float64Array(n * q));
  let start = 0;
  factorsOf(problem, point).forEach((lambda, k) => {
    const { size, columns, levelOf, levelCount, membership } = structure.groups[k]!;
    const into = loadings[groupPredictor[k]!]!;
    for (let i = 0; i < n; i++) {
      for (let m = 0; m < (membership?.count ?? 1); m++) {
        const level = membership === null ? levelOf[i]! : membership.levelOf[m * n + i]!;
        if (level < 0) continue;
        const share = membership === null ? 1 : membership.weights[m * n + i]!;
        for (let c = 0; c < size; c++) {
          let sum = 0;
          columns.forEach((column, r) => {
            sum += (typeof column === "number" ? column : column[i]!) * lambda[c * size + r]!;
          });
          const at = i * q + start + level * size + c;
          into[at] = into[at]! + share * sum;
        }
      }
    }
    start += levelCount * size;
  });
  return { n, q, loadings, fixed };
}

interface Joint {
  /** -sum l + |u|^2 / 2 */
  readonly value: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

function joint({ model: { likelihood } }: LaplaceProblem, { n, q, loadings, fixed }: DenseModel, u: Float64Array): Joint {
  const p = fixed.length;
  const out = new Float64Array(derivativeLength(p));
  let value = 0.5 * u.reduce((sum, x) => sum + x * x, 0);
  const gradient = Float64Array.from(u);
  const hessian = new Float64Array(q * q);
  for (let j = 0; j < q; j++) hessian[j * q + j] = 1;
  for (let i = 0; i < n; i++) {
    const rows = loadings.map((own) => own.subarray(i * q, (i + 1) * q));
    const at = Float64Array.from(fixed, (own, c) => rows[c]!.reduce((sum, x, j) => sum + x * u[j]!, own[i]!));
    likelihood.row(i, at, 2, out);
    value -= out[0]!;
    for (let a = 0; a < p; a++) {
      for (let j = 0; j < q; j++) gradient[j] = gradient[j]! - out[firstAt(a)]! * rows[a]![j]!;
      for (let b = 0; b < p; b++) {
        const w = -out[secondAt(p, Math.min(a, b), Math.max(a, b))]!;
        for (let j = 0; j < q; j++) {
          const x = w * rows[a]![j]!;
          if (x !== 0) for (let k = 0; k < q; k++) hessian[j * q + k] = hessian[j * q + k]! + x * rows[b]![k]!;
        }
      }
    }
  }
  return { value, gradient, hessian };
}

/** -2 sum l + |u|^2 + log|H| at the mode, which is found by damped Newton steps from zero. */
export function denseLaplace(problem: LaplaceProblem, point: Float64Array): number {
  const dense = denseModel(problem, point);
  const { q } = dense;
  const u = new Float64Array(q);
  let here = joint(problem, dense, u);
  for (let iteration = 0; iteration < 100; iteration++) {
    let ridge = 0;
    let step: Float64Array | null = null;
    while (step === null) {
      const damped = Float64Array.from(here.hessian);
      for (let j = 0; j < q; j++) damped[j * q + j] = damped[j * q + j]! + ridge;
      try {
        step = solve(choleskyOf(damped, q), here.gradient, q);
      } catch {
        ridge = Math.max(1, 2 * ridge);
      }
    }
    let size = 1;
    let next = joint(
      problem,
      dense,
      u.map((x, j) => x - size * step[j]!),
    );
    while (!(next.value <= here.value + 1e-12 * Math.abs(here.value)) && size > 1e-12) {
      size /= 2;
      next = joint(
        problem,
        dense,
        u.map((x, j) => x - size * step[j]!),
      );
    }
    for (let j = 0; j < q; j++) u[j] = u[j]! - size * step[j]!;
    here = next;
    if (step.every((x) => Math.abs(x) < 1e-11)) break;
  }
  const l = choleskyOf(here.hessian, q);
  let logDeterminant = 0;
  for (let j = 0; j < q; j++) logDeterminant += 2 * Math.log(l[j * q + j]!);
  return 2 * here.value + logDeterminant;
}

function solve(l: Float64Array, right: Float64Array, q: number): Float64Array {
  const x = Float64Array.from(right);
  for (let j = 0; j < q; j++) {
    for (let k = 0; k < j; k++) x[j] = x[j]! - l[k * q + j]! * x[k]!;
    x[j] = x[j]! / l[j * q + j]!;
  }
  for (let j = q - 1; j >= 0; j--) {
    for (let k = j + 1; k < q; k++) x[j] = x[j]! - l[j * q + k]! * x[k]!;
    x[j] = x[j]! / l[j * q + j]!;
  }
  return x;
}

/**
 * -2 log of the integral of the likelihood over the effects of one factor with S = 1 or 2, level by level on a grid over [-9, 9]^S. For
 * functions that are smooth and vanish at the ends the trapezoidal rule converges faster than any power of the spacing.
 */
export function integrated(problem: LaplaceProblem, point: Float64Array, spacing: number): number {
  const { model, structure } = problem;
  const [group] = structure.groups;
  const { size, columns, levelOf, levelCount } = group!;
  const [lambda] = factorsOf(problem, point);
  const { fixed } = denseModel(problem, point);
  const out = new Float64Array(derivativeLength(fixed.length));
  const half = Math.ceil(9 / spacing);
  const line = Array.from({ length: 2 * half + 1 }, (_, k) => (k - half) * spacing);
  const grid = size === 1 ? line.map((x) => [x]) : line.flatMap((x) => line.map((y) => [x, y]));
  let total = 0;
  for (let level = 0; level < levelCount; level++) {
    const rows = Array.from({ length: model.n }, (_, i) => i).filter((i) => levelOf[i] === level);
    const logs = grid.map((u) => {
      let sum = 0;
      for (const x of u) sum -= 0.5 * x * x + 0.5 * Math.log(2 * Math.PI) - Math.log(spacing);
      const b = Array.from({ length: size }, (_, r) => u.reduce((value, x, c) => value + lambda![c * size + r]! * x, 0));
      for (const i of rows) {
        const move = columns.reduce<number>((value, column, r) => value + b[r]! * (typeof column === "number" ? column : column[i]!), 0);
        model.likelihood.row(
          i,
          Float64Array.from(fixed, (own, c) => own[i]! + (c === 0 ? move : 0)),
          0,
          out,
        );
        sum += out[0]!;
      }
      return sum;
    });
    const most = logs.reduce((a, b) => Math.max(a, b));
    total += most + Math.log(logs.reduce((sum, x) => sum + Math.exp(x - most), 0));
  }
  return -2 * total;
}
