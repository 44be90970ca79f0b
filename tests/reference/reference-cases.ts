/** The reference values of README.md beside this file: what a stored fit holds, and the same model fitted here. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Table } from "../../src/data/table.js";
import { readTable } from "../../src/io/read-table.js";
import type { LinearMixedFit } from "../../src/models/fit.js";
import { parseFormula } from "../../src/models/formula/formula.js";
import { buildFrame } from "../../src/models/frame/build-frame.js";
import type { ContrastName } from "../../src/models/frame/contrasts.js";
import { fitLinearMixed } from "../../src/models/linear-mixed.js";

export interface ReferenceFixed {
  readonly term: string;
  readonly estimate: number;
  readonly se: number;
  readonly statistic: number;
  readonly df_satterthwaite?: number | null;
  readonly p_satterthwaite?: number | null;
}

export interface ReferenceVariance {
  readonly group: string;
  readonly term1: string | null;
  readonly term2: string | null;
  readonly sdcor: number | null;
}

export interface ReferenceModes {
  readonly group: string;
  readonly levels: readonly string[];
  readonly terms: readonly string[];
  /** A row is a level. */
  readonly values: readonly (readonly number[])[];
  /** A row is a level, or, for a term of one effect in fits/, the only row. */
  readonly condsd: readonly (readonly number[])[] | null;
}

export interface ReferenceFit {
  readonly case: string;
  readonly data: string;
  readonly data_file?: string;
  readonly schema_file?: string;
  readonly formula: string;
  readonly method: "REML" | "ML";
  readonly weights: string | null;
  readonly contrasts?: Readonly<Record<string, string>> | null;
  readonly nobs: number;
  readonly droppedRows?: number;
  readonly droppedColumns?: readonly string[];
  readonly groups: Readonly<Record<string, number>>;
  readonly fixed: readonly ReferenceFixed[];
  readonly random: readonly ReferenceVariance[];
  readonly sigma: number;
  readonly logLik: number;
  readonly criterion: number;
  readonly AIC: number;
  readonly BIC: number;
  readonly npar: number;
  readonly singular: boolean;
  readonly anova_type3?:
    | readonly { readonly term: string; readonly numDF: number; readonly denDF: number; readonly F: number; readonly p: number }[]
    | null;
  readonly ranef_head: readonly ReferenceModes[];
  readonly fitted_head?: readonly number[];
}

export const referenceCases: readonly ReferenceFit[] = ["fits", "fits-more"].flatMap((folder) =>
  readdirSync(here(folder))
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file): ReferenceFit => JSON.parse(readFileSync(join(here(folder), file), "utf8"))),
);

const tables = new Map<string, Promise<Table>>();

/** Reads each data file once. */
function tableOf({ data, data_file, schema_file }: ReferenceFit): Promise<Table> {
  const root = here(join("..", ".."));
  const compressed = data === "chem97" || data === "insteval" ? ".gz" : "";
  const file = data_file ?? `data/${data}.csv${compressed}`;
  let table = tables.get(file);
  if (table === undefined) {
    table = readTable(join(root, file), { schema: join(root, schema_file ?? `data/${data}.schema.json`) });
    tables.set(file, table);
  }
  return table;
}

export async function fitOf(reference: ReferenceFit): Promise<LinearMixedFit> {
  const contrasts: Record<string, ContrastName> = {};
  for (const [factor, name] of Object.entries(reference.contrasts ?? {})) contrasts[factor] = name.replace("contr.", "") as ContrastName;
  const frame = buildFrame(parseFormula(reference.formula), await tableOf(reference), { weights: reference.weights, contrasts });
  return fitLinearMixed(frame, { method: reference.method });
}

function here(path: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), path);
}
