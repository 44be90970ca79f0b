/**
 * Generalized linear mixed models.
 *
 *   y_i | b ~ family(mean g^-1(eta_i), dispersion phi_i),   eta = X beta + Z b + offset,   b ~ N(0, Sigma)
 *
 * with, on request, a linear predictor of log(phi) and one of the logit of a zero probability (zero inflation or hurdle), the latter
 * with random effects of its own. Estimated by maximum likelihood, the integral over b by the Laplace approximation with the observed
 * information (Tierney & Kadane 1986), by adaptive Gauss-Hermite quadrature (Pinheiro & Bates 1995), or with the coefficients profiled.
 */
import { FitError, generalizedMessages, type Note } from "../messages.js";
import type { Family, LinkName, ResponseRows } from "./families/family.js";
import { hurdleRows, truncatedRows } from "./families/hurdle.js";
import { checkSomeCount } from "./families/response-checks.js";
import type { RowLikelihood } from "./families/row-likelihood.js";
import { zeroInflatedRows } from "./families/zero-inflated.js";
import type { FurtherFrame, ModelFrame, RandomFrame } from "./frame/frame.js";
import { responseRows } from "./frame/response.js";
import type { GeneralizedMixedFit } from "./generalized-fit.js";
import { generalizedNotes } from "./generalized-notes.js";
import { droppedInPart, generalizedFit, partEstimates, partFit } from "./generalized-record.js";
import { allCoefficients, type CoefficientPart, coefficientPart, constantPart, effectsOf, placesOf } from "./laplace/coefficients.js";
import { estimateLaplace, type LaplaceEstimate, MOST_NODES, type StartPoint } from "./laplace/estimate.js";
import { nestingOf } from "./laplace/nesting.js";
import type { PredictorDesign } from "./laplace/row-model.js";
import { leastSquares } from "./linalg/least-squares.js";
import { checkRandomTerms } from "./linear-checks.js";

export interface GeneralizedMixedOptions {
  readonly family: Family;
  readonly link: LinkName;
  /** Quadrature points; 1 (default) Laplace, 0 profiled coefficients. */
  readonly agq?: number;
  /** `zi`: the frame's part is of zero inflation (default) or of a hurdle; `truncated`: counts above zero only. */
  readonly zeros?: "inflated" | "hurdle" | "truncated";
  /** Where the search begins; default the model without random effects. */
  readonly startPoint?: StartPoint | undefined;
}

/** Standard error, on the log scale and in columns of size one, beyond which a dispersion's coefficient is not determined. */
const UNDETERMINED = 20;

/**
 * @param frame a model frame built with `response: "any"`
 * @throws FitError for a response outside the family's range and for models that cannot be estimated
 */
export function fitGeneralizedMixed(frame: ModelFrame, options: GeneralizedMixedOptions): GeneralizedMixedFit {
  const began = performance.now();
  const { family, link } = options;
  const agq = checkedPoints(options.agq ?? 1);
  const n = frame.rows.length;
  const response = responseRows(frame);
  const ziFrame = partOfFrame(frame, "zi");
  checkRandomTerms(frame, [...frame.random, ...(ziFrame?.random ?? [])]);
  const dispersionFrame = partOfFrame(frame, "dispersion");
  const zeros = options.zeros === "truncated" ? "truncated" : ziFrame === null ? null : (options.zeros ?? "inflated");
  if (zeros !== null && !family.counts) throw new FitError(generalizedMessages.noCounts(family.name));
  if (dispersionFrame !== null && !family.further.includes("dispersion")) throw new FitError(generalizedMessages.noDispersion(family.name));
  if (family.counts) checkZeros(response, zeros);
  const likelihood = rowsOf(family, link, response, zeros);

  // psi: coefficients of the mean, of the dispersion, the shape, of the zero probability.
  const main = coefficientPart(frame.fixed, frame.weights, 0);
  const parts: CoefficientPart[] = [main];
  const offsets: (Float64Array | null)[] = [frame.offset];
  let next = main.names.length;
  const add = (part: CoefficientPart, offset: Float64Array | null): CoefficientPart => {
    parts.push(part);
    offsets.push(offset);
    next += part.names.length;
    return part;
  };
  for (const name of family.further) {
    if (name === "dispersion" && dispersionFrame !== null) {
      add(coefficientPart(dispersionFrame.fixed, frame.weights, next), dispersionFrame.offset);
    } else add(constantPart(name, n, next), null);
  }
  const zi = ziFrame === null ? null : add(coefficientPart(ziFrame.fixed, frame.weights, next), ziFrame.offset);
  const predictors: PredictorDesign[] = parts.map((part, c) => ({
    columns: part.columns,
    parameter: placesOf(part),
    offset: offsets[c]!,
  }));
  const random: RandomFrame[] = [...frame.random, ...(ziFrame?.random ?? [])];
  const randomParts = [{ predictor: 0, random: frame.random }];
  if (ziFrame !== null && ziFrame.random.length > 0) randomParts.push({ predictor: parts.length - 1, random: ziFrame.random });
  if (agq > 1) checkQuadrature(agq, frame, ziFrame);

  const estimate = estimateLaplace({
    n,
    likelihood,
    predictors,
    start: startOf(family, link, response, parts, offsets, zi !== null, false),
    safeStart: startOf(family, link, response, parts, offsets, zi !== null, true),
    parts: randomParts.filter((part) => part.random.length > 0),
    agq,
    coefficients: placesOf(main),
    startPoint: options.startPoint,
  });

  const { names, transform } = allCoefficients(parts, next);
  const findings = generalizedNotes({ frame, estimate, response, link, agq, family, zeros, categories: null, names, transform });
  const separated = findings.separated.length > 0;
  const own = partEstimates(estimate, main, separated);
  const at = estimate.problem.parameters.length;
  const dispersionAt = family.further.indexOf("dispersion");
  const shapeAt = family.further.indexOf("shape");
  const further = (k: number): number => estimate.point[at + parts[1 + k]!.first]!;
  // A dispersion at its bound is said once.
  const atBound = findings.notes.some(({ code }) => code === "dispersion-bound");
  const notes = [
    ...droppedInPart("dispersion", dispersionFrame === null ? undefined : parts[1 + dispersionAt]!.dropped),
    ...droppedInPart("zi", zi?.dropped),
    ...(dispersionFrame === null || atBound ? [] : undeterminedDispersion(estimate, parts[1 + dispersionAt]!)),
    ...findings.notes,
  ];
  return generalizedFit(
    frame,
    estimate,
    {
      model: "glmm",
      family: zeros === "truncated" || zeros === "hurdle" ? `truncated_${family.name}` : family.name,
      link,
      agq,
      fixed: effectsOf(main.names, own),
      vcov: own.vcov,
      droppedColumns: main.dropped,
      thresholds: null,
      dispersion:
        family.dispersion === null || dispersionAt < 0 || dispersionFrame !== null ? null : family.dispersion(further(dispersionAt)),
      shape: shapeAt < 0 ? null : Math.exp(further(shapeAt)),
      dispersionModel: dispersionFrame === null ? null : partFit(estimate, parts[1 + dispersionAt]!, [], separated),
      zeroInflation:
        zi === null
          ? null
          : partFit(
              estimate,
              zi,
              estimate.randomTerms.filter(({ index }) => index >= frame.random.length),
              separated,
            ),
      hurdle: zeros === "hurdle",
      scaleModel: null,
      notes,
      separated: findings.separated,
      names,
      transform,
      response,
      responseFamily: family,
    },
    random,
    began,
  );
}

export function partOfFrame(frame: ModelFrame, part: FurtherFrame["part"]): FurtherFrame | null {
  return frame.further.find((own) => own.part === part) ?? null;
}

/** @throws FitError for what is not a whole number from 0 to 100 */
export function checkedPoints(agq: number): number {
  if (!Number.isInteger(agq) || agq < 0 || agq > 100) throw new FitError(generalizedMessages.badPoints(String(agq)));
  return agq;
}

/** Quadrature is for one grouping factor of the mean or two nested ones, and not for more nodes than can be summed. */
export function checkQuadrature(agq: number, frame: ModelFrame, zi: FurtherFrame | null): void {
  if (zi !== null && zi.random.length > 0) throw new FitError(generalizedMessages.quadratureParts);
  const factors = new Map(frame.random.map((term) => [term.group, { levelOf: term.levelOf, levelCount: term.levels.length }]));
  const groups = [...factors.keys()];
  const membership = frame.random.some((term) => term.membership !== null);
  if (membership) throw new FitError(generalizedMessages.quadratureFactors(groups, "membership"));
  if (groups.length > 2) throw new FitError(generalizedMessages.quadratureFactors(groups, "many"));
  const [first, second] = [...factors.values()];
  if (second !== undefined && nestingOf(first!, second) === null) {
    throw new FitError(generalizedMessages.quadratureFactors(groups, "crossed"));
  }
  const dimensions = frame.random.reduce((sum, { effects }) => sum + effects.names.length, 0);
  const nodes = agq ** dimensions;
  if (nodes > MOST_NODES) throw new FitError(generalizedMessages.tooManyNodes(agq, dimensions, nodes));
}

/** Zeros that there are: a model of them, or of nothing but them, has nothing to be estimated from. */
function checkZeros(response: ResponseRows, zeros: "inflated" | "hurdle" | "truncated" | null): void {
  checkSomeCount(response);
  if ((zeros === "inflated" || zeros === "hurdle") && response.values.every((y) => y > 0)) {
    throw new FitError(generalizedMessages.noZeros(response.name, zeros));
  }
}

function rowsOf(family: Family, link: LinkName, response: ResponseRows, zeros: "inflated" | "hurdle" | "truncated" | null): RowLikelihood {
  if (zeros === null) return family.rows(response, link);
  // The prior weight multiplies the whole row, not its parts.
  const plain: ResponseRows = { ...response, weights: null };
  const base = family.rows(plain, link);
  const atZero = family.rows({ ...plain, values: new Float64Array(response.values.length) }, link);
  if (zeros === "truncated") return truncatedRows(base, atZero, response);
  return zeros === "hurdle" ? hurdleRows(base, atZero, response) : zeroInflatedRows(base, atZero, response);
}

/** Coefficients of the log dispersion that run off: where the counts show no more variation than the model has without them. */
function undeterminedDispersion({ problem, point, covariance }: LaplaceEstimate, part: CoefficientPart): Note[] {
  const at = problem.parameters.length + part.first;
  const running = part.names.filter((_, j) => {
    const variance = covariance === null ? Number.POSITIVE_INFINITY : covariance[(at + j) * (point.length + 1)]!;
    return !(Math.sqrt(variance) < UNDETERMINED);
  });
  if (running.length === 0) return [];
  return [{ code: "dispersion-bound", message: generalizedMessages.undeterminedDispersion(running) }];
}

/**
 * Working coefficients to begin at: least squares of the family's predictor on the columns of the mean, constants elsewhere.
 *
 * @param constant the mean's predictor a constant as well
 */
function startOf(
  family: Family,
  link: LinkName,
  response: ResponseRows,
  parts: readonly CoefficientPart[],
  offsets: readonly (Float64Array | null)[],
  zero: boolean,
  constant: boolean,
): Float64Array {
  const psi = new Float64Array(parts.reduce((sum, { names }) => sum + names.length, 0));
  const main = parts[0]!;
  const target = Float64Array.from(family.start(response, link), (eta, i) => eta - (offsets[0]?.[i] ?? 0));
  // Least squares may leave the link's domain (a mean that is not positive): a constant does not.
  const mean = target.reduce((sum, x) => sum + x, 0) / target.length;
  psi.set(leastSquares(main.columns, constant ? target.map(() => mean) : target));
  family.furtherStart(response).forEach((value, k) => {
    setConstant(psi, parts[1 + k]!, value);
  });
  if (zero) setConstant(psi, parts[parts.length - 1]!, -1);
  return psi;
}

/** The coefficients with which the part's predictor is nearest to a constant. */
function setConstant(psi: Float64Array, part: CoefficientPart, value: number): void {
  const n = part.columns[0]?.length ?? 0;
  psi.set(leastSquares(part.columns, new Float64Array(n).fill(value)), part.first);
}
