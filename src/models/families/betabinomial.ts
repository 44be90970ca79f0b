/**
 * Beta-binomial proportions (Skellam 1948; Brooks et al. 2017): binomial with a probability that is beta distributed with mean mu and
 * precision phi = exp(L). s successes, f failures, m = s + f, M = log mu, N = log(1 - mu):
 *
 *   l = log choose(m, s) + s M + f N + E_s(L + M) + E_f(L + N) - E_m(L),   Var(S / m) = mu (1 - mu) / m (1 + (m - 1) / (phi + 1))
 *
 * E is `risingFactorial`'s; the first three terms are the binomial log-likelihood, to which l tends for phi -> infinity without loss.
 * Numbers of trials as weights count trials; other prior weights multiply the log-likelihood, also that of `cbind`.
 */
import { risingFactorial, risingTable } from "../special/rising-factorial.js";
import { betaVariate } from "./beta.js";
import { logChoose, unitLinkName } from "./binomial.js";
import { addOnLogScale, outsideDomain, weightedRows } from "./chain.js";
import type { Family } from "./family.js";
import { linkFunction } from "./links.js";
import { unitLink } from "./log-means.js";
import { binomialCounts } from "./response-checks.js";
import { proportionStart } from "./starts.js";

export const betabinomial: Family = {
  name: "betabinomial",
  links: ["logit", "probit", "cloglog", "loglog", "cauchit"],
  defaultLink: "logit",
  further: ["dispersion"],
  counts: false,
  rows(response, link) {
    const counts = binomialCounts(response, "betabinomial", false);
    const { successes, failures } = counts;
    const constant = logChoose(counts);
    const { inside, logMean, logRest } = unitLink(unitLinkName(link));
    const tail = new Float64Array(4);
    const e = new Float64Array(4);
    const total = risingTable();
    return {
      predictors: ["mean", "dispersion"],
      random: [0],
      row: weightedRows(
        2,
        (i, at, order, out) => {
          const eta = at[0]!;
          const logPhi = at[1]!;
          if (!inside(eta)) return outsideDomain(2, order, out);
          const s = successes[i]!;
          const f = failures[i]!;
          out.fill(0, 1, 10);
          total.at(logPhi, s + f, order, e);
          out[0] = constant[i]! - e[0]!;
          if (order > 0) out[2] = -e[1]!;
          if (order > 1) out[5] = -e[2]!;
          if (s > 0) {
            logMean(eta, order, tail);
            risingFactorial(logPhi + tail[0]!, s, order, e);
            addOnLogScale(s, tail, e, order, out);
          }
          if (f > 0) {
            logRest(eta, order, tail);
            risingFactorial(logPhi + tail[0]!, f, order, e);
            addOnLogScale(f, tail, e, order, out);
          }
        },
        counts.weights,
      ),
    };
  },
  start: (response, link) => proportionStart(binomialCounts(response, "betabinomial", false), link),
  furtherStart: () => [Math.log(2)],
  dispersion: Math.exp,
  mean: (link, eta) => linkFunction(link).mean(eta),
  variance: (mean, further, size) => ((mean * (1 - mean)) / size) * (1 + (size - 1) / (Math.exp(further[0]!) + 1)),
  simulate(random, mean, further, size) {
    const phi = Math.exp(further[0]!);
    return random.binomial(size, betaVariate(random, mean * phi, (1 - mean) * phi));
  },
};
