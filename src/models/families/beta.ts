/**
 * Beta responses (Ferrari & Cribari-Neto 2004) with mean mu and precision phi = exp(L): a = mu phi, b = (1 - mu) phi, M = log mu,
 * N = log(1 - mu), A = L + M, B = L + N:
 *
 *   l = T + (L + M + N - log 2 pi) / 2 + s(L) - s(A) - s(B) - log y - log(1 - y),   Var Y = mu (1 - mu) / (1 + phi)
 *   T = a log(y / mu) + b log((1 - y) / (1 - mu))
 *
 * s is `stirlingOnLogScale`'s. T is -phi times the Kullback-Leibler divergence of mu from y; near y its parts cancel, so that it is taken as
 * a (log(y / mu) - y / mu + 1) + b (log((1 - y) / (1 - mu)) - (1 - y) / (1 - mu) + 1), which is the same and cancels nothing. As
 * a M' + b N' = 0, its derivatives in eta are those of phi mu' K, K = logit y - logit mu.
 */
import { stirlingOnLogScale } from "../special/log-gamma.js";
import { log1pMinus } from "../special/stirling.js";
import { unitLinkName } from "./binomial.js";
import { addOnLogScale, outsideDomain, weightedRows } from "./chain.js";
import type { Family, RandomSource } from "./family.js";
import { linkFunction } from "./links.js";
import { unitLink } from "./log-means.js";
import { checkOpenUnit } from "./response-checks.js";
import { logWithin, moments, transformedStart } from "./starts.js";

const LOG_2PI = 1.8378770664093453;

export const beta: Family = {
  name: "beta",
  links: ["logit", "probit", "cloglog", "loglog", "cauchit"],
  defaultLink: "logit",
  further: ["dispersion"],
  counts: false,
  rows(response, link) {
    checkOpenUnit(response, "beta");
    const y = response.values;
    const logY = y.map(Math.log);
    const logRestY = y.map((value) => Math.log1p(-value));
    const { inside, logMean, logRest } = unitLink(unitLinkName(link));
    const { derivatives } = linkFunction(link);
    const mean = new Float64Array(4);
    const m = new Float64Array(4);
    const n = new Float64Array(4);
    const s = new Float64Array(4);
    const total = new Float64Array(4);
    let lastPrecision = Number.NaN;
    return {
      predictors: ["mean", "dispersion"],
      random: [0],
      row: weightedRows(
        2,
        (i, at, order, out) => {
          const eta = at[0]!;
          const logPhi = at[1]!;
          if (!inside(eta)) return outsideDomain(2, order, out);
          logMean(eta, order, m);
          logRest(eta, order, n);
          if (m[0] === Number.NEGATIVE_INFINITY || n[0] === Number.NEGATIVE_INFINITY) return outsideDomain(2, order, out);
          const phi = Math.exp(logPhi);
          const fit = divergence(phi, y[i]!, logY[i]! - m[0]!, logRestY[i]! - n[0]!, Math.exp(m[0]!), Math.exp(n[0]!));
          if (logPhi !== lastPrecision) {
            lastPrecision = logPhi;
            stirlingOnLogScale(logPhi, 2, total);
          }
          out[0] = fit + 0.5 * (logPhi - LOG_2PI) + total[0]! - logY[i]! - logRestY[i]!;
          if (order > 0) {
            const logOdds = logY[i]! - logRestY[i]! - (m[0]! - n[0]!);
            const slope = m[1]! - n[1]!;
            derivatives(eta, mean);
            const mean1 = phi * mean[1]!;
            out[1] = mean1 * logOdds;
            out[2] = fit + 0.5 + total[1]!;
            if (order > 1) {
              const mean2 = phi * mean[2]!;
              out[3] = mean2 * logOdds - mean1 * slope;
              out[4] = mean1 * logOdds;
              out[5] = fit + total[2]!;
              if (order > 2) {
                out[6] = phi * mean[3]! * logOdds - 2 * mean2 * slope - mean1 * (m[2]! - n[2]!);
                out[7] = out[3]!;
                out[8] = 0;
                out[9] = 0;
              }
            }
          }
          addStirling(logPhi, m, s, order, out);
          addStirling(logPhi, n, s, order, out);
        },
        response.weights,
      ),
    };
  },
  start: transformedStart,
  furtherStart(response) {
    const { mean, variance } = moments(response.values);
    return [logWithin((mean * (1 - mean)) / variance - 1, 0.5, 1000)];
  },
  dispersion: Math.exp,
  mean: (link, eta) => linkFunction(link).mean(eta),
  variance: (mean, further) => (mean * (1 - mean)) / (1 + Math.exp(further[0]!)),
  simulate(random, mean, further) {
    const phi = Math.exp(further[0]!);
    // Draws that round to 0 or 1 stay inside the range of the family.
    return Math.min(1 - 2 ** -53, Math.max(Number.MIN_VALUE, betaVariate(random, mean * phi, (1 - mean) * phi)));
  },
};

/** T, given log(y / mu), log((1 - y) / (1 - mu)), mu and 1 - mu. */
function divergence(phi: number, y: number, logRatio: number, logRestRatio: number, mu: number, rest: number): number {
  const difference = mu < 0.5 ? y - mu : rest - (1 - y);
  const u = difference / mu;
  const v = -difference / rest;
  const lower = u > -0.3 && u < 0.3 ? mu * log1pMinus(u) : mu * logRatio - difference;
  const upper = v > -0.3 && v < 0.3 ? rest * log1pMinus(v) : rest * logRestRatio + difference;
  return phi * (lower + upper);
}

/** Adds M / 2 - s(L + M). */
function addStirling(logPhi: number, m: Float64Array, s: Float64Array, order: 0 | 1 | 2 | 3, out: Float64Array): void {
  stirlingOnLogScale(logPhi + m[0]!, order, s);
  for (let k = 0; k <= order; k++) s[k] = -s[k]!;
  addOnLogScale(0.5, m, s, order, out);
}

/** A beta variate from two gamma variates; where both underflow, the end that the mean says. */
export function betaVariate(random: RandomSource, a: number, b: number): number {
  const x = random.gamma(a);
  const sum = x + random.gamma(b);
  if (sum > 0) return x / sum;
  return random.uniform() * (a + b) < a ? 1 : 0;
}
