/**
 * Type I and type II hypotheses. With X's columns in an order and X'X = R'R, the rows of R / diag(R) that belong to a term are the
 * contrasts of that term after those before it, whatever comes later (Doolittle's method; Goodnight 1980, sections 2 and 4):
 *
 *   type I    terms in the formula's order
 *   type II   first all terms that do not contain the term, then the term and those that contain it
 *
 * as in lmerTest (Kuznetsova, Brockhoff & Christensen 2017). Generalized models have no X'X of their own: the inverse of the coefficients'
 * covariance takes its place, so that the sequential chi-squares of one order add up.
 */
import { cholesky } from "../models/linalg/cholesky.js";
import { crossProducts } from "../models/linalg/cross-products.js";
import { invertLower, lowerFactor } from "../models/linalg/symmetric.js";
import { equationCount, keptTerms } from "./equations.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { containingTerms, ownHypotheses, type TermHypothesis } from "./term-hypotheses.js";

/** Each term after those before it. */
export function typeOneHypotheses(fit: MixedFit): readonly TermHypothesis[] {
  const { terms, termOf } = termsOfCoefficients(fit);
  // A multinomial model has each term once an equation: they go together.
  const order = Array.from(termOf.keys()).sort((a, b) => termOf[a]! - termOf[b]!);
  const rows = sequentialRows(rootOfInformation(fit), order, termOf.length);
  return terms.map((label, t) => ({ term: label, rows: order.flatMap((j, i) => (termOf[j] === t ? [rows[i]!] : [])) }));
}

/** Each term beside those that do not contain it. */
export function typeTwoHypotheses(fit: MixedFit): readonly TermHypothesis[] {
  const { terms, termOf } = termsOfCoefficients(fit);
  if (terms.length === 1) return typeOneHypotheses(fit);
  const containing = containingTerms(fit.frame.fixed);
  const root = rootOfInformation(fit);
  const columns = Array.from(termOf.keys());
  const own = isGeneralized(fit) ? null : ownHypotheses(fit.frame.fixed, Array.from(fit.engine.basis.kept));
  return terms.map((label, t) => {
    if (own !== null && containing[t]!.length === 0) return own[t]!;
    const late = (j: number): boolean => termOf[j] === t || containing[t]!.includes(termOf[j]!);
    const order = [
      ...columns.filter((j) => !late(j)),
      ...columns.filter((j) => termOf[j] === t),
      ...columns.filter((j) => late(j) && termOf[j] !== t),
    ];
    const rows = sequentialRows(root, order, columns.length);
    return { term: label, rows: order.flatMap((j, i) => (termOf[j] === t ? [rows[i]!] : [])) };
  });
}

/** The coefficients of each term, by the term's label. */
export function coefficientsOfTerms(fit: MixedFit): ReadonlyMap<string, readonly number[]> {
  const { terms, termOf } = termsOfCoefficients(fit);
  return new Map(terms.map((label, t) => [label, termOf.flatMap((own, j) => (own === t ? [j] : []))]));
}

/** The model's terms, and for each coefficient the term that it belongs to; -1 for the intercept. */
function termsOfCoefficients(fit: MixedFit): { readonly terms: readonly string[]; readonly termOf: readonly number[] } {
  const { terms, termOf, names } = fit.frame.fixed;
  const kept = isGeneralized(fit) ? keptTerms(fit).map((term) => names.indexOf(term)) : Array.from(fit.engine.basis.kept);
  const own = kept.map((column) => termOf[column]!);
  return { terms: terms.map(({ label }) => label), termOf: Array.from({ length: equationCount(fit) }, () => own).flat() };
}

/** A with A'A = X'X, or the inverse of the coefficients' covariance; p x p column-major. */
function rootOfInformation(fit: MixedFit): Float64Array {
  const p = fit.fixed.length;
  if (isGeneralized(fit)) {
    const factor = Float64Array.from(fit.vcov);
    cholesky(factor, 0, p, p);
    for (let c = 0; c < p; c++) factor.fill(0, c * p, c * p + c);
    return invertLower(factor, p);
  }
  const { columns, transform } = fit.engine.basis;
  const gram = crossProducts(columns, columns, fit.frame.rows.length);
  cholesky(gram, 0, p, p);
  // R T^-1, R upper triangular with R'R = X*'X*, row by row: solve r' T = row of R
  const root = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let j = i; j < p; j++) {
      let sum = gram[i * p + j]!;
      for (let k = i; k < j; k++) sum -= root[k * p + i]! * transform[j * p + k]!;
      root[j * p + i] = sum / transform[j * p + j]!;
    }
  }
  return root;
}

/** For each coefficient in the order its contrast, one entry a coefficient: the rows of R / diag(R). */
function sequentialRows(root: Float64Array, order: readonly number[], p: number): Float64Array[] {
  // L = R' from (A P)'
  const permuted = new Float64Array(p * p);
  order.forEach((column, i) => {
    for (let k = 0; k < p; k++) permuted[k * p + i] = root[column * p + k]!;
  });
  const lower = lowerFactor(permuted, p);
  return order.map((_, i) => {
    const row = new Float64Array(p);
    for (let j = i; j < p; j++) row[order[j]!] = lower[i * p + j]! / lower[i * p + i]!;
    return row;
  });
}
