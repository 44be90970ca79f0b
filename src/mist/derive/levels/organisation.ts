/**
 * The lived organisation: object-years (one row a boundary object and cycle, V35) and role pairs (one row a pair of roles, place and
 * cycle, V36).
 *
 * Keys: object_id, cycle; district_id, school_id, cycle, from_role, to_role. negotiated is the share of the object's groups that
 * negotiated it, encounters_deep the number a year of deep encounters between its groups (0 where none of them is on record).
 */
import type { Table } from "../../../data/table.js";
import { type LevelRow, levelTable, plainFactor } from "../level-table.js";
import { meanPresent } from "../measures/arithmetic.js";
import { boCompatible } from "../measures/boundary-objects.js";
import { imbalance, mutual } from "../measures/mutual.js";
import { keyOf, rowsOf, type Sources, takenFactor, takenIds } from "../sources.js";
import { groupValues } from "../values/group-values.js";

export const objectYearColumns = {
  object_id: { type: "id", from: "boundary_objects.object_id" },
  cycle: { type: "number", from: "boundary_objects.cycle" },
  object_type: { type: "category", from: "boundary_objects.object_type" },
  n_groups: { type: "number" },
  negotiated: { type: "number" },
  encounters_deep: { type: "number", measure: "V43", needs: ["boundary_encounters"] },
  bo_compatible: { type: "number", measure: "V35" },
} as const;

export type ObjectYearRow = LevelRow<typeof objectYearColumns>;

export const rolePairColumns = {
  district_id: { type: "id", from: "role_relations.district_id" },
  district: { type: "id" },
  school_id: { type: "id", from: "role_relations.school_id" },
  cycle: { type: "number", from: "role_relations.cycle" },
  from_role: { type: "category" },
  to_role: { type: "category" },
  role_pair: { type: "category" },
  accountability: { type: "number" },
  assistance: { type: "number" },
  mutual: { type: "number", measure: "V36" },
  imbalance: { type: "number", measure: "V36" },
} as const;

export type RolePairRow = LevelRow<typeof rolePairColumns>;

export function objectYears(sources: Sources): Table<ObjectYearRow> {
  const uses = [...rowsOf(sources.keys("boundary_objects", "object_id", "cycle")).values()];
  const first = Int32Array.from(uses, (rows) => rows[0]!);
  const groups = sources.ids("boundary_objects", "group_id");
  const cycles = sources.numbers("boundary_objects", "cycle");
  const meanings = sources.texts("boundary_objects", "meaning");
  const negotiated = sources.numbers("boundary_objects", "negotiated");
  const { sizeOf } = groupValues(sources);
  const [a, b] = [sources.ids("boundary_encounters", "group_a"), sources.ids("boundary_encounters", "group_b")];
  const depth = sources.numbers("boundary_encounters", "depth");
  const times = sources.numbers("boundary_encounters", "n_per_year");
  const encounters = rowsOf(sources.numbers("boundary_encounters", "cycle"));
  const deep = (rows: readonly number[]): number => {
    const own = new Set(rows.map((row) => groups[row]!));
    const between = (encounters.get(cycles[rows[0]!]!) ?? []).filter((row) => own.has(a[row]!) && own.has(b[row]!));
    return between.reduce((sum, row) => sum + (depth[row] === 1 ? times[row]! : 0), 0);
  };
  return levelTable(
    objectYearColumns,
    sources,
    { boundary_objects: first },
    {
      n_groups: Float64Array.from(uses, (rows) => rows.length),
      negotiated: Float64Array.from(uses, (rows) => meanPresent(rows.map((row) => negotiated[row]!))),
      encounters_deep: Float64Array.from(uses, (rows) => (sources.has("boundary_encounters") ? deep(rows) : Number.NaN)),
      bo_compatible: Float64Array.from(uses, (rows) =>
        boCompatible(
          rows.map((row) => meanings[row]!),
          rows.map((row) => sizeOf.get(keyOf(groups[row]!, cycles[row]!)) ?? Number.NaN),
          sources.choices.boCompatible,
        ),
      ),
    },
  );
}

export function rolePairs(sources: Sources): Table<RolePairRow> {
  const text = (column: "from_role" | "to_role" | "relation" | "school_id" | "district_id"): readonly (string | null)[] =>
    sources.texts("role_relations", column);
  const [from, to, relation, school, district] = [
    text("from_role"),
    text("to_role"),
    text("relation"),
    text("school_id"),
    text("district_id"),
  ];
  const cycles = sources.numbers("role_relations", "cycle");
  const pairs = new Map<string, number[]>();
  for (let row = 0; row < cycles.length; row++) {
    const key = JSON.stringify([district[row], school[row], cycles[row], from[row], to[row]]);
    const known = pairs.get(key);
    if (known === undefined) pairs.set(key, [row]);
    else known.push(row);
  }
  const rows = [...pairs.values()];
  const first = Int32Array.from(rows, (own) => own[0]!);
  const strengths = sources.numbers("role_relations", "strength");
  const strength = (kind: string): Float64Array =>
    Float64Array.from(rows, (own) => strengths[own.find((row) => relation[row] === kind) ?? -1] ?? Number.NaN);
  const [accountability, assistance] = [strength("accountability"), strength("assistance")];
  const roles = (column: "from_role" | "to_role") => takenFactor(sources.factor("role_relations", column), first);
  const pairText = rows.map((own) => `${from[own[0]!]} - ${to[own[0]!]}`);
  const pairLevels = [...new Set(pairText)].sort();
  return levelTable(
    rolePairColumns,
    sources,
    { role_relations: first },
    {
      from_role: roles("from_role"),
      to_role: roles("to_role"),
      role_pair: plainFactor(
        "role_pair",
        Int32Array.from(pairText, (pair) => pairLevels.indexOf(pair)),
        pairLevels,
      ),
      district: takenIds(sources.ids("role_relations", "district_id"), first),
      accountability,
      assistance,
      mutual: accountability.map((strong, i) => mutual(strong, assistance[i]!, sources.choices.mutual)),
      imbalance: accountability.map((strong, i) => imbalance(strong, assistance[i]!)),
    },
  );
}
