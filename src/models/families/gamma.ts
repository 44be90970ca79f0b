/**
 * Gamma responses (McCullagh & Nelder 1989, chapter 8), shape a = exp(L), mean mu = exp(M), d = log(y / mu):
 *
 *   l = (L - log 2 pi) / 2 - s(a) - log y - a (exp(d) - 1 - d),   Var Y = mu^2 / a
 *
 * s is `stirlingOnLogScale`'s: what is left of log Gamma(a) after Stirling's formula, so that a large shape costs no digits. The dispersion's
 * predictor is the logarithm of the shape, as in glmmTMB; the dispersion reported is 1 / sqrt(a), the coefficient of variation.
 */
import { stirlingOnLogScale } from "../special/log-gamma.js";
import { log1pMinus } from "../special/stirling.js";
import type { Family } from "./family.js";
import { linkFunction } from "./links.js";
import { rowsInLogMean } from "./positive-mean.js";
import { checkPositive } from "./response-checks.js";
import { logWithin, moments, transformedStart } from "./starts.js";

const LOG_2PI = 1.8378770664093453;

export const gamma: Family = {
  name: "gamma",
  links: ["log", "inverse", "identity"],
  defaultLink: "log",
  further: ["dispersion"],
  counts: false,
  rows(response, link) {
    checkPositive(response, "gamma");
    const logY = response.values.map(Math.log);
    const s = new Float64Array(4);
    let lastShape = Number.NaN;
    return rowsInLogMean(
      ["mean", "dispersion"],
      link,
      (i, at, order, out) => {
        const logShape = at[1]!;
        const shape = Math.exp(logShape);
        const distance = logY[i]! - at[0]!;
        const excess = Math.expm1(distance);
        if (logShape !== lastShape) {
          lastShape = logShape;
          stirlingOnLogScale(logShape, 2, s);
        }
        // a (exp(d) - 1 - d)
        const loss = shape * (Math.abs(distance) < 0.25 ? -log1pMinus(excess) : excess - distance);
        out[0] = 0.5 * (logShape - LOG_2PI) - s[0]! - logY[i]! - loss;
        if (order === 0) return;
        out[1] = shape * excess;
        out[2] = 0.5 - s[1]! - loss;
        if (order === 1) return;
        const ratio = shape * (excess < -0.5 ? Math.exp(distance) : 1 + excess);
        out[3] = -ratio;
        out[4] = out[1]!;
        out[5] = -s[2]! - loss;
        if (order === 2) return;
        out[6] = ratio;
        out[7] = -ratio;
      },
      response.weights,
    );
  },
  start: transformedStart,
  furtherStart(response) {
    const { mean, variance } = moments(response.values);
    return [logWithin((mean * mean) / variance, 0.1, 1000)];
  },
  dispersion: (predictor) => Math.exp(-0.5 * predictor),
  mean: (link, eta) => linkFunction(link).mean(eta),
  variance: (mean, further) => mean * mean * Math.exp(-further[0]!),
  simulate(random, mean, further) {
    const shape = Math.exp(further[0]!);
    // A small shape may give a number that is too small for a double; the response must stay positive.
    return Math.max((random.gamma(shape) / shape) * mean, Number.MIN_VALUE);
  },
};
