/**
 * Default parameters of the generator. Knowledge, vision and views of students. What a parameter is stands in ../parameters.ts.
 */

export const knowledgeParameters = {
  mkt_mean: { value: -0.2, basis: "assumption", meaning: "Mean of teachers' knowledge on the scale of the norm group" },
  sd_mkt: { value: 0.9, basis: "assumption", meaning: "SD of stable knowledge between teachers" },
  sd_mkt_occasion: { value: 0.35, basis: "assumption", meaning: "SD of a knowledge score about the teacher's level" },
  mkt_trend: { value: 0.03, basis: "assumption", meaning: "Gain in knowledge per year in the study" },
  mkt_se: { value: 0.3, basis: "assumption", meaning: "Mean standard error of a knowledge score" },
  rho_mkt_vision: { value: 0.25, basis: "assumption", meaning: "Correlation of stable knowledge and latent vision" },
  vision_trend: { value: 0.12, basis: "assumption", meaning: "Gain in latent vision per year in the study" },
  vision_loading: { value: 1.6, basis: "assumption", meaning: "Loading of each vision dimension on latent vision" },
  theta_V1: { value: -4.2, basis: "assumption", meaning: "Vision dimensions: threshold between 0 and 1" },
  theta_V2: { value: -1.7, basis: "assumption", meaning: "Vision dimensions: threshold between 1 and 2" },
  theta_V3: { value: 0.6, basis: "assumption", meaning: "Vision dimensions: threshold between 2 and 3" },
  theta_V4: { value: 3.0, basis: "assumption", meaning: "Vision dimensions: threshold between 3 and 4" },
  theta_expl1: {
    value: -1.05,
    basis: "assumption",
    meaning: "Explanations: threshold between unproductive and mixed; keeps unproductive near 28 per cent",
  },
  theta_expl2: {
    value: 1.95,
    basis: "assumption",
    meaning: "Explanations: threshold between mixed and productive; keeps productive near 17 per cent",
  },
  theta_adj1: { value: -0.35, basis: "assumption", meaning: "Adjustments: threshold between unproductive and mixed" },
  theta_adj2: {
    value: 2.0,
    basis: "assumption",
    meaning: "Adjustments: threshold between mixed and productive; keeps productive near 16 per cent",
  },
  sd_a: { value: 1.0, basis: "assumption", meaning: "SD of the teacher's own inclination in explanations and in adjustments" },
  rho_EA: { value: 0.6, basis: "assumption", meaning: "Correlation of the two inclinations" },
  b_blk: { value: -0.8, basis: "assumption", meaning: "Share of Black students in the teacher's sections, on both codes" },
  b_ltx: { value: -0.5, basis: "assumption", meaning: "Share of Latinx students in the teacher's sections, on both codes" },
  b_el: { value: -0.5, basis: "assumption", meaning: "Share of English learners in the teacher's sections, on both codes" },
  b_ev: { value: 0.25, basis: "assumption", meaning: "Vision (less 2), on both codes" },
} as const;
