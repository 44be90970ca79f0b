/**
 * Growth of true practice (A10, A11): the levels q of maintaining and of discussion that truth_teacher_years holds.
 *
 *   q = yr (g_yr + g_vis vision0 + g_prod productive0 + g_both vision0 productive0 + g_mkt mkt0) + school + teacher + slope yr + year
 */
import { derive as deriveColumns } from "../../src/data/derive.js";
import { join } from "../../src/data/join.js";
import { lmm } from "../../src/inference/lmm.js";
import { derive } from "../../src/mist/derive/derive.js";
import { simulate } from "../../src/mist/simulate/simulate.js";
import { type Finding, findings } from "./findings.js";
import { parameterOf, testsRecovery } from "./recovery.js";

testsRecovery("growth", (seed, scale): Finding[] => {
  const { tables, truth } = simulate({ preset: "recovery", seed, scale, effects: { growth: true }, student: { include: false } });
  const { teacher_years } = derive(tables, { levels: ["teacher_years"] }).tables;
  const { truth_teacher_years } = tables;
  const practice = join(teacher_years, truth_teacher_years, { on: ["teacher_id", "cycle"], how: "inner" });
  const years = deriveColumns(practice, { vision_2: ({ vision0 }) => (vision0 === null ? null : vision0 - 2) });
  const terms = {
    yr: parameterOf(truth, "gamma_yr"),
    "yr:vision_2": parameterOf(truth, "gamma_vis"),
    "yr:productive0": parameterOf(truth, "gamma_prod"),
    "yr:vision_2:productive0": parameterOf(truth, "gamma_both"),
    "yr:mkt0": parameterOf(truth, "gamma_mkt"),
  };
  const expected = { "yr:vision_2": 0.049, "yr:vision_2:productive0": 0.089, "yr:mkt0": 0.032 };
  const maintaining = lmm(
    "q_M ~ yr + yr:vision_2 + yr:productive0 + yr:vision_2:productive0 + yr:mkt0 + (1 + yr || teacher_id) + (1 | school_id)",
    years,
  );
  const discussion = lmm(
    "q_D ~ yr + yr:vision_2 + yr:productive0 + yr:vision_2:productive0 + yr:mkt0 + (1 + yr || teacher_id) + (1 | school_id)",
    years,
  );
  return [...findings("growth of q_M", maintaining, terms, expected), ...findings("growth of q_D", discussion, terms)];
});
