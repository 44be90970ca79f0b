/**
 * The units of random terms: the levels of a factor, of a product of factors (`a:b`), or of several columns at once with
 * weights (`mm(t1, t2)`: multiple membership; Browne, Goldstein & Rasbash 2001).
 *
 * Levels that do not occur are dropped. A row of a multiple membership may lack some members; the default weight is 1 over the
 * number of those present, given weights are taken as they are. A unit named twice in a row has both weights.
 */

import type { Grouping } from "../formula/ast.js";
import { factorFromLogical, factorFromNumbers, recoded, unionOfLevels, withoutUnusedLevels } from "./factors.js";
import type { RandomFrame } from "./frame.js";
import { productCodes } from "./products.js";
import type { RememberedUnits } from "./recipe.js";
import type { ColumnValue, FactorValue } from "./values.js";

/** The units and the unit of each row. */
export interface Units {
  readonly levels: readonly string[];
  readonly levelOf: Int32Array;
  readonly membership: RandomFrame["membership"];
  readonly remembered: RememberedUnits;
}

/**
 * What tells sets of units apart: the label and the texts of the variables, since a column named `b:a` and the product of
 * b and a have one label, and memberships may differ in their weights only.
 */
export function unitsKey(group: Grouping): string {
  const variables = group.kind === "factor" ? group.variables : [...group.members, ...(group.weights ?? [])];
  return JSON.stringify([group.kind, group.label, ...variables.map(({ text }) => text)]);
}

/** A grouping variable as a factor: numbers in numeric order. A matrix cannot group (refused before). */
export function groupingFactor(value: ColumnValue): FactorValue {
  switch (value.kind) {
    case "factor":
      return value;
    case "numeric":
      return factorFromNumbers(value.values);
    case "logical":
      return factorFromLogical(value.values);
    case "matrix":
      throw new TypeError("A matrix cannot group rows.");
  }
}

/** The units of `a` or `a:b:...`. @param values one a variable, over the rows used, none missing */
export function factorUnits(group: Grouping, values: readonly ColumnValue[]): Units {
  const factors = values.map((value) => withoutUnusedLevels(groupingFactor(value)));
  if (factors.length === 1) {
    const { codes, levels } = factors[0]!;
    return { levels, levelOf: codes, membership: null, remembered: { key: unitsKey(group), label: group.label, levels, parts: null } };
  }
  const { codes, parts } = productCodes(factors);
  const levels = Array.from(parts[0]!, (_, k) => factors.map((factor, j) => factor.levels[parts[j]![k]!]).join(":"));
  const remembered = factors.map((factor, j) => ({ levels: factor.levels, codes: Array.from(parts[j]!) }));
  return { levels, levelOf: codes, membership: null, remembered: { key: unitsKey(group), label: group.label, levels, parts: remembered } };
}

/** The units of `mm(...)`. @param weights one a member, over the rows used; null: equal shares */
export function membershipUnits(group: Grouping, values: readonly ColumnValue[], weights: readonly Float64Array[] | null): Units {
  const factors = values.map((value) => withoutUnusedLevels(groupingFactor(value)));
  const levels = unionOfLevels(factors);
  return {
    levels,
    levelOf: new Int32Array(0),
    membership: memberships(factors, levels, weights),
    remembered: { key: unitsKey(group), label: group.label, levels, parts: null },
  };
}

/** The units of new rows: -1 where a unit was not in the fit or is missing. */
export function unitsOfNewRows(remembered: RememberedUnits, values: readonly ColumnValue[]): Int32Array {
  const factors = values.map(groupingFactor);
  if (remembered.parts === null) return lookUp(factors[0]!, remembered.levels);
  const { parts } = remembered;
  const codes = factors.map((factor, j) => lookUp(factor, parts[j]!.levels));
  const keyOf = (level: (j: number) => number): number => parts.reduce((key, part, j) => key * part.levels.length + level(j), 0);
  const units = new Map(remembered.levels.map((_, k) => [keyOf((j) => parts[j]!.codes[k]!), k]));
  return codes[0]!.map((_, i) => (codes.some((code) => code[i]! < 0) ? -1 : (units.get(keyOf((j) => codes[j]![i]!)) ?? -1)));
}

/** As `membershipUnits` for new rows; a unit that was not in the fit has level -1 and keeps its weight. */
export function membershipOfNewRows(
  remembered: RememberedUnits,
  values: readonly ColumnValue[],
  weights: readonly Float64Array[] | null,
): RandomFrame["membership"] {
  return memberships(values.map(groupingFactor), remembered.levels, weights);
}

function lookUp(factor: FactorValue, levels: readonly string[]): Int32Array {
  const position = new Map(levels.map((level, code) => [level, code]));
  return recoded(
    factor.codes,
    Int32Array.from(factor.levels, (level) => position.get(level) ?? -1),
  );
}

function memberships(
  factors: readonly FactorValue[],
  levels: readonly string[],
  weights: readonly Float64Array[] | null,
): NonNullable<RandomFrame["membership"]> {
  const n = factors[0]!.codes.length;
  const count = factors.length;
  const levelOf = new Int32Array(n * count).fill(-1);
  const shares = new Float64Array(n * count);
  factors.forEach((factor, m) => {
    levelOf.set(lookUp(factor, levels), m * n);
  });
  for (let i = 0; i < n; i++) {
    let present = 0;
    for (let m = 0; m < count; m++) if (factors[m]!.codes[i]! >= 0) present++;
    for (let m = 0; m < count; m++) {
      if (factors[m]!.codes[i]! < 0) continue;
      const share = weights === null ? 1 / present : weights[m]![i]!;
      const level = levelOf[m * n + i]!;
      let first = 0;
      while (first < m && (level < 0 || levelOf[first * n + i] !== level)) first++;
      shares[first * n + i]! += share;
      if (first < m) levelOf[m * n + i] = -1;
    }
  }
  return { count, levelOf, weights: shares };
}
