/**
 * Type III tests of the terms, one row a term: F tests of linear models, Wald's chi-square tests of generalized and cumulative ones.
 *
 *   F = (L beta)' (L Phi L')^-1 (L beta) / rank(L),   chi^2 = rank(L) F
 *
 * The contrasts L are the same in both: invariant to the coding of the factors (type-three.ts).
 */
import { type DfMethod, refuseDegreesOfFreedom } from "./coefficients.js";
import { chiSquareUpper } from "./distributions/chi-square.js";
import { fUpper } from "./distributions/f.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { jointTest, type SatterthwaiteModel, satterthwaiteModel } from "./satterthwaite.js";
import { typeThreeHypotheses } from "./type-three.js";

export interface TermTest {
  readonly term: string;
  /** What `statistic` is; default "F". */
  readonly test?: "chi-square";
  readonly numDF: number;
  /** null with `df: "none"` (the F of infinitely many) and for chi-square tests. */
  readonly denDF: number | null;
  readonly statistic: number;
  readonly pValue: number;
}

/**
 * Terms all of whose contrasts were lost to redundant columns have no row.
 *
 * @throws FitError for degrees of freedom of a generalized or cumulative model
 * @example anova(lmm("y ~ f + (1 | g)", table))[0].term // => "f"
 */
export function anova(fit: MixedFit, options: { readonly df?: DfMethod } = {}): readonly TermTest[] {
  if (isGeneralized(fit)) {
    refuseDegreesOfFreedom(options.df);
    return chiSquareTests(fit);
  }
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

function chiSquareTests(fit: MixedFit): readonly TermTest[] {
  const model = fixedCovariance(fit);
  const estimates = fit.fixed.map(({ estimate }) => estimate);
  return typeThreeHypotheses(fit).flatMap(({ term, rows }) => {
    if (rows.length === 0) return [];
    const { numDF, statistic } = jointTest(model, rows, estimates, 1);
    const chiSquare = statistic * numDF;
    return [{ term, test: "chi-square", numDF, denDF: null, statistic: chiSquare, pValue: chiSquareUpper(chiSquare, numDF) }];
  });
}

/** The covariance alone, without what degrees of freedom need. */
function fixedCovariance({ vcov, fixed }: Pick<MixedFit, "vcov" | "fixed">): SatterthwaiteModel {
  const p = fixed.length;
  const transform = new Float64Array(p * p);
  for (let j = 0; j < p; j++) transform[j * p + j] = 1;
  return { p, phi: vcov, transform, phiDerivatives: [], parameterCovariance: new Float64Array(0) };
}
