/**
 * What a row's linear predictors say of its response: its mean, or the probabilities of its categories, with slopes in the predictors.
 *
 *   mean           mu = g^-1(x_0)
 *   zero inflation (1 - p) mu,             hurdle  (1 - p) mu / (1 - f(0)),             truncated  mu / (1 - f(0))
 *   cumulative     P(Y = j) = F((tau_j - eta) / s) - F((tau_j-1 - eta) / s)
 *   adjacent       P(Y = j) proportional to exp(sum_{k<j} (eta - tau_k)),   multinomial   to exp(eta_j), eta_1 = 0
 *
 * (Lambert 1992; Mullahy 1986; McCullagh 1980; Agresti 2010.) Slopes are central differences of these closed forms, right to about nine
 * digits.
 */
import { categoryScores } from "../models/category-probabilities.js";
import type { Family } from "../models/families/family.js";
import { linkFunction, logistic } from "../models/families/links.js";
import { responseCategories } from "../models/families/thresholds.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/** Functions of a row's P linear predictors. */
export interface Outcome {
  /** Q names: `response`, or the categories. */
  readonly quantities: readonly string[];
  /** P. */
  readonly predictorCount: number;
  /** Q values from P predictors. */
  values(at: Float64Array, into: Float64Array): void;
  /** Slopes of a linear function, the same everywhere: d value_q / d x_c at [q * P + c]. Absent for others. */
  readonly slopes?: Float64Array;
}

/** Relative to 1 + |x|: central differences lose the least here. */
const STEP = 6e-6;

/** The slopes d value_q / d x_c, at [q * P + c]. */
export function outcomeSlopes(outcome: Outcome, at: Float64Array, into: Float64Array): void {
  const { predictorCount: p, quantities } = outcome;
  if (outcome.slopes !== undefined) {
    into.set(outcome.slopes);
    return;
  }
  const moved = Float64Array.from(at);
  const above = new Float64Array(quantities.length);
  const below = new Float64Array(quantities.length);
  for (let c = 0; c < p; c++) {
    const h = STEP * (1 + Math.abs(at[c]!));
    moved[c] = at[c]! + h;
    outcome.values(moved, above);
    const up = moved[c]!;
    moved[c] = at[c]! - h;
    outcome.values(moved, below);
    const width = up - moved[c]!;
    moved[c] = at[c]!;
    for (let q = 0; q < quantities.length; q++) into[q * p + c] = (above[q]! - below[q]!) / width;
  }
}

/** The mean of the response, or the probabilities of the categories. */
export function responseOutcome(fit: MixedFit): Outcome {
  if (!isGeneralized(fit)) return linearOutcome(1);
  const { engine } = fit;
  if (engine.categories !== null) return categoryOutcome(fit, engine.categories.levels);
  if (engine.family === null) return multinomialOutcome(responseCategories(engine.response).levels);
  return meanOutcome(fit, engine.family);
}

/** The linear predictor itself. */
export function linearOutcome(predictorCount: number): Outcome {
  return latentOutcome(predictorCount, 0);
}

/** The linear predictor less the mean of the thresholds that follow it. */
export function latentOutcome(predictorCount: number, thresholds: number): Outcome {
  const slopes = Float64Array.from({ length: predictorCount }, (_, c) => (c === 0 ? 1 : c <= thresholds ? -1 / thresholds : 0));
  return {
    quantities: ["response"],
    predictorCount,
    slopes,
    values(at, into) {
      into[0] = slopes.reduce((sum, slope, c) => (slope === 0 ? sum : sum + slope * at[c]!), 0);
    },
  };
}

/** The expected category from probabilities: in the numbers that the categories are, else counted from 1. */
export function meanClassOutcome(probabilities: Outcome): Outcome {
  const room = new Float64Array(probabilities.quantities.length);
  const scores = categoryScores(probabilities.quantities);
  return {
    quantities: ["response"],
    predictorCount: probabilities.predictorCount,
    values(at, into) {
      probabilities.values(at, room);
      into[0] = room.reduce((sum, p, j) => sum + scores[j]! * p, 0);
    },
  };
}

/** Both probabilities of a binary response, from that of the second. */
export function binaryOutcome(mean: Outcome, levels: readonly string[]): Outcome {
  return {
    quantities: levels.slice(0, 2),
    predictorCount: mean.predictorCount,
    values(at, into) {
      mean.values(at, into);
      into[1] = into[0]!;
      into[0] = 1 - into[1]!;
    },
  };
}

/** P(Y <= j), j = 1 ... J-1, or P(Y > j). */
export function cumulativeOutcome(probabilities: Outcome, names: readonly string[], exceeding: boolean): Outcome {
  const room = new Float64Array(probabilities.quantities.length);
  return {
    quantities: names,
    predictorCount: probabilities.predictorCount,
    values(at, into) {
      probabilities.values(at, room);
      // Summed from the end that is asked for, so that small probabilities keep their digits.
      let sum = 0;
      if (exceeding) {
        for (let j = names.length; j > 0; j--) {
          sum += room[j]!;
          into[j - 1] = sum;
        }
        return;
      }
      for (let j = 0; j < names.length; j++) {
        sum += room[j]!;
        into[j] = sum;
      }
    },
  };
}

function meanOutcome({ link, family: name, hurdle, zeroInflation, engine }: GeneralizedMixedFit, family: Family): Outcome {
  const count = 1 + family.further.length + (zeroInflation === null ? 0 : 1);
  const truncated = name.startsWith("truncated_");
  const atZero = truncated ? logZeroProbability(family, engine.link) : null;
  return {
    quantities: ["response"],
    predictorCount: count,
    values(at, into) {
      let mean = family.mean(link, at[0]!);
      if (atZero !== null) mean /= -Math.expm1(atZero(at));
      if (zeroInflation !== null || hurdle) mean *= logistic(-at[count - 1]!);
      into[0] = mean;
    },
  };
}

/** log f(0) of the counts before truncation as a function of a row's predictors. */
export function logZeroProbability(family: Family, link: GeneralizedMixedFit["link"]): (at: Float64Array) => number {
  const one = { name: "", trials: null, levels: null, rows: Int32Array.of(0), weights: null, weightsName: null };
  const rows = family.rows({ ...one, values: Float64Array.of(0) }, link);
  const out = new Float64Array(1);
  return (at) => {
    rows.row(0, at, 0, out);
    return out[0]!;
  };
}

function categoryOutcome({ family, link, scaleModel }: GeneralizedMixedFit, levels: readonly string[]): Outcome {
  const count = levels.length - 1;
  const predictorCount = 1 + count + (scaleModel === null ? 0 : 1);
  if (family === "adjacent") {
    const scores = new Float64Array(levels.length);
    return {
      quantities: levels,
      predictorCount,
      values(at, into) {
        for (let j = 0; j < count; j++) scores[j + 1] = scores[j]! + at[0]! - at[1 + j]!;
        softmax(scores, into);
      },
    };
  }
  const { mean: distribution } = linkFunction(link);
  // The mirrored distribution gives upper tails their digits: 1 - F(x) = G(-x).
  const { mean: mirrored } = linkFunction(link === "cloglog" ? "loglog" : link === "loglog" ? "cloglog" : link);
  return {
    quantities: levels,
    predictorCount,
    values(at, into) {
      const s = scaleModel === null ? 1 : Math.exp(at[1 + count]!);
      const z = (j: number): number => (at[1 + j]! - at[0]!) / s;
      for (let j = 0; j <= count; j++) {
        if (j === 0) into[j] = distribution(z(0));
        else if (j === count) into[j] = mirrored(-z(count - 1));
        else if (z(j) < z(j - 1)) into[j] = Number.NaN;
        else into[j] = z(j - 1) > 0 ? mirrored(-z(j - 1)) - mirrored(-z(j)) : distribution(z(j)) - distribution(z(j - 1));
      }
    },
  };
}

function multinomialOutcome(levels: readonly string[]): Outcome {
  const scores = new Float64Array(levels.length);
  return {
    quantities: levels,
    predictorCount: levels.length - 1,
    values(at, into) {
      for (let j = 1; j < levels.length; j++) scores[j] = at[j - 1]!;
      softmax(scores, into);
    },
  };
}

function softmax(scores: Float64Array, into: Float64Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (const score of scores) largest = Math.max(largest, score);
  let total = 0;
  for (let j = 0; j < scores.length; j++) {
    into[j] = Math.exp(scores[j]! - largest);
    total += into[j]!;
  }
  for (let j = 0; j < scores.length; j++) into[j] = into[j]! / total;
}
