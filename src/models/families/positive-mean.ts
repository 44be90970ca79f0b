/**
 * Rows of the families with a positive mean (counts, gamma, inverse Gaussian): their log-likelihood is written in M = log mu, which is the
 * linear predictor itself for the log link and a multiple of log eta for the links identity, sqrt, inverse and 1/mu^2.
 */
import { outsideDomain, type RowFunction, throughLink, weightedRows } from "./chain.js";
import { linkFunction } from "./links.js";
import { logOfPositiveMean, type PositiveLinkName } from "./log-means.js";
import type { RowLikelihood } from "./row-likelihood.js";

/** The links of a family, narrowed to those that it has. */
export function positiveLink(link: string): PositiveLinkName {
  switch (link) {
    case "log":
    case "identity":
    case "sqrt":
    case "inverse":
    case "1/mu^2":
      return link;
    default:
      throw new RangeError(link);
  }
}

/**
 * @param predictors `mean` and what follows
 * @param inLogMean a row's log-likelihood with M in the place of the mean's predictor
 */
export function rowsInLogMean(
  predictors: readonly string[],
  linkName: string,
  inLogMean: RowFunction,
  weights: Float64Array | null,
): RowLikelihood {
  const p = predictors.length;
  const name = positiveLink(linkName);
  const { inside } = linkFunction(name);
  const logMean = logOfPositiveMean(name);
  const at = new Float64Array(p);
  const x = new Float64Array(4);
  const linked: RowFunction = (i, etas, order, out) => {
    const eta = etas[0]!;
    if (!(inside(eta) && eta > 0)) return outsideDomain(p, order, out);
    logMean(eta, order, x);
    at[0] = x[0]!;
    for (let b = 1; b < p; b++) at[b] = etas[b]!;
    inLogMean(i, at, order, out);
    throughLink(p, order, x, out);
  };
  return { predictors, random: [0], row: weightedRows(p, name === "log" ? inLogMean : linked, weights) };
}
