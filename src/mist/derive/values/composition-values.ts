/**
 * Composition of classes (V17), one value a row of teacher_years.
 */
import type { FactorColumn } from "../../../data/column.js";
import { plainFactor } from "../level-table.js";
import { type CompositionSource, compositionShare, diversity, dominantGroup } from "../measures/composition.js";
import { indexOf, keyOf, rowsOf, type Sources } from "../sources.js";

/** Shares by race and ethnicity, which sum to 1. */
export const raceShares: readonly ["p_black", "p_latinx", "p_white", "p_asian", "p_other"] = [
  "p_black",
  "p_latinx",
  "p_white",
  "p_asian",
  "p_other",
];
export const shares: readonly [...typeof raceShares, "p_el", "p_frl"] = [...raceShares, "p_el", "p_frl"];

export type Share = (typeof shares)[number];

const SOURCES: readonly CompositionSource[] = ["sections", "school"];
const GROUPS: readonly string[] = ["black", "latinx", "white", "asian", "other"];

export interface CompositionValues {
  readonly shares: { readonly [S in Share]: Float64Array };
  readonly source: FactorColumn;
  readonly diversity: Float64Array;
  readonly dominant: FactorColumn;
  /** Row of the section that was filmed, -1 where none. */
  readonly filmedSection: Int32Array;
}

export function compositionValues(sources: Sources): CompositionValues {
  return sources.once("composition values", () => {
    const keys = sources.keys("teacher_years", "teacher_id", "cycle");
    const schools = sources.ids("teacher_years", "school_id");
    const cycles = sources.numbers("teacher_years", "cycle");
    const sections = rowsOf(sources.keys("sections", "teacher_id", "cycle"));
    const schoolRow = indexOf(sources.keys("school_years", "school_id", "cycle"));
    const filmed = sources.numbers("sections", "filmed");
    const sizes = sources.numbers("sections", "n_students");
    const own = Array.from(keys, (key) => {
      const rows = sections.get(key) ?? [];
      return sources.choices.composition === "filmed" ? rows.filter((row) => filmed[row] === 1) : rows;
    });
    const inSchool = Int32Array.from(schools, (school, i) => schoolRow.get(keyOf(school, cycles[i]!)) ?? -1);
    // A row takes all its shares from one source, so that those of race and ethnicity sum to 1.
    const known = own.map((rows) =>
      rows.filter((row) => raceShares.every((name) => !Number.isNaN(sources.numbers("sections", name)[row]!))),
    );
    const fromSections = Uint8Array.from(known, (rows) => (rows.length > 0 ? 1 : 0));
    const shareOf = (name: Share): Float64Array => {
      const given = sources.numbers("sections", name);
      const school = sources.numbers("school_years", name);
      return Float64Array.from(known, (rows, i) =>
        compositionShare(
          rows.map((row) => given[row]!),
          rows.map((row) => sizes[row]!),
          inSchool[i]! < 0 ? Number.NaN : school[inSchool[i]!]!,
        ),
      );
    };
    const values = {
      p_black: shareOf("p_black"),
      p_latinx: shareOf("p_latinx"),
      p_white: shareOf("p_white"),
      p_asian: shareOf("p_asian"),
      p_other: shareOf("p_other"),
      p_el: shareOf("p_el"),
      p_frl: shareOf("p_frl"),
    };
    const races = Array.from(keys, (_, i) => raceShares.map((name) => values[name][i]!));
    const source = Int32Array.from(fromSections, (flag, i) => (flag === 1 ? 0 : Number.isNaN(values.p_black[i]!) ? -1 : 1));
    return {
      shares: values,
      source: plainFactor("comp_source", source, SOURCES),
      diversity: Float64Array.from(races, diversity),
      dominant: plainFactor("dominant_group", Int32Array.from(races, dominantGroup), GROUPS),
      filmedSection: Int32Array.from(keys, (key) => (sections.get(key) ?? []).find((row) => filmed[row] === 1) ?? -1),
    };
  });
}
