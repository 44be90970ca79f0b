/**
 * Categories of districts, schools, people and instruction. What a set is stands in ../category-sets.ts.
 */
export const peopleAndInstruction = {
  // ------------------------------------------------------------------------------------------------ districts and schools
  curriculum: {
    label: "Mathematics curriculum",
    ordered: false,
    categories: [
      { value: "inquiry_oriented", label: "Inquiry-oriented" },
      { value: "conventional", label: "Conventional" },
    ],
  },
  framework: {
    label: "Curriculum framework",
    ordered: true,
    lowest: 0,
    categories: [
      { value: "none", label: "None" },
      { value: "pacing_only", label: "Pacing only" },
      { value: "elaborated", label: "Elaborated" },
    ],
  },
  coach_design: {
    label: "How coaching is organised",
    ordered: false,
    categories: [
      { value: "school_half_time", label: "A half-time coach in each school" },
      { value: "cadre_full_time", label: "A full-time cadre that serves several schools" },
      { value: "mixed", label: "Both forms" },
      { value: "none", label: "No mathematics coaches" },
    ],
  },
  tracking: {
    label: "Tracking of mathematics courses",
    ordered: true,
    lowest: 0,
    categories: [
      { value: "tracked", label: "Tracked" },
      { value: "partly", label: "Partly tracked" },
      { value: "detracked", label: "De-tracked" },
    ],
  },
  plan_quality: {
    label: "Quality of a school's improvement plan",
    ordered: true,
    categories: [
      { value: "0", label: "No plan" },
      { value: "1", label: "Generic" },
      { value: "2", label: "Specific to mathematics" },
      { value: "3", label: "Strong enough to drive substantial teacher learning" },
    ],
  },
  // -------------------------------------------------------------------------------------------------------------- people
  race_ethnicity: {
    label: "Race or ethnicity",
    ordered: false,
    categories: [
      { value: "black", label: "Black" },
      { value: "latinx", label: "Latinx" },
      { value: "white", label: "White" },
      { value: "asian", label: "Asian" },
      { value: "other", label: "Other" },
    ],
  },
  gender: {
    label: "Gender",
    ordered: false,
    categories: [
      { value: "f", label: "Female" },
      { value: "m", label: "Male" },
      { value: "x", label: "Another" },
    ],
  },
  home_language: {
    label: "Language at home",
    ordered: false,
    categories: [
      { value: "english", label: "English" },
      { value: "spanish", label: "Spanish" },
      { value: "other", label: "Another language" },
    ],
  },
  entry_status: {
    label: "How the teacher came into the cycle",
    ordered: false,
    categories: [
      { value: "initial", label: "In the first sample" },
      { value: "continuing", label: "Focal before" },
      { value: "replacement", label: "Took the place of a focal teacher who left" },
      { value: "roster_only", label: "On the roster, not focal" },
    ],
  },
  exit_after: {
    label: "Leaving after the cycle",
    ordered: false,
    categories: [
      { value: "none", label: "Stays" },
      { value: "left_school", label: "Left the school" },
      { value: "left_study", label: "Left the study" },
      { value: "end_of_phase", label: "The study left the district" },
    ],
  },
  leader_level: {
    label: "Level of leadership",
    ordered: false,
    categories: [
      { value: "school", label: "School" },
      { value: "district", label: "District" },
    ],
  },
  leader_role: {
    label: "Leader's role",
    ordered: false,
    categories: [
      { value: "principal", label: "Principal" },
      { value: "assistant_principal", label: "Assistant principal" },
      { value: "superintendent", label: "Superintendent" },
      { value: "cao", label: "Chief academic officer" },
      { value: "c_and_i", label: "Curriculum and instruction" },
      { value: "leadership_unit", label: "Leadership unit" },
      { value: "ell_unit", label: "English language learners' unit" },
      { value: "sped_unit", label: "Special education unit" },
      { value: "rea_unit", label: "Research, evaluation and assessment unit" },
      { value: "math_specialist", label: "Mathematics specialist" },
    ],
  },
  staff_role: {
    label: "Role",
    ordered: false,
    includes: ["leader_role"],
    categories: [
      { value: "teacher", label: "Teacher" },
      { value: "coach", label: "Mathematics coach" },
    ],
  },
  orientation: {
    label: "Orientation of leadership",
    ordered: true,
    lowest: 0,
    categories: [
      { value: "management", label: "Managing instruction" },
      { value: "mixed", label: "Mixed" },
      { value: "improvement", label: "Improving instruction" },
    ],
  },
  learning_perspective: {
    label: "View of teachers' learning",
    ordered: true,
    categories: [
      { value: "0", label: "Compliance" },
      { value: "1", label: "Partial" },
      { value: "2", label: "Significant learning that leaders have to support" },
    ],
  },
  demand_of_change: {
    label: "Understanding of what the change demands",
    ordered: true,
    categories: [
      { value: "0", label: "Does not value ambitious instruction, or sees no need for teachers to learn" },
      { value: "1", label: "Knows that teachers need to learn" },
      { value: "2", label: "Knows also that their learning needs sustained support" },
    ],
  },
  facilitation: {
    label: "Depth of facilitation",
    ordered: true,
    categories: [
      { value: "0", label: "No press" },
      { value: "1", label: "Press only" },
      { value: "2", label: "Press, with students' thinking described" },
      { value: "3", label: "Students' thinking linked to instruction and next steps" },
    ],
  },
  feedback_specificity: {
    label: "Specificity of feedback",
    ordered: true,
    categories: [
      { value: "0", label: "None" },
      { value: "1", label: "Generic" },
      { value: "2", label: "A phase of the lesson" },
      { value: "3", label: "A practice that professional development works on" },
    ],
  },
  coach_collaboration: {
    label: "Collaboration of principal and coach",
    ordered: true,
    categories: [
      { value: "0", label: "None of three signs" },
      { value: "1", label: "One of three signs" },
      { value: "2", label: "Two of three signs" },
      { value: "3", label: "All three signs" },
    ],
  },
  task_sort_occasion: {
    label: "Occasion of the task sort",
    ordered: true,
    lowest: 0,
    categories: [
      { value: "pre", label: "Before the sessions" },
      { value: "post", label: "After the sessions" },
    ],
  },
  // --------------------------------------------------------------------------------------------------------- instruction
  course: {
    label: "Course",
    ordered: false,
    categories: [
      { value: "mainstream", label: "Mainstream" },
      { value: "double_dose", label: "Second mathematics period" },
      { value: "advanced", label: "Advanced" },
    ],
  },
  rubric: {
    label: "Rubric level",
    ordered: true,
    categories: [
      { value: "0", label: "0 (absent)" },
      { value: "1", label: "1 (low)" },
      { value: "2", label: "2" },
      { value: "3", label: "3" },
      { value: "4", label: "4 (high)" },
    ],
  },
  mkt_form: {
    label: "Test form",
    ordered: false,
    categories: [
      { value: "A", label: "Form A" },
      { value: "B", label: "Form B" },
      { value: "C", label: "Form C" },
    ],
  },
  interview_role: {
    label: "Interviewed as",
    ordered: false,
    categories: [
      { value: "teacher", label: "Teacher" },
      { value: "coach", label: "Mathematics coach" },
      { value: "school_leader", label: "School leader" },
      { value: "district_leader", label: "District leader" },
    ],
  },
  perspective: {
    label: "View of students' mathematical capabilities",
    ordered: true,
    lowest: -1,
    categories: [
      { value: "unproductive", label: "Unproductive" },
      { value: "mixed", label: "Mixed" },
      { value: "productive", label: "Productive" },
    ],
  },
} as const;
