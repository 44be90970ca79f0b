/**
 * One way to test coefficients, terms and hypotheses, whatever the method of degrees of freedom: the covariance that the method takes, and
 * the degrees of freedom of one contrast and of several together.
 *
 *   t = (c'beta - d) / sqrt(c'Phi c),   F = (L beta - d)' (L Phi L')^-1 (L beta - d) / rank(L)
 *
 * Phi is Kenward & Roger's adjusted matrix with their method (F scaled as they have it), the estimated one with the others. Counted degrees
 * of freedom belong to coefficients: a hypothesis takes the least among those of its coefficients, as SAS does.
 */
import { FitError, inferenceMessages } from "../messages.js";
import type { FixedEffect, LinearMixedFit } from "../models/fit.js";
import { normalQuantile, normalUpper } from "../models/special/normal.js";
import { countedDf } from "./degrees-of-freedom.js";
import type { DfMethod } from "./df-method.js";
import { chiSquareUpper } from "./distributions/chi-square.js";
import { fUpper } from "./distributions/f.js";
import { studentTQuantile, studentTTwoSided, studentTUpper } from "./distributions/student-t.js";
import { kenwardRogerContrast, kenwardRogerModel, kenwardRogerTest } from "./kenward-roger.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type FitPart, partOf } from "./parts.js";
import { contrastDf, jointTest, type SatterthwaiteModel, satterthwaiteModel } from "./satterthwaite.js";

/** A contrast of p coefficients. */
export type Contrast = ArrayLike<number>;

/** Several contrasts together: F with `denDF`; with null the chi-square of `numDF * statistic`. */
export interface JointTest {
  /** The number of independent contrasts. */
  readonly numDF: number;
  readonly denDF: number | null;
  /** F. */
  readonly statistic: number;
}

/** How the coefficients of a fit are tested. */
export interface FixedTests {
  readonly df: DfMethod;
  /** p. */
  readonly coefficients: readonly FixedEffect[];
  /** Variance of c'beta in the data's units and degrees of freedom, null for a normal test. */
  readonly contrast: (row: Contrast) => { readonly variance: number; readonly df: number | null };
  /** @param deviations L beta - d, one a row; dependent rows count once */
  readonly joint: (rows: readonly Contrast[], deviations: ArrayLike<number>) => JointTest;
}

/**
 * @param df default: satterthwaite for linear models, none (z and chi-square tests) for others
 * @throws FitError for degrees of freedom of a generalized or cumulative model, and where the method is not for this fit
 * @example fixedTests(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy), "kenward-roger").contrast([0, 1]).df // => 17
 */
export function fixedTests(fit: MixedFit, df?: DfMethod, part: FitPart = "mean"): FixedTests {
  if (isGeneralized(fit)) {
    refuseDegreesOfFreedom(df);
    const { fixed, vcov } = partOf(fit, part);
    return plainTests(fixed, vcov, "none", () => null);
  }
  const method = df ?? "satterthwaite";
  const { fixed } = partOf(fit, part);
  switch (method) {
    case "none":
      return plainTests(fixed, fit.vcov, method, () => null);
    case "satterthwaite":
      return satterthwaiteTests(fit);
    case "kenward-roger": {
      const model = kenwardRogerModel(fit);
      return {
        df: method,
        coefficients: fixed,
        contrast: (row) => kenwardRogerContrast(model, row),
        joint: (rows, deviations) => kenwardRogerTest(model, rows, deviations),
      };
    }
    default: {
      const counted = countedDf(fit, method);
      return plainTests(fixed, fit.vcov, method, (rows) => Math.min(...counted.filter((_, j) => rows.some((row) => row[j] !== 0))));
    }
  }
}

/** @throws FitError for a method of degrees of freedom, which only linear models have */
export function refuseDegreesOfFreedom(df: DfMethod | undefined): void {
  if (df !== undefined && df !== "none") throw new FitError(inferenceMessages.zTestsOnly(df));
}

function satterthwaiteTests(fit: LinearMixedFit): FixedTests {
  const model = satterthwaiteModel(fit);
  const { scale } = fit.engine.response;
  return {
    df: "satterthwaite",
    coefficients: fit.fixed,
    contrast: (row) => {
      const { variance, df } = contrastDf(model, row);
      return { variance: variance * scale * scale, df };
    },
    joint: (rows, deviations) => jointTest(model, rows, deviations, scale),
  };
}

function plainTests(
  coefficients: readonly FixedEffect[],
  vcov: Float64Array,
  df: DfMethod,
  dfOf: (rows: readonly Contrast[]) => number | null,
): FixedTests {
  const p = coefficients.length;
  const transform = new Float64Array(p * p);
  for (let j = 0; j < p; j++) transform[j * p + j] = 1;
  // A coefficient that runs off has no variance: what does not involve it is tested as if it were known.
  const unknown = (rows: readonly Contrast[]): boolean =>
    coefficients.some(({ stdError }, j) => Number.isNaN(stdError) && rows.some((row) => row[j] !== 0));
  const phi = vcov.map((value) => (Number.isNaN(value) ? 0 : value));
  const model: SatterthwaiteModel = { p, phi, transform, phiDerivatives: [], parameterCovariance: new Float64Array(0) };
  return {
    df,
    coefficients,
    contrast: (row) => ({ variance: unknown([row]) ? Number.NaN : contrastDf(model, row).variance, df: dfOf([row]) }),
    joint: (rows, deviations) =>
      unknown(rows)
        ? { numDF: rows.length, denDF: dfOf(rows), statistic: Number.NaN }
        : { ...jointTest(model, rows, deviations, 1), denDF: dfOf(rows) },
  };
}

/** Two-sided p value of t; of z where there are no degrees of freedom, and NaN where they are used up. */
export function twoSidedP(statistic: number, df: number | null): number {
  return df === null ? 2 * normalUpper(Math.abs(statistic)) : df > 0 ? studentTTwoSided(statistic, df) : Number.NaN;
}

/** P(T > t), or of z. */
export function upperP(statistic: number, df: number | null): number {
  return df === null ? normalUpper(statistic) : df > 0 ? studentTUpper(statistic, df) : Number.NaN;
}

/** The t, or z, above which a share `tail` lies. */
export function upperQuantile(tail: number, df: number | null): number {
  return df === null ? normalQuantile(tail, "upper") : df > 0 ? studentTQuantile(tail, df, "upper") : Number.NaN;
}

/** The p value of a joint test. */
export function jointP({ numDF, denDF, statistic }: JointTest): number {
  if (denDF === null) return chiSquareUpper(statistic * numDF, numDF);
  return denDF > 0 ? fUpper(statistic, numDF, denDF) : Number.NaN;
}

/** @throws FitError for a level outside (0, 1) */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new FitError(inferenceMessages.badLevel(level));
}
