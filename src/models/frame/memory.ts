/**
 * What an evaluated expression remembers for new data: levels, basis constants, means. Plain JSON; what comes from the data
 * (levels, names) stands in arrays, never in keys.
 *
 * An expression is evaluated in one fixed order, so the k-th thing remembered belongs to the k-th place that remembers.
 */
import type { PolynomialBasis } from "./orthogonal-polynomials.js";
import type { SplineBasis } from "./splines.js";

export type Remembered =
  | { readonly kind: "column"; readonly type: "numeric" | "logical" }
  | {
      readonly kind: "levels";
      readonly levels: readonly string[];
      readonly ordered: boolean;
      readonly source: "factor" | "text" | "number";
    }
  | { readonly kind: "polynomials"; readonly basis: PolynomialBasis }
  | { readonly kind: "spline"; readonly basis: SplineBasis }
  | { readonly kind: "scale"; readonly center: number; readonly scale: number }
  | { readonly kind: "mean"; readonly mean: number }
  /** `means[k]` belongs to `levels[k]`; null where the unit has no row that is used. */
  | { readonly kind: "unit-means"; readonly levels: readonly string[]; readonly means: readonly (number | null)[] };

/** Learning fills `entries`; recalling reads them in the same order. */
export interface Memory {
  readonly mode: "learn" | "recall";
  readonly entries: Remembered[];
  position: number;
}

export function emptyMemory(): Memory {
  return { mode: "learn", entries: [], position: 0 };
}

export function recallFrom(entries: readonly Remembered[]): Memory {
  return { mode: "recall", entries: [...entries], position: 0 };
}

/** In learning: what `learn` finds, written down. In recalling: what was written down at this place. */
export function remember<K extends Remembered["kind"]>(
  memory: Memory,
  kind: K,
  learn: () => Extract<Remembered, { kind: K }>,
): Extract<Remembered, { kind: K }> {
  if (memory.mode === "learn") {
    const entry = learn();
    memory.entries.push(entry);
    return entry;
  }
  const entry = memory.entries[memory.position++];
  if (entry === undefined || entry.kind !== kind)
    throw new TypeError(`The recipe holds ${entry?.kind ?? "nothing"} where ${kind} belongs.`);
  return entry as Extract<Remembered, { kind: K }>;
}

/** What was written down at this place, whatever it is; only in recalling. */
export function recallNext(memory: Memory): Remembered {
  const entry = memory.entries[memory.position++];
  if (entry === undefined) throw new TypeError("The recipe holds nothing where a column belongs.");
  return entry;
}
