/**
 * Linear mixed models.
 *
 *   y = X beta + Z b + offset + e,   b ~ N(0, Sigma),   e ~ N(0, sigma^2 W^-1)
 *
 * fitted by restricted (Patterson & Thompson 1971) or full maximum likelihood. Sigma = sigma^2 lambda lambda' for every level
 * of a term; theta, the free entries of the lambdas, is found by scoring on the profiled criterion (blocks/criterion.ts), from a
 * moment start, with beta, b and sigma^2 profiled out (Bates, Maechler, Bolker & Walker 2015).
 */
import { FitError, fitMessages, type Note } from "../messages.js";
import { type LinearProblem, linearProblem } from "./blocks/criterion.js";
import type { FixedBasis } from "./blocks/fixed-basis.js";
import { buildGram } from "./blocks/gram.js";
import { momentStart } from "./blocks/moment-start.js";
import { gatherGroups } from "./blocks/random-groups.js";
import { buildStructure, type Structure } from "./blocks/structure.js";
import type { LinearMixedFit } from "./fit.js";
import { droppedNotes } from "./fit-notes.js";
import type { ModelFrame } from "./frame/frame.js";
import { basisOf, checkFixedMagnitudes, checkMagnitude, checkResponse, checkTerms } from "./linear-checks.js";
import { estimateLinear, type LinearDesign, type LinearEstimate, workingResponse } from "./linear-estimate.js";
import { withHidden } from "./record.js";
import { components } from "./variance-components.js";

/** Beyond this a dense matrix is refused before it is asked for. */
const MOST_GIGABYTES = 8;

export interface LinearMixedOptions {
  /** Default "REML". */
  readonly method?: "REML" | "ML";
}

/**
 * @param frame a model frame (`buildFrame`)
 * @returns the fit; a boundary estimate or a redundant column is a note on it
 * @throws FitError where the model cannot be estimated from these rows: a factor with one level or with as many levels as
 * rows, a constant response, fewer rows than coefficients
 */
export function fitLinearMixed(frame: ModelFrame, options: LinearMixedOptions = {}): LinearMixedFit {
  const began = performance.now();
  const method = options.method ?? "REML";
  const n = frame.rows.length;
  checkTerms(frame, n);
  checkResponse(frame.response.name, frame.response.values, frame.offset);
  checkMagnitude(frame.response.name, frame.response.values);
  checkFixedMagnitudes(frame);

  const groups = gatherGroups(frame.random, frame.weights);
  const basis = basisOf(frame);
  const p = basis.columns.length;
  const design = linearDesign(frame, basis);
  const response = workingResponse(design, frame.response.values);
  const structure = buildStructure(groups, n, p);
  const gram = buildGram(structure, [...basis.columns, response.values], frame.weights);
  const problem = allocated(structure, () => linearProblem(structure, gram, n, method === "REML"));
  return linearFit(frame, estimateLinear(design, problem, response, momentStart(problem)), began);
}

/** What the model says besides the values of its response. */
export function linearDesign(frame: ModelFrame, basis: FixedBasis): LinearDesign {
  return {
    responseName: frame.response.name,
    weights: frame.weights,
    offset: frame.offset,
    intercept: frame.fixed.intercept,
    fixedNames: Array.from(basis.kept, (j) => frame.fixed.names[j]!),
    basis,
    random: frame.random.map(({ group, effects }) => ({ group, effects: { names: effects.names } })),
  };
}

/** The record that a user sees; `began` is the time at which the work on it began. */
export function linearFit(frame: ModelFrame, estimate: LinearEstimate, began: number): LinearMixedFit {
  const { engine, found, sigma, criterion, fixed, vcov, randomTerms, undetermined, singular, boundary } = estimate;
  const { basis, problem } = engine;
  const { structure, n } = problem;
  const npar = fixed.length + problem.parameters.length + 1;
  const notes: Note[] = [...frame.remarks, ...droppedNotes(frame, basis.dropped), ...boundary];
  if (undetermined.length > 0) notes.push({ code: "unidentified", message: fitMessages.unidentified(undetermined) });
  if (frame.weightsName !== null) notes.push({ code: "weights", message: fitMessages.precisionWeights(frame.weightsName) });
  if (structure.q >= n) notes.push({ code: "many-effects", message: fitMessages.manyEffects(structure.q, n) });
  if (!found.converged) notes.push({ code: "not-converged", message: fitMessages.notConverged(found.gradientNorm, found.iterations) });

  const fit = {
    model: "lmm",
    formula: frame.formula.text,
    family: "gaussian",
    link: "identity",
    method: problem.reml ? "REML" : "ML",
    nobs: n,
    droppedRows: frame.tableRowCount - n,
    groups: distinctGroups(frame),
    fixed,
    vcov,
    droppedColumns: basis.dropped,
    random: randomTerms.flatMap(components),
    randomTerms,
    sigma,
    logLik: -criterion / 2,
    criterion,
    aic: criterion + 2 * npar,
    bic: criterion + npar * Math.log(n),
    npar,
    converged: found.converged,
    singular,
    gradientNorm: found.gradientNorm,
    evaluations: found.evaluations + 1,
    notes,
    timing: { fitMs: performance.now() - began },
  } as const;
  return withHidden(fit, { frame, engine });
}

/** The root and its inverse, two dense matrices, are the large part; where they cannot be had the error names the factor they come from. */
export function allocated({ groups, nodeGroup, sparseCount, nodeCount, rootSize }: Structure, make: () => LinearProblem): LinearProblem {
  const gigabytes = (2 * 8 * rootSize * rootSize) / 2 ** 30;
  if (gigabytes < MOST_GIGABYTES) {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  const counts = new Map<string, number>();
  for (let t = sparseCount; t < nodeCount; t++) {
    const { label, size } = groups[nodeGroup[t]!]!;
    counts.set(label, (counts.get(label) ?? 0) + size);
  }
  const largest = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? groups[0]!.label;
  throw new FitError(fitMessages.tooLarge(largest, rootSize, gigabytes));
}

function distinctGroups(frame: ModelFrame): { name: string; levels: number }[] {
  const seen = new Map<string, number>();
  for (const term of frame.random) seen.set(term.group, term.levels.length);
  return Array.from(seen, ([name, levels]) => ({ name, levels })).sort((a, b) => b.levels - a.levels);
}
