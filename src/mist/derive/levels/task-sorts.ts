/**
 * Task sorts: one row a row of the table leader_task_sorts, with discrimination (V28). Keys: person_id, occasion. The role is the
 * person's in the cycle of the experiment, cycle 3: a leader's post, or coach.
 */
import type { Table } from "../../../data/table.js";
import { levelsOf } from "../../codebook/category-sets.js";
import { type LevelRow, levelTable, plainFactor } from "../level-table.js";
import { discrimination } from "../measures/discrimination.js";
import { keyOf, type Sources } from "../sources.js";
import { personValues } from "../values/person-values.js";

export const taskSortColumns = {
  person_id: { type: "id", from: "leader_task_sorts.person_id" },
  occasion: { type: "ordered", from: "leader_task_sorts.occasion" },
  role: { type: "category" },
  n_tasks: { type: "number", from: "leader_task_sorts.n_tasks" },
  n_high: { type: "number", from: "leader_task_sorts.n_high" },
  hits: { type: "number", from: "leader_task_sorts.hits" },
  false_alarms: { type: "number", from: "leader_task_sorts.false_alarms" },
  discrimination: { type: "number", measure: "V28" },
  recognises_features: { type: "number", from: "leader_task_sorts.recognises_features" },
} as const;

export type TaskSortRow = LevelRow<typeof taskSortColumns>;

/** Three half-day sessions from August to October 2009. */
const EXPERIMENT = 3;

export function taskSorts(sources: Sources): Table<TaskSortRow> {
  const people = personValues(sources);
  const { codes, levels } = sources.factor("leader_years", "role");
  const posts: readonly string[] = levelsOf("staff_role");
  const role = Int32Array.from(sources.ids("leader_task_sorts", "person_id"), (person) => {
    const i = people.index.get(keyOf(person, EXPERIMENT)) ?? -1;
    if (i < 0) return -1;
    if (people.coachRow[i]! >= 0) return posts.indexOf("coach");
    return people.leaderRow[i]! < 0 ? -1 : posts.indexOf(levels[codes[people.leaderRow[i]!]!]!);
  });
  const tasks = sources.numbers("leader_task_sorts", "n_tasks");
  const high = sources.numbers("leader_task_sorts", "n_high");
  const hits = sources.numbers("leader_task_sorts", "hits");
  const alarms = sources.numbers("leader_task_sorts", "false_alarms");
  return levelTable(
    taskSortColumns,
    sources,
    { leader_task_sorts: null },
    {
      role: plainFactor("role", role, posts),
      discrimination: tasks.map((n, i) => discrimination(n, high[i]!, hits[i]!, alarms[i]!, sources.choices.discrimination)),
    },
  );
}
