/**
 * Rows on which a fit is asked to say something: its own rows, new data or a reference grid, as linear functions of all the fit's
 * coefficients.
 *
 *   x_c = offset_c + X_c beta,   c = 0 ... P-1
 *
 * Predictor 0 carries the mean; ordered categories have their thresholds and the logarithm of the scale besides, multinomial models one
 * predictor a category, counts with zeros of their own one of the zero probability (its place is last).
 */
import type { ModelPart } from "../messages.js";
import type { ThresholdDesign } from "../models/families/thresholds.js";
import type { RandomTermFit } from "../models/fit.js";
import type { Formula, TermSet } from "../models/formula/ast.js";
import type { DesignMatrix } from "../models/frame/design.js";
import type { TableColumns } from "../models/frame/evaluation.js";
import type { RandomFrame } from "../models/frame/frame.js";
import { designForNewData } from "../models/frame/new-data.js";
import type { FrameRecipe } from "../models/frame/recipe.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { equationCount, keptTerms } from "./equations.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { jointCovariance } from "./parts.js";

/** All coefficients of all parts with their covariance. */
export interface Coefficients {
  readonly names: readonly string[];
  readonly values: Float64Array;
  /** names x names, column-major; NaN where none is known. */
  readonly covariance: Float64Array;
}

/** The design of one part of the model on the rows. */
export interface PartDesign {
  readonly fixed: DesignMatrix;
  readonly offset: Float64Array | null;
  /** Empty where random terms were not asked for. */
  readonly random: readonly RandomFrame[];
}

/** The designs of all parts. */
export interface RowDesigns {
  readonly rowCount: number;
  readonly main: PartDesign;
  readonly further: ReadonlyMap<ModelPart, PartDesign>;
}

/** One linear predictor: columns, and the coefficient that each multiplies. */
export interface RowPredictor {
  readonly coefficients: Int32Array;
  readonly columns: readonly Float64Array[];
  readonly offset: Float64Array | null;
}

/** A random term of the fit on the rows. */
export interface RandomRows {
  readonly term: RandomTermFit;
  readonly frame: RandomFrame;
  readonly predictor: number;
}

export interface PredictionRows {
  readonly rowCount: number;
  readonly predictors: readonly RowPredictor[];
  readonly random: readonly RandomRows[];
  /** The main design with all its columns, redundant ones too. */
  readonly fixed: DesignMatrix;
}

/** Coefficients of the fit in the order in which everything in this file counts them. */
export function coefficientsOf(fit: MixedFit): Coefficients {
  if (!isGeneralized(fit)) {
    return {
      names: fit.fixed.map(({ term }) => term),
      values: Float64Array.from(fit.fixed, ({ estimate }) => estimate),
      covariance: fit.vcov,
    };
  }
  const { engine } = fit;
  const { psiCount } = engine.problem.model;
  const psi = engine.point.subarray(engine.problem.parameters.length);
  const values = Float64Array.from(engine.names, (_, r) => {
    let sum = 0;
    for (let c = 0; c < psiCount; c++) sum += engine.transform[r * psiCount + c]! * psi[c]!;
    return sum;
  });
  return { names: engine.names, values, covariance: jointCovariance(engine).values };
}

/** The rows that the model was fitted to. */
export function designsOfFit({ frame }: MixedFit): RowDesigns {
  const { fixed, offset, random } = frame;
  return {
    rowCount: frame.rows.length,
    main: { fixed, offset, random },
    further: new Map(frame.further.map((own) => [own.part, own])),
  };
}

/**
 * The rows of another table, with NaN where a variable is missing.
 *
 * @throws DataError where a column is missing or of another kind, or a predictor has levels that the fit did not have
 */
export function designsOfTable({ frame }: MixedFit, table: TableColumns, random: boolean): RowDesigns {
  return {
    rowCount: table.rowCount,
    main: designForNewData(frame.recipe, table, { random }),
    further: new Map(frame.further.map(({ part, recipe }) => [part, designForNewData(recipe, table, { random })])),
  };
}

/** The columns of some terms alone on the rows of another table. */
export function designsOfTerms(recipe: FrameRecipe, terms: TermSet, table: TableColumns): DesignMatrix {
  const formula: Formula = { ...recipe.formula, fixed: { ...terms, offsets: [] }, random: [] };
  return designForNewData({ schemaVersion: 1, formula, variables: recipe.variables, groups: [] }, table, { random: false }).fixed;
}

/** The rows as linear functions of the coefficients. */
export function predictionRows(fit: MixedFit, designs: RowDesigns): PredictionRows {
  const { rowCount, main } = designs;
  const predictors = isGeneralized(fit) ? generalizedPredictors(fit, designs) : [meanPredictor(fit, main, 0)];
  return { rowCount, predictors, random: randomRows(fit, designs, predictors.length), fixed: main.fixed };
}

function meanPredictor(fit: MixedFit, { fixed, offset }: PartDesign, first: number): RowPredictor {
  return { ...keptColumns(fixed, keptTerms(fit), first), offset };
}

/** The columns of a design that have coefficients, which follow one another from `first` on. */
function keptColumns(design: DesignMatrix, kept: readonly string[], first: number): Omit<RowPredictor, "offset"> {
  const n = design.rowCount;
  const columns: Float64Array[] = [];
  for (let j = 0; j < design.names.length && columns.length < kept.length; j++) {
    if (design.names[j] === kept[columns.length]) columns.push(design.values.subarray(j * n, (j + 1) * n));
  }
  return { columns, coefficients: Int32Array.from(columns, (_, k) => first + k) };
}

function constant(rowCount: number, coefficient: number): RowPredictor {
  return { coefficients: Int32Array.of(coefficient), columns: [new Float64Array(rowCount).fill(1)], offset: null };
}

function generalizedPredictors(fit: GeneralizedMixedFit, designs: RowDesigns): RowPredictor[] {
  const { rowCount, main, further } = designs;
  const { engine } = fit;
  if (engine.categories !== null) return categoryPredictors(fit, designs, engine.categories.thresholds);
  if (engine.family === null) {
    const p = keptTerms(fit).length;
    return Array.from({ length: equationCount(fit) }, (_, c) => meanPredictor(fit, main, c * p));
  }
  const predictors = [meanPredictor(fit, main, 0)];
  let next = fit.fixed.length;
  for (const name of engine.family.further) {
    const own = name === "dispersion" ? (further.get("dispersion") ?? null) : null;
    if (own === null || fit.dispersionModel === null) {
      predictors.push(constant(rowCount, next++));
      continue;
    }
    const kept = fit.dispersionModel.fixed.map(({ term }) => term);
    predictors.push({ ...keptColumns(own.fixed, kept, next), offset: own.offset });
    next += kept.length;
  }
  const zi = further.get("zi");
  if (zi !== undefined && fit.zeroInflation !== null) {
    const kept = fit.zeroInflation.fixed.map(({ term }) => term);
    predictors.push({ ...keptColumns(zi.fixed, kept, next), offset: zi.offset });
  }
  return predictors;
}

/** eta, then the thresholds, then log s where the scale has a formula. */
function categoryPredictors(fit: GeneralizedMixedFit, { rowCount, main, further }: RowDesigns, design: ThresholdDesign): RowPredictor[] {
  const { thresholds, parameters, jacobian } = design;
  const count = thresholds.length;
  const k = parameters.length;
  const nominal = fit.engine.categories?.nominal ?? null;
  const nominalFixed = further.get("nominal")?.fixed;
  const nominalColumns = nominal === null || nominalFixed === undefined ? [] : keptColumns(nominalFixed, nominal.names, 0).columns;
  const thresholdCount = k * (1 + nominalColumns.length);
  const predictors = [meanPredictor(fit, main, thresholdCount)];
  for (let j = 0; j < count; j++) {
    const columns: Float64Array[] = [];
    const coefficients: number[] = [];
    [null, ...nominalColumns].forEach((x, block) => {
      for (let a = 0; a < k; a++) {
        const by = jacobian[a * count + j]!;
        if (by === 0) continue;
        columns.push(x === null ? new Float64Array(rowCount).fill(by) : x.map((value) => by * value));
        coefficients.push(block * k + a);
      }
    });
    predictors.push({ columns, coefficients: Int32Array.from(coefficients), offset: null });
  }
  const scale = further.get("scale");
  if (fit.scaleModel !== null && scale !== undefined) {
    const kept = fit.scaleModel.fixed.map(({ term }) => term);
    predictors.push({ ...keptColumns(scale.fixed, kept, thresholdCount + fit.fixed.length), offset: scale.offset });
  }
  return predictors;
}

/** Terms of a multinomial fit stand for each equation in turn; those of a zero probability belong to the last predictor. */
function randomRows(fit: MixedFit, { main, further }: RowDesigns, predictorCount: number): RandomRows[] {
  const zeroTerms = isGeneralized(fit) ? (fit.zeroInflation?.randomTerms ?? []) : [];
  const frames = main.random;
  if (frames.length > 0 || fit.randomTerms.length === 0) {
    const perEquation = fit.frame.random.length / equationCount(fit);
    const own = fit.randomTerms.map((term) => ({
      term,
      frame: frames[frames.length === fit.frame.random.length ? term.index : term.index % perEquation]!,
      predictor: Math.floor(term.index / perEquation) || 0,
    }));
    const zi = further.get("zi")?.random ?? [];
    if (zi.length === 0) return own;
    const zero = zeroTerms.map((term) => ({
      term,
      frame: zi[term.index - fit.frame.random.length]!,
      predictor: predictorCount - 1,
    }));
    return [...own, ...zero];
  }
  return [];
}

/** The values of the linear predictors, fixed part and offset, predictor by predictor. */
export function predictorValues({ rowCount, predictors }: PredictionRows, coefficients: ArrayLike<number>): Float64Array[] {
  return predictors.map(({ columns, coefficients: index, offset }) => {
    const values = offset === null ? new Float64Array(rowCount) : Float64Array.from(offset);
    columns.forEach((column, j) => {
      const b = coefficients[index[j]!]!;
      for (let i = 0; i < rowCount; i++) values[i] = values[i]! + b * column[i]!;
    });
    return values;
  });
}

/** into := sum_c slopes[c] X_c[row], one number a coefficient: how a function of the row's predictors depends on the coefficients. */
export function gradientOfRow({ predictors }: PredictionRows, row: number, slopes: ArrayLike<number>, into: Float64Array): void {
  into.fill(0);
  predictors.forEach(({ columns, coefficients }, c) => {
    const slope = slopes[c]!;
    if (slope === 0) return;
    for (let j = 0; j < columns.length; j++) {
      const at = coefficients[j]!;
      into[at] = into[at]! + slope * columns[j]![row]!;
    }
  });
}
