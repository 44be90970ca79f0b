/**
 * Negative binomial counts with a linear variance (NB1; Hilbe 2011; Brooks et al. 2017), phi = exp(L), r = mu / phi, R = M - L, M = log mu:
 *
 *   l = E_y(R) + y M - log y! - (y + r) log(1 + phi),   Var Y = mu (1 + phi)
 *
 * E_y is `risingFactorial`'s. r log(1 + phi) is taken as mu times log(1 + phi) / phi: nothing is lost towards the Poisson distribution.
 * The observed information is negative in ordinary fits, for rows with much larger counts than expected.
 */
import { logFactorial } from "../special/log-gamma.js";
import { risingFactorial } from "../special/rising-factorial.js";
import { log1pMinus } from "../special/stirling.js";
import type { Family } from "./family.js";
import { linkFunction } from "./links.js";
import { rowsInLogMean } from "./positive-mean.js";
import { checkCounts } from "./response-checks.js";
import { countStart, logWithin, moments } from "./starts.js";

export const nbinom1: Family = {
  name: "nbinom1",
  links: ["log", "sqrt", "identity"],
  defaultLink: "log",
  further: ["dispersion"],
  counts: true,
  rows(response, link) {
    checkCounts(response, "nbinom1");
    const y = response.values;
    const constant = y.map((count) => -logFactorial(count));
    const e = new Float64Array(4);
    return rowsInLogMean(
      ["mean", "dispersion"],
      link,
      (i, at, order, out) => {
        const logMean = at[0]!;
        const logPhi = at[1]!;
        const count = y[i]!;
        const mu = Math.exp(logMean);
        const phi = Math.exp(logPhi);
        const logSum = logPhi > 0 ? logPhi + Math.log1p(Math.exp(-logPhi)) : Math.log1p(phi);
        const rate = phi > 1e-300 ? logSum / phi : 1;
        risingFactorial(logMean - logPhi, count, order, e);
        // y (M - log(1 + phi)) before E, which for large y has the opposite sign
        out[0] = (count === 0 ? 0 : count * (logMean - logSum)) + e[0]! - mu * rate + constant[i]!;
        if (order === 0) return;
        // p = phi / (1 + phi), o = 1 - p = p / phi, gamma = (p - log(1 + phi)) / phi
        const o = 1 / (1 + phi);
        const p = phi > 1 ? 1 / (1 + 1 / phi) : phi * o;
        const gamma = p < 0.3 ? (phi > 1e-150 ? log1pMinus(-p) / phi : -phi / 2) : o - rate;
        out[1] = e[1]! + count - mu * rate;
        out[2] = -e[1]! - count * p - mu * gamma;
        if (order === 1) return;
        out[3] = e[2]! - mu * rate;
        out[4] = -e[2]! - mu * gamma;
        out[5] = e[2]! - count * p * o + mu * (gamma + p * o);
        if (order === 2) return;
        out[6] = e[3]! - mu * rate;
        out[7] = -e[3]! - mu * gamma;
      },
      response.weights,
    );
  },
  start: countStart,
  furtherStart(response) {
    const { mean, variance } = moments(response.values);
    return [logWithin(variance / mean - 1, 0.1, 10)];
  },
  dispersion: Math.exp,
  mean: (link, eta) => linkFunction(link).mean(eta),
  variance: (mean, further) => mean * (1 + Math.exp(further[0]!)),
  simulate(random, mean, further) {
    const phi = Math.exp(further[0]!);
    return random.poisson(random.gamma(mean / phi) * phi);
  },
};
