/**
 * Where the codebook's columns come from, and the identifiers of the study.
 */

/** The documents behind a column. "brief" names a column and gives no evidence; "ours" is a decision of this codebook. */
export const sources = {
  "000": "MIST: overview of the project and its findings (slides)",
  "001": "MIST: two-day workshop on mapping backwards from goals for students (slides)",
  "002": "Cobb & Jackson, a theory of action for improving mathematics teaching at scale (article)",
  "003": "Cobb & Smith, on designing schools and districts for improvement in mathematics (chapter, Table 1)",
  "004": "The Responsive Math Teaching network (presentation)",
  brief: "The project's brief",
  ours: "A decision of this codebook",
} as const;

export type SourceTag = keyof typeof sources;

/**
 * Whom or what an identifier names, and the letters that it begins with. Identifiers are opaque and never used again after
 * a unit leaves. `person` stands for teachers, coaches and leaders. An empty prefix asks for none.
 */
export const entities = {
  district: { label: "District", prefixes: ["D"] },
  school: { label: "School", prefixes: ["S"] },
  teacher: { label: "Teacher", prefixes: ["T"] },
  coach: { label: "Coach", prefixes: ["C"] },
  leader: { label: "Leader", prefixes: ["L"] },
  person: { label: "Teacher, coach or leader", prefixes: ["T", "C", "L"] },
  section: { label: "Section (class group)", prefixes: ["G"] },
  lesson: { label: "Lesson", prefixes: ["V"] },
  rater: { label: "Rater or coder", prefixes: ["R"] },
  interview: { label: "Interview", prefixes: ["I"] },
  student: { label: "Student", prefixes: ["U"] },
  recommendation: { label: "Recommendation", prefixes: ["X"] },
  pd_session: { label: "Professional development session", prefixes: ["P"] },
  meeting: { label: "Collaborative meeting", prefixes: ["M"] },
  coaching_event: { label: "Coaching event", prefixes: ["E"] },
  group: { label: "Group", prefixes: ["K"] },
  boundary_object: { label: "Boundary object", prefixes: ["O"] },
  boundary_encounter: { label: "Boundary encounter", prefixes: ["N"] },
  plan: { label: "Improvement plan", prefixes: ["Y"] },
  item: { label: "Item of a practical measure", prefixes: [""] },
  administration: { label: "Administration of a practical measure", prefixes: ["A"] },
  rmt_school: { label: "RMT school", prefixes: [""] },
  rmt_person: { label: "RMT teacher or leader", prefixes: ["H"] },
} as const;

export type EntityName = keyof typeof entities;
