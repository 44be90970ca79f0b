/**
 * Multinomial logit mixed models for unordered categories: every category but the first, the baseline, has a linear predictor of its own.
 *
 *   log P(Y_i = c) / P(Y_i = 0) = X beta_c + Z b_c + offset,   b_c ~ N(0, Sigma_c),   c = 1 ... C-1
 *
 * (Hedeker 2003; Agresti 2013, section 8.1.) Coefficients and random effects are named after their category, `partly: mkt`; random
 * effects of different categories are independent. Estimated as generalized mixed models are.
 */
import { FitError, generalizedMessages } from "../messages.js";
import { fixedBasis } from "./blocks/fixed-basis.js";
import { multinomialRows } from "./families/multinomial.js";
import { responseCategories } from "./families/thresholds.js";
import type { DesignMatrix } from "./frame/design.js";
import type { ModelFrame, RandomFrame } from "./frame/frame.js";
import { responseRows } from "./frame/response.js";
import type { GeneralizedMixedFit } from "./generalized-fit.js";
import { checkedPoints } from "./generalized-mixed.js";
import { generalizedNotes } from "./generalized-notes.js";
import { coefficientCovariance, generalizedFit } from "./generalized-record.js";
import {
  allCoefficients,
  blockOf,
  type CoefficientPart,
  effectsOf,
  inUserUnits,
  partOf,
  placesOf,
  transposed,
} from "./laplace/coefficients.js";
import { estimateLaplace } from "./laplace/estimate.js";
import type { PredictorDesign } from "./laplace/row-model.js";
import { checkRandomTerms } from "./linear-checks.js";

export interface MultinomialMixedOptions {
  /** Only the Laplace approximation (1, the default) is offered. */
  readonly agq?: number;
}

/**
 * @param frame a model frame built with `response: "any"`; the first level with rows is the baseline
 * @throws FitError for a response that is not of categories and for models that cannot be estimated
 */
export function fitMultinomialMixed(frame: ModelFrame, options: MultinomialMixedOptions = {}): GeneralizedMixedFit {
  const began = performance.now();
  if (checkedPoints(options.agq ?? 1) !== 1) throw new FitError(generalizedMessages.multinomialLaplaceOnly);
  checkRandomTerms(frame, frame.random);
  const n = frame.rows.length;
  const response = responseRows(frame);
  const { category, levels, notes } = responseCategories(response, "unordered");
  const basis = fixedBasis(frame.fixed, frame.weights);
  const p = basis.columns.length;
  const equations = levels.slice(1);
  const parts: CoefficientPart[] = equations.map((level, c) => {
    const part = partOf(basis, frame.fixed, c * p);
    return { ...part, names: part.names.map((name) => inEquation(level, name)) };
  });
  const predictors: PredictorDesign[] = parts.map((part) => ({ columns: part.columns, parameter: placesOf(part), offset: frame.offset }));
  const random = equations.flatMap((level) => frame.random.map((term) => ofEquation(level, term)));
  const psiCount = p * equations.length;
  const estimate = estimateLaplace({
    n,
    likelihood: multinomialRows(category, levels, frame.weights),
    predictors,
    start: new Float64Array(psiCount),
    parts: equations.map((_, c) => ({ predictor: c, random: random.slice(c * frame.random.length, (c + 1) * frame.random.length) })),
    agq: 1,
    coefficients: new Int32Array(0),
  });
  const { names, transform } = allCoefficients(parts, psiCount);
  const at = estimate.problem.parameters.length;
  const categories = { kind: "unordered", category, levels } as const;
  const findings = generalizedNotes({
    frame,
    estimate,
    response,
    link: "logit",
    agq: 1,
    family: null,
    zeros: null,
    categories,
    names,
    transform,
  });
  const joint = coefficientCovariance(estimate, findings.separated.length > 0);
  const covariance = joint === null ? null : blockOf(joint, estimate.point.length, at, psiCount);
  const all = inUserUnits(transposed(transform, psiCount), estimate.point.slice(at), covariance);
  return generalizedFit(
    { ...frame, random },
    estimate,
    {
      model: "glmm",
      family: "multinomial",
      link: "logit",
      agq: 1,
      fixed: effectsOf(names, all),
      vcov: all.vcov,
      droppedColumns: basis.dropped,
      thresholds: null,
      dispersion: null,
      shape: null,
      dispersionModel: null,
      zeroInflation: null,
      hurdle: false,
      scaleModel: null,
      notes: [...notes, ...findings.notes],
      separated: findings.separated,
      names,
      transform,
      response,
      responseFamily: null,
    },
    random,
    began,
  );
}

const inEquation = (level: string, name: string): string => `${level}: ${name}`;

function ofEquation(level: string, term: RandomFrame): RandomFrame {
  const effects: DesignMatrix = { ...term.effects, names: term.effects.names.map((name) => inEquation(level, name)) };
  return { ...term, effects };
}
