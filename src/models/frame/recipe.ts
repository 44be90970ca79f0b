/**
 * The recipe of a model frame: what a fit remembers to build the same matrices for new data (new-data.ts). Plain JSON: what
 * comes from the data (levels, names) stands in arrays, never in keys, and there are no typed arrays and no maps.
 */
import type { Formula } from "../formula/ast.js";
import type { GivenOffset } from "../formula/one-sided.js";
import type { ContrastName } from "./contrasts.js";
import type { Remembered } from "./memory.js";

export interface FrameRecipe {
  readonly schemaVersion: 1;
  readonly formula: Formula;
  /** Offsets given apart from the formula; absent where there are none. */
  readonly offsets?: readonly GivenOffset[];
  /** Every variable of the right-hand side and of `offsets`. */
  readonly variables: readonly RememberedVariable[];
  /** One a grouping factor, by its label. */
  readonly groups: readonly RememberedUnits[];
}

/** A variable of the formula and what it learned from the data. */
export interface RememberedVariable {
  readonly text: string;
  readonly remembered: readonly Remembered[];
  /** How it stands in a model matrix; null where it only groups, weighs or offsets. */
  readonly coding: RememberedCoding | null;
}

export type RememberedCoding =
  | { readonly kind: "numeric"; readonly width: number; readonly columnNames: readonly string[] | null }
  | { readonly kind: "factor"; readonly levels: readonly string[]; readonly contrasts: ContrastName };

/** What is needed to find the units of new rows. Plain JSON. */
export interface RememberedUnits {
  /** See `unitsKey`. */
  readonly key: string;
  readonly label: string;
  /** The units' names. */
  readonly levels: readonly string[];
  /** For a product: each factor's levels and, for each unit, its level of that factor. Null for one factor and for membership. */
  readonly parts: readonly { readonly levels: readonly string[]; readonly codes: readonly number[] }[] | null;
}
