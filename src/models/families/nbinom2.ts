/**
 * Negative binomial counts with a quadratic variance (NB2; Hilbe 2011; Brooks et al. 2017), theta = exp(L), M = log mu:
 *
 *   l = E_y(L) + y M - log y! - (y + theta) log(1 + mu / theta),   Var Y = mu + mu^2 / theta
 *
 * E_y is `risingFactorial`'s. Nothing is lost towards the Poisson distribution: for theta -> infinity l = y M - mu - log y!.
 */
import { logFactorial } from "../special/log-gamma.js";
import { risingTable } from "../special/rising-factorial.js";
import { log1pMinus } from "../special/stirling.js";
import type { Family } from "./family.js";
import { linkFunction } from "./links.js";
import { rowsInLogMean } from "./positive-mean.js";
import { checkCounts } from "./response-checks.js";
import { countStart, logWithin, moments } from "./starts.js";

export const nbinom2: Family = {
  name: "nbinom2",
  links: ["log", "sqrt", "identity"],
  defaultLink: "log",
  further: ["dispersion"],
  counts: true,
  rows(response, link) {
    checkCounts(response, "nbinom2");
    const y = response.values;
    const constant = y.map((count) => -logFactorial(count));
    const rising = risingTable();
    const e = new Float64Array(4);
    return rowsInLogMean(
      ["mean", "dispersion"],
      link,
      (i, at, order, out) => {
        const logMean = at[0]!;
        const logTheta = at[1]!;
        const count = y[i]!;
        const theta = Math.exp(logTheta);
        const distance = logMean - logTheta;
        const far = Math.exp(-Math.abs(distance));
        // log(1 + mu / theta), q = mu / (theta + mu), p = 1 - q
        const soft = Math.max(distance, 0) + Math.log1p(far);
        const q = distance > 0 ? 1 / (1 + far) : far / (1 + far);
        const p = distance > 0 ? far / (1 + far) : 1 / (1 + far);
        rising.at(logTheta, count, order, e);
        // y (M - log(1 + mu / theta)) as y log(mu p), which stays finite where both are large
        out[0] = e[0]! + constant[i]! + (count === 0 ? 0 : count * (logMean - soft)) - theta * soft;
        if (order === 0) return;
        // theta (q - log(1 + mu / theta))
        const gap = theta * (q < 0.3 ? log1pMinus(-q) : q - soft);
        const pull = count * p - theta * q;
        out[1] = pull;
        out[2] = e[1]! + count * q + gap;
        if (order === 1) return;
        const weight = (count + theta) * q * p;
        out[3] = -weight;
        out[4] = q * pull;
        out[5] = e[2]! - count * q * p + gap + theta * q * q;
        if (order === 2) return;
        out[6] = -weight * (p - q);
        out[7] = q * p * (count * (p - q) - 2 * theta * q);
      },
      response.weights,
    );
  },
  start: countStart,
  furtherStart(response) {
    const { mean, variance } = moments(response.values);
    return [logWithin((mean * mean) / (variance - mean), 0.1, 10)];
  },
  dispersion: Math.exp,
  mean: (link, eta) => linkFunction(link).mean(eta),
  variance: (mean, further) => mean + mean * mean * Math.exp(-further[0]!),
  simulate(random, mean, further) {
    const theta = Math.exp(further[0]!);
    return random.poisson((random.gamma(theta) * mean) / theta);
  },
};
