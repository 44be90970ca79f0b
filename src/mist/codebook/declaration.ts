/**
 * How a table of the study is declared. A declaration is a literal (`as const`), and everything else follows from it: row types,
 * Table Schemas, the data package, the typed columns of a study, the checks, the printed codebook.
 *
 * A column without `null` is never null; `null: "item"` may be null (no answer); `null: { when }` is null if and only if the
 * structural condition holds, with `orItem: true` if it holds or the item has no answer. A row is absent where the unit was not
 * observed (`presence: "observed"`), never filled with nulls.
 */
import type { CategorySetName, Level } from "./category-sets.js";
import type { ConditionName } from "./condition-words.js";
import type { Range, RangeName } from "./ranges.js";
import type { EntityName, SourceTag } from "./sources.js";

/** observable in a real study; derived, that is re-computable; known in simulated data only. */
export type Kind = "observable" | "derived" | "truth";

export type NullRule = "item" | { readonly when: ConditionName; readonly orItem?: true };

interface AnyColumn {
  /** One sentence in plain words. */
  readonly description: string;
  /** What stands on an axis, where it is more than the name with spaces. */
  readonly label?: string;
  /** Absent: never null. */
  readonly null?: NullRule;
  readonly source: readonly SourceTag[];
  /** Absent: the table's. */
  readonly kind?: Kind;
}

export interface IdColumn extends AnyColumn {
  readonly type: "id";
  readonly entity: EntityName;
}

export interface TextColumn extends AnyColumn {
  readonly type: "text";
  readonly maxLength?: number;
  readonly pattern?: string;
}

export interface PlainColumn extends AnyColumn {
  readonly type: "boolean" | "date";
}

export interface NumberColumn extends AnyColumn {
  readonly type: "integer" | "number";
  readonly unit?: string;
  /** A value outside is wrong. */
  readonly range?: RangeName | Range;
  /** A value outside is possible and worth a look; no schema enforces it. */
  readonly plausible?: RangeName | Range;
}

export interface CategoryColumn extends AnyColumn {
  readonly type: "nominal" | "ordered";
  readonly categories: CategorySetName;
}

/** What a column is, in one record. */
export type ColumnDeclaration = IdColumn | TextColumn | PlainColumn | NumberColumn | CategoryColumn;

/** The cells of `columns` name a row of one of `references`, column by column; a key with a null part names none. */
export interface ForeignKey {
  readonly columns: readonly string[];
  readonly references: readonly { readonly table: string; readonly columns: readonly string[] }[];
}

/** What holds across the columns or the rows of a table, besides keys, ranges and null rules. */
export type TableRule =
  /** In every row the columns sum to `total`, give or take `tolerance`; rows with a null among them are not asked. */
  | { readonly rule: "sum"; readonly columns: readonly string[]; readonly total: number; readonly tolerance: number }
  /** In every row `low` is at most `high`. */
  | { readonly rule: "order"; readonly low: string; readonly high: string }
  /** Over the rows that agree in `by`, `column` sums to a number, or to a column of the row that another table has for that key. */
  | {
      readonly rule: "sum_by";
      readonly by: readonly string[];
      readonly column: string;
      readonly total: number | { readonly table: string; readonly column: string };
      readonly tolerance: number;
    }
  /** The column has this value if and only if the condition holds; null cells are not asked. */
  | { readonly rule: "value_when"; readonly column: string; readonly value: string; readonly when: ConditionName }
  /** The condition holds in every row. */
  | { readonly rule: "holds"; readonly condition: ConditionName };

export interface TableDeclaration {
  readonly label: string;
  /** What one row is, and what the table is for. */
  readonly description: string;
  readonly kind: Kind;
  /** "observed": a unit that was not observed that cycle has no row. Absent: every unit has its rows. */
  readonly presence?: "observed";
  readonly primaryKey: readonly string[];
  readonly uniqueKeys?: readonly (readonly string[])[];
  readonly foreignKeys?: readonly ForeignKey[];
  readonly rules?: readonly TableRule[];
  /** In the order of the file. */
  readonly columns: Readonly<Record<string, ColumnDeclaration>>;
}

type CellOf<C> = C extends { readonly type: "boolean" }
  ? boolean
  : C extends { readonly type: "integer" | "number" }
    ? number
    : C extends { readonly type: "nominal" | "ordered"; readonly categories: infer S extends CategorySetName }
      ? Level<S>
      : string;

/**
 * The type of a table's rows: identifiers, text and dates are strings, categories unions of their values, and null where the
 * column's rule allows it.
 */
export type RowOf<T extends { readonly columns: object }> = {
  -readonly [K in keyof T["columns"]]: T["columns"][K] extends { readonly null: unknown }
    ? CellOf<T["columns"][K]> | null
    : CellOf<T["columns"][K]>;
};
