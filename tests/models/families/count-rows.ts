/** Poisson and negative binomial (variance mu + mu^2 / theta) rows written out, log link, for tests of what is built on count families. */
import { type DerivativeOrder, firstAt, type RowLikelihood, secondAt, thirdAt } from "../../../src/models/families/row-likelihood.js";

const logFactorial = (y: number): number => Array.from({ length: y }, (_, k) => Math.log(k + 1)).reduce((a, b) => a + b, 0);

/** l = y eta - exp(eta) - log y!. */
export function poissonRows(values: ArrayLike<number>): RowLikelihood {
  return {
    predictors: ["mean"],
    random: [0],
    row(i: number, at: Float64Array, _order: DerivativeOrder, out: Float64Array): void {
      const y = values[i]!;
      const mu = Math.exp(at[0]!);
      out.set([y * at[0]! - mu - logFactorial(y), y - mu, -mu, -mu]);
    },
  };
}

/** Predictors eta = log mu and phi = log theta; third derivatives with two of eta. */
export function nbinom2Rows(values: ArrayLike<number>): RowLikelihood {
  return {
    predictors: ["mean", "dispersion"],
    random: [0],
    row(i: number, at: Float64Array, _order: DerivativeOrder, out: Float64Array): void {
      const y = values[i]!;
      const theta = Math.exp(at[1]!);
      const share = 1 / (1 + Math.exp(at[1]! - at[0]!)); // mu / (mu + theta)
      const rest = 1 / (1 + Math.exp(at[0]! - at[1]!));
      const t = share * rest;
      let rising = 0;
      let rising1 = 0;
      let rising2 = 0;
      for (let k = 0; k < y; k++) {
        rising += Math.log(theta + k);
        rising1 += theta / (theta + k);
        rising2 += (theta * k) / (theta + k) ** 2;
      }
      // log(theta / (mu + theta)) and log(mu / (mu + theta))
      const logRest = -Math.log1p(Math.exp(at[0]! - at[1]!));
      const logShare = at[0]! - at[1]! + logRest;
      out[0] = rising - logFactorial(y) + theta * logRest + y * logShare;
      out[firstAt(0)] = y * rest - theta * share;
      out[firstAt(1)] = rising1 + theta * logRest + theta * share - y * rest;
      out[secondAt(2, 0, 0)] = -(y + theta) * t;
      out[secondAt(2, 0, 1)] = (y + theta) * t - theta * share;
      out[secondAt(2, 1, 1)] = rising2 + theta * logRest + 2 * theta * share - (y + theta) * t;
      out[thirdAt(2, 0, 0, 0)] = -(y + theta) * t * (rest - share);
      out[thirdAt(2, 0, 0, 1)] = (y + theta) * t * (rest - share) - theta * t;
    },
  };
}

/** Counts with many zeros on one predictor, to which glmmTMB 1.1.5 was fitted (the seed and R's code are in the tests that use them). */
export const COUNTS = {
  y: Float64Array.from(
    "0,4,0,5,0,0,3,0,0,0,0,0,0,1,0,0,0,0,1,0,5,0,0,0,1,0,5,8,1,0,2,3,7,0,4,0,1,0,0,0,2,0,0,6,1,1,0,0,0,1,0,3,10,0,0,0,3,3,0,0".split(","),
    Number,
  ),
  x: Float64Array.from(
    "-0.84,1.38,-1.26,0.07,1.71,-0.6,-0.47,-0.64,-0.29,0.14,1.23,-0.8,-1.08,-0.16,-1.07,-0.14,-0.6,-2.18,0.24,-0.26,0.9,0.94,1.47,0.71,0.82,-0.29,1.42,1.5,-0.66,-0.85,0.32,1.11,2.22,1.22,1.48,0.95,-1.01,-2,-1.76,-0.14,1.55,-0.8,-0.07,1.9,-0.46,0.56,-0.89,-0.46,-0.72,-0.07,1.46,0.19,1.02,-0.59,-0.11,-0.92,0.75,-0.11,-0.06,0.23".split(
      ",",
    ),
    Number,
  ),
};
