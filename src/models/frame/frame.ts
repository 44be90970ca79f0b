/**
 * The model frame: what a formula means on a table. Response, fixed model matrix, random model matrices with their
 * units, weights and offset, all over the rows used, and the way back to the table's rows.
 *
 *   y = X beta + sum_k Z_k b_k + offset + residual / sqrt(weight)
 *
 * Matrices are column-major Float64Arrays.
 */
import type { ModelPart, Note } from "../../messages.js";
import type { Formula } from "../formula/ast.js";
import type { DesignMatrix } from "./design.js";
import type { Predictor } from "./design-matrix.js";
import type { FrameRecipe } from "./recipe.js";

/** Why rows of the table were not used; a row is counted once, for the first column that excludes it. */
export interface DroppedRows {
  readonly reason: "missing" | "zero-weight";
  /**
   * The variable as it stands in the formula (`log(x)`, `school`), or the weights column. With the reason `zero-weight` a response
   * `cbind(s, f)` means rows without trials.
   */
  readonly variable: string;
  readonly count: number;
}

/** One random term over the rows used. */
export interface RandomFrame {
  /** As written, for messages. */
  readonly text: string;
  /** The grouping factor's label, as lme4 writes it (`cask:batch`). Terms with the same label share levels and their order. */
  readonly group: string;
  readonly covariance: "unstructured" | "diagonal";
  /** n x S, columns named as R names them: `(Intercept)`, `Days`. */
  readonly effects: DesignMatrix;
  /** Levels that occur in the rows used; products in the order of their factors' levels. */
  readonly levels: readonly string[];
  /** n: the level of each row; empty for multiple membership. */
  readonly levelOf: Int32Array;
  /** Multiple membership: n x m column-major levels (-1: none) and weights. */
  readonly membership: { readonly count: number; readonly levelOf: Int32Array; readonly weights: Float64Array } | null;
}

/** The response over the rows used. */
export interface FrameResponse {
  /** As it stands in the formula. */
  readonly name: string;
  /** n: numbers as they stand, offset not subtracted; for a factor or text the index of the level (0: the first), for truth values 0 and 1; for `cbind(s, f)` s. */
  readonly values: Float64Array;
  /** n: s + f for `cbind(s, f)`, never zero; null otherwise. */
  readonly trials: Float64Array | null;
  /**
   * All levels of a factor, also those that no used row has (families decide what that means); those in the table of a text, in
   * code-point order; `false` and `true` of truth values; null for numbers and counts, and where numbers were asked for.
   */
  readonly levels: readonly string[] | null;
  /** True for an ordered factor. */
  readonly ordered: boolean;
  /** The levels are text in code-point order, and neither the column nor the formula says that this is the order meant. Absent: not so. */
  readonly alphabetical?: boolean;
}

/**
 * A part of the model with a formula of its own, over the same rows: zero inflation, dispersion, scale or nominal effects. A
 * grouping factor that is also in the main formula has the same levels in the same order.
 */
export interface FurtherFrame {
  readonly part: ModelPart;
  /** One-sided. */
  readonly formula: Formula;
  readonly fixed: DesignMatrix;
  /** Empty for all parts but zero inflation. */
  readonly random: readonly RandomFrame[];
  /** n: sum of this part's offsets; null for none. */
  readonly offset: Float64Array | null;
  readonly predictors: ReadonlyMap<string, Predictor>;
  /** This part for new data, as the main recipe is for the main formula. */
  readonly recipe: FrameRecipe;
}

export interface ModelFrame {
  readonly formula: Formula;
  readonly tableRowCount: number;
  /** n: the table's rows (0-based, increasing) that are used. */
  readonly rows: Int32Array;
  readonly response: FrameResponse;
  /** n: prior (precision) weights, all positive; null for none. */
  readonly weights: Float64Array | null;
  readonly weightsName: string | null;
  /** n: sum of the offsets, in the formula and given apart from it; null for none. */
  readonly offset: Float64Array | null;
  /** n x p: all columns the formula asks for; the engine finds out which are redundant. */
  readonly fixed: DesignMatrix;
  readonly random: readonly RandomFrame[];
  /** By text: the variables of the fixed and random terms over the rows used, from which other codings can be made. */
  readonly predictors: ReadonlyMap<string, Predictor>;
  /** Zero inflation, dispersion, scale and nominal effects, in this order, where they have formulas; else empty. */
  readonly further: readonly FurtherFrame[];
  readonly dropped: readonly DroppedRows[];
  /** Columns that are probably not what the user takes them for. */
  readonly remarks: readonly Note[];
  /** What is remembered for new data: bases, means, contrasts, levels. Plain JSON. */
  readonly recipe: FrameRecipe;
}
