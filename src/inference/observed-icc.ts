/**
 * Intraclass correlation of responses as they are observed: 0 and 1, counts, positive numbers, rather than of the linear predictor.
 *
 *   share_g = (C(s_g) - C(s_g - tau_g)) / Var Y,   C(s) = Cov(Y_1, Y_2 | eta) = E[h_s(z)^2] - m^2,   h_s(z) = E g^-1(eta + sqrt(s) z + sqrt(t - s) e)
 *
 * C(s) is the covariance of two rows whose predictors have random effects of variance s in common, of variance t in all: s_g counts those
 * of factor g and of every factor that contains its units, so that shares of nested factors add up to the correlation of two rows of one
 * inner unit (Goldstein, Browne & Rasbash 2002, method of simulation and its integral; de Villemereuil, Schielzeth, Nakagawa & Morrissey
 * 2016; Leckie, Browne, Goldstein, Merlo & Austin 2020 for counts, where C(s) = m^2 (exp(s) - 1)). Rows keep their own fixed part: numerator
 * and denominator are averages over the rows. Var Y = C(t) + E V(mean). A probability's variance is that of a single trial.
 */
import { FitError, robustMessages } from "../messages.js";
import type { Family } from "../models/families/family.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { rowPredictors } from "../models/generalized-predictors.js";
import type { IccRow } from "./icc-row.js";
import { rowVariances } from "./mean-term-variance.js";
import { meanOver, normalRule } from "./normal-mean.js";
import { rowLevelTerms } from "./row-level-terms.js";
import { isNested, unitsOf } from "./units.js";

/** @throws FitError for ordered and unordered categories, which have no numbers, and for zeros of their own */
export function observedIcc(fit: GeneralizedMixedFit): readonly IccRow[] {
  const { engine, link } = fit;
  const { family } = engine;
  if (family === null || fit.zeroInflation !== null || fit.family.startsWith("truncated_") || fit.dispersionModel !== null) {
    throw new FitError(robustMessages.noObservedScale(fit.family));
  }
  const { fixed } = rowPredictors(engine);
  const variances = rowVariances(fit);
  const single = rowLevelTerms(fit);
  const units = unitsOf(fit);
  const groups = units.filter(({ group }) => fit.randomTerms.some((term, k) => term.group === group && !single[k]));
  // Terms whose effects two rows of one unit share: those of the factor and of factors that contain it.
  const sharedBy = groups.map((inner) => {
    const containing = units
      .filter((outer) => outer !== inner && isNested(inner, outer) && !isNested(outer, inner))
      .map(({ group }) => group);
    const own = fit.randomTerms.map(({ group }) => group === inner.group);
    const above = fit.randomTerms.map(({ group }) => containing.includes(group));
    return { own, above };
  });
  const further = family.further.map((_, k) => fixed[1 + k]![0]!);
  const moments = momentsOf(family, link, further);
  const sums = groups.map(() => 0);
  let total = 0;
  for (let i = 0; i < fit.nobs; i++) {
    const eta = fixed[0]![i]!;
    const all = variances.reduce((sum, values) => sum + values[i]!, 0);
    const part = (flags: readonly boolean[]): number => variances.reduce((sum, values, k) => (flags[k] ? sum + values[i]! : sum), 0);
    total += moments.variance(eta, all);
    sharedBy.forEach(({ own, above }, g) => {
      const base = part(above);
      sums[g]! += moments.covariance(eta, base + part(own), all) - moments.covariance(eta, base, all);
    });
  }
  return groups.map(({ group }, g) => ({ group, variance: sums[g]! / fit.nobs, share: sums[g]! / total }));
}

interface Moments {
  /** C(s), given the fixed part and the variance of all random effects. */
  covariance(eta: number, shared: number, all: number): number;
  /** Var Y. */
  variance(eta: number, all: number): number;
}

function momentsOf(family: Family, link: GeneralizedMixedFit["link"], further: readonly number[]): Moments {
  const mean = (x: number): number => family.mean(link, x);
  const within = (x: number): number => family.variance(mean(x), further, 1);
  const covariance = (eta: number, shared: number, all: number): number => {
    if (!(shared > 0)) return 0;
    if (link === "identity") return shared;
    if (link === "log") return Math.exp(2 * eta + all) * Math.expm1(shared);
    const deviation = Math.sqrt(shared);
    const rest = Math.max(0, all - shared);
    const { nodes, weights } = normalRule(deviation);
    let first = 0;
    let second = 0;
    for (let k = 0; k < nodes.length; k++) {
      const inner = meanOver(eta + deviation * nodes[k]!, rest, mean);
      first += weights[k]! * inner;
      second += weights[k]! * inner * inner;
    }
    return second - first * first;
  };
  // Rows that are alike are many where predictors are factors.
  const known = new Map<string, number>();
  const remembered = (key: string, make: () => number): number => {
    let value = known.get(key);
    if (value === undefined) {
      value = make();
      if (known.size < 1e5) known.set(key, value);
    }
    return value;
  };
  return {
    covariance: (eta, shared, all) => remembered(`${eta} ${shared} ${all}`, () => covariance(eta, shared, all)),
    variance: (eta, all) =>
      remembered(
        `${eta} ${all}`,
        () => covariance(eta, all, all) + (link === "log" ? logVariance(family, eta, all, further) : meanOver(eta, all, within)),
      ),
  };
}

/** E V(exp x), x ~ N(eta, t), as exp(2 eta + 2 t) E V(exp x) exp(-2 x), x ~ N(eta + 2 t, t): V(m) / m^2 varies little where V(m) is large. */
function logVariance(family: Family, eta: number, all: number, further: readonly number[]): number {
  return Math.exp(2 * (eta + all)) * meanOver(eta + 2 * all, all, (x) => family.variance(Math.exp(x), further, 1) * Math.exp(-2 * x));
}
