/**
 * A fitted model estimated again from another response over the same rows: the design, the order of elimination and the blocks of Z and
 * X stay; only the rows of y are made anew, and the search begins at the fit's theta.
 */
import { type LinearProblem, linearProblem } from "./blocks/criterion.js";
import { replaceResponse } from "./blocks/gram.js";
import type { LinearMixedFit } from "./fit.js";
import { checkMagnitude, checkResponse } from "./linear-checks.js";
import { estimateLinear, type LinearDesign, type LinearEstimate, workingResponse } from "./linear-estimate.js";
import { allocated, linearDesign, linearFit } from "./linear-mixed.js";

/**
 * @param problem its blocks belong to the caller: their rows of y are overwritten
 * @param values n responses, offset not subtracted
 * @throws FitError for a constant response and for one that the model reproduces
 */
export function estimateAgain(design: LinearDesign, problem: LinearProblem, values: Float64Array, start: Float64Array): LinearEstimate {
  const { responseName, offset, basis, weights } = design;
  checkResponse(responseName, values, offset);
  checkMagnitude(responseName, values);
  const response = workingResponse(design, values);
  replaceResponse(problem.structure, problem.gram, [...basis.columns, response.values], weights);
  return estimateLinear(design, problem, response, start);
}

/** A fit in its own right: nothing that can change is shared with the first one. */
export function refitLinearMixed(fit: LinearMixedFit, values: Float64Array): LinearMixedFit {
  const began = performance.now();
  const { problem, basis, optimum } = fit.engine;
  const { structure, n, reml, factor } = problem;
  const gram = { random: problem.gram.random.slice(), fixed: problem.gram.fixed.slice() };
  const own = allocated(structure, () => linearProblem(structure, gram, n, reml, factor.dense.kind));
  const estimate = estimateAgain(linearDesign(fit.frame, basis), own, values, optimum.theta);
  return linearFit({ ...fit.frame, response: { ...fit.frame.response, values } }, estimate, began);
}
