/**
 * Schools' improvement plans on the map from goals backwards: one a school and cycle, with every node of the map.
 */
import { simulateMessages } from "../../messages.js";
import type { Level } from "../codebook/category-sets.js";
import { rounded } from "./draws.js";
import { cycleUnitId } from "./ids.js";
import { levels } from "./levels.js";
import type { Setting } from "./setting.js";
import type { District } from "./state.js";

/** Who answers for each node. */
const owners: Readonly<Record<Level<"plan_node">, Level<"staff_role">>> = {
  student_learning_goals: "principal",
  instructional_vision: "coach",
  teacher_learning_goals: "coach",
  teacher_supports: "coach",
  curriculum_resources: "teacher",
  student_supports: "assistant_principal",
  school_leadership: "principal",
  system_leadership: "c_and_i",
};

const measureOf: Readonly<Partial<Record<Level<"problem_of_practice">, Level<"practical_measure">>>> = {
  task_rigor: "task_rigor",
  launch: "launch",
  discussion: "whole_class",
  participation: "small_group",
};

export function pushImprovementPlans(setting: Setting, district: District): void {
  for (const cycle of district.cycles) {
    for (const school of district.schools) {
      const plan_id = cycleUnitId("Y", district.number, cycle, school.index + 1, 2);
      const stream = setting.stream("improvement_plans", school.id, cycle);
      const problem = levels("problem_of_practice")[stream.categorical([0.2, 0.2, 0.25, 0.15, 0.1, 0.1])]!;
      const version = 1 + stream.integer(2);
      district.rows.improvement_plans.push({ plan_id, school_id: school.id, cycle, problem, version });
      for (const node of levels("plan_node")) pushNode(setting, district, plan_id, cycle, node, problem);
    }
  }
}

function pushNode(
  setting: Setting,
  { rows }: District,
  plan_id: string,
  cycle: number,
  node: Level<"plan_node">,
  problem: Level<"problem_of_practice">,
): void {
  const stream = setting.stream("improvement_plan_nodes", plan_id, node);
  const filled = stream.bernoulli(0.85);
  const baseline = rounded(0.2 + 0.4 * stream.uniform(), 2);
  const target = rounded(Math.min(0.95, baseline + 0.1 + 0.2 * stream.uniform()), 2);
  const measure = node === "instructional_vision" || node === "teacher_learning_goals" ? (measureOf[problem] ?? null) : null;
  const [goal, current_state, gap, indicator] = filled ? simulateMessages.planTexts[node] : [null, null, null, null];
  rows.improvement_plan_nodes.push({
    plan_id,
    node,
    goal,
    current_state,
    gap,
    indicator,
    measure_id: filled ? measure : null,
    baseline: filled && measure !== null ? baseline : null,
    target: filled && measure !== null ? target : null,
    review_cycle: filled ? Math.min(8, cycle + 1) : null,
    owner_role: filled ? owners[node] : null,
  });
}
