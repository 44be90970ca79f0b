/**
 * The generator of synthetic studies in the shape of the study's codebook, with a truth that is known (data-generating model of the
 * specification: outcomes depend on recorded scores; instruction runs in sequence from potential to implementation to discussion).
 *
 *   frame -> people -> knowledge and vision -> composition -> views -> each cycle: meetings, coaching, network, practice, lessons
 *   -> students -> organisation -> recommendations -> practical measures -> missingness
 *
 * Districts are made one after the other and have nothing to do with each other, so that a large study can be written while it is
 * made. All data are simulated: no value in them is the study's.
 */
import { AbortError, simulateMessages } from "../../messages.js";
import { type StudyRows, tableNames } from "../codebook/codebook.js";
import type { Study } from "../codebook/study.js";
import type { TruthFile } from "../codebook/truth-file.js";
import { makeCoaches } from "./coaches.js";
import { makeCoaching } from "./coaching.js";
import { studyBuilder } from "./collect.js";
import type { DistrictDesign } from "./design.js";
import { makeSchools, pushCycles, pushDistrict, pushSchools, pushSchoolYears } from "./frame.js";
import { pushImprovementPlans } from "./improvement-plans.js";
import { pushInterviews } from "./interviews.js";
import { expertiseOf, fillKnowledge } from "./knowledge.js";
import { makeLeaders, pushTaskSorts } from "./leaders.js";
import { makeLessons } from "./lessons.js";
import { makeMeetings } from "./meetings.js";
import { applyMissingness } from "./missing.js";
import { makeNetwork } from "./network.js";
import { normalOptions, type SimulateOptions } from "./options.js";
import { pushOrganisation } from "./organisation.js";
import { pushItems, pushPracticalMeasures } from "./practical-measures.js";
import { fillPractice } from "./practice.js";
import { pushProfessionalDevelopment } from "./professional-development.js";
import { makeRaters } from "./raters.js";
import { blockRecommendations } from "./recommendations.js";
import { pushRmt } from "./rmt.js";
import { makeRosters, pushTeachers } from "./roster.js";
import { emptyRows, type StudyRowsByTable } from "./rows.js";
import { makeSections } from "./sections.js";
import { makeSetting, type PredictorObserver, type Setting } from "./setting.js";
import type { District, School, TeacherYear } from "./state.js";
import { fillPriors, makeStudents } from "./students.js";
import { pushTruth, truthFile } from "./truth.js";

/** One district of a simulated study, as it is handed out. */
export interface SimulatedDistrict {
  readonly districtId: string;
  /** Rows of every table; those of tables that belong to no district come with the first. */
  readonly rows: StudyRowsByTable;
}

/**
 * The districts of a simulated study, one after the other: memory holds one at a time.
 *
 * @throws DataError for options that cannot be used; AbortError where the signal was given
 * @example [...simulateDistricts({ preset: "tiny" })].map(({ districtId }) => districtId) // => ["D1", "D2"]
 */
export function simulateDistricts(options: SimulateOptions = {}): Generator<SimulatedDistrict, void, undefined> {
  // Options are checked here and now, not when the first district is asked for.
  const setting = makeSetting(normalOptions(options));
  return districtsOf(setting, options);
}

function* districtsOf(setting: Setting, { onProgress, signal }: SimulateOptions): Generator<SimulatedDistrict, void, undefined> {
  const perBlock = setting.block.length;
  const total = setting.options.scale * perBlock;
  const recommendations = recommendationsOf(setting);
  for (let k = 0; k < total; k++) {
    if (signal?.aborted) throw new AbortError(simulateMessages.aborted(k, total), signal.reason);
    const district = makeDistrict(setting, k, recommendations);
    yield { districtId: district.id, rows: district.rows };
    onProgress?.(k + 1, total);
  }
}

/** A simulated study in memory. */
export interface SimulatedStudy {
  /** Every table of the codebook, those of the truth too. */
  readonly tables: Required<Study>;
  /** What truth.json holds. */
  readonly truth: TruthFile;
}

/**
 * A simulated study: typed tables, and what they were made from. Large studies are better written while they are made
 * (`simulateDistricts` and `writeStudy`).
 *
 * @throws DataError for options that cannot be used; AbortError where the signal was given
 * @example simulate({ preset: "tiny" }).tables.lessons.rowCount > 100 // => true
 */
export function simulate(options: SimulateOptions = {}): SimulatedStudy {
  const builder = studyBuilder();
  const counts = new Map<string, number>();
  for (const { rows } of simulateDistricts(options)) {
    builder.add(rows);
    countRows(counts, rows);
  }
  return { tables: builder.finish(), truth: truthOf(options, counts) };
}

/** Adds a district's rows to the counts of truth.json. */
export function countRows(counts: Map<string, number>, rows: StudyRowsByTable): void {
  for (const name of tableNames) counts.set(name, (counts.get(name) ?? 0) + rows[name].length);
}

/** truth.json of a study with these options and so many rows. */
export function truthOf(options: SimulateOptions, counts: ReadonlyMap<string, number>): TruthFile {
  return truthFile(normalOptions(options), Object.fromEntries(counts));
}

/** Runs the model without handing out rows, for `observe`; see calibrate.ts. */
export function observePredictors(options: SimulateOptions, observe: PredictorObserver): void {
  const setting = makeSetting(normalOptions(options), observe);
  const total = setting.options.scale * setting.block.length;
  const recommendations = recommendationsOf(setting);
  for (let k = 0; k < total; k++) makeDistrict(setting, k, recommendations);
}

/** A block's recommendations by district, ranked over the whole block. */
type Recommendations = (block: number) => readonly StudyRows["recommendations"][][];

/** Keeps the last block's. */
function recommendationsOf(setting: Setting): Recommendations {
  let last: { readonly block: number; readonly rows: StudyRows["recommendations"][][] } | null = null;
  return (block) => {
    if (last?.block !== block) last = { block, rows: blockRecommendations(setting, block) };
    return last.rows;
  };
}

const deltas = ["delta_1", "delta_2", "delta_3", "delta_4"] as const;

/** The district with this number, from 0. */
function makeDistrict(setting: Setting, index: number, recommendations: Recommendations): District {
  const district = emptyDistrict(setting, index);
  const { rows, design } = district;
  if (index === 0) {
    pushCycles(rows);
    pushItems(rows);
    pushRmt(setting, rows);
  }
  if (district.position === 0) for (const { row } of district.raters) rows.raters.push(row);
  pushDistrict(rows, district.id, design);
  pushSchools(rows, district.id, district.schools);
  makeRosters(setting, district);
  pushTeachers(setting, district);
  makeLeaders(setting, district);
  makeCoaches(setting, district);
  pushSchoolYears(setting, district);
  makeSections(setting, district);
  makeCycles(setting, district);
  makeStudents(setting, district);
  pushTaskSorts(setting, district);
  pushProfessionalDevelopment(setting, district);
  pushOrganisation(setting, district);
  pushImprovementPlans(setting, district);
  rows.recommendations.push(...recommendations(district.block)[district.position]!);
  pushPracticalMeasures(setting, district);
  applyMissingness(setting, district);
  fillPriors(district);
  pushTruth(district);
  return district;
}

function emptyDistrict(setting: Setting, index: number): District {
  const perBlock = setting.block.length;
  const position = index % perBlock;
  const block = Math.floor(index / perBlock);
  const design: DistrictDesign = setting.block[position]!;
  const number = index + 1;
  return {
    id: `D${number}`,
    number,
    block,
    position,
    design,
    delta: setting.p[deltas[position]!],
    cycles: Array.from({ length: design.lastCycle }, (_, k) => k + 1),
    schools: makeSchools(setting, number, design),
    teachers: [],
    years: [],
    coachYears: [],
    leaderYears: [],
    raters: makeRaters(setting, block),
    rows: emptyRows(),
  };
}

/** Everything that happens cycle by cycle. */
function makeCycles(setting: Setting, district: District): void {
  let expertiseBefore: ReadonlyMap<string, number> = new Map();
  let supportBefore: ReadonlyMap<string, number> = new Map();
  let tiesBefore: ReadonlySet<string> = new Set();
  for (const cycle of district.cycles) {
    const years = district.years[cycle - 1]!;
    const bySchool = new Map<School, TeacherYear[]>(district.schools.map((school) => [school, []]));
    for (const year of years) bySchool.get(year.school)!.push(year);
    const teachersOf = (school: School): readonly TeacherYear[] => bySchool.get(school)!;
    for (const year of years) fillKnowledge(setting, year);
    for (const school of district.schools) makeMeetings(setting, district, school, cycle, teachersOf(school));
    makeCoaching(setting, district, cycle, teachersOf, expertiseBefore);
    tiesBefore = makeNetwork(setting, district, cycle, teachersOf, expertiseBefore, tiesBefore);
    fillPractice(setting, district, years, expertiseBefore, supportBefore);
    const expertise = new Map<string, number>();
    for (const year of years) {
      year.expertise = expertiseOf(setting, makeLessons(setting, district, year), year.vision, year.mkt);
      expertise.set(year.teacher.id, year.expertise);
    }
    for (const { coach, expertise: own } of district.coachYears[cycle - 1]!) expertise.set(coach.id, own);
    pushInterviews(setting, district, cycle);
    expertiseBefore = expertise;
    supportBefore = new Map(years.map((year) => [year.teacher.id, year.support]));
  }
}
