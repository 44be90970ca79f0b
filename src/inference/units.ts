/**
 * The grouping factors of a fit as sets of units: which rows belong to which unit, all the random effects of a factor
 * side by side, and which factor's units lie within which other's.
 *
 * Several random terms on one factor (`(1 | g) + (0 + x | g)`) are one set of units whose effects have the
 * block-diagonal covariance matrix of the terms.
 */
import { keptTerms } from "./equations.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/** The units of one grouping factor and their random effects. */
export interface Units {
  readonly group: string;
  readonly levelCount: number;
  /** n: the unit of each row used; null for multiple membership, where a row has several. */
  readonly levelOf: Int32Array | null;
  /** S names, over all terms of the factor. */
  readonly effects: readonly string[];
  /** S columns over the n rows used. */
  readonly columns: readonly Float64Array[];
  /** S x S column-major: covariance matrix of a unit's effects. */
  readonly covariance: Float64Array;
  /** S x S column-major, lower triangular: `factor factor' = covariance`. */
  readonly factor: Float64Array;
}

/** The grouping factors of a fit, in the order in which the formula names them. */
export function unitsOf(fit: MixedFit): readonly Units[] {
  const names = [...new Set(fit.randomTerms.map((term) => term.group))];
  // Covariance factors of linear models are relative to the residual standard deviation.
  const scale = isGeneralized(fit) ? 1 : fit.sigma;
  return names.map((group) => {
    const terms = fit.randomTerms.filter((term) => term.group === group);
    const frames = terms.map((term) => fit.frame.random[term.index]!);
    const count = terms.reduce((sum, term) => sum + term.effects.length, 0);
    const covariance = new Float64Array(count * count);
    const factor = new Float64Array(count * count);
    let at = 0;
    for (const term of terms) {
      const size = term.effects.length;
      for (let b = 0; b < size; b++) {
        for (let a = 0; a < size; a++) {
          covariance[(at + b) * count + at + a] = term.sigma[b * size + a]!;
          factor[(at + b) * count + at + a] = scale * term.lambda[b * size + a]!;
        }
      }
      at += size;
    }
    return {
      group,
      levelCount: frames[0]!.levels.length,
      levelOf: frames.some((frame) => frame.membership !== null) ? null : frames[0]!.levelOf,
      effects: terms.flatMap((term) => term.effects),
      columns: frames.flatMap((frame) => frame.effects.names.map((_, s) => column(frame.effects.values, fit.nobs, s))),
      covariance,
      factor,
    };
  });
}

/** Whether every unit of `inner` lies within one unit of `outer`. A factor lies within itself. */
export function isNested(inner: Units, outer: Units): boolean {
  if (inner === outer) return true;
  if (inner.levelOf === null || outer.levelOf === null || inner.levelCount < outer.levelCount) return false;
  const home = new Int32Array(inner.levelCount).fill(-1);
  for (let i = 0; i < inner.levelOf.length; i++) {
    const unit = inner.levelOf[i]!;
    const cluster = outer.levelOf[i]!;
    if (home[unit] === -1) home[unit] = cluster;
    else if (home[unit] !== cluster) return false;
  }
  return true;
}

/** The factor within whose units all other factors' units lie; null where factors cross or there is multiple membership. */
export function topLevel(units: readonly Units[]): Units | null {
  return units.find((outer) => outer.levelOf !== null && units.every((inner) => isNested(inner, outer))) ?? null;
}

/** The rows of each unit: `rows[start[j]] ... rows[start[j + 1] - 1]` are those of unit j, in increasing order. */
export function rowsByUnit(levelOf: Int32Array, levelCount: number): { readonly start: Int32Array; readonly rows: Int32Array } {
  const start = new Int32Array(levelCount + 1);
  for (const level of levelOf) start[level + 1]!++;
  for (let j = 0; j < levelCount; j++) start[j + 1]! += start[j]!;
  const next = start.slice(0, levelCount);
  const rows = new Int32Array(levelOf.length);
  for (let i = 0; i < levelOf.length; i++) rows[next[levelOf[i]!]!++] = i;
  return { start, rows };
}

/**
 * Whether `x` is, within each unit, a multiple of `z`: x_ij = w_j z_ij. Then x is a predictor of the units' coefficient
 * of z (with z = 1: x is constant within units).
 */
export function isUnitMultiple(x: Float64Array, z: Float64Array, levelOf: Int32Array, levelCount: number): boolean {
  const ratio = new Float64Array(levelCount).fill(Number.NaN);
  for (let i = 0; i < x.length; i++) {
    if (z[i] === 0) {
      if (x[i] !== 0) return false;
      continue;
    }
    const w = x[i]! / z[i]!;
    const unit = levelOf[i]!;
    if (Number.isNaN(ratio[unit]!)) ratio[unit] = w;
    else if (Math.abs(w - ratio[unit]!) > 1e-9 * Math.max(Math.abs(w), Math.abs(ratio[unit]!))) return false;
  }
  return true;
}

/** The columns of the fixed model matrix that were estimated, in the order of `fit.fixed`; in multinomial models those of one equation. */
export function fixedColumns(fit: MixedFit): readonly Float64Array[] {
  const { names, values, rowCount } = fit.frame.fixed;
  const kept = keptTerms(fit);
  let k = 0;
  const columns: Float64Array[] = [];
  for (let j = 0; j < names.length && k < kept.length; j++) {
    if (names[j] !== kept[k]) continue;
    columns.push(column(values, rowCount, j));
    k++;
  }
  return columns;
}

function column(values: Float64Array, rowCount: number, j: number): Float64Array {
  return values.subarray(j * rowCount, (j + 1) * rowCount);
}
