/**
 * RMT person-years: one row a row of the table rmt_years, with the composites (V41) and those of the year before. Keys:
 * rmt_person_id, rmt_year.
 */
import type { Table } from "../../../data/table.js";
import { type LevelRow, levelTable } from "../level-table.js";
import { lagged, occasions } from "../measures/occasions.js";
import { rmtComposite } from "../measures/rmt.js";
import { indexOf, rowsAt, type Sources } from "../sources.js";

export const rmtYearColumns = {
  rmt_person_id: { type: "id", from: "rmt_years.rmt_person_id" },
  rmt_year: { type: "number", from: "rmt_years.rmt_year" },
  rmt_school: { type: "id", from: "rmt_people.rmt_school" },
  role: { type: "category", from: "rmt_people.role" },
  joined_year: { type: "number", from: "rmt_people.joined_year" },
  model: { type: "category", from: "rmt_years.model" },
  leadership_stage: { type: "ordered", from: "rmt_years.leadership_stage" },
  stage_score: { type: "number" },
  vis_mean: { type: "number", measure: "V41" },
  imp_mean: { type: "number", measure: "V41" },
  lag_vis_mean: { type: "number", measure: "V41" },
  lag_imp_mean: { type: "number", measure: "V41" },
  vis_environment: { type: "ordered", from: "rmt_years.vis_environment" },
  vis_task: { type: "ordered", from: "rmt_years.vis_task" },
  vis_teacher_role: { type: "ordered", from: "rmt_years.vis_teacher_role" },
  vis_student_experience: { type: "ordered", from: "rmt_years.vis_student_experience" },
  vis_equity: { type: "ordered", from: "rmt_years.vis_equity" },
  imp_adapting: { type: "ordered", from: "rmt_years.imp_adapting" },
  imp_sensemaking: { type: "ordered", from: "rmt_years.imp_sensemaking" },
  imp_productive_struggle: { type: "ordered", from: "rmt_years.imp_productive_struggle" },
  imp_discussion: { type: "ordered", from: "rmt_years.imp_discussion" },
  pd_hours: { type: "number", from: "rmt_years.pd_hours" },
  lesson_design_cycles: { type: "number", from: "rmt_years.lesson_design_cycles" },
  sessions_led: { type: "number", from: "rmt_years.sessions_led" },
} as const;

export type RmtYearRow = LevelRow<typeof rmtYearColumns>;

const VISION = ["vis_environment", "vis_task", "vis_teacher_role", "vis_student_experience", "vis_equity"] as const;
const IMPLEMENTATION = ["imp_adapting", "imp_sensemaking", "imp_productive_struggle", "imp_discussion"] as const;

export function rmtYears(sources: Sources): Table<RmtYearRow> {
  const people = sources.ids("rmt_years", "rmt_person_id");
  const time = occasions(people, sources.numbers("rmt_years", "rmt_year"));
  const composite = (names: readonly ((typeof VISION)[number] | (typeof IMPLEMENTATION)[number])[]): Float64Array => {
    const columns = names.map((name) => sources.numbers("rmt_years", name));
    return Float64Array.from(people, (_, i) => rmtComposite(columns.map((column) => column[i]!)));
  };
  const [vision, implementation] = [composite(VISION), composite(IMPLEMENTATION)];
  const personRow = rowsAt(people, indexOf(sources.ids("rmt_people", "rmt_person_id")));
  return levelTable(
    rmtYearColumns,
    sources,
    { rmt_years: null, rmt_people: personRow },
    {
      vis_mean: vision,
      imp_mean: implementation,
      lag_vis_mean: lagged(vision, time),
      lag_imp_mean: lagged(implementation, time),
      stage_score: sources.numbers("rmt_years", "leadership_stage"),
    },
  );
}
