/**
 * The parameters of a linear mixed model held one by one, the likelihood (never the REML criterion) maximised over the others:
 *
 *   beta_j = b       y - b x_j on the other columns
 *   sigma = v        s = v^2 in  F = log|L_ZZ|^2 + n log(2 pi s) + r^2(theta) / s,  not profiled out
 *   sd = v           the same with s = (v / (W_11 lambda*_11))^2: what is held determines sigma, and theta stays free
 *   correlation      two elements of lambda* tied (profile-constraint.ts), sigma profiled out
 *
 * with dF/dtheta = 2 D_s lambda + (n - r^2 / s) dlog(s)/dtheta, D_s being D at the given s, and the average information in theta and log s
 * (Gilmour, Thompson & Cullis 1995). Profile likelihood as lme4 has it: Bates, Maechler, Bolker & Walker 2015, section 5.1.
 */
import { lambdaOf, partBlock, setPartBlock, thetaOf } from "./blocks/covariance-parameters.js";
import { type Evaluation, evaluate, factorAt, type LinearProblem, linearProblem, scoreMatrices } from "./blocks/criterion.js";
import { addCurvature, covarianceGradient, derivatives, projectedProducts, scoreDirections } from "./blocks/derivatives.js";
import { type FixedBasis, fixedBasis } from "./blocks/fixed-basis.js";
import { buildGram, replaceResponse } from "./blocks/gram.js";
import { changeByLift, liftedFactors } from "./blocks/lifted-factors.js";
import type { GroupPart } from "./blocks/random-groups.js";
import { buildStructure } from "./blocks/structure.js";
import type { LinearMixedFit, RandomTermFit } from "./fit.js";
import type { ModelFrame } from "./frame/frame.js";
import { estimateLinear, type LinearDesign, type LinearEstimate, workingResponse } from "./linear-estimate.js";
import { allocated, linearDesign } from "./linear-mixed.js";
import type { CovarianceSearch } from "./optimize/covariance-search.js";
import { searchLinearOptimum } from "./optimize/linear-search.js";
import { type Constraint, groupsBelow, heldAtZero, heldCorrelation, type PartPlace, unconstrained } from "./profile-constraint.js";
import { orderedPart } from "./profile-order.js";
import { BETTER, type HeldOptimum, type HoldableParameter, type ProfileModel, searchHeld } from "./profile-search.js";

/** What does not depend on where the optimum is. */
interface LinearProfile {
  readonly frame: ModelFrame;
  readonly design: LinearDesign;
  /** Of the likelihood. */
  readonly problem: LinearProblem;
  /** What the criterion in working units lacks: 2 n log(scale) - sum log w. */
  readonly constant: (scale: number) => number;
}

const unchanged = (value: number): number => value;

/** The model by maximum likelihood, from wherever the fit stands. */
export function linearProfileModel(fit: LinearMixedFit): ProfileModel {
  const { frame, engine } = fit;
  const { structure, gram, n, factor } = engine.problem;
  const problem = allocated(structure, () => linearProblem(structure, gram, n, false, factor.dense.kind));
  const logWeights = frame.weights === null ? 0 : frame.weights.reduce((sum, w) => sum + Math.log(w), 0);
  const constant = (scale: number): number => 2 * n * Math.log(scale) - logWeights;
  return modelFrom(fit, { frame, design: linearDesign(frame, engine.basis), problem, constant }, engine.optimum.theta);
}

function modelFrom(fit: LinearMixedFit, profile: LinearProfile, start: Float64Array): ProfileModel {
  const estimate = estimateLinear(profile.design, profile.problem, fit.engine.response, start);
  const deviance = estimate.criterion;
  return {
    deviance,
    parameters: [
      ...estimate.randomTerms.flatMap((term) => covariancesOf(fit, profile, estimate, term)),
      residualDeviation(fit, profile, estimate),
      ...estimate.fixed.map((_, j) => coefficient(fit, profile, estimate, j)),
    ],
    better: (point) => {
      const other = searchLinearOptimum(profile.problem, point);
      return other.value + profile.constant(fit.engine.response.scale) < deviance - BETTER ? modelFrom(fit, profile, other.theta) : null;
    },
  };
}

// ---- coefficients

/** y - b x_j on the other columns. */
function coefficient(
  fit: LinearMixedFit,
  profile: LinearProfile,
  { fixed, criterion, found }: LinearEstimate,
  j: number,
): HoldableParameter {
  const { frame, design, constant } = profile;
  const { term, estimate, stdError } = fixed[j]!;
  let made: { readonly problem: LinearProblem; readonly design: LinearDesign; readonly column: Float64Array } | null = null;
  const make = (): NonNullable<typeof made> => {
    const { structure, factor } = profile.problem;
    const n = frame.rows.length;
    const own = design.basis.kept[j]!;
    const basis = basisWithout(frame, design.basis, own);
    const without: LinearDesign = {
      ...design,
      basis,
      intercept: frame.fixed.intercept && frame.fixed.termOf[own] !== -1,
      fixedNames: design.fixedNames.filter((_, k) => k !== j),
    };
    const smaller = buildStructure(structure.groups, n, basis.columns.length);
    const gram = buildGram(smaller, [...basis.columns, fit.engine.response.values], frame.weights);
    const problem = allocated(smaller, () => linearProblem(smaller, gram, n, false, factor.dense.kind));
    return { problem, design: without, column: frame.fixed.values.subarray(own * n, (own + 1) * n) };
  };
  return {
    kind: "coefficient",
    part: "mean",
    term,
    group: null,
    estimate,
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    scale: stdError,
    shown: unchanged,
    deviance: criterion,
    hold: (value, from) => {
      made ??= make();
      const { problem, design: own, column } = made;
      const response = workingResponse(
        own,
        frame.response.values.map((y, i) => y - value * column[i]!),
      );
      replaceResponse(problem.structure, problem.gram, [...own.basis.columns, response.values], own.weights);
      const optimum = searchLinearOptimum(problem, from?.point ?? found.theta);
      return { deviance: optimum.value + constant(response.scale), converged: optimum.converged, point: optimum.theta };
    },
    released: ({ point }) => point,
  };
}

function basisWithout({ fixed, weights }: ModelFrame, basis: FixedBasis, column: number): FixedBasis {
  const n = fixed.rowCount;
  const kept = Array.from(basis.kept).filter((j) => j !== column);
  const values = new Float64Array(n * kept.length);
  kept.forEach((j, k) => {
    values.set(fixed.values.subarray(j * n, (j + 1) * n), k * n);
  });
  const termOf = Int32Array.from(kept, (j) => fixed.termOf[j]!);
  return fixedBasis({ ...fixed, names: kept.map((j) => fixed.names[j]!), values, termOf, intercept: termOf.includes(-1) }, weights);
}

// ---- the residual standard deviation

function residualDeviation(fit: LinearMixedFit, { problem, constant }: LinearProfile, estimate: LinearEstimate): HoldableParameter {
  const { scale } = fit.engine.response;
  const { found, sigma, criterion } = estimate;
  return {
    kind: "sigma",
    part: "dispersion",
    term: "sigma",
    group: null,
    estimate: sigma,
    range: [0, Number.POSITIVE_INFINITY],
    scale: sigma / Math.sqrt(2 * problem.n),
    shown: unchanged,
    deviance: criterion,
    hold: (value, from) => {
      const s = (value / scale) ** 2;
      if (!(s > 0)) return { deviance: Number.POSITIVE_INFINITY, converged: true, point: found.theta };
      const held = searchHeld(
        withScale(problem, () => s, null),
        unconstrained(problem.structure.groups),
        from?.point ?? found.theta,
      );
      return { ...held, deviance: held.deviance + constant(scale) };
    },
    released: ({ point }) => point,
  };
}

/** An evaluation at a given s, with the r^2 that it has. */
interface ScaledEvaluation extends Evaluation {
  readonly residual: number;
}

/**
 * F with s a function of theta.
 *
 * @param at the element of theta with log s = constant - 2 log|theta_at|; null for an s that stands still
 */
function withScale(
  problem: LinearProblem,
  scaleAt: (theta: Float64Array) => number,
  at: number | null,
): CovarianceSearch<ScaledEvaluation> {
  const { structure, parameters, factor, gram, n } = problem;
  const count = parameters.length;
  return {
    structure,
    parameters,
    n,
    value: (theta) => {
      const evaluation = evaluateAt(problem, theta, scaleAt(theta));
      return { value: evaluation.value, point: evaluation };
    },
    derivatives: (evaluation) => {
      const { theta, lambda, factored, s, residual } = evaluation;
      const { d, scores } = scoreMatrices(problem, evaluation);
      const gradient = covarianceGradient(structure.groups, parameters, d, lambda);
      const directions = scoreDirections(structure, parameters, lambda, scores);
      const information = projectedProducts(structure, factor, gram, factored, directions, count).map((x) => x / s);
      addCurvature(structure.groups, parameters, d, information);
      if (at !== null) {
        // log s falls by 2 / theta_at: average information in theta and log s, then the chain rule.
        const slope = -2 / theta[at]!;
        const along = new Float64Array(count);
        for (let i = 0; i < structure.q; i++) {
          const e = scores[i]!;
          if (e !== 0) for (let j = 0; j < count; j++) along[j] = along[j]! + (e * directions[i * count + j]!) / s;
        }
        for (let j = 0; j < count; j++) {
          information[j * count + at] = information[j * count + at]! + along[j]! * slope;
          information[at * count + j] = information[at * count + j]! + along[j]! * slope;
        }
        const own = at * count + at;
        information[own] = information[own]! + (residual / s) * slope * slope + Math.max(0, n - residual / s) * (slope * slope) * 0.5;
        gradient[at] = gradient[at]! + (n - residual / s) * slope;
      }
      return { gradient, information, d, scores };
    },
    curvature: ({ factored, s }, c) => projectedProducts(structure, factor, gram, factored, c, 1)[0]! / s,
  };
}

function evaluateAt(problem: LinearProblem, theta: Float64Array, s: number): ScaledEvaluation {
  const { structure, parameters, n } = problem;
  const lambda = lambdaOf(structure.groups, parameters, theta);
  const lift = liftedFactors(structure.groups, n, lambda);
  const factored = lift ?? lambda;
  const profiled = factorAt(problem, factored);
  const residual = n * profiled.s;
  const value = profiled.value + n * (Math.log(s / profiled.s) - 1) + residual / s;
  const evaluation = { theta, lambda, factored, lifted: lift !== null, s, residual };
  if (!Number.isFinite(value)) return { ...evaluation, value: Number.POSITIVE_INFINITY };
  if (lift === null) return { ...evaluation, value };
  const { d } = scoreMatrices(problem, { ...evaluation, value });
  return { ...evaluation, value: value - changeByLift(structure.groups, d, lambda, factored) };
}

// ---- standard deviations and correlations of one term

function covariancesOf(fit: LinearMixedFit, profile: LinearProfile, estimate: LinearEstimate, term: RandomTermFit): HoldableParameter[] {
  const { groups } = profile.problem.structure;
  const k = groups.findIndex(({ parts }) => parts.some((part) => part.term === term.index));
  const part = groups[k]!.parts.find((own) => own.term === term.index)!;
  const m = part.size;
  const out: HoldableParameter[] = [];
  for (let i = 0; i < m; i++) {
    out.push(deviation(fit, profile, estimate, term, k, part, i));
    if (term.covariance === "diagonal") continue;
    for (let j = i + 1; j < m; j++) {
      const own = correlation(fit, profile, estimate, term, k, part, i, j);
      if (own !== null) out.push(own);
    }
  }
  return out;
}

/** The problem with the term's effects in an order in which those that are held come first. */
interface Ordered {
  readonly problem: LinearProblem;
  readonly place: PartPlace;
  toOrder(theta: Float64Array): Float64Array;
  fromOrder(theta: Float64Array): Float64Array;
}

function orderedProblem(
  fit: LinearMixedFit,
  { problem, frame }: LinearProfile,
  k: number,
  part: GroupPart,
  first: readonly number[],
): Ordered {
  const { structure, parameters, n, factor } = problem;
  const diagonal = part.covariance === "diagonal";
  const order = diagonal ? [] : [...first, ...Array.from({ length: part.size }, (_, s) => s).filter((s) => !first.includes(s))];
  const { group, toOrder, fromOrder } = orderedPart(structure.groups[k]!, part, order);
  const place: PartPlace = {
    groups: structure.groups.map((own, at) => (at === k ? group : own)),
    group: k,
    part,
    at: (row, column) =>
      parameters.findIndex((own) => own.part === part && own.row === part.start + row && own.column === part.start + column),
  };
  const inOrder = (theta: Float64Array, turn: (block: Float64Array) => Float64Array): Float64Array => {
    const lambda = lambdaOf(structure.groups, parameters, theta);
    setPartBlock(lambda[k]!, group.size, part, turn(partBlock(lambda[k]!, group.size, part)));
    return thetaOf(structure.groups, parameters, lambda);
  };
  const same = group === structure.groups[k];
  const own = same
    ? problem
    : (() => {
        const turned = { ...structure, groups: place.groups };
        const blocks = buildGram(turned, [...fit.engine.basis.columns, fit.engine.response.values], frame.weights);
        return allocated(turned, () => linearProblem(turned, blocks, n, false, factor.dense.kind));
      })();
  return {
    problem: own,
    place,
    toOrder: (theta) => (same ? theta : inOrder(theta, toOrder)),
    fromOrder: (theta) => (same ? theta : inOrder(theta, fromOrder)),
  };
}

/** s profiled out. */
function profiledSearch(problem: LinearProblem): CovarianceSearch<Evaluation> {
  const { structure, parameters, n, factor, gram, nu } = problem;
  return {
    structure,
    parameters,
    n,
    value: (theta) => {
      const point = evaluate(problem, theta);
      return { value: point.value, point };
    },
    derivatives: (point) => derivatives(problem, point),
    curvature: ({ factored, s }, c, scores) => {
      let along = 0;
      for (let i = 0; i < structure.q; i++) along += scores[i]! * c[i]!;
      return projectedProducts(structure, factor, gram, factored, c, 1)[0]! / s - (along * along) / (nu * s * s);
    },
  };
}

function deviation(
  fit: LinearMixedFit,
  profile: LinearProfile,
  { found, sigma, criterion }: LinearEstimate,
  term: RandomTermFit,
  k: number,
  part: GroupPart,
  i: number,
): HoldableParameter {
  const { scale } = fit.engine.response;
  const m = part.size;
  const sd = Math.sqrt(term.sigma[i * m + i]!);
  // In the order in which effect i comes first; a diagonal part keeps its own.
  const effect = part.covariance === "diagonal" ? i : 0;
  let made: Ordered | null = null;
  const ordered = (): Ordered => {
    made ??= orderedProblem(fit, profile, k, part, [i]);
    return made;
  };
  const { levelCount, whitening, size } = profile.problem.structure.groups[k]!;
  const unit = Math.abs(whitening[(part.start + i) * size + part.start + i]!);
  return {
    kind: "sd",
    part: "random",
    term: `sd__${term.effects[i]!}`,
    group: term.group,
    estimate: sd,
    range: [0, Number.POSITIVE_INFINITY],
    scale: Math.max(sd / Math.sqrt(2 * levelCount), 0.02 * sigma * unit),
    shown: unchanged,
    deviance: criterion,
    hold: (value, from) => {
      const { problem, place, toOrder } = ordered();
      const start = from?.point ?? toOrder(found.theta);
      const constant = profile.constant(scale);
      if (value === 0) {
        const held = searchHeld(profiledSearch(problem), heldAtZero(place, effect), start);
        return { ...held, deviance: held.deviance + constant };
      }
      const at = place.at(effect, effect);
      const group = place.groups[k]!;
      const row = part.start + effect;
      const own = group.whitening[row * size + row]!;
      const scaleAt = (theta: Float64Array): number => (value / (scale * own * theta[at]!)) ** 2;
      // From the sigma that was: a factor at zero would be a scale without bound.
      const begin = Float64Array.from(start);
      if (!(Math.abs(begin[at]!) > 0.01 * (value / (sigma * own)))) begin[at] = value / (sigma * own);
      const constraint: Constraint = {
        ...unconstrained(place.groups),
        groups: groupsBelow(place, effect, 1),
        point: (x) => (x[at] === 0 ? null : x),
      };
      const held = searchHeld(withScale(problem, scaleAt, at), constraint, begin);
      return { ...held, deviance: held.deviance + constant };
    },
    released: ({ point }) => ordered().fromOrder(point),
  };
}

function correlation(
  fit: LinearMixedFit,
  profile: LinearProfile,
  { found, criterion }: LinearEstimate,
  term: RandomTermFit,
  k: number,
  part: GroupPart,
  i: number,
  j: number,
): HoldableParameter | null {
  const m = part.size;
  const scale = Math.sqrt(term.sigma[i * m + i]! * term.sigma[j * m + j]!);
  if (!(scale > 0)) return null;
  const estimate = Math.max(-1, Math.min(1, term.sigma[i * m + j]! / scale));
  let made: Ordered | null = null;
  const ordered = (): Ordered => {
    made ??= orderedProblem(fit, profile, k, part, [i, j]);
    return made;
  };
  return {
    kind: "cor",
    part: "random",
    term: `cor__${term.effects[i]!}.${term.effects[j]!}`,
    group: term.group,
    estimate,
    range: [-1, 1],
    scale: Math.max(0.02, (1 - estimate * estimate) / Math.sqrt(term.levels.length)),
    shown: unchanged,
    deviance: criterion,
    hold: (value, from): HeldOptimum => {
      const { problem, place, toOrder } = ordered();
      const held = searchHeld(profiledSearch(problem), heldCorrelation(place, value), from?.point ?? toOrder(found.theta));
      return { ...held, deviance: held.deviance + profile.constant(fit.engine.response.scale) };
    },
    released: ({ point }) => ordered().fromOrder(point),
  };
}
