/**
 * Cumulative link mixed models for ordered categories, and adjacent-category logit models in the same words.
 *
 *   cumulative   P(Y_i <= j) = F((tau_j - eta_i) / s_i),                eta = X beta + Z b + offset,   b ~ N(0, Sigma)
 *   adjacent     log P(Y_i = j+1) / P(Y_i = j) = eta_i - tau_j
 *
 * (McCullagh 1980; Hedeker & Gibbons 1994) with thresholds tau that are free, symmetric or equidistant, that may depend on further
 * columns (nominal effects: partial proportional odds), and a scale s that may depend on others. Estimated as generalized mixed models are.
 */
import { FitError, generalizedMessages, type Note } from "../messages.js";
import { fixedBasis } from "./blocks/fixed-basis.js";
import { adjacentCategoryRows } from "./families/adjacent-category.js";
import { type CumulativeLink, cumulativeRows } from "./families/cumulative.js";
import {
  type NominalColumns,
  responseCategories,
  type ThresholdDesign,
  type ThresholdStructure,
  thresholdDesign,
  thresholdParameterNames,
  thresholdRows,
  thresholdStart,
} from "./families/thresholds.js";
import type { DesignMatrix } from "./frame/design.js";
import type { ModelFrame } from "./frame/frame.js";
import { responseRows } from "./frame/response.js";
import type { GeneralizedMixedFit } from "./generalized-fit.js";
import { checkedPoints, checkQuadrature, partOfFrame } from "./generalized-mixed.js";
import { generalizedNotes } from "./generalized-notes.js";
import { coefficientCovariance, droppedInPart, generalizedFit, partFit } from "./generalized-record.js";
import { blockOf, type CoefficientPart, effectsOf, inUserUnits, partOf, placesOf, transposed } from "./laplace/coefficients.js";
import { estimateLaplace, type StartPoint } from "./laplace/estimate.js";
import type { PredictorDesign } from "./laplace/row-model.js";
import { leastSquares } from "./linalg/least-squares.js";
import { checkRandomTerms } from "./linear-checks.js";

export interface CumulativeMixedOptions {
  /** What the thresholds cut: the latent scale (default), or each step between neighbouring categories (logit link only, no scale). */
  readonly family?: "cumulative" | "adjacent";
  readonly link: CumulativeLink;
  /** Default "flexible". */
  readonly threshold?: ThresholdStructure;
  /** Quadrature points; 1 (default) is the Laplace approximation. */
  readonly agq?: number;
  /** Where the search begins; default the model without random effects. */
  readonly startPoint?: StartPoint | undefined;
}

/**
 * @param frame a model frame built with `response: "any"`; its parts `nominal` and `scale` are used where they are there
 * @throws FitError for a response that is not of categories and for models that cannot be estimated
 */
export function fitCumulativeMixed(frame: ModelFrame, options: CumulativeMixedOptions): GeneralizedMixedFit {
  const began = performance.now();
  const { link } = options;
  const agq = checkedPoints(options.agq ?? 1);
  if (agq === 0) throw new FitError(generalizedMessages.profiledCategories);
  checkRandomTerms(frame, frame.random);
  if (agq > 1) checkQuadrature(agq, frame, null);
  const response = responseRows(frame);
  const { category, levels, notes: categoryNotes } = responseCategories(response);
  const design = thresholdDesign(levels, options.threshold ?? "flexible", response.name);
  const nominalFrame = partOfFrame(frame, "nominal");
  const scaleFrame = partOfFrame(frame, "scale");
  const nominalPart = nominalFrame === null ? null : withoutIntercept(nominalFrame.fixed, frame.weights, 0, true);
  const nominal = nominalPart === null ? null : columnsOf(nominalPart.part, frame.rows.length);
  const adjacent = options.family === "adjacent";
  if (adjacent && (scaleFrame !== null || link !== "logit")) throw new FitError(generalizedMessages.adjacentLogitOnly);
  const thresholdNames = thresholdParameterNames(design, nominal?.names ?? []);
  const thresholdCount = thresholdNames.length;

  // The thresholds take the place of an intercept: where they can shift together, columns are centred and the shift undone at the end.
  const shift = commonShift(design);
  const besideNominal = nominalFrame === null ? null : beside(frame.fixed, nominalFrame.fixed, frame.weights);
  const own = withoutIntercept(besideNominal?.design ?? frame.fixed, frame.weights, thresholdCount, shift !== null);
  const main = { ...own, part: { ...own.part, dropped: [...(besideNominal?.dropped ?? []), ...own.part.dropped] } };
  const scale =
    scaleFrame === null ? null : withoutIntercept(scaleFrame.fixed, frame.weights, thresholdCount + main.part.names.length, false);
  const psiCount = thresholdCount + main.part.names.length + (scale?.part.names.length ?? 0);

  const n = frame.rows.length;
  const predictors: PredictorDesign[] = [
    { columns: main.part.columns, parameter: placesOf(main.part), offset: frame.offset },
    ...(adjacent ? stepThresholds(design, nominal, n) : cellThresholds(design, category, nominal, n)),
  ];
  if (scale !== null) predictors.push({ columns: scale.part.columns, parameter: placesOf(scale.part), offset: scaleFrame!.offset });
  const start = new Float64Array(psiCount);
  start.set(thresholdStart(design, category, link, frame.weights));
  // The thresholds' start is for a linear predictor of zero: they follow the offset.
  const meanOffset = frame.offset === null ? 0 : frame.offset.reduce((sum, x) => sum + x, 0) / n;
  shift?.forEach((by, k) => {
    start[k] = start[k]! + by * meanOffset;
  });

  const estimate = estimateLaplace({
    n,
    likelihood: adjacent
      ? adjacentCategoryRows(category, levels.length, frame.weights)
      : cumulativeRows(category, levels.length, link, frame.weights, { scale: scale !== null }),
    predictors,
    start,
    parts: [{ predictor: 0, random: frame.random }],
    agq,
    coefficients: new Int32Array(0),
    startPoint: options.startPoint,
  });

  // Thresholds and coefficients together: the shift ties them.
  const { names, transform } = userTransform(thresholdNames, main, shift, psiCount, scale?.part ?? null, nominalPart);
  const at = estimate.problem.parameters.length;
  const coefficientsAt = thresholdCount;
  const p = main.part.names.length;
  const categories = { kind: adjacent ? "adjacent" : "cumulative", category, levels } as const;
  const findings = generalizedNotes({ frame, estimate, response, link, agq, family: null, zeros: null, categories, names, transform });
  const separated = findings.separated.length > 0;
  const joint = coefficientCovariance(estimate, separated);
  const covariance = joint === null ? null : blockOf(joint, estimate.point.length, at, psiCount);
  const all = inUserUnits(transposed(transform, psiCount), estimate.point.slice(at), covariance);
  const every = effectsOf(names, all);
  const notes: Note[] = [
    ...categoryNotes,
    ...droppedInPart("nominal", nominalPart?.part.dropped),
    ...droppedInPart("scale", scale?.part.dropped),
    ...findings.notes,
  ];
  return generalizedFit(
    frame,
    estimate,
    {
      model: "clmm",
      family: adjacent ? "adjacent" : "cumulative",
      link,
      agq,
      fixed: every.slice(coefficientsAt, coefficientsAt + p),
      vcov: blockOf(all.vcov, psiCount, coefficientsAt, p),
      droppedColumns: main.part.dropped,
      thresholds: every.slice(0, thresholdCount),
      dispersion: null,
      shape: null,
      dispersionModel: null,
      zeroInflation: null,
      hurdle: false,
      scaleModel: scale === null ? null : partFit(estimate, scale.part, [], separated),
      notes,
      separated: findings.separated,
      names,
      transform,
      response,
      responseFamily: null,
      categories: { levels, category, thresholds: design, nominal },
    },
    frame.random,
    began,
  );
}

/** The two thresholds of each row's category. */
function cellThresholds(design: ThresholdDesign, category: Int32Array, nominal: NominalColumns | null, n: number): PredictorDesign[] {
  const { parameters, upper, lower } = thresholdRows(design, category, nominal);
  return [upper, lower].map((values) => ({
    columns: parameters.map((_, k) => values.subarray(k * n, (k + 1) * n)),
    parameter: Int32Array.from(parameters, (_, k) => k),
    offset: null,
  }));
}

/** All thresholds in every row. */
function stepThresholds(design: ThresholdDesign, nominal: NominalColumns | null, n: number): PredictorDesign[] {
  const { thresholds, parameters, jacobian } = design;
  const k = parameters.length;
  const factors = [null, ...(nominal?.names ?? []).map((_, m) => nominal!.columns.subarray(m * n, (m + 1) * n))];
  return thresholds.map((_, j) => {
    const columns: Float64Array[] = [];
    const parameter: number[] = [];
    factors.forEach((x, block) => {
      for (let a = 0; a < k; a++) {
        const coefficient = jacobian[a * thresholds.length + j]!;
        if (coefficient === 0) continue;
        columns.push(x === null ? new Float64Array(n).fill(coefficient) : x.map((value) => coefficient * value));
        parameter.push(block * k + a);
      }
    });
    return { columns, parameter: Int32Array.from(parameter), offset: null };
  });
}

interface PartWithoutIntercept {
  readonly part: CoefficientPart;
  /** p: the constant that each working column has in it, in the units of the data: working columns = X T + constant. */
  readonly constants: Float64Array;
}

/** The part's columns with an intercept to be redundant with and to be centred by, which is then taken out. */
function withoutIntercept(design: DesignMatrix, weights: Float64Array | null, first: number, centred: boolean): PartWithoutIntercept {
  const basis = fixedBasis(withIntercept(design), weights);
  const p = basis.columns.length - 1;
  const constants = new Float64Array(p);
  const transform = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    constants[j] = basis.transform[(j + 1) * (p + 1)]!;
    for (let i = 0; i < p; i++) transform[j * p + i] = basis.transform[(j + 1) * (p + 1) + i + 1]!;
  }
  const columns = basis.columns.slice(1).map((column, j) => (centred ? column : column.map((x) => x - constants[j]!)));
  const names = Array.from(basis.kept.subarray(1), (j) => withIntercept(design).names[j]!);
  const part = partOf({ ...basis, kept: new Int32Array(0), columns, transform }, design, first);
  return { part: { ...part, names }, constants: centred ? constants : new Float64Array(p) };
}

/** The design with a column of ones first: its own intercept, or one put before it. */
function withIntercept(design: DesignMatrix): DesignMatrix {
  if (design.intercept) return design;
  const n = design.rowCount;
  const values = new Float64Array(design.values.length + n);
  values.fill(1, 0, n);
  values.set(design.values, n);
  return { ...design, names: ["(Intercept)", ...design.names], values, termOf: Int32Array.of(-1, ...design.termOf), intercept: true };
}

/** The change of the threshold parameters that moves all thresholds by one; null where none does (thresholds symmetric about zero). */
function commonShift({ jacobian, thresholds, parameters }: ThresholdDesign): Float64Array | null {
  const count = thresholds.length;
  const columns = parameters.map((_, k) => jacobian.subarray(k * count, (k + 1) * count));
  const shift = leastSquares(columns, new Float64Array(count).fill(1));
  for (let j = 0; j < count; j++) {
    let sum = 0;
    for (let k = 0; k < columns.length; k++) sum += columns[k]![j]! * shift[k]!;
    if (Math.abs(sum - 1) > 1e-9) return null;
  }
  return shift;
}

/** A part's working columns side by side. */
function columnsOf({ names, columns }: CoefficientPart, n: number): NominalColumns {
  const values = new Float64Array(names.length * n);
  columns.forEach((column, k) => {
    values.set(column, k * n);
  });
  return { names, columns: values };
}

/** The columns of the mean that the nominal effects do not contain already (a nominal effect at every threshold alike is one on the mean). */
function beside(
  main: DesignMatrix,
  nominal: DesignMatrix,
  weights: Float64Array | null,
): { readonly design: DesignMatrix; readonly dropped: readonly string[] } {
  const first = withIntercept(nominal);
  const n = main.rowCount;
  const own = main.names.flatMap((_, j) => (main.intercept && main.termOf[j] === -1 ? [] : [j]));
  const values = new Float64Array((first.names.length + own.length) * n);
  values.set(first.values);
  own.forEach((j, k) => {
    values.set(main.values.subarray(j * n, (j + 1) * n), (first.names.length + k) * n);
  });
  const { kept } = fixedBasis(
    {
      ...first,
      names: [...first.names, ...own.map((j) => main.names[j]!)],
      values,
      termOf: Int32Array.of(...first.termOf, ...own.map(() => 0)),
    },
    weights,
  );
  const both = new Set(Array.from(kept, (j) => own[j - first.names.length]).filter((j) => j !== undefined));
  const alone = new Set(fixedBasis(withIntercept(main), weights).kept);
  const at = main.intercept ? 0 : 1;
  // What is redundant in itself is found again below.
  const dropped = own.filter((j) => !both.has(j) && alone.has(j + at));
  if (dropped.length === 0) return { design: main, dropped: [] };
  const left = main.names.flatMap((_, j) => (dropped.includes(j) ? [] : [j]));
  const remaining = new Float64Array(left.length * n);
  left.forEach((j, k) => {
    remaining.set(main.values.subarray(j * n, (j + 1) * n), k * n);
  });
  return {
    design: { ...main, names: left.map((j) => main.names[j]!), values: remaining, termOf: Int32Array.from(left, (j) => main.termOf[j]!) },
    dropped: dropped.map((j) => main.names[j]!),
  };
}

/** Names and the matrix (names x psiCount, row-major) that turns working parameters into thresholds and coefficients as users know them. */
function userTransform(
  thresholdNames: readonly string[],
  { part, constants }: PartWithoutIntercept,
  shift: Float64Array | null,
  psiCount: number,
  scale: CoefficientPart | null,
  nominal: PartWithoutIntercept | null,
): { readonly names: readonly string[]; readonly transform: Float64Array } {
  const count = thresholdNames.length;
  const transform = new Float64Array(psiCount * psiCount);
  // a_0 + sum_m x*_m a_m with x* = X T + constants: blocks of k parameters, one for each column.
  const m = nominal?.part.names.length ?? 0;
  const k0 = count / (1 + m);
  for (let k = 0; k < k0; k++) {
    transform[k * psiCount + k] = 1;
    for (let j = 0; j < m; j++) {
      const from = (j + 1) * k0 + k;
      transform[k * psiCount + from] = nominal!.constants[j]!;
      for (let i = 0; i < m; i++) transform[((i + 1) * k0 + k) * psiCount + from] = nominal!.part.transform[j * m + i]!;
    }
  }
  const place = (own: CoefficientPart): void => {
    const p = own.names.length;
    for (let j = 0; j < p; j++)
      for (let i = 0; i < p; i++) transform[(own.first + i) * psiCount + own.first + j] = own.transform[j * p + i]!;
  };
  place(part);
  if (scale !== null) place(scale);
  // eta* = X beta + c'beta*: the thresholds of X beta are tau - c'beta*.
  if (shift !== null) {
    constants.forEach((constant, j) => {
      shift.forEach((by, k) => {
        transform[k * psiCount + part.first + j] = -by * constant;
      });
    });
  }
  return { names: [...thresholdNames, ...part.names, ...(scale?.names ?? [])], transform };
}
