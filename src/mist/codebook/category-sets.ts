/**
 * Sets of categories, each declared once: values as they stand in a file, labels as a person reads them, in order (low to high
 * where `ordered`). The first value is the reference level of the factor. Columns name a set; two columns of one set compare.
 *
 * `lowest` is the number that stands for the first category of an ordered set, the others following by one; sets whose values
 * are digits say it themselves. `includes` puts other sets' categories before the set's own.
 *
 * Levels of improvement plans, meetings, RMT stages and RMT rubrics are ours: the figures that showed them are lost in the sources.
 */

import type { FactorColumn } from "../../data/column.js";
import { peopleAndInstruction } from "./categories/people-and-instruction.js";
import { studentsAndPlans } from "./categories/students-and-plans.js";
import { supports } from "./categories/supports.js";

export interface Category {
  readonly value: string;
  readonly label: string;
}

export interface CategorySet {
  readonly label: string;
  readonly ordered: boolean;
  readonly categories: readonly Category[];
  readonly lowest?: number;
  readonly includes?: readonly string[];
}

type Sets = typeof peopleAndInstruction & typeof supports & typeof studentsAndPlans;

export type CategorySetName = keyof Sets;

/** The values of a set, as a union of string literals; those of included sets too. */
export type Level<S extends CategorySetName> = OwnLevel<Sets[S]> | IncludedLevel<Sets[S]>;

type OwnLevel<C> = C extends { readonly categories: readonly (infer E)[] } ? ValueOf<E> : never;
type ValueOf<E> = E extends { readonly value: infer V extends string } ? V : never;
type IncludedLevel<C> = C extends { readonly includes: readonly (infer I extends CategorySetName)[] } ? OwnLevel<Sets[I]> : never;

export const categorySets: Readonly<Record<CategorySetName, CategorySet>> = { ...peopleAndInstruction, ...supports, ...studentsAndPlans };

/**
 * The categories of a set in order, those of included sets first.
 *
 * @example categoriesOf("coaching_mode") // => [{ value: "one_on_one", label: "With one teacher" }, { value: "group", label: "With a group" }]
 */
export function categoriesOf(set: CategorySetName): readonly Category[] {
  const { includes = [], categories } = categorySets[set];
  return [...includes.flatMap((name) => (isCategorySet(name) ? categoriesOf(name) : [])), ...categories];
}

/**
 * The values of a set in order, typed; an ordered set's from low to high.
 *
 * @example levelsOf("uptake") // => ["not", "partial", "complete"]
 */
export function levelsOf<S extends CategorySetName>(set: S): readonly Level<S>[] {
  return categoriesOf(set).map(({ value }) => value as Level<S>);
}

/**
 * The numbers that stand for the categories of an ordered set, in order: the digits of its values, or `lowest` and up.
 * null for a set without order.
 *
 * @example scoresOf("perspective") // => [-1, 0, 1]
 */
export function scoresOf(set: CategorySetName): readonly number[] | null {
  const { ordered, lowest = 0 } = categorySets[set];
  if (!ordered) return null;
  const values = categoriesOf(set).map(({ value }) => value);
  return hasNumericValues(set) ? values.map(Number) : values.map((_, k) => lowest + k);
}

/**
 * The number that stands for one category of an ordered set; null for null.
 *
 * @example scoreOf("tie_frequency", "weekly") // => 4
 */
export function scoreOf<S extends CategorySetName>(set: S, level: Level<S> | null): number | null {
  const scores = scoresOf(set);
  if (level === null || scores === null) return null;
  return scores[levelsOf(set).indexOf(level)] ?? null;
}

/**
 * An ordered factor as numbers, NaN where missing: each level's score in the set, whatever the order of the factor's levels.
 *
 * @returns NaN also for levels that are not in the set, and throughout for a set without order
 * @example scoreValues({ kind: "factor", name: "uptake", codes: Int32Array.of(1, -1, 0), levels: ["not", "complete"], ordered: true }, "uptake") // => Float64Array [2, NaN, 0]
 */
export function scoreValues(factor: FactorColumn, set: CategorySetName): Float64Array {
  const scores = scoresOf(set) ?? [];
  const values = categoriesOf(set).map(({ value }) => value);
  const ofCode = factor.levels.map((level) => scores[values.indexOf(level)] ?? Number.NaN);
  return Float64Array.from(factor.codes, (code) => (code < 0 ? Number.NaN : ofCode[code]!));
}

/** Whether all values are whole numbers, so that files hold numbers: "0", "1", ... */
export function hasNumericValues(set: CategorySetName): boolean {
  return categoriesOf(set).every(({ value }) => /^\d+$/.test(value));
}

export function isCategorySet(name: string): name is CategorySetName {
  return Object.hasOwn(categorySets, name);
}
