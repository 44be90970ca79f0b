/**
 * The levels of analysis by name: what a row is, its columns, the tables without which there is none, and how the table is made.
 */
import type { Table } from "../../data/table.js";
import type { TableName } from "../codebook/codebook.js";
import type { LevelColumns } from "./level-table.js";
import { type CoachSchoolYearRow, coachSchoolYearColumns, coachSchoolYears } from "./levels/coach-school-years.js";
import { type DyadYearRow, dyadYearColumns, dyadYears } from "./levels/dyad-years.js";
import { type LeaderYearRow, leaderYearColumns, leaderYears } from "./levels/leader-years.js";
import { type LessonRow, lessonColumns, lessons } from "./levels/lessons.js";
import { type MeetingRow, meetingColumns, meetings } from "./levels/meetings.js";
import { type ObjectYearRow, objectYearColumns, objectYears, type RolePairRow, rolePairColumns, rolePairs } from "./levels/organisation.js";
import { type PersonYearRow, personYearColumns, personYears } from "./levels/person-years.js";
import {
  type ClassOccasionRow,
  classOccasionColumns,
  classOccasions,
  type ResponseRow,
  responseColumns,
  responses,
} from "./levels/practical-measures.js";
import { type RatingRow, ratingColumns, ratings } from "./levels/ratings.js";
import { type RecommendationRow, recommendationColumns, recommendationRows } from "./levels/recommendations.js";
import { type RmtYearRow, rmtYearColumns, rmtYears } from "./levels/rmt-years.js";
import { type SchoolYearRow, schoolYearColumns, schoolYears } from "./levels/school-years.js";
import { type StudentYearRow, studentYearColumns, studentYears } from "./levels/student-years.js";
import { type SupportElementRow, supportElementColumns, supportElements } from "./levels/support-elements.js";
import { type TaskSortRow, taskSortColumns, taskSorts } from "./levels/task-sorts.js";
import { teacherYearColumns } from "./levels/teacher-year-columns.js";
import { type TeacherYearRow, teacherYears } from "./levels/teacher-years.js";
import {
  type DistrictYearRow,
  districtYearColumns,
  districtYears,
  type UnitPairRow,
  unitPairColumns,
  unitPairs,
} from "./levels/unit-pairs.js";
import type { Sources } from "./sources.js";

/** The row type of every level. */
export interface LevelRows {
  readonly lessons: LessonRow;
  readonly ratings: RatingRow;
  readonly teacher_years: TeacherYearRow;
  readonly student_years: StudentYearRow;
  readonly dyad_years: DyadYearRow;
  readonly school_years: SchoolYearRow;
  readonly person_years: PersonYearRow;
  readonly coach_school_years: CoachSchoolYearRow;
  readonly leader_years: LeaderYearRow;
  readonly unit_pairs: UnitPairRow;
  readonly district_years: DistrictYearRow;
  readonly recommendations: RecommendationRow;
  readonly task_sorts: TaskSortRow;
  readonly meetings: MeetingRow;
  readonly responses: ResponseRow;
  readonly class_occasions: ClassOccasionRow;
  readonly support_elements: SupportElementRow;
  readonly object_years: ObjectYearRow;
  readonly role_pairs: RolePairRow;
  readonly rmt_years: RmtYearRow;
}

export type LevelName = keyof LevelRows;

export interface Level<N extends LevelName> {
  /** Tables without which there are no rows: all of them. */
  readonly requires: readonly TableName[];
  /** Tables of which one at least must be there; absent: none. */
  readonly requiresOne?: readonly TableName[];
  /** The level's own columns; those of `beside` follow. */
  readonly columns: LevelColumns;
  /** Levels whose columns stand beside its own. */
  readonly beside: readonly LevelName[];
  /** Columns that name a row. */
  readonly key: readonly string[];
  readonly make: (sources: Sources) => Table<LevelRows[N]>;
}

const NO_LEVELS: readonly LevelName[] = [];
const NO_TABLES: readonly TableName[] = [];

export const levels: { readonly [N in LevelName]: Level<N> } = {
  lessons: { requires: ["lessons"], columns: lessonColumns, beside: ["teacher_years", "school_years"], key: ["lesson_id"], make: lessons },
  ratings: {
    requires: ["iqa_ratings", "lessons"],
    columns: ratingColumns,
    beside: ["teacher_years", "school_years"],
    key: ["lesson_id", "rater_id", "rubric"],
    make: ratings,
  },
  teacher_years: {
    requires: ["teacher_years"],
    columns: teacherYearColumns,
    beside: ["school_years"],
    key: ["teacher_id", "cycle"],
    make: teacherYears,
  },
  student_years: {
    requires: ["student_years"],
    columns: studentYearColumns,
    beside: ["teacher_years", "school_years"],
    key: ["student_id", "cycle"],
    make: studentYears,
  },
  dyad_years: {
    requires: ["network_roster", "network_edges"],
    columns: dyadYearColumns,
    beside: NO_LEVELS,
    key: ["ego_id", "alter_id", "cycle"],
    make: dyadYears,
  },
  school_years: {
    requires: NO_TABLES,
    requiresOne: ["school_years", "teacher_years"],
    columns: schoolYearColumns,
    beside: NO_LEVELS,
    key: ["school_id", "cycle"],
    make: schoolYears,
  },
  person_years: {
    requires: NO_TABLES,
    requiresOne: ["teacher_years", "coach_years", "leader_years", "network_roster"],
    columns: personYearColumns,
    beside: NO_LEVELS,
    key: ["person_id", "cycle"],
    make: personYears,
  },
  coach_school_years: {
    requires: ["coach_assignments"],
    columns: coachSchoolYearColumns,
    beside: ["school_years"],
    key: ["coach_id", "school_id", "cycle"],
    make: coachSchoolYears,
  },
  leader_years: {
    requires: ["leader_years"],
    columns: leaderYearColumns,
    beside: NO_LEVELS,
    key: ["leader_id", "cycle"],
    make: leaderYears,
  },
  unit_pairs: {
    requires: ["leader_years", "leaders"],
    columns: unitPairColumns,
    beside: NO_LEVELS,
    key: ["district_id", "cycle", "unit_a", "unit_b"],
    make: unitPairs,
  },
  district_years: {
    requires: ["teacher_years", "schools"],
    columns: districtYearColumns,
    beside: NO_LEVELS,
    key: ["district_id", "cycle"],
    make: districtYears,
  },
  recommendations: {
    requires: ["recommendations"],
    columns: recommendationColumns,
    beside: NO_LEVELS,
    key: ["rec_id"],
    make: recommendationRows,
  },
  task_sorts: {
    requires: ["leader_task_sorts"],
    columns: taskSortColumns,
    beside: NO_LEVELS,
    key: ["person_id", "occasion"],
    make: taskSorts,
  },
  meetings: { requires: ["collab_meetings"], columns: meetingColumns, beside: NO_LEVELS, key: ["meeting_id"], make: meetings },
  responses: {
    requires: ["pm_responses", "pm_items"],
    columns: responseColumns,
    beside: NO_LEVELS,
    key: ["admin_id", "respondent", "item_id"],
    make: responses,
  },
  class_occasions: {
    requires: ["pm_administrations"],
    columns: classOccasionColumns,
    beside: NO_LEVELS,
    key: ["admin_id"],
    make: classOccasions,
  },
  support_elements: {
    requires: ["support_enactments"],
    columns: supportElementColumns,
    beside: NO_LEVELS,
    key: ["school_id", "cycle", "element"],
    make: supportElements,
  },
  object_years: {
    requires: ["boundary_objects"],
    columns: objectYearColumns,
    beside: NO_LEVELS,
    key: ["object_id", "cycle"],
    make: objectYears,
  },
  role_pairs: {
    requires: ["role_relations"],
    columns: rolePairColumns,
    beside: NO_LEVELS,
    key: ["district_id", "school_id", "cycle", "from_role", "to_role"],
    make: rolePairs,
  },
  rmt_years: { requires: ["rmt_years"], columns: rmtYearColumns, beside: NO_LEVELS, key: ["rmt_person_id", "rmt_year"], make: rmtYears },
};

export function isLevel(name: string): name is LevelName {
  return Object.hasOwn(levels, name);
}

/** The levels in their order. */
export const levelNames: readonly LevelName[] = Object.keys(levels).filter(isLevel);
