/**
 * The record of a generalized or cumulative fit from what the engine estimated: what both kinds of model say in the same words.
 */
import { fitMessages, generalizedMessages, type ModelPart, type Note } from "../messages.js";
import type { Family, LinkName, ResponseRows } from "./families/family.js";
import type { FixedEffect, RandomTermFit } from "./fit.js";
import { boundaryNotes, droppedNotes, undeterminedEffects } from "./fit-notes.js";
import type { ModelFrame, RandomFrame } from "./frame/frame.js";
import type { CategoryDesign } from "./generalized-engine.js";
import type { GeneralizedMixedFit, PartFit, RandomError } from "./generalized-fit.js";
import { blockOf, type CoefficientEstimates, type CoefficientPart, effectsOf, inUserUnits } from "./laplace/coefficients.js";
import type { LaplaceEstimate } from "./laplace/estimate.js";
import { randomErrors } from "./laplace/random-errors.js";
import { withHidden } from "./record.js";
import { components } from "./variance-components.js";

/**
 * The covariance from which coefficients have theirs: where some run off and are left without, the others move along no such direction.
 *
 * @param separated whether some do
 */
export function coefficientCovariance({ covariance, determined }: LaplaceEstimate, separated: boolean): Float64Array | null {
  return separated ? determined : covariance;
}

/** Working coefficients in the units of the data. */
export function partEstimates(
  estimate: LaplaceEstimate,
  { first, names, transform }: CoefficientPart,
  separated: boolean,
): CoefficientEstimates {
  const { problem, point } = estimate;
  const at = problem.parameters.length + first;
  const covariance = coefficientCovariance(estimate, separated);
  const block = covariance === null ? null : blockOf(covariance, point.length, at, names.length);
  return inUserUnits(transform, point.slice(at, at + names.length), block);
}

/** A part with its random terms, counted from `firstTerm` on. */
export function partFit(estimate: LaplaceEstimate, part: CoefficientPart, terms: readonly RandomTermFit[], separated: boolean): PartFit {
  const own = partEstimates(estimate, part, separated);
  return {
    fixed: effectsOf(part.names, own),
    vcov: own.vcov,
    droppedColumns: part.dropped,
    random: terms.flatMap(components),
    randomErrors: terms.flatMap((term) => randomErrors(estimate.problem, estimate.point, estimate.covariance, term)),
    randomTerms: terms,
  };
}

/** The redundant columns of a further part, in words. */
export function droppedInPart(part: ModelPart, names: readonly string[] | undefined): Note[] {
  if (names === undefined || names.length === 0) return [];
  return [{ code: "rank-deficient", message: generalizedMessages.droppedInPart(part, names) }];
}

/** What differs from model to model. */
export interface RecordParts {
  readonly model: "glmm" | "clmm";
  readonly family: string;
  readonly link: LinkName;
  readonly agq: number;
  readonly fixed: readonly FixedEffect[];
  readonly vcov: Float64Array;
  readonly droppedColumns: readonly string[];
  readonly thresholds: readonly FixedEffect[] | null;
  readonly dispersion: number | null;
  readonly shape: number | null;
  readonly dispersionModel: PartFit | null;
  readonly zeroInflation: PartFit | null;
  readonly hurdle: boolean;
  readonly scaleModel: PartFit | null;
  readonly notes: readonly Note[];
  /** Places among `names` of coefficients without a finite estimate: they have no standard errors. */
  readonly separated: readonly number[];
  readonly names: readonly string[];
  readonly transform: Float64Array;
  readonly response: ResponseRows;
  readonly responseFamily: Family | null;
  /** Of models of ordered categories. */
  readonly categories?: CategoryDesign;
}

/**
 * @param random random terms of all parts, those of the main formula first
 */
export function generalizedFit(
  frame: ModelFrame,
  estimate: LaplaceEstimate,
  parts: RecordParts,
  random: readonly RandomFrame[],
  began: number,
): GeneralizedMixedFit {
  const { problem, found, criterion, point, effects, covariance, lambda, randomTerms } = estimate;
  const { structure, parameters, model } = problem;
  const n = frame.rows.length;
  const own = randomTerms.filter(({ index }) => index < frame.random.length);
  const errors: RandomError[] = own.flatMap((term) => randomErrors(problem, point, covariance, term));
  const npar = parameters.length + model.psiCount;
  const theta = found.x.subarray(0, parameters.length);
  const information = found.information === null ? null : blockOf(found.information, point.length, 0, parameters.length);
  const undetermined = undeterminedEffects(random, { parameters, n }, theta, information);
  const { singular, notes: boundary } = boundaryNotes(random, structure, lambda, undetermined);
  const notes: Note[] = [...frame.remarks, ...droppedNotes(frame, parts.droppedColumns), ...boundary];
  // Coefficients that run off flatten the likelihood elsewhere too: the note on them says what is the matter.
  const finite = parts.separated.length === 0;
  if (finite && undetermined.length > 0) notes.push({ code: "unidentified", message: fitMessages.unidentified(undetermined) });
  if (parts.agq === 0) notes.push({ code: "fast", message: generalizedMessages.fastNote });
  if (parts.agq > 1) notes.push({ code: "quadrature", message: generalizedMessages.quadratureNote(parts.agq) });
  notes.push(...parts.notes);
  if (finite && estimate.approximateErrors) notes.push({ code: "hessian", message: generalizedMessages.singularHessian });
  if (!found.converged) notes.push({ code: "not-converged", message: fitMessages.notConverged(found.gradientNorm, found.iterations) });
  const separated = new Set(parts.separated);
  const known = (effects: readonly FixedEffect[], first: number): FixedEffect[] =>
    effects.map((effect, k) => (separated.has(first + k) ? { ...effect, stdError: Number.NaN, statistic: Number.NaN } : effect));
  const covarianceOf = (vcov: Float64Array, p: number, first: number): Float64Array =>
    vcov.map((value, at) => (separated.has(first + (at % p)) || separated.has(first + Math.floor(at / p)) ? Number.NaN : value));
  const zerosOf = (zeros: PartFit): PartFit => {
    const p = zeros.fixed.length;
    const first = parts.names.length - p;
    return { ...zeros, fixed: known(zeros.fixed, first), vcov: covarianceOf(zeros.vcov, p, first) };
  };
  const { zeroInflation: zeros } = parts;
  const fit = {
    model: parts.model,
    formula: frame.formula.text,
    family: parts.family,
    link: parts.link,
    method: "ML",
    agq: parts.agq,
    nobs: n,
    droppedRows: frame.tableRowCount - n,
    groups: distinctGroups(random),
    fixed: known(parts.fixed, parts.thresholds?.length ?? 0),
    vcov: covarianceOf(parts.vcov, parts.fixed.length, parts.thresholds?.length ?? 0),
    droppedColumns: parts.droppedColumns,
    thresholds: parts.thresholds === null ? null : known(parts.thresholds, 0),
    random: own.flatMap(components),
    randomErrors: errors,
    randomTerms: own,
    dispersion: parts.dispersion,
    dispersionError: parts.dispersion === null ? null : furtherError(estimate, parts.responseFamily, "dispersion"),
    shape: parts.shape,
    shapeError: parts.shape === null ? null : furtherError(estimate, parts.responseFamily, "shape"),
    dispersionModel: parts.dispersionModel,
    zeroInflation: zeros === null ? null : zerosOf(zeros),
    hurdle: parts.hurdle,
    scaleModel: parts.scaleModel,
    logLik: -criterion / 2,
    criterion,
    aic: criterion + 2 * npar,
    bic: criterion + npar * Math.log(n),
    npar,
    converged: found.converged,
    singular,
    gradientNorm: found.gradientNorm,
    evaluations: found.evaluations,
    notes,
    timing: { fitMs: performance.now() - began },
  } as const;
  const { agq, names, transform, responseFamily: family, link, response, categories = null } = parts;
  return withHidden(fit, {
    frame,
    engine: { problem, point, effects, agq, transform, names, jointCovariance: covariance, family, link, response, categories },
  });
}

/** Of the logarithm of a dispersion or shape without predictors, which is linear in its predictor: log(sigma) = a + c x. */
function furtherError({ problem, point, covariance }: LaplaceEstimate, family: Family | null, which: "dispersion" | "shape"): RandomError {
  const place = family === null ? -1 : family.further.indexOf(which);
  const parameter = place < 0 ? undefined : problem.model.predictors[1 + place]?.parameter[0];
  if (covariance === null || parameter === undefined) return { stdError: null };
  const shown = which === "dispersion" ? (family?.dispersion ?? Math.exp) : Math.exp;
  const slope = Math.log(shown(1) / shown(0));
  const at = problem.parameters.length + parameter;
  const stdError = Math.abs(slope) * Math.sqrt(covariance[at * (point.length + 1)]!);
  return { stdError: stdError > 0 && Number.isFinite(stdError) ? stdError : null };
}

function distinctGroups(random: readonly RandomFrame[]): { name: string; levels: number }[] {
  const seen = new Map<string, number>();
  for (const term of random) seen.set(term.group, term.levels.length);
  return Array.from(seen, ([name, levels]) => ({ name, levels })).sort((a, b) => b.levels - a.levels);
}
