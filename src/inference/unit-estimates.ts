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

/** Random effects of nested factors within one unit beyond which their matrix is not formed. */
const MOST_INNER_EFFECTS = 400;

/** Estimates of the units that have rows enough: Z_j of full column rank. */
export interface UnitEstimates {
  /** J: index of each unit used. */
  readonly units: Int32Array;
  /** S arrays of J: deviation of the unit's own estimate from what the fixed effects predict. */
  readonly deviations: readonly Float64Array[];
  /** S arrays of J: sampling variance of it. */
  readonly variances: readonly Float64Array[];
}

/** The units' own estimates; null where another factor crosses this one or a unit is too large for it. */
export function unitEstimates(fit: LinearMixedFit, units: Units, all: readonly Units[]): UnitEstimates | null {
  const { levelOf } = units;
  if (levelOf === null) return null;
  const inner = all.filter((other) => other !== units && isNested(other, units));
  const others = all.filter((other) => other !== units && !inner.includes(other));
  if (!others.every((outer) => isNested(units, outer))) return null;

  const size = units.effects.length;
  const residuals = fixedResiduals(fit);
  const { start, rows } = rowsByUnit(levelOf, units.levelCount);
  const used: number[] = [];
  const deviations = units.effects.map((): number[] => []);
  const variances = units.effects.map((): number[] => []);
  for (let j = 0; j < units.levelCount; j++) {
    const mine = rows.subarray(start[j]!, start[j + 1]!);
    const reduced = reducedSystem(fit, units, inner, mine, residuals);
    if (reduced === null) return null;
    const variance = symmetricInverse(reduced.information, size);
    if (variance === null) continue;
    used.push(j);
    for (let a = 0; a < size; a++) {
      let d = 0;
      for (let b = 0; b < size; b++) d += variance[b * size + a]! * reduced.score[b]!;
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

/** Z'V^-1 Z and Z'V^-1 r of one unit. Inner factors by the Woodbury identity: V = D + CC', V^-1 = D^-1 - D^-1 C (I + C'D^-1 C)^-1 C'D^-1. */
function reducedSystem(
  fit: LinearMixedFit,
  units: Units,
  inner: readonly Units[],
  rows: Int32Array,
  residuals: Float64Array,
): { readonly information: Float64Array; readonly score: Float64Array } | null {
  const size = units.effects.length;
  const weights = fit.frame.weights;
  const precision = 1 / (fit.sigma * fit.sigma);
  const information = new Float64Array(size * size);
  const score = new Float64Array(size);
  for (const i of rows) {
    const w = precision * (weights === null ? 1 : weights[i]!);
    for (let b = 0; b < size; b++) {
      const wz = w * units.columns[b]![i]!;
      score[b]! += wz * residuals[i]!;
      for (let a = 0; a < size; a++) information[b * size + a]! += wz * units.columns[a]![i]!;
    }
  }
  if (inner.length === 0) return { information, score };

  const places = inner.map((factor) => localPlaces(factor, rows));
  const offsets: number[] = [];
  let count = 0;
  inner.forEach((factor, h) => {
    offsets.push(count);
    count += places[h]!.size * factor.effects.length;
  });
  if (count > MOST_INNER_EFFECTS) return null;
  // Row i of C has entries only at the effects of its own inner units: (z_i' factor) there.
  const k = new Float64Array(count * count);
  const cross = new Float64Array(count * (size + 1));
  for (let e = 0; e < count; e++) k[e * count + e] = 1;
  const at: number[] = [];
  const value: number[] = [];
  for (const i of rows) {
    const w = precision * (weights === null ? 1 : weights[i]!);
    at.length = value.length = 0;
    inner.forEach((factor, h) => {
      const s = factor.effects.length;
      const first = offsets[h]! + places[h]!.get(factor.levelOf![i]!)! * s;
      for (let b = 0; b < s; b++) {
        let entry = 0;
        for (let a = b; a < s; a++) entry += factor.columns[a]![i]! * factor.factor[b * s + a]!;
        at.push(first + b);
        value.push(entry);
      }
    });
    for (let e = 0; e < at.length; e++) {
      const wc = w * value[e]!;
      for (let f = 0; f < at.length; f++) k[at[e]! * count + at[f]!]! += wc * value[f]!;
      for (let b = 0; b < size; b++) cross[b * count + at[e]!]! += wc * units.columns[b]![i]!;
      cross[size * count + at[e]!]! += wc * residuals[i]!;
    }
  }
  const inverse = symmetricInverse(k, count);
  if (inverse === null) return null;
  for (let b = 0; b <= size; b++) {
    for (let e = 0; e < count; e++) {
      let solved = 0;
      for (let f = 0; f < count; f++) solved += inverse[f * count + e]! * cross[b * count + f]!;
      for (let a = 0; a < size; a++) {
        if (b < size) information[b * size + a]! -= cross[a * count + e]! * solved;
        else score[a]! -= cross[a * count + e]! * solved;
      }
    }
  }
  return { information, score };
}

function localPlaces(factor: Units, rows: Int32Array): Map<number, number> {
  const places = new Map<number, number>();
  for (const i of rows) {
    const level = factor.levelOf![i]!;
    if (!places.has(level)) places.set(level, places.size);
  }
  return places;
}
