/** What all distribution tests share: outside values, and the largest relative difference from them. */
import { readFileSync } from "node:fs";

type Entries = Readonly<Record<string, readonly (readonly (number | string)[])[]>>;

function read(name: string): Entries {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as Entries;
}

/** From R (`reference.R`): function to [arguments..., value]. */
export const reference: Entries = read("reference.json");
/** By 40-digit quadrature (`extreme.py`): family to [x, df..., lower, upper]. */
export const extreme: Entries = read("extreme.json");

/**
 * The worst of these tests is the exponent of a probability near 1e-300, 690 in size: a relative error of 1e-14 in it, R's or ours, is one
 * of 7e-12 in the probability. Measured: 8e-12 against R, 2e-12 against quadrature.
 */
export const TOLERANCE = 1e-10;

export function relative(value: number, expected: number): number {
  return value === expected ? 0 : Math.abs(value - expected) / Math.abs(expected);
}

/** The entry where `f` is furthest from R, with the relative difference; NaN counts as infinitely far. */
export function worst(name: string, f: (...args: number[]) => number): { entry: string; error: number; count: number } {
  return worstOf(reference[name]!, (row) => relative(f(...row.slice(0, -1)), row[row.length - 1]!));
}

export function worstOf(entries: Entries[string], errorOf: (row: number[]) => number): { entry: string; error: number; count: number } {
  let found = { entry: "none", error: -1, count: entries.length };
  for (const entry of entries) {
    const error = errorOf(entry.map(Number));
    if (!(error <= found.error))
      found = { entry: entry.join(", "), error: Number.isNaN(error) ? Number.POSITIVE_INFINITY : error, count: entries.length };
  }
  return found;
}

/** Degrees of freedom from 0.5 to 1e8, evenly in their logarithm. */
export const DF_EXPONENTS: { readonly min: number; readonly max: number; readonly noNaN: true } = {
  min: Math.log10(0.5),
  max: 8,
  noNaN: true,
};
