/**
 * Categories of professional learning, networks and the lived organisation. What a set is stands in ../category-sets.ts.
 */
export const supports = {
  // ------------------------------------------------------------------------------------------------ professional learning
  audience: {
    label: "Audience",
    ordered: false,
    categories: [
      { value: "teachers", label: "Teachers" },
      { value: "coaches", label: "Coaches" },
      { value: "leaders", label: "Leaders" },
      { value: "coaches_and_leaders", label: "Coaches and leaders" },
      { value: "mixed", label: "Teachers with others" },
    ],
  },
  pedagogy: {
    label: "Pedagogy of the session",
    ordered: false,
    categories: [
      { value: "investigation", label: "Investigation of practice" },
      { value: "enactment", label: "Enactment of practice" },
      { value: "both", label: "Both" },
      { value: "neither", label: "Neither" },
    ],
  },
  focal_practice: {
    label: "Focal practice",
    ordered: false,
    categories: [
      { value: "launch", label: "Launching a task" },
      { value: "discussion", label: "Concluding discussion" },
      { value: "task_selection", label: "Choosing tasks" },
      { value: "student_work", label: "Students' work" },
      { value: "framework", label: "Using the curriculum framework" },
      { value: "other", label: "Other" },
    ],
  },
  interaction_depth: {
    label: "Depth of interaction",
    ordered: true,
    categories: [
      { value: "0", label: "No press" },
      { value: "1", label: "On what was done" },
      { value: "2", label: "On students' thinking" },
      { value: "3", label: "On thinking and what it means for instruction" },
    ],
  },
  meeting_quality: {
    label: "Quality of the meeting",
    ordered: true,
    lowest: 0,
    categories: [
      { value: "logistics", label: "Logistics" },
      { value: "sharing", label: "Sharing" },
      { value: "one_strand", label: "One strand" },
      { value: "two_strands", label: "Two strands" },
      { value: "connected", label: "Goals, thinking and instruction connected" },
    ],
  },
  expert_facilitation: {
    label: "Expertise of facilitation",
    ordered: true,
    categories: [
      { value: "0", label: "No facilitator" },
      { value: "1", label: "A facilitator without particular expertise" },
      { value: "2", label: "An expert facilitator" },
    ],
  },
  group_activity: {
    label: "Work with a group",
    ordered: false,
    categories: [
      { value: "doing_math", label: "Doing mathematics" },
      { value: "student_work", label: "Looking at students' work" },
      { value: "video", label: "Watching video of lessons" },
      { value: "lesson_study", label: "Lesson study" },
    ],
  },
  one_on_one_activity: {
    label: "Work with one teacher",
    ordered: false,
    categories: [
      { value: "modelling", label: "Modelling a lesson" },
      { value: "co_teaching", label: "Co-teaching" },
      { value: "observe_feedback", label: "Observing and giving feedback" },
      { value: "coaching_cycle", label: "A coaching cycle" },
    ],
  },
  coaching_activity: { label: "Coaching activity", ordered: false, includes: ["one_on_one_activity", "group_activity"], categories: [] },
  meeting_activity: {
    label: "Main activity of the meeting",
    ordered: false,
    includes: ["group_activity"],
    categories: [
      { value: "rehearsal", label: "Rehearsing a lesson" },
      { value: "debrief", label: "Talking over a lesson taught" },
      { value: "planning", label: "Planning" },
      { value: "data_review", label: "Looking at test data" },
      { value: "other", label: "Other" },
    ],
  },
  coaching_mode: {
    label: "Mode of coaching",
    ordered: false,
    categories: [
      { value: "one_on_one", label: "With one teacher" },
      { value: "group", label: "With a group" },
    ],
  },
  // ------------------------------------------------------------------------------------ networks and the lived organisation
  roster_role: {
    label: "Role on the network roster",
    ordered: false,
    categories: [
      { value: "teacher", label: "Teacher" },
      { value: "coach", label: "Mathematics coach" },
      { value: "administrator", label: "School administrator" },
      { value: "district", label: "District staff" },
    ],
  },
  tie_frequency: {
    label: "How often advice is sought",
    ordered: true,
    lowest: 1,
    categories: [
      { value: "few_times_year", label: "A few times a year" },
      { value: "monthly", label: "Monthly" },
      { value: "few_times_month", label: "A few times a month" },
      { value: "weekly", label: "Weekly" },
      { value: "daily", label: "Daily" },
    ],
  },
  depth: {
    label: "Depth",
    ordered: true,
    lowest: 0,
    categories: [
      { value: "low", label: "Surface, materials or pacing" },
      { value: "high", label: "Mathematics, pedagogy or students' reasoning" },
    ],
  },
  support_element: {
    label: "Element of the strategy",
    ordered: false,
    categories: [
      { value: "pull_out_pd", label: "Professional development outside school" },
      { value: "collaboration", label: "Collaboration of teachers" },
      { value: "coaching", label: "Coaching" },
      { value: "networks", label: "Teacher networks" },
      { value: "curriculum", label: "Curriculum materials and tools" },
      { value: "assessment", label: "Assessments" },
      { value: "student_supports", label: "Supports for struggling students" },
      { value: "school_leadership", label: "School leadership" },
      { value: "district_leadership", label: "District leadership" },
    ],
  },
  dose_unit: {
    label: "Unit of the dose",
    ordered: false,
    categories: [
      { value: "hours_per_teacher_year", label: "Hours per teacher and year" },
      { value: "meetings_per_month", label: "Meetings per month" },
      { value: "sessions_per_year", label: "Sessions per year" },
      { value: "hours_per_week", label: "Hours per week" },
      { value: "share_of_schools", label: "Share of schools" },
    ],
  },
  support_function: {
    label: "What the support is used for",
    ordered: false,
    categories: [
      { value: "co_teach", label: "Teaching together" },
      { value: "observe_feedback", label: "Observing and giving feedback" },
      { value: "lead_groups", label: "Leading groups of teachers" },
      { value: "tutoring", label: "Tutoring students" },
      { value: "materials", label: "Providing materials" },
      { value: "data_review", label: "Going through test data" },
      { value: "other", label: "Other" },
    ],
  },
  enacted_quality: {
    label: "Quality of the support as enacted",
    ordered: true,
    categories: [
      { value: "0", label: "Absent" },
      { value: "1", label: "Weak" },
      { value: "2", label: "Adequate" },
      { value: "3", label: "Strong" },
    ],
  },
  gap_reason: {
    label: "Reason for the difference between plan and enactment",
    ordered: false,
    categories: [
      { value: "role_understanding", label: "The role was understood differently" },
      { value: "capacity", label: "Expertise was lacking" },
      { value: "time", label: "Time was lacking" },
      { value: "competing_demand", label: "Other demands competed" },
      { value: "selection", label: "People were chosen by other criteria" },
      { value: "pd_quality", label: "Preparation was weak" },
    ],
  },
  group_type: {
    label: "Type of group",
    ordered: false,
    categories: [
      { value: "math_team", label: "Mathematics team of a school" },
      { value: "school_admin", label: "School administration" },
      { value: "c_and_i", label: "Curriculum and instruction" },
      { value: "leadership_unit", label: "Leadership unit" },
      { value: "ell_unit", label: "English language learners' unit" },
      { value: "sped_unit", label: "Special education unit" },
      { value: "rea_unit", label: "Research, evaluation and assessment unit" },
      { value: "network", label: "Network" },
      { value: "partnership", label: "Partnership of researchers and district" },
    ],
  },
  centrality: {
    label: "Place in the group",
    ordered: true,
    lowest: 0,
    categories: [
      { value: "peripheral", label: "Peripheral" },
      { value: "full", label: "Full member" },
    ],
  },
  object_type: {
    label: "Type of boundary object",
    ordered: false,
    categories: [
      { value: "standards", label: "Standards" },
      { value: "test_scores", label: "Test scores" },
      { value: "curriculum_framework", label: "Curriculum framework" },
      { value: "formative_assessment", label: "Formative assessment" },
      { value: "student_work", label: "Students' work" },
      { value: "observation_form", label: "Observation form" },
    ],
  },
  object_function: {
    label: "What the object does for the group",
    ordered: false,
    categories: [
      { value: "agenda", label: "Sets an agenda" },
      { value: "visibility", label: "Makes practice visible" },
      { value: "teaching", label: "Is used in teaching" },
    ],
  },
  object_meaning: {
    label: "What the object means to the group",
    ordered: false,
    categories: [
      { value: "compliance", label: "Compliance" },
      { value: "pacing", label: "Pacing" },
      { value: "monitoring", label: "Monitoring" },
      { value: "inquiry_into_thinking", label: "Inquiry into students' thinking" },
      { value: "instructional_improvement", label: "Improving instruction" },
    ],
  },
  encounter_activity: {
    label: "What the encounter is about",
    ordered: false,
    categories: [
      { value: "coordination", label: "Coordinating work" },
      { value: "reporting", label: "Reporting" },
      { value: "planning", label: "Planning together" },
      { value: "observation", label: "Observing classrooms together" },
      { value: "student_work", label: "Looking at students' work" },
      { value: "other", label: "Other" },
    ],
  },
  role_relation: {
    label: "Relation between roles",
    ordered: false,
    categories: [
      { value: "accountability", label: "Holding to account" },
      { value: "assistance", label: "Assisting" },
    ],
  },
  relation_focus: {
    label: "What the relation is about",
    ordered: false,
    categories: [
      { value: "test_scores", label: "Test scores" },
      { value: "compliance", label: "Compliance" },
      { value: "conceptual_press", label: "Press for conceptual understanding" },
      { value: "ambitious_practice", label: "Ambitious practice" },
      { value: "leadership_support", label: "Support of leadership" },
      { value: "material_resources", label: "Material resources" },
    ],
  },
  relation_strength: {
    label: "Strength of the relation",
    ordered: true,
    categories: [
      { value: "0", label: "Absent" },
      { value: "1", label: "Weak" },
      { value: "2", label: "Moderate" },
      { value: "3", label: "Strong" },
    ],
  },
} as const;
