/**
 * Responses drawn from a fitted model:
 *
 *   y* ~ family( g^-1(X beta + Z b* + offset), dispersion ),   b* ~ N(0, Sigma) for new units, or b* = the conditional modes
 *
 * at the estimates; linear models y* = X beta + Z b* + offset + e*, e* ~ N(0, sigma^2 W^-1). Zero-inflated, hurdle and truncated counts,
 * ordered and unordered categories as their models have them. R's `simulate(fit, use.u = FALSE)`, the default, and `use.u = TRUE`.
 */
import { type RandomStream, randomStream } from "../data/random.js";
import { DataError, FitError, intervalMessages } from "../messages.js";
import { lambdaOf } from "../models/blocks/covariance-parameters.js";
import type { Structure } from "../models/blocks/structure.js";
import { adjacentScores, categoryProbabilities, cumulativeLink, shares } from "../models/category-probabilities.js";
import type { Family } from "../models/families/family.js";
import { logistic } from "../models/families/links.js";
import { responseCategories } from "../models/families/thresholds.js";
import type { LinearMixedFit } from "../models/fit.js";
import { linearPredictors } from "../models/fitted.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { observations } from "../models/generalized-fitted.js";
import { rowPredictors } from "../models/generalized-predictors.js";
import { addRandom, type Strands, strandsOf } from "../models/laplace/strands.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/** Units like those of the data, drawn anew, or the very units of the data at their conditional modes. */
export type RandomEffectsOf = "new" | "conditional";

/** Options of `simulate`. */
export interface SimulateOptions {
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Default 1. */
  readonly replicates?: number;
  /** Default "new". */
  readonly randomEffects?: RandomEffectsOf;
}

/**
 * @returns `replicates` responses of the table's length, NaN where a row was not used, in the numbers that `refit` takes: the index of
 *   its level for a factor, 0 and 1 for truth values, the successes for `cbind`, proportions where the response has them
 * @throws DataError for a seed or a number of replicates that cannot be used
 * @throws FitError for random effects of another kind
 * @example simulate(fit, { seed: 1 })[0].length === fit.frame.tableRowCount // => true
 */
export function simulate(fit: MixedFit, { seed, replicates = 1, randomEffects = "new" }: SimulateOptions): readonly Float64Array[] {
  if (!Number.isInteger(replicates) || replicates < 1) throw new DataError(intervalMessages.badReplicates(replicates));
  const draw = simulator(fit, randomEffects);
  const { rows, tableRowCount } = fit.frame;
  return Array.from({ length: replicates }, (_, r) => {
    const values = draw(randomStream(seed, "simulate", r));
    const out = new Float64Array(tableRowCount).fill(Number.NaN);
    for (let i = 0; i < rows.length; i++) out[rows[i]!] = values[i]!;
    return out;
  });
}

/** Draws n responses over the rows used, as the frame has them. */
export type Simulator = (random: RandomStream) => Float64Array;

/** @throws FitError for random effects of another kind */
export function simulator(fit: MixedFit, randomEffects: RandomEffectsOf): Simulator {
  if (randomEffects !== "new" && randomEffects !== "conditional") {
    throw new FitError(intervalMessages.unknownChoice("randomEffects", String(randomEffects), ["new", "conditional"]));
  }
  return isGeneralized(fit) ? generalizedSimulator(fit, randomEffects) : linearSimulator(fit, randomEffects);
}

/**
 * b* = scale lambda z for every unit, added to its rows; group by group and level by level, whatever the order of elimination.
 *
 * @param into by predictor n values
 */
export function addNewEffects(
  random: RandomStream,
  structure: Structure,
  strands: Strands,
  lambda: readonly Float64Array[],
  scale: number,
  n: number,
  into: readonly Float64Array[],
): void {
  const b = new Float64Array(structure.q);
  structure.groups.forEach(({ size }, k) => {
    const factor = lambda[k]!;
    for (const node of structure.nodeOf[k]!) {
      const at = structure.position[node]!;
      for (let c = 0; c < size; c++) {
        const z = scale * random.normal();
        for (let r = c; r < size; r++) b[at + r] = b[at + r]! + factor[c * size + r]! * z;
      }
    }
  });
  addRandom(strands, b, n, into);
}

/** X beta + offset and the modes' part over the rows used, in the units of the data. */
export function linearParts(fit: LinearMixedFit): { readonly fixed: Float64Array; readonly random: Float64Array } {
  const { fixedPart, randomPart } = linearPredictors(fit);
  const { response } = fit.engine;
  const fixed = fit.frame.response.values.map((y, i) => y - response.scale * (response.values[i]! - fixedPart[i]!));
  return { fixed, random: randomPart.map((value) => value * response.scale) };
}

function linearSimulator(fit: LinearMixedFit, randomEffects: RandomEffectsOf): Simulator {
  const { problem, optimum } = fit.engine;
  const { structure, n } = problem;
  const { weights } = fit.frame;
  const { fixed, random: modes } = linearParts(fit);
  const strands = strandsOf(structure, new Int32Array(structure.groups.length), n);
  return (random) => {
    const y = fixed.slice();
    if (randomEffects === "conditional") for (let i = 0; i < n; i++) y[i] = y[i]! + modes[i]!;
    else addNewEffects(random, structure, strands, optimum.lambda, fit.sigma, n, [y]);
    for (let i = 0; i < n; i++) y[i] = y[i]! + (fit.sigma / Math.sqrt(weights === null ? 1 : weights[i]!)) * random.normal();
    return y;
  };
}

function generalizedSimulator(fit: GeneralizedMixedFit, randomEffects: RandomEffectsOf): Simulator {
  const { engine } = fit;
  const { structure, strands, parameters, model } = engine.problem;
  const { whole, fixed } = rowPredictors(engine);
  const lambda = lambdaOf(structure.groups, parameters, engine.point);
  const respond = responder(fit);
  return (random) => {
    if (randomEffects === "conditional") return respond(random, whole);
    const predictors = fixed.map((values) => values.slice());
    addNewEffects(random, structure, strands, lambda, 1, model.n, predictors);
    return respond(random, predictors);
  };
}

type Responder = (random: RandomStream, predictors: readonly Float64Array[]) => Float64Array;

function responder(fit: GeneralizedMixedFit): Responder {
  const { family } = fit.engine;
  return family === null ? categoryResponder(fit) : familyResponder(fit, family);
}

/** Numbers, proportions, successes, levels: what the family draws, as the response has it. */
function familyResponder({ engine, link, family: name, zeroInflation }: GeneralizedMixedFit, family: Family): Responder {
  const { response } = engine;
  const { sizes } = observations(engine, family);
  // Counts of successes where the response has them; proportions of one trial are 0 and 1, as truth values and levels are.
  const counts = sizes === null || response.trials !== null;
  const truncated = name.startsWith("truncated_");
  const further = family.further.map(() => 0);
  const above = truncated ? positiveCounts(family, engine) : null;
  return (random, predictors) => {
    const n = predictors[0]!.length;
    const zeros = zeroInflation === null ? null : predictors[predictors.length - 1]!;
    const y = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const mu = family.mean(link, predictors[0]![i]!);
      for (let k = 0; k < further.length; k++) further[k] = predictors[1 + k]![i]!;
      // Drawn in any case, so that every row takes its numbers.
      const zero = zeros !== null && random.bernoulli(logistic(zeros[i]!));
      if (zero) continue;
      const size = sizes === null ? 1 : sizes[i]!;
      const value = above === null ? family.simulate(random, mu, further, size) : above(random, i, predictors, mu, further);
      y[i] = counts ? value : value / size;
    }
    return y;
  };

  function positiveCounts(own: Family, { response: rows }: GeneralizedMixedFit["engine"]) {
    return (random: RandomStream, i: number, predictors: readonly Float64Array[], mu: number, at: readonly number[]): number => {
      for (let trial = 0; trial < MOST_PROPOSALS; trial++) {
        const value = own.simulate(random, mu, at, 1);
        if (value > 0) return value;
      }
      // Nearly all of the distribution is at zero: the inverse of what is above it.
      const x = Float64Array.from(own.further.length === 0 ? [predictors[0]![i]!] : [predictors[0]![i]!, ...at]);
      const out = new Float64Array(1);
      const logDensity = (count: number): number => {
        own
          .rows({ ...rows, weights: null, trials: null, levels: null, values: Float64Array.of(count), rows: Int32Array.of(0) }, link)
          .row(0, x, 0, out);
        return out[0]!;
      };
      const rest = -Math.expm1(logDensity(0));
      const target = random.uniform() * rest;
      let sum = 0;
      for (let count = 1; count < MOST_PROPOSALS; count++) {
        sum += Math.exp(logDensity(count));
        if (!(sum < target)) return count;
      }
      return 1;
    };
  }
}

/** Proposals after which a positive count is drawn otherwise. */
const MOST_PROPOSALS = 1000;

/** The category as the response has it: the index of its level, or a number that stands for it. */
function categoryResponder(fit: GeneralizedMixedFit): Responder {
  const { engine } = fit;
  const { category, levels } = engine.categories ?? responseCategories(engine.response);
  const count = levels.length;
  const codes = new Float64Array(count);
  for (let i = 0; i < category.length; i++) codes[category[i]!] = engine.response.values[i]!;
  const probabilities = categoryModel(fit);
  return (random, predictors) => {
    const p = probabilities(predictors);
    const n = category.length;
    return Float64Array.from({ length: n }, (_, i) => {
      const target = random.uniform();
      let sum = 0;
      let last = 0;
      for (let j = 0; j < count; j++) {
        const own = p[j * n + i]!;
        if (own > 0) last = j;
        sum += own;
        if (target < sum) return codes[j]!;
      }
      return codes[last]!;
    });
  };
}

function categoryModel(fit: GeneralizedMixedFit): (predictors: readonly Float64Array[]) => Float64Array {
  const { problem, point, categories } = fit.engine;
  if (categories === null) return (predictors) => shares([new Float64Array(predictors[0]!.length), ...predictors]);
  if (fit.family === "adjacent") return (predictors) => shares(adjacentScores(predictors[0]!, predictors.slice(1)));
  const { thresholds, nominal } = categories;
  const working = point.subarray(problem.parameters.length);
  const link = cumulativeLink(fit.link);
  return (predictors) =>
    categoryProbabilities(thresholds, working, link, {
      eta: predictors[0]!,
      logScale: fit.scaleModel === null ? null : predictors[3]!,
      nominal,
    });
}
