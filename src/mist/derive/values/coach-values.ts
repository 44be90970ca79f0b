/**
 * Coaches: whether each coach-year is accomplished (V25), and who serves a school in a cycle, by the schools' keys.
 */
import { coachAccomplished, coachFacets } from "../measures/coach.js";
import { keyOf, rowsOf, type Sources } from "../sources.js";
import { personValues } from "./person-values.js";

export interface CoachValues {
  /** One a person-year; NaN for who is no coach. */
  readonly accomplished: Float64Array;
  readonly facets: Float64Array;
  /** Person-years and shares of the coaches of a school in a cycle, the greatest share first. */
  readonly servingOf: ReadonlyMap<number, readonly Serving[]>;
}

export interface Serving {
  readonly person: number;
  /** Code of the coach. */
  readonly coach: number;
  readonly share: number;
  /** Row of coach_assignments. */
  readonly row: number;
}

export function coachValues(sources: Sources): CoachValues {
  return sources.once("coach values", () => {
    const people = personValues(sources);
    const practice = sources.numbers("coach_years", "instructional_practice");
    const coaches = Array.from({ length: people.count }, (_, i) => ({
      practice: practice[people.coachRow[i]!] ?? Number.NaN,
      visionHigh: people.visionHigh[i]!,
      explanation: people.explanation[i]!,
      mkt: people.mkt[i]!,
      expertise: people.expertise[i]!,
    }));
    const ofCoach = (value: (k: number) => number): Float64Array =>
      Float64Array.from(coaches, (_, i) => (people.coachRow[i]! < 0 ? Number.NaN : value(i)));
    const ids = sources.ids("coach_assignments", "coach_id");
    const cycles = sources.numbers("coach_assignments", "cycle");
    const shares = sources.numbers("coach_assignments", "share");
    const servingOf = new Map<number, readonly Serving[]>();
    for (const [key, rows] of rowsOf(sources.keys("coach_assignments", "school_id", "cycle"))) {
      const serving = rows.map((row) => ({
        person: people.index.get(keyOf(ids[row]!, cycles[row]!)) ?? -1,
        coach: ids[row]!,
        share: shares[row]!,
        row,
      }));
      servingOf.set(
        key,
        serving.sort((a, b) => b.share - a.share || (sources.nameOf(a.coach) < sources.nameOf(b.coach) ? -1 : 1)),
      );
    }
    return {
      accomplished: ofCoach((i) => coachAccomplished(coaches[i]!, sources.choices.coachAccomplished)),
      facets: ofCoach((i) => coachFacets(coaches[i]!)),
      servingOf,
    };
  });
}
