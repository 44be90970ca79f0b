/**
 * The gradient of a linear mixed model's criterion at one theta, s held, as a task: a pure function of data that can be sent.
 */
import { evaluate, type LinearProblem, linearProblem } from "../blocks/criterion.js";
import { gradientAt } from "../blocks/derivatives.js";
import type { Gram } from "../blocks/gram.js";
import type { Structure } from "../blocks/structure.js";
import type { KernelSet } from "../linalg/kernels.js";
import { allocated } from "../linear-mixed.js";

/** What every gradient of one model needs: the blocks; nothing of n rows. */
export interface GradientShared {
  /** Groups without their rows' columns. */
  readonly structure: Structure;
  readonly gram: Gram;
  readonly n: number;
  readonly reml: boolean;
  /** r^2 / nu at which the gradient is taken. */
  readonly s: number;
  /** The kernels of the thread that asks: others round otherwise. */
  readonly kernels: KernelSet;
}

/** Room to factor in, made once for what was sent; in the thread of the fit it is the fit's own. */
const problems = new WeakMap<GradientShared, LinearProblem>();

export function gradientShared(problem: LinearProblem, s: number): GradientShared {
  const { structure, gram, n, reml, factor } = problem;
  const groups = structure.groups.map((group) => ({ ...group, levels: [], levelOf: new Int32Array(0), membership: null, columns: [] }));
  const shared: GradientShared = { structure: { ...structure, groups }, gram, n, reml, s, kernels: factor.dense.kind };
  problems.set(shared, problem);
  return shared;
}

/** dF/dtheta with s held. */
export function criterionGradient(shared: GradientShared, theta: Float64Array): Float64Array {
  let problem = problems.get(shared);
  if (problem === undefined) {
    const { structure, gram, n, reml, kernels } = shared;
    problem = allocated(structure, () => linearProblem(structure, gram, n, reml, kernels));
    problems.set(shared, problem);
  }
  return gradientAt(problem, { ...evaluate(problem, theta), s: shared.s }).gradient;
}
