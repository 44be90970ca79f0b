/**
 * The parameters of a generalized or cumulative mixed model held one by one, the approximated likelihood maximised over the others:
 * coefficients of all parts and thresholds as combinations a'psi of the working parameters, a dispersion or shape on the scale of its
 * predictor, standard deviations and correlations in the factor of their term (profile-constraint.ts, profile-order.ts).
 */
import { lambdaOf, partBlock, setPartBlock, thetaOf, unwhitened } from "./blocks/covariance-parameters.js";
import type { GroupPart } from "./blocks/random-groups.js";
import type { FixedEffect, RandomTermFit } from "./fit.js";
import type { GeneralizedMixedFit } from "./generalized-fit.js";
import { type LaplaceProblem, laplaceProblem } from "./laplace/problem.js";
import { productRule } from "./laplace/quadrature-rule.js";
import { laplaceSearch, searchLaplace } from "./laplace/search.js";
import { timesTransposed } from "./linalg/symmetric.js";
import { type Constraint, heldAtZero, heldCombination, heldCorrelation, heldDiagonal, type PartPlace } from "./profile-constraint.js";
import { orderedPart } from "./profile-order.js";
import { BETTER, type HeldOptimum, type HoldableParameter, type ProfileModel, searchHeld } from "./profile-search.js";

/** Steps that correct the scoring matrix, as in the search of the fit. */
const SECANTS = 3;

const unchanged = (value: number): number => value;

/** The model at its optimum. */
interface Optimum {
  readonly point: Float64Array;
  readonly deviance: number;
}

export function generalizedProfileModel(fit: GeneralizedMixedFit): ProfileModel {
  return modelFrom(fit, { point: fit.engine.point, deviance: fit.criterion });
}

function modelFrom(fit: GeneralizedMixedFit, optimum: Optimum): ProfileModel {
  const { problem } = fit.engine;
  const terms = [...fit.randomTerms, ...(fit.zeroInflation?.randomTerms ?? [])];
  const zi = new Set(fit.zeroInflation?.randomTerms);
  return {
    deviance: optimum.deviance,
    parameters: [
      ...terms.flatMap((term) => covariancesOf(fit, optimum, term, zi.has(term) ? "zi" : "random")),
      ...coefficientsOf(fit, optimum),
    ],
    better: (point) => {
      const found = searchLaplace(problem, point);
      return found.value < optimum.deviance - BETTER ? modelFrom(fit, { point: found.x, deviance: found.value }) : null;
    },
  };
}

function heldOptimum(problem: LaplaceProblem, constraint: Constraint, start: Float64Array): HeldOptimum {
  return searchHeld(laplaceSearch(problem), constraint, start, { secants: SECANTS });
}

// ---- coefficients, thresholds, dispersion and shape

/** In the order of the engine's names: which part each belongs to, and what it is called there. */
interface Named {
  readonly part: HoldableParameter["part"];
  readonly kind: HoldableParameter["kind"];
  readonly term: string;
  readonly stdError: number;
  shown(value: number): number;
}

function namesOf({ engine, fixed, thresholds, scaleModel, dispersionModel, zeroInflation }: GeneralizedMixedFit): readonly Named[] {
  const plain = (part: Named["part"], effects: readonly FixedEffect[]): Named[] =>
    effects.map(({ term, stdError }) => ({ part, kind: "coefficient", term, stdError, shown: unchanged }));
  if (thresholds !== null) {
    return [...plain("thresholds", thresholds), ...plain("mean", fixed), ...plain("scale", scaleModel?.fixed ?? [])];
  }
  const { family } = engine;
  const further = (family?.further ?? []).flatMap((name): Named[] => {
    if (name === "dispersion" && dispersionModel !== null) return plain("dispersion", dispersionModel.fixed);
    const shown = name === "shape" ? Math.exp : (family?.dispersion ?? unchanged);
    const kind = name === "shape" ? "shape" : "sigma";
    return [{ part: "dispersion", kind, term: kind, stdError: Number.NaN, shown }];
  });
  return [...plain("mean", fixed), ...further, ...plain("zi", zeroInflation?.fixed ?? [])];
}

function coefficientsOf(fit: GeneralizedMixedFit, { point, deviance }: Optimum): HoldableParameter[] {
  const { problem, transform } = fit.engine;
  const { psiCount } = problem.model;
  const { groups } = problem.structure;
  const first = problem.parameters.length;
  return namesOf(fit).map(({ part, kind, term, stdError, shown }, k) => {
    const a = transform.slice(k * psiCount, (k + 1) * psiCount);
    let estimate = 0;
    for (let c = 0; c < psiCount; c++) estimate += a[c]! * point[first + c]!;
    return {
      kind,
      part,
      term,
      group: null,
      estimate,
      range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      scale: stdError > 0 ? stdError : 0.1,
      shown,
      deviance,
      hold: (value, from) => heldOptimum(problem, heldCombination(groups, first, a, value), from?.point ?? point),
      released: (optimum) => optimum.point,
    };
  });
}

// ---- standard deviations and correlations

function covariancesOf(fit: GeneralizedMixedFit, optimum: Optimum, term: RandomTermFit, owner: "random" | "zi"): HoldableParameter[] {
  const { groups } = fit.engine.problem.structure;
  const k = groups.findIndex(({ parts }) => parts.some((own) => own.term === term.index));
  const part = groups[k]!.parts.find((own) => own.term === term.index)!;
  const m = part.size;
  const sigma = covarianceOf(fit.engine.problem, optimum.point, k, part);
  const sds = term.effects.map((_, i) => Math.sqrt(sigma[i * m + i]!));
  const { whitening, size, levelCount } = groups[k]!;
  const out: HoldableParameter[] = [];
  for (let i = 0; i < m; i++) {
    const ordered = lazily(() => orderedProblem(fit, optimum, k, part, [i]));
    const effect = part.covariance === "diagonal" ? i : 0;
    const unit = Math.abs(whitening[(part.start + i) * size + part.start + i]!);
    out.push({
      kind: "sd",
      part: owner,
      term: `sd__${term.effects[i]!}`,
      group: term.group,
      estimate: sds[i]!,
      range: [0, Number.POSITIVE_INFINITY],
      scale: Math.max(sds[i]! / Math.sqrt(2 * levelCount), 0.02 * unit),
      shown: unchanged,
      get deviance() {
        return ordered().deviance;
      },
      hold: (value, from) => {
        const { problem, place, point } = ordered();
        const row = part.start + effect;
        const own = place.groups[k]!.whitening[row * size + row]!;
        const constraint = value === 0 ? heldAtZero(place, effect) : heldDiagonal(place, effect, value / own);
        return heldOptimum(problem, constraint, from?.point ?? point);
      },
      released: ({ point }) => ordered().fromOrder(point),
    });
    if (part.covariance === "diagonal") continue;
    for (let j = i + 1; j < m; j++) {
      const scale = sds[i]! * sds[j]!;
      if (!(scale > 0)) continue;
      const estimate = Math.max(-1, Math.min(1, sigma[i * m + j]! / scale));
      const pair = lazily(() => orderedProblem(fit, optimum, k, part, [i, j]));
      out.push({
        kind: "cor",
        part: owner,
        term: `cor__${term.effects[i]!}.${term.effects[j]!}`,
        group: term.group,
        estimate,
        range: [-1, 1],
        scale: Math.max(0.02, (1 - estimate * estimate) / Math.sqrt(levelCount)),
        shown: unchanged,
        get deviance() {
          return pair().deviance;
        },
        hold: (value, from) => {
          const { problem, place, point } = pair();
          return heldOptimum(problem, heldCorrelation(place, value), from?.point ?? point);
        },
        released: ({ point }) => pair().fromOrder(point),
      });
    }
  }
  return out;
}

/** The term's covariance matrix in the units of the data, at a point. */
function covarianceOf({ structure, parameters }: LaplaceProblem, point: Float64Array, k: number, part: GroupPart): Float64Array {
  const group = structure.groups[k]!;
  const lambda = unwhitened(group, lambdaOf(structure.groups, parameters, point)[k]!);
  return timesTransposed(partBlock(lambda, group.size, part), part.size);
}

/** The problem with the term's effects in an order in which those that are held come first. */
interface Ordered {
  readonly problem: LaplaceProblem;
  readonly place: PartPlace;
  /** The optimum there. */
  readonly point: Float64Array;
  readonly deviance: number;
  fromOrder(point: Float64Array): Float64Array;
}

function orderedProblem(fit: GeneralizedMixedFit, optimum: Optimum, k: number, part: GroupPart, first: readonly number[]): Ordered {
  const { problem, agq } = fit.engine;
  const { structure, parameters, model } = problem;
  const order =
    part.covariance === "diagonal" ? [] : [...first, ...Array.from({ length: part.size }, (_, s) => s).filter((s) => !first.includes(s))];
  const { group, toOrder, fromOrder } = orderedPart(structure.groups[k]!, part, order);
  const groups = structure.groups.map((own, at) => (at === k ? group : own));
  const place: PartPlace = {
    groups,
    group: k,
    part,
    at: (row, column) =>
      parameters.findIndex((own) => own.part === part && own.row === part.start + row && own.column === part.start + column),
  };
  if (group === structure.groups[k]) return { problem, place, ...optimum, fromOrder: (point) => point };
  const inOrder = (point: Float64Array, turn: (block: Float64Array) => Float64Array): Float64Array => {
    const lambda = lambdaOf(structure.groups, parameters, point);
    setPartBlock(lambda[k]!, group.size, part, turn(partBlock(lambda[k]!, group.size, part)));
    const out = Float64Array.from(point);
    out.set(thetaOf(structure.groups, parameters, lambda));
    return out;
  };
  const rule = agq > 1 ? groups.map(({ size }) => productRule(agq, size)) : null;
  const turned = laplaceProblem({ ...model, groups }, { ...structure, groups }, { rule });
  const start = inOrder(optimum.point, toOrder);
  // The nodes of a product rule lie along the effects in their order: another order, another approximation, and another optimum of it.
  const own = agq > 1 ? searchLaplace(turned, start) : null;
  return {
    problem: turned,
    place,
    point: own?.x ?? start,
    deviance: own?.value ?? optimum.deviance,
    fromOrder: (point) => inOrder(point, fromOrder),
  };
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
