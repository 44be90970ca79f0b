/** R's values of tests/reference/inference/tests, and the same models fitted here. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { filter } from "../../src/data/filter.js";
import type { Table } from "../../src/data/table.js";
import { lmm } from "../../src/inference/lmm.js";
import { readTable } from "../../src/io/read-table.js";
import type { LinearMixedFit } from "../../src/models/fit.js";

export type ReferenceMethod = "satterthwaite" | "kenward-roger";

export interface ReferenceCoefficient {
  readonly term: string;
  readonly estimate: number;
  readonly stdError: number;
  readonly df: number;
  readonly statistic: number;
  readonly pValue: number;
}

export interface ReferenceJoint {
  readonly numDF: number;
  readonly denDF: number;
  readonly statistic: number;
  readonly pValue: number;
}

export interface ReferenceCase {
  readonly name: string;
  readonly data: string;
  readonly rows?: string;
  readonly formula: string;
  readonly isSingular: boolean;
  readonly coefficients: Readonly<Record<ReferenceMethod, readonly ReferenceCoefficient[]>>;
  readonly anova?: Readonly<
    Record<ReferenceMethod, Readonly<Record<"I" | "II" | "III", readonly (ReferenceJoint & { readonly term: string })[]>>>
  >;
  readonly contest?: Readonly<Record<ReferenceMethod, ReferenceJoint>> & {
    readonly rows: readonly (readonly number[])[];
    readonly rhs: readonly number[];
  };
  readonly ranova?: readonly { readonly what: string; readonly chiSquare: number; readonly df: number; readonly pValue: number }[];
  readonly drop1?: readonly { readonly term: string; readonly chiSquare: number; readonly df: number; readonly pValue: number }[];
  readonly between_within?: readonly { readonly term: string; readonly df: number }[];
}

export interface DenseCase {
  readonly data: string;
  readonly weights: string;
  readonly formula: string;
  readonly satterthwaite: readonly ReferenceCoefficient[];
  readonly "kenward-roger": readonly Pick<ReferenceCoefficient, "term" | "stdError" | "df">[];
}

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const values: { readonly cases: readonly ReferenceCase[]; readonly dense: DenseCase } = JSON.parse(
  readFileSync(join(root, "tests", "reference", "inference", "tests", "tests.json"), "utf8"),
);

export const { cases, dense } = values;

export async function tableOf({ data, rows }: { readonly data: string; readonly rows?: string }): Promise<Table> {
  const table = await readTable(join(root, data), { schema: join(root, data.replace(".csv", ".schema.json")) });
  if (rows === "unbalanced") return filter(table, (_, i) => ((i + 1) * 7) % 11 > 3);
  if (rows !== "hsb") return table;
  const column = table.column("school");
  const kept = new Set(column.kind === "factor" ? column.levels.filter((_, k) => k % 4 === 0) : []);
  return filter(table, (row) => kept.has(String((row as { readonly school: unknown }).school)));
}

const fits = new Map<string, Promise<LinearMixedFit>>();

/** Each is fitted once. */
export function fitOf(one: ReferenceCase): Promise<LinearMixedFit> {
  const known = fits.get(one.name) ?? tableOf(one).then((table) => lmm(one.formula, table));
  fits.set(one.name, known);
  return known;
}

export async function weightedFit(): Promise<LinearMixedFit> {
  return lmm(dense.formula, await tableOf(dense), { weights: dense.weights });
}

export function caseNamed(name: string): ReferenceCase {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`no reference case ${name}`);
  return found;
}

/** Relative difference; zero beside zero. */
export function relative(value: number, expected: number): number {
  return value === expected ? 0 : Math.abs(value / expected - 1);
}
