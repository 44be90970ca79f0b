/**
 * What a row's response is on average over units that are not known: the outcome integrated over the normal distribution of the random
 * part of its predictors.
 *
 *   E f(x + sqrt(v) z) = sum_k w_k f(x + sqrt(v) z_k),   z ~ N(0, 1),   w_k proportional to exp(-z_k^2 / 2)
 *
 * The random part z_i'b of one predictor is normal with variance z_i'Sigma z_i, so that one dimension suffices however many effects there
 * are (Zeger, Liang & Albert 1988; Pavlou et al. 2015). The nodes are equally spaced: for functions as smooth as these the trapezoidal rule
 * converges geometrically, as Gauss-Hermite rules do, and goes on doing so at large variances, where those need very many nodes
 * (Trefethen & Weideman 2014). Predictors with random effects of their own (the zero probability, the equations of a multinomial model) are
 * independent and make a product rule.
 */
import { FitError, predictionMessages } from "../messages.js";
import type { Outcome } from "./predict-outcome.js";

/** Dimensions of the product rule. */
const MOST_DIMENSIONS = 3;

interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The integrated outcome as a function of P predictors followed by the variances of the `varying` ones.
 *
 * @throws FitError for more than three predictors with random effects
 */
export function integratedOutcome(outcome: Outcome, varying: readonly number[]): Outcome {
  const { quantities, predictorCount, values } = outcome;
  if (varying.length === 0) return outcome;
  if (varying.length > MOST_DIMENSIONS) throw new FitError(predictionMessages.manyIntegrals(varying.length, MOST_DIMENSIONS));
  const at = new Float64Array(predictorCount);
  const room = new Float64Array(quantities.length);
  return {
    quantities,
    predictorCount: predictorCount + varying.length,
    values(given, into) {
      for (let c = 0; c < predictorCount; c++) at[c] = given[c]!;
      into.fill(0, 0, quantities.length);
      const spread = (d: number, weight: number): void => {
        const c = varying[d];
        if (c === undefined) {
          values(at, room);
          for (let q = 0; q < room.length; q++) into[q] = into[q]! + weight * room[q]!;
          return;
        }
        const sd = Math.sqrt(Math.max(0, given[predictorCount + d]!));
        const centre = given[c]!;
        const { nodes, weights } = ruleFor(sd, varying.length);
        for (let k = 0; k < nodes.length; k++) {
          at[c] = centre + sd * nodes[k]!;
          spread(d + 1, weight * weights[k]!);
        }
        at[c] = centre;
      };
      spread(0, 1);
    },
  };
}

const rules = new Map<string, Rule>();

/**
 * Nodes a share of 1 / sd apart, so that a logistic curve is resolved; as far out as exp(sd z) exp(-z^2 / 2) has mass. Of few steps of the
 * standard deviation there is one rule, so that nearby variances have nearby values.
 */
function ruleFor(sd: number, dimensions: number): Rule {
  const rounded = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(sd, 1e-300))));
  const key = `${rounded} ${dimensions}`;
  const known = rules.get(key);
  if (known !== undefined) return known;
  const width = dimensions === 1 ? 8.5 : 6.5;
  const step = Math.min(dimensions === 1 ? 0.35 : 0.5, 1 / rounded);
  const half = Math.ceil((width + Math.min(rounded, 40)) / step);
  const nodes = Float64Array.from({ length: 2 * half + 1 }, (_, k) => (k - half) * step);
  const weights = nodes.map((z) => Math.exp(-0.5 * z * z));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const rule = { nodes, weights: weights.map((weight) => weight / total) };
  rules.set(key, rule);
  return rule;
}
