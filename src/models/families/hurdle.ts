/**
 * Counts truncated at zero, and the hurdle model that puts a Bernoulli part for zero or not before them (Mullahy 1986):
 *
 *   truncated, y > 0:  l = log f(y) - log(1 - f(0))
 *   hurdle:   y = 0:  l = log p,        y > 0:  l = log(1 - p) + log f(y) - log(1 - f(0)),         p = 1 / (1 + exp(-zeta)).
 *
 * With c = log f(0) and k = 1 / (exp(-c) - 1), -log(1 - exp(c)) has the derivatives k, k (1 + k) and k (1 + k)(1 + 2k) in c, which the
 * chain rule carries to the base's predictors (two-part.ts). Where the mean goes to zero so does c, and k grows without bound while
 * its products with the derivatives of c do not: there the latter are multiplied by k first, and the rest is
 * (1 + k) / k = exp(-c) and (1 + 2k) / k = 1 + exp(-c).
 */
import { FitError, twoPartMessages } from "../../messages.js";
import { logOneMinusExp, logOnePlusExp } from "./cumulative-cell.js";
import type { ResponseRows } from "./family.js";
import { type DerivativeOrder, derivativeLength, type RowLikelihood } from "./row-likelihood.js";
import { chainRule } from "./two-part.js";
import { bernoulli } from "./zero-inflated.js";

/** Closer to zero c has lost digits to underflow: probabilities of anything but zero below 2e-308 are outside the domain. */
const SMALLEST = 2.2250738585072014e-308;

/** Rows of a positive count for `p` predictors, the base's first. Adds to `out`. */
function positivePart(base: RowLikelihood, atZero: RowLikelihood, p: number) {
  const part = new Float64Array(derivativeLength(base.predictors.length));
  const chain = chainRule(base, p);
  return (i: number, at: Float64Array, order: DerivativeOrder, weight: number, out: Float64Array): void => {
    base.row(i, at, order, part);
    const value = part[0]!;
    chain.add(part, 1, 0, 0, weight, order, out);
    atZero.row(i, at, order, part);
    const c = part[0]!;
    if (value === Number.NEGATIVE_INFINITY || c === Number.NEGATIVE_INFINITY || c > -SMALLEST) {
      out.fill(0);
      out[0] = Number.NEGATIVE_INFINITY;
      return;
    }
    out[0] = out[0]! + weight * (value - logOneMinusExp(-c));
    const k = 1 / Math.expm1(-c);
    if (c > -1) {
      for (let place = 1; place < part.length; place++) part[place] = part[place]! * k;
      const ratio = Math.exp(-c);
      chain.add(part, 1, ratio, ratio * (1 + ratio), weight, order, out);
    } else if (k > 0) chain.add(part, k, k * (1 + k), k * (1 + k) * (1 + 2 * k), weight, order, out);
  };
}

/**
 * The rows of a count family truncated at zero; predictors and random effects are the base's.
 *
 * @param base the count family's rows at the observed counts, without prior weights: those multiply the whole row
 * @param atZero the same family's rows with every count 0, likewise without weights
 * @param response the counts, prior weights, and the names and rows that a message needs
 * @throws FitError for counts of zero, naming their rows
 */
export function truncatedRows(
  base: RowLikelihood,
  atZero: RowLikelihood,
  response: Pick<ResponseRows, "name" | "values" | "rows" | "weights">,
): RowLikelihood {
  const { name, values, rows, weights } = response;
  const zeros = Array.from(values.keys()).filter((i) => !(values[i]! > 0));
  if (zeros.length > 0) {
    throw new FitError(
      twoPartMessages.truncatedZeros(
        name,
        zeros.map((i) => rows[i]! + 1),
      ),
    );
  }
  const length = derivativeLength(base.predictors.length);
  const positive = positivePart(base, atZero, base.predictors.length);
  return {
    predictors: base.predictors,
    random: base.random,
    row(i: number, at: Float64Array, order: DerivativeOrder, out: Float64Array): void {
      out.fill(0, 0, Math.min(length, out.length));
      positive(i, at, order, weights === null ? 1 : weights[i]!, out);
    },
  };
}

/**
 * The rows of a hurdle model. Predictors: the base's, then `zero` (zeta, the logit of the probability of a zero); random effects where
 * the base has them and in `zero`. Unless random effects of the two parts are correlated they are two separate models.
 *
 * @param base the count family's rows at the observed counts, without prior weights: those multiply the whole row
 * @param atZero the same family's rows with every count 0, likewise without weights
 * @param response the counts and their prior weights
 */
export function hurdleRows(base: RowLikelihood, atZero: RowLikelihood, response: Pick<ResponseRows, "values" | "weights">): RowLikelihood {
  const { values, weights } = response;
  const zero = base.predictors.length;
  const p = zero + 1;
  const length = derivativeLength(p);
  const positive = positivePart(base, atZero, p);
  return {
    predictors: [...base.predictors, "zero"],
    random: [...base.random, zero],
    row(i: number, at: Float64Array, order: DerivativeOrder, out: Float64Array): void {
      const zeta = at[zero]!;
      const weight = weights === null ? 1 : weights[i]!;
      out.fill(0, 0, Math.min(length, out.length));
      const counted = values[i]! > 0;
      out[0] = -weight * logOnePlusExp(counted ? zeta : -zeta);
      bernoulli(zeta, counted ? 0 : 1, p, zero, weight, order, out);
      if (counted) positive(i, at, order, weight, out);
    },
  };
}
