/**
 * Teachers, coaches and leaders by cycle, with what is known of each person-year: codes of the interview, vision, MKT, practice
 * and expertise (V8-V18 but for composition), and the person's place. One value a person-year; person-years are all keys that
 * occur in a roster, an interview or a test.
 */
import type { TableName } from "../../codebook/codebook.js";
import { schoolYearMonths } from "../../codebook/facts.js";
import { meanPresent } from "../measures/arithmetic.js";
import { type ExpertiseStandards, expertise, standardOf } from "../measures/expertise.js";
import { mkt } from "../measures/mkt.js";
import { base, lagged, type Occasions, occasions } from "../measures/occasions.js";
import { perspIndex, productive } from "../measures/perspectives.js";
import { vision, visionCut, visionHigh } from "../measures/vision.js";
import { indexOf, keyOf, rowsAt, rowsOf, type Sources, taken } from "../sources.js";
import { lessonValues } from "./lesson-values.js";

export interface PersonValues {
  readonly count: number;
  readonly ids: Int32Array;
  readonly cycles: Float64Array;
  readonly keys: Float64Array;
  /** Person-year of a key. */
  readonly index: ReadonlyMap<number, number>;
  readonly occasions: Occasions;
  /** Rows in the tables of the person's kind, -1 where none. */
  readonly teacherRow: Int32Array;
  readonly coachRow: Int32Array;
  readonly leaderRow: Int32Array;
  readonly rosterRow: Int32Array;
  /** Row of the interview whose codes count, -1 where none. */
  readonly interviewRow: Int32Array;
  readonly schools: Int32Array;
  readonly districts: Int32Array;
  readonly explanation: Float64Array;
  readonly adjustment: Float64Array;
  readonly perspIndex: Float64Array;
  readonly dimensions: readonly [Float64Array, Float64Array, Float64Array];
  readonly vision: Float64Array;
  readonly visionHigh: Float64Array;
  readonly mkt: Float64Array;
  /** Mean over the lessons; of a coach the rubric of own practice. */
  readonly practice: Float64Array;
  readonly expertise: Float64Array;
  readonly lagExpertise: Float64Array;
}

export function personValues(sources: Sources): PersonValues {
  return sources.once("person values", () => {
    const frame = personFrame(sources);
    const { ids, cycles, keys, coachRow, teacherRow, leaderRow } = frame;
    const { choices } = sources;
    const codes = interviewCodes(sources, keys);
    const mktRow = rowsAt(keys, indexOf(sources.keys("mkt_scores", "person_id", "cycle")));
    const mktScores = mkt(
      {
        scores: sources.numbers("mkt_scores", "mkt_z"),
        errors: sources.numbers("mkt_scores", "mkt_se"),
        persons: sources.ids("mkt_scores", "person_id"),
        cycles: sources.numbers("mkt_scores", "cycle"),
      },
      choices.mkt,
    );
    const coded = vision(codes.dimensions, choices.vision);
    const level = taken(sources.numbers("leader_years", "vision_level"), leaderRow);
    const visions = choices.vision === "graded_response" ? coded : coded.map((value, i) => (Number.isNaN(value) ? level[i]! : value));
    const cut = visionCut(visions, choices.visionHigh);
    const lessons = lessonValues(sources);
    const lessonsOf = rowsOf(lessons.keys);
    const coachPractice = taken(sources.numbers("coach_years", "instructional_practice"), coachRow);
    const practice = keys.map((key, i) =>
      coachRow[i]! >= 0 ? coachPractice[i]! : meanPresent((lessonsOf.get(key) ?? []).map((row) => lessons.composite[row]!)),
    );
    const scores = taken(mktScores, mktRow);
    const time = occasions(ids, cycles);
    const role = sources.factor("network_roster", "role");
    const teaching = role.levels.map((level) => level === "teacher" || level === "coach");
    const teaches = Uint8Array.from(keys, (_, i) =>
      teacherRow[i]! >= 0 || coachRow[i]! >= 0 || teaching[role.codes[frame.rosterRow[i]!] ?? -1] === true ? 1 : 0,
    );
    const standards = sources.expertiseStandards ?? standardsOf(practice, visions, scores, teaches, time);
    const expert = practice.map((x, i) =>
      teaches[i] === 1 ? expertise(x, visions[i]!, scores[i]!, standards, choices.expertise) : Number.NaN,
    );
    return {
      ...frame,
      occasions: time,
      interviewRow: codes.interviewRow,
      explanation: codes.explanation,
      adjustment: codes.adjustment,
      perspIndex: perspIndex(codes.explanation, codes.adjustment, choices.perspIndex),
      dimensions: codes.dimensions,
      vision: visions,
      visionHigh: visions.map((value) => visionHigh(value, cut)),
      mkt: scores,
      practice,
      expertise: expert,
      lagExpertise: lagged(expert, time),
    };
  });
}

/** V11, one value a person-year. */
export function productive0(values: PersonValues, sources: Sources): Float64Array {
  const how = sources.choices.productive0;
  const flags = values.explanation.map((code, i) => productive(code, values.adjustment[i]!, how));
  if (how === "previous_cycle") return lagged(flags, values.occasions);
  // The first year in which a code is on record decides, also where it leaves the question open.
  const observed = values.explanation.map((code, i) => (Number.isNaN(code) && Number.isNaN(values.adjustment[i]!) ? Number.NaN : i));
  return taken(
    flags,
    base(observed, values.occasions).map((row) => (Number.isNaN(row) ? -1 : row)),
  );
}

type Frame = Pick<
  PersonValues,
  "count" | "ids" | "cycles" | "keys" | "index" | "teacherRow" | "coachRow" | "leaderRow" | "rosterRow" | "schools" | "districts"
>;

function personFrame(sources: Sources): Frame {
  const ids: number[] = [];
  const cycles: number[] = [];
  const keys: number[] = [];
  const index = new Map<number, number>();
  const add = (people: Int32Array, years: Float64Array): void => {
    people.forEach((person, row) => {
      const key = keyOf(person, years[row]!);
      if (key < 0 || index.has(key)) return;
      index.set(key, keys.push(key) - 1);
      ids.push(person);
      cycles.push(years[row]!);
    });
  };
  add(sources.ids("teacher_years", "teacher_id"), sources.numbers("teacher_years", "cycle"));
  add(sources.ids("coach_years", "coach_id"), sources.numbers("coach_years", "cycle"));
  add(sources.ids("leader_years", "leader_id"), sources.numbers("leader_years", "cycle"));
  for (const table of ["network_roster", "interviews", "mkt_scores"] as const) {
    add(sources.ids(table, "person_id"), sources.numbers(table, "cycle"));
  }
  const at = (own: Float64Array): Int32Array => rowsAt(keys, indexOf(own));
  const teacherRow = at(sources.keys("teacher_years", "teacher_id", "cycle"));
  const coachRow = at(sources.keys("coach_years", "coach_id", "cycle"));
  const leaderRow = at(sources.keys("leader_years", "leader_id", "cycle"));
  const rosterRow = at(sources.keys("network_roster", "person_id", "cycle"));
  const main = mainAssignments(sources);
  const schools = Int32Array.from(keys, (key, i) => {
    if (rosterRow[i]! >= 0) return sources.ids("network_roster", "school_id")[rosterRow[i]!]!;
    if (teacherRow[i]! >= 0) return sources.ids("teacher_years", "school_id")[teacherRow[i]!]!;
    if (leaderRow[i]! >= 0) return sources.ids("leader_years", "school_id")[leaderRow[i]!]!;
    return main.get(key) ?? -1;
  });
  const homes = homeDistricts(sources);
  const districtOfSchool = schoolDistricts(sources);
  const districts = Int32Array.from(schools, (school, i) => districtOfSchool.get(school) ?? homes.get(ids[i]!) ?? -1);
  return {
    count: keys.length,
    ids: Int32Array.from(ids),
    cycles: Float64Array.from(cycles),
    keys: Float64Array.from(keys),
    index,
    teacherRow,
    coachRow,
    leaderRow,
    rosterRow,
    schools,
    districts,
  };
}

/** School to district. */
export function schoolDistricts(sources: Sources): ReadonlyMap<number, number> {
  return sources.once("districts of schools", () => {
    const districts = sources.ids("schools", "district_id");
    return new Map(Array.from(sources.ids("schools", "school_id"), (school, row) => [school, districts[row]!]));
  });
}

/** Person to district, from the tables of teachers, coaches and leaders. */
function homeDistricts(sources: Sources): ReadonlyMap<number, number> {
  const homes = new Map<number, number>();
  const add = (people: Int32Array, districts: Int32Array): void => {
    people.forEach((person, row) => {
      homes.set(person, districts[row]!);
    });
  };
  add(sources.ids("teachers", "teacher_id"), sources.ids("teachers", "district_id"));
  add(sources.ids("coaches", "coach_id"), sources.ids("coaches", "district_id"));
  add(sources.ids("leaders", "leader_id"), sources.ids("leaders", "district_id"));
  return homes;
}

/** Coach-year to the school with the greatest share; of equal shares the school that stands first. */
function mainAssignments(sources: Sources): ReadonlyMap<number, number> {
  const keys = sources.keys("coach_assignments", "coach_id", "cycle");
  const [schools, shares] = [sources.ids("coach_assignments", "school_id"), sources.numbers("coach_assignments", "share")];
  const best = new Map<number, number>();
  keys.forEach((key, row) => {
    const known = best.get(key);
    if (key >= 0 && (known === undefined || shares[row]! > shares[known]!)) best.set(key, row);
  });
  return new Map(Array.from(best, ([key, row]) => [key, schools[row]!]));
}

interface Codes {
  readonly interviewRow: Int32Array;
  readonly explanation: Float64Array;
  readonly adjustment: Float64Array;
  readonly dimensions: readonly [Float64Array, Float64Array, Float64Array];
}

/** Codes of record. Of several interviews of a person-year the latest in the school year with a code of that kind counts. */
function interviewCodes(sources: Sources, keys: Float64Array): Codes {
  const interviews = rowsOf(sources.keys("interviews", "person_id", "cycle"));
  const months = sources.numbers("interviews", "month");
  const names = sources.ids("interviews", "interview_id");
  const latest = Array.from(keys, (key) =>
    [...(interviews.get(key) ?? [])].sort((a, b) => schoolYearMonths.indexOf(months[b]!) - schoolYearMonths.indexOf(months[a]!)),
  );
  const codesOf = <N extends TableName & ("vhqmi_codes" | "vsmc_codes")>(table: N): { interview: Int32Array; code: Int32Array } => {
    const order = sources.numbers(table, "coding_order");
    const record = indexOf(Int32Array.from(sources.ids(table, "interview_id"), (id, row) => (order[row] === 1 ? id : -1)));
    const interview = Int32Array.from(latest, (rows) => rows.find((row) => record.has(names[row]!)) ?? -1);
    return { interview, code: Int32Array.from(interview, (row) => (row < 0 ? -1 : record.get(names[row]!)!)) };
  };
  const [views, visions] = [codesOf("vsmc_codes"), codesOf("vhqmi_codes")];
  return {
    interviewRow: Int32Array.from(views.interview, (row, i) =>
      row >= 0 ? row : visions.interview[i]! >= 0 ? visions.interview[i]! : (latest[i]![0] ?? -1),
    ),
    explanation: taken(sources.numbers("vsmc_codes", "explanation"), views.code),
    adjustment: taken(sources.numbers("vsmc_codes", "adjustment"), views.code),
    dimensions: [
      taken(sources.numbers("vhqmi_codes", "role_of_teacher"), visions.code),
      taken(sources.numbers("vhqmi_codes", "discourse"), visions.code),
      taken(sources.numbers("vhqmi_codes", "tasks"), visions.code),
    ],
  };
}

/** Over teachers and coaches, each with the first value that is known. */
function standardsOf(
  iqa: Float64Array,
  visions: Float64Array,
  scores: Float64Array,
  teaches: Uint8Array,
  time: Occasions,
): ExpertiseStandards {
  const first = (x: Float64Array): number[] =>
    time.rowsOf.map((rows) => x[rows.find((row) => teaches[row] === 1 && !Number.isNaN(x[row]!)) ?? -1] ?? Number.NaN);
  return { iqa: standardOf(first(iqa)), vision: standardOf(first(visions)), mkt: standardOf(first(scores)) };
}
