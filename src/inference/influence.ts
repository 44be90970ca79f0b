/**
 * Influence: what the fixed effects would be without a row, or without all rows of a unit, the variance parameters held at their estimates.
 *
 *   DFBETA_j = beta_j - beta_j(i),   DFBETAS_j = DFBETA_j / se(beta_j),   D_i = (beta - beta(i))' vcov^-1 (beta - beta(i)) / p
 *
 * (Cook 1977; Belsley, Kuh & Welsch 1980; for mixed models Christensen, Pearson & Johnson 1992, Technometrics 34, and Demidenko & Stukel
 * 2005.) Nothing is fitted again: row-deletion.ts and unit-deletion.ts. In linear models the numbers are those of generalized least squares
 * without the rows; in generalized and cumulative models those of one step towards the fit without them (Pregibon 1981).
 */
import { diagnosticMessages, FitError } from "../messages.js";
import { type SolvableSystem, solvableSystem } from "./leverage.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { rowDeletions } from "./row-deletion.js";
import { symmetricInverse } from "./small-matrix.js";
import { unitDeletions } from "./unit-deletion.js";

/** Options of `influence`. */
export interface InfluenceOptions {
  /** A grouping factor of the fit (`fit.groups`): its units are left out one by one. Default: the rows are. */
  readonly by?: string;
}

/** Influence of rows (arrays of the table's length, NaN where a row was not used) or of units (in the order of `units`). */
export interface Influence {
  /** The grouping factor; null for rows. */
  readonly by: string | null;
  /** Names of the units; null for rows. */
  readonly units: readonly string[] | null;
  /** p, the fixed effects. */
  readonly terms: readonly string[];
  /** D: how far the estimates move, on average over the coefficients and in squared standard errors. NaN where the rest of the rows does not determine them. */
  readonly cooksDistance: Float64Array;
  /** By term: change of the estimate that the row or unit makes, in the term's units. */
  readonly dfbeta: readonly Float64Array[];
  /** By term: the same in standard errors of the estimate from all rows. */
  readonly dfbetas: readonly Float64Array[];
  /** True in linear models: the change is exact; false: it is one step of Newton's method. */
  readonly exact: boolean;
}

/**
 * What every row, or every unit of a grouping factor, does to the fixed effects.
 *
 * R: HLMdiag's `cooks.distance` and `mdffits`; `influence` of lme4 estimates the variance parameters again, at the price of a fit a unit, and
 * lme4's `cooks.distance(fit)` measures another thing, what a row does to the fitted values (random effects included):
 * leverage h / (1 - h)^2 times the squared Pearson residual by p.
 *
 * @throws FitError for an unknown grouping factor, for a model without fixed effects, and where a generalized model's equations are singular
 * @example
 * const byUnit = influence(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy), { by: "Subject" });
 * byUnit.units[0]; // => "308"
 * byUnit.cooksDistance[0]; // => 0.0924
 */
export function influence(fit: MixedFit, { by }: InfluenceOptions = {}): Influence {
  const p = fit.fixed.length;
  if (p === 0) throw new FitError(diagnosticMessages.noFixedEffects("Influence"));
  const unit = by === undefined ? null : unitRows(fit, by);
  const system = solvableSystem(fit);
  const changes = unit === null ? rowDeletions(system) : unitDeletions(system, unit.rows);
  const count = unit === null ? fit.nobs : unit.rows.length;
  const places = unit === null ? fit.frame.rows : null;
  const length = unit === null ? fit.frame.tableRowCount : count;
  return {
    by: by ?? null,
    units: unit === null ? null : unit.names,
    terms: fit.fixed.map(({ term }) => term),
    ...measures(fit, system, changes, count, places, length),
    exact: !isGeneralized(fit),
  };
}

/** @param places where the n rows used stand in the table; null for units */
function measures(
  fit: MixedFit,
  { psiCount, transform }: SolvableSystem,
  changes: Float64Array,
  count: number,
  places: Int32Array | null,
  length: number,
): Pick<Influence, "cooksDistance" | "dfbeta" | "dfbetas"> {
  const p = fit.fixed.length;
  const precision = symmetricInverse(fit.vcov, p);
  const empty = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  const dfbeta = fit.fixed.map(empty);
  const dfbetas = fit.fixed.map(empty);
  const cooksDistance = empty();
  const change = new Float64Array(p);
  for (let i = 0; i < count; i++) {
    const to = places === null ? i : places[i]!;
    for (let k = 0; k < p; k++) {
      let sum = 0;
      for (let j = 0; j < psiCount; j++) sum += transform[k * psiCount + j]! * changes[i * psiCount + j]!;
      change[k] = sum;
      dfbeta[k]![to] = sum;
      dfbetas[k]![to] = sum / fit.fixed[k]!.stdError;
    }
    if (precision === null) continue;
    let distance = 0;
    for (let b = 0; b < p; b++) for (let a = 0; a < p; a++) distance += change[a]! * precision[b * p + a]! * change[b]!;
    cooksDistance[to] = distance / p;
  }
  return { cooksDistance, dfbeta, dfbetas };
}

/** The rows of each unit of a grouping factor; of multiple membership those in which it has a part. */
function unitRows(fit: MixedFit, by: string): { readonly names: readonly string[]; readonly rows: readonly Int32Array[] } {
  const frames = [...fit.frame.random, ...fit.frame.further.flatMap(({ random }) => random)];
  const frame = frames.find(({ group }) => group === by);
  if (frame === undefined) {
    throw new FitError(
      diagnosticMessages.unknownGroup(
        by,
        fit.groups.map(({ name }) => name),
      ),
    );
  }
  const n = fit.nobs;
  const rows = frame.levels.map((): number[] => []);
  const { membership, levelOf } = frame;
  for (let i = 0; i < n; i++) {
    if (membership === null) rows[levelOf[i]!]!.push(i);
    else {
      const own = new Set<number>();
      for (let m = 0; m < membership.count; m++) {
        const level = membership.levelOf[m * n + i]!;
        if (level >= 0 && membership.weights[m * n + i] !== 0) own.add(level);
      }
      for (const level of own) rows[level]!.push(i);
    }
  }
  return { names: frame.levels, rows: rows.map((list) => Int32Array.from(list)) };
}
