/**
 * Each unit's own estimate of its random effects, from its own rows alone, with its sampling variance.
 *
 *   d_j = (Z_j' V_j^-1 Z_j)^-1 Z_j' V_j^-1 (y_j - X_j beta - offset_j),   var(d_j | effects) = (Z_j' V_j^-1 Z_j)^-1
 *
 * V_j is what varies within unit j: sigma^2 W_j^-1 plus the random effects of the factors nested in it. With two levels
 * and no weights this is ordinary least squares in each unit, sigma^2 (Z_j'Z_j)^-1 (Raudenbush & Bryk 2002, eq. 3.14,
 * 3.59); with three levels it is their eq. 8.15. Factors that cross this one leave no such estimate.
 */
import type { LinearMixedFit } from "../models/fit.js";
import { fixedResiduals } from "./fixed-residuals.js";
import { symmetricInverse } from "./small-matrix.js";
import { isNested, rowsByUnit, type Units } from "./units.js";

/** Estimates of the units that have rows enough: Z_j of full column rank. */
export interface UnitEstimates {
  /** J: index of each unit used. */
  readonly units: Int32Array;
  /** S arrays of J: deviation of the unit's own estimate from what the fixed effects predict. */
  readonly deviations: readonly Float64Array[];
  /** S arrays of J: sampling variance of it. */
  readonly variances: readonly Float64Array[];
}

/** What every unit's system is made of, over the rows used. */
interface Ingredients {
  /** 1 / (residual variance of the row). */
  readonly precision: Float64Array;
  /** Z, then the residual of the fixed part, then for each inner factor the columns Z_h factor_h, from the coarsest to the finest. */
  readonly columns: readonly (readonly Float64Array[])[];
  /** The inner factors, each nested in the one before. */
  readonly chain: readonly Units[];
}

/** The units' own estimates; null where another factor crosses this one, or factors within it cross each other. */
export function unitEstimates(fit: LinearMixedFit, units: Units, all: readonly Units[]): UnitEstimates | null {
  const { levelOf } = units;
  if (levelOf === null) return null;
  const chain = all.filter((other) => other !== units && isNested(other, units)).sort((a, b) => a.levelCount - b.levelCount);
  if (!chain.every((inner, h) => h === 0 || isNested(inner, chain[h - 1]!))) return null;
  if (!all.every((other) => other === units || chain.includes(other) || isNested(units, other))) return null;

  const size = units.effects.length;
  const ingredients: Ingredients = {
    precision: precisions(fit),
    columns: [[...units.columns, fixedResiduals(fit)], ...chain.map(scaledColumns)],
    chain,
  };
  const { start, rows } = rowsByUnit(levelOf, units.levelCount);
  const used: number[] = [];
  const deviations = units.effects.map((): number[] => []);
  const variances = units.effects.map((): number[] => []);
  for (let j = 0; j < units.levelCount; j++) {
    const system = reducedProducts(rows.subarray(start[j]!, start[j + 1]!), 0, ingredients);
    const information = new Float64Array(size * size);
    for (let b = 0; b < size; b++) information.set(system.subarray(b * (size + 1), b * (size + 1) + size), b * size);
    const variance = symmetricInverse(information, size);
    if (variance === null) continue;
    used.push(j);
    for (let a = 0; a < size; a++) {
      let d = 0;
      for (let b = 0; b < size; b++) d += variance[b * size + a]! * system[size * (size + 1) + b]!;
      deviations[a]!.push(d);
      variances[a]!.push(variance[a * size + a]!);
    }
  }
  return {
    units: Int32Array.from(used),
    deviations: deviations.map((values) => Float64Array.from(values)),
    variances: variances.map((values) => Float64Array.from(values)),
  };
}

/**
 * M'V^-1 M over some rows, M the columns of all depths down to this one and V the variance of the factors below: units of
 * one depth are independent given those above, so their products add up, each reduced by its own effects,
 *
 *   M'V^-1 M = sum over units of  A - B (I + C)^-1 B',   [A B; B' C] the products with the unit's own columns attached
 *
 * (Woodbury). The result is column-major.
 */
function reducedProducts(rows: Int32Array, depth: number, ingredients: Ingredients): Float64Array {
  const { chain, columns, precision } = ingredients;
  const m = columns.slice(0, depth + 1).reduce((sum, part) => sum + part.length, 0);
  const factor = chain[depth];
  if (factor === undefined) return products(rows, columns.flat(), precision);
  const own = columns[depth + 1]!.length;
  const wide = m + own;
  const total = new Float64Array(m * m);
  for (const unit of partition(rows, factor.levelOf!)) {
    const g = reducedProducts(unit, depth + 1, ingredients);
    const c = new Float64Array(own * own);
    for (let b = 0; b < own; b++) for (let a = 0; a < own; a++) c[b * own + a] = g[(m + b) * wide + m + a]! + (a === b ? 1 : 0);
    const inverse = symmetricInverse(c, own);
    for (let b = 0; b < m; b++) {
      for (let a = 0; a < m; a++) {
        let reduction = 0;
        if (inverse !== null) {
          for (let e = 0; e < own; e++) {
            for (let f = 0; f < own; f++) reduction += g[(m + e) * wide + a]! * inverse[f * own + e]! * g[(m + f) * wide + b]!;
          }
        }
        total[b * m + a]! += g[b * wide + a]! - reduction;
      }
    }
  }
  return total;
}

function products(rows: Int32Array, columns: readonly Float64Array[], precision: Float64Array): Float64Array {
  const m = columns.length;
  const g = new Float64Array(m * m);
  for (const i of rows) {
    for (let b = 0; b < m; b++) {
      const weighted = precision[i]! * columns[b]![i]!;
      for (let a = 0; a <= b; a++) g[b * m + a]! += weighted * columns[a]![i]!;
    }
  }
  for (let b = 0; b < m; b++) for (let a = 0; a < b; a++) g[a * m + b] = g[b * m + a]!;
  return g;
}

function partition(rows: Int32Array, levelOf: Int32Array): Int32Array[] {
  const parts = new Map<number, number[]>();
  for (const i of rows) {
    const part = parts.get(levelOf[i]!);
    if (part === undefined) parts.set(levelOf[i]!, [i]);
    else part.push(i);
  }
  return Array.from(parts.values(), (part) => Int32Array.from(part));
}

/** The columns of Z_h factor_h: an inner unit's effects in independent directions of variance 1. */
function scaledColumns({ columns, factor }: Units): Float64Array[] {
  const size = columns.length;
  return columns.map((column, b) =>
    column.map((_, i) => {
      let sum = 0;
      for (let a = b; a < size; a++) sum += columns[a]![i]! * factor[b * size + a]!;
      return sum;
    }),
  );
}

function precisions(fit: LinearMixedFit): Float64Array {
  const precision = 1 / (fit.sigma * fit.sigma);
  return fit.frame.weights === null ? new Float64Array(fit.nobs).fill(precision) : fit.frame.weights.map((weight) => weight * precision);
}
