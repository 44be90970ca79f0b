/**
 * Tests of coefficients, terms and hypotheses with robust errors, in the form that the other methods have (fixed-tests.ts).
 *
 * Linear models: t tests with Satterthwaite's degrees of freedom and HTZ's F tests (Pustejovsky & Tipton 2018), or normal tests on request.
 * Generalized and cumulative ones: normal tests.
 */
import { FitError, inferenceMessages, robustMessages } from "../messages.js";
import type { FixedEffect, LinearMixedFit } from "../models/fit.js";
import type { DfMethod } from "./df-method.js";
import type { Contrast, FixedTests } from "./fixed-tests.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type FitPart, partOf } from "./parts.js";
import { correction, robustContrast, robustCovariance } from "./robust.js";
import { clustersOf } from "./robust-clusters.js";
import { hotellingTest, waldTest } from "./robust-hotelling.js";
import { momentsOf, userTransform } from "./robust-moments.js";
import { type RobustName, type RobustOptions, robustTypeOf } from "./robust-types.js";

/** The type and the clusters that the options mean for this fit. @throws FitError as `robustCovariance` */
export function robustName(fit: MixedFit, { type, cluster }: RobustOptions): RobustName {
  const { name, count } = clustersOf(fit, cluster ?? null);
  return { type: robustTypeOf(fit.model, type), cluster: name, clusters: count };
}

/**
 * @param df default "satterthwaite" for linear models, "none" for others, which have no other
 * @throws FitError as `robustCovariance`, and for degrees of freedom that robust errors do not have
 */
export function robustTests(fit: MixedFit, robust: RobustOptions, df?: DfMethod, part: FitPart = "mean"): FixedTests {
  if (df !== undefined && df !== "none" && (isGeneralized(fit) || df !== "satterthwaite")) {
    throw new FitError(isGeneralized(fit) ? inferenceMessages.zTestsOnly(df) : robustMessages.otherDf(df));
  }
  if (isGeneralized(fit) || df === "none") return normalTests(fit, robust, part);
  return satterthwaiteTests(fit, robust);
}

function normalTests(fit: MixedFit, robust: RobustOptions, part: FitPart): FixedTests {
  const { vcov, stdErrors } = robustCovariance(fit, { ...robust, part });
  const p = stdErrors.length;
  return {
    df: "none",
    coefficients: withErrors(partOf(fit, part).fixed, stdErrors),
    contrast: (row) => {
      let variance = 0;
      for (let b = 0; b < p; b++) for (let a = 0; a < p; a++) variance += row[a]! * vcov[b * p + a]! * row[b]!;
      return { variance, df: null };
    },
    joint: (rows, deviations) => waldTest(vcov, rows.map(asArray), deviations),
  };
}

function satterthwaiteTests(fit: LinearMixedFit, robust: RobustOptions): FixedTests {
  const type = robustTypeOf(fit.model, robust.type);
  const clusters = clustersOf(fit, robust.cluster ?? null);
  const factor = correction(fit, type, clusters);
  const p = fit.fixed.length;
  const transform = userTransform(fit);
  const each = momentsOf(fit, clusters, type === "CR2");
  // K'c: contrasts of the coefficients in which M is the identity.
  const inward = (row: Contrast): Float64Array =>
    Float64Array.from({ length: p }, (_, a) => {
      let sum = 0;
      for (let j = 0; j < p; j++) sum += transform[a * p + j]! * row[j]!;
      return sum;
    });
  const contrast = (row: Contrast): { readonly variance: number; readonly df: number } => robustContrast(each, inward(row), factor);
  const unit = (j: number): Float64Array => Float64Array.from(fit.fixed, (_, k) => Number(k === j));
  return {
    df: "satterthwaite",
    coefficients: withErrors(
      fit.fixed,
      fit.fixed.map((_, j) => Math.sqrt(contrast(unit(j)).variance)),
    ),
    contrast,
    joint: (rows, deviations) => hotellingTest(each, rows.map(inward), deviations, factor),
  };
}

function withErrors(effects: readonly FixedEffect[], stdErrors: ArrayLike<number>): readonly FixedEffect[] {
  return effects.map(({ term, estimate }, j) => {
    const stdError = stdErrors[j]!;
    return { term, estimate, stdError, statistic: estimate / stdError };
  });
}

function asArray(row: Contrast): Float64Array {
  return Float64Array.from(row);
}
