/**
 * School-years: coaches who serve, the principal's practices, shared vision, stability, growth, gaps in opportunity, brokers (V25,
 * V26, V29-V31, V34, V40, V43). One value a school-year; school-years are those of the tables school_years and teacher_years.
 */
import { anyTrue, meanPresent, total, variancePresent, weightedMean } from "../measures/arithmetic.js";
import { coachCollaboration } from "../measures/coach-collaboration.js";
import { opportunityGap } from "../measures/opportunity-gap.js";
import { meanReliability, oneWayIcc, sharedVision, withinGroupAgreement } from "../measures/shared-vision.js";
import { indexOf, keyOf, rowsAt, rowsOf, type Sources, taken } from "../sources.js";
import { coachValues } from "./coach-values.js";
import { groupValues } from "./group-values.js";
import { lessonValues } from "./lesson-values.js";
import { personValues } from "./person-values.js";
import { teacherValues } from "./teacher-values.js";

export interface SchoolValues {
  readonly ids: Int32Array;
  readonly cycles: Float64Array;
  readonly keys: Float64Array;
  readonly index: ReadonlyMap<number, number>;
  /** Row of school_years, -1 where none. */
  readonly row: Int32Array;
  readonly principals: Int32Array;
  /** The principal's rows in principal_practices and leader_years. */
  readonly practiceRow: Int32Array;
  readonly leaderRow: Int32Array;
  readonly coaches: Int32Array;
  readonly nCoaches: Float64Array;
  readonly coachShare: Float64Array;
  readonly coachExpertise: Float64Array;
  readonly coachAccomplished: Float64Array;
  readonly coachFacets: Float64Array;
  readonly coachCollaboration: Float64Array;
  readonly visionMean: Float64Array;
  readonly mktMean: Float64Array;
  readonly iqaMean: Float64Array;
  readonly productiveShare: Float64Array;
  readonly viewTrackingMean: Float64Array;
  readonly sharedVision: Float64Array;
  readonly stability: Float64Array;
  readonly growth: Float64Array;
  readonly growthSe: Float64Array;
  readonly growthN: Float64Array;
  readonly opportunityGap: Float64Array;
  readonly nBrokers: Float64Array;
}

type Frame = Pick<SchoolValues, "ids" | "cycles" | "keys" | "index" | "row">;

export function schoolValues(sources: Sources): SchoolValues {
  return sources.once("school values", () => {
    const frame = schoolFrame(sources);
    return {
      ...frame,
      ...coaching(sources, frame),
      ...leading(sources, frame),
      ...teaching(sources, frame),
      ...organising(sources, frame),
    };
  });
}

function schoolFrame(sources: Sources): Frame {
  const ids: number[] = [];
  const cycles: number[] = [];
  const keys: number[] = [];
  const index = new Map<number, number>();
  for (const table of ["school_years", "teacher_years"] as const) {
    const years = sources.numbers(table, "cycle");
    sources.ids(table, "school_id").forEach((school, row) => {
      const key = keyOf(school, years[row]!);
      if (key < 0 || index.has(key)) return;
      index.set(key, keys.push(key) - 1);
      ids.push(school);
      cycles.push(years[row]!);
    });
  }
  return {
    ids: Int32Array.from(ids),
    cycles: Float64Array.from(cycles),
    keys: Float64Array.from(keys),
    index,
    row: rowsAt(keys, indexOf(sources.keys("school_years", "school_id", "cycle"))),
  };
}

type Coaching = Pick<SchoolValues, "coaches" | "nCoaches" | "coachShare" | "coachExpertise" | "coachAccomplished" | "coachFacets">;

function coaching(sources: Sources, { keys, cycles }: Frame): Coaching {
  const people = personValues(sources);
  const coaches = coachValues(sources);
  const serving = Array.from(keys, (key) => coaches.servingOf.get(key) ?? []);
  const recorded = new Set(sources.numbers("coach_assignments", "cycle"));
  const of = (column: Float64Array, k: number): number[] => serving[k]!.map(({ person }) => column[person] ?? Number.NaN);
  const each = (value: (k: number) => number): Float64Array => Float64Array.from(keys, (_, k) => value(k));
  return {
    coaches: Int32Array.from(serving, (some) => some[0]?.coach ?? -1),
    nCoaches: each((k) => (recorded.has(cycles[k]!) ? serving[k]!.length : Number.NaN)),
    coachShare: each((k) => (recorded.has(cycles[k]!) ? total(serving[k]!.map(({ share }) => share)) : Number.NaN)),
    coachExpertise: each((k) =>
      weightedMean(
        of(people.expertise, k),
        serving[k]!.map(({ share }) => share),
      ),
    ),
    coachAccomplished: each((k) => anyTrue(of(coaches.accomplished, k))),
    coachFacets: each((k) => of(coaches.facets, k).reduce((most, x) => (x > most || Number.isNaN(most) ? x : most), Number.NaN)),
  };
}

type Leading = Pick<SchoolValues, "principals" | "practiceRow" | "leaderRow" | "coachCollaboration">;

function leading(sources: Sources, { ids, cycles, row }: Frame): Leading {
  const named = sources.ids("school_years", "principal_id");
  const { codes, levels } = sources.factor("leader_years", "role");
  const principal = levels.indexOf("principal");
  const leaders = sources.ids("leader_years", "leader_id");
  const bySchool = indexOf(sources.keys("leader_years", "school_id", "cycle").map((key, k) => (codes[k] === principal ? key : -1)));
  const principals = Int32Array.from(ids, (school, k) => {
    if (row[k]! >= 0 && named[row[k]!]! >= 0) return named[row[k]!]!;
    return leaders[bySchool.get(keyOf(school, cycles[k]!)) ?? -1] ?? -1;
  });
  const keys = Float64Array.from(principals, (leader, k) => keyOf(leader, cycles[k]!));
  const practiceRow = rowsAt(keys, indexOf(sources.keys("principal_practices", "leader_id", "cycle")));
  return {
    principals,
    practiceRow,
    leaderRow: rowsAt(keys, indexOf(sources.keys("leader_years", "leader_id", "cycle"))),
    coachCollaboration: taken(collaborations(sources), practiceRow),
  };
}

/** V26, one value a row of principal_practices. */
export function collaborations(sources: Sources): Float64Array {
  return sources.once("collaborations", () => {
    const observes = sources.numbers("principal_practices", "observes_with_coach");
    const diverts = sources.numbers("principal_practices", "diverts_coach");
    return sources
      .numbers("principal_practices", "coach_meetings_month")
      .map((meetings, i) => coachCollaboration(meetings, observes[i]!, diverts[i]!, sources.choices.coachCollaboration));
  });
}

type Teaching = Pick<
  SchoolValues,
  | "visionMean"
  | "mktMean"
  | "iqaMean"
  | "productiveShare"
  | "viewTrackingMean"
  | "stability"
  | "growth"
  | "growthSe"
  | "growthN"
  | "sharedVision"
>;

/** What the teachers of a school-year have in common. */
function teaching(sources: Sources, frame: Frame): Teaching {
  const people = personValues(sources);
  const teachers = teacherValues(sources);
  const rows = rowsOf(sources.keys("teacher_years", "school_id", "cycle"));
  const own = Array.from(frame.keys, (key) => rows.get(key) ?? []);
  const person = (column: Float64Array): Float64Array => taken(column, teachers.person);
  const mean = (column: Float64Array): Float64Array => Float64Array.from(own, (some) => meanPresent(some.map((k) => column[k]!)));
  const changes = own.map((some) => some.map((k) => teachers.yearlyChange[k]!).filter((x) => !Number.isNaN(x)));
  const survey = (name: "view_tracking" | "shared_vision_school"): Float64Array =>
    taken(sources.numbers("teacher_surveys", name), teachers.surveyRow);
  return {
    visionMean: mean(person(people.vision)),
    mktMean: mean(person(people.mkt)),
    iqaMean: mean(teachers.composite),
    productiveShare: mean(person(people.explanation).map((code) => (Number.isNaN(code) ? code : code === 1 ? 1 : 0))),
    viewTrackingMean: mean(survey("view_tracking")),
    stability: mean(teachers.retained),
    growth: Float64Array.from(changes, (some) => meanPresent(some)),
    growthSe: Float64Array.from(changes, (some) => Math.sqrt(variancePresent(some) / some.length)),
    growthN: Float64Array.from(changes, (some) => some.length),
    sharedVision:
      sources.choices.sharedVision === "survey" ? mean(survey("shared_vision_school")) : agreement(sources, frame.keys, people.schools),
  };
}

/**
 * V29 of the units at `keys`: teachers, coaches and leaders of the unit.
 *
 * @param units the unit of each person-year
 */
export function agreement(sources: Sources, keys: Float64Array, units: Int32Array): Float64Array {
  const people = personValues(sources);
  const members = rowsOf(Float64Array.from(units, (unit, i) => keyOf(unit, people.cycles[i]!)));
  const visions = Array.from(keys, (key) => (members.get(key) ?? []).map((i) => people.vision[i]!).filter((x) => !Number.isNaN(x)));
  switch (sources.choices.sharedVision) {
    case "variance":
    case "survey":
      return Float64Array.from(visions, sharedVision);
    case "r_wg":
      return Float64Array.from(keys, (key) =>
        withinGroupAgreement(people.dimensions.map((dimension) => (members.get(key) ?? []).map((i) => dimension[i]!))),
      );
    case "icc": {
      const cycleOf = Array.from(keys, (key) => people.cycles[members.get(key)?.[0] ?? -1] ?? Number.NaN);
      const iccs = new Map([...new Set(cycleOf)].map((cycle) => [cycle, oneWayIcc(visions.filter((_, k) => cycleOf[k] === cycle))]));
      return Float64Array.from(visions, (some, k) => meanReliability(iccs.get(cycleOf[k]!) ?? Number.NaN, some.length));
    }
  }
}

function organising(sources: Sources, { keys, cycles }: Frame): Pick<SchoolValues, "opportunityGap" | "nBrokers"> {
  const people = personValues(sources);
  const { broker, nGroups } = groupValues(sources);
  const members = rowsOf(Float64Array.from(people.schools, (school, i) => keyOf(school, people.cycles[i]!)));
  const recorded = new Set(sources.numbers("group_memberships", "cycle"));
  const lessons = lessonValues(sources);
  const lessonsOf = rowsOf(sources.ids("lessons", "section_id"));
  const sections = rowsOf(sources.keys("sections", "school_id", "cycle"));
  const ids = sources.ids("sections", "section_id");
  const priors = sources.numbers("sections", "prior_mean");
  const share = (section: number): number => meanPresent((lessonsOf.get(ids[section]!) ?? []).map((row) => lessons.maintainedAll[row]!));
  return {
    opportunityGap: Float64Array.from(keys, (key) => {
      const own = sections.get(key) ?? [];
      return opportunityGap(
        own.map(share),
        own.map((section) => priors[section]!),
        sources.choices.opportunityGap,
      );
    }),
    nBrokers: Float64Array.from(keys, (key, k) => {
      if (!recorded.has(cycles[k]!)) return Number.NaN;
      const known = (members.get(key) ?? []).filter((i) => nGroups[i]! > 0);
      return known.length === 0 ? 0 : total(known.map((i) => broker[i]!));
    }),
  };
}
