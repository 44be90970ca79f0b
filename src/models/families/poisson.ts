/**
 * Poisson counts (McCullagh & Nelder 1989, chapter 6), with M = log mu:
 *
 *   l = y M - exp(M) - log y!,   Var Y = mu
 */
import { logFactorial } from "../special/log-gamma.js";
import { outsideDomain, type RowFunction, weightedRows } from "./chain.js";
import type { Family } from "./family.js";
import { linkFunction } from "./links.js";
import { logOfPositiveMean, type PositiveLinkName } from "./log-means.js";
import { positiveLink } from "./positive-mean.js";
import { checkCounts } from "./response-checks.js";
import { countStart } from "./starts.js";

export const poisson: Family = {
  name: "poisson",
  links: ["log", "sqrt", "identity"],
  defaultLink: "log",
  further: [],
  counts: true,
  rows(response, link) {
    checkCounts(response, "poisson");
    const y = response.values;
    const constant = y.map((count) => -logFactorial(count));
    const name = positiveLink(link);
    const row = name === "log" ? logRow(y, constant) : linkedRow(y, constant, name);
    return { predictors: ["mean"], random: [0], row: weightedRows(1, row, response.weights) };
  },
  start: countStart,
  furtherStart: () => [],
  dispersion: null,
  mean: (link, eta) => linkFunction(link).mean(eta),
  variance: (mean) => mean,
  simulate: (random, mean) => random.poisson(mean),
};

function logRow(y: Float64Array, constant: Float64Array): RowFunction {
  return (i, at, order, out) => {
    const eta = at[0]!;
    if (!Number.isFinite(eta)) return outsideDomain(1, order, out);
    const mu = Math.exp(eta);
    const count = y[i]!;
    out[0] = count * eta - mu + constant[i]!;
    if (order === 0) return;
    out[1] = count - mu;
    out[2] = -mu;
    out[3] = -mu;
  };
}

/** mu and M each by their own derivatives: for y = 0 nothing is left of M. */
function linkedRow(y: Float64Array, constant: Float64Array, name: PositiveLinkName): RowFunction {
  const { inside, derivatives } = linkFunction(name);
  const logMean = logOfPositiveMean(name);
  const mean = new Float64Array(4);
  const log = new Float64Array(4);
  return (i, at, order, out) => {
    const eta = at[0]!;
    if (!(inside(eta) && eta > 0)) return outsideDomain(1, order, out);
    derivatives(eta, mean);
    logMean(eta, order, log);
    const count = y[i]!;
    for (let k = 0; k <= order; k++) out[k] = count * log[k]! - mean[k]!;
    out[0]! += constant[i]!;
  };
}
