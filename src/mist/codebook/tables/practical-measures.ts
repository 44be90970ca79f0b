/**
 * Practical measures: short questions to students about the lesson, their administrations and answers.
 */

export const practicalMeasures = {
  pm_items: {
    label: "Items of practical measures",
    description: "One question.",
    kind: "observable",
    primaryKey: ["item_id"],
    columns: {
      item_id: { type: "id", entity: "item", source: ["000"], description: "The item." },
      measure: { type: "nominal", categories: "practical_measure", source: ["000"], description: "The measure that the item belongs to." },
      response_type: { type: "nominal", categories: "response_type", source: ["000"], description: "How the item is answered." },
      options: { type: "text", source: ["000"], description: "The codes that may be answered, separated by a vertical bar." },
      favourable: { type: "text", source: ["ours"], description: "The codes that count as favourable, separated by a vertical bar." },
      invented: { type: "boolean", source: ["ours"], description: "Whether the item is a placeholder that no source shows." },
    },
  },
  pm_administrations: {
    label: "Administrations of practical measures",
    description: "One measure given to one section on one day.",
    kind: "observable",
    presence: "observed",
    primaryKey: ["admin_id"],
    uniqueKeys: [["section_id", "measure", "occasion"]],
    foreignKeys: [
      { columns: ["section_id"], references: [{ table: "sections", columns: ["section_id"] }] },
      { columns: ["teacher_id", "cycle"], references: [{ table: "teacher_years", columns: ["teacher_id", "cycle"] }] },
    ],
    columns: {
      admin_id: { type: "id", entity: "administration", source: ["000"], description: "The administration." },
      section_id: { type: "id", entity: "section", source: ["000"], description: "The section." },
      teacher_id: { type: "id", entity: "teacher", source: ["000"], description: "The teacher." },
      cycle: { type: "integer", range: "cycle", source: ["000"], description: "The cycle." },
      date: { type: "date", source: ["000"], description: "The day." },
      occasion: {
        type: "integer",
        range: "ordinal",
        source: ["000"],
        description: "The number of the occasion within the section, from 1.",
      },
      measure: { type: "nominal", categories: "practical_measure", source: ["000"], description: "The measure." },
      minutes: {
        type: "number",
        range: "count",
        plausible: { minimum: 0, maximum: 3 },
        unit: "min",
        source: ["000"],
        description: "How long the students took; three minutes at most by design.",
      },
      change_event: {
        type: "boolean",
        source: ["000"],
        description: "Whether a cycle of professional development ended since the occasion before.",
      },
    },
  },
  // The specification has the student's identifier in place of the respondent's number where answers are linked; here they are two columns.
  pm_responses: {
    label: "Answers to practical measures",
    description: "One answer of one student to one item.",
    kind: "observable",
    presence: "observed",
    primaryKey: ["admin_id", "respondent", "item_id"],
    foreignKeys: [
      { columns: ["admin_id"], references: [{ table: "pm_administrations", columns: ["admin_id"] }] },
      { columns: ["item_id"], references: [{ table: "pm_items", columns: ["item_id"] }] },
      { columns: ["student_id"], references: [{ table: "students", columns: ["student_id"] }] },
    ],
    columns: {
      admin_id: { type: "id", entity: "administration", source: ["000"], description: "The administration." },
      respondent: {
        type: "integer",
        range: "ordinal",
        source: ["000"],
        description: "The number of the respondent within the administration.",
      },
      item_id: { type: "id", entity: "item", source: ["000"], description: "The item." },
      response: { type: "text", null: "item", source: ["000"], description: "The code answered; several are separated by a vertical bar." },
      student_id: {
        type: "id",
        entity: "student",
        null: { when: "anonymous_administration" },
        source: ["000"],
        description: "The student, where answers are linked to students.",
      },
    },
  },
} as const;
