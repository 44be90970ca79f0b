/**
 * Memberships of groups: brokers and their scores (V34), one value a person-year. In a cycle without any membership on record
 * nothing is known; in others who has none is no broker.
 */
import { brokerScores, isBroker } from "../measures/broker.js";
import { indexOf, rowsOf, type Sources } from "../sources.js";
import { personValues } from "./person-values.js";

export interface GroupValues {
  readonly nGroups: Float64Array;
  readonly broker: Float64Array;
  readonly score: Float64Array;
  /** Groups of a person in a cycle, by the key of both. */
  readonly groupsOf: ReadonlyMap<number, readonly number[]>;
  /** Members of a group in a cycle, by the key of both. */
  readonly sizeOf: ReadonlyMap<number, number>;
}

export function groupValues(sources: Sources): GroupValues {
  return sources.once("group values", () => {
    const people = personValues(sources);
    const persons = sources.ids("group_memberships", "person_id");
    const groups = sources.ids("group_memberships", "group_id");
    const cycles = sources.numbers("group_memberships", "cycle");
    const typeRow = indexOf(sources.ids("groups", "group_id"));
    const types = sources.texts("groups", "group_type");
    const typeOf = (group: number): string => types[typeRow.get(group) ?? -1] ?? `group ${group}`;
    const byPerson = rowsOf(sources.keys("group_memberships", "person_id", "cycle"));
    const scoreOf = new Map<number, number>();
    for (const [, rows] of rowsOf(cycles)) {
      const numberOf = new Map<number, number>();
      for (const row of rows) if (!numberOf.has(persons[row]!)) numberOf.set(persons[row]!, numberOf.size);
      const members = Array.from(rowsOf(groups.map((group, row) => (cycles[row] === cycles[rows[0]!] ? group : -1))), ([group, own]) => ({
        type: typeOf(group),
        members: own.map((row) => numberOf.get(persons[row]!)!),
      }));
      const scores = brokerScores(numberOf.size, members, sources.choices.brokerScore);
      const keys = sources.keys("group_memberships", "person_id", "cycle");
      for (const row of rows) scoreOf.set(keys[row]!, scores[numberOf.get(persons[row]!)!]!);
    }
    const observed = new Set(cycles);
    const nGroups = people.keys.map((key, i) => byPerson.get(key)?.length ?? (observed.has(people.cycles[i]!) ? 0 : Number.NaN));
    return {
      nGroups,
      broker: people.keys.map((key, i) =>
        Number.isNaN(nGroups[i]!) || !sources.has("groups")
          ? Number.NaN
          : isBroker((byPerson.get(key) ?? []).map((row) => typeOf(groups[row]!))),
      ),
      score: people.keys.map((key) => scoreOf.get(key) ?? Number.NaN),
      groupsOf: new Map(Array.from(byPerson, ([key, rows]) => [key, rows.map((row) => groups[row]!)])),
      sizeOf: new Map(Array.from(rowsOf(sources.keys("group_memberships", "group_id", "cycle")), ([key, rows]) => [key, rows.length])),
    };
  });
}
