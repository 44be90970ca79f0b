// The data and the numbers that model-matrix.R stored.
import { readFileSync } from "node:fs";
import type { Column } from "../../../src/data/column.js";
import { Table } from "../../../src/data/table.js";
import type { ContrastName } from "../../../src/models/frame/contrasts.js";

interface Stored {
  readonly data: readonly StoredColumn[];
  readonly cases: readonly {
    readonly rhs: string;
    readonly contrasts: Record<string, ContrastName> | null;
    readonly rows: readonly number[];
    readonly assign: readonly number[];
    readonly labels: readonly string[];
    readonly names: readonly string[];
    readonly values: readonly (number | null)[];
  }[];
  readonly bases: readonly { readonly rhs: string; readonly x: readonly number[]; readonly values: readonly number[] }[];
  readonly units: readonly {
    readonly bar: string;
    readonly factors: readonly { readonly label: string; readonly levels: readonly string[]; readonly codes: readonly number[] }[];
  }[];
  readonly numbers: readonly number[];
  readonly labels: readonly string[];
  readonly polynomials: readonly (readonly number[])[];
  readonly rounded: readonly number[];
}
type StoredColumn =
  | { readonly name: string; readonly kind: "number"; readonly values: readonly (number | null)[] }
  | { readonly name: string; readonly kind: "boolean"; readonly values: readonly number[] }
  | {
      readonly name: string;
      readonly kind: "factor";
      readonly ordered: boolean;
      readonly levels: readonly string[];
      readonly codes: readonly number[];
    };

export const stored: Stored = JSON.parse(readFileSync(new URL("model-matrix.json", import.meta.url), "utf8"));
export const storedTable: Table = Table.ofColumns(stored.data.map(columnOf));

function columnOf(column: StoredColumn): Column {
  switch (column.kind) {
    case "number":
      return { ...column, values: Float64Array.from(column.values, (value) => value ?? Number.NaN) };
    case "boolean":
      return { ...column, values: Int8Array.from(column.values) };
    case "factor":
      return { ...column, codes: Int32Array.from(column.codes) };
  }
}
