/**
 * Variance inflation: how much of a term's uncertainty is due to its correlation with the other terms.
 *
 *   GVIF_t = det(R_tt) det(R_-t,-t) / det(R),    R the correlation matrix of the coefficients but the intercept
 *
 * (Fox & Monette 1992, "Generalized collinearity diagnostics", JASA 87.) For a term with one coefficient this is 1 / (1 - R_t^2), the variance
 * inflation factor; GVIF^(1 / (2 df)) is comparable between terms and to be read as a ratio of standard errors.
 */
import { diagnosticMessages, FitError } from "../messages.js";
import type { DesignMatrix } from "../models/frame/design.js";
import { cholesky } from "../models/linalg/cholesky.js";
import { equationCount } from "./equations.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type FitPart, partOf } from "./parts.js";

/** One term of a part's fixed effects. */
export interface Collinearity {
  readonly term: string;
  /** Coefficients. */
  readonly df: number;
  /** Generalized variance inflation factor, at least 1; Infinity where the term is a combination of others to working accuracy. */
  readonly gvif: number;
  /** gvif^(1 / (2 df)): by how much the term's standard errors are stretched. */
  readonly stretch: number;
  /** 1 / gvif. */
  readonly tolerance: number;
}

/** Options of `collinearity`. */
export interface CollinearityOptions {
  /** Whose coefficients: "mean" (default), "zi", "dispersion" or "scale". */
  readonly part?: Exclude<FitPart, "thresholds">;
}

/**
 * @returns one record a term, in the formula's order; none where there are fewer than two terms. R: `check_collinearity` of performance, `vif` of car
 * @throws FitError for a part that the model does not have, and for models of unordered categories
 * @example collinearity(lmm("mAch ~ meanses + ses + sector + (1 | school)", hsb)).map(({ gvif }) => gvif) // => [1.244, 1.099, 1.145]
 */
export function collinearity(fit: MixedFit, { part = "mean" }: CollinearityOptions = {}): readonly Collinearity[] {
  if (equationCount(fit) > 1) throw new FitError(diagnosticMessages.collinearityOfEquations);
  const { fixed, vcov } = partOf(fit, part);
  const design = designOf(fit, part);
  const p = fixed.length;
  const termOf = fixed.map(({ term }) => design.termOf[design.names.indexOf(term)]!);
  const kept = Array.from({ length: p }, (_, k) => k).filter((k) => termOf[k]! >= 0);
  const terms = [...new Set(kept.map((k) => termOf[k]!))];
  if (terms.length < 2) return [];
  const whole = logDeterminant(vcov, p, kept);
  return terms.map((t) => {
    const own = kept.filter((k) => termOf[k] === t);
    const others = kept.filter((k) => termOf[k] !== t);
    const gvif = Math.max(1, Math.exp(logDeterminant(vcov, p, own) + logDeterminant(vcov, p, others) - whole));
    return { term: design.terms[t]!.label, df: own.length, gvif, stretch: gvif ** (1 / (2 * own.length)), tolerance: 1 / gvif };
  });
}

function designOf(fit: MixedFit, part: FitPart): DesignMatrix {
  if (part === "mean" || !isGeneralized(fit)) return fit.frame.fixed;
  return fit.frame.further.find((own) => own.part === part)!.fixed;
}

/** log det of the correlation matrix of some of the coefficients; -Infinity where it is singular, NaN where errors are unknown. */
function logDeterminant(vcov: Float64Array, p: number, which: readonly number[]): number {
  const m = which.length;
  const r = new Float64Array(m * m);
  which.forEach((i, a) => {
    which.forEach((j, b) => {
      r[b * m + a] = vcov[j * p + i]! / Math.sqrt(vcov[i * p + i]! * vcov[j * p + j]!);
    });
  });
  if (r.some(Number.isNaN)) return Number.NaN;
  if (cholesky(r, 0, m, m) >= 0) return Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let k = 0; k < m; k++) sum += 2 * Math.log(r[k * m + k]!);
  return sum;
}
