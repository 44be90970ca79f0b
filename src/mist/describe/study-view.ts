/**
 * A study described: who was observed when, how much there is, and composition; as one plain record and as text.
 */

import { textTable } from "../../inference/summary/text-table.js";
import { studyViewMessages } from "../../messages.js";
import { cycles } from "../codebook/facts.js";
import type { Study } from "../codebook/study.js";
import { type CategoryShare, type Composition, type CompositionOptions, mainCompositions } from "./composition.js";
import { countsByCycle, type TableCount } from "./counts.js";
import { type PresencePattern, type PresenceUnit, presence, presencePatterns, presenceUnits } from "./presence.js";

/** A presence matrix without its units. */
export interface PresenceSummary {
  readonly unit: PresenceUnit;
  readonly label: string;
  /** Units observed at least once. */
  readonly units: number;
  /** One a cycle from 1 to 8. */
  readonly byCycle: readonly number[];
  /** The most frequent first. */
  readonly patterns: readonly PresencePattern[];
}

export interface StudyView {
  readonly presence: readonly PresenceSummary[];
  readonly counts: readonly TableCount[];
  readonly composition: readonly Composition[];
}

/**
 * @param options how composition is broken down, and whether small cells are left out
 * @example describeStudy(studyFrom({})) // => { presence: [], counts: [], composition: [] }
 */
export function describeStudy(study: Study, options: CompositionOptions = {}): StudyView {
  return {
    presence: presenceUnits.flatMap((unit) => {
      const found = presence(study, unit);
      if (found === null || found.ids.length === 0) return [];
      const { label, ids, byCycle } = found;
      return [{ unit, label, units: ids.length, byCycle, patterns: presencePatterns(found) }];
    }),
    counts: countsByCycle(study),
    composition: mainCompositions(study, options),
  };
}

/** Patterns that the text shows of each kind of unit. */
const PATTERNS = 5;

/** The view as text: presence, patterns of presence, counts, composition. */
export function studyViewText({ presence: seen, counts, composition }: StudyView): string {
  const numbers = cycles.map(({ cycle }) => cycle);
  const cycleColumns = (rows: readonly (readonly number[] | null)[]) =>
    numbers.map((cycle, k) => ({ heading: String(cycle), cells: rows.map((row) => (row === null ? "" : String(row[k]))) }));
  const words = studyViewMessages;
  const blocks: string[] = [];
  if (seen.length > 0) {
    blocks.push(
      [
        words.presence,
        ...textTable([
          { heading: words.observed, cells: seen.map(({ label }) => label), align: "left" },
          { heading: words.units, cells: seen.map(({ units }) => String(units)) },
          ...cycleColumns(seen.map(({ byCycle }) => byCycle)),
        ]),
      ].join("\n"),
      [
        words.patterns,
        ...seen.map(({ label, patterns }) => {
          const shown = patterns.slice(0, PATTERNS).map(({ pattern, count }) => `${pattern} ${count}`);
          const more = patterns.length - shown.length;
          return ` ${label}: ${shown.join(", ")}${more > 0 ? `, ${words.morePatterns(more)}` : ""}`;
        }),
      ].join("\n"),
    );
  }
  if (counts.length > 0) {
    blocks.push(
      [
        words.counts,
        ...textTable([
          { heading: words.table, cells: counts.map(({ table }) => table), align: "left" },
          { heading: words.rows, cells: counts.map(({ rows }) => String(rows)) },
          ...cycleColumns(counts.map(({ byCycle }) => byCycle)),
        ]),
      ].join("\n"),
    );
  }
  const guarded = composition.some(({ groups }) => groups.some(({ suppressed }) => suppressed));
  return [...blocks, ...composition.map(compositionText), ...(guarded ? [words.leftOut] : [])].join("\n\n");
}

/** One composition as a table: a line a group, a column a category; shares in percent. */
export function compositionText({ table, column, by, groups }: Composition): string {
  const categories = groups[0]?.shares.map(({ category }) => category) ?? [];
  return [
    studyViewMessages.composition(table, column),
    ...textTable([
      ...by.map((heading, k) => ({ heading, cells: groups.map(({ group }) => group[k]!), align: "left" as const })),
      { heading: "n", cells: groups.map(({ n }) => (n === null ? studyViewMessages.tooFew : String(n))) },
      ...categories.map((heading, k) => ({ heading, cells: groups.map(({ shares }) => shareText(shares[k]!)) })),
    ]),
  ].join("\n");
}

function shareText({ share, bound }: CategoryShare): string {
  if (share === null) return "-";
  const sign = bound === null ? "" : bound === "at most" ? "≤" : "≥";
  return `${sign}${Math.round(100 * share)}%`;
}
