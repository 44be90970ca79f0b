/**
 * Inverse Gaussian responses (Tweedie 1957; McCullagh & Nelder 1989, section 2.2), with t = y / mu = exp(log y - M), M = log mu and
 * sigma = exp(L):
 *
 *   l = -L - log(2 pi) / 2 - 3/2 log y - (t - 1)^2 / (2 sigma^2 y),   Var Y = sigma^2 mu^3
 *
 * The dispersion sigma is the square root of the dispersion parameter of R's glm, 1 / sqrt(lambda).
 */
import type { Family } from "./family.js";
import { linkFunction } from "./links.js";
import { rowsInLogMean } from "./positive-mean.js";
import { checkPositive } from "./response-checks.js";
import { logWithin, moments, transformedStart } from "./starts.js";

const HALF_LOG_2PI = 0.9189385332046728;

export const inverseGaussian: Family = {
  name: "inverse_gaussian",
  links: ["log", "1/mu^2", "inverse", "identity"],
  defaultLink: "log",
  further: ["dispersion"],
  counts: false,
  rows(response, link) {
    checkPositive(response, "inverse_gaussian");
    const y = response.values;
    const logY = y.map(Math.log);
    return rowsInLogMean(
      ["mean", "dispersion"],
      link,
      (i, at, order, out) => {
        const logSigma = at[1]!;
        const distance = logY[i]! - at[0]!;
        const excess = Math.expm1(distance);
        const precision = Math.exp(-2 * logSigma) / y[i]!;
        const loss = precision * excess * excess;
        out[0] = -logSigma - HALF_LOG_2PI - 1.5 * logY[i]! - 0.5 * loss;
        if (order === 0) return;
        const t = excess < -0.5 ? Math.exp(distance) : 1 + excess;
        const slope = precision * t * excess;
        out[1] = slope;
        out[2] = loss - 1;
        if (order === 1) return;
        const curvature = precision * t * (1 - 2 * t);
        out[3] = curvature;
        out[4] = -2 * slope;
        out[5] = -2 * loss;
        if (order === 2) return;
        out[6] = precision * t * (4 * t - 1);
        out[7] = -2 * curvature;
      },
      response.weights,
    );
  },
  start: transformedStart,
  furtherStart(response) {
    const { mean, variance } = moments(response.values);
    return [0.5 * logWithin(variance / mean ** 3, 1e-300, 1e300)];
  },
  dispersion: Math.exp,
  mean: (link, eta) => linkFunction(link).mean(eta),
  variance: (mean, further) => Math.exp(2 * further[0]!) * mean ** 3,
  /** Michael, Schucany & Haas (1976). */
  simulate(random, mean, further) {
    const normal = random.normal();
    const k = 0.5 * mean * normal * normal * Math.exp(2 * further[0]!);
    const ratio = 1 / (1 + k + Math.sqrt(k * (2 + k)));
    return random.uniform() * (1 + ratio) <= 1 ? mean * ratio : mean / ratio;
  },
};
