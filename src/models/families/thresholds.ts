/**
 * Thresholds of cumulative and adjacent-category models as linear functions of fewer parameters,
 *
 *   tau = J a,    J the (J-1) x k Jacobian of the structure, as in ordinal::clm (Christensen 2019, "Cumulative link models for ordinal
 *   regression with the R package ordinal", section 2.3),
 *
 *   flexible     every threshold a parameter of its own: "1|2", "2|3", ...
 *   symmetric    distances from the centre alike on both sides: "central", "spacing.1", ... for an odd number of thresholds;
 *                "central.1", "central.2" (the two in the middle), "spacing.1", ... (distances from the nearer of them) for an even one
 *   symmetric2   symmetric about zero: "spacing.1", ... (distances from zero)
 *   equidistant  "threshold.1" (the first) and "spacing"
 *
 * Nominal effects (partial proportional odds, Peterson & Harrell 1990) let the parameters depend on m further columns,
 * a(x) = a_0 + x_1 a_1 + ... + x_m a_m: k (1 + m) parameters, a_0 first, named "1|2.(Intercept)", "2|3.(Intercept)", ..., "1|2.x", ...
 * They add to the thresholds, so that a positive effect makes low categories likelier.
 */
import { FitError, type Note, thresholdMessages } from "../../messages.js";
import { leastSquares } from "../linalg/least-squares.js";
import { normalQuantile } from "../special/normal.js";
import type { CumulativeLink } from "./cumulative-cell.js";
import type { ResponseRows } from "./family.js";

export type ThresholdStructure = "flexible" | "symmetric" | "symmetric2" | "equidistant";

export const THRESHOLD_STRUCTURES: readonly ThresholdStructure[] = ["flexible", "symmetric", "symmetric2", "equidistant"];

/** The response as categories that have rows. */
export interface ResponseCategories {
  /** n indices into `levels`. */
  readonly category: Int32Array;
  /** J of them, in order; 2 or more. */
  readonly levels: readonly string[];
  /** Levels of the response without a row, in order. */
  readonly dropped: readonly string[];
  /** "empty-categories", "numbers-as-categories", "alphabetical-order". */
  readonly notes: readonly Note[];
}

/** How the thresholds between J categories depend on k parameters. */
export interface ThresholdDesign {
  readonly structure: ThresholdStructure;
  /** J - 1 names as in ordinal: "1|2", "2|3", ... */
  readonly thresholds: readonly string[];
  /** k names. */
  readonly parameters: readonly string[];
  /** (J-1) x k, column-major. */
  readonly jacobian: Float64Array;
}

/** Columns on which the thresholds depend: n x m, column-major, without an intercept. */
export interface NominalColumns {
  readonly names: readonly string[];
  readonly columns: Float64Array;
}

/** The rows' two thresholds as linear functions of the parameters: `upper` = U a, `lower` = L a. */
export interface ThresholdRows {
  /** K = k (1 + m) names. */
  readonly parameters: readonly string[];
  /** n x K, column-major; rows of the top category are zero. */
  readonly upper: Float64Array;
  /** n x K, column-major; rows of the bottom category are zero. */
  readonly lower: Float64Array;
}

/**
 * The response as categories. A factor's or a boolean's levels are taken in their order, whole numbers in ascending order (with a note),
 * text in code-point order (with a note unless the order was stated); levels without a row are left out (with a note), as their thresholds could not be told apart.
 *
 * @param order whether the categories are ordered (default) or not, for the notes
 * @throws FitError for `cbind(s, f)`, for numbers that are not whole, and where fewer than two categories have rows
 * @example
 * const numbers = { trials: null, levels: null, rows: Int32Array.of(0, 1, 2), weights: null, weightsName: null };
 * responseCategories({ ...numbers, name: "score", values: Float64Array.of(4, 0, 2) }).levels // => ["0", "2", "4"]
 */
export function responseCategories(response: ResponseRows, order: "ordered" | "unordered" = "ordered"): ResponseCategories {
  const { name, values, trials, rows, alphabetical = false } = response;
  if (trials !== null) throw new FitError(thresholdMessages.countsAsCategories(name));
  const notes: Note[] = [];
  let levels = response.levels;
  let indices: ArrayLike<number> = values;
  if (levels === null) {
    const fractional = Array.from(values.keys()).filter((i) => !Number.isInteger(values[i]!));
    if (fractional.length > 0) {
      const shown = fractional.map((i) => ({ row: rows[i]! + 1, value: values[i]! }));
      throw new FitError(thresholdMessages.fractionalCategories(name, shown));
    }
    const distinct = Array.from(new Set(values)).sort((a, b) => a - b);
    const place = new Map(distinct.map((value, j) => [value, j]));
    levels = distinct.map(String);
    indices = values.map((value) => place.get(value)!);
    notes.push({ code: "numbers-as-categories", message: thresholdMessages.numbersAsCategories(name, levels, order) });
  }
  const counts = new Int32Array(levels.length);
  for (let i = 0; i < indices.length; i++) counts[indices[i]!]!++;
  const kept = levels.filter((_, j) => counts[j]! > 0);
  const dropped = levels.filter((_, j) => counts[j] === 0);
  if (kept.length < 2) throw new FitError(thresholdMessages.oneCategory(name, kept[0] ?? null));
  if (alphabetical && order === "ordered") notes.push({ code: "alphabetical-order", message: thresholdMessages.alphabetical(name, kept) });
  if (dropped.length > 0) notes.push({ code: "empty-categories", message: thresholdMessages.emptyCategories(name, dropped, order) });
  const recoded = new Int32Array(levels.length);
  for (let j = 1; j < levels.length; j++) recoded[j] = recoded[j - 1]! + (counts[j - 1]! > 0 ? 1 : 0);
  return { category: Int32Array.from(indices, (j) => recoded[j]!), levels: kept, dropped, notes };
}

/**
 * The Jacobian of a threshold structure with ordinal's parametrisation and names.
 *
 * @param levels J category names in order, J at least 2
 * @param response the response's name, for messages
 * @throws FitError for a structure other than flexible with only two categories, where it has nothing to restrict
 * @example thresholdDesign(["low", "middle", "high"], "equidistant", "rating").parameters // => ["threshold.1", "spacing"]
 */
export function thresholdDesign(levels: readonly string[], structure: ThresholdStructure, response: string): ThresholdDesign {
  const count = levels.length - 1;
  if (structure !== "flexible" && count < 2) throw new FitError(thresholdMessages.structureOfTwo(structure, response, levels));
  const thresholds = levels.slice(1).map((level, j) => `${levels[j]}|${level}`);
  const parameters = parameterNames(structure, thresholds);
  const jacobian = new Float64Array(count * parameters.length);
  for (let j = 0; j < count; j++) {
    for (const [parameter, coefficient] of thresholdRow(structure, j, count)) jacobian[parameter * count + j] = coefficient;
  }
  return { structure, thresholds, parameters, jacobian };
}

function parameterNames(structure: ThresholdStructure, thresholds: readonly string[]): readonly string[] {
  const half = Math.floor(thresholds.length / 2);
  const spacings = Array.from({ length: half }, (_, k) => `spacing.${k + 1}`);
  switch (structure) {
    case "flexible":
      return thresholds;
    case "symmetric":
      return thresholds.length % 2 === 1 ? ["central", ...spacings] : ["central.1", "central.2", ...spacings.slice(0, -1)];
    case "symmetric2":
      return spacings;
    case "equidistant":
      return ["threshold.1", "spacing"];
  }
}

/** [parameter, coefficient] pairs of threshold j. */
function thresholdRow(structure: ThresholdStructure, j: number, count: number): readonly (readonly [number, number])[] {
  const odd = count % 2 === 1;
  const half = Math.floor(count / 2);
  const right = j >= count - half;
  const side = right ? 1 : -1;
  /** Steps outward from the middle: 0 for the one in the middle or the two beside it. */
  const steps = right ? j - (count - half) + (odd ? 1 : 0) : odd ? half - j : half - 1 - j;
  switch (structure) {
    case "flexible":
      return [[j, 1]];
    case "symmetric": {
      const centre = odd || !right ? 0 : 1;
      if (steps === 0) return [[centre, 1]];
      return [
        [centre, 1],
        [(odd ? 0 : 1) + steps, side],
      ];
    }
    case "symmetric2":
      return odd ? (steps === 0 ? [] : [[steps - 1, side]]) : [[steps, side]];
    case "equidistant":
      return [
        [0, 1],
        [1, j],
      ];
  }
}

/**
 * The rows' thresholds as functions of the parameters, nominal effects included.
 *
 * @param category n category indices
 * @param nominal columns on which the thresholds depend; null for none
 */
export function thresholdRows(design: ThresholdDesign, category: Int32Array, nominal: NominalColumns | null): ThresholdRows {
  const n = category.length;
  const count = design.thresholds.length;
  const k = design.parameters.length;
  const m = nominal?.names.length ?? 0;
  const upper = new Float64Array(n * k * (1 + m));
  const lower = new Float64Array(n * k * (1 + m));
  for (let block = 0; block <= m; block++) {
    for (let parameter = 0; parameter < k; parameter++) {
      const start = (block * k + parameter) * n;
      for (let i = 0; i < n; i++) {
        const x = block === 0 ? 1 : nominal!.columns[(block - 1) * n + i]!;
        const j = category[i]!;
        if (j < count) upper[start + i] = x * design.jacobian[parameter * count + j]!;
        if (j > 0) lower[start + i] = x * design.jacobian[parameter * count + j - 1]!;
      }
    }
  }
  return { parameters: thresholdParameterNames(design, nominal?.names ?? []), upper, lower };
}

/**
 * Names of all threshold parameters as ordinal prints them.
 * @param nominal names of the nominal columns
 * @example thresholdParameterNames(thresholdDesign(["1", "2", "3"], "flexible", "y"), ["xB"]) // => ["1|2.(Intercept)", "2|3.(Intercept)", "1|2.xB", "2|3.xB"]
 */
export function thresholdParameterNames(design: ThresholdDesign, nominal: readonly string[]): readonly string[] {
  if (nominal.length === 0) return design.parameters;
  return ["(Intercept)", ...nominal].flatMap((column) => design.parameters.map((parameter) => `${parameter}.${column}`));
}

/**
 * Where a fit may start: the thresholds that give the observed (weighted) proportions at a linear predictor of zero, and for a
 * structure the parameters nearest to them by least squares, which keeps their order.
 *
 * @param category n category indices, every category with a row
 * @returns k values; nominal effects start at zero
 */
export function thresholdStart(
  design: ThresholdDesign,
  category: Int32Array,
  link: CumulativeLink,
  weights: Float64Array | null,
): Float64Array {
  const count = design.thresholds.length;
  const totals = new Float64Array(count + 1);
  for (let i = 0; i < category.length; i++) totals[category[i]!] = totals[category[i]!]! + (weights === null ? 1 : weights[i]!);
  const below = new Float64Array(count);
  const above = new Float64Array(count);
  for (let j = 0; j < count; j++) below[j] = (j > 0 ? below[j - 1]! : 0) + totals[j]!;
  for (let j = count - 1; j >= 0; j--) above[j] = (j < count - 1 ? above[j + 1]! : 0) + totals[j + 1]!;
  const observed = below.map((weight, j) => linkQuantile(link, weight / (weight + above[j]!), above[j]! / (weight + above[j]!)));
  if (design.structure === "flexible") return observed;
  const columns = design.parameters.map((_, k) => design.jacobian.subarray(k * count, (k + 1) * count));
  return leastSquares(columns, observed);
}

/** The tau with F(tau) = p; q = 1 - p. */
function linkQuantile(link: CumulativeLink, p: number, q: number): number {
  switch (link) {
    case "logit":
      return Math.log(p / q);
    case "probit":
      return p < q ? normalQuantile(p) : normalQuantile(q, "upper");
    case "cloglog":
      return Math.log(-Math.log(q));
    case "loglog":
      return -Math.log(-Math.log(p));
    case "cauchit":
      return p < q ? -1 / Math.tan(Math.PI * p) : 1 / Math.tan(Math.PI * q);
  }
}

/** Thresholds with their covariance. */
export interface ThresholdValues {
  /** J - 1 names: "1|2", "2|3", ... */
  readonly names: readonly string[];
  readonly values: Float64Array;
  /** (J-1) x (J-1); null where none was given. */
  readonly covariance: Float64Array | null;
}

/**
 * The thresholds J a and their covariance J C J' from one set of k parameters: a_0, or the a_m of a nominal column, whose effects on
 * the thresholds they are.
 *
 * @param parameters k values
 * @param covariance k x k, or null
 * @example thresholdValues(thresholdDesign(["1", "2", "3"], "equidistant", "y"), Float64Array.of(-1, 2), null).values // => Float64Array [-1, 1]
 */
export function thresholdValues(design: ThresholdDesign, parameters: Float64Array, covariance: Float64Array | null): ThresholdValues {
  const count = design.thresholds.length;
  const k = design.parameters.length;
  const { jacobian } = design;
  const values = new Float64Array(count);
  for (let a = 0; a < k; a++) for (let j = 0; j < count; j++) values[j] = values[j]! + jacobian[a * count + j]! * parameters[a]!;
  if (covariance === null) return { names: design.thresholds, values, covariance: null };
  const product = new Float64Array(count * count);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      const c = covariance[b * k + a]!;
      for (let j = 0; j < count; j++) {
        const left = c * jacobian[b * count + j]!;
        if (left === 0) continue;
        for (let i = 0; i < count; i++) product[j * count + i] = product[j * count + i]! + left * jacobian[a * count + i]!;
      }
    }
  }
  return { names: design.thresholds, values, covariance: product };
}
