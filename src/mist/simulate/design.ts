/**
 * The design of one block of districts: how many schools, teachers, coaches and leaders each district has and in which cycles it
 * takes part. A scale of k repeats the block k times; nothing within a district ever changes with the scale.
 */
import type { Level } from "../codebook/category-sets.js";
import type { Preset } from "./options.js";

/** One district of the block. */
export interface DistrictDesign {
  readonly studentsServed: number;
  /** The last cycle in which the district takes part. */
  readonly lastCycle: number;
  /** Mathematics teachers on each school's roster. */
  readonly rosterSizes: readonly number[];
  /** Focal teachers of each school in the first cycle. */
  readonly focalSizes: readonly number[];
  /** How many schools, from the first, have an assistant principal among the leaders. */
  readonly assistantPrincipals: number;
  /** The schools (0-based) that each coach serves, the main one first. */
  readonly coaches: readonly (readonly number[])[];
  /** Each coach's share of a full position. */
  readonly coachFte: readonly number[];
  readonly districtRoles: readonly Level<"leader_role">[];
  readonly framework: Level<"framework">;
  readonly coachDesign: Level<"coach_design">;
  readonly formativeAssessment: boolean;
  readonly leaderExperiment: boolean;
  /** Recommendations in May of cycle 1, 2, ...; cycles after the last one have none. */
  readonly recommendations: readonly number[];
}

const eightSchools = { rosterSizes: [10, 10, 10, 9, 9, 9, 9, 9], focalSizes: [4, 4, 4, 4, 4, 4, 3, 3] } as const;
const sevenSchools = { rosterSizes: [11, 11, 11, 11, 11, 10, 10], focalSizes: [5, 5, 4, 4, 4, 4, 4] } as const;

const study: readonly DistrictDesign[] = [
  {
    studentsServed: 110000,
    lastCycle: 8,
    ...eightSchools,
    assistantPrincipals: 0,
    coaches: [[0], [1], [2], [3], [4], [5], [6], [7]],
    coachFte: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    districtRoles: ["cao", "c_and_i", "leadership_unit", "math_specialist"],
    framework: "elaborated",
    coachDesign: "school_half_time",
    formativeAssessment: false,
    leaderExperiment: true,
    recommendations: [8, 8, 8, 9, 8, 8, 8],
  },
  {
    studentsServed: 70000,
    lastCycle: 8,
    ...sevenSchools,
    assistantPrincipals: 3,
    coaches: [
      [0, 1, 2],
      [3, 4, 5, 6],
    ],
    coachFte: [1, 1],
    districtRoles: ["superintendent", "cao", "c_and_i", "leadership_unit", "ell_unit", "sped_unit", "rea_unit", "math_specialist"],
    framework: "elaborated",
    coachDesign: "cadre_full_time",
    formativeAssessment: true,
    leaderExperiment: false,
    recommendations: [8, 8, 8, 9, 8, 8, 8],
  },
  {
    studentsServed: 100000,
    lastCycle: 4,
    ...sevenSchools,
    assistantPrincipals: 0,
    coaches: [[0], [1], [2], [3, 4], [5, 6]],
    coachFte: [0.5, 0.5, 0.5, 1, 1],
    districtRoles: ["superintendent", "cao", "c_and_i", "leadership_unit", "ell_unit", "sped_unit", "rea_unit", "math_specialist"],
    framework: "pacing_only",
    coachDesign: "mixed",
    formativeAssessment: false,
    leaderExperiment: false,
    recommendations: [8, 8, 8],
  },
  {
    studentsServed: 80000,
    lastCycle: 4,
    ...eightSchools,
    assistantPrincipals: 2,
    coaches: [
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ],
    coachFte: [1, 1, 0.5, 0.5],
    districtRoles: ["cao", "c_and_i", "leadership_unit", "ell_unit", "rea_unit", "math_specialist"],
    framework: "none",
    coachDesign: "mixed",
    formativeAssessment: false,
    leaderExperiment: false,
    recommendations: [8, 8, 8],
  },
];

const threeSchools = { rosterSizes: [5, 5, 5], focalSizes: [3, 3, 2], assistantPrincipals: 0 } as const;

/** Two small districts, for tests. */
const tiny: readonly DistrictDesign[] = [
  {
    ...study[0]!,
    ...threeSchools,
    coaches: [[0], [1], [2]],
    coachFte: [0.5, 0.5, 0.5],
    districtRoles: ["c_and_i", "leadership_unit", "math_specialist"],
  },
  {
    ...study[3]!,
    ...threeSchools,
    coaches: [[0, 1, 2]],
    coachFte: [1],
    districtRoles: ["c_and_i", "leadership_unit", "math_specialist"],
  },
];

/** The districts of one block. */
export function blockDesign(preset: Preset): readonly DistrictDesign[] {
  return preset === "tiny" ? tiny : study;
}

/** Leaders and coaches who took part in the leadership experiment. */
export const experimentParticipants = 80;
