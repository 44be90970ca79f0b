/**
 * Zero-inflated counts (Lambert 1992): a count is zero for certain with probability p, else it comes from a base family f,
 *
 *   y > 0:  l = log(1 - p) + log f(y),        y = 0:  l = log( p + (1 - p) f(0) ),        p = 1 / (1 + exp(-zeta)).
 *
 * With c = log f(0) as a function of the base's predictors and omega = 1 / (1 + exp(zeta - c)), the probability that a zero is the
 * base's, k = omega (1 - omega) and k' = k (1 - 2 omega), the l of a zero is log(exp(zeta) + exp(c)) - log(1 + exp(zeta)) and has
 *
 *   dl/dc = omega,    d2l/dc2 = k,    d3l/dc3 = k',     from which the chain rule gives the base's predictors (two-part.ts), and
 *   l_zeta = 1 - omega - p,          l_a,zeta = -k c_a,                  l_zeta,zeta = k - p (1 - p),
 *   l_ab,zeta = -k c_ab - k' c_a c_b,     l_a,zeta,zeta = k' c_a,        l_zeta,zeta,zeta = -k' - p (1 - p) (1 - 2 p).
 */
import { logOnePlusExp } from "./cumulative-cell.js";
import type { ResponseRows } from "./family.js";
import { logistic } from "./links.js";
import { type DerivativeOrder, derivativeLength, firstAt, type RowLikelihood, secondAt, thirdAt } from "./row-likelihood.js";
import { chainRule } from "./two-part.js";

/**
 * The rows of a zero-inflated model. Predictors: the base's, then `zero` (zeta, the logit of the zero probability); random effects where
 * the base has them and in `zero`.
 *
 * @param base the base family's rows at the observed counts, without prior weights: those multiply the mixture, not its parts
 * @param atZero the same family's rows with every count 0, likewise without weights
 * @param response the counts and their prior weights
 */
export function zeroInflatedRows(
  base: RowLikelihood,
  atZero: RowLikelihood,
  response: Pick<ResponseRows, "values" | "weights">,
): RowLikelihood {
  const { values, weights } = response;
  const q = base.predictors.length;
  const zero = q;
  const p = q + 1;
  const length = derivativeLength(p);
  const part = new Float64Array(derivativeLength(q));
  const chain = chainRule(base, p);

  /** log( p + (1 - p) exp(c) ), c <= 0. */
  function logZero(zeta: number, c: number): number {
    if (c > -Math.LN2) return Math.log1p(logistic(-zeta) * Math.expm1(c));
    // The larger exponents are set against each other before the small terms are added.
    const larger = Math.max(zeta, c) - Math.max(zeta, 0);
    return larger + Math.log1p(Math.exp(-Math.abs(zeta - c))) - Math.log1p(Math.exp(-Math.abs(zeta)));
  }

  function zeroRow(zeta: number, order: DerivativeOrder, weight: number, out: Float64Array): void {
    const c = part[0]!;
    out[0] = weight * logZero(zeta, c);
    if (order === 0) return;
    const omega = logistic(c - zeta);
    const certain = logistic(zeta - c);
    const k = omega * certain;
    const k1 = k * (certain - omega);
    const probability = logistic(zeta);
    const rest = logistic(-zeta);
    const variance = probability * rest;
    // With omega zero the base's derivatives, however large, do not count.
    if (omega > 0) chain.add(part, omega, k, k1, weight, order, out);
    out[firstAt(zero)] = -weight * certain * rest * Math.expm1(c);
    if (order === 1) return;
    out[secondAt(p, zero, zero)] = weight * (k - variance);
    if (order > 2) out[thirdAt(p, zero, zero, zero)] = -weight * (k1 + variance * (rest - probability));
    if (omega === 0) return;
    for (let b = 0; b < q; b++) {
      const cb = part[firstAt(b)]!;
      out[secondAt(p, b, zero)] = -weight * k * cb;
      if (order === 2) continue;
      out[thirdAt(p, b, zero, zero)] = weight * k1 * cb;
      for (let a = 0; a <= b; a++) {
        out[thirdAt(p, a, b, zero)] = -weight * (k * part[secondAt(q, a, b)]! + k1 * part[firstAt(a)]! * cb);
      }
    }
  }

  return {
    predictors: [...base.predictors, "zero"],
    random: [...base.random, zero],
    row(i: number, at: Float64Array, order: DerivativeOrder, out: Float64Array): void {
      const zeta = at[zero]!;
      const weight = weights === null ? 1 : weights[i]!;
      const positive = values[i]! > 0;
      (positive ? base : atZero).row(i, at, order, part);
      out.fill(0, 0, Math.min(length, out.length));
      if (part[0] === Number.NEGATIVE_INFINITY) {
        out[0] = Number.NEGATIVE_INFINITY;
        return;
      }
      if (!positive) {
        zeroRow(zeta, order, weight, out);
        return;
      }
      out[0] = weight * (part[0]! - logOnePlusExp(zeta));
      chain.add(part, 1, 0, 0, weight, order, out);
      bernoulli(zeta, 0, p, zero, weight, order, out);
    },
  };
}

/** Adds the derivatives of y log p + (1 - y) log(1 - p), y 0 or 1, in zeta = logit p, the last of `p` predictors; not its value. */
export function bernoulli(
  zeta: number,
  y: 0 | 1,
  p: number,
  zero: number,
  weight: number,
  order: DerivativeOrder,
  out: Float64Array,
): void {
  if (order === 0) return;
  const probability = logistic(zeta);
  const rest = logistic(-zeta);
  out[firstAt(zero)] = weight * (y === 1 ? rest : -probability);
  if (order > 1) out[secondAt(p, zero, zero)] = -weight * probability * rest;
  if (order > 2) out[thirdAt(p, zero, zero, zero)] = -weight * probability * rest * (rest - probability);
}
