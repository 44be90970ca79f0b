/**
 * HLM's chi-square test of a variance component: do the units' coefficients vary more than their sampling error?
 *
 *   chi^2 = sum over units of d_qj^2 / v_qqj,   d.f. = units used - predictors of the coefficient (its mean included)
 *
 * d_qj is the deviation of unit j's own estimate from what the unit-level model predicts and v_qqj its sampling variance
 * (Raudenbush & Bryk 2002, eq. 3.103). Where a coarser factor has a random effect of the same name, units are compared
 * with their cluster's precision-weighted mean, which costs a degree of freedom a cluster.
 */
import { inferenceMessages } from "../messages.js";
import { chiSquareUpper } from "./distributions/chi-square.js";
import { linearOnly } from "./linear-only.js";
import type { MixedFit } from "./mixed-fit.js";
import { unitEstimates } from "./unit-estimates.js";
import { fixedColumns, isNested, isUnitMultiple, type Units, unitsOf } from "./units.js";

/** The test of one variance component. */
export interface VarianceTest {
  readonly group: string;
  readonly term: string;
  readonly statistic: number;
  readonly df: number;
  readonly pValue: number;
}

/**
 * Chi-square tests of the variance components of factors that cross no other; components without a degree of freedom are left out.
 *
 * @throws FitError for a generalized or cumulative model
 * @example varianceTests(lmm("mAch ~ 1 + (1 | school)", hsb)) // => [{ group: "school", term: "(Intercept)", statistic: 1660.23, df: 159, pValue: 0 }]
 */
export function varianceTests(fit: MixedFit): readonly VarianceTest[] {
  linearOnly(fit, "The chi-square test of a variance component", inferenceMessages.noVarianceTest);
  const all = unitsOf(fit);
  const columns = fixedColumns(fit);
  return all.flatMap((units) => {
    const estimates = unitEstimates(fit, units, all);
    if (estimates === null) return [];
    return units.effects.flatMap((term, q) => {
      const cluster = all.find((outer) => outer !== units && isNested(units, outer) && outer.effects.includes(term)) ?? null;
      const { deviations, clusters } = withinClusters(estimates.deviations[q]!, estimates.variances[q]!, estimates.units, units, cluster);
      const z = units.columns[q]!;
      const predictors = columns.filter(
        (x) =>
          isUnitMultiple(x, z, units.levelOf!, units.levelCount) &&
          (cluster === null || !isUnitMultiple(x, z, cluster.levelOf!, cluster.levelCount)),
      ).length;
      const df = estimates.units.length - clusters - predictors;
      if (df < 1) return [];
      const statistic = deviations.reduce((sum, d, j) => sum + (d * d) / estimates.variances[q]![j]!, 0);
      return [{ group: units.group, term, statistic, df, pValue: chiSquareUpper(statistic, df) }];
    });
  });
}

function withinClusters(
  deviations: Float64Array,
  variances: Float64Array,
  used: Int32Array,
  units: Units,
  cluster: Units | null,
): { readonly deviations: Float64Array; readonly clusters: number } {
  if (cluster === null) return { deviations, clusters: 0 };
  const clusterOfUnit = new Int32Array(units.levelCount);
  units.levelOf!.forEach((unit, i) => {
    clusterOfUnit[unit] = cluster.levelOf![i]!;
  });
  const weight = new Float64Array(cluster.levelCount);
  const sum = new Float64Array(cluster.levelCount);
  used.forEach((unit, j) => {
    weight[clusterOfUnit[unit]!]! += 1 / variances[j]!;
    sum[clusterOfUnit[unit]!]! += deviations[j]! / variances[j]!;
  });
  const home = Array.from(used, (unit) => clusterOfUnit[unit]!);
  return { deviations: deviations.map((d, j) => d - sum[home[j]!]! / weight[home[j]!]!), clusters: new Set(home).size };
}
