/**
 * A fitted model estimated from another response, as a task: what is shared can be sent, what comes back is a plain record.
 */
import { type LinearProblem, linearProblem } from "../blocks/criterion.js";
import type { Gram } from "../blocks/gram.js";
import type { Structure } from "../blocks/structure.js";
import type { FixedEffect, LinearMixedFit, RandomComponent } from "../fit.js";
import type { KernelSet } from "../linalg/kernels.js";
import type { LinearDesign } from "../linear-estimate.js";
import { allocated, linearDesign } from "../linear-mixed.js";
import { estimateAgain } from "../linear-refit.js";
import { components } from "../variance-components.js";

/** What was estimated from one response, small enough to keep thousands of. */
export interface RefitRecord {
  /** -2 log-likelihood (ML) or the REML criterion, all constants included. */
  readonly criterion: number;
  /** Covariance parameters in the engine's whitened units, as `fit.engine.optimum.theta`. */
  readonly theta: readonly number[];
  readonly sigma: number;
  readonly fixed: readonly FixedEffect[];
  readonly random: readonly RandomComponent[];
  readonly converged: boolean;
  readonly singular: boolean;
}

/** What every refit of one model needs. */
export interface RefitShared {
  readonly design: LinearDesign;
  readonly structure: Structure;
  /** The rows of y are scratch space: every task writes its own. */
  readonly gram: Gram;
  readonly n: number;
  readonly reml: boolean;
  /** theta at which every search begins. */
  readonly start: Float64Array;
  /** The kernels of the thread that asks: others round otherwise. */
  readonly kernels: KernelSet;
}

/** Room to factor in, made once for what was sent. */
const problems = new WeakMap<RefitShared, LinearProblem>();

export function refitShared({ frame, engine }: LinearMixedFit): RefitShared {
  const { problem, basis, optimum } = engine;
  const { structure, gram, n, reml, factor } = problem;
  return {
    design: linearDesign(frame, basis),
    // Names of levels are not needed, and there may be many.
    structure: { ...structure, groups: structure.groups.map((group) => ({ ...group, levels: [] })) },
    gram: { random: gram.random.slice(), fixed: gram.fixed.slice() },
    n,
    reml,
    start: optimum.theta,
    kernels: factor.dense.kind,
  };
}

/**
 * @param values n responses over the rows used
 * @throws FitError for a constant response and for one that the model reproduces
 */
export function refitRecord(shared: RefitShared, values: Float64Array): RefitRecord {
  let problem = problems.get(shared);
  if (problem === undefined) {
    const { structure, gram, n, reml, kernels } = shared;
    problem = allocated(structure, () => linearProblem(structure, gram, n, reml, kernels));
    problems.set(shared, problem);
  }
  const { engine, found, sigma, criterion, fixed, randomTerms, singular } = estimateAgain(shared.design, problem, values, shared.start);
  return {
    criterion,
    theta: Array.from(engine.optimum.theta),
    sigma,
    fixed,
    random: randomTerms.flatMap(components),
    converged: found.converged,
    singular,
  };
}
