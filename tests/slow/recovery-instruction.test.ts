/** Views of students, maintained demand, discussions, recommendations and practical measures: A3, A4, A5 with A9, A35, A36, A39. */
import { derive as deriveColumns } from "../../src/data/derive.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { derive } from "../../src/mist/derive/derive.js";
import { simulate } from "../../src/mist/simulate/simulate.js";
import { type Finding, findings } from "./findings.js";
import { implied, parameterOf, testsRecovery } from "./recovery.js";

testsRecovery("instruction, recommendations and practical measures", (seed, scale): Finding[] => {
  // Composition acts on views alone, which are predictors of the rest.
  const { tables, truth } = simulate({ preset: "recovery", seed, scale, effects: { composition: true }, student: { include: false } });
  const { lessons, teacher_years, recommendations, responses } = derive(tables, {
    levels: ["lessons", "teacher_years", "recommendations", "responses"],
  }).tables;
  const p = (name: Parameters<typeof parameterOf>[1]): number => parameterOf(truth, name);

  const composition = { p_black_b: 0.54, p_el_b: 0.86 };
  const explanation = clmm(
    "explanation ~ p_black_w + p_black_b + p_latinx_w + p_latinx_b + p_el_w + p_el_b + vision + mkt + district + (1 | school_id) + (1 | teacher_id)",
    teacher_years,
  );
  const adjustment = clmm(
    "adjustment ~ p_black_w + p_black_b + p_latinx_w + p_latinx_b + p_el_w + p_el_b + vision + mkt + district + (1 | school_id) + (1 | teacher_id)",
    teacher_years,
  );

  // The generating model has an effect of the teacher's year: the term that A4 has as an option.
  const maintained = glmm(
    "maintained ~ expl + adj + mkt + vision + district + (1 | school_id) + (1 | teacher_id) + (1 | teacher_id:cycle)",
    lessons,
    { family: "binomial" },
  );

  // A5 and A9 are parts of one generating model, in which a lesson of low potential has nothing to keep.
  const launched = deriveColumns(lessons, { kept: ({ setup_demand_kept }) => (setup_demand_kept ? 1 : 0) });
  const discussion = clmm(
    "discussion_quality ~ setup_context_language + setup_math_language + kept + expl + adj + mkt + vision + district + (1 | school_id) + (1 | teacher_id) + (1 | teacher_id:cycle)",
    launched,
  );
  const discussionTruth = {
    setup_context_languageTRUE: p("beta_context"),
    setup_math_languageTRUE: p("beta_math"),
    kept: p("beta_demand_kept"),
    explunproductive: p("beta_disc_expl_unprod"),
    explproductive: p("beta_disc_expl_prod"),
    adjunproductive: p("beta_disc_adj_unprod"),
    adjproductive: p("beta_disc_adj_prod"),
    mkt: p("beta_disc_mkt"),
    vision: p("beta_disc_vis"),
  };

  const uptake = clmm(
    "uptake ~ aligned_priorities + builds_on_initiative + authorised_by_partner + (1 | district_id:cycle)",
    recommendations,
  );
  // Without the implementing unit, which the generator chooses after the outcome.
  const implementation = clmm("implementation ~ senior_leader_active + implementer_expertise + (1 | district_id:cycle)", recommendations);

  // The two items differ in how easily they are answered favourably.
  const favourable = glmm("favourable ~ item_id + occasion + post_change + (1 | section_id) + (1 | section_id:occasion)", responses, {
    family: "binomial",
  });

  return [
    ...findings("A3 explanation", explanation, implied(truth, "A3"), composition),
    ...findings("A3 adjustment", adjustment, implied(truth, "A3"), composition),
    ...findings("A4 maintained", maintained, implied(truth, "A4"), { explproductive: 0.26, adjproductive: 0.28, mkt: 0.11, vision: 0.14 }),
    ...findings("A5, A9 discussion", discussion, discussionTruth, { kept: 0.14 }),
    ...findings("A35 uptake", uptake, implied(truth, "A35")),
    ...findings("A36 implementation", implementation, implied(truth, "A36")),
    ...findings("A39 practical measures", favourable, {
      item_idtrouble_understanding_peers: p("pm_item2") - p("pm_item1"),
      occasion: p("pm_slope"),
      post_change: p("pm_step"),
    }),
  ];
});
