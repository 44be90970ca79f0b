/**
 * Who asks whom (A16), on all pairs. The tie of the year before is a response of the same model, and hangs together with the effects of
 * who asks and who is asked; only with the earlier rows in the model, the first cycle's among them, is it a predictor like others
 * (initial conditions: Heckman 1981). So a tie that could not be there before is 0, as in the generating model, the first cycle has an
 * intercept of its own, and expertise that is not recorded (of teachers who are not focal) has one as well.
 */
import { derive as deriveColumns } from "../../src/data/derive.js";
import { glmm } from "../../src/inference/glmm.js";
import { derive } from "../../src/mist/derive/derive.js";
import { simulate } from "../../src/mist/simulate/simulate.js";
import { type Finding, findings } from "./findings.js";
import { parameterOf, testsRecovery } from "./recovery.js";

testsRecovery("networks", (seed, scale): Finding[] => {
  const { tables, truth } = simulate({ preset: "recovery", seed, scale, student: { include: false } });
  const p = (name: Parameters<typeof parameterOf>[1]): number => parameterOf(truth, name);
  const { dyad_years } = derive(tables, {
    levels: ["dyad_years"],
    // Expertise on the scale on which the generator takes it.
    expertiseStandards: {
      iqa: { mean: p("z_practice_mean"), sd: p("z_practice_sd") },
      vision: { mean: p("z_vision_mean"), sd: p("z_vision_sd") },
      mkt: { mean: p("z_mkt_mean"), sd: p("z_mkt_sd") },
    },
  }).tables;
  const pairs = deriveColumns(dyad_years, {
    first_cycle: ({ cycle }) => (cycle === 1 ? 1 : 0),
    lag_tie: ({ lag_tie }) => lag_tie ?? 0,
    ego_unknown: ({ cycle, lag_expertise_ego }) => (cycle !== 1 && lag_expertise_ego === null ? 1 : 0),
    alter_unknown: ({ cycle, alter_role, lag_expertise_alter }) =>
      cycle !== 1 && alter_role !== "administrator" && lag_expertise_alter === null ? 1 : 0,
    lag_expertise_ego: ({ lag_expertise_ego }) => lag_expertise_ego ?? 0,
    lag_expertise_alter: ({ lag_expertise_alter }) => lag_expertise_alter ?? 0,
  });
  const ties = glmm(
    "tie ~ first_cycle + ego_unknown + alter_unknown + alter_role + lag_expertise_alter + lag_expertise_ego + same_grade + same_group + mtg_quality + mtg_hours + lag_tie + (1 | ego_id) + (1 | alter_id) + (1 | school_id)",
    pairs,
    { family: "binomial" },
  );
  return findings(
    "A16 ties",
    ties,
    {
      first_cycle: p("kappa_1") - p("kappa_0"),
      alter_rolecoach: p("kappa_coach"),
      alter_roleadministrator: p("kappa_admin"),
      lag_expertise_alter: p("kappa_exp"),
      lag_expertise_ego: 0,
      same_grade: p("kappa_grade"),
      same_group: 0,
      mtg_quality: p("kappa_mtg"),
      mtg_hours: p("kappa_hours"),
      lag_tie: p("kappa_prev"),
    },
    { lag_expertise_alter: 0.046, mtg_quality: 0.035, mtg_hours: 0.034, lag_tie: 0.07 },
  );
});
