/**
 * Small random problems for the Laplace engine, made without a search: rows of any family, designs with random terms of any kind, a point
 * to evaluate at; and derivatives by differences.
 */
import { randomStream } from "../../../src/data/random.js";
import { Table } from "../../../src/data/table.js";
import { gatherGroups, type RandomGroup } from "../../../src/models/blocks/random-groups.js";
import { buildStructure } from "../../../src/models/blocks/structure.js";
import { type CumulativeLink, cumulativeRows } from "../../../src/models/families/cumulative.js";
import type { Family, LinkName, ResponseRows } from "../../../src/models/families/family.js";
import { hurdleRows, truncatedRows } from "../../../src/models/families/hurdle.js";
import { linkFunction } from "../../../src/models/families/links.js";
import type { RowLikelihood } from "../../../src/models/families/row-likelihood.js";
import { type ThresholdStructure, thresholdDesign, thresholdRows } from "../../../src/models/families/thresholds.js";
import { zeroInflatedRows } from "../../../src/models/families/zero-inflated.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { buildFrame } from "../../../src/models/frame/build-frame.js";
import type { RandomFrame } from "../../../src/models/frame/frame.js";
import { evaluateLaplace, laplaceGradient } from "../../../src/models/laplace/criterion.js";
import { type LaplaceOptions, type LaplaceProblem, laplaceProblem } from "../../../src/models/laplace/problem.js";
import type { PredictorDesign } from "../../../src/models/laplace/row-model.js";
import type { Columns } from "../blocks/dense.js";

/** Rows, what they depend on, and values of psi at which they are likely. */
export interface RowDesign {
  readonly likelihood: RowLikelihood;
  readonly predictors: readonly PredictorDesign[];
  readonly psi: Float64Array;
}

export interface RandomTerms {
  readonly predictor: number;
  /** As in a formula: `(1 | a) + (0 + x | b)`. */
  readonly terms: string;
}

export type Zeros = "inflated" | "hurdle" | "truncated" | null;

const numbers = (columns: Columns, name: string): Float64Array => Float64Array.from(columns[name] as ArrayLike<number>);
const ones = (n: number): Float64Array => new Float64Array(n).fill(1);

/** Where responses of a family are in the middle of their range. */
function middle(family: Family): number {
  switch (family.name) {
    case "binomial":
    case "betabinomial":
    case "beta":
      return 0.45;
    case "poisson":
    case "nbinom1":
    case "nbinom2":
      return 3;
    default:
      return 2;
  }
}

/** Predictors: the mean (1, x, an offset), further ones (1 and, for the dispersion on request, z), the zero probability (1, z). */
export function familyDesign(
  family: Family,
  link: LinkName,
  columns: Columns,
  options: { readonly zeros?: Zeros; readonly dispersion?: boolean; readonly weights?: boolean; readonly seed: number },
): RowDesign {
  const { zeros = null, seed } = options;
  const x = numbers(columns, "x");
  const z = numbers(columns, "z");
  const n = x.length;
  const next = randomStream(seed, "response");
  const eta = linkFunction(link).predictor(middle(family));
  const slope = 0.08 * Math.abs(eta) + 0.02;
  const offset = x.map(() => 0.02 * Math.abs(eta) * next.normal());
  const further = family.further.map((name) => (name === "shape" ? Math.log(5) : family.name === "beta" ? 2 : 0.3));
  const predictors: PredictorDesign[] = [{ columns: [ones(n), x], parameter: Int32Array.of(0, 1), offset }];
  const psi = [eta, slope];
  family.further.forEach((name, k) => {
    const own = options.dispersion && name === "dispersion" ? [ones(n), z] : [ones(n)];
    predictors.push({ columns: own, parameter: Int32Array.from(own, (_, j) => psi.length + j), offset: null });
    psi.push(further[k]!, ...own.slice(1).map(() => 0.1));
  });
  if (zeros === "inflated" || zeros === "hurdle") {
    predictors.push({ columns: [ones(n), z], parameter: Int32Array.of(psi.length, psi.length + 1), offset: null });
    psi.push(-0.7, 0.3);
  }
  const size = family.name === "betabinomial" ? 6 : family.name === "binomial" && seed % 2 === 0 ? 4 : 1;
  const values = Float64Array.from({ length: n }, (_, i) => {
    const mean = family.mean(link, eta + slope * x[i]! + offset[i]! + 0.1 * Math.abs(eta) * next.normal());
    if ((zeros === "inflated" || zeros === "hurdle") && next.uniform() < 0.3) return 0;
    let y = family.simulate(next, mean, further, size);
    if (zeros !== null && zeros !== "inflated") while (y === 0) y = family.simulate(next, mean, further, size);
    return y;
  });
  const binomial = family.name === "binomial" || family.name === "betabinomial";
  // Those of trials count them.
  const weights = options.weights ? Float64Array.from({ length: n }, () => (binomial ? 1 + next.integer(3) : 0.5 + next.uniform())) : null;
  const response: ResponseRows = {
    name: "y",
    values,
    trials: binomial ? new Float64Array(n).fill(size) : null,
    levels: null,
    rows: Int32Array.from({ length: n }, (_, i) => i),
    weights,
    weightsName: "w",
  };
  return { likelihood: rowsOf(family, link, response, zeros), predictors, psi: Float64Array.from(psi) };
}

function rowsOf(family: Family, link: LinkName, response: ResponseRows, zeros: Zeros): RowLikelihood {
  if (zeros === null) return family.rows(response, link);
  const plain: ResponseRows = { ...response, weights: null };
  const base = family.rows(plain, link);
  const atZero = family.rows({ ...plain, values: new Float64Array(response.values.length) }, link);
  if (zeros === "truncated") return truncatedRows(base, atZero, response);
  return zeros === "hurdle" ? hurdleRows(base, atZero, response) : zeroInflatedRows(base, atZero, response);
}

/** Predictors: x for the mean, thresholds of a structure (nominal in z on request), the scale (x) on request. */
export function cumulativeDesign(
  link: CumulativeLink,
  structure: ThresholdStructure,
  columns: Columns,
  options: {
    readonly categories: number;
    readonly nominal?: boolean;
    readonly scale?: boolean;
    readonly weights?: boolean;
    readonly seed: number;
  },
): RowDesign {
  const { categories, seed } = options;
  const x = numbers(columns, "x");
  const z = numbers(columns, "z");
  const n = x.length;
  const next = randomStream(seed, "categories");
  const category = Int32Array.from({ length: n }, (_, i) => (i < categories ? i : next.integer(categories)));
  const levels = Array.from({ length: categories }, (_, j) => String(j));
  const design = thresholdDesign(levels, structure, "y");
  const { upper, lower, parameters } = thresholdRows(design, category, options.nominal ? { names: ["z"], columns: z } : null);
  const count = parameters.length;
  const of = (values: Float64Array): PredictorDesign => ({
    columns: Array.from({ length: count }, (_, k) => values.subarray(k * n, (k + 1) * n)),
    parameter: Int32Array.from({ length: count }, (_, k) => k),
    offset: null,
  });
  const predictors: PredictorDesign[] = [
    { columns: [x], parameter: Int32Array.of(count), offset: x.map(() => 0.1 * next.normal()) },
    of(upper),
    of(lower),
  ];
  const psi = Array.from(parameters, (_, k) => (k < design.parameters.length ? startOf(design.parameters[k]!, k, categories) : 0.03));
  psi.push(0.4);
  if (options.scale) {
    predictors.push({ columns: [x], parameter: Int32Array.of(psi.length), offset: null });
    psi.push(0.15);
  }
  const weights = options.weights ? Float64Array.from({ length: n }, () => 0.5 + next.uniform()) : null;
  const likelihood = cumulativeRows(category, categories, link, weights, { scale: options.scale ?? false });
  return { likelihood, predictors, psi: Float64Array.from(psi) };
}

/** Thresholds a unit or so apart, in the middle of the latent scale. */
function startOf(parameter: string, k: number, categories: number): number {
  if (parameter === "central") return 0.1;
  if (parameter === "central.1") return -0.4;
  if (parameter === "central.2") return 0.6;
  if (parameter === "threshold.1") return -1.2;
  if (parameter === "spacing") return 0.9;
  if (parameter.startsWith("spacing.")) return 0.8 * Number(parameter.slice("spacing.".length));
  return 1.1 * (k - (categories - 2) / 2);
}

/** @param random random terms by predictor, over the same columns */
export function problemOf(
  { likelihood, predictors, psi }: RowDesign,
  random: readonly RandomTerms[],
  columns: Columns,
  options: LaplaceOptions = {},
): LaplaceProblem {
  const n = predictors[0]!.columns[0]!.length;
  const groups: RandomGroup[] = [];
  const groupPredictor: number[] = [];
  let firstTerm = 0;
  for (const { predictor, terms } of random) {
    const frames = framesOf(terms, columns);
    const own = gatherGroups(frames, null, firstTerm);
    firstTerm += frames.length;
    groups.push(...own);
    groupPredictor.push(...own.map(() => predictor));
  }
  const carrying = [...new Set(random.map(({ predictor }) => predictor))].sort((a, b) => a - b);
  const model = {
    n,
    likelihood,
    predictors,
    psiCount: psi.length,
    groups,
    groupPredictor: Int32Array.from(groupPredictor),
    random: carrying,
  };
  return laplaceProblem(model, buildStructure(groups, n, 0), options);
}

function framesOf(terms: string, columns: Columns): readonly RandomFrame[] {
  return buildFrame(parseFormula(`y ~ 1 + ${terms}`), Table.from(columns)).random;
}

/** theta with diagonals `size` times 0.3 to 1, then psi moved by `move` times a normal number. */
export function randomPoint(
  problem: LaplaceProblem,
  psi: Float64Array,
  options: { readonly seed: number; readonly size?: number; readonly move?: number },
): Float64Array {
  const { seed, size = 1, move = 0.05 } = options;
  const next = randomStream(seed, "point");
  const theta = problem.parameters.map(
    ({ row, column }) => size * (row === column ? 0.3 + 0.7 * next.uniform() : 1.2 * next.uniform() - 0.6),
  );
  return Float64Array.from([...theta, ...Array.from(psi, (x) => x + move * Math.min(1, Math.abs(x)) * next.normal())]);
}

export const valueAt = (problem: LaplaceProblem, point: Float64Array): number =>
  evaluateLaplace(problem, point, new Float64Array(problem.structure.q)).value;

export const gradientAt = (problem: LaplaceProblem, point: Float64Array): Float64Array =>
  laplaceGradient(problem, evaluateLaplace(problem, point, new Float64Array(problem.structure.q))).gradient;

/** df/dx at 0 from central differences with steps h, h/2 and h/4, extrapolated to a step of zero (Richardson): error of order h^6. */
export function slopeOf(f: (x: number) => number, h: number): number {
  const [d1, d2, d3] = [h, h / 2, h / 4].map((step) => (f(step) - f(-step)) / (2 * step));
  return (64 * d3! - 20 * d2! + d1!) / 45;
}

/**
 * Largest difference between the exact gradient and differences of the value, relative to the larger of 1 and the largest component.
 * The value is right to about 1e-13 of itself, which differences with a step of 1e-3 turn into 1e-9; what the extrapolation leaves out is smaller.
 *
 * @param held elements that are not differentiated: those that the inner loop profiles
 */
export function gradientError(problem: LaplaceProblem, point: Float64Array, held: ArrayLike<number> = [], h: number = 4e-3): number {
  const gradient = gradientAt(problem, point);
  const scale = gradient.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  const left = new Set(Array.from(held));
  let largest = 0;
  point.forEach((x, j) => {
    if (left.has(j)) {
      if (gradient[j] !== 0) largest = Number.POSITIVE_INFINITY;
      return;
    }
    const moved = Float64Array.from(point);
    const difference = slopeOf((by) => {
      moved[j] = x + by;
      return valueAt(problem, moved);
    }, h);
    const error = Math.abs(gradient[j]! - difference) / scale;
    if (!(error <= largest)) largest = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  });
  return largest;
}
