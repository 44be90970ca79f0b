/**
 * Normal responses whose mean goes through a link, sigma = exp(L), z = (y - mu) / sigma:
 *
 *   l = -L - log(2 pi) / 2 - z^2 / 2,   Var Y = sigma^2
 *
 * Prior weights multiply the log-likelihood, as for every family here; the linear mixed model's divide the variance.
 */
import { outsideDomain, type RowFunction, throughLink, weightedRows } from "./chain.js";
import type { Family } from "./family.js";
import { linkFunction } from "./links.js";
import { checkFinite } from "./response-checks.js";
import { moments, realStart } from "./starts.js";

const HALF_LOG_2PI = 0.9189385332046728;

export const gaussian: Family = {
  name: "gaussian",
  links: ["identity", "log", "inverse"],
  defaultLink: "identity",
  further: ["dispersion"],
  counts: false,
  rows(response, link) {
    checkFinite(response, "gaussian");
    const y = response.values;
    const linear = link === "identity";
    const { inside, derivatives } = linkFunction(link);
    const mean = new Float64Array(4);
    const row: RowFunction = (i, at, order, out) => {
      const eta = at[0]!;
      if (!inside(eta)) return outsideDomain(2, order, out);
      if (linear) mean[0] = eta;
      else derivatives(eta, mean);
      const logSigma = at[1]!;
      const precision = Math.exp(-logSigma);
      const z = (y[i]! - mean[0]!) * precision;
      out[0] = -logSigma - HALF_LOG_2PI - 0.5 * z * z;
      if (order === 0) return;
      out[1] = z * precision;
      out[2] = z * z - 1;
      if (order >= 2) {
        out[3] = -precision * precision;
        out[4] = -2 * z * precision;
        out[5] = -2 * z * z;
        out[6] = 0;
        out[7] = 2 * precision * precision;
      }
      if (!linear) throughLink(2, order, mean, out);
    };
    return { predictors: ["mean", "dispersion"], random: [0], row: weightedRows(2, row, response.weights) };
  },
  start: realStart,
  furtherStart: (response) => [0.5 * Math.log(moments(response.values).variance)],
  dispersion: Math.exp,
  mean: (link, eta) => linkFunction(link).mean(eta),
  variance: (_mean, further) => Math.exp(2 * further[0]!),
  simulate: (random, mean, further) => mean + Math.exp(further[0]!) * random.normal(),
};
