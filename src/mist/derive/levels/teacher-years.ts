/**
 * Teacher-years: one row a row of the table teacher_years (every teacher on a roster; who is not focal has network measures only),
 * with the columns of the school-year beside them.
 *
 * Keys: teacher_id, cycle; interview_id, filmed_section_id, coach_id and principal_id lead to the sources. `_w` and `_b` are a
 * column's deviation from its mean over the school's rows, and that mean, over all rows of the table.
 */
import { groupMean } from "../../../data/centre.js";
import type { Table } from "../../../data/table.js";
import { beside, type LevelRow, levelTable, orderedFactor, plainFactor } from "../level-table.js";
import { anyTrue, equals } from "../measures/arithmetic.js";
import { base, lagged } from "../measures/occasions.js";
import { perspectiveLevels } from "../measures/perspectives.js";
import { idFactor, keyOf, rowsAt, type Sources, taken, takenIds } from "../sources.js";
import { coachingValues } from "../values/coaching-values.js";
import { compositionValues, type Share } from "../values/composition-values.js";
import { groupValues } from "../values/group-values.js";
import { meetingValues } from "../values/meeting-values.js";
import { networkValues } from "../values/network-values.js";
import { personValues, productive0, schoolDistricts } from "../values/person-values.js";
import { schoolValues } from "../values/school-values.js";
import { teacherValues } from "../values/teacher-values.js";
import { type SchoolYearRow, schoolYears } from "./school-years.js";
import { teacherYearColumns } from "./teacher-year-columns.js";

export type TeacherYearRow = TeacherYearOwnRow & Omit<SchoolYearRow, keyof TeacherYearOwnRow>;

type TeacherYearOwnRow = LevelRow<typeof teacherYearColumns>;

export function teacherYears(sources: Sources): Table<TeacherYearRow> {
  return sources.once("teacher_years", () => {
    const cycles = sources.numbers("teacher_years", "cycle");
    const schoolKeys = Float64Array.from(sources.ids("teacher_years", "school_id"), (school, i) => keyOf(school, cycles[i]!));
    return beside(ownTeacherYears(sources), schoolYears(sources), rowsAt(schoolKeys, schoolValues(sources).index));
  });
}

function ownTeacherYears(sources: Sources): Table<TeacherYearOwnRow> {
  const { choices } = sources;
  const schools = sources.ids("teacher_years", "school_id");
  const cycles = sources.numbers("teacher_years", "cycle");
  const people = personValues(sources);
  const teachers = teacherValues(sources);
  const networks = networkValues(sources);
  const meetings = meetingValues(sources);
  const groups = groupValues(sources);
  const coaching = coachingValues(sources);
  const composition = compositionValues(sources);
  const school = schoolValues(sources);
  const districts = schoolDistricts(sources);
  const schoolFactor = idFactor("school_id", schools, sources.nameOf);
  const schoolYear = rowsAt(
    Float64Array.from(schools, (code, i) => keyOf(code, cycles[i]!)),
    school.index,
  );
  const ofPerson = (column: Float64Array): Float64Array => taken(column, teachers.person);
  const lag = (column: Float64Array): Float64Array => lagged(column, teachers.occasions);
  const first = (column: Float64Array): Float64Array => base(column, teachers.occasions, choices.base);
  const between = (column: Float64Array): Float64Array =>
    groupMean(column, schoolFactor).map((mean, i) => (Number.isNaN(column[i]!) ? Number.NaN : mean));
  const within = (column: Float64Array): Float64Array => {
    const means = between(column);
    return column.map((value, i) => value - means[i]!);
  };
  const interviewRow = takenIds(people.interviewRow, teachers.person);
  const explanation = ofPerson(people.explanation);
  const adjustment = ofPerson(people.adjustment);
  const vision = ofPerson(people.vision);
  const visionHigh = ofPerson(people.visionHigh);
  const mkt = ofPerson(people.mkt);
  const startedProductive = ofPerson(productive0(people, sources));
  const visionHigh0 = first(visionHigh);
  const doseHl = coaching.coTeaching.map((hours, i) => hours + coaching.coachingCycles[i]!);
  const exposure = ofPerson(networks.exposureMean);
  const { shares } = composition;
  const levels = perspectiveLevels(choices.perspectiveReference);
  const perspective = (name: string, codes: Float64Array) =>
    plainFactor(
      name,
      Int32Array.from(codes, (code) => (Number.isNaN(code) ? -1 : levels.indexOf(PERSPECTIVES[code + 1]!))),
      levels,
    );
  const w = (name: Share): Float64Array => within(shares[name]);
  const b = (name: Share): Float64Array => between(shares[name]);
  const rows = {
    teacher_years: null,
    teachers: teachers.teacherRow,
    teacher_surveys: teachers.surveyRow,
  };
  return levelTable(teacherYearColumns, sources, rows, {
    district_id: Int32Array.from(schools, (code) => districts.get(code) ?? -1),
    district: Int32Array.from(schools, (code) => districts.get(code) ?? -1),
    interview_id: takenIds(sources.ids("interviews", "interview_id"), interviewRow),
    filmed_section_id: takenIds(sources.ids("sections", "section_id"), composition.filmedSection),
    coach_id: takenIds(school.coaches, schoolYear),
    yr: teachers.years,
    exp: teachers.experience,
    n_lessons: teachers.lessons,
    high_share: teachers.highShare,
    maint_share: teachers.maintShare,
    discussion_mean: teachers.discussionMean,
    iqa_composite: teachers.composite,
    practice: teachers.composite,
    iqa_composite0: first(teachers.composite),
    lag_iqa_composite: lag(teachers.composite),
    growth: teachers.growth,
    expl: perspective("expl", explanation),
    adj: perspective("adj", adjustment),
    explanation: orderedFactor("explanation", explanation, PERSPECTIVES, -1),
    adjustment: orderedFactor("adjustment", adjustment, PERSPECTIVES, -1),
    expl_score: explanation,
    adj_score: adjustment,
    expl_productive: explanation.map((code) => equals(code, 1)),
    adj_productive: adjustment.map((code) => equals(code, 1)),
    expl_unproductive: explanation.map((code) => equals(code, -1)),
    adj_unproductive: adjustment.map((code) => equals(code, -1)),
    persp_index: ofPerson(people.perspIndex),
    productive: explanation.map((code, i) => anyTrue([equals(code, 1), equals(adjustment[i]!, 1)])),
    productive0: startedProductive,
    both0: visionHigh0.map((flag, i) => (flag === 0 || startedProductive[i] === 0 ? 0 : flag * startedProductive[i]!)),
    role_of_teacher: ofPerson(people.dimensions[0]),
    discourse: ofPerson(people.dimensions[1]),
    tasks: ofPerson(people.dimensions[2]),
    vision,
    vision0: first(vision),
    lag_vision: lag(vision),
    vision_high: visionHigh,
    vision_high0: visionHigh0,
    mkt,
    mkt0: first(mkt),
    lag_mkt: lag(mkt),
    p_black: shares.p_black,
    p_latinx: shares.p_latinx,
    p_white: shares.p_white,
    p_asian: shares.p_asian,
    p_other: shares.p_other,
    p_el: shares.p_el,
    p_frl: shares.p_frl,
    p_black_w: w("p_black"),
    p_black_b: b("p_black"),
    p_latinx_w: w("p_latinx"),
    p_latinx_b: b("p_latinx"),
    p_white_w: w("p_white"),
    p_white_b: b("p_white"),
    p_asian_w: w("p_asian"),
    p_asian_b: b("p_asian"),
    p_other_w: w("p_other"),
    p_other_b: b("p_other"),
    p_el_w: w("p_el"),
    p_el_b: b("p_el"),
    p_frl_w: w("p_frl"),
    p_frl_b: b("p_frl"),
    comp_source: composition.source,
    diversity: composition.diversity,
    dominant_group: composition.dominant,
    expertise: ofPerson(people.expertise),
    lag_expertise: ofPerson(people.lagExpertise),
    n_alters: ofPerson(networks.nAlters),
    isolate: ofPerson(networks.isolate),
    exposure_mean: exposure,
    exposure_max: ofPerson(networks.exposureMax),
    exposure_deep: ofPerson(networks.exposureDeep),
    exposure_sum: ofPerson(networks.exposureSum),
    any_expert: ofPerson(networks.anyExpert),
    exposure_gap: ofPerson(networks.exposureGap),
    exposure_mean_w: within(exposure),
    exposure_mean_b: between(exposure),
    in_degree: ofPerson(networks.inDegree),
    out_degree: ofPerson(networks.outDegree),
    in_degree_share: ofPerson(networks.inDegreeShare),
    out_degree_share: ofPerson(networks.outDegreeShare),
    reciprocity: ofPerson(networks.reciprocity),
    persist: ofPerson(networks.persist),
    deep_share: ofPerson(networks.deepShare),
    n_risk: ofPerson(networks.nRisk),
    mtg_quality: ofPerson(meetings.quality),
    mtg_hours: ofPerson(meetings.hours),
    broker: ofPerson(groups.broker),
    broker_score: ofPerson(groups.score),
    dose_hl: doseHl,
    dose_obs: coaching.observation,
    dose_model: coaching.modelling,
    dose_group: coaching.group,
    dose_co_teaching: coaching.coTeaching,
    dose_coaching_cycle: coaching.coachingCycles,
    dose_hl_w: within(doseHl),
    dose_hl_b: between(doseHl),
    dose_obs_w: within(coaching.observation),
    dose_obs_b: between(coaching.observation),
    pd_hours: coaching.pdHours,
    pd_hours_investigation: coaching.pdInvestigation,
    pd_hours_enactment: coaching.pdEnactment,
    pd_hours_both: coaching.pdBoth,
    press: teachers.press,
    assist: teachers.assist,
    retained: teachers.retained,
  });
}

const PERSPECTIVES: readonly string[] = ["unproductive", "mixed", "productive"];
