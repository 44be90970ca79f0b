/**
 * Unit pairs: one row a pair of units of a district's central office and cycle, and how far they are oriented alike (V27). A unit is
 * the post of its leaders; its orientation is their mean. district_years holds the pair of curriculum and leadership.
 *
 * Keys: district_id, cycle, unit_a, unit_b; the leaders are the rows of leader_years with that post in that district and cycle.
 */
import type { Table } from "../../../data/table.js";
import { districtGroups } from "../../codebook/facts.js";
import { type LevelRow, levelTable, plainFactor } from "../level-table.js";
import { meanPresent } from "../measures/arithmetic.js";
import { orientationMatch } from "../measures/orientation-match.js";
import { keyOf, rowsOf, type Sources } from "../sources.js";
import { personValues, schoolDistricts } from "../values/person-values.js";
import { agreement } from "../values/school-values.js";
import { teacherValues } from "../values/teacher-values.js";

export const unitPairColumns = {
  district_id: { type: "id" },
  district: { type: "id" },
  cycle: { type: "number" },
  unit_a: { type: "category" },
  unit_b: { type: "category" },
  orientation_a: { type: "number" },
  orientation_b: { type: "number" },
  orientation_match: { type: "number", measure: "V27" },
} as const;

export type UnitPairRow = LevelRow<typeof unitPairColumns>;

export const districtYearColumns = {
  district_id: { type: "id" },
  district: { type: "id" },
  cycle: { type: "number" },
  orientation_c_and_i: { type: "number", needs: ["leader_years"] },
  orientation_leadership: { type: "number", needs: ["leader_years"] },
  orientation_match: { type: "number", measure: "V27", needs: ["leader_years"] },
  shared_vision: { type: "number", measure: "V29" },
  growth: { type: "number", measure: "V31", needs: ["teacher_years", "lessons", "iqa_ratings"] },
  stability: { type: "number", measure: "V30", needs: ["teacher_years"] },
} as const;

export type DistrictYearRow = LevelRow<typeof districtYearColumns>;

/** Posts that are units of the central office: groups that leaders belong to by their post. */
const UNITS: readonly string[] = ["superintendent", "cao", ...districtGroups.filter((group) => group !== "partnership"), "math_specialist"];

interface Orientations {
  readonly district: number;
  readonly cycle: number;
  /** Mean orientation of each unit of UNITS; NaN where none is known. */
  readonly means: readonly number[];
}

function orientations(sources: Sources): readonly Orientations[] {
  const people = personValues(sources);
  const { codes, levels } = sources.factor("leader_years", "role");
  const scores = sources.numbers("leader_years", "orientation");
  const byDistrict = rowsOf(
    Float64Array.from(people.districts, (district, i) => (people.leaderRow[i]! < 0 ? -1 : keyOf(district, people.cycles[i]!))),
  );
  return Array.from(byDistrict.values(), (members) => ({
    district: people.districts[members[0]!]!,
    cycle: people.cycles[members[0]!]!,
    means: UNITS.map((unit) => {
      const code = levels.indexOf(unit);
      return meanPresent(members.map((i) => people.leaderRow[i]!).flatMap((row) => (codes[row] === code ? [scores[row]!] : [])));
    }),
  }));
}

export function unitPairs(sources: Sources): Table<UnitPairRow> {
  const rows = orientations(sources).flatMap(({ district, cycle, means }) =>
    means.flatMap((a, x) =>
      means.flatMap((b, y) => (x < y && !Number.isNaN(a) && !Number.isNaN(b) ? [{ district, cycle, x, y, a, b }] : [])),
    ),
  );
  const district = Int32Array.from(rows, (row) => row.district);
  return levelTable(
    unitPairColumns,
    sources,
    {},
    {
      district_id: district,
      district,
      cycle: Float64Array.from(rows, (row) => row.cycle),
      unit_a: plainFactor(
        "unit_a",
        Int32Array.from(rows, (row) => row.x),
        UNITS,
      ),
      unit_b: plainFactor(
        "unit_b",
        Int32Array.from(rows, (row) => row.y),
        UNITS,
      ),
      orientation_a: Float64Array.from(rows, (row) => row.a),
      orientation_b: Float64Array.from(rows, (row) => row.b),
      orientation_match: Float64Array.from(rows, (row) => orientationMatch(row.a, row.b, sources.choices.orientationMatch)),
    },
  );
}

/** District-years of the tables teacher_years and leader_years. */
export function districtYears(sources: Sources): Table<DistrictYearRow> {
  const people = personValues(sources);
  const teachers = teacherValues(sources);
  const keys = Float64Array.from(people.districts, (district, i) => keyOf(district, people.cycles[i]!));
  const members = [...rowsOf(keys)];
  const districts = Int32Array.from(members, ([, rows]) => people.districts[rows[0]!]!);
  const cycles = Float64Array.from(members, ([, rows]) => people.cycles[rows[0]!]!);
  const units = new Map(orientations(sources).map((row) => [keyOf(row.district, row.cycle), row.means]));
  const mean = (key: number, unit: string): number => units.get(key)?.[UNITS.indexOf(unit)] ?? Number.NaN;
  const districtOf = schoolDistricts(sources);
  const years = sources.numbers("teacher_years", "cycle");
  const teachersOf = rowsOf(
    Float64Array.from(sources.ids("teacher_years", "school_id"), (school, i) => keyOf(districtOf.get(school) ?? -1, years[i]!)),
  );
  const ofTeachers = (column: Float64Array): Float64Array =>
    Float64Array.from(members, ([key]) => meanPresent((teachersOf.get(key) ?? []).map((row) => column[row]!)));
  return levelTable(
    districtYearColumns,
    sources,
    {},
    {
      district_id: districts,
      district: districts,
      cycle: cycles,
      orientation_c_and_i: Float64Array.from(members, ([key]) => mean(key, "c_and_i")),
      orientation_leadership: Float64Array.from(members, ([key]) => mean(key, "leadership_unit")),
      orientation_match: Float64Array.from(members, ([key]) =>
        orientationMatch(mean(key, "c_and_i"), mean(key, "leadership_unit"), sources.choices.orientationMatch),
      ),
      shared_vision: agreement(
        sources,
        Float64Array.from(members, ([key]) => key),
        people.districts,
      ),
      growth: ofTeachers(teachers.yearlyChange),
      stability: ofTeachers(teachers.retained),
    },
  );
}
