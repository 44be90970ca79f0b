/**
 * Categories of students, recommendations, plans, practical measures, the RMT network and the truth files. What a set is stands in ../category-sets.ts.
 */
export const studentsAndPlans = {
  // ------------------------------------------------------------------------ students, recommendations, practical measures
  link_role: {
    label: "Why the student is linked to the section",
    ordered: false,
    categories: [
      { value: "main", label: "Main mathematics class" },
      { value: "double_dose", label: "Second mathematics period" },
      { value: "moved_in", label: "Moved in during the year" },
      { value: "moved_out", label: "Moved out during the year" },
    ],
  },
  uptake: {
    label: "Uptake of the recommendation",
    ordered: true,
    lowest: 0,
    categories: [
      { value: "not", label: "Not taken up" },
      { value: "partial", label: "Some aspects" },
      { value: "complete", label: "All aspects" },
    ],
  },
  implementation_success: {
    label: "Implementation of the recommendation",
    ordered: true,
    lowest: 0,
    categories: [
      { value: "unsuccessful", label: "Unsuccessful" },
      { value: "partial", label: "Partly successful" },
      { value: "successful", label: "Successful" },
    ],
  },
  implementing_unit: {
    label: "Unit that implements",
    ordered: false,
    categories: [
      { value: "math_department", label: "Mathematics department" },
      { value: "leadership_unit", label: "Leadership unit" },
      { value: "ell_unit", label: "English language learners' unit" },
      { value: "sped_unit", label: "Special education unit" },
      { value: "rea_unit", label: "Research, evaluation and assessment unit" },
      { value: "schools", label: "Schools" },
      { value: "other", label: "Other" },
    ],
  },
  problem_of_practice: {
    label: "Problem of practice",
    ordered: false,
    categories: [
      { value: "task_rigor", label: "Rigor of tasks" },
      { value: "launch", label: "Launching tasks" },
      { value: "discussion", label: "Concluding discussions" },
      { value: "participation", label: "Participation of all students" },
      { value: "leadership", label: "Leadership for instruction" },
      { value: "other", label: "Other" },
    ],
  },
  plan_node: {
    label: "Node of the backward map",
    ordered: false,
    categories: [
      { value: "student_learning_goals", label: "Goals for student learning" },
      { value: "instructional_vision", label: "Vision of instruction implied" },
      { value: "teacher_learning_goals", label: "Goals for teacher learning" },
      { value: "teacher_supports", label: "Supports for teachers" },
      { value: "curriculum_resources", label: "Curriculum resources" },
      { value: "student_supports", label: "Supplemental supports for students" },
      { value: "school_leadership", label: "School leadership" },
      { value: "system_leadership", label: "System leadership" },
    ],
  },
  practical_measure: {
    label: "Practical measure",
    ordered: false,
    categories: [
      { value: "small_group", label: "Small-group work" },
      { value: "whole_class", label: "Whole-class discussion" },
      { value: "launch", label: "Launch of the task" },
      { value: "task_rigor", label: "Rigor of the task" },
    ],
  },
  response_type: {
    label: "Type of answer",
    ordered: false,
    categories: [
      { value: "single", label: "One option" },
      { value: "multi", label: "Any number of options" },
      { value: "binary", label: "Yes or no" },
      { value: "ord4", label: "Four ordered options" },
    ],
  },
  // ------------------------------------------------------------------------------------------------------------- RMT network
  rmt_role: {
    label: "Role in the network",
    ordered: false,
    categories: [
      { value: "teacher", label: "Teacher" },
      { value: "math_lead", label: "Mathematics lead" },
      { value: "school_leader", label: "School leader" },
    ],
  },
  rmt_model: {
    label: "The network year's model",
    ordered: false,
    categories: [
      { value: "experience", label: "Experience" },
      { value: "teach", label: "Teach" },
      { value: "lead", label: "Lead" },
      { value: "scale_up", label: "Scale up" },
    ],
  },
  rmt_stage: {
    label: "Stage of leadership",
    ordered: true,
    lowest: 0,
    categories: [
      { value: "participant", label: "Participant" },
      { value: "implementer", label: "Implementer" },
      { value: "apprentice_leader", label: "Apprentice leader" },
      { value: "network_leader", label: "Network leader" },
    ],
  },
  rmt_level: {
    label: "Level of growth",
    ordered: true,
    categories: [
      { value: "0", label: "Not yet seen" },
      { value: "1", label: "Beginning" },
      { value: "2", label: "Developing" },
      { value: "3", label: "Established" },
    ],
  },
  // ---------------------------------------------------------------------------------------------------------- simulated truth
  effect_level: {
    label: "Level of a true effect",
    ordered: false,
    categories: [
      { value: "district", label: "District" },
      { value: "school", label: "School" },
      { value: "teacher", label: "Teacher" },
      { value: "teacher_year", label: "Teacher-year" },
      { value: "section", label: "Section" },
      { value: "student", label: "Student" },
      { value: "coach", label: "Coach" },
      { value: "leader", label: "Leader" },
      { value: "rater", label: "Rater" },
    ],
  },
  missing_mechanism: {
    label: "Why the cell is missing",
    ordered: false,
    categories: [
      { value: "mcar", label: "Completely at random" },
      { value: "mar", label: "At random given what is observed" },
      { value: "mnar", label: "Depending on the value itself" },
      { value: "design", label: "By design" },
      { value: "attrition", label: "The unit left" },
    ],
  },
} as const;
