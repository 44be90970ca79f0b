/**
 * The chain rule for responses in two parts, whose rows are functions of a base family's log-likelihood c(x_0, ..., x_{q-1}): for h(c),
 *
 *   h_a = h' c_a,    h_ab = h' c_ab + h'' c_a c_b,    h_abc = h' c_abc + h'' (c_ab c_c + c_ac c_b + c_bc c_a) + h''' c_a c_b c_c.
 */
import { type DerivativeOrder, firstAt, type RowLikelihood, secondAt, thirdAt } from "./row-likelihood.js";

/** Writes derivatives of h(c) in the base's predictors. */
export interface ChainRule {
  /**
   * Adds weight h(c)'s derivatives to `out`, which is laid out for `p` predictors, the base's first; out[0] is left alone.
   * @param part c and its derivatives, laid out for the base's predictors
   */
  add(part: Float64Array, h1: number, h2: number, h3: number, weight: number, order: DerivativeOrder, out: Float64Array): void;
}

/**
 * @param base the family whose derivatives are taken; its third ones are there where two of the three predictors are in `base.random`
 * @param p predictors of the result, at least those of the base
 */
export function chainRule(base: RowLikelihood, p: number): ChainRule {
  const q = base.predictors.length;
  const random = new Set(base.random);
  const triples: (readonly [number, number, number])[] = [];
  for (let c = 0; c < q; c++) {
    for (let b = 0; b <= c; b++) {
      for (let a = 0; a <= b; a++) {
        if ([a, b, c].filter((x) => random.has(x)).length >= 2) triples.push([a, b, c]);
      }
    }
  }
  return {
    add(part, h1, h2, h3, weight, order, out) {
      if (order === 0) return;
      for (let a = 0; a < q; a++) out[firstAt(a)] = out[firstAt(a)]! + weight * h1 * part[firstAt(a)]!;
      if (order === 1) return;
      for (let b = 0; b < q; b++) {
        for (let a = 0; a <= b; a++) {
          const place = secondAt(p, a, b);
          out[place] = out[place]! + weight * (h1 * part[secondAt(q, a, b)]! + h2 * part[firstAt(a)]! * part[firstAt(b)]!);
        }
      }
      if (order === 2) return;
      for (const [a, b, c] of triples) {
        const ca = part[firstAt(a)]!;
        const cb = part[firstAt(b)]!;
        const cc = part[firstAt(c)]!;
        const mixed = part[secondAt(q, a, b)]! * cc + part[secondAt(q, a, c)]! * cb + part[secondAt(q, b, c)]! * ca;
        const place = thirdAt(p, a, b, c);
        out[place] = out[place]! + weight * (h1 * part[thirdAt(q, a, b, c)]! + h2 * mixed + h3 * ca * cb * cc);
      }
    },
  };
}
