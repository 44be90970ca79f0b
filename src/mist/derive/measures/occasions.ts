/**
 * V15, values of other occasions of the same unit. A unit's occasions are its cycles; a gap is a gap:
 *
 *   lag   x in the cycle before, missing where the unit was not observed in just that cycle
 *   lead  x in the cycle after, likewise
 *   base  x in the first cycle in which the unit has a value of x
 */
import { meanPresent } from "./arithmetic.js";

export type Base = "first" | "previous_cycle" | "person_mean";

/** Rows as occasions: for each row the rows of the same unit in the cycle before and after, and the unit's rows in time. */
export interface Occasions {
  /** Row of the cycle before, -1 where there is none. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** Number of the row's unit, -1 where it has none. */
  readonly unitOf: Int32Array;
  /** Rows of each unit in the order of their cycles. */
  readonly rowsOf: readonly (readonly number[])[];
}

/**
 * @param units any code, -1 for none
 * @param cycles the cycle; of two rows of one unit and cycle the later counts as lag and lead
 * @example occasions([5, 5, 5], [1, 2, 4]).before // => Int32Array [-1, 0, -1]
 */
export function occasions(units: ArrayLike<number>, cycles: ArrayLike<number>): Occasions {
  const numberOf = new Map<number, number>();
  const rowsOf: number[][] = [];
  const n = units.length;
  const unitOf = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    if (units[i]! < 0) continue;
    let unit = numberOf.get(units[i]!);
    if (unit === undefined) {
      unit = rowsOf.push([]) - 1;
      numberOf.set(units[i]!, unit);
    }
    unitOf[i] = unit;
    rowsOf[unit]!.push(i);
  }
  const before = new Int32Array(n).fill(-1);
  const after = new Int32Array(n).fill(-1);
  for (const rows of rowsOf) {
    rows.sort((a, b) => cycles[a]! - cycles[b]!);
    const rowAt = new Map(rows.map((row) => [cycles[row]!, row]));
    for (const row of rows) {
      before[row] = rowAt.get(cycles[row]! - 1) ?? -1;
      after[row] = rowAt.get(cycles[row]! + 1) ?? -1;
    }
  }
  return { before, after, unitOf, rowsOf };
}

/** x one cycle before. @example lagged(Float64Array.of(1, 2, 4), occasions([5, 5, 5], [1, 2, 4])) // => Float64Array [NaN, 1, NaN] */
export function lagged(x: Float64Array, { before }: Occasions): Float64Array {
  return x.map((_, i) => (before[i]! < 0 ? Number.NaN : x[before[i]!]!));
}

/** x one cycle after. @example led(Float64Array.of(1, 2, 4), occasions([5, 5, 5], [1, 2, 4])) // => Float64Array [2, NaN, NaN] */
export function led(x: Float64Array, { after }: Occasions): Float64Array {
  return x.map((_, i) => (after[i]! < 0 ? Number.NaN : x[after[i]!]!));
}

/**
 * V15.
 *
 * @example base(Float64Array.of(NaN, 2, 4), occasions([5, 5, 5], [1, 2, 4])) // => Float64Array [2, 2, 2]
 */
export function base(x: Float64Array, given: Occasions, how: Base = "first"): Float64Array {
  if (how === "previous_cycle") return lagged(x, given);
  const result = new Float64Array(x.length).fill(Number.NaN);
  for (const rows of given.rowsOf) {
    const value =
      how === "person_mean"
        ? meanPresent(rows.map((row) => x[row]!))
        : (rows.map((row) => x[row]!).find((v) => !Number.isNaN(v)) ?? Number.NaN);
    for (const row of rows) result[row] = value;
  }
  return result;
}
