/**
 * What only a simulation knows: true effects, true practice of each teacher-year, and the log of deleted cells.
 */

export const truth = {
  truth_effects: {
    label: "True effects",
    description: "One true effect of one unit.",
    kind: "truth",
    primaryKey: ["level", "id", "effect"],
    columns: {
      level: { type: "nominal", categories: "effect_level", source: ["ours"], description: "The level of the unit." },
      id: { type: "text", source: ["ours"], description: "The unit; the parts of a compound key are separated by a vertical bar." },
      effect: { type: "text", source: ["ours"], description: "The name of the effect." },
      value: { type: "number", source: ["ours"], description: "The effect, on the scale of the linear predictor." },
    },
  },
  truth_teacher_years: {
    label: "True practice of teacher-years",
    description: "One focal teacher-year's true levels of instruction.",
    kind: "truth",
    primaryKey: ["teacher_id", "cycle"],
    foreignKeys: [{ columns: ["teacher_id", "cycle"], references: [{ table: "teacher_years", columns: ["teacher_id", "cycle"] }] }],
    columns: {
      teacher_id: { type: "id", entity: "teacher", source: ["ours"], description: "The teacher." },
      cycle: { type: "integer", range: "cycle", source: ["ours"], description: "The cycle." },
      q_P: { type: "number", label: "True level: potential", source: ["ours"], description: "True level for the potential of tasks." },
      q_M: { type: "number", label: "True level: maintaining", source: ["ours"], description: "True level for maintaining demand." },
      q_D: { type: "number", label: "True level: discussion", source: ["ours"], description: "True level for discussions." },
      slope: { type: "number", unit: "per year", source: ["ours"], description: "The teacher's own deviation from the yearly growth." },
    },
  },
  missing_log: {
    label: "Log of deleted cells",
    description: "One cell that the simulation deleted, or one row where column is an asterisk.",
    kind: "truth",
    primaryKey: ["table", "key", "column"],
    columns: {
      table: { type: "text", source: ["ours"], description: "The table." },
      key: { type: "text", source: ["ours"], description: "The row's primary key, its parts separated by a vertical bar." },
      column: { type: "text", source: ["ours"], description: "The column, or * for the whole row." },
      mechanism: { type: "nominal", categories: "missing_mechanism", source: ["ours"], description: "Why the cell is missing." },
    },
  },
} as const;
