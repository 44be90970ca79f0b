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
import { lambdaOf, unwhitened } from "./blocks/covariance-parameters.js";
import { factorAt, type LinearProblem, linearProblem } from "./blocks/criterion.js";
import { buildGram } from "./blocks/gram.js";
import { momentStart } from "./blocks/moment-start.js";
import { gatherGroups } from "./blocks/random-groups.js";
import { responseBasis } from "./blocks/response-basis.js";
import { applyLambda, inverseOfFixed, solveEffects } from "./blocks/solve.js";
import { buildStructure, type Structure } from "./blocks/structure.js";
import type { LinearEngine } from "./engine.js";
import type { LinearMixedFit, RandomTermFit } from "./fit.js";
import { boundaryNotes, droppedNotes, undeterminedEffects } from "./fit-notes.js";
import type { ModelFrame } from "./frame/frame.js";
import { multiply, timesTransposed } from "./linalg/symmetric.js";
import { basisOf, checkFixedFit, checkFrame, checkResidual, meanWeight } from "./linear-checks.js";
import { searchOptimum } from "./optimize/linear-search.js";
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
  checkFrame(frame);

  const groups = gatherGroups(frame.random, frame.weights);
  const basis = basisOf(frame);
  const p = basis.columns.length;
  const response = responseBasis(frame.response.values, frame.offset, basis, frame.fixed.intercept, frame.weights);
  checkFixedFit(frame, response);

  const structure = buildStructure(groups, n, p);
  const gram = buildGram(structure, [...basis.columns, response.values], frame.weights);
  const problem = allocated(structure, () => linearProblem(structure, gram, n, method === "REML"));
  const found = searchOptimum(problem, momentStart(problem));
  if (!Number.isFinite(found.value)) throw new FitError(fitMessages.exactRandomFit(frame.response.name));

  // At the exact factors: what is reported.
  const lambda = lambdaOf(structure.groups, problem.parameters, found.theta);
  let reported = factorAt(problem, lambda);
  if (!found.converged || reported.s < 1e-8 * meanWeight(frame)) {
    checkResidual(frame, problem);
    reported = factorAt(problem, lambda);
  }
  const { value, s } = reported;
  if (!(s > 0)) throw new FitError(fitMessages.exactRandomFit(frame.response.name));
  const effects = solveEffects(problem.factor);
  const engine: LinearEngine = {
    problem,
    basis,
    response,
    optimum: { theta: found.theta, lambda, factored: lambda, lifted: false, value, s },
    effects,
  };

  const sigma = Math.sqrt(s) * response.scale;
  const { estimates, vcov } = fixedEffects(engine, sigma);
  const randomTerms = randomTermFits(frame, engine, sigma);
  const logWeights = frame.weights === null ? 0 : frame.weights.reduce((sum, w) => sum + Math.log(w), 0);
  const criterion = value + 2 * problem.nu * Math.log(response.scale) - (problem.reml ? 2 * basis.logDeterminant : 0) - logWeights;
  const npar = p + problem.parameters.length + 1;
  const undetermined = undeterminedEffects(frame, problem, found.theta, found.information);
  const boundary = boundaryNotes(frame, problem, lambda, undetermined);
  const notes: Note[] = [...frame.remarks, ...droppedNotes(frame, basis.dropped), ...boundary.notes];
  if (undetermined.length > 0) notes.push({ code: "unidentified", message: fitMessages.unidentified(undetermined) });
  if (frame.weightsName !== null) notes.push({ code: "weights", message: fitMessages.precisionWeights(frame.weightsName) });
  if (structure.q >= n) notes.push({ code: "many-effects", message: fitMessages.manyEffects(structure.q, n) });
  if (!found.converged) notes.push({ code: "not-converged", message: fitMessages.notConverged(found.gradientNorm, found.iterations) });

  const fit = {
    model: "lmm",
    formula: frame.formula.text,
    family: "gaussian",
    link: "identity",
    method,
    nobs: n,
    droppedRows: frame.tableRowCount - n,
    groups: distinctGroups(frame),
    fixed: Array.from(basis.kept, (j, k) => {
      const stdError = Math.sqrt(vcov[k * p + k]!);
      return { term: frame.fixed.names[j]!, estimate: estimates[k]!, stdError, statistic: estimates[k]! / stdError };
    }),
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
    singular: boundary.singular,
    gradientNorm: found.gradientNorm,
    evaluations: found.evaluations + 1,
    notes,
    timing: { fitMs: performance.now() - began },
  } as const;
  return withHidden(fit, { frame, engine });
}

/** The root and its inverse, two dense matrices, are the large part; where they cannot be had the error names the factor they come from. */
function allocated({ groups, nodeGroup, sparseCount, nodeCount, rootSize }: Structure, make: () => LinearProblem): LinearProblem {
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

/** beta = T (b0 + scale beta*) + shift on the intercept; vcov = sigma^2 T (L_XX L_XX')^-1 T'. */
function fixedEffects({ problem, basis, response, effects }: LinearEngine, sigma: number): { estimates: Float64Array; vcov: Float64Array } {
  const { structure, factor } = problem;
  const { p, q } = structure;
  const { transform } = basis;
  const working = new Float64Array(p);
  for (let j = 0; j < p; j++) working[j] = response.start[j]! + response.scale * effects[q + j]!;
  const estimates = new Float64Array(p);
  for (let j = 0; j < p; j++) for (let i = 0; i < p; i++) estimates[i] = estimates[i]! + transform[j * p + i]! * working[j]!;
  // The shift was taken out of the response as a constant: it belongs to the intercept.
  if (response.shift !== 0) estimates[0] = estimates[0]! + response.shift;
  const inverse = inverseOfFixed(factor);
  // half = T L_XX^-T, so that vcov = sigma^2 half half'
  const transposed = new Float64Array(p * p);
  for (let c = 0; c < p; c++) for (let r = 0; r < p; r++) transposed[r * p + c] = inverse[c * p + r]!;
  const vcov = timesTransposed(multiply(transform, transposed, p), p);
  for (let x = 0; x < vcov.length; x++) vcov[x] = vcov[x]! * sigma * sigma;
  return { estimates, vcov };
}

/** One record a term, terms with most levels first as lme4 orders them. */
function randomTermFits(frame: ModelFrame, { problem, optimum, response, effects }: LinearEngine, sigma: number): RandomTermFit[] {
  const { structure } = problem;
  const { groups, nodeOf, position, q } = structure;
  const modes = new Float64Array(q);
  applyLambda(structure, optimum.lambda, false, effects, 1, modes);
  const terms: RandomTermFit[] = [];
  groups.forEach((group, k) => {
    const full = unwhitened(group, optimum.lambda[k]!);
    for (const part of group.parts) {
      const m = part.size;
      const lambda = new Float64Array(m * m);
      for (let c = 0; c < m; c++) for (let r = c; r < m; r++) lambda[c * m + r] = full[(part.start + c) * group.size + part.start + r]!;
      const covariance = timesTransposed(lambda, m);
      for (let x = 0; x < covariance.length; x++) covariance[x] = covariance[x]! * sigma * sigma;
      const own = new Float64Array(m * group.levelCount);
      nodeOf[k]!.forEach((t, level) => {
        for (let c = 0; c < m; c++) {
          const value = modes[position[t]! + part.start + c]! * response.scale;
          for (let r = c; r < m; r++) {
            const weight = group.whitening[(part.start + c) * group.size + part.start + r]!;
            own[level * m + r] = own[level * m + r]! + weight * value;
          }
        }
      });
      const term = frame.random[part.term]!;
      terms.push({
        index: part.term,
        group: group.label,
        covariance: part.covariance,
        effects: term.effects.names,
        levels: group.levels,
        lambda,
        sigma: covariance,
        modes: own,
      });
    }
  });
  return terms.sort((a, b) => b.levels.length - a.levels.length || a.index - b.index);
}

function distinctGroups(frame: ModelFrame): { name: string; levels: number }[] {
  const seen = new Map<string, number>();
  for (const term of frame.random) seen.set(term.group, term.levels.length);
  return Array.from(seen, ([name, levels]) => ({ name, levels })).sort((a, b) => b.levels - a.levels);
}
