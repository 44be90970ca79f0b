/**
 * Binomial proportions (McCullagh & Nelder 1989, chapter 4), s successes and f failures, M = log mu, N = log(1 - mu):
 *
 *   l = log choose(s + f, s) + s M + f N,   Var(S / m) = mu (1 - mu) / m,   m = s + f
 *
 * Written in M and N and their derivatives (`unitLink`), l and its derivatives are the observed ones of every link and right in both
 * tails. Prior weights are numbers of trials where the response is a proportion, multiply the trials of `cbind`, and multiply the
 * log-likelihood of 0/1 responses (R's convention).
 */
import { logFactorial } from "../special/log-gamma.js";
import { outsideDomain, type RowFunction } from "./chain.js";
import type { Family } from "./family.js";
import { linkFunction } from "./links.js";
import { type UnitLinkName, unitLink } from "./log-means.js";
import { type BinomialCounts, binomialCounts } from "./response-checks.js";
import { proportionStart } from "./starts.js";

export const binomial: Family = {
  name: "binomial",
  links: ["logit", "probit", "cloglog", "loglog", "cauchit", "log", "identity"],
  defaultLink: "logit",
  further: [],
  counts: false,
  rows(response, link) {
    const counts = binomialCounts(response, "binomial", true);
    const { weights } = counts;
    const constant = logChoose(counts);
    const successes = weights === null ? counts.successes : counts.successes.map((s, i) => s * weights[i]!);
    const failures = weights === null ? counts.failures : counts.failures.map((f, i) => f * weights[i]!);
    const row = link === "logit" ? logitRow(successes, failures, constant) : tailRow(successes, failures, constant, unitLinkName(link));
    return { predictors: ["mean"], random: [0], row };
  },
  start: (response, link) => proportionStart(binomialCounts(response, "binomial", true), link),
  furtherStart: () => [],
  dispersion: null,
  mean: (link, eta) => linkFunction(link).mean(eta),
  variance: (mean, _further, size) => (mean * (1 - mean)) / size,
  simulate: (random, mean, _further, size) => random.binomial(size, mean),
};

/** The links of proportions, narrowed. */
export function unitLinkName(link: string): UnitLinkName {
  switch (link) {
    case "logit":
    case "probit":
    case "cloglog":
    case "loglog":
    case "cauchit":
    case "log":
    case "identity":
      return link;
    default:
      throw new RangeError(link);
  }
}

/** n: log choose(s + f, s). */
export function logChoose({ successes, failures }: BinomialCounts): Float64Array {
  return successes.map((s, i) => {
    const f = failures[i]!;
    return s === 0 || f === 0 ? 0 : logFactorial(s + f) - logFactorial(s) - logFactorial(f);
  });
}

function logitRow(successes: Float64Array, failures: Float64Array, constant: Float64Array): RowFunction {
  return (i, at, order, out) => {
    const eta = at[0]!;
    if (!Number.isFinite(eta)) return outsideDomain(1, order, out);
    const s = successes[i]!;
    const f = failures[i]!;
    const e = Math.exp(-Math.abs(eta));
    const soft = Math.log1p(e);
    const above = eta > 0;
    const away = above ? f : s;
    out[0] = constant[i]! - (s + f) * soft - (away === 0 ? 0 : away * Math.abs(eta));
    if (order === 0) return;
    const larger = 1 / (1 + e);
    const smaller = e * larger;
    out[1] = above ? s * smaller - f * larger : s * larger - f * smaller;
    if (order === 1) return;
    const weight = (s + f) * smaller * larger;
    out[2] = -weight;
    out[3] = above ? weight * (larger - smaller) : weight * (smaller - larger);
  };
}

function tailRow(successes: Float64Array, failures: Float64Array, constant: Float64Array, link: UnitLinkName): RowFunction {
  const { inside, logMean, logRest } = unitLink(link);
  const tail = new Float64Array(4);
  return (i, at, order, out) => {
    const eta = at[0]!;
    if (!inside(eta)) return outsideDomain(1, order, out);
    out[0] = constant[i]!;
    out[1] = 0;
    out[2] = 0;
    out[3] = 0;
    const s = successes[i]!;
    if (s > 0) {
      logMean(eta, order, tail);
      for (let k = 0; k <= order; k++) out[k]! += s * tail[k]!;
    }
    const f = failures[i]!;
    if (f > 0) {
      logRest(eta, order, tail);
      for (let k = 0; k <= order; k++) out[k]! += f * tail[k]!;
    }
  };
}
