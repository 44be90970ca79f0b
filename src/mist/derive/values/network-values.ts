/**
 * Advice networks by person-year: ties named, degrees, exposure (V19, V20, V23). Everything a person named is missing where the
 * person did not answer the network survey of that cycle or was not on its roster.
 */

import { degree, tiePersists, tieShare } from "../measures/degree.js";
import { type Alter, exposure, exposureGap } from "../measures/exposure.js";
import { keyOf, rowsOf, type Sources } from "../sources.js";
import { type PersonValues, personValues } from "./person-values.js";

export interface Network {
  /** Rows of network_edges that a person-year names. */
  edgesOf(key: number): readonly number[];
  /** Row of the tie from ego to alter in a cycle; -1 where none. */
  edge(ego: number, alter: number, cycle: number): number;
  /** 1 or 0, NaN where ego did not answer or one of the two was not on the roster. */
  tie(ego: number, alter: number, cycle: number): number;
  /** Whether the person answered the survey of that cycle. */
  answered(key: number): boolean;
  /** Person-years of the same school (district) and cycle on the roster, by the unit's key. */
  readonly sets: ReadonlyMap<number, readonly number[]>;
  /** The key in `sets` of a person-year; -1 where it is on no roster or belongs to no unit. */
  readonly setOf: Float64Array;
}

/** The network over the risk set of a school, or of a district. */
export function network(sources: Sources, riskSet: "school" | "district"): Network {
  return sources.once(`network ${riskSet}`, () => {
    const people = personValues(sources);
    const edges = rowsOf(sources.keys("network_edges", "ego_id", "cycle"));
    const alters = sources.ids("network_edges", "alter_id");
    const responded = sources.numbers("network_roster", "responded");
    const edgeRow = new Map<number, ReadonlyMap<number, number>>();
    for (const [key, rows] of edges) edgeRow.set(key, new Map(rows.map((row) => [alters[row]!, row])));
    const units = riskSet === "school" ? people.schools : people.districts;
    const setOf = Float64Array.from(units, (unit, i) => (people.rosterRow[i]! < 0 ? -1 : keyOf(unit, people.cycles[i]!)));
    const rosterOf = (key: number): number => people.rosterRow[people.index.get(key) ?? -1] ?? -1;
    const answered = (key: number): boolean => sources.has("network_edges") && responded[rosterOf(key)] === 1;
    const edge = (ego: number, alter: number, cycle: number): number => edgeRow.get(keyOf(ego, cycle))?.get(alter) ?? -1;
    return {
      edgesOf: (key) => edges.get(key) ?? [],
      edge,
      tie: (ego, alter, cycle) => {
        if (!answered(keyOf(ego, cycle)) || rosterOf(keyOf(alter, cycle)) < 0) return Number.NaN;
        return edge(ego, alter, cycle) >= 0 ? 1 : 0;
      },
      answered,
      sets: rowsOf(setOf),
      setOf,
    };
  });
}

export interface NetworkValues {
  readonly nAlters: Float64Array;
  readonly isolate: Float64Array;
  readonly exposureMean: Float64Array;
  readonly exposureMax: Float64Array;
  readonly exposureDeep: Float64Array;
  readonly exposureSum: Float64Array;
  readonly anyExpert: Float64Array;
  readonly exposureGap: Float64Array;
  readonly inDegree: Float64Array;
  readonly outDegree: Float64Array;
  readonly inDegreeShare: Float64Array;
  readonly outDegreeShare: Float64Array;
  readonly reciprocity: Float64Array;
  readonly persist: Float64Array;
  readonly deepShare: Float64Array;
  /** Others on the roster whom the person could name. */
  readonly nRisk: Float64Array;
  /** Those of them who answered, and so could name the person. */
  readonly nNominators: Float64Array;
}

const COLUMNS = [
  "nAlters",
  "isolate",
  "exposureMean",
  "exposureMax",
  "exposureDeep",
  "exposureSum",
  "anyExpert",
  "exposureGap",
  "inDegree",
  "outDegree",
  "inDegreeShare",
  "outDegreeShare",
  "reciprocity",
  "persist",
  "deepShare",
  "nRisk",
  "nNominators",
] as const satisfies readonly (keyof NetworkValues)[];

/** One value a person-year. */
export function networkValues(sources: Sources): NetworkValues {
  return sources.once("network values", () => {
    const people = personValues(sources);
    const values = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(people.count).fill(Number.NaN)])) as {
      [K in keyof NetworkValues]: Float64Array;
    };
    for (let i = 0; i < people.count; i++) {
      if (people.rosterRow[i]! < 0) continue;
      exposures(i, sources, people, values);
      degrees(i, sources, people, values);
    }
    return values;
  });
}

function exposures(i: number, sources: Sources, people: PersonValues, values: NetworkValues): void {
  const { choices } = sources;
  const ties = network(sources, "school");
  const cycle = choices.exposureAlters === "current" ? people.cycles[i]! : people.cycles[i]! - 1;
  const key = keyOf(people.ids[i]!, cycle);
  if (!ties.answered(key)) return;
  const alters = ties.edgesOf(key).map((row) => alterOf(row, people.cycles[i]! - 1, sources, people));
  const found = exposure(alters, choices.exposureWeights, choices.exposureOfIsolates);
  values.nAlters[i] = alters.length;
  values.isolate[i] = alters.length === 0 ? 1 : 0;
  values.exposureMean[i] = found.mean;
  values.exposureMax[i] = found.max;
  values.exposureDeep[i] = found.deep;
  values.exposureSum[i] = found.sum;
  values.anyExpert[i] = found.anyExpert;
  values.exposureGap[i] = exposureGap(
    alters.map((alter) => alter.expertise),
    found.mean,
    people.lagExpertise[i]!,
    choices.exposureGap,
  );
}

function alterOf(row: number, cycle: number, sources: Sources, people: PersonValues): Alter {
  const known = people.index.get(keyOf(sources.ids("network_edges", "alter_id")[row]!, cycle));
  return {
    expertise: known === undefined ? Number.NaN : people.expertise[known]!,
    deep: sources.numbers("network_edges", "depth")[row]!,
    frequency: sources.numbers("network_edges", "frequency")[row]!,
  };
}

function degrees(i: number, sources: Sources, people: PersonValues, values: NetworkValues): void {
  const { degreeRiskSet, degreeWeights } = sources.choices;
  const ties = network(sources, degreeRiskSet);
  const depth = sources.numbers("network_edges", "depth");
  if (ties.answered(people.keys[i]!)) values.deepShare[i] = tieShare(ties.edgesOf(people.keys[i]!).map((row) => depth[row]!));
  const [ego, cycle] = [people.ids[i]!, people.cycles[i]!];
  const others = (ties.sets.get(ties.setOf[i]!) ?? []).filter((other) => other !== i);
  if (ties.setOf[i]! < 0) return;
  const frequency = sources.numbers("network_edges", "frequency");
  values.nRisk[i] = others.length;
  const nominators = others.filter((other) => ties.answered(people.keys[other]!));
  values.nNominators[i] = nominators.length;
  if (nominators.length > 0) {
    const received = nominators.map((other) => ties.edge(people.ids[other]!, ego, cycle)).filter((row) => row >= 0);
    values.inDegree[i] = degree(
      received.map((row) => frequency[row]!),
      degreeWeights,
    );
    values.inDegreeShare[i] = values.inDegree[i]! / others.length;
  }
  if (!ties.answered(people.keys[i]!)) return;
  const named = others.filter((other) => ties.edge(ego, people.ids[other]!, cycle) >= 0);
  values.outDegree[i] = degree(
    named.map((other) => frequency[ties.edge(ego, people.ids[other]!, cycle)]!),
    degreeWeights,
  );
  values.outDegreeShare[i] = others.length === 0 ? Number.NaN : values.outDegree[i]! / others.length;
  values.reciprocity[i] = tieShare(named.map((other) => ties.tie(people.ids[other]!, ego, cycle)));
  const before = people.occasions.before[i]!;
  if (before < 0) return;
  const earlier = (ties.sets.get(ties.setOf[before]!) ?? []).filter((other) => other !== before);
  values.persist[i] = tieShare(
    earlier.map((other) => {
      const alter = people.ids[other]!;
      return tiePersists(ties.tie(ego, alter, cycle - 1), ties.tie(ego, alter, cycle));
    }),
  );
}
