/**
 * A district while it is simulated: schools, teachers, coaches and leaders with their true traits, and what happened to each of
 * them in each cycle. Every teacher on a roster has complete scores and lessons here; only those of focal teachers become rows.
 */
import type { Level } from "../codebook/category-sets.js";
import type { StudyRows } from "../codebook/codebook.js";
import type { DistrictDesign } from "./design.js";
import type { StudyRowsByTable } from "./rows.js";

/** Effects on potential, on maintaining demand and on discussion. */
export type Triple = readonly [potential: number, maintaining: number, discussion: number];

export interface School {
  readonly id: string;
  readonly index: number;
  readonly practice: Triple;
  readonly network: number;
  readonly meetings: number;
  readonly achievement: number;
  readonly tracking: Level<"tracking">;
}

export interface Teacher {
  readonly id: string;
  readonly exp: number;
  readonly race: Level<"race_ethnicity">;
  readonly certified: boolean;
  readonly firstCycle: number;
  lastCycle: number;
  /** null until the teacher is focal for the first time. */
  firstFocal: number | null;
  withdrawn: boolean;
  readonly traits: TeacherTraits;
  /** Scores at the first focal cycle. */
  start: { readonly vision: number; readonly mkt: number; readonly productive: boolean } | null;
}

export interface TeacherTraits {
  readonly mkt: number;
  readonly vision: number;
  readonly explanation: number;
  readonly adjustment: number;
  readonly practice: Triple;
  readonly slope: number;
  readonly sender: number;
  readonly receiver: number;
  readonly trust: number;
  readonly achievement: number;
}

/** One teacher on one school's roster in one cycle, filled in step by step. */
export interface TeacherYear {
  readonly teacher: Teacher;
  readonly cycle: number;
  readonly school: School;
  readonly focal: boolean;
  readonly entry: Level<"entry_status">;
  exit: Level<"exit_after">;
  readonly grade: number;
  /** Years since the first focal cycle; 0 before it. */
  readonly yr: number;
  sections: Section[];
  composition: Composition;
  mkt: number;
  mktLatent: number;
  visionLatent: number;
  visionDimensions: readonly [number, number, number];
  vision: number;
  explanation: number;
  adjustment: number;
  explanationEta: number;
  adjustmentEta: number;
  /** Minutes-weighted mean quality of the meetings attended; null where none was attended. */
  meetingQuality: number | null;
  meetingHours: number;
  doseHighLeverage: number;
  doseObserve: number;
  coachExpertise: number | null;
  ties: Tie[];
  /** Mean expertise, a year ago, of those asked; null where none is known. */
  exposure: number | null;
  practice: Triple;
  support: number;
  maintainedShare: number;
  /** Expertise after this cycle: mean of z(practice), z(vision), z(knowledge). */
  expertise: number;
}

export interface Composition {
  readonly black: number;
  readonly latinx: number;
  readonly el: number;
}

export interface Section {
  readonly id: string;
  readonly teacherYear: TeacherYear;
  readonly row: StudyRows["sections"];
  readonly achievement: number;
}

export interface Tie {
  readonly alter: string;
  readonly deep: boolean;
}

export interface Coach {
  readonly id: string;
  readonly skill: number;
  readonly mkt: number;
  readonly vision: number;
  readonly explanation: number;
  readonly adjustment: number;
  readonly hours: number;
  readonly trust: number;
  readonly receiver: number;
}

/** One coach's post in one cycle. */
export interface CoachYear {
  readonly coach: Coach;
  readonly cycle: number;
  readonly schools: readonly School[];
  readonly fte: number;
  readonly row: StudyRows["coach_years"];
  /** As of this cycle. */
  readonly expertise: number;
}

export interface Leader {
  readonly id: string;
  readonly instruction: number;
  readonly vision: number;
  readonly receiver: number;
}

/** One leader's post in one cycle. */
export interface LeaderYear {
  readonly leader: Leader;
  readonly cycle: number;
  readonly role: Level<"leader_role">;
  readonly school: School | null;
  readonly row: StudyRows["leader_years"];
  readonly practices: StudyRows["principal_practices"] | null;
}

/** Everything of one district. */
export interface District {
  readonly id: string;
  /** 1, 2, ... over all blocks. */
  readonly number: number;
  /** 0, 1, ... */
  readonly block: number;
  /** Position within the block, 0-based. */
  readonly position: number;
  readonly design: DistrictDesign;
  readonly delta: number;
  readonly cycles: readonly number[];
  readonly schools: readonly School[];
  readonly teachers: Teacher[];
  /** By cycle - 1, in the order of schools and places. */
  readonly years: TeacherYear[][];
  readonly coachYears: CoachYear[][];
  readonly leaderYears: LeaderYear[][];
  readonly raters: readonly RaterState[];
  readonly rows: StudyRowsByTable;
}

export interface RaterState {
  readonly id: string;
  readonly severity: number;
  readonly row: StudyRows["raters"];
}

/** A school's principal that cycle. */
export function principalOf(district: District, cycle: number, school: School): LeaderYear {
  return district.leaderYears[cycle - 1]!.find((year) => year.role === "principal" && year.school === school)!;
}

/** The coaches who serve a school that cycle, with the school's share of their position. */
export function coachesOf(district: District, cycle: number, school: School): { readonly year: CoachYear; readonly share: number }[] {
  return district.coachYears[cycle - 1]!.filter((year) => year.schools.includes(school)).map((year) => ({
    year,
    share: year.fte / year.schools.length,
  }));
}
