/**
 * Recommendations to districts with what became of them, and improvement plans on the map from goals backwards.
 */

export const recommendations = {
  recommendations: {
    label: "Recommendations",
    description: "One recommendation made to a district in May of a cycle.",
    kind: "observable",
    primaryKey: ["rec_id"],
    foreignKeys: [
      { columns: ["district_id"], references: [{ table: "districts", columns: ["district_id"] }] },
      { columns: ["cycle"], references: [{ table: "cycles", columns: ["cycle"] }] },
    ],
    columns: {
      rec_id: { type: "id", entity: "recommendation", source: ["000"], description: "The recommendation." },
      district_id: { type: "id", entity: "district", source: ["000"], description: "The district." },
      cycle: { type: "integer", range: "cycle", source: ["000"], description: "The cycle in whose May it was made." },
      element: { type: "nominal", categories: "support_element", source: ["000"], description: "The element of the strategy it concerns." },
      uptake: { type: "ordered", categories: "uptake", source: ["000"], description: "How much of it the next year's plan contains." },
      implementation: {
        type: "ordered",
        categories: "implementation_success",
        null: { when: "not_taken_up" },
        source: ["000"],
        description: "How far its implementation succeeded.",
      },
      aligned_priorities: { type: "boolean", source: ["000"], description: "Whether it was in line with the district's priorities." },
      builds_on_initiative: { type: "boolean", source: ["000"], description: "Whether it built on what the district was already doing." },
      authorised_by_partner: {
        type: "boolean",
        source: ["000"],
        description: "Whether a partner in the district had the authority to act on it.",
      },
      senior_leader_active: {
        type: "boolean",
        null: { when: "not_taken_up" },
        source: ["000"],
        description: "Whether a senior leader took an active part.",
      },
      implementer_expertise: {
        type: "boolean",
        null: { when: "not_taken_up" },
        source: ["000"],
        description: "Whether those who implemented it had the expertise.",
      },
      implementing_unit: {
        type: "nominal",
        categories: "implementing_unit",
        null: { when: "not_taken_up" },
        source: ["000", "002"],
        description: "The unit that implemented it.",
      },
    },
  },
  improvement_plans: {
    label: "Improvement plans",
    description: "One version of a school's improvement plan.",
    kind: "observable",
    primaryKey: ["plan_id"],
    foreignKeys: [{ columns: ["school_id", "cycle"], references: [{ table: "school_years", columns: ["school_id", "cycle"] }] }],
    columns: {
      plan_id: { type: "id", entity: "plan", source: ["001"], description: "The plan." },
      school_id: { type: "id", entity: "school", source: ["001"], description: "The school." },
      cycle: { type: "integer", range: "cycle", source: ["001"], description: "The cycle." },
      problem: {
        type: "nominal",
        categories: "problem_of_practice",
        source: ["001", "ours"],
        description: "The problem of practice that the plan is about.",
      },
      version: { type: "integer", range: "ordinal", source: ["001"], description: "The version of the plan, counted from 1." },
    },
  },
  improvement_plan_nodes: {
    label: "Nodes of improvement plans",
    description: "One node of the backward map of one plan.",
    kind: "observable",
    primaryKey: ["plan_id", "node"],
    foreignKeys: [{ columns: ["plan_id"], references: [{ table: "improvement_plans", columns: ["plan_id"] }] }],
    columns: {
      plan_id: { type: "id", entity: "plan", source: ["001"], description: "The plan." },
      node: { type: "nominal", categories: "plan_node", source: ["001"], description: "The node of the map." },
      goal: { type: "text", maxLength: 280, null: "item", source: ["001"], description: "What should be true." },
      current_state: { type: "text", maxLength: 280, null: "item", source: ["001"], description: "What is seen and heard now." },
      gap: { type: "text", maxLength: 280, null: "item", source: ["001"], description: "The difference, as a demand for learning." },
      indicator: { type: "text", maxLength: 280, null: "item", source: ["001"], description: "How one would know." },
      // Measures are a set of categories here, not a table; the specification calls the column a foreign key.
      measure_id: {
        type: "nominal",
        categories: "practical_measure",
        null: "item",
        source: ["001", "000"],
        description: "The practical measure that serves as indicator.",
      },
      baseline: { type: "number", null: "item", source: ["001", "000"], description: "The measure's value at the beginning." },
      target: { type: "number", null: "item", source: ["001", "000"], description: "The value aimed at." },
      review_cycle: {
        type: "integer",
        range: "cycle",
        null: "item",
        source: ["001", "000"],
        description: "The cycle in which the node is reviewed.",
      },
      owner_role: {
        type: "nominal",
        categories: "staff_role",
        null: "item",
        source: ["001"],
        description: "The role that answers for the node.",
      },
    },
  },
} as const;
