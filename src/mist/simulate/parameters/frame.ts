/**
 * Default parameters of the generator. Who is where: turnover of teachers, coaches and leaders, composition of schools and sections. What a parameter is stands in ../parameters.ts.
 */

export const frameParameters = {
  turnover: { value: 0.22, basis: "assumption", meaning: "Probability that a teacher leaves the school after a cycle" },
  withdraw: { value: 0.05, basis: "assumption", meaning: "Probability that a focal teacher leaves the study after a cycle" },
  mobility: { value: 0.15, basis: "assumption", meaning: "Share of the leavers who reappear in another school of the district" },
  grade_change: { value: 0.15, basis: "assumption", meaning: "Probability that a teacher's main grade changes between cycles" },
  principal_turnover: { value: 0.12, basis: "assumption", meaning: "Probability that a school leader leaves after a cycle" },
  district_leader_turnover: { value: 0.1, basis: "assumption", meaning: "Probability that a district leader leaves after a cycle" },
  coach_turnover: { value: 0.1, basis: "assumption", meaning: "Probability that a coach leaves after a cycle" },
  share_black: { value: 0.4, basis: "assumption", meaning: "Mean share of Black students in a school" },
  share_latinx: { value: 0.3, basis: "assumption", meaning: "Mean share of Latinx students in a school" },
  share_white: { value: 0.18, basis: "assumption", meaning: "Mean share of white students in a school" },
  share_asian: { value: 0.06, basis: "assumption", meaning: "Mean share of Asian students in a school" },
  share_other: { value: 0.06, basis: "assumption", meaning: "Mean share of other students in a school" },
  share_el: { value: 0.2, basis: "assumption", meaning: "Mean share of English learners in a school" },
  share_frl: { value: 0.65, basis: "assumption", meaning: "Mean share of students with free or reduced-price lunch in a school" },
  share_sped: { value: 0.12, basis: "assumption", meaning: "Mean share of students with special education in a school" },
  share_precision: {
    value: 6,
    basis: "assumption",
    meaning: "Precision (a + b) of the beta distribution of the schools' shares by race and ethnicity",
  },
  service_precision: {
    value: 10,
    basis: "assumption",
    meaning: "Precision (a + b) of the beta distribution of the schools' shares by service",
  },
  sd_section_share: { value: 0.08, basis: "assumption", meaning: "SD of a section's share about its school's" },
  sd_year_share: { value: 0.01, basis: "assumption", meaning: "SD of a school's share about its long-run share" },
} as const;
