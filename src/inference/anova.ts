/**
 * Type III F tests of the terms, one row a term.
 *
 *   F = (L beta)' (L Phi L')^-1 (L beta) / rank(L)
 */
import type { LinearMixedFit } from "../models/fit.js";
import type { DfMethod } from "./coefficients.js";
import { chiSquareUpper } from "./distributions/chi-square.js";
import { fUpper } from "./distributions/f.js";
import { jointTest, type SatterthwaiteModel, satterthwaiteModel } from "./satterthwaite.js";
import { typeThreeHypotheses } from "./type-three.js";

export interface TermTest {
  readonly term: string;
  readonly numDF: number;
  /** null with `df: "none"`: then the test is the chi-square one. */
  readonly denDF: number | null;
  readonly statistic: number;
  readonly pValue: number;
}

/**
 * Terms all of whose contrasts were lost to redundant columns have no row.
 *
 * @example anova(lmm("y ~ f + (1 | g)", table))[0].term // => "f"
 */
export function anova(fit: LinearMixedFit, options: { readonly df?: DfMethod } = {}): readonly TermTest[] {
  const method = options.df ?? "satterthwaite";
  const model = method === "satterthwaite" ? satterthwaiteModel(fit) : fixedCovariance(fit);
  const scale = method === "satterthwaite" ? fit.engine.response.scale : 1;
  const estimates = fit.fixed.map(({ estimate }) => estimate);
  return typeThreeHypotheses(fit).flatMap(({ term, rows }) => {
    if (rows.length === 0) return [];
    const test = jointTest(model, rows, estimates, scale);
    const denDF = method === "satterthwaite" ? test.denDF : method === "residual" ? fit.nobs - estimates.length : null;
    const pValue = denDF === null ? chiSquareUpper(test.statistic * test.numDF, test.numDF) : fUpper(test.statistic, test.numDF, denDF);
    return [{ term, numDF: test.numDF, denDF, statistic: test.statistic, pValue }];
  });
}

/** The covariance alone, without what degrees of freedom need. */
function fixedCovariance({ vcov, fixed }: LinearMixedFit): SatterthwaiteModel {
  const p = fixed.length;
  const transform = new Float64Array(p * p);
  for (let j = 0; j < p; j++) transform[j * p + j] = 1;
  return { p, phi: vcov, transform, phiDerivatives: [], parameterCovariance: new Float64Array(0) };
}
